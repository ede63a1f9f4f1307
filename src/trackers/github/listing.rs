//! A repository's listing of what changed, page by page.
//!
//! 1. Pages are not numbered: each begins where the one before ended, by the moment of change, so that a list that shifts
//!    while it is read (a ticket that changes moves to its end) loses none and shows some twice, which does no harm.
//! 2. So no link of the server's is followed: it cannot lead astray, in circles, or on for ever.
//! 3. A page must bring what was asked for, in order, and get on. Where it does not, where a listing has more pages than
//!    asking would take requests, or where it cannot be had at all, every ticket is asked for itself.

use std::collections::HashMap;
use std::sync::PoisonError;

use ::http::StatusCode;
use chrono::{SecondsFormat, SubsecRound, TimeDelta};

use super::super::inquiry::Outcome;
use super::convert::{home_of, moment};
use super::wire::Issue;
use super::{Address, Asking, Step};
use crate::domain::listing::{Listing, OVERLAP};
use crate::domain::lookup::Lookup;
use crate::domain::ticket::TicketKey;
use crate::domain::time::Moment;
use crate::http::Reply;

/// Issues on a page: the most that GitHub gives.
const PAGE: usize = 100;

/// What a listing told.
struct Told {
    /// What changed, by number; the last of what was told of each.
    changed: HashMap<u64, (Issue, Option<Moment>)>,
    /// The last change of all.
    newest: Option<Moment>,
    /// The tag of its only page.
    tag: Option<String>,
    /// Whether it was told to its end.
    whole: bool,
}

impl Asking {
    /// Asks what changed in a repository, confirms what did not, and sees to what did.
    pub(super) async fn list(&self, mut listing: Listing) -> Outcome<Step> {
        let mut outcome = Outcome::new();
        let told = self.follow(&listing).await;
        if let Some(Told { newest, tag, .. }) = &told {
            // Never beyond the last change seen; and back by as much as this asking may have taken, for a ticket may
            // have been answered at its beginning.
            let took = TimeDelta::from_std(self.began.elapsed()).unwrap_or(OVERLAP);
            let since = newest.map(|newest| (newest - OVERLAP.max(took * 2)).trunc_subsecs(0));
            let since = since.max(listing.window.since);
            listing.window.tag = tag.clone().filter(|_| since == listing.window.since);
            listing.window.since = since;
            outcome.windows.push(listing.window);
        }
        let Some(Told { mut changed, whole: true, .. }) = told else {
            let tickets = listing.asks.into_iter().map(|ask| ask.ticket).collect();
            outcome.next = self.steps(tickets);
            return outcome;
        };
        for ask in listing.asks {
            let TicketKey::GitHub { number, .. } = ask.ticket.key() else { continue };
            match changed.remove(&number) {
                None => outcome.answer(ask.ticket, Lookup::Unchanged),
                Some((_, at)) if at.is_some() && at == ask.settled => outcome.answer(ask.ticket, Lookup::Unchanged),
                Some((issue, _)) if self.github.line.is_anonymous() => {
                    match Address::of(&ask.ticket).and_then(|address| self.github.read_issue(&address, issue)) {
                        Some(lookup) => outcome.answer(ask.ticket, lookup),
                        None => outcome.next.push(Step::Single(ask.ticket)),
                    }
                }
                Some((issue, _)) => {
                    self.changed.lock().unwrap_or_else(PoisonError::into_inner).push(ask.ticket.clone());
                    self.listed.lock().unwrap_or_else(PoisonError::into_inner).insert(ask.ticket, issue);
                }
            }
        }
        outcome
    }

    /// Reads the listing; `None` where it tells nothing.
    async fn follow(&self, listing: &Listing) -> Option<Told> {
        let window = &listing.window;
        let Address { owner, repo, .. } = Address::of(&listing.asks.first()?.ticket)?;
        let mut from = window.since?;
        let mut told = Told { changed: HashMap::new(), newest: window.since, tag: None, whole: false };
        for page in 0..listing.instead {
            let since = from.to_rfc3339_opts(SecondsFormat::Secs, true);
            let path = format!(
                "/repos/{owner}/{repo}/issues?state=all&sort=updated&direction=asc&since={since}&per_page={PAGE}"
            );
            let tag = window.tag.as_deref().filter(|_| page == 0);
            let reply = self.github.line.get_unless(&path, tag).await.ok()?;
            if reply.status == StatusCode::NOT_MODIFIED && tag.is_some() {
                return Some(Told { newest: None, tag: window.tag.clone(), whole: true, ..told });
            }
            let issues: Vec<Issue> = (reply.status == StatusCode::OK).then(|| reply.json().ok()).flatten()?;
            let (before, full) = (told.changed.len(), issues.len() >= PAGE);
            let last = told.take(issues, &window.home.place, from)?;
            if !full && !links_on(&reply) {
                told.tag = reply.header("etag").filter(|_| page == 0).map(str::to_owned);
                told.whole = true;
                break;
            }
            // What changed within the last second of this page may be on the next one. A page with room that tells
            // nothing new is the end, whatever its links say. A full one may hide what changed within the same second.
            let next = last.map_or(from, |last| last - TimeDelta::seconds(1));
            if next <= from {
                told.whole = !full && told.changed.len() == before;
                break;
            }
            from = next;
        }
        Some(told)
    }
}

impl Told {
    /// Takes a page in; the last moment of change on it. `None` if it is not what was asked for.
    fn take(&mut self, issues: Vec<Issue>, home: &str, from: Moment) -> Option<Option<Moment>> {
        let mut last = None;
        for issue in issues {
            let at = moment(issue.updated_at.as_deref())?;
            let here = home_of(issue.repository_url.as_deref()?)?;
            if at < from || Some(at) < last || !here.eq_ignore_ascii_case(home) {
                return None;
            }
            last = Some(at);
            self.changed.insert(issue.number?, (issue, Some(at)));
        }
        self.newest = self.newest.max(last);
        Some(last)
    }
}

/// Whether the reply says that there are more pages.
fn links_on(reply: &Reply) -> bool {
    reply.header("link").is_some_and(|links| links.contains("rel=\"next\""))
}
