//! A ticket's timeline as REST tells it, a page of it.

use serde_json::{Value, json};

use super::super::server::{Answer, Request};
use super::paging::Page;
use super::story::{Closer, What};
use super::{Entry, Repo, State, Ticket, shapes};

/// A page of the timeline, oldest first.
pub(super) fn answer(
    state: &State,
    repo: &Repo,
    (number, ticket): (u64, &Ticket),
    request: &Request,
    base: &str,
) -> Answer {
    let items = items(state, repo, number, ticket, base);
    let (page, all) = (Page::asked_for(request), items.len());
    let answer = Answer::json(200, &page.of(items).collect());
    let address = format!("{base}/repositories/{}/issues/{number}/timeline", repo.id);
    if page.goes_on(all) { page.linked(answer, request, &address, all) } else { answer }
}

fn items(state: &State, repo: &Repo, number: u64, ticket: &Ticket, base: &str) -> Vec<Value> {
    let url = format!("{base}/repos/{}", repo.full_name());
    let mut items: Vec<(super::Moment, Value)> = Vec::new();
    for (nth, remark) in (0..).zip(&ticket.story.remarks) {
        let mut comment = shapes::comment(repo, (number, ticket), (nth, remark), base);
        comment["event"] = json!("commented");
        comment["actor"] = comment["user"].clone();
        items.push((remark.at, comment));
    }
    for (id, happening) in (1..).zip(&ticket.story.happenings) {
        let (event, more) = match &happening.what {
            What::Closed { reason, closer } => {
                let commit = match closer {
                    Some(Closer::Commit(commit)) => Some(commit),
                    _ => None,
                };
                ("closed", json!({"state_reason": reason, "commit_id": commit}))
            }
            What::Reopened => ("reopened", json!({"state_reason": "reopened"})),
            What::Merged => ("merged", json!({"commit_id": format!("{:040x}", ticket.id)})),
            What::Duplicate { .. } => ("marked_as_duplicate", json!({})),
            What::Converted { .. } => ("converted_to_discussion", json!({})),
            What::Referenced { commit, .. } => ("referenced", json!({"commit_id": commit})),
            What::CrossReferenced { from, .. } => {
                let at = shapes::time(happening.at);
                let source = source(state, from, base);
                let event = json!({
                    "event": "cross-referenced", "actor": shapes::user(&happening.by, base), "created_at": at,
                    "updated_at": at, "source": {"type": "issue", "issue": source},
                });
                items.push((happening.at, event));
                continue;
            }
        };
        let mut item = json!({
            "id": id, "node_id": format!("TE_{id}"), "url": format!("{url}/issues/events/{id}"),
            "actor": shapes::user(&happening.by, base), "event": event, "commit_id": null, "commit_url": null,
            "created_at": shapes::time(happening.at), "performed_via_github_app": null,
        });
        for (name, value) in more.as_object().into_iter().flatten() {
            item[name] = value.clone();
        }
        if let Some(commit) = item["commit_id"].as_str() {
            item["commit_url"] = json!(format!("{url}/commits/{commit}"));
        }
        items.push((happening.at, item));
    }
    items.sort_by_key(|(at, _)| *at);
    items.into_iter().map(|(_, item)| item).collect()
}

/// The ticket that mentions this one, with its repository.
fn source(state: &State, (repo, number): &super::story::Name, base: &str) -> Value {
    let Some(repo) = state.repos.get(&repo.to_ascii_lowercase()) else { return Value::Null };
    let Some(Entry::Ticket(ticket)) = repo.entries.get(number) else { return Value::Null };
    let mut issue = shapes::issue(repo, *number, ticket, base);
    issue["repository"] = shapes::repository(repo, base);
    issue
}
