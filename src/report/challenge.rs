//! One challenge as reports speak of it: where it stands, how often it was met, and what is flagged in it.

use chrono::NaiveDate;

use crate::domain::challenge::Challenge;
use crate::domain::finding::{Code, Finding};
use crate::domain::owner::Owner;
use crate::domain::reference::Role;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::verdict::{Evidence, Side, Standing};

use super::ticket::Ticket;
use super::view::View;
use super::words;

/// The findings that a broken promise's own card tells; no other section repeats them.
pub(super) const ON_THE_CARD: &[Code] = &[
    Code::Reverted,
    Code::ClosedUndone,
    Code::RemedyDidNotHelp,
    Code::RecurredAfterClose,
    Code::ClosedUnverified,
    Code::NoteOutdated,
];

/// One challenge.
pub(super) struct Row<'a> {
    pub(super) challenge: &'a Challenge,
    pub(super) standing: Standing,
    /// Its rank, from 1; 0 when it was not judged.
    pub(super) priority: usize,
    pub(super) because: &'a str,
    pub(super) broken_on: Option<NaiveDate>,
    pub(super) owners: &'a [Owner],
    pub(super) findings: Vec<&'a Finding>,
    /// Its tickets and why it cites each; a remedy anywhere in it is a remedy.
    pub(super) tickets: Vec<(&'a TicketId, Role)>,
}

impl<'a> Row<'a> {
    pub(super) fn category(&self) -> &'a str {
        self.challenge.category.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or("no category")
    }

    /// Its tickets of one role, in order of first appearance.
    pub(super) fn cites<'v>(&self, role: Role, view: &'v View<'a>) -> Vec<&'v Ticket<'a>> {
        let of_role = self.tickets.iter().filter(|(_, its)| *its == role);
        of_role.filter_map(|(id, _)| view.tickets.get(id)).collect()
    }

    /// `met twice, last about August 2021`; nothing where the register tells neither.
    pub(super) fn met(&self) -> Option<String> {
        let dated = || self.challenge.anecdotes.iter().filter(|anecdote| anecdote.date.is_some());
        let last = dated().max_by_key(|anecdote| anecdote.date.map(|date| date.latest())).and_then(words::told);
        let often = self.challenge.occurrences.map(|n| usize::try_from(n).unwrap_or(usize::MAX));
        match (often, last) {
            (Some(0) | None, None) => None,
            (Some(0) | None, Some(last)) => Some(format!("last met {last}")),
            (Some(n), None) => Some(format!("met {}", words::times(n))),
            (Some(n), Some(last)) => Some(format!("met {}, last {last}", words::times(n))),
        }
    }

    /// Since when its promise is broken: the last closing of a remedy.
    pub(super) fn broken_since(&self, view: &View<'a>) -> Option<Moment> {
        let closed = |ticket: &Ticket| ticket.facts().filter(|facts| facts.closed)?.closed_at;
        self.cites(Role::Remedy, view).into_iter().filter_map(closed).max()
    }

    /// When one of its findings was first flagged, if that was before now.
    pub(super) fn flagged_since(&self, now: Moment) -> Option<Moment> {
        self.on_the_card().filter_map(|finding| finding.first_seen).min().filter(|at| *at < now)
    }

    /// The findings that its card tells.
    pub(super) fn on_the_card(&self) -> impl Iterator<Item = &'a Finding> {
        self.findings.iter().copied().filter(|finding| ON_THE_CARD.contains(&finding.code))
    }

    /// Why one of its tickets is judged as it is: what the findings here say first, then what the verdict rests on.
    pub(super) fn reasons(&self, ticket: &Ticket<'a>) -> Vec<&'a Evidence> {
        let here = self.on_the_card().filter(|finding| finding.ticket.as_ref() == Some(ticket.id));
        let mut all: Vec<&Evidence> = Vec::new();
        for evidence in here.flat_map(|finding| &finding.evidence).chain(ticket.evidence()) {
            let told = all.iter().any(|other| other.says == evidence.says && other.source == evidence.source);
            if !told {
                all.push(evidence);
            }
        }
        // What decides nothing is only worth a line where nothing else is told; `why` tells it all.
        if all.iter().any(|evidence| evidence.side != Side::Neither) {
            all.retain(|evidence| evidence.side != Side::Neither);
        }
        all
    }

    /// What would clear it, each way once.
    pub(super) fn ways_out(&self) -> Vec<&'a str> {
        let mut ways: Vec<&str> = Vec::new();
        for hint in self.on_the_card().filter_map(|finding| finding.hint.as_deref()) {
            if !ways.contains(&hint) {
                ways.push(hint);
            }
        }
        if ways.is_empty() && self.standing == Standing::BrokenPromise {
            ways.push("reopen the ticket, or cite the one that does the work");
        }
        ways
    }
}
