//! The store as its callers see it: a file per subject, and the material that they share.

mod answers;
mod decisions;
mod deliveries;
mod documents;
mod judgements;
mod leases;
mod listed;
mod opening;
mod outbox;
mod reading;
mod retention;
mod together;
mod triggers;
mod versions;

use chrono::{NaiveDate, TimeDelta};

use crate::domain::challenge::{Anecdote, Challenge, ChallengeId, Note, Status};
use crate::domain::details::Details;
use crate::domain::document::{Document, Form, Kind, Owner};
use crate::domain::finding::{Code, Problem};
use crate::domain::lookup::{Answer, Lookup, Trouble, TroubleKind};
use crate::domain::minutes::{FollowUp, Meeting, Reply, Topic};
use crate::domain::place::Place;
use crate::domain::reference::{Reference, Unclaimed, Within};
use crate::domain::ticket::{Ticket, TicketId, TicketKind};
use crate::domain::time::Moment;
use crate::domain::waiver::Marker;

/// A moment, counted in minutes from one that is as good as any.
fn minute(n: i64) -> Moment {
    let start: Moment = "2026-02-03T04:00:00Z".parse().unwrap();
    start + TimeDelta::minutes(n)
}

fn id(text: &str) -> TicketId {
    text.parse().unwrap()
}

fn place(path: &str, line: u32, column: u32) -> Place {
    Place { path: path.into(), line, column }
}

/// An open issue as a tracker would tell of it.
fn open_ticket(text: &str) -> Ticket {
    Ticket {
        id: id(text),
        native_id: Some("10042".to_owned()),
        url: format!("https://tracker.example/{text}"),
        kind: TicketKind::Issue,
        title: "Rotate the keys".to_owned(),
        closed: false,
        state: "In Progress".to_owned(),
        status_category: Some("indeterminate".to_owned()),
        reason: None,
        merged: None,
        created_at: Some(minute(-9000)),
        updated_at: Some(minute(-10)),
        closed_at: None,
        closed_by: None,
        duplicate_of: None,
        details: Details::default(),
    }
}

/// The same issue, closed with a reason, told to the millisecond as Jira does.
fn closed_ticket(text: &str, reason: &str) -> Ticket {
    Ticket {
        closed: true,
        state: "Closed".to_owned(),
        status_category: Some("done".to_owned()),
        reason: Some(reason.to_owned()),
        closed_at: Some(minute(-5) + TimeDelta::milliseconds(123)),
        closed_by: Some("Ada".to_owned()),
        duplicate_of: Some(id("github:acme/rocket#9")),
        ..open_ticket(text)
    }
}

fn answer(text: &str, lookup: Lookup) -> Answer {
    Answer { asked: id(text), lookup }
}

fn found(ticket: Ticket) -> Lookup {
    Lookup::Found(Box::new(ticket))
}

fn gone() -> Lookup {
    Lookup::Gone { proof: "the project is visible and has no such number".to_owned() }
}

fn hidden() -> Lookup {
    Lookup::Hidden { because: "404 from a private repository, or none".to_owned() }
}

fn unknown() -> Lookup {
    Lookup::Unknown(Trouble { kind: TroubleKind::Outage, says: "answered 503".to_owned() })
}

/// A document with its references, unclaimed spellings and further problems.
#[derive(Clone)]
struct Read {
    document: Document,
    references: Vec<Reference>,
    unclaimed: Vec<Unclaimed>,
    problems: Vec<Problem>,
}

fn reference(path: &str, line: u32, ticket: &str, within: Within, owner: Owner) -> Reference {
    Reference {
        ticket: id(ticket),
        url: Some(format!("https://tracker.example/{ticket}")),
        place: place(path, line, 7),
        text: ticket.to_owned(),
        within,
        role: within.role(),
        owner,
    }
}

fn challenge(path: &str, line: u32, name: &str, tickets: &[&str]) -> Challenge {
    Challenge {
        id: ChallengeId(name.to_owned()),
        category: Some("Deployments".to_owned()),
        title: format!("The trouble with {name}"),
        place: place(path, line, 3),
        occurrences: Some(2),
        anecdotes: Vec::new(),
        status: Status { text: format!("see {tickets:?}"), notes: Vec::new() },
        tickets: tickets.iter().map(|ticket| id(ticket)).collect(),
    }
}

