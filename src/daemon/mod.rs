//! The schedule, and stopping.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::config::ConfigError;
use crate::domain::schedule::Schedule;
use crate::domain::time::Moment;
use crate::domain::tracker::WebhookSettings;
use crate::sync::{self, Outcome, Shop};
use crate::web;
use crate::web::webhooks::{Bounds, Webhooks};

/// How long a stop waits for the page's last answers. Whoever has not asked to the end by then is not answered.
const DRAIN_PAGES: Duration = Duration::from_secs(2);

/// How long a stop waits for the running pass.
const DRAIN_PASS: Duration = Duration::from_secs(10);

/// How long one sleep lasts at most. The wall clock can jump (suspend, a corrected clock), and a sleep doesn't notice.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// How long a delivery of a webhook waits for others, so that a burst is one asking.
const FOLD: Duration = Duration::from_secs(2);

/// The least time between two askings for what webhooks name. With it a ticket is asked for within ten seconds of its
/// delivery, and ten times a minute at most.
const BETWEEN: Duration = Duration::from_secs(6);

/// All that the configuration says to the daemon.
#[derive(Clone)]
pub struct Orders {
    /// What a pass works with.
    pub shop: Shop,
    /// When passes run.
    pub sync: Schedule,
    /// When full passes run.
    pub full: Schedule,
    /// The webhooks to take deliveries in at.
    pub webhooks: Vec<WebhookSettings>,
}

/// Runs until `stop`: serves the page and webhooks on `listener` and makes a pass whenever the schedule says so, one at a
/// time, the first one at once unless the schedule was kept while we were away. The first pass after a firing of
/// `full` asks for everything, the others for what is due. What webhooks name is asked for in between. Before each asking
/// `renew` gives the orders with the secrets of that moment; where it fails, those of before are kept.
pub async fn serve(
    orders: Orders,
    listener: TcpListener,
    stop: CancellationToken,
    renew: impl Fn() -> anyhow::Result<Orders> + Send + Sync + 'static,
) -> anyhow::Result<()> {
    let address = listener.local_addr().context("cannot tell where the page is")?;
    tracing::info!("serving http://{address}/");
    let shop = orders.shop.clone();
    let webhooks = Webhooks::new(shop.store.clone(), shop.clock.clone(), orders.webhooks.clone(), Bounds::default());
    let router = web::router(shop).merge(webhooks.router());
    let pages = tokio::spawn(web::serve(listener, router, stop.clone()));
    let passes = Passes { orders, webhooks, stop: stop.clone(), renew: Arc::new(renew) };
    until_stopped(pages, tokio::spawn(passes.run()), &stop).await
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

/// The passes, and what they need.
struct Passes<R> {
    orders: Orders,
    webhooks: Webhooks,
    stop: CancellationToken,
    renew: Arc<R>,
}

/// What there is to do.
enum Call {
    /// A pass is due.
    Pass,
    /// Webhooks named tickets.
    Nudged,
}

impl<R: Fn() -> anyhow::Result<Orders> + Send + Sync + 'static> Passes<R> {
    /// One after the other, until the stop.
    async fn run(mut self) {
        let mut next = match self.first().await {
            Ok(next) => next,
            Err(error) => {
                tracing::error!("cannot read the store: {error:#}");
                self.now()
            }
        };
        // Nobody knows how many full passes were missed while we were away, so the first one is full.
        let mut next_full = Some(self.now());
        // What was named before we were stopped is asked for at once.
        let mut nudged_at = None;
        self.nudged(&mut nudged_at).await;
        while let Some(call) = self.wait(next).await {
            if let Call::Nudged = call {
                self.nudged(&mut nudged_at).await;
                continue;
            }
            self.renew().await;
            let now = self.now();
            let everything = next_full <= Some(now);
            self.pass(everything).await;
            if everything {
                next_full = self.orders.full.next_after(now);
            }
            // Counted from the start of the pass: what fired while it ran is made up for, once and at once.
            let Some(at) = self.orders.sync.next_after(now) else {
                tracing::error!("the schedule {} never fires again", self.orders.sync);
                return;
            };
            next = at.max(self.now());
            tracing::info!("next pass at {next}");
        }
    }

    fn now(&self) -> Moment {
        self.orders.shop.clock.now()
    }

    /// When the first pass is due: at once, if a firing was missed since the last pass that ended.
    async fn first(&self) -> anyhow::Result<Moment> {
        let now = self.now();
        let last = self.orders.shop.store.last_run().await?.map(|run| run.started_at);
        Ok(last.and_then(|last| self.orders.sync.next_after(last)).map_or(now, |due| due.max(now)))
    }

    /// Waits until there is something to do; nothing more after a stop.
    async fn wait(&self, next: Moment) -> Option<Call> {
        loop {
            if self.stop.is_cancelled() {
                return None;
            }
            let left = (next - self.now()).to_std().unwrap_or_default();
            if left.is_zero() {
                return Some(Call::Pass);
            }
            tokio::select! {
                () = self.stop.cancelled() => return None,
                () = self.webhooks.rung() => return Some(Call::Nudged),
                () = tokio::time::sleep(left.min(LONGEST_SLEEP)) => {}
            }
        }
    }

    /// Asks for what webhooks named, once the burst is over or the last asking is long enough ago.
    async fn nudged(&mut self, last: &mut Option<Instant>) {
        let rest = last.map_or(Duration::ZERO, |last| BETWEEN.saturating_sub(last.elapsed()));
        tokio::select! {
            () = self.stop.cancelled() => return,
            () = tokio::time::sleep(rest.max(FOLD)) => {}
        }
        *last = Some(Instant::now());
        match self.orders.shop.store.any_nudged().await {
            Ok(false) => return,
            Ok(true) => {}
            Err(error) => return tracing::error!("cannot read what webhooks named: {:#}", anyhow::Error::from(error)),
        }
        self.renew().await;
        let (shop, stop) = (self.orders.shop.clone(), self.stop.clone());
        contained(async move { sync::nudged(&shop, &stop).await }).await;
    }

    /// Puts the orders of now in the place of those in force. Secrets come from files and other programs, so it may block.
    async fn renew(&mut self) {
        let renew = Arc::clone(&self.renew);
        match tokio::task::spawn_blocking(move || renew()).await.map_err(anyhow::Error::from).flatten() {
            Ok(orders) => {
                self.webhooks.replace(orders.webhooks.clone());
                self.orders = orders;
            }
            Err(error) => {
                let hint = error.chain().find_map(|cause| cause.downcast_ref::<ConfigError>()?.hint());
                let hint = hint.map(|hint| format!("; hint: {hint}")).unwrap_or_default();
                tracing::warn!("keeping the credentials of before: {error:#}{hint}");
            }
        }
    }

    async fn pass(&self, everything: bool) {
        let (shop, stop) = (self.orders.shop.clone(), self.stop.clone());
        contained(async move {
            if everything { sync::sync(&shop, &stop, &|_| {}).await } else { sync::scheduled(&shop, &stop).await }
        })
        .await;
    }
}

/// One pass. Whatever goes wrong, the schedule goes on: it runs as a task of its own, so that even a panic is an error.
async fn contained(pass: impl Future<Output = anyhow::Result<Outcome>> + Send + 'static) {
    match tokio::spawn(pass).await {
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
