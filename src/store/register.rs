//! What registers say: challenges, their anecdotes, and the notes on their remedies.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::columns::{AsJson, AsText, Cells, astray, number, rows};
use super::documents::Shelf;
use crate::domain::challenge::{Anecdote, Challenge, ChallengeId, Note, Status, fingerprint};
use crate::domain::known::{KnownChallenge, KnownDocument};
use crate::domain::time::Moment;

/// Puts these challenges in the place of those that the document had. Since when each is known stays.
pub(super) fn replace(
    transaction: &Connection,
    document: &str,
    challenges: &[Challenge],
    now: Moment,
) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM challenge WHERE document = ?1", [document])?;
    for (position, challenge) in challenges.iter().enumerate() {
        insert(transaction, document, position, challenge)?;
    }
    transaction.execute(
        "INSERT INTO challenge_seen (document, id, first_seen_at)
         SELECT DISTINCT document, id, ?2 FROM challenge WHERE document = ?1
         ON CONFLICT (document, id) DO UPDATE SET gone_at = NULL",
        params![document, AsText(now)],
    )?;
    transaction.execute(
        "UPDATE challenge_seen SET gone_at = ?2 WHERE document = ?1 AND gone_at IS NULL
         AND id NOT IN (SELECT id FROM challenge WHERE document = ?1)",
        params![document, AsText(now)],
    )?;
    Ok(())
}

fn insert(transaction: &Connection, document: &str, position: usize, challenge: &Challenge) -> rusqlite::Result<()> {
    let position = number(position);
    transaction
        .prepare_cached(
            "INSERT INTO challenge (document, position, id, category, title, line, col, occurrences, status, tickets)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            document,
            position,
            challenge.id.0,
            challenge.category,
            challenge.title,
            challenge.place.line,
            challenge.place.column,
            challenge.occurrences,
            challenge.status.text,
            AsJson(&challenge.tickets)
        ])?;
    let mut anecdote_row = transaction.prepare_cached(
        "INSERT INTO anecdote (document, challenge, position, date, approximate, teams, text, line, col, tickets)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    for (index, anecdote) in challenge.anecdotes.iter().enumerate() {
        anecdote_row.execute(params![
            document,
            position,
            number(index),
            anecdote.date.map(AsText),
            anecdote.approximate,
            AsJson(&anecdote.teams),
            anecdote.text,
            anecdote.place.line,
            anecdote.place.column,
            AsJson(&anecdote.tickets)
        ])?;
    }
    let mut note_row = transaction.prepare_cached(
        "INSERT INTO note (document, challenge, position, ticket, text, line, col) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (index, note) in challenge.status.notes.iter().enumerate() {
        let ticket = note.ticket.as_ref().map(AsText);
        let place = &note.place;
        note_row.execute(params![document, position, number(index), ticket, note.text, place.line, place.column])?;
    }
    Ok(())
}

/// Reads the columns of a challenge after its document, its position left out.
fn read_challenge(path: &str, cells: &mut Cells<'_>) -> rusqlite::Result<Challenge> {
    Ok(Challenge {
        id: cells.text()?,
        category: cells.take()?,
        title: cells.take()?,
        place: cells.place(path)?,
        occurrences: cells.take()?,
        anecdotes: Vec::new(),
        status: Status { text: cells.take()?, notes: Vec::new() },
        tickets: cells.json()?,
    })
}

fn read_anecdote(path: &str, cells: &mut Cells<'_>) -> rusqlite::Result<Anecdote> {
    Ok(Anecdote {
        date: cells.maybe_text()?,
        approximate: cells.take()?,
        teams: cells.json()?,
        text: cells.take()?,
        place: cells.place(path)?,
        tickets: cells.json()?,
    })
}

fn read_note(path: &str, cells: &mut Cells<'_>) -> rusqlite::Result<Note> {
    Ok(Note { ticket: cells.maybe_text()?, text: cells.take()?, place: cells.place(path)? })
}

/// Reads the challenges of all documents on the shelf.
pub(super) fn fill(connection: &Connection, shelf: &mut Shelf) -> rusqlite::Result<()> {
    let challenges = "SELECT document, id, category, title, line, col, occurrences, status, tickets FROM challenge
                      ORDER BY document, position";
    shelf.fill(connection, challenges, |document, cells| {
        document.challenges.push(read_challenge(&document.path, cells)?);
        Ok(())
    })?;
    let anecdotes = "SELECT document, challenge, date, approximate, teams, text, line, col, tickets FROM anecdote
                     ORDER BY document, challenge, position";
    shelf.fill(connection, anecdotes, |document, cells| {
        let challenge = cells.number()?;
        let anecdote = read_anecdote(&document.path, cells)?;
        of_document(document, challenge)?.anecdotes.push(anecdote);
        Ok(())
    })?;
    let notes = "SELECT document, challenge, ticket, text, line, col FROM note ORDER BY document, challenge, position";
    shelf.fill(connection, notes, |document, cells| {
        let challenge = cells.number()?;
        let note = read_note(&document.path, cells)?;
        of_document(document, challenge)?.status.notes.push(note);
        Ok(())
    })
}

