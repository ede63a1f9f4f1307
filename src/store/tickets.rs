//! Tickets: the last good answer of each, the last look-up, and the history of both.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::columns::{AsJson, AsText, Cells, rows};
use super::learn::{LOOKUP, learn};
use crate::domain::details::Details;
use crate::domain::known::{Change, KnownTicket};
use crate::domain::lookup::{Answer, Lookup, LookupKind};
use crate::domain::ticket::{Ticket, TicketId};
use crate::domain::time::Moment;

const COLUMNS: &str = "lookup, lookup_says, asked_at, proven, proven_at, moved_to, good_at,
    tracker_id, native_id, url, kind, title, closed, state, status_category, reason, merged,
    created_at, updated_at, closed_at, closed_by, duplicate_of, details";

/// Reads [`COLUMNS`], without the history.
fn read(id: TicketId, cells: &mut Cells<'_>) -> rusqlite::Result<KnownTicket> {
    let mut known = KnownTicket {
        id,
        lookup: cells.text()?,
        lookup_says: cells.take()?,
        asked_at: cells.maybe_text()?,
        proven: cells.maybe_text()?,
        proven_at: cells.maybe_text()?,
        moved_to: cells.maybe_text()?,
        elsewhere: None,
        good_at: cells.maybe_text()?,
        facts: None,
        history: Vec::new(),
    };
    if known.good_at.is_some() {
        known.facts = Some(Box::new(read_facts(cells)?));
    }
    Ok(known)
}

fn read_facts(cells: &mut Cells<'_>) -> rusqlite::Result<Ticket> {
    Ok(Ticket {
        id: cells.text()?,
        native_id: cells.take()?,
        url: cells.take()?,
        kind: cells.text()?,
        title: cells.take()?,
        closed: cells.take()?,
        state: cells.take()?,
        status_category: cells.take()?,
        reason: cells.take()?,
        merged: cells.take()?,
        created_at: cells.maybe_text()?,
        updated_at: cells.maybe_text()?,
        closed_at: cells.maybe_text()?,
        closed_by: cells.take()?,
        duplicate_of: cells.maybe_text()?,
        details: cells.take::<Option<AsJson<Details>>>()?.map(|details| details.0).unwrap_or_default(),
    })
}

/// Takes answers in, each as [`learn`] says.
pub(super) fn remember(transaction: &Connection, answers: &[Answer], at: Moment) -> rusqlite::Result<()> {
    for answer in answers {
        if answer.lookup == Lookup::Unchanged {
            confirm(transaction, &answer.asked, at)?;
            continue;
        }
        let mut known = one(transaction, &answer.asked)?.unwrap_or_else(|| KnownTicket::unasked(answer.asked.clone()));
        let told = match known.proven {
            Some(proven) => Some(proven),
            None => last_told(transaction, &answer.asked)?,
        };
        let changes = learn(&mut known, told, &answer.lookup, at);
        write(transaction, &known)?;
        add_to_history(transaction, &known.id, &changes)?;
    }
    Ok(())
}

/// A ticket that was found before is as it was. Nothing of it is read or judged anew; one that was answered otherwise
/// meanwhile is left alone, for a listing says nothing about it.
fn confirm(transaction: &Connection, id: &TicketId, at: Moment) -> rusqlite::Result<()> {
    let sql =
        "UPDATE ticket SET listed_since = coalesce(listed_since, asked_at), asked_at = ?2, good_at = ?2, proven_at = ?2
               WHERE id = ?1 AND lookup = 'found' AND good_at IS NOT NULL";
    transaction.prepare_cached(sql)?.execute(params![AsText(id), AsText(at)])?;
    Ok(())
}

fn add_to_history(transaction: &Connection, id: &TicketId, changes: &[Change]) -> rusqlite::Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let last: i64 = transaction
        .prepare_cached("SELECT coalesce(max(seq), 0) FROM ticket_change WHERE ticket = ?1")?
        .query_row([AsText(id)], |row| row.get(0))?;
    let mut row = transaction.prepare_cached(
        "INSERT INTO ticket_change (ticket, seq, seen_at, field, old_value, new_value) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (seq, Change { seen_at, field, before, after }) in (last + 1..).zip(changes) {
        row.execute(params![AsText(id), seq, AsText(seen_at), field, before, after])?;
    }
    Ok(())
}

fn one(connection: &Connection, id: &TicketId) -> rusqlite::Result<Option<KnownTicket>> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM ticket WHERE id = ?1"))?;
    statement.query_row([AsText(id)], |row| read(id.clone(), &mut Cells::of(row))).optional()
}

/// The look-up that the history told last. Needed only while nothing is proven, when that is `hidden` or nothing.
fn last_told(connection: &Connection, id: &TicketId) -> rusqlite::Result<Option<LookupKind>> {
    let mut statement = connection.prepare_cached(
        "SELECT new_value FROM ticket_change WHERE ticket = ?1 AND field = ?2 ORDER BY seq DESC LIMIT 1",
    )?;
    statement.query_row(params![AsText(id), LOOKUP], |row| Cells::of(row).text()).optional()
}

