//! Rows of Markdown tables that need no parser: words, links, code, line breaks, emphasis, and nothing that could be read in two
//! ways.
//!
//! Rows are most of a register, and most rows are like that. The parser is given one long word for each of them, which takes
//! it a fraction of the time; what stands in the row is read here. Where the parser does not take all of them for rows, or might
//! have stopped at the cells that they lack, what was read counts for nothing, and it is given the document as it is.

use std::ops::Range;
use std::vec::IntoIter;

use memchr::{memchr, memrchr};

use super::is_address;
use crate::documents::layout::{Row, RowCells, starts_with, trim};
use crate::documents::prose::Piece;
use crate::domain::bytes::{first_of, which};
use crate::domain::document::Link;

/// A part of a plain row.
enum Part {
    /// Words as they stand.
    Words(Range<usize>),
    /// A `<br>`.
    Break(Range<usize>),
    /// Code, and the backticks around it.
    Code(Range<usize>),
    /// `[words](target)`.
    Link {
        /// All of it.
        span: Range<usize>,
        /// Its words.
        words: Range<usize>,
        /// Its target.
        target: Range<usize>,
    },
}

/// A document whose plain rows are hidden.
pub(super) struct Hidden {
    /// With a short row for all plain rows that follow each other.
    pub(super) shown: String,
    /// What is hidden behind each of these.
    pub(super) rows: Rows,
}

/// Hidden rows, in order.
#[derive(Default)]
pub(super) struct Rows {
    runs: IntoIter<Run>,
    rows: IntoIter<Row>,
    links: IntoIter<Link>,
    /// Where each short row ends, and how many bytes of the document were left out up to there.
    cuts: Vec<(usize, usize)>,
}

/// Hidden rows that follow each other.
pub(super) struct Run {
    /// Where they start.
    at: usize,
    /// How many there are.
    rows: usize,
    /// How many links they have in all.
    links: usize,
    /// As many cells as the longest of them has.
    pub(super) most: usize,
}

impl Rows {
    /// How many links they have in all.
    pub(super) fn links(&self) -> usize {
        self.links.len()
    }

    /// Whether any are left.
    pub(super) fn are_left(&self) -> bool {
        !self.runs.as_slice().is_empty()
    }

    /// Which bytes of the document these are of what is shown of it.
    pub(super) fn in_document(&self, shown: &Range<usize>) -> Range<usize> {
        let place = |at: usize| match self.cuts.partition_point(|(end, _)| *end <= at) {
            0 => at,
            before => at + self.cuts[before - 1].1,
        };
        place(shown.start)..place(shown.end)
    }

    /// What stands behind the short row that starts at `at` of the document, where it is the next one.
    pub(super) fn behind(&mut self, at: usize) -> Option<Run> {
        self.runs.as_slice().first().filter(|run| run.at == at)?;
        self.runs.next()
    }

    /// Puts the rows of the next run behind others.
    pub(super) fn put(&mut self, run: &Run, rows: &mut Vec<Row>) {
        if rows.is_empty() && run.rows == self.rows.len() {
            // As they are, without moving them.
            *rows = std::mem::take(&mut self.rows).collect();
        } else {
            rows.extend(self.rows.by_ref().take(run.rows));
        }
    }

    /// The links of the next run.
    pub(super) fn links_of(&mut self, run: &Run) -> impl Iterator<Item = Link> {
        self.links.by_ref().take(run.links)
    }
}

/// Hands out what a reader sees of a plain row as far as it reaches into `span`.
pub(in crate::documents) fn pieces_in(
    text: &str,
    row: &Range<usize>,
    span: &Range<usize>,
    mut put: impl FnMut(&Piece),
) {
    let bytes = &text.as_bytes()[..row.end];
    let before = bytes.get(row.start..span.start).and_then(|before| memrchr(b'|', before));
    let mut from = row.start + before.unwrap_or(0) + 1;
    while from < row.end.min(span.end) {
        let cell = read_cell(bytes, from, |part| {
            let (piece, reads) = match part {
                Part::Link { span, target, .. } if !is_address(&text[target.clone()]) => (span, None),
                Part::Words(words) | Part::Link { words, .. } => (words, None),
                Part::Break(tag) => (tag, Some("\n".into())),
                Part::Code(span) => {
                    let reads = text[span.start + 1..span.end - 1].to_owned();
                    (span, Some(reads.into()))
                }
            };
            let further = piece.start < span.end;
            if further && span.start < piece.end {
                put(&Piece { span: piece, reads });
            }
            further.then_some(())
        });
        // It was found to be plain before; nobody asks for what is beyond the span.
        let Some((_, end)) = cell else { break };
        from = end + 1;
    }
}

/// What the last line was.
enum Above {
    /// Nothing that a table could start behind.
    Text,
    /// A blank one, a heading, or none.
    Blank,
    /// What may be a table's header.
    Header,
    /// A line of what may be a table.
    Table,
    /// A plain row of it.
    Plain,
}

