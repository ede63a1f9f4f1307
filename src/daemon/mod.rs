//! The daemon: passes on schedule, pages and webhooks, reloading and stopping.

mod calls;
mod digests;
mod job;
mod ping;
mod rota;
mod scheduler;
mod upkeep;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use axum::Extension;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

pub use self::digests::Digests;
use self::digests::PostOffice;
use self::scheduler::Scheduler;
use crate::domain::access::Access;
use crate::domain::retention::Retention;
use crate::domain::schedule::Schedule;
use crate::domain::time::Moment;
use crate::domain::tracker::{TrackerId, WebhookSettings};
use crate::http::Client;
use crate::notify::Notifier;
use crate::sync::Shop;
use crate::telemetry::systemd::Manager;
use crate::web::operations::Operations;
use crate::web::vitals::Vitals;
use crate::web::webhooks::{Bounds, Webhooks};
use crate::web::{self, Tls};

/// How long a stop waits for the page's last answers. Whoever has not asked to the end by then is not answered.
const DRAIN_PAGES: Duration = Duration::from_secs(2);

/// How long a stop waits for the running pass.
const DRAIN_PASS: Duration = Duration::from_secs(10);

/// How long a stop waits for a digest that is being sent once all else has ended.
const DRAIN_POST: Duration = Duration::from_secs(2);

/// All that the configuration says to the daemon.
#[derive(Clone)]
pub struct Orders {
    /// What a pass works with.
    pub shop: Shop,
    /// When passes run.
    pub sync: Schedule,
    /// When full passes run.
    pub full: Schedule,
    /// How much later than the schedule says a pass may begin.
    pub jitter: Duration,
    /// The webhooks to take deliveries in at.
    pub webhooks: Vec<WebhookSettings>,
    /// What teams are told of what changed.
    pub digests: Digests,
    /// A dead man's switch, told after each pass that could tell everything.
    pub ping: Option<Url>,
    /// For how long what is over is kept.
    pub retention: Retention,
    /// When trackers' credentials end, as the configuration says.
    pub ends: BTreeMap<TrackerId, Moment>,
    /// Who may come in.
    pub access: Access,
    /// What those show who operate without a name.
    pub key: Option<SecretString>,
    /// What the page is known by; absent where it is served by plain http.
    pub tls: Option<Tls>,
}

impl Orders {
    /// Tells of what is configured where the daemon's state is shown.
    fn show(&self, vitals: &Vitals) {
        let mut state = vitals.state();
        state.ends.clone_from(&self.ends);
        state.channels = self.digests.all.iter().map(|one| (one.name.clone(), one.channel.word())).collect();
    }
}

/// What orders are asked for anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// The same configuration, with the secrets of now.
    Secrets,
    /// The configuration as its file says now.
    Everything,
}

/// Where the daemon stands.
#[derive(Debug)]
pub struct Post {
    /// Where pages and webhooks are served.
    pub listener: TcpListener,
    /// The configuration's file, to be watched.
    pub file: Option<PathBuf>,
    /// Who started us.
    pub manager: Manager,
    /// For what goes out beside what trackers are asked.
    pub http: Client,
    /// Whether whoever served the store before ended as nobody should.
    pub after_a_crash: bool,
    /// Ends it.
    pub stop: CancellationToken,
}

