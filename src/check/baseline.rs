//! The baseline: findings that were there when a team began to check, so that only what is new fails.
//!
//! An entry is matched by its fingerprint, or by code, challenge and ticket, never by a line. The challenges stand in it
//! with title and tickets, so that one that was reworded or moved to another document is still the same. What documents say
//! that is about no ticket stands in it with its words: they are the same in a document that was renamed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::documents::identity;
use crate::domain::challenge::{Anecdote, Challenge, ChallengeId};
use crate::domain::finding::{Code, Finding};
use crate::domain::known::{Known, KnownChallenge};
use crate::domain::ticket::TicketId;
use crate::sync::Outcome;

/// The number of this shape.
const SCHEMA: u32 = 1;

/// What is about no ticket, and of which a place may have several: only its words tell one from the other.
const BY_WORDS: [Code; 6] = [
    Code::MalformedReference,
    Code::MalformedRow,
    Code::UnreadTable,
    Code::UnclaimedReference,
    Code::PrivateLink,
    Code::DeadLink,
];

fn by_words(finding: &Finding) -> bool {
    finding.ticket.is_none() && BY_WORDS.contains(&finding.code)
}

/// Findings that were there before.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    schema: u32,
    /// The challenges that entries are about.
    challenges: Vec<Title>,
    /// The findings.
    findings: Vec<Entry>,
}

/// A challenge as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Title {
    id: ChallengeId,
    title: String,
    tickets: Vec<TicketId>,
    /// Its anecdotes, by their fingerprints.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    anecdotes: Vec<String>,
}

/// One finding that was there before.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entry {
    /// What it is about.
    pub code: Code,
    /// The challenge concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<ChallengeId>,
    /// The ticket concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketId>,
    /// What it says, where nothing else tells it from others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    says: Option<String>,
    fingerprint: String,
}

impl std::fmt::Display for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.code.fmt(f)?;
        let about = [self.ticket.as_ref().map(ToString::to_string), self.challenge.as_ref().map(ToString::to_string)];
        about.iter().flatten().try_for_each(|one| write!(f, " {one}"))?;
        self.says.iter().try_for_each(|says| write!(f, " ({says})"))
    }
}

/// What a baseline and the findings of a pass have to do with each other.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// Fingerprints of the findings that the baseline holds.
    pub(super) known: BTreeSet<String>,
    /// Entries that match nothing any more.
    pub(super) stale: Vec<Entry>,
}

impl Baseline {
    /// All findings of a pass, in an order that changes little from one time to the next. A decision to accept something
    /// that is over is no finding of before: it would stay accepted without an end.
    pub fn of(outcome: &Outcome) -> Self {
        let findings = outcome.judged.findings.iter().filter(|finding| !finding.code.is_on_waivers());
        let mut findings: Vec<Entry> = findings
            .map(|finding| Entry {
                code: finding.code,
                challenge: finding.challenge.clone(),
                ticket: finding.ticket.clone(),
                says: by_words(finding).then(|| finding.message.clone()),
                fingerprint: finding.fingerprint.clone(),
            })
            .collect();
        findings.sort();
        let named: BTreeSet<&ChallengeId> = findings.iter().filter_map(|entry| entry.challenge.as_ref()).collect();
        let challenges = challenges(&outcome.known).filter(|challenge| named.contains(&challenge.id));
        let mut challenges: Vec<Title> = challenges
            .map(|challenge| Title {
                id: challenge.id.clone(),
                title: challenge.title.clone(),
                tickets: challenge.tickets.clone(),
                anecdotes: challenge.anecdotes.iter().filter_map(Anecdote::fingerprint).collect(),
            })
            .collect();
        challenges.sort_by(|a, b| a.id.cmp(&b.id));
        Self { schema: SCHEMA, challenges, findings }
    }

