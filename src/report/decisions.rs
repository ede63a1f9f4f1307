//! What people decided, by itself: waivers and verdicts, as lines of text and as JSON.

use serde::Serialize;

use crate::domain::challenge::ChallengeId;
use crate::domain::decision::Decided;
use crate::domain::finding::Code;
use crate::domain::ticket::TicketId;
use crate::domain::verdict::Verdict;
use crate::domain::waiver::{Manner, Origin, Waiver};

use super::json::{DecidedOut, SCHEMA, write};
use super::{escape, words};

/// `closed-undone for jira:OPS-7, until 31 March 2027, by Ada: later (waiver 1 in the store)`
pub fn waiver_text(waiver: &Waiver) -> String {
    let Waiver { code, by, reason, until, manner, from, .. } = waiver;
    let by = by.as_deref().map(|by| format!(", by {by}")).unwrap_or_default();
    let until = words::day(*until);
    let lasting = if manner.is_snooze() { manner.lasting(&until) } else { format!("until {until}") };
    let says = format!("{code} for {}, {lasting}{by}: {reason} ({from})", waiver.about());
    escape::plain(&says, escape::SENTENCE)
}

/// These waivers as one JSON object.
pub fn waivers_json(waivers: &[&Waiver]) -> String {
    write(&Waivers { schema: SCHEMA, waivers: waivers.iter().map(|waiver| WaiverOut::new(waiver)).collect() })
}

/// What was decided of a ticket: which verdict, by whom, when, why, and what the rules say.
pub fn decision_text(decided: &Decided) -> String {
    let Decided { decision, rules, news } = decided;
    let (on, rules) = (words::day(decision.at.date_naive()), words::verdict(rules.verdict, rules.confidence));
    let since = if news.is_empty() { "" } else { "; new evidence since" };
    let (ticket, verdict, by, reason) = (&decision.ticket, decision.verdict.word(), &decision.by, &decision.reason);
    let says = format!("{ticket} is {verdict} (decided by {by} on {on}: {reason}; the rules: {rules}{since})");
    escape::plain(&says, escape::SENTENCE)
}

/// These decisions as one JSON object.
pub fn decisions_json(decided: &[&Decided]) -> String {
    let decisions = decided.iter().map(|one| DecisionOut {
        ticket: &one.decision.ticket,
        verdict: one.decision.verdict,
        decided: DecidedOut::new(one),
    });
    write(&Decisions { schema: SCHEMA, decisions: decisions.collect() })
}

#[derive(Serialize)]
struct Waivers<'a> {
    schema: u32,
    waivers: Vec<WaiverOut<'a>>,
}

#[derive(Serialize)]
pub(super) struct WaiverOut<'a> {
    /// By which it can be taken back; absent for those of the configuration.
    number: Option<i64>,
    from: String,
    code: Code,
    ticket: Option<&'a TicketId>,
    challenge: Option<&'a ChallengeId>,
    by: Option<&'a str>,
    reason: &'a str,
    until: chrono::NaiveDate,
    manner: Manner,
    at: Option<String>,
}

impl<'a> WaiverOut<'a> {
    pub(super) fn new(waiver: &'a Waiver) -> Self {
        let Waiver { code, ticket, challenge, by, reason, until, manner, from } = waiver;
        let (number, at) = match from {
            Origin::Configuration(_) | Origin::Document { .. } => (None, None),
            Origin::Store { number, at } => (Some(*number), Some(words::rfc3339(*at))),
        };
        Self {
            number,
            from: from.to_string(),
            code: *code,
            ticket: ticket.as_ref(),
            challenge: challenge.as_ref(),
            by: by.as_deref(),
            reason,
            until: *until,
            manner: *manner,
            at,
        }
    }
}

#[derive(Serialize)]
struct Decisions<'a> {
    schema: u32,
    decisions: Vec<DecisionOut<'a>>,
}

#[derive(Serialize)]
struct DecisionOut<'a> {
    ticket: &'a TicketId,
    verdict: Verdict,
    #[serde(flatten)]
    decided: DecidedOut<'a>,
}
