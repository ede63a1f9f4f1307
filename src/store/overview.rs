//! What is known and what was judged of it, in numbers.

use rusqlite::Connection;

use super::columns::{Cells, rows};
use super::trackers;
use crate::domain::overview::Overview;

/// Counts it.
pub(super) fn of(on: &Connection) -> rusqlite::Result<Overview> {
    let documents = "SELECT count(*),
            coalesce(sum(trouble IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM challenge WHERE challenge.document = path)
                AND NOT EXISTS (SELECT 1 FROM meeting WHERE meeting.document = path)
                AND NOT EXISTS (SELECT 1 FROM reference WHERE reference.document = path)), 0),
            coalesce(sum((SELECT count(*) FROM challenge WHERE challenge.document = path)), 0)
        FROM document WHERE retired_at IS NULL";
    let (documents, lost, challenges) = on.query_row(documents, [], |row| {
        let mut cells = Cells::of(row);
        Ok((cells.number()?, cells.number()?, cells.number()?))
    })?;
    // One that stands in two documents, of the same day and with a topic in the same words, counts once.
    let meetings = "SELECT count(*) FROM meeting
        JOIN document ON document.path = meeting.document AND document.retired_at IS NULL
        WHERE NOT EXISTS (
            SELECT 1 FROM meeting AS other
            JOIN document AS home ON home.path = other.document AND home.retired_at IS NULL
            JOIN topic AS theirs ON theirs.document = other.document AND theirs.meeting = other.position
            JOIN topic AS ours ON ours.document = meeting.document AND ours.meeting = meeting.position
                AND ours.text = theirs.text
            WHERE other.date = meeting.date AND other.document < meeting.document)";
    let meetings = on.query_row(meetings, [], |row| Cells::of(row).number())?;
    let verdicts = "SELECT substr(ticket, 1, instr(ticket, ':') - 1) AS tracker, verdict, count(*) FROM verdict
                    WHERE current = 1 GROUP BY tracker, verdict";
    let verdicts = rows(on, verdicts, [], |cells| Ok(((cells.text()?, cells.text()?), cells.number()?)))?;
    let standings = "SELECT standing, count(*) FROM standing WHERE current = 1 GROUP BY standing";
    let standings = rows(on, standings, [], |cells| Ok((cells.text()?, cells.number()?)))?;
    let findings = "SELECT count(*) FROM finding WHERE cleared_at IS NULL AND NOT accepted";
    let oldest = "SELECT substr(ticket.id, 1, instr(ticket.id, ':') - 1) AS tracker, min(asked_at) FROM ticket
                  JOIN verdict ON verdict.ticket = ticket.id AND verdict.current = 1 GROUP BY tracker";
    let oldest = rows(on, oldest, [], |cells| Ok((cells.text()?, cells.text()?)))?;
    Ok(Overview {
        documents,
        lost,
        challenges,
        meetings,
        verdicts: verdicts.into_iter().collect(),
        standings: standings.into_iter().collect(),
        findings: on.query_row(findings, [], |row| Cells::of(row).number())?,
        oldest: oldest.into_iter().collect(),
        trackers: trackers::all(on)?,
    })
}
