//! A job that breaks off.

use std::collections::BTreeMap;

use super::*;
use crate::clock::Clock;
use crate::domain::access::Access;
use crate::domain::policy::Policy;
use crate::domain::retention::Retention;
use crate::domain::schedule::Schedule;
use crate::domain::tracker::Claims;
use crate::http::Limits;
use crate::store::Store;
use crate::trackers::Trackers;
use crate::web::webhooks::Bounds;

async fn scheduler() -> Scheduler<impl Fn(Renewal) -> anyhow::Result<Orders>> {
    let http = Client::new(Limits::default()).unwrap();
    let trackers = Trackers::new(&[], &http).unwrap();
    let (store, clock) = (Store::in_memory().await.unwrap(), Clock::system());
    let webhooks = Webhooks::new(store.clone(), clock.clone(), Vec::new(), Bounds::default());
    let operations = Operations::new(store.clone(), clock.clone(), webhooks.clone(), http.traffic().clone());
    let (sources, waivers) = (Vec::new(), Vec::new());
    let (claims, policy) = (Claims::default(), Policy::default());
    let shop = Shop { sources, claims, policy, waivers, store, trackers, remotes: Arc::default(), clock, whole: true };
    let schedule = Schedule::parse("@daily", chrono_tz::UTC).unwrap();
    let (sync, full, jitter) = (schedule.clone(), schedule, Duration::ZERO);
    let orders = Orders {
        shop: shop.clone(),
        sync,
        full,
        jitter,
        webhooks: Vec::new(),
        digests: Digests::default(),
        ping: None,
        retention: Retention::default(),
        ends: BTreeMap::new(),
        access: Access::default(),
        key: None,
        tls: None,
    };
    let source = Arc::new(|_| anyhow::bail!("no orders"));
    let (shop, stop) = (watch::channel(shop).0, CancellationToken::new());
    let (certificate, manager) = (watch::channel(None).0, Manager::default());
    let digests = watch::channel(Digests::default()).0;
    Scheduler { orders, source, shop, certificate, digests, webhooks, operations, manager, http, stop }
}

#[tokio::test]
async fn a_job_that_breaks_off_is_counted_and_the_scheduler_goes_on() {
    let scheduler = scheduler().await;
    let task = tokio::spawn(async { panic!("a mistake of ours") });
    let job = Running { what: What::Full, since: Instant::now(), requests: BTreeMap::new(), task };
    assert!(!scheduler.finish(ended(&mut Some(job)).await).await.unwrap());
    let task = tokio::spawn(async { anyhow::bail!("no store") });
    let job = Running { what: What::Full, since: Instant::now(), requests: BTreeMap::new(), task };
    assert!(!scheduler.finish(ended(&mut Some(job)).await).await.unwrap());
    let state = scheduler.operations.vitals.state();
    assert_eq!((state.panics, state.failures, state.job.is_some()), (1, 1, false));
    assert!(state.jobs.is_empty());
}
