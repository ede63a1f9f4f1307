//! Rows of Markdown tables that need no parser: words, links, line breaks, emphasis, and nothing that could be read in two ways.
//!
//! Rows are most of a register, and most rows are like that. The parser is given one long word for each of them, which takes
//! it a fraction of the time; what stands in the row is read here. Where the parser does not take all of them for rows, or might
//! have stopped at the cells that they lack, what was read counts for nothing, and it is given the document as it is.

use std::ops::Range;
use std::vec::IntoIter;

use memchr::{memchr, memchr_iter};

use super::is_address;
use crate::documents::layout::{Piece, Row, RowCells, starts_with, trim};
use crate::domain::document::Link;

/// A part of a plain row.
enum Part {
    /// Words as they stand.
    Words(Range<usize>),
    /// A `<br>`.
    Break(Range<usize>),
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

/// What readers see of plain rows, in order.
#[derive(Default)]
struct Seen {
    pieces: Vec<Piece>,
    links: Vec<Link>,
}

impl Seen {
    fn put(&mut self, text: &str, part: Part) {
        match part {
            Part::Words(span) => Piece::append(&mut self.pieces, &span, None),
            Part::Break(span) => Piece::append(&mut self.pieces, &span, Some("\n".into())),
            Part::Link { span, words, target } if is_address(&text[target.clone()]) => {
                Piece::append(&mut self.pieces, &words, None);
                let address = text[target.clone()].to_owned();
                self.links.push(Link { span, target_span: target, target: address });
            }
            Part::Link { span, .. } => self.pieces.push(Piece { span, reads: None }),
        }
    }
}

/// One plain row.
struct Plain {
    row: Row,
    /// As many cells hold something, and those between them.
    filled: usize,
    /// As many of its pieces and links there are.
    pieces: usize,
    links: usize,
}

/// A document whose plain rows are hidden.
pub(super) struct Hidden<'a> {
    /// Of the same length, with one word for all plain rows that follow each other.
    pub(super) shown: String,
    /// What is hidden behind each of these words.
    pub(super) rows: Rows<'a>,
}

/// Hidden rows, in order.
#[derive(Default)]
pub(super) struct Rows<'a> {
    text: &'a str,
    /// Where each word starts that stands for some, and how many these are.
    words: IntoIter<(usize, usize)>,
    rows: IntoIter<Plain>,
    pieces: IntoIter<Piece>,
    links: IntoIter<Link>,
}

impl Rows<'_> {
    /// How many pieces they have in all.
    pub(super) fn pieces(&self) -> usize {
        self.pieces.len()
    }

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

    /// The next row of a table with so many columns: what is beyond them is dropped, as the parser does.
    pub(super) fn next(&mut self, columns: usize, pieces: &mut Vec<Piece>, links: &mut Vec<Link>) -> Option<Row> {
        let Plain { row, filled, pieces: seen, links: led } = self.rows.next()?;
        let (seen, led) = (self.pieces.by_ref().take(seen), self.links.by_ref().take(led));
        if filled <= columns {
            pieces.extend(seen);
            links.extend(led);
            return Some(row);
        }
        seen.for_each(drop);
        led.for_each(drop);
        let mut within = Seen::default();
        read(&self.text[row.span.clone()], row.span.start, |cell, part| {
            if cell < columns {
                within.put(self.text, part);
            }
        });
        pieces.extend(within.pieces);
        links.extend(within.links);
        Some(row)
    }
}

/// What the last line was.
enum Above {
    /// Nothing that a table could start behind.
    Text,
    /// A blank one, or none.
    Blank,
    /// What may be a table's header.
    Header,
    /// A line of what may be a table.
    Table,
    /// A plain row of it, which ends there.
    Plain(usize),
}

