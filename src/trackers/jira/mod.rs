//! Jira: batches of a hundred keys, and one by one what a batch leaves out without a word.

mod batch;
mod call;
mod changelog;
mod comments;
mod convert;
mod document;
mod links;
mod listing;
mod mentions;
mod project;
mod shallow;
mod single;
mod times;
mod wire;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::sync::OnceCell;
use tokio::time::Instant;
use url::Url;

use super::closings::{Closings, Luck};
use super::inquiry::{Inquiry, Outcome, Setback};
use super::{LookedAt, Moved};
use crate::domain::listing::{Listing, Manner};
use crate::domain::lookup::{Answer, Forecast, Lookup, Trouble};
use crate::domain::ticket::{TicketId, TicketKey};
use crate::domain::time::Moment;
use crate::domain::tracker::{Account, Flavor, Greeting, TrackerId, TrackerSettings, Traits};
use crate::http;
use call::Line;
use project::Project;

/// Keys in one request: the most that Jira Cloud's `bulkfetch` takes.
const KEYS: usize = 100;
/// Closings in one request: the most that `changelog/bulkfetch` takes.
const CLOSINGS: usize = 1000;
/// Closings in one search of a Data Center, whose answer brings their whole histories.
const SEARCHED: usize = 50;

/// What is read of an issue, and nothing more: Jira counts the work of sending the rest.
const FIELDS: [&str; 16] = [
    "summary",
    "status",
    "resolution",
    "resolutiondate",
    "statuscategorychangedate",
    "created",
    "updated",
    "issuetype",
    "issuelinks",
    "description",
    "labels",
    "assignee",
    "reporter",
    "fixVersions",
    "subtasks",
    "comment",
];

/// One Jira site.
#[derive(Debug)]
pub(super) struct Jira {
    id: TrackerId,
    site: Url,
    /// Fingerprint of the credential.
    credential: String,
    line: Line,
    /// As configured, if it is.
    told: Option<Flavor>,
    /// As configured, or found out by asking, once.
    flavor: OnceCell<Flavor>,
}

impl Jira {
    pub(super) fn new(settings: &TrackerSettings, pass: http::Pass, http: http::Client) -> Self {
        Self {
            id: settings.id.clone(),
            site: settings.site.clone(),
            credential: settings.credential.fingerprint(),
            line: Line::new(settings, pass, http),
            told: settings.flavor,
            flavor: OnceCell::new_with(settings.flavor),
        }
    }

    /// Asks as it wanted to be asked before.
    pub(super) fn recall(&self, traits: &Traits) {
        if let Some(flavor) = traits.flavor {
            // What the configuration says, or was found out since, counts for more.
            let _ = self.flavor.set(flavor);
        }
    }

    /// What it turned out to be.
    pub(super) fn traits(&self) -> Traits {
        let found_out = self.flavor.get().copied().filter(|_| self.told.is_none());
        Traits { flavor: found_out, ..Traits::default() }
    }

    /// What its replies told of quotas and of the credential.
    pub(super) fn account(&self, now: Moment) -> Account {
        self.line.gate.account(now)
    }

    pub(super) fn requests(&self) -> u64 {
        self.line.requests()
    }

    /// Whether Jira says who we are. Not to strangers.
    pub(super) async fn recognise(&self) -> Result<bool, Trouble> {
        if self.line.is_anonymous() { Ok(false) } else { self.greet().await.map(|_| true) }
    }

    /// What Jira says to these credentials; without any, whether it answers.
    pub(super) async fn greet(&self) -> Result<Greeting, Trouble> {
        if self.line.is_anonymous() {
            self.find_out().await.map_err(|setback| setback.trouble)?;
            return Ok(Greeting { anonymous: true, ..Greeting::default() });
        }
        let flavor = self.flavor().await.map_err(|setback| setback.trouble)?;
        let path = ["rest", "api", version(flavor), "myself"];
        let reply = self.line.get(&path, &[]).await.map_err(|setback| setback.trouble)?;
        if let Some(refusal) = reply.refusal() {
            return Err(refusal);
        }
        let myself: wire::Person = reply.json()?;
        let named = convert::person(&myself).map(|_| reply.greeting());
        named.ok_or_else(|| reply.misread("does not say who we are"))
    }

