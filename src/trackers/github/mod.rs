//! GitHub: batches by GraphQL where there is a token, one by one by REST otherwise and where a batch leaves doubt.

mod app;
mod batch;
mod call;
mod closing;
mod convert;
mod home;
mod listing;
mod places;
mod query;
mod search;
mod single;
mod timeline;
mod wire;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ::http::StatusCode;
use tokio::sync::OnceCell;
use tokio::time::Instant;
use url::Url;

use super::closings::Closings;
use super::inquiry::{Inquiry, Outcome};
use super::{LookedAt, TrackersError};
use crate::domain::listing::{Listing, Manner};
use crate::domain::lookup::{Answer, Forecast, Lookup, Quota, Trouble};
use crate::domain::ticket::{TicketId, TicketKey};
use crate::domain::time::Moment;
use crate::domain::tracker::{Account, Credential, Greeting, TrackerId, TrackerSettings, Traits};
use crate::http;
use app::App;
pub use app::NoKey;
use call::Line;
use home::Home;
pub(super) use search::SEARCHES;

/// Aliases in one query. A hundred without connections cost one point of the 5,000 an hour.
const ALIASES: usize = 100;
/// Points an hour for a user's token, or an installation's of usual size.
const POINTS: usize = 5000;
/// Requests an hour without a token.
const ANONYMOUS: usize = 60;
/// GraphQL's `Int`; a greater number would make the whole query invalid.
const GREATEST: u64 = i32::MAX as u64;

/// One GitHub: github.com or an Enterprise Server.
#[derive(Debug)]
pub(super) struct GitHub {
    id: TrackerId,
    site: Url,
    /// Fingerprint of the credential.
    credential: String,
    /// Where merged work that names a Jira key is searched for: `owner/repo`, or `owner/*`.
    evidence_repos: Vec<String>,
    line: Line,
    /// Fields and arguments that the server turned out not to know: those that are not there yet, or not any more.
    lacks: Mutex<BTreeSet<String>>,
}

impl GitHub {
    pub(super) fn new(settings: &TrackerSettings, http: http::Client) -> Result<Self, TrackersError> {
        let app = match &settings.credential {
            Credential::App { app_id, key, installation } => {
                let app = App::new(*app_id, key, *installation);
                Some(app.map_err(|source| TrackersError::Key { name: settings.name.clone(), source })?)
            }
            _ => None,
        };
        let line = Line::new(settings, app, http)
            .ok_or_else(|| TrackersError::Address { name: settings.name.clone(), url: settings.api_url.to_string() })?;
        Ok(Self {
            id: settings.id.clone(),
            site: settings.site.clone(),
            credential: settings.credential.fingerprint(),
            evidence_repos: settings.evidence_repos.clone(),
            line,
            lacks: Mutex::default(),
        })
    }

    /// Asks as it wanted to be asked before.
    pub(super) fn recall(&self, traits: &Traits) {
        self.lacking().clone_from(&traits.lacks);
    }

    /// What it turned out to be.
    pub(super) fn traits(&self) -> Traits {
        Traits { flavor: None, lacks: self.lacking().clone() }
    }

