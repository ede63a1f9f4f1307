//! What closed tickets point at.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::columns::{AsJson, AsText, Cells, rows};
use crate::domain::follow::{Follow, Why};
use crate::domain::ticket::TicketId;

/// Puts these in the place of what the same tickets pointed at before. Links beside them are looked at apart.
pub(super) fn replace(transaction: &Connection, follows: &BTreeMap<TicketId, Vec<Follow>>) -> rusqlite::Result<()> {
    change(transaction, follows.iter().map(|(ticket, now)| (ticket, now.as_slice())), |why| why != Why::Linked)
}

/// Puts what a ticket links to in the place of what it linked to before.
pub(super) fn link(transaction: &Connection, ticket: &TicketId, linked: &[Follow]) -> rusqlite::Result<()> {
    change(transaction, [(ticket, linked)].into_iter(), |why| why == Why::Linked)
}

/// Puts these in the place of what their tickets pointed at before for the same reasons; what is as it was is not touched.
fn change<'a>(
    transaction: &Connection,
    tickets: impl Iterator<Item = (&'a TicketId, &'a [Follow])> + Clone,
    concerns: impl Fn(Why) -> bool,
) -> rusqlite::Result<()> {
    let known = of(transaction, tickets.clone().map(|(ticket, _)| ticket))?;
    let mut forget = transaction.prepare_cached("DELETE FROM follow WHERE ticket = ?1 AND target = ?2 AND why = ?3")?;
    let mut add =
        transaction.prepare_cached("INSERT OR IGNORE INTO follow (ticket, target, why, at) VALUES (?1, ?2, ?3, ?4)")?;
    for (ticket, now) in tickets {
        let before = known.get(ticket).map(Vec::as_slice).unwrap_or_default();
        for Follow { to, why, .. } in before.iter().filter(|follow| concerns(follow.why) && !now.contains(follow)) {
            forget.execute(params![AsText(ticket), AsText(to), AsText(why)])?;
        }
        for Follow { to, why, at } in now.iter().filter(|follow| !before.contains(follow)) {
            add.execute(params![AsText(ticket), AsText(to), AsText(why), at.map(AsText)])?;
        }
    }
    Ok(())
}

/// All of them.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<BTreeMap<TicketId, Vec<Follow>>> {
    let sql = "SELECT ticket, target, why, at FROM follow ORDER BY ticket, target, why";
    Ok(by_ticket(rows(connection, sql, [], read)?))
}

/// What these tickets point at.
pub(super) fn of<'a>(
    connection: &Connection,
    tickets: impl IntoIterator<Item = &'a TicketId>,
) -> rusqlite::Result<BTreeMap<TicketId, Vec<Follow>>> {
    let tickets: Vec<&TicketId> = tickets.into_iter().collect();
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
