//! What a check asks a running daemon, and what that answers: `POST /tickets.json`.

use serde::{Deserialize, Serialize};

use super::known::KnownTicket;
use super::ticket::TicketId;

/// Tickets that may be asked for at once.
pub const MOST: usize = 5_000;

/// The question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wanted {
    /// The tickets; each id as the daemon's configuration names its trackers.
    pub tickets: Vec<TicketId>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// The number of this shape.
    pub schema: u32,
    /// What is known of them, without their history. Those that the daemon never heard of are missing.
    pub tickets: Vec<KnownTicket>,
}
