//! What changed in registers from one version of a document to the next.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, params};

use super::columns::{AsText, Cells, number, rows};
use super::register;
use crate::domain::challenge::{Challenge, ChallengeId};
use crate::domain::register::{Change, SeenChange, Sisters, Turn, changes};
use crate::domain::series;
use crate::domain::time::Moment;

/// As many changes of registers are told in reports.
pub(super) const MOST: usize = 200;

/// What [`seen`] reads.
const COLUMNS: &str = "challenge, title, turn, other, text, document, version, seen_at";

/// What changed about one challenge, also where another one split off or was merged into it; oldest first.
pub(super) fn of(connection: &Connection, challenge: &ChallengeId) -> rusqlite::Result<Vec<SeenChange>> {
    let sql = format!("SELECT {COLUMNS} FROM register_change WHERE challenge = ?1 OR other = ?1 ORDER BY seq");
    rows(connection, &sql, [&challenge.0], seen)
}

/// The last so many changes of all registers, oldest first.
pub(super) fn last(connection: &Connection, most: usize) -> rusqlite::Result<Vec<SeenChange>> {
    let sql = format!("SELECT {COLUMNS} FROM register_change ORDER BY seq DESC LIMIT ?1");
    let mut last = rows(connection, &sql, [number(most)], seen)?;
    last.reverse();
    Ok(last)
}

fn seen(cells: &mut Cells<'_>) -> rusqlite::Result<SeenChange> {
    let change = Change {
        challenge: cells.text()?,
        title: cells.take()?,
        turn: cells.text()?,
        other: cells.maybe_text()?,
        text: cells.take()?,
    };
    Ok(SeenChange { change, document: cells.take()?, version: cells.take()?, at: cells.text()? })
}

/// The version of a document that comes into force.
pub(super) struct Noted<'a> {
    pub(super) document: &'a str,
    pub(super) title: Option<&'a str>,
    /// Its name.
    pub(super) version: &'a str,
    /// Whether it is the first one.
    pub(super) first: bool,
}

/// Notes what changes with these challenges in the place of those that the document has. Of its first version only what it
/// carries over from its sisters is noted: everything else is new.
pub(super) fn note(
    transaction: &Connection,
    Noted { document, title, version, first }: Noted<'_>,
    after: &[Challenge],
    now: Moment,
) -> rusqlite::Result<()> {
    let before = register::of_document_whole(transaction, document)?;
    let mut all = if first { Vec::new() } else { changes(&before, after) };
    let had: HashSet<&ChallengeId> = before.iter().map(|one| &one.id).collect();
    let fresh: Vec<&Challenge> = after.iter().filter(|new| !had.contains(&new.id)).collect();
    if !fresh.is_empty() {
        let sisters = sisters(transaction, title.unwrap_or(document), document)?;
        let carried = fresh.into_iter().filter_map(|new| Some((&new.id, (new, sisters.carried_over(new)?))));
        let carried: HashMap<_, _> = carried.collect();
        all.retain(|change| change.turn != Turn::Appeared || !carried.contains_key(&change.challenge));
        let told = after.iter().filter_map(|new| carried.get(&new.id)).map(|(new, from)| Change {
            challenge: new.id.clone(),
            title: new.title.clone(),
            turn: Turn::CarriedOver,
            other: Some((*from).clone()),
            text: None,
        });
        all.extend(told);
    }
    let mut row = transaction.prepare_cached(
        "INSERT INTO register_change (document, challenge, title, turn, other, text, version, seen_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for Change { challenge, title, turn, other, text } in all {
        let other = other.map(|other| other.0);
        row.execute(params![document, challenge.0, title, AsText(turn), other, text, version, AsText(now)])?;
    }
    Ok(())
}

/// The challenges of other documents of the same series.
fn sisters(connection: &Connection, called: &str, document: &str) -> rusqlite::Result<Sisters> {
    let name = series::name(called);
    let others =
        "SELECT path, coalesce(title, path) FROM document WHERE retired_at IS NULL AND path <> ?1 ORDER BY path";
    let others: Vec<(String, String)> =
        rows(connection, others, [document], |cells| Ok((cells.take()?, cells.take()?)))?;
    let mut sisters = Sisters::default();
    for (path, _) in others.into_iter().filter(|(_, called)| series::name(called) == name) {
        for one in register::known(connection, &path)? {
            sisters.add(one.id, &one.title, one.tickets);
        }
    }
    Ok(sisters)
}
