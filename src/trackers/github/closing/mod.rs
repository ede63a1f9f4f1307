//! A closer look at closings: who and what closed the ticket, what was said around it, what undid it.
//!
//! Whatever goes wrong here, the ticket's state and reason are known already and stay in force.

mod convert;
pub(super) mod text;
mod wire;

pub(super) use self::convert::{add, keep_telling, undoing};
pub(super) use self::wire::{Target, Told};

use std::collections::HashMap;

use ::http::StatusCode;
use chrono::TimeDelta;

use super::super::inquiry::{Outcome, Setback};
use super::batch::failure;
use super::query;
use super::wire::{Fields, GraphError, GraphReply, fields};
use super::{Asking, Step};
use crate::domain::lookup::Answer;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::http::Reply;

/// Closings in one query.
pub(super) const CLOSINGS: usize = 25;
/// What such a query costs: twelve connections a ticket, a hundred connections a point.
pub(super) const POINTS: usize = 3;
/// How often a query that the server could not manage is halved before its tickets are left as they are.
const HALVINGS: u8 = 3;

/// What is asked of each closing. It is checked against the official schema.
const TICKET: &str = include_str!("ticket.graphql");
/// Fields that servers of some years ago do not have, each on a line of its own.
const LATELY: [&str; 2] = ["subIssues", "duplicateOf"];

impl Asking {
    pub(super) async fn closings(&self, held: Vec<Answer>, halvings: u8) -> Outcome<Step> {
        let mut outcome = Outcome::new();
        if self.closings.luck.is_out() {
            outcome.answers = held;
            return outcome;
        }
        self.look(&mut outcome, held, halvings).await;
        self.closings.luck.went(&outcome);
        outcome
    }

