//! Ticket facts, challenges and the moment into verdicts, standings and findings; one file per rule.

mod case;
mod combine;
mod families;
mod notes;
mod rules;
#[cfg(test)]
mod testing;
mod words;

use crate::domain::known::KnownTicket;
use crate::domain::verdict::{Judgement, Verdict};

pub use case::NoteOn;
pub use rules::{RuleDoc, rules};

use case::Case;

/// The verdict on one ticket, from what the tracker told last and what registers note on it. `notes` come in order of
/// their places.
///
/// The last good answer is what counts: a later outage, limit or lost permission changes nothing. A ticket that was
/// never seen is *unknown* whatever is noted on it, with confidence 0, for nothing is claimed.
pub fn ticket(known: &KnownTicket, notes: &[NoteOn<'_>]) -> Judgement {
    let case = Case::new(known, notes);
    let mut evidence: Vec<_> = rules::ON_TICKETS.iter().flat_map(|rule| (rule.look)(&case)).collect();
    combine::sort(&mut evidence);
    let (verdict, confidence) = match case.facts {
        _ if case.gone.is_some() => (Verdict::Missing, rules::tracker_state::OWN_WORD),
        None => (Verdict::Unknown, 0.0),
        Some(facts) if !facts.closed => (Verdict::Open, rules::tracker_state::OWN_WORD),
        Some(_) => combine::weigh(&evidence),
    };
    Judgement { verdict, confidence, evidence }
}
