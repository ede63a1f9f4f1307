//! Ticket facts, challenges and the moment into verdicts, standings and findings; one file per rule.
//!
//! Rules see evidence (`rules/`), a small sum makes the verdict of it (`combine.rs`), verdicts make standings
//! (`standing.rs`), and what is worth a person's time becomes a finding (`findings/`). All of it is a function of its
//! arguments; the order of documents, references and notes in them never shows in a verdict or a finding.

mod case;
mod closing;
mod combine;
mod crowds;
mod families;
mod findings;
mod grace;
mod notes;
mod priority;
mod record;
mod rows;
mod rules;
mod speech;
mod standing;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod trail;
mod waivers;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::decision::Decided;
use crate::domain::judged::{Judged, JudgedChallenge};
use crate::domain::known::{Known, KnownTicket};
use crate::domain::policy::Policy;
use crate::domain::reference::Role;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::verdict::{Judgement, Verdict};

pub use case::NoteOn;
pub use findings::fingerprint;
pub use record::{NotARecord, record};
pub use rules::{RuleDoc, rules};
pub use trail::{Pointer, points, quests};
pub use waivers::{accepts, waive};

use case::{Case, Others};
use families::{Names, Tongues};
use findings::Scene;
use rows::{Citations, Row};
use standing::{Fate, Stood};

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
    let (verdict, confidence) = match case.facts {
        _ if case.gone.is_some() => (Verdict::Missing, rules::tracker_state::OWN_WORD),
        None => (Verdict::Unknown, 0.0),
        Some(facts) if !facts.closed => (Verdict::Open, rules::tracker_state::OWN_WORD),
        Some(_) => combine::weigh(&evidence),
    };
    Judgement { verdict, confidence, evidence }
}

/// Judges all that is known: every ticket, every challenge, and what is worth a person's time.
pub fn judge(known: &Known, policy: &Policy, now: Moment) -> Judged {
    let rows = rows::rows(known);
    let citations = rows::citations(known);
    let names = Tongues::new(policy);
    let (own, followed) = trail::verdicts(known, &rows, &citations, &names);
    let (judgements, decided) = decide(known, own);
    let unasked = Judgement { verdict: Verdict::Unknown, confidence: 0.0, evidence: Vec::new() };
    let of = |ticket: &TicketId| judgements.get(ticket).unwrap_or(&unasked);

    let fates: Vec<Vec<Fate<'_>>> = rows.iter().map(|row| standing::fates(row, known, of)).collect();
    let stood: Vec<Stood> = fates.iter().map(|fates| standing::stand(fates)).collect();
    let ranked = priority::rank(&rows, &stood, now);
    let follow_ups = follow_ups(known, &rows, &citations, of);
    let scene = Scene {
        known,
        policy,
        now,
        names: &names,
        citations: &citations,
        rows: &rows,
        fates: &fates,
        stood: &stood,
        follow_ups: &follow_ups,
        decided: &decided,
    };
    let findings = findings::findings(&scene);
    let (mut withheld, mut waiting, mut delayed) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    for (finding, until) in findings::withheld(&scene) {
        if let Some(challenge) = &finding.challenge {
            delayed.entry(challenge.clone()).or_insert_with(|| until.clone());
        }
        waiting.extend(finding.ticket.clone().map(|ticket| (ticket, until)));
        withheld.push(finding);
    }
    let challenges = rows.iter().zip(&stood).zip(ranked).map(|((row, stood), ranked)| JudgedChallenge {
        document: row.document,
        challenge: row.index,
        id: row.challenge.id.clone(),
        standing: stood.standing,
        priority: ranked.priority,
        because: match delayed.get(&row.challenge.id) {
            Some(until) => format!("{}; {until}", ranked.because),
            None => ranked.because,
        },
    });
    let challenges = challenges.collect();
    Judged { tickets: judgements, followed, decided, challenges, findings, waived: Vec::new(), withheld, waiting }
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

/// What became of the remedies that meetings agreed on and no challenge has.
fn follow_ups<'a>(
    known: &'a Known,
    rows: &[Row<'a>],
    citations: &Citations<'a>,
    of: impl Fn(&TicketId) -> &'a Judgement,
) -> Vec<Fate<'a>> {
    let of_challenges: BTreeSet<&TicketId> =
        rows.iter().flat_map(|row| &row.remedies).map(|reference| &reference.ticket).collect();
    let promised = citations.iter().filter(|(ticket, _)| !of_challenges.contains(**ticket));
    promised
        .filter_map(|(ticket, cited)| {
            let promise = cited.iter().find(|citation| citation.reference.role == Role::Remedy)?;
            Some(Fate::alone(promise.reference, known.tickets.get(*ticket), of(ticket)))
        })
        .collect()
}
