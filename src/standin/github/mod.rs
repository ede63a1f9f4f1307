//! A GitHub: its state, told by whoever sets it up. What it answers is in the files beside.

mod app;
mod budget;
mod comments;
mod draft;
mod files;
mod graphql;
mod listing;
mod paging;
mod rest;
mod setting;
mod shapes;
mod story;
mod timeline;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::server::{Answer, Request, Site};
use app::App;
use budget::{Budget, limited};
use draft::Draft;
pub use listing::Habit;
use story::Story;

/// A moment.
type Moment = DateTime<Utc>;

/// A GitHub. Clones share their state, which may change while it is served.
#[derive(Debug, Clone, Default)]
pub struct GitHub {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    /// By `owner/name` in lower case.
    repos: BTreeMap<String, Repo>,
    /// Former names, in lower case, to the name now.
    renamed: BTreeMap<String, String>,
    last_id: u64,
    /// The token that is accepted; any, when absent.
    token: Option<String>,
    core: Budget,
    graphql: Budget,
    anonymous: Budget,
    /// Whether `stateReason` still knows the argument `enableDuplicate`.
    knows_argument: bool,
    /// Tickets that one query may ask for before its resources are used up.
    largest_query: Option<(String, usize)>,
    /// Whether the token is an app's.
    is_app: bool,
    /// The app that is known, if one is.
    app: Option<App>,
    /// Fields that it does not know.
    lacks: Vec<&'static str>,
    /// Tickets whose closing cannot be told of, with the error's type.
    closing_errors: BTreeMap<(String, u64), String>,
    /// Errors that single tickets meet in GraphQL: type and how often still.
    alias_errors: BTreeMap<(String, u64), (String, usize)>,
    /// How listings behave.
    habit: Habit,
    /// What happens after each page of a listing.
    between_pages: Option<Happens>,
}

/// Something that happens.
#[derive(Clone)]
struct Happens(Arc<dyn Fn(&GitHub) + Send + Sync>);

impl std::fmt::Debug for Happens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Happens")
    }
}

impl Default for State {
    fn default() -> Self {
        Self {
            repos: BTreeMap::new(),
            renamed: BTreeMap::new(),
            last_id: 1000,
            token: None,
            core: Budget::of(5000),
            graphql: Budget::of(5000),
            anonymous: Budget::of(60),
            knows_argument: true,
            largest_query: None,
            is_app: false,
            app: None,
            lacks: Vec::new(),
            closing_errors: BTreeMap::new(),
            alias_errors: BTreeMap::new(),
            habit: Habit::Honest,
            between_pages: None,
        }
    }
}

/// Who sees a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Visibility {
    Public,
    /// Everybody who shows a token.
    Internal,
    /// Everybody who shows a token, without its issues and pull requests.
    WithoutIssues,
    /// Everybody who shows a token, without its pull requests.
    WithoutPulls,
    /// Everybody who shows a token, were it authorised for the organisation's single sign-on.
    SingleSignOn,
    /// Nobody here.
    Private,
}

#[derive(Debug)]
struct Repo {
    id: u64,
    owner: String,
    name: String,
    visibility: Visibility,
    has_issues: bool,
    entries: BTreeMap<u64, Entry>,
    /// What stands in its files, by branch and path.
    files: BTreeMap<(String, String), String>,
}

impl Repo {
    fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }
}

/// What a number stands for.
#[derive(Debug)]
enum Entry {
    Ticket(Ticket),
    Transferred { repo: String, number: u64 },
    Deleted,
}

#[derive(Debug, Clone)]
struct Ticket {
    id: u64,
    is_pull: bool,
    title: String,
    author: String,
    /// `None` while open.
    closed: Option<Closing>,
    reopened: bool,
    created_at: Moment,
    updated_at: Moment,
    story: Box<Story>,
}

#[derive(Debug, Clone)]
struct Closing {
    at: Moment,
    by: String,
    reason: Option<String>,
    merged: bool,
}

impl GitHub {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An issue, open when new; its repository comes into being with it.
    pub fn issue(&self, repo: &str, number: u64) -> Draft {
        self.draft(repo, number, false)
    }

    /// A pull request, open when new; its repository comes into being with it.
    pub fn pull(&self, repo: &str, number: u64) -> Draft {
        self.draft(repo, number, true)
    }

    fn draft(&self, repo: &str, number: u64, is_pull: bool) -> Draft {
        let mut state = self.state();
        let id = state.next_id();
        let entries = &mut state.repo(repo).entries;
        if !matches!(entries.get(&number), Some(Entry::Ticket(_))) {
            let created_at = start() + TimeDelta::hours(i64::try_from(number % 10_000).unwrap_or_default());
            let ticket = Ticket {
                id,
                is_pull,
                title: format!("Ticket {number}"),
                author: "octo-author".to_owned(),
                closed: None,
                reopened: false,
                created_at,
                updated_at: created_at,
                story: Box::default(),
            };
            entries.insert(number, Entry::Ticket(ticket));
        }
        drop(state);
        Draft { github: self.clone(), repo: repo.to_owned(), number }
    }

