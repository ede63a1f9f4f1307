//! What is not flagged yet: closings that are younger than the team's grace, and fixes that are done and not released.

use super::dates::Dates;
use super::standing::Fate;
use super::words;
use crate::domain::finding::Code;
use crate::domain::known::Change;
use crate::domain::policy::Policy;
use crate::domain::ticket::Ticket;
use crate::domain::time::Moment;

/// Why a finding of this code on a closed remedy waits, as the end of a sentence; nothing where it does not.
///
/// - Within [`Policy::grace`] of the closing, or of the pass that saw the ticket turn closed, nothing on the closing is
///   flagged: notes, merges and second thoughts come late.
/// - What has fix versions of which none is released yet may be met until it ships, and shows little of its work. It
///   waits as long as an open ticket may rest ([`Policy::stale_after`]), for some versions are never released.
pub(super) fn waits(fate: &Fate<'_>, code: Code, policy: &Policy, dates: &Dates) -> Option<String> {
    let facts = fate.facts().filter(|facts| facts.closed)?;
    let closed = turned(fate, facts)?;
    if dates.are_before(closed + policy.grace) {
        let until = words::day_of(closed + policy.grace);
        return Some(format!("nothing is flagged on {} before {until}", fate.ticket().key()));
    }
    let unreleased = unreleased(facts)?;
    let of_shipping = matches!(code, Code::RecurredAfterClose | Code::ClosedUnverified);
    (of_shipping && dates.are_before(closed + policy.stale_after))
        .then(|| format!("{} waits for the release of {unreleased}", fate.ticket().key()))
}

/// When it was closed, as the tracker tells or as we saw it: the later, because what was told late could not be acted on.
fn turned(fate: &Fate<'_>, facts: &Ticket) -> Option<Moment> {
    let seen = fate.known.and_then(|known| {
        let turned = |change: &&Change| change.field == "closed" && change.after.as_deref() == Some("true");
        // What was closed when we met it first was closed before.
        known.history.iter().rev().find(turned).filter(|change| change.before.is_some())
    });
    let closed = facts.closed_at.or_else(|| seen.map(|change| change.seen_at))?;
    Some(seen.map_or(closed, |change| closed.max(change.seen_at)))
}

/// The first fix version, where none is released.
fn unreleased(facts: &Ticket) -> Option<&str> {
    let versions = &facts.details.fix_versions;
    let waits = versions.iter().all(|version| version.released == Some(false));
    versions.iter().map(|version| version.name.trim()).min().filter(|_| waits)
}
