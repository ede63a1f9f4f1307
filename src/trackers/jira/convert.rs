//! From Jira's words to ours.

use serde_json::Value;

use super::document::plain;
use super::times::moment;
use super::wire::{Category, Fields, Issue, Link, Linked, Named, Person, Remark};
use super::{Jira, Key};
use crate::domain::details::{Comment, Details, FixVersion, IssueLink, Subtask};
use crate::domain::ticket::{Ticket, TicketId, TicketKind};
use crate::domain::time::Moment;

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
        let status = fields.status.as_ref()?;
        let category = status.status_category.as_ref()?;
        let (closed, category) = (category.is_done(), category.key.as_ref()?.to_ascii_lowercase());
        let at = |value: &Option<Value>| value.as_ref().and_then(moment);
        // Some workflows set no resolution, and with it no date; Cloud tells when the category changed last.
        let closed_at = at(&fields.resolutiondate).or_else(|| at(&fields.statuscategorychangedate));
        let closed_at = closed_at.filter(|_| closed);
        let url = format!("{}/browse/{key}", self.site.as_str().trim_end_matches('/'));
        let details = details(&fields, closed_at, &url);
        Some(Ticket {
            id: TicketId::jira(self.id.clone(), &key.project, key.number),
            native_id: issue.id,
            url,
            kind: TicketKind::Issue,
            title: fields.summary.unwrap_or_default(),
            closed,
            state: status.name.clone().unwrap_or_else(|| category.clone()),
            status_category: Some(category),
            reason: fields.resolution.and_then(|resolution| resolution.name).filter(|_| closed),
            merged: None,
            created_at: at(&fields.created),
            updated_at: at(&fields.updated),
            closed_at,
            closed_by: None,
            duplicate_of: fields.issuelinks.iter().flatten().find_map(|link| self.original(link)),
            details,
        })
    }

    /// The ticket that this one duplicates: on the duplicate, the link leads outward.
    fn original(&self, link: &Link) -> Option<TicketId> {
        let outward = link.kind.as_ref()?.outward.as_deref()?;
        let key = Key::read(link.outward_issue.as_ref()?.key.as_deref()?)?;
        outward.eq_ignore_ascii_case("duplicates").then(|| TicketId::jira(self.id.clone(), &key.project, key.number))
    }
}

/// The most that is kept of a description, in characters.
const DESCRIPTION: usize = 4000;
/// The most that is kept of a comment.
const COMMENT: usize = 1200;
/// How many comments are kept from up to the closing, from right after it, and from the end: what was said of the closing
/// stands around it, and what takes it back may come last.
pub(super) const BEFORE: usize = 12;
pub(super) const AFTER: usize = 5;
const LAST: usize = 5;

/// What surrounds a closing, but for the way there.
fn details(fields: &Fields, closed_at: Option<Moment>, page: &str) -> Details {
    let remarks: Vec<&Remark> = fields.comment.iter().flat_map(|page| page.comments.iter().flatten()).collect();
    let comment_count = fields.comment.as_ref().and_then(|page| page.total);
    let comments_cut = comment_count.is_some_and(|all| all > remarks.len() as u64);
    let remarks = around(remarks, closed_at, |remark| remark.created.as_ref().and_then(moment));
    let mut details = Details {
        body: fields.description.as_ref().and_then(|text| beginning(&plain(text), DESCRIPTION)),
        author: fields.reporter.as_ref().and_then(person),
        assignee: fields.assignee.as_ref().and_then(person),
        issue_type: named(fields.issuetype.as_ref()),
        labels: fields.labels.clone().unwrap_or_default(),
        comment_count,
        comments: remarks.into_iter().map(|remark| comment(remark, closed_at, page)).collect(),
        comments_cut,
        fix_versions: fields
            .fix_versions
            .iter()
            .flatten()
            .filter_map(|version| Some(FixVersion { name: version.name.clone()?, released: version.released }))
            .collect(),
        issue_links: fields.issuelinks.iter().flatten().filter_map(link).collect(),
        subtasks: fields.subtasks.iter().flatten().filter_map(subtask).collect(),
        ..Details::default()
    };
    details.mentions = super::mentions::of(&details);
    details
}

/// The comments around a closing, and the last ones; `at` tells when each was made.
pub(super) fn around<T>(comments: Vec<T>, closed_at: Option<Moment>, at: impl Fn(&T) -> Option<Moment>) -> Vec<T> {
    let up_to = |closed: Moment| comments.partition_point(|comment| at(comment).is_none_or(|at| at <= closed));
    let closing = closed_at.map_or(comments.len(), up_to);
    let last = comments.len().saturating_sub(LAST);
    let kept = |nth: usize| (closing.saturating_sub(BEFORE)..closing + AFTER).contains(&nth) || nth >= last;
    comments.into_iter().enumerate().filter(|(nth, _)| kept(*nth)).map(|(_, comment)| comment).collect()
}

fn beginning(text: &str, most: usize) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.chars().take(most).collect())
}

/// A person as Jira shows them; failing that, the account's own name.
pub(super) fn person(person: &Person) -> Option<String> {
    [&person.display_name, &person.name, &person.account_id].into_iter().find_map(Clone::clone)
}

fn named(named: Option<&Named>) -> Option<String> {
    named.and_then(|named| named.name.clone())
}

pub(super) fn comment(remark: &Remark, closed_at: Option<Moment>, page: &str) -> Comment {
    let at = remark.created.as_ref().and_then(moment);
    Comment {
        author: remark.author.as_ref().and_then(person),
        association: None,
        at,
        text: remark.body.as_ref().and_then(|body| beginning(&plain(body), COMMENT)).unwrap_or_default(),
        // The link that Jira's own pages give to a comment.
        url: remark.id.as_ref().map(|id| format!("{page}?focusedCommentId={id}")),
        bot: remark.author.as_ref().is_some_and(|author| author.account_type.as_deref() == Some("app")),
        after_close: at.zip(closed_at).is_some_and(|(at, closed)| at > closed),
    }
}

/// A link in the words that hold for this ticket: those of the end that it stands at.
fn link(link: &Link) -> Option<IssueLink> {
    let words = link.kind.as_ref()?;
    let (relation, other) = match (&link.outward_issue, &link.inward_issue) {
        (Some(other), _) => (&words.outward, other),
        (None, Some(other)) => (&words.inward, other),
        (None, None) => return None,
    };
    let fields = other.fields.as_ref();
    Some(IssueLink {
        relation: relation.clone()?,
        key: other.key.clone()?,
        status: fields.and_then(|fields| fields.status.as_ref()?.name.clone()),
        resolution: fields.and_then(|fields| named(fields.resolution.as_ref())),
    })
}

fn subtask(other: &Linked) -> Option<Subtask> {
    let status = other.fields.as_ref().and_then(|fields| fields.status.as_ref());
    let category = status.and_then(|status| status.status_category.as_ref());
    Some(Subtask {
        key: other.key.clone()?,
        status: status.and_then(|status| status.name.clone()),
        closed: category.map(Category::is_done),
    })
}
