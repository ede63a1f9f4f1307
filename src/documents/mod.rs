//! Bytes of a document into a register or minutes, one file per form.
//!
//! `decode` makes text of bytes. `read` takes the text apart (`markdown`, `text`, `html`, `csv`, `code`: what the form itself says), asks what
//! it means (`register`, `minutes`), and says which bytes belong to whom (`passages`). Nothing in here fails on bad
//! content: what could not be understood whole is a problem with its place, and stays text in which tickets are found.

mod agreed;
mod anecdotes;
mod cells;
mod code;
mod columns;
mod contents;
mod csv;
mod dates;
mod decode;
mod form;
mod headings;
mod html;
pub mod identity;
mod inlays;
mod joining;
mod layout;
mod markdown;
mod markers;
mod marks;
mod minutes;
mod opening;
mod passages;
mod places;
mod prose;
mod record;
mod register;
mod row;
mod saying;
mod sections;
mod status;
mod statuses;
mod tables;
mod teams;
#[cfg(test)]
mod tests;
mod text;

pub use code::is_code;
pub use decode::{Undecodable, decode};
pub use joining::{Joined, join};
pub use record::{Record, record};
pub use statuses::{Insertion, Status, in_our_words, places, takes_statuses, with_statuses, without_statuses};

use std::cell::OnceCell;

use url::Url;

use self::layout::Layout;
use crate::domain::citation::{Citation, Sort, search_link};
use crate::domain::document::{Content, Document, Form, Kind, Reading};
use crate::domain::finding::{Code, Problem};
use crate::domain::place::Lines;
use crate::domain::reference::Within;

/// The form that a document is read in: the one that the configuration names, else the one found by its path and text.
pub fn form_of(path: &str, text: &str, reading: &Reading) -> Form {
    reading.form.unwrap_or_else(|| form::found(path, text, &columns::Own::new(&reading.headings)))
}

/// Understands a document. Never fails: what cannot be understood is among its problems.
///
/// `path` is the document as the user named it. Challenges get ids from what the document says; [`identity::assign`] gives
/// those that are known already their own.
pub fn read(path: &str, source: String, reading: &Reading) -> Document {
    understand(path, source, reading, Depth::Whole)
}

/// The same document as far as it takes to find what it cites: the challenges of a register's tables are left out, and
/// what is said of them, so that of a citation it is known whose challenge cites, and not which of its anecdotes; and so are
/// parts of it that can hold no citation. Many times as fast as [`read`].
pub fn skim(path: &str, source: String, reading: &Reading) -> Document {
    understand(path, source, reading, Depth::Citations)
}

/// What is wanted of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// All that it says.
    Whole,
    /// Where tickets may be cited, and in which part of it that is.
    Citations,
}

fn understand(path: &str, source: String, reading: &Reading, depth: Depth) -> Document {
    let marks = marks::find(&source);
    let (content, form) = (reading.content, form_of(path, &source, reading));
    let text = marks::blank(&source, &marks.spans, form);
    let (plain, mut queries) = (OnceCell::new(), Vec::new());
    let layout = match form {
        Form::Markdown => inlays::lay_out(&text, &marks.spans, &plain),
        Form::Text => text::lay_out(&text),
        Form::Code => code::lay_out(path, &text),
        Form::Csv => {
            let (taken, parts) = csv::take_apart(&text);
            parts.lay_over(plain.get_or_init(|| taken))
        }
        Form::Html | Form::Storage => {
            let (taken, mut parts) = html::take_apart(&text, form == Form::Storage);
            queries = std::mem::take(&mut parts.queries);
            parts.lay_over(plain.get_or_init(|| taken))
        }
    };
    let lines = Lines::new(path, &source);
    let mut problems = Vec::new();
    let (mut challenges, mut meetings, mut stretches) = (Vec::new(), Vec::new(), Vec::new());
    let mut unread = Vec::new();
    let mut kind = Kind::Prose;
    if content != Content::Minutes && form != Form::Code {
        // Rows over which a cell is merged belong together.
        let whole = matches!(form, Form::Html | Form::Storage) || layout.is_merged();
        let depth = if whole { Depth::Whole } else { depth };
        let own = columns::Own::new(&reading.headings);
        let register = register::read(&layout, &marks.pins, &lines, content, &own, depth);
        if register.found || content == Content::Register {
            kind = Kind::Register;
        }
        (challenges, stretches, problems) = (register.challenges, register.stretches, register.problems);
        unread = register.unread;
    }
    if kind == Kind::Prose && form != Form::Code {
        let minutes = minutes::read(&layout, &lines);
        if content == Content::Minutes || !minutes.meetings.is_empty() {
            kind = Kind::Minutes;
            unread.clear();
            (meetings, stretches) = (minutes.meetings, minutes.stretches);
            problems.extend(minutes.problems);
        }
        if kind == Kind::Minutes && meetings.is_empty() {
            problems.push(Problem {
                code: Code::MalformedRow,
                place: lines.place(0),
                message: "no meeting in this document: no line or heading is a date".to_owned(),
                hint: Some("put each meeting's date on a line of its own: `2021-08-14`".to_owned()),
            });
        }
    }
    let (citations, unfollowed): (Vec<_>, Vec<_>) = queries.into_iter().map(|query| asked(query, &lines)).unzip();
    problems.extend(unfollowed);
    let around = if form == Form::Code { Within::Code } else { Within::Text };
    let Layout { text, links, mute, prose, tables, lines: prose_lines } = layout;
    // Tables and prose are understood: what a large document takes for them is free for the rest.
    drop((prose, tables, prose_lines));
    let passages = passages::fill(text, stretches, (links, mute), &marks.spans, around);
    let (markers, no_waivers) = markers::read(marks.waivers, &source, &passages, &lines);
    problems.extend(no_waivers);
    problems.sort_by_key(|problem| (problem.place.line, problem.place.column));
    let path = path.to_owned();
    let repository = reading.repository.clone();
    Document {
        path,
        form,
        kind,
        challenges,
        meetings,
        passages,
        citations,
        repository,
        unread,
        problems,
        markers,
        source,
    }
}

/// What a macro's query is: a search, by its address where that is known, and nothing in which tickets are found.
fn asked(query: html::Query, lines: &Lines<'_>) -> (Citation, Problem) {
    let place = lines.place(query.at);
    let problem = Problem {
        code: Code::UnclaimedReference,
        place: place.clone(),
        message: format!("a list of tickets by the query `{}` is not followed", query.jql),
        hint: Some("cite the tickets themselves".to_owned()),
    };
    let home = query.host.and_then(|host| Url::parse(&format!("https://{host}/")).ok());
    let target = home.map_or(query.jql.clone(), |home| search_link(&home, &query.jql));
    (Citation { sort: Sort::Search, target, place, count: 1 }, problem)
}
