//! What asking for a ticket gave. "Could not tell" is an answer of its own.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::details::Closing;
use super::ticket::{Ticket, TicketId};
use super::time::Moment;
use super::tracker::TrackerId;

/// What asking for one ticket gave.
#[derive(Debug, Clone, PartialEq)]
pub enum Lookup {
    /// The tracker told of it under the id asked for.
    Found(Box<Ticket>),
    /// Found before, and a listing of what changed since shows that it is as it was.
    Unchanged,
    /// It has another key or home now.
    Moved {
        /// Where it is now.
        to: TicketId,
        /// What the tracker told of it there, when it is visible.
        ticket: Option<Box<Ticket>>,
    },
    /// It is proven not to be there.
    Gone {
        /// What proves it.
        proof: String,
    },
    /// The tracker does not show it, and nothing proves that it is not there.
    Hidden {
        /// What the tracker said.
        because: String,
    },
    /// It could not be asked for.
    Unknown(Trouble),
}

impl Lookup {
    /// The look-up without what it brought.
    pub fn kind(&self) -> LookupKind {
        match self {
            Self::Found(_) | Self::Unchanged => LookupKind::Found,
            Self::Moved { .. } => LookupKind::Moved,
            Self::Gone { .. } => LookupKind::Gone,
            Self::Hidden { .. } => LookupKind::Hidden,
            Self::Unknown(_) => LookupKind::Unknown,
        }
    }

    /// The ticket that it brought.
    pub fn ticket(&self) -> Option<&Ticket> {
        match self {
            Self::Found(ticket) | Self::Moved { ticket: Some(ticket), .. } => Some(ticket),
            _ => None,
        }
    }

    /// The ticket that it brought, to be told more fully.
    pub fn ticket_mut(&mut self) -> Option<&mut Ticket> {
        match self {
            Self::Found(ticket) | Self::Moved { ticket: Some(ticket), .. } => Some(ticket),
            _ => None,
        }
    }
}

/// A [`Lookup`] without what it brought; the words of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LookupKind {
    /// See [`Lookup::Found`] and [`Lookup::Unchanged`].
    Found,
    /// See [`Lookup::Moved`].
    Moved,
    /// See [`Lookup::Gone`].
    Gone,
    /// See [`Lookup::Hidden`].
    Hidden,
    /// See [`Lookup::Unknown`].
    Unknown,
}

impl LookupKind {
    /// The word of the contract.
    pub fn word(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Moved => "moved",
            Self::Gone => "gone",
            Self::Hidden => "hidden",
            Self::Unknown => "unknown",
        }
    }
}

/// Why a tracker could not be asked. Never evidence against a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// What sort of trouble.
    pub kind: TroubleKind,
    /// What was seen, for people: `https://…: answered 503`.
    pub says: String,
}

/// What sort of trouble a tracker gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TroubleKind {
    /// No connection, a timeout, a 5xx answer.
    Outage,
    /// A limit: 429, or 403 that says so.
    Limit,
    /// The credentials were refused: 401, or 403 for the credentials as a whole.
    Credentials,
    /// Every ticket is hidden, and nothing else was seen: a matter of permissions, not of tickets.
    Hidden,
    /// An answer that is no answer: a login page, half a JSON, another shape than documented.
    Misread,
    /// Not asked at all, or not told to the likes of us: no tracker is configured for it, the pass ended before, the
    /// credentials may not ask for this.
    Unasked,
}

impl TroubleKind {
    /// The word that metrics and the store use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Outage => "outage",
            Self::Limit => "limit",
            Self::Credentials => "credentials",
            Self::Hidden => "hidden",
            Self::Misread => "misread",
            Self::Unasked => "unasked",
        }
    }
}

/// One ticket to be asked for, with what makes a closer look needless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The ticket.
    pub ticket: TicketId,
    /// The closing that needs no look: it was looked at already, or looking failed not long ago.
    pub looked_at: Option<Arc<Closing>>,
    /// Whether it was open when it was last seen, so that there is probably no closing to look at.
    pub open: bool,
    /// Its last change that is surely known whole, by the tracker's clock: a listing that shows no later one tells
    /// nothing new.
    pub settled: Option<Moment>,
    /// Whether no document cites it.
    pub followed: bool,
    /// Where it was the last time, if it had moved.
    pub moved_to: Option<TicketId>,
}

impl From<TicketId> for Ask {
    /// A ticket of which nothing was looked at yet.
    fn from(ticket: TicketId) -> Self {
        Self { ticket, looked_at: None, open: false, settled: None, followed: false, moved_to: None }
    }
}

/// What asking one tracker would take, as far as that can be told without asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// The tracker.
    pub tracker: TrackerId,
    /// Tickets to be answered.
    pub tickets: usize,
    /// How many of them listings speak for. Those of them that changed are asked for as well.
    pub listed: usize,
    /// Listings to be made, each one request or as many as its pages.
    pub listings: usize,
    /// Requests that tell the state of the others.
    pub requests: usize,
    /// Closings that may have to be looked at closer, at most.
    pub closings: usize,
    /// Further requests for these, at most.
    pub further: usize,
    /// Requests that look for evidence of closed tickets' work, at most.
    pub evidence: usize,
    /// What it takes of an hourly quota that is known; `None` where there is none or nobody tells.
    pub quota: Option<Quota>,
    /// Why nothing would be asked at all, if so.
    pub unasked: Option<String>,
}

impl Forecast {
    /// Nothing to be asked.
    pub fn nothing(tracker: TrackerId) -> Self {
        Self {
            tracker,
            tickets: 0,
            listed: 0,
            listings: 0,
            requests: 0,
            closings: 0,
            further: 0,
            evidence: 0,
            quota: None,
            unasked: None,
        }
    }
}

/// A share of an hourly quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// What is counted: `points`, `requests`.
    pub of: &'static str,
    /// What the asking takes, at most.
    pub takes: usize,
    /// What an hour allows.
    pub allows: usize,
}

/// The answer for one ticket asked for. Whoever receives it stamps it with the time.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The id asked for.
    pub asked: TicketId,
    /// What asking gave.
    pub lookup: Lookup,
}
