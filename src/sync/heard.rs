//! What asking came to, over all rounds of a pass: counted once, and each tracker's health as a whole.

use std::collections::{BTreeMap, BTreeSet};

use super::beside::Beside;
use super::breaker::Breaker;
use crate::domain::known::Want;
use crate::domain::lookup::{LookupKind, Trouble, TroubleKind};
use crate::domain::ticket::TicketId;
use crate::domain::tracker::TrackerId;
use crate::trackers::Health;

/// What asking came to, over all rounds of a pass.
#[derive(Default)]
pub(super) struct Heard {
    pub(super) breaker: Breaker,
    /// What is asked for beside the pass.
    pub(super) beside: Beside,
    pub(super) asked: BTreeSet<TicketId>,
    pub(super) followed: usize,
    /// Whether tickets were asked for themselves, and not by listings alone.
    pub(super) asked_itself: bool,
    /// Trackers with a ticket that was wanted when the pass began.
    pub(super) wanted: BTreeSet<TrackerId>,
    /// Trackers with a ticket that a document cites.
    pub(super) cited: BTreeSet<TrackerId>,
    pub(super) health: BTreeMap<TrackerId, Health>,
    pub(super) lookups: BTreeMap<LookupKind, usize>,
    pub(super) proven: BTreeSet<TicketId>,
    pub(super) refused: BTreeSet<TrackerId>,
    pub(super) troubled: BTreeSet<TrackerId>,
}

impl Heard {
    pub(super) fn expect(&mut self, wants: &[Want]) {
        self.wanted.extend(wants.iter().map(|want| want.ticket.tracker().clone()));
        self.cited.extend(wants.iter().filter(|want| !want.followed).map(|want| want.ticket.tracker().clone()));
    }

    /// Whether a tracker was asked in this pass, or anything is wanted of it at all.
    pub(super) fn is_concerned_with(&self, tracker: &TrackerId) -> bool {
        self.wanted.contains(tracker) || self.health.contains_key(tracker)
    }

    /// Whether a ticket is worth asking for in a further round. A tracker that gave up is asked by the next pass.
    pub(super) fn may_be_asked(&self, ticket: &TicketId) -> bool {
        let trouble = self.health.get(ticket.tracker()).and_then(|health| health.trouble.as_ref());
        let gave_up = |trouble: &Trouble| matches!(trouble.kind, TroubleKind::Credentials | TroubleKind::Limit);
        !self.asked.contains(ticket) && !trouble.is_some_and(gave_up)
    }

    /// Whether a ticket's tracker may be asked about it once more in this pass.
    pub(super) fn may_be_looked_for(&self, ticket: &TicketId) -> bool {
        self.health.get(ticket.tracker()).is_none_or(|health| health.trouble.is_none())
    }

    /// How a tracker fared in all rounds so far. That it hides what nobody cites says nothing of its permissions.
    pub(super) fn fared(&mut self, tracker: &TrackerId, health: Health) -> Health {
        let whole = self.health.entry(tracker.clone()).or_default();
        whole.worked |= health.worked;
        let hides = |trouble: &Trouble| trouble.kind == TroubleKind::Hidden;
        let matters = whole.trouble.is_none() && !whole.worked && self.cited.contains(tracker);
        whole.trouble = whole.trouble.take().or(health.trouble.filter(|trouble| matters || !hides(trouble)));
        whole.clone()
    }
}