/// The challenges of one document with all that stands in them.
pub(super) fn of_document_whole(connection: &Connection, document: &str) -> rusqlite::Result<Vec<Challenge>> {
    let positions = "SELECT document, position FROM challenge WHERE document = ?1";
    let wanted = rows(connection, positions, [document], |cells| Ok((cells.take()?, cells.number()?)))?;
    let wanted: BTreeSet<Row> = wanted.into_iter().collect();
    let mut all: Vec<Challenge> = of(connection, &wanted)?.into_iter().map(|(_, challenge, _)| challenge).collect();
    let astray = || astray("a part of a challenge that is not there");
    for ((_, nth), anecdote) in anecdotes_of(connection, &wanted)? {
        all.get_mut(nth).ok_or_else(astray)?.anecdotes.push(anecdote);
    }
    for ((_, nth), note) in notes_of(connection, &wanted)? {
        all.get_mut(nth).ok_or_else(astray)?.status.notes.push(note);
    }
    Ok(all)
}

/// A row of a register: its document and its position.
type Row = (String, usize);

/// The challenges of these rows in their order, each with its document and its position, without anecdotes and notes.
pub(super) fn of(connection: &Connection, wanted: &BTreeSet<Row>) -> rusqlite::Result<Vec<(String, Challenge, usize)>> {
    let sql = "SELECT document, challenge.id, category, title, line, col, occurrences, status, tickets, position
               FROM json_each(?1) AS wanted
               CROSS JOIN challenge ON document = wanted.value ->> 0 AND position = wanted.value ->> 1
               ORDER BY document, position";
    rows(connection, sql, [AsJson(wanted)], |cells| {
        let path: String = cells.take()?;
        let challenge = read_challenge(&path, cells)?;
        Ok((path, challenge, cells.number()?))
    })
}

/// The anecdotes of these rows, in their order.
pub(super) fn anecdotes_of(connection: &Connection, wanted: &BTreeSet<Row>) -> rusqlite::Result<Vec<(Row, Anecdote)>> {
    let sql = "SELECT document, challenge, date, approximate, teams, text, line, col, tickets
               FROM json_each(?1) AS wanted
               CROSS JOIN anecdote ON document = wanted.value ->> 0 AND challenge = wanted.value ->> 1
               ORDER BY document, challenge, position";
    parts_of(connection, sql, wanted, read_anecdote)
}

/// The notes of these rows, in their order.
pub(super) fn notes_of(connection: &Connection, wanted: &BTreeSet<Row>) -> rusqlite::Result<Vec<(Row, Note)>> {
    let sql = "SELECT document, challenge, ticket, text, line, col
               FROM json_each(?1) AS wanted
               CROSS JOIN note ON document = wanted.value ->> 0 AND challenge = wanted.value ->> 1
               ORDER BY document, challenge, position";
    parts_of(connection, sql, wanted, read_note)
}

/// What `sql` gives of these rows, each with the row that it is a part of.
fn parts_of<T>(
    connection: &Connection,
    sql: &str,
    wanted: &BTreeSet<Row>,
    read: impl Fn(&str, &mut Cells<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<(Row, T)>> {
    rows(connection, sql, [AsJson(wanted)], |cells| {
        let row: Row = (cells.take()?, cells.number()?);
        let part = read(&row.0, cells)?;
        Ok((row, part))
    })
}

fn of_document(document: &mut KnownDocument, challenge: usize) -> rusqlite::Result<&mut Challenge> {
    document.challenges.get_mut(challenge).ok_or_else(|| astray("a part of a challenge that is not there"))
}

/// The challenges of one document as its version in force names them, whether the document is configured now or not.
pub(super) fn known(connection: &Connection, path: &str) -> rusqlite::Result<Vec<KnownChallenge>> {
    let sql = "SELECT id, title, tickets FROM challenge WHERE document = ?1 ORDER BY position";
    let mut known = rows(connection, sql, [path], |cells| {
        Ok(KnownChallenge { id: cells.text()?, title: cells.take()?, tickets: cells.json()?, anecdotes: Vec::new() })
    })?;
    let sql = "SELECT challenge, date, text FROM anecdote WHERE document = ?1 ORDER BY challenge, position";
    let told = |cells: &mut Cells<'_>| Ok((cells.number()?, fingerprint(cells.maybe_text()?, cells.str()?)));
    for (challenge, told) in rows(connection, sql, [path], told)? {
        let its: &mut KnownChallenge =
            known.get_mut::<usize>(challenge).ok_or_else(|| astray("a part of a challenge that is not there"))?;
        its.anecdotes.extend(told);
    }
    Ok(known)
}

/// The ids of the challenges of one document.
pub(super) fn ids(connection: &Connection, path: &str) -> rusqlite::Result<Vec<ChallengeId>> {
    let sql = "SELECT id FROM challenge WHERE document = ?1 ORDER BY position";
    rows(connection, sql, [path], |cells| Ok(ChallengeId(cells.take()?)))
}
