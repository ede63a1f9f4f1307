//! Builders for the tests of this room: tickets, challenges and all that is known, in a few words.

use chrono::NaiveDate;

use crate::domain::challenge::{Anecdote, Challenge, ChallengeId, Note, Status};
use crate::domain::details::{Comment, Details, Event, Mention};
use crate::domain::document::{Kind, Owner};
use crate::domain::known::{Known, KnownDocument, KnownTicket};
use crate::domain::lookup::LookupKind;
use crate::domain::place::Place;
use crate::domain::reference::{Reference, Within};
use crate::domain::ticket::{Ticket, TicketId, TicketKind};
use crate::domain::time::Moment;
use crate::domain::verdict::{Judgement, Verdict};

use super::case::NoteOn;

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Midnight of a day.
pub(super) fn moment(text: &str) -> Moment {
    day(text).and_hms_opt(0, 0, 0).unwrap().and_utc()
}

pub(super) fn id(text: &str) -> TicketId {
    text.parse().unwrap()
}

pub(super) fn challenge_id(text: &str) -> ChallengeId {
    ChallengeId(text.to_owned())
}

pub(super) fn place(line: u32) -> Place {
    Place { path: "challenges.md".into(), line, column: 1 }
}

/// A found ticket, closed on 4 May 2021 and seen on 1 June 2026.
fn found(id: TicketId, kind: TicketKind, state: &str, reason: Option<&str>) -> KnownTicket {
    let facts = Ticket {
        native_id: None,
        url: format!("https://tracker.example/{}", id.key()),
        kind,
        title: "a title".to_owned(),
        closed: true,
        state: state.to_owned(),
        status_category: None,
        reason: reason.map(str::to_owned),
        merged: None,
        created_at: Some(moment("2020-01-01")),
        updated_at: Some(moment("2021-05-04")),
        closed_at: Some(moment("2021-05-04")),
        closed_by: None,
        duplicate_of: None,
        details: Details::default(),
        id: id.clone(),
    };
    KnownTicket {
        facts: Some(Box::new(facts)),
        good_at: Some(moment("2026-06-01")),
        proven: Some(LookupKind::Found),
        proven_at: Some(moment("2026-06-01")),
        lookup: LookupKind::Found,
        lookup_says: None,
        asked_at: Some(moment("2026-06-01")),
        ..KnownTicket::unasked(id)
    }
}

/// A Jira ticket closed on 4 May 2021.
pub(super) fn jira(key: &str, status: &str, resolution: Option<&str>) -> KnownTicket {
    found(id(&format!("jira:{key}")), TicketKind::Issue, status, resolution)
}

/// An open Jira ticket, touched on the day given.
pub(super) fn open(key: &str, updated: &str) -> KnownTicket {
    let mut ticket = jira(key, "In Progress", None);
    let facts = ticket.facts.as_mut().unwrap();
    (facts.closed, facts.closed_at, facts.updated_at) = (false, None, Some(moment(updated)));
    ticket
}

/// A closed GitHub issue.
pub(super) fn issue(key: &str, reason: Option<&str>, closed: &str) -> KnownTicket {
    let mut ticket = found(id(&format!("github:{key}")), TicketKind::Issue, "closed", reason);
    ticket.facts.as_mut().unwrap().closed_at = Some(moment(closed));
    ticket
}

/// A closed pull request.
pub(super) fn pull(key: &str, merged: Option<bool>) -> KnownTicket {
    let mut ticket = found(id(&format!("github:{key}")), TicketKind::Pull, "closed", None);
    ticket.facts.as_mut().unwrap().merged = merged;
    ticket
}

/// The same ticket, proven to be gone since.
pub(super) fn gone(mut ticket: KnownTicket) -> KnownTicket {
    (ticket.lookup, ticket.proven) = (LookupKind::Gone, Some(LookupKind::Gone));
    ticket.lookup_says = Some("answered 410".to_owned());
    ticket
}

/// What surrounds the closing of a ticket that was found.
pub(super) fn details(ticket: &mut KnownTicket) -> &mut Details {
    &mut ticket.facts.as_mut().unwrap().details
}

/// A comment; of nobody in particular to the project where `association` is empty.
pub(super) fn comment(author: &str, association: &str, on: &str, text: &str) -> Comment {
    Comment {
        author: Some(author.to_owned()),
        association: Some(association.to_owned()).filter(|association| !association.is_empty()),
        at: Some(moment(on)),
        text: text.to_owned(),
        ..Comment::default()
    }
}

/// The event of a closing.
pub(super) fn closed_event(actor: &str, on: &str) -> Event {
    Event { kind: "closed".to_owned(), actor: Some(actor.to_owned()), at: Some(moment(on)), ..Event::default() }
}

/// A mention of a ticket or pull request, of 1 January 2021 where it was seen in an event.
pub(super) fn mention(kind: &str, what: &str, seen_in: &str, state: &str, title: Option<&str>) -> Mention {
    Mention {
        kind: kind.to_owned(),
        what: what.to_owned(),
        seen_in: seen_in.to_owned(),
        event: (seen_in == "event").then(|| "cross-referenced".to_owned()),
        at: Some(moment("2021-01-01")),
        title: title.map(str::to_owned),
        state: Some(state.to_owned()).filter(|state| !state.is_empty()),
        ..Mention::default()
    }
}

