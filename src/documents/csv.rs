//! The CSV form (RFC 4180): fields between commas, semicolons or tabs, quoted where they hold one of these or a line end.
//!
//! The quotes of a field and the escapes in it become blanks, so that offsets stay what they were.

use std::ops::Range;

use super::columns::{self, Own};
use super::contents::Holds;
use super::headings;
use super::layout::{Layout, Row, RowCells, Table, trim};
use super::prose::{Piece, Prose};

/// What may divide fields.
const DIVIDERS: [u8; 3] = [b',', b';', b'\t'];
/// A header is no longer than this.
const LONGEST_HEADER: usize = 4096;

/// More words than a heading has: the line is a sentence.
const MOST_WORDS: usize = 3;

/// One field: its bytes without its quotes, and where a quote stands doubled in it.
#[derive(Debug, Default)]
struct Field {
    span: Range<usize>,
    doubled: Vec<usize>,
}

/// Whether a text's first line is the header of a register.
pub(super) fn is_register(text: &str, own: &Own) -> bool {
    let first = &text[..text.floor_char_boundary(LONGEST_HEADER)];
    let first = first.lines().next().unwrap_or_default();
    let header = Reader { text: first, divider: divider(first), at: 0 }.record();
    let headings: Vec<String> = header.iter().map(|field| first[field.span.clone()].trim().to_owned()).collect();
    let is_heading = |heading: &String| heading.split_whitespace().count() <= MOST_WORDS && !heading.contains('|');
    let is_register = || columns::make_a_register(&headings::name(&headings, own, |_| Holds::Unknown));
    headings.len() > 1 && headings.iter().all(is_heading) && is_register()
}

/// Takes a document apart: one table. Gives the text in which quotes are blanks as well.
pub(super) fn take_apart(text: &str) -> (String, Parts) {
    let header = &text[..text.find('\n').unwrap_or(text.len())];
    let mut reader = Reader { text, divider: divider(header), at: 0 };
    let mut plain = text.as_bytes().to_vec();
    let mut parts = Parts::default();
    while reader.at < text.len() {
        let start = reader.at;
        let record = reader.record();
        let mut cells = RowCells::with_capacity(record.len());
        for field in &record {
            let span = trim(text, field.span.clone());
            let mut from = span.start;
            for &at in &field.doubled {
                plain[at] = b' ';
                parts.pieces.push(Piece { span: from..at, reads: None });
                from = at + 1;
            }
            if from < span.end {
                parts.pieces.push(Piece { span: from..span.end, reads: None });
            }
            cells.push(span);
        }
        if cells.iter().any(|cell| !cell.is_empty()) {
            parts.rows.push(Row { span: trim(text, start..reader.at), cells });
        }
    }
    (String::from_utf8(plain).unwrap_or_else(|_| text.to_owned()), parts)
}

/// What was found in a document, to be laid over its plain text.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pieces: Vec<Piece>,
    rows: Vec<Row>,
}

impl Parts {
    /// The parts laid over the plain text that they were found in.
    pub(super) fn lay_over(self, text: &str) -> Layout<'_> {
        let mut rows = self.rows.into_iter();
        let table = rows.next().map(|header| Table { header, rows: rows.collect(), collapsed: false });
        let (lines, links, mute) = (Vec::new(), Vec::new(), Vec::new());
        let tables = table.into_iter().collect();
        Layout { text, prose: Prose::marked(text, self.pieces), tables, lines, links, mute }
    }
}

/// What divides the fields of a header: whatever stands in it most often.
fn divider(header: &str) -> u8 {
    let count = |divider: &u8| header.bytes().filter(|byte| byte == divider).count();
    // Of equals the last is taken, and the first shall be.
    DIVIDERS.into_iter().rev().max_by_key(count).unwrap_or(b',')
}

struct Reader<'a> {
    text: &'a str,
    divider: u8,
    at: usize,
}

