//! Which challenges a list has on one of its pages, and how many there are.

use std::collections::BTreeMap;

use rusqlite::{Connection, ToSql};

use crate::domain::challenge::ChallengeId;
use crate::domain::pages::{Choice, Group, Grouped};
use crate::domain::verdict::Standing;
use crate::store::columns::{AsText, number, rows};
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
                conditions.close();
            }
            None => {}
        }
        if let Some(theme) = &choice.theme {
            conditions
                .add("EXISTS (SELECT 1 FROM theme WHERE theme.challenge = ranked.challenge AND theme.name =", theme);
            conditions.close();
        }
        if let Some(quarter) = choice.quarter {
            // Dates are text that sorts as they do, and one without a month is of no quarter.
            let (from, to) = quarter.months();
            conditions.add(
                "EXISTS (SELECT 1 FROM anecdote
                         WHERE anecdote.document = ranked.document AND anecdote.challenge = ranked.position
                               AND length(date) >= 7 AND date >=",
                from,
            );
            conditions.add("date <", to);
            conditions.close();
        }
        if let Some(ticket) = &choice.ticket {
            conditions.add(
                "(ranked.document, ranked.position) IN (SELECT document, challenge FROM reference WHERE ticket =",
                AsText(ticket),
            );
            conditions.close();
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

    /// Ends the query that the last condition is part of.
    fn close(&mut self) {
        if let Some(last) = self.told.last_mut() {
            last.push(')');
        }
    }

    fn select(&self, what: &str, rest: &str) -> String {
        let conditions = if self.told.is_empty() { "1".to_owned() } else { self.told.join(" AND ") };
        format!("SELECT {what} FROM {} WHERE {conditions} {rest}", self.from)
    }

    fn parameters(&self) -> Vec<&dyn ToSql> {
        self.parameters.iter().map(AsRef::as_ref).collect()
    }
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

/// How many challenges of a choice stand where. What can be told without counting is.
pub(super) fn standings(on: &Connection, choice: &Choice) -> rusqlite::Result<BTreeMap<Standing, usize>> {
    let counted = match choice {
        // Owners, themes, quarters and tickets are counted by nobody beforehand.
        Choice { owner: Some(_), .. }
        | Choice { theme: Some(_), .. }
        | Choice { quarter: Some(_), .. }
        | Choice { ticket: Some(_), .. } => None,
        Choice { document: None, category: None, team: None, since: None, .. } => Some(("all", String::new())),
        Choice { document: Some(path), category: None, team: None, since: None, .. } => {
            Some(("document", path.clone()))
        }
        Choice { document: None, category: Some(name), team: None, since: None, .. } => {
            Some(("category", name.clone()))
        }
        Choice { document: None, category: None, team: Some(name), since: None, .. } => {
            Some(("team", name.to_ascii_lowercase()))
        }
        _ => None,
    };
    let read = match counted {
        Some((grouped, name)) => {
            let sql = "SELECT standing, many FROM ranked_count WHERE grouped = ?1 AND folded = ?2";
            rows(on, sql, [grouped, &name], |cells| Ok((cells.text()?, cells.number()?)))?
        }
        None => {
            let conditions = Conditions::of(choice);
            let sql = conditions.select("ranked.standing, count(*)", "GROUP BY ranked.standing");
            rows(on, &sql, conditions.parameters().as_slice(), |cells| Ok((cells.text()?, cells.number()?)))?
        }
    };
    Ok(read.into_iter().filter(|(standing, _)| choice.standing.is_none_or(|it| it == *standing)).collect())
}

/// How many challenges of each category or team stand where; those with the most broken promises come first.
pub(super) fn groups(on: &Connection, by: Grouped) -> rusqlite::Result<Vec<Group>> {
    let sql = match by {
        Grouped::Category => "SELECT folded, name, standing, many FROM ranked_count WHERE grouped = 'category'",
        Grouped::Team => "SELECT folded, name, standing, many FROM ranked_count WHERE grouped = 'team'",
        // Counted by the last judging, which is also what says who owns what.
        Grouped::Owner => {
            "SELECT lower(name), name, stood.key, stood.value FROM snapshot, json_each(counts, '$.standings') AS stood
             WHERE scope = 'team' AND day = (SELECT max(day) FROM snapshot) ORDER BY name COLLATE NOCASE, name"
        }
    };
    let counted: Vec<(String, String, Standing, usize)> =
        rows(on, sql, [], |cells| Ok((cells.take()?, cells.take()?, cells.text()?, cells.number()?)))?;
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for (folded, name, standing, many) in counted {
        let group = groups.entry(folded).or_insert_with(|| Group { name, standings: BTreeMap::new() });
        *group.standings.entry(standing).or_default() += many;
    }
    let mut groups: Vec<Group> = groups.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse((group.of(Standing::BrokenPromise), group.all())));
    Ok(groups)
}

/// Where a challenge of the documents in force stands.
pub(super) fn place(on: &Connection, challenge: &ChallengeId) -> rusqlite::Result<Option<Row>> {
    let sql = "SELECT document, position FROM ranked WHERE challenge = ?1";
    Ok(rows(on, sql, [&challenge.0], |cells| Ok((cells.take()?, cells.number()?)))?.into_iter().next())
}
