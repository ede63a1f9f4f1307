//! The way of a ticket through the statuses: who moved it where, and when. It tells who closed it.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::super::inquiry::{Outcome, Setback};
use super::times::moment;
use super::wire::{ChangeLogs, History, Issues};
use super::{Asking, Step};
use crate::domain::details::Event;
use crate::domain::lookup::{Answer, Trouble, TroubleKind};
use crate::domain::ticket::Ticket;
use crate::domain::tracker::Flavor;
use crate::http::Reply;

/// Histories on one page: the most that Jira Cloud gives.
const PAGE: usize = 10_000;
/// More pages than this for one request are a server that goes in circles.
const PAGES: usize = 50;

impl Asking {
    /// Adds to each ticket its way through the statuses. What cannot be had leaves the ticket as it is.
    pub(super) async fn paths(&self, flavor: Flavor, held: Vec<Answer>) -> Outcome<Step> {
        let mut outcome = Outcome::new();
        if self.closings.luck.is_out() {
            outcome.answers = held;
            return outcome;
        }
        let most = self.jira.closings_at_once(flavor);
        if held.len() > most {
            outcome.soon.extend(held.chunks(most).map(|part| Step::Closings(part.to_vec())));
            return outcome;
        }
        self.look(&mut outcome, flavor, held).await;
        self.closings.luck.went(&outcome);
        outcome
    }

    async fn look(&self, outcome: &mut Outcome<Step>, flavor: Flavor, held: Vec<Answer>) {
        let ids: Vec<String> =
            held.iter().filter_map(|answer| answer.lookup.ticket()).filter_map(|it| it.native_id.clone()).collect();
        let fetched = match flavor {
            Flavor::Cloud if self.jira.line.is_anonymous() => self.fetch_beside(&ids).await,
            Flavor::Cloud => self.fetch(&ids).await,
            Flavor::DataCenter => self.search_histories(&ids).await,
        };
        let Fetched { histories, rest } = match fetched {
            Ok(fetched) => fetched,
            Err(setback) => {
                outcome.settle_for(held, setback.with_a_look());
                return;
            }
        };
        let is_told = |answer: &Answer| {
            answer.lookup.ticket().and_then(|it| it.native_id.as_ref()).is_none_or(|id| histories.contains_key(id))
        };
        let (held, left_out): (Vec<Answer>, Vec<Answer>) =
            held.into_iter().partition(|answer| rest == Rest::HasNone || is_told(answer));
        if rest == Rest::Follows && !held.is_empty() {
            outcome.soon.push(Step::Closings(left_out));
        } else if !left_out.is_empty() {
            let says = format!("the histories of {} were asked for and not told", left_out.len());
            outcome.settle_for(left_out, Setback::own(Trouble { kind: TroubleKind::Misread, says }));
        }
        for mut answer in held {
            if let Some(ticket) = answer.lookup.ticket_mut() {
                let histories = ticket.native_id.as_ref().and_then(|id| histories.get(id));
                add(ticket, histories.map(Vec::as_slice).unwrap_or_default());
            }
            outcome.answers.push(answer);
        }
    }

    /// Cloud: a thousand tickets a request, page by page. A ticket without a history is left out.
    async fn fetch(&self, ids: &[String]) -> Result<Fetched, Setback> {
        let mut all: HashMap<String, Vec<History>> = HashMap::new();
        let mut token: Option<String> = None;
        let mut pages = 0;
        loop {
            pages += 1;
            let mut body = json!({"issueIdsOrKeys": ids, "fieldIds": ["status"], "maxResults": PAGE});
            if let Some(token) = &token {
                body["nextPageToken"] = json!(token);
            }
            let reply = self.jira.line.post(&["rest", "api", "3", "changelog", "bulkfetch"], &body).await?;
            if let Some(refusal) = reply.refusal() {
                return Err(Setback::refused_look(&reply, refusal, self.jira.line.is_anonymous()));
            }
            let page: ChangeLogs = reply.json().map_err(Setback::own)?;
            let logs = page
                .issue_change_logs
                .ok_or_else(|| Setback::own(reply.misread("sent no `issueChangeLogs`; is `api_url` right?")))?;
            for log in logs {
                let Some(id) = log.issue_id else { continue };
                all.entry(id).or_default().extend(log.change_histories.into_iter().flatten());
            }
            if page.next_page_token.is_none() {
                return Ok(Fetched { histories: all, rest: Rest::HasNone });
            }
            if page.next_page_token == token || pages == PAGES {
                return Err(Setback::own(reply.misread("sends one page after the other without an end")));
            }
            token = page.next_page_token;
        }
    }

