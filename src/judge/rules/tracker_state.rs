//! Rule: what the tracker says of the ticket's state: open, closed, or not there at all.

use super::{Rule, RuleDoc, seen, told};
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;
use crate::judge::words;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "tracker-state",
        sees: "whether the tracker counts the ticket as open or closed, and whether it is proven to be gone",
        counts: "an open ticket is open whatever else is said of it; a ticket proven gone is missing. That it is \
                 closed says nothing of the work",
        fails: "where a workflow keeps finished tickets in a status that the tracker does not count as closed",
        example: "OPS-7 is in “In Review”: open",
    },
    look,
};

/// How sure a tracker's own word on its own ticket is.
pub(in crate::judge) const OWN_WORD: f64 = 0.99;

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let mut evidence = Vec::new();
    let key = case.id.key();
    if let Some(gone) = case.gone {
        let says = match (gone.proof, gone.at) {
            (Some(proof), _) => format!("{key} is gone: {proof}"),
            (None, Some(at)) => format!("{key} was proven to be gone on {}", words::day_of(at)),
            (None, None) => format!("{key} was proven to be gone"),
        };
        let source = case.facts.map(|facts| facts.url.clone());
        evidence.push(Evidence { at: gone.at, ..seen(&RULE.doc, Side::Missing, OWN_WORD, says, source) });
    }
    let Some(facts) = case.facts else { return evidence };
    if facts.closed {
        let by = facts.closed_by.as_deref().map(|who| format!(" by {who}")).unwrap_or_default();
        let says = format!("{key} was {}{by}", words::closed(facts));
        evidence.push(told(case, &RULE.doc, Side::Neither, 0.0, says));
    } else if case.gone.is_none() {
        let says = format!("{key} is open: its state is “{}”", facts.state);
        evidence.push(told(case, &RULE.doc, Side::Open, OWN_WORD, says));
    }
    evidence
}
