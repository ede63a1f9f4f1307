//! Ticket records: one ticket with all that a file tells of it, as a line of JSON, into what judging works on.
//!
//! The shape is documented in `docs/judge.md`. Whatever a record leaves out is not known, and never evidence; whatever
//! else stands in it is passed over.

mod moments;
mod shape;
mod state;
#[cfg(test)]
mod tests;

use crate::domain::details::{Boxes, Comment, Details, Event, FixVersion, IssueLink, Mention, Subtask};
use crate::domain::known::KnownTicket;
use crate::domain::lookup::LookupKind;
use crate::domain::ticket::{NotATicketId, Ticket, TicketId, TicketKey, TicketKind};
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerKind;

use moments::moment;
use shape::Record;

/// Why a line is no record.
#[derive(Debug, thiserror::Error)]
pub enum NotARecord {
    /// Not a JSON object, or a field of the wrong type.
    #[error("not a ticket record: {0}")]
    Malformed(String),
    /// No id that could be read.
    #[error("not a ticket record: its `id` is {0}")]
    Id(#[from] NotATicketId),
    /// The id belongs to another tracker than the record says.
    #[error("not a ticket record: its `id` is of {id}, its `tracker` is `{said}`")]
    Tracker {
        /// The tracker that the id names.
        id: TrackerKind,
        /// What the record says.
        said: String,
    },
}

/// Reads one record from one line of JSON. What tells nothing of its state is a ticket that nobody asked for.
///
/// # Errors
/// When the line is not a JSON object of the documented shape with the id of a ticket. A date that cannot be read is
/// taken as not told.
pub fn record(line: &str) -> Result<KnownTicket, NotARecord> {
    if !line.trim_start().starts_with('{') {
        return Err(NotARecord::Malformed("no JSON object".to_owned()));
    }
    let record: Record = serde_json::from_str(line).map_err(|error| NotARecord::Malformed(cause(&error)))?;
    let id: TicketId = record.id.parse()?;
    let kind = id.tracker().kind();
    if let Some(said) = record.tracker.as_deref().filter(|said| !said.eq_ignore_ascii_case(&kind.to_string())) {
        return Err(NotARecord::Tracker { id: kind, said: said.to_owned() });
    }
    let Some(closed) = state::closed(&record, kind) else {
        // Whatever else it tells, nobody can say whether it is open.
        return Ok(KnownTicket { lookup_says: Some("no state told".to_owned()), ..KnownTicket::unasked(id) });
    };
    let facts = ticket(record, id.clone(), closed);
    Ok(KnownTicket {
        facts: Some(Box::new(facts)),
        proven: Some(LookupKind::Found),
        lookup: LookupKind::Found,
        lookup_says: None,
        ..KnownTicket::unasked(id)
    })
}

/// The parser's words. The line is the caller's to name; its own count starts anew with each record.
fn cause(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let what = said.split(" at line ").next().unwrap_or(&said);
    format!("{what}, at column {}", error.column())
}

fn ticket(record: Record, id: TicketId, closed: bool) -> Ticket {
    let tracker = id.tracker().kind();
    let merged = state::merged(&record);
    let events: Vec<Event> = record.events.into_iter().map(event).collect();
    let last_closed = events.iter().filter(|event| event.kind == "closed").max_by_key(|event| event.at);
    let (state, reason) = match tracker {
        TrackerKind::GitHub => (record.state.unwrap_or_default().to_ascii_lowercase(), record.state_reason),
        TrackerKind::Jira => (record.status.unwrap_or_default(), record.resolution),
    };
    let told = [record.closed_at, record.resolutiondate, record.merged_at];
    let closed_at = told
        .iter()
        .flatten()
        .find_map(|text| moment(text))
        .or_else(|| last_closed.and_then(|event| event.at))
        .filter(|_| closed);
    let closed_by = record.closed_by.or_else(|| last_closed.and_then(|event| event.actor.clone()));
    let details = Details {
        closing: None,
        body: record.body_excerpt,
        author: record.author,
        author_association: record.author_association,
        assignee: record.assignee,
        issue_type: record.issuetype,
        labels: record.labels,
        milestone: record.milestone,
        boxes: record.boxes.map(|boxes| Boxes { checked: boxes.checked, unchecked: boxes.unchecked }),
        comment_count: record.comment_count,
        comments_cut: false,
        comments: in_order(record.comments.into_iter().map(comment).collect(), |comment| comment.at),
        events: in_order(events, |event| event.at),
        mentions: in_order(record.links.into_iter().map(mention).collect(), |mention| mention.at),
        fix_versions: record.fix_versions.into_iter().map(fix_version).collect(),
        issue_links: record.issuelinks.into_iter().map(issue_link).collect(),
        subtasks: record.subtasks.into_iter().map(subtask).collect(),
    };
    Ticket {
        native_id: None,
        url: record.source_url.unwrap_or_else(|| link(&id)),
        kind: record.kind.filter(|kind| kind == "pull").map_or(TicketKind::Issue, |_| TicketKind::Pull),
        title: record.title.unwrap_or_default(),
        closed,
        state,
        status_category: record.status_category,
        reason,
        merged,
        created_at: record.created_at.as_deref().and_then(moment),
        updated_at: record.updated_at.as_deref().and_then(moment),
        closed_at,
        closed_by: closed_by.filter(|_| closed),
        duplicate_of: None,
        details,
        id,
    }
}

/// Oldest first. Undated ones keep the order of the record, which is all that is known of theirs.
fn in_order<T>(mut items: Vec<T>, at: impl Fn(&T) -> Option<Moment>) -> Vec<T> {
    if items.iter().all(|item| at(item).is_some()) {
        items.sort_by_key(|item| at(item));
    }
    items
}

fn comment(told: shape::Comment) -> Comment {
    Comment {
        author: told.author,
        association: told.author_association,
        at: told.date.as_deref().and_then(moment),
        text: told.excerpt.unwrap_or_default(),
        url: None,
        bot: told.bot.unwrap_or_default(),
        after_close: told.after_close.unwrap_or_default(),
    }
}

fn event(told: shape::Event) -> Event {
    Event {
        kind: told.event.unwrap_or_default(),
        actor: told.actor,
        at: told.date.as_deref().and_then(moment),
        commit: told.commit,
        pull: told.pull,
        reason: told.state_reason.map(|reason| reason.to_ascii_lowercase()),
        value: told.value.or(told.label),
    }
}

fn mention(told: shape::Link) -> Mention {
    Mention {
        kind: told.kind.unwrap_or_default(),
        what: told.what.unwrap_or_default(),
        seen_in: told.from.unwrap_or_default(),
        event: told.event,
        actor: told.actor,
        at: told.date.as_deref().and_then(moment),
        title: told.title,
        state: told.state.map(|state| state.to_ascii_lowercase()),
        closed_at: told.closed_at.as_deref().and_then(moment),
        after_close: told.after_close.unwrap_or_default(),
    }
}

fn fix_version(told: shape::FixVersion) -> FixVersion {
    FixVersion { name: told.name.unwrap_or_default(), released: told.released }
}

fn issue_link(told: shape::IssueLink) -> IssueLink {
    IssueLink {
        relation: told.relation.unwrap_or_default(),
        key: told.key.unwrap_or_default(),
        status: told.status,
        resolution: told.target_resolution,
    }
}

fn subtask(told: shape::Subtask) -> Subtask {
    Subtask { key: told.key.unwrap_or_default(), status: told.status, closed: told.closed }
}

/// The link that a person would open, for records that carry none. Jira's site is not known.
fn link(id: &TicketId) -> String {
    match id.key() {
        TicketKey::GitHub { owner, repo, number } => format!("https://github.com/{owner}/{repo}/issues/{number}"),
        key @ TicketKey::Jira { .. } => key.to_string(),
    }
}
