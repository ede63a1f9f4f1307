//! Rule: closings by the dozen.

use super::{Rule, RuleDoc, told, wrote};
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;
use crate::judge::closing::Closing;
use crate::judge::families::Family;
use crate::judge::speech::Claim;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "sweep",
        sees: "comments at the closing that say that many tickets were closed at once: a bulk close, a clean-up of the \
               backlog; and in the store, that one person closed ten tickets or more within ten minutes",
        counts: "whoever closes by the dozen looked at none of them: against. A sweep over what was resolved or fixed \
                 before says nothing, and neither does one long after the closing. Without words a crowd only leans, \
                 and less where the tracker calls the ticket done, for releases close what was resolved before. \
                 Closings by commits, pull requests and programs make no crowd",
        fails: "where a sweep also catches tickets that were done and never closed; `judge` sees one record at a time, \
                and no crowd",
        example: "OPS-7 was closed with “Bulk closing everything of 1.x”: for undone",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let Some(closing) = &case.closing else { return Vec::new() };
    let swept = closing
        .heard
        .iter()
        .rev()
        .filter(|heard| !heard.after)
        .find_map(|heard| heard.said.iter().find(|said| said.claim == Claim::Swept).map(|said| (heard, said)));
    let Some((heard, said)) = swept else { return crowd(case, closing).into_iter().collect() };
    let says = wrote(heard, said, "that it was closed with many others");
    let evidence = told(case, &RULE.doc, Side::Undone, heard.weight(said), says);
    vec![Evidence { at: heard.comment.at.or(evidence.at), ..evidence }]
}

/// What the store knows of other closings by the same person.
fn crowd(case: &Case<'_>, closing: &Closing<'_>) -> Option<Evidence> {
    /// Nobody looks through ten tickets in ten minutes.
    const MANY: usize = 10;
    if case.crowd + 1 < MANY {
        return None;
    }
    let done = closing.ticket.reason.as_deref().is_some_and(|name| case.names.resolution(name) == Family::Done);
    let who = closing.by.unwrap_or("somebody");
    let says = format!("{} was closed by {who}, who closed ten tickets or more within minutes", case.id.key());
    Some(told(case, &RULE.doc, Side::Undone, if done { 0.2 } else { 0.45 }, says))
}

#[cfg(test)]
mod tests {
    use crate::domain::verdict::Verdict::{Done, Undone, Unverified};
    use crate::judge::testing::{comment, details, jira, verdict};

    #[test]
    fn a_sweep_counts_at_the_closing_and_over_what_was_left() {
        for (resolution, day, text, expected) in [
            (None, "2021-05-04", "Bulk close of everything in 1.x", Undone),
            (None, "2021-05-04", "Backlog cleanup", Undone),
            (None, "2021-05-04", "Bulk close of resolved tickets", Unverified),
            // After a real fix, years later.
            (Some("Fixed"), "2024-05-04", "Mass closing old tickets", Done),
            (None, "2024-05-04", "Mass closing old tickets", Unverified),
        ] {
            let mut ticket = jira("OPS-7", "Closed", resolution);
            details(&mut ticket).comments = vec![comment("ada", "", day, text)];
            assert_eq!(verdict(&ticket), expected, "{resolution:?} {day} {text}");
        }
    }
}
