//! Tickets: the last good answer of each, the last look-up, and the history of both.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

use super::columns::{AsJson, AsText, Cells, rows};
use super::decisions;
use super::learn::{LOOKUP, learn};
use super::pages::search;
use crate::domain::details::Details;
use crate::domain::known::{Change, KnownTicket};
use crate::domain::lookup::{Answer, Lookup, LookupKind};
use crate::domain::ticket::{Ticket, TicketId};
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerKind;

const COLUMNS: &str = "lookup, lookup_says, asked_at, proven, proven_at, moved_to, good_at,
    tracker_id, native_id, url, kind, title, closed, state, status_category, reason, merged,
    created_at, updated_at, closed_at, closed_by, duplicate_of";

/// Where what [`read`] reads is.
fn select(id: &str, condition: &str) -> String {
    format!("SELECT {id}{COLUMNS}, told FROM ticket LEFT JOIN detail ON detail.ticket = ticket.id {condition}")
}

const HISTORY: &str = "SELECT seen_at, field, old_value, new_value FROM ticket_change";

/// Reads what [`select`] names, without the history.
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

/// Whether anything is known of a ticket besides its columns.
fn has_details(known: &KnownTicket) -> bool {
    known.facts.as_ref().is_some_and(|facts| facts.details != Details::default())
}

/// The statements that take tickets in one by one, at hand for all of a batch.
struct Records<'a> {
    one: CachedStatement<'a>,
    ticket: CachedStatement<'a>,
    details: CachedStatement<'a>,
    no_details: CachedStatement<'a>,
    change: CachedStatement<'a>,
}

impl<'a> Records<'a> {
    fn of(on: &'a Connection) -> rusqlite::Result<Self> {
        let ticket = format!(
            "INSERT INTO ticket (id, {COLUMNS}, closing, last_look)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,
                 ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)
             ON CONFLICT (id) DO UPDATE SET lookup = excluded.lookup, lookup_says = excluded.lookup_says,
                 asked_at = excluded.asked_at, proven = excluded.proven, proven_at = excluded.proven_at,
                 moved_to = excluded.moved_to, good_at = excluded.good_at, tracker_id = excluded.tracker_id,
                 native_id = excluded.native_id, url = excluded.url, kind = excluded.kind, title = excluded.title,
                 closed = excluded.closed, state = excluded.state, status_category = excluded.status_category,
                 reason = excluded.reason, merged = excluded.merged, created_at = excluded.created_at,
                 updated_at = excluded.updated_at, closed_at = excluded.closed_at, closed_by = excluded.closed_by,
                 duplicate_of = excluded.duplicate_of, closing = excluded.closing,
                 last_look = coalesce(excluded.last_look, last_look), listed_since = NULL"
        );
        Ok(Self {
            one: on.prepare_cached(&select("", "WHERE id = ?1"))?,
            ticket: on.prepare_cached(&ticket)?,
            details: on.prepare_cached(
                "INSERT INTO detail (ticket, told) VALUES (?1, ?2)
                 ON CONFLICT (ticket) DO UPDATE SET told = excluded.told WHERE told <> excluded.told",
            )?,
            no_details: on.prepare_cached("DELETE FROM detail WHERE ticket = ?1")?,
            change: on.prepare_cached(
                "INSERT INTO ticket_change (ticket, seq, seen_at, field, old_value, new_value)
                 VALUES (?1, (SELECT coalesce(max(seq), 0) + 1 FROM ticket_change WHERE ticket = ?1), ?2, ?3, ?4, ?5)",
            )?,
        })
    }

    fn read(&mut self, id: &TicketId) -> rusqlite::Result<Option<KnownTicket>> {
        self.one.query_row([AsText(id)], |row| read(id.clone(), &mut Cells::of(row))).optional()
    }

    /// `had_details` tells whether there are details to be forgotten, `looked` when its closing was looked at just now.
    fn write(&mut self, known: &KnownTicket, had_details: bool, looked: Option<Moment>) -> rusqlite::Result<()> {
        let facts = known.facts.as_deref();
        self.ticket.execute(params![
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
            facts.and_then(|facts| facts.details.closing.as_ref()).map(AsJson),
            looked.map(AsText)
        ])?;
        match facts.map(|facts| &facts.details).filter(|_| has_details(known)) {
            Some(details) => self.details.execute(params![AsText(&known.id), AsJson(details)])?,
            None if had_details => self.no_details.execute([AsText(&known.id)])?,
            None => 0,
        };
        Ok(())
    }

    fn add_to_history(&mut self, id: &TicketId, changes: &[Change]) -> rusqlite::Result<()> {
        for Change { seen_at, field, before, after } in changes {
            self.change.execute(params![AsText(id), AsText(seen_at), field, before, after])?;
        }
        Ok(())
    }
}

