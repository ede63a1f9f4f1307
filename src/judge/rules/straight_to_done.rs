//! Rule: tickets that went from waiting to done with nothing in between.

use super::{Rule, RuleDoc, told};
use crate::domain::tracker::TrackerKind;
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "straight-to-done",
        sees: "the changes of status of a Jira ticket, where they are told: whether it was ever in any status but the \
               one that it waited in and the one that it was closed in",
        counts: "what nobody ever began was perhaps not done: a hint against, and no proof, for many people only move \
                 their tickets when they are through. It never decides alone",
        fails: "in teams that keep no status up to date",
        example: "OPS-7 went from “To Do” to “Done” and was in no other status: a hint for undone",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let Some(facts) = case.closed().filter(|facts| facts.id.tracker().kind() == TrackerKind::Jira) else {
        return Vec::new();
    };
    let changes: Vec<(&str, &str)> = facts
        .details
        .events
        .iter()
        .filter(|event| event.kind == "status")
        .filter_map(|event| event.value.as_deref()?.split_once('→'))
        .map(|(left, entered)| (left.trim(), entered.trim()))
        .collect();
    let [(left, entered)] = changes.as_slice() else { return Vec::new() };
    if !WAITING.contains(&left.to_ascii_lowercase().as_str()) || !entered.eq_ignore_ascii_case(facts.state.trim()) {
        return Vec::new();
    }
    let says = format!("{} went from “{left}” to “{entered}” and was in no other status", case.id.key());
    vec![told(case, &RULE.doc, Side::Undone, 0.2, says)]
}

/// Statuses in which tickets wait, as the usual workflows name them.
const WAITING: &[&str] =
    &["to do", "todo", "open", "new", "backlog", "selected for development", "created", "triage", "needs triage"];

#[cfg(test)]
mod tests {
    use crate::domain::details::Event;
    use crate::domain::verdict::Verdict::{Done, Unverified};
    use crate::judge::testing::{details, jira, verdict};

    #[test]
    fn it_is_a_hint_where_all_changes_are_told() {
        for (changes, hinted) in [
            (&["To Do → Done"][..], true),
            (&["Backlog → Done"], true),
            (&["To Do → In Progress", "In Progress → Done"], false),
            (&["In Progress → Done"], false),
            (&[], false),
            (&["nonsense"], false),
        ] {
            let mut ticket = jira("OPS-7", "Done", None);
            let event =
                |value: &&str| Event { kind: "status".into(), value: Some((*value).into()), ..Event::default() };
            details(&mut ticket).events = changes.iter().map(event).collect();
            let judged = crate::judge::ticket(&ticket, &[]);
            assert_eq!(judged.evidence.iter().any(|e| e.rule == "straight-to-done"), hinted, "{changes:?}");
            assert_eq!(judged.verdict, Unverified);
            ticket.facts.as_mut().unwrap().reason = Some("Fixed".into());
            assert_eq!(verdict(&ticket), Done);
        }
    }
}
