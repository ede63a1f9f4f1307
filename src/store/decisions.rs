//! What people decided: findings accepted or put off and verdicts given, by whom, why and since when.
//!
//! These rows are people's and not a pass's: they are written without its lease, and no pass touches them, but for a snooze
//! that waits for its ticket to change. Each deed enters the audit trail in its own transaction.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::audit;
use super::columns::{AsJson, AsText, Cells, rows};
use crate::domain::act::{Act, Deed, Withdrawal};
use crate::domain::challenge::ChallengeId;
use crate::domain::decision::{Decision, Flags};
use crate::domain::judged::FLAGS;
use crate::domain::known::Change;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::verdict::Verdict;
use crate::domain::waiver::{Origin, Waiver};

const WAIVER: &str = "code, ticket, challenge, decided_by, reason, until, manner, seq, decided_at";

fn read_waiver(cells: &mut Cells<'_>) -> rusqlite::Result<Waiver> {
    Ok(Waiver {
        code: cells.text()?,
        ticket: cells.maybe_text()?,
        challenge: cells.take::<Option<String>>()?.map(ChallengeId),
        by: cells.take()?,
        reason: cells.take()?,
        until: cells.text()?,
        manner: cells.text()?,
        from: Origin::Store { number: cells.take()?, at: cells.text()? },
    })
}

/// The waivers that were not taken back, oldest first; those whose time ran out are among them.
pub(super) fn waivers(connection: &Connection) -> rusqlite::Result<Vec<Waiver>> {
    let sql = format!("SELECT {WAIVER} FROM waiver WHERE ended_at IS NULL ORDER BY seq");
    rows(connection, &sql, [], read_waiver)
}

/// Adds a waiver in the place of one on the same; gives its number. What it covers counts as accepted from now on.
pub(super) fn waive(on: &Connection, waiver: &Waiver, now: Moment) -> rusqlite::Result<i64> {
    let Waiver { code, ticket, challenge, by, reason, until, manner, .. } = waiver;
    let (ticket, challenge) = (ticket.as_ref().map(AsText), challenge.as_ref().map(|id| &id.0));
    let replaced = on
        .query_row(
            &format!(
                "UPDATE waiver SET ended_at = ?4 WHERE ended_at IS NULL AND code = ?1 AND ticket IS ?2 AND challenge IS ?3
                 RETURNING {WAIVER}"
            ),
            params![AsText(code), ticket, challenge, AsText(now)],
            |row| read_waiver(&mut Cells::of(row)),
        )
        .optional()?;
    on.execute(
        "INSERT INTO waiver (code, ticket, challenge, decided_by, reason, until, manner, decided_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            AsText(code),
            ticket,
            challenge,
            by.as_deref().unwrap_or_default(),
            reason,
            AsText(until),
            AsText(manner),
            AsText(now)
        ],
    )?;
    let number = on.last_insert_rowid();
    on.execute(
        "UPDATE finding SET accepted = ?4 WHERE cleared_at IS NULL AND code = ?1
         AND (?2 IS NULL OR ticket = ?2) AND (?3 IS NULL OR challenge = ?3)",
        params![AsText(code), ticket, challenge, manner.accepts()],
    )?;
    let deed = if manner.is_snooze() { Deed::Snoozed } else { Deed::Accepted };
    let told = Act { by: by.clone(), reason: Some(reason.clone()), after: Some(lasting(waiver)), ..bare(deed, now) };
    audit::add(on, &Act { before: replaced.as_ref().map(lasting), ..about(told, waiver) })?;
    Ok(number)
}

/// An entry of the trail that says nothing yet.
fn bare(deed: Deed, at: Moment) -> Act {
    let (by, reason, before, after) = (None, None, None, None);
    Act { number: 0, at, by, deed, code: None, ticket: None, challenge: None, reason, before, after }
}

fn about(act: Act, waiver: &Waiver) -> Act {
    let Waiver { code, ticket, challenge, .. } = waiver;
    Act { code: Some(*code), ticket: ticket.clone(), challenge: challenge.clone(), ..act }
}

fn lasting(waiver: &Waiver) -> String {
    waiver.manner.lasting(&waiver.until.to_string())
}

/// Takes a waiver back; false when there is none of that number.
pub(super) fn unwaive(on: &Connection, number: i64, back: &Withdrawal) -> rusqlite::Result<bool> {
    let sql = format!("UPDATE waiver SET ended_at = ?2 WHERE seq = ?1 AND ended_at IS NULL RETURNING {WAIVER}");
    let read = |row: &rusqlite::Row<'_>| read_waiver(&mut Cells::of(row));
    let Some(waiver) = on.query_row(&sql, params![number, AsText(back.at)], read).optional()? else {
        return Ok(false);
    };
    let told = Act { by: back.by.clone(), reason: back.reason.clone(), ..bare(Deed::TookBack, back.at) };
    audit::add(on, &Act { before: Some(lasting(&waiver)), ..about(told, &waiver) })?;
    Ok(true)
}

/// Whether anything is snoozed until its ticket changes.
pub(super) fn wait_for_a_change(on: &Connection) -> rusqlite::Result<bool> {
    on.prepare_cached("SELECT 1 FROM waiver WHERE manner = 'until-change' AND ended_at IS NULL")?.exists([])
}

/// Ends the snoozes that waited for a ticket to change, which it did.
pub(super) fn wake(on: &Connection, ticket: &TicketId, changes: &[Change]) -> rusqlite::Result<()> {
    let Some(change) = changes.first() else { return Ok(()) };
    let sql = format!(
        "UPDATE waiver SET ended_at = ?2 WHERE ticket = ?1 AND manner = 'until-change' AND ended_at IS NULL
         RETURNING {WAIVER}"
    );
    for waiver in rows(on, &sql, params![AsText(ticket), AsText(change.seen_at)], read_waiver)? {
        let known = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
        let reason = format!("its {} was {} and is {}", change.field, known(&change.before), known(&change.after));
        let told = Act { reason: Some(reason), ..bare(Deed::Woke, change.seen_at) };
        audit::add(on, &Act { before: Some(lasting(&waiver)), ..about(told, &waiver) })?;
    }
    Ok(())
}

