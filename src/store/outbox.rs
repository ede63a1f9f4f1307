//! The outbox: what is put into it is sent at least once, whatever is killed in between.
//!
//! 1. A letter is marked before it is sent and after it. One that is found marked by somebody who is gone may have been
//!    sent: it is sent again, and that is counted.
//! 2. The same content for the same recipient is put in once.
//! 3. What nobody takes stays, and is told, until somebody asks for it to be tried again.

use chrono::TimeDelta;
use rusqlite::{Connection, OptionalExtension, params};

use super::Store;
use super::columns::{AsJson, AsText, Cells, rows};
use super::error::StoreError;
use crate::domain::channel::{Letter, Mailbag, Parcel};
use crate::domain::time::Moment;

/// Whoever tries for longer is gone. Sending takes two minutes at most.
const TRYING: TimeDelta = TimeDelta::minutes(5);

/// So long it is remembered that something was sent.
const KEPT: TimeDelta = TimeDelta::days(90);

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// It arrived.
    Sent,
    /// It is to be tried again.
    Later {
        /// When.
        due: Moment,
        /// Whether it may have arrived all the same.
        unsure: bool,
        /// What went wrong.
        says: String,
    },
    /// It is not tried again.
    GivenUp {
        /// What went wrong.
        says: String,
    },
    /// It is not to be sent any more.
    Dropped,
}

/// The outbox. Whoever sends needs no lease: a letter is taken out by one at a time.
impl Store {
    /// Takes out the letter that is due first, if one is: nobody else takes it for the next minutes.
    pub async fn take_letter(&self, now: Moment) -> Result<Option<Parcel>, StoreError> {
        self.worker.write("take a message out of the outbox", None, move |tx| take(tx, now)).await
    }

    /// Notes what came of trying to send a letter.
    pub async fn note_try(&self, number: i64, tried: Tried, now: Moment) -> Result<(), StoreError> {
        self.worker.write("note what was sent", None, move |tx| note(tx, number, &tried, now)).await
    }

    /// Makes everything due that waits, also what was given up, or only what is of one digest; how many letters that are.
    pub async fn retry_letters(&self, only: Option<&str>, now: Moment) -> Result<usize, StoreError> {
        let only = only.map(str::to_owned);
        let row =
            "UPDATE outbox SET due_at = ?1, failed_at = NULL WHERE sent_at IS NULL AND (?2 IS NULL OR digest = ?2)";
        self.worker.write("make messages due", None, move |tx| tx.execute(row, params![AsText(now), only])).await
    }

    /// The outbox in numbers, by digest.
    pub async fn mailbags(&self) -> Result<Vec<Mailbag>, StoreError> {
        self.worker.read("count the outbox", bags).await
    }

    /// When the next letter is due that nobody tries to send now.
    pub async fn next_letter_at(&self) -> Result<Option<Moment>, StoreError> {
        let sql = "SELECT min(due_at) FROM outbox JOIN digest ON digest.name = outbox.digest AND digest.gone_at IS NULL
                   WHERE sent_at IS NULL AND failed_at IS NULL";
        self.worker
            .read("read when a message is due", move |tx| tx.query_row(sql, [], |row| Cells::of(row).maybe_text()))
            .await
    }
}

/// Puts a letter in, unless it is or was there.
pub(super) fn post(tx: &Connection, letter: &Letter, now: Moment) -> rusqlite::Result<()> {
    let Letter { key, digest, recipient, content } = letter;
    let row = "INSERT OR IGNORE INTO outbox (key, digest, recipient, content, queued_at, due_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?5)";
    tx.execute(row, params![key, digest, recipient, AsJson(content), AsText(now)])?;
    Ok(())
}

/// Forgets what was sent long ago.
pub(super) fn tidy(tx: &Connection, now: Moment) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM outbox WHERE sent_at < ?1", [AsText(now - KEPT)])?;
    Ok(())
}

