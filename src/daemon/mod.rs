//! The schedule, and stopping.

use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::domain::schedule::Schedule;
use crate::domain::time::Moment;
use crate::sync::{self, Outcome, Shop};
use crate::web;

/// How long a stop waits for the page's last answers and the running pass.
const DRAIN: Duration = Duration::from_secs(10);

/// How long one sleep lasts at most. The wall clock can jump (suspend, a corrected clock), and a sleep doesn't notice.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// Runs until `stop`: serves the page on `listener` and makes a pass whenever `schedule` says so, one at a time, the
/// first one at once unless the schedule was kept while we were away. The first pass after a firing of `full` asks for
/// everything, the others for what is due.
pub async fn serve(
    shop: Shop,
    schedule: Schedule,
    full: Schedule,
    listener: TcpListener,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let address = listener.local_addr().context("cannot tell where the page is")?;
    tracing::info!("serving http://{address}/");
    let pages = tokio::spawn({
        let (router, stop) = (web::router(shop.clone()), stop.clone());
        async move { axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await }
    });
    let passes = tokio::spawn(passes(shop, schedule, full, stop.clone()));

    stop.cancelled().await;
    tracing::info!("stopping");
    let drained = tokio::time::timeout(DRAIN, async { (pages.await, passes.await) }).await;
    match drained {
        Ok((pages, passes)) => {
            pages.context("the page failed")?.context("the page failed")?;
            passes.context("the schedule failed")?;
        }
        Err(_) => {
            tracing::warn!("gave up waiting after {} seconds; the next pass completes what was cut", DRAIN.as_secs());
        }
    }
    tracing::info!("stopped");
    Ok(())
}

/// The passes, until `stop`.
async fn passes(shop: Shop, schedule: Schedule, full: Schedule, stop: CancellationToken) {
    let mut next = match first(&shop, &schedule).await {
        Ok(next) => next,
        Err(error) => {
            tracing::error!("cannot read the store: {error:#}");
            shop.clock.now()
        }
    };
    // Nobody knows how many full passes were missed while we were away, so the first one is full.
    let mut next_full = Some(shop.clock.now());
    loop {
        if wait_until(&shop, next, &stop).await.is_break() {
            return;
        }
        let now = shop.clock.now();
        let everything = next_full <= Some(now);
        run(&shop, everything, &stop).await;
        if everything {
            next_full = full.next_after(now);
        }
        if stop.is_cancelled() {
            return;
        }
        let Some(at) = schedule.next_after(shop.clock.now()) else {
            tracing::error!("the schedule {schedule} never fires again");
            return;
        };
        tracing::info!("next pass at {at}");
        next = at;
    }
}

/// When the first pass is due: at once, if a firing was missed since the last pass that ended.
async fn first(shop: &Shop, schedule: &Schedule) -> anyhow::Result<Moment> {
    let now = shop.clock.now();
    let last = shop.store.known().await?.last_run.map(|run| run.started_at);
    Ok(last.and_then(|last| schedule.next_after(last)).map_or(now, |due| due.max(now)))
}

async fn wait_until(shop: &Shop, moment: Moment, stop: &CancellationToken) -> std::ops::ControlFlow<()> {
    loop {
        let Ok(left) = (moment - shop.clock.now()).to_std() else { return std::ops::ControlFlow::Continue(()) };
        if left.is_zero() {
            return std::ops::ControlFlow::Continue(());
        }
        tokio::select! {
            () = stop.cancelled() => return std::ops::ControlFlow::Break(()),
            () = tokio::time::sleep(left.min(LONGEST_SLEEP)) => {}
        }
    }
}

/// One pass. Whatever goes wrong, the schedule goes on: it runs as a task of its own, so that even a panic is an error.
async fn run(shop: &Shop, everything: bool, stop: &CancellationToken) {
    let (shop, stop) = (shop.clone(), stop.clone());
    let pass = tokio::spawn(async move {
        if everything { sync::sync(&shop, &stop, &|_| {}).await } else { sync::scheduled(&shop, &stop).await }
    });
    match pass.await {
        Ok(Ok(outcome)) => log(&outcome),
        Ok(Err(error)) => tracing::error!("the pass failed: {error:#}"),
        Err(error) => tracing::error!("the pass failed: {error}"),
    }
}

fn log(outcome: &Outcome) {
    for unreadable in &outcome.unreadable {
        tracing::warn!("{}; its last good version stays in force", unreadable.trouble);
    }
    for tracker in &outcome.known.trackers {
        if let Some(trouble) = &tracker.trouble {
            tracing::warn!("{}: {}", tracker.id, trouble.says);
        }
    }
    let run = &outcome.run;
    let findings = outcome.judged.findings.len();
    tracing::info!("asked for {} tickets, {} could not be told; {findings} findings", run.asked, run.unknown);
}