/// A commit that names the ticket.
pub(super) fn commit(hash: &str, actor: &str, on: &str) -> Mention {
    Mention {
        kind: "commit".to_owned(),
        what: hash.to_owned(),
        seen_in: "event".to_owned(),
        event: Some("referenced".to_owned()),
        actor: Some(actor.to_owned()),
        at: Some(moment(on)),
        ..Mention::default()
    }
}

/// A ticket that was asked for and never seen.
pub(super) fn unseen(key: &str, lookup: LookupKind) -> KnownTicket {
    KnownTicket { lookup, asked_at: Some(moment("2026-06-01")), ..KnownTicket::unasked(id(&format!("jira:{key}"))) }
}

pub(super) fn verdict(ticket: &KnownTicket) -> Verdict {
    super::ticket(ticket, &[]).verdict
}

/// The judgement with one note.
pub(super) fn said_of(ticket: &KnownTicket, note: &str) -> Judgement {
    super::ticket(ticket, &[NoteOn { challenge: &challenge_id("c"), text: note, place: &place(1) }])
}

/// An anecdote of a day, a month or a year; `~` marks it as approximate, `?` as undated.
pub(super) fn anecdote(date: &str) -> Anecdote {
    let approximate = date.starts_with('~');
    Anecdote {
        date: date.trim_start_matches('~').parse().ok(),
        approximate,
        teams: vec!["Checkout".to_owned()],
        text: "the page hung".to_owned(),
        place: place(9),
        tickets: Vec::new(),
    }
}

/// A register in the making: challenges with remedies, mentions, notes and anecdotes.
#[derive(Debug, Default)]
pub(super) struct Register {
    pub(super) known: Known,
}

impl Register {
    pub(super) fn new() -> Self {
        let document = KnownDocument {
            source: "challenges".to_owned(),
            path: "challenges.md".to_owned(),
            title: None,
            kind: Kind::Register,
            read_at: Some(moment("2026-06-01")),
            trouble: None,
            challenges: Vec::new(),
            meetings: Vec::new(),
            references: Vec::new(),
            citations: Vec::new(),
            unclaimed: Vec::new(),
            problems: Vec::new(),
            markers: Vec::new(),
        };
        Self { known: Known { documents: vec![document], ..Known::default() } }
    }

    fn document(&mut self) -> &mut KnownDocument {
        &mut self.known.documents[0]
    }

    /// A challenge with its remedies' ids, anecdotes' dates, and a note on each ticket named.
    pub(super) fn challenge(
        mut self,
        title: &str,
        remedies: &[&str],
        anecdotes: &[&str],
        notes: &[(&str, &str)],
    ) -> Self {
        let document = self.document();
        let at = document.challenges.len();
        let line = u32::try_from(at).unwrap() + 3;
        let put = |column: u32| Place { column, ..place(line) };
        let notes = notes.iter().zip(200..).map(|((ticket, text), column)| Note {
            ticket: Some(id(ticket)),
            text: (*text).to_owned(),
            place: put(column),
        });
        document.challenges.push(Challenge {
            id: challenge_id(title),
            category: None,
            title: title.to_owned(),
            place: put(3),
            occurrences: None,
            anecdotes: anecdotes.iter().zip(50..).map(|(d, c)| Anecdote { place: put(c), ..anecdote(d) }).collect(),
            status: Status { text: String::new(), notes: notes.collect() },
            tickets: remedies.iter().map(|text| id(text)).collect(),
        });
        for (remedy, column) in remedies.iter().zip(100..) {
            self = self.cite(remedy, Within::Status, Some(at), put(column));
        }
        self
    }

    /// How often the last challenge was met.
    pub(super) fn met(mut self, occurrences: u32) -> Self {
        self.document().challenges.last_mut().unwrap().occurrences = Some(occurrences);
        self
    }

    /// A mention in an anecdote of the last challenge.
    pub(super) fn mention(self, ticket: &str) -> Self {
        let at = self.known.documents[0].challenges.len() - 1;
        let line = self.known.documents[0].challenges[at].place.line;
        self.cite(ticket, Within::Anecdote, Some(at), Place { column: 60, ..place(line) })
    }

    fn cite(mut self, ticket: &str, within: Within, challenge: Option<usize>, place: Place) -> Self {
        let owner =
            challenge.map_or(Owner::Nobody, |challenge| Owner::Challenge { challenge, anecdote: None, note: None });
        let reference = Reference {
            ticket: id(ticket),
            url: None,
            place,
            text: ticket.to_owned(),
            within,
            role: within.role(),
            owner,
        };
        self.document().references.push(reference);
        self.known.tickets.entry(id(ticket)).or_insert_with(|| KnownTicket::unasked(id(ticket)));
        self
    }

    /// What is known of a ticket.
    pub(super) fn knows(mut self, ticket: KnownTicket) -> Self {
        self.known.tickets.insert(ticket.id.clone(), ticket);
        self
    }
}