/// Takes answers in, each as [`learn`] says.
pub(super) fn remember(transaction: &Connection, answers: &[Answer], at: Moment) -> rusqlite::Result<()> {
    let (same, others): (Vec<&Answer>, Vec<&Answer>) = answers.iter().partition(|it| it.lookup == Lookup::Unchanged);
    confirm(transaction, same.into_iter().map(|answer| &answer.asked).collect(), at)?;
    let (mut records, mut renamed) = (Records::of(transaction)?, Vec::new());
    let snoozed = decisions::wait_for_a_change(transaction)?;
    for answer in others {
        let before = records.read(&answer.asked)?;
        let told = match &before {
            Some(known) if known.proven.is_none() => last_told(transaction, &answer.asked)?,
            known => known.as_ref().and_then(|known| known.proven),
        };
        let title = |known: &KnownTicket| known.facts.as_ref().map(|facts| facts.title.clone());
        let was = before.as_ref().map(title);
        let had_details = before.as_ref().is_some_and(has_details);
        let mut known = before.unwrap_or_else(|| KnownTicket::unasked(answer.asked.clone()));
        let looked = answer.lookup.ticket().is_some_and(|ticket| ticket.details.closing.is_some());
        let changes = learn(&mut known, told, &answer.lookup, at);
        records.write(&known, had_details, looked.then_some(at))?;
        let now = title(&known);
        if was.as_ref() != Some(&now) {
            renamed.push((known.id.clone(), now));
        }
        records.add_to_history(&known.id, &changes)?;
        if snoozed {
            decisions::wake(transaction, &known.id, &changes)?;
        }
    }
    // All of them last: before other statements SQLite writes out what the index has taken in so far.
    renamed.iter().try_for_each(|(id, title)| search::ticket(transaction, id, title.as_deref()))
}

/// Tickets that were found before are as they were. Nothing of them is read or judged anew; one that was answered otherwise
/// meanwhile is left alone, for a listing says nothing about it.
fn confirm(transaction: &Connection, ids: Vec<&TicketId>, at: Moment) -> rusqlite::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let sql =
        "UPDATE ticket SET listed_since = coalesce(listed_since, asked_at), asked_at = ?2, good_at = ?2, proven_at = ?2
               WHERE id IN (SELECT value FROM json_each(?1)) AND lookup = 'found' AND good_at IS NOT NULL";
    transaction.prepare_cached(sql)?.execute(params![AsJson(ids), AsText(at)])?;
    Ok(())
}

/// Whether a tracker of this kind told of a ticket that is closed.
pub(super) fn has_closed(connection: &Connection, kind: TrackerKind) -> rusqlite::Result<bool> {
    // An id begins with `jira:` or `jira@`, and nothing else comes between that and `jiraz`.
    let sql = "SELECT EXISTS (SELECT 1 FROM ticket WHERE closed AND id BETWEEN ?1 AND ?1 || 'z')";
    connection.query_row(sql, [kind.to_string()], |row| row.get(0))
}

