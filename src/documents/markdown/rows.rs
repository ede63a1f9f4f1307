//! Rows of Markdown tables that need no parser: words, links, code, line breaks, emphasis, and nothing that could be read in two
//! ways.
//!
//! Rows are most of a register, and most rows are like that. The parser is given one long word for each of them, which takes
//! it a fraction of the time; what stands in the row is read here. Where the parser does not take all of them for rows, or might
//! have stopped at the cells that they lack, what was read counts for nothing, and it is given the document as it is.

use std::ops::Range;
use std::vec::IntoIter;

use memchr::{memchr, memchr_iter, memrchr};

use super::is_address;
use crate::documents::layout::{Row, RowCells, starts_with, trim};
use crate::documents::prose::Piece;
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
    /// Of the same length, with one word for all plain rows that follow each other.
    pub(super) shown: String,
    /// What is hidden behind each of these words.
    pub(super) rows: Rows,
}

/// Hidden rows, in order.
#[derive(Default)]
pub(super) struct Rows {
    /// Where each word starts that stands for some, and how many these are.
    words: IntoIter<(usize, usize)>,
    /// Each with the number of its links.
    rows: IntoIter<(Row, usize)>,
    links: IntoIter<Link>,
}

impl Rows {
    /// How many links they have in all.
    pub(super) fn links(&self) -> usize {
        self.links.len()
    }

    /// Whether any are left.
    pub(super) fn are_left(&self) -> bool {
        !self.words.as_slice().is_empty()
    }

    /// How many rows stand behind the word that starts at `at`, where it is the next one.
    pub(super) fn behind(&mut self, at: usize) -> Option<usize> {
        let (_, rows) = self.words.as_slice().first().filter(|(start, _)| *start == at)?;
        let rows = *rows;
        self.words.next();
        Some(rows)
    }

    /// The next row, and its links.
    pub(super) fn next(&mut self) -> Option<(Row, impl Iterator<Item = Link>)> {
        let (row, links) = self.rows.next()?;
        Some((row, self.links.by_ref().take(links)))
    }
}

