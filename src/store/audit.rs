//! The audit trail: who decided what, when and why, and what that changed. Written in the transaction of the deed, and only
//! ever added to.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::columns::{AsJson, AsText, Cells, number, rows};
use crate::domain::act::Act;
use crate::domain::challenge::ChallengeId;
use crate::domain::ticket::TicketId;

/// Adds an entry; the number that it is given is its own.
pub(super) fn add(on: &Connection, act: &Act) -> rusqlite::Result<()> {
    let Act { number: _, at, by, deed, code, ticket, challenge, reason, before, after } = act;
    on.prepare_cached(
        "INSERT INTO audit (at, decided_by, deed, code, ticket, challenge, reason, before, after)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        AsText(at),
        by,
        AsText(deed),
        code.map(AsText),
        ticket.as_ref().map(AsText),
        challenge.as_ref().map(|id| &id.0),
        reason,
        before,
        after
    ])?;
    Ok(())
}

/// At most so many entries, newest first; those before the number given where one is.
pub(super) fn page(on: &Connection, before: Option<i64>, most: usize) -> rusqlite::Result<Vec<Act>> {
    let sql = format!("SELECT {COLUMNS} FROM audit WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2");
    rows(on, &sql, params![before.unwrap_or(i64::MAX), number(most)], read)
}

/// The entries about any of these tickets or challenges, oldest first.
pub(super) fn about(
    on: &Connection,
    tickets: &BTreeSet<TicketId>,
    challenges: &BTreeSet<ChallengeId>,
) -> rusqlite::Result<Vec<Act>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM audit WHERE ticket IN (SELECT value FROM json_each(?1))
         OR challenge IN (SELECT value FROM json_each(?2)) ORDER BY seq"
    );
    rows(on, &sql, params![AsJson(tickets), AsJson(challenges)], read)
}

/// What [`read`] reads.
const COLUMNS: &str = "seq, at, decided_by, deed, code, ticket, challenge, reason, before, after";

fn read(cells: &mut Cells<'_>) -> rusqlite::Result<Act> {
    Ok(Act {
        number: cells.take()?,
        at: cells.text()?,
        by: cells.take()?,
        deed: cells.text()?,
        code: cells.maybe_text()?,
        ticket: cells.maybe_text()?,
        challenge: cells.take::<Option<String>>()?.map(ChallengeId),
        reason: cells.take()?,
        before: cells.take()?,
        after: cells.take()?,
    })
}
