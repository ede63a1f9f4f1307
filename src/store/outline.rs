//! What no portion of what is known shows of the whole.

use std::collections::BTreeMap;

use chrono::{SubsecRound, TimeDelta};
use rusqlite::{Connection, Rows, params};

use super::columns::{AsJson, AsText, Cells, rows};
use crate::domain::place::Place;
use crate::domain::portion::{Answered, Closed, Habit, Outline};
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerId;

/// The ticket of the row is cited by a document in force.
const CITED: &str = "EXISTS (SELECT 1 FROM reference
                             JOIN document ON document.path = reference.document AND document.retired_at IS NULL
                             WHERE reference.ticket = ticket.id)";

/// The outline; `matters` says which closings matter.
pub(super) fn of(on: &Connection, matters: &dyn Fn(&Closed) -> bool) -> rusqlite::Result<Outline> {
    Ok(Outline { habits: habits(on)?, answered: answered(on)?, closings: closings(on, matters)? })
}

fn habits(on: &Connection) -> rusqlite::Result<BTreeMap<String, Habit>> {
    let sql = "SELECT anecdote.document, challenge, teams = '[]', anecdote.line, anecdote.col FROM anecdote
               JOIN document ON document.path = anecdote.document AND document.retired_at IS NULL
               ORDER BY anecdote.document, challenge, anecdote.position";
    let mut habits: BTreeMap<String, Habit> = BTreeMap::new();
    let mut last = None;
    let mut statement = on.prepare_cached(sql)?;
    let mut anecdotes = statement.query([])?;
    while let Some(row) = anecdotes.next()? {
        let mut cells = Cells::of(row);
        let path = cells.str()?;
        let (challenge, nameless) = (cells.number()?, cells.take::<bool>()?);
        if !habits.contains_key(path) {
            habits.insert(path.to_owned(), Habit::default());
            last = None;
        }
        let Some(habit) = habits.get_mut(path) else { continue };
        habit.anecdotes += 1;
        if nameless {
            habit.nameless += 1;
            habit.challenges += usize::from(last.replace(challenge) != Some(challenge));
            let place = Place { line: cells.take()?, column: cells.take()?, path: path.into() };
            habit.first = habit.first.take().into_iter().chain([place]).min();
        }
    }
    Ok(habits)
}

fn answered(on: &Connection) -> rusqlite::Result<BTreeMap<TrackerId, Answered>> {
    let sql = format!(
        "SELECT substr(id, 1, instr(id, ':') - 1) AS tracker, count(*), sum(lookup = 'hidden'), max(good_at IS NOT NULL)
         FROM ticket WHERE lookup <> 'unknown' AND {CITED} GROUP BY tracker"
    );
    let read = rows(on, &sql, [], |cells| {
        Ok((cells.text()?, Answered { all: cells.number()?, hidden: cells.number()?, seen: cells.take()? }))
    })?;
    Ok(read.into_iter().collect())
}

fn closings(on: &Connection, matters: &dyn Fn(&Closed) -> bool) -> rusqlite::Result<Vec<Closed>> {
    let mut closings = Vec::new();
    let mut statement = on.prepare_cached(&closings_where("closed_by IS NOT NULL AND closed_at IS NOT NULL"))?;
    read_closings(statement.query([])?, matters, &mut closings)?;
    Ok(closings)
}

/// Those of one person from one moment to another, both included to the second.
pub(super) fn closings_of(
    on: &Connection,
    by: &str,
    (from, to): (Moment, Moment),
    matters: &dyn Fn(&Closed) -> bool,
) -> rusqlite::Result<Vec<Closed>> {
    let mut closings = Vec::new();
    let mut statement = on.prepare_cached(&closings_where("closed_by = ?1 AND closed_at >= ?2 AND closed_at < ?3"))?;
    // Text, which sorts as moments do but for parts of a second.
    let second = |at: Moment, more| AsText((at + TimeDelta::seconds(more)).trunc_subsecs(0));
    read_closings(statement.query(params![by, second(from, 0), second(to, 2)])?, matters, &mut closings)?;
    Ok(closings)
}

fn closings_where(condition: &str) -> String {
    format!(
        "SELECT id, closed_by, closed_at, json_extract(told, '$.events') FROM ticket LEFT JOIN detail ON detail.ticket = ticket.id
         WHERE closed AND merged IS NOT 1 AND {condition} AND {CITED}"
    )
}

fn read_closings(
    mut told: Rows<'_>,
    matters: &dyn Fn(&Closed) -> bool,
    closings: &mut Vec<Closed>,
) -> rusqlite::Result<()> {
    while let Some(row) = told.next()? {
        let mut cells = Cells::of(row);
        let mut closed = Closed { ticket: cells.text()?, by: cells.take()?, at: cells.text()?, events: Vec::new() };
        closed.events = cells.take::<Option<AsJson<_>>>()?.map(|events| events.0).unwrap_or_default();
        if matters(&closed) {
            closings.push(Closed { events: Vec::new(), ..closed });
        }
    }
    Ok(())
}
