//! The rows of registers as judging needs them: each challenge with its remedies and the notes on them, and who cites
//! what across all documents.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::challenge::{Challenge, ChallengeId};
use crate::domain::document::Owner;
use crate::domain::known::{Known, KnownDocument};
use crate::domain::place::Place;
use crate::domain::reference::{Reference, Role};
use crate::domain::ticket::TicketId;

use super::case::NoteOn;
use super::notes::{self, speaks_of_all};

/// One challenge with its promises.
#[derive(Debug)]
pub(super) struct Row<'a> {
    /// Index into the documents known.
    pub(super) document: usize,
    /// Index into that document's challenges.
    pub(super) index: usize,
    /// The challenge.
    pub(super) challenge: &'a Challenge,
    /// Where each remedy is cited first, in order of their places.
    pub(super) remedies: Vec<&'a Reference>,
    /// The notes with the ticket that each speaks of, in order of their places.
    pub(super) notes: Vec<(&'a TicketId, NoteOn<'a>)>,
}

/// Every challenge, in the order of the documents.
pub(super) fn rows(known: &Known) -> Vec<Row<'_>> {
    known.documents.iter().enumerate().flat_map(|(at, document)| rows_of(at, document)).collect()
}

fn rows_of(at: usize, document: &KnownDocument) -> Vec<Row<'_>> {
    let mut remedies: Vec<Vec<&Reference>> = vec![Vec::new(); document.challenges.len()];
    let mut cited: Vec<BTreeSet<&TicketId>> = vec![BTreeSet::new(); document.challenges.len()];
    for reference in &document.references {
        if let Owner::Challenge { challenge, .. } = reference.owner
            && let Some(of_challenge) = remedies.get_mut(challenge)
        {
            cited[challenge].insert(&reference.ticket);
            if reference.role == Role::Remedy {
                of_challenge.push(reference);
            }
        }
    }
    for (index, challenge) in document.challenges.iter().enumerate() {
        // What a challenge has and cites nowhere stands in a status cell that is merged with one above.
        let merged: Vec<&TicketId> = challenge.tickets.iter().filter(|ticket| !cited[index].contains(ticket)).collect();
        if merged.is_empty() {
            continue;
        }
        let above = remedies[..index].iter().flatten().filter(|one| merged.contains(&&one.ticket));
        let above: Vec<&Reference> = above.copied().collect();
        remedies[index].extend(above);
    }
    let rows = document.challenges.iter().zip(remedies).enumerate();
    rows.map(|(index, (challenge, mut remedies))| {
        remedies.sort_by_key(|reference| &reference.place);
        let mut once = BTreeSet::new();
        remedies.retain(|reference| once.insert(&reference.ticket));
        let notes = notes(challenge, &remedies);
        Row { document: at, index, challenge, remedies, notes }
    })
    .collect()
}

/// A note that stands before any ticket of its cell can only mean the one remedy there is. One that speaks of several
/// means all before it.
fn notes<'a>(challenge: &'a Challenge, remedies: &[&'a Reference]) -> Vec<(&'a TicketId, NoteOn<'a>)> {
    let only = match remedies {
        [only] => Some(&only.ticket),
        _ => None,
    };
    let mut notes: Vec<_> = challenge
        .status
        .notes
        .iter()
        .flat_map(|note| {
            let on = NoteOn { challenge: &challenge.id, text: &note.text, place: &note.place };
            let all = speaks_of_all(&note.text);
            let before = remedies.iter().filter(move |remedy| all && remedy.place < note.place);
            let mut of: Vec<&TicketId> = before.map(|remedy| &remedy.ticket).collect();
            if let Some(ticket) = note.ticket.as_ref().or(only).filter(|ticket| !of.contains(ticket)) {
                of.push(ticket);
            }
            of.into_iter().map(move |ticket| (ticket, on))
        })
        .collect();
    notes.sort_by_key(|(_, note)| note.place);
    notes
}

/// All notes by the ticket that they speak of, in order of their places.
pub(super) fn notes_by_ticket<'a>(rows: &[Row<'a>]) -> BTreeMap<&'a TicketId, Vec<NoteOn<'a>>> {
    let mut by_ticket: BTreeMap<&TicketId, Vec<NoteOn<'_>>> = BTreeMap::new();
    for (ticket, note) in rows.iter().flat_map(|row| &row.notes) {
        by_ticket.entry(ticket).or_default().push(*note);
    }
    for notes in by_ticket.values_mut() {
        notes.sort_by_key(|note| note.place);
    }
    by_ticket
}

impl<'a> Row<'a> {
    /// What the register says took a remedy's place, if that is another remedy of the same challenge.
    pub(super) fn heir(&self, ticket: &TicketId) -> Option<&'a TicketId> {
        let remedies: Vec<&'a TicketId> = self.remedies.iter().map(|reference| &reference.ticket).collect();
        let own = self.notes.iter().filter(|(of, _)| *of == ticket);
        own.rev().find_map(|(_, note)| notes::heir(ticket, note.text, &remedies))
    }
}

/// What registers say took each ticket's place.
pub(super) fn heirs<'a>(rows: &[Row<'a>]) -> BTreeMap<&'a TicketId, BTreeSet<&'a TicketId>> {
    let mut heirs: BTreeMap<&TicketId, BTreeSet<&TicketId>> = BTreeMap::new();
    for row in rows {
        for (ticket, _) in &row.notes {
            if let Some(heir) = row.heir(ticket) {
                heirs.entry(*ticket).or_default().insert(heir);
            }
        }
    }
    heirs
}

/// One citation, and the challenge that it stands in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Citation<'a> {
    /// The reference.
    pub(super) reference: &'a Reference,
    /// The challenge that it stands in, if it does.
    pub(super) challenge: Option<&'a ChallengeId>,
}

/// Where a ticket is cited, in order of places; never empty.
pub(super) type Citations<'a> = BTreeMap<&'a TicketId, Vec<Citation<'a>>>;

/// Every ticket cited, with its citations.
pub(super) fn citations(known: &Known) -> Citations<'_> {
    let mut citations: Citations<'_> = BTreeMap::new();
    for document in &known.documents {
        for reference in &document.references {
            let challenge = match reference.owner {
                Owner::Challenge { challenge, .. } => document.challenges.get(challenge).map(|challenge| &challenge.id),
                Owner::Topic { .. } | Owner::Nobody => None,
            };
            citations.entry(&reference.ticket).or_default().push(Citation { reference, challenge });
        }
    }
    for cited in citations.values_mut() {
        cited.sort_by_key(|citation| &citation.reference.place);
    }
    citations
}

/// The strongest role that a ticket is cited in.
pub(super) fn role(cited: &[Citation<'_>]) -> Role {
    let remedy = cited.iter().any(|citation| citation.reference.role == Role::Remedy);
    if remedy { Role::Remedy } else { Role::Mention }
}

/// Where it is cited first.
pub(super) fn first_place(cited: &[Citation<'_>]) -> Option<Place> {
    cited.first().map(|citation| citation.reference.place.clone())
}
