//! Some rows of registers with what is stored of them: what they say, what was told of their tickets, and what the last
//! judging made of it.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension};

use crate::domain::challenge::ChallengeId;
use crate::domain::finding::Finding;
use crate::domain::judged::{Judged, JudgedChallenge};
use crate::domain::known::Known;
use crate::domain::pages::{Excerpt, ListedFinding};
use crate::domain::place::Place;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::verdict::Judgement;
use crate::store::columns::{AsJson, AsText, Cells, rows};
use crate::store::portions::{self, Row};
use crate::store::{documents, owners, tickets};

/// Reads them; `order` is how they are to be shown.
pub(super) fn excerpt(on: &Connection, order: Vec<(ChallengeId, Row)>) -> rusqlite::Result<Excerpt> {
    let wanted: BTreeSet<Row> = order.iter().map(|(_, row)| row.clone()).collect();
    let headings = documents::some_headings(on, wanted.iter().map(|(path, _)| path))?;
    let documents = portions::rows_of(on, &headings, &wanted)?;
    let references = documents.iter().flat_map(|document| &document.references);
    let cited: BTreeSet<TicketId> = references.map(|reference| reference.ticket.clone()).collect();
    let known = Known { documents, tickets: tickets::covers(on, &cited)?, ..Known::default() };
    let (tickets, findings) = (verdicts(on, &cited)?, findings(on, &order)?);
    let judged = Judged { tickets, findings, challenges: standings(on, &known)?, ..Judged::default() };
    Ok(Excerpt { known, judged, order: order.into_iter().map(|(id, _)| id).collect() })
}

/// What the last judging said of these tickets, without its evidence: that is most of it, and no list shows it.
pub(super) fn verdicts(
    on: &Connection,
    tickets: &BTreeSet<TicketId>,
) -> rusqlite::Result<BTreeMap<TicketId, Judgement>> {
    let sql = "SELECT verdict, confidence FROM verdict WHERE ticket = ?1 AND current = 1";
    let mut statement = on.prepare_cached(sql)?;
    let mut verdicts = BTreeMap::new();
    for ticket in tickets {
        let read = |row: &rusqlite::Row<'_>| {
            let mut cells = Cells::of(row);
            Ok(Judgement { verdict: cells.text()?, confidence: cells.take()?, evidence: Vec::new() })
        };
        if let Some(judgement) = statement.query_row([AsText(ticket)], read).optional()? {
            verdicts.insert(ticket.clone(), judgement);
        }
    }
    Ok(verdicts)
}

/// The same of one ticket, with its evidence.
pub(in crate::store) fn verdict(on: &Connection, ticket: &TicketId) -> rusqlite::Result<Option<Judgement>> {
    let sql = "SELECT verdict, confidence, evidence FROM verdict WHERE ticket = ?1 AND current = 1";
    let read = |row: &rusqlite::Row<'_>| {
        let mut cells = Cells::of(row);
        Ok(Judgement { verdict: cells.text()?, confidence: cells.take()?, evidence: cells.json()? })
    };
    on.prepare_cached(sql)?.query_row([AsText(ticket)], read).optional()
}

fn standings(on: &Connection, known: &Known) -> rusqlite::Result<Vec<JudgedChallenge>> {
    let sql = "SELECT standing, priority, because, broken_on FROM standing WHERE challenge = ?1 AND current = 1";
    let mut statement = on.prepare_cached(sql)?;
    let mut judged = Vec::new();
    for (d, document) in known.documents.iter().enumerate() {
        for (c, challenge) in document.challenges.iter().enumerate() {
            let id = &challenge.id;
            let read = |row: &rusqlite::Row<'_>| {
                let mut cells = Cells::of(row);
                Ok(JudgedChallenge {
                    document: d,
                    challenge: c,
                    id: id.clone(),
                    standing: cells.text()?,
                    priority: cells.number()?,
                    because: cells.take()?,
                    broken_on: cells.maybe_text()?,
                    owners: Vec::new(),
                    themes: Vec::new(),
                })
            };
            if let Some(stands) = statement.query_row([&id.0], read).optional()? {
                judged.push(JudgedChallenge { owners: owners::of(on, id)?, ..stands });
            }
        }
    }
    Ok(judged)
}

/// The findings on these challenges that nobody accepted, without their evidence.
fn findings(on: &Connection, of: &[(ChallengeId, Row)]) -> rusqlite::Result<Vec<Finding>> {
    let ids: BTreeSet<&str> = of.iter().map(|(id, _)| id.0.as_str()).collect();
    let sql = format!(
        "SELECT {COLUMNS} FROM finding
         WHERE challenge IN (SELECT value FROM json_each(?1)) AND cleared_at IS NULL AND NOT accepted ORDER BY seq"
    );
    rows(on, &sql, [AsJson(ids)], read_finding)
}

/// A finding that is not cleared, accepted or not, by its fingerprint; without its evidence.
pub(in crate::store) fn finding(on: &Connection, fingerprint: &str) -> rusqlite::Result<Option<Finding>> {
    let sql = format!("SELECT {COLUMNS} FROM finding WHERE fingerprint = ?1 AND cleared_at IS NULL");
    Ok(rows(on, &sql, [fingerprint], read_finding)?.into_iter().next())
}

/// What [`read_finding`] reads.
pub(super) const COLUMNS: &str =
    "code, severity, challenge, ticket, path, line, col, message, hint, first_seen_at, fingerprint";

/// What [`read_listed`] reads: the same, and the title of the challenge of each.
pub(super) const LISTED: &str =
    "code, severity, challenge, ticket, path, line, col, message, hint, first_seen_at, fingerprint,
     (SELECT title FROM ranked JOIN challenge ON challenge.document = ranked.document
                                                 AND challenge.position = ranked.position
      WHERE ranked.challenge = finding.challenge)";

pub(super) fn read_listed(cells: &mut Cells<'_>) -> rusqlite::Result<ListedFinding> {
    Ok(ListedFinding { finding: read_finding(cells)?, title: cells.take()? })
}

pub(super) fn read_finding(cells: &mut Cells<'_>) -> rusqlite::Result<Finding> {
    let (code, severity) = (cells.text()?, cells.text()?);
    let challenge = cells.take::<Option<String>>()?.map(ChallengeId);
    let ticket = cells.maybe_text()?;
    let (path, line, column): (Option<String>, Option<u32>, Option<u32>) =
        (cells.take()?, cells.take()?, cells.take()?);
    let place = path.zip(line).zip(column).map(|((path, line), column)| Place { path: path.into(), line, column });
    let (message, hint) = (cells.take()?, cells.take()?);
    let first_seen: Moment = cells.text()?;
    Ok(Finding {
        code,
        severity,
        challenge,
        ticket,
        role: None,
        place,
        message,
        hint,
        evidence: Vec::new(),
        first_seen: Some(first_seen),
        fingerprint: cells.take()?,
        rests_on: None,
    })
}
