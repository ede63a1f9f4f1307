//! Rule: the name of the status in which a Jira ticket was closed.

use super::{Rule, RuleDoc, told};
use crate::domain::tracker::TrackerKind;
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;
use crate::judge::families::Family;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "jira-status",
        sees: "the name of the status of a Jira ticket that its status category counts as done",
        counts: "a status “Cancelled” or “Won't Do” ends a ticket without the work, although its category is done. \
                 A status “Done” is where tickets end up in any case, and only leans towards the work; it counts \
                 where there is no resolution to say more",
        fails: "where a team ends all its tickets in one status, whatever became of them; `[tracker.statuses]` can say what one means",
        example: "OPS-7 ended in the status “Cancelled” and has no resolution: for undone",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let Some(facts) = case.closed().filter(|facts| facts.id.tracker().kind() == TrackerKind::Jira) else {
        return Vec::new();
    };
    let resolved = facts.reason.as_deref().is_some_and(|name| !name.trim().is_empty());
    let (side, strength, means) = match case.names.status(&facts.state) {
        Family::Refused => (Side::Undone, 0.82, "which ends a ticket without the work"),
        Family::Doubtful => (Side::Undone, 0.7, "which as a rule ends a ticket without the work"),
        Family::Shelved => (Side::Undone, 0.5, "put aside, as it seems"),
        Family::TwoFaced => (Side::Neither, 0.0, "which decides nothing by itself: the other ticket does"),
        // The usual workflow ends in it whatever became of the ticket.
        Family::Done if !resolved && facts.state.trim().eq_ignore_ascii_case("resolved") => {
            (Side::Done, 0.3, "which leans a little towards the work")
        }
        Family::Done if !resolved => (Side::Done, 0.45, "which leans towards the work"),
        Family::Done | Family::Silent => return Vec::new(),
    };
    let says = format!("{} ended in the status “{}”, {means}", case.id.key(), facts.state.trim());
    vec![told(case, &RULE.doc, side, strength, says)]
}

#[cfg(test)]
mod tests {
    use crate::domain::verdict::Verdict::{Done, Undone, Unverified};
    use crate::judge::testing::{jira, verdict};

    #[test]
    fn the_status_speaks_for_undone_and_hardly_for_done() {
        for (status, resolution, expected) in [
            ("Cancelled", None, Undone),
            ("CANCELED", None, Undone),
            ("Won't Do", None, Undone),
            ("Rejected", None, Undone),
            ("Declined", None, Undone),
            ("Abandoned", None, Undone),
            ("Invalid", None, Undone),
            ("Done", None, Unverified),
            ("Closed", None, Unverified),
            ("Duplicate", None, Unverified),
            ("Done", Some("Fixed"), Done),
            // Every closing there is stamped with a resolution: the two contradict each other.
            ("Cancelled", Some("Done"), Unverified),
            ("Cancelled", Some("Won't Do"), Undone),
            ("Done", Some("Won't Do"), Undone),
        ] {
            assert_eq!(verdict(&jira("OPS-7", status, resolution)), expected, "{status} {resolution:?}");
        }
    }
}
