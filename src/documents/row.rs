//! One row's cells and the columns that they belong to.
//!
//! Where the form keeps cells in their places, position decides. Where it has lost them, what a cell holds decides: all
//! ways to lay the cells into the columns in their order are weighed, the best is taken, and a close second is said.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::cells::Filled;
use super::columns::{Column, MOST_COLUMNS};
use super::dates::{self, Exact};
use super::layout::Row;

/// Which bytes belong to which column, and what is odd about the row.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Placed {
    /// The columns that hold something, in the order of the line.
    pub(super) cells: Filled,
    /// What could not be understood whole, in words.
    pub(super) odd: Option<String>,
}

/// Joining two cells that a stray pipe has divided: allowed where there are too many, and never preferred.
const JOIN: i32 = -6;
/// Two readings whose weights differ by less are both likely.
const CLOSE: i32 = 3;
/// More cells than this beyond the header's are not told apart any more.
const MOST_SURPLUS: usize = 8;

/// Reads one row. `collapsed`: its cells have lost their places. `category_known`: a row above has a category.
pub(super) fn place(text: &str, row: &Row, columns: &[Column], collapsed: bool, category_known: bool) -> Placed {
    let all = &row.cells;
    let surplus = all.len().saturating_sub(columns.len());
    // Where empty cells have moved to the end of the row, the end of the row may have lost them.
    let only_shortened = collapsed && surplus == 0 && text[row.span.clone()].ends_with('|');
    let odd = (all.len() != columns.len() && !only_shortened).then(|| {
        let plural = if all.len() == 1 { "" } else { "s" };
        format!("the row has {} cell{plural} where the header has {}", all.len(), columns.len())
    });
    if !collapsed && surplus == 0 {
        let cells = columns.iter().copied().zip(all.iter().cloned()).filter(|(_, cell)| !cell.is_empty());
        return Placed { cells: cells.collect(), odd };
    }
    let mut filled: Vec<Range<usize>> = all.iter().filter(|cell| !cell.is_empty()).cloned().collect();
    let most = columns.len() + MOST_SURPLUS;
    if filled.len() > most {
        filled[most - 1] = joined(&filled[most - 1..], row.span.start);
        filled.truncate(most);
    }
    let joins = filled.len().saturating_sub(columns.len()).max(surplus.min(MOST_SURPLUS));
    let weighing = Weighing { text, row: row.span.start, columns, filled: &filled, joins, category_known };
    let (best, second) = weighing.best_two();
    let cells = weighing.ranges(&best.1);
    let odd = odd.map(|odd| if surplus > 0 { format!("{odd}, so a pipe may stand inside one") } else { odd });
    let odd = odd.or_else(|| {
        let second = second.filter(|second| best.0 - second.0 < CLOSE)?;
        Some(format!("the row can be read as {} or as {}", words(&cells), words(&weighing.ranges(&second.1))))
    });
    Placed { cells, odd }
}

/// What can hardly be meant where cells keep their places: they may all have moved by one.
pub(super) fn misplaced(text: &str, cells: &[(Column, Range<usize>)]) -> Option<String> {
    let wrong = cells.iter().find(|(column, cell)| {
        let cell = &text[cell.clone()];
        match column {
            Column::Title => COUNT.is_match(cell) || is_dated(cell),
            Column::Anecdotes => COUNT.is_match(cell),
            _ => false,
        }
    });
    let (column, cell) = wrong?;
    let start = &text[cell.start..text.floor_char_boundary(cell.end.min(cell.start + 40))];
    Some(format!("`{start}` can hardly be the {}: the cells may have moved", word(*column)))
}

/// The columns of a reading, as people call them.
fn words(cells: &[(Column, Range<usize>)]) -> String {
    cells.iter().map(|(column, _)| word(*column)).collect::<Vec<_>>().join(", ")
}

fn word(column: Column) -> &'static str {
    match column {
        Column::Category => "category",
        Column::Title => "title",
        Column::Anecdotes => "anecdote",
        Column::Occurrences => "count",
        Column::Status => "status",
        Column::Remedy => "tickets",
        Column::Other => "other",
    }
}

/// A way to lay cells into columns: its weight, and for each column how many cells it takes.
type Reading = (i32, [u8; MOST_COLUMNS]);

struct Weighing<'a> {
    text: &'a str,
    /// Where the row starts.
    row: usize,
    columns: &'a [Column],
    filled: &'a [Range<usize>],
    /// How many cells may be joined to their neighbour in all.
    joins: usize,
    category_known: bool,
}