/// Hides the plain rows of what seems to be tables; `None` where there are none. Only tables at the start, behind a blank line or
/// below a heading are looked at, where no paragraph before them can go on.
pub(super) fn hide(text: &str) -> Option<Hidden> {
    let (mut runs, mut rows, mut links, mut cuts) = (Vec::<Run>::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut shown, mut copied) = (String::new(), 0);
    let (mut above, mut from) = (Above::Blank, 0);
    while from < text.len() {
        let next = memchr(b'\n', &text.as_bytes()[from..]).map_or(text.len(), |offset| from + offset + 1);
        let line = &text[from..next];
        let line = line.strip_suffix('\n').unwrap_or(line);
        // Another one in front of it ends a line of its own.
        let line = line.strip_suffix('\r').unwrap_or(line);
        let only = |bytes: &[u8]| line.bytes().all(|byte| bytes.contains(&byte));
        above = match above {
            Above::Table | Above::Plain if line.starts_with('|') => {
                let end = from + line.len();
                let before = links.len();
                match plain(text, from..end, &mut links) {
                    Some(row) => {
                        let run = match runs.last_mut() {
                            Some(run) if matches!(above, Above::Plain) => run,
                            _ => {
                                // Most tables go on as they begin.
                                rows.reserve(if runs.is_empty() {
                                    (text.len() - from) / line.len().max(64)
                                } else {
                                    0
                                });
                                shown.push_str(&text[copied..from]);
                                shown.push_str(SHOWN);
                                cuts.push((shown.len(), 0));
                                runs.push_mut(Run { at: from, rows: 0, links: 0, most: 0 })
                            }
                        };
                        run.rows += 1;
                        run.links += links.len() - before;
                        run.most = run.most.max(row.cells.len());
                        rows.push(row);
                        copied = end;
                        if let Some((shown, cut)) = cuts.last_mut() {
                            *cut = end - *shown;
                        }
                        Above::Plain
                    }
                    None => Above::Table,
                }
            }
            Above::Header if line.contains('-') && only(b"|-: ") => Above::Table,
            Above::Blank if line.starts_with('|') => Above::Header,
            _ if only(b" \t") || is_heading(line) => Above::Blank,
            _ => Above::Text,
        };
        from = next;
    }
    if runs.is_empty() {
        return None;
    }
    shown.push_str(&text[copied..]);
    let (runs, rows, links) = (runs.into_iter(), rows.into_iter(), links.into_iter());
    Some(Hidden { shown, rows: Rows { runs, rows, links, cuts } })
}

/// What is shown for plain rows: no plain row is shorter.
const SHOWN: &str = "|x";

/// Whether a line is a heading, on which the next one never goes on.
fn is_heading(line: &str) -> bool {
    let words = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - words.len())) && words.starts_with(' ')
}

/// The plain row that a line is, whose links go behind others.
fn plain(text: &str, line: Range<usize>, links: &mut Vec<Link>) -> Option<Row> {
    let before = links.len();
    let cells = read(text, &line, |part| {
        if let Part::Link { span, target, .. } = part
            && is_address(&text[target.clone()])
        {
            links.push(Link { span, target: text[target.clone()].to_owned(), target_span: target });
        }
        Some(())
    });
    let Some(cells) = cells else {
        links.truncate(before);
        return None;
    };
    Some(Row { span: unspaced(text, line), cells })
}

/// In bytes, with the blanks around what is in it. Whoever reads in a plain cell looks through it from its start: that is little for each of what dozens say in it, and
/// too much for what thousands do.
const LONGEST_CELL: usize = 2048;

/// The cells of a table's line, as [`cells`](crate::documents::layout::cells) divides it, and what is in them; `None` where it
/// is not plain.
fn read(text: &str, line: &Range<usize>, mut put: impl FnMut(Part) -> Option<()>) -> Option<RowCells> {
    let bytes = &text.as_bytes()[..line.end];
    // One without any words may be none.
    if bytes[line.start..].iter().all(|byte| matches!(byte, b'|' | b' ')) {
        return None;
    }
    // Nothing in a plain row keeps a pipe from dividing it. The first one stands in front of the first cell.
    let (mut cells, mut from) = (RowCells::new(), line.start + 1);
    while from <= line.end {
        let (words, end) = read_cell(bytes, from, &mut put)?;
        if end - from > LONGEST_CELL {
            return None;
        }
        // There may be other blanks at its ends; the parser takes those at the row's end for a part of it.
        let cell = trim(text, words.clone());
        if end == line.end && cell != words {
            return None;
        }
        if !cell.is_empty() {
            cells.push(cell);
        } else if end < line.end {
            cells.push(from..from);
        }
        from = end + 1;
    }
    Some(cells)
}

/// A range without the spaces at its ends.
fn unspaced(text: &str, range: Range<usize>) -> Range<usize> {
    let bytes = &text.as_bytes()[range.clone()];
    let before = bytes.iter().take_while(|byte| **byte == b' ').count();
    let behind = bytes[before..].iter().rev().take_while(|byte| **byte == b' ').count();
    range.start + before..range.end - behind
}

/// Bytes that mean something in a cell, or might.
const SIGNS: [bool; 256] = which(b"|<[]*_~!`&\\\x7f", true);

