//! Jira and GitHub: tickets asked for in, look-ups out.
//!
//! What holds whatever the trackers do: every ticket asked for is answered exactly once; "could not tell" is an answer
//! of its own and never reads as "gone"; one tracker's trouble stays its own; nothing is asked after nobody listens.

mod closings;
mod evidence;
mod github;
mod inquiry;
mod jira;
mod ledger;

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tokio::sync::mpsc;

use crate::domain::details::Closing;
use crate::domain::listing::{Listing, Manners, Plan, Window};
use crate::domain::lookup::{Answer, Ask, Forecast, Lookup, Trouble, TroubleKind};
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::tracker::{Account, Greeting, Habits, TrackerId, TrackerKind, TrackerSettings, Wait};
use crate::http;
pub use evidence::{Evidence, Grounds};
pub use github::NoKey;
use ledger::Ledger;

/// All trackers configured. Cheap to clone; what one clone learns (a Jira's flavor, say) all know.
#[derive(Debug, Clone)]
pub struct Trackers {
    desks: Arc<BTreeMap<TrackerId, Seat>>,
    /// Shared with all who ask by the same client, for documents too.
    gates: http::Gates,
}

/// Every ticket to be asked for, with the closing of it that was looked at already.
type LookedAt = HashMap<TicketId, Option<Arc<Closing>>>;

/// Where tickets were that had moved the last time, by where they are now.
type Moved = HashMap<TicketId, Vec<TicketId>>;

/// What is wanted of one tracker.
#[derive(Default)]
struct Wanted {
    tickets: Vec<TicketId>,
    listings: Vec<Listing>,
    looked_at: LookedAt,
    moved: Moved,
}

/// One tracker, ready to be asked.
#[derive(Debug, Clone)]
enum Desk {
    GitHub(Arc<github::GitHub>),
    Jira(Arc<jira::Jira>),
}

/// A desk and the address behind it.
#[derive(Debug, Clone)]
struct Seat {
    api_url: String,
    desk: Desk,
}

/// Answers as they arrive.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// Who was asked.
    pub tracker: TrackerId,
    /// What asking gave; empty in a batch that only tells of health.
    pub answers: Vec<Answer>,
    /// How far listings were followed that gave these answers. What they stand for is to be remembered with the answers
    /// or not at all.
    pub windows: Vec<Window>,
    /// Closings at which a closer look failed; their tickets are among the answers.
    pub unlooked: Vec<(TicketId, Closing)>,
    /// How the tracker fared, told once, with its last batch. Never for a tracker that is not configured.
    pub health: Option<Health>,
}

/// How a tracker fared while it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Health {
    /// Whether it truly answered at least once with these credentials: a ticket, or that there is none.
    pub worked: bool,
    /// What was wrong, if anything was. Both may be true: a limit that was reached half-way.
    pub trouble: Option<Trouble>,
}

/// Why a tracker cannot be asked at all: its settings are no good.
#[derive(Debug, thiserror::Error)]
pub enum TrackersError {
    /// Its address is none that requests can be made to.
    #[error("tracker `{name}`: cannot ask at `{url}` (expected `https://HOST` or `https://HOST/PATH`)")]
    Address {
        /// The tracker's name in the configuration.
        name: String,
        /// The address as configured.
        url: String,
    },
    /// Its credential cannot be used.
    #[error("tracker `{name}`: cannot use its credentials")]
    Credential {
        /// The tracker's name in the configuration.
        name: String,
        /// What is wrong with it.
        #[source]
        source: http::PassError,
    },
    /// Its app cannot sign.
    #[error("tracker `{name}`: cannot sign as its app")]
    Key {
        /// The tracker's name in the configuration.
        name: String,
        /// What is wrong with the key.
        #[source]
        source: NoKey,
    },
}

impl TrackersError {
    /// What to do next, where that can be said.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Key { .. } => Some("give the private key that GitHub made for the app, from `-----BEGIN` to `-----`"),
            Self::Address { .. } | Self::Credential { .. } => None,
        }
    }
}

impl Trackers {
    /// Prepares all trackers; asks nothing yet.
    ///
    /// # Errors
    /// When an address or a credential cannot be used for requests.
    pub fn new(settings: &[TrackerSettings], http: &http::Client) -> Result<Self, TrackersError> {
        let mut desks = BTreeMap::new();
        for tracker in settings {
            let api = &tracker.api_url;
            if !matches!(api.scheme(), "http" | "https") || !api.has_host() {
                return Err(TrackersError::Address { name: tracker.name.clone(), url: api.to_string() });
            }
            let pass = http::Pass::new(&tracker.credential, api)
                .map_err(|source| TrackersError::Credential { name: tracker.name.clone(), source })?;
            let desk = match tracker.id.kind() {
                TrackerKind::GitHub => Desk::GitHub(Arc::new(github::GitHub::new(tracker, http.clone())?)),
                TrackerKind::Jira => Desk::Jira(Arc::new(jira::Jira::new(tracker, pass, http.clone()))),
            };
            desks.insert(tracker.id.clone(), Seat { api_url: api.to_string(), desk });
        }
        Ok(Self { desks: Arc::new(desks), gates: http.gates().clone() })
    }

