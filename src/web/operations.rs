//! For those who run it: is it alive, is it ready, its metrics, and what may be asked of it with a token.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::sync::{Mutex, Notify};

use super::gate::{self, Gate};
use super::metrics::{self, Beside};
use super::vitals::Vitals;
use super::webhooks::Webhooks;
use crate::clock::Clock;
use crate::domain::access::Role;
use crate::domain::channel::Mailbag;
use crate::http::Traffic;
use crate::store::{Store, holder};

/// How long an answer of the store is good for: whoever asks often writes no more often than this.
const PROBE: Duration = Duration::from_secs(5);

/// What may be asked of the daemon from outside.
#[derive(Debug, Clone, Default)]
pub struct Calls {
    /// A pass now, over everything.
    pub run: Arc<Notify>,
    /// The configuration read anew.
    pub reload: Arc<Notify>,
}

/// When the store was tried last, and what was wrong with it.
type Probed = Option<(Instant, Option<String>)>;

/// What the pages for operations show and do. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Operations {
    /// How the daemon is.
    pub vitals: Vitals,
    /// What may be asked of it.
    pub calls: Calls,
    /// Who may.
    pub gate: Gate,
    store: Store,
    clock: Clock,
    webhooks: Webhooks,
    traffic: Traffic,
    probed: Arc<Mutex<Probed>>,
}

impl Operations {
    /// The pages of a daemon that starts now; `traffic` is what it asks.
    pub fn new(store: Store, clock: Clock, webhooks: Webhooks, traffic: Traffic) -> Self {
        let vitals = Vitals::new(clock.now());
        let (calls, gate, probed) = (Calls::default(), Gate::default(), Arc::default());
        Self { vitals, calls, gate, store, clock, webhooks, traffic, probed }
    }

    /// Whether it is alive and ready, with the names that Prometheus gives these paths beside those of Kubernetes. Nobody
    /// has to log in for them, and a crowd at the pages is no reason to call the daemon dead.
    pub fn health(&self) -> Router {
        let ready = Router::new().route("/readyz", get(ready)).route("/-/ready", get(ready));
        ready.with_state(self.clone()).merge(super::alive())
    }

    /// What those ask for who operate it, and its metrics.
    pub fn router(&self) -> Router {
        let reading = (self.gate.clone(), Role::Read);
        Router::new()
            .route("/-/run", post(run))
            .route("/-/reload", post(reload))
            .route_layer(from_fn_with_state((self.gate.clone(), Role::Operate), gate::guard))
            .merge(Router::new().route("/metrics", get(metrics)).route_layer(from_fn_with_state(reading, gate::guard)))
            .with_state(self.clone())
    }

    /// Why the store cannot be written or relied on, if so.
    async fn probe(&self) -> Option<String> {
        if let Some(end) = self.store.ended() {
            return Some(format!("{:#}", anyhow::Error::from(end)));
        }
        let mut probed = self.probed.lock().await;
        if let Some((at, told)) = &*probed
            && at.elapsed() < PROBE
        {
            return told.clone();
        }
        let told = self.store.probe().await.err().map(|error| format!("{:#}", anyhow::Error::from(error)));
        *probed = Some((Instant::now(), told.clone()));
        told
    }
}

/// One thing that is looked at: whether it keeps us from being ready, its name, and what is to be said.
struct Look {
    sign: char,
    name: String,
    says: String,
}

async fn looks(operations: &Operations) -> Vec<Look> {
    let store = operations.probe().await;
    let bags = operations.store.mailbags().await.unwrap_or_default();
    let state = operations.vitals.state();
    let (sign, says) = match store {
        Some(says) => ('-', says),
        None if operations.vitals.is_looked_through() => ('+', "can be written".to_owned()),
        None if state.after_a_crash => ('-', "is being looked through: it was not closed as it should be".to_owned()),
        None => ('+', "can be written, and is being looked through".to_owned()),
    };
    let mut looks = vec![Look { sign, name: "store".to_owned(), says }];
    let schedule = match (state.stuck(Instant::now()), &state.job, state.next) {
        (Some(says), _, _) => Look { sign: '-', name: String::new(), says },
        (None, Some(job), _) => {
            let says = format!("{} since {}: {} of {} tickets answered", job.what, job.since, job.answered, job.asked);
            Look { sign: '+', name: String::new(), says }
        }
        (None, None, Some(next)) => Look { sign: '+', name: String::new(), says: format!("next pass at {next}") },
        (None, None, None) => Look { sign: '+', name: String::new(), says: "starting".to_owned() },
    };
    looks.push(Look { name: "schedule".to_owned(), ..schedule });
    let name = "configuration".to_owned();
    looks.push(match &state.misconfigured {
        None => Look { sign: '+', name, says: format!("read at {}", state.configured_at) },
        Some(says) => Look { sign: '!', name, says: format!("that of before is in force: {says}") },
    });
    for tracker in state.summary.iter().flat_map(|summary| &summary.trackers) {
        let name = tracker.id.to_string();
        looks.push(match (&tracker.trouble, tracker.worked_at) {
            (Some(trouble), _) => Look { sign: '!', name, says: trouble.says.clone() },
            (None, Some(at)) => Look { sign: '+', name, says: format!("answered at {at}") },
            (None, None) => Look { sign: '!', name, says: "never answered".to_owned() },
        });
    }
    looks.extend(bags.iter().map(outbox));
    looks
}

