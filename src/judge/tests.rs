//! The room as a whole: standings, findings and their order, and what holds for any input.

mod across;
mod closings;
mod findings;
mod properties;
mod records;
pub(super) mod sayings;
mod standings;
pub(super) mod varied;

use super::judge;
use super::testing::{Register, moment};
use crate::domain::finding::{Code, Finding};
use crate::domain::judged::Judged;
use crate::domain::policy::Policy;

fn judged(register: &Register) -> Judged {
    judge(&register.known, &Policy::default(), moment("2026-06-01"))
}

/// The findings on tickets and links, without the hygiene of documents.
fn codes(judged: &Judged) -> Vec<(Code, String)> {
    let about = |finding: &Finding| finding.ticket.as_ref().map(ToString::to_string).unwrap_or_default();
    let hygiene =
        [Code::UntrackedChallenge, Code::OccurrenceMismatch, Code::IncompleteAnecdote, Code::UnmappedResolution];
    let findings = judged.findings.iter().filter(|finding| !hygiene.contains(&finding.code));
    findings.map(|finding| (finding.code, about(finding))).collect()
}