/// Hides the plain rows of what seems to be tables; `None` where there are none. Only tables at the start or behind a blank line are
/// looked at, where no paragraph before them can go on.
pub(super) fn hide(text: &str) -> Option<Hidden<'_>> {
    let (mut words, mut rows, mut seen, mut shown) = (Vec::<(usize, usize)>::new(), Vec::new(), Seen::default(), None);
    let (mut above, mut from) = (Above::Blank, 0);
    while from < text.len() {
        let next = memchr(b'\n', &text.as_bytes()[from..]).map_or(text.len(), |offset| from + offset + 1);
        let line = &text[from..next];
        let line = line.strip_suffix('\n').unwrap_or(line);
        // Another one in front of it ends a line of its own.
        let line = line.strip_suffix('\r').unwrap_or(line);
        let only = |bytes: &[u8]| line.bytes().all(|byte| bytes.contains(&byte));
        above = match above {
            Above::Table | Above::Plain(_) if line.starts_with('|') => match plain(text, from, line, &mut seen) {
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
            Above::Header if only(b"|-: ") => Above::Table,
            Above::Blank if line.starts_with('|') => Above::Header,
            _ if only(b" \t") => Above::Blank,
            _ => Above::Text,
        };
        from = next;
    }
    // Whole lines were filled.
    let shown = String::from_utf8(shown?).ok()?;
    let Seen { pieces, links } = seen;
    let (words, rows) = (words.into_iter(), rows.into_iter());
    Some(Hidden { shown, rows: Rows { text, words, rows, pieces: pieces.into_iter(), links: links.into_iter() } })
}

/// The plain row that a line is which starts at `from`; nothing of any other one is `seen`.
fn plain(text: &str, from: usize, line: &str, seen: &mut Seen) -> Option<Plain> {
    // One without any words may be none.
    if line.bytes().all(|byte| b"| ".contains(&byte)) {
        return None;
    }
    let (pieces, links, mut filled) = (seen.pieces.len(), seen.links.len(), 0);
    let cells = read(line, from, |cell, part| {
        filled = cell + 1;
        seen.put(text, part);
    });
    let Some(cells) = cells else {
        seen.pieces.truncate(pieces);
        seen.links.truncate(links);
        return None;
    };
    let row = Row { span: trim(text, from..from + line.len()), cells };
    Some(Plain { row, filled, pieces: seen.pieces.len() - pieces, links: seen.links.len() - links })
}

/// The cells of a table's line that starts at `base`, as [`cells`](crate::documents::layout::cells) divides it, and what is in
/// them, each part with the index of its cell; `None` where it is not plain.
fn read(line: &str, base: usize, mut put: impl FnMut(usize, Part)) -> Option<RowCells> {
    // Nothing in a plain row keeps a pipe from dividing it. The first one stands in front of the first cell.
    let (mut cells, mut from) = (RowCells::new(), 1);
    for (nth, end) in memchr_iter(b'|', line.as_bytes()).skip(1).chain([line.len()]).enumerate() {
        let words = line[from..end].trim_start_matches(' ');
        let (start, words) = (end - words.len(), words.trim_end_matches(' '));
        read_cell(words, base + start, |part| put(nth, part))?;
        // There may be other blanks at its ends.
        let cell = trim(line, start..start + words.len());
        if !cell.is_empty() {
            cells.push(base + cell.start..base + cell.end);
        } else if end < line.len() {
            cells.push(base + from..base + from);
        }
        from = end + 1;
    }
    Some(cells)
}

/// Bytes that mean something in a cell, or might.
const SIGNS: [bool; 256] = {
    let (mut signs, mut nth) = ([false; 256], 0);
    while nth < 32 {
        signs[nth] = true;
        nth += 1;
    }
    let (others, mut nth) = (b"|<>[]*_~!`&\\\x7f", 0);
    while nth < others.len() {
        signs[others[nth] as usize] = true;
        nth += 1;
    }
    signs
};

/// The parts of a cell without blanks at its ends.
fn read_cell(cell: &str, base: usize, mut put: impl FnMut(Part)) -> Option<()> {
    let bytes = cell.as_bytes();
    let (mut from, mut at, mut open, mut struck) = (0, 0, 0, false);
    let words = |span: Range<usize>| (!span.is_empty()).then(|| Part::Words(base + span.start..base + span.end));
    while let Some(sign) = sign(bytes, at) {
        at = sign;
        let (part, length) = match bytes[at] {
            b'!' if bytes.get(at + 1) != Some(&b'[') => (None, 0),
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
        words(from..at).into_iter().chain(part).for_each(&mut put);
        at += length;
        from = at;
    }
    words(from..bytes.len()).into_iter().for_each(put);
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
    let letter = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    let begins = open == 0 && length <= 2 && matches!(before, None | Some(b' ' | b'>' | b'(')) && letter(behind);
    let after = matches!(behind, None | Some(b' ' | b'<' | b')' | b'.' | b',' | b';' | b':' | b'?'));
    (begins || length == open && letter(before) && after).then_some(length)
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
