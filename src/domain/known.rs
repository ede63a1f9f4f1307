//! All that is known at one moment: what the documents say, and what the trackers said last.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::challenge::{Challenge, ChallengeId};
use super::citation::{Citation, KnownTarget};
use super::decision::Decision;
use super::details::Closing;
use super::document::Kind;
use super::finding::Problem;
use super::follow::{Elsewhere, Follow};
use super::lookup::{LookupKind, Trouble};
use super::minutes::Meeting;
use super::reference::{Reference, Unclaimed};
use super::register::SeenChange;
use super::series;
use super::ticket::{Ticket, TicketId};
use super::time::Moment;
use super::tracker::TrackerId;
use super::waiver::{Marker, Waiver};

/// All that is known at one moment; what judging and reporting work on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Known {
    /// The documents, in order of their paths, each with what its last good version says.
    pub documents: Vec<KnownDocument>,
    /// Every ticket cited in them.
    pub tickets: BTreeMap<TicketId, KnownTicket>,
    /// Every other ticket that was asked for because closed ones point at it.
    pub followed: BTreeMap<TicketId, KnownTicket>,
    /// What closed tickets point at.
    pub follows: BTreeMap<TicketId, Vec<Follow>>,
    /// The trackers ever asked.
    pub trackers: Vec<KnownTracker>,
    /// When a finding was first seen, by its fingerprint.
    pub first_seen: BTreeMap<String, Moment>,
    /// The last pass that ended.
    pub last_run: Option<Run>,
    /// The verdicts that people gave and did not take back.
    pub decisions: BTreeMap<TicketId, Decision>,
    /// The findings that people accepted by command, those whose time ran out included.
    pub waivers: Vec<Waiver>,
    /// What changed in registers last, oldest first.
    pub register: Vec<SeenChange>,
}

impl Known {
    /// What is known of a ticket, cited or followed.
    pub fn ticket(&self, id: &TicketId) -> Option<&KnownTicket> {
        self.tickets.get(id).or_else(|| self.followed.get(id))
    }
}

/// One document's last good version.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownDocument {
    /// The source that it belongs to, by its name in the configuration.
    pub source: String,
    /// The document as the user named it.
    pub path: String,
    /// What it is called where it lives, if its path does not say so: a wiki's page has a title.
    pub title: Option<String>,
    /// What it is for.
    pub kind: Kind,
    /// When the version in force was read; `None` where none ever was.
    pub read_at: Option<Moment>,
    /// Why it could not be read since, if it could not.
    pub trouble: Option<String>,
    /// Its challenges.
    pub challenges: Vec<Challenge>,
    /// Its meetings.
    pub meetings: Vec<Meeting>,
    /// Its references; their owners index into `challenges` and `meetings`.
    pub references: Vec<Reference>,
    /// What it cites besides tickets.
    pub citations: Vec<KnownCitation>,
    /// What looks like a ticket there and nobody claims.
    pub unclaimed: Vec<Unclaimed>,
    /// What could not be understood whole.
    pub problems: Vec<Problem>,
    /// Waivers that its authors wrote into it; they index into `challenges`.
    pub markers: Vec<Marker>,
}

impl KnownDocument {
    /// The name that it shares with the other documents of its series.
    pub fn series(&self) -> String {
        series::name(self.title.as_ref().unwrap_or(&self.path))
    }
}

/// Something besides a ticket that a document cites, and what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownCitation {
    /// The citation.
    pub citation: Citation,
    /// What is known; `None` where nobody looked yet, or nobody does.
    pub known: Option<KnownTarget>,
}

/// What is known of one ticket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KnownTicket {
    /// The id under which it is cited.
    pub id: TicketId,
    /// The last good answer: what the tracker told, and when that was true.
    pub facts: Option<Box<Ticket>>,
    /// When `facts` were true.
    pub good_at: Option<Moment>,
    /// The last *proving* look-up: found, moved or gone. An outage or a lost permission leaves it as it was.
    pub proven: Option<LookupKind>,
    /// When that was.
    pub proven_at: Option<Moment>,
    /// What the last look-up gave.
    pub lookup: LookupKind,
    /// What it said, where it was not plainly found: the proof, the reason, the trouble.
    pub lookup_says: Option<String>,
    /// When it was last asked for; `None` before the first time.
    pub asked_at: Option<Moment>,
    /// Where it is now, if it moved.
    pub moved_to: Option<TicketId>,
    /// What other trackers show of its work, where that was looked for.
    pub elsewhere: Option<Elsewhere>,
    /// What changed and when that was seen, oldest first.
    pub history: Vec<Change>,
}

