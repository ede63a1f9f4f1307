//! What pages list: how fresh it is, and the rows of their lists.

use super::known::{KnownTracker, Run};
use super::time::Moment;

/// How fresh everything shown is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AsOf {
    /// The sources with documents in force, in order of their names.
    pub sources: Vec<SourceAge>,
    /// The trackers ever asked.
    pub trackers: Vec<KnownTracker>,
    /// The last pass that ended.
    pub last_run: Option<Run>,
}

/// How fresh one source is.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceAge {
    /// Its name in the configuration.
    pub name: String,
    /// Its documents in force.
    pub documents: usize,
    /// When the one read longest ago was read.
    pub read_at: Moment,
    /// Documents that could not be read since.
    pub troubled: usize,
}

/// A document with challenges, and how many of them there are.
#[derive(Debug, Clone, PartialEq)]
pub struct Register {
    /// The document as the user named it.
    pub path: String,
    /// When its version in force was read.
    pub read_at: Moment,
    /// Why it could not be read since, if it could not.
    pub trouble: Option<String>,
    /// Its challenges.
    pub challenges: usize,
}