/// Bytes of addresses that mean nothing else in a link.
const OF_ADDRESS: [bool; 256] =
    which(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789#$%'*+,-./:;=?@!_~", false);

/// Hands out the parts of the cell from `from` on, behind a pipe: up to the next one, or where the bytes end. Where it stands
/// without the blanks at its ends, and where it ends with them; `None` where it is not plain, or no more of it was wanted.
fn read_cell(bytes: &[u8], from: usize, mut put: impl FnMut(Part) -> Option<()>) -> Option<(Range<usize>, usize)> {
    let start = from + bytes[from..].iter().take_while(|byte| **byte == b' ').count();
    let (mut from, mut at, mut open, mut struck) = (start, start, 0, false);
    loop {
        at = sign(bytes, at);
        let (part, length) = match bytes.get(at).copied().unwrap_or(b'|') {
            b'|' => break,
            b'!' if bytes.get(at + 1) != Some(&b'[') => (None, 0),
            b'&' if matches!(bytes.get(at + 1), None | Some(b' ' | b'|')) => (None, 0),
            // One alone strikes nothing through.
            b'~' if !std::mem::replace(&mut struck, true) => (None, 0),
            b'*' => {
                let length = emphasis(bytes, at, open)?;
                open = if open == 0 { length } else { 0 };
                (None, length)
            }
            b'<' => {
                let length = line_break(&bytes[at..])?;
                (Some(Part::Break(at..at + length)), length)
            }
            b'`' => {
                let length = code(&bytes[at..])?;
                (Some(Part::Code(at..at + length)), length)
            }
            b'[' => {
                let (words, length) = link(&bytes[at..])?;
                let (span, from) = (at..at + length, at + 1);
                let target = from + words + 2..span.end - 1;
                (Some(Part::Link { span, words: from..from + words, target }), length)
            }
            _ => return None,
        };
        if length == 0 {
            at += 1;
            continue;
        }
        if from < at {
            put(Part::Words(from..at))?;
        }
        if let Some(part) = part {
            put(part)?;
        }
        at += length;
        from = at;
    }
    let end = at - bytes[from..at].iter().rev().take_while(|byte| **byte == b' ').count();
    if from < end {
        put(Part::Words(from..end))?;
    }
    (open == 0).then_some((start..end, at))
}

/// Where the first one of [`SIGNS`] stands from `from` on, or the bytes end. An underscore between letters or digits means
/// nothing.
fn sign(bytes: &[u8], mut from: usize) -> usize {
    let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let inside = |at: usize| letter(at.checked_sub(1).and_then(|at| bytes.get(at))) && letter(bytes.get(at + 1));
    while let Some(offset) = first_of(&SIGNS, &bytes[from..]) {
        from += offset;
        if bytes[from] != b'_' || !inside(from) {
            return from;
        }
        from += 1;
    }
    bytes.len()
}

/// How many asterisks stand at `at`, behind another byte: one or two that can only begin emphasis, or only end that which as
/// many have begun.
fn emphasis(bytes: &[u8], at: usize, open: usize) -> Option<usize> {
    let length = bytes[at..].iter().take_while(|byte| **byte == b'*').count();
    let (before, behind) = (bytes[at - 1], bytes.get(at + length).copied().unwrap_or(b'|'));
    // Words or code.
    let inside = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'`';
    let begins = open == 0 && length <= 2 && matches!(before, b'|' | b' ' | b'>' | b'(') && inside(behind);
    let after = matches!(behind, b'|' | b' ' | b'<' | b')' | b'.' | b',' | b';' | b':' | b'?');
    (begins || length == open && inside(before) && after).then_some(length)
}

/// How long the code is that these bytes start with, in which everything stands as it is.
fn code(bytes: &[u8]) -> Option<usize> {
    let end = 1 + bytes[1..].iter().position(|byte| byte.is_ascii_control() || b"`|\\".contains(byte))?;
    let blank = |byte: u8| matches!(byte, b' ' | b'`');
    let whole = bytes[end] == b'`' && bytes.get(end + 1) != Some(&b'`');
    (whole && !blank(bytes[1]) && !blank(bytes[end - 1])).then_some(end + 1)
}

/// How long the `<br>` is that these bytes start with.
fn line_break(bytes: &[u8]) -> Option<usize> {
    let found = ["<br>", "<br/>", "<br />"].into_iter().find(|tag| starts_with(bytes, tag));
    found.map(str::len)
}

/// How long the words are of the `[words](target)` that these bytes start with, and how long it is.
fn link(bytes: &[u8]) -> Option<(usize, usize)> {
    let close = sign(bytes, 1);
    let target = bytes[close..].strip_prefix(b"](")?;
    let length = target.iter().take_while(|byte| OF_ADDRESS[usize::from(**byte)]).count();
    let whole = length > 0 && target.get(length) == Some(&b')') && !bytes[1..close].trim_ascii().is_empty();
    whole.then_some((close - 1, close + 2 + length + 1))
}

#[cfg(test)]
mod tests;
