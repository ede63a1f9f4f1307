//! Which form a document is written in: by the end of its path, else by what stands in it.

use std::sync::LazyLock;

use regex::Regex;

use super::columns::Own;
use super::csv;
use super::tables::{is_extracted, is_rule};
use crate::domain::document::Form;

/// What only Markdown has: headings, fences, marked links, tasks, emphasised words.
static MARKDOWN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?m)^#{1,6} \S|^\s{0,3}(?:```|~~~)|\]\((?:https?:|/|\./|#)|^\s*[-*] \[[ xX]\] |\*\*[^*\s][^*\n]{0,200}\*\*",
    )
    .expect("a constant pattern")
});

/// What only Confluence's storage format has.
static STORAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"<(?:ac:(?:structured-macro|macro|link|task-list|layout|image|parameter)|ri:(?:page|user|url))\b")
        .expect("a constant pattern")
});

/// How a page, or a piece of one, begins.
static HTML: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*<(?i:!doctype\s+html|html|head|body|table|div|section|article|main|h[1-6]|p|ul|ol)\b[^>]*>")
        .expect("a constant pattern")
});

/// How much of a document is looked at.
const LOOKED_AT: usize = 1 << 20;

/// The form of a document that nobody has named.
pub(super) fn found(path: &str, text: &str, own: &Own) -> Form {
    let path = path.to_ascii_lowercase();
    // An address ends in its query, a file's name in its ending.
    let path =
        path.split_once('?').map_or(path.as_str(), |(before, _)| if before.contains("://") { before } else { &path });
    if path.ends_with(".md") || path.ends_with(".markdown") {
        return Form::Markdown;
    }
    let text = &text[..text.floor_char_boundary(LOOKED_AT)];
    if [".csv", ".tsv"].iter().any(|end| path.ends_with(end)) || csv::is_register(text, own) {
        return Form::Csv;
    }
    let page = [".html", ".htm", ".xhtml"].iter().any(|end| path.ends_with(end));
    if STORAGE.is_match(text) {
        return Form::Storage;
    }
    if page || HTML.is_match(text) {
        return Form::Html;
    }
    match header_of_first_table(text) {
        Some((header, rule)) if is_extracted(header, rule) => Form::Text,
        Some(_) => Form::Markdown,
        None if MARKDOWN.is_match(text) => Form::Markdown,
        None => Form::Text,
    }
}

fn header_of_first_table(text: &str) -> Option<(&str, &str)> {
    let lines = text.lines().map(str::trim);
    lines.clone().zip(lines.skip(1)).find(|(header, rule)| header.contains('|') && is_rule(rule))
}

#[cfg(test)]
mod tests {
    use super::{Own, found};
    use crate::domain::document::Form;

    #[test]
    fn the_form_is_found_by_path_or_content() {
        for (path, text, form) in [
            ("a.md", "A | B |\n|---|---|\n", Form::Markdown),
            ("A.MARKDOWN", "", Form::Markdown),
            ("a.txt", "A | B |\n|---|---|\nx | 1 |\n", Form::Text),
            ("a.txt", "| A | B |\n|---|---|\n| x | 1 |\n", Form::Markdown),
            ("a.txt", "A | B\n--- | ---\nx | 1\n", Form::Markdown),
            ("-", "# Heading\n", Form::Markdown),
            ("-", "see [this](https://x.example)\n", Form::Markdown),
            ("notes", "2023-12-20\n[quest](Hilary) - access\n", Form::Text),
            ("notes", "2023-12-20\n- [ ] do\n", Form::Markdown),
            ("", "", Form::Text),
            ("a.html", "x", Form::Html),
            ("page", "<!DOCTYPE html>\n<p>x", Form::Html),
            ("-", " <table class='x'><tr><td>a", Form::Html),
            ("-", "<p>x</p><ac:structured-macro ac:name=\"jira\"/>", Form::Storage),
            ("a.html", "<ac:task-list></ac:task-list>", Form::Storage),
            ("a.md", "<p>x</p>", Form::Markdown),
            ("a", "a < b | c\n", Form::Text),
            ("a.CSV", "x", Form::Csv),
            ("-", "Problem,Status\nSlow,OPS-1\n", Form::Csv),
            ("-", "Problem | Status |\n|---|---|\n", Form::Text),
        ] {
            assert_eq!(found(path, text, &Own::default()), form, "{path}: {text}");
        }
    }
}