impl Reader<'_> {
    /// The fields of the next record; reads past its line end.
    fn record(&mut self) -> Vec<Field> {
        let mut fields = vec![self.field()];
        while self.here() == Some(self.divider) {
            self.at += 1;
            fields.push(self.field());
        }
        self.at += usize::from(self.here() == Some(b'\r'));
        self.at += usize::from(self.here() == Some(b'\n'));
        fields
    }

    fn here(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn field(&mut self) -> Field {
        while self.here() == Some(b' ') {
            self.at += 1;
        }
        let start = self.at;
        if self.here() == Some(b'"')
            && let Some(field) = self.quoted(start + 1)
        {
            return field;
        }
        self.run_to_end();
        Field { span: start..self.at, doubled: Vec::new() }
    }

    fn run_to_end(&mut self) {
        while self.here().is_some_and(|byte| byte != self.divider && byte != b'\n' && byte != b'\r') {
            self.at += 1;
        }
    }

    /// A quoted field that starts at `start`; `None` when its quote is never closed: then it is a character like others.
    fn quoted(&mut self, start: usize) -> Option<Field> {
        let bytes = self.text.as_bytes();
        let (mut at, mut doubled) = (start, Vec::new());
        loop {
            at += bytes.get(at..)?.iter().position(|&byte| byte == b'"')?;
            if bytes.get(at + 1) != Some(&b'"') {
                break;
            }
            doubled.push(at);
            at += 2;
        }
        self.at = at + 1;
        // What follows the closing quote belongs to no field by the rules; it is read with this one.
        let rest = self.at;
        self.run_to_end();
        let end = if self.text[rest..self.at].trim().is_empty() { at } else { self.at };
        Some(Field { span: start..end, doubled })
    }
}

#[cfg(test)]
mod tests {
    use super::{Own, take_apart};

    /// Each row's cells as read.
    fn shown(text: &str) -> Vec<Vec<String>> {
        let (plain, parts) = take_apart(text);
        assert_eq!(plain.len(), text.len());
        let layout = parts.lay_over(&plain);
        let rows = layout.tables.iter().flat_map(|table| std::iter::once(&table.header).chain(&table.rows));
        rows.map(|row| row.cells.iter().map(|cell| layout.prose.read(cell.clone())).collect()).collect()
    }

    #[test]
    fn fields_are_told_apart() {
        for (text, rows) in [
            ("a,b\nc,d\n", vec![vec!["a", "b"], vec!["c", "d"]]),
            ("a;b\r\nc;d,e", vec![vec!["a", "b"], vec!["c", "d,e"]]),
            ("a\tb\n\n  \nc\t\n", vec![vec!["a", "b"], vec!["c", ""]]),
            ("a,b\n\"c, \"\"d\"\"\",\"e\nf\"\n", vec![vec!["a", "b"], vec!["c, \"d\"", "e f"]]),
            ("a,b\n \"c\" , d ", vec![vec!["a", "b"], vec!["c", "d"]]),
            ("a,b\n\"never closed,c\nd,e", vec![vec!["a", "b"], vec!["\"never closed", "c"], vec!["d", "e"]]),
            ("a,b\n\"c\"x,d", vec![vec!["a", "b"], vec!["c\"x", "d"]]),
            ("a,b\né,\"ü\"", vec![vec!["a", "b"], vec!["é", "ü"]]),
        ] {
            assert_eq!(shown(text), rows, "{text}");
        }
    }

    fn is_register(text: &str) -> bool {
        super::is_register(text, &Own::default())
    }

    #[test]
    fn a_register_is_known_by_its_header() {
        assert!(is_register("Category,Issue,Anecdotes,Occurrences,Status\nx,y"));
        assert!(is_register("Problem;Status\n"));
        assert!(!is_register("There is an issue, and its status is unknown\n"));
        assert!(!is_register("name,age\n"));
        assert!(!is_register(""));
    }
}
