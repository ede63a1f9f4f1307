//! A verdict that a person gave: who, why, when, and what the rules made of the evidence then.

use serde::{Deserialize, Serialize};

use super::details::Closing;
use super::ticket::TicketId;
use super::time::Moment;
use super::verdict::{Evidence, Judgement, Verdict};

/// A person's word on a verdict. It stands in the place of the rules' own until somebody takes it back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// The ticket.
    pub ticket: TicketId,
    /// The verdict: done, undone or unverified.
    pub verdict: Verdict,
    /// Who decided.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Moment,
    /// What was known then.
    pub then: Basis,
}

/// What was known when a decision was made. What differs from it later is news.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Basis {
    /// The rules' own judgement.
    pub judgement: Judgement,
    /// What the ticket's closing looked like; absent where it was not closed, or never seen.
    pub closing: Option<Closing>,
}

/// A decision that is in force, beside what the rules say now.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// The decision.
    pub decision: Decision,
    /// The rules' own judgement, now.
    pub rules: Judgement,
    /// What is seen now that was not when it was decided, and what was and is not any more; empty while nothing changed.
    pub news: Vec<Evidence>,
}

/// How often the rules said *closed without the work* and a person looked at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Flags {
    /// Flags that a person decided on: findings accepted, and verdicts confirmed or contradicted.
    pub decided: usize,
    /// Those of them that the person did not contradict.
    pub stood: usize,
}
