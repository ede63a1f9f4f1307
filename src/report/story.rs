//! What happened, in order of time: each entry with its date as exactly as it is known, and its source.

use serde::Serialize;

use crate::domain::challenge::{Anecdote, Challenge};
use crate::domain::finding::Finding;
use crate::domain::lookup::LookupKind;
use crate::domain::place::Place;
use crate::domain::reference::Role;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;

use super::Report;
use super::ticket::{Citation, Ticket};
use super::{escape, words};

/// One thing that happened or stands somewhere.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    /// A moment (RFC 3339) or a date as exactly as it is known; absent for what has none.
    pub(super) at: Option<String>,
    /// What sort of entry: `cited`, `note`, `anecdote`, `topic`, `opened`, `updated`, `closed`, `change`, `look-up`,
    /// `finding`.
    pub(super) what: &'static str,
    /// The ticket concerned.
    pub(super) ticket: Option<TicketId>,
    /// What happened, in a sentence that can be read alone.
    pub(super) says: String,
    /// Where it can be looked up: a link, or a place in a document.
    pub(super) source: Option<String>,
    /// Where it stands in time: the earliest moment that its date can mean.
    #[serde(skip)]
    order: Option<Moment>,
    /// Its date for people.
    #[serde(skip)]
    pub(super) when: Option<String>,
}

/// A story in the making.
pub(super) struct Story<'a> {
    report: Report<'a>,
    entries: Vec<Entry>,
}

impl<'a> Story<'a> {
    pub(super) fn new(report: &Report<'a>) -> Self {
        Self { report: *report, entries: Vec::new() }
    }

    /// What has no date first, as it was told; then everything else in order of time. Nothing twice.
    pub(super) fn told(mut self) -> Vec<Entry> {
        self.entries.sort_by_key(|entry| entry.order);
        let mut told: Vec<Entry> = Vec::new();
        for entry in self.entries {
            let same = |other: &Entry| {
                other.what == entry.what
                    && other.says == entry.says
                    && other.source == entry.source
                    && other.at == entry.at
            };
            if !told.iter().any(same) {
                told.push(entry);
            }
        }
        told
    }

    /// Where a ticket is cited, and what is noted about it there.
    pub(super) fn citation(&mut self, ticket: &TicketId, citation: &Citation) {
        let reference = citation.reference;
        let role = match reference.role {
            Role::Remedy => "as a remedy",
            Role::Mention => "in passing",
        };
        let home = match (citation.challenge, citation.topic) {
            (Some(challenge), _) => format!(" of “{}”", escape::title(&challenge.title)),
            (None, Some((meeting, _))) => format!(" of the meeting of {}", words::day(meeting.date)),
            (None, None) => String::new(),
        };
        let says = format!("cited {role}: {}{home}", reference.within.word());
        self.undated("cited", Some(ticket), says, Some(reference.place.to_string()));
        if let Some((meeting, topic)) = citation.topic {
            let order = meeting.date.and_time(chrono::NaiveTime::MIN).and_utc();
            self.entries.push(Entry {
                at: Some(meeting.date.to_string()),
                what: "topic",
                ticket: Some(ticket.clone()),
                says: format!("brought up in a meeting: {}", topic.text),
                source: Some(topic.place.to_string()),
                order: Some(order),
                when: Some(words::day(meeting.date)),
            });
        }
    }

    /// The notes of a challenge's status on one ticket, or all of them.
    pub(super) fn notes(&mut self, challenge: &Challenge, ticket: Option<&TicketId>) {
        for note in &challenge.status.notes {
            if ticket.is_none() || note.ticket.as_ref() == ticket {
                let says = format!("the register notes: “{}”", note.text);
                self.undated("note", note.ticket.as_ref(), says, Some(note.place.to_string()));
            }
        }
    }

