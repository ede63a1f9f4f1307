//! The statuses of tickets written into a document's text, so that everything that was read in it is still read there.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use crate::documents::{self, Insertion, Status};
use crate::domain::document::{Document, Form, Reading};
use crate::domain::place::Lines;
use crate::domain::reference::Reference;
use crate::domain::ticket::TicketId;
use crate::domain::tracker::{Claims, TrackerId};
use crate::domain::verdict::Verdict;
use crate::references;
use crate::store::{Store, StoreError};

/// What is said of each ticket: the verdict on it, and where it is now if it moved.
pub type Said = BTreeMap<TicketId, (Verdict, Option<TicketId>)>;

/// What was judged last of every ticket that documents cite.
pub async fn said(store: &Store) -> Result<Said, StoreError> {
    let judged = store.last_judged().await?;
    let said = store.wants().await?.into_iter().filter_map(|want| {
        let (verdict, _) = judged.verdicts.get(&want.ticket)?;
        Some((want.ticket, (*verdict, want.moved_to)))
    });
    Ok(said.collect())
}

/// What may be said where anybody may read it: nothing of tickets on `private` trackers, nor the keys that they have there.
pub fn said_in_public(said: &Said, private: &BTreeSet<TrackerId>) -> Said {
    let hidden = |id: &TicketId| private.contains(id.tracker());
    let public = said.iter().filter(|(id, _)| !hidden(id)).map(|(id, (verdict, moved_to))| {
        let moved_to = moved_to.clone().filter(|now| !hidden(now));
        (id.clone(), (*verdict, moved_to))
    });
    public.collect()
}

/// A document with statuses.
#[derive(Debug)]
pub struct Annotated {
    /// Its text.
    pub text: String,
    /// How many statuses it does not have, because it would be read in another way with them.
    pub left_out: usize,
}

/// A document without any status; `None` where its form takes none.
pub fn bared(path: &str, text: &str, reading: &Reading) -> Option<String> {
    bared_as(path, text, reading).map(|(_, bare)| bare)
}

/// The same with the form that the document has.
fn bared_as(path: &str, text: &str, reading: &Reading) -> Option<(Form, String)> {
    let form = documents::form_of(path, text, reading);
    documents::takes_statuses(form).then(|| (form, documents::without_statuses(text, form)))
}

/// A document with the status of each ticket behind each of its citations, in the place of those that it had; `None` where
/// its form takes none. A status that would keep anything from being read as before, or that could not be taken out
/// again, is left out.
pub fn annotated(path: &str, text: &str, reading: &Reading, claims: &Claims, said: &Said) -> Option<Annotated> {
    let (form, bare) = bared_as(path, text, reading)?;
    let (document, references) = read(path, &bare, &Reading { form: Some(form), ..reading.clone() }, claims);
    let lines = Lines::new(path, &bare);
    let statuses: Vec<Status> = references
        .iter()
        .filter_map(|reference| {
            let (verdict, moved_to) = said.get(&reference.ticket)?;
            let start = lines.offset(&reference.place)?;
            let cited = start..start + reference.text.len();
            Some(Status { cited, verdict: *verdict, moved_to: moved_to.clone() })
        })
        .collect();
    let places = documents::places(&bare, form, &statuses);
    let before = words(&document, &references);
    let same = |places: &[Insertion]| {
        let written = documents::with_statuses(&bare, places);
        let (document, references) = read(path, &written, reading, claims);
        document.form == form
            && words(&document, &references) == before
            && documents::without_statuses(&written, form) == bare
    };
    let settled = settle(&places, &same, &Cell::new(MOST_READINGS));
    let (written, left_out) = (documents::with_statuses(&bare, &settled), places.len() - settled.len());
    // A wiki that saves a status writes it in its own way. That it says the same is enough.
    let says_so_already = documents::in_our_words(text) == written;
    Some(Annotated { text: if says_so_already { text.to_owned() } else { written }, left_out })
}

fn read(path: &str, text: &str, reading: &Reading, claims: &Claims) -> (Document, Vec<Reference>) {
    let mut document = documents::read(path, text.to_owned(), reading);
    let scan = references::cite(&mut document, claims);
    (document, scan.references)
}

