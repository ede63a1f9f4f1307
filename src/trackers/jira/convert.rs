//! From Jira's words to ours.

use serde_json::Value;

use super::times::moment;
use super::wire::{Issue, Link};
use super::{Jira, Key};
use crate::domain::details::Details;
use crate::domain::ticket::{Ticket, TicketId, TicketKind};

/// The one status category that means "closed". Its name is translated, its key is not.
const DONE: &str = "done";

impl Jira {
    /// What an issue tells. `Err` names the key, where there is one, of an issue that lacks what a ticket needs.
    pub(super) fn read(&self, issue: Value) -> Result<Ticket, Option<Key>> {
        let key = issue.get("key").and_then(Value::as_str).and_then(Key::read);
        match (serde_json::from_value::<Issue>(issue), key) {
            (Ok(issue), Some(key)) => self.ticket(&key, issue).ok_or(Some(key)),
            (_, key) => Err(key),
        }
    }

    fn ticket(&self, key: &Key, issue: Issue) -> Option<Ticket> {
        let fields = issue.fields?;
        let status = fields.status?;
        let category = status.status_category?.key?.to_ascii_lowercase();
        let closed = category == DONE;
        let at = |value: &Option<Value>| value.as_ref().and_then(moment);
        // Some workflows set no resolution, and with it no date; Cloud tells when the category changed last.
        let closed_at = at(&fields.resolutiondate).or_else(|| at(&fields.statuscategorychangedate));
        Some(Ticket {
            id: TicketId::jira(self.id.clone(), &key.project, key.number),
            native_id: issue.id,
            url: format!("{}/browse/{key}", self.site.as_str().trim_end_matches('/')),
            kind: TicketKind::Issue,
            title: fields.summary.unwrap_or_default(),
            closed,
            state: status.name.unwrap_or_else(|| category.clone()),
            status_category: Some(category),
            reason: fields.resolution.and_then(|resolution| resolution.name).filter(|_| closed),
            merged: None,
            created_at: at(&fields.created),
            updated_at: at(&fields.updated),
            closed_at: closed_at.filter(|_| closed),
            closed_by: None,
            duplicate_of: fields.issuelinks.iter().flatten().find_map(|link| self.original(link)),
            details: Details::default(),
        })
    }

    /// The ticket that this one duplicates: on the duplicate, the link leads outward.
    fn original(&self, link: &Link) -> Option<TicketId> {
        let outward = link.kind.as_ref()?.outward.as_deref()?;
        let key = Key::read(link.outward_issue.as_ref()?.key.as_deref()?)?;
        outward.eq_ignore_ascii_case("duplicates").then(|| TicketId::jira(self.id.clone(), &key.project, key.number))
    }
}
