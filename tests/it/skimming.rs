//! What a document cites is the same whether it is read whole or only for its citations.

use dragnet::documents;
use dragnet::domain::document::{Content, Form, Owner, Reading};
use dragnet::domain::tracker::Claims;
use dragnet::references::{self, Scan};
use proptest::prelude::*;

/// What cells are made of: tickets in every form, and whatever may stand around them and make them something else.
const PIECES: [&str; 94] = [
    "OPS-1",
    "FOO-3",
    "UTF-8",
    "acme/rocket#7",
    "#12",
    "#1",
    "[OPS-2](https://jira.example/browse/OPS-2)",
    "https://github.com/acme/rocket/pull/4",
    "https://github.com/acme/rocket/issues/x",
    "[x](https://example.org/a)",
    "[see OPS-9][d]",
    "[](https://jira.example/browse/OPS-8)",
    "<https://jira.example/browse/OPS-5>",
    "jira.example/browse/OPS-6",
    "Issue #12 · acme/rocket",
    "`OPS-7`",
    "<!-- OPS-8 -->",
    "<!-- dragnet: id=pin-1 -->",
    "<!--dragnet:open--> (open)<!--/dragnet-->",
    "<a href=\"https://jira.example/browse/OPS-4\">",
    "</a>",
    "<br>",
    "<br/>",
    "<b>",
    "Note: not done yet.",
    "**Note:** only half",
    "(was never finished)",
    "caused by",
    "would be fixed by",
    "will fix this",
    "created",
    "to restart it",
    "2024-05-03:",
    "2024-05-03",
    "~Aug, 2023:",
    "Aug 3, 2021 –",
    "3/4/2021:",
    "Q3-2021",
    "2021:",
    "Feb 30, 2021:",
    "(Payments):",
    "Payments team:",
    "TNL reached out",
    "[payments]",
    "_2021-05-05/repo#3",
    "OPS-1•2021-05-05:",
    "https://x.example/1•2021-05-05:",
    "https://jira.example/browse/OPS-1*2021-05-05:",
    "https://x.example/a.*2021-05-05:",
    "<br>_2021-05-05/repo#4",
    "note/x#1",
    "[x](<https://jira.example/browse/OPS-3?a. 2021-05-05: b>)",
    "[the hotfix](https://x.example/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)",
    "is tracked in OPS-1",
    "[foo. 2021-05-05: bar](https://jira.example/browse/OPS-3)",
    "GH-12",
    "the",
    "slow",
    "Slow builds",
    "ditto",
    "n/a",
    "—",
    ".",
    "!",
    "…",
    "•",
    "- ",
    "1. ",
    "*",
    "_",
    "(",
    "[",
    "]",
    ")",
    "\\|",
    "|",
    "é",
    "→",
    "\u{a0}",
    "\"",
    "-",
    "2",
    "~3",
    "about 4",
    "in progress",
    "superseded by",
    "&amp;",
    "<",
    "⚑",
    "      ",
    "On ",
    "CVE-2021-1",
    "release/2021-08",
    "'24",
];

/// Tables of registers, and others: what stands above their rows.
const HEADERS: [&str; 5] = [
    "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n",
    "Category | Issue | Anecdotes | # | Status\n|---|---|---|---|---|\n",
    "| Issue | Tickets | Owner | Status |\n|---|---|---|---|\n",
    "Some words\nIssue | Anecdotes | Status\n---|---|---\n",
    "| Name | Ticket |\n|---|---|\n",
];

fn cell() -> impl Strategy<Value = String> {
    let piece = (prop::sample::select(&PIECES[..]), prop::sample::select(&["", " ", " "][..]));
    prop::collection::vec(piece, 0..9)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, gap)| [piece, gap]).collect())
}

fn table() -> impl Strategy<Value = String> {
    let rows = prop::collection::vec(prop::collection::vec(cell(), 3..6), 0..6);
    (prop::sample::select(&HEADERS[..]), rows).prop_map(|(header, rows)| {
        let rows: String = rows.iter().map(|cells| format!("| {} |\n", cells.join(" | "))).collect();
        format!("{header}{rows}\n\n")
    })
}

