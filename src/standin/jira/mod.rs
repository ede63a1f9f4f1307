//! A Jira, Cloud or Data Center: its state, told by whoever sets it up. What it answers is in the files beside.

mod endpoints;
mod jql;
mod setting;
mod shapes;
mod story;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::server::{Answer, Request, Site};
use crate::domain::tracker::Flavor;
use story::Story;

/// A moment.
type Moment = DateTime<Utc>;

/// A Jira. Clones share their state, which may change while it is served.
#[derive(Debug, Clone)]
pub struct Jira {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    flavor: Flavor,
    issues: BTreeMap<u64, Issue>,
    /// Every key that ever led to an issue, in upper case.
    keys: BTreeMap<String, u64>,
    hidden_projects: Vec<String>,
    last_id: u64,
    /// The `Authorization` that is accepted; any, when absent.
    authorization: Option<String>,
    /// Keys that cannot be fetched in bulk just now, and how often still.
    busy: BTreeMap<String, usize>,
    /// The most issues that one page of a search holds.
    page: usize,
    /// The most histories that one page of `changelog/bulkfetch` holds.
    histories: usize,
    /// The most comments that an issue brings along, and that a page of comments holds.
    comments: usize,
    /// The time here, if it is set; else it is far in the future.
    now: Option<Moment>,
    /// How far the index that is searched lags behind.
    lag: TimeDelta,
    /// Whether a page names itself as the next one.
    circles: bool,
    /// What happens after each search.
    between_pages: Option<Happens>,
}

/// Something that happens.
#[derive(Clone)]
struct Happens(Arc<dyn Fn(&Jira) + Send + Sync>);

impl std::fmt::Debug for Happens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Happens")
    }
}

#[derive(Debug, Clone)]
struct Issue {
    id: u64,
    key: Key,
    title: String,
    status: String,
    category: String,
    /// What it is called by somebody whose Jira speaks another language; its key is never translated.
    category_name: Option<String>,
    resolution: Option<(String, Moment)>,
    category_changed_at: Moment,
    created_at: Moment,
    updated_at: Moment,
    hidden: bool,
    story: Story,
}

/// A key, in order of number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    project: String,
    number: u64,
}

impl Key {
    fn read(text: &str) -> Option<Self> {
        let (project, number) = text.trim().rsplit_once('-')?;
        Some(Self { project: project.to_ascii_uppercase(), number: number.parse().ok()? })
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.project, self.number)
    }
}

impl Jira {
    /// An empty Jira Cloud site.
    pub fn cloud() -> Self {
        Self::of(Flavor::Cloud)
    }

    /// An empty Jira Data Center.
    pub fn data_center() -> Self {
        Self::of(Flavor::DataCenter)
    }

    fn of(flavor: Flavor) -> Self {
        let state = State {
            flavor,
            issues: BTreeMap::new(),
            keys: BTreeMap::new(),
            hidden_projects: Vec::new(),
            last_id: 10_000,
            authorization: None,
            busy: BTreeMap::new(),
            page: 100,
            histories: 10_000,
            comments: 100,
            now: None,
            lag: TimeDelta::zero(),
            circles: false,
            between_pages: None,
        };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An issue, to do when new; its project comes into being with it.
    ///
    /// # Panics
    /// When `key` is no key; stand-ins are set up by hand.
    pub fn issue(&self, key: &str) -> Draft {
        let key = Key::read(key).expect("a key is a project, a hyphen and a number");
        let mut state = self.state();
        let id = match state.keys.get(&key.to_string()) {
            Some(id) => *id,
            None => {
                state.last_id += 1;
                let id = state.last_id;
                let created_at = start() + TimeDelta::hours(i64::try_from(key.number % 10_000).unwrap_or_default());
                let issue = Issue {
                    id,
                    title: format!("Ticket {key}"),
                    status: "To Do".to_owned(),
                    category: "new".to_owned(),
                    category_name: None,
                    resolution: None,
                    category_changed_at: created_at,
                    created_at,
                    updated_at: created_at,
                    hidden: false,
                    story: Story::default(),
                    key: key.clone(),
                };
                state.issues.insert(id, issue);
                state.keys.insert(key.to_string(), id);
                id
            }
        };
        drop(state);
        Draft { jira: self.clone(), id }
    }

    /// Moves an issue to another key; the old one leads there.
    ///
    /// # Panics
    /// When a key is no key.
    pub fn moved(&self, from: &str, to: &str) -> &Self {
        let id = self.issue(from).id;
        let to = Key::read(to).expect("a key is a project, a hyphen and a number");
        let mut state = self.state();
        state.keys.insert(to.to_string(), id);
        if let Some(issue) = state.issues.get_mut(&id) {
            issue.key = to;
        }
        drop(state);
        self
    }

    /// Lets an issue exist without showing it.
    pub fn hidden(&self, key: &str) -> &Self {
        self.issue(key).change(|issue| issue.hidden = true);
        self
    }

    /// Deletes an issue; its number is never given again.
    pub fn deleted(&self, key: &str) -> &Self {
        let id = self.issue(key).id;
        let mut state = self.state();
        state.issues.remove(&id);
        state.keys.retain(|_, target| *target != id);
        drop(state);
        self
    }
}

impl State {
    fn now(&self) -> Moment {
        self.now.unwrap_or(DateTime::from_timestamp(4_102_444_800, 0).unwrap_or_default())
    }

