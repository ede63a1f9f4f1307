//! Lists of tickets and of findings, and the first page.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, params};

use super::excerpt::{self, LISTED, read_listed};
use super::lists;
use crate::domain::decision::Flags;
use crate::domain::finding::Code;
use crate::domain::pages::{Choice, Front, Group, Grouped, Leaf, ListedFinding, ListedTicket, TicketChoice};
use crate::domain::ticket::TicketId;
use crate::domain::tracker::TrackerId;
use crate::domain::verdict::{Standing, Verdict};
use crate::store::columns::{AsText, Cells, number, rows};
use crate::store::tickets;

/// Broken promises, categories and teams on the first page.
const WORST: usize = 10;
const GROUPS: usize = 8;

/// What the first page shows; `since` is the day from which on what came is new.
pub(super) fn front(on: &Connection, since: NaiveDate) -> rusqlite::Result<Front> {
    let broken = Choice { standing: Some(Standing::BrokenPromise), ..Choice::default() };
    let worst = lists::leaf(on, &broken, WORST, 0)?;
    let new = lists::standings(on, &Choice { since: Some(since), ..broken })?.into_values().sum();
    let most = |by| -> rusqlite::Result<(Vec<Group>, usize)> {
        let mut groups = lists::groups(on, by)?;
        let all = groups.len();
        groups.retain(|group| group.of(Standing::BrokenPromise) > 0);
        groups.truncate(GROUPS);
        Ok((groups, all))
    };
    let (categories, all_categories) = most(Grouped::Category)?;
    let (teams, all_teams) = most(Grouped::Team)?;
    Ok(Front {
        standings: lists::standings(on, &Choice::default())?,
        since,
        new,
        worst: excerpt::excerpt(on, worst)?,
        categories,
        all_categories,
        teams,
        all_teams,
        findings: findings(on)?,
        flags: flags(on)?,
    })
}

/// How many findings of each code nobody accepted.
pub(super) fn findings(on: &Connection) -> rusqlite::Result<BTreeMap<Code, usize>> {
    let sql = "SELECT name, many FROM tally WHERE what = 'finding'";
    Ok(rows(on, sql, [], |cells| Ok((cells.text()?, cells.number()?)))?.into_iter().collect())
}

/// How often the rules' flags stood, as of the last judging.
pub(in crate::store) fn flags(on: &Connection) -> rusqlite::Result<Flags> {
    let sql = "SELECT coalesce(sum(many) FILTER (WHERE name = 'decided'), 0),
                      coalesce(sum(many) FILTER (WHERE name = 'stood'), 0) FROM tally WHERE what = 'flag'";
    on.prepare_cached(sql)?.query_row([], |row| {
        let mut cells = Cells::of(row);
        Ok(Flags { decided: cells.number()?, stood: cells.number()? })
    })
}

/// How many tickets of each tracker have which verdict.
pub(super) fn verdicts(on: &Connection) -> rusqlite::Result<BTreeMap<(TrackerId, Verdict), usize>> {
    let sql = "SELECT tracker, name, many FROM tally WHERE what = 'verdict'";
    Ok(rows(on, sql, [], |cells| Ok(((cells.text()?, cells.text()?), cells.number()?)))?.into_iter().collect())
}

/// One page of the tickets of a choice, in order of their ids.
pub(super) fn leaf(
    on: &Connection,
    choice: &TicketChoice,
    (size, page): (usize, usize),
) -> rusqlite::Result<Leaf<Vec<ListedTicket>>> {
    let counted = verdicts(on)?;
    let is_chosen = |(tracker, verdict): &(TrackerId, Verdict)| {
        choice.tracker.as_ref().is_none_or(|it| it == tracker) && choice.verdict.is_none_or(|it| it == *verdict)
    };
    let all = counted.iter().filter(|(key, _)| is_chosen(key)).map(|(_, many)| many).sum();
    // A tracker's ids stand together, between its name with a colon and with what follows the colon.
    let tracker = choice.tracker.as_ref().map(ToString::to_string);
    let (from, to) =
        tracker.map_or((String::new(), char::MAX.to_string()), |name| (format!("{name}:"), format!("{name};")));
    let verdict = if choice.verdict.is_some() { "verdict = ?1" } else { "?1 IS NULL" };
    let sql = format!(
        "SELECT ticket FROM verdict WHERE current = 1 AND {verdict} AND ticket >= ?2 AND ticket < ?3
         ORDER BY ticket LIMIT ?4 OFFSET ?5"
    );
    let after = number((page - 1).saturating_mul(size));
    let ids: Vec<TicketId> =
        rows(on, &sql, params![choice.verdict.map(AsText), from, to, number(size), after], |cells| {
            Ok(cells.take::<AsText<_>>()?.0)
        })?;
    let mut shown = Vec::new();
    for id in ids {
        shown.extend(listed(on, &id)?);
    }
    Ok(Leaf { shown, all, page, size })
}

/// One ticket that was judged.
pub(super) fn listed(on: &Connection, id: &TicketId) -> rusqlite::Result<Option<ListedTicket>> {
    let only = BTreeSet::from([id.clone()]);
    let (Some(judgement), Some(known)) =
        (excerpt::verdicts(on, &only)?.remove(id), tickets::covers(on, &only)?.remove(id))
    else {
        return Ok(None);
    };
    let sql = "SELECT count(DISTINCT concat(reference.document, ' ', challenge)) FILTER (WHERE challenge IS NOT NULL),
                      coalesce(max(role = 'remedy'), 0)
               FROM reference JOIN document ON document.path = reference.document AND document.retired_at IS NULL
               WHERE ticket = ?1";
    let (challenges, remedy) = on
        .prepare_cached(sql)?
        .query_row([AsText(id)], |row| Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?)))
        .optional()?
        .unwrap_or((0, false));
    let challenges = usize::try_from(challenges).unwrap_or(usize::MAX);
    Ok(Some(ListedTicket { known, judgement, challenges, remedy }))
}

/// One page of the findings of a code that nobody accepted, the newest first.
pub(super) fn found(
    on: &Connection,
    code: Option<Code>,
    (size, page): (usize, usize),
) -> rusqlite::Result<Leaf<Vec<ListedFinding>>> {
    let all = findings(on)?.into_iter().filter(|(its, _)| code.is_none_or(|code| *its == code)).map(|(_, n)| n).sum();
    let condition = if code.is_some() { "code = ?1" } else { "?1 IS NULL" };
    let sql = format!(
        "SELECT {LISTED} FROM finding WHERE cleared_at IS NULL AND NOT accepted AND {condition}
         ORDER BY seq DESC LIMIT ?2 OFFSET ?3"
    );
    let after = number((page - 1).saturating_mul(size));
    let shown = rows(on, &sql, params![code.map(AsText), number(size), after], read_listed)?;
    Ok(Leaf { shown, all, page, size })
}
