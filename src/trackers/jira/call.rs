//! Jira on the line.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use ::http::Method;
use chrono::TimeDelta;
use serde_json::Value;
use tokio::time::Instant;
use url::Url;

use super::super::inquiry::Setback;
use crate::domain::lookup::{Trouble, TroubleKind};
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerSettings;
use crate::http::{AT_ONCE, Call, Client, Gate, Pass, Reply, WHOLE, Weight};

/// The line to one Jira.
#[derive(Debug)]
pub(super) struct Line {
    api: Url,
    pass: Pass,
    http: Client,
    pub(super) gate: Gate,
    requests: AtomicU64,
    /// The date of the last reply that had one, and when that came.
    dated: Mutex<Option<(Moment, Instant)>>,
}

impl Line {
    pub(super) fn new(settings: &TrackerSettings, pass: Pass, http: Client) -> Self {
        let TrackerSettings { api_url, credential, reserve, .. } = settings;
        let gate = http.gates().gate(api_url, credential, *reserve, AT_ONCE);
        Self { api: api_url.clone(), pass, http, gate, requests: AtomicU64::new(0), dated: Mutex::default() }
    }

    /// How many requests were made.
    pub(super) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// What time it is there, as the last reply said.
    pub(super) fn time(&self) -> Option<Moment> {
        let (date, came) = (*self.dated.lock().unwrap_or_else(PoisonError::into_inner))?;
        Some(date + TimeDelta::from_std(came.elapsed()).ok()?)
    }

    /// Whether no credentials are shown.
    pub(super) fn is_anonymous(&self) -> bool {
        self.pass.is_anonymous()
    }

    /// Asks for what is at a path below `api_url`. A redirect is a reply.
    pub(super) async fn get(&self, path: &[&str], query: &[(&str, &str)]) -> Result<Reply, Setback> {
        let mut url = self.url(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        self.ask(&Call { method: Method::GET, url, json: None, pass: &self.pass, tag: None }).await
    }

    /// Asks by sending a question along; nothing is changed by it.
    pub(super) async fn post(&self, path: &[&str], json: &Value) -> Result<Reply, Setback> {
        self.ask(&Call { method: Method::POST, url: self.url(path), json: Some(json), pass: &self.pass, tag: None })
            .await
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.api.clone();
        url.set_query(None);
        url.path_segments_mut().expect("the address was checked to have a host").pop_if_empty().extend(path);
        url
    }

    async fn ask(&self, call: &Call<'_>) -> Result<Reply, Setback> {
        let attempt = || {
            self.requests.fetch_add(1, Ordering::Relaxed);
            self.http.exchange(call)
        };
        let reply = self.http.persist(Weight::Light, (&self.gate, WHOLE), attempt).await.map_err(Setback::whole)?;
        if let Some(date) = reply.sent() {
            *self.dated.lock().unwrap_or_else(PoisonError::into_inner) = Some((date, Instant::now()));
        }
        // Jira may answer refused credentials as it answers a stranger, and say so in this header only.
        let login = reply.header("x-seraph-loginreason").unwrap_or_default();
        if !self.pass.is_anonymous()
            && ["AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED"].iter().any(|no| login.contains(no))
        {
            let says = format!("{} refused the credentials ({login})", reply.asked());
            return Err(Setback::whole(Trouble { kind: TroubleKind::Credentials, says }));
        }
        Ok(reply)
    }
}
