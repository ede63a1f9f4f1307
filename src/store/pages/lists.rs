//! Which challenges a list has on one of its pages, and how many there are.

use std::collections::BTreeMap;

use rusqlite::{Connection, ToSql};

use crate::domain::challenge::ChallengeId;
use crate::domain::pages::{Choice, Group, Grouped};
use crate::domain::verdict::Standing;
use crate::store::columns::{AsText, Cells, number, rows};
use crate::store::portions::Row;

/// The conditions of a list, each with its parameter.
struct Conditions<'a> {
    from: &'static str,
    told: Vec<String>,
    parameters: Vec<Box<dyn ToSql + 'a>>,
}

impl<'a> Conditions<'a> {
    fn of(choice: &'a Choice) -> Self {
        let from = match choice.team {
            Some(_) => "ranked_team JOIN ranked USING (challenge)",
            None => "ranked",
        };
        let mut conditions = Self { from, told: Vec::new(), parameters: Vec::new() };
        if let Some(team) = &choice.team {
            conditions.add("ranked_team.team =", team);
            // The same again, so that the index of teams shows it.
            if let Some(standing) = choice.standing {
                conditions.add("ranked_team.standing =", AsText(standing));
            }
        }
        if let Some(standing) = choice.standing {
            conditions.add("ranked.standing =", AsText(standing));
        }
        if let Some(category) = &choice.category {
            conditions.add("ranked.category =", category);
        }
        match choice.owner.as_deref() {
            Some("") => {
                conditions
                    .told
                    .push("NOT EXISTS (SELECT 1 FROM owner WHERE owner.challenge = ranked.challenge)".to_owned());
            }
            Some(owner) => {
                conditions.add("ranked.challenge IN (SELECT owner.challenge FROM owner WHERE owner.name =", owner);
                if let Some(last) = conditions.told.last_mut() {
                    last.push(')');
                }
            }
            None => {}
        }
        if let Some(theme) = &choice.theme {
            conditions
                .add("EXISTS (SELECT 1 FROM theme WHERE theme.challenge = ranked.challenge AND theme.name =", theme);
            if let Some(last) = conditions.told.last_mut() {
                last.push(')');
            }
        }
        if let Some(document) = &choice.document {
            conditions.add("ranked.document =", document);
        }
        if let Some(since) = choice.since {
            // Moments are text that sorts as they do.
            conditions.add("ranked.since >=", since.to_string());
        }
        conditions
    }

    fn add(&mut self, condition: &str, parameter: impl ToSql + 'a) {
        self.parameters.push(Box::new(parameter));
        self.told.push(format!("{condition} ?{}", self.parameters.len()));
    }

    fn select(&self, what: &str, rest: &str) -> String {
        let conditions = if self.told.is_empty() { "1".to_owned() } else { self.told.join(" AND ") };
        format!("SELECT {what} FROM {} WHERE {conditions} {rest}", self.from)
    }

    fn parameters(&self) -> Vec<&dyn ToSql> {
        self.parameters.iter().map(AsRef::as_ref).collect()
    }
}

/// How many challenges a choice has.
pub(super) fn count(on: &Connection, choice: &Choice) -> rusqlite::Result<usize> {
    let conditions = Conditions::of(choice);
    let mut count = on.prepare_cached(&conditions.select("count(*)", ""))?;
    count.query_row(conditions.parameters().as_slice(), |row| Cells::of(row).number())
}

/// So many challenges of a choice after so many others: in the order of their document where one is chosen, else by rank.
pub(super) fn leaf(
    on: &Connection,
    choice: &Choice,
    size: usize,
    after: usize,
) -> rusqlite::Result<Vec<(ChallengeId, Row)>> {
    let conditions = Conditions::of(choice);
    let order = if choice.document.is_some() { "position" } else { "priority, ranked.challenge" };
    let sql = conditions.select(
        "ranked.challenge, document, position",
        &format!("ORDER BY {order} LIMIT {} OFFSET {}", number(size), number(after)),
    );
    rows(on, &sql, conditions.parameters().as_slice(), |cells| {
        Ok((ChallengeId(cells.take()?), (cells.take()?, cells.number()?)))
    })
}

/// How many challenges of a choice stand where.
pub(super) fn standings(on: &Connection, choice: &Choice) -> rusqlite::Result<BTreeMap<Standing, usize>> {
    let conditions = Conditions::of(choice);
    let sql = conditions.select("ranked.standing, count(*)", "GROUP BY ranked.standing");
    let read = rows(on, &sql, conditions.parameters().as_slice(), |cells| Ok((cells.text()?, cells.number()?)))?;
    Ok(read.into_iter().collect())
}

/// How many challenges of each category or team stand where; those with the most broken promises come first.
pub(super) fn groups(on: &Connection, by: Grouped) -> rusqlite::Result<Vec<Group>> {
    // Either is read from an index that has all of it.
    let sql = match by {
        Grouped::Category => "SELECT category, standing, count(*) FROM ranked GROUP BY category, standing",
        Grouped::Team => "SELECT team, standing, count(*) FROM ranked_team GROUP BY team, standing",
        // Counted by the last judging, which is also what says who owns what.
        Grouped::Owner => {
            "SELECT name, stood.key, stood.value FROM snapshot, json_each(counts, '$.standings') AS stood
             WHERE scope = 'team' AND day = (SELECT max(day) FROM snapshot) ORDER BY name COLLATE NOCASE, name"
        }
    };
    let counted: Vec<(String, Standing, usize)> =
        rows(on, sql, [], |cells| Ok((cells.take()?, cells.text()?, cells.number()?)))?;
    let mut groups: Vec<Group> = Vec::new();
    for (name, standing, many) in counted {
        // What belongs together stands together; the names of teams are compared without case, as SQLite does it.
        match groups.last_mut().filter(|group| group.name.eq_ignore_ascii_case(&name)) {
            Some(group) => *group.standings.entry(standing).or_default() += many,
            None => groups.push(Group { name, standings: BTreeMap::from([(standing, many)]) }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse((group.of(Standing::BrokenPromise), group.all())));
    Ok(groups)
}

/// Where a challenge of the documents in force stands.
pub(super) fn place(on: &Connection, challenge: &ChallengeId) -> rusqlite::Result<Option<Row>> {
    let sql = "SELECT document, position FROM ranked WHERE challenge = ?1";
    Ok(rows(on, sql, [&challenge.0], |cells| Ok((cells.take()?, cells.number()?)))?.into_iter().next())
}
