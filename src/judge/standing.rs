//! Where a challenge stands, from its remedies alone: a ticket that is only mentioned breaks no promise.
//!
//! - No remedy: *no-remedy*. Any remedy open: *promised*, even beside one that was closed undone; that one keeps its
//!   finding.
//! - All seen, none open, and one of them undone; or one that did not help and no other that was done and did; or an
//!   anecdote later than the last closing: *broken-promise*.
//! - All done, and quiet since: *cleared*.
//! - Otherwise *unknown*. A remedy that nobody could see may be open, so nothing is said about the rest. A closed one
//!   that nothing speaks for or against is no reproach. A remedy that is *gone* is a broken link, with a finding of its
//!   own that says so; that its work was not done is not known, unless what the tracker told before says it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::challenge::Anecdote;
use crate::domain::known::{Known, KnownTicket};
use crate::domain::reference::Reference;
use crate::domain::ticket::{Ticket, TicketId};
use crate::domain::verdict::{Evidence, Judgement, Side, Standing, Verdict};

use super::case::NoteOn;
use super::combine;
use super::notes::{self, Claim, Said};
use super::rows::Row;
use super::rules::recurrence::{self, CameBack};
use super::rules::{decision, register_note, stopgap};
use super::words;

/// What became of one remedy of one challenge.
#[derive(Debug)]
pub(super) struct Fate<'a> {
    /// Where it is cited first as a remedy.
    pub(super) cited: &'a Reference,
    /// What is known of it.
    pub(super) known: Option<&'a KnownTicket>,
    /// The verdict on it.
    pub(super) judgement: &'a Judgement,
    /// What this challenge's own notes claim of it.
    pub(super) said: Vec<Said<'a>>,
    /// This challenge's own notes say that it did not help, or the ticket's own words that it was no cure.
    pub(super) no_help: Vec<Evidence>,
    /// Anecdotes later than its closing that no later remedy answered.
    pub(super) came_back: Vec<CameBack>,
    /// The remedy of the same challenge that took its place by the register's word, and answers for it.
    pub(super) heir: Option<&'a TicketId>,
}

impl<'a> Fate<'a> {
    /// A remedy outside of any challenge: nobody notes anything on it, and nothing can come back.
    pub(super) fn alone(cited: &'a Reference, known: Option<&'a KnownTicket>, judgement: &'a Judgement) -> Self {
        Self { cited, known, judgement, said: Vec::new(), no_help: Vec::new(), came_back: Vec::new(), heir: None }
    }

    /// The ticket.
    pub(super) fn ticket(&self) -> &'a TicketId {
        &self.cited.ticket
    }

    /// What the tracker told last.
    pub(super) fn facts(&self) -> Option<&'a Ticket> {
        self.known.and_then(|known| known.facts.as_deref())
    }

    /// The day on which it was closed last.
    pub(super) fn closed_on(&self) -> Option<NaiveDate> {
        self.facts().filter(|facts| facts.closed).and_then(|facts| facts.closed_at).map(|at| at.date_naive())
    }

    /// The verdict; for a ticket that is gone, what could be said before.
    fn last_verdict(&self) -> Verdict {
        match (self.judgement.verdict, self.facts()) {
            (Verdict::Missing, Some(facts)) if facts.closed => match combine::weigh(&self.judgement.evidence).0 {
                Verdict::Undone => Verdict::Undone,
                _ => Verdict::Missing,
            },
            (verdict, _) => verdict,
        }
    }

    /// Whether this challenge's notes hold, and do not take back, this claim.
    pub(super) fn claims(&self, claim: Claim) -> bool {
        self.said.iter().any(|said| said.claim == claim && !said.taken_back)
    }
}

/// Where a challenge stands, and what is to be said of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stood {
    /// The standing.
    pub(super) standing: Standing,
    /// Why, as a clause that starts a sentence.
    pub(super) why: String,
    /// Broken promises: the first day of the breach that is known.
    pub(super) since: Option<NaiveDate>,
    /// How sure it is.
    pub(super) confidence: f64,
}

