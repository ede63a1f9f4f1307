//! Which form a document is written in: by the end of its path, else by what stands in it.

use std::sync::LazyLock;

use regex::Regex;

use super::text::is_rule;
use crate::domain::document::Form;

/// What only Markdown has: headings, fences, marked links, tasks, emphasised words.
static MARKDOWN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?m)^#{1,6} \S|^\s{0,3}(?:```|~~~)|\]\((?:https?:|/|\./|#)|^\s*[-*] \[[ xX]\] |\*\*[^*\s][^*\n]{0,200}\*\*",
    )
    .expect("a constant pattern")
});

/// How much of a document is looked at.
const LOOKED_AT: usize = 1 << 20;

/// The form of a document that nobody has named.
pub(super) fn found(path: &str, text: &str) -> Form {
    let path = path.to_ascii_lowercase();
    if path.ends_with(".md") || path.ends_with(".markdown") {
        return Form::Markdown;
    }
    let text = &text[..text.floor_char_boundary(LOOKED_AT)];
    match header_of_first_table(text) {
        // Extraction leaves the header's cells without the pipe in front that its rule has.
        Some((header, rule)) if rule.starts_with('|') && !header.starts_with('|') => Form::Text,
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
    use super::found;
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
        ] {
            assert_eq!(found(path, text), form, "{path}: {text}");
        }
    }
}
