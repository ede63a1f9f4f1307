//! The headings of a table into its columns: by the words in them, and by what stands below where words do not tell.

use std::cell::OnceCell;

use super::columns::{Column, Own, WORDS, simplified};
use super::contents::Holds;

/// Words that mean a column only where no heading says it more plainly, and only as the whole heading: lists of other
/// things have them too.
const VAGUE: [(Column, &[&str]); 4] = [
    (Column::Occurrences, &["#", "no", "number"]),
    (Column::Title, &["topic", "summary", "description"]),
    (Column::Status, &["action", "actions", "link", "links"]),
    (Column::Anecdotes, &["details", "notes", "comments", "description"]),
];

/// Whole headings of columns that name the work, and of many other tables: they make no register.
const PULLS: &[&str] = &["pr", "prs", "pull request", "pull requests", "merge request", "merge requests", "mr", "mrs"];

/// Whole headings of columns that name the work where tickets stand below.
const FIXED: &[&str] =
    &["fixed in", "fixed by", "resolved in", "resolved by", "solved by", "closed by", "github", "gitlab"];

/// Headings with these tell something about tickets instead of naming them.
const ABOUT: &[&str] = &[
    "version",
    "versions",
    "owner",
    "author",
    "assignee",
    "reviewer",
    "team",
    "date",
    "type",
    "title",
    "summary",
    "description",
    "priority",
    "component",
    "name",
    "count",
];

/// Headings with these name tickets that are near to the challenge, and its remedy where no others are named.
const NEAR: &[&str] = &["related", "linked", "parent", "see also"];

/// Headings with these name the trouble, or the same trouble elsewhere.
const TROUBLE: &[&str] = &[
    "incident",
    "incidents",
    "outage",
    "outages",
    "rca",
    "postmortem",
    "cause",
    "caused",
    "duplicate",
    "duplicates",
    "duplicated",
    "similar",
];

/// Whole headings of columns that name no challenge, whatever stands below.
const NO_TITLE: &[&str] = &[
    "owner",
    "assignee",
    "reporter",
    "author",
    "contact",
    "who",
    "team",
    "date",
    "day",
    "week",
    "month",
    "quarter",
    "sprint",
    "milestone",
    "priority",
    "severity",
    "type",
    "kind",
    "id",
    "#",
    "no",
    "number",
];

/// What each column of a header holds; each kind that comes once at most once, the plainest heading first. `below` tells
/// what stands below a heading, and is asked once, only where that matters. The words of the configuration come before all
/// others, whatever stands below.
pub(super) fn name(headings: &[String], own: &Own, below: impl Fn(usize) -> Holds) -> Vec<Column> {
    let plain: Vec<String> = headings.iter().map(|heading| simplified(heading)).collect();
    let seen = vec![OnceCell::new(); plain.len()];
    let below = |at: usize| *seen[at].get_or_init(|| below(at));
    let named = |strict| Naming::new(&plain, own, &below, strict).columns();
    // Tickets are no title, unless there is nothing else.
    let columns = named(true);
    if columns.contains(&Column::Title) { columns } else { named(false) }
}

struct Naming<'a> {
    plain: &'a [String],
    own: &'a Own,
    below: &'a dyn Fn(usize) -> Holds,
    /// Whether a column of tickets cannot be the title.
    strict: bool,
    columns: Vec<Column>,
    /// Which columns may stand for a status where there is none.
    stands_in: Vec<bool>,
}

fn exact(heading: &str, words: &[&str]) -> bool {
    words.contains(&heading)
}

/// Whether one of `words`, of which some are several, stands in a heading, which has one blank between its own.
fn holds(heading: &str, words: &[&str]) -> bool {
    let starts = || std::iter::once(0).chain(heading.match_indices(' ').map(|(blank, _)| blank + 1));
    let stands = |word: &str, at: usize| {
        let behind = heading[at..].strip_prefix(word);
        behind.is_some_and(|behind| behind.is_empty() || behind.starts_with(' '))
    };
    words.iter().any(|word| starts().any(|at| stands(word, at)))
}

/// Whether a heading names what `Issue` names.
fn names_issues(heading: &str) -> bool {
    WORDS.iter().any(|(column, words)| *column == Column::Title && holds(heading, words))
}

impl<'a> Naming<'a> {
    fn new(plain: &'a [String], own: &'a Own, below: &'a dyn Fn(usize) -> Holds, strict: bool) -> Self {
        let (columns, stands_in) = (vec![Column::Other; plain.len()], vec![false; plain.len()]);
        Self { plain, own, below, strict, columns, stands_in }
    }

    fn columns(mut self) -> Vec<Column> {
        self.plainly();
        let plainly = self.has(Column::Title);
        self.by_tickets(plainly);
        self.vaguely(Column::Occurrences);
        if self.tells() {
            self.vaguely(Column::Title);
        }
        if !self.has(Column::Title) {
            self.title_beside_tickets();
        }
        self.stand_in();
        if plainly || self.has(Column::Anecdotes) || self.has(Column::Occurrences) {
            self.vaguely(Column::Status);
        }
        // Beside a status, notes are what teams tell; alone they may be anything.
        if self.has(Column::Title) && self.has(Column::Status) {
            self.vaguely(Column::Anecdotes);
        }
        // Nothing stands above the first column of such a table because everybody sees what it is.
        let unnamed = self.plain.first().is_some_and(String::is_empty) && self.columns[0] == Column::Other;
        let numbered = || matches!((self.below)(0), Holds::Places | Holds::Rising);
        if unnamed && self.has(Column::Title) && !self.has(Column::Category) && !numbered() {
            self.columns[0] = Column::Category;
        }
        self.columns
    }

