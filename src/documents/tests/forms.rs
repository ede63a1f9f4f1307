//! The same register in every form, and what only one form has.

use super::{auto, problems, read, shown_register};
use crate::domain::document::{Content, Document, Form, Headings, Kind, Passage, Reading};

const MARKDOWN: &str = "\
| Category | Issue | Anecdotes | Occurrences | Status |
|---|---|---|---|---|
| Builds & CI | Slow tests | 2021-08-14: waited an hour<br>Sep 3, 2021: again slow | 2 | [OPS-12](https://jira.example/browse/OPS-12) Note: not done. [OPS-13](https://jira.example/browse/OPS-13) |
| | Flaky tests | ~May, 2020: \"red\", then green | | DONE OPS-14 |
";

const HTML: &str = r##"<!DOCTYPE html><html><head><title>OPS-1</title><style>td { color: red }</style></head><body>
<table class="wrapped"><colgroup><col><col></colgroup><thead>
<tr><th>Category<th>Issue<th>Anecdotes<th>Occurrences<th>Status</tr></thead><tbody>
<tr><td rowspan=2><b>Builds &amp; CI</b></td><td>Slow
  <i>tests</i></td><td><ul><li>2021-08-14: waited an hour<li>Sep&nbsp;3, 2021: <span style="color: rgb(9, 9, 9); background: rgb(255, 255, 255); font-size: 11px">again</span> slow</ul></td>
<td>2</td><td><p><a href="https://jira.example/browse/OPS-12">OPS-12</a></p><p>Note: not done.</p><p><a href="https://jira.example/browse/OPS-13" data-card-appearance="inline"></a></p></td></tr>
<tr><td>Flaky tests</td><td>~May, 2020: &quot;red&quot;, then green</td><td></td><td>DONE OPS-14</td></tr>
</tbody></table></body></html>"##;

const STORAGE: &str = r#"<table><tbody>
<tr><th><p>Category</p></th><th><p>Issue</p></th><th><p>Anecdotes</p></th><th><p>Occurrences</p></th><th><p>Status</p></th></tr>
<tr><td rowspan="2"><p>Builds &amp; CI</p></td><td><p>Slow tests</p></td><td><p><time datetime="2021-08-14" />: waited an hour</p><p>Sep 3, 2021: again slow</p></td><td><p>2</p></td>
<td><p><ac:structured-macro ac:name="jira" ac:schema-version="1"><ac:parameter ac:name="server">System JIRA (jira.example)</ac:parameter><ac:parameter ac:name="serverId">0-0</ac:parameter><ac:parameter ac:name="key">OPS-12</ac:parameter></ac:structured-macro> Note: not done. <a href="https://jira.example/browse/OPS-13" data-card-appearance="inline">https://jira.example/browse/OPS-13</a></p></td></tr>
<tr><td><p>Flaky tests</p></td><td><p>~May, 2020: &ldquo;red&rdquo;, then green</p></td><td /><td><p><ac:structured-macro ac:name="status"><ac:parameter ac:name="colour">Green</ac:parameter><ac:parameter ac:name="title">DONE</ac:parameter></ac:structured-macro> OPS-14</p></td></tr>
</tbody></table>"#;

const EXTRACTED: &str = "\
Category | Issue | Anecdotes | Occurrences | Status |
|---|---|---|---|---|
Builds & CI | Slow tests | 2021-08-14: waited an hour
Sep 3, 2021: again slow | 2 | https://jira.example/browse/OPS-12 Note: not done. https://jira.example/browse/OPS-13 |
Flaky tests | ~May, 2020: \"red\", then green | DONE OPS-14 | ||
";

const SECTIONS: &str = "\
# Pains

## Builds & CI

### Slow tests

- 2021-08-14: waited an hour
- Sep 3, 2021: again slow
- Occurrences: 2
- Status: [OPS-12](https://jira.example/browse/OPS-12) Note: not done. [OPS-13](https://jira.example/browse/OPS-13)

### Flaky tests

- ~May, 2020: \"red\", then green
- Status: DONE OPS-14

## Reviews

Nothing yet.
";

const CSV: &str = "Category,Issue,Anecdotes,Occurrences,Status\r
Builds & CI,Slow tests,\"2021-08-14: waited an hour\nSep 3, 2021: again slow\",2,https://jira.example/browse/OPS-12 Note: not done. https://jira.example/browse/OPS-13\r
,Flaky tests,\"~May, 2020: \"\"red\"\", then green\",,DONE OPS-14\r
";

/// What a register says, without places and without how its links are worded.
fn said(document: &Document) -> Vec<String> {
    assert_eq!((document.kind, problems(document)), (Kind::Register, Vec::<String>::new()));
    let row = |row: &crate::domain::challenge::Challenge| {
        let said: Vec<String> = row.anecdotes.iter().map(|said| format!("{:?} {}", said.date, said.text)).collect();
        let notes: Vec<&str> = row.status.notes.iter().map(|note| note.text.as_str()).collect();
        format!("{:?} {} {:?} {said:?} {notes:?}", row.category, row.title, row.occurrences).replace(['“', '”'], "\\\"")
    };
    document.challenges.iter().map(row).collect()
}

#[test]
fn the_same_register_in_every_form_has_the_same_challenges() {
    let markdown = auto("a.md", MARKDOWN);
    assert_eq!(markdown.challenges.len(), 2);
    for (source, form) in [
        (HTML, Form::Html),
        (STORAGE, Form::Storage),
        (CSV, Form::Csv),
        (EXTRACTED, Form::Text),
        (SECTIONS, Form::Markdown),
    ] {
        let document = auto("page", source);
        assert_eq!(document.form, form);
        assert_eq!(said(&document), said(&markdown), "{form:?}");
    }
    // The table of a page in the midst of Markdown, divided by blank lines.
    let table = &HTML[HTML.find("<table").unwrap()..HTML.find("</body>").unwrap()];
    let inlaid = format!("# Pains\n\nSome *words*.\n\n{}\n\n- an item\n", table.replace("\n<t", "\n\n   <t"));
    assert_eq!(said(&auto("a.md", &inlaid)), said(&markdown), "{inlaid}");
}

#[test]
fn the_same_register_under_headings_of_the_configuration_has_the_same_challenges() {
    let word = |word: &str| vec![word.to_owned()];
    let headings = Headings {
        category: word("Bereich"),
        title: word("Hindernis"),
        anecdotes: word("Berichte der Teams"),
        occurrences: word("Häufigkeit"),
        status: word("Maßnahme"),
        ..Headings::default()
    };
    let reading = Reading { headings, ..Reading::default() };
    for source in [MARKDOWN, HTML, STORAGE, CSV] {
        // What the rows hold is left as it is: only its header is German.
        let end = source.find("Builds").unwrap();
        let mut header = source[..end].to_owned();
        for (english, german) in [
            ("Category", "Bereich"),
            ("Issue", "Hindernis"),
            ("Anecdotes", "Berichte der Teams"),
            ("Occurrences", "HÄUFIGKEIT"),
            ("Status", "Maßnahme"),
        ] {
            header = header.replace(english, german);
        }
        let german = header + &source[end..];
        let form = auto("page", source).form;
        let document = super::super::read("page", german.clone(), &reading);
        assert_eq!((document.form, said(&document)), (form, said(&auto("page", source))));
        assert_eq!(auto("page", &german).challenges, [], "nobody else knows these words");
    }
}

/// Where the links of a document lead, each with the bytes that show it.
fn links(document: &Document) -> Vec<String> {
    let all = document.passages.iter().flat_map(Passage::links);
    all.map(|link| format!("{} -> {}", &document.source[link.span.clone()], link.target)).collect()
}

#[test]
fn what_a_link_leads_to_counts_and_not_what_it_says() {
    assert_eq!(
        links(&auto("page", HTML)),
        [
            "OPS-12 -> https://jira.example/browse/OPS-12",
            "https://jira.example/browse/OPS-13 -> https://jira.example/browse/OPS-13"
        ]
    );
    assert_eq!(
        links(&auto("page", STORAGE)),
        [
            "OPS-12 -> https://jira.example/browse/OPS-12",
            "https://jira.example/browse/OPS-13 -> https://jira.example/browse/OPS-13"
        ]
    );
}

#[test]
fn a_challenge_that_spans_rows_is_one() {
    let document = auto(
        "a.html",
        "<table><tr><th>Issue<th>Anecdotes<th>Occurrences<th>Status</tr>
         <tr><td rowspan=2>Slow<td>2021-01-01: a<td>1<td rowspan=2>OPS-1</tr>
         <tr><td>2021-02-02: b<td>2</tr>
         <tr><td>Slow<td>2021-03-03: c<td>1<td>OPS-2</tr></table>",
    );
    insta::assert_snapshot!(shown_register(&document), @"
    2:28 [-] Slow ×Some(3)
      2:36 2021-01-01: a
      3:18 2021-02-02: b
      status: OPS-1
    4:18 [-] Slow ×Some(1)
      4:26 2021-03-03: c
      status: OPS-2
    ");
}

/// Such a cell stands before those of its row, and joining it with one of them made a cell that ends before it starts.
#[test]
fn a_cell_that_is_merged_with_the_one_above_is_joined_with_none() {
    for extra in 1..12 {
        let extra = "<td>OPS-2".repeat(extra);
        let page = format!(
            "<table><tr><th>Issue<th>Status<tr><td>Loud<td rowspan=3>OPS-1<tr><td>Slow{extra}<tr>{extra}<td>Dull</table>"
        );
        let document = read("p.html", page, Content::Auto, Some(Form::Html));
        let titles: Vec<&str> = document.challenges.iter().map(|row| row.title.as_str()).collect();
        assert!(titles.starts_with(&["Loud", "Slow"]), "{titles:?}");
    }
}

#[test]
fn minutes_are_read_from_a_page() {
    let document = auto(
        "hour.html",
        "<h2>2023-12-20</h2><ul><li><p>[inform] (Ned) Labels moved</p><ul><li>(Dave) thanks</li></ul></li>
         <li><input type='checkbox'> Dave will ask OPS-7</li></ul><h2>2023-12-13</h2><p>Skipped</p>",
    );
    assert_eq!(document.kind, Kind::Minutes);
    insta::assert_snapshot!(super::shown_minutes(&document), @"
    2023-12-20
      1 inform|Ned|Labels moved
        1 Dave: thanks
        2 Dave will: ask OPS-7
    2023-12-13 skipped
    ");
}

#[test]
fn a_box_is_ticked_in_every_form() {
    let tasks = "<ac:task-list><ac:task><ac:task-status>complete</ac:task-status><ac:task-body>ask</ac:task-body></ac:task>\
                 <ac:task><ac:task-status>incomplete</ac:task-status><ac:task-body>write</ac:task-body></ac:task></ac:task-list>";
    for source in [
        "## 2023-12-20\n- [quest] (Ned) Why?\n- [x] ask\n- [ ] write\n- [X] ask\n".to_owned(),
        "<h2>2023-12-20</h2><ul><li>[quest] (Ned) Why?</li><li><input type=checkbox checked> ask</li>\
         <li><input type='checkbox'> write<li><p><input checked=\"\" type=CHECKBOX disabled> ask</ul>"
            .to_owned(),
        // What an earlier task says goes for that one alone.
        format!(
            "<h2>2023-12-20</h2><ul><li>[quest] (Ned) Why?</li></ul>{tasks}\
             <ul><li><input type=\"checkbox\" checked=\"checked\"/> ask</li></ul>"
        ),
    ] {
        let document = auto("hour", &source);
        let agreed = &document.meetings[0].topics[0].follow_ups;
        let agreed: Vec<(&str, bool)> = agreed.iter().map(|agreed| (agreed.text.as_str(), agreed.done)).collect();
        assert_eq!(agreed, [("ask", true), ("write", false), ("ask", true)], "{source}");
    }
}

#[test]
fn who_is_mentioned_is_somebody() {
    let user = |id: &str| format!("<ac:link><ri:user ri:account-id=\"{id}\" /></ac:link>");
    let (ned, ann) = (user("557058:f58131cb-b67d"), user("5b10ac8d82e05b22"));
    let document = auto(
        "hour",
        &format!(
            "<h2><time datetime=\"2023-12-20\" /></h2><ul><li>[quest] ({ned}) Why?<ul><li>{ann}: because</li>\
             <li>{ann} to write it down</li></ul></li></ul><ac:task-list><ac:task><ac:task-status>incomplete</ac:task-status>\
             <ac:task-body><ac:link><ri:user ri:username=\"bob\"/></ac:link> rotate keys</ac:task-body></ac:task></ac:task-list>"
        ),
    );
    insta::assert_snapshot!(super::shown_minutes(&document), @"
    2023-12-20
      1 quest|f58131cb-b67d|Why?
        1 5b10ac8d82e05b22: because
        1 5b10ac8d82e05b22 will: write it down
        1 bob will: rotate keys
    ");
}

#[test]
fn what_nobody_sees_is_not_searched() {
    let document = auto(
        "a.html",
        "<p title='OPS-1'>x <!-- OPS-2 --><img src='https://jira.example/browse/OPS-3'></p><script>OPS-4</script>\
         <pre><code>OPS-5</code></pre><p>OPS-6 <code>OPS-7</code></p>",
    );
    let seen: String = document
        .passages
        .iter()
        .flat_map(|passage| {
            let source = &document.source;
            passage
                .span
                .clone()
                .filter(|at| !passage.mute().iter().any(|mute| mute.contains(at)))
                .map(|at| &source[at..=at])
        })
        .collect();
    assert_eq!(seen.split_whitespace().collect::<Vec<_>>(), ["x", "OPS-6", "OPS-7"]);
}

#[test]
fn a_query_instead_of_a_key_is_said() {
    let document = auto(
        "page",
        "<table><tr><th>Issue</th><th>Status</th></tr><tr><td>Slow</td><td><ac:structured-macro ac:name=\"jira\">\
         <ac:parameter ac:name=\"jqlQuery\">project = OPS</ac:parameter></ac:structured-macro></td></tr></table>",
    );
    assert_eq!(
        problems(&document),
        ["! 1:103 unclaimed-reference: a list of tickets by the query `project = OPS` is not followed"]
    );
    let cited: Vec<&str> = document.citations.iter().map(|cited| cited.target.as_str()).collect();
    assert_eq!(cited, ["project = OPS"]);
    let chart = auto(
        "page",
        "<p><ac:structured-macro ac:name=\"jirachart\"><ac:parameter ac:name=\"jql\">status != &quot;Done&quot; AND key != OPS-1\
         </ac:parameter><ac:parameter ac:name=\"server\">Jira (jira.example)</ac:parameter></ac:structured-macro></p>\
         <ac:structured-macro ac:name=\"info\"><ac:parameter ac:name=\"jql\">x</ac:parameter></ac:structured-macro>",
    );
    let cited: Vec<&str> = chart.citations.iter().map(|cited| cited.target.as_str()).collect();
    assert_eq!(cited, ["https://jira.example/issues/?jql=status+%21%3D+%22Done%22+AND+key+%21%3D+OPS-1"]);
}

#[test]
fn an_old_macro_is_read_as_the_new_one() {
    let document = auto(
        "page",
        "<table><tr><th>Issue</th><th>Status</th></tr><tr><td>Slow</td><td>\
         <ac:macro ac:name=\"jira\"><ac:default-parameter>OPS-1</ac:default-parameter></ac:macro></td></tr></table>",
    );
    assert_eq!(document.challenges[0].status.text, "OPS-1");
}

#[test]
fn malformed_pages_lose_nothing() {
    let register = "<table><tr><th>Issue<th>Status<tr><td>Slow<td>OPS-1";
    for (source, title) in [
        (register.to_owned(), "Slow"),
        (format!("</td></table></p>{register}</b></i></tr></table>"), "Slow"),
        (format!("<undeclared:x y:z='1'>{register}</undeclared:x>"), "Slow"),
        (register.replace("Slow", "S&bogus;l &lt &#xfffffff; &amp"), "S&bogus;l &lt \u{fffd} &amp"),
        (register.replace("Slow", "<table><tr><td>in<td>side</table>Slow"), "inside Slow"),
        (format!("<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>{}", register.replace("Slow", "&y;")), "&y;"),
        (format!("{}{register}", "<b>".repeat(100_000)), "Slow"),
        (format!("{}{register}", "<div>".repeat(100_000)), "Slow"),
        (register.replace("<td>Slow", "<td colspan=99999999 rowspan=99999999>Slow"), "Slow"),
        (register.replace("Slow", &format!("<a href=\"{}\">Slow</a>", "x".repeat(100_000))), "Slow"),
    ] {
        let document = read("p.html", source, Content::Auto, Some(Form::Html));
        let titles: Vec<&str> = document.challenges.iter().map(|row| row.title.as_str()).collect();
        assert_eq!(titles, [title]);
    }
}

#[test]
fn a_document_may_hold_several_registers() {
    let tables = [
        ["Issue | Status", "Slow | OPS-1"],
        ["Name | Since", "Ann | 2020"],
        ["State | Votes | Problem | Area", "OPS-2 | 3 | Lost | CI"],
    ];
    let cells =
        |row: &str, tag: &str| row.split(" | ").map(|cell| format!("<{tag}>{cell}</{tag}>")).collect::<String>();
    let page = tables.map(|[head, row]| {
        format!("<p>And now:</p><table><tr>{}</tr><tr>{}</tr></table>", cells(head, "th"), cells(row, "td"))
    });
    let rule = |head: &str| head.split(" | ").map(|_| "---|").collect::<String>();
    let markdown = tables.map(|[head, row]| format!("And now:\n\n| {head} |\n|{}\n| {row} |\n\n", rule(head)));
    let text = tables.map(|[head, row]| format!("And now:\n\n{head} |\n|{}\n{row} |\n\n", rule(head)));
    for (source, form) in [
        (page.concat(), Form::Html),
        (page.concat(), Form::Storage),
        (markdown.concat(), Form::Markdown),
        (text.concat(), Form::Text),
    ] {
        let document = read("page", source, Content::Auto, Some(form));
        let row = |row: &crate::domain::challenge::Challenge| {
            format!("{} {:?} {:?} {}", row.title, row.category.as_deref(), row.occurrences, row.status.text)
        };
        let rows: Vec<String> = document.challenges.iter().map(row).collect();
        assert_eq!(rows, ["Slow None None OPS-1", "Lost Some(\"CI\") Some(3) OPS-2"], "{form:?}");
    }
}

/// What people put into a cell of a wiki beside plain words.
#[test]
fn a_cell_of_a_wiki_may_hold_paragraphs_lists_and_panels() {
    let panel = |name: &str, body: &str| {
        format!(
            "<ac:structured-macro ac:name=\"{name}\"><ac:rich-text-body>{body}</ac:rich-text-body></ac:structured-macro>"
        )
    };
    let anecdotes = "<li><p>2021-08-14: red</p></li><li><p>Sep 3, 2021: red again</p></li>";
    for (wraps, status) in [
        (format!("<ul>{anecdotes}</ul>"), "<p>OPS-1</p><p>OPS-2</p>".to_owned()),
        (format!("<ol>{anecdotes}</ol>"), "<ul><li>OPS-1<ul><li>OPS-2</li></ul></li></ul>".to_owned()),
        (panel("info", &format!("<ul>{anecdotes}</ul>")), panel("panel", "<p>OPS-1</p><p>OPS-2</p>")),
        (panel("expand", &format!("<ul>{anecdotes}</ul>")), panel("note", &panel("tip", "<p>OPS-1, OPS-2</p>"))),
        (
            format!("<div><ul>{anecdotes}</ul></div>"),
            "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>incomplete</ac:task-status><ac:task-body>\
             OPS-1 and OPS-2</ac:task-body></ac:task></ac:task-list>"
                .to_owned(),
        ),
    ] {
        let source = format!(
            "<table><tr><th>Issue</th><th>Anecdotes</th><th>Status</th></tr><tr><td>Slow</td><td>{wraps}</td>\
             <td>{status}<ac:structured-macro ac:name=\"code\"><ac:plain-text-body><![CDATA[OPS-9]]></ac:plain-text-body>\
             </ac:structured-macro></td></tr></table>"
        );
        let document = read("page", source, Content::Auto, Some(Form::Storage));
        assert_eq!(problems(&document), Vec::<String>::new(), "{status}");
        let [row] = &document.challenges[..] else { panic!("{:?}", document.challenges) };
        let dates: Vec<String> = row.anecdotes.iter().map(|said| said.date.unwrap().to_string()).collect();
        assert_eq!(dates, ["2021-08-14", "2021-09-03"], "{wraps}");
        for (key, seen) in [("OPS-1", true), ("OPS-2", true), ("OPS-9", false)] {
            let at = document.source.find(key).unwrap();
            let here = document.passages.iter().find(|passage| passage.span.contains(&at));
            let is_said = |passage: &Passage| !passage.mute().iter().any(|mute| mute.contains(&at));
            let said = here.is_some_and(|passage| passage.within.word() == "status" && is_said(passage));
            assert_eq!(said, seen, "{key} in {status}");
        }
    }
}
