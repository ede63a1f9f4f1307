//! What people decided: findings accepted and verdicts given, by whom, why and since when.
//!
//! These rows are people's and not a pass's: they are written without its lease, and no pass touches them.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::columns::{AsJson, AsText, Cells, rows};
use crate::domain::challenge::ChallengeId;
use crate::domain::decision::Decision;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::waiver::{Origin, Waiver};

/// The waivers that were not taken back, oldest first; those whose time ran out are among them.
pub(super) fn waivers(connection: &Connection) -> rusqlite::Result<Vec<Waiver>> {
    let sql = "SELECT code, ticket, challenge, decided_by, reason, until, seq, decided_at FROM waiver
               WHERE ended_at IS NULL ORDER BY seq";
    rows(connection, sql, [], |cells| {
        Ok(Waiver {
            code: cells.text()?,
            ticket: cells.maybe_text()?,
            challenge: cells.take::<Option<String>>()?.map(ChallengeId),
            by: cells.take()?,
            reason: cells.take()?,
            until: cells.text()?,
            from: Origin::Store { number: cells.take()?, at: cells.text()? },
        })
    })
}

/// Adds a waiver in the place of one on the same; gives its number.
pub(super) fn waive(transaction: &Connection, waiver: &Waiver, now: Moment) -> rusqlite::Result<i64> {
    let Waiver { code, ticket, challenge, by, reason, until, .. } = waiver;
    let (ticket, challenge) = (ticket.as_ref().map(AsText), challenge.as_ref().map(|id| &id.0));
    transaction.execute(
        "UPDATE waiver SET ended_at = ?4 WHERE ended_at IS NULL AND code = ?1 AND ticket IS ?2 AND challenge IS ?3",
        params![AsText(code), ticket, challenge, AsText(now)],
    )?;
    transaction.execute(
        "INSERT INTO waiver (code, ticket, challenge, decided_by, reason, until, decided_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![AsText(code), ticket, challenge, by.as_deref().unwrap_or_default(), reason, AsText(until), AsText(now)],
    )?;
    Ok(transaction.last_insert_rowid())
}

/// Takes a waiver back; false when there is none of that number.
pub(super) fn unwaive(transaction: &Connection, number: i64, now: Moment) -> rusqlite::Result<bool> {
    let changed = transaction
        .execute("UPDATE waiver SET ended_at = ?2 WHERE seq = ?1 AND ended_at IS NULL", params![number, AsText(now)])?;
    Ok(changed == 1)
}

fn read(cells: &mut Cells<'_>) -> rusqlite::Result<Decision> {
    Ok(Decision {
        ticket: cells.text()?,
        verdict: cells.text()?,
        by: cells.take()?,
        reason: cells.take()?,
        at: cells.text()?,
        then: cells.take::<AsJson<_>>()?.0,
    })
}

/// The decisions in force.
pub(super) fn decisions(connection: &Connection) -> rusqlite::Result<BTreeMap<TicketId, Decision>> {
    let sql = "SELECT ticket, verdict, decided_by, reason, decided_at, basis FROM decision WHERE ended_at IS NULL";
    let read = rows(connection, sql, [], read)?;
    Ok(read.into_iter().map(|decision| (decision.ticket.clone(), decision)).collect())
}

/// Every decision ever made on a ticket, oldest first, each with when it ended.
pub(super) fn history(connection: &Connection, ticket: &TicketId) -> rusqlite::Result<Vec<(Decision, Option<Moment>)>> {
    let sql = "SELECT ticket, verdict, decided_by, reason, decided_at, basis, ended_at FROM decision
               WHERE ticket = ?1 ORDER BY seq";
    rows(connection, sql, [AsText(ticket)], |cells| Ok((read(cells)?, cells.maybe_text()?)))
}

/// Puts a decision in force, in the place of the one that there was.
pub(super) fn decide(transaction: &Connection, decision: &Decision) -> rusqlite::Result<()> {
    withdraw(transaction, &decision.ticket, decision.at)?;
    let Decision { ticket, verdict, by, reason, at, then } = decision;
    transaction.execute(
        "INSERT INTO decision (ticket, verdict, decided_by, reason, decided_at, basis) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![AsText(ticket), AsText(verdict), by, reason, AsText(at), AsJson(then)],
    )?;
    Ok(())
}

/// Takes the decision on a ticket back; false when there is none.
pub(super) fn withdraw(transaction: &Connection, ticket: &TicketId, now: Moment) -> rusqlite::Result<bool> {
    let changed = transaction.execute(
        "UPDATE decision SET ended_at = ?2 WHERE ticket = ?1 AND ended_at IS NULL",
        params![AsText(ticket), AsText(now)],
    )?;
    Ok(changed == 1)
}