    /// Asks for all these tickets, each once however often it is listed. Answers arrive in batches, and every ticket
    /// is answered exactly once: asking cannot fail as a whole. Trackers are asked side by side, each with a few
    /// requests at a time and in the order given as far as batches allow. Dropping the receiver stops the asking.
    ///
    /// Of a closed ticket whose closing was not looked at yet, or looks otherwise now, it is told as well what surrounds
    /// the closing.
    ///
    /// Tickets that a listing speaks for are asked for only if it shows that they changed, or cannot be had.
    ///
    /// Must be called inside a Tokio runtime.
    pub fn ask(&self, plan: impl Into<Plan>) -> mpsc::Receiver<Batch> {
        self.inquire(plan.into(), false)
    }

    /// Asks for one ticket as closely as its tracker allows: a closing is looked at even where that costs a request of
    /// the few that anonymous askers have.
    ///
    /// Must be called inside a Tokio runtime.
    pub fn ask_closely(&self, ask: Ask) -> mpsc::Receiver<Batch> {
        self.inquire(vec![ask].into(), true)
    }

    fn inquire(&self, plan: Plan, closely: bool) -> mpsc::Receiver<Batch> {
        let (sender, receiver) = mpsc::channel(16);
        let mut wanted: BTreeMap<TrackerId, Wanted> = BTreeMap::new();
        let Plan { asks, listings } = plan;
        for Ask { ticket, looked_at, moved_to, .. } in asks {
            let wanted = wanted.entry(ticket.tracker().clone()).or_default();
            if let Some(there) = moved_to {
                wanted.moved.entry(there).or_default().push(ticket.clone());
            }
            if let Entry::Vacant(entry) = wanted.looked_at.entry(ticket.clone()) {
                entry.insert(looked_at);
                wanted.tickets.push(ticket);
            }
        }
        for mut listing in listings {
            let wanted = wanted.entry(listing.window.home.tracker.clone()).or_default();
            listing.asks.retain(|ask| match wanted.looked_at.entry(ask.ticket.clone()) {
                Entry::Vacant(entry) => {
                    entry.insert(ask.looked_at.clone());
                    true
                }
                Entry::Occupied(_) => false,
            });
            wanted.listings.push(listing);
        }
        for (tracker, wanted) in wanted {
            let sender = sender.clone();
            let ledger = Ledger::open(tracker.clone(), wanted.looked_at.keys(), sender.clone());
            let Wanted { tickets, listings, looked_at, moved } = wanted;
            match self.desks.get(&tracker).map(|seat| seat.desk.clone()) {
                None => drop(tokio::spawn(unconfigured(tracker, looked_at.into_keys().collect(), sender))),
                Some(Desk::GitHub(github)) => {
                    let asking = github::Asking::new(github, looked_at, closely);
                    drop(tokio::spawn(inquiry::run(asking, tickets, listings, ledger)));
                }
                Some(Desk::Jira(jira)) => {
                    let asking = jira::Asking::new(jira, looked_at, moved);
                    drop(tokio::spawn(inquiry::run(asking, tickets, listings, ledger)));
                }
            }
        }
        receiver
    }

    /// How each tracker is asked, for planning.
    pub fn manners(&self) -> Manners {
        let manner = |desk: &Desk| match desk {
            Desk::GitHub(github) => github.manner(),
            Desk::Jira(jira) => jira.manner(),
        };
        self.desks.iter().map(|(id, seat)| (id.clone(), manner(&seat.desk))).collect()
    }

    /// Whether a tracker knows us by the credentials in use: it says who we are. Without credentials nobody can.
    ///
    /// # Errors
    /// When it does not know the credentials in use, or cannot be asked.
    pub async fn recognise(&self, tracker: &TrackerId) -> Result<bool, Trouble> {
        match self.desks.get(tracker).map(|seat| &seat.desk) {
            Some(Desk::GitHub(github)) => github.recognise().await,
            Some(Desk::Jira(jira)) => jira.recognise().await,
            None => Ok(false),
        }
    }

