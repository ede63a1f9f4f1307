//! Waivers that authors wrote into documents.

use rusqlite::{Connection, params};

use super::columns::{AsText, Cells, number, rows};
use super::documents::Shelf;
use crate::domain::challenge::ChallengeId;
use crate::domain::waiver::{Marker, Waiver};

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

fn read(path: &str, cells: &mut Cells<'_>) -> rusqlite::Result<Marker> {
    Ok(Marker {
        code: cells.text()?,
        reason: cells.take()?,
        until: cells.text()?,
        place: cells.place(path)?,
        challenge: cells.maybe_number()?,
        line: cells.take()?,
    })
}

/// Gives each document its own.
pub(super) fn fill(connection: &Connection, shelf: &mut Shelf) -> rusqlite::Result<()> {
    let markers = "SELECT document, code, reason, until, line, col, challenge, covers
                   FROM marker ORDER BY document, position";
    shelf.fill(connection, markers, |document, cells| {
        document.markers.push(read(&document.path, cells)?);
        Ok(())
    })
}

/// All of documents in force as waivers.
pub(super) fn waivers(connection: &Connection) -> rusqlite::Result<Vec<Waiver>> {
    let sql =
        "SELECT marker.document, code, reason, until, marker.line, marker.col, marker.challenge, covers, challenge.id
               FROM marker
               JOIN document ON document.path = marker.document AND document.retired_at IS NULL
               LEFT JOIN challenge ON challenge.document = marker.document AND challenge.position = marker.challenge
               ORDER BY marker.document, marker.position";
    rows(connection, sql, [], |cells| {
        let path: String = cells.take()?;
        let marker = read(&path, cells)?;
        Ok(marker.waiver(cells.take::<Option<String>>()?.map(ChallengeId)))
    })
}