fn read(cells: &mut Cells<'_>) -> rusqlite::Result<Decision> {
    Ok(Decision {
        ticket: cells.text()?,
        verdict: cells.text()?,
        by: cells.take()?,
        reason: cells.take()?,
        at: cells.text()?,
        then: cells.take::<AsJson<_>>()?.0,
    })
}

/// The decisions in force.
pub(super) fn decisions(connection: &Connection) -> rusqlite::Result<BTreeMap<TicketId, Decision>> {
    let sql = "SELECT ticket, verdict, decided_by, reason, decided_at, basis FROM decision WHERE ended_at IS NULL";
    let read = rows(connection, sql, [], read)?;
    Ok(read.into_iter().map(|decision| (decision.ticket.clone(), decision)).collect())
}

/// The decisions in force, newest first, each with whether a finding says that it is out of date.
pub(super) fn in_force(connection: &Connection) -> rusqlite::Result<Vec<(Decision, bool)>> {
    let sql = "SELECT ticket, verdict, decided_by, reason, decided_at, basis,
                      EXISTS (SELECT 1 FROM finding WHERE finding.ticket = decision.ticket AND cleared_at IS NULL
                                                          AND code = 'decision-outdated')
               FROM decision WHERE ended_at IS NULL ORDER BY seq DESC";
    rows(connection, sql, [], |cells| Ok((read(cells)?, cells.take()?)))
}

/// Every decision ever made on a ticket, oldest first, each with when it ended.
pub(super) fn history(connection: &Connection, ticket: &TicketId) -> rusqlite::Result<Vec<(Decision, Option<Moment>)>> {
    let sql = "SELECT ticket, verdict, decided_by, reason, decided_at, basis, ended_at FROM decision
               WHERE ticket = ?1 ORDER BY seq";
    rows(connection, sql, [AsText(ticket)], |cells| Ok((read(cells)?, cells.maybe_text()?)))
}

/// Puts a decision in force, in the place of the one that there was.
pub(super) fn decide(on: &Connection, decision: &Decision) -> rusqlite::Result<()> {
    let replaced = end(on, &decision.ticket, decision.at)?;
    let Decision { ticket, verdict, by, reason, at, then } = decision;
    on.execute(
        "INSERT INTO decision (ticket, verdict, decided_by, reason, decided_at, basis) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![AsText(ticket), AsText(verdict), by, reason, AsText(at), AsJson(then)],
    )?;
    let before = replaced.unwrap_or_else(|| format!("{}, by the rules", then.judgement.verdict.word()));
    let told = Act { by: Some(by.clone()), reason: Some(reason.clone()), ..bare(Deed::Decided, *at) };
    let (ticket, after) = (Some(ticket.clone()), Some(verdict.word().to_owned()));
    audit::add(on, &Act { ticket, before: Some(before), after, ..told })
}

/// Takes the decision on a ticket back; false when there is none.
pub(super) fn withdraw(on: &Connection, ticket: &TicketId, back: &Withdrawal) -> rusqlite::Result<bool> {
    let Some(before) = end(on, ticket, back.at)? else { return Ok(false) };
    let told = Act { by: back.by.clone(), reason: back.reason.clone(), ..bare(Deed::TookBack, back.at) };
    audit::add(on, &Act { ticket: Some(ticket.clone()), before: Some(before), ..told })?;
    Ok(true)
}

/// Ends the decision in force on a ticket; gives what it was.
fn end(on: &Connection, ticket: &TicketId, now: Moment) -> rusqlite::Result<Option<String>> {
    let sql = "UPDATE decision SET ended_at = ?2 WHERE ticket = ?1 AND ended_at IS NULL RETURNING verdict, decided_by";
    let ended = on.query_row(sql, params![AsText(ticket), AsText(now)], |row| {
        let mut cells = Cells::of(row);
        let (verdict, by): (Verdict, String) = (cells.text()?, cells.take()?);
        Ok(format!("{}, by {by}", verdict.word()))
    });
    ended.optional()
}

/// How often people decided on a flag, and how often it stood; as [`Judged::flags`] counts.
///
/// [`Judged::flags`]: crate::domain::judged::Judged::flags
pub(super) fn flags(on: &Connection) -> rusqlite::Result<Flags> {
    let accepted = "SELECT count(DISTINCT fingerprint) FROM finding
                    WHERE cleared_at IS NULL AND accepted = 1 AND code IN (SELECT value FROM json_each(?1))";
    let accepted = on.query_row(accepted, [AsJson(FLAGS)], |row| Cells::of(row).number())?;
    let doubted = "SELECT count(*), coalesce(sum(verdict = 'undone'), 0) FROM decision
                   WHERE ended_at IS NULL AND basis ->> '$.judgement.verdict' = 'undone'
                     AND EXISTS (SELECT 1 FROM verdict WHERE verdict.ticket = decision.ticket AND verdict.current = 1)
                     AND NOT EXISTS (SELECT 1 FROM finding
                                     WHERE finding.ticket = decision.ticket AND cleared_at IS NULL AND accepted = 1)";
    let (doubted, confirmed) = on.query_row(doubted, [], |row| {
        let mut cells = Cells::of(row);
        Ok((cells.number()?, cells.number()?))
    })?;
    Ok(Flags { decided: accepted + doubted, stood: accepted + confirmed })
}
