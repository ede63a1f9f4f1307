//! Documents that were fetched: their text and version, so that what has not changed is not fetched again.

use rusqlite::{Connection, OptionalExtension, params};

use super::columns::{AsJson, AsText, Cells, rows};
use super::{Store, StoreError};
use crate::domain::remote::{Copy, Fetched, Held, Piece, What};
use crate::domain::time::Moment;

/// Documents that are no files.
impl Store {
    /// What is at hand of a source whose documents are fetched.
    pub async fn held(&self, source: &str) -> Result<Held, StoreError> {
        let source = source.to_owned();
        self.worker.read("read what was fetched", move |tx| held(tx, &source)).await
    }

    /// The documents at hand of such a source, with their names.
    pub async fn copies(&self, source: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let source = source.to_owned();
        self.worker.read("read what was fetched", move |tx| copies(tx, &source)).await
    }

    /// When statuses were last written into a document where it lives.
    pub async fn written_at(&self, path: &str) -> Result<Option<Moment>, StoreError> {
        let path = path.to_owned();
        self.worker.read("read what was written", move |tx| written(tx, &path)).await
    }
}

/// What is at hand of a source.
fn held(connection: &Connection, source: &str) -> rusqlite::Result<Held> {
    let mut tag = connection.prepare_cached("SELECT tag FROM fetched WHERE source = ?1")?;
    let tag: Option<Option<String>> = tag.query_row([source], |row| row.get(0)).optional()?;
    let sql = "SELECT path, version FROM copy WHERE source = ?1";
    let versions = rows(connection, sql, [source], |cells| Ok((cells.take()?, cells.take()?)))?;
    let sql = "SELECT path, doubted FROM copy WHERE source = ?1 AND doubted IS NOT NULL";
    let doubted = rows(connection, sql, [source], |cells| Ok((cells.take()?, cells.take()?)))?;
    Ok(Held { tag: tag.flatten(), versions: versions.into_iter().collect(), doubted: doubted.into_iter().collect() })
}

/// The documents at hand of a source, by their names and in their order.
fn copies(connection: &Connection, source: &str) -> rusqlite::Result<Vec<(String, Vec<u8>)>> {
    let sql = "SELECT path, body FROM copy WHERE source = ?1 ORDER BY path";
    rows(connection, sql, [source], |cells| Ok((cells.take()?, cells.take()?)))
}

/// Takes in what was fetched. What the source has no more is forgotten.
pub(super) fn remember(transaction: &Connection, source: &str, fetched: &Fetched, now: Moment) -> rusqlite::Result<()> {
    transaction.execute(
        "INSERT INTO fetched (source, tag) VALUES (?1, ?2) ON CONFLICT (source) DO UPDATE SET tag = excluded.tag",
        params![source, fetched.tag],
    )?;
    for path in held(transaction, source)?.versions.into_keys() {
        if !fetched.documents.iter().any(|piece| piece.path == path) {
            transaction.execute("DELETE FROM copy WHERE source = ?1 AND path = ?2", params![source, path])?;
        }
    }
    let mut row = transaction.prepare_cached(
        "INSERT OR REPLACE INTO copy (source, path, version, fetched_at, body, title) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let mut doubt = transaction
        .prepare_cached("UPDATE copy SET doubted = ?3 WHERE source = ?1 AND path = ?2 AND doubted IS NOT ?3")?;
    for Piece { path, what } in &fetched.documents {
        match what {
            What::New(Copy { version, body, title }) => {
                row.execute(params![source, path, version, AsText(now), body, title])?;
            }
            What::Same => _ = doubt.execute(params![source, path, None::<String>])?,
            What::Doubted(fingerprint) => _ = doubt.execute(params![source, path, fingerprint])?,
            What::Unread(_) => {}
        }
    }
    Ok(())
}

/// Forgets every source that is not among `keep`.
pub(super) fn forget_except(transaction: &Connection, keep: &[String]) -> rusqlite::Result<()> {
    for table in ["copy", "fetched"] {
        let sql = format!("DELETE FROM {table} WHERE source NOT IN (SELECT value FROM json_each(?1))");
        transaction.execute(&sql, [AsJson(keep)])?;
    }
    Ok(())
}

/// When statuses were last written into a document where it lives.
fn written(connection: &Connection, path: &str) -> rusqlite::Result<Option<Moment>> {
    let mut row = connection.prepare_cached("SELECT at FROM written WHERE path = ?1")?;
    row.query_row([path], |row| Cells::of(row).text()).optional()
}

/// Notes that statuses were written into a document where it lives.
pub(super) fn note_written(transaction: &Connection, path: &str, now: Moment) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO written (path, at) VALUES (?1, ?2)";
    transaction.execute(sql, params![path, AsText(now)])?;
    Ok(())
}
