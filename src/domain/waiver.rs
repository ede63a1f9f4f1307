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
    /// What it says of the finding.
    pub manner: Manner,
    /// Where it was given.
    pub from: Origin,
}

/// What a waiver says of its finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Manner {
    /// It is true, and lived with.
    #[default]
    Accepted,
    /// Not now. When its time is over the finding is told again, and nothing is said of the snooze.
    Snoozed,
    /// Not before the ticket changes, or its time is over.
    UntilChange,
}

impl Manner {
    /// Whether it only puts off.
    pub fn is_snooze(self) -> bool {
        self != Self::Accepted
    }

    /// What the store writes beside a finding that it covers: 1 accepted, 2 put off.
    pub fn accepts(self) -> u8 {
        if self.is_snooze() { 2 } else { 1 }
    }

    /// `accepted until 2027-03-31`, with a day as `until` writes it.
    pub fn lasting(self, until: &str) -> String {
        match self {
            Self::Accepted => format!("accepted until {until}"),
            Self::Snoozed => format!("snoozed until {until}"),
            Self::UntilChange => format!("snoozed until it changes, {until} at the latest"),
        }
    }
}

/// Why a day is no end of a waiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoEnd {
    /// None was named.
    #[error("it needs an end")]
    Unnamed,
    /// It lies behind us.
    #[error("{0} is over")]
    Over(NaiveDate),
    /// By then nobody remembers.
    #[error("{0} is more than {days} days ahead", days = LONGEST.num_days())]
    TooFar(NaiveDate),
}

/// A decision to look away ends: not in the past, and not so late that nobody remembers it. `today` is the day in UTC.
pub fn end(until: Option<NaiveDate>, today: NaiveDate) -> Result<NaiveDate, NoEnd> {
    match until {
        None => Err(NoEnd::Unnamed),
        Some(until) if until < today => Err(NoEnd::Over(until)),
        Some(until) if until > today + LONGEST => Err(NoEnd::TooFar(until)),
        Some(until) => Ok(until),
    }
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
            manner: Manner::Accepted,
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
            (None, None) if self.is_written() => "its line".to_owned(),
            (None, None) => "everything".to_owned(),
        }
    }

    /// Whether an author wrote it into a document.
    pub fn is_written(&self) -> bool {
        matches!(self.from, Origin::Document { .. })
    }
}