    /// Cloud without credentials, which gets changelogs beside their tickets only: the last forty changes of each. Where
    /// a ticket changed more often, the beginning of its way stays unknown.
    async fn fetch_beside(&self, ids: &[String]) -> Result<Fetched, Setback> {
        let body = json!({"issueIdsOrKeys": ids, "fields": ["status"], "expand": ["changelog"]});
        let reply = self.jira.line.post(&["rest", "api", "3", "issue", "bulkfetch"], &body).await?;
        let (issues, _) = self.read_look(&reply)?;
        Ok(Fetched { histories: histories_of(issues).collect(), rest: Rest::IsLeftOut })
    }

    /// Data Center: a search that brings the whole histories along, as many at a time as its administrator allows.
    async fn search_histories(&self, ids: &[String]) -> Result<Fetched, Setback> {
        let body = json!({
            "jql": format!("id in ({})", ids.join(", ")), "startAt": 0, "maxResults": ids.len(),
            "validateQuery": "warn", "fields": ["status"], "expand": ["changelog"],
        });
        let reply = self.jira.line.post(&["rest", "api", "2", "search"], &body).await?;
        let (issues, total) = self.read_look(&reply)?;
        let rest = if total.is_some_and(|total| total > issues.len()) { Rest::Follows } else { Rest::IsLeftOut };
        Ok(Fetched { histories: histories_of(issues).collect(), rest })
    }

    /// The issues that a look brought, and how many there are in all where that is said.
    fn read_look(&self, reply: &Reply) -> Result<(Vec<Value>, Option<usize>), Setback> {
        if let Some(refusal) = reply.refusal() {
            return Err(Setback::refused_look(reply, refusal, self.jira.line.is_anonymous()));
        }
        let Issues { issues, total, .. } = reply.json().map_err(Setback::own)?;
        let issues = issues.ok_or_else(|| Setback::own(reply.misread("sent no `issues`")))?;
        Ok((issues, total))
    }
}

/// What one look brought.
struct Fetched {
    /// Histories by the ids of their tickets.
    histories: HashMap<String, Vec<History>>,
    rest: Rest,
}

/// What it means that a look did not bring a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// That it has no history.
    HasNone,
    /// That there was no room for it.
    Follows,
    /// That it was left out without a word.
    IsLeftOut,
}

/// The histories beside issues, by the issues' ids.
fn histories_of(issues: Vec<Value>) -> impl Iterator<Item = (String, Vec<History>)> {
    issues.into_iter().filter_map(|mut issue| {
        let id = issue.get("id").and_then(Value::as_str).map(str::to_owned)?;
        let histories = issue.pointer_mut("/changelog/histories")?.take();
        Some((id, serde_json::from_value(histories).ok()?))
    })
}

/// Adds the moves between statuses, and who made the last one.
fn add(ticket: &mut Ticket, histories: &[History]) {
    let mut events: Vec<Event> = Vec::new();
    for history in histories {
        let at = history.created.as_ref().and_then(moment);
        for item in history.items.iter().flatten() {
            let field = item.field_id.as_deref().or(item.field.as_deref()).unwrap_or_default();
            if !field.eq_ignore_ascii_case("status") {
                continue;
            }
            let (Some(from), Some(to)) = (&item.from_string, &item.to_string) else { continue };
            events.push(Event {
                kind: "status".to_owned(),
                actor: history.author.as_ref().and_then(super::convert::person),
                at,
                value: Some(format!("{from} → {to}")),
                ..Event::default()
            });
        }
    }
    events.sort_by_key(|event| event.at);
    // As the next light answer will tell it: the time of a closing may be known from here only.
    let closing = ticket.closing();
    // The last move led to where the ticket is now; another last move is a history that is cut off.
    let last = events
        .last()
        .filter(|event| event.value.as_ref().is_some_and(|moved| moved.ends_with(&format!("→ {}", ticket.state))));
    ticket.closed_by = last.and_then(|event| event.actor.clone());
    ticket.closed_at = ticket.closed_at.or(last.and_then(|event| event.at));
    ticket.details.closing = closing;
    ticket.details.events = events;
}
