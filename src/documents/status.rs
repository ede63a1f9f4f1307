//! The status cell: its notes.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::layout::trim;
use crate::domain::document::Link;

/// A note in a status cell.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Remark {
    /// Its bytes, the word `Note:` included.
    pub(super) span: Range<usize>,
    /// The bytes of what it says.
    pub(super) says: Range<usize>,
}

static NOTE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(?i:notes?|nb|n\.b\.)[*_]{0,3}\s?:[*_]{0,3}\s*").expect("a constant pattern"));

/// What may be a ticket's name.
static TICKET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<link><?https?://)|\b[A-Z][A-Z0-9_]+-\d+\b|\b[\w-]+/[\w.-]+#\d").expect("a constant pattern")
});

/// How far back it is looked for the word before a link.
const LOOK_BACK: usize = 32;

/// The notes of a cell. A note goes on to the next note, to the end, or to the next ticket that is not part of its
/// sentence: `Note: superseded by LINK` keeps the link, `Note: not done. LINK` does not.
pub(super) fn notes(text: &str, cell: &Range<usize>, links: &[Link]) -> Vec<Remark> {
    let slice = &text[cell.clone()];
    let starts: Vec<_> = NOTE.find_iter(slice).map(|found| found.range()).collect();
    let first_link = links.partition_point(|link| link.span.start < cell.start);
    let marked = links[first_link..].iter().map(|link| link.span.start).take_while(|at| *at < cell.end);
    let marked: Vec<usize> = marked.map(|at| at - cell.start).collect();
    let mut notes = Vec::new();
    for (nth, start) in starts.iter().enumerate() {
        let most = starts.get(nth + 1).map_or(slice.len(), |next| next.start);
        let body = &slice[start.end..most];
        let written = TICKET.find_iter(body).map(|found| (start.end + found.start(), starts_as_link(found.as_str())));
        let from = marked.partition_point(|at| *at < start.end);
        let marked = marked[from..].iter().take_while(|at| **at < most).map(|at| (*at, true));
        let ends = |(at, link): &(usize, bool)| ends_note(&slice[start.end..*at], *link);
        let end = written.filter(ends).map(|(at, _)| at).next().unwrap_or(most);
        let end = marked.filter(ends).map(|(at, _)| at).next().unwrap_or(most).min(end);
        let span = trim(slice, start.start..end);
        let mut says = trim(slice, start.end..end);
        if slice[..start.start].ends_with('(') && slice[says.clone()].ends_with(')') {
            says.end -= 1;
        }
        let shifted = |range: Range<usize>| cell.start + range.start..cell.start + range.end;
        notes.push(Remark { span: shifted(span), says: shifted(says) });
    }
    notes
}

fn starts_as_link(ticket: &str) -> bool {
    ticket.ends_with("://")
}

/// Whether a ticket that follows `before`, the note so far, is no more part of it.
fn ends_note(before: &str, link: bool) -> bool {
    const LEADING: [&str; 22] = [
        "by", "to", "in", "see", "with", "of", "as", "from", "and", "or", "at", "via", "than", "for", "under", "into",
        "on", "is", "the", "ticket", "issue", "pr",
    ];
    let before = &before[before.floor_char_boundary(before.len().saturating_sub(LOOK_BACK))..];
    let trimmed = before.trim_end_matches(['*', '_', '<', '[', '(']).trim_end();
    if trimmed.is_empty() || trimmed.ends_with(['.', '!', '?', ';', '>']) || before.contains('\n') {
        return !trimmed.is_empty();
    }
    let word = trimmed.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    link && !word.is_empty() && !LEADING.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::notes;

    fn said(cell: &str) -> Vec<&str> {
        notes(cell, &(0..cell.len()), &[]).into_iter().map(|note| &cell[note.says]).collect()
    }

    #[test]
    fn a_note_ends_where_the_next_ticket_begins() {
        for (cell, expected) in [
            ("https://j.example/browse/A-1 Note: not done.", vec!["not done."]),
            ("A-1 Note: not done. https://j.example/browse/A-2 Note: only a test", vec!["not done.", "only a test"]),
            ("A-1 note: not done https://j.example/browse/A-2", vec!["not done"]),
            ("OPS-1 Note: not done. OPS-2 Note: half", vec!["not done.", "half"]),
            ("OPS-1 Note: not done<br>OPS-2", vec!["not done<br>"]),
            (
                "OPS-1 Note: superseded by https://j.example/browse/A-2",
                vec!["superseded by https://j.example/browse/A-2"],
            ),
            ("OPS-1 Note: OPS-2 is the same", vec!["OPS-2 is the same"]),
            ("OPS-1 (Note: not done)", vec!["not done"]),
            ("OPS-1 **Note:** not done", vec!["not done"]),
            ("OPS-1 NB: not done", vec!["not done"]),
            ("Footnote: x", vec![]),
            ("OPS-1 Note:", vec![""]),
            ("in progress", vec![]),
        ] {
            assert_eq!(said(cell), expected, "{cell}");
        }
    }

    #[test]
    fn a_marked_link_ends_a_note_too() {
        let cell = "[a](b:c) Note: not done [x](y:z)";
        let layout = crate::documents::markdown::lay_out(cell);
        let found = notes(cell, &(0..cell.len()), &layout.links);
        assert_eq!(&cell[found[0].says.clone()], "not done");
        assert_eq!(&cell[found[0].span.clone()], "Note: not done");
    }
}
