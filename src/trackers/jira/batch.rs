//! A batch of keys. Jira leaves out without a word what is not there or not for us, and answers moved ones under
//! their new key: what does not match what was asked is never guessed at.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::super::inquiry::{Outcome, Setback};
use super::wire::{IssueError, Issues};
use super::{Asking, FIELDS, Key, Step};
use crate::domain::lookup::{Lookup, Trouble, TroubleKind};
use crate::domain::ticket::{Ticket, TicketId};
use crate::domain::tracker::Flavor;
use crate::http::Reply;

impl Asking {
    pub(super) async fn batch(&self, flavor: Flavor, tickets: Vec<TicketId>, again: bool) -> Outcome<Step> {
        let mut outcome = Outcome::new();
        let fetched = match flavor {
            Flavor::Cloud => self.bulkfetch(&tickets).await,
            Flavor::DataCenter => self.search(&tickets).await,
        };
        let Fetched { reply, issues, errors } = match fetched {
            Ok(Some(fetched)) => fetched,
            // The server would not take the list as a whole; one by one each key stands for itself.
            Ok(None) => {
                outcome.next.extend(tickets.into_iter().map(Step::Single));
                return outcome;
            }
            Err(setback) => {
                outcome.fail(tickets, setback);
                return outcome;
            }
        };
        let mut open: HashMap<Key, TicketId> =
            tickets.into_iter().filter_map(|ticket| Some((Key::of(&ticket)?, ticket))).collect();
        put_off(&mut outcome, &mut open, &reply, errors, again);
        let strangers = self.match_up(&mut outcome, &mut open, &reply, issues);
        let strangers = self.match_moved(&mut outcome, &mut open, strangers);
        // One key without an issue and one issue without a key belong together; with more of them nobody can tell.
        let pair = if open.len() == 1 { one(strangers) } else { None };
        for (_, ticket) in open {
            match &pair {
                Some(moved) => {
                    let moved = Lookup::Moved { to: moved.id.clone(), ticket: Some(Box::new(moved.clone())) };
                    self.tell(&mut outcome, ticket, moved);
                }
                None => outcome.next.push(Step::Single(ticket)),
            }
        }
        outcome
    }

    /// Answers for issues under the key asked for; gives back those under other keys.
    fn match_up(
        &self,
        outcome: &mut Outcome<Step>,
        open: &mut HashMap<Key, TicketId>,
        reply: &Reply,
        issues: Vec<Value>,
    ) -> Vec<Ticket> {
        let mut strangers = Vec::new();
        for issue in issues {
            match self.jira.read(issue) {
                Ok(ticket) => match Key::of(&ticket.id).and_then(|key| open.remove(&key)) {
                    Some(asked) => {
                        // Jira tells of it once, also where it was asked for under a key that it had before as well.
                        for before in self.moved.get(&ticket.id).into_iter().flatten() {
                            if let Some(before) = Key::of(before).and_then(|key| open.remove(&key)) {
                                let moved =
                                    Lookup::Moved { to: ticket.id.clone(), ticket: Some(Box::new(ticket.clone())) };
                                self.tell(outcome, before, moved);
                            }
                        }
                        self.tell(outcome, asked, Lookup::Found(Box::new(ticket)));
                    }
                    None => strangers.push(ticket),
                },
                Err(key) => {
                    if let Some(asked) = key.and_then(|key| open.remove(&key)) {
                        let trouble = reply.misread(&format!("told of {} in an unknown form", asked.key()));
                        outcome.fail([asked], Setback::own(trouble));
                    }
                }
            }
        }
        strangers
    }

    /// Answers for issues under the key to which one ticket was seen to have moved before; gives back the others. Jira told
    /// of it because that ticket was asked for: nobody asked for it under the new key.
    fn match_moved(
        &self,
        outcome: &mut Outcome<Step>,
        open: &mut HashMap<Key, TicketId>,
        strangers: Vec<Ticket>,
    ) -> Vec<Ticket> {
        let mut others = Vec::new();
        for stranger in strangers {
            let asked = match self.moved.get(&stranger.id).map(Vec::as_slice) {
                Some([one]) => Key::of(one).and_then(|key| open.remove(&key)),
                _ => None,
            };
            match asked {
                Some(asked) => {
                    let to = stranger.id.clone();
                    self.tell(outcome, asked, Lookup::Moved { to, ticket: Some(Box::new(stranger)) });
                }
                None => others.push(stranger),
            }
        }
        others
    }

