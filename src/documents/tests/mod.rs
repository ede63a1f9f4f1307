//! Whole documents, read in both forms: how they are shown here, and what holds of both kinds.

mod bounds;
mod columns;
mod forms;
mod headings;
mod inlays;
mod markdown;
mod minutes;
mod properties;
mod register;

use super::decode;
use crate::domain::document::{Content, Document, Form, Kind, Owner, Reading};

fn read(path: &str, source: String, content: Content, form: Option<Form>) -> Document {
    super::read(path, source, &Reading { content, form, ..Reading::default() })
}

fn auto(path: &str, source: &str) -> Document {
    read(path, source.to_owned(), Content::Auto, None)
}

/// A register as it was understood, a line for each part.
fn shown_register(document: &Document) -> String {
    let mut shown = Vec::new();
    for row in &document.challenges {
        let (category, count) = (row.category.as_deref().unwrap_or("-"), row.occurrences);
        shown.push(format!("{}:{} [{category}] {} ×{count:?}", row.place.line, row.place.column, row.title));
        for said in &row.anecdotes {
            let about = if said.approximate { "~" } else { "" };
            let date = said.date.map_or_else(|| "undated".to_owned(), |date| date.to_string());
            let teams = if said.teams.is_empty() { String::new() } else { format!(" {}", said.teams.join("+")) };
            shown.push(format!("  {}:{} {about}{date}{teams}: {}", said.place.line, said.place.column, said.text));
        }
        if !row.status.text.is_empty() {
            shown.push(format!("  status: {}", row.status.text));
        }
        shown.extend(row.status.notes.iter().map(|note| format!("  {} note: {}", note.place.column, note.text)));
    }
    shown.extend(problems(document));
    shown.join("\n")
}

fn problems(document: &Document) -> Vec<String> {
    let problem = |problem: &crate::domain::finding::Problem| {
        format!("! {}:{} {}: {}", problem.place.line, problem.place.column, problem.code, problem.message)
    };
    document.problems.iter().map(problem).collect()
}

/// Minutes as they were understood, a line for each part.
fn shown_minutes(document: &Document) -> String {
    let mut shown = Vec::new();
    for meeting in &document.meetings {
        shown.push(format!("{}{}", meeting.date, if meeting.skipped { " skipped" } else { "" }));
        for topic in &meeting.topics {
            let or_dash = |word: &Option<String>| word.clone().unwrap_or_else(|| "-".to_owned());
            let assumed = if topic.assumed { " (assumed)" } else { "" };
            let opening = format!("{}|{}", or_dash(&topic.intention), or_dash(&topic.speaker));
            shown.push(format!("  {} {opening}|{}{assumed}", topic.place.line, topic.text));
            for reply in &topic.replies {
                shown.push(format!("    {} {}: {}", reply.place.line, or_dash(&reply.speaker), reply.text));
            }
            for agreed in &topic.follow_ups {
                shown.push(format!("    {} {} will: {}", agreed.place.line, or_dash(&agreed.owner), agreed.text));
            }
        }
    }
    shown.extend(problems(document));
    shown.join("\n")
}

/// The passages: part, owner and slice.
fn passages(document: &Document) -> String {
    let passage = |passage: &crate::domain::document::Passage| {
        let owner = match passage.owner {
            Owner::Challenge { challenge, anecdote, note } => {
                let part = anecdote.or(note).map_or_else(String::new, |nth| format!(".{nth}"));
                format!("{challenge}{part}")
            }
            Owner::Topic { meeting, topic } => format!("{meeting}.{topic}"),
            Owner::Nobody => "-".to_owned(),
        };
        format!("{} {owner} {:?}", passage.within.word(), &document.source[passage.span.clone()])
    };
    document.passages.iter().map(passage).collect::<Vec<_>>().join("\n")
}

#[test]
fn content_and_form_are_obeyed() {
    let both = "2023-12-20\n[inform] (Ned) x\nIssue | Status |\n|---|---|\nSlow | OPS-1 |\n";
    let kind = |content| read("n.txt", both.to_owned(), content, None).kind;
    assert_eq!(
        [kind(Content::Auto), kind(Content::Register), kind(Content::Minutes)],
        [Kind::Register, Kind::Register, Kind::Minutes]
    );
    let form = |form| read("n.txt", "# x\n".to_owned(), Content::Auto, form).form;
    assert_eq!([form(None), form(Some(Form::Text))], [Form::Markdown, Form::Text]);
    assert_eq!(auto("n.txt", "nothing here\n").kind, Kind::Prose);
}

#[test]
fn line_ends_of_both_kinds_read_alike() {
    let unix = shown_register(&auto("page.txt", register::EXTRACTED));
    assert_eq!(shown_register(&auto("page.txt", &register::EXTRACTED.replace('\n', "\r\n"))), unix);
    let unix = shown_minutes(&auto("notes.md", minutes::NESTED));
    assert_eq!(shown_minutes(&auto("notes.md", &minutes::NESTED.replace('\n', "\r\n"))), unix);
}

#[test]
fn a_byte_order_mark_moves_no_column() {
    let bytes = [b"\xef\xbb\xbf", register::EXTRACTED.as_bytes()].concat();
    let document = auto("page.txt", &decode(&bytes).unwrap());
    assert_eq!(shown_register(&document), shown_register(&auto("page.txt", register::EXTRACTED)));
}
