//! Copies of a store: one made while passes write, one put into a store's place, and what a file holds.
//!
//! 1. A copy is one moment of the store, whole: it is made aside, looked through, put on disk, and only then named.
//! 2. Nothing is overwritten unless that was asked for, and then what stood there is kept beside it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use chrono::SecondsFormat;
use rusqlite::{Connection, OptionalExtension};
use tempfile::NamedTempFile;

use super::columns::AsText;
use super::connection;
use super::error::StoreError;
use super::schema;
use super::{holder, lease, room};
use crate::domain::time::Moment;

/// What a store's file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// Its size in bytes.
    pub bytes: u64,
    /// The version of its schema.
    pub version: i64,
    /// Documents that were read.
    pub documents: u64,
    /// Challenges in the versions in force.
    pub challenges: u64,
    /// Tickets that were ever asked for.
    pub tickets: u64,
    /// When its last pass began.
    pub last_pass: Option<String>,
}

/// Reads what the store at `path` holds, after looking through all of it.
pub(super) fn inspect(path: &Path) -> Result<Contents, StoreError> {
    let store = connection::open_of_any_version(path)?;
    look_through(&store, path, "integrity_check")?;
    let failed = |error| StoreError::while_doing(path, "read", error);
    let count = |table: &str| {
        let sql = format!("SELECT count(*) FROM {table}");
        store.query_row(&sql, [], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs)
    };
    let last = "SELECT started_at FROM run ORDER BY seq DESC LIMIT 1";
    Ok(Contents {
        bytes: fs::metadata(path).map_err(|cause| unwritten(path, cause))?.len(),
        version: schema::version(&store).map_err(failed)?,
        documents: count("document").map_err(failed)?,
        challenges: count("challenge").map_err(failed)?,
        tickets: count("ticket").map_err(failed)?,
        last_pass: store.query_row(last, [], |row| row.get(0)).optional().map_err(failed)?,
    })
}

/// What is damaged, as an error. `check` is one of SQLite's: `quick_check` leaves out whether indexes agree with tables.
pub(super) fn look_through(store: &Connection, path: &Path, check: &str) -> Result<(), StoreError> {
    let doing = "look through";
    let damaged = |told: String| StoreError::Damaged { path: path.to_owned(), doing, cause: told.into() };
    let told: String = store
        .query_row(&format!("PRAGMA {check}(1)"), [], |row| row.get(0))
        .map_err(|error| StoreError::while_doing(path, doing, error))?;
    if told != "ok" {
        return Err(damaged(told));
    }
    let orphan = "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1";
    match store.query_row(orphan, [], |row| row.get::<_, String>(0)).optional() {
        Ok(None) => Ok(()),
        Ok(Some(table)) => Err(damaged(format!("a row of `{table}` points at nothing"))),
        Err(error) => Err(StoreError::while_doing(path, doing, error)),
    }
}

/// Writes the store at `path`, as it is at one moment, to `to`.
pub(super) fn back_up(path: &Path, to: &Path, replace: bool) -> Result<Contents, StoreError> {
    if !replace {
        refuse_to_overwrite(to)?;
    }
    let copy = copy(path, to)?;
    let contents = settle(&copy, to)?;
    name(copy, to, replace)?;
    Ok(contents)
}

/// Puts a copy of the backup `from` in the place of the store at `path`. What stood there is moved to the path given back.
pub(super) fn restore(
    from: &Path,
    path: &Path,
    replace: bool,
    now: Moment,
) -> Result<(Contents, Option<PathBuf>), StoreError> {
    if !replace {
        refuse_to_overwrite(path)?;
    }
    // A backup that is damaged is found before anything is touched. It may be a store with its log beside it.
    inspect(from)?;
    refuse_during_a_pass(path, now)?;
    let copy = copy(from, path)?;
    let contents = settle(&copy, path)?;
    room::hand_over(copy.as_file(), path).map_err(|cause| unwritten(path, cause))?;
    let kept = move_away(path, now)?;
    name(copy, path, false)?;
    Ok((contents, kept))
}

