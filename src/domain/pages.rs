//! What pages list: how fresh it is, and the rows of their lists.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::challenge::ChallengeId;
use super::decision::Flags;
use super::finding::{Code, Finding};
use super::judged::Judged;
use super::known::{Known, KnownTicket, KnownTracker, Run};
use super::minutes::{Meeting, Topic};
use super::past::Past;
use super::portion::{Closed, Own};
use super::ticket::TicketId;
use super::time::{Moment, Quarter};
use super::tracker::TrackerId;
use super::verdict::{Judgement, Standing, Verdict};
use super::waiver::Waiver;

/// How fresh everything shown is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AsOf {
    /// The sources with documents in force, in order of their names.
    pub sources: Vec<SourceAge>,
    /// The trackers ever asked.
    pub trackers: Vec<KnownTracker>,
    /// The last pass that ended.
    pub last_run: Option<Run>,
    /// The one that runs now.
    pub running: Option<Progress>,
}

/// How far a pass is.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// When it began.
    pub since: Moment,
    /// How many tickets it asks for, as far as it knows yet.
    pub asked: usize,
    /// How many of them are answered.
    pub answered: usize,
    /// Whether it waits for another process's pass to end.
    pub waiting: bool,
}

/// How fresh one source is.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceAge {
    /// Its name in the configuration.
    pub name: String,
    /// Its documents in force.
    pub documents: usize,
    /// When the one read longest ago was read; `None` where none ever was.
    pub read_at: Option<Moment>,
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
    /// Its challenges, by where they stand.
    pub standings: BTreeMap<Standing, usize>,
}

/// Which challenges a list is to have: those for which all of it is true.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// Of this document; the list is in its order then, and by rank otherwise.
    pub document: Option<String>,
    /// Standing there.
    pub standing: Option<Standing>,
    /// Of this category; empty for those without one.
    pub category: Option<String>,
    /// Met by this team; the case does not matter.
    pub team: Option<String>,
    /// Owned by this team or person; empty for what nobody owns. The case does not matter.
    pub owner: Option<String>,
    /// Part of this theme of the configuration.
    pub theme: Option<String>,
    /// Met in this quarter of a year, as a dated anecdote tells.
    pub quarter: Option<Quarter>,
    /// Citing this ticket.
    pub ticket: Option<TicketId>,
    /// Standing there since this day, or a later one.
    pub since: Option<NaiveDate>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf<T> {
    /// What is on it.
    pub shown: T,
    /// How many the whole list has.
    pub all: usize,
    /// Its number, from 1.
    pub page: usize,
    /// How many a page has at most.
    pub size: usize,
}

impl<'a, T> Leaf<&'a [T]> {
    /// One page of a list that is at hand.
    pub fn of(all: &'a [T], size: usize, page: usize) -> Self {
        let from = (page - 1).saturating_mul(size).min(all.len());
        let to = from.saturating_add(size).min(all.len());
        Self { shown: &all[from..to], all: all.len(), page, size }
    }
}

impl<T> Leaf<T> {
    /// How many pages the list has; at least one.
    pub fn pages(&self) -> usize {
        self.all.div_ceil(self.size).max(1)
    }

    /// The number of the first one on the page, from 1.
    pub fn first(&self) -> usize {
        (self.page - 1).saturating_mul(self.size).saturating_add(1)
    }
}

/// Some challenges with all that is stored of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Excerpt {
    /// What they say, and what was told of their tickets; without histories and what surrounds closings.
    pub known: Known,
    /// What the last judging made of it, without evidence.
    pub judged: Judged,
    /// The challenges in the order in which they are to be shown.
    pub order: Vec<ChallengeId>,
}

/// What challenges are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouped {
    /// Their category.
    Category,
    /// The teams that they happened to; one challenge may count for several.
    Team,
    /// Whose they are, as of the last judging; one challenge may count for several.
    Owner,
}

/// The challenges of one category or team, by where they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name; empty for challenges without a category, or without an owner.
    pub name: String,
    /// How many stand where.
    pub standings: BTreeMap<Standing, usize>,
}

impl Group {
    /// How many stand there.
    pub fn of(&self, standing: Standing) -> usize {
        self.standings.get(&standing).copied().unwrap_or(0)
    }

    /// How many there are.
    pub fn all(&self) -> usize {
        self.standings.values().sum()
    }
}

