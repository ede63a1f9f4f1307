//! What a team tolerates: ages and severities; what the names of its trackers mean; and who owns what.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::citation::Citing;
use super::finding::{Code, Severity};
use super::owner::Ownership;
use super::theme::Theme;
use super::tracker::TrackerId;

/// The team's choices that judging depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// How long a remedy may stay open and untouched.
    pub stale_after: TimeDelta,
    /// For how long after a closing nothing is flagged on it: notes, merges and second thoughts come late.
    pub grace: TimeDelta,
    /// Severities that differ from the defaults.
    pub severity: BTreeMap<Code, Severity>,
    /// How often closed tickets are asked for.
    pub cadence: Cadence,
    /// What the names of resolutions and statuses mean, by tracker, where the user says so.
    pub meanings: BTreeMap<TrackerId, Meanings>,
    /// What may not be told to everybody, and what everybody reads.
    pub secrecy: Secrecy,
    /// Who owns what.
    pub ownership: Ownership,
    /// What there is to cite besides tickets.
    pub citing: Citing,
    /// What challenges are rolled up by.
    pub themes: Vec<Theme>,
}

/// What may not be told to everybody, and what everybody reads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Secrecy {
    /// Trackers whose tickets are for the team alone.
    pub private: BTreeSet<TrackerId>,
    /// Sources, by their names, whose documents anybody may read.
    pub public: BTreeSet<String>,
}

/// What the names of one Jira mean; each name as [`Meanings::bare`] leaves it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Meanings {
    /// Of resolutions.
    pub resolutions: BTreeMap<String, Meaning>,
    /// Of statuses in which tickets are closed.
    pub statuses: BTreeMap<String, Meaning>,
}

impl Meanings {
    /// Lower case, letters and digits only: `Won’t-Fix`, `WontFix` and `won't fix` are one name.
    pub fn bare(name: &str) -> String {
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    }
}

/// What the name of a resolution or status says of the work on a closed ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Meaning {
    /// It was done.
    Done,
    /// It was not done.
    Undone,
    /// Another ticket has the answer.
    Duplicate,
    /// Nothing either way.
    Nothing,
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
    /// Ninety days, no grace, and the default severities and cadence.
    fn default() -> Self {
        Self {
            stale_after: TimeDelta::days(90),
            grace: TimeDelta::zero(),
            severity: BTreeMap::new(),
            cadence: Cadence::default(),
            meanings: BTreeMap::new(),
            secrecy: Secrecy::default(),
            ownership: Ownership::default(),
            citing: Citing::default(),
            themes: Vec::new(),
        }
    }
}
