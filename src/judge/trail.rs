//! Tickets that point at each other: what a closed one points at, and how the verdict on that one carries back.
//!
//! Each verdict is worked out from the ticket itself along what it points at, so that none depends on the order in which
//! tickets are judged. A ticket on the way that points back to one before it says nothing there.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::case::{Case, NoteOn, Others};
use super::closing::{Closing, Fate, Other, says_revert};
use super::families::{Names, Tongues};
use super::rows::{self, Citations, Row};
use super::shares;
use super::speech::Claim;
use crate::domain::details::Mention;
use crate::domain::follow::{Follow, HOPS, Quest, Why};
use crate::domain::known::{Known, KnownTicket};
use crate::domain::lookup::LookupKind;
use crate::domain::portion::Own;
use crate::domain::reference::Role;
use crate::domain::ticket::{Ticket, TicketId, TicketKind};
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerKind;
use crate::domain::verdict::{Judgement, Verdict};

/// A name that a closed ticket points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    /// `owner/repo#12`, `#12` or a key.
    pub what: String,
    /// Why it would be worth following.
    pub why: Why,
    /// When it was named, where that is told.
    pub at: Option<Moment>,
}

/// What a ticket points at; nothing while it is open.
pub fn points(ticket: &Ticket) -> Vec<Pointer> {
    if !ticket.closed {
        return Vec::new();
    }
    pointers(&Closing::naming(ticket, &Names::default()))
}

/// What a closing points at, by what was heard of it.
pub(super) fn pointers(closing: &Closing<'_>) -> Vec<Pointer> {
    let gave_way = closing.targets().into_iter().filter_map(|target| target.what);
    let gave_way = gave_way.map(|what| Pointer { what, why: Why::GaveWay, at: None });
    let heard = closing.heard.iter().flat_map(|heard| heard.said.iter().map(move |said| (heard, said)));
    let named =
        heard.filter(|(_, said)| matches!(said.claim, Claim::FixedBy | Claim::Landed)).filter_map(|(heard, said)| {
            Some(Pointer { what: said.target.clone()?, why: Why::Named, at: heard.comment.at })
        });
    gave_way.chain(named).collect()
}

/// Every ticket cited as a remedy, and every one that took the place of one; of a portion, those that start from its own.
pub(super) fn remedies<'a>(known: &'a Known, own: Option<&Own>) -> BTreeSet<&'a TicketId> {
    let references = known.documents.iter().flat_map(|document| &document.references);
    let cited = references.filter(|reference| reference.role == Role::Remedy).map(|reference| &reference.ticket);
    let mut all: BTreeSet<&TicketId> =
        cited.filter(|ticket| own.is_none_or(|own| own.tickets.contains(*ticket))).collect();
    let mut newest: Vec<&TicketId> = all.iter().copied().collect();
    for _ in 0..HOPS {
        let follows = newest.iter().filter_map(|id| known.follows.get(*id)).flatten();
        let next = follows.filter(|follow| follow.why == Why::GaveWay).map(|follow| &follow.to);
        newest = next.filter(|id| all.insert(id)).collect();
    }
    all
}

/// Verdicts by ticket.
type Verdicts = BTreeMap<TicketId, Judgement>;

pub(super) struct Trail<'a> {
    known: &'a Known,
    notes: BTreeMap<&'a TicketId, Vec<NoteOn<'a>>>,
    names: &'a Tongues<'a>,
    crowds: &'a BTreeMap<TicketId, usize>,
    heirs: BTreeMap<&'a TicketId, BTreeSet<&'a TicketId>>,
}

