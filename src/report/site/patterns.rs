//! Patterns: what to invest in and why, rolled up by themes; what was met when and by whom; topics that return.

use std::collections::BTreeMap;

use askama::Template;
use chrono::{Datelike, NaiveDate};

use super::room::{Room, fitted};
use super::show::{self, name, title};
use super::{Frame, links};
use crate::domain::challenge::ChallengeId;
use crate::domain::pages::{Choice, Excerpt, Leaf, SoughtKind};
use crate::domain::theme::{Met, Patterns, Returning};
use crate::domain::verdict::Standing;
use crate::report::challenge::Row;
use crate::report::chip::Chip;
use crate::report::view::View;
use crate::report::{Report, words};

/// Quarters with a column of their own.
const QUARTERS: usize = 8;
/// Rows of one table.
const ROWS: usize = 15;
/// Teams with a column of their own.
const TEAMS: usize = 8;

#[derive(Template)]
#[template(path = "site/patterns.html")]
struct Page<'v> {
    frame: Frame<'v>,
    rows: &'v [&'v Row<'v>],
    themes: &'v [Rolled],
    categories: &'v Table,
    shared: &'v Table,
    topics: &'v [Returning],
    room: Room,
}

/// A theme with what is told of it.
struct Rolled {
    name: String,
    standings: Vec<(Standing, usize)>,
    teams: Vec<String>,
    all_teams: usize,
    /// Dated anecdotes of this quarter and the three before it.
    lately: usize,
    /// Of the four quarters before these.
    before: usize,
}

/// A table of counts.
struct Table {
    columns: Vec<String>,
    rows: Vec<Counted>,
    /// Rows that are left off.
    more: usize,
}

/// One row of it.
struct Counted {
    name: String,
    address: String,
    /// For each column how often, and where that is told.
    cells: Vec<(usize, Option<String>)>,
    /// What no column has.
    other: usize,
}

/// The page of patterns. `worst` are the first of all challenges to look at, `themes` says how many challenges of each theme
/// stand where, `titles` are those of challenges that the patterns name.
pub fn patterns(
    frame: Frame,
    worst: &Leaf<Excerpt>,
    patterns: &Patterns,
    themes: &[Met],
    titles: &BTreeMap<String, String>,
) -> String {
    let report = Report::new(&worst.shown.known, &worst.shown.judged, frame.now);
    let view = View::new(&report);
    let rows = view.in_order(&worst.shown.order);
    let quarters = quarters(frame.now.date_naive());
    let categories = table(&patterns.categories, &quarters, |category, quarter| {
        let quarter = quarter.and_then(|quarter| quarter.parse().ok());
        let choice = Choice { category: Some(category.to_owned()), quarter, ..Choice::default() };
        (show::category(category), links::challenges(&choice, 1))
    });
    let shared = table(&patterns.shared, &most_met(&patterns.shared), |id, team| {
        let told = titles.get(id).map_or(id, String::as_str);
        let address = links::challenge(&ChallengeId(id.to_owned()));
        (title(told), if team.is_some() { format!("{address}#story") } else { address })
    });
    let (themes, topics) = (rolled(themes, patterns, &quarters), &patterns.topics);
    fitted(|room| {
        let (rows, themes, categories, shared) = (&rows, &themes, &categories, &shared);
        super::rendered(&Page { frame, rows, themes, categories, shared, topics, room })
    })
}

/// The quarters that end with that of today, oldest first: `2021-Q3`.
fn quarters(today: NaiveDate) -> Vec<String> {
    let last = today.year() * 4 + i32::try_from(today.month0() / 3).unwrap_or_default();
    let first = last + 1 - i32::try_from(QUARTERS).unwrap_or_default();
    (first..=last).map(|nth| format!("{:04}-Q{}", nth.div_euclid(4), nth.rem_euclid(4) + 1)).collect()
}

/// Those who met most.
fn most_met(met: &[Met]) -> Vec<String> {
    let mut by: BTreeMap<&str, usize> = BTreeMap::new();
    met.iter().for_each(|met| *by.entry(&met.by).or_default() += met.many);
    let mut by: Vec<(&str, usize)> = by.into_iter().collect();
    by.sort_by_key(|(_, many)| std::cmp::Reverse(*many));
    by.into_iter().take(TEAMS).map(|(name, _)| name.to_owned()).collect()
}

/// Counts in rows and columns, those with the most first; `named` gives a row's name, and the address of what it counts, in a
/// column or at all.
fn table(met: &[Met], columns: &[String], named: impl Fn(&str, Option<&str>) -> (String, String)) -> Table {
    let mut rows: BTreeMap<&str, (Vec<usize>, usize)> = BTreeMap::new();
    for Met { what, by, many } in met {
        let (cells, other) = rows.entry(what).or_insert_with(|| (vec![0; columns.len()], 0));
        match columns.iter().position(|column| column == by) {
            Some(at) => cells[at] += many,
            None => *other += many,
        }
    }
    let mut rows: Vec<Counted> = rows
        .into_iter()
        .map(|(what, (cells, other))| {
            let (name, address) = named(what, None);
            let counted = cells.into_iter().zip(columns);
            let linked = |(many, column): (usize, &String)| (many, (many > 0).then(|| named(what, Some(column)).1));
            Counted { name, address, cells: counted.map(linked).collect(), other }
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.cells.iter().map(|(many, _)| many).sum::<usize>(), row.other)));
    let more = rows.len().saturating_sub(ROWS);
    rows.truncate(ROWS);
    Table { columns: columns.iter().map(name).collect(), rows, more }
}

