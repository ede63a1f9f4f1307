//! How what is said of a ticket or a challenge came about.

use super::act::Act;
use super::decision::Flags;
use super::minutes::Suggestion;
use super::register::SeenChange;
use super::ticket::TicketId;
use super::time::Moment;
use super::verdict::{Standing, Verdict};

/// What was said of tickets and challenges at earlier times, and what people decided; oldest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Past {
    /// Verdicts as they changed: of which ticket, since when, which, and how sure.
    pub verdicts: Vec<(TicketId, Moment, Verdict, f64)>,
    /// Standings of the challenge told of, as they changed: since when, and which.
    pub standings: Vec<(Moment, Standing)>,
    /// What changed about the challenge told of from one version of its document to the next.
    pub register: Vec<SeenChange>,
    /// Topics of meetings that link to the challenge told of, and so belong to it.
    pub linked: Vec<Suggestion>,
    /// Topics of meetings that may be about the challenge told of: a guess.
    pub suggested: Vec<Suggestion>,
    /// What the audit trail has of the tickets and challenges.
    pub acts: Vec<Act>,
    /// How often the rules' flags stood, of all that people decided on.
    pub flags: Flags,
}
