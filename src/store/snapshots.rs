//! Snapshots: what stands at the end of a day, in numbers; of everything, and of each register, category and team, by what it owns.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Days, NaiveDate};
use rusqlite::{Connection, params};

use super::columns::{AsJson, AsText, Cells, rows};
use crate::domain::finding::Code;
use crate::domain::judged::FLAGS;
use crate::domain::snapshot::{Ages, Counts, Scope, Snapshot};
use crate::domain::time::Moment;
use crate::domain::verdict::{Standing, Verdict};

/// Snapshots older than this are kept of Sundays alone.
const DAILY: Days = Days::new(400);

/// Takes the snapshot of today: until the day is over each one takes the place of the one before.
pub(super) fn take(on: &Connection, now: Moment) -> rusqlite::Result<()> {
    let today = now.date_naive();
    let mut count = Count::default();
    count.challenges(on, today)?;
    count.verdicts(on)?;
    count.findings(on)?;
    count.came_and_went(on, today)?;
    on.execute("DELETE FROM snapshot WHERE day = ?1", [AsText(today)])?;
    let mut row = on.prepare_cached("INSERT INTO snapshot (scope, name, day, counts) VALUES (?1, ?2, ?3, ?4)")?;
    for ((scope, name), at) in &count.scopes {
        let (mut counts, ages) = std::mem::take(&mut count.counts[*at]);
        counts.ages = Ages::of(ages);
        row.execute(params![scope, name, AsText(today), AsJson(counts)])?;
    }
    if let Some(old) = today.checked_sub_days(DAILY) {
        on.execute("DELETE FROM snapshot WHERE day < ?1 AND strftime('%w', day) <> '0'", [AsText(old)])?;
    }
    Ok(())
}

/// One counting: each table is gone through once, whatever the number of scopes.
struct Count {
    /// Where the counts of each scope stand.
    scopes: BTreeMap<(&'static str, String), usize>,
    /// The counts, with the ages of broken promises in days. The first are those of everything.
    counts: Vec<(Counts, Vec<u32>)>,
    /// The scopes of each challenge, by its document and its position there.
    places: HashMap<String, Vec<Vec<usize>>>,
    /// Where challenges stand, by their ids; one that stands in several documents counts in the first.
    ids: HashMap<String, (String, usize)>,
    /// How the name of each team is written first: teams are one whatever the case of their names.
    teams: HashMap<String, String>,
}

impl Default for Count {
    fn default() -> Self {
        let scopes = BTreeMap::from([(("all", String::new()), 0)]);
        let (places, ids, teams) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { scopes, counts: vec![Default::default()], places, ids, teams }
    }
}

impl Count {
    fn scope(&mut self, scope: &'static str, name: &str) -> usize {
        let next = self.counts.len();
        let at = *self.scopes.entry((scope, name.to_owned())).or_insert(next);
        if at == next {
            self.counts.push(Default::default());
        }
        at
    }

    /// Where challenges stand, and for how long those have been broken that are.
    fn challenges(&mut self, on: &Connection, today: NaiveDate) -> rusqlite::Result<()> {
        let sql = "SELECT challenge.document, challenge.position, challenge.id, trim(coalesce(category, '')),
                          coalesce(owner.name, ''), standing, coalesce(broken_on, substr(judged_at, 1, 10))
                   FROM challenge JOIN document ON document.path = challenge.document AND document.retired_at IS NULL
                   JOIN standing ON standing.challenge = challenge.id AND standing.current = 1
                   LEFT JOIN owner ON owner.challenge = challenge.id
                   ORDER BY challenge.document, challenge.position";
        let mut statement = on.prepare_cached(sql)?;
        let mut read = statement.query([])?;
        let mut last = None;
        while let Some(row) = read.next()? {
            let mut cells = Cells::of(row);
            let (document, position) = (cells.str()?, cells.number()?);
            let (id, category, owner) = (cells.str()?, cells.str()?, cells.str()?);
            let standing: Standing = cells.text()?;
            let broken: Option<NaiveDate> = cells.maybe_text()?;
            let team = self.teams.entry(owner.to_lowercase()).or_insert_with(|| owner.to_owned()).clone();
            let (team, is_next) = (self.scope("team", &team), last != Some((document.to_owned(), position)));
            // A challenge of several owners is told in as many rows.
            let mut scopes = vec![team];
            if is_next {
                scopes.extend([0, self.scope("register", document), self.scope("category", category)]);
                self.ids.entry(id.to_owned()).or_insert_with(|| (document.to_owned(), position));
                last = Some((document.to_owned(), position));
            }
            let age = broken.filter(|_| standing == Standing::BrokenPromise).map(|day| (today - day).num_days());
            for at in &scopes {
                let (counts, ages) = &mut self.counts[*at];
                *counts.standings.entry(standing).or_default() += 1;
                ages.extend(age.map(|days| u32::try_from(days).unwrap_or(0)));
            }
            let places = self.places.entry(document.to_owned()).or_default();
            if places.len() <= position {
                places.resize_with(position + 1, Vec::new);
            }
            places[position].extend(scopes.into_iter().filter(|at| *at > 0));
        }
        Ok(())
    }