    fn lacking(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.lacks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the server turned out not to know this field or argument.
    fn lacks(&self, what: &str) -> bool {
        self.lacking().contains(what)
    }

    fn learn_lack(&self, what: &str) {
        self.lacking().insert(what.to_owned());
    }

    /// What its replies told of quotas and of the credential.
    pub(super) fn account(&self, now: Moment) -> Account {
        self.line.gate.account(now)
    }

    pub(super) fn requests(&self) -> u64 {
        self.line.requests()
    }

    /// Whether GitHub says who we are. Not to strangers.
    pub(super) async fn recognise(&self) -> Result<bool, Trouble> {
        if self.line.is_anonymous() { Ok(false) } else { self.greet().await.map(|_| true) }
    }

    /// What GitHub says to these credentials; without any, whether it answers.
    pub(super) async fn greet(&self) -> Result<Greeting, Trouble> {
        if !self.line.is_anonymous() {
            let reply = self.line.get("/user").await.map_err(|setback| setback.trouble)?;
            // An app's token, a workflow's too, is nobody's account; that GitHub accepts it at all must do.
            let is_nobodys = reply.status == StatusCode::FORBIDDEN && !reply.is_limit() && reply.complaint().is_some();
            if !is_nobodys {
                if let Some(refusal) = reply.refusal() {
                    return Err(refusal);
                }
                let user: wire::User = reply.json()?;
                let named = user.login.map(|_| reply.greeting());
                return named.ok_or_else(|| reply.misread("does not say who we are"));
            }
        }
        let reply = self.line.get("/rate_limit").await.map_err(|setback| setback.trouble)?;
        match reply.refusal() {
            Some(refusal) => Err(refusal),
            None => Ok(Greeting { anonymous: self.line.is_anonymous(), ..reply.greeting() }),
        }
    }

    /// How it is asked.
    pub(super) fn manner(&self) -> Manner {
        Manner {
            at_once: if self.line.is_anonymous() { 1 } else { ALIASES },
            credential: self.credential.clone(),
            time: None,
        }
    }

    /// What asking takes: with a token points, counted as GitHub's rule counts them; without one a request a ticket.
    /// Listings are REST's, which with a token has a quota of its own.
    pub(super) fn forecast(&self, tickets: usize, closings: usize, listings: usize) -> Forecast {
        let nothing =
            Forecast { unasked: self.line.is_shut().map(|shut| shut.says), ..Forecast::nothing(self.id.clone()) };
        if self.line.is_anonymous() {
            let quota = Some(Quota { of: "requests", takes: tickets + listings, allows: ANONYMOUS });
            return Forecast { requests: tickets, quota, ..nothing };
        }
        let (requests, further) = (tickets.div_ceil(ALIASES), closings.div_ceil(closing::CLOSINGS));
        let quota = Some(Quota { of: "points", takes: requests + further * closing::POINTS, allows: POINTS });
        Forecast { requests, closings, further, quota, ..nothing }
    }
}

/// One asking.
pub(super) struct Asking {
    github: Arc<GitHub>,
    /// What is known of repositories that had to be looked at, by name in lower case: each is asked for once.
    homes: Mutex<HashMap<String, Arc<OnceCell<Home>>>>,
    closings: Closings,
    /// Tickets that listings showed to have changed, put together until a query is full.
    changed: Mutex<Vec<TicketId>>,
    /// What the listings told of these.
    listed: Mutex<HashMap<TicketId, wire::Issue>>,
    began: Instant,
    /// Whether closings are worth requests of their own even without a token.
    closely: bool,
}

/// A piece of work.
pub(super) enum Step {
    /// A repository's listing of what changed: one request, or as many as its pages.
    List(Box<Listing>),
    /// One GraphQL query.
    Batch {
        tickets: Vec<TicketId>,
        /// How often it was halved before.
        halvings: u8,
    },
    /// One ticket by REST.
    Single(TicketId),
    /// The timeline of one ticket by REST.
    Timeline(Answer),
    /// A repository that GraphQL does not show: one look tells for all its tickets.
    Home(Vec<TicketId>),
    /// One GraphQL query for what surrounds these closings.
    Closings {
        /// The answers as far as they are known.
        held: Vec<Answer>,
        /// How often it was halved before.
        halvings: u8,
    },
}

impl Asking {
    pub(super) fn new(github: Arc<GitHub>, looked_at: LookedAt, closely: bool) -> Self {
        Self {
            github,
            homes: Mutex::default(),
            closings: Closings::new(looked_at, closing::CLOSINGS),
            changed: Mutex::default(),
            listed: Mutex::default(),
            began: Instant::now(),
            closely,
        }
    }

