//! What holds of any document.

use proptest::prelude::*;

use super::read;
use crate::documents::decode;
use crate::domain::document::{Content, Document, Form, Owner};
use crate::domain::reference::Within;

/// Everything that must hold of any document.
fn holds(document: &Document) -> Result<(), TestCaseError> {
    let mut end = 0;
    for passage in &document.passages {
        prop_assert!(passage.span.start >= end && passage.span.start < passage.span.end, "{:?}", passage.span);
        end = passage.span.end;
        prop_assert!(document.source.get(passage.span.clone()).is_some(), "{:?}", passage.span);
        let mut link_end = passage.span.start;
        for link in passage.links() {
            prop_assert!(link.span.start >= link_end && link.span.end <= passage.span.end);
            prop_assert!(document.source.get(link.target_span.clone()).is_some());
            link_end = link.span.end;
        }
        for mute in passage.mute() {
            prop_assert!(mute.start >= passage.span.start && mute.end <= passage.span.end);
            prop_assert!(document.source.get(mute.clone()).is_some());
        }
        match passage.owner {
            Owner::Challenge { challenge, anecdote, note } => {
                let row = &document.challenges[challenge];
                prop_assert!(anecdote.is_none_or(|nth| (nth as usize) < row.anecdotes.len()));
                prop_assert!(note.is_none_or(|nth| (nth as usize) < row.status.notes.len()));
            }
            Owner::Topic { meeting, topic } => prop_assert!(topic < document.meetings[meeting].topics.len()),
            Owner::Nobody => prop_assert_eq!(passage.within, Within::Text),
        }
    }
    let ids: std::collections::HashSet<_> = document.challenges.iter().map(|row| &row.id).collect();
    prop_assert_eq!(ids.len(), document.challenges.len());
    prop_assert!(document.challenges.iter().all(|row| !row.title.is_empty()));
    Ok(())
}

/// Pieces of which documents are made, so that arbitrary ones come near to what is read.
const PIECES: [&str; 71] = [
    "\n",
    "\n",
    "\n\n",
    " | ",
    "|",
    "|---|---|",
    "| Issue | Status |\n|---|---|\n",
    "Category | Issue | Anecdotes | Count | Status |\n|---|---|---|---|---|\n",
    "May 5, 2020: ",
    "Feb 30, 2021 - ",
    "~Aug, 2021",
    "2020",
    "2023-12-20\n",
    "## 2023-12-20\n",
    "- ",
    "  - ",
    "- [ ] ",
    "[inform] ",
    "(Ned) ",
    "[Ned] ",
    "[quest](Ned)",
    "Note: ",
    "OPS-1",
    "https://x.example/browse/OPS-1",
    "[a](https://x.example)",
    "[b][c]",
    "\n[c]: https://x.example\n",
    "`",
    "```\n",
    "<!--",
    "-->",
    "<!--dragnet:x-->",
    "<!--/dragnet-->",
    "<!-- dragnet: id=x -->",
    "<br>",
    "é",
    "🙂",
    "\u{a0}",
    "\\",
    "word. ",
    "\r\n",
    "\t",
    "7",
    "Skipped",
    "<a href=\"https://x.example/browse/OPS-1\">",
    "</a>",
    "TODO: ",
    " (was not completed)",
    "Ned will ask",
    "<table>",
    "</table>",
    "<tr>",
    "<td rowspan=2>",
    "<td colspan='3'>",
    "</td>",
    "<p>",
    "<li>",
    "</ul>",
    "<time datetime=\"2021-08-14\" />",
    "<![CDATA[",
    "]]>",
    "&amp;",
    "&nbsp;",
    "<ac:structured-macro ac:name=\"jira\">",
    "<ac:parameter ac:name=\"key\">",
    "</ac:parameter>",
    "</ac:structured-macro>",
    "<th>Issue<th>Status",
    "Issue,Status\n",
    "\"",
    ",",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_is_read(source in r"(?s).{0,200}", path in "(a\\.md|a\\.txt|a\\.html|a\\.csv)") {
        holds(&read(&path, source, Content::Auto, None))?;
    }

    #[test]
    fn anything_made_of_what_documents_are_made_of_is_read(
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40),
        content in prop::sample::select(vec![Content::Auto, Content::Register, Content::Minutes]),
        form in prop::sample::select(vec![Form::Markdown, Form::Text, Form::Html, Form::Storage, Form::Csv]),
    ) {
        holds(&read("p", pieces.concat(), content, Some(form)))?;
    }

    #[test]
    fn bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        if let Ok(text) = decode(&bytes) {
            prop_assert!(std::str::from_utf8(&bytes).unwrap().ends_with(&text));
        }
    }
}
