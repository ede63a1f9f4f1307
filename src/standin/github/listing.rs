//! Listings of a repository's issues: sorted, from a moment on, page by page, with a tag that stands for the page.

use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::super::server::{Answer, Request};
use super::paging::Page;
use super::{Entry, Moment, Repo, Ticket, shapes};

/// How listings misbehave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Habit {
    /// They don't.
    #[default]
    Honest,
    /// Whatever page is asked for, the one from the beginning comes, and says that there is a next one.
    Repeats,
    /// The last page, too, says that there is a next one.
    AlwaysMore,
    /// Every page is full, and says that there is a next one.
    Endless,
}

/// A page of issues; GitHub's own order is the newest first.
pub(super) fn answer(repo: &Repo, request: &Request, base: &str, habit: Habit) -> Answer {
    let page = Page::asked_for(request);
    let mut issues = wanted(repo, request, habit);
    if request.parameter("sort") == Some("updated") {
        issues.sort_by_key(|(number, ticket)| (ticket.updated_at, *number));
    }
    if request.parameter("direction") != Some("asc") {
        issues.reverse();
    }
    let told: Vec<Value> =
        page.of(&issues).map(|(number, ticket)| shapes::issue(repo, *number, ticket, base)).collect();
    let told = if habit == Habit::Endless { endless(told, request) } else { told };
    let more = habit != Habit::Honest || page.goes_on(issues.len());
    let body = Value::Array(told);
    let tag = tag(&body, request);
    let mut answer = if request.header("if-none-match") == Some(&tag) {
        let mut unchanged = Answer::json(304, &Value::Null);
        unchanged.body.clear();
        unchanged
    } else {
        Answer::json(200, &body)
    };
    if more {
        let address = format!("{base}/repositories/{}/issues", repo.id);
        answer = page.linked(answer, request, &address, issues.len());
    }
    answer.with("etag", &tag)
}

fn wanted<'a>(repo: &'a Repo, request: &Request, habit: Habit) -> Vec<(u64, &'a Ticket)> {
    let state = request.parameter("state").unwrap_or("open");
    let since: Option<Moment> = request.parameter("since").and_then(|since| since.parse().ok());
    let since = since.filter(|_| habit != Habit::Repeats);
    let tickets = repo.entries.iter().filter_map(|(number, entry)| match entry {
        Entry::Ticket(ticket) => Some((*number, ticket)),
        Entry::Transferred { .. } | Entry::Deleted => None,
    });
    tickets
        .filter(|(_, ticket)| state == "all" || (state == "open") == ticket.closed.is_none())
        .filter(|(_, ticket)| since.is_none_or(|since| ticket.updated_at >= since))
        .collect()
}

/// A full page that goes on from where it was asked for.
fn endless(told: Vec<Value>, request: &Request) -> Vec<Value> {
    let since: Moment = request.parameter("since").and_then(|since| since.parse().ok()).unwrap_or_default();
    let Some(one) = told.into_iter().next() else { return Vec::new() };
    let made_up = |n: i32| {
        let mut issue = one.clone();
        let at = since + TimeDelta::minutes(n.into());
        issue["number"] = json!(1_000_000_i64 + at.timestamp() % 1_000_000);
        issue["updated_at"] = json!(at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
        issue
    };
    (1..=100).map(made_up).collect()
}

/// Stands for the page and for who asks: another token gets another tag for the same page.
fn tag(body: &Value, request: &Request) -> String {
    let mut hasher = DefaultHasher::new();
    body.to_string().hash(&mut hasher);
    request.header("authorization").hash(&mut hasher);
    format!("W/\"{:016x}\"", hasher.finish())
}