/// All that must be read again: which tickets are cited by which words and in which part, and the challenges and meetings.
fn words(document: &Document, references: &[Reference]) -> Vec<String> {
    let cited = references
        .iter()
        .map(|one| format!("{} {} {:?} {:?} {:?}", one.ticket, one.text, one.within, one.role, one.owner));
    let challenges = document.challenges.iter().map(|one| {
        format!("{} {:?} {:?} {} {:?}", one.title, one.category, one.occurrences, one.anecdotes.len(), one.tickets)
    });
    let meetings = document.meetings.iter().map(|one| format!("{:?} {}", one.date, one.topics.len()));
    let problems = document.problems.iter().map(|one| one.code.to_string());
    cited.chain(challenges).chain(meetings).chain(problems).collect()
}

/// How often a document is read again: enough to find some ten statuses among thousands that keep it from being read.
const MOST_READINGS: usize = 64;

/// As many of these as leave everything `same`: all of them at best, else halves are tried by themselves, until there are
/// no `readings` left.
fn settle(places: &[Insertion], same: &dyn Fn(&[Insertion]) -> bool, readings: &Cell<usize>) -> Vec<Insertion> {
    if places.is_empty() || readings.get() == 0 {
        return Vec::new();
    }
    readings.set(readings.get() - 1);
    if same(places) {
        return places.to_vec();
    }
    if places.len() == 1 {
        return Vec::new();
    }
    let (left, right) = places.split_at(places.len() / 2);
    let left = settle(left, same, readings);
    let both = |right: &[Insertion]| same(&[left.as_slice(), right].concat());
    let right = settle(right, &both, readings);
    [left, right].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Said, annotated, read, words};
    use crate::documents::without_statuses;
    use crate::domain::document::{Form, Reading};
    use crate::domain::ticket::TicketId;
    use crate::domain::tracker::Claims;
    use crate::domain::verdict::Verdict;

    fn claims() -> Claims {
        Claims::without_configuration(&["OPS".to_owned()])
    }

    fn said() -> Said {
        let id = |text: &str| text.parse::<TicketId>().unwrap();
        Said::from([
            (id("jira:OPS-1"), (Verdict::Undone, None)),
            (id("jira:OPS-2"), (Verdict::Done, Some(id("jira:NEW-9")))),
            (id("github:a/b#3"), (Verdict::Open, None)),
            (id("jira:OPS-4"), (Verdict::Unknown, None)),
        ])
    }

    fn with(text: &str, form: Form) -> String {
        annotated("x", text, &Reading::of(form), &claims(), &said()).unwrap().text
    }

    #[test]
    fn a_status_stands_behind_what_names_its_ticket() {
        const UNDONE: &str = "<!--dragnet:undone--> (closed, not done)<!--/dragnet-->";
        const DONE: &str = "<!--dragnet:done--> (done, now NEW-9)<!--/dragnet-->";
        const OPEN: &str = "<!--dragnet:open--> (open)<!--/dragnet-->";
        for (text, expected) in [
            ("see OPS-1.", format!("see OPS-1{UNDONE}.")),
            ("OPS-1, OPS-2 and a/b#3\r\n", format!("OPS-1{UNDONE}, OPS-2{DONE} and a/b#3{OPEN}\r\n")),
            (
                "[the fix](https://x.example/browse/OPS-1)!",
                format!("[the fix](https://x.example/browse/OPS-1){UNDONE}!"),
            ),
            ("<https://x.example/browse/OPS-1>", format!("<https://x.example/browse/OPS-1>{UNDONE}")),
            ("https://x.example/browse/OPS-1 b", format!("https://x.example/browse/OPS-1{UNDONE} b")),
            (
                "[a][b]\n\n[b]: https://x.example/browse/OPS-1\n",
                format!("[a][b]{UNDONE}\n\n[b]: https://x.example/browse/OPS-1\n"),
            ),
            ("| a | b |\n|---|---|\n| OPS-1 | x |\n", format!("| a | b |\n|---|---|\n| OPS-1{UNDONE} | x |\n")),
            ("`OPS-1` and OPS-4, OPS-7", format!("`OPS-1`{UNDONE} and OPS-4, OPS-7")),
            ("```\nOPS-1\n```\n", "```\nOPS-1\n```\n".to_owned()),
            (
                "<table><tr><td><a href=\"https://x.example/browse/OPS-1\">x</a></td></tr></table>\n",
                format!("<table><tr><td><a href=\"https://x.example/browse/OPS-1\">x</a>{UNDONE}</td></tr></table>\n"),
            ),
            ("**OPS-1**", format!("**OPS-1{UNDONE}**")),
        ] {
            assert_eq!(with(text, Form::Markdown), expected);
        }
    }

    #[test]
    fn in_a_page_it_stands_where_text_may_stand() {
        const UNDONE: &str = "<!--dragnet:undone--> (closed, not done)<!--/dragnet-->";
        for (text, expected) in [
            ("<p>OPS-1</p>", format!("<p>OPS-1{UNDONE}</p>")),
            (
                "<a href=\"https://x.example/browse/OPS-1\">the <b>fix</b></a>.",
                format!("<a href=\"https://x.example/browse/OPS-1\">the <b>fix</b></a>{UNDONE}."),
            ),
            ("<title>OPS-1</title><p>x", "<title>OPS-1</title><p>x".to_owned()),
        ] {
            assert_eq!(with(text, Form::Html), expected);
        }
        let lozenge = "<ac:structured-macro ac:name=\"status\" ac:schema-version=\"1\"><ac:parameter ac:name=\"colour\">Red\
                       </ac:parameter><ac:parameter ac:name=\"title\">⚑ closed, not done</ac:parameter></ac:structured-macro>";
        let jira = "<ac:structured-macro ac:name=\"jira\"><ac:parameter ac:name=\"key\">OPS-1</ac:parameter></ac:structured-macro>";
        let panel = |inside: &str| {
            format!(
                "<ac:structured-macro ac:name=\"info\"><ac:parameter ac:name=\"title\">x</ac:parameter><ac:rich-text-body>\
                 <p>{inside}</p></ac:rich-text-body></ac:structured-macro>"
            )
        };
        for (text, expected) in [
            (format!("<td>{jira}</td>"), format!("<td>{jira}{lozenge}</td>")),
            (panel("OPS-1"), panel(&format!("OPS-1{lozenge}"))),
            (
                "<a href=\"https://x.example/browse/OPS-1\" data-card-appearance=\"inline\">x</a>".to_owned(),
                format!("<a href=\"https://x.example/browse/OPS-1\" data-card-appearance=\"inline\">x</a>{lozenge}"),
            ),
        ] {
            assert_eq!(with(&text, Form::Storage), expected);
        }
        // What saving makes of it is known again: it stays as long as it says what is to be said, and can be taken out.
        let saved = "<ac:structured-macro ac:name=\"status\" ac:schema-version=\"1\" ac:macro-id=\"1f2e\">\n<ac:parameter \
                     ac:name=\"title\">⚑ closed, not done</ac:parameter><ac:parameter ac:name=\"colour\">Red</ac:parameter>\
                     </ac:structured-macro>";
        let page = format!("<td>{jira}{saved}</td>");
        assert_eq!(with(&page, Form::Storage), page);
        assert_eq!(without_statuses(&page, Form::Storage), format!("<td>{jira}</td>"));
        let outdated = page.replace("Red", "Green").replace("closed, not done", "done");
        assert_eq!(with(&outdated, Form::Storage), format!("<td>{jira}{lozenge}</td>"));
        let theirs = lozenge.replace("⚑ ", "");
        assert_eq!(without_statuses(&theirs, Form::Storage), theirs, "a lozenge of somebody else stays");
    }

    #[test]
    fn what_is_quoted_in_code_stays_and_what_was_written_goes() {
        const DONE: &str = "<!--dragnet:done--> (done)<!--/dragnet-->";
        for (form, text, expected) in [
            (Form::Markdown, format!("`x{DONE}`{DONE}"), format!("`x{DONE}`")),
            (Form::Markdown, format!("```\n{DONE}\n```\nOPS-4{DONE}\n"), format!("```\n{DONE}\n```\nOPS-4\n")),
            (Form::Markdown, format!("[OPS-4{DONE}](x)\n# a{DONE}\n"), "[OPS-4](x)\n# a\n".to_owned()),
            (Form::Html, format!("<script>x{DONE}</script>{DONE}"), format!("<script>x{DONE}</script>")),
            (
                Form::Storage,
                format!("<ac:link><ac:x><![CDATA[OPS-4{DONE}]]></ac:x></ac:link>{DONE}"),
                format!("<ac:link><ac:x><![CDATA[OPS-4{DONE}]]></ac:x></ac:link>"),
            ),
        ] {
            assert_eq!(without_statuses(&text, form), expected);
        }
    }

    #[test]
    fn what_keeps_a_document_from_being_read_is_left_out_within_so_many_readings() {
        let places: Vec<_> = (0..4000).map(|at| (at, String::new())).collect();
        let asked = std::cell::Cell::new(0);
        let without = |bad: &'static [usize]| {
            let same = |some: &[super::Insertion]| {
                asked.set(asked.get() + 1);
                !some.iter().any(|(at, _)| bad.contains(at))
            };
            asked.set(0);
            super::settle(&places, &same, &std::cell::Cell::new(super::MOST_READINGS))
        };
        assert_eq!(without(&[1234]).len(), 3999);
        assert!(without(&[1, 700, 1400, 2100, 2800, 3500]).iter().all(|(at, _)| at % 700 != 0 || *at == 0));
        assert_eq!(asked.get(), super::MOST_READINGS);
    }

    /// Pieces of which documents are made.
    const PIECES: [&str; 58] = [
        "\n",
        "\n\n",
        "\r\n",
        " ",
        "| ",
        " |",
        "|---|---|\n",
        "| Issue | Status |\n|---|---|\n",
        "- ",
        "# ",
        "> ",
        "**",
        "_",
        "`",
        "```\n",
        "OPS-1",
        "OPS-1",
        "OPS-2",
        "a/b#3",
        "OPS-4",
        "https://x.example/browse/OPS-1",
        "<https://x.example/browse/OPS-2>",
        "[OPS-1](https://x.example/browse/OPS-1)",
        "[a](https://x.example/browse/OPS-1 \"t\")",
        "[b][c]",
        "\n[c]: https://x.example/browse/OPS-2\n",
        "<!--",
        "-->",
        "<!--dragnet:x-->",
        "<!--dragnet:done-->",
        "<!--dragnet:done--> (done)<!--/dragnet-->",
        "<!--/dragnet-->",
        "<!-- dragnet: id=x -->",
        "<p>",
        "</p>",
        "<table><tr><td>",
        "</td><td>",
        "</td></tr></table>",
        "<a href=\"https://x.example/browse/OPS-1\">",
        "</a>",
        "<a href=\"OPS-1",
        "\">",
        "<ac:structured-macro ac:name=\"jira\">",
        "<ac:structured-macro ac:name=\"status\">",
        "<ac:parameter ac:name=\"key\">",
        "<ac:parameter ac:name=\"title\">",
        "</ac:parameter>",
        "</ac:structured-macro>",
        "<ac:rich-text-body>",
        "</ac:rich-text-body>",
        "⚑ ",
        "⚑ done",
        "<![CDATA[",
        "]]>",
        "&nbsp;",
        "é",
        "🙂",
        "2023-12-20\n",
    ];

    fn documents() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            9 => prop::sample::select(PIECES.as_slice()).prop_map(str::to_owned),
            1 => any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn taking_statuses_out_gives_back_the_text_and_writing_twice_changes_nothing(
            text in documents(),
            form in prop::sample::select(&[Form::Markdown, Form::Html, Form::Storage][..]),
        ) {
            let written = with(&text, form);
            prop_assert_eq!(without_statuses(&written, form), without_statuses(&text, form));
            prop_assert_eq!(with(&written, form), written.clone());
            // Whatever was read is read again, by the same words.
            let all = |text: &str| {
                let (document, references) = read("x", text, &Reading::of(form), &claims());
                words(&document, &references)
            };
            prop_assert_eq!(all(&written), all(&without_statuses(&text, form)));
        }
    }
}
