//! Rule: GitHub's reason for closing an issue, and what it meant at the time.

use chrono::NaiveDate;

use super::{Rule, RuleDoc, told};
use crate::domain::ticket::{Ticket, TicketKind};
use crate::domain::tracker::TrackerKind;
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "github-reason",
        sees: "GitHub's `state_reason` of a closed issue, and the day of the closing",
        counts: "`not_planned` is a person's choice against the default, and trustworthy. `completed` is the default \
                 since reasons exist: good for the work, not certain. `duplicate` decides nothing by itself. On an \
                 issue closed before reasons existed (spring 2022) `completed` was filled in afterwards and says \
                 nothing; no reason says nothing",
        fails: "where people close with the default button whatever the cause; bots for stale issues wrote `completed` \
                for a while",
        example: "acme/rocket#7 was closed as not planned: for undone",
    },
    look,
};

/// The first closing whose `completed` somebody could have chosen.
fn reasons_exist() -> NaiveDate {
    NaiveDate::from_ymd_opt(2022, 4, 1).expect("a constant day")
}

/// Whether somebody chose `completed`, and no program filled it in.
pub(super) fn is_completed(facts: &Ticket) -> bool {
    facts.id.tracker().kind() == TrackerKind::GitHub
        && facts.kind == TicketKind::Issue
        && facts.reason.as_deref().is_some_and(|reason| reason.eq_ignore_ascii_case("completed"))
        && facts.closed_at.is_some_and(|at| at.date_naive() >= reasons_exist())
}

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let Some(facts) = case
        .closed()
        .filter(|facts| facts.id.tracker().kind() == TrackerKind::GitHub && facts.kind == TicketKind::Issue)
    else {
        return Vec::new();
    };
    let Some(reason) = facts.reason.as_deref() else { return Vec::new() };
    let chosen = facts.closed_at.map(|at| at.date_naive() >= reasons_exist());
    let (side, strength, says) = match (reason.to_ascii_lowercase().as_str(), chosen) {
        ("not_planned", _) => (Side::Undone, 0.9, "was closed as not planned".to_owned()),
        ("completed", Some(true)) => (Side::Done, 0.7, "was closed as completed".to_owned()),
        ("completed", Some(false)) => (
            Side::Neither,
            0.0,
            "is marked as completed, which GitHub filled in for everything closed before reasons existed".to_owned(),
        ),
        ("completed", None) => {
            (Side::Neither, 0.0, "is marked as completed, and when it was closed is not known".to_owned())
        }
        ("duplicate", _) => (
            Side::Neither,
            0.0,
            "was closed as a duplicate, which decides nothing by itself: the other ticket does".to_owned(),
        ),
        (other, _) => (Side::Neither, 0.0, format!("was closed with the reason “{other}”, which says nothing")),
    };
    vec![told(case, &RULE.doc, side, strength, format!("{} {says}", case.id.key()))]
}

#[cfg(test)]
mod tests {
    use crate::domain::verdict::Verdict::{Done, Undone, Unverified};
    use crate::judge::testing::{issue, verdict};

    #[test]
    fn reasons_mean_what_they_meant_when_they_were_given() {
        for (reason, closed, expected) in [
            (Some("not_planned"), "2024-03-01", Undone),
            (Some("NOT_PLANNED"), "2024-03-01", Undone),
            (Some("not_planned"), "2019-03-01", Undone),
            (Some("completed"), "2024-03-01", Done),
            (Some("completed"), "2022-04-01", Done),
            (Some("completed"), "2022-03-31", Unverified),
            (Some("completed"), "2016-03-01", Unverified),
            (Some("duplicate"), "2024-03-01", Unverified),
            (Some("reopened"), "2024-03-01", Unverified),
            (Some("something_new"), "2026-03-01", Unverified),
            (None, "2024-03-01", Unverified),
        ] {
            assert_eq!(verdict(&issue("acme/rocket#7", reason, closed)), expected, "{reason:?} {closed}");
        }
    }

    #[test]
    fn without_a_day_completed_says_nothing() {
        let mut ticket = issue("acme/rocket#7", Some("completed"), "2024-03-01");
        ticket.facts.as_mut().unwrap().closed_at = None;
        assert_eq!(verdict(&ticket), Unverified);
    }
}
