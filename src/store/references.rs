//! What documents cite, what looks as if they did, and what could not be understood in them.

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::{Connection, params};

use super::columns::{AsJson, AsText, Cells, number, rows};
use super::documents::Shelf;
use crate::domain::details::Closing;
use crate::domain::document::Owner;
use crate::domain::finding::Problem;
use crate::domain::follow::HOPS;
use crate::domain::known::{Unlooked, Want};
use crate::domain::reference::{Reference, Unclaimed};
use crate::domain::ticket::TicketId;

/// An [`Owner`] as five cells: challenge, anecdote, note, meeting, topic.
fn owner_cells(owner: Owner) -> [Option<i64>; 5] {
    match owner {
        Owner::Challenge { challenge, anecdote, note } => {
            [Some(number(challenge)), anecdote.map(i64::from), note.map(i64::from), None, None]
        }
        Owner::Topic { meeting, topic } => [None, None, None, Some(number(meeting)), Some(number(topic))],
        Owner::Nobody => [None; 5],
    }
}

/// Puts these in the place of those that the document had.
pub(super) fn replace(
    transaction: &Connection,
    document: &str,
    references: &[Reference],
    unclaimed: &[Unclaimed],
    problems: &[Problem],
) -> rusqlite::Result<()> {
    replace_references(transaction, document, references)?;
    transaction.execute("DELETE FROM unclaimed WHERE document = ?1", [document])?;
    let mut row = transaction.prepare_cached(
        "INSERT INTO unclaimed (document, position, home, example, line, col, count) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (position, unclaimed) in unclaimed.iter().enumerate() {
        let Unclaimed { home, example, place, count } = unclaimed;
        row.execute(params![document, number(position), home, example, place.line, place.column, number(*count)])?;
    }
    transaction.execute("DELETE FROM problem WHERE document = ?1", [document])?;
    let mut row = transaction.prepare_cached(
        "INSERT INTO problem (document, position, code, line, col, message, hint) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (position, problem) in problems.iter().enumerate() {
        let Problem { code, place, message, hint } = problem;
        row.execute(params![document, number(position), AsText(code), place.line, place.column, message, hint])?;
    }
    Ok(())
}

fn replace_references(transaction: &Connection, document: &str, references: &[Reference]) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM reference WHERE document = ?1", [document])?;
    let mut row = transaction.prepare_cached(
        "INSERT INTO reference (document, position, ticket, url, line, col, text, within, role,
             challenge, anecdote, note, meeting, topic)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?;
    for (position, reference) in references.iter().enumerate() {
        let [challenge, anecdote, note, meeting, topic] = owner_cells(reference.owner);
        row.execute(params![
            document,
            number(position),
            AsText(&reference.ticket),
            reference.url,
            reference.place.line,
            reference.place.column,
            reference.text,
            AsText(reference.within),
            AsText(reference.role),
            challenge,
            anecdote,
            note,
            meeting,
            topic
        ])?;
    }
    Ok(())
}

const COLUMNS: &str = "reference.document, reference.ticket, reference.url, reference.line, reference.col,
    reference.text, reference.within, reference.role, reference.challenge, reference.anecdote, reference.note,
    reference.meeting, reference.topic";

/// Reads [`COLUMNS`] after the document.
fn read(path: &str, cells: &mut Cells<'_>) -> rusqlite::Result<Reference> {
    Ok(Reference {
        ticket: cells.text()?,
        url: cells.take()?,
        place: cells.place(path)?,
        text: cells.take()?,
        within: cells.text()?,
        role: cells.text()?,
        owner: read_owner(cells)?,
    })
}

/// Reads the references of all documents on the shelf.
pub(super) fn fill(connection: &Connection, shelf: &mut Shelf) -> rusqlite::Result<()> {
    let references = format!("SELECT {COLUMNS} FROM reference ORDER BY document, position");
    shelf.fill(connection, &references, |document, cells| {
        document.references.push(read(&document.path, cells)?);
        Ok(())
    })
}

/// Reads the unclaimed spellings and problems of all documents on the shelf.
pub(super) fn fill_remarks(connection: &Connection, shelf: &mut Shelf) -> rusqlite::Result<()> {
    let unclaimed = "SELECT document, home, example, line, col, count FROM unclaimed ORDER BY document, position";
    shelf.fill(connection, unclaimed, |document, cells| {
        let unclaimed = Unclaimed {
            home: cells.take()?,
            example: cells.take()?,
            place: cells.place(&document.path)?,
            count: cells.number()?,
        };
        document.unclaimed.push(unclaimed);
        Ok(())
    })?;
    let problems = "SELECT document, code, line, col, message, hint FROM problem ORDER BY document, position";
    shelf.fill(connection, problems, |document, cells| {
        let problem = Problem {
            code: cells.text()?,
            place: cells.place(&document.path)?,
            message: cells.take()?,
            hint: cells.take()?,
        };
        document.problems.push(problem);
        Ok(())
    })
}