fn take(tx: &Connection, now: Moment) -> rusqlite::Result<Option<Parcel>> {
    // A mark from the future was made under a wrong clock.
    // Whoever gets several gets them in their order.
    let sql = "SELECT seq, key, digest, recipient, content, queued_at, tries FROM outbox AS one
               WHERE sent_at IS NULL AND failed_at IS NULL AND due_at <= ?1
                 AND EXISTS (SELECT 1 FROM digest WHERE digest.name = one.digest AND digest.gone_at IS NULL)
                 AND (trying IS NULL OR trying < ?2 OR trying > ?1)
                 AND NOT EXISTS (SELECT 1 FROM outbox AS other WHERE other.seq < one.seq AND other.digest = one.digest
                     AND other.recipient = one.recipient AND other.sent_at IS NULL AND other.failed_at IS NULL)
               ORDER BY due_at, seq LIMIT 1";
    let parcel = tx.query_row(sql, params![AsText(now), AsText(now - TRYING)], |row| {
        let mut cells = Cells::of(row);
        Ok(Parcel {
            number: cells.take()?,
            letter: Letter {
                key: cells.take()?,
                digest: cells.take()?,
                recipient: cells.take()?,
                content: cells.json()?,
            },
            queued_at: cells.text()?,
            tries: cells.take::<u32>()? + 1,
        })
    });
    let Some(parcel) = parcel.optional()? else { return Ok(None) };
    // Whoever left it marked is gone, and nobody knows how far they came.
    let row = "UPDATE digest SET repeats = repeats + 1 WHERE name = ?2
               AND EXISTS (SELECT 1 FROM outbox WHERE seq = ?1 AND (unsure OR trying IS NOT NULL))";
    tx.execute(row, params![parcel.number, parcel.letter.digest])?;
    let row =
        "UPDATE outbox SET tries = tries + 1, unsure = (unsure OR trying IS NOT NULL), trying = ?2 WHERE seq = ?1";
    tx.execute(row, params![parcel.number, AsText(now)])?;
    Ok(Some(parcel))
}

fn note(tx: &Connection, number: i64, tried: &Tried, now: Moment) -> rusqlite::Result<()> {
    match tried {
        Tried::Sent => {
            tx.execute(
                "UPDATE digest SET sent = sent + 1 WHERE name = (SELECT digest FROM outbox WHERE seq = ?1)",
                [number],
            )?;
            // An issue shows the last of them: what was given up before is not to come after it.
            tx.execute(
                "DELETE FROM outbox WHERE sent_at IS NULL AND seq < ?1 AND content ->> '$.markdown' IS NOT NULL
                 AND digest = (SELECT digest FROM outbox WHERE seq = ?1)",
                [number],
            )?;
            let row = "UPDATE outbox SET sent_at = ?2, trying = NULL, says = NULL WHERE seq = ?1";
            tx.execute(row, params![number, AsText(now)])
        }
        Tried::Later { due, unsure, says } => {
            let row = "UPDATE outbox SET due_at = ?2, unsure = (unsure OR ?3), says = ?4, trying = NULL WHERE seq = ?1";
            tx.execute(row, params![number, AsText(due), unsure, says])
        }
        Tried::GivenUp { says } => {
            let row = "UPDATE outbox SET failed_at = ?2, says = ?3, trying = NULL WHERE seq = ?1";
            tx.execute(row, params![number, AsText(now), says])
        }
        Tried::Dropped => tx.execute("DELETE FROM outbox WHERE seq = ?1", [number]),
    }
    .map(drop)
}

/// The outbox by digest, as far as these are configured.
fn bags(tx: &Connection) -> rusqlite::Result<Vec<Mailbag>> {
    let sql = "SELECT name, sent, repeats, spoke_at,
                      count(seq) FILTER (WHERE sent_at IS NULL AND failed_at IS NULL),
                      min(queued_at) FILTER (WHERE sent_at IS NULL AND failed_at IS NULL), count(failed_at),
                      (SELECT says FROM outbox AS one WHERE one.digest = name AND one.sent_at IS NULL
                       AND one.says IS NOT NULL ORDER BY one.seq DESC LIMIT 1)
               FROM digest LEFT JOIN outbox ON outbox.digest = name WHERE gone_at IS NULL GROUP BY name ORDER BY name";
    rows(tx, sql, [], |cells| {
        Ok(Mailbag {
            digest: cells.take()?,
            sent: cells.number()?,
            repeats: cells.number()?,
            spoke_at: cells.maybe_text()?,
            waiting: cells.number()?,
            oldest: cells.maybe_text()?,
            failed: cells.number()?,
            says: cells.take()?,
        })
    })
}
