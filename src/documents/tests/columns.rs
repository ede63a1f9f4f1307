//! Tables as people keep them: what stands in which column, alike in every form.

use proptest::prelude::*;

use super::{auto, problems, read, shown_register};
use crate::domain::document::{Content, Document, Form, Kind, Owner};

/// A table's cells; `KEY-1` alone is a link where the form has any.
type Cells = Vec<Vec<String>>;

fn table(text: &str) -> Cells {
    text.trim().lines().map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

fn is_key(word: &str) -> bool {
    word.starts_with("OPS-")
}

/// A cell with its keys as links.
fn linked(cell: &str, link: impl Fn(&str) -> String) -> String {
    let words = cell.split(' ').map(|word| if is_key(word) { link(word) } else { word.to_owned() });
    words.collect::<Vec<_>>().join(" ")
}

fn address(key: &str) -> String {
    format!("https://jira.example/browse/{key}")
}

fn markdown(cells: &Cells) -> String {
    let row = |row: &Vec<String>| {
        let cells = row.iter().map(|cell| linked(cell, |key| format!("[{key}]({})", address(key))));
        format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
    };
    let rule = format!("|{}\n", "---|".repeat(cells[0].len()));
    std::iter::once(row(&cells[0])).chain([rule]).chain(cells[1..].iter().map(row)).collect()
}

fn csv(cells: &Cells) -> String {
    cells.iter().map(|row| row.iter().map(|cell| linked(cell, address)).collect::<Vec<_>>().join(",") + "\n").collect()
}

fn page(cells: &Cells, link: impl Fn(&str) -> String, status: impl Fn(&str) -> String) -> String {
    let row = |(nth, row): (usize, &Vec<String>)| {
        let tag = if nth == 0 { "th" } else { "td" };
        let cell = |cell: &String| {
            let inside = if cell == "DONE" { status(cell) } else { linked(cell, &link) };
            format!("<{tag}><p>{inside}</p></{tag}>")
        };
        format!("<tr>{}</tr>\n", row.iter().map(cell).collect::<String>())
    };
    format!("<table><tbody>{}</tbody></table>", cells.iter().enumerate().map(row).collect::<String>())
}

fn html(cells: &Cells) -> String {
    page(cells, |key| format!("<a href=\"{}\">{key}</a>", address(key)), str::to_owned)
}

fn storage(cells: &Cells) -> String {
    let macro_of = |name: &str, parameter: &str, value: &str| {
        format!(
            "<ac:structured-macro ac:name=\"{name}\"><ac:parameter ac:name=\"{parameter}\">{value}</ac:parameter>\
             </ac:structured-macro>"
        )
    };
    page(cells, |key| macro_of("jira", "key", key), |word| macro_of("status", "title", word))
}

fn in_every_form(cells: &Cells) -> Vec<(Form, Document)> {
    let forms = [
        (Form::Markdown, markdown(cells)),
        (Form::Html, html(cells)),
        (Form::Storage, storage(cells)),
        (Form::Csv, csv(cells)),
    ];
    forms.map(|(form, text)| (form, read("t", text, Content::Auto, Some(form)))).to_vec()
}

/// A line for each challenge: what it is, and whose tickets are whose by the part that they stand in.
fn said(document: &Document) -> Vec<String> {
    let of_row = |nth: usize| {
        let row = &document.challenges[nth];
        let title = row.title.replace("https://jira.example/browse/", "");
        let mut said = format!("{}|{title}", row.category.as_deref().unwrap_or("-"));
        row.occurrences.iter().for_each(|count| said += &format!(" ×{count}"));
        row.anecdotes.iter().for_each(|anecdote| said += &format!(" anecdote={}", anecdote.text));
        for passage in &document.passages {
            let slice = &document.source[passage.span.clone()];
            let mut keys: Vec<&str> =
                slice.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| is_key(word)).collect();
            keys.dedup();
            if matches!(passage.owner, Owner::Challenge { challenge, .. } if challenge == nth) && !keys.is_empty() {
                said += &format!(" {}={}", passage.within.word(), keys.join("+"));
            }
        }
        row.status.notes.iter().for_each(|note| said += &format!(" note={}", note.text));
        said
    };
    (0..document.challenges.len()).map(of_row).collect()
}

#[test]
fn tables_of_many_shapes_are_read_alike_in_every_form() {
    for (text, expected) in [
        ("Issue | Status | Ticket\nSlow | open | OPS-1", vec!["-|Slow status=OPS-1"]),
        ("Issue | Ticket | Status\nSlow | OPS-1 | OPS-2", vec!["-|Slow status=OPS-1 status=OPS-2"]),
        ("Problem | Status | PRs\nSlow | In progress | OPS-1 merged", vec!["-|Slow status=OPS-1"]),
        (
            "Category | Issue | Anecdotes | Occurrences | Status | Jira\nCI | Slow | waited | 3 | DONE | OPS-1 Note: not done.",
            vec!["CI|Slow ×3 anecdote=waited status=OPS-1 note=not done."],
        ),
        ("Issue | Owner | Status\nSlow | Ann see OPS-1 | OPS-2", vec!["-|Slow text=OPS-1 status=OPS-2"]),
        (
            "Problem | Issue | Status\nSlow | OPS-1 | open\nLost | OPS-2 | open",
            vec!["-|Slow status=OPS-1", "-|Lost status=OPS-2"],
        ),
        (
            "Phase | Tracking issue | Status | PRs\n1. Move | OPS-1 | DONE | OPS-2 OPS-3",
            vec!["-|1. Move status=OPS-1 status=OPS-2+OPS-3"],
        ),
        ("Task | Status | Issue\nWrite it | DONE | OPS-1", vec!["-|Write it status=OPS-1"]),
        ("Issue | Summary | Status\nOPS-1 | Slow | DONE", vec!["-|Slow status=OPS-1"]),
        ("Description | Related issue | Status\nSlow | OPS-1 | DONE", vec!["-|Slow status=OPS-1"]),
        ("Issue | Status | Owner\nOPS-1 | DONE | Ann", vec!["-|OPS-1 title=OPS-1"]),
        ("# | Issue | Status\n1 | Slow | OPS-1\n2 | Lost | open", vec!["-|Slow status=OPS-1", "-|Lost"]),
        ("# | Issue | Votes | Status\n1 | Slow | 4 | open", vec!["-|Slow ×4"]),
        ("No. | Issue | Status\nX1 | Slow | open", vec!["-|Slow"]),
        (
            "Jira | Summary | Component\nOPS-1 | Slow | .\nOPS-2 | Lost | CI",
            vec!["-|Slow status=OPS-1", "CI|Lost status=OPS-2"],
        ),
    ] {
        for (form, document) in in_every_form(&table(text)) {
            assert_eq!(document.kind, Kind::Register, "{form:?}: {text}");
            assert_eq!(said(&document), expected, "{form:?}: {text}");
            assert_eq!(problems(&document), Vec::<String>::new(), "{form:?}: {text}");
        }
    }
}

