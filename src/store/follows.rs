//! What closed tickets point at.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::columns::{AsJson, AsText, Cells, rows};
use crate::domain::follow::Follow;
use crate::domain::ticket::TicketId;

/// Puts these in the place of what the same tickets pointed at before. Links beside them are looked at apart.
pub(super) fn replace(transaction: &Connection, follows: &BTreeMap<TicketId, Vec<Follow>>) -> rusqlite::Result<()> {
    let mut clear = transaction.prepare_cached("DELETE FROM follow WHERE ticket = ?1 AND why <> 'linked'")?;
    let mut row =
        transaction.prepare_cached("INSERT OR IGNORE INTO follow (ticket, target, why, at) VALUES (?1, ?2, ?3, ?4)")?;
    for (ticket, follows) in follows {
        clear.execute([AsText(ticket)])?;
        for Follow { to, why, at } in follows {
            row.execute(params![AsText(ticket), AsText(to), AsText(why), at.map(AsText)])?;
        }
    }
    Ok(())
}

/// Puts what a ticket links to in the place of what it linked to before.
pub(super) fn link(transaction: &Connection, ticket: &TicketId, linked: &[Follow]) -> rusqlite::Result<()> {
    transaction.prepare_cached("DELETE FROM follow WHERE ticket = ?1 AND why = 'linked'")?.execute([AsText(ticket)])?;
    let mut row =
        transaction.prepare_cached("INSERT OR IGNORE INTO follow (ticket, target, why) VALUES (?1, ?2, ?3)")?;
    for Follow { to, why, .. } in linked {
        row.execute(params![AsText(ticket), AsText(to), AsText(why)])?;
    }
    Ok(())
}

/// All of them.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<BTreeMap<TicketId, Vec<Follow>>> {
    let sql = "SELECT ticket, target, why, at FROM follow ORDER BY ticket, target, why";
    Ok(by_ticket(rows(connection, sql, [], read)?))
}

/// What these tickets point at.
pub(super) fn of(connection: &Connection, tickets: &[TicketId]) -> rusqlite::Result<BTreeMap<TicketId, Vec<Follow>>> {
    let sql =
        "SELECT ticket, target, why, at FROM json_each(?1) AS wanted CROSS JOIN follow ON follow.ticket = wanted.value
               ORDER BY ticket, target, why";
    Ok(by_ticket(rows(connection, sql, [AsJson(tickets)], read)?))
}

fn read(cells: &mut Cells<'_>) -> rusqlite::Result<(TicketId, Follow)> {
    Ok((cells.text()?, Follow { to: cells.text()?, why: cells.text()?, at: cells.maybe_text()? }))
}

fn by_ticket(read: Vec<(TicketId, Follow)>) -> BTreeMap<TicketId, Vec<Follow>> {
    let mut follows: BTreeMap<TicketId, Vec<Follow>> = BTreeMap::new();
    for (ticket, follow) in read {
        follows.entry(ticket).or_default().push(follow);
    }
    follows
}
