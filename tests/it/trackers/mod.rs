//! Asking trackers over real HTTP, against stand-ins that keep state and can misbehave.

mod account;
mod github;
mod github_app;
mod github_closing;
mod github_trouble;
mod jira;
mod jira_closing;
mod jira_trouble;
mod tokens;
mod transport;

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use dragnet::domain::lookup::{Answer, Ask, Lookup, LookupKind, Trouble, TroubleKind};
use dragnet::domain::ticket::{Ticket, TicketId};
use dragnet::domain::tracker::{Credential, Flavor, TrackerId, TrackerKind, TrackerSettings};
use dragnet::http::{Client, Limits};
use dragnet::standin::GitHub;
use dragnet::trackers::{Health, Trackers};
use url::Url;

/// Limits that make a test short.
fn brisk() -> Limits {
    Limits {
        // A busy machine may take seconds over an answer of a second; tests of silence have a limit of their own.
        total_timeout: Duration::from_secs(20),
        retry_delay: Duration::from_millis(1),
        patience: Duration::from_millis(1_500),
        body_bytes: 1024 * 1024,
        ..Limits::default()
    }
}

fn github_at(url: &Url, credential: Credential) -> TrackerSettings {
    TrackerSettings {
        id: TrackerId::first(TrackerKind::GitHub),
        name: "github".to_owned(),
        site: Url::parse("https://github.com").unwrap(),
        api_url: url.clone(),
        flavor: None,
        credential,
        evidence_repos: Vec::new(),
        reserve: 0,
    }
}

fn jira_at(url: &Url, flavor: Option<Flavor>) -> TrackerSettings {
    TrackerSettings {
        id: TrackerId::first(TrackerKind::Jira),
        name: "jira".to_owned(),
        site: Url::parse("https://acme.atlassian.net").unwrap(),
        api_url: url.clone(),
        flavor,
        credential: Credential::Basic { user: "bot@acme.example".to_owned(), token: "jira-token".to_owned().into() },
        evidence_repos: Vec::new(),
        reserve: 0,
    }
}

fn token() -> Credential {
    Credential::Bearer("github-token".to_owned().into())
}

fn trackers(settings: &[TrackerSettings]) -> Trackers {
    Trackers::new(settings, &Client::new(brisk()).unwrap()).unwrap()
}

/// What one asking gave.
struct Told {
    answers: Vec<Answer>,
    health: BTreeMap<TrackerId, Health>,
}

async fn ask(trackers: &Trackers, tickets: &[&str]) -> Told {
    ask_for(trackers, tickets.iter().map(|id| id.parse().unwrap()).collect()).await
}

async fn ask_for(trackers: &Trackers, tickets: Vec<TicketId>) -> Told {
    ask_knowing(trackers, tickets.into_iter().map(Ask::from).collect()).await
}

fn ask_of(id: &str) -> Ask {
    id.parse::<TicketId>().unwrap().into()
}

async fn ask_knowing(trackers: &Trackers, asks: Vec<Ask>) -> Told {
    let mut batches = trackers.ask(asks);
    let mut told = Told { answers: Vec::new(), health: BTreeMap::new() };
    while let Some(batch) = batches.recv().await {
        told.answers.extend(batch.answers);
        if let Some(health) = batch.health {
            assert_eq!(told.health.insert(batch.tracker, health), None, "health is told once");
        }
    }
    told
}

impl Told {
    /// The one answer for a ticket.
    fn lookup(&self, id: &str) -> &Lookup {
        let id: TicketId = id.parse().unwrap();
        let mut answers = self.answers.iter().filter(|answer| answer.asked == id);
        let lookup = &answers.next().unwrap_or_else(|| panic!("{id} is not answered")).lookup;
        assert!(answers.next().is_none(), "{id} is answered twice");
        lookup
    }

    fn kind(&self, id: &str) -> LookupKind {
        self.lookup(id).kind()
    }

    fn ticket(&self, id: &str) -> &Ticket {
        match self.lookup(id) {
            Lookup::Found(ticket) | Lookup::Moved { ticket: Some(ticket), .. } => ticket,
            other => panic!("{id}: {other:?}"),
        }
    }

    /// Why a ticket is gone, hidden or unknown.
    fn says(&self, id: &str) -> &str {
        match self.lookup(id) {
            Lookup::Gone { proof } => proof,
            Lookup::Hidden { because } => because,
            Lookup::Unknown(trouble) => &trouble.says,
            other => panic!("{id}: {other:?}"),
        }
    }

    fn trouble(&self, id: &str) -> &Trouble {
        match self.lookup(id) {
            Lookup::Unknown(trouble) => trouble,
            other => panic!("{id}: {other:?}"),
        }
    }

    /// All answers are this trouble.
    fn all_unknown(&self, count: usize, kind: TroubleKind) {
        assert_eq!(self.answers.len(), count);
        for answer in &self.answers {
            match &answer.lookup {
                Lookup::Unknown(trouble) => assert_eq!(trouble.kind, kind, "{}: {}", answer.asked, trouble.says),
                other => panic!("{}: {other:?}", answer.asked),
            }
        }
    }

    fn health(&self) -> &Health {
        assert_eq!(self.health.len(), 1);
        self.health.values().next().unwrap()
    }

    fn troubled(&self) -> TroubleKind {
        self.health().trouble.as_ref().expect("trouble").kind
    }
}

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}T12:00:00Z").parse().unwrap()
}

/// A GitHub with so many issues of one repository, and their ids.
fn many(count: u64) -> (GitHub, Vec<String>) {
    let github = GitHub::new();
    let ids = (1..=count).map(|number| {
        github.issue("acme/rocket", number);
        format!("github:acme/rocket#{number}")
    });
    let ids = ids.collect();
    (github, ids)
}

fn refs(ids: &[String]) -> Vec<&str> {
    ids.iter().map(String::as_str).collect()
}