#[test]
fn statuses_and_tickets_of_a_row_are_told_apart() {
    let document = auto(
        "r.md",
        "| Issue | Status | Tickets | PRs | Contact |\n|---|---|---|---|---|\n\
         | Slow | in progress | [OPS-1](https://jira.example/browse/OPS-1) Note: half of it. | a/b#2 (was not completed) | Ann |\n",
    );
    insta::assert_snapshot!(shown_register(&document), @"
    3:3 [-] Slow ×None
      status: in progress
      67 note: half of it.
      93 note: was not completed
    ");
    insta::assert_snapshot!(super::passages(&document), @r#"
    text - "| Issue | Status | Tickets | PRs | Contact |\n|---|---|---|---|---|\n|"
    title 0 "Slow"
    status 0 "in progress"
    status 0 "[OPS-1](https://jira.example/browse/OPS-1)"
    note 0.0 "Note: half of it."
    status 0 "a/b#2"
    note 0.1 "(was not completed)"
    text 0 "Ann"
    "#);
}

#[test]
fn further_rows_of_a_challenge_add_their_tickets() {
    let page = "<table><tr><th>Issue<th>Status<th>Ticket</tr><tr><td rowspan=2>Slow<td rowspan=2>open<td>OPS-1 Note: half</tr>\
                <tr><td>OPS-2 Note: none</tr><tr><td>Lost<td>open<td rowspan=2>OPS-3</tr><tr><td>Old<td>open</tr></table>";
    let document = auto("r.html", page);
    assert_eq!(
        said(&document),
        ["-|Slow status=OPS-1 status=OPS-2 note=half note=none", "-|Lost status=OPS-3", "-|Old"]
    );
    let shared = document.passages.iter().find(|passage| document.source[passage.span.clone()].contains("OPS-3"));
    assert_eq!(shared.unwrap().also(), [2]);
    let texts: Vec<&str> = document.challenges.iter().map(|row| row.status.text.as_str()).collect();
    assert_eq!(texts, ["open", "open", "open"]);
}

/// Columns of a register: a heading, and what stands below in the row of a number.
fn column(kind: usize, row: usize) -> (&'static str, String) {
    let key = format!("OPS-{}", 10 * kind + row);
    match kind {
        0 => ("Issue", format!("Pain {row}")),
        1 => ("Status", if row.is_multiple_of(2) { "DONE".to_owned() } else { format!("{key} Note: not done.") }),
        2 => ("Ticket", key),
        3 => ("Pull requests", if row.is_multiple_of(3) { String::new() } else { format!("{key} merged") }),
        4 => ("Owner", format!("Ann of {key}")),
        5 => ("#", (row + 1).to_string()),
        6 => ("Votes", (3 * row % 7).to_string()),
        _ => ("Area", format!("Area {}", row / 2)),
    }
}

proptest! {
    #[test]
    fn the_same_table_in_every_form_says_the_same(
        kinds in Just((1..8_usize).collect::<Vec<_>>()).prop_shuffle(),
        (kept, title) in (1..8_usize, 0..8_usize),
        rows in 1..5_usize,
    ) {
        let mut kinds: Vec<usize> = kinds.into_iter().take(kept).collect();
        kinds.insert(title.min(kept), 0);
        prop_assume!(kinds.iter().any(|kind| [1, 2, 6].contains(kind)));
        let head = kinds.iter().map(|kind| column(*kind, 0).0.to_owned()).collect();
        let row = |row: usize| kinds.iter().map(|kind| column(*kind, row).1).collect::<Vec<_>>();
        let cells: Cells = std::iter::once(head).chain((0..rows).map(row)).collect();
        let all = in_every_form(&cells);
        let (_, markdown) = &all[0];
        prop_assert_eq!(markdown.challenges.len(), rows);
        for (form, document) in &all {
            prop_assert_eq!(said(document), said(markdown), "{:?}: {:?}", form, cells);
            // Every ticket is its row's, and none but those of its owner is a mention.
            for (nth, line) in said(document).iter().enumerate() {
                for (kind, within) in [(2, "status"), (4, "text")] {
                    let told = kinds.contains(&kind).then(|| format!("{within}=OPS-{}", 10 * kind + nth));
                    prop_assert!(told.is_none_or(|told| line.contains(&told)), "{line}");
                }
            }
        }
    }
}
