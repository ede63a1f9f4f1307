//! Webhook deliveries: each has an effect once, and the effect is that tickets are due.
//!
//! 1. A delivery and what it makes due are one transaction: whoever was told that it is stored need not send it again.
//! 2. Only tickets that documents cite become due, so strangers cannot fill the store.
//! 3. What is due stays due until it was asked for *after* the delivery, whatever is killed in between.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::columns::{AsText, number, rows};
use crate::domain::delivery::{Delivery, Named, Receipt};
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerId;

/// How many deliveries are remembered. One that is repeated later has its effect again, which is harmless.
const KEPT: i64 = 100_000;

/// Takes deliveries in; the receipts stand in their order.
pub(super) fn take(transaction: &Connection, deliveries: &[Delivery], now: Moment) -> rusqlite::Result<Vec<Receipt>> {
    let receipts = deliveries.iter().map(|delivery| take_one(transaction, delivery, now)).collect::<Result<_, _>>()?;
    transaction
        .prepare_cached("DELETE FROM delivery WHERE seq <= (SELECT max(seq) FROM delivery) - ?1")?
        .execute([KEPT])?;
    Ok(receipts)
}

fn take_one(transaction: &Connection, delivery: &Delivery, now: Moment) -> rusqlite::Result<Receipt> {
    let Delivery { tracker, id, names } = delivery;
    let new = transaction
        .prepare_cached("INSERT OR IGNORE INTO delivery (tracker, id, received_at, nudged) VALUES (?1, ?2, ?3, 0)")?
        .execute(params![AsText(tracker), id, AsText(now)])?;
    if new == 0 {
        return Ok(Receipt::Repeated);
    }
    let seq = transaction.last_insert_rowid();
    let mut nudged = 0;
    for name in names {
        nudged += nudge(transaction, tracker, name, seq)?;
    }
    if nudged == 0 {
        return Ok(Receipt::Ignored);
    }
    transaction
        .prepare_cached("UPDATE delivery SET nudged = ?2 WHERE seq = ?1")?
        .execute(params![seq, number(nudged)])?;
    Ok(Receipt::Nudged)
}

/// Makes due what is cited under this name, or under the name that the ticket had before; how many tickets that are which
/// the delivery has not named yet.
fn nudge(transaction: &Connection, tracker: &TrackerId, name: &Named, seq: i64) -> rusqlite::Result<usize> {
    let insert = |meant: &str| {
        format!(
            "INSERT INTO nudge (ticket, delivery)
             SELECT reference.ticket, ?1 FROM reference
             JOIN document ON document.path = reference.document AND document.retired_at IS NULL
             WHERE reference.ticket IN ({meant})
             ON CONFLICT (ticket) DO UPDATE SET delivery = excluded.delivery WHERE delivery <> excluded.delivery"
        )
    };
    match name {
        Named::Ticket(ticket) => {
            let meant = "SELECT ?2 UNION ALL SELECT id FROM ticket WHERE moved_to = ?2";
            transaction.prepare_cached(&insert(meant))?.execute(params![seq, AsText(ticket)])
        }
        // Two sites may use the same id.
        Named::Native(native) => {
            let meant = "SELECT id FROM ticket WHERE native_id = ?2 AND substr(id, 1, length(?3)) = ?3";
            let site = format!("{tracker}:");
            transaction.prepare_cached(&insert(meant))?.execute(params![seq, native, site])
        }
    }
}

/// When the last delivery of each tracker was taken in.
pub(super) fn last(connection: &Connection) -> rusqlite::Result<BTreeMap<TrackerId, Moment>> {
    let sql = "SELECT tracker, max(received_at) FROM delivery GROUP BY tracker";
    Ok(rows(connection, sql, [], |cells| Ok((cells.text()?, cells.text()?)))?.into_iter().collect())
}

/// Whether any ticket is due because a delivery named it.
pub(super) fn any_nudged(connection: &Connection) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM nudge")?.exists([])
}

/// These were asked for after the deliveries told beside them. One that came since stays in force. So do no names that
/// nothing cites any more.
pub(super) fn settle(transaction: &Connection, asked: &[(TicketId, i64)]) -> rusqlite::Result<()> {
    let mut row = transaction.prepare_cached("DELETE FROM nudge WHERE ticket = ?1 AND delivery <= ?2")?;
    for (ticket, delivery) in asked {
        row.execute(params![AsText(ticket), delivery])?;
    }
    transaction
        .prepare_cached(
            "DELETE FROM nudge WHERE NOT EXISTS (
                 SELECT 1 FROM reference JOIN document ON document.path = reference.document
                 WHERE reference.ticket = nudge.ticket AND document.retired_at IS NULL)",
        )?
        .execute([])?;
    Ok(())
}
