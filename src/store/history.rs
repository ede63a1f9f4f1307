//! What changed in registers from one version of a document to the next.

use rusqlite::{Connection, OptionalExtension, params};

use super::columns::{AsText, Cells, rows};
use super::register;
use crate::domain::challenge::{Challenge, ChallengeId};
use crate::domain::register::{Change, SeenChange, Turn, carried_over, changes};
use crate::domain::series;
use crate::domain::ticket::TicketId;
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
    let mut last = rows(connection, &sql, [super::columns::number(most)], seen)?;
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

/// Notes what changes with these challenges in the place of those that the document has. Of its first version only what it
/// carries over from its sisters is noted: everything else is new.
pub(super) fn note(
    transaction: &Connection,
    source: &str,
    document: &str,
    fingerprint: &str,
    after: &[Challenge],
    now: Moment,
) -> rusqlite::Result<()> {
    let before = register::of_document_whole(transaction, document)?;
    let known = "SELECT fingerprint FROM document WHERE path = ?1";
    let known: Option<Option<String>> = transaction.query_row(known, [document], |row| row.get(0)).optional()?;
    let first = known.flatten().is_none();
    let mut all = changes(&before, after);
    let fresh: Vec<&Challenge> = after.iter().filter(|new| before.iter().all(|old| old.id != new.id)).collect();
    if first {
        all.clear();
    }
    if !fresh.is_empty() {
        let sisters = sisters(transaction, document)?;
        for new in fresh {
            if let Some(from) = carried_over(new, &sisters) {
                all.retain(|change| change.challenge != new.id || change.turn != Turn::Appeared);
                all.push(Change {
                    challenge: new.id.clone(),
                    title: new.title.clone(),
                    turn: Turn::CarriedOver,
                    other: Some(from.clone()),
                    text: None,
                });
            }
        }
    }
    let version = "SELECT version FROM copy WHERE source = ?1 AND path = ?2";
    let version: Option<String> = transaction.query_row(version, [source, document], |row| row.get(0)).optional()?;
    let version = version.unwrap_or_else(|| fingerprint.chars().take(12).collect());
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
fn sisters(connection: &Connection, document: &str) -> rusqlite::Result<Vec<(ChallengeId, String, Vec<TicketId>)>> {
    let (name, paths) = (series::name(document), "SELECT path FROM document WHERE retired_at IS NULL AND path <> ?1");
    let mut all = Vec::new();
    for path in rows(connection, paths, [document], |cells| Ok(cells.str()?.to_owned()))? {
        if series::name(&path) == name {
            all.extend(register::known(connection, &path)?.into_iter().map(|one| (one.id, one.title, one.tickets)));
        }
    }
    Ok(all)
}
