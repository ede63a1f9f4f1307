//! The audit trail: what people decided and took back, and when what they waited for came.

use serde::{Deserialize, Serialize};

use super::challenge::ChallengeId;
use super::finding::Code;
use super::ticket::TicketId;
use super::time::Moment;

/// What somebody did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// Accepted a finding.
    Accepted,
    /// Put a finding off.
    Snoozed,
    /// Gave a verdict.
    Decided,
    /// Took one of these back.
    TookBack,
    /// Nobody did anything: the ticket changed for which a snooze waited.
    Woke,
}

impl Deed {
    /// The word of tables and exports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Snoozed => "snoozed",
            Self::Decided => "decided",
            Self::TookBack => "took-back",
            Self::Woke => "woke",
        }
    }
}

/// One entry of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Its number, in order of time.
    pub number: i64,
    /// When.
    pub at: Moment,
    /// Who; absent where a ticket's change did it, or where that was not told.
    pub by: Option<String>,
    /// What.
    pub deed: Deed,
    /// The findings concerned; absent where it is about a verdict.
    pub code: Option<Code>,
    /// The ticket concerned.
    pub ticket: Option<TicketId>,
    /// The challenge concerned.
    pub challenge: Option<ChallengeId>,
    /// Why, where that was told.
    pub reason: Option<String>,
    /// What was in force before: `undone, by the rules`, `accepted until 2027-03-31`; absent where nothing was.
    pub before: Option<String>,
    /// What is in force after it; absent where nothing is.
    pub after: Option<String>,
}

/// Who takes a decision back, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// Who, where that is known.
    pub by: Option<String>,
    /// Why, where that is told.
    pub reason: Option<String>,
    /// When.
    pub at: Moment,
}

/// The longest reason, in characters: it is told in lists and tables.
pub const LONGEST_REASON: usize = 500;

/// Why a text is no reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoReason {
    /// It says nothing.
    #[error("a decision needs a reason")]
    Empty,
    /// Nobody reads that far.
    #[error("the reason is longer than {LONGEST_REASON} characters")]
    TooLong,
}

/// A reason as it is kept, on one line; one that says nothing is none.
pub fn reason(given: &str) -> Result<String, NoReason> {
    let reason = one_line(given);
    match reason.chars().count() {
        0 => Err(NoReason::Empty),
        n if n > LONGEST_REASON => Err(NoReason::TooLong),
        _ => Ok(reason),
    }
}

/// What is told in lists and tables fits on a line.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
