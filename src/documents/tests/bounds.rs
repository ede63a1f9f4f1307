//! Documents that nobody would write: whatever is in them, reading ends and loses nothing.

use super::read;
use crate::domain::document::{Content, Form};

#[test]
fn a_million_nested_tags_are_read() {
    for tag in ["<div>", "<ul><li>", "<table><tr><td>"] {
        let deep = tag.repeat(1_000_000 / tag.matches('<').count());
        let source = format!("{deep}<table><tr><th>Issue<th>Status<tr><td>Slow<td>OPS-1");
        let document = read("p.html", source, Content::Auto, Some(Form::Html));
        let titles: Vec<&str> = document.challenges.iter().map(|row| row.title.as_str()).collect();
        // Tables in tables end somewhere, and their words are still read.
        let expected = if tag.contains("<td>") { vec![] } else { vec!["Slow"] };
        assert_eq!(titles, expected, "{tag}");
        assert!(
            document.passages.iter().any(|passage| document.source[passage.span.clone()].ends_with("OPS-1")),
            "{tag}"
        );
    }
}

#[test]
fn ten_megabytes_on_a_line_are_read() {
    let long = "x *a ".repeat(2 << 20);
    for (source, form) in [
        (format!("| Issue | Status |\n|---|---|\n| Slow | {long} OPS-1 |\n"), Form::Markdown),
        (format!("Issue | Status |\n|---|---|\nSlow | {long} OPS-1 |\n"), Form::Text),
        (format!("Issue,Status\nSlow,{long} OPS-1\n"), Form::Csv),
        (format!("<table><tr><th>Issue<th>Status<tr><td>Slow<td>{long} OPS-1"), Form::Html),
    ] {
        let document = read("p", source, Content::Auto, Some(form));
        let [row] = &document.challenges[..] else { panic!("{form:?}") };
        assert!(
            row.title == "Slow" && row.status.text.len() > 10_000_000 && row.status.text.ends_with(" OPS-1"),
            "{form:?}"
        );
    }
}

/// The last `<ac:task-status>` was looked for from each box on, over all that stands before it.
#[test]
fn boxes_are_ticked_without_looking_back() {
    let source =
        format!("<h2>2023-12-20</h2><ul><li>[quest] Why?{}</ul>", "<li><input type=checkbox> ask".repeat(50_000));
    let document = read("p.html", source, Content::Auto, Some(Form::Html));
    assert_eq!(document.meetings[0].topics[0].follow_ups.len(), 50_000);
}

/// Each section went through everything that was read before it, and each follow-up through all links.
#[test]
fn sections_and_follow_ups_do_not_look_through_all_others() {
    let sections = "### Slow\n- 2024-05-01: x\n- Status: OPS-1\n".repeat(20_000);
    let document = read("r.md", format!("# Pains\n## A\n{sections}## B\n"), Content::Auto, None);
    assert_eq!(document.challenges.len(), 20_000);
    let agreed = "- [ ] ask [x](https://x.example/1)\n".repeat(20_000);
    let document = read("m.md", format!("## 2023-12-20\n- [quest] Why?\n{agreed}"), Content::Auto, None);
    let agreed = &document.meetings[0].topics[0].follow_ups;
    assert_eq!((agreed.len(), agreed.iter().all(|one| one.linked)), (20_000, true));
}

/// Where a blank ends the word was looked for from each ticket on, and what may be a repository's name up to it.
#[test]
fn tickets_without_a_blank_between_them_are_looked_over_once() {
    for joint in [",", "-", "/", "->"] {
        let cell = format!("OPS-1{joint}").repeat(50_000);
        let document = read("r.md", format!("| Issue | Status |\n|---|---|\n| Slow | {cell} |\n"), Content::Auto, None);
        let [row] = &document.challenges[..] else { panic!("{joint}") };
        assert!(row.status.text.len() >= cell.len(), "{joint}");
    }
}

/// Each anecdote was looked for in its cell from the first one on, and each cell in its row.
#[test]
fn thousands_of_anecdotes_and_of_cells_are_looked_over_once() {
    let cell = "2024-05-01: x<br>".repeat(100_000);
    let cells = "a | ".repeat(300_000);
    let rows = format!("| Issue | Anecdotes |\n|---|---|\n| Slow | {cell} |\n| Slower | {cells}\n");
    let document = read("r.md", rows, Content::Auto, None);
    let [slow, slower] = &document.challenges[..] else { panic!("{:?}", document.problems) };
    assert_eq!((slow.anecdotes.len(), slower.title.as_str()), (100_000, "Slower"));
}