/// Runs until it is stopped: serves pages and webhooks, and makes a pass whenever the schedule says so, one at a time. What
/// webhooks name is asked for in between. `orders` gives the orders to follow: before each pass with the secrets of that
/// moment, and after a reload with all that the configuration says then. Where that fails, those of before stay in
/// force.
pub async fn serve(
    post: Post,
    orders: impl Fn(Renewal) -> anyhow::Result<Orders> + Send + Sync + 'static,
) -> anyhow::Result<()> {
    let Post { listener, file, manager, http, after_a_crash, stop } = post;
    let address = listener.local_addr().context("cannot tell where the page is")?;
    let first = orders(Renewal::Secrets)?;
    let (store, clock) = (first.shop.store.clone(), first.shop.clock.clone());
    let webhooks = Webhooks::new(store.clone(), clock.clone(), first.webhooks.clone(), Bounds::default());
    let operations = Operations::new(store.clone(), clock, webhooks.clone(), http.traffic().clone());
    operations.gate.replace(first.access.clone(), first.key.clone());
    first.show(&operations.vitals);
    operations.vitals.state().after_a_crash = after_a_crash;
    calls::listen(&operations.calls, file, &stop)?;
    let (shop, shown) = watch::channel(first.shop.clone());
    let (certificate, tls) = watch::channel(first.tls.clone());
    let (digests, told) = watch::channel(first.digests.clone());
    let office = PostOffice {
        digests: told,
        shop: shown.clone(),
        vitals: operations.vitals.clone(),
        notifier: Notifier::new(&http),
        stop: stop.clone(),
    };
    let pages = web::router(shown, &operations.gate)
        .layer(Extension(operations.vitals.clone()))
        .merge(operations.router())
        .merge(web::unsubscribe::router(first.shop.store.clone(), first.shop.clock.clone()));
    let router = web::paced(pages, &operations.gate).merge(operations.health()).merge(webhooks.router());
    let pages = tokio::spawn(web::serve(listener, router, tls, stop.clone()));
    let scheme = if first.tls.is_some() { "https" } else { "http" };
    tracing::info!("serving {scheme}://{address}/");
    manager.say("READY=1");
    watch_over(&manager, operations.vitals.clone(), stop.clone());
    let scheduler = Scheduler {
        orders: first,
        source: Arc::new(orders),
        shop,
        certificate,
        digests,
        webhooks,
        operations,
        manager: manager.clone(),
        http,
        stop: stop.clone(),
    };
    let passes = tokio::spawn(scheduler.run());
    let office = tokio::spawn(office.run());
    let ended = tokio::select! {
        // Whoever sees it, a page, a webhook or a pass: nothing more may rest on the store.
        end = store.end() => {
            manager.say("STOPPING=1");
            stop.cancel();
            Err(end.into())
        }
        ended = until_stopped(pages, passes, &manager, &stop) => ended,
    };
    // One that is cut may have been sent: it is sent again, and that is counted.
    if tokio::time::timeout(DRAIN_POST, office).await.is_err() {
        tracing::warn!("cut a digest that was being sent");
    }
    ended
}

/// Gives the manager a sign of life three times in the span that it allows, for as long as the scheduler moves.
fn watch_over(manager: &Manager, vitals: Vitals, stop: CancellationToken) {
    let Some(span) = manager.watchdog() else { return };
    let manager = manager.clone();
    tokio::spawn(async move {
        while tokio::time::timeout(span / 3, stop.cancelled()).await.is_err() {
            let stuck = vitals.state().stuck(Instant::now());
            match stuck {
                None => manager.say("WATCHDOG=1"),
                Some(stuck) => tracing::error!("{stuck}; the service manager will restart us"),
            }
        }
    });
}

/// Waits for `stop`, then for both tasks, each for as long as it may take. One that ends before takes the daemon with it:
/// nobody would notice that it is gone.
async fn until_stopped(
    mut pages: JoinHandle<std::io::Result<()>>,
    mut passes: JoinHandle<anyhow::Result<()>>,
    manager: &Manager,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let mut ended = None;
    tokio::select! {
        // The schedule ends at a stop too, and then both are true at once.
        biased;
        () = stop.cancelled() => {}
        page = &mut pages => ended = Some(page),
        passes = &mut passes => {
            manager.say("STOPPING=1");
            stop.cancel();
            return passes.context("the schedule failed").flatten();
        }
    }
    tracing::info!("stopping");
    manager.say("STOPPING=1");
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
        Ok(passes) => passes.context("the schedule failed")??,
        Err(_) => {
            tracing::warn!("cut the pass after {} seconds; the next one completes it", DRAIN_PASS.as_secs());
        }
    }
    tracing::info!("stopped");
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_stop_lets_the_pages_give_their_last_answers_however_soon_the_schedule_ends() {
        for _ in 0..64 {
            let stop = CancellationToken::new();
            let (told, answered) = (stop.clone(), Arc::new(AtomicBool::new(false)));
            let last = Arc::clone(&answered);
            let pages = tokio::spawn(async move {
                told.cancelled().await;
                tokio::task::yield_now().await;
                last.store(true, Ordering::SeqCst);
                Ok(())
            });
            let told = stop.clone();
            let passes = tokio::spawn(async move {
                told.cancelled().await;
                Ok(())
            });
            tokio::task::yield_now().await;
            stop.cancel();
            tokio::task::yield_now().await;
            until_stopped(pages, passes, &Manager::default(), &stop).await.unwrap();
            assert!(answered.load(Ordering::SeqCst));
        }
    }

    #[tokio::test]
    async fn a_page_that_fails_takes_the_daemon_with_it() {
        let stop = CancellationToken::new();
        let pages = tokio::spawn(async { Err(std::io::Error::other("no more sockets")) });
        let told = stop.clone();
        let passes = tokio::spawn(async move {
            told.cancelled().await;
            Ok(())
        });
        let error = until_stopped(pages, passes, &Manager::default(), &stop).await.unwrap_err();
        assert_eq!(format!("{error:#}"), "the page failed: no more sockets");
    }
}
