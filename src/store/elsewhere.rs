//! What other trackers show of a closed ticket's work.

use rusqlite::{Connection, params};

use super::columns::{AsJson, AsText, Cells, rows};
use super::follows;
use crate::domain::follow::{Elsewhere, Follow};
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;

/// Puts these in the place of what was known of the same tickets.
pub(super) fn remember(
    transaction: &Connection,
    found: &[(TicketId, Elsewhere, Vec<Follow>)],
    at: Moment,
) -> rusqlite::Result<()> {
    let mut row = transaction.prepare_cached(
        "INSERT OR REPLACE INTO elsewhere (ticket, looked_at, closing, scope, mentions) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (ticket, Elsewhere { closing, scope, mentions }, linked) in found {
        row.execute(params![AsText(ticket), AsText(at), AsJson(closing), scope, AsJson(mentions)])?;
        follows::link(transaction, ticket, linked)?;
    }
    Ok(())
}

/// All of it.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<(TicketId, Elsewhere)>> {
    rows(connection, "SELECT ticket, closing, scope, mentions FROM elsewhere", [], read)
}

/// What is shown of these tickets.
pub(super) fn of<'a>(
    connection: &Connection,
    tickets: impl IntoIterator<Item = &'a TicketId>,
) -> rusqlite::Result<Vec<(TicketId, Elsewhere)>> {
    let sql = "SELECT ticket, closing, scope, mentions FROM json_each(?1) AS wanted
               CROSS JOIN elsewhere ON elsewhere.ticket = wanted.value";
    let tickets: Vec<&TicketId> = tickets.into_iter().collect();
    rows(connection, sql, [AsJson(tickets)], read)
}

fn read(cells: &mut Cells<'_>) -> rusqlite::Result<(TicketId, Elsewhere)> {
    Ok((cells.text()?, Elsewhere { closing: cells.json()?, scope: cells.take()?, mentions: cells.json()? }))
}
