//! A Confluence, Cloud or Data Center: its pages, told by whoever sets it up. What it answers is in the files beside.

mod endpoints;
mod shapes;
mod writing;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, TimeDelta, Utc};

use super::server::{Answer, Request, Site};
use crate::domain::remote::WikiFlavor;

/// A Confluence. Clones share their state, which may change while it is served.
#[derive(Debug, Clone)]
pub struct Confluence {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    flavor: WikiFlavor,
    pages: BTreeMap<u64, Page>,
    /// The `Authorization` that is accepted; any, when absent.
    authorization: Option<String>,
    /// The most that one page of a listing holds.
    at_once: usize,
    /// Whether listings of Cloud name the same next page again and again.
    endless: bool,
}

#[derive(Debug, Clone)]
struct Page {
    title: String,
    body: String,
    version: u64,
    edited_at: DateTime<Utc>,
    author: String,
    message: String,
    status: &'static str,
    parent: Option<u64>,
    labels: BTreeSet<String>,
    restricted: bool,
    /// Whether listings leave it out, as those of an index that lags do.
    unlisted: bool,
    /// Whether nobody who asks may change it.
    protected: bool,
    /// What somebody else writes just before the next ones who save it.
    meanwhile: VecDeque<String>,
    /// Who made each version and what they said of it, oldest first.
    history: Vec<String>,
}

impl Confluence {
    /// An empty site of Confluence Cloud.
    pub fn cloud() -> Self {
        Self::of(WikiFlavor::Cloud)
    }

    /// An empty Confluence Data Center.
    pub fn data_center() -> Self {
        Self::of(WikiFlavor::DataCenter)
    }

