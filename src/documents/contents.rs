//! What the cells below a heading hold, for headings that do not tell by themselves: `Issue` may stand above what hurts or
//! above the tickets for it, `#` above counts or above the numbers of the rows.

use std::sync::LazyLock;

use memchr::memchr3;
use regex::Regex;

use super::layout::{Layout, Table};

/// What most cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Holds {
    /// Nobody has looked, or there is nothing to look at.
    #[default]
    Unknown,
    /// Anything else than what follows.
    Words,
    /// Tickets, and words behind them.
    Cited,
    /// Nothing but tickets.
    Tickets,
    /// Numbers, in no order.
    Counts,
    /// Numbers, each higher than the one above.
    Rising,
    /// 1, 2, 3 and so on.
    Places,
}

impl Holds {
    /// Whether it is tickets that the column is there for.
    pub(super) fn tickets(self) -> bool {
        matches!(self, Self::Tickets | Self::Cited)
    }

    fn numbers(numbers: &[u32]) -> Self {
        if numbers.len() >= 3 && (1..).zip(numbers).all(|(place, number)| place == *number) {
            Self::Places
        } else if numbers.windows(2).all(|pair| pair[0] < pair[1]) {
            Self::Rising
        } else {
            Self::Counts
        }
    }
}

/// As many rows are looked at: what a column is for shows in its first ones.
const LOOKED_AT: usize = 60;

static TICKET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"https?://\S+|\b[A-Z][A-Z0-9_]+-\d+\b|(?:\b[\w.-]+/[\w.-]+)?#\d+\b").expect("a constant pattern")
});
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?i:[~≈>≥#]|about |around |at least |ca?\. )?\s*(\d{1,6})\s*(?i:\+|x|×|times?|[.)])?$")
        .expect("a constant pattern")
});

/// No count has more bytes, the words around it included.
const LONGEST_NUMBER: usize = 40;

/// What a column of a table holds; nothing is known where cells have lost their places.
pub(super) fn of(layout: &Layout<'_>, table: &Table, nth: usize) -> Holds {
    if table.collapsed {
        return Holds::Unknown;
    }
    let mut tally = Tally::default();
    for cell in table.rows.iter().take(LOOKED_AT).filter_map(|row| row.cells.get(nth)) {
        let first = layout.links.partition_point(|link| link.span.start < cell.start);
        let linked = layout.links.get(first).is_some_and(|link| link.span.end <= cell.end);
        tally.add(&layout.prose.read(cell.clone()), linked);
    }
    tally.most()
}

/// How many cells hold what.
#[derive(Default)]
struct Tally {
    filled: usize,
    tickets: usize,
    cited: usize,
    numbers: Vec<u32>,
}

impl Tally {
    fn add(&mut self, cell: &str, linked: bool) {
        // A card shows no words until the page is open.
        let card = cell.is_empty() && linked;
        if !card && says_nothing(cell) {
            return;
        }
        self.filled += 1;
        // In every ticket's name stands one of these.
        let named = memchr3(b'#', b'/', b'-', cell.as_bytes()).and_then(|_| TICKET.find(cell));
        self.tickets += usize::from(card || named.is_some() && names_tickets_only(cell));
        let first = named.filter(|first| first.start() == 0);
        self.cited += usize::from(card || first.is_some_and(|first| !cell[first.end()..].starts_with(['-', '_'])));
        let number = if cell.len() > LONGEST_NUMBER { None } else { NUMBER.captures(cell) };
        self.numbers.extend(number.and_then(|found| found[1].parse::<u32>().ok()));
    }

    fn most(&self) -> Holds {
        match self.filled {
            0 => Holds::Unknown,
            filled if 2 * self.tickets > filled => Holds::Tickets,
            filled if 2 * self.cited > filled => Holds::Cited,
            filled if self.numbers.len() == filled => Holds::numbers(&self.numbers),
            _ => Holds::Words,
        }
    }
}

/// Whether a cell is as good as empty.
fn says_nothing(cell: &str) -> bool {
    !cell.contains(char::is_alphanumeric)
        || ["none", "none yet", "n/a", "tbd", "no", "unknown"].iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// Whether a cell that names tickets has no words of its own.
fn names_tickets_only(cell: &str) -> bool {
    const BETWEEN: [&str; 12] =
        ["and", "or", "see", "pr", "prs", "pull", "request", "issue", "issues", "ticket", "tickets", "gh"];
    let rest = TICKET.replace_all(cell, " ");
    let mut words = rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.all(|word| BETWEEN.contains(&word.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::{Holds, Tally};

    #[test]
    fn most_cells_say_what_a_column_holds() {
        for (cells, expected) in [
            (&["OPS-1", "OPS-2, OPS-3", ""][..], Holds::Tickets),
            (&["#7", "a/b#8", "—", "-"], Holds::Tickets),
            (&["PR #7", "https://github.com/a/b/pull/8", "none"], Holds::Tickets),
            (&["OPS-1 ✅", "OPS-2 and OPS-3"], Holds::Tickets),
            (&["#7 merged", "#8 open", "no"], Holds::Cited),
            (&["#7 merged", "waits for #8"], Holds::Words),
            (&["OPS-1", "Slow builds"], Holds::Words),
            (&["CVE-2024-1234"], Holds::Words),
            (&["1", "2", "3"], Holds::Places),
            (&["1.", "2."], Holds::Rising),
            (&["10", "20", "21"], Holds::Rising),
            (&["3x", "~1", "7+"], Holds::Counts),
            (&["1", "2", "two"], Holds::Words),
            (&["", "n/a"], Holds::Unknown),
        ] {
            let mut tally = Tally::default();
            cells.iter().for_each(|cell| tally.add(cell, false));
            assert_eq!(tally.most(), expected, "{cells:?}");
        }
    }
}
