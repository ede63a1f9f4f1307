//! Listings of what changed: how far each was followed, and what it can tell without asking for every ticket.
//!
//! A listing tells which tickets changed since a moment. It confirms the others only if each was seen whole at that
//! moment or later. So a window carries two moments, and they are never compared with each other: `since` is the
//! tracker's clock, what the next listing asks from; `begun_at` is ours, the beginning of the pass that set it. A ticket
//! whose last good answer is older than `begun_at` was left out of that pass, and no listing from here can speak for it.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::lookup::Ask;
use super::ticket::{TicketId, TicketKey};
use super::time::Moment;
use super::tracker::TrackerId;

/// How far listings reach back beyond what they must: for an index that lags behind, moments told to the second or the
/// minute only, and clocks that are ten minutes off.
pub const OVERLAP: TimeDelta = TimeDelta::minutes(15);

/// What is listed at once: a repository of GitHub, or all of a Jira's projects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Home {
    /// The tracker.
    pub tracker: TrackerId,
    /// `owner/repo` in lower case; `*` for a Jira.
    pub place: String,
}

impl Home {
    /// Where a ticket is listed.
    pub fn of(ticket: &TicketId) -> Self {
        let place = match ticket.key() {
            TicketKey::GitHub { owner, repo, .. } => format!("{owner}/{repo}").to_ascii_lowercase(),
            TicketKey::Jira { .. } => "*".to_owned(),
        };
        Self { tracker: ticket.tracker().clone(), place }
    }
}

/// How far the listing of a home was followed, by one credential: others are shown other tickets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// What is listed.
    pub home: Home,
    /// Fingerprint of the credential.
    pub credential: String,
    /// Where the next listing begins, by the tracker's clock: a little before the last change that was seen, or when the
    /// pass began where the tracker told the time.
    pub since: Option<Moment>,
    /// The tag (`ETag`) of the listing from `since`, if it was listed from there before.
    pub tag: Option<String>,
    /// When the pass began that set this window, by our clock.
    pub begun_at: Moment,
}

/// A listing to be made, and what it is made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Where to go on from.
    pub window: Window,
    /// How long ago tickets may have changed without our knowing, overlap included. Only as right as our own clock.
    pub age: TimeDelta,
    /// The tickets that it speaks for. All were found the last time.
    pub asks: Vec<Ask>,
    /// Requests that asking for these would take: a listing of more pages is given up.
    pub instead: usize,
}

/// What a pass asks for. No ticket is in it twice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Tickets to be asked for, in order.
    pub asks: Vec<Ask>,
    /// Listings that speak for others.
    pub listings: Vec<Listing>,
}

impl Plan {
    /// How many tickets are to be answered.
    pub fn tickets(&self) -> usize {
        self.asks.len() + self.listings.iter().map(|listing| listing.asks.len()).sum::<usize>()
    }
}

impl From<Vec<Ask>> for Plan {
    /// Every ticket asked for itself.
    fn from(asks: Vec<Ask>) -> Self {
        Self { asks, listings: Vec::new() }
    }
}

/// What planning needs to know of a tracker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manner {
    /// How many tickets one request tells of when they are asked for.
    pub at_once: usize,
    /// Fingerprint of the credential in use.
    pub credential: String,
    /// What time it is there, as its replies said, where listings go by that.
    pub time: Option<Moment>,
}

/// The manners of all trackers.
pub type Manners = BTreeMap<TrackerId, Manner>;
