//! The line to one service that holds documents: what is shown to whom, and how patient we are.

use ::http::Method;
use serde_json::Value;
use url::Url;

use crate::domain::lookup::Trouble;
use crate::domain::tracker::Credential;
use crate::http::{AT_ONCE, Call, Client, Gate, Pass, PassError, Reply, Weight};

/// In percent: what is left of a quota to others, such as whoever asks for tickets with the same credential.
const RESERVE: u8 = 10;

/// The line to one service.
#[derive(Debug)]
pub(super) struct Line {
    api: Url,
    pass: Pass,
    gate: Gate,
    scope: &'static str,
    http: Client,
}

impl Line {
    /// A line to what is below `api`, to whose origin alone the credential is shown. Its requests count on the quota
    /// `scope`.
    pub(super) fn new(
        api: &Url,
        credential: &Credential,
        scope: &'static str,
        http: &Client,
    ) -> Result<Self, PassError> {
        // An app's tokens are its tracker's alone, so here nobody is named.
        let shown = if matches!(credential, Credential::App { .. }) { &Credential::Anonymous } else { credential };
        Ok(Self {
            api: api.clone(),
            pass: Pass::new(shown, api)?,
            gate: http.gates().gate(api, shown, RESERVE, AT_ONCE),
            scope,
            http: http.clone(),
        })
    }

    /// The answer at a path below the service's own. A redirect, a refusal and 304 are answers.
    pub(super) async fn get(&self, path: &[&str], query: &[(&str, &str)], tag: Option<&str>) -> Result<Reply, Trouble> {
        let url = self.url(path, query);
        self.ask(&Call { method: Method::GET, url, json: None, pass: &self.pass, tag }).await
    }

    /// The answer to a document put at a path below the service's own. It may be sent twice, where nobody knows whether the
    /// first one arrived.
    pub(super) async fn put(&self, path: &[&str], json: &Value) -> Result<Reply, Trouble> {
        let url = self.url(path, &[]);
        self.ask(&Call { method: Method::PUT, url, json: Some(json), pass: &self.pass, tag: None }).await
    }

    async fn ask(&self, call: &Call<'_>) -> Result<Reply, Trouble> {
        self.http.persist(Weight::Light, (&self.gate, self.scope), || self.http.exchange(call)).await
    }

    fn url(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.api.clone();
        url.set_query(None);
        url.path_segments_mut().expect("the address was checked to have a host").pop_if_empty().extend(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }
}
