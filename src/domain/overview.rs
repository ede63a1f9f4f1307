//! What is known and what was judged of it, in numbers.

use std::collections::BTreeMap;

use super::known::KnownTracker;
use super::time::Moment;
use super::tracker::TrackerId;
use super::verdict::{Standing, Verdict};

/// What is known and what was judged of it, in numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Overview {
    /// Documents in force.
    pub documents: usize,
    /// Those of them that were never read, or hold nothing, and cannot be read now.
    pub lost: usize,
    /// Challenges in them.
    pub challenges: usize,
    /// Meetings in them.
    pub meetings: usize,
    /// Cited tickets by tracker and verdict.
    pub verdicts: BTreeMap<(TrackerId, Verdict), usize>,
    /// Challenges by standing.
    pub standings: BTreeMap<Standing, usize>,
    /// Findings that nobody accepted.
    pub findings: usize,
    /// The oldest asking for a cited ticket, by tracker.
    pub oldest: BTreeMap<TrackerId, Moment>,
    /// Every tracker ever asked.
    pub trackers: Vec<KnownTracker>,
}
