//! Closer looks at closings: when each was made, and which failed, so that these are not tried in every pass.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, params};

use super::columns::{AsJson, AsText, number, rows};
use super::references::WANTED;
use crate::domain::details::Closing;
use crate::domain::follow::HOPS;
use crate::domain::known::Unlooked;
use crate::domain::lookup::Answer;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;

/// Notes that a look at these failed. Since when it fails is kept while it is the same closing.
pub(super) fn remember(transaction: &Connection, failed: &[(TicketId, Closing)], at: Moment) -> rusqlite::Result<()> {
    let mut row = transaction.prepare_cached(
        "INSERT INTO unlooked (ticket, closing, since, last) VALUES (?1, ?2, ?3, ?3)
         ON CONFLICT (ticket) DO UPDATE SET closing = excluded.closing, last = excluded.last,
             since = iif(unlooked.closing = excluded.closing, unlooked.since, excluded.since)",
    )?;
    for (ticket, closing) in failed {
        row.execute(params![AsText(ticket), AsJson(closing), AsText(at)])?;
    }
    Ok(())
}

/// All that failed and was not made up for, of tickets that are wanted still. These are found out only where any failed, which
/// is what the `+` says.
pub(super) fn failed(connection: &Connection) -> rusqlite::Result<BTreeMap<TicketId, Unlooked>> {
    let sql = format!(
        "{WANTED} SELECT ticket, closing, since, last FROM unlooked WHERE +ticket IN (SELECT id FROM wanted)
         ORDER BY ticket"
    );
    let read = rows(connection, &sql, [number(HOPS)], |cells| {
        Ok((cells.text()?, Unlooked { closing: Arc::new(cells.json()?), since: cells.text()?, last: cells.text()? }))
    })?;
    Ok(read.into_iter().collect())
}

/// What was looked at, or is open again, waits for no look any more.
pub(super) fn settle(transaction: &Connection, answers: &[Answer]) -> rusqlite::Result<()> {
    if !transaction.prepare_cached("SELECT 1 FROM unlooked")?.exists([])? {
        return Ok(());
    }
    let mut done = transaction.prepare_cached("DELETE FROM unlooked WHERE ticket = ?1")?;
    for Answer { asked, lookup } in answers {
        if lookup.ticket().is_some_and(|ticket| ticket.details.closing.is_some() || !ticket.closed) {
            done.execute([AsText(asked)])?;
        }
    }
    Ok(())
}