    async fn bulkfetch(&self, tickets: &[TicketId]) -> Result<Option<Fetched>, Setback> {
        let keys: Vec<_> = tickets.iter().map(|ticket| ticket.key().to_string()).collect();
        let body = json!({"issueIdsOrKeys": keys, "fields": FIELDS});
        let reply = self.jira.line.post(&["rest", "api", "3", "issue", "bulkfetch"], &body).await?;
        if let Some(refusal) = reply.refusal() {
            return Err(Setback::whole(refusal));
        }
        let Issues { issues, issue_errors, .. } = reply.json().map_err(Setback::whole)?;
        let issues = issues.ok_or_else(|| without_issues(&reply))?;
        Ok(Some(Fetched { reply, issues, errors: issue_errors.unwrap_or_default() }))
    }

    /// `None` when the list as a whole was refused. Data Center has no `bulkfetch`. A search by keys stops at the first unknown key unless told only to warn, and
    /// gives no more at a time than its administrator allows.
    async fn search(&self, tickets: &[TicketId]) -> Result<Option<Fetched>, Setback> {
        let keys: Vec<_> = tickets.iter().map(|ticket| ticket.key().to_string()).collect();
        let jql = format!("key in ({})", keys.join(", "));
        let mut found = Vec::new();
        loop {
            let body = json!({
                "jql": jql, "startAt": found.len(), "maxResults": keys.len(), "validateQuery": "warn", "fields": FIELDS,
            });
            let reply = self.jira.line.post(&["rest", "api", "2", "search"], &body).await?;
            if reply.status == ::http::StatusCode::BAD_REQUEST && reply.complaint().is_some() {
                return Ok(None);
            }
            if let Some(refusal) = reply.refusal() {
                return Err(Setback::whole(refusal));
            }
            let Issues { issues, total, .. } = reply.json().map_err(Setback::whole)?;
            let page = issues.ok_or_else(|| without_issues(&reply))?;
            let last = page.is_empty();
            found.extend(page);
            if last || found.len() >= total.unwrap_or(0).min(keys.len()) {
                return Ok(Some(Fetched { reply, issues: found, errors: Vec::new() }));
            }
        }
    }
}

/// An answer of another shape is no list of nothing.
fn without_issues(reply: &Reply) -> Setback {
    Setback::whole(reply.misread("sent no `issues`; is `api_url` right?"))
}

/// What fetching many gave.
struct Fetched {
    /// The last reply, for messages.
    reply: Reply,
    issues: Vec<Value>,
    errors: Vec<IssueError>,
}

/// Keys that Jira could not fetch this time are asked for once more; it says nothing about them.
fn put_off(
    outcome: &mut Outcome<Step>,
    open: &mut HashMap<Key, TicketId>,
    reply: &Reply,
    errors: Vec<IssueError>,
    again: bool,
) {
    let mut retry = Vec::new();
    for error in errors {
        let named = match &error.id {
            Some(Value::String(text)) => Key::read(text),
            _ => None,
        };
        // Named by a number of its own, it cannot be told which key is meant; then it is looked up like any other
        // that is left.
        let Some(ticket) = named.and_then(|key| open.remove(&key)) else { continue };
        if again {
            let said = error.error_message.unwrap_or_else(|| "no reason given".to_owned());
            let says = format!("{} could not fetch {}: {said}", reply.asked(), ticket.key());
            outcome.fail([ticket], Setback::own(Trouble { kind: TroubleKind::Outage, says }));
        } else {
            retry.push(ticket);
        }
    }
    if !retry.is_empty() {
        outcome.next.push(Step::Batch { tickets: retry, again: true });
    }
}

/// The only one of a list.
fn one<T>(list: Vec<T>) -> Option<T> {
    let mut list = list.into_iter();
    list.next().filter(|_| list.next().is_none())
}
