//! A case: all that the rules may look at when they judge one ticket.

use crate::domain::challenge::ChallengeId;
use crate::domain::known::{Change, KnownTicket};
use crate::domain::lookup::LookupKind;
use crate::domain::place::Place;
use crate::domain::ticket::{Ticket, TicketId};
use crate::domain::time::Moment;

use super::closing::{Closing, Other};
use super::families::Names;

/// A note of a register on a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoteOn<'a> {
    /// The challenge in whose status cell it stands.
    pub challenge: &'a ChallengeId,
    /// What it says.
    pub text: &'a str,
    /// Where it starts.
    pub place: &'a Place,
}

/// What is known of one ticket, seen as a case to decide. Everything rests on the last good answer: later look-ups
/// that could not tell are not part of it.
#[derive(Debug)]
pub(super) struct Case<'a> {
    /// The id under which it is cited.
    pub(super) id: &'a TicketId,
    /// What the tracker told last.
    pub(super) facts: Option<&'a Ticket>,
    /// When it was proven to be gone, and what proved it where that is still known.
    pub(super) gone: Option<Gone<'a>>,
    /// What changed while we watched, oldest first.
    pub(super) history: &'a [Change],
    /// What registers note on it, in order of their places.
    pub(super) notes: &'a [NoteOn<'a>],
    /// What became of the tickets that registers say took its place.
    pub(super) heirs: &'a [Other],
    /// What the names of its tracker mean.
    pub(super) names: &'a Names,
    /// How many other known tickets the same person closed by hand within minutes of it.
    pub(super) crowd: usize,
    /// What surrounds its last closing, if the tracker told that it is closed.
    pub(super) closing: Option<Closing<'a>>,
}

/// Other tickets that were judged for this one's sake.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Others<'a> {
    /// Those that it points at itself.
    pub(super) pointed_at: &'a [Other],
    /// Those that registers say took its place.
    pub(super) heirs: &'a [Other],
}

/// The proof that a ticket is gone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gone<'a> {
    /// When it was proven.
    pub(super) at: Option<Moment>,
    /// What proved it.
    pub(super) proof: Option<&'a str>,
}

fn found_gone(change: &Change) -> Option<Moment> {
    (change.field == "lookup" && change.after.as_deref() == Some(LookupKind::Gone.word())).then_some(change.seen_at)
}

impl<'a> Case<'a> {
    /// The case of a ticket with the notes on it, and what became of others that have to do with it.
    pub(super) fn new(
        known: &'a KnownTicket,
        notes: &'a [NoteOn<'a>],
        others: Others<'a>,
        names: &'a Names,
        crowd: usize,
    ) -> Self {
        let gone = (known.proven == Some(LookupKind::Gone)).then(|| Gone {
            // Since when, not when last: a proof that is repeated is no news.
            at: known.history.iter().rev().find_map(found_gone).or(known.proven_at),
            // The words belong to the last look-up, which may have been an outage since.
            proof: known.lookup_says.as_deref().filter(|_| known.lookup == LookupKind::Gone),
        });
        Self {
            id: &known.id,
            facts: known.facts.as_deref(),
            gone,
            history: &known.history,
            notes,
            heirs: others.heirs,
            names,
            crowd,
            closing: known
                .facts
                .as_deref()
                .filter(|facts| facts.closed)
                .map(|facts| Closing::new(facts, others.pointed_at, names)),
        }
    }

    /// What the tracker told, if it told that the ticket is closed.
    pub(super) fn closed(&self) -> Option<&'a Ticket> {
        self.facts.filter(|facts| facts.closed)
    }
}
