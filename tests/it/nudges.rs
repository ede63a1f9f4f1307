//! What webhooks name while a pass runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use dragnet::domain::delivery::{Delivery, Named, Receipt};
use dragnet::domain::tracker::{TrackerId, TrackerKind};
use dragnet::standin::Mishap;
use dragnet::store::Store;

use super::daemon::{get, wait_for};
use super::webhooks::{asked, followed, from_jira, passed, serving, stopped, updated, world};
use super::world::{World, free_address, noon};

/// A world in which a pass takes minutes: missing tickets are asked for one by one, four at a time.
async fn slow_world() -> World {
    let world = world().await;
    let missing: String = (1..=40).map(|number| format!("acme/rocket#{number} ")).collect();
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1 ARCH-2"), ("Tests flake", &missing, "")]);
    world.github.issue("acme/rocket", 99);
    world.github_stage.latency(Duration::from_secs(15));
    for key in ["ARCH-1", "ARCH-2"] {
        world.jira.issue(key);
    }
    world
}

/// Whether a ticket is known to be in this state.
fn is_known(world: &World, ticket: &str, state: &str) -> bool {
    world.sql::<i64>(&format!("SELECT count(*) FROM ticket WHERE id = '{ticket}' AND state = '{state}'")) == 1
}

/// How soon after its delivery was answered a ticket is asked for.
const SOON: Duration = Duration::from_secs(10);

/// How late this machine is, which is nobody's fault: the time by which a sleep is too long, added up.
#[derive(Clone, Default)]
struct Lateness(Arc<AtomicU64>);

impl Lateness {
    fn watched() -> Self {
        let (lateness, nap) = (Self::default(), Duration::from_millis(50));
        let own = lateness.clone();
        tokio::spawn(async move {
            loop {
                let began = Instant::now();
                tokio::time::sleep(nap).await;
                let late = u64::try_from(began.elapsed().saturating_sub(nap).as_millis()).unwrap();
                own.0.fetch_add(late, Ordering::Relaxed);
            }
        });
        lateness
    }

    /// Fails unless Jira was asked for tickets soon after a delivery was answered, by the stand-in's own record.
    fn allows(&self, world: &World, answered: Instant) {
        let asked = world.jira_stage.requests().into_iter();
        let asked =
            asked.filter(|one| one.path.contains("/issue/bulkfetch")).map(|one| one.came).find(|at| *at > answered);
        let (took, late) = (asked.unwrap() - answered, Duration::from_millis(self.0.load(Ordering::Relaxed)));
        assert!(took <= SOON + late, "asked for after {took:?}, on a machine that was {late:?} late");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_named_between_passes_is_asked_for_within_ten_seconds() {
    let world = world().await;
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1 ARCH-2")]);
    world.jira.issue("ARCH-1");
    world.jira.issue("ARCH-2");
    let (daemon, address) = serving(&world).await;
    // The second one comes when the first was asked for a moment ago.
    for (id, key) in [("one", "ARCH-1"), ("two", "ARCH-2")] {
        let lateness = Lateness::watched();
        assert_eq!(from_jira(address, id, &updated(key)), 202);
        let answered = Instant::now();
        followed(&world).await;
        lateness.allows(&world, answered);
    }
    stopped(daemon).await;
}

/// A delivery that comes while the trackers take their time does not wait for the pass to end, and what the pass is told
/// later than it asked does not take the place of what was told since.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_named_while_a_pass_runs_is_asked_for_before_it_ends() {
    let world = slow_world().await;
    world.jira_stage.fail(Mishap::Slow(Duration::from_secs(8)).on("/issue/bulkfetch").times(1));
    let address = free_address();
    let daemon = world.start(&["serve", "--listen", &address.to_string()]);
    wait_for("/healthz", || get(address, "/healthz")).await;
    wait_for("the request", || (world.jira_stage.busiest() > 0).then_some(())).await;

    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2021-01-01"));
    let lateness = Lateness::watched();
    assert_eq!(from_jira(address, "one", &updated("ARCH-1")), 202);
    let answered = Instant::now();
    followed(&world).await;
    lateness.allows(&world, answered);
    assert!(is_known(&world, "jira:ARCH-1", "Closed") && !passed(&world), "known before the pass ends");
    // What the pass asked for before that comes in now: both were open then.
    wait_for("the other answer", || is_known(&world, "jira:ARCH-2", "To Do").then_some(())).await;
    assert!(is_known(&world, "jira:ARCH-1", "Closed") && !passed(&world), "what is older is not believed");
    let mut askings = asked(&world);
    askings.iter_mut().for_each(|keys| keys.sort());
    askings.sort();
    assert_eq!(askings, [vec!["ARCH-1"], vec!["ARCH-1", "ARCH-2"]]);
    stopped(daemon).await;
}

/// The daemon may have taken a delivery in while a pass by hand holds the store.
#[tokio::test(flavor = "multi_thread")]
async fn a_pass_by_hand_asks_for_what_another_process_took_in() {
    let world = slow_world().await;
    let mut pass = world.start(&["sync"]);
    wait_for("the request", || (world.jira_stage.busiest() > 0).then_some(())).await;
    wait_for("the first answer", || is_known(&world, "jira:ARCH-1", "To Do").then_some(())).await;
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2021-01-01"));
    let names = vec![Named::Ticket("jira:ARCH-1".parse().unwrap())];
    let delivery = Delivery { tracker: TrackerId::first(TrackerKind::Jira), id: "one".to_owned(), names };
    let store = Store::open(&world.path("dragnet.db")).await.unwrap();
    assert_eq!(store.take_deliveries(vec![delivery], noon("2026-06-01")).await.unwrap(), [Receipt::Nudged]);
    followed(&world).await;
    assert!(is_known(&world, "jira:ARCH-1", "Closed") && !passed(&world));
    pass.kill().unwrap();
    pass.wait().unwrap();
}

/// One that comes when the pass has asked already has to wait for nothing but its end.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_named_when_a_pass_has_asked_for_it_is_asked_for_again() {
    let world = world().await;
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1")]);
    world.jira.issue("ARCH-1");
    world.jira_stage.latency(Duration::from_secs(2));
    let address = free_address();
    let daemon = world.start(&["serve", "--listen", &address.to_string()]);
    wait_for("the request", || (world.jira_stage.busiest() > 0).then_some(())).await;
    assert_eq!(from_jira(address, "one", &updated("ARCH-1")), 202);
    wait_for("the pass", || passed(&world).then_some(())).await;
    followed(&world).await;
    assert_eq!(asked(&world), [["ARCH-1"], ["ARCH-1"]]);
    stopped(daemon).await;
}
