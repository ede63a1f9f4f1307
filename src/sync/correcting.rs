//! The names of tickets that moved put right in a document's text, and nothing else.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::ops::Range;

use super::annotating::{Annotated, MOST_READINGS, Said, settle};
use crate::documents;
use crate::domain::document::{Document, Reading};
use crate::domain::ticket::TicketId;
use crate::domain::tracker::Claims;
use crate::references;

/// Other words for a stretch of a document.
type Edit = (Range<usize>, String);

/// A document in which each ticket that moved has the name that it has now, in links and in words. What would make the
/// document be read in another way is left out.
pub fn corrected(path: &str, text: &str, reading: &Reading, claims: &Claims, said: &Said) -> Annotated {
    let reading = Reading { form: Some(documents::form_of(path, text, reading)), ..reading.clone() };
    let read = |text: &str| documents::read(path, text.to_owned(), &reading);
    let now = |id: &TicketId| said.get(id).and_then(|(_, moved_to)| moved_to.clone());
    let mut document = read(text);
    let written = references::written(&document, claims, |id| now(id).is_some());
    let edits: Vec<Edit> = written
        .iter()
        .filter_map(|(span, was)| {
            let words = references::renamed(&text[span.clone()], was, &now(was)?, claims)?;
            Some((span.clone(), words))
        })
        .collect();
    let before = meaning(&mut document, claims, &now);
    let same = |edits: &[Edit]| meaning(&mut read(&with(text, edits)), claims, &now) == before;
    let settled = settle(&edits, &same, &Cell::new(MOST_READINGS));
    Annotated { text: with(text, &settled), left_out: written.len() - settled.len() }
}

fn with(text: &str, edits: &[Edit]) -> String {
    let (mut written, mut from) = (String::with_capacity(text.len()), 0);
    for (span, words) in edits {
        written.push_str(&text[from..span.start]);
        written.push_str(words);
        from = span.end;
    }
    written.push_str(&text[from..]);
    written
}

/// What is read in a document, whichever of its names a ticket has in it: who cites which ticket, and what there is of rows,
/// anecdotes, meetings and problems.
fn meaning(
    document: &mut Document,
    claims: &Claims,
    now: &dyn Fn(&TicketId) -> Option<TicketId>,
) -> (BTreeSet<String>, Vec<String>) {
    let scan = references::cite(document, claims);
    let cited = scan.references.iter().map(|one| {
        let ticket = now(&one.ticket).unwrap_or_else(|| one.ticket.clone());
        format!("{ticket} {:?} {:?} {:?}", one.within, one.role, one.owner)
    });
    let rows = document.challenges.iter().map(|row| {
        format!("{:?} {:?} {} {}", row.category, row.occurrences, row.anecdotes.len(), row.status.notes.len())
    });
    let meetings = document.meetings.iter().map(|one| format!("{:?} {}", one.date, one.topics.len()));
    let problems = document.problems.iter().chain(&scan.problems).map(|one| one.code.to_string());
    (cited.collect(), rows.chain(meetings).chain(problems).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Said, corrected};
    use crate::domain::document::{Form, Reading};
    use crate::domain::ticket::TicketId;
    use crate::domain::tracker::Claims;
    use crate::domain::verdict::Verdict;

    /// Tickets with what they are called now; the other way round on the way back.
    fn moved(back: bool) -> Said {
        let id = |text: &str| text.parse::<TicketId>().unwrap();
        let pairs = [("jira:OPS-2", "jira:NEW-9"), ("github:a/b#3", "github:c/d#40")];
        pairs
            .iter()
            .map(|(was, now)| if back { (now, was) } else { (was, now) })
            .map(|(was, now)| (id(was), (Verdict::Open, Some(id(now)))))
            .collect()
    }

    fn with(text: &str, form: Form, back: bool) -> String {
        let claims = Claims::without_configuration(&["OPS".to_owned(), "NEW".to_owned()]);
        corrected("x", text, &Reading::of(form), &claims, &moved(back)).text
    }

    #[test]
    fn names_are_put_right_wherever_they_stand() {
        for (form, text, expected) in [
            (Form::Markdown, "OPS-2, ops-2 and OPS-21", "NEW-9, ops-2 and OPS-21"),
            (
                Form::Markdown,
                "[OPS-2 now](https://x.example/browse/OPS-2?focusedCommentId=2 \"t\") <https://x.example/browse/ops-2>",
                "[NEW-9 now](https://x.example/browse/NEW-9?focusedCommentId=2 \"t\") <https://x.example/browse/NEW-9>",
            ),
            (
                Form::Markdown,
                "[x][y], [y] a/b#3 `OPS-2`\n\n[y]: https://github.com/a/b/pull/3#issuecomment-1\n\n    OPS-2\n",
                "[x][y], [y] c/d#40 `NEW-9`\n\n[y]: https://github.com/c/d/pull/40#issuecomment-1\n\n    OPS-2\n",
            ),
            (Form::Text, "Issue #3 · a/b, a/b#33", "Issue #40 · c/d, a/b#33"),
            (
                Form::Csv,
                "Issue,Status\nSlow,\"A/B#3, \"\"OPS-2\"\"\"\n",
                "Issue,Status\nSlow,\"c/d#40, \"\"NEW-9\"\"\"\n",
            ),
            (
                Form::Html,
                "<p title='OPS-2'><a href=\"https://x.example/projects/OPS/issues/OPS-2\">OPS-2</a><!-- OPS-2 -->",
                "<p title='OPS-2'><a href=\"https://x.example/projects/NEW/issues/NEW-9\">NEW-9</a><!-- OPS-2 -->",
            ),
            (
                Form::Storage,
                "<ac:structured-macro ac:name=\"jira\"><ac:parameter ac:name=\"key\">OPS-2</ac:parameter></ac:structured-macro>",
                "<ac:structured-macro ac:name=\"jira\"><ac:parameter ac:name=\"key\">NEW-9</ac:parameter></ac:structured-macro>",
            ),
            (
                Form::Markdown,
                "OPS-2<!--dragnet:open--> (open, now NEW-9)<!--/dragnet-->",
                "NEW-9<!--dragnet:open--> (open, now NEW-9)<!--/dragnet-->",
            ),
        ] {
            assert_eq!(with(text, form, false), expected);
        }
    }

    /// What documents that cite tickets are made of.
    const PIECES: [&str; 24] = [
        "OPS-2",
        "OPS-22",
        "a/b#3",
        "a/b#4",
        "https://x.example/browse/OPS-2",
        "https://github.com/a/b/issues/3",
        "[",
        "](",
        ")",
        "<a href=\"",
        "\">",
        "</a>",
        "<td>",
        "| ",
        "\n",
        "\n\n",
        "`",
        "<!-- ",
        " -->",
        "- ",
        "[y]: ",
        "[y]",
        "é",
        " ",
    ];

    proptest! {
        #[test]
        fn all_but_the_names_is_as_it_was(
            pieces in prop::collection::vec(prop::sample::select(PIECES.as_slice()), 0..30),
            form in prop::sample::select(&[Form::Markdown, Form::Html, Form::Storage, Form::Text, Form::Csv][..]),
        ) {
            let text = pieces.concat();
            let written = with(&text, form, false);
            prop_assert_eq!(with(&written, form, false), written.clone(), "twice changes nothing more");
            // Each name is at its place, and nothing else has changed.
            let names = |text: &str| text.replace("NEW-9", "OPS-2").replace("c/d#40", "a/b#3").replace("c/d/issues/40", "a/b/issues/3");
            prop_assert_eq!(names(&written), text);
        }
    }
}
