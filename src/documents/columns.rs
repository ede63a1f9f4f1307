//! What the columns of a register hold, and the words that people use for it: those that are known anyway, and those that the
//! configuration adds.

use crate::domain::document::Headings;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Column {
    /// The category of the challenge.
    Category,
    /// What the challenge is.
    Title,
    /// What teams reported.
    Anecdotes,
    /// How often it was met.
    Occurrences,
    /// What is being done.
    Status,
    /// Where it is being done, beside a status: tickets and pull requests, in any number of columns.
    Remedy,
    /// Something else, in any number of columns.
    Other,
}

impl Column {
    /// Whether a table may have several of it.
    pub(super) fn comes_several_times(self) -> bool {
        matches!(self, Self::Remedy | Self::Other)
    }
}

/// A table with more columns is no register that people keep by hand.
pub(super) const MOST_COLUMNS: usize = 16;

/// The words for each column. Where a heading holds words of several (`Number of issues`, `Jira issue`, `Problem
/// area`), the earlier line wins: the plainest words, which also occur in the other headings, come last.
pub(super) const WORDS: [(Column, &[&str]); 6] = [
    (
        Column::Occurrences,
        &[
            "occurrence",
            "occurrences",
            "count",
            "counts",
            "number of",
            "no of",
            "# of",
            "times",
            "frequency",
            "hits",
            "how often",
            "votes",
            "+1",
            "+1s",
        ],
    ),
    (
        Column::Anecdotes,
        &[
            "anecdote",
            "anecdotes",
            "example",
            "examples",
            "report",
            "reports",
            "incidents",
            "stories",
            "evidence",
            "experiences",
            "impact",
        ],
    ),
    (Column::Status, &["status", "state"]),
    (
        Column::Remedy,
        &[
            "ticket",
            "tickets",
            "remedy",
            "remedies",
            "remediation",
            "mitigation",
            "mitigations",
            "fix",
            "fixes",
            "solution",
            "solutions",
            "resolution",
            "jira",
            "tracking",
            "tracked",
        ],
    ),
    (Column::Category, &["category", "categories", "area", "areas", "theme", "group", "component", "domain"]),
    (
        Column::Title,
        &[
            "issue",
            "issues",
            "challenge",
            "challenges",
            "problem",
            "problems",
            "title",
            "pain",
            "pain point",
            "friction",
        ],
    ),
];

/// The words of the configuration, as headings are compared.
#[derive(Debug, Default)]
pub(super) struct Own(pub(super) Vec<(Column, Vec<String>)>);

impl Own {
    pub(super) fn new(headings: &Headings) -> Self {
        let Headings { category, title, anecdotes, occurrences, status, tickets } = headings;
        let all = [
            (Column::Occurrences, occurrences),
            (Column::Anecdotes, anecdotes),
            (Column::Status, status),
            (Column::Remedy, tickets),
            (Column::Category, category),
            (Column::Title, title),
        ];
        Self(all.map(|(column, words)| (column, words.iter().map(|word| simplified(word)).collect())).to_vec())
    }
}

/// What a label announces that stands by itself; only by the plainest words, for lists of other things have labels too.
pub(super) fn named(label: &str, own: &Own) -> Option<Column> {
    let plain = simplified(label);
    if let Some((column, _)) = own.0.iter().find(|(_, words)| words.contains(&plain)) {
        return Some(*column);
    }
    WORDS.iter().find(|(_, words)| words.contains(&plain.as_str())).map(|(column, _)| *column)
}

/// Whether the columns make a table a register: a title, and something to say about it.
pub(super) fn make_a_register(columns: &[Column]) -> bool {
    let says = [Column::Anecdotes, Column::Occurrences, Column::Status];
    columns.len() <= MOST_COLUMNS && columns.contains(&Column::Title) && says.iter().any(|c| columns.contains(c))
}

/// Whether the columns look as if the table was meant to be a register.
pub(super) fn come_near(columns: &[Column]) -> bool {
    let has = |column| columns.contains(&column);
    has(Column::Anecdotes) && (has(Column::Occurrences) || has(Column::Status))
        || has(Column::Title) && has(Column::Category)
        || has(Column::Title) && columns.len() > MOST_COLUMNS
}

/// A heading in lower case, without what stands in parentheses and without punctuation.
pub(super) fn simplified(heading: &str) -> String {
    let (mut depth, mut plain) = (0_usize, String::new());
    for c in heading.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '#' => plain.push('#'),
            '+' if plain.trim().is_empty() => plain.push('+'),
            c if c.is_alphanumeric() => plain.extend(c.to_lowercase()),
            _ => plain.push(' '),
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Own, come_near, make_a_register};
    use crate::documents::contents::Holds;
    use crate::documents::headings::name;

    #[test]
    fn a_register_needs_a_title_and_something_about_it() {
        let headings = |header: &str| header.split('|').map(str::to_owned).collect::<Vec<_>>();
        let columns = |header: &str| name(&headings(header), &Own::default(), |_| Holds::Unknown);
        for (header, register, near) in [
            ("Issue|Status", true, false),
            ("Category|Issue|Status", true, true),
            ("Category|Issue|Owner", false, true),
            ("Anecdotes|Status", false, true),
            ("Issue|Owner", false, false),
            ("Name|Status", false, false),
        ] {
            let columns = columns(header);
            assert_eq!((make_a_register(&columns), come_near(&columns)), (register, near), "{header}");
        }
        assert!(!make_a_register(&columns(&format!("Issue|Status{}", "|x".repeat(20)))));
    }
}
