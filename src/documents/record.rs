//! A decision record or a proposal: its title and the status that its file states.

use std::sync::LazyLock;

use regex::Regex;

/// What a record says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// Its title.
    pub title: Option<String>,
    /// Its status, as written: `Accepted`, `Superseded by ADR-9`.
    pub status: Option<String>,
}

/// A field: `status: accepted`, `* Status: accepted`, `**Status:** Accepted`, `:Status: Accepted`, `| Status | Accepted |`.
static FIELD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?im)^[ \t]*(?:[*+-][ \t]+)?[:|*_ \t]*status[*_ \t]*[:|][:*_ \t]*(?P<status>[^\s*_|:][^\n|]*)")
        .expect("a constant pattern")
});
/// A heading of its own, marked or underlined, and what stands below it.
static SECTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?im)^(?:#{1,6}[ \t]*status[ \t:#]*\n|status[ \t]*\n[=~^*+'-]{3,}[ \t]*\n)\s*(?P<status>[^\s#][^\n]*)")
        .expect("a constant pattern")
});
/// A row of a list table of reStructuredText.
static LISTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?im)^[ \t]*\*[ \t]+-[ \t]+status[ \t]*\n[ \t]+-[ \t]+(?P<status>[^\n]+)").expect("a constant pattern")
});
static HEADING: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^#[ \t]+(?P<title>[^\n]+)").expect("a constant pattern"));
/// A title over a line of signs; it may have one above as well.
static UNDERLINED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^(?P<title>[^\s=#*|:.-][^\n]*)\n(?:={3,}|#{3,}|\*{3,})[ \t]*$").expect("a constant pattern")
});

/// A status is no longer than this.
const LONGEST: usize = 120;

/// Reads what a record says of itself, however it is written.
pub fn record(text: &str) -> Record {
    let text = text.replace("\r\n", "\n");
    let first = |patterns: &[&Regex], name: &str| {
        let found = patterns.iter().find_map(|pattern| Some(pattern.captures(&text)?.name(name)?.as_str().to_owned()));
        found.map(|found| bare(&found)).filter(|found| !found.is_empty())
    };
    Record {
        title: first(&[&HEADING, &UNDERLINED], "title"),
        status: first(&[&LISTED, &SECTION, &FIELD], "status").filter(|status| status.chars().count() <= LONGEST),
    }
}

/// A line without its markup.
fn bare(line: &str) -> String {
    let marks: &[char] = &['*', '_', '`', '"', '\'', '#', '|', ' ', '\t'];
    line.trim_matches(marks).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::record;

    #[test]
    fn the_status_is_found_however_it_is_written() {
        for (text, title, status) in [
            (
                "# 12. Use SQLite\n\nDate: 2024-01-02\n\n## Status\n\nAccepted\n\n## Context\n",
                "12. Use SQLite",
                "Accepted",
            ),
            (
                "# Use SQLite\r\n\r\n* Status: superseded by ADR-9\r\n* Deciders: Ann\r\n",
                "Use SQLite",
                "superseded by ADR-9",
            ),
            ("---\nstatus: \"accepted\"\ndate: 2024-01-02\n---\n\n# Use SQLite\n", "Use SQLite", "accepted"),
            ("# Use SQLite\n\n**Status:** Rejected\n", "Use SQLite", "Rejected"),
            ("# T\n\n| Status | Draft |\n|---|---|\n", "T", "Draft"),
            (
                "OEP-66: User Authorization\n##########################\n\n.. list-table::\n\n   * - OEP\n     - :doc:`OEP-66 <x>`\n   * - Status\n     - Provisional\n",
                "OEP-66: User Authorization",
                "Provisional",
            ),
            ("2. Events\n=========\n\nStatus\n======\n\n**Accepted**\n\nContext\n=======\n", "2. Events", "Accepted"),
            (":Status: Final\n", "", "Final"),
            ("# T\n\nThe status of this is unclear.\n", "T", ""),
            ("# T\n\n## Status\n\n## Context\n", "T", ""),
            ("", "", ""),
        ] {
            let found = record(text);
            assert_eq!(
                (found.title.as_deref().unwrap_or(""), found.status.as_deref().unwrap_or("")),
                (title, status),
                "{text}"
            );
        }
    }
}
