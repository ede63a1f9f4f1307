//! What is other than it was at a moment, from the rows that standings, verdicts and findings keep.

use rusqlite::Connection;

use super::excerpt::{COLUMNS, read_finding};
use crate::domain::challenge::ChallengeId;
use crate::domain::changes::{Changes, Moved, Turned};
use crate::domain::time::Moment;
use crate::domain::verdict::{Standing, Verdict};
use crate::store::columns::{AsText, rows};

/// Reads it.
pub(super) fn since(on: &Connection, since: Moment) -> rusqlite::Result<Changes> {
    let moved = moved(on, since)?;
    let (came, standings) = moved.into_iter().partition(|moved| moved.before.is_none());
    let gone = "SELECT id, max(gone_at) FROM challenge_seen WHERE gone_at >= ?1
                AND NOT EXISTS (SELECT 1 FROM ranked WHERE ranked.challenge = challenge_seen.id)
                GROUP BY id ORDER BY id";
    let gone = rows(on, gone, [AsText(since)], |cells| Ok((ChallengeId(cells.take()?), cells.text()?)))?;
    let found = format!(
        "SELECT {COLUMNS} FROM finding AS now WHERE cleared_at IS NULL AND NOT accepted AND first_seen_at >= ?1
         AND NOT EXISTS (SELECT 1 FROM finding WHERE finding.fingerprint = now.fingerprint
                             AND finding.first_seen_at < ?1 AND finding.cleared_at >= ?1) ORDER BY seq"
    );
    let found = rows(on, &found, [AsText(since)], read_finding)?;
    let cleared = format!(
        "SELECT {COLUMNS}, cleared_at FROM finding AS past WHERE cleared_at >= ?1 AND first_seen_at < ?1
         AND NOT EXISTS (SELECT 1 FROM finding WHERE finding.fingerprint = past.fingerprint AND finding.cleared_at IS NULL)
         ORDER BY seq"
    );
    let cleared = rows(on, &cleared, [AsText(since)], |cells| Ok((read_finding(cells)?, cells.text()?)))?;
    Ok(Changes { since, standings, verdicts: turned(on, since)?, came, gone, found, cleared })
}

/// Challenges that stand elsewhere, those that were not judged then included.
fn moved(on: &Connection, since: Moment) -> rusqlite::Result<Vec<Moved>> {
    let sql = "SELECT now.challenge, title, now.standing, now.judged_at, because,
                      (SELECT before.standing FROM standing AS before
                       WHERE before.challenge = now.challenge AND before.judged_at < ?1 ORDER BY seq DESC LIMIT 1)
               FROM standing AS now
               JOIN ranked ON ranked.challenge = now.challenge
               JOIN challenge ON challenge.document = ranked.document AND challenge.position = ranked.position
               WHERE now.current = 1 AND now.judged_at >= ?1 ORDER BY now.priority";
    let read = rows(on, sql, [AsText(since)], |cells| {
        let (challenge, title) = (ChallengeId(cells.take()?), cells.take()?);
        let (after, at, because): (Standing, Moment, String) = (cells.text()?, cells.text()?, cells.take()?);
        Ok(Moved { challenge, title, after, at, because, before: cells.maybe_text()? })
    })?;
    Ok(read.into_iter().filter(|moved| moved.before != Some(moved.after)).collect())
}

fn turned(on: &Connection, since: Moment) -> rusqlite::Result<Vec<Turned>> {
    let sql = "SELECT now.ticket, title, now.verdict, confidence, now.judged_at,
                      (SELECT before.verdict FROM verdict AS before
                       WHERE before.ticket = now.ticket AND before.judged_at < ?1 ORDER BY seq DESC LIMIT 1) AS was
               FROM verdict AS now LEFT JOIN ticket ON ticket.id = now.ticket
               WHERE now.current = 1 AND now.judged_at >= ?1 AND was IS NOT NULL AND was <> now.verdict
               ORDER BY now.ticket";
    rows(on, sql, [AsText(since)], |cells| {
        let (ticket, title) = (cells.text()?, cells.take()?);
        let (after, confidence, at): (Verdict, f64, Moment) = (cells.text()?, cells.take()?, cells.text()?);
        Ok(Turned { ticket, title, after, confidence, at, before: cells.text()? })
    })
}
