//! What leads look at over time: snapshots, patterns, minutes; and how the data are.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rusqlite::{Connection, params};

use super::excerpt::{self, COLUMNS, read_finding};
use crate::domain::challenge::ChallengeId;
use crate::domain::finding::Code;
use crate::domain::health::{Health, HeldDocument, Untold};
use crate::domain::pages::{Leaf, Minutes, News};
use crate::domain::place::Place;
use crate::domain::snapshot::{Scope, Snapshot};
use crate::domain::theme::{Met, Patterns};
use crate::domain::ticket::TicketId;
use crate::store::columns::{AsText, Cells, number, rows};
use crate::store::{Store, StoreError, copies, minutes, patterns, runs, snapshots, trackers};

/// Documents, reasons and passes on the page of the data's health.
const ROWS: usize = 100;

/// Meetings of one day.
const OF_A_DAY: usize = 1000;

impl Store {
    /// The snapshots of a scope from a day on, oldest first.
    pub async fn snapshots(&self, scope: &Scope, from: NaiveDate) -> Result<Vec<Snapshot>, StoreError> {
        let scope = scope.clone();
        self.worker.read("read the snapshots", move |tx| snapshots::of(tx, &scope, from)).await
    }

    /// The registers, categories and teams that have snapshots now, in order of their names.
    pub async fn scopes(&self) -> Result<Vec<Scope>, StoreError> {
        self.worker.read("read the snapshots", snapshots::scopes).await
    }

    /// The patterns as the last judging counted them, how many challenges of each theme stand where, and the titles of the
    /// challenges that the patterns name.
    pub async fn patterns(&self) -> Result<(Patterns, Vec<Met>, BTreeMap<String, String>), StoreError> {
        let read = |tx: &Connection| {
            let all = patterns::all(tx)?;
            let ids: BTreeSet<&str> = all.shared.iter().map(|met| met.what.as_str()).collect();
            let titles = patterns::titles(tx, &ids.into_iter().collect::<Vec<_>>())?;
            Ok((all, patterns::standings(tx)?, titles))
        };
        self.worker.read("read the patterns", read).await
    }

    /// A challenge's title and where it stands; `None` where no document in force has it.
    pub async fn row_of(&self, id: &ChallengeId) -> Result<Option<(String, Place)>, StoreError> {
        let id = id.clone();
        self.worker.read("read a challenge", move |tx| patterns::row_of(tx, &id)).await
    }

    /// One page of the meetings that have a topic of this intention, or of all, newest first; empty for topics without one.
    pub async fn meetings(&self, intention: Option<&str>, size: usize, page: usize) -> Result<Minutes, StoreError> {
        let intention = intention.map(str::to_owned);
        self.worker.read("read the minutes", move |tx| some_minutes(tx, intention.as_deref(), None, (size, page))).await
    }

    /// The meetings of a day that have a topic of this intention, or all, on one page.
    pub async fn meetings_on(&self, day: NaiveDate, intention: Option<&str>) -> Result<Minutes, StoreError> {
        let intention = intention.map(str::to_owned);
        let read = move |tx: &Connection| some_minutes(tx, intention.as_deref(), Some(day), (OF_A_DAY, 1));
        self.worker.read("read the minutes", read).await
    }

    /// So many findings that came or went last, of a code or of all, the newest first. What people accepted is told when it
    /// goes and not when it comes.
    pub async fn news(&self, code: Option<Code>, most: usize) -> Result<Vec<News>, StoreError> {
        self.worker.read("read what came and went", move |tx| news(tx, code, most)).await
    }

    /// How the data are.
    pub async fn health(&self) -> Result<Health, StoreError> {
        self.worker.read("read how the data are", health).await
    }
}