/// The look-up that the history told last. Needed only while nothing is proven, when that is `hidden` or nothing.
fn last_told(connection: &Connection, id: &TicketId) -> rusqlite::Result<Option<LookupKind>> {
    let mut statement = connection.prepare_cached(
        "SELECT new_value FROM ticket_change WHERE ticket = ?1 AND field = ?2 ORDER BY seq DESC LIMIT 1",
    )?;
    statement.query_row(params![AsText(id), LOOKUP], |row| Cells::of(row).text()).optional()
}

/// These tickets with their history; one never asked for says so. Each keeps the spelling that it is given in.
pub(super) fn known(
    connection: &Connection,
    ids: impl IntoIterator<Item = TicketId>,
) -> rusqlite::Result<BTreeMap<TicketId, KnownTicket>> {
    let mut tickets: BTreeMap<_, _> = ids.into_iter().map(|id| (id.clone(), KnownTicket::unasked(id))).collect();

    let mut statement = connection.prepare_cached(&select("id, ", ""))?;
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

/// The same of some tickets alone.
pub(super) fn of(
    connection: &Connection,
    ids: &BTreeSet<TicketId>,
) -> rusqlite::Result<BTreeMap<TicketId, KnownTicket>> {
    let mut tickets: BTreeMap<_, _> = ids.iter().map(|id| (id.clone(), KnownTicket::unasked(id.clone()))).collect();
    let mut told = connection.prepare_cached(&select("", "WHERE id = ?1"))?;
    let mut changes = connection.prepare_cached(&format!("{HISTORY} WHERE ticket = ?1 ORDER BY seq"))?;
    for (id, known) in &mut tickets {
        let id = id.to_string();
        let Some(read) = told.query_row([&id], |row| read(known.id.clone(), &mut Cells::of(row))).optional()? else {
            continue;
        };
        *known = read;
        let read = changes.query_map([&id], |row| read_change(&mut Cells::of(row)))?;
        known.history = read.collect::<rusqlite::Result<_>>()?;
    }
    Ok(tickets)
}

/// The same without their history and what surrounds their closings.
pub(super) fn covers(
    connection: &Connection,
    ids: &BTreeSet<TicketId>,
) -> rusqlite::Result<BTreeMap<TicketId, KnownTicket>> {
    let mut told = connection.prepare_cached(&format!("SELECT {COLUMNS}, NULL FROM ticket WHERE id = ?1"))?;
    let mut tickets = BTreeMap::new();
    for id in ids {
        let read = told.query_row([AsText(id)], |row| read(id.clone(), &mut Cells::of(row))).optional()?;
        tickets.insert(id.clone(), read.unwrap_or_else(|| KnownTicket::unasked(id.clone())));
    }
    Ok(tickets)
}

/// Those of these tickets that were ever asked for.
pub(super) fn asked_among(connection: &Connection, ids: &[TicketId]) -> rusqlite::Result<BTreeSet<TicketId>> {
    let sql = "SELECT ticket.id FROM json_each(?1) AS wanted CROSS JOIN ticket ON ticket.id = wanted.value";
    Ok(rows(connection, sql, [AsJson(ids)], |cells| Ok(cells.take::<AsText<_>>()?.0))?.into_iter().collect())
}

fn read_change(cells: &mut Cells<'_>) -> rusqlite::Result<Change> {
    Ok(Change { seen_at: cells.text()?, field: cells.take()?, before: cells.take()?, after: cells.take()? })
}

/// One ticket with its history; `None` where it was never asked for.
pub(super) fn told(connection: &Connection, id: &TicketId) -> rusqlite::Result<Option<KnownTicket>> {
    let mut statement = connection.prepare_cached(&select("", "WHERE id = ?1"))?;
    let known = statement.query_row([AsText(id)], |row| read(id.clone(), &mut Cells::of(row))).optional()?;
    let Some(mut known) = known else { return Ok(None) };
    known.history = history(connection, id)?;
    Ok(Some(known))
}

/// What changed about one ticket, oldest first.
pub(super) fn history(connection: &Connection, id: &TicketId) -> rusqlite::Result<Vec<Change>> {
    rows(connection, &format!("{HISTORY} WHERE ticket = ?1 ORDER BY seq"), [AsText(id)], read_change)
}