    /// How it is asked.
    pub(super) fn manner(&self) -> Manner {
        Manner { at_once: KEYS, credential: self.credential.clone(), time: self.line.time() }
    }

    /// What asking takes. Jira tells no quota for tokens.
    pub(super) fn forecast(&self, tickets: usize, closings: usize) -> Forecast {
        let flavor = self.flavor.get();
        let further = closings.div_ceil(self.closings_at_once(flavor.copied().unwrap_or(Flavor::Cloud)));
        // One more to find out which Jira it is.
        let requests = tickets.div_ceil(KEYS) + usize::from(flavor.is_none());
        let unasked = self.line.gate.is_shut(http::WHOLE).map(|shut| shut.says);
        Forecast { requests, closings, further, unasked, ..Forecast::nothing(self.id.clone()) }
    }

    /// Closings in one request.
    fn closings_at_once(&self, flavor: Flavor) -> usize {
        match flavor {
            Flavor::DataCenter => SEARCHED,
            Flavor::Cloud if self.line.is_anonymous() => KEYS,
            Flavor::Cloud => CLOSINGS,
        }
    }

    /// Which Jira it is.
    async fn flavor(&self) -> Result<Flavor, Setback> {
        self.flavor.get_or_try_init(|| self.find_out()).await.copied()
    }

    async fn find_out(&self) -> Result<Flavor, Setback> {
        let reply = self.line.get(&["rest", "api", "2", "serverInfo"], &[]).await?;
        if let Some(refusal) = reply.refusal() {
            return Err(Setback::whole(refusal));
        }
        let info: wire::ServerInfo = reply.json().map_err(Setback::whole)?;
        match info.deployment_type.as_deref() {
            Some("Cloud") => Ok(Flavor::Cloud),
            Some(_) => Ok(Flavor::DataCenter),
            // Servers from before there was a cloud do not say what they are, only which version.
            None if info.version.is_some() => Ok(Flavor::DataCenter),
            None => Err(Setback::whole(reply.misread("does not answer as a Jira does; is `api_url` right?"))),
        }
    }
}

/// One asking.
pub(super) struct Asking {
    jira: Arc<Jira>,
    /// What is known of projects that had to be looked at, by key: each is asked for once.
    projects: Mutex<HashMap<String, Arc<OnceCell<Project>>>>,
    closings: Closings,
    /// How reading comments fares, which is nothing to the ways through the statuses.
    comments: Luck,
    moved: Moved,
    began: Instant,
}

/// A piece of work.
pub(super) enum Step {
    /// What changed in the projects concerned: one search, or as many as its pages.
    List(Box<Listing>),
    /// One request for many keys.
    Batch {
        tickets: Vec<TicketId>,
        /// Whether Jira named them in `issueErrors` before: then this is the last try.
        again: bool,
    },
    /// One ticket.
    Single(TicketId),
    /// The comments around the closing of one ticket.
    Comments(Answer),
    /// One request, or as many as its pages, for the way of these tickets through the statuses.
    Closings(Vec<Answer>),
}

impl Asking {
    pub(super) fn new(jira: Arc<Jira>, looked_at: LookedAt, moved: Moved) -> Self {
        Self {
            jira,
            projects: Mutex::default(),
            closings: Closings::new(looked_at, CLOSINGS),
            comments: Luck::default(),
            moved,
            began: Instant::now(),
        }
    }

