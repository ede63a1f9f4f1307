//! A challenge: one row of a register.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::place::Place;
use super::series::plain;
use super::ticket::TicketId;
use super::time::PartialDate;

/// A challenge's lasting name, readable and short: made from the first title that it was seen under.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChallengeId(pub String);

impl std::fmt::Display for ChallengeId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// One row of a register.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Challenge {
    /// Its lasting name.
    pub id: ChallengeId,
    /// Its category; absent where the register has none.
    pub category: Option<String>,
    /// The column *Issue*.
    pub title: String,
    /// Where its title starts.
    pub place: Place,
    /// How often it was met, where the register counts.
    pub occurrences: Option<u32>,
    /// What teams reported.
    pub anecdotes: Vec<Anecdote>,
    /// What is being done.
    pub status: Status,
    /// Every ticket cited anywhere in the row, once, in order of first appearance.
    pub tickets: Vec<TicketId>,
}

/// One report inside a challenge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Anecdote {
    /// When, as exactly as it was written.
    pub date: Option<PartialDate>,
    /// Whether the writer marked the date as approximate (`~Aug, 2021`).
    pub approximate: bool,
    /// Teams named as those it happened to.
    pub teams: Vec<String>,
    /// What happened, without the date.
    pub text: String,
    /// Where it starts, its date included.
    pub place: Place,
    /// Tickets cited in it.
    pub tickets: Vec<TicketId>,
}

impl Anecdote {
    /// What it tells, as it is known again in another version or another place: its date and its words.
    pub fn told(&self) -> String {
        told(self.date, &self.text)
    }

    /// The same in short: a quarter of a SHA-256, in hexadecimal. `None` where it has no words.
    pub fn fingerprint(&self) -> Option<String> {
        fingerprint(self.date, &self.text)
    }
}

/// [`Anecdote::told`] of an anecdote with this date and these words.
fn told(date: Option<PartialDate>, text: &str) -> String {
    let date = date.map(|date| date.to_string()).unwrap_or_default();
    format!("{date} {}", plain(text))
}

/// [`Anecdote::fingerprint`] of an anecdote with this date and these words.
pub fn fingerprint(date: Option<PartialDate>, text: &str) -> Option<String> {
    let told = told(date, text);
    (!told.ends_with(' ')).then(|| hex::encode(&Sha256::digest(told)[..8]))
}

/// The status cell.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Status {
    /// The cell as it reads, white space folded.
    pub text: String,
    /// Notes in it.
    pub notes: Vec<Note>,
}

/// A note in the status cell: `Note: This ticket was not actually completed.`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// The ticket that it speaks of: the last one cited before it in the cell.
    pub ticket: Option<TicketId>,
    /// What it says, without the word `Note:`.
    pub text: String,
    /// Where it starts.
    pub place: Place,
}
