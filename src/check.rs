//! The CI check: a pass, and what its findings mean for a build.

use chrono::TimeDelta;

use crate::domain::finding::{Finding, Severity};
use crate::domain::lookup::LookupKind;
use crate::domain::time::Moment;
use crate::sync::Outcome;

/// What fails a build.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The lowest severity that fails; `None` for never.
    pub fail_on: Option<Severity>,
    /// Whether "could not tell" fails.
    pub unknown_fails: bool,
    /// How old an answer may be that a finding rests on. Zero: of this run.
    pub max_age: TimeDelta,
}

/// What a check came to. The exit codes are the contract's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conclusion {
    /// Nothing that fails.
    Fine,
    /// Findings at or above the severity that fails, resting on answers that are fresh enough.
    Findings,
    /// Credentials that never worked: nothing was checked that the configuration promises to check.
    Refused,
    /// No such finding, and something could not be told.
    CouldNotTell,
}

/// What the outcome of a pass means under these terms.
///
/// A finding that rests on an older answer was proven once and may not be true any more: it is shown, and fails nobody's
/// build.
pub fn conclude(outcome: &Outcome, terms: &Terms) -> Conclusion {
    if !outcome.refused.is_empty() {
        return Conclusion::Refused;
    }
    let fails = |finding: &&Finding| {
        terms.fail_on.is_some_and(|least| finding.severity >= least) && counts(finding, outcome, terms)
    };
    if outcome.judged.findings.iter().any(|finding| fails(&finding)) {
        return Conclusion::Findings;
    }
    let unknown = outcome.lookups.get(&LookupKind::Unknown).copied().unwrap_or(0) > 0;
    if terms.unknown_fails && (unknown || !outcome.troubled.is_empty() || !outcome.unreadable.is_empty()) {
        return Conclusion::CouldNotTell;
    }
    Conclusion::Fine
}

/// Whether what a finding rests on was seen in this pass, is young enough, or is the document itself.
pub fn counts(finding: &Finding, outcome: &Outcome, terms: &Terms) -> bool {
    let seen_now = finding.ticket.as_ref().is_some_and(|ticket| outcome.proven.contains(ticket));
    let young = |answered: Moment| !terms.max_age.is_zero() && answered >= outcome.run.started_at - terms.max_age;
    finding.rests_on.is_none_or(|answered| seen_now || young(answered))
}
