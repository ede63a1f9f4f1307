//! How far listings of what changed were followed.

use rusqlite::{Connection, params};

use super::columns::{AsText, rows};
use crate::domain::listing::{Home, Window};

/// Every window, of every credential ever used.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Window>> {
    let sql = "SELECT tracker, place, credential, since, tag, begun_at FROM listing";
    rows(connection, sql, [], |cells| {
        Ok(Window {
            home: Home { tracker: cells.text()?, place: cells.take()? },
            credential: cells.take()?,
            since: cells.maybe_text()?,
            tag: cells.take()?,
            begun_at: cells.text()?,
        })
    })
}

/// Puts these in the place of earlier ones of the same home and credential.
pub(super) fn remember(transaction: &Connection, windows: &[Window]) -> rusqlite::Result<()> {
    let mut row = transaction.prepare_cached(
        "INSERT OR REPLACE INTO listing (tracker, place, credential, since, tag, begun_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for Window { home, credential, since, tag, begun_at } in windows {
        row.execute(params![AsText(&home.tracker), home.place, credential, since.map(AsText), tag, AsText(begun_at)])?;
    }
    Ok(())
}
