//! What a tracker marked private may show where everybody reads: ids and verdicts.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::finding::{Code, Finding};
use crate::domain::ticket::TicketId;
use crate::domain::tracker::TrackerId;
use crate::sync::Outcome;

/// Takes from every finding what only a private tracker can have told.
pub(super) fn keep(outcome: &mut Outcome, private: &BTreeSet<TrackerId>) {
    if private.is_empty() {
        return;
    }
    let judged = Arc::make_mut(&mut outcome.judged);
    let waived = judged.waived.iter_mut().map(|waived| &mut waived.finding);
    for finding in judged.findings.iter_mut().chain(waived) {
        if let Some(ticket) = finding.ticket.clone().filter(|ticket| private.contains(ticket.tracker())) {
            withhold(finding, &ticket);
        }
    }
    for tracker in outcome.known.trackers.iter_mut().filter(|tracker| private.contains(&tracker.id)) {
        if let Some(trouble) = &mut tracker.trouble {
            trouble.says = "could not be asked, or not for everything".to_owned();
        }
    }
}

/// A finding with its code, its ticket and its place, and nothing that the tracker said.
fn withhold(finding: &mut Finding, ticket: &TicketId) {
    finding.message = format!("{}: {}", ticket.key(), finding.code.says());
    finding.evidence.clear();
    // A correction consists of ids; any other hint may quote.
    if finding.code != Code::MovedTicket {
        finding.hint = None;
    }
}
