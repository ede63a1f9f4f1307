//! The scheduler: one task that decides, and one job at a time that works while it goes on listening.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::job::{Done, Ended, Running, What, ended};
use super::rota::Rota;
use super::{Digests, Orders, Renewal, ping, upkeep};
use crate::config::ConfigError;
use crate::domain::overview::Overview;
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerId;
use crate::http::Client;
use crate::store::StoreError;
use crate::sync::{Pass, Shop};
use crate::telemetry::systemd::Manager;
use crate::web::Tls;
use crate::web::operations::Operations;
use crate::web::vitals::Summary;
use crate::web::webhooks::Webhooks;

/// How long one sleep lasts at most. The wall clock can jump (suspend, a corrected clock), and a sleep doesn't notice.
const LONGEST_SLEEP: Duration = Duration::from_secs(20);

/// How long a delivery of a webhook waits for others, so that a burst is one asking.
const FOLD: Duration = Duration::from_secs(2);

/// The least time between two askings for what webhooks name. With it a ticket is asked for within ten seconds of its
/// delivery, and ten times a minute at most.
const BETWEEN: Duration = Duration::from_secs(6);

/// The scheduler, and what it needs.
pub(super) struct Scheduler<F> {
    pub(super) orders: Orders,
    /// Where orders come from.
    pub(super) source: Arc<F>,
    /// What pages show.
    pub(super) shop: watch::Sender<Shop>,
    /// What the page is known by.
    pub(super) certificate: watch::Sender<Option<Tls>>,
    /// What is told to teams.
    pub(super) digests: watch::Sender<Digests>,
    pub(super) webhooks: Webhooks,
    pub(super) operations: Operations,
    pub(super) manager: Manager,
    pub(super) http: Client,
    pub(super) stop: CancellationToken,
}

/// For so long a look through the store is good enough for a full pass.
const FRESH: Duration = Duration::from_secs(3600);

/// What is to be done besides the schedule.
#[derive(Default)]
struct Wishes {
    /// When the whole store was last looked through. No job begins before it was.
    looked: Option<Instant>,
    /// Before that nothing begins.
    rest: Option<Instant>,
    /// Somebody asked for a pass.
    pass: bool,
    /// When what webhooks named may be asked for.
    named: Option<Instant>,
    /// When that was done last.
    asked: Option<Instant>,
}

impl Wishes {
    /// Webhooks named tickets.
    fn rung(&mut self) {
        let now = Instant::now();
        let rested = self.asked.map_or(now, |asked| asked + BETWEEN);
        self.named.get_or_insert((now + FOLD).max(rested));
    }

    /// A job failed: what was named may be named still, and a store that could not be looked through is to be.
    fn again(&mut self, what: What) {
        let later = Instant::now() + REST;
        if what == What::Look {
            self.rest = Some(later);
        }
        self.named.get_or_insert(later);
    }

    /// Whether the store is to be looked through before such a job: nothing shall rest on a damaged one.
    fn want_look(&self, what: What) -> bool {
        self.looked.is_none_or(|looked| what == What::Full && looked.elapsed() > FRESH)
    }
}

/// How long what is to be done again waits after a job that failed.
const REST: Duration = Duration::from_secs(60);

