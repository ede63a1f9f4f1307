//! A batch by GraphQL: partial data is kept, and each gap is told apart before anything is said about it.

use std::sync::PoisonError;

use ::http::StatusCode;
use serde_json::value::RawValue;

use super::super::inquiry::{Outcome, Setback};
use super::query::{self, HomeAsked};
use super::wire::{Fields, GraphError, GraphReply, Node, fields};
use super::{Address, Asking, Step};
use crate::domain::lookup::{Lookup, Trouble, TroubleKind};
use crate::domain::ticket::TicketId;
use crate::http::Reply;

/// How often a batch that the server could not manage is halved before its tickets count as unknown.
const HALVINGS: u8 = 2;
/// The argument of `stateReason` without which older servers do not say `DUPLICATE`.
const ENABLE_DUPLICATE: &str = "enableDuplicate";

impl Asking {
    pub(super) async fn batch(&self, tickets: Vec<TicketId>, halvings: u8) -> Outcome<Step> {
        let mut outcome = Outcome::new();
        let with_argument = !self.github.lacks(ENABLE_DUPLICATE);
        let query = query::light(&tickets, with_argument);
        let reply = match self.github.line.graphql(&query.body).await {
            Ok(reply) => reply,
            Err(setback) => {
                self.unasked(&mut outcome, tickets, setback);
                return outcome;
            }
        };
        if let Some(refusal) = reply.refusal() {
            let too_much = matches!(reply.status, StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT);
            if too_much {
                halve(&mut outcome, tickets, halvings, Setback::whole(refusal));
            } else {
                outcome.fail(tickets, Setback::whole(refusal));
            }
            return outcome;
        }
        let GraphReply::<Fields<'_>> { data, errors } = match reply.json() {
            Ok(answer) => answer,
            Err(trouble) => {
                outcome.fail(tickets, Setback::whole(trouble));
                return outcome;
            }
        };
        let errors = errors.unwrap_or_default();
        let Some(data) = data else {
            if with_argument && errors.iter().any(|error| error.names(ENABLE_DUPLICATE)) {
                self.github.learn_lack(ENABLE_DUPLICATE);
                outcome.next.push(Step::Batch { tickets, halvings });
            } else {
                self.without_data(&mut outcome, &reply, &errors, tickets, halvings);
            }
            return outcome;
        };
        let mut failed = Vec::new();
        for (i, home) in query.homes.into_iter().enumerate() {
            let alias = format!("r{i}");
            match data.get(&alias).copied().and_then(fields) {
                Some(told) => {
                    for (number, ticket) in home.tickets {
                        let node = told.get(&format!("t{number}")).copied();
                        self.one(&mut outcome, &mut failed, &errors, (&alias, number), ticket, node);
                    }
                }
                None => without_home(&mut outcome, &mut failed, &errors, &alias, home),
            }
        }
        if !failed.is_empty() {
            let trouble = failure(&reply, &errors);
            halve(&mut outcome, failed, halvings, Setback::own(trouble));
        }
        if errors.iter().any(GraphError::is_limit) {
            outcome.setback = Some(self.github.line.limited(&reply));
        }
        outcome
    }

    /// One ticket of an answer: told, not there, not for us, or not managed this time.
    fn one(
        &self,
        outcome: &mut Outcome<Step>,
        failed: &mut Vec<TicketId>,
        errors: &[GraphError],
        (home, number): (&str, u64),
        ticket: TicketId,
        node: Option<&RawValue>,
    ) {
        let told = node.map(RawValue::get).filter(|node| *node != "null");
        let error = errors.iter().find(|error| error.is_within(&[home, &format!("t{number}")]));
        match (told, error) {
            (Some(node), None) => {
                let lookup = Address::of(&ticket).and_then(|address| {
                    let node: Node = serde_json::from_str(node).ok()?;
                    self.github.read_node(&address, node)
                });
                let lookup = lookup.unwrap_or_else(|| {
                    let says = format!("GitHub told of {} in an unknown form", ticket.key());
                    Lookup::Unknown(Trouble { kind: TroubleKind::Misread, says })
                });
                self.tell(outcome, ticket, lookup);
            }
            (None, Some(error)) if error.is_not_found() => outcome.next.push(Step::Single(ticket)),
            (None, Some(error)) if error.is_forbidden() => {
                outcome.answer(ticket, Lookup::Hidden { because: error.says() });
            }
            // A ticket told of with a fault inside counts as failed too: a reason left out would read as none.
            (_, Some(_)) => failed.push(ticket),
            // Left out without a word. Next to other failures it is one of them; else the ticket is asked for alone.
            (None, None) if errors.iter().any(GraphError::is_failure) => failed.push(ticket),
            (None, None) => outcome.next.push(Step::Single(ticket)),
        }
    }

    /// GraphQL could not be asked. Where its quota is used up, what REST's listings told of tickets is good enough.
    fn unasked(&self, outcome: &mut Outcome<Step>, tickets: Vec<TicketId>, setback: Setback) {
        let mut listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut untold = Vec::new();
        for ticket in tickets {
            let issue = listed.remove(&ticket).filter(|_| setback.trouble.kind == TroubleKind::Limit);
            let lookup = issue.and_then(|issue| self.github.read_issue(&Address::of(&ticket)?, issue));
            match lookup {
                Some(lookup) => self.tell(outcome, ticket, lookup),
                None => untold.push(ticket),
            }
        }
        drop(listed);
        outcome.fail(untold, setback);
    }

    /// An answer without any data: the query as a whole was refused.
    fn without_data(
        &self,
        outcome: &mut Outcome<Step>,
        reply: &Reply,
        errors: &[GraphError],
        tickets: Vec<TicketId>,
        halvings: u8,
    ) {
        let exhausted = reply.header("x-ratelimit-remaining") == Some("0");
        let first = errors.first();
        let says = || first.map(GraphError::says).unwrap_or_default();
        if exhausted || errors.iter().any(GraphError::is_limit) {
            self.unasked(outcome, tickets, self.github.line.limited(reply));
        } else if errors.iter().any(GraphError::is_forbidden) {
            let says = format!("{} refused the query: {}", reply.asked(), says());
            outcome.fail(tickets, Setback::whole(Trouble { kind: TroubleKind::Credentials, says }));
        } else if first.is_none() {
            outcome.fail(tickets, Setback::whole(reply.misread("sent neither data nor errors")));
        } else if errors.iter().any(GraphError::is_about_the_query) {
            let trouble = reply.misread(&format!("does not understand the query: {}", says()));
            outcome.fail(tickets, Setback::whole(trouble));
        } else {
            halve(outcome, tickets, halvings, Setback::whole(failure(reply, errors)));
        }
    }
}