/// What became of a row's remedies.
pub(super) fn fates<'a>(
    row: &Row<'a>,
    known: &'a Known,
    judgement: impl Fn(&TicketId) -> &'a Judgement,
) -> Vec<Fate<'a>> {
    let mut notes: BTreeMap<&TicketId, Vec<NoteOn<'a>>> = BTreeMap::new();
    for (ticket, note) in &row.notes {
        notes.entry(ticket).or_default().push(*note);
    }
    // One that is cited under the key that it has now as well is one remedy, unless notes speak of its old key.
    let cited: BTreeSet<&TicketId> = row.remedies.iter().map(|cited| &cited.ticket).collect();
    let moved_to = |ticket: &TicketId| known.tickets.get(ticket).and_then(|known| known.moved_to.as_ref());
    let is_twice = |ticket: &TicketId| {
        !notes.contains_key(ticket) && moved_to(ticket).is_some_and(|to| cited.contains(to) && moved_to(to).is_none())
    };
    let mut fates: Vec<Fate<'a>> = row
        .remedies
        .iter()
        .filter(|cited| !is_twice(&cited.ticket))
        .map(|cited| {
            let ticket = &cited.ticket;
            let own = notes.get(ticket).map(Vec::as_slice).unwrap_or_default();
            let said = notes::read(ticket, own);
            let alone = Fate::alone(cited, known.tickets.get(ticket), judgement(ticket));
            let mut fate = Fate { said, heir: row.heir(ticket), ..alone };
            if fate.facts().is_some_and(|facts| facts.closed) {
                let evidence = fate.said.iter().map(|said| register_note::evidence(said, false));
                fate.no_help = evidence.filter(|evidence| evidence.side == Side::DidNotHelp).collect();
                // Who decided, or keeps the register and calls it done, knows better than the ticket's own words.
                let decided = fate.judgement.evidence.iter().any(|evidence| evidence.rule == decision::DOC.name);
                if !decided && !fate.claims(Claim::Done) {
                    let own = fate.judgement.evidence.iter().filter(|evidence| stopgap::tells(evidence));
                    fate.no_help.extend(own.cloned());
                }
            }
            fate
        })
        .collect();
    // The two last closings as done suffice to know the last one among the others of each.
    let mut done: Vec<(NaiveDate, usize)> = fates
        .iter()
        .enumerate()
        .filter(|(_, fate)| fate.judgement.verdict == Verdict::Done && fate.no_help.is_empty())
        .filter_map(|(at, fate)| Some((fate.closed_on()?, at)))
        .collect();
    done.sort_unstable_by(|a, b| b.cmp(a));
    done.truncate(2);
    for (at, fate) in fates.iter_mut().enumerate() {
        let answered = done.iter().find(|(_, other)| *other != at).map(|(day, _)| *day);
        fate.came_back = came_back(fate, &row.challenge.anecdotes, answered);
    }
    fates
}

fn came_back(fate: &Fate<'_>, anecdotes: &[Anecdote], answered: Option<NaiveDate>) -> Vec<CameBack> {
    match fate.judgement.verdict {
        Verdict::Done | Verdict::Undone | Verdict::Unverified | Verdict::Missing => {
            fate.facts().map(|facts| recurrence::after(facts, anecdotes, answered)).unwrap_or_default()
        }
        Verdict::Open | Verdict::Unknown => Vec::new(),
    }
}

