//! What both forms are read into before anyone asks what it means: tables, lines, links, and how bytes read as prose.

use std::ops::Range;

use memchr::memchr2_iter;
use smallvec::SmallVec;

use super::prose::{Marked, Piece, Prose};
use crate::domain::document::Link;

/// A document taken apart.
#[derive(Debug)]
pub(super) struct Layout<'a> {
    /// The document without our own marks.
    pub(super) text: &'a str,
    /// How stretches of `text` read.
    pub(super) prose: Prose<'a>,
    /// Its tables, in order.
    pub(super) tables: Vec<Table>,
    /// Its lines, headings and list items, in order, tables apart where the form knows them.
    pub(super) lines: Vec<Line>,
    /// Links that the form marks as such, in order and without overlap.
    pub(super) links: Vec<Link>,
    /// Blocks of code and comments, in order.
    pub(super) mute: Vec<Range<usize>>,
}

impl Layout<'_> {
    /// Whether a cell is merged with the one above it, as pages have them, and HTML in other documents.
    pub(super) fn is_merged(&self) -> bool {
        let merged = |row: &Row| row.cells.iter().any(|cell| cell.start < row.span.start);
        self.tables.iter().any(|table| table.rows.iter().any(merged))
    }

    /// Takes in the parts of what stands at `at`, where this one has none; [`Self::over`] puts them into order.
    pub(super) fn take_in(&mut self, inner: Layout<'_>, at: usize) {
        let moved = |span: Range<usize>| span.start + at..span.end + at;
        let row = |row: Row| Row { span: moved(row.span), cells: row.cells.into_iter().map(moved).collect() };
        if let (Prose::Marked(own), Prose::Marked(Marked { pieces, rows, .. })) = (&mut self.prose, inner.prose) {
            own.pieces.extend(pieces.into_iter().map(|piece| Piece { span: moved(piece.span), reads: piece.reads }));
            own.rows.extend(rows.into_iter().map(moved));
        }
        self.tables.extend(inner.tables.into_iter().map(|table| Table {
            header: row(table.header),
            rows: table.rows.into_iter().map(row).collect(),
            collapsed: table.collapsed,
        }));
        self.lines.extend(inner.lines.into_iter().map(|line| Line { span: moved(line.span), shape: line.shape }));
        self.links.extend(inner.links.into_iter().map(|link| Link {
            span: moved(link.span),
            target_span: moved(link.target_span),
            target: link.target,
        }));
        self.mute.extend(inner.mute.into_iter().map(moved));
    }

    /// All parts in order, over another text of the same length.
    pub(super) fn over(self, text: &str) -> Layout<'_> {
        let Self { prose, mut tables, mut lines, mut links, mut mute, .. } = self;
        let prose = match prose {
            Prose::Verbatim(_) => Prose::Verbatim(text),
            Prose::Marked(Marked { mut pieces, mut rows, .. }) => {
                pieces.sort_by_key(|piece| piece.span.start);
                rows.sort_by_key(|row| row.start);
                Prose::Marked(Marked { text, pieces, rows })
            }
        };
        tables.sort_by_key(|table| table.header.span.start);
        lines.sort_by_key(|line| line.span.start);
        links.sort_by_key(|link| link.span.start);
        mute.sort_by_key(|mute| mute.start);
        Layout { text, prose, tables, lines, links, mute }
    }
}

/// A table, not yet understood.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    /// Its header.
    pub(super) header: Row,
    /// Its rows, in order.
    pub(super) rows: Vec<Row>,
    /// Whether empty and merged cells have collapsed, so that a cell's position says nothing.
    pub(super) collapsed: bool,
}

/// The cells of a row; those of most registers fit in here.
pub(super) type RowCells = SmallVec<[Range<usize>; 6]>;

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Its bytes.
    pub(super) span: Range<usize>,
    /// The bytes of each cell without the white space around them; an empty cell is an empty range. A cell that is
    /// merged with the one above has that one's bytes, which lie outside `span`.
    pub(super) cells: RowCells,
}

impl Row {
    /// A line that is divided by its pipes.
    pub(super) fn piped(text: &str, span: Range<usize>) -> Self {
        let cells = cells(text, &span);
        Self { span, cells }
    }
}