/// A repository that is not told of: one look by REST tells for all its tickets, unless the answer says why.
fn without_home(
    outcome: &mut Outcome<Step>,
    failed: &mut Vec<TicketId>,
    errors: &[GraphError],
    alias: &str,
    home: HomeAsked,
) {
    let tickets = home.tickets.into_iter().map(|(_, ticket)| ticket);
    match errors.iter().find(|error| error.is_within(&[alias])) {
        Some(error) if error.is_forbidden() => {
            for ticket in tickets {
                outcome.answer(ticket, Lookup::Hidden { because: error.says() });
            }
        }
        Some(error) if !error.is_not_found() => failed.extend(tickets),
        None if errors.iter().any(GraphError::is_failure) => failed.extend(tickets),
        _ => outcome.next.push(Step::Home(tickets.collect())),
    }
}

/// Asks for the same in two halves, or gives up on these tickets.
fn halve(outcome: &mut Outcome<Step>, tickets: Vec<TicketId>, halvings: u8, setback: Setback) {
    if halvings >= HALVINGS {
        outcome.fail(tickets, setback);
        return;
    }
    let half = tickets.len().div_ceil(2).max(1);
    for part in tickets.chunks(half) {
        outcome.next.push(Step::Batch { tickets: part.to_vec(), halvings: halvings + 1 });
    }
}

/// What the server could not manage, in its own words.
pub(super) fn failure(reply: &Reply, errors: &[GraphError]) -> Trouble {
    let error = errors.iter().find(|error| error.is_failure()).or(errors.first());
    let resources = error.is_some_and(|error| error.kind.as_deref() == Some("RESOURCE_LIMITS_EXCEEDED"));
    let kind = if resources { TroubleKind::Limit } else { TroubleKind::Outage };
    let says = error.map(GraphError::says).unwrap_or_default();
    Trouble { kind, says: format!("{} could not answer: {says}", reply.asked()) }
}

impl GraphError {
    fn kind_is(&self, kinds: &[&str]) -> bool {
        self.kind.as_deref().is_some_and(|kind| kinds.contains(&kind))
    }

    fn is_not_found(&self) -> bool {
        self.kind_is(&["NOT_FOUND"])
    }

    fn is_forbidden(&self) -> bool {
        self.kind_is(&["FORBIDDEN", "INSUFFICIENT_SCOPES"])
    }

    pub(super) fn is_limit(&self) -> bool {
        let said = self.message.as_deref().unwrap_or_default().to_ascii_lowercase();
        self.kind_is(&["RATE_LIMITED", "RATE_LIMIT"]) || said.contains("rate limit")
    }

    /// Anything else: it says nothing about a ticket, only about this attempt.
    pub(super) fn is_failure(&self) -> bool {
        !self.is_not_found() && !self.is_forbidden()
    }

    /// The query itself is wrong, which no repetition mends.
    pub(super) fn is_about_the_query(&self) -> bool {
        self.extensions.as_ref().is_some_and(|more| more.code.is_some())
    }

    /// Whether it names this field or argument.
    pub(super) fn names(&self, what: &str) -> bool {
        self.message.as_deref().is_some_and(|said| said.contains(what))
    }

    pub(super) fn is_within(&self, path: &[&str]) -> bool {
        self.path.as_deref().is_some_and(|there| {
            there.len() >= path.len() && there.iter().zip(path).all(|(there, part)| there.as_str() == Some(*part))
        })
    }

    pub(super) fn says(&self) -> String {
        match (&self.message, &self.kind) {
            (Some(message), _) => message.chars().take(200).collect(),
            (None, Some(kind)) => kind.clone(),
            (None, None) => "an error without a message".to_owned(),
        }
    }
}