/// Hands out what a reader sees of a plain row as far as it reaches into `span`.
pub(in crate::documents) fn pieces_in(
    text: &str,
    row: &Range<usize>,
    span: &Range<usize>,
    mut put: impl FnMut(&Piece),
) {
    let bytes = text.as_bytes();
    let before = bytes.get(row.start..span.start).and_then(|before| memrchr(b'|', before));
    let mut from = row.start + before.unwrap_or(0) + 1;
    while from < row.end.min(span.end) {
        let end = memchr(b'|', &bytes[from..row.end]).map_or(row.end, |offset| from + offset);
        let cell = unspaced(text, from..end);
        // It was found to be plain before; nobody asks for what is beyond the span.
        let _ = read_cell(&text[cell.clone()], cell.start, |part| {
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
    /// A plain row of it, which ends there.
    Plain(usize),
}

/// Hides the plain rows of what seems to be tables; `None` where there are none. Only tables at the start, behind a blank line or
/// below a heading are looked at, where no paragraph before them can go on.
pub(super) fn hide(text: &str) -> Option<Hidden> {
    let (mut words, mut rows, mut links) = (Vec::<(usize, usize)>::new(), Vec::new(), Vec::new());
    let (mut above, mut from, mut shown) = (Above::Blank, 0, None);
    while from < text.len() {
        let next = memchr(b'\n', &text.as_bytes()[from..]).map_or(text.len(), |offset| from + offset + 1);
        let line = &text[from..next];
        let line = line.strip_suffix('\n').unwrap_or(line);
        // Another one in front of it ends a line of its own.
        let line = line.strip_suffix('\r').unwrap_or(line);
        let only = |bytes: &[u8]| line.bytes().all(|byte| bytes.contains(&byte));
        above = match above {
            Above::Table | Above::Plain(_) if line.starts_with('|') => match plain(text, from, line, &mut links) {
                Some(row) => {
                    let shown = shown.get_or_insert_with(|| text.as_bytes().to_vec());
                    let end = from + line.len();
                    match (above, words.last_mut()) {
                        (Above::Plain(above), Some((_, rows))) => {
                            *rows += 1;
                            shown[above..end].fill(b'x');
                        }
                        _ => {
                            words.push((from, 1));
                            shown[from + 1..end].fill(b'x');
                        }
                    }
                    rows.push(row);
                    Above::Plain(end)
                }
                None => Above::Table,
            },
            Above::Header if line.contains('-') && only(b"|-: ") => Above::Table,
            Above::Blank if line.starts_with('|') => Above::Header,
            _ if only(b" \t") || is_heading(line) => Above::Blank,
            _ => Above::Text,
        };
        from = next;
    }
    // Whole lines were filled.
    let shown = String::from_utf8(shown?).ok()?;
    Some(Hidden { shown, rows: Rows { words: words.into_iter(), rows: rows.into_iter(), links: links.into_iter() } })
}

/// Whether a line is a heading, on which the next one never goes on.
fn is_heading(line: &str) -> bool {
    let words = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - words.len())) && words.starts_with(' ')
}

/// The plain row that a line is which starts at `from`, and how many `links` it has.
fn plain(text: &str, from: usize, line: &str, links: &mut Vec<Link>) -> Option<(Row, usize)> {
    let before = links.len();
    let cells = read(line, from, |part| {
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
    Some((Row { span: unspaced(text, from..from + line.len()), cells }, links.len() - before))
}

/// In bytes, with the blanks around what is in it. Whoever reads in a plain cell looks through it from its start: that is little for each of what dozens say in it, and
/// too much for what thousands do.
const LONGEST_CELL: usize = 2048;

/// The cells of a table's line that starts at `base`, as [`cells`](crate::documents::layout::cells) divides it, and what is in
/// them; `None` where it is not plain.
fn read(line: &str, base: usize, mut put: impl FnMut(Part) -> Option<()>) -> Option<RowCells> {
    // One without any words may be none.
    if line.bytes().all(|byte| b"| ".contains(&byte)) {
        return None;
    }
    // Nothing in a plain row keeps a pipe from dividing it. The first one stands in front of the first cell.
    let (mut cells, mut from) = (RowCells::new(), 1);
    for end in memchr_iter(b'|', line.as_bytes()).skip(1).chain([line.len()]) {
        if end - from > LONGEST_CELL {
            return None;
        }
        let words = unspaced(line, from..end);
        read_cell(&line[words.clone()], base + words.start, &mut put)?;
        // There may be other blanks at its ends; the parser takes those at the row's end for a part of it.
        let cell = trim(line, words.clone());
        if end == line.len() && cell != words {
            return None;
        }
        if !cell.is_empty() {
            cells.push(base + cell.start..base + cell.end);
        } else if end < line.len() {
            cells.push(base + from..base + from);
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
const SIGNS: [bool; 256] = {
    let (mut signs, mut nth) = ([false; 256], 0);
    while nth < 32 {
        signs[nth] = true;
        nth += 1;
    }
    let (others, mut nth) = (b"|<[]*_~!`&\\\x7f", 0);
    while nth < others.len() {
        signs[others[nth] as usize] = true;
        nth += 1;
    }
    signs
};

/// Hands out the parts of a cell without blanks at its ends; `None` where it is not plain, or no more of it was wanted.
fn read_cell(cell: &str, base: usize, mut put: impl FnMut(Part) -> Option<()>) -> Option<()> {
    let bytes = cell.as_bytes();
    let (mut from, mut at, mut open, mut struck) = (0, 0, 0, false);
    let words = |span: Range<usize>| (!span.is_empty()).then(|| Part::Words(base + span.start..base + span.end));
    while let Some(sign) = sign(bytes, at) {
        at = sign;
        let (part, length) = match bytes[at] {
            b'!' if bytes.get(at + 1) != Some(&b'[') => (None, 0),
            b'&' if matches!(bytes.get(at + 1), None | Some(b' ')) => (None, 0),
            // One alone strikes nothing through.
            b'~' if !std::mem::replace(&mut struck, true) => (None, 0),
            b'*' => {
                let length = emphasis(bytes, at, open)?;
                open = if open == 0 { length } else { 0 };
                (None, length)
            }
            b'<' => {
                let length = line_break(&bytes[at..])?;
                (Some(Part::Break(base + at..base + at + length)), length)
            }
            b'`' => {
                let length = code(&bytes[at..])?;
                (Some(Part::Code(base + at..base + at + length)), length)
            }
            b'[' => {
                let (words, length) = link(&bytes[at..])?;
                let (span, from) = (base + at..base + at + length, base + at + 1);
                let target = from + words + 2..span.end - 1;
                (Some(Part::Link { span, words: from..from + words, target }), length)
            }
            _ => return None,
        };
        if length == 0 {
            at += 1;
            continue;
        }
        words(from..at).into_iter().chain(part).try_for_each(&mut put)?;
        at += length;
        from = at;
    }
    words(from..bytes.len()).into_iter().try_for_each(put)?;
    (open == 0).then_some(())
}

/// The first one of [`SIGNS`] from `from` on. An underscore between letters or digits means nothing.
fn sign(bytes: &[u8], from: usize) -> Option<usize> {
    let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let inside = |at: usize| letter(at.checked_sub(1).and_then(|at| bytes.get(at))) && letter(bytes.get(at + 1));
    (from..bytes.len()).find(|at| SIGNS[usize::from(bytes[*at])] && !(bytes[*at] == b'_' && inside(*at)))
}

/// How many asterisks stand at `at`: one or two that can only begin emphasis, or only end that which as many have begun.
fn emphasis(bytes: &[u8], at: usize, open: usize) -> Option<usize> {
    let length = bytes[at..].iter().take_while(|byte| **byte == b'*').count();
    let (before, behind) = (at.checked_sub(1).map(|before| bytes[before]), bytes.get(at + length).copied());
    // Words or code.
    let inside = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'`');
    let begins = open == 0 && length <= 2 && matches!(before, None | Some(b' ' | b'>' | b'(')) && inside(behind);
    let after = matches!(behind, None | Some(b' ' | b'<' | b')' | b'.' | b',' | b';' | b':' | b'?'));
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
    let close = sign(bytes, 1)?;
    let target = bytes[close..].strip_prefix(b"](")?;
    let plain = |byte: &&u8| {
        matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'A'..=b'Z' | b'#'..=b'%' | b'\''
        | b'*'..=b'/' | b':' | b';' | b'=' | b'?' | b'@' | b'!' | b'_' | b'~')
    };
    let length = target.iter().take_while(plain).count();
    let whole = length > 0 && target.get(length) == Some(&b')') && !bytes[1..close].trim_ascii().is_empty();
    whole.then_some((close - 1, close + 2 + length + 1))
}

#[cfg(test)]
mod tests;
