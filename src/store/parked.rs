//! Answers that were not believed yet: what each would have turned its ticket into.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::columns::{AsText, rows};
use crate::domain::known::Turn;
use crate::domain::lookup::{Answer, Lookup};
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;

/// All that is parked.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<BTreeMap<TicketId, Turn>> {
    let read = rows(connection, "SELECT ticket, turn FROM parked", [], |cells| Ok((cells.text()?, cells.text()?)))?;
    Ok(read.into_iter().collect())
}

/// Parks these, in the place of what was parked for the same tickets.
pub(super) fn park(transaction: &Connection, turns: &[(TicketId, Turn)], at: Moment) -> rusqlite::Result<()> {
    let mut row =
        transaction.prepare_cached("INSERT OR REPLACE INTO parked (ticket, turn, parked_at) VALUES (?1, ?2, ?3)")?;
    for (ticket, turn) in turns {
        row.execute(params![AsText(ticket), AsText(turn), AsText(at)])?;
    }
    Ok(())
}

/// An answer that is believed ends the parking of its ticket; one that could not tell does not.
pub(super) fn release(transaction: &Connection, answers: &[Answer]) -> rusqlite::Result<()> {
    // Hardly ever anything is.
    if !transaction.prepare_cached("SELECT 1 FROM parked")?.exists([])? {
        return Ok(());
    }
    let mut row = transaction.prepare_cached("DELETE FROM parked WHERE ticket = ?1")?;
    // What is parked was last answered as not told, so no listing spoke for it.
    let believed = |answer: &&Answer| !matches!(answer.lookup, Lookup::Unknown(_) | Lookup::Unchanged);
    for answer in answers.iter().filter(believed) {
        row.execute([AsText(&answer.asked)])?;
    }
    Ok(())
}
