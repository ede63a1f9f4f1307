//! Accepting a finding: somebody decided so, for a reason and for a time.

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use super::challenge::{Challenge, ChallengeId};
use super::finding::Code;
use super::place::Place;
use super::ticket::TicketId;
use super::time::Moment;

/// How long before its end a waiver that is needed says so.
pub const NOTICE: TimeDelta = TimeDelta::days(14);

/// The longest time for which a waiver can be given by command: whoever accepts a finding looks at it again.
pub const LONGEST: TimeDelta = TimeDelta::days(180);

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
    /// Where it was given.
    pub from: Origin,
}

/// Where a waiver was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// In the configuration, at `file:line:column`. Only an edit of the file takes it back.
    Configuration(String),
    /// By command; the store keeps it.
    Store {
        /// Its number, by which it can be taken back.
        number: i64,
        /// When it was given.
        at: Moment,
    },
    /// In a document. Only an edit of it takes it back.
    Document {
        /// Where it stands.
        place: Place,
        /// The line that it covers, where it names no challenge.
        line: u32,
    },
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Configuration(place) => f.write_str(place),
            Self::Document { place, .. } => place.fmt(f),
            Self::Store { number, .. } => write!(f, "waiver {number} in the store"),
        }
    }
}

/// A waiver that an author wrote into a document: `<!-- dragnet: ignore CODE until DAY: REASON -->`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    /// The findings that it accepts.
    pub code: Code,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub until: NaiveDate,
    /// Where it stands.
    pub place: Place,
    /// The challenge in whose row it stands, by its index in the document.
    pub challenge: Option<usize>,
    /// The line that it covers where that is nobody's row: its own, or the next one where it stands alone.
    pub line: u32,
}

impl Marker {
    /// The waiver that it is, in a document with these challenges.
    pub fn waiver_among(&self, challenges: &[Challenge]) -> Waiver {
        let challenge = self.challenge.and_then(|nth| challenges.get(nth));
        self.waiver(challenge.map(|challenge| challenge.id.clone()))
    }

    /// The waiver that it is, if it stands in the row of this challenge.
    pub fn waiver(&self, challenge: Option<ChallengeId>) -> Waiver {
        Waiver {
            code: self.code,
            ticket: None,
            challenge,
            by: None,
            reason: self.reason.clone(),
            until: self.until,
            from: Origin::Document { place: self.place.clone(), line: self.line },
        }
    }
}

impl Waiver {
    /// What it is about: a ticket, a challenge, or both.
    pub fn about(&self) -> String {
        match (&self.ticket, &self.challenge) {
            (Some(ticket), Some(challenge)) => format!("{ticket} of {challenge}"),
            (Some(ticket), None) => ticket.to_string(),
            (None, Some(challenge)) => challenge.to_string(),
            (None, None) if matches!(self.from, Origin::Document { .. }) => "its line".to_owned(),
            (None, None) => "everything".to_owned(),
        }
    }
}
