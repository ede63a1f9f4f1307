//! The rules that see evidence in a case, one file each, and what they have in common.

pub(super) mod closed_at_once;
pub(super) mod closing_event;
pub(super) mod closing_words;
pub(super) mod decision;
pub(super) mod fix_version;
pub(super) mod github_reason;
pub(super) mod given_way;
pub(super) mod inactivity;
pub(super) mod jira_resolution;
pub(super) mod jira_status;
pub(super) mod labels;
pub(super) mod landed_change;
pub(super) mod moved;
pub(super) mod open_parts;
pub(super) mod pull_request;
pub(super) mod recurrence;
pub(super) mod register_note;
pub(super) mod reopening;
pub(super) mod reverted;
pub(super) mod stopgap;
pub(super) mod straight_to_done;
pub(super) mod sweep;
pub(super) mod taken_back;
pub(super) mod tracker_state;

use serde::Serialize;

use super::case::Case;
use super::closing::{Heard, Sign};
use super::speech::Utterance;
use super::words;
use crate::domain::time::Moment;
use crate::domain::verdict::{Evidence, Side};

/// What a rule does, for people who wonder about a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RuleDoc {
    /// Its name, as evidence carries it.
    pub name: &'static str,
    /// What it looks at.
    pub sees: &'static str,
    /// Why that counts, and for which side.
    pub counts: &'static str,
    /// Where it is known to fail.
    pub fails: &'static str,
    /// A case in point.
    pub example: &'static str,
}

/// A rule that looks at one ticket's case.
pub(super) struct Rule {
    /// What it does.
    pub(super) doc: RuleDoc,
    /// Sees the evidence, without judging; nothing where it has nothing to say.
    pub(super) look: fn(&Case<'_>) -> Vec<Evidence>,
}

/// The rules on tickets, in the order in which they are documented.
pub(super) const ON_TICKETS: &[Rule] = &[
    tracker_state::RULE,
    register_note::RULE,
    closing_event::RULE,
    pull_request::RULE,
    landed_change::RULE,
    reverted::RULE,
    github_reason::RULE,
    labels::RULE,
    jira_resolution::RULE,
    jira_status::RULE,
    fix_version::RULE,
    given_way::RULE,
    moved::RULE,
    closing_words::RULE,
    taken_back::RULE,
    inactivity::RULE,
    sweep::RULE,
    stopgap::RULE,
    closed_at_once::RULE,
    reopening::RULE,
    open_parts::RULE,
    straight_to_done::RULE,
];

/// Every rule, those on challenges and people's decisions included.
pub fn rules() -> Vec<RuleDoc> {
    ON_TICKETS.iter().map(|rule| rule.doc).chain([recurrence::DOC, decision::DOC]).collect()
}

/// One piece of evidence that rests on what the tracker told of a closed ticket.
fn told(case: &Case<'_>, rule: &RuleDoc, side: Side, strength: f64, says: String) -> Evidence {
    // When it happened, not when it was asked: asking again is no news.
    let at = case.facts.and_then(|facts| facts.closed_at.or(facts.updated_at));
    Evidence { at, ..seen(rule, side, strength, says, case.facts.map(|f| f.url.clone())) }
}

/// The evidence of what landed, of the signs wanted. What was reverted is told, and counts nothing.
fn landed(case: &Case<'_>, rule: &RuleDoc, wanted: impl Fn(Sign) -> bool) -> Vec<Evidence> {
    /// Weaker signs of the same sort add nothing that a person would want to read.
    const MOST: usize = 3;
    let Some(closing) = &case.closing else { return Vec::new() };
    let key = case.id.key();
    let landings = closing.landings.iter().filter(|landing| wanted(landing.sign)).take(MOST);
    landings
        .enumerate()
        .map(|(at, landing)| {
            let (side, strength, ends) = match &landing.reverted_by {
                Some(revert) => (Side::Neither, 0.0, format!(", and {revert} reverted it")),
                // Signs of one sort come from one cause; the second is no second witness.
                None => (Side::Done, if at == 0 { landing.strength } else { landing.strength * 0.3 }, String::new()),
            };
            let evidence = told(case, rule, side, strength, format!("{key} {}{ends}", landing.says));
            Evidence { at: landing.at.or(evidence.at), ..evidence }
        })
        .collect()
}

/// A sentence on what somebody wrote: who, when, what it means, and the words themselves.
fn wrote(heard: &Heard<'_>, said: &Utterance, meaning: &str) -> String {
    let who = heard.comment.author.as_deref().unwrap_or("somebody");
    let on = heard.comment.at.map(|at| format!(" on {}", words::day_of(at))).unwrap_or_default();
    format!("{who}{} wrote{on} {meaning}: {}", heard.speaker.said(), words::quoted(&said.sentence))
}

/// One piece of evidence without a date.
fn seen(rule: &RuleDoc, side: Side, strength: f64, says: String, source: Option<String>) -> Evidence {
    let at: Option<Moment> = None;
    Evidence { rule: rule.name.to_owned(), side, strength, says, source, at }
}

#[cfg(test)]
mod tests {
    use super::rules;

    #[test]
    fn every_rule_is_named_once_and_documented_whole() {
        let mut names: Vec<&str> = rules().iter().map(|rule| rule.name).collect();
        for rule in rules() {
            for text in [rule.name, rule.sees, rule.counts, rule.fails, rule.example] {
                assert!(!text.trim().is_empty(), "{}", rule.name);
            }
            assert!(rule.name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", rule.name);
        }
        let before = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), before);
    }
}
