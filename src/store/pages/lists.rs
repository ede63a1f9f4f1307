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
    /// Those of a choice; `in_order` is for lists that are read in order of rank.
    fn of(choice: &'a Choice, in_order: bool) -> Self {
        let from = match choice.team {
            Some(_) => "ranked_team JOIN ranked USING (challenge)",
            None => "ranked",
        };
        let mut conditions = Self { from, told: Vec::new(), parameters: Vec::new() };
        if let Some(team) = &choice.team {
            conditions.add("ranked_team.team = ?", team);
            // The same again, so that the index of teams shows it.
            if let Some(standing) = choice.standing {
                conditions.add("ranked_team.standing = ?", AsText(standing));
            }
        }
        if let Some(standing) = choice.standing {
            // What has no index of its own is looked at row by row in the index that has all of it, which is in order of
            // rank: that of standings would lead to every row instead.
            let Choice { owner, theme, quarter, since, .. } = choice;
            let row_by_row = owner.is_some() || theme.is_some() || quarter.is_some() || in_order && since.is_some();
            conditions.add(if row_by_row { "+ranked.standing = ?" } else { "ranked.standing = ?" }, AsText(standing));
        }
        if let Some(category) = &choice.category {
            conditions.add("ranked.category = ?", category);
        }
        match choice.owner.as_deref() {
            Some("") => conditions.told.push("ranked.owners = '[]'".to_owned()),
            Some(owner) => conditions.has("owners", owner.to_ascii_lowercase()),
            None => {}
        }
        if let Some(theme) = &choice.theme {
            conditions.has("themes", theme);
        }
        if let Some(quarter) = choice.quarter {
            conditions.has("quarters", quarter.to_string());
        }
        if let Some(ticket) = &choice.ticket {
            conditions.add(
                "(ranked.document, ranked.position) IN (SELECT document, challenge FROM reference WHERE ticket = ?)",
                AsText(ticket),
            );
        }
        if let Some(document) = &choice.document {
            conditions.add("ranked.document = ?", document);
        }
        if let Some(since) = choice.since {
            // Moments are text that sorts as they do.
            conditions.add("ranked.since >= ?", since.to_string());
        }
        conditions
    }

    /// A condition in which the parameter stands as `?`.
    fn add(&mut self, condition: &str, parameter: impl ToSql + 'a) {
        self.parameters.push(Box::new(parameter));
        self.told.push(condition.replace('?', &format!("?{}", self.parameters.len())));
    }

    /// That a JSON list of names has this one: within a name no quotation mark follows a bracket or a comma, for it is
    /// escaped there.
    fn has(&mut self, list: &str, name: impl ToSql + 'a) {
        let opens = |mark: &str| format!("instr(ranked.{list}, '{mark}' || json_quote(?))");
        self.add(&format!("({} OR {})", opens("["), opens(",")), name);
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
    let conditions = Conditions::of(choice, true);
    let order = if choice.document.is_some() { "ranked.position" } else { "ranked.priority, ranked.challenge" };
    // What is passed over is counted off in an index, and only what is shown is read.
    let shown = conditions
        .select("ranked.challenge", &format!("ORDER BY {order} LIMIT {} OFFSET {}", number(size), number(after)));
    let sql = format!("SELECT challenge, document, position FROM ranked WHERE challenge IN ({shown}) ORDER BY {order}");
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
            let conditions = Conditions::of(choice, false);
            // Grouping would sort what is in another order already.
            let counts = Standing::ALL.map(|it| format!("count(*) FILTER (WHERE ranked.standing = '{}')", it.word()));
            let sql = conditions.select(&counts.join(", "), "");
            let read = |row: &rusqlite::Row<'_>| {
                let mut cells = Cells::of(row);
                Standing::ALL.into_iter().map(|standing| Ok((standing, cells.number()?))).collect()
            };
            let counted: Vec<(Standing, usize)> = on.query_row(&sql, conditions.parameters().as_slice(), read)?;
            counted.into_iter().filter(|(_, many)| *many > 0).collect()
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
