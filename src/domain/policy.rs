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
}

impl Policy {
    /// How loud findings of this code are.
    pub fn severity(&self, code: Code) -> Severity {
        self.severity.get(&code).copied().unwrap_or_else(|| code.default_severity())
    }
}

impl Default for Policy {
    /// Ninety days, and the default severities.
    fn default() -> Self {
        Self { stale_after: TimeDelta::days(90), severity: BTreeMap::new() }
    }
}