/// The references that stand in these rows (document, position), each with its document.
pub(super) fn within(
    connection: &Connection,
    of: &BTreeSet<(String, usize)>,
) -> rusqlite::Result<Vec<(String, Reference)>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM json_each(?1) AS wanted CROSS JOIN reference INDEXED BY reference_by_challenge
             ON reference.document = wanted.value ->> 0 AND reference.challenge = wanted.value ->> 1
         ORDER BY reference.document, reference.position"
    );
    rows(connection, &sql, [AsJson(of)], read_with_document)
}

/// Where these tickets are cited outside of any row, each place with its document.
pub(super) fn outside(
    connection: &Connection,
    tickets: &BTreeSet<TicketId>,
) -> rusqlite::Result<Vec<(String, Reference)>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM json_each(?1) AS wanted CROSS JOIN reference ON reference.ticket = wanted.value
         WHERE reference.challenge IS NULL ORDER BY reference.document, reference.position"
    );
    rows(connection, &sql, [AsJson(tickets)], read_with_document)
}

fn read_with_document(cells: &mut Cells<'_>) -> rusqlite::Result<(String, Reference)> {
    let path: String = cells.take()?;
    let reference = read(&path, cells)?;
    Ok((path, reference))
}

/// Remedies that may have taken the place of one of these: a note in a row of both has their number in it.
pub(super) fn heirs_of(connection: &Connection, tickets: &[TicketId]) -> rusqlite::Result<Vec<TicketId>> {
    let sql = "SELECT DISTINCT heir.ticket FROM json_each(?1) AS wanted
               CROSS JOIN reference ON reference.ticket = wanted.value
               CROSS JOIN document ON document.path = reference.document AND document.retired_at IS NULL
               CROSS JOIN note ON note.document = reference.document AND note.challenge = reference.challenge
               CROSS JOIN reference AS heir INDEXED BY reference_by_challenge
                    ON heir.document = note.document AND heir.challenge = note.challenge
               WHERE heir.role = 'remedy' AND heir.ticket <> reference.ticket
                     AND instr(note.text, substr(heir.ticket, length(rtrim(heir.ticket, '0123456789')) + 1)) > 0";
    rows(connection, sql, [AsJson(tickets)], |cells| Ok(cells.take::<AsText<_>>()?.0))
}

/// Those of these tickets that a document in force cites, as it spells them.
pub(super) fn cited_among<'a>(
    connection: &Connection,
    tickets: impl IntoIterator<Item = &'a TicketId>,
) -> rusqlite::Result<BTreeSet<TicketId>> {
    let sql = "SELECT min(reference.ticket) FROM json_each(?1) AS wanted
               CROSS JOIN reference ON reference.ticket = wanted.value
               JOIN document ON document.path = reference.document AND document.retired_at IS NULL
               GROUP BY reference.ticket";
    let tickets: Vec<&TicketId> = tickets.into_iter().collect();
    Ok(rows(connection, sql, [AsJson(tickets)], |cells| Ok(cells.take::<AsText<_>>()?.0))?.into_iter().collect())
}

fn read_owner(cells: &mut Cells<'_>) -> rusqlite::Result<Owner> {
    let (challenge, anecdote, note) = (cells.maybe_number()?, cells.take()?, cells.take()?);
    Ok(match (challenge, cells.maybe_number()?, cells.maybe_number()?) {
        (Some(challenge), ..) => Owner::Challenge { challenge, anecdote, note },
        (None, Some(meeting), Some(topic)) => Owner::Topic { meeting, topic },
        _ => Owner::Nobody,
    })
}

/// Every ticket cited by a document in force.
pub(super) fn cited(connection: &Connection) -> rusqlite::Result<Vec<TicketId>> {
    let sql = "SELECT min(reference.ticket) FROM reference
               JOIN document ON document.path = reference.document AND document.retired_at IS NULL
               GROUP BY reference.ticket";
    rows(connection, sql, [], |cells| Ok(cells.take::<AsText<_>>()?.0))
}

