//! Trackers that misbehave, case by case: whatever they do, nothing known is overturned, no finding is made without
//! ground, the numbers add up, and a fresh change gets through afterwards.

mod answers;
mod credentials;
#[cfg(target_os = "linux")]
mod endless;
mod habits;
mod limits;
mod looks;
mod mass;
mod stop;

use std::time::Duration;

use dragnet::clock::Clock;
use dragnet::domain::judged::Judged;
use dragnet::domain::lookup::{LookupKind, TroubleKind};
use dragnet::domain::ticket::TicketId;
use dragnet::domain::verdict::Verdict;
use dragnet::http::{Client, Limits};
use dragnet::store::Store;
use dragnet::sync::{Outcome, Reach, Shop, sync};
use dragnet::trackers::Trackers;
use tokio_util::sync::CancellationToken;

use super::world::{World, in_full, noon};

/// Tickets of each tracker.
const EACH: usize = 5;

/// Both trackers with promised fixes, open and closed, that one pass has seen; then time passes as the story says.
/// Each pass is a process of its own as far as it can tell: it starts from the configuration and the store.
struct Case {
    world: World,
    clock: Clock,
    before: Judged,
    history: i64,
    /// How long one request may take.
    hurry: Duration,
}

impl Case {
    async fn new() -> Self {
        let world = World::new().await;
        let mut rows = Vec::new();
        for number in 1..=EACH {
            rows.push((format!("Pain {number} of the pipeline"), format!("ARCH-{number}")));
            rows.push((
                format!("Pain {number} of the rocket"),
                format!("https://github.com/acme/rocket/issues/{number}"),
            ));
            world.jira.issue(&format!("ARCH-{number}")).status("To Do", "new");
            world.github.issue("acme/rocket", number as u64);
        }
        world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2021-05-01"));
        world.github.issue("acme/rocket", 1).closed_as("not_planned", noon("2021-05-01"));
        let rows: Vec<_> =
            rows.iter().map(|(title, ticket)| (title.as_str(), "2021-01-01: ouch", ticket.as_str())).collect();
        world.register(&rows);
        let clock = Clock::standing_at(noon("2026-06-01"));
        let mut case =
            Self { world, clock, before: Judged::default(), history: 0, hurry: Limits::default().total_timeout };
        case.settle().await;
        case
    }

    /// A pass without trouble; what is known after it is what must not be overturned.
    async fn settle(&mut self) {
        let outcome = self.pass().await;
        assert!(outcome.pass.run.complete, "{outcome:?}");
        self.before = outcome.judged;
        self.history = self.world.sql("SELECT count(*) FROM ticket_change");
        self.forget();
    }

    /// One pass by hand.
    async fn pass(&self) -> Outcome {
        let limits = Limits {
            total_timeout: self.hurry,
            retry_delay: Duration::from_millis(1),
            body_bytes: 1024 * 1024,
            ..Limits::default()
        };
        let config = self.world.config();
        let shop = Shop {
            sources: config.sources.clone(),
            claims: config.claims(),
            policy: config.policy.clone(),
            waivers: Vec::new(),
            store: Store::open(&config.store).await.unwrap(),
            trackers: Trackers::new(&config.tracker_settings().unwrap(), &Client::new(limits).unwrap()).unwrap(),
            clock: self.clock.clone(),
            remotes: std::sync::Arc::default(),
            whole: true,
        };
        let outcome = sync(&shop, Reach::Full, &CancellationToken::new(), &|_| {}).await.unwrap();
        let outcome = in_full(outcome, &shop).await;
        assert_eq!(outcome.pass.lookups.values().sum::<usize>(), outcome.pass.run.asked, "the numbers add up");
        outcome
    }

    /// A pass of which one tracker's tickets stay unknown with trouble of this kind, and nothing is overturned.
    async fn troubled_pass(&self, tracker: &str, kind: TroubleKind) -> String {
        let outcome = self.pass().await;
        self.unharmed(&outcome);
        let known = outcome.known.trackers.iter().find(|known| known.id.to_string() == tracker).unwrap();
        let trouble = known.trouble.clone().unwrap_or_else(|| panic!("{tracker} had no trouble"));
        assert_eq!(trouble.kind, kind, "{}", trouble.says);
        for (id, ticket) in &outcome.known.tickets {
            let unknown = ticket.lookup == LookupKind::Unknown;
            assert_eq!(unknown, id.tracker().to_string() == tracker, "{id}: {:?}", ticket.lookup);
        }
        trouble.says
    }

    /// The check after every case.
    #[track_caller]
    fn unharmed(&self, outcome: &Outcome) {
        let findings = |judged: &Judged| judged.findings.iter().map(|it| it.fingerprint.clone()).collect::<Vec<_>>();
        assert_eq!(findings(&outcome.judged), findings(&self.before));
        assert_eq!(verdicts(&outcome.judged), verdicts(&self.before));
        assert_eq!(self.world.sql::<i64>("SELECT count(*) FROM ticket_change"), self.history, "no history is added");
        assert_eq!(self.world.sql::<String>("PRAGMA integrity_check"), "ok");
    }

    /// Both trackers behave again: a pass is whole, and a change gets through. The end of a story.
    async fn recovers(&self) {
        self.world.jira_stage.heal();
        self.world.github_stage.heal();
        self.world.jira.issue("ARCH-2").status("Closed", "done").resolution("Won't Do", noon("2026-05-01"));
        self.world.github.issue("acme/rocket", 2).closed_as("not_planned", noon("2026-05-01"));
        let outcome = self.pass().await;
        assert!(outcome.pass.run.complete, "{outcome:?}");
        for id in ["jira:ARCH-2", "github:acme/rocket#2"] {
            let id: TicketId = id.parse().unwrap();
            assert_eq!(outcome.judged.tickets[&id].verdict, Verdict::Undone, "{id}");
        }
    }

    fn later(&self, seconds: i64) {
        self.clock.set(self.clock.now() + chrono::TimeDelta::seconds(seconds));
    }

    fn forget(&self) {
        self.world.jira_stage.forget();
        self.world.github_stage.forget();
    }

    /// Requests made of Jira and of GitHub since the last time.
    fn requests(&self) -> (usize, usize) {
        let made = (self.world.jira_stage.requests().len(), self.world.github_stage.requests().len());
        self.forget();
        made
    }
}

fn verdicts(judged: &Judged) -> Vec<(TicketId, Verdict)> {
    judged.tickets.iter().map(|(id, judgement)| (id.clone(), judgement.verdict)).collect()
}
