//! Accepting a finding: somebody decided so, for a reason and for a time.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::challenge::ChallengeId;
use super::finding::Code;
use super::ticket::TicketId;

/// A finding accepted. It matches by code, and by ticket or challenge, never by line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// The findings that it accepts.
    pub code: Code,
    /// Of this ticket; of any when absent.
    pub ticket: Option<TicketId>,
    /// Of this challenge; of any when absent.
    pub challenge: Option<ChallengeId>,
    /// Who decided.
    pub by: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub until: NaiveDate,
}
