//! Waivers that authors wrote into documents.

use rusqlite::{Connection, params};

use super::columns::{AsText, number};
use super::documents::Shelf;
use crate::domain::waiver::Marker;

/// Puts these in the place of those that the document had.
pub(super) fn replace(transaction: &Connection, document: &str, markers: &[Marker]) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM marker WHERE document = ?1", [document])?;
    let mut row = transaction.prepare_cached(
        "INSERT INTO marker (document, position, code, reason, until, line, col, challenge, covers)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for (position, marker) in markers.iter().enumerate() {
        let Marker { code, reason, until, place, challenge, line } = marker;
        row.execute(params![
            document,
            number(position),
            AsText(code),
            reason,
            AsText(until),
            place.line,
            place.column,
            challenge.map(number),
            line
        ])?;
    }
    Ok(())
}

/// Gives each document its own.
pub(super) fn fill(connection: &Connection, shelf: &mut Shelf) -> rusqlite::Result<()> {
    let markers = "SELECT document, code, reason, until, line, col, challenge, covers
                   FROM marker ORDER BY document, position";
    shelf.fill(connection, markers, |document, cells| {
        let marker = Marker {
            code: cells.text()?,
            reason: cells.take()?,
            until: cells.text()?,
            place: cells.place(&document.path)?,
            challenge: cells.maybe_number()?,
            line: cells.take()?,
        };
        document.markers.push(marker);
        Ok(())
    })
}