impl<F: Fn(Renewal) -> anyhow::Result<Orders> + Send + Sync + 'static> Scheduler<F> {
    /// Until the stop, and until the job that runs then has ended.
    ///
    /// # Errors
    /// When the store is damaged: nothing is asked, judged or written any more.
    pub(super) async fn run(mut self) -> anyhow::Result<()> {
        let mut rota = self.rota().await;
        self.recall();
        let mut wishes = Wishes::default();
        // What was named before we were stopped is asked for as well.
        wishes.rung();
        let mut running: Option<Running> = None;
        loop {
            let now = self.orders.shop.clock.now();
            if running.is_none() && !self.stop.is_cancelled() {
                running = self.begin(&mut rota, &mut wishes, now).await;
            }
            {
                let mut state = self.operations.vitals.state();
                (state.beat, state.next) = (Instant::now(), rota.next());
            }
            let pause = if running.is_some() { LONGEST_SLEEP } else { pause(&rota, &wishes, now) };
            tokio::select! {
                () = self.stop.cancelled(), if running.is_none() => return Ok(()),
                ended = ended(&mut running) => {
                    let what = ended.0.what;
                    match self.finish(ended).await? {
                        true if what == What::Look => wishes.looked = Some(Instant::now()),
                        true => {}
                        false => wishes.again(what),
                    }
                    if let Some(next) = rota.next().filter(|_| what != What::Look) {
                        tracing::info!("next pass at {next}");
                    }
                }
                () = self.operations.calls.run.notified() => wishes.pass = true,
                () = self.operations.calls.reload.notified() => self.reload(&mut rota).await,
                () = self.webhooks.rung() => wishes.rung(),
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Shows what is known already while the first job is under way or not due yet.
    fn recall(&self) {
        let (shop, vitals) = (self.orders.shop.clone(), self.operations.vitals.clone());
        tokio::spawn(async move {
            if let Ok(overview) = shop.store.overview().await {
                let summary = Summary::of(overview, held(&shop).await);
                vitals.state().summary.get_or_insert(summary);
            }
        });
    }

    async fn rota(&self) -> Rota {
        let Orders { shop, sync, full, jitter, .. } = &self.orders;
        let last = shop.store.last_run().await.unwrap_or_else(|error| {
            tracing::error!("cannot read the store: {:#}", anyhow::Error::from(error));
            None
        });
        Rota::new(sync.clone(), full.clone(), *jitter, last.map(|run| run.started_at), shop.clock.now())
    }

    /// Begins what is to be done now, if anything is.
    async fn begin(&mut self, rota: &mut Rota, wishes: &mut Wishes, now: Moment) -> Option<Running> {
        if wishes.rest.is_some_and(|rest| rest > Instant::now()) {
            return None;
        }
        let due = rota.due(now);
        let what = if wishes.pass || due == Some(true) {
            What::Full
        } else if due.is_some() {
            What::Scheduled
        } else if wishes.named.is_some_and(|named| named <= Instant::now()) {
            What::Named
        } else if wishes.looked.is_none() {
            What::Look
        } else {
            return None;
        };
        let what = if wishes.want_look(what) { What::Look } else { what };
        match what {
            What::Look => {}
            What::Named => {
                (wishes.named, wishes.asked) = (None, Some(Instant::now()));
                if !self.any_named().await {
                    return None;
                }
            }
            What::Full | What::Scheduled => {
                wishes.pass = false;
                rota.began(what == What::Full, now);
            }
        }
        self.renew(Renewal::Secrets).await;
        Some(Running::begin(what, &self.orders.shop, &self.operations.vitals, &self.stop, now))
    }

    async fn any_named(&self) -> bool {
        self.orders.shop.store.any_nudged().await.unwrap_or_else(|error| {
            tracing::error!("cannot read what webhooks named: {:#}", anyhow::Error::from(error));
            false
        })
    }

    /// Whatever went wrong with a job, the schedule goes on: it ran as a task of its own, so that even a panic is an error.
    /// Whether it ended well; that the store is damaged is an error, for no later job can do better.
    async fn finish(&self, (job, ended): Ended) -> anyhow::Result<bool> {
        let (pass, overview) = match ended {
            Ok(Ok(Done::Passed(passed))) => *passed,
            Ok(Ok(Done::Whole)) => {
                tracing::info!("looked through the store: it is whole");
                self.operations.vitals.note_look();
                return Ok(true);
            }
            Ok(Ok(Done::Stopped)) => return Ok(false),
            Ok(Err(error)) => {
                if error.chain().any(|cause| cause.downcast_ref().is_some_and(StoreError::is_the_end)) {
                    return Err(error);
                }
                if job.what == What::Look {
                    tracing::error!("cannot look through the store: {error:#}");
                    return Ok(false);
                }
                tracing::error!("the pass failed: {error:#}");
                let mut state = self.operations.vitals.state();
                (state.job, state.failures) = (None, state.failures + 1);
                return Ok(false);
            }
            Err(error) => {
                tracing::error!("a job ({}) broke off: {error}; please report this", job.what.word());
                let mut state = self.operations.vitals.state();
                (state.job, state.panics) = (None, state.panics + 1);
                return Ok(false);
            }
        };
        log(&pass, &overview);
        if let Some(url) = self.orders.ping.clone().filter(|_| job.what.is_scheduled() && pass.run.complete) {
            tokio::spawn(ping::ping(self.http.clone(), url));
        }
        if job.what.is_scheduled() {
            let Orders { shop, retention, .. } = &self.orders;
            tokio::spawn(upkeep::remove_what_is_old(shop.store.clone(), *retention, shop.clock.now()));
        }
        let held = held(&self.orders.shop).await;
        let mut state = self.operations.vitals.state();
        state.job = None;
        let (count, spent) = state.jobs.entry(job.what.word()).or_default();
        (*count, *spent) = (*count + 1, *spent + job.since.elapsed());
        for (tracker, requests) in &pass.requests {
            let before = job.requests.get(tracker).copied().unwrap_or(0);
            *state.requests.entry(tracker.clone()).or_default() += requests.saturating_sub(before);
        }
        state.told(pass.accounts);
        state.summary = Some(Summary::of(overview, held));
        Ok(true)
    }

    /// Reads the configuration anew. One that is no good changes nothing.
    async fn reload(&mut self, rota: &mut Rota) {
        self.manager.say("RELOADING=1");
        let trouble = self.renew(Renewal::Everything).await;
        let now = self.orders.shop.clock.now();
        let Orders { sync, full, jitter, .. } = &self.orders;
        rota.replace(sync.clone(), full.clone(), *jitter, now);
        let mut state = self.operations.vitals.state();
        if trouble.is_none() {
            state.configured_at = now;
            tracing::info!("the configuration was read anew");
        }
        state.misconfigured = trouble;
        self.manager.say("READY=1");
    }

    /// Puts the orders of now in the place of those in force; or says why it cannot. Secrets come from files and other
    /// programs, so it may block.
    async fn renew(&mut self, renewal: Renewal) -> Option<String> {
        let source = Arc::clone(&self.source);
        match tokio::task::spawn_blocking(move || source(renewal)).await.map_err(anyhow::Error::from).flatten() {
            Ok(orders) => {
                self.webhooks.replace(orders.webhooks.clone());
                self.operations.gate.replace(orders.access.clone(), orders.key.clone());
                orders.show(&self.operations.vitals);
                self.certificate.send_replace(orders.tls.clone());
                self.digests.send_replace(orders.digests.clone());
                self.shop.send_replace(orders.shop.clone());
                self.orders = orders;
                None
            }
            Err(error) => {
                let kept = match renewal {
                    Renewal::Secrets => "credentials",
                    Renewal::Everything => "configuration",
                };
                let hint = error.chain().find_map(|cause| cause.downcast_ref::<ConfigError>()?.hint());
                let hint = hint.map(|hint| format!("; hint: {hint}")).unwrap_or_default();
                tracing::warn!("keeping the {kept} of before: {error:#}{hint}");
                Some(format!("{error:#}{hint}"))
            }
        }
    }
}

/// The trackers whose answers are not believed until they are seen twice.
async fn held(shop: &Shop) -> BTreeSet<TrackerId> {
    let parked = shop.store.parked().await.unwrap_or_default();
    parked.keys().map(|ticket| ticket.tracker().clone()).collect()
}

/// How long there is nothing to do.
fn pause(rota: &Rota, wishes: &Wishes, now: Moment) -> Duration {
    let pass = rota.next().map_or(LONGEST_SLEEP, |next| (next - now).to_std().unwrap_or_default());
    let named = wishes.named.map_or(LONGEST_SLEEP, |named| named.saturating_duration_since(Instant::now()));
    let rest = wishes.rest.map_or(Duration::ZERO, |rest| rest.saturating_duration_since(Instant::now()));
    pass.min(named).max(rest).min(LONGEST_SLEEP)
}

fn log(pass: &Pass, overview: &Overview) {
    for unreadable in &pass.unreadable {
        tracing::warn!("{}; its last good version stays in force", unreadable.trouble);
    }
    for unwritten in &pass.unwritten {
        tracing::warn!("{}", unwritten.trouble);
    }
    for tracker in &overview.trackers {
        if let Some(trouble) = tracker.trouble.as_ref().filter(|_| tracker.asked_at >= Some(pass.run.started_at)) {
            tracing::warn!("{}: {}", tracker.id, trouble.says);
        }
    }
    let (run, findings) = (&pass.run, overview.findings);
    tracing::info!("asked for {} tickets, {} could not be told; {findings} findings", run.asked, run.unknown);
}

#[cfg(test)]
mod tests;