fn write(transaction: &Connection, known: &KnownTicket) -> rusqlite::Result<()> {
    let sql = format!(
        "INSERT INTO ticket (id, {COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,
             ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)
         ON CONFLICT (id) DO UPDATE SET lookup = excluded.lookup, lookup_says = excluded.lookup_says,
             asked_at = excluded.asked_at, proven = excluded.proven, proven_at = excluded.proven_at,
             moved_to = excluded.moved_to, good_at = excluded.good_at, tracker_id = excluded.tracker_id,
             native_id = excluded.native_id, url = excluded.url, kind = excluded.kind, title = excluded.title,
             closed = excluded.closed, state = excluded.state, status_category = excluded.status_category,
             reason = excluded.reason, merged = excluded.merged, created_at = excluded.created_at,
             updated_at = excluded.updated_at, closed_at = excluded.closed_at, closed_by = excluded.closed_by,
             duplicate_of = excluded.duplicate_of, details = excluded.details, listed_since = NULL"
    );
    let facts = known.facts.as_deref();
    transaction.prepare_cached(&sql)?.execute(params![
        AsText(&known.id),
        AsText(known.lookup),
        known.lookup_says,
        known.asked_at.map(AsText),
        known.proven.map(AsText),
        known.proven_at.map(AsText),
        known.moved_to.as_ref().map(AsText),
        known.good_at.map(AsText),
        facts.map(|facts| AsText(&facts.id)),
        facts.map(|facts| &facts.native_id),
        facts.map(|facts| &facts.url),
        facts.map(|facts| AsText(facts.kind)),
        facts.map(|facts| &facts.title),
        facts.map(|facts| facts.closed),
        facts.map(|facts| &facts.state),
        facts.map(|facts| &facts.status_category),
        facts.map(|facts| &facts.reason),
        facts.map(|facts| facts.merged),
        facts.and_then(|facts| facts.created_at).map(AsText),
        facts.and_then(|facts| facts.updated_at).map(AsText),
        facts.and_then(|facts| facts.closed_at).map(AsText),
        facts.and_then(|facts| facts.closed_by.as_ref()),
        facts.and_then(|facts| facts.duplicate_of.as_ref()).map(AsText),
        // Most tickets have none, and an empty one would cost more than the rest of the row.
        facts.map(|facts| &facts.details).filter(|details| **details != Details::default()).map(AsJson)
    ])?;
    Ok(())
}

/// These tickets with their history; one never asked for says so. Each keeps the spelling that it is given in.
pub(super) fn known(connection: &Connection, ids: Vec<TicketId>) -> rusqlite::Result<BTreeMap<TicketId, KnownTicket>> {
    let mut tickets: BTreeMap<_, _> = ids.into_iter().map(|id| (id.clone(), KnownTicket::unasked(id))).collect();

    let mut statement = connection.prepare_cached(&format!("SELECT id, {COLUMNS} FROM ticket"))?;
    let mut told = statement.query([])?;
    while let Some(row) = told.next()? {
        let mut cells = Cells::of(row);
        if let Some(known) = tickets.get_mut(&cells.text()?) {
            *known = read(known.id.clone(), &mut cells)?;
        }
    }

    let sql = "SELECT ticket, seen_at, field, old_value, new_value FROM ticket_change ORDER BY ticket, seq";
    let mut statement = connection.prepare_cached(sql)?;
    let mut changes = statement.query([])?;
    // A ticket's rows stand together; its id is looked up once for all of them.
    let (mut id, mut of) = (String::new(), None);
    while let Some(row) = changes.next()? {
        let mut cells = Cells::of(row);
        let text = cells.str()?;
        if text != id {
            text.clone_into(&mut id);
            of = tickets.get_mut(&Cells::of(row).text()?).map(|known| &mut known.history);
        }
        if let Some(history) = &mut of {
            history.push(read_change(&mut cells)?);
        }
    }
    Ok(tickets)
}

fn read_change(cells: &mut Cells<'_>) -> rusqlite::Result<Change> {
    Ok(Change { seen_at: cells.text()?, field: cells.take()?, before: cells.take()?, after: cells.take()? })
}

/// One ticket with its history; `None` where it was never asked for.
pub(super) fn told(connection: &Connection, id: &TicketId) -> rusqlite::Result<Option<KnownTicket>> {
    let Some(mut known) = one(connection, id)? else { return Ok(None) };
    known.history = history(connection, id)?;
    Ok(Some(known))
}

/// What changed about one ticket, oldest first.
pub(super) fn history(connection: &Connection, id: &TicketId) -> rusqlite::Result<Vec<Change>> {
    let sql = "SELECT seen_at, field, old_value, new_value FROM ticket_change WHERE ticket = ?1 ORDER BY seq";
    rows(connection, sql, [AsText(id)], read_change)
}
