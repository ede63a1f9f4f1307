//! Rule: the family of a Jira ticket's resolution.

use super::{Rule, RuleDoc, told};
use crate::domain::tracker::TrackerKind;
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;
use crate::judge::families::Family;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "jira-resolution",
        sees: "the name of a closed Jira ticket's resolution, compared without case and punctuation with families of \
               names: done, refused, doubtful, put aside, answered elsewhere",
        counts: "“Won't Do” and its kin are a person's decision against the work. “Done” and its kin are good for the \
                 work, not certain: some workflows stamp them on every closing. A duplicate decides nothing by itself, \
                 and an empty resolution says nothing, because many workflows never set one",
        fails: "“Invalid” and “Cannot Reproduce” sometimes hide a finished fix; names are per site, and one that is in \
                no family says nothing, until `[tracker.resolutions]` tells what it means",
        example: "OPS-7 was closed with the resolution “Won't Do”: for undone",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let Some(facts) = case.closed().filter(|facts| facts.id.tracker().kind() == TrackerKind::Jira) else {
        return Vec::new();
    };
    let Some(name) = facts.reason.as_deref().map(str::trim).filter(|name| !name.is_empty()) else {
        return Vec::new();
    };
    let (side, strength, means) = match case.names.resolution(name) {
        Family::Done => (Side::Done, 0.7, "which says that the work was done"),
        Family::Refused => (Side::Undone, 0.9, "a decision against the work"),
        Family::Doubtful => (Side::Undone, 0.78, "which as a rule means that the work was not done"),
        Family::Shelved => (Side::Undone, 0.5, "put aside, as it seems"),
        Family::TwoFaced => (Side::Neither, 0.0, "which decides nothing by itself: the other ticket does"),
        Family::Silent => (Side::Neither, 0.0, "a name that says nothing by itself"),
    };
    let says = format!("{} was closed with the resolution “{name}”, {means}", case.id.key());
    vec![told(case, &RULE.doc, side, strength, says)]
}

#[cfg(test)]
mod tests {
    use crate::domain::verdict::Verdict::{Done, Undone, Unverified};
    use crate::judge::testing::{jira, verdict};

    #[test]
    fn resolutions_speak_by_family() {
        for (resolution, expected) in [
            (Some("Won't Do"), Undone),
            (Some("won’t fix"), Undone),
            (Some("Declined"), Undone),
            (Some("Cannot Reproduce"), Undone),
            (Some("Incomplete"), Undone),
            (Some("Done"), Done),
            (Some("Fixed"), Done),
            (Some("Completed"), Done),
            // Decides nothing by itself.
            (Some("Duplicate"), Unverified),
            (Some("On Hold"), Unverified),
            (Some("Ausstehend"), Unverified),
            (Some("  "), Unverified),
            (None, Unverified),
        ] {
            assert_eq!(verdict(&jira("OPS-7", "Closed", resolution)), expected, "{resolution:?}");
        }
    }

    #[test]
    fn a_resolution_left_on_an_open_ticket_says_nothing() {
        let mut ticket = jira("OPS-7", "In Progress", Some("Won't Do"));
        let facts = ticket.facts.as_mut().unwrap();
        (facts.closed, facts.closed_at) = (false, None);
        assert_eq!(verdict(&ticket), crate::domain::verdict::Verdict::Open);
    }
}
