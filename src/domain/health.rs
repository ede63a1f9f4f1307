//! How the data are: what could be read and asked, and what is not known and why.

use super::known::{KnownTracker, Run};
use super::lookup::LookupKind;
use super::time::Moment;
use super::tracker::TrackerId;

/// How the data are.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Health {
    /// Documents in force, those in trouble first.
    pub documents: Vec<HeldDocument>,
    /// How many there are of them.
    pub all_documents: usize,
    /// How many of them are in trouble.
    pub troubled: usize,
    /// The trackers ever asked.
    pub trackers: Vec<KnownTracker>,
    /// The last passes, newest first.
    pub runs: Vec<Run>,
    /// Look-ups that could not tell, those of most tickets first.
    pub untold: Vec<Untold>,
    /// What looks like tickets and no tracker claims: the project or host, and how often.
    pub unclaimed: Vec<(String, usize)>,
    /// When the last backup was made.
    pub backed_up: Option<Moment>,
}

/// A document in force.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldDocument {
    /// The document as the user named it.
    pub path: String,
    /// Its source's name.
    pub source: String,
    /// When its version in force was read; absent where it never was.
    pub read_at: Option<Moment>,
    /// Why it could not be read since, if it could not.
    pub trouble: Option<String>,
    /// What could not be understood whole.
    pub problems: usize,
}

/// Tickets of which the last look-up could not tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Untold {
    /// Whose.
    pub tracker: TrackerId,
    /// Hidden or unknown.
    pub lookup: LookupKind,
    /// Why.
    pub says: Option<String>,
    /// How many tickets.
    pub tickets: usize,
    /// One of them.
    pub example: String,
    /// How many of them were seen before, so that what was true then still stands.
    pub seen_before: usize,
}