impl Weighing<'_> {
    /// The two heaviest readings. Built from the last column to the first: for each number of cells already laid and
    /// each column, the two best ways to go on.
    fn best_two(&self) -> (Reading, Option<Reading>) {
        let traits: Vec<Traits> = self.filled.iter().map(|cell| Traits::of(&self.text[cell.clone()])).collect();
        let cells = self.filled.len();
        let mut after: Vec<Vec<Reading>> = vec![Vec::new(); cells + 1];
        after[cells].push((0, [0; MOST_COLUMNS]));
        let mut ways = Vec::new();
        for (nth, &column) in self.columns.iter().enumerate().rev() {
            let mut here = Vec::with_capacity(cells + 1);
            for from in 0..=cells {
                let mut whole = Traits::default();
                for take in 0..=(cells - from).min(self.joins + 1) {
                    let weight = match take {
                        0 => self.left_empty(column),
                        _ => {
                            whole = if take == 1 { traits[from] } else { whole.joined(traits[from + take - 1]) };
                            whole.weight(column) + JOIN * signed(take - 1)
                        }
                    };
                    for (rest, mut takes) in after[from + take].iter().copied() {
                        takes[nth] = u8::try_from(take).unwrap_or(u8::MAX);
                        ways.push((rest + weight, takes));
                    }
                }
                ways.sort_by_key(|way: &Reading| std::cmp::Reverse(way.0));
                here.push(ways.iter().copied().take(2).collect());
                ways.clear();
            }
            after = here;
        }
        let mut ways = after.swap_remove(0).into_iter();
        (ways.next().unwrap_or((0, [0; MOST_COLUMNS])), ways.next())
    }

    fn left_empty(&self, column: Column) -> i32 {
        match column {
            Column::Title => -20,
            Column::Category if !self.category_known => -3,
            _ => 0,
        }
    }

    fn ranges(&self, takes: &[u8; MOST_COLUMNS]) -> Filled {
        let mut from = 0;
        let mut ranges = Filled::new();
        for (column, take) in self.columns.iter().zip(takes.iter().copied().map(usize::from)) {
            if take > 0 {
                ranges.push((*column, joined(&self.filled[from..from + take], self.row)));
            }
            from += take;
        }
        ranges
    }
}

/// Cells that a stray divider has made of one, of a row that starts at `row`. One that is merged with the cell above stands
/// there, and is joined with none: the others are one.
fn joined(cells: &[Range<usize>], row: usize) -> Range<usize> {
    let mut joined = cells[0].clone();
    for next in &cells[1..] {
        match (joined.start < row, next.start < row) {
            (_, true) => {}
            (true, false) => joined = next.clone(),
            (false, false) => joined.end = joined.end.max(next.end),
        }
    }
    joined
}

/// A small number of cells.
fn signed(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX / 100)
}

/// What can be told of a cell by looking at it.
#[derive(Debug, Clone, Copy, Default)]
struct Traits {
    length: usize,
    count: bool,
    dated: bool,
    /// Starts with a link, a ticket or a note.
    starts_with_ticket: bool,
    holds_link: bool,
    status_word: bool,
}

static COUNT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?i:(?:[~≈>≥]|about |around |at least |ca?\. )?\s*\d{1,6}\s*(?:\+|x|×|times?)?)$")
        .expect("a constant pattern")
});
static TICKET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:<?https?://|\[[^\]]{1,200}\]\(|[A-Z][A-Z0-9_]+-\d+\b|[\w-]+/[\w.-]+#\d|(?i:note\s*:))")
        .expect("a constant pattern")
});
static STATUS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?i:(?:to ?do|open|closed|done|fixed|resolved|in (?:progress|review)|wip|blocked|won'?t (?:do|fix)|none|n/?a|tbd|not started|on hold)\W*)$",
    )
    .expect("a constant pattern")
});

/// Whether a cell starts with a date as anecdotes do.
fn is_dated(cell: &str) -> bool {
    dates::leading(cell).is_some_and(|written| {
        let then = cell[written.span.end..].trim_start();
        written.exact == Exact::Day || then.is_empty() || then.starts_with([':', '-', '–', '—', '(', '['])
    })
}

impl Traits {
    fn of(cell: &str) -> Self {
        Self {
            length: cell.chars().take(1000).count(),
            count: COUNT.is_match(cell),
            dated: is_dated(cell),
            starts_with_ticket: TICKET.is_match(cell),
            holds_link: cell.contains("://"),
            status_word: STATUS.is_match(cell),
        }
    }