    /// Answers, or holds the answer until the ticket's closing was looked at: what was said around it, where that did not
    /// come along, and the way to it.
    fn tell(&self, outcome: &mut Outcome<Step>, asked: TicketId, lookup: Lookup) {
        let is_cut = lookup.ticket().is_some_and(|ticket| ticket.details.comments_cut);
        if is_cut && self.closings.is_new(&asked, &lookup) {
            let held = Answer { asked, lookup };
            outcome.held.push(held.clone());
            outcome.soon.push(Step::Comments(held));
        } else {
            self.closings.tell(outcome, asked, lookup, Step::Closings);
        }
    }
}

impl Inquiry for Asking {
    type Step = Step;

    fn begin(&self, tickets: Vec<TicketId>, listings: Vec<Listing>) -> Vec<Step> {
        let listings = listings.into_iter().map(|listing| Step::List(Box::new(listing)));
        listings.chain(steps(tickets)).collect()
    }

    fn finish(&self) -> Vec<Step> {
        self.closings.rest().map(Step::Closings).into_iter().collect()
    }

    fn width(&self) -> usize {
        self.jira.line.gate.at_once()
    }

    async fn take(self: Arc<Self>, step: Step) -> Outcome<Step> {
        let mut outcome = Outcome::new();
        match (step, self.jira.flavor().await) {
            (Step::List(listing), Err(setback)) => {
                outcome.fail(listing.asks.into_iter().map(|ask| ask.ticket), setback);
            }
            (Step::List(listing), Ok(flavor)) => return self.list(flavor, *listing).await,
            (Step::Batch { tickets, .. }, Err(setback)) => outcome.fail(tickets, setback),
            (Step::Single(ticket), Err(setback)) => outcome.fail([ticket], setback),
            (Step::Comments(held), Err(setback)) => outcome.put_off(vec![held], setback),
            (Step::Comments(held), Ok(flavor)) => return self.comments(flavor, held).await,
            (Step::Closings(held), Err(setback)) => outcome.put_off(held, setback),
            (Step::Closings(held), Ok(flavor)) => return self.paths(flavor, held).await,
            (Step::Batch { tickets, again }, Ok(flavor)) => return self.batch(flavor, tickets, again).await,
            (Step::Single(ticket), Ok(flavor)) => {
                let lookup = match Key::of(&ticket) {
                    Some(key) => self.single(flavor, &key).await,
                    None => Ok(Lookup::Hidden { because: format!("`{}` can be no key of a Jira", ticket.key()) }),
                };
                match lookup {
                    Ok(lookup) => self.tell(&mut outcome, ticket, lookup),
                    Err(setback) => outcome.fail([ticket], setback),
                }
            }
        }
        outcome
    }
}

/// The version of the interface that a Jira is asked by.
fn version(flavor: Flavor) -> &'static str {
    match flavor {
        Flavor::Cloud => "3",
        Flavor::DataCenter => "2",
    }
}

/// The steps that ask for these tickets themselves.
fn steps(mut tickets: Vec<TicketId>) -> Vec<Step> {
    let odd: Vec<_> = tickets.extract_if(.., |ticket| Key::of(ticket).is_none()).collect();
    let batches = tickets.chunks(KEYS).map(|chunk| Step::Batch { tickets: chunk.to_vec(), again: false });
    batches.chain(odd.into_iter().map(Step::Single)).collect()
}

/// A key, known to be of a form that may stand in a path and in a query.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    project: String,
    number: u64,
}

impl Key {
    fn of(ticket: &TicketId) -> Option<Self> {
        let TicketKey::Jira { project, number } = ticket.key() else { return None };
        let mut letters = project.chars();
        let possible = letters.next().is_some_and(|c| c.is_ascii_uppercase())
            && letters.all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        possible.then(|| Self { project: project.to_owned(), number })
    }

    /// A key as Jira writes it; `None` for anything else.
    fn read(text: &str) -> Option<Self> {
        let (project, number) = text.rsplit_once('-')?;
        let number = number.parse().ok().filter(|number| *number > 0)?;
        (!project.is_empty()).then(|| Self { project: project.to_ascii_uppercase(), number })
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.project, self.number)
    }
}
