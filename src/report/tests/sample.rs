//! A register of twelve challenges and three meetings with fourteen tickets, and what was judged of them.

use crate::domain::challenge::{Anecdote, Challenge, ChallengeId, Note, Status};
use crate::domain::details::Details;
use crate::domain::document::{Kind, Owner};
use crate::domain::finding::{Code, Finding};
use crate::domain::judged::{Judged, JudgedChallenge};
use crate::domain::known::{Known, KnownDocument, KnownTicket, KnownTracker};
use crate::domain::lookup::LookupKind;
use crate::domain::minutes::{FollowUp, Meeting, Reply, Topic};
use crate::domain::place::Place;
use crate::domain::reference::{Reference, Role, Within};
use crate::domain::ticket::{Ticket, TicketId, TicketKey, TicketKind};
use crate::domain::time::Moment;
use crate::domain::tracker::{TrackerId, TrackerKind};
use crate::domain::verdict::{Evidence, Judgement, Side, Standing, Verdict};
use crate::report::Report;

pub(super) const REGISTER: &str = "docs/challenges.md";
pub(super) const MINUTES: &str = "docs/arch-hours.md";

/// What a test reports on.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) known: Known,
    pub(super) judged: Judged,
    pub(super) complete: bool,
}

impl World {
    pub(super) fn report(&self) -> Report<'_> {
        Report { known: &self.known, judged: &self.judged, now: now(), complete: self.complete, past: None }
    }

    pub(super) fn empty() -> Self {
        Self { known: Known::default(), judged: Judged::default(), complete: true }
    }
}

pub(super) fn now() -> Moment {
    at("2026-11-21T21:17:00Z")
}

pub(super) fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

pub(super) fn id(text: &str) -> TicketId {
    text.parse().unwrap()
}

pub(super) fn place(path: &str, line: u32, column: u32) -> Place {
    Place { path: path.into(), line, column }
}

/// A ticket as found: closed when `closed` gives a day.
pub(super) fn found(of: &str, title: &str, state: &str, reason: Option<&str>, closed: Option<&str>) -> KnownTicket {
    let id = id(of);
    let url = match id.key() {
        TicketKey::Jira { .. } => format!("https://openedx.atlassian.net/browse/{}", id.key()),
        TicketKey::GitHub { owner, repo, number } => format!("https://github.com/{owner}/{repo}/issues/{number}"),
    };
    let day = |day: &str| at(&format!("{day}T10:00:00Z"));
    let facts = Ticket {
        id: id.clone(),
        native_id: None,
        url,
        kind: TicketKind::Issue,
        title: title.to_owned(),
        closed: closed.is_some(),
        state: state.to_owned(),
        status_category: None,
        reason: reason.map(str::to_owned),
        merged: None,
        created_at: Some(day("2020-02-03")),
        updated_at: Some(day(closed.unwrap_or("2022-03-09"))),
        closed_at: closed.map(day),
        closed_by: None,
        duplicate_of: None,
        details: Details::default(),
    };
    let seen = at("2026-11-21T21:15:00Z");
    KnownTicket {
        facts: Some(Box::new(facts)),
        good_at: Some(seen),
        proven: Some(LookupKind::Found),
        proven_at: Some(seen),
        lookup: LookupKind::Found,
        lookup_says: None,
        asked_at: Some(seen),
        ..KnownTicket::unasked(id)
    }
}

pub(super) fn evidence(rule: &str, side: Side, says: &str, source: &str, when: Option<&str>) -> Evidence {
    Evidence {
        rule: rule.to_owned(),
        side,
        strength: 0.9,
        says: says.to_owned(),
        source: Some(source.to_owned()),
        at: when.map(at),
    }
}

pub(super) fn judgement(verdict: Verdict, confidence: f64, evidence: &[Evidence]) -> Judgement {
    Judgement { verdict, confidence, evidence: evidence.to_vec() }
}

pub(super) fn anecdote(date: Option<&str>, approximate: bool, team: Option<&str>, text: &str, at: Place) -> Anecdote {
    Anecdote {
        date: date.map(|date| date.parse().unwrap()),
        approximate,
        teams: team.map(str::to_owned).into_iter().collect(),
        text: text.to_owned(),
        place: at,
        tickets: Vec::new(),
    }
}

/// A challenge in line `line` of the register.
pub(super) fn challenge(line: u32, category: &str, title: &str, occurrences: Option<u32>) -> Challenge {
    let slug = title.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    Challenge {
        id: ChallengeId(format!("{slug}-{line:04}")),
        category: Some(category.to_owned()),
        title: title.to_owned(),
        place: place(REGISTER, line, 20),
        occurrences,
        anecdotes: Vec::new(),
        status: Status::default(),
        tickets: Vec::new(),
    }
}

