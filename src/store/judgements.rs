//! What was judged: verdicts and standings as they changed, and since when each finding stands.
//!
//! Each table keeps its old rows. A row is added when the judgement changes; what only shifts (a confidence, a phrasing,
//! a rank, a line number) is corrected in place. A finding that a later judging does not make is cleared; if it comes
//! back, it is a new finding with a `first_seen` of its own, because what a lead wants to know is for how long *this* has
//! been standing unattended.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, params};

use super::columns::{AsText, Cells, cannot_store, number, rows};
use super::{owners, patterns};
use crate::domain::challenge::ChallengeId;
use crate::domain::finding::Finding;
use crate::domain::judged::{Judged, JudgedChallenge, LastJudged};
use crate::domain::portion::Basis;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::verdict::{Judgement, Standing, Verdict};

/// What stood before a judging of everything and was not judged again yet.
pub(super) struct Ledger {
    /// Verdicts that are current, by their rows.
    verdicts: HashSet<i64>,
    /// Findings that are not cleared: their rows by their fingerprints.
    findings: HashMap<String, i64>,
    /// Findings of this judging.
    found: HashSet<String>,
}

/// Where a challenge stood: why, with which rank, and since when its promise is broken.
type Stood = (Standing, String, usize, Option<NaiveDate>);

/// A row that is current, to be compared with what was judged now.
struct Current<T> {
    seq: i64,
    was: T,
}

/// The last verdict on a ticket, to be compared with what was judged now.
struct Last {
    seq: i64,
    verdict: Verdict,
    confidence: f64,
    /// Whether its evidence is that of now.
    as_before: bool,
    /// Whether it is in force: a ticket that nobody cited for a while has none that is.
    current: bool,
}

impl Ledger {
    pub(super) fn open(on: &Connection) -> rusqlite::Result<Self> {
        let seq = |cells: &mut Cells<'_>| cells.take();
        let verdicts = rows(on, "SELECT seq FROM verdict WHERE current = 1", [], seq)?;
        let findings = "SELECT fingerprint, seq FROM finding WHERE cleared_at IS NULL";
        let findings = rows(on, findings, [], |cells| Ok((cells.take()?, cells.take()?)))?;
        let (verdicts, findings) = (verdicts.into_iter().collect(), findings.into_iter().collect());
        Ok(Self { verdicts, findings, found: HashSet::new() })
    }

    /// Takes in verdicts and findings.
    pub(super) fn enter(&mut self, on: &Connection, judged: &Judged, now: Moment) -> rusqlite::Result<()> {
        self.enter_verdicts(on, &judged.tickets, now)?;
        judged.findings.iter().try_for_each(|finding| self.enter_finding(on, finding, 0, now))?;
        let mut waived = judged.waived.iter();
        waived.try_for_each(|it| self.enter_finding(on, &it.finding, it.waiver.manner.accepts(), now))
    }

    fn enter_verdicts(
        &mut self,
        on: &Connection,
        tickets: &BTreeMap<TicketId, Judgement>,
        now: Moment,
    ) -> rusqlite::Result<()> {
        let last = "SELECT seq, verdict, confidence, evidence, current FROM verdict WHERE ticket = ?1
                    ORDER BY seq DESC LIMIT 1";
        let mut last = on.prepare_cached(last)?;
        let mut end = on.prepare_cached("UPDATE verdict SET current = 0 WHERE seq = ?1")?;
        let mut correct = on.prepare_cached("UPDATE verdict SET confidence = ?2 WHERE seq = ?1")?;
        let mut add = on.prepare_cached(
            "INSERT INTO verdict (ticket, judged_at, verdict, confidence, evidence, current, was)
             VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6)",
        )?;
        for (ticket, judgement) in tickets {
            let (ticket, evidence) =
                (ticket.to_string(), serde_json::to_string(&judgement.evidence).map_err(cannot_store)?);
            let before: Option<Last> = last
                .query_row([&ticket], |row| {
                    let as_before = row.get_ref(3)?.as_str()? == evidence;
                    let (seq, AsText(verdict)) = (row.get(0)?, row.get(1)?);
                    Ok(Last { seq, verdict, confidence: row.get(2)?, as_before, current: row.get(4)? })
                })
                .optional()?;
            if let Some(last) = before.as_ref().filter(|last| last.current) {
                self.verdicts.remove(&last.seq);
                if last.verdict == judgement.verdict && last.as_before {
                    if last.confidence.total_cmp(&judgement.confidence).is_ne() {
                        correct.execute(params![last.seq, judgement.confidence])?;
                    }
                    continue;
                }
                end.execute([last.seq])?;
            }
            let was = before.map(|last| last.verdict).filter(|was| *was != judgement.verdict).map(AsText);
            let (verdict, confidence) = (AsText(judgement.verdict), judgement.confidence);
            add.execute(params![ticket, AsText(now), verdict, confidence, evidence, was])?;
        }
        Ok(())
    }

    fn enter_finding(&mut self, on: &Connection, finding: &Finding, accepted: u8, now: Moment) -> rusqlite::Result<()> {
        let Finding { fingerprint, code, severity, challenge, ticket, message, hint, .. } = finding;
        if !self.found.insert(fingerprint.clone()) {
            return Ok(());
        }
        let severity = AsText(severity);
        let place = finding.place.as_ref();
        let (path, line, col) = (place.map(|at| &at.path), place.map(|at| at.line), place.map(|at| at.column));
        if let Some(seq) = self.findings.remove(fingerprint) {
            let mut correct = on.prepare_cached(
                "UPDATE finding SET severity = ?2, path = ?3, line = ?4, col = ?5, message = ?6, hint = ?7, accepted = ?8
                 WHERE seq = ?1",
            )?;
            correct.execute(params![seq, severity, path, line, col, message, hint, accepted])?;
            return Ok(());
        }
        let mut add = on.prepare_cached(
            "INSERT INTO finding (fingerprint, first_seen_at, code, severity, challenge, ticket, path, line, col, message,
                 hint, accepted)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?;
        let (now, code) = (AsText(now), AsText(code));
        let (challenge, ticket) = (challenge.as_ref().map(|id| &id.0), ticket.as_ref().map(AsText));
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
            hint,
            accepted
        ])?;
        Ok(())
    }

    /// Takes in where challenges stand, and ends what was not judged again.
    pub(super) fn close(self, on: &Connection, challenges: &[JudgedChallenge], now: Moment) -> rusqlite::Result<()> {
        remember_standings(on, challenges, now)?;
        owners::remember(on, challenges)?;
        patterns::remember_themes(on, challenges)?;
        let mut end = on.prepare_cached("UPDATE verdict SET current = 0 WHERE seq = ?1")?;
        for seq in &self.verdicts {
            end.execute([seq])?;
        }
        let mut clear = on.prepare_cached("UPDATE finding SET cleared_at = ?2 WHERE seq = ?1")?;
        for seq in self.findings.values() {
            clear.execute(params![seq, AsText(now)])?;
        }
        Ok(())
    }
}

