//! The schedule, and stopping.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::config::ConfigError;
use crate::domain::schedule::Schedule;
use crate::domain::time::Moment;
use crate::sync::{self, Outcome, Shop};
use crate::trackers::Trackers;
use crate::web;

/// How long a stop waits for the page's last answers. Whoever has not asked to the end by then is not answered.
const DRAIN_PAGES: Duration = Duration::from_secs(2);

/// How long a stop waits for the running pass.
const DRAIN_PASS: Duration = Duration::from_secs(10);

/// How long one sleep lasts at most. The wall clock can jump (suspend, a corrected clock), and a sleep doesn't notice.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// Runs until `stop`: serves the page on `listener` and makes a pass whenever `schedule` says so, one at a time, the
/// first one at once unless the schedule was kept while we were away. The first pass after a firing of `full` asks for
/// everything, the others for what is due. Before each pass `renew` gives the
/// trackers with the secrets of that moment; where it fails, those of the pass before are kept.
pub async fn serve(
    shop: Shop,
    schedule: Schedule,
    full: Schedule,
    listener: TcpListener,
    stop: CancellationToken,
    renew: impl Fn() -> anyhow::Result<Trackers> + Send + Sync + 'static,
) -> anyhow::Result<()> {
    let address = listener.local_addr().context("cannot tell where the page is")?;
    tracing::info!("serving http://{address}/");
    let pages = tokio::spawn({
        let (router, stop) = (web::router(shop.clone()), stop.clone());
        async move { axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await }
    });
    let passes = tokio::spawn(passes(shop, schedule, full, stop.clone(), Arc::new(renew)));
    until_stopped(pages, passes, &stop).await
}

/// Waits for `stop`, then for both tasks, each for as long as it may take. A page that ends before takes the daemon with
/// it: nobody would notice that it is gone.
async fn until_stopped(
    mut pages: JoinHandle<std::io::Result<()>>,
    passes: JoinHandle<()>,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let ended = tokio::select! {
        () = stop.cancelled() => None,
        ended = &mut pages => Some(ended),
    };
    tracing::info!("stopping");
    stop.cancel();
    let drain_pages = async {
        match ended {
            Some(ended) => Ok(ended),
            None => tokio::time::timeout(DRAIN_PAGES, pages).await,
        }
    };
    let (pages, passes) = tokio::join!(drain_pages, tokio::time::timeout(DRAIN_PASS, passes));
    match pages {
        Ok(pages) => pages.context("the page failed")?.context("the page failed")?,
        Err(_) => tracing::warn!("cut requests that were still open after {} seconds", DRAIN_PAGES.as_secs()),
    }
    match passes {
        Ok(passes) => passes.context("the schedule failed")?,
        Err(_) => {
            tracing::warn!("cut the pass after {} seconds; the next one completes it", DRAIN_PASS.as_secs());
        }
    }
    tracing::info!("stopped");
    Ok(())
}

/// The passes, until `stop`.
async fn passes(mut shop: Shop, schedule: Schedule, full: Schedule, stop: CancellationToken, renew: Arc<impl Renew>) {
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
        renewed(&mut shop.trackers, &renew).await;
        let now = shop.clock.now();
        let everything = next_full <= Some(now);
        run(&shop, everything, &stop).await;
        if everything {
            next_full = full.next_after(now);
        }
        if stop.is_cancelled() {
            return;
        }
        // Counted from the start of the pass: what fired while it ran is made up for, once and at once.
        let Some(at) = schedule.next_after(now) else {
            tracing::error!("the schedule {schedule} never fires again");
            return;
        };
        next = at.max(shop.clock.now());
        tracing::info!("next pass at {next}");
    }
}

/// When the first pass is due: at once, if a firing was missed since the last pass that ended.
async fn first(shop: &Shop, schedule: &Schedule) -> anyhow::Result<Moment> {
    let now = shop.clock.now();
    let last = shop.store.last_run().await?.map(|run| run.started_at);
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

/// Gives the trackers with the secrets of now.
trait Renew: Fn() -> anyhow::Result<Trackers> + Send + Sync + 'static {}

impl<F: Fn() -> anyhow::Result<Trackers> + Send + Sync + 'static> Renew for F {}

/// Puts the trackers of now in the place of `trackers`. Secrets come from files and other programs, so it may block.
async fn renewed(trackers: &mut Trackers, renew: &Arc<impl Renew>) {
    let renew = Arc::clone(renew);
    match tokio::task::spawn_blocking(move || renew()).await.map_err(anyhow::Error::from).flatten() {
        Ok(renewed) => *trackers = renewed,
        Err(error) => {
            let hint = error.chain().find_map(|cause| cause.downcast_ref::<ConfigError>()?.hint());
            let hint = hint.map(|hint| format!("; hint: {hint}")).unwrap_or_default();
            tracing::warn!("keeping the credentials of before: {error:#}{hint}");
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_page_that_fails_takes_the_daemon_with_it() {
        let stop = CancellationToken::new();
        let pages = tokio::spawn(async { Err(std::io::Error::other("no more sockets")) });
        let told = stop.clone();
        let passes = tokio::spawn(async move { told.cancelled().await });
        let error = until_stopped(pages, passes, &stop).await.unwrap_err();
        assert_eq!(format!("{error:#}"), "the page failed: no more sockets");
    }
}