    /// One anecdote.
    pub(super) fn anecdote(&mut self, anecdote: &Anecdote) {
        let teams = if anecdote.teams.is_empty() { String::new() } else { format!(" ({})", anecdote.teams.join(", ")) };
        self.entries.push(Entry {
            at: anecdote.date.map(|date| date.to_string()),
            what: "anecdote",
            ticket: None,
            says: format!("it was met{teams}: {}", anecdote.text),
            source: Some(anecdote.place.to_string()),
            order: anecdote.date.map(|date| date.earliest().and_time(chrono::NaiveTime::MIN).and_utc()),
            when: words::told(anecdote),
        });
    }

    /// What the tracker told of a ticket, what we saw change, and when it was asked for.
    pub(super) fn ticket(&mut self, ticket: &Ticket) {
        let id = ticket.id;
        if let Some(facts) = ticket.facts() {
            let by = |who: &Option<String>| who.as_ref().map(|who| format!(" by {who}")).unwrap_or_default();
            let closed = super::ticket::closing_of(facts);
            let url = || Some(facts.url.clone());
            self.dated("opened", id, facts.created_at, format!("{id} was opened: “{}”", facts.title), url());
            if facts.closed {
                self.dated("closed", id, facts.closed_at, format!("{id} was {closed}{}", by(&facts.closed_by)), url());
            } else {
                self.dated(
                    "updated",
                    id,
                    facts.updated_at,
                    format!("{id} was touched last; it is {}", facts.state),
                    url(),
                );
            }
        }
        let Some(known) = ticket.known() else { return };
        for change in &known.history {
            let says = match (&change.before, &change.after) {
                (Some(before), Some(after)) => format!("{id}: {} went from “{before}” to “{after}”", change.field),
                (None, Some(after)) => format!("{id}: {} became “{after}”", change.field),
                (Some(before), None) => format!("{id}: {} is not told any more; it was “{before}”", change.field),
                (None, None) => format!("{id}: {} changed", change.field),
            };
            self.dated("change", id, Some(change.seen_at), format!("seen: {says}"), ticket.url().map(str::to_owned));
        }
        let seen = known.good_at.filter(|at| Some(*at) != known.asked_at);
        self.dated("look-up", id, seen, format!("{id} was seen for the last time"), ticket.url().map(str::to_owned));
        let says = known.lookup_says.as_deref().map(|says| format!(" ({says})")).unwrap_or_default();
        let to = known.moved_to.as_ref().map(|to| format!(" to {to}")).unwrap_or_default();
        let gave = match known.lookup {
            LookupKind::Found => "found".to_owned(),
            LookupKind::Moved => format!("moved{to}"),
            LookupKind::Gone => format!("gone{says}"),
            LookupKind::Hidden => format!("hidden{says}"),
            LookupKind::Unknown => format!("could not be told{says}"),
        };
        let source = ticket.url().map(str::to_owned);
        self.dated("look-up", id, known.asked_at, format!("{id} was asked for: {gave}"), source);
    }

    /// When a finding was first flagged.
    pub(super) fn finding(&mut self, finding: &Finding) {
        let says = format!("flagged as {}: {}", finding.code, finding.message);
        let at = finding.first_seen.or_else(|| self.report.known.first_seen.get(&finding.fingerprint).copied());
        let at = at.unwrap_or(self.report.now);
        self.entries.push(Entry {
            at: Some(words::rfc3339(at)),
            what: "finding",
            ticket: finding.ticket.clone(),
            says,
            source: finding.place.as_ref().map(Place::to_string),
            order: Some(at),
            when: Some(words::day(at.date_naive())),
        });
    }

    fn undated(&mut self, what: &'static str, ticket: Option<&TicketId>, says: String, source: Option<String>) {
        let ticket = ticket.cloned();
        self.entries.push(Entry { at: None, what, ticket, says, source, order: None, when: None });
    }

    /// Adds an entry if its time is known.
    fn dated(
        &mut self,
        what: &'static str,
        ticket: &TicketId,
        at: Option<Moment>,
        says: String,
        source: Option<String>,
    ) {
        let Some(at) = at else { return };
        self.entries.push(Entry {
            at: Some(words::rfc3339(at)),
            what,
            ticket: Some(ticket.clone()),
            says,
            source,
            order: Some(at),
            when: Some(words::day(at.date_naive())),
        });
    }
}
