//! HTML in Markdown.

use super::{auto, passages, problems, shown_register};

#[test]
fn a_table_of_html_is_a_register() {
    let document = auto(
        "a.md",
        "# Pains\n\n\
         <!-- dragnet: id=slow --> <table border=1>\n<tr><th>Issue<th>Anecdotes<th>Status</tr>\n\n    <tr><td><b>Slow</b> &amp; dull\n\n<td>2021-01-01: an hour<br>\n\
         2021-02-02: two\n<td><a href=\"https://jira.example/browse/OPS-1\">OPS-1</a> Note: not done.</tr></table> Behind OPS-2.\n\n\
         | Issue | Status |\n|---|---|\n| Loud | OPS-3 |\n\n<p>OPS-4</p>\n",
    );
    insta::assert_snapshot!(shown_register(&document), @"
    6:16 [-] Slow & dull ×None
      8:5 2021-01-01: an hour
      9:1 2021-02-02: two
      status: OPS-1 Note: not done.
      59 note: not done.
    14:3 [-] Loud ×None
      status: OPS-3
    ");
    insta::assert_snapshot!(passages(&document), @r##"
    text - "# Pains\n\n<!-- dragnet: id=slow --> <table border=1>\n<tr><th>Issue<th>Anecdotes<th>Status"
    title 0 "Slow</b> &amp; dull"
    anecdote 0.0 "2021-01-01: an hour"
    anecdote 0.1 "2021-02-02: two"
    status 0 "OPS-1"
    note 0.0 "Note: not done."
    text - "Behind OPS-2.\n\n| Issue | Status |\n|---|---|\n|"
    title 1 "Loud"
    status 1 "OPS-3"
    text - "|\n\n<p>OPS-4"
    "##);
}

#[test]
fn what_stands_in_blocks_of_html_is_read_as_a_page() {
    let document = auto(
        "a.md",
        "<h2>2023-12-20</h2>\n<ul><li>[quest] (Ned) Why?\n<ul><li>Dave: because</ul></ul>\n\n<details>\n<summary>OPS-1</summary>\n\n- [inform] (Dave) OPS-2\n\n</details>\n\n\
         <!--dragnet:done--> (done)<!--/dragnet--> OPS-3\n\n<pre><code>OPS-4</code></pre>\n\n<!-- <table> OPS-5 -->\n\n    <table>\n\nOPS-6 `</table>`\n",
    );
    insta::assert_snapshot!(super::shown_minutes(&document), @"
    2023-12-20
      2 quest|Ned|Why?
        3 Dave: because
        6 -: OPS-1
      8 inform|Dave|OPS-2
        12 -: OPS-3
        20 -: OPS-6 </table>
    ");
    insta::assert_snapshot!(passages(&document), @r#"
    topic 0.0 "[quest] (Ned) Why?"
    reply 0.0 "Dave: because"
    reply 0.0 "OPS-1"
    topic 0.1 "[inform] (Dave) OPS-2"
    reply 0.1 "OPS-3"
    text - "<table>"
    reply 0.1 "OPS-6 `</table>`"
    "#);
}

#[test]
fn a_table_that_nobody_closes_takes_its_block_and_no_more() {
    let open = "<table><tr><th>Issue<th>Status<tr><td>Slow<td>OPS-1\n\n## Next\n\n| Issue | Status |\n|---|---|\n| Loud | OPS-3 |\n";
    let document = auto("a.md", open);
    let titles: Vec<&str> = document.challenges.iter().map(|row| row.title.as_str()).collect();
    assert_eq!((titles, problems(&document)), (vec!["Slow", "Loud"], vec![]));
    // As many as there are, each is looked at once.
    let many = auto("a.md", &"<table><tr><td>a\n\n".repeat(20_000));
    assert_eq!(many.challenges.len(), 0);
}