    /// The steps that ask for these tickets themselves.
    fn steps(&self, mut tickets: Vec<TicketId>) -> Vec<Step> {
        if self.github.line.is_anonymous() {
            return tickets.into_iter().map(Step::Single).collect();
        }
        let odd: Vec<_> = tickets.extract_if(.., |ticket| !fits_a_query(ticket)).collect();
        // Tickets of a repository side by side keep the query short.
        tickets.sort();
        let batches = tickets.chunks(ALIASES).map(|chunk| Step::Batch { tickets: chunk.to_vec(), halvings: 0 });
        batches.chain(odd.into_iter().map(Step::Single)).collect()
    }

    /// Answers, or holds the answer until its closing was looked at. Only GraphQL tells of many at once, and GraphQL wants
    /// a token.
    fn tell(&self, outcome: &mut Outcome<Step>, asked: TicketId, lookup: Lookup) {
        if self.github.line.is_anonymous() && self.closely && lookup.ticket().is_some_and(|ticket| ticket.closed) {
            let held = Answer { asked, lookup };
            outcome.held.push(held.clone());
            outcome.soon.push(Step::Timeline(held));
        } else if self.github.line.is_anonymous() {
            outcome.answer(asked, lookup);
        } else {
            self.closings.tell(outcome, asked, lookup, |held| Step::Closings { held, halvings: 0 });
        }
    }
}

impl Inquiry for Asking {
    type Step = Step;

    fn begin(&self, tickets: Vec<TicketId>, listings: Vec<Listing>) -> Vec<Step> {
        let listings = listings.into_iter().map(|listing| Step::List(Box::new(listing)));
        listings.chain(self.steps(tickets)).collect()
    }

    fn finish(&self) -> Vec<Step> {
        let changed = std::mem::take(&mut *self.changed.lock().unwrap_or_else(PoisonError::into_inner));
        if !changed.is_empty() {
            return self.steps(changed);
        }
        self.closings.rest().map(|held| Step::Closings { held, halvings: 0 }).into_iter().collect()
    }

    fn width(&self) -> usize {
        self.github.line.gate.at_once()
    }

    async fn take(self: Arc<Self>, step: Step) -> Outcome<Step> {
        match step {
            Step::List(listing) => self.list(*listing).await,
            Step::Batch { tickets, halvings } => self.batch(tickets, halvings).await,
            Step::Single(ticket) => {
                let mut outcome = Outcome::new();
                let lookup = match Address::of(&ticket) {
                    Some(address) => self.single(&address).await,
                    None => Ok(Lookup::Hidden { because: format!("`{}` can be no ticket of a GitHub", ticket.key()) }),
                };
                match lookup {
                    Ok(lookup) => self.tell(&mut outcome, ticket, lookup),
                    Err(setback) => outcome.fail([ticket], setback),
                }
                outcome
            }
            Step::Closings { held, halvings } => self.closings(held, halvings).await,
            Step::Timeline(held) => self.timeline(held).await,
            Step::Home(tickets) => self.unseen(tickets).await,
        }
    }
}

/// Where a ticket lives.
#[derive(Debug, Clone, Copy)]
struct Address<'a> {
    owner: &'a str,
    repo: &'a str,
    number: u64,
}

impl<'a> Address<'a> {
    /// `None` when the ticket's owner or repository has a name that GitHub cannot have given; such a name must not
    /// become part of a path.
    fn of(ticket: &'a TicketId) -> Option<Self> {
        let TicketKey::GitHub { owner, repo, number } = ticket.key() else { return None };
        let possible = |name: &str| {
            !matches!(name, "" | "." | "..")
                && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
        };
        (possible(owner) && possible(repo)).then_some(Self { owner, repo, number })
    }

    fn is(&self, other: &Address<'_>) -> bool {
        self.number == other.number
            && self.owner.eq_ignore_ascii_case(other.owner)
            && self.repo.eq_ignore_ascii_case(other.repo)
    }
}

fn fits_a_query(ticket: &TicketId) -> bool {
    Address::of(ticket).is_some_and(|address| address.number <= GREATEST)
}