/// What the first page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Front {
    /// All challenges by where they stand.
    pub standings: BTreeMap<Standing, usize>,
    /// The day from which on what came is new.
    pub since: NaiveDate,
    /// Broken promises since then.
    pub new: usize,
    /// The worst broken promises.
    pub worst: Excerpt,
    /// The categories with the most broken promises.
    pub categories: Vec<Group>,
    /// How many categories there are.
    pub all_categories: usize,
    /// The teams with the most broken promises.
    pub teams: Vec<Group>,
    /// How many teams there are.
    pub all_teams: usize,
    /// Findings that nobody accepted, by their code.
    pub findings: BTreeMap<Code, usize>,
    /// How often the rules' flags stood.
    pub flags: Flags,
}

/// Which tickets a list is to have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TicketChoice {
    /// With this verdict.
    pub verdict: Option<Verdict>,
    /// Of this tracker.
    pub tracker: Option<TrackerId>,
}

/// A ticket in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedTicket {
    /// What was told of it, without its history and what surrounds its closing.
    pub known: KnownTicket,
    /// What the last judging said of it, without evidence.
    pub judgement: Judgement,
    /// Challenges that cite it.
    pub challenges: usize,
    /// Whether one of them, or a follow-up, cites it as a remedy.
    pub remedy: bool,
}

/// A finding in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedFinding {
    /// The finding, without its evidence.
    pub finding: Finding,
    /// The title of its challenge, where it has one.
    pub title: Option<String>,
}

/// A finding that came or went.
#[derive(Debug, Clone, PartialEq)]
pub struct News {
    /// The finding, without its evidence.
    pub finding: Finding,
    /// When.
    pub at: Moment,
    /// Whether it was cleared then, or found.
    pub cleared: bool,
}

/// What the index of words has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SoughtKind {
    /// A challenge, with its anecdotes.
    Challenge,
    /// A ticket.
    Ticket,
    /// A topic of a meeting, with its replies and follow-ups.
    Topic,
}

impl SoughtKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Challenge, Self::Ticket, Self::Topic];

    /// Its word in addresses and in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Challenge => "challenge",
            Self::Ticket => "ticket",
            Self::Topic => "topic",
        }
    }
}

/// One page of what searching found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// How many there are of each kind.
    pub kinds: BTreeMap<SoughtKind, usize>,
    /// Whether so many have the words that not all of them were looked at.
    pub more: bool,
    /// One page of them, or of those of one kind.
    pub leaf: Leaf<Vec<Hit>>,
    /// The challenges among them.
    pub challenges: Excerpt,
}

/// Something that has the words.
#[derive(Debug, Clone, PartialEq)]
pub enum Hit {
    /// A challenge, which is told of beside.
    Challenge(ChallengeId),
    /// A ticket.
    Ticket(Box<ListedTicket>),
    /// A topic, and the meeting that it belongs to, without others of its topics.
    Topic(Box<(Meeting, Topic)>),
}

/// All that is known of one challenge or one ticket, to be judged for its page.
#[derive(Debug, Clone, PartialEq)]
pub struct Depth {
    /// What is known of it, and of whatever judging it takes.
    pub known: Known,
    /// What of that is to be judged.
    pub own: Own,
    /// Who closed what at about the time at which its tickets were closed.
    pub closings: Vec<Closed>,
    /// What the last judging found in the challenge or of the ticket, accepted or not; without evidence.
    pub findings: Vec<Finding>,
    /// The rank of its challenges.
    pub ranks: BTreeMap<ChallengeId, usize>,
    /// Waivers that were given by command or written into documents.
    pub waivers: Vec<Waiver>,
    /// How what is said of it came about.
    pub past: Past,
    /// Challenges that cite the ticket.
    pub citing: usize,
}

/// One page of the minutes.
#[derive(Debug, Clone, PartialEq)]
pub struct Minutes {
    /// The meetings, newest first, with the topics that were chosen.
    pub leaf: Leaf<Vec<Meeting>>,
    /// How many topics there are of each intention, in the page's own words; empty for those without one.
    pub intentions: Vec<(String, usize)>,
    /// Where follow-ups stand that no later meeting took up: path and line.
    pub dropped: BTreeSet<(String, u32)>,
    /// The verdicts on the tickets named.
    pub verdicts: BTreeMap<TicketId, Verdict>,
}