impl<'a> Trail<'a> {
    pub(super) fn new(
        known: &'a Known,
        rows: &[Row<'a>],
        names: &'a Tongues<'a>,
        crowds: &'a BTreeMap<TicketId, usize>,
    ) -> Self {
        Self { known, notes: rows::notes_by_ticket(rows), names, crowds, heirs: rows::heirs(rows) }
    }

    /// The verdict on every ticket that these citations or these rows name; where it is everything that is judged, on
    /// every ticket known besides, and on every one that is only followed.
    pub(super) fn verdicts(&self, rows: &[Row<'a>], citations: &Citations<'a>, all: bool) -> (Verdicts, Verdicts) {
        let remedies = rows.iter().flat_map(|row| &row.remedies).map(|reference| &reference.ticket);
        let named: BTreeSet<&TicketId> = citations.keys().copied().chain(remedies).collect();
        let tickets = self.known.tickets.values().filter(|ticket| all || named.contains(&ticket.id));
        let mut verdicts = self.verdicts_on(&tickets.collect::<Vec<_>>());
        for ticket in named.into_iter().filter(|ticket| !self.known.tickets.contains_key(*ticket)) {
            verdicts
                .insert(ticket.clone(), super::ticket(&KnownTicket::unasked(ticket.clone()), self.notes_on(ticket)));
        }
        let followed: Vec<&KnownTicket> = self.known.followed.values().filter(|_| all).collect();
        (verdicts, self.verdicts_on(&followed))
    }

    /// The verdicts on these.
    fn verdicts_on(&self, tickets: &[&'a KnownTicket]) -> Verdicts {
        let of = |ticket: &&'a KnownTicket| (ticket.id.clone(), self.judge(ticket, &mut Vec::new()));
        shares::each(tickets, of).into_iter().collect()
    }

    /// Those of these tickets that are worth looking for on other trackers.
    pub(super) fn quests(&self, remedies: &BTreeSet<&'a TicketId>) -> Vec<Quest> {
        remedies.iter().filter_map(|id| self.quest(id)).collect()
    }

    fn quest(&self, id: &'a TicketId) -> Option<Quest> {
        let ticket = self.known.ticket(id).filter(|ticket| ticket.proven != Some(LookupKind::Gone))?;
        // What was found elsewhere is looked for again: it may have been taken out since.
        let whole = self.with_named(Cow::Borrowed(ticket), self.follows(ticket));
        let facts = whole.facts.as_ref().filter(|facts| facts.closed)?;
        let is_jira = facts.id.tracker().kind() == TrackerKind::Jira;
        if !is_jira || !Closing::new(facts, &[], self.names.of(id)).lacks_landings() {
            return None;
        }
        let links = self.judge(ticket, &mut Vec::new()).verdict != Verdict::Done;
        Some(Quest { ticket: id.clone(), key: facts.id.clone(), closing: facts.closing()?, links })
    }

    fn notes_on(&self, ticket: &TicketId) -> &[NoteOn<'a>] {
        self.notes.get(ticket).map(Vec::as_slice).unwrap_or_default()
    }

    /// Judges a ticket; `path` is how it was come to, without itself.
    fn judge(&self, ticket: &'a KnownTicket, path: &mut Vec<&'a TicketId>) -> Judgement {
        let notes = self.notes_on(&ticket.id);
        let follows = self.follows(ticket);
        path.push(&ticket.id);
        let others: Vec<Other> = follows
            .iter()
            .filter(|follow| follow.why == Why::GaveWay)
            .filter_map(|follow| self.other(&follow.to, path))
            .collect();
        let heirs = self.heirs.get(&ticket.id).into_iter().flatten();
        let heirs: Vec<Other> = heirs.filter_map(|heir| self.other(heir, path)).collect();
        path.pop();
        let crowd = self.crowds.get(&ticket.id).copied().unwrap_or(0);
        let whole = self.with_named(with_elsewhere(ticket), follows);
        let others = Others { pointed_at: &others, heirs: &heirs };
        super::weigh(&Case::new(&whole, notes, others, self.names.of(&ticket.id), crowd))
    }

    /// What a ticket points at; nothing while it is open.
    fn follows(&self, ticket: &KnownTicket) -> &'a [Follow] {
        let closed = ticket.facts.as_ref().is_some_and(|facts| facts.closed);
        self.known.follows.get(&ticket.id).filter(|_| closed).map(Vec::as_slice).unwrap_or_default()
    }

    fn other(&self, id: &TicketId, path: &mut Vec<&'a TicketId>) -> Option<Other> {
        let other = self.known.ticket(id)?;
        let (fate, sure) = if path.contains(&&other.id) {
            (Fate::Loop, 1.0)
        } else if path.len() > HOPS {
            (Fate::Beyond, 1.0)
        } else {
            let Judgement { verdict, confidence, .. } = self.judge(other, path);
            let fate = match verdict {
                Verdict::Open => Fate::Open,
                Verdict::Done => Fate::Done,
                Verdict::Undone => Fate::Undone,
                Verdict::Unverified => Fate::Unverified,
                Verdict::Missing => Fate::Gone,
                Verdict::Unknown => Fate::Unknown,
            };
            (fate, confidence)
        };
        Some(Other { name: id.key().to_string(), fate, sure })
    }

    /// The ticket with what became of the tickets and changes that it names.
    fn with_named(&self, mut ticket: Cow<'a, KnownTicket>, follows: &[Follow]) -> Cow<'a, KnownTicket> {
        let named: Vec<(&Follow, &Ticket)> = follows
            .iter()
            .filter(|follow| matches!(follow.why, Why::Named | Why::Linked))
            .filter_map(|follow| Some((follow, self.known.ticket(&follow.to)?.facts.as_deref()?)))
            .collect();
        for (follow, facts) in named {
            let Some(its) = &mut ticket.to_mut().facts else { continue };
            let closed_at = its.closed_at;
            // What takes a change out again stands with the change.
            its.details.mentions.extend(facts.details.mentions.iter().filter(|it| says_revert(it)).cloned());
            let mention = mention(follow, facts, closed_at);
            // The bare name says less than what became of it.
            let bare = |it: &Mention| it.state.is_none() && it.what.eq_ignore_ascii_case(&mention.what);
            its.details.mentions.retain(|it| !bare(it));
            its.details.mentions.push(mention);
        }
        ticket
    }
}

/// The ticket with what other trackers show of it.
fn with_elsewhere(ticket: &KnownTicket) -> Cow<'_, KnownTicket> {
    let mut whole = Cow::Borrowed(ticket);
    if let Some(elsewhere) = ticket.elsewhere.as_ref().filter(|elsewhere| !elsewhere.mentions.is_empty())
        && let Some(its) = &mut whole.to_mut().facts
        && its.closing().is_some_and(|closing| closing.is_same(&elsewhere.closing))
    {
        its.details.mentions.extend(elsewhere.mentions.iter().cloned());
    }
    whole
}

fn mention(follow: &Follow, facts: &Ticket, closed_at: Option<Moment>) -> Mention {
    let is_pull = facts.kind == TicketKind::Pull;
    let merged = is_pull && facts.merged == Some(true);
    Mention {
        kind: if is_pull { "pull" } else { "issue" }.to_owned(),
        what: follow.to.key().to_string(),
        seen_in: "text".to_owned(),
        at: follow.at,
        title: Some(facts.title.clone()),
        state: Some(
            if merged {
                "merged"
            } else if facts.closed {
                "closed"
            } else {
                "open"
            }
            .to_owned(),
        ),
        closed_at: facts.closed_at,
        after_close: follow.at.zip(closed_at).is_some_and(|(at, closed)| at > closed),
        ..Mention::default()
    }
}
