//! The search, as far as it is used: pull requests by words and by place. Like GitHub's it is generous with words.

use serde_json::{Value, json};

use super::super::rest::sees;
use super::super::{Caller, Entry, Repo, State, Ticket, Visibility};
use super::closing::POINTER;

/// The longest search that is taken, in characters.
const LONGEST: usize = 256;

/// What a search finds, whole.
pub(super) fn found(state: &State, query: &str) -> Value {
    let (mut words, mut places, mut merged) = (Vec::new(), Vec::new(), false);
    for term in query.split_whitespace() {
        match term.split_once(':') {
            Some(("is", what)) => merged |= what == "merged",
            Some(("repo" | "user" | "org", place)) => places.push(place.to_ascii_lowercase()),
            _ => words.push(term.trim_matches('"').to_ascii_lowercase()),
        }
    }
    let mut nodes = Vec::new();
    for repo in state.repos.values().filter(|repo| searches(repo)) {
        let name = repo.full_name().to_ascii_lowercase();
        let owner = repo.owner.to_ascii_lowercase();
        if query.len() > LONGEST || !places.iter().any(|place| *place == name || *place == owner) {
            continue;
        }
        for (number, entry) in &repo.entries {
            let Entry::Ticket(ticket) = entry else { continue };
            let is_merged = ticket.closed.as_ref().is_some_and(|closing| closing.merged);
            if ticket.is_pull && (is_merged || !merged) && words.iter().all(|word| says(ticket, word)) {
                nodes.push(json!({POINTER: [repo.full_name(), number]}));
            }
        }
    }
    json!({"issueCount": nodes.len(), "nodes": nodes})
}

/// Whether a search finds what stands in a repository.
fn searches(repo: &Repo) -> bool {
    sees(repo, Caller::Known)
        && !matches!(repo.visibility, Visibility::WithoutIssues | Visibility::WithoutPulls | Visibility::SingleSignOn)
}

/// An owner, who exists wherever a repository of theirs does, and how many of these are shown.
pub(super) fn owned(state: &State, login: &str) -> Value {
    let theirs = || state.repos.values().filter(|repo| repo.owner.eq_ignore_ascii_case(login));
    match theirs().next() {
        Some(_) => {
            let shown = theirs().filter(|repo| sees(repo, Caller::Known)).count();
            json!({"__typename": "Organization", "repositories": {"totalCount": shown}})
        }
        None => Value::Null,
    }
}

/// A repository's pull requests.
pub(super) fn pulls(repo: &Repo) -> Value {
    let pulls = repo.entries.values().filter(|entry| matches!(entry, Entry::Ticket(ticket) if ticket.is_pull));
    json!({"totalCount": pulls.count()})
}

/// A part of a word will do, and so will a comment.
fn says(ticket: &Ticket, word: &str) -> bool {
    let story = &ticket.story;
    let texts = [&ticket.title, &story.body].into_iter().chain(&story.branch);
    texts.chain(story.remarks.iter().map(|remark| &remark.text)).any(|text| text.to_ascii_lowercase().contains(word))
}
