//! For how long what is over is kept.

use chrono::TimeDelta;

/// For how long what is over is kept. Whatever a verdict rests on is kept however old it is: the history of every ticket
/// that a document cites, what is in force, and what people decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Passes that ended.
    pub passes: Keep,
    /// Webhook deliveries that were taken in.
    pub deliveries: Keep,
    /// Verdicts, standings and findings that are over; documents that are configured no more; tickets that nothing cites.
    pub history: Keep,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            passes: Keep::For(TimeDelta::days(400)),
            deliveries: Keep::For(TimeDelta::days(30)),
            history: Keep::Forever,
        }
    }
}

/// For how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// So long.
    For(TimeDelta),
    /// As long as the store.
    Forever,
}

/// What may be over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Past {
    /// Passes that ended.
    Passes,
    /// Deliveries that were followed.
    Deliveries,
    /// Verdicts that others followed, or whose ticket is gone.
    Verdicts,
    /// Standings that others followed, or whose challenge is gone.
    Standings,
    /// Findings that are cleared.
    Findings,
    /// Documents that are configured no more, with their challenges and meetings.
    Documents,
    /// Tickets that no document cites and no other ticket points at.
    Tickets,
}

impl Past {
    /// All, in an order in which what goes makes way for what comes after it.
    pub const ALL: [Self; 7] = [
        Self::Passes,
        Self::Deliveries,
        Self::Verdicts,
        Self::Standings,
        Self::Findings,
        Self::Documents,
        Self::Tickets,
    ];

    /// For how long these are kept.
    pub fn kept(self, retention: &Retention) -> Keep {
        match self {
            Self::Passes => retention.passes,
            Self::Deliveries => retention.deliveries,
            Self::Verdicts | Self::Standings | Self::Findings | Self::Documents | Self::Tickets => retention.history,
        }
    }

    /// What one of them is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passes => "pass",
            Self::Deliveries => "delivery",
            Self::Verdicts => "verdict",
            Self::Standings => "standing",
            Self::Findings => "finding",
            Self::Documents => "document",
            Self::Tickets => "ticket",
        }
    }
}