    fn has(&self, column: Column) -> bool {
        self.columns.contains(&column)
    }

    /// Whether something is told of what the rows name.
    fn tells(&self) -> bool {
        [Column::Status, Column::Anecdotes, Column::Occurrences].iter().any(|column| self.has(*column))
            || self.stands_in.contains(&true)
    }

    /// The first free column that fits.
    fn first(&self, fits: impl Fn(usize) -> bool) -> Option<usize> {
        (0..self.columns.len()).find(|at| self.columns[*at] == Column::Other && fits(*at))
    }

    /// Whether a column may be of this kind, whatever its heading says.
    fn may_be(&self, at: usize, column: Column) -> bool {
        let heading = &self.plain[at];
        let apart = holds(heading, NEAR) || holds(heading, TROUBLE);
        match column {
            Column::Title => !(apart || self.strict && (self.below)(at) == Holds::Tickets),
            Column::Remedy => !(apart || holds(heading, ABOUT)),
            _ => true,
        }
    }

    fn plainly(&mut self) {
        let own = self.own;
        for matches in [exact, holds] {
            for (column, words) in &own.0 {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                self.give(*column, |naming, at| matches(&naming.plain[at], &words));
            }
        }
        for matches in [exact, holds] {
            for (column, words) in &WORDS {
                self.give(*column, |naming, at| matches(&naming.plain[at], words) && naming.may_be(at, *column));
            }
        }
    }

    /// Lets the first column that fits be of this kind, or every one of them where it comes several times.
    fn give(&mut self, column: Column, fits: impl Fn(&Self, usize) -> bool) {
        while !self.has(column) || column.comes_several_times() {
            let Some(at) = self.first(|at| fits(self, at)) else { break };
            (self.columns[at], self.stands_in[at]) = (column, column == Column::Remedy);
        }
    }

    /// Headings that name where the work is done if they stand above tickets, or beside other columns that make a register.
    /// `Issue` is the plainest of them, where another heading says what hurts.
    fn by_tickets(&mut self, plainly: bool) {
        for at in 0..self.columns.len() {
            let heading = &self.plain[at];
            if self.columns[at] != Column::Other || !self.may_be(at, Column::Remedy) {
                continue;
            }
            let named = (exact(heading, FIXED) || names_issues(heading)) && (self.below)(at).tickets();
            if named || exact(heading, PULLS) {
                (self.columns[at], self.stands_in[at]) = (Column::Remedy, named && plainly);
            }
        }
        // What is only near is better than nothing.
        let is_near = |heading: &str| holds(heading, NEAR) && !(holds(heading, TROUBLE) || holds(heading, ABOUT));
        let near = |naming: &Self| naming.first(|at| is_near(&naming.plain[at]));
        let told = |at: usize| {
            self.columns[at] == Column::Remedy || self.columns[at] == Column::Status && (self.below)(at).tickets()
        };
        if near(self).is_some() && !(0..self.columns.len()).any(told) {
            while let Some(at) = near(self) {
                (self.columns[at], self.stands_in[at]) = (Column::Remedy, true);
            }
        }
    }

    fn vaguely(&mut self, column: Column) {
        if self.has(column) {
            return;
        }
        let words = VAGUE.iter().filter(|(kind, _)| *kind == column).flat_map(|(_, words)| *words);
        let words: Vec<&str> = words.copied().collect();
        let numbers_rows = |at: usize| match (self.below)(at) {
            Holds::Counts => false,
            Holds::Places => true,
            // What stands in front of everything numbers the rows.
            _ => at == 0,
        };
        let fits = |at: usize| {
            exact(&self.plain[at], &words)
                && self.may_be(at, column)
                && !(column == Column::Occurrences && numbers_rows(at))
        };
        if let Some(at) = self.first(fits) {
            self.columns[at] = column;
        }
    }

    /// Where `Issue` stands above tickets and no heading says what hurts, it is what stands in front of them, or in notes.
    fn title_beside_tickets(&mut self) {
        let tickets =
            (0..self.columns.len()).find(|at| self.columns[*at] == Column::Remedy && names_issues(&self.plain[*at]));
        let told = [Column::Status, Column::Anecdotes, Column::Occurrences].iter().any(|column| self.has(*column));
        let Some(tickets) = tickets.filter(|_| told) else { return };
        let words = |at: usize| matches!((self.below)(at), Holds::Words | Holds::Unknown);
        let in_front = self.first(|at| at < tickets && words(at) && !exact(&self.plain[at], NO_TITLE));
        let noted = || self.first(|at| words(at) && exact(&self.plain[at], &["notes", "details", "comments", "name"]));
        if let Some(at) = in_front.or_else(noted) {
            self.columns[at] = Column::Title;
        }
    }

    /// Without a status, the first of the columns that name the work says what is being done.
    fn stand_in(&mut self) {
        if self.has(Column::Status) {
            return;
        }
        let first = (0..self.columns.len()).find(|at| self.columns[*at] == Column::Remedy && self.stands_in[*at]);
        if let Some(at) = first {
            self.columns[at] = Column::Status;
        }
    }
}
