//! A Jira's listing of what changed in the projects concerned, page by page.
//!
//! JQL reads dates in the time zone of whoever asks, by the minute, and compares them with the server's clock. So it is
//! asked how long ago tickets changed (`-20m`), which is the same in every zone and by every clock; and further back than
//! need be, because the index that is searched lags behind the tickets. The last change comes first: what changes while
//! pages are read moves to the front, so that it pushes others into view a second time and none out of it.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use super::super::inquiry::Outcome;
use super::wire::Issues;
use super::{Asking, FIELDS, KEYS, Key, Step, steps};
use crate::domain::listing::Listing;
use crate::domain::lookup::Lookup;
use crate::domain::ticket::TicketId;
use crate::domain::tracker::Flavor;

impl Asking {
    /// Asks what changed, answers for that, and confirms what did not. A listing that cannot be had, goes in circles or
    /// has more pages than asking would take requests is given up: then every ticket is asked for itself.
    pub(super) async fn list(&self, flavor: Flavor, listing: Listing) -> Outcome<Step> {
        let mut outcome = Outcome::new();
        let Listing { window, age, asks, instead } = listing;
        let mut open: HashMap<Key, TicketId> =
            asks.into_iter().filter_map(|ask| Some((Key::of(&ask.ticket)?, ask.ticket))).collect();
        let projects: BTreeSet<&str> = open.keys().map(|key| key.project.as_str()).collect();
        let projects: Vec<String> = projects.into_iter().map(|project| format!("\"{project}\"")).collect();
        // One more for the minutes that JQL counts in.
        let minutes = age.num_minutes() + 1;
        let jql = format!("project in ({}) AND updated >= \"-{minutes}m\" ORDER BY updated DESC", projects.join(", "));
        let listed = match flavor {
            Flavor::Cloud => self.by_token(&jql, instead).await,
            Flavor::DataCenter => self.by_position(&jql, instead).await,
        };
        let Some(issues) = listed else {
            outcome.next = steps(open.into_values().collect());
            return outcome;
        };
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

    /// Cloud: each page names the next one, and the last one none.
    async fn by_token(&self, jql: &str, most: usize) -> Option<Vec<Value>> {
        let mut pages = Pages::default();
        let mut token: Option<String> = None;
        for _ in 0..most {
            let mut body = json!({"jql": jql, "maxResults": KEYS, "fields": FIELDS});
            if let Some(token) = &token {
                body["nextPageToken"] = json!(token);
            }
            let page = self.page(&["rest", "api", "3", "search", "jql"], &body).await?;
            let brought = pages.take(page.issues?)?;
            match page.next_page_token {
                None => return Some(pages.issues),
                // The same page again, or one without anything new: in circles.
                Some(next) if !brought || token.as_ref() == Some(&next) => return None,
                Some(next) => token = Some(next),
            }
        }
        None
    }

    /// Data Center: pages by position. Fewer in all than on the page before means that something was taken out, and that
    /// what followed it may have slipped through.
    async fn by_position(&self, jql: &str, most: usize) -> Option<Vec<Value>> {
        let mut pages = Pages::default();
        let (mut start, mut total) = (0, 0);
        for _ in 0..most {
            let body = json!({"jql": jql, "startAt": start, "maxResults": KEYS, "fields": FIELDS});
            let page = self.page(&["rest", "api", "2", "search"], &body).await?;
            let (issues, now) = (page.issues?, page.total?);
            let (count, slipped) = (issues.len(), now < total);
            let brought = pages.take(issues)?;
            (start, total) = (start + count, now);
            if slipped || (!brought && start < total) {
                return None;
            }
            if start >= total {
                return Some(pages.issues);
            }
        }
        None
    }

    async fn page(&self, path: &[&str], body: &Value) -> Option<Issues> {
        let reply = self.jira.line.post(path, body).await.ok()?;
        reply.status.is_success().then(|| reply.json().ok()).flatten()
    }
}

/// The pages read so far.
#[derive(Default)]
struct Pages {
    issues: Vec<Value>,
    seen: BTreeSet<String>,
}

impl Pages {
    /// Takes a page in, each issue once; whether it brought any that was not there before. `None` if it holds what is no
    /// issue.
    fn take(&mut self, page: Vec<Value>) -> Option<bool> {
        let before = self.issues.len();
        for issue in page {
            let key = issue.get("key").and_then(Value::as_str)?.to_owned();
            if self.seen.insert(key) {
                self.issues.push(issue);
            }
        }
        Some(self.issues.len() > before)
    }
}
