//! Patterns: what was met when, and by whom; and topics that return. They are counted by judging, and only when the documents
//! or the themes are other ones than the last time.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use super::columns::{AsJson, AsText, Cells, rows};
use crate::domain::challenge::ChallengeId;
use crate::domain::judged::JudgedChallenge;
use crate::domain::minutes::{FollowUp, Reply};
use crate::domain::place::Place;
use crate::domain::theme::{Met, Patterns, Raised, Returning};

/// Which way of counting the patterns are of: with another one they are counted anew.
const COUNTED_BY: [u8; 1] = [2];

/// The quarter of an anecdote's date, as `2021-Q2`; a date without a month is of none.
pub(super) const QUARTER: &str = "substr(date, 1, 4) || '-Q' || ((CAST(substr(date, 6, 2) AS INTEGER) + 2) / 3)";

/// Challenges that several teams met which are told.
const SHARED: usize = 20;

/// The themes of each challenge, in the place of those that were known. Only what changed is written.
pub(super) fn remember_themes(on: &Connection, challenges: &[JudgedChallenge]) -> rusqlite::Result<()> {
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let read = rows(on, "SELECT challenge, name FROM theme", [], |cells| {
        Ok((cells.take::<String>()?, cells.take::<String>()?))
    })?;
    for (challenge, name) in read {
        known.entry(challenge).or_default().insert(name);
    }
    let mut forget = on.prepare_cached("DELETE FROM theme WHERE challenge = ?1")?;
    let mut add = on.prepare_cached("INSERT OR IGNORE INTO theme (challenge, name) VALUES (?1, ?2)")?;
    let mut list = on.prepare_cached(
        "UPDATE ranked SET themes = (SELECT json_group_array(name) FROM theme WHERE challenge = ?1) WHERE challenge = ?1",
    )?;
    let mut done = BTreeSet::new();
    for JudgedChallenge { id, themes, .. } in challenges {
        let before = known.remove(&id.0).unwrap_or_default();
        if !done.insert(&id.0) || before.iter().eq(themes.iter().collect::<BTreeSet<_>>()) {
            continue;
        }
        forget.execute([&id.0])?;
        for name in themes {
            add.execute(params![id.0, name])?;
        }
        list.execute([&id.0])?;
    }
    for left in known.keys() {
        forget.execute([left])?;
        list.execute([left])?;
    }
    Ok(())
}

