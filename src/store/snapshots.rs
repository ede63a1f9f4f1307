//! Snapshots: what stands at the end of a day, in numbers; of everything, and of each register, category and team.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rusqlite::{Connection, params};

use super::columns::{AsJson, AsText, rows};
use crate::domain::judged::FLAGS;
use crate::domain::snapshot::{Ages, Counts, Scope, Snapshot};
use crate::domain::time::Moment;

/// Snapshots older than this are kept of Sundays alone.
const DAILY: Days = Days::new(400);

/// Challenges in force with the scopes that each belongs to.
const MEMBERS: &str = "
    WITH here AS MATERIALIZED (
        SELECT challenge.id, challenge.document, challenge.position, coalesce(challenge.category, '') AS category
        FROM challenge JOIN document ON document.path = challenge.document AND document.retired_at IS NULL
    ), member (scope, name, id, document, position) AS (
        SELECT 'register', document, id, document, position FROM here
        UNION ALL SELECT 'category', category, id, document, position FROM here
        UNION ALL SELECT 'team', coalesce(owner.name, ''), id, document, here.position
                  FROM here LEFT JOIN owner ON owner.challenge = here.id
    )";

/// Takes the snapshot of today: until the day is over each one takes the place of the one before.
pub(super) fn take(on: &Connection, now: Moment) -> rusqlite::Result<()> {
    let today = now.date_naive();
    let mut counts: BTreeMap<(String, String), Counts> = BTreeMap::new();
    counts.insert(("all".to_owned(), String::new()), Counts::default());
    standings(on, &mut counts)?;
    verdicts(on, &mut counts)?;
    findings(on, &mut counts)?;
    came_and_went(on, today, &mut counts)?;
    ages(on, today, &mut counts)?;
    let mut row = on.prepare_cached(
        "INSERT INTO snapshot (scope, name, day, counts) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (scope, name, day) DO UPDATE SET counts = excluded.counts",
    )?;
    on.execute("DELETE FROM snapshot WHERE day = ?1", [AsText(today)])?;
    for ((scope, name), counts) in counts {
        row.execute(params![scope, name, AsText(today), AsJson(counts)])?;
    }
    if let Some(old) = today.checked_sub_days(DAILY) {
        on.execute("DELETE FROM snapshot WHERE day < ?1 AND strftime('%w', day) <> '0'", [AsText(old)])?;
    }
    Ok(())
}

type All = BTreeMap<(String, String), Counts>;

fn standings(on: &Connection, counts: &mut All) -> rusqlite::Result<()> {
    let sql = format!(
        "{MEMBERS} SELECT scope, name, standing, count(*) FROM member
                   JOIN standing ON standing.challenge = member.id AND standing.current = 1
                   GROUP BY scope, name, standing
         UNION ALL SELECT 'all', '', standing, count(*) FROM here
                   JOIN standing ON standing.challenge = here.id AND standing.current = 1 GROUP BY standing"
    );
    for (scope, standing, n) in
        rows(on, &sql, [], |cells| Ok(((cells.take()?, cells.take()?), cells.text()?, cells.number()?)))?
    {
        counts.entry(scope).or_default().standings.insert(standing, n);
    }
    Ok(())
}

fn verdicts(on: &Connection, counts: &mut All) -> rusqlite::Result<()> {
    let sql = format!(
        "{MEMBERS} SELECT scope, name, verdict.verdict, count(DISTINCT verdict.seq) FROM member
                   JOIN reference ON reference.document = member.document AND reference.challenge = member.position
                   JOIN verdict ON verdict.ticket = reference.ticket AND verdict.current = 1
                   GROUP BY scope, name, verdict.verdict
         UNION ALL SELECT 'all', '', verdict, count(*) FROM verdict WHERE current = 1 GROUP BY verdict"
    );
    for (scope, verdict, n) in
        rows(on, &sql, [], |cells| Ok(((cells.take()?, cells.take()?), cells.text()?, cells.number()?)))?
    {
        counts.entry(scope).or_default().verdicts.insert(verdict, n);
    }
    Ok(())
}

