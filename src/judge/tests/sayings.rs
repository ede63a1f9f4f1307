//! What closers say in a sentence or two, from plain tables: of work that was done no words make a ticket undone,
//! however tricky they are; and closings without the work are seen by their words alone.
//!
//! `cases/said-of-*.txt` hold one comment a line: the closer's last word, beside which nothing is known.

use crate::domain::known::KnownTicket;
use crate::domain::verdict::Verdict;
use crate::judge::testing::{comment, details, issue, jira};

const OF_DONE: &str = include_str!("cases/said-of-done.txt");
const OF_UNDONE: &str = include_str!("cases/said-of-undone.txt");

/// Every comment of both tables.
pub(in crate::judge) fn all() -> impl Iterator<Item = &'static str> {
    OF_DONE.lines().chain(OF_UNDONE.lines())
}

/// Closed by ada with these words, on GitHub before reasons existed.
fn on_github(text: &str) -> KnownTicket {
    let mut ticket = issue("acme/rocket#7", None, "2019-05-04");
    ticket.facts.as_mut().unwrap().closed_by = Some("ada".into());
    details(&mut ticket).comments = vec![comment("ada", "MEMBER", "2019-05-04", text)];
    ticket
}

/// On GitHub as `completed`, which is where a closing button leads that nobody looked at.
fn as_completed(text: &str) -> KnownTicket {
    let mut ticket = on_github(text);
    let facts = ticket.facts.as_mut().unwrap();
    facts.reason = Some("completed".into());
    facts.closed_at = Some(crate::judge::testing::moment("2023-05-04"));
    facts.details.comments[0].at = facts.closed_at;
    ticket
}

/// By whoever opened it.
fn by_its_author(text: &str) -> KnownTicket {
    let mut ticket = on_github(text);
    ticket.facts.as_mut().unwrap().closed_by = Some("eve".into());
    details(&mut ticket).author = Some("eve".into());
    details(&mut ticket).comments = vec![comment("eve", "NONE", "2019-05-04", text)];
    ticket
}

/// On a Jira whose workflow sets no resolution.
fn on_jira(text: &str) -> KnownTicket {
    let mut ticket = jira("OPS-7", "Closed", None);
    details(&mut ticket).comments = vec![comment("ada", "", "2021-05-04", text)];
    ticket
}

fn unlike(table: &str, settings: &[fn(&str) -> KnownTicket], fine: impl Fn(Verdict) -> bool) -> Vec<String> {
    let lines = table.lines().flat_map(|line| settings.iter().map(move |setting| (line, setting(line))));
    lines
        .map(|(line, ticket)| (line, crate::judge::ticket(&ticket, &[])))
        .filter(|(_, judged)| !fine(judged.verdict))
        .map(|(line, judged)| format!("{line} -> {} {:?}", judged.verdict.word(), judged.evidence))
        .collect()
}

#[test]
fn no_words_about_done_work_make_it_undone() {
    let settings = [on_github, as_completed, by_its_author, on_jira];
    let wrong = unlike(OF_DONE, &settings, |verdict| verdict != Verdict::Undone);
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn closings_without_the_work_are_seen_by_their_words() {
    let wrong = unlike(OF_UNDONE, &[on_github, on_jira], |verdict| verdict == Verdict::Undone);
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
