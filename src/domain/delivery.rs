//! A webhook's delivery, as far as it is believed: that it came, and whom it names.

use super::ticket::TicketId;
use super::tracker::TrackerId;

/// A delivery whose signature held. What it says of its tickets is not kept: they are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Whose it is.
    pub tracker: TrackerId,
    /// The sender's id of it, the same when it is sent again.
    pub id: String,
    /// The tickets that it is about.
    pub names: Vec<Named>,
}

/// How a delivery names a ticket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// By the id that people know.
    Ticket(TicketId),
    /// By the tracker's own lasting id, which survives moves.
    Native(String),
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// It came before.
    Repeated,
    /// No document cites what it names.
    Ignored,
    /// Tickets that documents cite are due now.
    Nudged,
}
