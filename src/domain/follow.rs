//! What a closed ticket points at, and so is asked for as well, although no document cites it.

use serde::{Deserialize, Serialize};

use super::details::{Closing, Mention};
use super::ticket::TicketId;
use super::time::Moment;

/// How far tickets are followed from one that a document cites: a duplicate of a duplicate of … so many at most.
pub const HOPS: usize = 4;

/// One ticket that a closed one points at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follow {
    /// Which.
    pub to: TicketId,
    /// Why it is followed.
    pub why: Why,
    /// When it was named, where that is told.
    pub at: Option<Moment>,
}

/// Why a ticket is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It is said to have taken the other one's place: what became of it decides.
    GaveWay,
    /// The other one names it, and it may be where the work landed.
    Named,
    /// The same, by a link that stands beside the other one.
    Linked,
}

/// A closed Jira ticket whose own record shows no work, to be looked for on other trackers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quest {
    /// The id under which it is cited.
    pub ticket: TicketId,
    /// The id under which its tracker knows it now.
    pub key: TicketId,
    /// The closing that it is looked for.
    pub closing: Closing,
    /// Whether links beside it are worth a request each: nothing at all speaks for the work.
    pub links: bool,
}

/// What other trackers show of a closed ticket's work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// When it was looked for last.
    pub looked_at: Moment,
    /// The closing that it was looked for.
    pub closing: Closing,
    /// Where it was looked for; opaque, and the same as long as looking there again would be idle.
    pub scope: String,
    /// Merged changes that name the ticket, and what took those out again.
    pub mentions: Vec<Mention>,
}
