//! What is other than it was at a moment, from the rows that standings, verdicts and findings keep.
//!
//! Whatever changed since is gone through from the newest on, by an index of what changes, and no further than is asked for:
//! so it does not matter how much a store knows, nor how much of it is new.

use rusqlite::{Connection, params};

use super::excerpt::{LISTED, read_listed};
use crate::domain::challenge::ChallengeId;
use crate::domain::changes::{Changes, Moved, Newest, Turned};
use crate::domain::time::Moment;
use crate::domain::verdict::{Standing, Verdict};
use crate::store::columns::{AsText, Cells, number, rows};

/// Rows of a table that tell of a change in one way, and when that was.
struct Turns {
    from: &'static str,
    at: &'static str,
}

const MOVED: Turns = Turns { from: "standing WHERE was IS NOT NULL", at: "judged_at" };
const CAME: Turns = Turns { from: "standing WHERE was IS NULL", at: "judged_at" };
const TURNED: Turns = Turns { from: "verdict WHERE was IS NOT NULL", at: "judged_at" };
const FOUND: Turns = Turns { from: "finding WHERE 1", at: "first_seen_at" };
const CLEARED: Turns = Turns { from: "finding WHERE 1", at: "cleared_at" };
const GONE: Turns = Turns { from: "challenge_seen WHERE 1", at: "gone_at" };

/// Since when to look, and at how many changes of each way at most.
struct Look<'a> {
    on: &'a Connection,
    since: Moment,
    most: Option<usize>,
}

/// Reads it; where `most` is told, only so many changes of each way are looked at, the newest.
pub(super) fn since(on: &Connection, since: Moment, most: Option<usize>) -> rusqlite::Result<Changes> {
    let look = Look { on, since, most };
    let Newest { told: moved, more } = look.moved()?;
    let moved = moved.into_iter().filter(|moved| moved.before != Some(moved.after));
    let (came, standings) = moved.partition(|moved| moved.before.is_none());
    let standings = Newest { told: standings, more };
    let came = Newest { told: came, more: look.more(&CAME)? };
    let gone = format!(
        "SELECT id, max(gone_at) FROM challenge_seen WHERE (document, id) IN ({})
         AND NOT EXISTS (SELECT 1 FROM ranked WHERE ranked.challenge = challenge_seen.id)
         GROUP BY id ORDER BY id",
        GONE.newest("document, id")
    );
    let gone = look.newest(&GONE, &gone, |cells| Ok((ChallengeId(cells.take()?), cells.text()?)))?;
    let worst_first = "ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, seq";
    let found = format!(
        "SELECT {LISTED} FROM finding WHERE seq IN ({}) AND cleared_at IS NULL AND NOT accepted
         AND NOT EXISTS (SELECT 1 FROM finding AS past WHERE past.fingerprint = finding.fingerprint
                             AND past.first_seen_at < ?1 AND past.cleared_at >= ?1) {worst_first}",
        FOUND.newest("seq")
    );
    let found = look.newest(&FOUND, &found, read_listed)?;
    let cleared = format!(
        "SELECT {LISTED}, cleared_at FROM finding WHERE seq IN ({}) AND first_seen_at < ?1
         AND NOT EXISTS (SELECT 1 FROM finding AS now WHERE now.fingerprint = finding.fingerprint AND now.cleared_at IS NULL)
         {worst_first}",
        CLEARED.newest("seq")
    );
    let cleared = look.newest(&CLEARED, &cleared, |cells| Ok((read_listed(cells)?, cells.text()?)))?;
    Ok(Changes { since, standings, verdicts: look.turned()?, came, gone, found, cleared })
}

impl Turns {
    /// The newest of them, of which `?2` are wanted.
    fn newest(&self, what: &str) -> String {
        let Self { from, at } = self;
        format!("SELECT {what} FROM {from} AND {at} >= ?1 ORDER BY {at} DESC LIMIT ?2")
    }
}

impl Look<'_> {
    fn newest<T>(
        &self,
        of: &Turns,
        sql: &str,
        read: impl FnMut(&mut Cells<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Newest<T>> {
        // No limit is a negative one.
        let most = self.most.map_or(-1, number);
        Ok(Newest { told: rows(self.on, sql, params![AsText(self.since), most], read)?, more: self.more(of)? })
    }

    /// Whether there are more of them than are looked at.
    fn more(&self, of: &Turns) -> rusqlite::Result<bool> {
        let Some(most) = self.most else { return Ok(false) };
        let sql = format!("SELECT count(*) FROM ({})", of.newest("1"));
        let read = |row: &rusqlite::Row<'_>| Cells::of(row).number();
        Ok(self.on.query_row(&sql, params![AsText(self.since), number(most + 1)], read)? > most)
    }

    /// Challenges that were judged to stand elsewhere, or for the first time.
    fn moved(&self) -> rusqlite::Result<Newest<Moved>> {
        let sql = format!(
            "SELECT now.challenge, title, now.standing, now.judged_at, because,
                    (SELECT before.standing FROM standing AS before
                     WHERE before.challenge = now.challenge AND before.judged_at < ?1 ORDER BY seq DESC LIMIT 1)
             FROM (SELECT challenge FROM ({}) UNION SELECT challenge FROM ({})) AS turned
             CROSS JOIN standing AS now ON now.challenge = turned.challenge AND now.current = 1
             CROSS JOIN ranked ON ranked.challenge = now.challenge
             CROSS JOIN challenge ON challenge.document = ranked.document AND challenge.position = ranked.position
             ORDER BY now.priority",
            MOVED.newest("challenge"),
            CAME.newest("challenge")
        );
        self.newest(&MOVED, &sql, |cells| {
            let (challenge, title) = (ChallengeId(cells.take()?), cells.take()?);
            let (after, at, because): (Standing, Moment, String) = (cells.text()?, cells.text()?, cells.take()?);
            Ok(Moved { challenge, title, after, at, because, before: cells.maybe_text()? })
        })
    }

    fn turned(&self) -> rusqlite::Result<Newest<Turned>> {
        let sql = format!(
            "SELECT now.ticket, title, now.verdict, confidence, now.judged_at,
                    (SELECT before.verdict FROM verdict AS before
                     WHERE before.ticket = now.ticket AND before.judged_at < ?1 ORDER BY seq DESC LIMIT 1) AS before
             FROM (SELECT DISTINCT ticket FROM ({})) AS turned
             CROSS JOIN verdict AS now ON now.ticket = turned.ticket AND now.current = 1
             LEFT JOIN ticket ON ticket.id = now.ticket
             WHERE before IS NOT NULL AND before <> now.verdict
             ORDER BY now.ticket",
            TURNED.newest("ticket")
        );
        self.newest(&TURNED, &sql, |cells| {
            let (ticket, title) = (cells.text()?, cells.take()?);
            let (after, confidence, at): (Verdict, f64, Moment) = (cells.text()?, cells.take()?, cells.text()?);
            Ok(Turned { ticket, title, after, confidence, at, before: cells.text()? })
        })
    }
}
