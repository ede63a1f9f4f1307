//! Passes that ask what changed: nothing is missed, nothing is asked for in vain, and a listing that is no good is no
//! answer.

mod github;
mod jira;
mod soak;

use std::path::PathBuf;

use chrono::TimeDelta;
use dragnet::clock::Clock;
use dragnet::config::SourceSettings;
use dragnet::domain::lookup::LookupKind;
use dragnet::domain::policy::Policy;
use dragnet::domain::ticket::TicketId;
use dragnet::domain::time::Moment;
use dragnet::domain::tracker::{Claims, Credential, TrackerId, TrackerKind, TrackerSettings};
use dragnet::http::{Client, Limits};
use dragnet::standin::{GitHub, Jira, Running, serve};
use dragnet::store::Store;
use dragnet::sync::{Outcome, Reach, Shop, sync};
use dragnet::trackers::Trackers;
use tokio_util::sync::CancellationToken;

use super::world::{in_full, noon};

/// A shop in this process whose clock stands still between passes, and both trackers.
struct Stage {
    folder: tempfile::TempDir,
    github: GitHub,
    github_stage: Running,
    jira: Jira,
    jira_stage: Running,
    shop: Shop,
}

/// What goes wrong, by its name.
type Mishaps<const N: usize> = [(&'static str, fn(&Stage)); N];

fn token(text: &str) -> Credential {
    Credential::Bearer(text.to_owned().into())
}

impl Stage {
    async fn new(jira: Jira, text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let github = GitHub::new();
        let (github_stage, jira_stage) = (serve(github.clone()).await.unwrap(), serve(jira.clone()).await.unwrap());
        let shop = Shop {
            sources: vec![SourceSettings { folder: PathBuf::from(folder.path()), ..SourceSettings::named("a.md") }],
            claims: Claims::without_configuration(&["ARCH".to_owned(), "OPS".to_owned()]),
            policy: Policy::default(),
            waivers: Vec::new(),
            remotes: std::sync::Arc::default(),
            whole: true,
            store: Store::in_memory().await.unwrap(),
            trackers: Trackers::new(&[], &Client::new(Limits::default()).unwrap()).unwrap(),
            clock: Clock::standing_at(noon("2026-06-01")),
        };
        let mut stage = Self { folder, github, github_stage, jira, jira_stage, shop };
        stage.cite(text);
        stage.show(token("token"));
        stage.jira.now(noon("2026-06-01"));
        stage
    }

    fn cite(&self, text: &str) {
        std::fs::write(self.folder.path().join("a.md"), format!("{text}\n")).unwrap();
    }

    /// Asks with these credentials of GitHub from now on.
    fn show(&mut self, credential: Credential) {
        let settings = |kind, url: &url::Url, flavor, credential| TrackerSettings {
            id: TrackerId::first(kind),
            name: "a".to_owned(),
            site: "https://acme.example".parse().unwrap(),
            api_url: url.clone(),
            flavor,
            credential,
            evidence_repos: Vec::new(),
            reserve: 0,
        };
        let settings = [
            settings(TrackerKind::GitHub, &self.github_stage.url, None, credential),
            settings(TrackerKind::Jira, &self.jira_stage.url, None, token("jira")),
        ];
        let limits = Limits { retry_delay: std::time::Duration::from_millis(1), ..Limits::default() };
        self.shop.trackers = Trackers::new(&settings, &Client::new(limits).unwrap()).unwrap();
    }

    fn later(&self, minutes: i64) -> Moment {
        let now = self.shop.clock.now() + TimeDelta::minutes(minutes);
        self.shop.clock.set(now);
        self.jira.now(now);
        now
    }

    /// A pass that may list; everything must be answered for.
    async fn pass(&self) -> Outcome {
        self.github_stage.forget();
        self.jira_stage.forget();
        let outcome = sync(&self.shop, Reach::Everything, &CancellationToken::new(), &|_| {}).await.unwrap();
        let outcome = in_full(outcome, &self.shop).await;
        assert_eq!(outcome.pass.lookups.values().sum::<usize>(), outcome.pass.run.asked);
        outcome
    }

    async fn full(&self) -> Outcome {
        in_full(sync(&self.shop, Reach::Full, &CancellationToken::new(), &|_| {}).await.unwrap(), &self.shop).await
    }

    /// `METHOD path status` of what was asked since the last pass began, without queries.
    fn asked(&self) -> Vec<String> {
        let all = self.github_stage.requests().into_iter().chain(self.jira_stage.requests());
        all.map(|exchange| {
            let path = exchange.path.split('?').next().unwrap_or_default().to_owned();
            format!("{} {path} {}", exchange.method, exchange.status)
        })
        .collect()
    }

    async fn history(&self) -> usize {
        self.shop.store.known().await.unwrap().tickets.values().map(|ticket| ticket.history.len()).sum()
    }

    async fn state(&self, id: &str) -> String {
        let id: TicketId = id.parse().unwrap();
        self.shop.store.known().await.unwrap().tickets[&id].facts.as_ref().unwrap().state.clone()
    }
}

fn found(outcome: &Outcome) -> usize {
    assert!(outcome.pass.run.complete, "{:?}", outcome.known.trackers);
    outcome.pass.lookups[&LookupKind::Found]
}

/// So many issues of `acme/rocket`, all cited.
async fn rocket(tickets: u64) -> Stage {
    let cited: Vec<String> = (1..=tickets).map(|n| format!("acme/rocket#{n}")).collect();
    let stage = Stage::new(Jira::cloud(), &cited.join(" ")).await;
    for n in 1..=tickets {
        stage.github.issue("acme/rocket", n);
    }
    stage
}

/// So many issues in two projects, all cited.
async fn arch(jira: Jira, tickets: u64) -> Stage {
    let key = |n: u64| format!("{}-{n}", if n.is_multiple_of(2) { "ARCH" } else { "OPS" });
    let cited: Vec<String> = (1..=tickets).map(key).collect();
    let stage = Stage::new(jira, &cited.join(" ")).await;
    for n in 1..=tickets {
        stage.jira.issue(&key(n));
    }
    stage
}
