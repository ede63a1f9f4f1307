//! What stands above a register's columns.

use std::collections::BTreeMap;

use toml::Spanned;

use super::check::Checked;
use super::error::Places;
use super::file;
use crate::domain::document::Headings;

/// The words for each column. A word means one column only, in upper or lower case.
pub(super) fn headings(columns: file::Columns, places: &Places<'_>) -> Checked<Headings> {
    let mut taken = BTreeMap::new();
    let mut words = |column: &'static str, words: Vec<Spanned<String>>| -> Checked<Vec<String>> {
        for word in &words {
            let text = word.get_ref();
            if !text.contains(|c: char| c.is_alphanumeric() || c == '#') {
                return Err(places.wrong(word.span(), "expected words that stand above a column"));
            }
            if text.contains(['(', ')', '[', ']']) {
                let hint = Some("leave the brackets out, with what stands in them");
                let message = format!("`{text}`: what stands in brackets above a column is not looked at");
                return Err(places.wrong_with_hint(word.span(), message, hint));
            }
            if let Some(other) = taken.insert(text.to_lowercase(), column) {
                let message = format!("`{text}` stands above `{other}` already");
                return Err(places.wrong(word.span(), message));
            }
        }
        Ok(words.into_iter().map(Spanned::into_inner).collect())
    };
    Ok(Headings {
        category: words("category", columns.category)?,
        title: words("title", columns.title)?,
        anecdotes: words("anecdotes", columns.anecdotes)?,
        occurrences: words("occurrences", columns.occurrences)?,
        status: words("status", columns.status)?,
        tickets: words("tickets", columns.tickets)?,
    })
}