    /// What a tracker says to the credentials in use: one request or two.
    ///
    /// # Errors
    /// When it refuses them, or cannot be asked.
    pub async fn examine(&self, tracker: &TrackerId) -> Result<Greeting, Trouble> {
        match self.desks.get(tracker).map(|seat| &seat.desk) {
            Some(Desk::GitHub(github)) => github.greet().await,
            Some(Desk::Jira(jira)) => jira.greet().await,
            None => {
                let says = format!("no tracker `{tracker}` is configured");
                Err(Trouble { kind: TroubleKind::Unasked, says })
            }
        }
    }

    /// What this plan would take. Asks nobody.
    pub fn forecast(&self, plan: &Plan) -> Vec<Forecast> {
        #[derive(Default)]
        struct Counts {
            asked: usize,
            closings: usize,
            listed: usize,
            listings: usize,
        }
        let mut counts: BTreeMap<TrackerId, Counts> = BTreeMap::new();
        for ask in &plan.asks {
            let counts = counts.entry(ask.ticket.tracker().clone()).or_default();
            counts.asked += 1;
            counts.closings += usize::from(!ask.open && ask.looked_at.is_none());
        }
        for listing in &plan.listings {
            let counts = counts.entry(listing.window.home.tracker.clone()).or_default();
            counts.listings += 1;
            counts.listed += listing.asks.len();
        }
        let forecast = |(tracker, counts): (TrackerId, Counts)| {
            let Counts { asked, closings, listed, listings } = counts;
            let forecast = match self.desks.get(&tracker).map(|seat| &seat.desk) {
                Some(Desk::GitHub(github)) => github.forecast(asked, closings, listings),
                Some(Desk::Jira(jira)) => jira.forecast(asked, closings),
                None => Forecast {
                    unasked: Some(format!("no tracker `{tracker}` is configured")),
                    ..Forecast::nothing(tracker.clone())
                },
            };
            Forecast { tickets: asked + listed, listed, listings, ..forecast }
        };
        counts.into_iter().map(forecast).collect()
    }

    /// Has each asked as it wanted to be asked before, where it is still at the same address, and nobody whom this client
    /// asks, be it for tickets or for documents, before these waits are over.
    pub fn recall(&self, habits: &[Habits], waits: &[Wait], now: Moment) {
        self.gates.recall(waits, now);
        for habits in habits {
            match self.desks.get(&habits.tracker) {
                Some(Seat { api_url, desk: Desk::GitHub(github) }) if *api_url == habits.api_url => {
                    github.recall(&habits.traits);
                }
                Some(Seat { api_url, desk: Desk::Jira(jira) }) if *api_url == habits.api_url => {
                    jira.recall(&habits.traits);
                }
                _ => {}
            }
        }
    }

    /// How a tracker wants to be asked; `None` for one that is not configured.
    pub fn habits(&self, tracker: &TrackerId) -> Option<Habits> {
        let Seat { api_url, desk } = self.desks.get(tracker)?;
        let traits = match desk {
            Desk::GitHub(github) => github.traits(),
            Desk::Jira(jira) => jira.traits(),
        };
        Some(Habits { tracker: tracker.clone(), api_url: api_url.clone(), traits })
    }

    /// What nobody whom this client asks must be asked for a while, as it is known at `now`.
    pub fn waits(&self, now: Moment) -> Vec<Wait> {
        self.gates.waits(now)
    }

    /// What the replies of each tracker told of its quotas and of the credential in use, as of `now`.
    pub fn accounts(&self, now: Moment) -> BTreeMap<TrackerId, Account> {
        let account = |desk: &Desk| match desk {
            Desk::GitHub(github) => github.account(now),
            Desk::Jira(jira) => jira.account(now),
        };
        self.desks.iter().map(|(id, seat)| (id.clone(), account(&seat.desk))).collect()
    }

    /// How many HTTP requests each tracker was sent so far, repetitions included.
    pub fn requests(&self) -> BTreeMap<TrackerId, u64> {
        let count = |desk: &Desk| match desk {
            Desk::GitHub(github) => github.requests(),
            Desk::Jira(jira) => jira.requests(),
        };
        self.desks.iter().map(|(id, seat)| (id.clone(), count(&seat.desk))).collect()
    }
}

/// Answers for a tracker that nobody configured.
async fn unconfigured(tracker: TrackerId, tickets: Vec<TicketId>, answers: mpsc::Sender<Batch>) {
    let trouble = Trouble { kind: TroubleKind::Unasked, says: format!("no tracker `{tracker}` is configured") };
    let told = tickets.into_iter().map(|asked| Answer { asked, lookup: Lookup::Unknown(trouble.clone()) }).collect();
    // Nobody listening any more is no fault.
    let _ =
        answers.send(Batch { tracker, answers: told, windows: Vec::new(), unlooked: Vec::new(), health: None }).await;
}
