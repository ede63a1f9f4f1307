//! What happened, in order of time: each entry with its date as exactly as it is known, and its source.

use serde::Serialize;

use crate::domain::challenge::{Anecdote, Challenge};
use crate::domain::details::Event;
use crate::domain::finding::Finding;
use crate::domain::lookup::LookupKind;
use crate::domain::place::Place;
use crate::domain::reference::{Role, Within};
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::verdict::Evidence;
use crate::domain::waiver::Origin;

use super::deeds::Subject;
use super::ticket::{Citation, Ticket};
use super::{Report, deeds, escape, seen, words};

/// One thing that happened or stands somewhere.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    /// A moment (RFC 3339) or a date as exactly as it is known; absent for what has none.
    pub(super) at: Option<String>,
    /// What sort of entry: `cited`, `note`, `anecdote`, `topic`, `opened`, `updated`, `closed`, `event`, `comment`,
    /// `change`, `look-up`, `verdict`, `standing`, `decision`, `register`, `suggestion`, `finding`.
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
    pub(super) fn citation(&mut self, ticket: &TicketId, citation: &Citation, told: Subject) {
        let reference = citation.reference;
        let role = match reference.role {
            Role::Remedy => "as a remedy",
            Role::Mention => "in passing",
        };
        let home = match (citation.challenge, citation.topic) {
            (Some(_), _) if matches!(told, Subject::Challenge(_)) => String::new(),
            (Some(challenge), _) => format!(" of “{}”", escape::title(&challenge.title)),
            (None, Some((meeting, _))) => format!(" of the meeting of {}", words::day(meeting.date)),
            (None, None) => String::new(),
        };
        let says = format!("{ticket} is cited {role} in {}{home}", inside(reference.within));
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
        let by = if anecdote.teams.is_empty() { String::new() } else { format!(" by {}", anecdote.teams.join(", ")) };
        self.entries.push(Entry {
            at: anecdote.date.map(|date| date.to_string()),
            what: "anecdote",
            ticket: None,
            says: format!("met{by}: {}", anecdote.text),
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
        self.happenings(ticket);
        for (at, says) in seen::changes(id, ticket.known().map_or(&[], |known| &known.history)) {
            self.dated("change", id, Some(at), says, ticket.url().map(str::to_owned));
        }
        self.verdicts(id, ticket.url());
        let Some(known) = ticket.known() else { return };
        let last = known.good_at.filter(|at| Some(*at) != known.asked_at);
        self.dated("look-up", id, last, format!("{id} was seen for the last time"), ticket.url().map(str::to_owned));
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

    /// What happened to a ticket on its tracker: its way through the statuses, closings, reopenings, and what people wrote
    /// that the verdict rests on. The last closing is told already.
    fn happenings(&mut self, ticket: &Ticket) {
        let Some(facts) = ticket.facts() else { return };
        let (id, details) = (ticket.id, &facts.details);
        for event in &details.events {
            let ends = matches!(event.kind.as_str(), "closed" | "merged");
            if let Some(what) = happened(event).filter(|_| !ends || event.at != facts.closed_at) {
                let by = event.actor.as_ref().map(|who| format!(" by {who}")).unwrap_or_default();
                self.dated("event", id, event.at, format!("{id} {what}{by}"), Some(facts.url.clone()));
            }
        }
        for comment in &details.comments {
            let counts = |evidence: &Evidence| evidence.at == comment.at && evidence.says.contains(" wrote ");
            if ticket.evidence().iter().any(counts) {
                let who = comment.author.as_deref().unwrap_or("somebody");
                let says = format!("{who} wrote on {id}: “{}”", escape::plain(&comment.text, escape::TITLE));
                self.dated("comment", id, comment.at, says, comment.url.clone().or_else(|| Some(facts.url.clone())));
            }
        }
    }

    /// How the verdict on a ticket changed. Rows that differ only in their evidence are one.
    fn verdicts(&mut self, id: &TicketId, url: Option<&str>) {
        let mut before = None;
        let Some(past) = self.report.past else { return };
        for (_, at, verdict, confidence) in past.verdicts.iter().filter(|(ticket, ..)| ticket == id) {
            let now = words::verdict(*verdict, *confidence);
            let says = match before.replace(*verdict) {
                Some(before) if before == *verdict => continue,
                Some(before) => format!("the verdict on {id} went from {} to {now}", before.word()),
                None => format!("{id} was judged for the first time: {now}"),
            };
            self.dated("verdict", id, Some(*at), says, url.map(str::to_owned));
        }
    }

    /// What people decided on it, and what of that stands outside of the audit trail.
    pub(super) fn decisions(&mut self, told: Subject) {
        for act in self.report.past.iter().flat_map(|past| &past.acts).filter(|act| told.has(act)) {
            self.entries.push(Entry {
                at: Some(words::rfc3339(act.at)),
                what: "decision",
                ticket: act.ticket.clone(),
                says: deeds::sentence(act, told),
                source: Some(format!("entry {} of the audit trail", act.number)),
                order: Some(act.at),
                when: Some(words::day(act.at.date_naive())),
            });
        }
        let judged = self.report.judged;
        for waived in judged.waived.iter().filter(|waived| match told {
            Subject::Ticket(id, _) => waived.finding.ticket.as_ref() == Some(id),
            Subject::Challenge(challenge) => waived.finding.challenge.as_ref() == Some(&challenge.id),
        }) {
            self.finding(&waived.finding);
            if !matches!(waived.waiver.from, Origin::Store { .. }) {
                let from = waived.waiver.from.to_string();
                self.undated("decision", waived.finding.ticket.as_ref(), deeds::standing(waived), Some(from));
            }
        }
    }

    /// How the standing of the challenge changed.
    pub(super) fn standings(&mut self, challenge: &Challenge) {
        let mut before = None;
        for (at, standing) in self.report.past.iter().flat_map(|past| &past.standings) {
            let now = words::standing(*standing);
            let says = match before.replace(now) {
                Some(before) => format!("the challenge went from {before} to {now}"),
                None => format!("the challenge was judged for the first time: {now}"),
            };
            self.entries.push(Entry {
                at: Some(words::rfc3339(*at)),
                what: "standing",
                ticket: None,
                says,
                source: Some(challenge.place.to_string()),
                order: Some(*at),
                when: Some(words::day(at.date_naive())),
            });
        }
    }

    /// What changed about the challenge in its document, and from which version on.
    pub(super) fn register(&mut self) {
        for seen in self.report.past.iter().flat_map(|past| &past.register) {
            self.entries.push(Entry {
                at: Some(words::rfc3339(seen.at)),
                what: "register",
                ticket: None,
                says: format!("{} (version {})", words::change(&seen.change), seen.version),
                source: Some(seen.document.clone()),
                order: Some(seen.at),
                when: Some(words::day(seen.at.date_naive())),
            });
        }
    }

    /// Topics that may be about the challenge, told as a guess.
    pub(super) fn suggested(&mut self) {
        let past = self.report.past;
        for topic in past.iter().flat_map(|past| &past.suggested) {
            let says = format!("perhaps about it, by its words: “{}” ({})", topic.text, words::day(topic.date));
            self.undated("suggestion", None, says, Some(topic.place.to_string()));
        }
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

/// The part of a document that a reference stands in.
fn inside(within: Within) -> &'static str {
    match within {
        Within::Title => "the title",
        Within::Category => "the category",
        Within::Anecdote => "an anecdote",
        Within::Note => "a note",
        Within::Status => "the status",
        Within::Topic => "a topic",
        Within::Reply => "a reply",
        Within::FollowUp => "a follow-up",
        Within::Text => "the text",
        Within::Code => "a block of code",
    }
}

/// What an event did to its ticket; nothing for what tells nothing of the work.
fn happened(event: &Event) -> Option<String> {
    let through = match (&event.pull, &event.commit) {
        (Some(pull), _) => format!(" through {pull}"),
        (None, Some(commit)) => format!(" through {}", commit.chars().take(12).collect::<String>()),
        (None, None) => String::new(),
    };
    let value = event.value.as_deref();
    Some(match event.kind.as_str() {
        "closed" => {
            let reason = event.reason.as_deref().map(|reason| format!(" as {}", reason.replace('_', " ")));
            format!("was closed{}{through}", reason.unwrap_or_default())
        }
        "reopened" => "was opened again".to_owned(),
        "merged" => format!("was merged{through}"),
        "status" => format!("went {}", value?),
        "marked_as_duplicate" => {
            format!("was marked as a duplicate{}", value.map(|of| format!(" of {of}")).unwrap_or_default())
        }
        "unmarked_as_duplicate" => "was marked as no duplicate any more".to_owned(),
        "converted_to_discussion" => "was turned into a discussion".to_owned(),
        _ => return None,
    })
}
