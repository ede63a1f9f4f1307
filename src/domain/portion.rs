//! A portion of all that is known, to be judged by itself; and what no portion shows of the whole.

use std::collections::{BTreeMap, BTreeSet};

use super::details::Event;
use super::place::Place;
use super::ticket::TicketId;
use super::time::Moment;
use super::tracker::TrackerId;

/// What of a portion is judged with it. The rest of it is there because judging these takes it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Own {
    /// The challenges, each by the index of its document and its index in that. Every challenge belongs to one portion.
    pub challenges: BTreeSet<(usize, usize)>,
    /// The tickets. Every ticket that is cited belongs to one portion.
    pub tickets: BTreeSet<TicketId>,
}

/// What no portion shows of the whole.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outline {
    /// How the anecdotes of each document are written, by its path.
    pub habits: BTreeMap<String, Habit>,
    /// How the look-ups of all cited tickets went, by tracker.
    pub answered: BTreeMap<TrackerId, Answered>,
    /// Closings of cited tickets by somebody, at a time that is known; merged changes are left out.
    pub closings: Vec<Closed>,
}

/// How the anecdotes of a register are written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Habit {
    /// Anecdotes.
    pub anecdotes: usize,
    /// Those that name no team.
    pub nameless: usize,
    /// Challenges with such anecdotes.
    pub challenges: usize,
    /// Where the first of these stands.
    pub first: Option<Place>,
}

/// How look-ups went, those that could not tell left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answered {
    /// Tickets.
    pub all: usize,
    /// Those that are hidden.
    pub hidden: usize,
    /// Whether any of them was ever seen.
    pub seen: bool,
}

/// Somebody closed a ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Closed {
    /// Which.
    pub ticket: TicketId,
    /// Who.
    pub by: String,
    /// When.
    pub at: Moment,
    /// What else happened to it: a change that landed closes by itself.
    pub events: Vec<Event>,
}

/// What a judging went by besides what is known. While it holds, and nothing known changes, judging again would give the
/// same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// The rules, the policy and what else has a say, as a fingerprint.
    pub terms: String,
    /// When it was. At an earlier moment the clock was set back, and dates mean something else.
    pub since: Moment,
    /// The moment from which on a date makes a difference.
    pub until: Moment,
    /// Where evidence could be looked for then, if some of it could not be had: it is looked for again once it can be had
    /// elsewhere. Empty: at the next occasion. Absent where all of it was looked for.
    pub again: Option<String>,
}
