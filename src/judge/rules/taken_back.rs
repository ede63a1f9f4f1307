//! Rule: comments after the closing that take it back.

use chrono::TimeDelta;

use super::{Rule, RuleDoc, told, wrote};
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;
use crate::judge::closing::{Heard, Speaker};
use crate::judge::speech::Claim;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "taken-back",
        sees: "comments after the closing that say that the trouble is still there, or that nothing was ever done",
        counts: "against, the more the sooner after the closing and the closer the speaker is to the ticket; a \
                 passer-by's word, or one of years later, is often another trouble that looks alike, and only a hint. \
                 A later report of work answers it",
        fails: "where people meet something similar and write under the old ticket",
        example: "a week after acme/rocket#7 was closed, its author wrote “still broken”: a hint for undone",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let Some(closing) = &case.closing else { return Vec::new() };
    let answered_from = closing
        .heard
        .iter()
        .rposition(|heard| heard.after && heard.said.iter().any(|said| said.claim.side() == Some(true)));
    let complaints = closing.heard.iter().enumerate().filter(|(at, _)| answered_from.is_none_or(|last| *at > last));
    let best = complaints
        .filter(|(_, heard)| heard.after)
        .flat_map(|(_, heard)| heard.said.iter().map(move |said| (heard, said)))
        .filter(|(_, said)| matches!(said.claim, Claim::StillThere | Claim::NotDone))
        .map(|(heard, said)| (said.strength * soon(heard) * standing(heard.speaker), heard, said))
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.2.sentence.cmp(&b.2.sentence)));
    let Some((strength, heard, said)) = best else { return Vec::new() };
    let says = wrote(heard, said, "after the closing, that it is not done");
    vec![Evidence { at: heard.comment.at, ..told(case, &RULE.doc, Side::Undone, strength, says) }]
}

fn soon(heard: &Heard<'_>) -> f64 {
    match heard.later {
        Some(later) if later <= TimeDelta::days(60) => 1.0,
        Some(later) if later <= TimeDelta::days(365) => 0.6,
        Some(_) => 0.3,
        None => 0.5,
    }
}

fn standing(speaker: Speaker) -> f64 {
    match speaker {
        Speaker::Passerby => 0.35,
        Speaker::MergeBot | Speaker::StaleBot | Speaker::Bot => 0.0,
        speaker => speaker.weight(false),
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::verdict::Verdict::{Done, Undone, Unverified};
    use crate::judge::testing::{comment, details, issue, verdict};

    #[test]
    fn a_closing_is_taken_back_by_those_who_know_and_soon() {
        for (reason, who, association, day, text, expected) in [
            (None, "bob", "MEMBER", "2024-03-11", "This was never implemented.", Undone),
            (None, "eve", "NONE", "2024-03-11", "Still broken for me.", Unverified),
            (None, "bob", "MEMBER", "2027-03-11", "Still broken for me.", Unverified),
            // Against a reason given it only makes doubt.
            (Some("completed"), "bob", "MEMBER", "2024-03-11", "This was never implemented.", Unverified),
            (Some("completed"), "eve", "NONE", "2024-03-11", "Still broken for me.", Done),
            (Some("completed"), "bob", "MEMBER", "2024-03-11", "Is it still broken?", Done),
        ] {
            let mut ticket = issue("acme/rocket#7", reason, "2024-03-01");
            details(&mut ticket).comments = vec![comment(who, association, day, text)];
            assert_eq!(verdict(&ticket), expected, "{reason:?} {who} {day} {text}");
        }
    }

    #[test]
    fn a_later_report_answers_it() {
        let mut ticket = issue("acme/rocket#7", None, "2024-03-01");
        details(&mut ticket).comments = vec![
            comment("bob", "MEMBER", "2024-03-11", "Still not fixed."),
            comment("ada", "MEMBER", "2024-04-11", "Now it is fixed in 2.2."),
        ];
        assert_eq!(verdict(&ticket), Done);
    }
}