/// One line, heading or list item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Its bytes.
    pub(super) span: Range<usize>,
    /// What the form says about it.
    pub(super) shape: Shape,
}

/// What the form says about a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A line of running text.
    Plain,
    /// A heading of a level, from 1.
    Heading(u8),
    /// The first paragraph of a list item.
    Item {
        /// How many lists it stands in, from 1.
        depth: usize,
        /// Whether its box is ticked, where it is a task (`- [ ]`).
        task: Option<bool>,
    },
    /// A further paragraph of a list item.
    Continued,
}

/// The cells of a table's line without the white space around them; an empty cell is an empty range. An escaped pipe
/// divides nothing.
pub(super) fn cells(text: &str, line: &Range<usize>) -> RowCells {
    let trimmed = trim(text, line.clone());
    let bytes = text.as_bytes();
    let first = trimmed.start + usize::from(bytes.get(trimmed.start) == Some(&b'|') && !trimmed.is_empty());
    let (mut cells, mut start, mut escaped) = (RowCells::new(), first, None);
    for at in memchr2_iter(b'|', b'\\', &bytes[first..trimmed.end]).map(|at| first + at) {
        if escaped == Some(at) {
            continue;
        }
        if bytes[at] == b'|' {
            cells.push(trim(text, start..at));
            start = at + 1;
        } else {
            escaped = Some(at + 1);
        }
    }
    if start < trimmed.end {
        cells.push(trim(text, start..trimmed.end));
    }
    cells
}

/// A range without the white space at its ends.
pub(super) fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let slice = &text[range.clone()];
    // Most have none, and bytes tell.
    if let [first, .., last] | [first @ last] = slice.as_bytes()
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return range;
    }
    let start = range.start + (slice.len() - slice.trim_start().len());
    let end = range.end - (slice.len() - slice.trim_end().len());
    if start >= end { range.start..range.start } else { start..end }
}

/// Whether these are a text's first bytes, in any case.
pub(super) fn starts_with(bytes: &[u8], first: &str) -> bool {
    bytes.get(..first.len()).is_some_and(|start| start.eq_ignore_ascii_case(first.as_bytes()))
}

/// The end of a text, at most so many characters, with each stretch of white space folded into one: a line end where
/// there is one in it. Tags leave long blanks behind, and whoever looks back wants to see what stands before them.
pub(super) fn tail(text: &str, most: usize) -> String {
    let mut folded: Vec<char> = Vec::with_capacity(most);
    for c in text.chars().rev() {
        let c = if c.is_whitespace() && c != '\n' { ' ' } else { c };
        let full = folded.len() == most;
        match folded.last_mut().filter(|last| last.is_whitespace() && c.is_whitespace()) {
            Some(last) if c == '\n' => *last = c,
            Some(_) => {}
            None if full => break,
            None => folded.push(c),
        }
    }
    folded.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::{cells, tail};

    #[test]
    fn a_tail_looks_behind_blanks() {
        let blank = " ".repeat(500);
        for (text, expected) in [
            (format!("not done.{blank}"), "done. "),
            (format!("not done.{blank}\n{blank}"), "done.\n"),
            (format!("{blank}a"), " a"),
            ("é→x".to_owned(), "é→x"),
            (String::new(), ""),
        ] {
            assert_eq!(tail(&text, 6), expected);
        }
    }

    #[test]
    fn a_line_is_divided_at_its_pipes() {
        for (line, expected) in [
            ("| a | b |", vec!["a", "b"]),
            ("a | b", vec!["a", "b"]),
            ("a | b | |", vec!["a", "b", ""]),
            ("a | b | ||", vec!["a", "b", "", ""]),
            ("|| b |", vec!["", "b"]),
            (r"| a \| b | c |", vec![r"a \| b", "c"]),
            (r"| a \\| b |", vec![r"a \\", "b"]),
            ("|", vec![]),
            ("", vec![]),
            ("  \u{a0}a\t|  ", vec!["a"]),
        ] {
            let found: Vec<&str> = cells(line, &(0..line.len())).into_iter().map(|cell| &line[cell]).collect();
            assert_eq!(found, expected, "{line}");
        }
    }
}
