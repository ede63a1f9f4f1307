//! Links that people or programs put beside an issue, to pull requests among others.

use ::http::StatusCode;
use serde::Deserialize;

use super::super::inquiry::Setback;
use super::{Jira, Key, version};
use crate::domain::lookup::Trouble;
use crate::domain::ticket::TicketId;

#[derive(Debug, Deserialize)]
struct RemoteLink {
    object: Option<RemoteObject>,
}

#[derive(Debug, Deserialize)]
struct RemoteObject {
    url: Option<String>,
}

impl Jira {
    /// Where the links beside an issue lead. None where Jira has none to tell: for an issue that is away by now, and for a
    /// site that has them switched off.
    ///
    /// # Errors
    /// When Jira could not be asked.
    pub(in crate::trackers) async fn links(&self, ticket: &TicketId) -> Result<Vec<String>, Trouble> {
        let Some(key) = Key::of(ticket) else { return Ok(Vec::new()) };
        let trouble = |setback: Setback| setback.trouble;
        let flavor = self.flavor().await.map_err(trouble)?;
        let path = ["rest", "api", version(flavor), "issue", &key.to_string(), "remotelink"];
        let reply = self.line.get(&path, &[]).await.map_err(trouble)?;
        let none = matches!(reply.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN) && !reply.is_limit();
        if none && reply.complaint().is_some() {
            return Ok(Vec::new());
        }
        if let Some(refusal) = reply.refusal() {
            return Err(refusal);
        }
        let links: Vec<RemoteLink> = reply.json()?;
        Ok(links.into_iter().filter_map(|link| link.object?.url).collect())
    }
}
