//! The pass lease: one pass at a time, across processes and later across hosts.
//!
//! 1. At most one term is in force: taking happens in a write transaction and adds one to the term.
//! 2. A write under a term that is over writes nothing: each write looks at the term inside its own transaction.
//! 3. Nobody waits for the dead: a lease that expired, was released, or was renewed in a future that its own length does
//!    not explain (the clock was wrong then) is free.
//! 4. Expiry alone takes nothing away: until somebody else takes the lease, its holder may go on writing.

use chrono::TimeDelta;
use rusqlite::{Connection, OptionalExtension, params};

use super::columns::{AsText, Cells};
use crate::domain::time::Moment;

/// The one lease that there is so far.
const NAME: &str = "pass";

/// The right to write during a pass, until somebody takes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Who holds it, as told when it was taken.
    pub holder: String,
    /// Its term: one more than that of the holder before.
    pub term: i64,
    /// When it was taken.
    pub since: Moment,
}

/// Somebody else holds the lease.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{holder}` has been at work on this store since {}", since.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))]
pub struct LeaseHeld {
    /// Who holds it, as told when it was taken.
    pub holder: String,
    /// Its term.
    pub term: i64,
    /// When it was taken.
    pub since: Moment,
    /// When it is free unless it is renewed.
    pub expires_at: Moment,
}

/// Row of the table `lease`.
struct Row {
    holder: Option<String>,
    term: i64,
    since: Moment,
    renewed_at: Moment,
    expires_at: Moment,
}

impl Row {
    fn read(connection: &Connection) -> rusqlite::Result<Option<Self>> {
        let sql = "SELECT holder, term, since, renewed_at, expires_at FROM lease WHERE name = ?1";
        let row = |cells: &mut Cells<'_>| {
            Ok(Self {
                holder: cells.take()?,
                term: cells.take()?,
                since: cells.text()?,
                renewed_at: cells.text()?,
                expires_at: cells.text()?,
            })
        };
        connection.query_row(sql, [NAME], |cells| row(&mut Cells::of(cells))).optional()
    }

    /// Who holds the lease at `now`, if anybody does.
    fn held(&self, now: Moment) -> Option<LeaseHeld> {
        let holder = self.holder.clone()?;
        let from_a_wrong_clock = self.renewed_at - now > self.expires_at - self.renewed_at;
        if self.expires_at <= now || from_a_wrong_clock {
            return None;
        }
        Some(LeaseHeld { holder, term: self.term, since: self.since, expires_at: self.expires_at })
    }
}

/// Who holds the lease at `now`, if anybody does.
pub(super) fn held(connection: &Connection, now: Moment) -> rusqlite::Result<Option<LeaseHeld>> {
    Ok(Row::read(connection)?.and_then(|row| row.held(now)))
}

/// The last term that there was, 0 where there was none, and who holds the lease at `now`.
pub(super) fn last(connection: &Connection, now: Moment) -> rusqlite::Result<(i64, Option<String>)> {
    let row = Row::read(connection)?;
    let held = row.as_ref().and_then(|row| row.held(now));
    Ok((row.map_or(0, |row| row.term), held.map(|held| held.holder)))
}

/// Takes the lease if it is free at `now`.
pub(super) fn take(
    transaction: &Connection,
    holder: &str,
    now: Moment,
    ttl: TimeDelta,
) -> rusqlite::Result<Result<Lease, LeaseHeld>> {
    let row = Row::read(transaction)?;
    if let Some(held) = row.as_ref().and_then(|row| row.held(now)) {
        return Ok(Err(held));
    }
    begin_term(transaction, row.map_or(1, |row| row.term + 1), holder, now, ttl).map(Ok)
}

/// Takes the lease from the holder and term named in `held`, whether it expired or not, unless it changed hands since.
pub(super) fn seize(
    transaction: &Connection,
    held: &LeaseHeld,
    holder: &str,
    now: Moment,
    ttl: TimeDelta,
) -> rusqlite::Result<Result<Lease, LeaseHeld>> {
    match Row::read(transaction)? {
        Some(row) if row.term == held.term && row.holder.as_ref() == Some(&held.holder) => {
            begin_term(transaction, row.term + 1, holder, now, ttl).map(Ok)
        }
        _ => take(transaction, holder, now, ttl),
    }
}

fn begin_term(
    transaction: &Connection,
    term: i64,
    holder: &str,
    now: Moment,
    ttl: TimeDelta,
) -> rusqlite::Result<Lease> {
    transaction.execute(
        "INSERT INTO lease (name, holder, term, since, renewed_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?4, ?5)
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, term = excluded.term, since = excluded.since,
             renewed_at = excluded.renewed_at, expires_at = excluded.expires_at",
        params![NAME, holder, term, AsText(now), AsText(now + ttl)],
    )?;
    Ok(Lease { holder: holder.to_owned(), term, since: now })
}

/// Whether the lease is still the one in force.
pub(super) fn is_in_force(connection: &Connection, lease: &Lease) -> rusqlite::Result<bool> {
    let mut statement =
        connection.prepare_cached("SELECT 1 FROM lease WHERE name = ?1 AND term = ?2 AND holder = ?3")?;
    statement.exists(params![NAME, lease.term, lease.holder])
}

/// Puts the end of the lease off to `ttl` after `now`. False when it is not ours any more.
pub(super) fn renew(transaction: &Connection, lease: &Lease, now: Moment, ttl: TimeDelta) -> rusqlite::Result<bool> {
    let changed = transaction.execute(
        "UPDATE lease SET renewed_at = ?4, expires_at = ?5 WHERE name = ?1 AND term = ?2 AND holder = ?3",
        params![NAME, lease.term, lease.holder, AsText(now), AsText(now + ttl)],
    )?;
    Ok(changed == 1)
}

/// Gives the lease back; the term stays, so that the next one is higher. Nothing happens when it is not ours any more.
pub(super) fn release(transaction: &Connection, lease: &Lease) -> rusqlite::Result<()> {
    transaction.execute(
        "UPDATE lease SET holder = NULL WHERE name = ?1 AND term = ?2 AND holder = ?3",
        params![NAME, lease.term, lease.holder],
    )?;
    Ok(())
}