    /// An issue by key or id, if it is shown.
    fn find(&self, id_or_key: &str) -> Option<&Issue> {
        let id = self.keys.get(&id_or_key.to_ascii_uppercase()).copied().or_else(|| id_or_key.parse().ok())?;
        self.issues.get(&id).filter(|issue| self.shows(issue))
    }

    fn shows(&self, issue: &Issue) -> bool {
        !issue.hidden && !self.hidden_projects.contains(&issue.key.project)
    }

    /// Whether a project exists and is shown.
    fn shows_project(&self, project: &str) -> bool {
        !self.hidden_projects.iter().any(|hidden| hidden == project)
            && self.issues.values().any(|issue| issue.key.project == project)
    }
}

/// An issue being described. Each word takes effect at once.
#[derive(Debug)]
pub struct Draft {
    jira: Jira,
    id: u64,
}

impl Draft {
    fn change(self, change: impl FnOnce(&mut Issue)) -> Self {
        if let Some(issue) = self.jira.state().issues.get_mut(&self.id) {
            change(issue);
        }
        self
    }

    /// Its title.
    pub fn titled(self, title: &str) -> Self {
        self.change(|issue| title.clone_into(&mut issue.title))
    }

    /// When it was opened.
    pub fn opened(self, at: Moment) -> Self {
        self.change(|issue| {
            issue.created_at = at;
            issue.updated_at = issue.updated_at.max(at);
        })
    }

    /// When anything about it changed last.
    pub fn updated(self, at: Moment) -> Self {
        self.change(|issue| issue.updated_at = at)
    }

    /// Its status, and the key of the status category: `new`, `indeterminate`, `done`.
    pub fn status(self, name: &str, category: &str) -> Self {
        self.change(|issue| {
            name.clone_into(&mut issue.status);
            category.clone_into(&mut issue.category);
            if category != "done" {
                issue.resolution = None;
            }
        })
    }

    /// What its status category is called in the language of whoever asks.
    pub fn category_called(self, name: &str) -> Self {
        self.change(|issue| issue.category_name = Some(name.to_owned()))
    }

    /// When its status category changed last.
    pub fn category_changed(self, at: Moment) -> Self {
        self.change(|issue| {
            issue.category_changed_at = at;
            issue.updated_at = issue.updated_at.max(at);
        })
    }

    /// Its resolution.
    pub fn resolution(self, name: &str, at: Moment) -> Self {
        self.change(|issue| {
            issue.resolution = Some((name.to_owned(), at));
            issue.category_changed_at = at;
            issue.updated_at = issue.updated_at.max(at);
        })
    }

    /// Says that it duplicates another.
    pub fn duplicates(self, key: &str) -> Self {
        self.link("duplicates", key)
    }
}

/// When everything began here.
fn start() -> Moment {
    DateTime::from_timestamp(1_577_836_800, 0).unwrap_or_default()
}

impl Site for Jira {
    fn answer(&self, request: &Request) -> Answer {
        let mut state = self.state();
        if let Some(wanted) = &state.authorization
            && request.header("authorization").is_some_and(|shown| shown != wanted)
        {
            return Answer::message(401, "Client must be authenticated to access this resource.")
                .with("www-authenticate", "OAuth realm=\"https%3A%2F%2Fexample.atlassian.net\"")
                .with("x-seraph-loginreason", "AUTHENTICATED_FAILED");
        }
        let mut answer = endpoints::answer(&mut state, request);
        let searched = request.path.contains("/search");
        if let Some(now) = state.now {
            answer = answer.with("date", &now.to_rfc2822().replace("+0000", "GMT"));
        }
        let happens = state.between_pages.clone().filter(|_| searched);
        drop(state);
        if let Some(Happens(happens)) = happens {
            happens(self);
        }
        answer
    }
}
