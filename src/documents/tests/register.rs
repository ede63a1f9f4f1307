//! Registers: tables into challenges.

use super::{auto, passages, problems, read, shown_register};
use crate::domain::document::{Content, Form, Kind};

/// A register as its page leaves it when it is extracted.
pub(super) const EXTRACTED: &str = "\
Things that slow us down
Before the table: OPS-1.
Area | Problem | Team anecdotes (dated) | How often | Status |
|---|---|---|---|---|
Builds | Queue is long at noon | April 7, 2020: Waited for OPS-2. It was solved by hand. ~May, 2020: Waited again on Note: this is no status. | 2 | https://jira.example/browse/OPS-3 Note: Never finished. |
Cache is cold every Monday. | June 9, 2020 OPS-4 - cold. | 1 | ||
Secrets expire in silence | Nobody is told when a secret is about to expire, and the first sign is a service that cannot reach another one: somebody has to guess, each time. | https://jira.example/browse/OPS-5 | ||
Access | Roles are granted by hand | Sep 1, 2020 (Payments): asked twice. | 3 |
After the table.
";

#[test]
fn an_extracted_register_is_read_by_what_its_cells_hold() {
    let document = auto("page.txt", EXTRACTED);
    assert_eq!((document.form, document.kind), (Form::Text, Kind::Register));
    insta::assert_snapshot!(shown_register(&document), @"
    5:10 [Builds] Queue is long at noon ×Some(2)
      5:34 2020-04-07: Waited for OPS-2. It was solved by hand.
      5:90 ~2020-05: Waited again on Note: this is no status.
      status: https://jira.example/browse/OPS-3 Note: Never finished.
      183 note: Never finished.
    6:1 [Builds] Cache is cold every Monday. ×Some(1)
      6:31 2020-06-09: OPS-4 - cold.
    7:1 [Builds] Secrets expire in silence ×None
      7:29 undated: Nobody is told when a secret is about to expire, and the first sign is a service that cannot reach another one: somebody has to guess, each time.
      status: https://jira.example/browse/OPS-5
    8:10 [Access] Roles are granted by hand ×Some(3)
      8:38 2020-09-01 Payments: asked twice.
    ");
}

#[test]
fn every_byte_of_an_extracted_register_has_its_owner() {
    insta::assert_snapshot!(passages(&auto("page.txt", EXTRACTED)), @r##"
    text - "Things that slow us down\nBefore the table: OPS-1.\nArea | Problem | Team anecdotes (dated) | How often | Status |\n|---|---|---|---|---|"
    category 0 "Builds"
    title 0 "Queue is long at noon"
    anecdote 0.0 "April 7, 2020: Waited for OPS-2. It was solved by hand."
    anecdote 0.1 "~May, 2020: Waited again on Note: this is no status."
    status 0 "https://jira.example/browse/OPS-3"
    note 0.0 "Note: Never finished."
    title 1 "Cache is cold every Monday."
    anecdote 1.0 "June 9, 2020 OPS-4 - cold."
    title 2 "Secrets expire in silence"
    anecdote 2.0 "Nobody is told when a secret is about to expire, and the first sign is a service that cannot reach another one: somebody has to guess, each time."
    status 2 "https://jira.example/browse/OPS-5"
    category 3 "Access"
    title 3 "Roles are granted by hand"
    anecdote 3.0 "Sep 1, 2020 (Payments): asked twice."
    text - "| 3 |\nAfter the table."
    "##);
}

const MARKDOWN: &str = r#"# What hurts

See [OPS-1](https://jira.example/browse/OPS-1).

| Problem | Area | Examples | # | Tickets | Owner |
|:--|---|---|--:|---|---|
| Queue \| lock | **Builds** | **2020-04-07**: waited <br> - ~May 2020 (Payments, Search): again<br>and again | 2 | [OPS-2](https://jira.example/browse/OPS-2) Note: not done. [the other][o] | Ann |
| Cold `cache` |  | it is cold &amp; slow | 3+ |  |  |
| Roles <!-- dragnet: id=roles --> | Access | Feb 30, 2021: asked | many | OPS-3 <!--dragnet:open-->OPS-9 is open<!--/dragnet--> Note: half | Bob |

Between, with `OPS-8` in code.

| Title | Status |
|---|---|
| Second table | OPS-4 |
| Too | many | cells OPS-5 |
| Too few |
|  | OPS-6 |

[o]: https://github.com/a/b/pull/3
"#;

#[test]
fn a_markdown_register_is_read_by_its_columns() {
    let document = auto("register.md", MARKDOWN);
    assert_eq!((document.form, document.kind), (Form::Markdown, Kind::Register));
    insta::assert_snapshot!(shown_register(&document), @"
    7:3 [Builds] Queue | lock ×Some(2)
      7:34 2020-04-07: waited
      7:62 ~2020-05 Payments+Search: again and again
      status: OPS-2 Note: not done. the other
      160 note: not done.
    8:3 [Builds] Cold cache ×Some(3)
      8:21 undated: it is cold & slow
    9:3 [Access] Roles ×None
      9:47 undated: Feb 30, 2021: asked
      status: OPS-3 Note: half
      130 note: half
    15:3 [-] Second table ×None
      status: OPS-4
    16:3 [-] Too ×None
      status: many | cells OPS-5
    17:3 [-] Too few ×None
    ! 9:47 malformed-row: the date `Feb 30, 2021` is no day of the calendar
    ! 9:69 malformed-row: `many` stands where the occurrences are counted, and is no number
    ! 16:1 malformed-row: the row has 3 cells where the header has 2, so a pipe may stand inside one
    ! 17:1 malformed-row: the row has 1 cell where the header has 2
    ! 18:1 malformed-row: the row has no title, so it is no challenge
    ");
    assert_eq!(document.challenges[2].id.0, "roles");
}

#[test]
fn every_byte_of_a_markdown_register_has_its_owner() {
    let document = auto("register.md", MARKDOWN);
    insta::assert_snapshot!(passages(&document), @r##"
    text - "# What hurts\n\nSee [OPS-1](https://jira.example/browse/OPS-1).\n\n| Problem | Area | Examples | # | Tickets | Owner |\n|:--|---|---|--:|---|---|\n|"
    title 0 "Queue \\| lock"
    category 0 "**Builds**"
    anecdote 0.0 "2020-04-07**: waited"
    text - "<br> -"
    anecdote 0.1 "~May 2020 (Payments, Search): again<br>and again"
    status 0 "[OPS-2](https://jira.example/browse/OPS-2)"
    note 0.0 "Note: not done."
    status 0 "[the other][o]"
    text 0 "Ann"
    title 1 "Cold `cache`"
    anecdote 1.0 "it is cold &amp; slow"
    title 2 "Roles"
    category 2 "Access"
    anecdote 2.0 "Feb 30, 2021: asked"
    text - "| many |"
    status 2 "OPS-3"
    note 2.0 "Note: half"
    text 2 "Bob"
    text - "|\n\nBetween, with `OPS-8` in code.\n\n| Title | Status |\n|---|---|\n|"
    title 3 "Second table"
    status 3 "OPS-4"
    title 4 "Too"
    status 4 "many | cells OPS-5"
    title 5 "Too few"
    text - "|\n|  | OPS-6 |\n\n[o]: https://github.com/a/b/pull/3"
    "##);
    let links: usize = document.passages.iter().map(|passage| passage.links().len()).sum();
    assert_eq!(links, 3);
    assert!(!passages(&document).contains("OPS-9"), "our own words are nobody's");
}

#[test]
fn what_dragnet_writes_is_not_read() {
    let with = "| Issue | Status | Reports |\n|---|---|---|\n\
                | Slow <!--dragnet:a-->| x |<!--/dragnet--> | OPS-1 <!--dragnet:b-->Note: no<!--/dragnet--> \
                | 2020-04-07: OPS-2 <!--dragnet:c-->OPS-3<!--/dragnet--> again |\n";
    let document = auto("r.md", with);
    insta::assert_snapshot!(shown_register(&document), @"
    3:3 [-] Slow ×None
      3:95 2020-04-07: OPS-2 again
      status: OPS-1
    ");
    let anecdote = document.passages.last().unwrap();
    assert_eq!(&document.source[anecdote.mute()[0].clone()], "<!--dragnet:c-->OPS-3<!--/dragnet-->");
}

#[test]
fn a_category_may_point_to_the_one_above() {
    for ditto in ["\"", "″", "^", "-", "ditto", "Same as above", ""] {
        let source = format!("| | Issue | Status |\n|---|---|---|\n| CI | A | |\n| {ditto} | B | |\n| Web | C | |\n");
        let document = auto("r.md", &source);
        let categories: Vec<_> = document.challenges.iter().map(|row| row.category.as_deref().unwrap()).collect();
        assert_eq!(categories, ["CI", "CI", "Web"], "{ditto}");
    }
    let document = auto("r.md", "| Area | Issue | Status |\n|---|---|---|\n| - | A | |\n");
    assert_eq!(document.challenges[0].category, None);
    for nothing in [".", "?", "…", "n/a"] {
        let source =
            format!("| Area | Issue | Status |\n|---|---|---|\n| CI | A | |\n| {nothing} | B | |\n| | C | |\n");
        let document = auto("r.md", &source);
        let categories: Vec<_> = document.challenges.iter().map(|row| row.category.as_deref()).collect();
        assert_eq!(categories, [Some("CI"), None, None], "{nothing}");
    }
}

#[test]
fn counts_are_written_in_many_ways() {
    for (cell, expected) in [
        ("3", Some(3)),
        ("3x", Some(3)),
        ("~5", Some(5)),
        ("≈ 5", Some(5)),
        ("5+", Some(5)),
        (">5", Some(5)),
        ("3 times", Some(3)),
        ("1 time", Some(1)),
        ("about 4", Some(4)),
        ("at least 12 times", Some(12)),
        ("-", None),
    ] {
        let document = auto("r.md", &format!("| Issue | Votes |\n|---|---|\n| A | {cell} |\n"));
        assert_eq!(document.challenges[0].occurrences, expected, "{cell}");
        assert_eq!(problems(&document), Vec::<String>::new(), "{cell}");
    }
}

#[test]
fn pins_are_kept_once() {
    let source = "| Issue | Status |\n|---|---|\n| A <!-- dragnet: id=x --> | |\n| B <!-- dragnet: id=x --> | |\n| C <!-- dragnet: id=no! --> | |\n| A | |\n";
    let document = auto("r.md", source);
    let ids: Vec<&str> = document.challenges.iter().map(|row| row.id.0.as_str()).collect();
    assert_eq!(ids[0], "x");
    assert!(ids[1].starts_with("b-") && ids[2].starts_with("c-") && ids[3].starts_with("a-"), "{ids:?}");
    insta::assert_snapshot!(problems(&document).join("\n"), @"
    ! 4:5 malformed-row: the id `x` is pinned to another challenge already
    ! 5:5 malformed-row: the pinned id cannot be read
    ");
}

#[test]
fn tables_that_are_no_register_are_named_where_one_was_meant() {
    for (content, source, expected) in [
        (Content::Auto, "| Name | Status |\n|---|---|\n| x | y |\n", vec![]),
        (
            Content::Auto,
            "| Anecdotes | Status |\n|---|---|\n| x | y |\n",
            vec!["1:1 columns are `Anecdotes`, `Status`"],
        ),
        (Content::Register, "| Name | Status |\n|---|---|\n| x | y |\n", vec!["1:1 columns are `Name`, `Status`"]),
        (Content::Register, "no table\n", vec!["1:1 no table of challenges in this document"]),
        (Content::Minutes, "no dates\n", vec!["1:1 no meeting in this document: no line or heading is a date"]),
        (Content::Register, "| Issue | Status |\n|---|---|\n| x | y |\n\n| Name | Since |\n|---|---|\n", vec![]),
    ] {
        let document = read("d.md", source.to_owned(), content, None);
        let found: Vec<String> = problems(&document).iter().map(|line| line.replace("! ", "")).collect();
        let found: Vec<String> = found
            .iter()
            .map(|line| line.replace("malformed-row: ", "").replace("the table is not read as a register: its ", ""))
            .collect();
        assert_eq!(found, expected, "{source}");
    }
}

const HEADED: &str = "\
# Pains

## Builds

### Slow builds

- 2021-08-14: (Web) waited an hour
- ~May, 2020: again
- Occurrences: 2
- **Status**: OPS-12 Note: not done.

### Flaky tests

#### Anecdotes

- 2021-09-03: red, then green
  - Status: of the build was unknown

#### Status

Nobody looks at it, see OPS-13.

## People

### No access

Anecdotes: 2022-01-02: waited a week

Status: none
";

#[test]
fn a_register_may_be_kept_as_headings_and_lists() {
    let document = auto("pains.md", HEADED);
    assert_eq!(document.kind, Kind::Register);
    insta::assert_snapshot!(shown_register(&document), @"
    5:5 [Builds] Slow builds ×Some(2)
      7:3 2021-08-14 Web: waited an hour
      8:3 ~2020-05: again
      status: OPS-12 Note: not done.
      22 note: not done.
    12:5 [Builds] Flaky tests ×None
      16:3 2021-09-03: red, then green Status: of the build was unknown
      status: Nobody looks at it, see OPS-13.
    25:5 [People] No access ×None
      27:12 2022-01-02: waited a week
      status: none
    ");
    insta::assert_snapshot!(passages(&document), @r#####"
    text - "# Pains\n\n##"
    category 0 "Builds"
    title 0 "Slow builds"
    anecdote 0.0 "2021-08-14: (Web) waited an hour"
    anecdote 0.1 "~May, 2020: again"
    text - "- Occurrences: 2\n- **Status**:"
    status 0 "OPS-12"
    note 0.0 "Note: not done."
    title 1 "Flaky tests"
    text - "#### Anecdotes\n\n-"
    anecdote 1.0 "2021-09-03: red, then green\n  - Status: of the build was unknown"
    text - "#### Status"
    status 1 "Nobody looks at it, see OPS-13."
    category 2 "People"
    title 2 "No access"
    text - "Anecdotes:"
    anecdote 2.0 "2022-01-02: waited a week"
    text - "Status:"
    status 2 "none"
    "#####);
    let page = "<h1>Pains</h1><h2>Builds</h2><h3>Slow builds</h3><ul><li>2021-08-14: (Web) waited an hour</li>\
        <li>Occurrences: 2</li><li><strong>Status</strong>: OPS-12 Note: not done.</li></ul><h2>People</h2><h3>No access</h3>\
        <p>Anecdotes: 2022-01-02: waited a week</p><p>Status: none</p>";
    for form in [Form::Html, Form::Storage] {
        let document = read("page", page.to_owned(), Content::Auto, Some(form));
        let told = shown_register(&document);
        let told: Vec<&str> =
            told.lines().map(|line| line.trim_start_matches(|c: char| !c.is_alphabetic() && c != '[')).collect();
        let expected = [
            "[Builds] Slow builds ×Some(2)",
            "Web: waited an hour",
            "status: OPS-12 Note: not done.",
            "note: not done.",
        ];
        assert_eq!(told[..4], expected, "{form:?}");
        assert_eq!(told[4], "[People] No access ×None", "{form:?}");
    }
}

#[test]
fn headings_about_something_else_are_no_register() {
    for text in [
        "# ADR 1\n\n## Status\n\nAccepted\n\n## Impact\n\nNone\n",
        "# Notes\n\n## Builds\n\nStatus: slow\n\n## Tests\n\nStatus: flaky\n",
        "# Plan\n\n## One\n\n- Status: open\n- Examples: none\n\n## Two\n\ntext\n\n## Three\n\ntext\n",
    ] {
        assert_eq!(auto("x.md", text).kind, Kind::Prose, "{text}");
    }
    let sure = read("x.md", "# Plan\n\n## One\n\n- Status: OPS-1\n".to_owned(), Content::Register, None);
    assert_eq!(shown_register(&sure), "3:4 [-] One ×None\n  status: OPS-1");
}