    fn of(flavor: WikiFlavor) -> Self {
        let state = State { flavor, pages: BTreeMap::new(), authorization: None, at_once: 250, endless: false };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a page in storage format: a new one, or another version of it.
    pub fn page(&self, id: u64, body: &str) -> &Self {
        let mut state = self.state();
        match state.pages.get_mut(&id) {
            Some(page) => page.save(body, "ada", ""),
            None => {
                let page = Page {
                    title: format!("Page {id}"),
                    body: body.to_owned(),
                    version: 1,
                    edited_at: start(),
                    author: "ada".to_owned(),
                    message: String::new(),
                    status: "current",
                    parent: None,
                    labels: BTreeSet::new(),
                    restricted: false,
                    unlisted: false,
                    protected: false,
                    meanwhile: VecDeque::new(),
                    history: vec!["1 ada: ".to_owned()],
                };
                state.pages.insert(id, page);
            }
        }
        drop(state);
        self
    }

    /// Puts a page under another.
    pub fn under(&self, id: u64, parent: u64) -> &Self {
        self.change(id, |page| page.parent = Some(parent))
    }

    /// Takes a page out of where it stood.
    pub fn moved_out(&self, id: u64) -> &Self {
        self.change(id, |page| page.parent = None)
    }

    /// Calls a page something.
    pub fn titled(&self, id: u64, title: &str) -> &Self {
        self.change(id, |page| title.clone_into(&mut page.title))
    }

    /// Puts a label on a page.
    pub fn label(&self, id: u64, label: &str) -> &Self {
        self.change(id, |page| _ = page.labels.insert(label.to_owned()))
    }

    /// Puts a page into the trash.
    pub fn trash(&self, id: u64) -> &Self {
        self.change(id, |page| page.status = "trashed")
    }

    /// Puts a page into the archive.
    pub fn archive(&self, id: u64) -> &Self {
        self.change(id, |page| page.status = "archived")
    }

    /// Takes a label off a page.
    pub fn unlabel(&self, id: u64, label: &str) -> &Self {
        self.change(id, |page| _ = page.labels.remove(label))
    }

    /// Leaves a page out of every listing, although it is there.
    pub fn unlist(&self, id: u64) -> &Self {
        self.change(id, |page| page.unlisted = true)
    }

    /// Hides a page from everybody who asks.
    pub fn restrict(&self, id: u64) -> &Self {
        self.change(id, |page| page.restricted = true)
    }

    /// Deletes a page for good.
    pub fn delete(&self, id: u64) -> &Self {
        self.state().pages.remove(&id);
        self
    }

    /// Lets everybody read a page, and nobody who asks change it.
    pub fn protect(&self, id: u64) -> &Self {
        self.change(id, |page| page.protected = true)
    }

    /// Says that a page was changed last at this moment.
    pub fn edited(&self, id: u64, at: DateTime<Utc>) -> &Self {
        self.change(id, |page| page.edited_at = at)
    }

    /// Has somebody else write this just before the next one saves the page; told several times, each before another one.
    pub fn meanwhile(&self, id: u64, body: &str) -> &Self {
        self.change(id, |page| page.meanwhile.push_back(body.to_owned()))
    }

    /// What a page says now.
    pub fn body(&self, id: u64) -> String {
        self.state().pages.get(&id).map(|page| page.body.clone()).unwrap_or_default()
    }

    /// The versions of a page: number, who made it, and what they said of it.
    pub fn history(&self, id: u64) -> Vec<String> {
        self.state().pages.get(&id).map(|page| page.history.clone()).unwrap_or_default()
    }

    /// Lists so many at once.
    pub fn lists(&self, at_once: usize) -> &Self {
        self.state().at_once = at_once;
        self
    }

    /// Names the same next page at the end of every listing of Cloud.
    pub fn endless(&self) -> &Self {
        self.state().endless = true;
        self
    }

    /// Accepts this token only.
    pub fn token(&self, token: &str) -> &Self {
        self.state().authorization = Some(format!("Bearer {token}"));
        self
    }

    /// Accepts this e-mail address and API token only.
    pub fn account(&self, email: &str, token: &str) -> &Self {
        let account = BASE64_STANDARD.encode(format!("{email}:{token}"));
        self.state().authorization = Some(format!("Basic {account}"));
        self
    }

    fn change(&self, id: u64, change: impl FnOnce(&mut Page)) -> &Self {
        if let Some(page) = self.state().pages.get_mut(&id) {
            change(page);
        }
        self
    }
}

impl Page {
    fn save(&mut self, body: &str, author: &str, message: &str) {
        self.body = body.to_owned();
        self.version += 1;
        self.edited_at += TimeDelta::hours(1);
        self.author = author.to_owned();
        self.message = message.to_owned();
        self.history.push(format!("{} {author}: {message}", self.version));
    }
}

impl State {
    fn shows(&self, id: u64) -> Option<&Page> {
        self.pages.get(&id).filter(|page| !page.restricted)
    }

    /// The pages that are shown and stand in the wiki.
    fn current(&self) -> impl Iterator<Item = (u64, &Page)> {
        self.listed().filter(|(_, page)| page.status == "current")
    }

    /// The pages that are shown and listed, whatever became of them.
    fn listed(&self) -> impl Iterator<Item = (u64, &Page)> {
        let all = self.pages.iter().map(|(id, page)| (*id, page));
        all.filter(|(_, page)| !page.restricted && !page.unlisted)
    }

    /// The pages above one, the nearest first.
    fn above(&self, id: u64) -> impl Iterator<Item = u64> {
        let parent = |id: &u64| self.pages.get(id)?.parent;
        std::iter::successors(parent(&id), parent).take(self.pages.len())
    }

    /// Whether a page stands somewhere under another.
    fn is_under(&self, id: u64, root: u64) -> bool {
        self.above(id).any(|above| above == root)
    }
}

impl Site for Confluence {
    fn answer(&self, request: &Request) -> Answer {
        let mut state = self.state();
        let shown = request.header("authorization");
        if state.authorization.is_some() && shown != state.authorization.as_deref() {
            return Answer::page(401, "<!doctype html><title>Unauthorized (401)</title>");
        }
        endpoints::answer(&mut state, request)
    }
}

/// When every page was written first.
fn start() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}