fn findings(on: &Connection, counts: &mut All) -> rusqlite::Result<()> {
    let sql = format!(
        "{MEMBERS} SELECT scope, name, code, count(DISTINCT finding.seq) FROM finding
                   JOIN member ON member.id = finding.challenge
                   WHERE cleared_at IS NULL AND NOT accepted GROUP BY scope, name, code
         UNION ALL SELECT 'all', '', code, count(*) FROM finding
                   WHERE cleared_at IS NULL AND NOT accepted GROUP BY code"
    );
    for (scope, code, n) in
        rows(on, &sql, [], |cells| Ok(((cells.take()?, cells.take()?), cells.text()?, cells.number()?)))?
    {
        counts.entry(scope).or_default().findings.insert(code, n);
    }
    Ok(())
}

/// Flags that were found and cleared on a day. What is accepted is told as well: it came all the same.
fn came_and_went(on: &Connection, today: NaiveDate, counts: &mut All) -> rusqlite::Result<()> {
    let sql = format!(
        "{MEMBERS}, moved (seq, challenge, found) AS (
             SELECT seq, challenge, 1 FROM finding
             WHERE first_seen_at >= ?1 AND first_seen_at < ?2 AND code IN (SELECT value FROM json_each(?3))
             UNION ALL SELECT seq, challenge, 0 FROM finding
             WHERE cleared_at >= ?1 AND cleared_at < ?2 AND code IN (SELECT value FROM json_each(?3)))
         SELECT scope, name, count(DISTINCT CASE WHEN found THEN seq END), count(DISTINCT CASE WHEN found THEN NULL ELSE seq END)
         FROM moved JOIN member ON member.id = moved.challenge GROUP BY scope, name
         UNION ALL SELECT 'all', '', coalesce(sum(found), 0), coalesce(sum(NOT found), 0) FROM moved"
    );
    let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(today);
    let params = params![AsText(today), AsText(tomorrow), AsJson(FLAGS)];
    for (scope, found, cleared) in
        rows(on, &sql, params, |cells| Ok(((cells.take()?, cells.take()?), cells.number()?, cells.number()?)))?
    {
        let counts = counts.entry(scope).or_default();
        (counts.found, counts.cleared) = (found, cleared);
    }
    Ok(())
}

fn ages(on: &Connection, today: NaiveDate, counts: &mut All) -> rusqlite::Result<()> {
    let broken = "JOIN standing ON standing.challenge = it.id AND standing.current = 1
                       AND standing.standing = 'broken-promise'";
    let days = "CAST(max(0, julianday(?1) - julianday(coalesce(broken_on, substr(judged_at, 1, 10)))) AS INTEGER)";
    let sql = format!(
        "{MEMBERS} SELECT scope, name, {days} FROM member AS it {broken}
         UNION ALL SELECT 'all', '', {days} FROM here AS it {broken}"
    );
    let mut ages: BTreeMap<(String, String), Vec<u32>> = BTreeMap::new();
    for (scope, age) in rows(on, &sql, [AsText(today)], |cells| Ok(((cells.take()?, cells.take()?), cells.take()?)))? {
        ages.entry(scope).or_default().push(age);
    }
    for (scope, days) in ages {
        counts.entry(scope).or_default().ages = Ages::of(days);
    }
    Ok(())
}

/// The snapshots of a scope from a day on, oldest first.
pub(super) fn of(on: &Connection, scope: &Scope, from: NaiveDate) -> rusqlite::Result<Vec<Snapshot>> {
    let (word, name) = scope.parts();
    let sql = "SELECT day, counts FROM snapshot WHERE scope = ?1 AND name = ?2 AND day >= ?3 ORDER BY day";
    rows(on, sql, params![word, name, AsText(from)], |cells| Ok(Snapshot { day: cells.text()?, counts: cells.json()? }))
}

/// The scopes of the last snapshot, in order of their names.
pub(super) fn scopes(on: &Connection) -> rusqlite::Result<Vec<Scope>> {
    let sql = "SELECT scope, name FROM snapshot WHERE day = (SELECT max(day) FROM snapshot) ORDER BY scope, name";
    let read = rows(on, sql, [], |cells| Ok((cells.take::<String>()?, cells.take::<String>()?)))?;
    Ok(read.into_iter().filter_map(|(word, name)| Scope::of(&word, &name)).collect())
}
