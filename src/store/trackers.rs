//! Trackers: when each answered last, and what is wrong with it.

use chrono::TimeDelta;
use rusqlite::{Connection, OptionalExtension, params};

use super::columns::{AsJson, AsText, Cells, rows};
use crate::domain::known::KnownTracker;
use crate::domain::lookup::Trouble;
use crate::domain::time::Moment;
use crate::domain::tracker::{Habits, TrackerId, Traits, Wait};

/// How long a tracker is taken for what it turned out to be: it may be upgraded one day.
const TRAITS_LAST: TimeDelta = TimeDelta::days(7);

const COLUMNS: &str = "id, worked_at, trouble, trouble_says, asked_at";

fn read(cells: &mut Cells<'_>) -> rusqlite::Result<KnownTracker> {
    Ok(KnownTracker {
        id: cells.text()?,
        worked_at: cells.maybe_text()?,
        trouble: match (cells.maybe_text()?, cells.take::<Option<String>>()?) {
            (Some(kind), says) => Some(Trouble { kind, says: says.unwrap_or_default() }),
            (None, _) => None,
        },
        asked_at: cells.maybe_text()?,
    })
}

/// Every tracker ever asked, by id.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<KnownTracker>> {
    rows(connection, &format!("SELECT {COLUMNS} FROM tracker ORDER BY id"), [], read)
}

/// One tracker.
fn one(connection: &Connection, id: &TrackerId) -> rusqlite::Result<Option<KnownTracker>> {
    let sql = format!("SELECT {COLUMNS} FROM tracker WHERE id = ?1");
    connection.query_row(&sql, [AsText(id)], |row| read(&mut Cells::of(row))).optional()
}

/// Whether the tracker ever answered as it should.
pub(super) fn worked_before(connection: &Connection, id: &TrackerId) -> rusqlite::Result<bool> {
    Ok(one(connection, id)?.is_some_and(|known| known.worked_at.is_some()))
}

/// Adds what a pass saw of a tracker to what was known: times never go back, and a pass that neither asked nor had
/// trouble says nothing.
pub(super) fn remember(transaction: &Connection, seen: &KnownTracker) -> rusqlite::Result<()> {
    let before = one(transaction, &seen.id)?;
    let said_something = seen.asked_at.is_some() || seen.trouble.is_some();
    let (worked_at, asked_at, trouble) = match before {
        Some(before) => (
            before.worked_at.max(seen.worked_at),
            before.asked_at.max(seen.asked_at),
            if said_something { seen.trouble.clone() } else { before.trouble },
        ),
        None => (seen.worked_at, seen.asked_at, seen.trouble.clone()),
    };
    transaction.execute(
        "INSERT INTO tracker (id, worked_at, trouble, trouble_says, asked_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET worked_at = excluded.worked_at, trouble = excluded.trouble,
             trouble_says = excluded.trouble_says, asked_at = excluded.asked_at",
        params![
            AsText(&seen.id),
            worked_at.map(AsText),
            trouble.as_ref().map(|trouble| AsText(trouble.kind)),
            trouble.as_ref().map(|trouble| &trouble.says),
            asked_at.map(AsText)
        ],
    )?;
    Ok(())
}

/// How each tracker wants to be asked, as far as that still holds.
pub(super) fn habits(connection: &Connection, now: Moment) -> rusqlite::Result<Vec<Habits>> {
    let sql = "SELECT id, api_url, traits, traits_at FROM tracker WHERE api_url IS NOT NULL ORDER BY id";
    rows(connection, sql, [], |cells| {
        let (tracker, api_url) = (cells.text()?, cells.take()?);
        let (traits, learned_at): (AsJson<Traits>, Moment) = (cells.take()?, cells.text()?);
        let mut habits = Habits { tracker, api_url, traits: Traits::default() };
        if now - learned_at < TRAITS_LAST {
            habits.traits = traits.0;
        }
        Ok(habits)
    })
}

/// Puts these habits in the place of those known of the tracker, which must be remembered already.
pub(super) fn remember_habits(transaction: &Connection, habits: &Habits, now: Moment) -> rusqlite::Result<()> {
    let before = self::habits(transaction, now)?.into_iter().find(|before| before.tracker == habits.tracker);
    let known = before.is_some_and(|before| before.api_url == habits.api_url && before.traits == habits.traits);
    transaction.execute(
        "UPDATE tracker SET api_url = ?2, traits = ?3, traits_at = iif(?4, traits_at, ?5) WHERE id = ?1",
        params![AsText(&habits.tracker), habits.api_url, AsJson(&habits.traits), known, AsText(now)],
    )?;
    Ok(())
}

/// What nobody must be asked for at `now`.
pub(super) fn waits(connection: &Connection, now: Moment) -> rusqlite::Result<Vec<Wait>> {
    let sql = "SELECT origin, credential, scope, reserve, until, trouble, trouble_says FROM wait WHERE until > ?1
               ORDER BY origin, credential, scope, reserve";
    rows(connection, sql, [AsText(now)], |cells| {
        Ok(Wait {
            origin: cells.take()?,
            credential: cells.take()?,
            scope: cells.take()?,
            reserve: cells.take()?,
            until: cells.text()?,
            trouble: Trouble { kind: cells.text()?, says: cells.take()? },
        })
    })
}

/// Adds to what must be waited for; what is over is forgotten.
pub(super) fn remember_waits(transaction: &Connection, waits: &[Wait], now: Moment) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM wait WHERE until <= ?1", [AsText(now)])?;
    let mut row = transaction.prepare_cached(
        "INSERT INTO wait (origin, credential, scope, reserve, until, trouble, trouble_says)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (origin, credential, scope, reserve) DO UPDATE SET until = excluded.until,
             trouble = excluded.trouble, trouble_says = excluded.trouble_says WHERE excluded.until > until",
    )?;
    for Wait { origin, credential, scope, reserve, until, trouble } in waits {
        let (until, kind) = (AsText(until), AsText(trouble.kind));
        row.execute(params![origin, credential, scope, reserve, until, kind, trouble.says])?;
    }
    Ok(())
}
