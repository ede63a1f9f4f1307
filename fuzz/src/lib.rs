//! What is held of every document, whatever stands in it: nothing panics, every place lies inside, and statuses that are
//! written can be taken out again.

pub mod driver;

use dragnet::documents;
use dragnet::domain::document::{Content, Document, Form, Reading};
use dragnet::domain::ticket::TicketId;
use dragnet::domain::tracker::Claims;
use dragnet::domain::verdict::Verdict;
use dragnet::references;
use dragnet::sync::{self, Said};

/// Makes a fuzz target of a function: for libFuzzer where cargo-fuzz builds it, else with a driver of our own.
#[macro_export]
macro_rules! target {
    ($what:path) => {
        #[cfg(fuzzing)]
        ::libfuzzer_sys::fuzz_target!(|data: &[u8]| $what(data));

        #[cfg(not(fuzzing))]
        fn main() -> ::std::process::ExitCode {
            $crate::driver::run($what)
        }
    };
}

/// Reads a document in every way that the configuration can ask for.
fn read(data: &[u8], path: &str, form: Form) {
    let Ok(text) = documents::decode(data) else { return };
    for content in [Content::Auto, Content::Register, Content::Minutes] {
        let mut document = documents::read(path, text.clone(), &Reading { content, form: Some(form), ..Reading::default() });
        hold(&document);
        let scan = references::cite(&mut document, &claims());
        for reference in &scan.references {
            assert!(document.source.contains(&reference.text), "a reference that stands nowhere: {}", reference.text);
        }
        assert_eq!(scan, references::scan(&document, &claims()), "read twice, it says something else");
        documents::identity::assign(&mut document.challenges, &[], |_| false);
    }
}

/// Passages stand in order and apart, on whole characters.
fn hold(document: &Document) {
    let mut end = 0;
    for passage in &document.passages {
        assert!(passage.span.start >= end && document.source.get(passage.span.clone()).is_some(), "{:?}", passage.span);
        end = passage.span.end;
    }
}

fn claims() -> Claims {
    Claims::without_configuration(&["OPS".to_owned()])
}

/// Markdown.
pub fn markdown(data: &[u8]) {
    read(data, "d.md", Form::Markdown);
}

/// HTML.
pub fn html(data: &[u8]) {
    read(data, "d.html", Form::Html);
}

/// Confluence's storage format.
pub fn storage(data: &[u8]) {
    read(data, "d.xml", Form::Storage);
}

/// Tables with separators.
pub fn csv(data: &[u8]) {
    read(data, "d.csv", Form::Csv);
}

/// The plain text of a wiki's page, and whatever form is found by what stands in it.
pub fn text(data: &[u8]) {
    read(data, "d.txt", Form::Text);
    if let Ok(text) = documents::decode(data) {
        hold(&documents::read("d", text, &Reading::default()));
    }
}

/// Comments of source files.
pub fn code(data: &[u8]) {
    for path in ["d.rs", "d.py", "d.sql", "d.lua"] {
        read(data, path, Form::Code);
    }
}

/// Statuses: written twice is written once, and taken out gives back the document.
pub fn annotate(data: &[u8]) {
    let Ok(text) = documents::decode(data) else { return };
    let id = |text: &str| text.parse::<TicketId>().expect("a constant id");
    let said = Said::from([
        (id("jira:OPS-1"), (Verdict::Undone, None)),
        (id("jira:OPS-2"), (Verdict::Done, Some(id("jira:NEW-9")))),
        (id("github:a/b#3"), (Verdict::Open, None)),
    ]);
    for form in [Form::Markdown, Form::Html, Form::Storage] {
        let with = |text: &str| sync::annotated("d", text, &Reading::of(form), &claims(), &said).map(|it| it.text);
        let bare = documents::without_statuses(&text, form);
        let Some(written) = with(&bare) else { continue };
        assert_eq!(documents::without_statuses(&written, form), bare);
        assert_eq!(with(&written).as_deref(), Some(written.as_str()));
    }
}
