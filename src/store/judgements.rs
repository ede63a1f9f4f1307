//! What was judged: verdicts and standings as they changed, and since when each finding stands.
//!
//! Each table keeps its old rows. A row is added when the judgement changes; what only shifts (a confidence, a phrasing,
//! a rank, a line number) is corrected in place. A finding that a later judging does not make is cleared; if it comes
//! back, it is a new finding with a `first_seen` of its own, because what a lead wants to know is for how long *this* has
//! been standing unattended.

use std::collections::{BTreeMap, HashMap, HashSet};

use rusqlite::{Connection, params};

use super::columns::{AsText, cannot_store, number, rows};
use crate::domain::challenge::ChallengeId;
use crate::domain::finding::Finding;
use crate::domain::judged::{Judged, JudgedChallenge, LastJudged};
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::verdict::{Judgement, Standing, Verdict};

/// Takes in what one judging of everything known gave.
pub(super) fn remember(transaction: &Connection, judged: &Judged, now: Moment) -> rusqlite::Result<()> {
    remember_verdicts(transaction, &judged.tickets, now)?;
    remember_standings(transaction, &judged.challenges, now)?;
    let waived = judged.waived.iter().map(|waived| &waived.finding);
    remember_findings(transaction, judged.findings.iter().chain(waived), now)
}

/// A row that is current, to be compared with what was judged now.
struct Current<T> {
    seq: i64,
    was: T,
}

fn remember_verdicts(
    transaction: &Connection,
    tickets: &BTreeMap<TicketId, Judgement>,
    now: Moment,
) -> rusqlite::Result<()> {
    let sql = "SELECT ticket, seq, verdict, confidence, evidence FROM verdict WHERE current = 1";
    let mut current: HashMap<TicketId, Current<(Verdict, f64, String)>> = rows(transaction, sql, [], |cells| {
        Ok((cells.text()?, Current { seq: cells.take()?, was: (cells.text()?, cells.take()?, cells.take()?) }))
    })?
    .into_iter()
    .collect();

    let mut end = transaction.prepare_cached("UPDATE verdict SET current = 0 WHERE seq = ?1")?;
    let mut correct = transaction.prepare_cached("UPDATE verdict SET confidence = ?2 WHERE seq = ?1")?;
    let mut add = transaction.prepare_cached(
        "INSERT INTO verdict (ticket, judged_at, verdict, confidence, evidence, current) VALUES (?1, ?2, ?3, ?4, ?5, 1)",
    )?;
    for (ticket, judgement) in tickets {
        let evidence = serde_json::to_string(&judgement.evidence).map_err(cannot_store)?;
        if let Some(Current { seq, was: (verdict, confidence, why) }) = current.remove(ticket) {
            if verdict == judgement.verdict && why == evidence {
                if confidence.total_cmp(&judgement.confidence).is_ne() {
                    correct.execute(params![seq, judgement.confidence])?;
                }
                continue;
            }
            end.execute([seq])?;
        }
        add.execute(params![AsText(ticket), AsText(now), AsText(judgement.verdict), judgement.confidence, evidence])?;
    }
    for left in current.values() {
        end.execute([left.seq])?;
    }
    Ok(())
}

fn remember_standings(transaction: &Connection, challenges: &[JudgedChallenge], now: Moment) -> rusqlite::Result<()> {
    let sql = "SELECT challenge, seq, standing, because, priority FROM standing WHERE current = 1";
    let mut current: HashMap<String, Current<(Standing, String, usize)>> = rows(transaction, sql, [], |cells| {
        Ok((cells.take()?, Current { seq: cells.take()?, was: (cells.text()?, cells.take()?, cells.number()?) }))
    })?
    .into_iter()
    .collect();

    let mut end = transaction.prepare_cached("UPDATE standing SET current = 0 WHERE seq = ?1")?;
    let mut correct = transaction.prepare_cached("UPDATE standing SET because = ?2, priority = ?3 WHERE seq = ?1")?;
    let mut add = transaction.prepare_cached(
        "INSERT INTO standing (challenge, judged_at, standing, because, priority, current) VALUES (?1, ?2, ?3, ?4, ?5, 1)",
    )?;
    let mut done = HashSet::new();
    for JudgedChallenge { id, standing, because, priority, .. } in challenges {
        if !done.insert(id) {
            continue;
        }
        if let Some(Current { seq, was: (stood, why, rank) }) = current.remove(&id.0) {
            if stood == *standing {
                if why != *because || rank != *priority {
                    correct.execute(params![seq, because, number(*priority)])?;
                }
                continue;
            }
            end.execute([seq])?;
        }
        add.execute(params![id.0, AsText(now), AsText(standing), because, number(*priority)])?;
    }
    for left in current.values() {
        end.execute([left.seq])?;
    }
    Ok(())
}

