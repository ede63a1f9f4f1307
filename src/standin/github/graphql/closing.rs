//! What surrounds a closing, as the objects of GitHub's schema. Another ticket stands there as a pointer to it.

use serde_json::{Value, json};

use super::super::story::{Closer, Happening, Name, What};
use super::super::{Repo, Ticket, shapes};

/// The property that holds a pointer to a ticket: repository and number.
pub(super) const POINTER: &str = "*ticket";

/// One field of a ticket that surrounds its closing; connections whole, as if asked for without bounds.
pub(super) fn field(repo: &Repo, number: u64, ticket: &Ticket, name: &str) -> Option<Value> {
    let story = &ticket.story;
    let merging = ticket.closed.as_ref().filter(|closing| closing.merged);
    let remarks = || {
        let page = shapes::html_url(repo, number, ticket);
        let remarks = (1_u64..).zip(&story.remarks);
        remarks.map(move |(id, said)| (said.at, remark(said, &format!("{page}#issuecomment-{id}"))))
    };
    Some(match name {
        "body" => json!(story.body),
        "author" => actor(&ticket.author),
        "authorAssociation" => json!(association(ticket)),
        "milestone" => json!(story.milestone.as_ref().map(|title| json!({"__typename": "Milestone", "title": title}))),
        "labels" => connection(story.labels.iter().map(|name| json!({"__typename": "Label", "name": name}))),
        "assignees" => connection(story.assignee.iter().map(|login| actor(login))),
        "duplicateOf" => json!(story.original.as_ref().map(pointer)),
        "subIssues" => connection(story.sub_issues.iter().map(pointer)),
        "closedByPullRequestsReferences" => connection(story.closers.iter().map(pointer)),
        "comments" => connection(remarks().map(|(_, remark)| remark)),
        "timelineItems" => {
            let happenings = story.happenings.iter().map(|happening| (happening.at, item(repo, ticket, happening)));
            let mut items: Vec<_> = happenings.chain(remarks()).collect();
            items.sort_by_key(|(at, _)| *at);
            connection(items.into_iter().map(|(_, item)| item))
        }
        "mergedBy" => json!(merging.map(|closing| actor(&closing.by))),
        "mergeCommit" => json!(merging.map(|_| merge_commit(ticket))),
        _ => return None,
    })
}

/// What its author is to the project.
pub(super) fn association(ticket: &Ticket) -> &str {
    ticket.story.association.as_deref().unwrap_or("MEMBER")
}

fn connection(nodes: impl Iterator<Item = Value>) -> Value {
    let nodes: Vec<Value> = nodes.collect();
    json!({"totalCount": nodes.len(), "nodes": nodes})
}

fn actor(login: &str) -> Value {
    match login.strip_suffix("[bot]") {
        Some(bot) => json!({"__typename": "Bot", "login": bot}),
        None => json!({"__typename": "User", "login": login}),
    }
}

fn pointer((repo, number): &Name) -> Value {
    json!({POINTER: [repo, number]})
}

fn remark(remark: &super::super::story::Remark, url: &str) -> Value {
    json!({
        "__typename": "IssueComment", "author": actor(&remark.by), "authorAssociation": "MEMBER",
        "createdAt": shapes::time(remark.at), "body": remark.text, "url": url,
    })
}

fn merge_commit(ticket: &Ticket) -> Value {
    json!({"__typename": "Commit", "oid": format!("{:040x}", ticket.id), "messageHeadline": format!("Merge {}", ticket.title)})
}

fn item(repo: &Repo, ticket: &Ticket, happening: &Happening) -> Value {
    let (kind, more) = match &happening.what {
        What::Closed { reason, closer } => {
            let closer = match closer {
                None => Value::Null,
                Some(Closer::Pull(name)) => pointer(name),
                Some(Closer::Commit(oid)) => json!({"__typename": "Commit", "oid": oid, "messageHeadline": "Fixes it"}),
            };
            let reason = reason.as_ref().map(|reason| reason.to_ascii_uppercase());
            ("ClosedEvent", json!({"stateReason": reason, "closer": closer}))
        }
        What::Reopened => ("ReopenedEvent", json!({"stateReason": "REOPENED"})),
        What::Merged => ("MergedEvent", json!({"commit": merge_commit(ticket)})),
        What::Duplicate { of } => ("MarkedAsDuplicateEvent", json!({"canonical": pointer(of)})),
        What::Converted { discussion } => {
            let url = format!("https://github.com/{}/discussions/{discussion}", repo.full_name());
            ("ConvertedToDiscussionEvent", json!({"discussion": {"__typename": "Discussion", "url": url}}))
        }
        What::CrossReferenced { from, closes } => {
            ("CrossReferencedEvent", json!({"source": pointer(from), "willCloseTarget": closes}))
        }
        What::Referenced { commit, headline } => {
            ("ReferencedEvent", json!({"commit": {"__typename": "Commit", "oid": commit, "messageHeadline": headline}}))
        }
    };
    let mut item = json!({"__typename": kind, "actor": actor(&happening.by), "createdAt": shapes::time(happening.at)});
    for (name, value) in more.as_object().into_iter().flatten() {
        item[name] = value.clone();
    }
    item
}

/// A type's name as the timeline's filter has it: `ClosedEvent` is `CLOSED_EVENT`.
pub(super) fn item_type(typename: &str) -> String {
    let mut name = String::new();
    for letter in typename.chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}
