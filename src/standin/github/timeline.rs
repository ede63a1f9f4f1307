//! A ticket's timeline as REST tells it, a page of it.

use serde_json::{Value, json};

use super::super::server::{Answer, Request};
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
    let parameter =
        |name: &str, default: usize| request.parameter(name).and_then(|n| n.parse().ok()).unwrap_or(default);
    let (page, per_page) = (parameter("page", 1).max(1), parameter("per_page", 30).clamp(1, 100));
    let items = items(state, repo, number, ticket, base);
    let last = items.len().div_ceil(per_page).max(1);
    let shown: Vec<Value> = items.into_iter().skip((page - 1) * per_page).take(per_page).collect();
    let answer = Answer::json(200, &Value::Array(shown));
    if page >= last {
        return answer;
    }
    let at = |page: usize| {
        format!("<{base}/repositories/{}/issues/{number}/timeline?per_page={per_page}&page={page}>", repo.id)
    };
    answer.with("link", &format!("{}; rel=\"next\", {}; rel=\"last\"", at(page + 1), at(last)))
}

fn items(state: &State, repo: &Repo, number: u64, ticket: &Ticket, base: &str) -> Vec<Value> {
    let url = format!("{base}/repos/{}", repo.full_name());
    let page = shapes::html_url(repo, number, ticket);
    let mut items: Vec<(super::Moment, Value)> = Vec::new();
    for (id, remark) in (1..).zip(&ticket.story.remarks) {
        let author = shapes::user(&remark.by, base);
        let comment = json!({
            "event": "commented", "id": id, "node_id": format!("IC_{id}"), "url": format!("{url}/issues/comments/{id}"),
            "html_url": format!("{page}#issuecomment-{id}"), "issue_url": format!("{url}/issues/{number}"),
            "actor": author, "user": author, "author_association": "MEMBER", "body": remark.text,
            "created_at": shapes::time(remark.at), "updated_at": shapes::time(remark.at),
            "performed_via_github_app": null,
        });
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