    /// Cited tickets, each once in every scope that cites it.
    fn verdicts(&mut self, on: &Connection) -> rusqlite::Result<()> {
        // Counted just now, by the judging that this is the snapshot of.
        let all = "SELECT name, sum(many) FROM tally WHERE what = 'verdict' GROUP BY name";
        self.counts[0].0.verdicts =
            rows(on, all, [], |cells| Ok((cells.text()?, cells.number()?)))?.into_iter().collect();
        let sql = "SELECT verdict.seq, verdict.verdict, reference.document, reference.challenge
                   FROM verdict CROSS JOIN reference ON reference.ticket = verdict.ticket
                   WHERE verdict.current = 1 AND reference.challenge IS NOT NULL ORDER BY verdict.ticket";
        let mut statement = on.prepare_cached(sql)?;
        let mut read = statement.query([])?;
        let (mut ticket, mut told) = (0, BTreeSet::new());
        while let Some(row) = read.next()? {
            let mut cells = Cells::of(row);
            let (seq, verdict): (i64, Verdict) = (cells.take()?, cells.text()?);
            if seq != ticket {
                (ticket, told) = (seq, BTreeSet::new());
            }
            let (document, challenge) = (cells.str()?, cells.number()?);
            for at in self.places.get(document).and_then(|places| places.get(challenge)).into_iter().flatten() {
                if told.insert(*at) {
                    *self.counts[*at].0.verdicts.entry(verdict).or_default() += 1;
                }
            }
        }
        Ok(())
    }

    /// The scopes of the challenge that a finding is about.
    fn about(&self, challenge: Option<&str>) -> &[usize] {
        let place = challenge.and_then(|id| self.ids.get(id));
        let scopes = place.and_then(|(document, position)| self.places.get(document)?.get(*position));
        scopes.map_or(&[], Vec::as_slice)
    }

    fn findings(&mut self, on: &Connection) -> rusqlite::Result<()> {
        let sql = "SELECT challenge, code, count(*) FROM finding WHERE cleared_at IS NULL AND NOT accepted GROUP BY challenge, code";
        let mut statement = on.prepare_cached(sql)?;
        let mut read = statement.query([])?;
        while let Some(row) = read.next()? {
            let mut cells = Cells::of(row);
            let (challenge, code, many): (Option<String>, Code, usize) =
                (cells.take()?, cells.text()?, cells.number()?);
            for at in [&[0], self.about(challenge.as_deref())].concat() {
                *self.counts[at].0.findings.entry(code).or_default() += many;
            }
        }
        Ok(())
    }

    /// Flags that were found and cleared on a day. What is accepted is told as well: it came all the same.
    fn came_and_went(&mut self, on: &Connection, today: NaiveDate) -> rusqlite::Result<()> {
        let sql = "SELECT challenge, 1 FROM finding
                   WHERE first_seen_at >= ?1 AND first_seen_at < ?2 AND code IN (SELECT value FROM json_each(?3))
                   UNION ALL SELECT challenge, 0 FROM finding
                   WHERE cleared_at >= ?1 AND cleared_at < ?2 AND code IN (SELECT value FROM json_each(?3))";
        let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(today);
        let moved: Vec<(Option<String>, bool)> =
            rows(on, sql, params![AsText(today), AsText(tomorrow), AsJson(FLAGS)], |cells| {
                Ok((cells.take()?, cells.take()?))
            })?;
        for (challenge, found) in moved {
            for at in [&[0], self.about(challenge.as_deref())].concat() {
                let counts = &mut self.counts[at].0;
                *(if found { &mut counts.found } else { &mut counts.cleared }) += 1;
            }
        }
        Ok(())
    }
}

/// The snapshots of a scope from a day on, oldest first. A team's name may have been written otherwise on other days; where
/// one day has both, that of the name as it is asked for counts.
pub(super) fn of(on: &Connection, scope: &Scope, from: NaiveDate) -> rusqlite::Result<Vec<Snapshot>> {
    let (word, name) = scope.parts();
    let sql = "SELECT day, counts FROM snapshot
               WHERE scope = ?1 AND (name = ?2 OR ?1 = 'team' AND name = ?2 COLLATE NOCASE) AND day >= ?3
               ORDER BY day, name <> ?2";
    let read = |cells: &mut Cells<'_>| Ok(Snapshot { day: cells.text()?, counts: cells.json()? });
    let mut all = rows(on, sql, params![word, name, AsText(from)], read)?;
    all.dedup_by_key(|snapshot| snapshot.day);
    Ok(all)
}

/// The scopes of the last snapshot, in order of their names.
pub(super) fn scopes(on: &Connection) -> rusqlite::Result<Vec<Scope>> {
    let sql = "SELECT scope, name FROM snapshot WHERE day = (SELECT max(day) FROM snapshot) ORDER BY scope, name";
    let read = rows(on, sql, [], |cells| Ok((cells.take::<String>()?, cells.take::<String>()?)))?;
    Ok(read.into_iter().filter_map(|(word, name)| Scope::of(&word, &name)).collect())
}