fn rolled(themes: &[Met], patterns: &Patterns, quarters: &[String]) -> Vec<Rolled> {
    let mut names: Vec<&str> = themes.iter().map(|met| met.what.as_str()).collect();
    names.dedup();
    let (before, lately) = quarters.split_at(QUARTERS / 2);
    let of = |name: &str| {
        let many = |standing: Standing| {
            let here = themes.iter().filter(|met| met.what == name && met.by == standing.word());
            (standing, here.map(|met| met.many).sum())
        };
        let met_in = |some: &[String]| {
            let here = patterns.themes.iter().filter(|met| met.what == name && some.contains(&met.by));
            here.map(|met| met.many).sum()
        };
        let mut teams: Vec<&Met> = patterns.theme_teams.iter().filter(|met| met.what == name).collect();
        teams.sort_by_key(|met| std::cmp::Reverse(met.many));
        Rolled {
            name: name.to_owned(),
            standings: show::STANDINGS.into_iter().map(many).collect(),
            all_teams: teams.len(),
            teams: teams.iter().take(TEAMS).map(|met| met.by.clone()).collect(),
            lately: met_in(lately),
            before: met_in(before),
        }
    };
    let mut rolled: Vec<Rolled> = names.into_iter().map(of).collect();
    rolled.sort_by_key(|theme| std::cmp::Reverse((theme.standings[0].1, theme.lately)));
    rolled
}

impl Table {
    /// How dark a cell is, from 0 to 4: what stands out is said by its number as well.
    fn shade(&self, many: &usize) -> usize {
        let most = self.rows.iter().flat_map(|row| &row.cells).map(|(many, _)| *many).max().unwrap_or(0).max(1);
        (many * 4).div_ceil(most)
    }
}

impl Page<'_> {
    fn standing(&self, row: &Row) -> Chip {
        Chip::standing(row.standing)
    }

    fn challenge(&self, row: &Row) -> String {
        links::challenge(&row.challenge.id)
    }

    fn words(&self, standing: &Standing) -> &'static str {
        words::standing(*standing)
    }

    fn theme(&self, theme: &Rolled) -> String {
        links::challenges(&Choice { theme: Some(theme.name.clone()), ..Choice::default() }, 1)
    }

    fn standing_there(&self, theme: &Rolled, standing: &Standing) -> String {
        let (theme, standing) = (Some(theme.name.clone()), Some(*standing));
        links::challenges(&Choice { theme, standing, ..Choice::default() }, 1)
    }

    fn team(&self, team: &str) -> String {
        links::challenges(&Choice { team: Some(team.to_owned()), ..Choice::default() }, 1)
    }

    /// Whether others have it too.
    fn met_by(&self, theme: &Rolled) -> &'static str {
        match theme.all_teams {
            0 => "no team is named",
            1 => "one team alone",
            _ => "a challenge for other teams too",
        }
    }

    /// Whether it grows.
    fn course(&self, theme: &Rolled) -> String {
        let Rolled { lately, before, .. } = theme;
        let course = match lately.cmp(before) {
            std::cmp::Ordering::Greater => "met more often",
            std::cmp::Ordering::Less => "met less often",
            std::cmp::Ordering::Equal => "no change",
        };
        format!("{lately} in four quarters, {before} in the four before: {course}")
    }

    fn topic(&self, topic: &Returning) -> String {
        links::search(&topic.words, Some(SoughtKind::Topic), 1)
    }

    /// The first and the last of its days, each with where that is told.
    fn days(&self, topic: &Returning) -> Vec<(&'static str, String, String)> {
        let told = |head, day: &NaiveDate| (head, words::day(*day), links::meetings(*day, None, 1));
        let first = topic.days.first().map(|day| told("First:", day));
        first.into_iter().chain(topic.days.last().map(|day| told("Last:", day))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Counted, Met, quarters, table};

    #[test]
    fn quarters_end_with_that_of_today() {
        let told = quarters("2026-02-01".parse().unwrap());
        assert_eq!((told.len(), told[0].as_str(), told[7].as_str()), (8, "2024-Q2", "2026-Q1"));
        assert_eq!(quarters("2026-12-31".parse().unwrap())[7], "2026-Q4");
    }

    #[test]
    fn what_has_no_column_is_counted_all_the_same() {
        let met = |what: &str, by: &str, many| Met { what: what.to_owned(), by: by.to_owned(), many };
        let met = [met("a", "2020-Q1", 7), met("a", "2026-Q1", 1), met("b", "2026-Q1", 2)];
        let told =
            table(&met, &["2025-Q4".to_owned(), "2026-Q1".to_owned()], |what, _| (what.to_owned(), String::new()));
        let cells = |row: &Counted| row.cells.iter().map(|(many, _)| *many).collect::<Vec<_>>();
        let rows: Vec<_> = told.rows.iter().map(|row| (row.name.as_str(), cells(row), row.other)).collect();
        assert_eq!(rows, [("b", vec![0, 2], 0), ("a", vec![0, 1], 7)]);
        assert_eq!((told.shade(&0), told.shade(&1), told.shade(&2)), (0, 2, 4));
    }
}
