//! What Markdown is taken apart into.

use std::cell::OnceCell;

use proptest::prelude::*;

use crate::documents::inlays;
use crate::documents::layout::{Layout, Shape};
use crate::documents::prose::Prose;

fn lay_out(text: &str) -> Layout<'_> {
    crate::documents::markdown::take_apart(text).0
}

/// The lines of a document: shape and reading.
fn lines(text: &str) -> Vec<String> {
    let layout = lay_out(text);
    let shown = layout.lines.iter().map(|line| {
        let shape = match line.shape {
            Shape::Plain => "-".to_owned(),
            Shape::Heading(level) => format!("h{level}"),
            Shape::Item { depth, task } => format!("{depth}{}", if task.is_some() { "t" } else { "" }),
            Shape::Continued => "+".to_owned(),
        };
        format!("{shape} {}", layout.prose.read(line.span.clone()))
    });
    shown.collect()
}

#[test]
fn lines_headings_and_items_keep_their_shape() {
    let text = "---\ntitle: x\n---\n# One *two*\n\nfirst\nsecond **bold**\n\n- a\n  - b\n    wrapped\n- [ ] do it\n\n  more\n1. c\n\n   ```\n   code\n   ```\n";
    assert_eq!(
        lines(text),
        ["h1 One two", "- first", "- second bold", "1 a", "2 b wrapped", "1t do it", "+ more", "1 c"]
    );
}

#[test]
fn brackets_that_only_look_like_a_link_are_read_as_they_stand() {
    assert_eq!(lines("- [quest](Hilary) - access"), ["1 [quest](Hilary) - access"]);
    assert_eq!(lines(r"- \[inform\] (Ned) x &amp; y"), ["1 [inform] (Ned) x & y"]);
    assert_eq!(lines("- [docs](https://d.example/x) here"), ["1 docs here"]);
}

#[test]
fn links_know_their_addresses_bytes() {
    for (text, target) in [
        ("[a](https://x.example/1)", "https://x.example/1"),
        ("[a]( https://x.example/1 \"title\" )", "https://x.example/1"),
        ("[a](<https://x.example/1>)", "https://x.example/1"),
        ("<https://x.example/1>", "https://x.example/1"),
        ("[a](https://x.example/(1))", "https://x.example/(1)"),
        ("[a][d]\n\n[D]: https://x.example/1 'title'\n", "https://x.example/1"),
        ("[d]\n\n[d]:\n  <https://x.example/1>\n", "https://x.example/1"),
        ("[`a](`](https://x.example/1)", "https://x.example/1"),
        ("| a |\n|---|\n| [b](https://x.example/1) |", "https://x.example/1"),
    ] {
        let layout = lay_out(text);
        assert_eq!(layout.links.len(), 1, "{text}");
        assert_eq!(layout.links[0].target, target, "{text}");
        assert_eq!(&text[layout.links[0].target_span.clone()], target, "{text}");
    }
}

#[test]
fn an_anchor_is_one_link() {
    for (text, expected) in [
        (r#"x <a href="https://x.example/1?a=b&amp;c">OPS-1</a> y"#, vec!["https://x.example/1?a=b&c"]),
        ("x <A class=b HREF='https://x.example/1'>**b**</A>", vec!["https://x.example/1"]),
        ("x <a name=b>b</a>", vec![]),
        ("| a |\n|---|\n| <a href=https://x.example/1> |\n| b </a> |", vec![]),
        ("x <a href=\"https://x.example/1\">open", vec![]),
        ("x <a href=\"https://x.example/1\">[b](https://x.example/2)</a>", vec!["https://x.example/2"]),
    ] {
        let layout = lay_out(text);
        let targets: Vec<&str> = layout.links.iter().map(|link| link.target.as_str()).collect();
        assert_eq!(targets, expected, "{text}");
        for link in &layout.links {
            assert_eq!(text[link.target_span.clone()].replace("&amp;", "&"), link.target);
        }
    }
}

#[test]
fn blocks_of_code_and_comments_are_mute_and_definitions_too() {
    let text = "a `code` <!-- c --> <b>d</b>\n\n<!-- block\nof two --> after\n\n    indented\n\n[x]: https://x.example\n[y]: https://y.example\n\n[x]";
    let layout = lay_out(text);
    let mute: Vec<&str> = layout.mute.iter().map(|span| text[span.clone()].trim()).collect();
    // A definition that no link leads through is seen by no reader, so it cites nothing.
    let expected =
        ["<!-- c -->", "<!-- block\nof two -->", "indented", "[x]: https://x.example", "[y]: https://y.example"];
    assert_eq!(mute, expected);
}

#[test]
fn tables_keep_the_bytes_of_their_lines() {
    let text = "> | A | B |\n> |---|---|\n> | x | y | extra |\n> | z |\n";
    let layout = lay_out(text);
    let table = &layout.tables[0];
    assert_eq!(&text[table.header.span.clone()], "| A | B |");
    let rows: Vec<&str> = table.rows.iter().map(|row| &text[row.span.clone()]).collect();
    assert_eq!(rows, ["| x | y | extra |", "| z |"]);
    assert_eq!(layout.prose.read(table.rows[0].span.clone()), "xy | extra");
}

proptest! {
    /// Where they did not, somebody would read behind the end of a cell.
    #[test]
    fn pieces_follow_each_other(
        cells in prop::collection::vec(
            prop::collection::vec(
                prop::sample::select(&["a", "*b*", "[c](d:e)", "[c][d]", "\u{a0}", "\t", "<b>", "`f`", "<!-- g -->", " "][..]), 0..3,
            ), 0..24,
        ),
    ) {
        let rows: Vec<String> = cells.chunks(3).map(|row| {
            let cells: Vec<String> = row.iter().map(|cell| cell.concat()).collect();
            format!("| {} |\n", cells.join(" | "))
        }).collect();
        let text = format!("| a | b |\n|---|---|\n{}\n<!-- h -->\n\n[d]: x:y\n", rows.concat());
        let plain = OnceCell::new();
        let Prose::Marked(marked) = inlays::lay_out(&text, &[], &plain).prose else {
            return Err(TestCaseError::fail("Markdown has marks"));
        };
        let apart = marked.pieces.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start);
        prop_assert!(apart, "{:?} of {}", marked.pieces, text);
    }
}
