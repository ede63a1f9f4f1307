//! A table's header: which column holds what, by the words that people use for it, and by those that the configuration adds.

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
    /// Something else.
    Other,
}

/// A table with more columns is no register that people keep by hand.
pub(super) const MOST_COLUMNS: usize = 16;

/// The words for each column. Where a heading holds words of several (`Number of issues`, `Jira issue`, `Problem
/// area`), the earlier line wins: the plainest words, which also occur in the other headings, come last.
const WORDS: [(Column, &[&str]); 5] = [
    (
        Column::Occurrences,
        &[
            "occurrence",
            "occurrences",
            "count",
            "counts",
            "number",
            "times",
            "frequency",
            "#",
            "no",
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
    (
        Column::Status,
        &[
            "status",
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

/// Words that mean a column only where no heading says it more plainly, and only as the whole heading: lists of other
/// things have them too.
const VAGUE: [(Column, &[&str]); 3] = [
    (Column::Title, &["topic", "summary", "description"]),
    (Column::Status, &["action", "actions", "link", "links"]),
    (Column::Anecdotes, &["details", "notes", "comments", "description"]),
];

/// The words of the configuration, as headings are compared.
#[derive(Debug, Default)]
pub(super) struct Own(Vec<(Column, Vec<String>)>);

impl Own {
    pub(super) fn new(headings: &Headings) -> Self {
        let Headings { category, title, anecdotes, occurrences, status } = headings;
        let all = [
            (Column::Occurrences, occurrences),
            (Column::Anecdotes, anecdotes),
            (Column::Status, status),
            (Column::Category, category),
            (Column::Title, title),
        ];
        Self(all.map(|(column, words)| (column, words.iter().map(|word| simplified(word)).collect())).to_vec())
    }
}

/// What each column of a header holds; each kind but [`Column::Other`] at most once, the plainest heading first.
pub(super) fn name(headings: &[String], own: &Own) -> Vec<Column> {
    let plain: Vec<String> = headings.iter().map(|heading| simplified(heading)).collect();
    let mut columns = vec![Column::Other; headings.len()];
    let exact = |heading: &str, words: &[&str]| words.contains(&heading);
    let holds = |heading: &str, words: &[&str]| {
        let padded = format!(" {heading} ");
        // `Issue number` and `Issue #` name an issue, `Number of …` counts.
        let counts = |word: &str| !matches!(word, "number" | "no" | "#") || padded.starts_with(&format!(" {word} of "));
        words.iter().any(|word| padded.contains(&format!(" {word} ")) && counts(word))
    };
    let own: Vec<(Column, Vec<&str>)> =
        own.0.iter().map(|(column, words)| (*column, words.iter().map(String::as_str).collect())).collect();
    let own: Vec<(Column, &[&str])> = own.iter().map(|(column, words)| (*column, words.as_slice())).collect();
    for words in [own.as_slice(), &WORDS] {
        for matches in [&exact as &dyn Fn(&str, &[&str]) -> bool, &holds] {
            for (column, words) in words {
                if columns.contains(column) {
                    continue;
                }
                let free = |at: &usize| columns[*at] == Column::Other && matches(&plain[*at], words);
                if let Some(at) = (0..columns.len()).find(free) {
                    columns[at] = *column;
                }
            }
        }
    }
    let plainly = columns.contains(&Column::Title);
    for (column, words) in &VAGUE {
        // Beside a status, notes are what teams tell; alone they may be anything.
        let has = |column| columns.contains(&column);
        let helps = match column {
            Column::Status => plainly || has(Column::Anecdotes) || has(Column::Occurrences),
            Column::Anecdotes => has(Column::Title) && has(Column::Status),
            _ => true,
        };
        if has(*column) || !helps {
            continue;
        }
        let free = |at: &usize| columns[*at] == Column::Other && exact(&plain[*at], words);
        if let Some(at) = (0..columns.len()).find(free) {
            columns[at] = *column;
        }
    }
    // Nothing stands above the first column of such a table because everybody sees what it is.
    let first = plain.first().is_some_and(String::is_empty) && columns[0] == Column::Other;
    if first && columns.contains(&Column::Title) && !columns.contains(&Column::Category) {
        columns[0] = Column::Category;
    }
    columns
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
fn simplified(heading: &str) -> String {
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
    use super::{Column, Own, come_near, make_a_register, name};
    use crate::domain::document::Headings;

    /// One letter for each column: Category, Title, Anecdotes, Number, Status, or a dash.
    fn named(header: &str) -> String {
        named_with(header, &Headings::default())
    }

    fn named_with(header: &str, own: &Headings) -> String {
        let headings: Vec<String> = header.split('|').map(str::to_owned).collect();
        let letter = |column| match column {
            Column::Category => 'C',
            Column::Title => 'T',
            Column::Anecdotes => 'A',
            Column::Occurrences => 'N',
            Column::Status => 'S',
            Column::Other => '-',
        };
        name(&headings, &Own::new(own)).into_iter().map(letter).collect()
    }

    #[test]
    fn words_of_the_configuration_come_before_those_that_are_known_anyway() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let own = Headings {
            category: words(&["Bereich"]),
            title: words(&["Hindernis", "Name"]),
            anecdotes: words(&["Berichte der Teams"]),
            occurrences: words(&["Häufigkeit", "回数"]),
            status: words(&["Maßnahme", "Estado"]),
        };
        for (header, expected) in [
            ("Bereich | Hindernis | Berichte der Teams (mit Datum) | HÄUFIGKEIT | Maßnahme", "CTANS"),
            ("**Estado** | 回数 | Name", "SNT"),
            ("Issue | Name | Status", "-TS"),
            ("Name des Hindernisses | Maßnahme?", "TS"),
            ("Area | Issue | Maßnahme", "CTS"),
            ("Vorname | Status", "-S"),
        ] {
            assert_eq!(named_with(header, &own), expected, "{header}");
        }
    }

    #[test]
    fn columns_are_known_by_many_words_in_any_order() {
        for (header, expected) in [
            ("Category | Issue | Team anecdotes (with dates) | Number of occurrences | Status", "CTANS"),
            ("Status|Count|Examples|Problem|Area", "SNATC"),
            ("Challenge | Reports | # | Tickets", "TANS"),
            ("Title | Remedy", "TS"),
            ("Problem area | Problem | Jira issue", "CTS"),
            ("Issue | Issue status", "TS"),
            ("Issue number | Issue | Owner", "-T-"),
            ("Issue | Issue", "T-"),
            ("Pain point | How often? | Fix", "TNS"),
            ("**Issue** | Times seen", "TN"),
            ("Name | Since", "--"),
            ("Examples of the problem | Problem | Number of problems", "ATN"),
            ("", "-"),
            ("Pain point | Evidence | Votes | Remediation", "TANS"),
            ("Friction | Impact | +1s | Mitigation", "TANS"),
            ("Problem | Description | Frequency | Solution", "TANS"),
            ("Topic | Details | # | Actions", "TANS"),
            ("Summary | Notes | Tracking", "TAS"),
            ("Description | Status", "TS"),
            ("Description | Issue | Link(s)", "ATS"),
            ("Issue | Status | Links | Notes", "TS-A"),
            ("Issue | Notes | Owner", "T--"),
            ("Notes | Links | Topic of the day", "---"),
            (" | Issue | Status", "CTS"),
            (" | Category | Issue | Status", "-CTS"),
            (" | Name | Status", "--S"),
            ("Topic | Links", "T-"),
            ("Action needed | Issue | Status", "-TS"),
        ] {
            assert_eq!(named(header), expected, "{header}");
        }
    }

    #[test]
    fn a_register_needs_a_title_and_something_about_it() {
        let columns = |header: &str| name(&header.split('|').map(str::to_owned).collect::<Vec<_>>(), &Own::default());
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
