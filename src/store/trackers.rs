//! Trackers: when each answered last, and what is wrong with it.

use rusqlite::{Connection, OptionalExtension, params};

use super::columns::{AsText, Cells, rows};
use crate::domain::known::KnownTracker;
use crate::domain::lookup::Trouble;
use crate::domain::tracker::TrackerId;

const COLUMNS: &str = "id, worked_at, trouble, trouble_says, asked_at";

fn read(cells: &mut Cells<'_>) -> rusqlite::Result<KnownTracker> {
    Ok(KnownTracker {
        id: cells.text()?,
        worked_at: cells.maybe_text()?,
        trouble: match (cells.maybe_text()?, cells.take::<Option<String>>()?) {
            (Some(kind), says) => Some(Trouble { kind, says: says.unwrap_or_default() }),
            (None, _) => None,
        },
        asked_at: cells.maybe_text()?,
    })
}

/// Every tracker ever asked, by id.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<KnownTracker>> {
    rows(connection, &format!("SELECT {COLUMNS} FROM tracker ORDER BY id"), [], read)
}

/// One tracker.
fn one(connection: &Connection, id: &TrackerId) -> rusqlite::Result<Option<KnownTracker>> {
    let sql = format!("SELECT {COLUMNS} FROM tracker WHERE id = ?1");
    connection.query_row(&sql, [AsText(id)], |row| read(&mut Cells::of(row))).optional()
}

/// Whether the tracker ever answered as it should.
pub(super) fn worked_before(connection: &Connection, id: &TrackerId) -> rusqlite::Result<bool> {
    Ok(one(connection, id)?.is_some_and(|known| known.worked_at.is_some()))
}

/// Adds what a pass saw of a tracker to what was known: times never go back, and a pass that neither asked nor had
/// trouble says nothing.
pub(super) fn remember(transaction: &Connection, seen: &KnownTracker) -> rusqlite::Result<()> {
    let before = one(transaction, &seen.id)?;
    let said_something = seen.asked_at.is_some() || seen.trouble.is_some();
    let (worked_at, asked_at, trouble) = match before {
        Some(before) => (
            before.worked_at.max(seen.worked_at),
            before.asked_at.max(seen.asked_at),
            if said_something { seen.trouble.clone() } else { before.trouble },
        ),
        None => (seen.worked_at, seen.asked_at, seen.trouble.clone()),
    };
    transaction.execute(
        "INSERT INTO tracker (id, worked_at, trouble, trouble_says, asked_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET worked_at = excluded.worked_at, trouble = excluded.trouble,
             trouble_says = excluded.trouble_says, asked_at = excluded.asked_at",
        params![
            AsText(&seen.id),
            worked_at.map(AsText),
            trouble.as_ref().map(|trouble| AsText(trouble.kind)),
            trouble.as_ref().map(|trouble| &trouble.says),
            asked_at.map(AsText)
        ],
    )?;
    Ok(())
}