fn remember_standings(transaction: &Connection, challenges: &[JudgedChallenge], now: Moment) -> rusqlite::Result<()> {
    let sql = "SELECT challenge, seq, standing, because, priority, broken_on FROM standing WHERE current = 1";
    let mut current: HashMap<String, Current<Stood>> = rows(transaction, sql, [], |cells| {
        let (challenge, seq) = (cells.take()?, cells.take()?);
        Ok((challenge, Current { seq, was: (cells.text()?, cells.take()?, cells.number()?, cells.maybe_text()?) }))
    })?
    .into_iter()
    .collect();

    let mut end = transaction.prepare_cached("UPDATE standing SET current = 0 WHERE seq = ?1")?;
    let mut correct =
        transaction.prepare_cached("UPDATE standing SET because = ?2, priority = ?3, broken_on = ?4 WHERE seq = ?1")?;
    let mut add = transaction.prepare_cached(
        "INSERT INTO standing (challenge, judged_at, standing, because, priority, broken_on, current, was)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7)",
    )?;
    let mut done = HashSet::new();
    for JudgedChallenge { id, standing, because, priority, broken_on, .. } in challenges {
        if !done.insert(id) {
            continue;
        }
        let before = current.remove(&id.0);
        let stood = before.as_ref().map(|before| before.was.0);
        if let Some(Current { seq, was: (stood, why, rank, since) }) = before {
            if stood == *standing {
                if why != *because || rank != *priority || since != *broken_on {
                    correct.execute(params![seq, because, number(*priority), broken_on.map(AsText)])?;
                }
                continue;
            }
            end.execute([seq])?;
        }
        let (now, standing, broken_on) = (AsText(now), AsText(standing), broken_on.map(AsText));
        add.execute(params![id.0, now, standing, because, number(*priority), broken_on, stood.map(AsText)])?;
    }
    for left in current.values() {
        end.execute([left.seq])?;
    }
    Ok(())
}

/// What the last judging went by, if that still is what is known.
pub(super) fn basis(on: &Connection) -> rusqlite::Result<Option<Basis>> {
    let read = rows(on, "SELECT terms, since, until, again FROM judging", [], |cells| {
        Ok(Basis { terms: cells.take()?, since: cells.text()?, until: cells.text()?, again: cells.take()? })
    })?;
    Ok(read.into_iter().next())
}

/// A judging begins: gives a mark that holds for no time, and that goes as soon as anything changes that judging looks at.
pub(super) fn begin(on: &Connection, now: Moment) -> rusqlite::Result<String> {
    let mark = format!(
        "being judged since {now}, after change {}",
        on.query_row("SELECT total_changes()", [], |row| row.get::<_, i64>(0))?
    );
    let row = "INSERT OR REPLACE INTO judging (id, terms, since, until) VALUES (1, ?1, ?2, ?2)";
    on.execute(row, params![mark, AsText(now)])?;
    Ok(mark)
}

/// Notes in the place of its mark what a judging went by.
pub(super) fn go_by(on: &Connection, mark: &str, basis: &Basis) -> rusqlite::Result<()> {
    let Basis { terms, since, until, again } = basis;
    let row = "UPDATE judging SET terms = ?2, since = ?3, until = ?4, again = ?5 WHERE terms = ?1";
    on.execute(row, params![mark, terms, AsText(since), AsText(until), again]).map(drop)
}

/// Notes what is left to look for, where the last judging still holds.
pub(super) fn look_again(on: &Connection, again: Option<&str>) -> rusqlite::Result<()> {
    on.execute("UPDATE judging SET again = ?1", [again])?;
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
