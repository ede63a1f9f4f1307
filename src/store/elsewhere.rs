//! What other trackers show of a closed ticket's work.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::columns::{AsJson, AsText, rows};
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
pub(super) fn all(connection: &Connection) -> rusqlite::Result<BTreeMap<TicketId, Elsewhere>> {
    let sql = "SELECT ticket, closing, scope, mentions FROM elsewhere";
    let read = rows(connection, sql, [], |cells| {
        Ok((cells.text()?, Elsewhere { closing: cells.json()?, scope: cells.take()?, mentions: cells.json()? }))
    })?;
    Ok(read.into_iter().collect())
}