/// A table of HTML, with cells that are merged over two rows.
fn merged() -> impl Strategy<Value = String> {
    let rows = prop::collection::vec((prop::collection::vec(cell(), 3), prop::bool::ANY), 1..4);
    rows.prop_map(|rows| {
        let mut html = "<table>\n<tr><th>Issue</th><th>Anecdotes</th><th>Status</th></tr>\n".to_owned();
        for (cells, merges) in rows {
            let (span, more) = if merges {
                (" rowspan=2", "<tr><td>2021-05-06: OPS-1</td><td>OPS-2 Note: x</td></tr>\n")
            } else {
                ("", "")
            };
            html += &format!("<tr><td{span}>{}</td><td>{}</td><td>{}</td></tr>\n{more}", cells[0], cells[1], cells[2]);
        }
        html + "</table>"
    })
}

/// A register as spreadsheets write it.
fn csv() -> impl Strategy<Value = String> {
    let header = prop::sample::select(&["Category,Issue,Anecdotes,Status", "Issue,Tickets,Anecdotes,Status"][..]);
    let rows = prop::collection::vec(prop::collection::vec(cell(), 3..6), 1..6);
    (header, rows).prop_map(|(header, rows)| {
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\"").replace("<br>", "\n"));
        let rows = rows.iter().map(|cells| cells.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n");
        format!("{header}\n{}", rows.collect::<String>())
    })
}

fn document() -> impl Strategy<Value = String> {
    let part = prop_oneof![6 => table(), 2 => cell(), 1 => merged()];
    prop::collection::vec(part, 1..4)
        .prop_map(|parts| parts.join("\n\n") + "\n\n[d]: https://jira.example/browse/OPS-9\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_document_read_for_its_citations_cites_what_the_whole_of_it_cites(
        source in document(),
        csv in csv(),
        content in prop::sample::select(vec![Content::Auto, Content::Register, Content::Minutes]),
        form in prop::sample::select(vec![Form::Markdown, Form::Markdown, Form::Text, Form::Html, Form::Csv]),
    ) {
        let claims = Claims::without_configuration(&["OPS".to_owned()]);
        let reading = Reading { content, ..Reading::of(form) };
        let source = if form == Form::Csv { csv } else { source };
        let [whole, skimmed] = [documents::read, documents::skim]
            .map(|read| of_rows(references::scan(&read("d", source.clone(), &reading), &claims)));
        prop_assert_eq!(skimmed, whole);
    }
}

/// The same, without which anecdote of its challenge it is that cites: those are left out where nobody asks for them.
fn of_rows(mut scan: Scan) -> Scan {
    let references = scan.references.iter_mut().map(|reference| &mut reference.owner);
    for owner in references.chain(scan.pages.iter_mut().map(|page| &mut page.owner)) {
        if let Owner::Challenge { anecdote, .. } = owner {
            *anecdote = None;
        }
    }
    scan
}

#[test]
fn a_register_that_is_skimmed_cites_in_every_part_of_a_row() {
    let source = "| Category | Issue | Anecdotes | Owner | Status |\n|---|---|---|---|---|\n\
                  | Builds OPS-1 | Slow OPS-2 | 2024-05-03: OPS-3<br>2024-05-04: OPS-4 | OPS-5 | OPS-6 Note: OPS-7 |\n";
    let document = documents::skim("d", source.to_owned(), &Reading::of(Form::Markdown));
    assert!(document.challenges.is_empty(), "nothing is read of what nobody asked for");
    let scan = references::scan(&document, &Claims::without_configuration(&["OPS".to_owned()]));
    let parts = scan.references.iter().map(|reference| format!("{} {}", reference.text, reference.within.word()));
    let parts: Vec<String> = parts.collect();
    let expected = [
        "OPS-1 category",
        "OPS-2 title",
        "OPS-3 anecdote",
        "OPS-4 anecdote",
        "OPS-5 text",
        "OPS-6 status",
        "OPS-7 note",
    ];
    assert_eq!(parts, expected);
}
