//! Rows of Markdown tables that need no parser: words, links, code, line breaks, emphasis, and nothing that could be read in two
//! ways.
//!
//! Rows are most of a register, and most rows are like that. `hiding` leaves them out of what the parser is given, which takes
//! it a fraction of the time; what stands in a row is read here. Where the parser does not take all of them for rows, or might
//! have stopped at the cells that they lack, what was read counts for nothing, and it is given the document as it is.

use std::ops::Range;

use memchr::memrchr;

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

/// The plain row that a line is, whose links go behind others.
pub(super) fn plain(text: &str, line: Range<usize>, links: &mut Vec<Link>) -> Option<Row> {
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

/// In bytes, with the blanks around what is in it. Whoever reads in a plain cell looks through it from its start: that is little
/// for each of what dozens say in it, and too much for what thousands do.
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
