//! A Jira's listing of what changed in the projects concerned, page by page.
//!
//! 1. JQL reads dates in the time zone of whoever asks, by the minute, and compares them with the server's clock. So it is
//!    asked how long ago tickets changed (`-20m`), which is the same in every zone and by every clock; and further back
//!    than need be, because the index that is searched lags behind the tickets. How long it was since the pass before is
//!    told by our clock, and held to the dates of the server's replies.
//! 2. Pages are not counted: whatever leaves the list while it is read (what is moved or deleted, or changes and is not
//!    indexed anew yet) would pull those behind it over the edge of a page, unseen. Each page begins where the one before
//!    ended, by the moment of change, and a minute or two before that.
//! 3. So pages overlap. One that holds nothing of the one before may have left something out between them; one that
//!    brings nothing new does not get on. Then every ticket is asked for itself.

use std::collections::{BTreeSet, HashMap};

use chrono::{SubsecRound, TimeDelta};
use serde_json::{Value, json};

use super::super::inquiry::Outcome;
use super::times::moment;
use super::wire::Issues;
use super::{Asking, FIELDS, KEYS, Key, Step, steps};
use crate::domain::listing::{Listing, OVERLAP};
use crate::domain::lookup::Lookup;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::tracker::Flavor;
use crate::http::Reply;

impl Asking {
    /// Asks what changed, answers for that, and confirms what did not. A listing that cannot be had, goes in circles or
    /// has more pages than asking would take requests is given up: then every ticket is asked for itself.
    pub(super) async fn list(&self, flavor: Flavor, listing: Listing) -> Outcome<Step> {
        let mut outcome = Outcome::new();
        let Listing { mut window, age, asks, instead } = listing;
        let mut open: HashMap<Key, TicketId> =
            asks.into_iter().filter_map(|ask| Some((Key::of(&ask.ticket)?, ask.ticket))).collect();
        let projects: BTreeSet<&str> = open.keys().map(|key| key.project.as_str()).collect();
        let projects: Vec<String> = projects.into_iter().map(|project| format!("\"{project}\"")).collect();
        let listed = self.follow(flavor, &projects.join(", "), (age, window.since), instead).await;
        let Some((issues, began)) = listed else {
            outcome.next = steps(open.into_values().collect());
            return outcome;
        };
        window.since = began.or(window.since);
        outcome.windows.push(window);
        for issue in issues {
            match self.jira.read(issue) {
                Ok(ticket) => {
                    if let Some(asked) = Key::of(&ticket.id).and_then(|key| open.remove(&key)) {
                        self.tell(&mut outcome, asked, Lookup::Found(Box::new(ticket)));
                    }
                }
                Err(key) => outcome.next.extend(key.and_then(|key| open.remove(&key)).map(Step::Single)),
            }
        }
        for (_, ticket) in open {
            outcome.answer(ticket, Lookup::Unchanged);
        }
        outcome
    }

    /// Reads the listing, and when this asking began by the server's clock; `None` where it cannot be had whole.
    async fn follow(
        &self,
        flavor: Flavor,
        projects: &str,
        (mut age, since): (TimeDelta, Option<Moment>),
        most: usize,
    ) -> Option<(Vec<Value>, Option<Moment>)> {
        let (mut pages, mut until, mut began) = (Pages::default(), None, None);
        for _ in 0..most {
            // How long ago is told from now on, and reading takes its time. One more for the minutes that JQL counts in.
            let took = TimeDelta::from_std(self.began.elapsed()).ok()?;
            let minutes = (age + took).num_minutes() + 1;
            let to = until.map(|until| format!(" AND updated <= \"-{until}m\"")).unwrap_or_default();
            let jql = format!("project in ({projects}) AND updated >= \"-{minutes}m\"{to} ORDER BY updated DESC");
            let (reply, page) = self.page(flavor, &jql).await?;
            if until.is_none() {
                began = reply.sent().map(|sent| (sent - took).trunc_subsecs(0));
                // By the server's clock more time went by than by ours, which was set back.
                let longer = began.zip(since).map(|(began, since)| began - since + OVERLAP);
                if let Some(longer) = longer.filter(|longer| *longer > age + OVERLAP / 3) {
                    age = longer;
                    continue;
                }
            }
            let issues = page.issues?;
            let more = match flavor {
                Flavor::Cloud => page.next_page_token.is_some(),
                Flavor::DataCenter => page.total? > issues.len(),
            };
            let Taken { known, new, last } = pages.take(issues)?;
            if until.is_some() && known == 0 {
                return None;
            }
            if !more {
                return Some((pages.issues, began));
            }
            // By the server's own clock. What changed within the last minutes cannot be told apart this way.
            let ago = (reply.sent()? - last?).num_minutes() - 1;
            if new == 0 || ago <= until.unwrap_or(0) {
                return None;
            }
            until = Some(ago);
        }
        None
    }

    /// A page of what a query finds, from its beginning.
    async fn page(&self, flavor: Flavor, jql: &str) -> Option<(Reply, Issues)> {
        let path: &[&str] = match flavor {
            Flavor::Cloud => &["rest", "api", "3", "search", "jql"],
            Flavor::DataCenter => &["rest", "api", "2", "search"],
        };
        let body = json!({"jql": jql, "maxResults": KEYS, "fields": FIELDS});
        let reply = self.jira.line.post(path, &body).await.ok()?;
        let issues = reply.status.is_success().then(|| reply.json().ok()).flatten()?;
        Some((reply, issues))
    }
}

/// The pages read so far, each issue once.
#[derive(Default)]
struct Pages {
    issues: Vec<Value>,
    seen: BTreeSet<String>,
}

/// What a page brought.
struct Taken {
    /// How many that were on pages before.
    known: usize,
    /// How many that were not.
    new: usize,
    /// The earliest change on it.
    last: Option<Moment>,
}

impl Pages {
    /// Takes a page in. `None` if it holds what is no issue, or is not in order.
    fn take(&mut self, page: Vec<Value>) -> Option<Taken> {
        let (whole, before, mut last) = (page.len(), self.issues.len(), None);
        for issue in page {
            let key = issue.get("key").and_then(Value::as_str)?.to_owned();
            let at = moment(issue.get("fields")?.get("updated")?)?;
            if last.is_some_and(|last| at > last) {
                return None;
            }
            last = Some(at);
            if self.seen.insert(key) {
                self.issues.push(issue);
            }
        }
        let new = self.issues.len() - before;
        Some(Taken { known: whole - new, new, last })
    }
}
