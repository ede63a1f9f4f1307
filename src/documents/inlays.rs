//! HTML in Markdown: each block of it is read as a page is, and a table up to its end although blank lines divide it.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::layout::Layout;
use super::{html, markdown, marks};
use crate::domain::document::Form;

static TABLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)<(?P<end>/)?table(?:\s[^<>]{0,2000})?>").expect("a constant pattern"));

/// Takes a Markdown document apart with the HTML in it. `marks`: our own, which Markdown takes for HTML where a line starts
/// with one. `plain`: where the text is kept in which HTML is blank.
pub(super) fn lay_out<'a>(text: &'a str, marks: &[Range<usize>], plain: &'a OnceCell<String>) -> Layout<'a> {
    let (layout, blocks) = markdown::take_apart(text);
    if blocks.is_empty() {
        return layout;
    }
    let inlays = inlays(text, &blocks);
    // Each is HTML to one reader, and blank to the other.
    let (around, inside) = (marks::blank(text, &inlays, Form::Html), marks::blank(text, marks, Form::Html));
    let (mut whole, _) = markdown::take_apart(&around);
    let (mut seen, mut from) = (String::with_capacity(text.len()), 0);
    for inlay in inlays {
        let (shown, parts) = html::take_apart(&inside[inlay.clone()], false);
        whole.take_in(parts.lay_over(&shown), inlay.start);
        seen.push_str(&text[from..inlay.start]);
        seen.push_str(&shown);
        from = inlay.end;
    }
    seen.push_str(&text[from..]);
    whole.over(plain.get_or_init(|| seen))
}

/// The stretches of a document that are HTML, in order and apart.
fn inlays(text: &str, blocks: &[Range<usize>]) -> Vec<Range<usize>> {
    let tables = tables(text);
    let mut inlays = Vec::<Range<usize>>::with_capacity(blocks.len());
    for block in blocks {
        let start = block.start.max(inlays.last().map_or(0, |last| last.end));
        if start >= block.end {
            continue;
        }
        let of_block = tables.range(start..block.end).map(|(_, end)| *end);
        // What stands behind a table on its last line is not for Markdown, for which nothing but blanks is before it.
        let whole_line = |end: usize| text[end..].find('\n').map_or(text.len(), |offset| end + offset);
        let end = of_block.max().filter(|end| *end > block.end).map_or(block.end, whole_line);
        inlays.push(start..end);
    }
    inlays
}

/// Where each table starts that is closed, and where it ends.
fn tables(text: &str) -> BTreeMap<usize, usize> {
    let (mut open, mut tables) = (Vec::new(), BTreeMap::new());
    for found in TABLE.captures_iter(text) {
        let Some(tag) = found.get(0) else { continue };
        if found.name("end").is_none() {
            open.push(tag.start());
        } else if let Some(start) = open.pop() {
            tables.insert(start, tag.end());
        }
    }
    tables
}

/// The comments of an HTML block.
pub(super) fn comments(text: &str, block: &Range<usize>) -> Vec<Range<usize>> {
    let (mut found, mut at) = (Vec::new(), block.start);
    while let Some(start) = text[at..block.end].find("<!--").map(|offset| at + offset) {
        at = text[start..block.end].find("-->").map_or(block.end, |offset| start + offset + 3);
        found.push(start..at);
    }
    found
}
