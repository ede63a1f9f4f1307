//! Ticket facts, challenges and the moment into verdicts, standings and findings; one file per rule.
//!
//! Rules see evidence (`rules/`), a small sum makes the verdict of it (`combine.rs`), verdicts make standings
//! (`standing.rs`), and what is worth a person's time becomes a finding (`findings/`). All of it is a function of its
//! arguments; the order of documents, references and notes in them never shows in a verdict or a finding.

mod case;
mod closing;
mod combine;
mod crowds;
mod dates;
mod families;
mod findings;
mod follow_ups;
mod grace;
mod notes;
mod owners;
mod portions;
mod priority;
mod record;
mod rows;
mod rules;
mod shares;
mod speech;
mod standing;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod themes;
mod trail;
mod waivers;
mod words;

use std::collections::BTreeMap;

use crate::domain::decision::Decided;
use crate::domain::judged::Judged;
use crate::domain::known::{Known, KnownTicket};
use crate::domain::policy::Policy;
use crate::domain::series;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::verdict::{Evidence, Judgement, Verdict};

pub use case::NoteOn;
pub use findings::fingerprint;
pub use portions::{Judging, Part, Rest, by_hand, outline};
pub use record::{NotARecord, record};
pub use rules::{RuleDoc, rules};
pub use themes::returning;
pub use trail::{Pointer, points};
pub use waivers::{Untold, Waiving, accepts, waive};

use case::{Case, Others};
use families::Names;

/// The verdict on one ticket, from what the tracker told last and what registers note on it. `notes` come in order of
/// their places.
///
/// The last good answer is what counts: a later outage, limit or lost permission changes nothing. A ticket that was
/// never seen is *unknown* whatever is noted on it, with confidence 0, for nothing is claimed.
pub fn ticket(known: &KnownTicket, notes: &[NoteOn<'_>]) -> Judgement {
    weigh(&Case::new(known, notes, Others::default(), &Names::default(), 0))
}

fn weigh(case: &Case<'_>) -> Judgement {
    let mut evidence: Vec<_> = rules::ON_TICKETS.iter().flat_map(|rule| (rule.look)(case)).collect();
    combine::sort(&mut evidence);
    conclude(case, evidence)
}

fn conclude(case: &Case<'_>, evidence: Vec<Evidence>) -> Judgement {
    let (verdict, confidence) = match case.facts {
        _ if case.gone.is_some() => (Verdict::Missing, rules::tracker_state::OWN_WORD),
        None => (Verdict::Unknown, 0.0),
        Some(facts) if !facts.closed => (Verdict::Open, rules::tracker_state::OWN_WORD),
        Some(_) => combine::weigh(&evidence),
    };
    Judgement { verdict, confidence, evidence }
}

/// Builds the patterns for the words around closings and for documents' names ahead of their first use: for whoever has
/// something else to wait for meanwhile.
pub fn prepare() {
    speech::prepare();
    series::prepare();
}

/// Judges all that is known: every ticket, every challenge, and what is worth a person's time.
pub fn judge(known: &Known, policy: &Policy, now: Moment) -> Judged {
    Judging::new(&outline(known), policy, now).all(known).0
}

/// What the rules alone say, of a judgement that is remembered: where a person decided, their word is taken out again.
pub fn by_the_rules(remembered: Judgement, known: &KnownTicket) -> Judgement {
    let is_persons = |evidence: &Evidence| evidence.rule == rules::decision::DOC.name;
    if !remembered.evidence.iter().any(is_persons) {
        return remembered;
    }
    let evidence = remembered.evidence.into_iter().filter(|evidence| !is_persons(evidence)).collect();
    conclude(&Case::new(known, &[], Others::default(), &Names::default(), 0), evidence)
}

/// Puts what people decided in the place of the rules' own verdicts.
fn decide(
    known: &Known,
    mut judgements: BTreeMap<TicketId, Judgement>,
) -> (BTreeMap<TicketId, Judgement>, BTreeMap<TicketId, Decided>) {
    let mut decided = BTreeMap::new();
    for (id, decision) in &known.decisions {
        // A ticket that no document cites any more is judged no more, and its decision waits.
        if let Some(ticket) = known.tickets.get(id)
            && let Some(rules) = judgements.remove(id)
        {
            let (shown, beside) = rules::decision::decide(ticket, decision, rules);
            judgements.insert(id.clone(), shown);
            decided.insert(id.clone(), beside);
        }
    }
    (judgements, decided)
}
