//! What other trackers show of a closed ticket's work.

use rusqlite::{Connection, params};

use super::columns::{AsJson, AsText, Cells, rows};
use super::follows;
use crate::domain::follow::{Elsewhere, Follow};
use crate::domain::ticket::TicketId;

/// Puts these in the place of what was known of the same tickets, and what links beside them lead to, where these were
/// looked at.
pub(super) fn remember(
    transaction: &Connection,
    found: &[(TicketId, Elsewhere, Option<Vec<Follow>>)],
) -> rusqlite::Result<()> {
    let mut row = transaction.prepare_cached(
        "INSERT INTO elsewhere (ticket, looked_at, closing, scope, mentions) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (ticket) DO UPDATE SET looked_at = excluded.looked_at, closing = excluded.closing,
             scope = excluded.scope, mentions = excluded.mentions",
    )?;
    for (ticket, Elsewhere { looked_at, closing, scope, mentions }, linked) in found {
        row.execute(params![AsText(ticket), AsText(looked_at), AsJson(closing), scope, AsJson(mentions)])?;
        if let Some(linked) = linked {
            follows::link(transaction, ticket, linked)?;
        }
    }
    Ok(())
}

/// All of it.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<(TicketId, Elsewhere)>> {
    rows(connection, "SELECT ticket, looked_at, closing, scope, mentions FROM elsewhere", [], read)
}

/// What is shown of these tickets.
pub(super) fn of<'a>(
    connection: &Connection,
    tickets: impl IntoIterator<Item = &'a TicketId>,
) -> rusqlite::Result<Vec<(TicketId, Elsewhere)>> {
    let sql = "SELECT ticket, looked_at, closing, scope, mentions FROM json_each(?1) AS wanted
               CROSS JOIN elsewhere ON elsewhere.ticket = wanted.value";
    let tickets: Vec<&TicketId> = tickets.into_iter().collect();
    rows(connection, sql, [AsJson(tickets)], read)
}

fn read(cells: &mut Cells<'_>) -> rusqlite::Result<(TicketId, Elsewhere)> {
    let (ticket, looked_at) = (cells.text()?, cells.text()?);
    let elsewhere = Elsewhere { looked_at, closing: cells.json()?, scope: cells.take()?, mentions: cells.json()? };
    Ok((ticket, elsewhere))
}