    async fn look(&self, outcome: &mut Outcome<Step>, held: Vec<Answer>, halvings: u8) {
        if let Some(low) = self.github.line.is_low() {
            outcome.put_off(held, Setback::spent(low));
            return;
        }
        let asked: Vec<&str> = LATELY.into_iter().filter(|field| !self.github.lacks(field)).collect();
        let tickets: HashMap<TicketId, Option<Moment>> =
            held.iter().filter_map(|answer| answer.lookup.ticket()).map(|it| (it.id.clone(), it.closed_at)).collect();
        let mut homes: Vec<TicketId> = tickets.keys().cloned().collect();
        homes.sort();
        let query = query::with("Closings", &homes, &document(&asked), |ticket| {
            tickets.get(ticket).copied().flatten().map(around).unwrap_or_default()
        });
        let reply = match self.github.line.graphql(&query.body).await {
            Ok(reply) => reply,
            Err(setback) => {
                outcome.settle_for(held, setback.with_a_look());
                return;
            }
        };
        if let Some(refusal) = reply.refusal() {
            if matches!(reply.status, StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT) {
                halve(outcome, held, halvings, Setback::own(refusal));
            } else {
                outcome.settle_for(held, Setback::refused_look(&reply, refusal, false));
            }
            return;
        }
        let GraphReply::<Fields<'_>> { data, errors } = match reply.json() {
            Ok(answer) => answer,
            Err(trouble) => {
                outcome.settle_for(held, Setback::own(trouble));
                return;
            }
        };
        let errors = errors.unwrap_or_default();
        let Some(data) = data else {
            let refused: Vec<&GraphError> = errors.iter().filter(|error| error.is_about_the_query()).collect();
            if refused.is_empty() || asked.is_empty() {
                self.refused(outcome, &reply, &errors, held, halvings);
                return;
            }
            let named = |field: &&str| refused.iter().any(|error| error.names(field));
            let (named, others): (Vec<&str>, Vec<&str>) = asked.into_iter().partition(named);
            // A complaint that names none of them may be about any.
            let lacking = if named.is_empty() { others } else { named };
            lacking.into_iter().for_each(|field| self.github.learn_lack(field));
            outcome.soon.push(Step::Closings { held, halvings });
            return;
        };
        let homes: HashMap<&String, Fields<'_>> =
            data.iter().filter_map(|(alias, home)| Some((alias, fields(home)?))).collect();
        let found = |ticket: &TicketId| {
            let (alias, number) = query.alias(ticket)?;
            let path = [alias.as_str(), &format!("t{number}")];
            // What is withheld from us inside a ticket (a commit, a mention from a private home) is left out of it.
            let failed = errors.iter().any(|error| error.is_failure() && error.is_within(&path));
            let node = homes.get(&alias)?.get(path[1]).map(|node| node.get()).filter(|node| node.starts_with('{'))?;
            if failed { None } else { serde_json::from_str(node).ok() }
        };
        self.add_up(outcome, &reply, &errors, held, found, halvings);
    }

    /// Adds to each ticket what was told of it. What the server could not manage is asked for again in halves; what it
    /// does not tell for any other reason stays as it is.
    fn add_up(
        &self,
        outcome: &mut Outcome<Step>,
        reply: &Reply,
        errors: &[GraphError],
        held: Vec<Answer>,
        found: impl Fn(&TicketId) -> Option<Told>,
        halvings: u8,
    ) {
        let mut failed = Vec::new();
        for mut answer in held {
            let looked = answer
                .lookup
                .ticket_mut()
                .is_some_and(|ticket| found(&ticket.id).map(|told| add(ticket, told)).is_some());
            if looked { outcome.answers.push(answer) } else { failed.push(answer) }
        }
        if errors.iter().any(GraphError::is_limit) {
            outcome.settle_for(failed, self.github.line.limited(reply));
        } else if errors.iter().any(GraphError::is_failure) && !failed.is_empty() {
            halve(outcome, failed, halvings, Setback::own(failure(reply, errors)));
        } else if !failed.is_empty() {
            outcome
                .settle_for(failed, Setback::own(reply.misread("told of closings in an unknown form, or not at all")));
        }
    }

    /// An answer without any data: the query as a whole was refused.
    fn refused(
        &self,
        outcome: &mut Outcome<Step>,
        reply: &Reply,
        errors: &[GraphError],
        held: Vec<Answer>,
        halvings: u8,
    ) {
        let exhausted = reply.header("x-ratelimit-remaining") == Some("0");
        if exhausted || errors.iter().any(GraphError::is_limit) {
            outcome.settle_for(held, self.github.line.limited(reply));
        } else if errors.is_empty() || errors.iter().any(GraphError::is_about_the_query) {
            let said = errors.first().map(GraphError::says).unwrap_or_default();
            let trouble = reply.misread(&format!("does not understand the query: {said}"));
            outcome.settle_for(held, Setback::own(trouble));
        } else {
            halve(outcome, held, halvings, Setback::own(failure(reply, errors)));
        }
    }
}

/// The comments around a closing, which are among the last ones only where little was said since.
fn around(closed_at: Moment) -> String {
    /// What was said so long before the closing was said of it.
    const AHEAD: TimeDelta = TimeDelta::days(3);
    let since = (closed_at - AHEAD).format("%Y-%m-%dT%H:%M:%SZ");
    let items = format!("timelineItems(first: 15, since: \"{since}\", itemTypes: [ISSUE_COMMENT])");
    let of = |kind: &str, alias: &str| {
        format!(" ... on {kind} {{ {alias}: {items} {{ nodes {{ __typename ...comment }} }} }}")
    };
    of("Issue", "around") + &of("PullRequest", "prAround")
}

/// The query's fragments, with those alone of the late fields that are asked for.
fn document(asked: &[&str]) -> String {
    let is_left_out = |field: &str, line: &str| !asked.contains(&field) && line.trim_start().starts_with(field);
    let kept = |line: &&str| !LATELY.iter().any(|field| is_left_out(field, line));
    TICKET.lines().filter(kept).flat_map(|line| [line, "\n"]).collect()
}

/// Asks for the same in two halves, or leaves these tickets as they are.
fn halve(outcome: &mut Outcome<Step>, held: Vec<Answer>, halvings: u8, setback: Setback) {
    if halvings >= HALVINGS || held.len() < 2 {
        outcome.settle_for(held, setback);
        return;
    }
    let half = held.len().div_ceil(2);
    for part in held.chunks(half) {
        outcome.soon.push(Step::Closings { held: part.to_vec(), halvings: halvings + 1 });
    }
}