/// Cites a ticket in a challenge of the register.
pub(super) fn cite(document: &mut KnownDocument, of: usize, ticket: &str, within: Within, column: u32) {
    let ticket = id(ticket);
    let at = place(REGISTER, document.challenges[of].place.line, column);
    document.challenges[of].tickets.push(ticket.clone());
    if within == Within::Status {
        document.challenges[of].status.text.push_str(&ticket.key().to_string());
    }
    document.references.push(Reference {
        url: Some(format!("https://openedx.atlassian.net/browse/{}", ticket.key())),
        text: ticket.key().to_string(),
        ticket,
        place: at,
        within,
        role: within.role(),
        owner: Owner::Challenge { challenge: of, anecdote: None, note: None },
    });
}

/// Notes something on the ticket last cited in a challenge's status.
pub(super) fn note(document: &mut KnownDocument, of: usize, text: &str, column: u32) {
    let challenge = &mut document.challenges[of];
    let (ticket, at) = (challenge.tickets.last().cloned(), place(REGISTER, challenge.place.line, column));
    challenge.status.text.push_str(&format!(" Note: {text}"));
    challenge.status.notes.push(Note { ticket, text: text.to_owned(), place: at });
}

pub(super) fn document(path: &str, kind: Kind) -> KnownDocument {
    KnownDocument {
        source: path.trim_start_matches("docs/").trim_end_matches(".md").to_owned(),
        path: path.to_owned(),
        title: None,
        kind,
        read_at: Some(at("2026-11-21T21:14:00Z")),
        trouble: None,
        challenges: Vec::new(),
        meetings: Vec::new(),
        references: Vec::new(),
        citations: Vec::new(),
        unclaimed: Vec::new(),
        problems: Vec::new(),
        markers: Vec::new(),
    }
}

pub(super) fn meeting(date: &str, line: u32, topics: Vec<Topic>) -> Meeting {
    Meeting { date: date.parse().unwrap(), place: place(MINUTES, line, 1), skipped: topics.is_empty(), topics }
}

pub(super) fn topic(line: u32, intention: &str, speaker: &str, text: &str, follow_up: Option<&str>) -> Topic {
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let agreed = |text: &str| FollowUp {
        owner: None,
        text: text.to_owned(),
        place: place(MINUTES, line + 2, 5),
        done: false,
        linked: false,
        tickets: Vec::new(),
    };
    Topic {
        intention: given(intention),
        speaker: given(speaker),
        text: text.to_owned(),
        place: place(MINUTES, line, 1),
        assumed: intention.is_empty(),
        replies: vec![Reply { speaker: None, text: "Agreed.".to_owned(), place: place(MINUTES, line + 1, 3) }],
        follow_ups: follow_up.map(agreed).into_iter().collect(),
        tickets: Vec::new(),
        links: Vec::new(),
    }
}

/// Cites a ticket in a topic of the minutes.
pub(super) fn bring_up(document: &mut KnownDocument, (m, t): (usize, usize), ticket: &str, within: Within) {
    let ticket = id(ticket);
    let topic = &mut document.meetings[m].topics[t];
    topic.tickets.push(ticket.clone());
    let TicketKey::GitHub { owner, repo, number } = ticket.key() else { panic!("minutes cite GitHub here") };
    document.references.push(Reference {
        url: Some(format!("https://github.com/{owner}/{repo}/issues/{number}")),
        text: format!("Issue #{number} · {owner}/{repo}"),
        place: place(MINUTES, topic.place.line, 40),
        ticket,
        within,
        role: within.role(),
        owner: Owner::Topic { meeting: m, topic: t },
    });
}

/// A finding on a ticket of the register or the minutes.
pub(super) fn finding(code: Code, challenge: Option<&Challenge>, ticket: Option<&str>, message: &str) -> Finding {
    let line = challenge.map_or(30, |challenge| challenge.place.line);
    let path = if challenge.is_some() { REGISTER } else { MINUTES };
    Finding {
        code,
        severity: code.default_severity(),
        challenge: challenge.map(|challenge| challenge.id.clone()),
        ticket: ticket.map(id),
        role: ticket.map(|_| Role::Remedy),
        place: Some(place(path, line, 120)),
        message: message.to_owned(),
        hint: None,
        evidence: Vec::new(),
        first_seen: Some(at("2026-11-07T03:00:00Z")),
        fingerprint: format!("{code}-{line}"),
        rests_on: None,
    }
}

pub(super) fn stands(
    challenge: usize,
    of: &Challenge,
    standing: Standing,
    priority: usize,
    because: &str,
) -> JudgedChallenge {
    let (because, broken_on, owners, themes) = (because.to_owned(), None, Vec::new(), Vec::new());
    let id = of.id.clone();
    JudgedChallenge { document: 0, challenge, id, standing, priority, because, broken_on, owners, themes }
}

pub(super) fn tracker(kind: TrackerKind) -> KnownTracker {
    let seen = Some(at("2026-11-21T21:15:00Z"));
    KnownTracker { id: TrackerId::first(kind), worked_at: seen, trouble: None, asked_at: seen }
}
