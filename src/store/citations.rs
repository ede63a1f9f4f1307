//! What documents cite besides tickets, and what is known of that.

use rusqlite::{Connection, params};

use super::columns::{AsText, Cells, number, rows};
use super::documents::Shelf;
use super::{Store, StoreError};
use crate::domain::citation::{Citation, KnownTarget, Sort};
use crate::domain::known::KnownCitation;
use crate::domain::lookup::LookupKind;
use crate::domain::time::Moment;

/// What is cited besides tickets.
impl Store {
    /// What documents in force cite and passes look at, each once, with when it was looked at last.
    pub async fn targets(&self) -> Result<Vec<(Sort, String, Option<Moment>)>, StoreError> {
        self.worker.read("read what is cited", targets).await
    }
}

/// Puts these in the place of those that the document had.
pub(super) fn replace(transaction: &Connection, document: &str, citations: &[Citation]) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM citation WHERE document = ?1", [document])?;
    let mut row = transaction.prepare_cached(
        "INSERT INTO citation (document, position, sort, target, line, col, count) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (position, citation) in citations.iter().enumerate() {
        let Citation { sort, target, place, count } = citation;
        row.execute(params![
            document,
            number(position),
            AsText(sort),
            target,
            place.line,
            place.column,
            number(*count)
        ])?;
    }
    Ok(())
}

fn targets(connection: &Connection) -> rusqlite::Result<Vec<(Sort, String, Option<Moment>)>> {
    let sql = "SELECT DISTINCT citation.sort, citation.target, asked_at FROM citation
               JOIN document ON document.path = citation.document AND document.retired_at IS NULL
               LEFT JOIN target ON target.target = citation.target
               WHERE citation.sort IN ('record', 'page', 'file') ORDER BY asked_at, citation.sort, citation.target";
    rows(connection, sql, [], |cells| Ok((cells.text()?, cells.take()?, cells.maybe_text()?)))
}

/// Takes in what looking gave. What proves nothing leaves the last proof as it was.
pub(super) fn remember(transaction: &Connection, targets: &[KnownTarget]) -> rusqlite::Result<()> {
    let mut row = transaction.prepare_cached(
        "INSERT INTO target (target, lookup, says, title, status, asked_at, proven, proven_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (target) DO UPDATE SET lookup = excluded.lookup, says = excluded.says, asked_at = excluded.asked_at,
             title = CASE WHEN excluded.lookup = 'found' THEN excluded.title ELSE title END,
             status = CASE WHEN excluded.lookup = 'found' THEN excluded.status ELSE status END,
             proven = coalesce(excluded.proven, proven), proven_at = coalesce(excluded.proven_at, proven_at)",
    )?;
    for KnownTarget { target, lookup, says, title, status, asked_at, proven, proven_at } in targets {
        row.execute(params![
            target,
            AsText(lookup),
            says,
            title,
            status,
            AsText(asked_at),
            proven.as_ref().map(AsText),
            proven_at.as_ref().map(AsText)
        ])?;
    }
    Ok(())
}

/// Reads what the documents on the shelf cite, with what is known of it.
pub(super) fn fill(connection: &Connection, shelf: &mut Shelf) -> rusqlite::Result<()> {
    let sql = "SELECT document, citation.sort, citation.target, line, col, count,
                      lookup, says, title, status, asked_at, proven, proven_at
               FROM citation LEFT JOIN target ON target.target = citation.target ORDER BY document, position";
    shelf.fill(connection, sql, |document, cells| {
        let (sort, target): (Sort, String) = (cells.text()?, cells.take()?);
        let place = cells.place(&document.path)?;
        let citation = Citation { sort, target, place, count: cells.number()? };
        let known = known(&citation.target, cells)?;
        document.citations.push(KnownCitation { citation, known });
        Ok(())
    })
}

fn known(target: &str, cells: &mut Cells<'_>) -> rusqlite::Result<Option<KnownTarget>> {
    let Some(lookup) = cells.maybe_text::<LookupKind>()? else { return Ok(None) };
    Ok(Some(KnownTarget {
        target: target.to_owned(),
        lookup,
        says: cells.take()?,
        title: cells.take()?,
        status: cells.take()?,
        asked_at: cells.text()?,
        proven: cells.maybe_text()?,
        proven_at: cells.maybe_text()?,
    }))
}
