//! What is over and old enough is removed, a little at a time.
//!
//! 1. Nothing goes that a verdict rests on: what is in force, the history of a ticket that any document cites or any other
//!    ticket points at, and what people decided.
//! 2. What was known at the moment from which on history is kept is known still: a verdict goes when the one after it is
//!    old enough, not when it is itself.
//! 3. Each step looks again at what may go, so a pass may work meanwhile.

use rusqlite::{Connection, OptionalExtension, params};

use super::columns::AsText;
use super::pages::search;
use crate::domain::retention::Past;
use crate::domain::time::Moment;

/// What one step removes at most: others write between two steps.
const AT_ONCE: i64 = 500;

/// Removes some of what was over before this moment. How many, and whether there may be more.
pub(super) fn remove(transaction: &Connection, past: Past, before: Moment) -> rusqlite::Result<(usize, bool)> {
    let sql = match past {
        // The last one that ended tells when the next one is due.
        Past::Passes => {
            "DELETE FROM run WHERE seq IN (
                 SELECT seq FROM run WHERE started_at < ?1 AND seq < (SELECT max(seq) FROM run WHERE ended_at IS NOT NULL)
                 LIMIT ?2)"
        }
        // The last one of each sender tells since when it has been silent.
        Past::Deliveries => {
            "DELETE FROM delivery WHERE seq IN (
                 SELECT seq FROM delivery
                 WHERE received_at < ?1 AND seq NOT IN (SELECT delivery FROM nudge)
                       AND seq NOT IN (SELECT max(seq) FROM delivery GROUP BY tracker)
                 LIMIT ?2)"
        }
        Past::Verdicts => {
            "DELETE FROM verdict WHERE seq IN (
                 SELECT seq FROM verdict AS past
                 WHERE current = 0 AND judged_at < ?1
                       AND (EXISTS (SELECT 1 FROM verdict AS next
                                    WHERE next.ticket = past.ticket AND next.seq > past.seq AND next.judged_at < ?1)
                            OR NOT EXISTS (SELECT 1 FROM ticket WHERE ticket.id = past.ticket))
                 LIMIT ?2)"
        }
        Past::Standings => {
            "DELETE FROM standing WHERE seq IN (
                 SELECT seq FROM standing AS past
                 WHERE current = 0 AND judged_at < ?1
                       AND (EXISTS (SELECT 1 FROM standing AS next
                                    WHERE next.challenge = past.challenge AND next.seq > past.seq AND next.judged_at < ?1)
                            OR NOT EXISTS (SELECT 1 FROM challenge WHERE challenge.id = past.challenge))
                 LIMIT ?2)"
        }
        Past::Findings => {
            "DELETE FROM finding WHERE seq IN (SELECT seq FROM finding WHERE cleared_at < ?1 LIMIT ?2)"
        }
        Past::Documents => return remove_document(transaction, before),
        Past::Tickets => return remove_tickets(transaction, before),
    };
    let removed = transaction.prepare_cached(sql)?.execute(params![AsText(before), AT_ONCE])?;
    Ok((removed, removed > 0 && i64::try_from(removed).is_ok_and(|removed| removed >= AT_ONCE)))
}

/// Removes one document: it may hold thousands of rows, which go with it.
fn remove_document(transaction: &Connection, before: Moment) -> rusqlite::Result<(usize, bool)> {
    let over = "SELECT path FROM document WHERE retired_at < ?1 LIMIT 1";
    let path: Option<String> =
        transaction.prepare_cached(over)?.query_row([AsText(before)], |row| row.get(0)).optional()?;
    let Some(path) = path else { return Ok((0, false)) };
    search::document(transaction, &path, &[], &[])?;
    transaction.prepare_cached("DELETE FROM document WHERE path = ?1")?.execute([path])?;
    Ok((1, true))
}

/// Removes tickets with all that is known of them. What they point at may go the next time.
fn remove_tickets(transaction: &Connection, before: Moment) -> rusqlite::Result<(usize, bool)> {
    let old = "CREATE TEMP TABLE IF NOT EXISTS going (id TEXT NOT NULL PRIMARY KEY COLLATE NOCASE);";
    transaction.execute_batch(old)?;
    transaction.execute("DELETE FROM temp.going", [])?;
    let choose = "INSERT INTO temp.going (id)
                  SELECT id FROM ticket
                  WHERE asked_at < ?1 AND id NOT IN (SELECT ticket FROM reference) AND id NOT IN (SELECT target FROM follow)
                        AND id NOT IN (SELECT ticket FROM decision WHERE ended_at IS NULL)
                  LIMIT ?2";
    let going = transaction.prepare_cached(choose)?.execute(params![AsText(before), AT_ONCE])?;
    if going == 0 {
        return Ok((0, false));
    }
    transaction.execute_batch(
        "DELETE FROM sought WHERE rowid IN
             (SELECT id FROM sought_row WHERE kind = 'ticket' AND name IN (SELECT id FROM temp.going));
         DELETE FROM sought_row WHERE kind = 'ticket' AND name IN (SELECT id FROM temp.going);",
    )?;
    for (table, column) in [
        ("detail", "ticket"),
        ("ticket_change", "ticket"),
        ("verdict", "ticket"),
        ("elsewhere", "ticket"),
        ("follow", "ticket"),
        ("unlooked", "ticket"),
        ("parked", "ticket"),
        ("ticket", "id"),
    ] {
        transaction.execute(&format!("DELETE FROM {table} WHERE {column} IN (SELECT id FROM temp.going)"), [])?;
    }
    Ok((going, i64::try_from(going).is_ok_and(|going| going >= AT_ONCE)))
}