    /// Of two cells that are one: how it starts is how the first one starts.
    fn joined(self, next: Self) -> Self {
        let (length, holds_link) = (self.length + next.length, self.holds_link || next.holds_link);
        Self { length, holds_link, count: false, status_word: false, ..self }
    }

    /// How well such a cell fits a column. Figures are ranks: what a cell must be weighs 8, what it can hardly be as
    /// much against it, a mere likeness less.
    fn weight(self, column: Column) -> i32 {
        let Self { length, count, dated, starts_with_ticket, holds_link, status_word } = self;
        match column {
            Column::Category if count || dated || starts_with_ticket => -10,
            Column::Category if status_word => -4,
            Column::Category => [(60, 3), (120, 1)].iter().find(|(most, _)| length <= *most).map_or(-6, |(_, w)| *w),
            // Rather a row without a title than a challenge named `May 5, 2020: …`.
            Column::Title if count || dated => -25,
            Column::Title if starts_with_ticket => -6,
            Column::Title if status_word => -3,
            Column::Title => [(120, 4), (200, 1)].iter().find(|(most, _)| length <= *most).map_or(-4, |(_, w)| *w),
            Column::Anecdotes if count => -10,
            Column::Anecdotes if dated => 8,
            Column::Anecdotes if status_word => -2,
            Column::Anecdotes if starts_with_ticket => {
                if length > 120 {
                    0
                } else {
                    -3
                }
            }
            Column::Anecdotes => {
                if length > 120 {
                    5
                } else {
                    1
                }
            }
            Column::Occurrences => {
                if count {
                    8
                } else {
                    -20
                }
            }
            Column::Status if count => -6,
            Column::Status if dated => -4,
            Column::Status if starts_with_ticket => 8,
            Column::Status if status_word => 5,
            Column::Status => match (length > 200, holds_link) {
                (true, _) => -2,
                (false, true) => 3,
                (false, false) => 0,
            },
            Column::Remedy if starts_with_ticket => 8,
            Column::Remedy if count || dated => -6,
            Column::Remedy if holds_link => 3,
            // Words are rather the status that stands beside.
            Column::Remedy => -4,
            Column::Other => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Row, misplaced, place};
    use crate::documents::columns::Column::{self, Anecdotes, Category, Occurrences, Other, Remedy, Status, Title};

    const USUAL: [Column; 5] = [Category, Title, Anecdotes, Occurrences, Status];

    /// `C=… T=…`, and `?` at the end when something is odd.
    fn read(line: &str, columns: &[Column], collapsed: bool, category_known: bool) -> String {
        let placed = place(line, &Row::piped(line, 0..line.len()), columns, collapsed, category_known);
        let odd = placed.odd.or_else(|| misplaced(line, &placed.cells).filter(|_| !collapsed));
        let letter = |column| match column {
            Category => 'C',
            Title => 'T',
            Anecdotes => 'A',
            Occurrences => 'N',
            Status => 'S',
            Remedy => 'R',
            Other => '-',
        };
        let cells = placed.cells.iter().map(|(column, cell)| format!("{}={}", letter(*column), &line[cell.clone()]));
        let mut cells: Vec<String> = cells.collect();
        cells.extend(odd.map(|_| "?".to_owned()));
        cells.join(" ")
    }

    fn prose() -> String {
        "The build waits for a lock that nobody holds. ".repeat(4).trim().to_owned()
    }

    #[test]
    fn collapsed_cells_are_known_by_what_they_hold() {
        let prose = prose();
        for (line, expected) in [
            ("CI | Slow tests | May 5, 2020: waited | 2 | |", "C=CI T=Slow tests A=May 5, 2020: waited N=2"),
            ("Slow tests | May 5, 2020: waited | 1 | ||", "T=Slow tests A=May 5, 2020: waited N=1"),
            ("Slow tests | https://j.example/browse/A-1 | |||", "T=Slow tests S=https://j.example/browse/A-1"),
            ("Slow tests | 3 | |||", "T=Slow tests N=3"),
            ("Slow tests | | |||", "T=Slow tests"),
            ("Slow tests | in progress ||||", "T=Slow tests S=in progress"),
            (&format!("Slow tests | {prose} | |||"), &format!("T=Slow tests A={prose}")),
            (&format!("CI | Slow | {prose} | A-1 Note: no | |"), &format!("C=CI T=Slow A={prose} S=A-1 Note: no")),
            (
                &format!("Slow | {prose} https://x.example | A-1 | ||"),
                &format!("T=Slow A={prose} https://x.example S=A-1"),
            ),
        ] {
            assert_eq!(read(line, &USUAL, true, true), expected, "{line}");
        }
    }

    #[test]
    fn a_row_that_can_be_read_two_ways_says_so() {
        let line = "CI | Slow tests | 2 | ||";
        assert_eq!(read(line, &USUAL, true, true), "C=CI T=Slow tests N=2 ?");
        assert_eq!(read(line, &USUAL, true, false), "C=CI T=Slow tests N=2");
        let placed = place(line, &Row::piped(line, 0..line.len()), &USUAL, true, true);
        insta::assert_snapshot!(placed.odd.unwrap(), @"the row can be read as category, title, count or as title, anecdote, count");
        assert_eq!(read("Slow | short story | 2 |", &[Title, Anecdotes, Occurrences], true, false).find('?'), None);
    }

    #[test]
    fn stray_pipes_lose_nothing() {
        let line = "CI | Slow | May 5, 2020: a | b happened | 2 | A-1 |";
        assert_eq!(read(line, &USUAL, true, true), "C=CI T=Slow A=May 5, 2020: a | b happened N=2 S=A-1 ?");
        let line = "| CI | Slow | May 5, 2020: a | b happened | 2 | A-1 |";
        assert_eq!(read(line, &USUAL, false, true), "C=CI T=Slow A=May 5, 2020: a | b happened N=2 S=A-1 ?");
        let many = format!("Slow | {}", "x | ".repeat(500));
        let placed = place(&many, &Row::piped(&many, 0..many.len()), &USUAL, true, true);
        assert_eq!(placed.cells.last().unwrap().1.end, many.trim_end_matches([' ', '|']).len());
    }

    #[test]
    fn too_few_cells_are_said() {
        assert_eq!(read("CI | Slow | May 5, 2020: a", &USUAL, true, true), "C=CI T=Slow A=May 5, 2020: a ?");
        assert_eq!(read("| CI | Slow |", &USUAL, false, true), "C=CI T=Slow ?");
        assert_eq!(read("CI | Slow | May 5, 2020: a | 1 |", &USUAL, true, true), "C=CI T=Slow A=May 5, 2020: a N=1");
    }

    #[test]
    fn positions_count_where_they_are_kept() {
        assert_eq!(read("| | Slow | | 2 |  |", &USUAL, false, true), "T=Slow N=2");
        assert_eq!(read("| | Slow | 2 | |  |", &USUAL, false, true), "T=Slow A=2 ?");
        assert_eq!(read("| Slow | May 5, 2020: x | | |  |", &USUAL, false, true), "C=Slow T=May 5, 2020: x ?");
        assert_eq!(read("| A-1 | 2 | Slow |", &[Status, Occurrences, Title], false, true), "S=A-1 N=2 T=Slow");
    }

    #[test]
    fn tickets_beside_a_status_are_told_from_it() {
        let columns = [Title, Status, Remedy];
        for (line, expected) in [
            ("Slow | in progress | A-1 |", "T=Slow S=in progress R=A-1"),
            ("Slow | open ||", "T=Slow S=open"),
            ("Slow | waits for the new disk ||", "T=Slow S=waits for the new disk"),
        ] {
            assert_eq!(read(line, &columns, true, true), expected, "{line}");
        }
        assert_eq!(read("Slow | A-1 | open |", &[Title, Remedy, Status], true, true), "T=Slow R=A-1 S=open");
    }

    #[test]
    fn the_rest_of_a_broken_row_makes_no_challenge() {
        assert_eq!(read("May 5, 2020: a | 2 | |||", &USUAL, true, true), "A=May 5, 2020: a N=2");
    }

    #[test]
    fn columns_may_stand_in_any_order() {
        let columns = [Status, Title, Other, Occurrences, Anecdotes];
        let line = "https://j.example/browse/A-1 | Slow | Ann | 2 | May 5, 2020: x |";
        assert_eq!(
            read(line, &columns, true, true),
            "S=https://j.example/browse/A-1 T=Slow -=Ann N=2 A=May 5, 2020: x"
        );
        assert_eq!(read("Slow | 2 | May 5, 2020: x | ||", &columns, true, true), "T=Slow N=2 A=May 5, 2020: x");
    }
}
