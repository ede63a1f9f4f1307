//! What changed since a moment: where challenges stand, verdicts, challenges that came and went, findings.

use serde::Serialize;

use super::challenge::ChallengeId;
use super::pages::ListedFinding;
use super::ticket::TicketId;
use super::time::Moment;
use super::verdict::{Standing, Verdict};

/// What is other than it was at a moment. What changed to and fro in between is as it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// The moment.
    pub since: Moment,
    /// Challenges that stand elsewhere, by rank.
    pub standings: Newest<Moved>,
    /// Verdicts that are others, by ticket.
    pub verdicts: Newest<Turned>,
    /// Challenges that came, by rank.
    pub came: Newest<Moved>,
    /// Challenges that no document has any more, each with since when.
    pub gone: Newest<(ChallengeId, Moment)>,
    /// Findings that were not there, and that nobody accepted, the most severe first; without their evidence.
    pub found: Newest<ListedFinding>,
    /// Findings that were there, each with since when it is not, the most severe first.
    pub cleared: Newest<(ListedFinding, Moment)>,
}

/// What changed last in one way.
#[derive(Debug, Clone, PartialEq)]
pub struct Newest<T> {
    /// It.
    pub told: Vec<T>,
    /// Whether more changed in that way than was looked at: then there may be more to tell.
    pub more: bool,
}

impl Changes {
    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        let Self { standings, verdicts, came, gone, found, cleared, since: _ } = self;
        standings.told.is_empty()
            && verdicts.told.is_empty()
            && came.told.is_empty()
            && gone.told.is_empty()
            && found.told.is_empty()
            && cleared.told.is_empty()
    }

    /// Whether there may be more to tell of something.
    pub fn more(&self) -> bool {
        let Self { standings, verdicts, came, gone, found, cleared, since: _ } = self;
        standings.more || verdicts.more || came.more || gone.more || found.more || cleared.more
    }
}

/// A challenge that stands elsewhere, or came.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    /// Which.
    pub challenge: ChallengeId,
    /// Its title.
    pub title: String,
    /// Where it stood; absent for one that was not judged then.
    pub before: Option<Standing>,
    /// Where it stands.
    pub after: Standing,
    /// Since when.
    pub at: Moment,
    /// Why.
    pub because: String,
}

/// A verdict that is another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Turned {
    /// The ticket.
    pub ticket: TicketId,
    /// Its title, where it was ever seen.
    pub title: Option<String>,
    /// What it was.
    pub before: Verdict,
    /// What it is.
    pub after: Verdict,
    /// How sure it is.
    pub confidence: f64,
    /// Since when.
    pub at: Moment,
}
