//! Webhooks of the trackers: a delivery is a hint that a ticket changed, and never more.
//!
//! 1. Nothing of a delivery is looked at before its signature over the raw body holds.
//! 2. It is answered 202 only after it is on disk.
//! 3. What it says of a ticket is not believed: the ticket is due now, and its tracker is asked.
//! 4. Whatever strangers send costs bounded memory and time.

mod inbox;
mod named;
mod signature;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use sha2::{Digest, Sha256};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use self::inbox::{Inbox, Refused};
use self::signature::Signature;
use super::pace::Pace;
use crate::clock::Clock;
use crate::domain::delivery::{Delivery, Receipt};
use crate::domain::tracker::{TrackerId, TrackerKind, WebhookSettings};
use crate::store::Store;

/// What strangers may take of us.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The longest body, in bytes. GitHub sends up to 25 MB, of which what names the ticket is little; a delivery that is
    /// longer than this is made up for by the next pass.
    pub body: u32,
    /// All bodies being read at the same time, in bytes.
    pub bodies: u32,
    /// Deliveries a second.
    pub rate: u32,
}

impl Default for Bounds {
    /// 4 MiB, 32 MiB, 1,000.
    fn default() -> Self {
        Self { body: 4 << 20, bodies: 32 << 20, rate: 1000 }
    }
}

/// The webhooks of all trackers that have one. Cheap to clone; all clones are the same.
#[derive(Debug, Clone)]
pub struct Webhooks(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    doors: RwLock<Vec<WebhookSettings>>,
    inbox: Inbox,
    bell: Arc<Notify>,
    bounds: Bounds,
    bodies: Arc<Semaphore>,
    pace: Mutex<Pace>,
    tally: Mutex<BTreeMap<(TrackerId, Told), u64>>,
}

/// How a delivery was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// Kept; tickets are due because of it.
    Kept,
    /// Kept; it names no ticket that documents cite.
    Ignored,
    /// It came before.
    Repeated,
    /// No signature that could hold.
    Unsigned,
    /// The signature does not hold.
    Forged,
    /// Signed, and no JSON.
    Unreadable,
    /// Longer than allowed.
    TooLong,
    /// Its body did not come in time, or broke off.
    TooSlow,
    /// Too many came at once.
    TooMany,
    /// The store cannot be written.
    Failed,
}

impl Told {
    /// The word that messages and metrics use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Ignored => "ignored",
            Self::Repeated => "repeated",
            Self::Unsigned => "unsigned",
            Self::Forged => "forged",
            Self::Unreadable => "unreadable",
            Self::TooLong => "too-long",
            Self::TooSlow => "too-slow",
            Self::TooMany => "too-many",
            Self::Failed => "failed",
        }
    }

    fn answer(self) -> (StatusCode, &'static str) {
        match self {
            Self::Kept => (StatusCode::ACCEPTED, "kept; the ticket is asked for\n"),
            Self::Ignored => (StatusCode::ACCEPTED, "kept; no document cites what it names\n"),
            Self::Repeated => (StatusCode::ACCEPTED, "came before\n"),
            Self::Unsigned => (StatusCode::UNAUTHORIZED, "expected a signature `sha256=…` in lower-case digits\n"),
            Self::Forged => (StatusCode::FORBIDDEN, "the signature does not hold\n"),
            Self::Unreadable => (StatusCode::BAD_REQUEST, "expected JSON\n"),
            Self::TooLong => (StatusCode::PAYLOAD_TOO_LARGE, "longer than this server reads\n"),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, "the body did not come\n"),
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too many at once\n"),
            Self::Failed => (StatusCode::SERVICE_UNAVAILABLE, "the store cannot be written\n"),
        }
    }
}

impl Webhooks {
    /// Webhooks that keep what they take in `store`. Must be called inside a Tokio runtime.
    pub fn new(store: Store, clock: Clock, doors: Vec<WebhookSettings>, bounds: Bounds) -> Self {
        let bell = Arc::new(Notify::new());
        Self(Arc::new(Shared {
            doors: RwLock::new(doors),
            inbox: Inbox::open(store, clock, Arc::clone(&bell)),
            bell,
            bounds,
            bodies: Arc::new(Semaphore::new(bounds.bodies as usize)),
            pace: Mutex::new(Pace::new(bounds.rate, Instant::now())),
            tally: Mutex::default(),
        }))
    }

    /// Puts these in the place of the settings in force.
    pub fn replace(&self, doors: Vec<WebhookSettings>) {
        *self.0.doors.write().unwrap_or_else(PoisonError::into_inner) = doors;
    }

    /// Waits until a delivery made tickets due.
    pub async fn rung(&self) {
        self.0.bell.notified().await;
    }