/// Every ticket that no document cites, and that closed ones which are cited point at.
pub(super) fn followed(connection: &Connection) -> rusqlite::Result<Vec<TicketId>> {
    let sql = format!(
        "{WANTED} SELECT min(id) FROM followed WHERE id COLLATE NOCASE NOT IN (SELECT id FROM cited)
         GROUP BY id COLLATE NOCASE"
    );
    rows(connection, &sql, [number(HOPS)], |cells| Ok(cells.take::<AsText<_>>()?.0))
}

/// What is cited, and what that points at, so many tickets away.
pub(super) const WANTED: &str = "WITH RECURSIVE
    cited (id, remedy) AS (
        SELECT min(reference.ticket), max(reference.role = 'remedy')
        FROM reference
        JOIN document ON document.path = reference.document AND document.retired_at IS NULL
        GROUP BY reference.ticket),
    edge (id, target, gave_way) AS (
        SELECT follow.ticket, follow.target, follow.why = 'gave-way'
        FROM follow
        JOIN ticket ON ticket.id = follow.ticket AND ticket.closed AND ticket.proven <> 'gone'),
    followed (id, remedy, hops) AS (
        SELECT edge.target COLLATE BINARY, cited.remedy AND gave_way, 1
        FROM cited
        JOIN edge ON edge.id = cited.id
        WHERE cited.remedy OR gave_way
        UNION
        SELECT edge.target, followed.remedy AND gave_way, followed.hops + 1
        FROM followed
        JOIN edge ON edge.id = followed.id
        WHERE followed.hops < ?1 AND (followed.remedy OR gave_way)),
    wanted (id, remedy, hops) AS (SELECT id, remedy, 0 FROM cited UNION ALL SELECT id, remedy, hops FROM followed)";

/// Every ticket cited by a document in force, and every one that closed tickets among them point at, in order of their
/// ids. What a mere mention names in passing is not followed, and what was named is not asked what it names in its turn.
pub(super) fn wants(connection: &Connection) -> rusqlite::Result<Vec<Want>> {
    let sql = format!(
        "{WANTED},
               each (id, remedy, followed) AS (
                   SELECT min(id), max(remedy), min(hops) > 0 FROM wanted GROUP BY id COLLATE NOCASE)
               SELECT each.id, remedy, followed, ticket.asked_at,
                   iif(ticket.lookup = 'unknown', ticket.proven_at, ticket.asked_at), ticket.lookup,
                   iif(ticket.proven = 'gone', NULL, ticket.closed), ticket.closed_at,
                   ticket.closing, ticket.good_at, ticket.updated_at, ticket.listed_since,
                   nudge.delivery, ticket.moved_to, ticket.last_look, unlooked.closing, unlooked.since, unlooked.last
               FROM each LEFT JOIN ticket ON ticket.id = each.id
                    LEFT JOIN nudge ON nudge.ticket = each.id
                    LEFT JOIN unlooked ON unlooked.ticket = each.id"
    );
    let read = |cells: &mut Cells<'_>| {
        let ticket: TicketId = cells.text()?;
        let (remedy, followed) = (cells.take()?, cells.take()?);
        let (asked_at, told_at) = (cells.maybe_text()?, cells.maybe_text()?);
        let (lookup, closed, closed_at) = (cells.maybe_text()?, cells.take()?, cells.maybe_text()?);
        let looked_at = cells.take::<Option<AsJson<Closing>>>()?.map(|closing| Arc::new(closing.0));
        let (good_at, updated_at, listed_since) = (cells.maybe_text()?, cells.maybe_text()?, cells.maybe_text()?);
        let (nudge, moved_to, last_look) = (cells.take()?, cells.maybe_text()?, cells.maybe_text()?);
        let unlooked = cells.take::<Option<AsJson<Closing>>>()?.map(|closing| Arc::new(closing.0));
        let unlooked = match (unlooked, cells.maybe_text()?, cells.maybe_text()?) {
            (Some(closing), Some(since), Some(last)) => Some(Box::new(Unlooked { closing, since, last })),
            _ => None,
        };
        #[rustfmt::skip]
        let want = Want {
            ticket, remedy, followed, asked_at, told_at, lookup, closed, closed_at, looked_at, good_at, updated_at, listed_since, nudge,
            moved_to, last_look, unlooked,
        };
        Ok(want)
    };
    let mut wants = rows(connection, &sql, [number(HOPS)], read)?;
    wants.sort_by(|one, other| one.ticket.cmp(&other.ticket));
    Ok(wants)
}