/// A register that uses every field: two challenges, anecdotes, notes, references of every owner, problems.
fn register(path: &str) -> Read {
    let mut first = challenge(path, 4, "keys-1a2b", &["jira:OPS-7", "github:Acme/Rocket#12"]);
    first.anecdotes = vec![
        Anecdote {
            date: Some("2021-08-14".parse().unwrap()),
            approximate: true,
            teams: vec!["payments".to_owned(), "search".to_owned()],
            text: "the pager rang – twice".to_owned(),
            place: place(path, 4, 30),
            tickets: vec![id("jira:OPS-7")],
        },
        Anecdote {
            date: Some("2022-03".parse().unwrap()),
            approximate: false,
            teams: Vec::new(),
            text: String::new(),
            place: place(path, 5, 1),
            tickets: Vec::new(),
        },
    ];
    first.status.notes = vec![
        Note { ticket: Some(id("jira:OPS-7")), text: "left undone".to_owned(), place: place(path, 6, 2) },
        Note { ticket: None, text: "who knows".to_owned(), place: place(path, 6, 40) },
    ];
    let mut second = challenge(path, 9, "disks-3c4d", &[]);
    second.category = None;
    second.occurrences = None;
    let owner = |anecdote, note| Owner::Challenge { challenge: 0, anecdote, note };
    let mut bare = reference(path, 12, "jira:OPS-8", Within::Text, Owner::Nobody);
    bare.url = None;
    Read {
        document: Document {
            path: path.to_owned(),
            source: "the text itself is not kept".to_owned(),
            form: Form::Markdown,
            kind: Kind::Register,
            challenges: vec![first, second],
            meetings: Vec::new(),
            passages: Vec::new(),
            citations: Vec::new(),
            repository: None,
            unread: Vec::new(),
            problems: vec![problem(path, 9, "a row with two cells too many")],
            markers: vec![Marker {
                code: Code::ClosedUndone,
                reason: "the rewrite comes".to_owned(),
                until: "2027-01-31".parse().unwrap(),
                place: place(path, 6, 40),
                challenge: Some(0),
                line: 6,
            }],
        },
        references: vec![
            reference(path, 4, "jira:OPS-7", Within::Anecdote, owner(Some(0), None)),
            reference(path, 6, "github:Acme/Rocket#12", Within::Status, owner(None, None)),
            reference(path, 6, "jira:OPS-7", Within::Note, owner(None, Some(0))),
            bare,
        ],
        unclaimed: vec![Unclaimed {
            home: "FOO".to_owned(),
            example: "FOO-3".to_owned(),
            place: place(path, 13, 1),
            count: 4,
        }],
        problems: vec![problem(path, 14, "`OPS-0` is no ticket")],
    }
}

fn problem(path: &str, line: u32, message: &str) -> Problem {
    let hint = line.is_multiple_of(2).then(|| "look again".to_owned());
    Problem { code: Code::MalformedRow, place: place(path, line, 1), message: message.to_owned(), hint }
}

/// Minutes that use every field.
fn minutes(path: &str) -> Read {
    let day = |day| NaiveDate::from_ymd_opt(2023, 12, day).unwrap();
    let topic = Topic {
        intention: Some("quest".to_owned()),
        speaker: Some("Dave".to_owned()),
        text: "who owns the build?".to_owned(),
        place: place(path, 3, 1),
        assumed: true,
        replies: vec![Reply { speaker: None, text: "nobody".to_owned(), place: place(path, 4, 3) }],
        follow_ups: vec![FollowUp {
            owner: Some("Eve".to_owned()),
            text: "ask around".to_owned(),
            place: place(path, 5, 3),
            done: false,
            linked: false,
            tickets: Vec::new(),
        }],
        tickets: vec![id("github:acme/rocket#12")],
        links: vec!["register.md#slow".to_owned()],
    };
    let quiet = Topic { intention: None, speaker: None, assumed: false, replies: vec![], ..topic.clone() };
    Read {
        document: Document {
            path: path.to_owned(),
            source: String::new(),
            form: Form::Text,
            kind: Kind::Minutes,
            challenges: Vec::new(),
            meetings: vec![
                Meeting { date: day(13), place: place(path, 2, 1), skipped: false, topics: vec![topic, quiet] },
                Meeting { date: day(6), place: place(path, 9, 1), skipped: true, topics: Vec::new() },
            ],
            passages: Vec::new(),
            citations: Vec::new(),
            repository: None,
            unread: Vec::new(),
            problems: Vec::new(),
            markers: Vec::new(),
        },
        references: vec![reference(
            path,
            5,
            "github:acme/rocket#12",
            Within::FollowUp,
            Owner::Topic { meeting: 0, topic: 1 },
        )],
        unclaimed: Vec::new(),
        problems: Vec::new(),
    }
}