    /// How deliveries were answered, for each tracker.
    pub fn tally(&self) -> BTreeMap<(TrackerId, Told), u64> {
        self.0.tally.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The paths: `/webhooks/KIND` for the first tracker of its kind, `/webhooks/KIND/NAME` for any.
    pub fn router(&self) -> Router {
        let first = |kind: TrackerKind| {
            move |State(webhooks): State<Webhooks>, request: Request| async move {
                let door = webhooks.door(|door| door.tracker == TrackerId::first(kind));
                webhooks.answer(door, request).await
            }
        };
        let by_name = |kind: TrackerKind| {
            move |State(webhooks): State<Webhooks>, Path(name): Path<String>, request: Request| async move {
                let door = webhooks.door(|door| door.tracker.kind() == kind && door.name == name);
                webhooks.answer(door, request).await
            }
        };
        Router::new()
            .route("/webhooks/github", post(first(TrackerKind::GitHub)))
            .route("/webhooks/jira", post(first(TrackerKind::Jira)))
            .route("/webhooks/github/{name}", post(by_name(TrackerKind::GitHub)))
            .route("/webhooks/jira/{name}", post(by_name(TrackerKind::Jira)))
            .with_state(self.clone())
    }

    fn door(&self, is_meant: impl Fn(&WebhookSettings) -> bool) -> Option<WebhookSettings> {
        self.0.doors.read().unwrap_or_else(PoisonError::into_inner).iter().find(|door| is_meant(door)).cloned()
    }

    async fn answer(self, door: Option<WebhookSettings>, request: Request) -> Response {
        let Some(door) = door else {
            return (StatusCode::NOT_FOUND, "no webhook has a secret here\n").into_response();
        };
        let told = self.take(&door, request).await;
        *self
            .0
            .tally
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry((door.tracker.clone(), told))
            .or_insert(0) += 1;
        tracing::debug!(tracker = %door.tracker, "a delivery was {}", told.word());
        let mut answer = told.answer().into_response();
        if matches!(told, Told::TooMany | Told::Failed) {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
        }
        answer
    }

    /// Takes one delivery in, from the cheapest question to the dearest.
    async fn take(&self, door: &WebhookSettings, request: Request) -> Told {
        let (head, body) = request.into_parts();
        let words = Words::of(door.tracker.kind());
        let Some(signature) = head.headers.get(words.signature).and_then(|value| Signature::read(value.as_bytes()))
        else {
            return Told::Unsigned;
        };
        let length =
            head.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        if length.is_some_and(|length| length > self.0.bounds.body.into()) {
            return Told::TooLong;
        }
        let in_time = self.0.pace.lock().unwrap_or_else(PoisonError::into_inner).take(Instant::now());
        let (Ok(()), Some(_room)) = (in_time, self.room_for(length)) else { return Told::TooMany };
        let body = match self.read(body).await {
            Ok(body) => body,
            Err(told) => return told,
        };
        if !signature.holds(&body, &door.secrets) {
            return Told::Forged;
        }
        let Ok(names) = named::names(&door.tracker, &body, is_form(&head.headers)) else { return Told::Unreadable };
        // Older Jiras number nothing: then the same body is the same delivery.
        let id = head.headers.get(words.delivery).and_then(|value| value.to_str().ok());
        let id = id.filter(|id| (1..=100).contains(&id.len())).map(str::to_owned);
        let id = id.unwrap_or_else(|| format!("sha256:{}", hex::encode(Sha256::digest(&body))));
        match self.0.inbox.keep(Delivery { tracker: door.tracker.clone(), id, names }).await {
            Ok(Receipt::Repeated) => Told::Repeated,
            Ok(Receipt::Ignored) => Told::Ignored,
            Ok(Receipt::Nudged) => Told::Kept,
            Err(Refused::Full) => Told::TooMany,
            Err(Refused::Store) => Told::Failed,
        }
    }

    /// Room for a body of this length; none when too many are being read already.
    fn room_for(&self, length: Option<u64>) -> Option<OwnedSemaphorePermit> {
        let length = length.and_then(|length| u32::try_from(length).ok()).unwrap_or(self.0.bounds.body);
        Arc::clone(&self.0.bodies).try_acquire_many_owned(length).ok()
    }

    async fn read(&self, body: Body) -> Result<Bytes, Told> {
        match Limited::new(body, self.0.bounds.body as usize).collect().await {
            Ok(body) => Ok(body.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => Err(Told::TooLong),
            // The server waits for bodies so long and no longer.
            Err(_) => Err(Told::TooSlow),
        }
    }
}

/// The headers of a kind of sender.
struct Words {
    signature: &'static str,
    delivery: &'static str,
}

impl Words {
    fn of(kind: TrackerKind) -> Self {
        match kind {
            TrackerKind::GitHub => Self { signature: "x-hub-signature-256", delivery: "x-github-delivery" },
            TrackerKind::Jira => Self { signature: "x-hub-signature", delivery: "x-atlassian-webhook-identifier" },
        }
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}
