//! How fresh what is shown is, by source, tracker and register.

use rusqlite::Connection;

use crate::domain::pages::{AsOf, Register, SourceAge};
use crate::store::columns::rows;
use crate::store::{runs, trackers};

/// How fresh everything is.
pub(super) fn as_of(on: &Connection) -> rusqlite::Result<AsOf> {
    let sources = "SELECT source, count(*), min(coalesce(read_at, first_seen_at)), sum(trouble IS NOT NULL)
                   FROM document WHERE retired_at IS NULL GROUP BY source ORDER BY source";
    let sources = rows(on, sources, [], |cells| {
        Ok(SourceAge {
            name: cells.take()?,
            documents: cells.number()?,
            read_at: cells.text()?,
            troubled: cells.number()?,
        })
    })?;
    Ok(AsOf { sources, trackers: trackers::all(on)?, last_run: runs::last(on)? })
}

/// The documents in force that have challenges.
pub(super) fn registers(on: &Connection) -> rusqlite::Result<Vec<Register>> {
    let sql = "SELECT path, coalesce(read_at, first_seen_at), trouble, count(*) FROM document
               JOIN challenge ON challenge.document = document.path
               WHERE retired_at IS NULL GROUP BY path ORDER BY path";
    rows(on, sql, [], |cells| {
        Ok(Register {
            path: cells.take()?,
            read_at: cells.text()?,
            trouble: cells.take()?,
            challenges: cells.number()?,
        })
    })
}