    /// Reads a baseline; the error says what is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let read: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if read.schema == SCHEMA { Ok(read) } else { Err(format!("schema {} is not known", read.schema)) }
    }

    /// The baseline as it is kept in a repository: one entry a line, so that a change of it reads well.
    pub fn write(&self) -> String {
        format!(
            "{{\n  \"schema\": {},\n  \"challenges\": {},\n  \"findings\": {}\n}}\n",
            self.schema,
            list(&self.challenges),
            list(&self.findings)
        )
    }

    /// The baseline without these entries.
    pub fn without(mut self, stale: &[Entry]) -> Self {
        self.findings.retain(|entry| !stale.contains(entry));
        let named: BTreeSet<_> = self.findings.iter().filter_map(|entry| entry.challenge.clone()).collect();
        self.challenges.retain(|challenge| named.contains(&challenge.id));
        self
    }

    /// How many findings it holds.
    pub fn len(&self) -> usize {
        self.findings.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Which findings it holds, and which of its entries match nothing. `could_tell` says of a ticket whether what is
    /// known of it counts: where it does not, a finding that is not there proves nothing. `all` says whether the documents were
    /// looked at as a whole: then what stands elsewhere now is known by its words.
    pub(super) fn compare(&self, outcome: &Outcome, could_tell: &dyn Fn(&TicketId) -> bool, all: bool) -> Compared {
        let before = self.names_before(&outcome.known);
        let mut matched = vec![false; self.findings.len()];
        let mut known = BTreeSet::new();
        let accepted = outcome.judged.waived.iter().map(|waived| &waived.finding);
        let findings = || outcome.judged.findings.iter().chain(accepted.clone());
        for finding in findings() {
            for (entry, matched) in self.findings.iter().zip(&mut matched) {
                if entry.is(finding, &before) {
                    *matched = true;
                    known.insert(finding.fingerprint.clone());
                }
            }
        }
        // One for one: a second one of the same words is new. So is what a branch touches: where it only renames a document it
        // touches nothing of it.
        for finding in findings().filter(|finding| all && !known.contains(&finding.fingerprint)).collect::<Vec<_>>() {
            let moved = |(at, entry): &(usize, &Entry)| !matched[*at] && entry.says_what(finding);
            if let Some((at, _)) = self.findings.iter().enumerate().find(moved) {
                matched[at] = true;
                known.insert(finding.fingerprint.clone());
            }
        }
        let unmatched = self.findings.iter().zip(matched).filter(|(_, matched)| !matched).map(|(entry, _)| entry);
        let stale = unmatched.filter(|entry| entry.ticket.as_ref().is_none_or(could_tell)).cloned().collect();
        Compared { known, stale }
    }

    /// What the challenges of today were called in the baseline: the same title, shared tickets or anecdotes, or a similar
    /// title.
    fn names_before(&self, known: &Known) -> BTreeMap<ChallengeId, ChallengeId> {
        let titles: Vec<KnownChallenge> = self
            .challenges
            .iter()
            .cloned()
            .map(|Title { id, title, tickets, anecdotes }| KnownChallenge { id, title, tickets, anecdotes })
            .collect();
        let nameless = |challenge: &Challenge| Challenge { id: ChallengeId(String::new()), ..challenge.clone() };
        let mut renamed: Vec<Challenge> = challenges(known).map(nameless).collect();
        identity::assign(&mut renamed, &titles, |_| false);
        challenges(known).zip(renamed).map(|(now, before)| (now.id.clone(), before.id)).collect()
    }
}

impl Entry {
    fn is(&self, finding: &Finding, before: &BTreeMap<ChallengeId, ChallengeId>) -> bool {
        if finding.code.is_on_waivers() {
            return false;
        }
        if self.fingerprint == finding.fingerprint {
            return true;
        }
        let was = finding.challenge.as_ref().map(|now| before.get(now).unwrap_or(now));
        self.challenge.is_some()
            && self.says.is_none()
            && (self.code, self.challenge.as_ref(), &self.ticket) == (finding.code, was, &finding.ticket)
    }

    /// Whether it says the same, wherever that stands.
    fn says_what(&self, finding: &Finding) -> bool {
        self.code == finding.code && self.says.as_ref() == Some(&finding.message)
    }
}

fn challenges(known: &Known) -> impl Iterator<Item = &Challenge> {
    known.documents.iter().flat_map(|document| &document.challenges)
}

/// A list as JSON, each element on a line of its own.
fn list(elements: &[impl Serialize]) -> String {
    let line = |one| serde_json::to_string(one).expect("our types have string keys and cannot fail to serialize");
    let lines: Vec<String> = elements.iter().map(|one| format!("    {}", line(one))).collect();
    if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}\n  ]", lines.join(",\n")) }
}
