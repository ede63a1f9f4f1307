//! How what is said of a challenge or a ticket came about, as its page and `why` tell it.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::pages::listed::flags;
use super::{Store, StoreError, audit, history, judgements, minutes};
use crate::domain::challenge::{Challenge, ChallengeId};
use crate::domain::past::Past;
use crate::domain::ticket::TicketId;

/// Stories.
impl Store {
    /// How what is said of a challenge came about, and of the tickets that it cites.
    pub async fn past_of_challenge(&self, challenge: &Challenge) -> Result<Past, StoreError> {
        let challenge = challenge.clone();
        self.worker.read("read a challenge's past", move |tx| of_challenge(tx, &challenge)).await
    }

    /// How what is said of a ticket came about, which these challenges cite.
    pub async fn past_of_ticket(&self, ticket: &TicketId, citing: BTreeSet<ChallengeId>) -> Result<Past, StoreError> {
        let ticket = ticket.clone();
        self.worker.read("read a ticket's past", move |tx| of_ticket(tx, &ticket, &citing)).await
    }
}

/// Of one challenge and the tickets that it cites.
pub(super) fn of_challenge(on: &Connection, challenge: &Challenge) -> rusqlite::Result<Past> {
    let Challenge { id, title, tickets, .. } = challenge;
    let its = of(on, &tickets.iter().cloned().collect(), &BTreeSet::from([id.clone()]))?;
    let linked = minutes::linking(on, challenge)?;
    Ok(Past {
        standings: judgements::standings(on, &id.0)?,
        register: history::of(on, id)?,
        suggested: minutes::similar(on, title, tickets, &linked)?,
        linked,
        ..its
    })
}

/// Of one ticket, with what was decided on the challenges that cite it.
pub(super) fn of_ticket(on: &Connection, ticket: &TicketId, citing: &BTreeSet<ChallengeId>) -> rusqlite::Result<Past> {
    of(on, &BTreeSet::from([ticket.clone()]), citing)
}

fn of(on: &Connection, tickets: &BTreeSet<TicketId>, challenges: &BTreeSet<ChallengeId>) -> rusqlite::Result<Past> {
    let mut verdicts = Vec::new();
    for ticket in tickets {
        let changed = judgements::history(on, ticket)?.into_iter();
        verdicts.extend(changed.map(|(at, verdict, confidence)| (ticket.clone(), at, verdict, confidence)));
    }
    Ok(Past { verdicts, acts: audit::about(on, tickets, challenges)?, flags: flags(on)?, ..Past::default() })
}