    /// A repository without tickets.
    pub fn repo(&self, repo: &str) -> &Self {
        self.state().repo(repo);
        self
    }

    /// Moves an issue to another repository and number.
    pub fn transferred(&self, repo: &str, number: u64, to: &str, to_number: u64) -> &Self {
        self.draft(repo, number, false);
        let mut state = self.state();
        let moved = Entry::Transferred { repo: to.to_owned(), number: to_number };
        if let Some(entry) = state.repo(repo).entries.insert(number, moved) {
            state.repo(to).entries.insert(to_number, entry);
        }
        drop(state);
        self
    }

    /// Deletes an issue.
    pub fn deleted(&self, repo: &str, number: u64) -> &Self {
        self.state().repo(repo).entries.insert(number, Entry::Deleted);
        self
    }

    /// Gives a repository another name; the old one leads there.
    pub fn renamed(&self, from: &str, to: &str) -> &Self {
        let mut state = self.state();
        state.repo(from);
        if let Some(mut repo) = state.repos.remove(&from.to_ascii_lowercase()) {
            if let Some((owner, name)) = to.split_once('/') {
                (repo.owner, repo.name) = (owner.to_owned(), name.to_owned());
            }
            state.repos.insert(to.to_ascii_lowercase(), repo);
            state.renamed.insert(from.to_ascii_lowercase(), to.to_owned());
        }
        drop(state);
        self
    }
}

impl State {
    fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    fn accepts(&mut self, shown: &str) -> bool {
        match &mut self.app {
            Some(app) => app.accepts(shown),
            None => self.token.as_ref().is_none_or(|token| shown == format!("Bearer {token}")),
        }
    }

    fn repo(&mut self, full_name: &str) -> &mut Repo {
        let id = self.next_id();
        let (owner, name) = full_name.split_once('/').unwrap_or((full_name, "unnamed"));
        self.repos.entry(full_name.to_ascii_lowercase()).or_insert_with(|| Repo {
            id,
            owner: owner.to_owned(),
            name: name.to_owned(),
            visibility: Visibility::Public,
            has_issues: true,
            entries: BTreeMap::new(),
            files: BTreeMap::new(),
        })
    }
}

/// When everything began here.
fn start() -> Moment {
    DateTime::from_timestamp(1_577_836_800, 0).unwrap_or_default()
}

impl Site for GitHub {
    fn answer(&self, request: &Request) -> Answer {
        let mut state = self.state();
        // An Enterprise Server has REST under `/api/v3` and GraphQL beside it.
        let path = request.path.strip_prefix("/api/v3").unwrap_or(&request.path);
        let prefix = &request.path[..request.path.len() - path.len()];
        let base = format!("{}{prefix}", request.origin());
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        if let (Some(app), ["app", parts @ ..]) = (&mut state.app, parts.as_slice()) {
            return app.answer(request, parts, &base);
        }
        // The site itself, which asks for no token and counts on no quota.
        if let [owner, name, "issues" | "pull", number] = parts.as_slice()
            && *owner != "repositories"
        {
            return rest::page(&state, owner, name, number);
        }
        let caller = match request.header("authorization") {
            None => Caller::Stranger,
            Some(shown) if state.accepts(shown) => Caller::Known,
            Some(_) => return Answer::message(401, "Bad credentials").with("x-github-media-type", "github.v3"),
        };
        if path == "/graphql" || path == "/api/graphql" {
            return graphql::answer(&mut state, request, caller);
        }
        let (budget, resource) = match caller {
            Caller::Known => (&mut state.core, "core"),
            Caller::Stranger => (&mut state.anonymous, "core"),
        };
        let within = budget.spend();
        let mut told = budget.clone();
        if within && request.method == "PATCH" && caller == Caller::Known {
            rest::edit(&mut state, request, path);
        }
        let answer = if within {
            rest::answer(&state, request, path, &base, caller)
        } else {
            Answer::message(403, "API rate limit exceeded for 127.0.0.1.")
        };
        // What did not change is free for whoever shows a token.
        if answer.status == 304 && caller == Caller::Known {
            state.core.used -= 1;
            told = state.core.clone();
        }
        let happens = state.between_pages.clone().filter(|_| path.ends_with("/issues"));
        drop(state);
        if let Some(Happens(happens)) = happens {
            happens(self);
        }
        limited(answer, &told, resource)
    }
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    Known,
    Stranger,
}