/// What the patterns are counted of, if that is not what they were counted of the last time.
pub(super) fn outdated(on: &Connection) -> rusqlite::Result<Option<String>> {
    let parts = "SELECT path || ' ' || coalesce(fingerprint, '') FROM document WHERE retired_at IS NULL ORDER BY path";
    let text = |cells: &mut Cells<'_>| cells.take();
    let mut digest = Sha256::new();
    digest.update(COUNTED_BY);
    for part in rows::<String>(on, parts, [], text)? {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    for part in rows::<String>(on, "SELECT challenge || ' ' || name FROM theme ORDER BY 1", [], text)? {
        digest.update(part.as_bytes());
        digest.update([1]);
    }
    let basis = format!("{:x}", digest.finalize());
    let before = rows::<String>(on, "SELECT basis FROM pattern_basis", [], text)?;
    Ok((before.first() != Some(&basis)).then_some(basis))
}

/// The topics of meetings in force, with what was said to them.
pub(super) fn topics(on: &Connection) -> rusqlite::Result<Vec<Raised>> {
    let sql = "SELECT meeting.date, topic.text, replies, follow_ups FROM topic
               JOIN meeting ON meeting.document = topic.document AND meeting.position = topic.meeting
               JOIN document ON document.path = topic.document AND document.retired_at IS NULL";
    rows(on, sql, [], |cells| {
        let (day, text): (_, String) = (cells.text()?, cells.take()?);
        let (replies, agreed): (Vec<Reply>, Vec<FollowUp>) = (cells.json()?, cells.json()?);
        let said = replies.into_iter().map(|reply| reply.text).chain(agreed.into_iter().map(|one| one.text));
        Ok(Raised { day, text, said: said.collect() })
    })
}

/// Counts them anew; `returning` are the topics that return.
pub(super) fn count(on: &Connection, basis: &str, returning: &[Returning]) -> rusqlite::Result<()> {
    on.execute("DELETE FROM pattern", [])?;
    let anecdotes =
        "FROM anecdote JOIN ranked ON ranked.document = anecdote.document AND ranked.position = anecdote.challenge";
    for sql in [
        format!("SELECT 'category', ranked.category, {QUARTER}, count(*) {anecdotes} WHERE length(date) >= 7 GROUP BY 2, 3"),
        format!(
            "SELECT 'theme', theme.name, {QUARTER}, count(*) {anecdotes} JOIN theme ON theme.challenge = ranked.challenge
             WHERE length(date) >= 7 GROUP BY 2, 3"
        ),
        "SELECT 'team', theme.name, min(team), count(*) FROM theme JOIN ranked_team USING (challenge)
         GROUP BY theme.name, team"
            .to_owned(),
        format!(
            "SELECT 'shared', ranked.challenge, min(trim(team.value)), count(*) {anecdotes},
                    json_each(anecdote.teams) AS team
             WHERE ranked.challenge IN (SELECT challenge FROM ranked_team GROUP BY challenge HAVING count(*) > 1
                                        ORDER BY count(*) DESC, challenge LIMIT {SHARED})
                   AND trim(team.value) <> ''
             GROUP BY ranked.challenge, lower(trim(team.value))"
        ),
    ] {
        on.execute(&format!("INSERT OR IGNORE INTO pattern (kind, what, met, many) {sql}"), [])?;
    }
    let mut row = on.prepare_cached("INSERT INTO pattern (kind, what, met, many) VALUES ('topic', ?1, ?2, 1)")?;
    for topic in returning {
        for day in &topic.days {
            row.execute(params![topic.words, AsText(day)])?;
        }
    }
    on.execute(
        "INSERT INTO pattern_basis (id, basis) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET basis = excluded.basis",
        [basis],
    )?;
    Ok(())
}

/// The patterns as they were counted last.
pub(super) fn all(on: &Connection) -> rusqlite::Result<Patterns> {
    let of = |kind: &str| {
        let sql = "SELECT what, met, many FROM pattern WHERE kind = ?1 ORDER BY what, met";
        rows(on, sql, [kind], |cells| Ok(Met { what: cells.take()?, by: cells.take()?, many: cells.number()? }))
    };
    let mut topics: Vec<Returning> = Vec::new();
    let days = "SELECT what, met FROM pattern WHERE kind = 'topic' ORDER BY what, met";
    for (words, day) in rows(on, days, [], |cells| Ok((cells.take::<String>()?, cells.text()?)))? {
        match topics.last_mut().filter(|last| last.words == words) {
            Some(last) => last.days.push(day),
            None => topics.push(Returning { words, days: vec![day] }),
        }
    }
    topics.sort_by(|a, b| b.days.len().cmp(&a.days.len()).then_with(|| b.days.last().cmp(&a.days.last())));
    Ok(Patterns {
        categories: of("category")?,
        themes: of("theme")?,
        theme_teams: of("team")?,
        shared: of("shared")?,
        topics,
    })
}

/// The titles of these challenges.
pub(super) fn titles(on: &Connection, ids: &[&str]) -> rusqlite::Result<BTreeMap<String, String>> {
    let sql = "SELECT ranked.challenge, challenge.title FROM ranked
               JOIN challenge ON challenge.document = ranked.document AND challenge.position = ranked.position
               WHERE ranked.challenge IN (SELECT value FROM json_each(?1))";
    Ok(rows(on, sql, [AsJson(ids)], |cells| Ok((cells.take()?, cells.take()?)))?.into_iter().collect())
}

/// A challenge's title and where it stands.
pub(super) fn row_of(on: &Connection, id: &ChallengeId) -> rusqlite::Result<Option<(String, Place)>> {
    let sql = "SELECT ranked.document, title, line, col FROM ranked
               JOIN challenge ON challenge.document = ranked.document AND challenge.position = ranked.position
               WHERE ranked.challenge = ?1";
    let read = rows(on, sql, [&id.0], |cells| {
        let (path, title): (String, String) = (cells.take()?, cells.take()?);
        Ok((title, cells.place(&path)?))
    })?;
    Ok(read.into_iter().next())
}

/// How many challenges of each theme stand where.
pub(super) fn standings(on: &Connection) -> rusqlite::Result<Vec<Met>> {
    let sql = "SELECT name, standing, count(*) FROM theme JOIN ranked USING (challenge) GROUP BY name, standing";
    rows(on, sql, [], |cells| Ok(Met { what: cells.take()?, by: cells.take()?, many: cells.number()? }))
}
