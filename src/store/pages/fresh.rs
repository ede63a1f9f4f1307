//! How fresh what is shown is, by source, tracker and register.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::domain::pages::{AsOf, Register, SourceAge};
use crate::store::columns::rows;
use crate::store::{runs, trackers};

/// How fresh everything is.
pub(super) fn as_of(on: &Connection) -> rusqlite::Result<AsOf> {
    let sources = "SELECT source, count(*), min(read_at), sum(trouble IS NOT NULL)
                   FROM document WHERE retired_at IS NULL GROUP BY source ORDER BY source";
    let sources = rows(on, sources, [], |cells| {
        Ok(SourceAge {
            name: cells.take()?,
            documents: cells.number()?,
            read_at: cells.maybe_text()?,
            troubled: cells.number()?,
        })
    })?;
    Ok(AsOf { sources, trackers: trackers::all(on)?, last_run: runs::last(on)?, running: None })
}

/// The documents in force that have challenges.
pub(super) fn registers(on: &Connection) -> rusqlite::Result<Vec<Register>> {
    let sql = "SELECT document.path, coalesce(read_at, first_seen_at), trouble, standing, many
               FROM ranked_count JOIN document ON document.path = folded WHERE grouped = 'document' ORDER BY document.path";
    let mut registers: Vec<Register> = Vec::new();
    for (register, standing, many) in rows(on, sql, [], |cells| {
        let (path, read_at, trouble) = (cells.take()?, cells.text()?, cells.take()?);
        Ok((Register { path, read_at, trouble, standings: BTreeMap::new() }, cells.text()?, cells.number()?))
    })? {
        match registers.last_mut().filter(|last| last.path == register.path) {
            Some(last) => last.standings.insert(standing, many),
            None => {
                registers.push(Register { standings: BTreeMap::from([(standing, many)]), ..register });
                None
            }
        };
    }
    Ok(registers)
}