fn some_minutes(
    on: &Connection,
    intention: Option<&str>,
    day: Option<NaiveDate>,
    (size, page): (usize, usize),
) -> rusqlite::Result<Minutes> {
    let intentions = "SELECT coalesce(intention, ''), count(*) FROM topic
                      JOIN document ON document.path = topic.document AND document.retired_at IS NULL
                      GROUP BY 1 ORDER BY 2 DESC, 1";
    let intentions = rows(on, intentions, [], |cells| Ok((cells.take()?, cells.number()?)))?;
    let of_day = if day.is_some() { "date = ?2" } else { "?2 IS NULL" };
    let having = format!(
        "FROM meeting JOIN document ON document.path = meeting.document AND document.retired_at IS NULL
         WHERE {of_day} AND (?1 IS NULL OR EXISTS (SELECT 1 FROM topic WHERE topic.document = meeting.document
                                AND topic.meeting = meeting.position AND coalesce(intention, '') = ?1))"
    );
    let day = day.map(AsText);
    let all =
        on.query_row(&format!("SELECT count(*) {having}"), params![intention, day], |row| Cells::of(row).number())?;
    let sql = format!(
        "SELECT document, meeting.position, date, line, col, skipped {having}
         ORDER BY date DESC, document, meeting.position LIMIT ?3 OFFSET ?4"
    );
    let after = (page - 1).saturating_mul(size);
    let headings = rows(on, &sql, params![intention, day, number(size), number(after)], |cells| {
        let (path, position): (String, usize) = (cells.take()?, cells.number()?);
        Ok((position, minutes::read_meeting(&path, cells)?))
    })?;
    let sql = format!(
        "SELECT {} FROM topic
         WHERE document = ?1 AND meeting = ?2 AND (?3 IS NULL OR coalesce(intention, '') = ?3) ORDER BY position",
        minutes::TOPIC
    );
    let mut meetings = Vec::new();
    for (position, mut meeting) in headings {
        let path = meeting.place.path.clone();
        let of_it = params![path, number(position), intention];
        meeting.topics = rows(on, &sql, of_it, |cells| minutes::read_topic(&path, cells))?;
        meetings.push(meeting);
    }
    let dropped =
        "SELECT path, line FROM finding WHERE code = 'dropped-follow-up' AND cleared_at IS NULL AND NOT accepted
                   AND path IS NOT NULL";
    let dropped = rows(on, dropped, [], |cells| Ok((cells.take()?, cells.take()?)))?.into_iter().collect();
    let topics = meetings.iter().flat_map(|meeting| &meeting.topics);
    let named: BTreeSet<TicketId> = topics.flat_map(|topic| &topic.tickets).cloned().collect();
    let verdicts = excerpt::verdicts(on, &named)?;
    let verdicts = verdicts.into_iter().map(|(ticket, judgement)| (ticket, judgement.verdict)).collect();
    Ok(Minutes { leaf: Leaf { shown: meetings, all, page, size }, intentions, dropped, verdicts })
}

fn news(on: &Connection, code: Option<Code>, most: usize) -> rusqlite::Result<Vec<News>> {
    let read = |at: &str, condition: &str, cleared: bool| {
        let sql = format!(
            "SELECT {COLUMNS}, {at} FROM finding WHERE {condition} AND (?1 IS NULL OR code = ?1)
             ORDER BY {at} DESC, seq DESC LIMIT ?2"
        );
        rows(on, &sql, params![code.map(AsText), number(most)], |cells| {
            Ok(News { finding: read_finding(cells)?, at: cells.text()?, cleared })
        })
    };
    let mut news = read("first_seen_at", "NOT accepted", false)?;
    news.extend(read("cleared_at", "cleared_at IS NOT NULL", true)?);
    // What is cleared within the second in which it was found was found before.
    news.sort_by_key(|news| std::cmp::Reverse((news.at, news.cleared)));
    news.truncate(most);
    Ok(news)
}

fn health(on: &Connection) -> rusqlite::Result<Health> {
    let documents = "SELECT path, source, read_at, trouble,
                            (SELECT count(*) FROM problem WHERE problem.document = document.path) FROM document
                     WHERE retired_at IS NULL ORDER BY trouble IS NULL, path LIMIT ?1";
    let documents = rows(on, documents, [number(ROWS)], |cells| {
        Ok(HeldDocument {
            path: cells.take()?,
            source: cells.take()?,
            read_at: cells.maybe_text()?,
            trouble: cells.take()?,
            problems: cells.number()?,
        })
    })?;
    let counted = "SELECT count(*), coalesce(sum(trouble IS NOT NULL), 0) FROM document WHERE retired_at IS NULL";
    let (all_documents, troubled) = on.query_row(counted, [], |row| {
        let mut cells = Cells::of(row);
        Ok((cells.number()?, cells.number()?))
    })?;
    let latest = format!("SELECT {} FROM run ORDER BY seq DESC LIMIT 20", runs::COLUMNS);
    let runs = rows(on, &latest, [], runs::read)?;
    let untold = "SELECT substr(id, 1, instr(id, ':') - 1) AS tracker, lookup, lookup_says, count(*), min(id),
                         sum(good_at IS NOT NULL) FROM ticket
                  WHERE lookup IN ('hidden', 'unknown')
                    AND EXISTS (SELECT 1 FROM verdict WHERE verdict.ticket = ticket.id AND verdict.current = 1)
                  GROUP BY tracker, lookup, lookup_says ORDER BY 4 DESC, 1, 2, 3 LIMIT ?1";
    let untold = rows(on, untold, [number(ROWS)], |cells| {
        Ok(Untold {
            tracker: cells.text()?,
            lookup: cells.text()?,
            says: cells.take()?,
            tickets: cells.number()?,
            example: cells.take()?,
            seen_before: cells.number()?,
        })
    })?;
    let unclaimed = "SELECT home, sum(count) FROM unclaimed
                     JOIN document ON document.path = unclaimed.document AND document.retired_at IS NULL
                     GROUP BY home ORDER BY 2 DESC, 1 LIMIT ?1";
    let unclaimed = rows(on, unclaimed, [number(ROWS)], |cells| Ok((cells.take()?, cells.number()?)))?;
    let (trackers, backed_up) = (trackers::all(on)?, copies::noted(on, crate::store::upkeep::BACKUP)?);
    Ok(Health { documents, all_documents, troubled, trackers, runs, untold, unclaimed, backed_up })
}
