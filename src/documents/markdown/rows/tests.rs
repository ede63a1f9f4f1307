//! Plain rows against what the parser makes of them.

use std::ops::Range;

use proptest::prelude::*;

use super::super::hiding::hide;
use super::super::{parsed, take_apart};
use super::{Part, read};
use crate::documents::layout::Layout;
use crate::documents::prose::{Before, Marked, Piece, Prose};

#[test]
fn what_could_be_read_in_two_ways_is_left_to_the_parser() {
    for (line, expected) in [
        ("| a | b |", Some("0 a · 1 b")),
        ("|a|", Some("0 a")),
        ("||  | a_b ~1 2!", Some("2 a_b ~1 2!")),
        ("| é\u{a0} |", Some("0 é\u{a0}")),
        ("| a <br> b<BR/>c<br />| d |", Some("0 a  · 0 / · 0  b · 0 / · 0 c · 0 / · 1 d")),
        ("| *a* (**b c**), **d**<br>*e* |", Some("0 a · 0  ( · 0 b c · 0 ),  · 0 d · 0 / · 0 e")),
        ("| see [OPS-1 a_b](https://x.example/a_b) now |", Some("0 see  · 0 OPS-1 a_b→https://x.example/a_b · 0  now")),
        ("| [quest](Ned) |", Some("0 quest→Ned")),
        ("| a | b | c | d |", Some("0 a · 1 b · 2 c · 3 d")),
        (r"| a \| b |", None),
        ("| a `b*_<&~c` (**`d`**) |", Some("0 a  · 0 `b*_<&~c` · 0  ( · 0 `d` · 0 )")),
        ("| a & b > c -> d & |", Some("0 a & b > c -> d &")),
        ("| `` |", None),
        ("| `a |", None),
        ("| ` a` |", None),
        ("| `a ` |", None),
        ("| ``a`` |", None),
        ("| `a`` |", None),
        (r"| `a\` |", None),
        ("| `a | b` |", None),
        ("| a`b`*c* |", None),
        ("| a &amp; b |", None),
        ("| a &b |", None),
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
        ("| a\tb |", None),
    ] {
        let mut parts = Vec::new();
        let found = read(line, &(0..line.len()), |part| {
            let (at, shown) = match part {
                Part::Words(span) => (span.start, line[span].to_owned()),
                Part::Break(span) => (span.start, "/".to_owned()),
                Part::Code(span) => (span.start, line[span].to_owned()),
                Part::Link { span, words, target } => (span.start, format!("{}→{}", &line[words], &line[target])),
            };
            parts.push(format!("{} {shown}", line[..at].matches('|').count() - 1));
            Some(())
        });
        assert_eq!(found.map(|_| parts.join(" · ")).as_deref(), expected, "{line}");
    }
}

#[test]
fn only_rows_of_tables_are_hidden() {
    let table = "| a | b |\n|---|---|\n| c | d |\n| _e_ | f |\r\n| g |\r\n";
    for (text, expected) in [
        (table.to_owned(), Some("| a | b |\n|---|---|\n|x\n| _e_ | f |\r\n|x\r\n")),
        (format!("x\n\n{table}"), Some("x\n\n| a | b |\n|---|---|\n|x\n| _e_ | f |\r\n|x\r\n")),
        (
            "| a |\n|---|\n| _b_ |\n| c |\n| d |\r\n|e|\n| _f_ |\n| g |\n| h |".to_owned(),
            Some("| a |\n|---|\n| _b_ |\n|x\n| _f_ |\n|x"),
        ),
        // A carriage return alone ends a line as well, and the one behind it is blank.
        ("| a |\n|---|\n| b |\r\r\n| c |".to_owned(), Some("| a |\n|---|\n| b |\r\r\n|x")),
        (format!("x\n{table}"), None),
        (format!("## x\n{table}"), Some("## x\n| a | b |\n|---|---|\n|x\n| _e_ | f |\r\n|x\r\n")),
        (format!("#x\n{table}"), None),
        ("| a |\n\n| b |\n|---|\n| c |".to_owned(), Some("| a |\n\n| b |\n|---|\n|x")),
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

const PIECES: [&str; 70] = [
    "`c`",
    "**`",
    "`**",
    " & ",
    "->",
    "\n# h\n",
    "\n#h\n",
    "`d e`",
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

/// All of it, with the pieces of plain rows among the others.
fn written((mut layout, blocks): (Layout<'_>, Vec<Range<usize>>)) -> String {
    if let Prose::Marked(marked) = &mut layout.prose {
        let mut all = Vec::new();
        marked.each(&(0..layout.text.len()), &mut Before::default(), |piece| {
            Piece::append(&mut all, &piece.span, piece.reads.clone());
        });
        *marked = Marked::new(layout.text, all);
    }
    format!("{layout:#?} {blocks:?}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn plain_rows_are_what_the_parser_makes_of_them(
        before in prop::sample::select(vec!["", "", "x\n", "```\n", "<pre>\n", "<!X\n", "- a\n\n", "> b\n", "---\n", "[h]: z 'a\n", "# h", "#h", "## ", "####### h"]),
        table in prop::sample::select(vec![
            "\n| a | b |\n|---|---|\n| ", "\n| a |\n|-|\n|", "\n| a | b | c |\n|:-|-|-:|\r\n| c | d |\n| ", "\n| a\n|-|-|\n|",
        ]),
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..24),
    ) {
        let text = [before, table, &pieces.concat()].concat();
        let (ours, theirs) = (take_apart(&text), parsed(&text).lay_out());
        for (at, _) in text.char_indices() {
            for span in [0..at, at..text.len(), at..text.ceil_char_boundary(at + 4)] {
                let read = [&ours, &theirs].map(|(layout, _)| layout.prose.read(span.clone()));
                prop_assert_eq!(&read[0], &read[1], "{:?} of {}", span, text);
                let mut before = Before::default();
                prop_assert_eq!(ours.0.prose.says(&span, &mut before), !read[0].is_empty());
            }
        }
        prop_assert_eq!(written(ours), written(theirs), "{}", text);
    }
}
