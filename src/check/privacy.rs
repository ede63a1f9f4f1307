//! What a tracker marked private may show where everybody reads: ids and verdicts.

use std::collections::BTreeSet;

use url::Url;

use crate::domain::finding::{Code, Finding};
use crate::domain::known::Known;
use crate::domain::tracker::{Claims, TrackerId};
use crate::sync::Outcome;

/// Takes from every finding what only a private tracker can have told, also where it is about a ticket of another one.
pub(super) fn keep(outcome: &mut Outcome, private: &BTreeSet<TrackerId>, claims: &Claims) {
    if private.is_empty() {
        return;
    }
    let claims = claims.0.iter().filter(|claim| private.contains(&claim.tracker));
    let sites: Vec<&Url> = claims.flat_map(|claim| claim.site.iter().chain(&claim.former_sites)).collect();
    let judged = &mut outcome.judged;
    let waived = judged.waived.iter_mut().map(|waived| &mut waived.finding);
    for finding in judged.findings.iter_mut().chain(waived) {
        if rests_on(finding, private, &sites, &outcome.known) {
            withhold(finding);
        }
    }
    for tracker in outcome.known.trackers.iter_mut().filter(|tracker| private.contains(&tracker.id)) {
        if let Some(trouble) = &mut tracker.trouble {
            trouble.says = "could not be asked, or not for everything".to_owned();
        }
    }
}

/// Whether a finding rests on what a private tracker told: of its own ticket, of one that it points at, or of several.
fn rests_on(finding: &Finding, private: &BTreeSet<TrackerId>, sites: &[&Url], known: &Known) -> bool {
    let there = |source: &str| Url::parse(source).is_ok_and(|url| sites.iter().any(|site| site.host() == url.host()));
    let quoted = || {
        let cited = known.documents.iter().flat_map(|document| &document.references);
        let mut here = cited.filter(|reference| Some(&reference.place) == finding.place.as_ref());
        finding.code == Code::UnmappedResolution && here.any(|one| private.contains(one.ticket.tracker()))
    };
    finding.ticket.as_ref().is_some_and(|ticket| private.contains(ticket.tracker()))
        || finding.evidence.iter().filter_map(|one| one.source.as_deref()).any(there)
        || quoted()
}

/// A finding with its code, its ticket and its place, and nothing that a tracker said.
fn withhold(finding: &mut Finding) {
    let says = finding.code.says();
    finding.message = match &finding.ticket {
        Some(ticket) => format!("{}: {says}", ticket.key()),
        None => says.to_owned(),
    };
    finding.evidence.clear();
    // A correction consists of ids; any other hint may quote.
    if finding.code != Code::MovedTicket {
        finding.hint = None;
    }
}
