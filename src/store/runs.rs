//! Passes: when each began and ended, and how much it could tell.

use rusqlite::{Connection, OptionalExtension, params};

use super::columns::{AsText, Cells, number};
use crate::domain::known::Run;
use crate::domain::time::Moment;

/// One pass, as the store counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunId(i64);

/// A pass begins.
pub(super) fn begin(transaction: &Connection, now: Moment) -> rusqlite::Result<RunId> {
    transaction.execute("INSERT INTO run (started_at) VALUES (?1)", [AsText(now)])?;
    Ok(RunId(transaction.last_insert_rowid()))
}

/// A pass ends, or says how far it is.
pub(super) fn end(transaction: &Connection, id: RunId, run: &Run) -> rusqlite::Result<()> {
    transaction.execute(
        "UPDATE run SET started_at = ?2, ended_at = ?3, complete = ?4, asked = ?5, unknown = ?6 WHERE seq = ?1",
        params![
            id.0,
            AsText(run.started_at),
            run.ended_at.map(AsText),
            run.complete,
            number(run.asked),
            number(run.unknown)
        ],
    )?;
    Ok(())
}

/// The last pass that ended.
pub(super) fn last(connection: &Connection) -> rusqlite::Result<Option<Run>> {
    let sql = format!("SELECT {COLUMNS} FROM run WHERE ended_at IS NOT NULL ORDER BY seq DESC LIMIT 1");
    connection.query_row(&sql, [], |row| read(&mut Cells::of(row))).optional()
}

/// What [`read`] reads of a pass.
pub(super) const COLUMNS: &str = "started_at, ended_at, complete, asked, unknown";

/// A pass, from [`COLUMNS`].
pub(super) fn read(cells: &mut Cells<'_>) -> rusqlite::Result<Run> {
    Ok(Run {
        started_at: cells.text()?,
        ended_at: cells.maybe_text()?,
        complete: cells.take()?,
        asked: cells.number()?,
        unknown: cells.number()?,
    })
}
