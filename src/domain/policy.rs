//! What a team tolerates: ages and severities.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::finding::{Code, Severity};

/// The team's choices that judging depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// How long a remedy may stay open and untouched.
    pub stale_after: TimeDelta,
    /// Severities that differ from the defaults.
    pub severity: BTreeMap<Code, Severity>,
    /// How often closed tickets are asked for.
    pub cadence: Cadence,
}

/// How often closed tickets are asked for by passes on schedule. Open ones, and whatever could not be told the last time,
/// are asked for in every pass; passes by hand and full ones ask for everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cadence {
    /// Time between two askings of a ticket that is closed or hidden.
    pub closed_every: TimeDelta,
    /// How long ago a ticket was closed that is quiet.
    pub quiet_after: TimeDelta,
    /// Time between two askings of a ticket that is quiet or gone; and the longest that a ticket is known from listings
    /// alone, which never show that one was deleted or moved.
    pub quiet_every: TimeDelta,
}

impl Default for Cadence {
    /// Six hours; thirty days; a day.
    fn default() -> Self {
        Self { closed_every: TimeDelta::hours(6), quiet_after: TimeDelta::days(30), quiet_every: TimeDelta::days(1) }
    }
}

impl Policy {
    /// How loud findings of this code are.
    pub fn severity(&self, code: Code) -> Severity {
        self.severity.get(&code).copied().unwrap_or_else(|| code.default_severity())
    }
}

impl Default for Policy {
    /// Ninety days, and the default severities and cadence.
    fn default() -> Self {
        Self { stale_after: TimeDelta::days(90), severity: BTreeMap::new(), cadence: Cadence::default() }
    }
}
