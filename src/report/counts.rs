//! The totals of a report, under the names of the contract.

use serde::Serialize;

use crate::domain::lookup::LookupKind;
use crate::domain::verdict::{Standing, Verdict};

/// How many there are of what. The numbers of `lookups` and of `verdicts` each add up to `tickets`, those of
/// `standings` to `challenges`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Challenges in all documents.
    pub challenges: usize,
    /// Tickets cited, each once.
    pub tickets: usize,
    /// What asking for them gave last.
    pub lookups: Lookups,
    /// Whether their work was done.
    pub verdicts: Verdicts,
    /// Where the challenges stand.
    pub standings: Standings,
}

/// Tickets by what asking for them gave last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Lookups {
    /// Found under the id asked for.
    pub found: usize,
    /// Found elsewhere.
    pub moved: usize,
    /// Proven not to be there.
    pub gone: usize,
    /// Not shown to us.
    pub hidden: usize,
    /// Could not be asked for.
    pub unknown: usize,
}

/// Tickets by verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Verdicts {
    /// Not closed.
    pub open: usize,
    /// Closed, and done.
    pub done: usize,
    /// Closed without the work.
    pub undone: usize,
    /// Closed, and nothing says either way.
    pub unverified: usize,
    /// Gone.
    pub missing: usize,
    /// Never seen.
    pub unknown: usize,
}

/// Challenges by standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Standings {
    /// No ticket promises a fix.
    pub no_remedy: usize,
    /// A remedy is open.
    pub promised: usize,
    /// The remedies are closed, and the challenge stands.
    pub broken_promise: usize,
    /// Done, and quiet since.
    pub cleared: usize,
    /// Nothing can be said.
    pub unknown: usize,
}

impl Lookups {
    pub(super) fn add(&mut self, kind: LookupKind) {
        *match kind {
            LookupKind::Found => &mut self.found,
            LookupKind::Moved => &mut self.moved,
            LookupKind::Gone => &mut self.gone,
            LookupKind::Hidden => &mut self.hidden,
            LookupKind::Unknown => &mut self.unknown,
        } += 1;
    }
}

impl Verdicts {
    pub(super) fn add(&mut self, verdict: Verdict) {
        *match verdict {
            Verdict::Open => &mut self.open,
            Verdict::Done => &mut self.done,
            Verdict::Undone => &mut self.undone,
            Verdict::Unverified => &mut self.unverified,
            Verdict::Missing => &mut self.missing,
            Verdict::Unknown => &mut self.unknown,
        } += 1;
    }
}

impl Standings {
    pub(super) fn add(&mut self, standing: Standing) {
        *match standing {
            Standing::NoRemedy => &mut self.no_remedy,
            Standing::Promised => &mut self.promised,
            Standing::BrokenPromise => &mut self.broken_promise,
            Standing::Cleared => &mut self.cleared,
            Standing::Unknown => &mut self.unknown,
        } += 1;
    }
}