/// How it is with what a digest sends.
fn outbox(bag: &Mailbag) -> Look {
    let name = format!("digest {}", bag.digest);
    let trouble = bag.says.as_ref().filter(|_| bag.failed + bag.waiting > 0);
    match (trouble, bag.spoke_at) {
        (Some(says), _) if bag.failed > 0 => {
            Look { sign: '!', name, says: format!("{} that nobody takes: {says}", bag.failed) }
        }
        (Some(says), _) => Look { sign: '!', name, says: format!("{} to be tried again: {says}", bag.waiting) },
        (None, Some(at)) => Look { sign: '+', name, says: format!("{} sent, the last from {at}", bag.sent) },
        (None, None) => Look { sign: '+', name, says: "nothing sent yet".to_owned() },
    }
}

/// 200 while pages and webhooks work and the schedule is kept; 503 with the reasons otherwise. `?verbose` lists everything
/// looked at: `[+]` is right, `[!]` is wrong and keeps nothing from working, `[-]` does.
async fn ready(State(operations): State<Operations>, RawQuery(query): RawQuery) -> Response {
    let looks = looks(&operations).await;
    let verbose = query.is_some_and(|query| query.split('&').any(|pair| pair.split('=').next() == Some("verbose")));
    let is_ready = looks.iter().all(|look| look.sign != '-');
    let shown = looks.iter().filter(|look| verbose || look.sign == '-');
    let lines = shown.map(|Look { sign, name, says }| format!("[{sign}] {name}: {}\n", says.replace('\n', " ")));
    let (status, word) =
        if is_ready { (StatusCode::OK, "ready") } else { (StatusCode::SERVICE_UNAVAILABLE, "not ready") };
    (status, format!("{}{word}\n", lines.collect::<String>())).into_response()
}

async fn metrics(State(operations): State<Operations>) -> Response {
    let now = operations.clock.now();
    let lease = operations.store.last_lease(now).await.ok();
    let beside = Beside {
        deliveries: operations.webhooks.tally(),
        received: operations.store.last_deliveries().await.unwrap_or_default(),
        store_bytes: operations.store.size().await.ok(),
        store_room: operations.store.room().await.ok().flatten(),
        backed_up: operations.store.last_backup().await.ok().flatten(),
        lease: lease.map(|(term, held)| (term, held.is_none_or(|holder| holder == holder::this_process()))),
        traffic: operations.traffic.counts(),
        outbox: operations.store.mailbags().await.unwrap_or_default(),
    };
    let page = metrics::render(&operations.vitals.state(), &beside, now);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], page).into_response()
}

async fn run(State(operations): State<Operations>) -> Response {
    operations.calls.run.notify_one();
    (StatusCode::ACCEPTED, "a pass over everything follows\n").into_response()
}

async fn reload(State(operations): State<Operations>) -> Response {
    operations.calls.reload.notify_one();
    (StatusCode::ACCEPTED, "the configuration is read anew; the log and /readyz?verbose tell how that went\n")
        .into_response()
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;
    use crate::http::{Client, Limits};
    use crate::web::webhooks::Bounds;

    #[tokio::test]
    async fn after_a_crash_it_is_ready_when_the_store_was_looked_through() {
        let (store, clock) = (Store::in_memory().await.unwrap(), Clock::system());
        let webhooks = Webhooks::new(store.clone(), clock.clone(), Vec::new(), Bounds::default());
        let traffic = Client::new(Limits::default()).unwrap().traffic().clone();
        let operations = Operations::new(store, clock, webhooks, traffic);
        for (after_a_crash, looked, status, says) in [
            (false, false, 200, "[+] store: can be written, and is being looked through\n"),
            (true, false, 503, "[-] store: is being looked through: it was not closed as it should be\n"),
            (true, true, 200, "[+] store: can be written\n"),
        ] {
            operations.vitals.state().after_a_crash = after_a_crash;
            if looked {
                operations.vitals.note_look();
            }
            let answer = ready(State(operations.clone()), RawQuery(Some("verbose".to_owned()))).await;
            assert_eq!(answer.status(), status, "{says}");
            let body = answer.into_body().collect().await.unwrap().to_bytes();
            assert!(body.starts_with(says.as_bytes()), "{body:?}");
        }
    }
}
