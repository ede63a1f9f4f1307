//! Findings: what is worth a person's time, from links, promises and the documents themselves, in the order in which
//! a lead should care.

mod agreements;
mod citations;
mod decisions;
mod documents;
mod links;
mod names;
mod order;
mod promises;

pub(super) use documents::is_nameless;
pub(super) use links::{Moved, blind_trackers, moved};
pub(super) use names::{Unmapped, unmapped};

use std::collections::{BTreeMap, BTreeSet, HashSet};

use sha2::{Digest, Sha256};

use crate::domain::challenge::ChallengeId;
use crate::domain::decision::Decided;
use crate::domain::finding::{Code, Finding, Severity};
use crate::domain::known::{Known, KnownDocument};
use crate::domain::place::Place;
use crate::domain::policy::Policy;
use crate::domain::portion::Habit;
use crate::domain::reference::Role;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerId;
use crate::domain::verdict::Evidence;

use super::dates::Dates;
use super::families::Tongues;
use super::rows::{Citations, Row};
use super::shares;
use super::standing::{Fate, Stood};

/// What findings are made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene<'a> {
    /// All that is known.
    pub(super) known: &'a Known,
    /// What the team tolerates.
    pub(super) policy: &'a Policy,
    /// The present moment.
    pub(super) dates: &'a Dates,
    /// What the names of the trackers mean.
    pub(super) names: &'a Tongues<'a>,
    /// Trackers that show nothing at all.
    pub(super) blind: &'a BTreeSet<TrackerId>,
    /// Registers that hardly ever name a team, by their paths.
    pub(super) nameless: &'a BTreeMap<String, Habit>,
    /// Who cites what.
    pub(super) citations: &'a Citations<'a>,
    /// The challenges.
    pub(super) rows: &'a [Row<'a>],
    /// What became of their remedies, row by row.
    pub(super) fates: &'a [Vec<Fate<'a>>],
    /// Where they stand, row by row.
    pub(super) stood: &'a [Stood],
    /// What became of the remedies that meetings agreed on and no challenge has.
    pub(super) follow_ups: &'a [Fate<'a>],
    /// What people decided, beside what the rules say.
    pub(super) decided: &'a BTreeMap<TicketId, Decided>,
}

/// A finding in the making, with what its place in the order depends on.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    code: Code,
    challenge: Option<ChallengeId>,
    ticket: Option<TicketId>,
    role: Option<Role>,
    place: Option<Place>,
    message: String,
    hint: Option<String>,
    evidence: Vec<Evidence>,
    rests_on: Option<Moment>,
    /// What tells it from others of its code; see [`Draft::about`].
    identity: String,
    /// How much it weighs among findings of its kind.
    weight: f64,
}

impl Draft {
    /// A finding of a code with its message. `identity` is what stays the same while lines move; the code is added.
    fn about(code: Code, identity: String, message: String) -> Self {
        Self {
            code,
            challenge: None,
            ticket: None,
            role: None,
            place: None,
            message,
            hint: None,
            evidence: Vec::new(),
            rests_on: None,
            identity,
            weight: 0.0,
        }
    }
}

/// The identity of a finding on a challenge's ticket, on a ticket, or on a challenge.
fn identity(challenge: Option<&ChallengeId>, ticket: Option<&TicketId>) -> String {
    let challenge = challenge.map(|id| id.0.as_str()).unwrap_or_default();
    // GitHub ignores the case of owners and repositories, and so must the name.
    let ticket = ticket.map(|id| id.to_string().to_lowercase()).unwrap_or_default();
    format!("{challenge}|{ticket}")
}

/// The findings on tickets and challenges, and those that are not told yet, each with what it waits for.
pub(super) fn drafts(scene: &Scene<'_>) -> (Vec<Draft>, Vec<(Finding, String)>) {
    let mut drafts = links::findings(scene);
    let (told, waiting) = promises::findings(scene);
    drafts.extend(told);
    drafts.extend(decisions::findings(scene));
    drafts.extend(documents::on_challenges(scene));
    (drafts, waiting.into_iter().map(|(draft, until)| (withheld(scene, draft), until)).collect())
}

/// The findings on documents, on what moved, and on names, each told once for all that is known.
pub(super) fn of_the_whole(
    documents: &[KnownDocument],
    nameless: &BTreeMap<String, Habit>,
    moved: &[Moved],
    unmapped: &[Unmapped],
) -> Vec<Draft> {
    let mut drafts = links::moves(moved);
    drafts.extend(documents::findings(documents, nameless));
    drafts.extend(names::findings(unmapped));
    drafts.extend(agreements::findings(documents));
    drafts.extend(citations::findings(documents));
    drafts
}

/// Findings of what was drafted, in order. `first_seen` tells since when each stands; one that is not there stands since
/// now.
pub(super) fn findings(
    mut drafts: Vec<Draft>,
    policy: &Policy,
    now: Moment,
    first_seen: &BTreeMap<String, Moment>,
) -> Vec<Finding> {
    drafts.retain(|draft| policy.severity(draft.code) != Severity::Off);
    order::sort(&mut drafts);
    let fingerprints = shares::each(&drafts, |draft| fingerprint(draft.code, &draft.identity));
    let mut taken = HashSet::new();
    let drafts = drafts.into_iter().zip(fingerprints).filter_map(|(draft, fingerprint)| {
        let first_seen = first_seen.get(&fingerprint).copied().unwrap_or(now);
        taken.insert(fingerprint.clone()).then(|| finish(draft, fingerprint, policy, first_seen))
    });
    drafts.collect()
}

fn withheld(scene: &Scene<'_>, draft: Draft) -> Finding {
    let fingerprint = fingerprint(draft.code, &draft.identity);
    let first_seen = scene.known.first_seen.get(&fingerprint).copied();
    finish(draft, fingerprint, scene.policy, first_seen.unwrap_or(scene.dates.now()))
}

fn finish(mut draft: Draft, fingerprint: String, policy: &Policy, first_seen: Moment) -> Finding {
    super::combine::sort(&mut draft.evidence);
    Finding {
        code: draft.code,
        severity: policy.severity(draft.code),
        challenge: draft.challenge,
        ticket: draft.ticket,
        role: draft.role,
        place: draft.place,
        message: draft.message,
        hint: draft.hint,
        evidence: draft.evidence,
        first_seen: Some(first_seen),
        fingerprint,
        rests_on: draft.rests_on,
    }
}

/// Sixteen hexadecimal digits: short enough to read out, long enough for a register.
pub fn fingerprint(code: Code, identity: &str) -> String {
    let digest = Sha256::digest(format!("{code}|{identity}"));
    let first = digest.iter().take(8).fold(0_u64, |first, byte| first << 8 | u64::from(*byte));
    format!("{first:016x}")
}

/// Identities of what has neither challenge nor ticket: the second of the same words in a document is another one.
#[derive(Debug, Default)]
struct Repeats(BTreeMap<String, usize>);

impl Repeats {
    fn tell_apart(&mut self, identity: String) -> String {
        let times = self.0.entry(identity.clone()).or_default();
        *times += 1;
        if *times == 1 { identity } else { format!("{identity}|{times}") }
    }
}