impl KnownTicket {
    /// A ticket that was never asked for.
    pub fn unasked(id: TicketId) -> Self {
        Self {
            id,
            facts: None,
            good_at: None,
            proven: None,
            proven_at: None,
            lookup: LookupKind::Unknown,
            lookup_says: Some("not asked yet".to_owned()),
            asked_at: None,
            moved_to: None,
            elsewhere: None,
            history: Vec::new(),
        }
    }
}

/// One change of a ticket, as seen by us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When a pass saw it.
    pub seen_at: Moment,
    /// What changed: `lookup`, `state`, `reason`, `title`, `closed_at` …
    pub field: String,
    /// What it was; absent when it was not known before.
    pub before: Option<String>,
    /// What it is; absent when it is not told any more.
    pub after: Option<String>,
}

/// One tracker's health.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownTracker {
    /// Its name in ids.
    pub id: TrackerId,
    /// When it last answered as it should.
    pub worked_at: Option<Moment>,
    /// What was wrong the last time it was asked, if anything was.
    pub trouble: Option<Trouble>,
    /// When it was last asked.
    pub asked_at: Option<Moment>,
}

/// One pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// When it began.
    pub started_at: Moment,
    /// When it ended; absent while it runs, and for ever if it was killed.
    pub ended_at: Option<Moment>,
    /// Whether every source was read and every ticket answered for.
    pub complete: bool,
    /// How many tickets were asked for.
    pub asked: usize,
    /// How many of them could not be asked.
    pub unknown: usize,
}

/// One ticket that is wanted, with what planning needs to know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Want {
    /// The ticket.
    pub ticket: TicketId,
    /// Whether it is cited as a remedy anywhere, or took the place of one that is.
    pub remedy: bool,
    /// Whether no document cites it, and only closed tickets point at it.
    pub followed: bool,
    /// When it was last asked for.
    pub asked_at: Option<Moment>,
    /// When the tracker last told anything of it; `None` where it never did, however often it was asked.
    pub told_at: Option<Moment>,
    /// What the last look-up gave; `None` before the first time.
    pub lookup: Option<LookupKind>,
    /// Whether it was closed when it was last seen; `None` where it never was, or is proven gone.
    pub closed: Option<bool>,
    /// When it was closed, where that is known.
    pub closed_at: Option<Moment>,
    /// The closing that was looked at, if one was.
    pub looked_at: Option<Arc<Closing>>,
    /// When its last good answer came, by our clock.
    pub good_at: Option<Moment>,
    /// When it changed last as far as is known, by the tracker's clock.
    pub updated_at: Option<Moment>,
    /// When it was asked for itself, where only listings have spoken for it since.
    pub listed_since: Option<Moment>,
    /// The last webhook delivery that named it and is not followed yet, as the store counts them.
    pub nudge: Option<i64>,
    /// Where it was the last time, if it had moved.
    pub moved_to: Option<TicketId>,
    /// When its closing was looked at last, where that is known.
    pub last_look: Option<Moment>,
    /// The closing at which a closer look failed the last time, if it did.
    pub unlooked: Option<Box<Unlooked>>,
}

/// A closing at which a closer look failed, in every pass that tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Unlooked {
    /// The closing.
    pub closing: Arc<Closing>,
    /// When a look at it failed first.
    pub since: Moment,
    /// And last.
    pub last: Moment,
}

impl Unlooked {
    /// From when on a look is tried again. After the first failure that is the next pass; from then on it is left alone
    /// for as long as it failed already, and for `most` at most.
    pub fn again_at(&self, most: TimeDelta) -> Moment {
        self.last + (self.last - self.since).min(most)
    }
}

/// What an answer would turn a ticket into that was seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Turn {
    /// Open before, closed now.
    Closed,
    /// Proven gone.
    Gone,
    /// Not shown any more.
    Hidden,
}

impl Turn {
    /// The word that messages and the store use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Gone => "gone",
            Self::Hidden => "hidden",
        }
    }
}

/// A challenge that the store already knows, for matching rows across versions.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownChallenge {
    /// Its lasting name.
    pub id: ChallengeId,
    /// Its title in the last good version.
    pub title: String,
    /// Its tickets in the last good version.
    pub tickets: Vec<TicketId>,
    /// Its anecdotes in the last good version, by their fingerprints.
    pub anecdotes: Vec<String>,
}