fn remember_findings<'a>(
    transaction: &Connection,
    findings: impl Iterator<Item = &'a Finding>,
    now: Moment,
) -> rusqlite::Result<()> {
    let sql = "SELECT fingerprint, seq FROM finding WHERE cleared_at IS NULL";
    let mut standing: HashMap<String, i64> =
        rows(transaction, sql, [], |cells| Ok((cells.take()?, cells.take()?)))?.into_iter().collect();

    let mut add = transaction.prepare_cached(
        "INSERT INTO finding (fingerprint, first_seen_at, code, severity, challenge, ticket, path, line, col, message, hint)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    let mut correct = transaction.prepare_cached(
        "UPDATE finding SET severity = ?2, path = ?3, line = ?4, col = ?5, message = ?6, hint = ?7 WHERE seq = ?1",
    )?;
    let mut done = HashSet::new();
    for finding in findings {
        if !done.insert(&finding.fingerprint) {
            continue;
        }
        let Finding { fingerprint, code, severity, challenge, ticket, message, hint, .. } = finding;
        let severity = AsText(severity);
        let place = finding.place.as_ref();
        let (path, line, col) = (place.map(|at| &at.path), place.map(|at| at.line), place.map(|at| at.column));
        match standing.remove(fingerprint) {
            Some(seq) => correct.execute(params![seq, severity, path, line, col, message, hint])?,
            None => {
                let challenge = challenge.as_ref().map(|id| &id.0);
                let ticket = ticket.as_ref().map(AsText);
                let (now, code) = (AsText(now), AsText(code));
                add.execute(params![
                    fingerprint,
                    now,
                    code,
                    severity,
                    challenge,
                    ticket,
                    path,
                    line,
                    col,
                    message,
                    hint
                ])?
            }
        };
    }
    let mut clear = transaction.prepare_cached("UPDATE finding SET cleared_at = ?2 WHERE seq = ?1")?;
    for seq in standing.values() {
        clear.execute(params![seq, AsText(now)])?;
    }
    Ok(())
}

/// Since when each finding stands that is not cleared, by its fingerprint.
pub(super) fn first_seen(connection: &Connection) -> rusqlite::Result<BTreeMap<String, Moment>> {
    let sql = "SELECT fingerprint, first_seen_at FROM finding WHERE cleared_at IS NULL";
    Ok(rows(connection, sql, [], |cells| Ok((cells.take()?, cells.text()?)))?.into_iter().collect())
}

/// The standings of one challenge as they changed, oldest first.
pub(super) fn standings(connection: &Connection, challenge: &str) -> rusqlite::Result<Vec<(Moment, Standing)>> {
    let sql = "SELECT judged_at, standing FROM standing WHERE challenge = ?1 ORDER BY seq";
    rows(connection, sql, [challenge], |cells| Ok((cells.text()?, cells.text()?)))
}

/// What was judged last: the verdict on every ticket, and where every challenge stands.
pub(super) fn last(connection: &Connection) -> rusqlite::Result<LastJudged> {
    let verdicts = "SELECT ticket, verdict, confidence FROM verdict WHERE current = 1";
    let standings = "SELECT challenge, standing FROM standing WHERE current = 1";
    let verdicts = rows(connection, verdicts, [], |cells| Ok((cells.text()?, (cells.text()?, cells.take()?))))?;
    let standings = rows(connection, standings, [], |cells| Ok((ChallengeId(cells.take()?), cells.text()?)))?;
    Ok(LastJudged { verdicts: verdicts.into_iter().collect(), standings: standings.into_iter().collect() })
}

/// The verdicts on one ticket as they changed, oldest first, each with its confidence.
pub(super) fn history(connection: &Connection, ticket: &TicketId) -> rusqlite::Result<Vec<(Moment, Verdict, f64)>> {
    let sql = "SELECT judged_at, verdict, confidence FROM verdict WHERE ticket = ?1 ORDER BY seq";
    rows(connection, sql, [AsText(ticket)], |cells| Ok((cells.text()?, cells.text()?, cells.take()?)))
}