/// Refuses while a pass works on the store, if that can be told: one that is damaged has none.
fn refuse_during_a_pass(path: &Path, now: Moment) -> Result<(), StoreError> {
    let Ok(store) = connection::open_of_any_version(path) else { return Ok(()) };
    match lease::held(&store, now) {
        Ok(Some(held)) if !holder::is_dead(&held.holder) => {
            Err(StoreError::Served { path: path.to_owned(), holder: held.holder })
        }
        _ => Ok(()),
    }
}

/// The store at `path` as it is at one moment, in a file that will be `to`.
fn copy(path: &Path, to: &Path) -> Result<NamedTempFile, StoreError> {
    let store = connection::open_of_any_version(path)?;
    let aside = aside(to)?;
    let target = aside.path().to_str().ok_or_else(|| unwritten(to, std::io::Error::other("its name is no UTF-8")))?;
    store.execute("VACUUM INTO ?1", [target]).map_err(|error| StoreError::while_doing(path, "copy", error))?;
    Ok(aside)
}

fn refuse_to_overwrite(path: &Path) -> Result<(), StoreError> {
    if path.symlink_metadata().is_ok() { Err(StoreError::InTheWay { path: path.to_owned() }) } else { Ok(()) }
}

/// A new file in the folder of `path`, gone with its handle unless it is given that name.
fn aside(path: &Path) -> Result<NamedTempFile, StoreError> {
    let aside = tempfile::Builder::new().prefix(".dragnet-").tempfile_in(room::folder(path));
    aside.map_err(|cause| unwritten(path, cause))
}

/// Looks through what was written aside and puts it on disk, before anything gives way to it.
fn settle(aside: &NamedTempFile, path: &Path) -> Result<Contents, StoreError> {
    let contents = inspect(aside.path())?;
    aside.as_file().sync_all().map_err(|cause| unwritten(path, cause))?;
    Ok(contents)
}

/// Names what was written aside `path`, on disk before anybody is told.
fn name(aside: NamedTempFile, path: &Path, replace: bool) -> Result<(), StoreError> {
    let unwritten = |cause| unwritten(path, cause);
    let named = if replace { aside.persist(path) } else { aside.persist_noclobber(path) };
    named.map_err(|error| unwritten(error.error))?;
    File::open(room::folder(path)).and_then(|folder| folder.sync_all()).map_err(unwritten)
}

/// Moves a store away with what SQLite keeps beside it: a log that stayed behind would be taken for the next store's.
fn move_away(path: &Path, now: Moment) -> Result<Option<PathBuf>, StoreError> {
    let stamp = now.to_rfc3339_opts(SecondsFormat::Secs, true).replace([':', '-'], "");
    let beside = |ending: &str, path: &Path| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let kept = beside(&format!(".before-{stamp}"), path);
    // The log goes first: one that is left without its store would be taken for that of the next.
    for ending in ["-wal", "-shm", ""] {
        let (from, to) = (beside(ending, path), beside(ending, &kept));
        if from.symlink_metadata().is_ok() {
            refuse_to_overwrite(&to)?;
            fs::rename(&from, &to).map_err(|cause| unwritten(&to, cause))?;
        }
    }
    Ok(kept.symlink_metadata().is_ok().then_some(kept))
}

fn unwritten(path: &Path, cause: std::io::Error) -> StoreError {
    StoreError::Unwritten { path: path.to_owned(), cause: cause.into() }
}

/// Remembers when something was last done about the store itself.
pub(super) fn note(transaction: &Connection, chore: &str, at: Moment) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO chore (name, done_at) VALUES (?1, ?2)";
    transaction.execute(sql, rusqlite::params![chore, AsText(at)]).map(drop)
}

/// When that was.
pub(super) fn noted(connection: &Connection, chore: &str) -> rusqlite::Result<Option<Moment>> {
    let sql = "SELECT done_at FROM chore WHERE name = ?1";
    let at = connection.query_row(sql, [chore], |row| row.get::<_, AsText<Moment>>(0)).optional()?;
    Ok(at.map(|AsText(at)| at))
}