/// Where the challenge of these remedies stands. One that gave way to another of them leaves it to that one.
pub(super) fn stand(fates: &[Fate<'_>]) -> Stood {
    let answering: Vec<&Fate<'_>> = fates.iter().filter(|fate| fate.heir.is_none()).collect();
    // In a ring each gave way to another, and nobody answers for them.
    if answering.is_empty() { stand_on(&fates.iter().collect::<Vec<_>>()) } else { stand_on(&answering) }
}

fn stand_on(fates: &[&Fate<'_>]) -> Stood {
    let says = |standing, why: String| Stood { standing, why, since: None, confidence: 1.0 };
    if fates.is_empty() {
        return says(Standing::NoRemedy, "no ticket promises a fix".to_owned());
    }
    let with = |verdict: Verdict| fates.iter().copied().filter(move |fate| fate.last_verdict() == verdict);
    if let Some(open) = with(Verdict::Open).next() {
        return says(Standing::Promised, format!("{} is open{}", open.ticket().key(), touched(open)));
    }
    if let Some(unseen) = with(Verdict::Unknown).next() {
        return says(Standing::Unknown, format!("{} could not be seen yet", unseen.ticket().key()));
    }
    if let Some(broken) = broken(fates) {
        return broken;
    }
    if let Some(gone) = with(Verdict::Missing).next() {
        return says(
            Standing::Unknown,
            format!("{} is gone, and nothing tells what became of it", gone.ticket().key()),
        );
    }
    if let Some(fate) = with(Verdict::Unverified).next() {
        return says(Standing::Unknown, format!("{}, and nothing shows the work", was_closed(fate)));
    }
    let last = fates.iter().max_by_key(|fate| (fate.closed_on(), fate.ticket()));
    let why = last.map(|fate| format!("{}, and it has been quiet since", was_closed(fate))).unwrap_or_default();
    let confidence = fates.iter().map(|fate| fate.judgement.confidence).fold(1.0, f64::min);
    Stood { confidence, ..says(Standing::Cleared, why) }
}

/// The breach of the promise, if there is one: the surest, and since when.
fn broken(fates: &[&Fate<'_>]) -> Option<Stood> {
    let last_closing = fates.iter().filter_map(|fate| fate.closed_on()).max();
    let helped = fates.iter().any(|fate| fate.judgement.verdict == Verdict::Done && fate.no_help.is_empty());
    let mut breaches: Vec<(&Fate<'_>, String, f64)> = Vec::new();
    for fate in fates.iter().copied() {
        if fate.last_verdict() == Verdict::Undone {
            breaches.push((fate, without_the_work(fate), undone_confidence(fate)));
        } else if let Some(no_help) = fate.no_help.first().filter(|_| !helped) {
            breaches.push((fate, format!("{}, and did not help", was_closed(fate)), no_help.strength));
        } else if let Some(back) = fate.came_back.iter().find(|back| last_closing.is_none_or(|day| back.earliest > day))
        {
            let why = format!("{}, and it was met again after that", was_closed(fate));
            breaches.push((fate, why, back.evidence.strength));
        }
    }
    let since = breaches.iter().filter_map(|(fate, ..)| fate.closed_on()).min();
    let (_, why, confidence) =
        breaches.into_iter().max_by(|a, b| a.2.total_cmp(&b.2).then_with(|| b.0.ticket().cmp(a.0.ticket())))?;
    Some(Stood { standing: Standing::BrokenPromise, why, since, confidence })
}

fn undone_confidence(fate: &Fate<'_>) -> f64 {
    match fate.judgement.verdict {
        Verdict::Missing => combine::weigh(&fate.judgement.evidence).1,
        _ => fate.judgement.confidence,
    }
}

/// `OPS-7 was closed as Won't Do on 4 May 2021`
pub(super) fn was_closed(fate: &Fate<'_>) -> String {
    let closed = fate.facts().map_or_else(|| "closed".to_owned(), words::closed);
    format!("{} was {closed}", fate.ticket().key())
}

/// Why it counts as closed without the work: in the tracker's words, or in the register's where those weigh more.
pub(super) fn without_the_work(fate: &Fate<'_>) -> String {
    let strongest = fate.judgement.evidence.iter().find(|evidence| evidence.side == Side::Undone);
    let closed = was_closed(fate);
    match strongest {
        Some(evidence) if evidence.rule == register_note::RULE.doc.name => {}
        Some(evidence) if evidence.rule == decision::DOC.name => return format!("{closed}; {}", evidence.says),
        _ => return format!("{closed} without the work"),
    }
    let says = if fate.claims(Claim::Reverted) {
        "its work was reverted"
    } else if fate.claims(Claim::InPart) && !fate.claims(Claim::NotDone) {
        "its work was done in part"
    } else {
        "its work was not done"
    };
    format!("{closed}; the register notes that {says}")
}

fn touched(fate: &Fate<'_>) -> String {
    let updated = fate.facts().and_then(|facts| facts.updated_at);
    updated.map(|at| format!(", touched last on {}", words::day_of(at))).unwrap_or_default()
}
