//! The rules that see evidence in a case, one file each, and what they have in common.

pub(super) mod github_reason;
pub(super) mod jira_resolution;
pub(super) mod jira_status;
pub(super) mod pull_request;
pub(super) mod recurrence;
pub(super) mod register_note;
pub(super) mod reopening;
pub(super) mod tracker_state;

use serde::Serialize;

use super::case::Case;
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
    jira_resolution::RULE,
    jira_status::RULE,
    github_reason::RULE,
    pull_request::RULE,
    reopening::RULE,
    register_note::RULE,
];

/// Every rule, those on challenges included.
pub fn rules() -> Vec<RuleDoc> {
    ON_TICKETS.iter().map(|rule| rule.doc).chain([recurrence::DOC]).collect()
}

/// One piece of evidence that rests on what the tracker told of a closed ticket.
fn told(case: &Case<'_>, rule: &RuleDoc, side: Side, strength: f64, says: String) -> Evidence {
    // When it happened, not when it was asked: asking again is no news.
    let at = case.facts.and_then(|facts| facts.closed_at.or(facts.updated_at));
    Evidence { at, ..seen(rule, side, strength, says, case.facts.map(|f| f.url.clone())) }
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
