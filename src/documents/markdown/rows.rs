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
        (seen.for_each(drop), led.for_each(drop));
        let mut within = Seen::default();
        let put = |cell, part| {
            if cell < columns {
                within.put(self.text, part)
            }
        };
        read(&self.text[row.span.clone()], row.span.start, put);
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
        let line = text[from..next].trim_end_matches(['\n', '\r']);
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
    while let Some(sign) = (at..bytes.len()).find(|at| is_sign(bytes, *at)) {
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

/// Whether a byte is one of [`SIGNS`], and no underscore between letters or digits, which means nothing.
fn is_sign(bytes: &[u8], at: usize) -> bool {
    let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let inside = || letter(at.checked_sub(1).and_then(|before| bytes.get(before))) && letter(bytes.get(at + 1));
    SIGNS[usize::from(bytes[at])] && !(bytes[at] == b'_' && inside())
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
    let close = (1..bytes.len()).find(|at| is_sign(bytes, *at))?;
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
mod tests {
    use proptest::prelude::*;

    use super::super::{parsed, take_apart};
    use super::{Part, hide, read};

    #[test]
    fn what_could_be_read_in_two_ways_is_left_to_the_parser() {
        for (line, expected) in [
            ("| a | b |", Some("0 a · 1 b")),
            ("|a|", Some("0 a")),
            ("||  | a_b ~1 2!", Some("2 a_b ~1 2!")),
            ("| é\u{a0} |", Some("0 é\u{a0}")),
            ("| a <br> b<BR/>c<br />| d |", Some("0 a  · 0 / · 0  b · 0 / · 0 c · 0 / · 1 d")),
            ("| *a* (**b c**), **d**<br>*e* |", Some("0 a · 0  ( · 0 b c · 0 ),  · 0 d · 0 / · 0 e")),
            (
                "| see [OPS-1 a_b](https://x.example/a_b) now |",
                Some("0 see  · 0 OPS-1 a_b→https://x.example/a_b · 0  now"),
            ),
            ("| [quest](Ned) |", Some("0 quest→Ned")),
            ("| a | b | c | d |", Some("0 a · 1 b · 2 c · 3 d")),
            (r"| a \| b |", None),
            ("| `a` |", None),
            ("| a &amp; b |", None),
            ("| a & b |", None),
            ("| _a_ |", None),
            ("| ~~a~~ |", None),
            ("| ~1 to ~2 |", None),
            ("| ~1 | ~2 |", Some("0 ~1 · 1 ~2")),
            ("| 2 * 3 |", None),
            ("| *a |", None),
            ("| *a | b* |", None),
            ("| *a** |", None),
            ("| ***a*** |", None),
            ("| a*b*c |", None),
            ("| * a |", None),
            ("| [a] |", None),
            ("| [a][b] |", None),
            ("| [](https://x.example) |", None),
            ("| [a]() |", None),
            ("| [a](b \"c\") |", None),
            ("| [a](b(c)) |", None),
            ("| [a|b](c) |", None),
            ("| [a *b*](c) |", None),
            ("| ![a](b) |", None),
            ("| <https://x.example> |", None),
            ("| <!-- a --> |", None),
            ("| <b>a</b> |", None),
            ("| a > b |", None),
            ("| a\tb |", None),
        ] {
            let mut parts = Vec::new();
            let found = read(line, 0, |cell, part| {
                let shown = match part {
                    Part::Words(span) => line[span].to_owned(),
                    Part::Break(_) => "/".to_owned(),
                    Part::Link { words, target, .. } => format!("{}→{}", &line[words], &line[target]),
                };
                parts.push(format!("{cell} {shown}"));
            });
            assert_eq!(found.map(|_| parts.join(" · ")).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn only_rows_of_tables_are_hidden() {
        let table = "| a | b |\n|---|---|\n| c | d |\n| `e` | f |\r\n| g |\r\n";
        for (text, expected) in [
            (table.to_owned(), Some("| a | b |\n|---|---|\n|xxxxxxxx\n| `e` | f |\r\n|xxxx\r\n")),
            (format!("x\n\n{table}"), Some("x\n\n| a | b |\n|---|---|\n|xxxxxxxx\n| `e` | f |\r\n|xxxx\r\n")),
            (format!("x\n{table}"), None),
            ("| a |\n| b |\n|---|\n| c |".to_owned(), None),
            (" | a |\n |---|\n | c |".to_owned(), None),
            ("a\n-|-\nb | c".to_owned(), None),
        ] {
            assert_eq!(hide(&text).map(|hidden| hidden.shown).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_table_is_read_as_it_stands() {
        let rows = "| a | b |\n|---|---|\n| [c](https://x.example) | d |\n";
        for (text, links) in [
            (rows.to_owned(), 1),
            (format!("```\n\n{rows}```\n"), 0),
            (format!("<!--\n\n{rows}-->\n"), 0),
            (format!("---\n\n{rows}---\n"), 1),
            // Its header has one cell more.
            (rows.replacen("| a", "| a | b", 1), 1),
        ] {
            assert!(hide(&text).is_some(), "{text}");
            assert_eq!(take_apart(&text).0.links.len(), links, "{text}");
        }
    }

    /// Of a table the parser reads only as many rows as lack a quarter of a million cells, and hidden rows lack nearly all.
    #[test]
    fn hidden_rows_use_up_nothing_that_others_need() {
        let table = |columns: usize, rows: &str| {
            let header = ["|a".repeat(columns), "|-".repeat(columns)].join("|\n");
            format!("{header}|\n{rows}")
        };
        for (text, rows) in [
            (table(5, &"|a|||||\n".repeat(65_537)), 65_537),
            (table(9, &format!("{}| `x` | `y` |\n|`z`|\n", "|a||||||||||\n".repeat(32_768))), 32_770),
        ] {
            let (layout, _) = take_apart(&text);
            assert_eq!(layout.tables[0].rows.len(), rows);
            assert_eq!(layout.lines, []);
        }
    }

    const PIECES: [&str; 62] = [
        "a",
        "b",
        "OPS-1",
        "acme/rocket#7",
        " ",
        " ",
        "  ",
        "|",
        "|",
        " | ",
        "\n",
        "\n|",
        "\n|",
        "\n| ",
        "\r\n| ",
        "\n\n",
        "*",
        "*a*",
        "**",
        " **b** ",
        "_",
        "a_b",
        "_a_",
        "~",
        "~~",
        "!",
        "[",
        "]",
        "(",
        ")",
        "[a](b.c)",
        "[d e](https://x.example/f)",
        "[quest](Ned)",
        "[g][h]",
        "[h]",
        "\n\n[h]: https://y.example\n\n",
        "](",
        "<",
        ">",
        "<br>",
        "<br/>",
        "<BR />",
        "<b>",
        "<!--",
        "-->",
        "<!X ",
        "<https://x.example>",
        "`",
        "```\n",
        "\\",
        "&",
        "&amp;",
        "é",
        "\u{a0}",
        "\t",
        "\r",
        "\0",
        "\"",
        "'",
        ":",
        "-",
        "|---|---|\n",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn plain_rows_are_what_the_parser_makes_of_them(
            before in prop::sample::select(vec!["", "", "x\n", "```\n", "<pre>\n", "<!X\n", "- a\n\n", "> b\n", "---\n", "[h]: z 'a\n"]),
            table in prop::sample::select(vec![
                "\n| a | b |\n|---|---|\n| ", "\n| a |\n|-|\n|", "\n| a | b | c |\n|:-|-|-:|\r\n| c | d |\n| ", "\n| a\n|-|-|\n|",
            ]),
            pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..24),
        ) {
            let text = [before, table, &pieces.concat()].concat();
            prop_assert_eq!(format!("{:#?}", take_apart(&text)), format!("{:#?}", parsed(&text).lay_out()), "{}", text);
        }
    }
}
