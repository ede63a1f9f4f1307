//! A register kept as headings and lists: each challenge a heading, and below it what a table would have in columns, by name.
//!
//! ```text
//! ## Builds
//! ### Slow builds
//! - 2024-05-01: waited an hour
//! - Occurrences: 2
//! - Status: OPS-12 Note: not done.
//! ```
//!
//! Other documents have headings and labels too. So unless the configuration says that it is a register, two headings of one
//! level must each have a status, and anecdotes or a count by these very names.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::columns::{self, Column, Own};
use super::dates;
use super::layout::{Layout, Line, Shape, trim};

/// One challenge: its heading, and what stands below.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// From its heading to the end of it.
    pub(super) span: Range<usize>,
    /// The heading above that names its category.
    pub(super) category: Option<Range<usize>>,
    /// What it holds, its title among it.
    pub(super) cells: BTreeMap<Column, Range<usize>>,
}

/// `Status: …`, `**Occurrences**: 3`, `- Anecdotes:`; what stands before the words is markup.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[\s>*_+\-–•·]{0,64}(?P<label>\p{L}[\p{L} ]{0,28}?)[\s*_]{0,32}:[*_]{0,3}(?:\s+|$)")
        .expect("a constant pattern")
});

/// What a label or a heading of its own announces.
fn announced(text: &str, own: &Own) -> Option<Column> {
    columns::named(text, own).filter(|column| *column != Column::Title)
}

/// The challenges of a document without a table of them; none where its headings are about something else. `sure`: the
/// configuration says that it is a register.
pub(super) fn find(layout: &Layout<'_>, sure: bool, own: &Own) -> Vec<Section> {
    let levels: BTreeSet<u8> = layout.lines.iter().filter_map(level).collect();
    let found = levels.into_iter().map(|level| sections(layout, level, own));
    // Of several levels that could be meant, the one that holds the most.
    let fits = |sections: &Vec<Section>| {
        let whole = sections.iter().filter(|section| is_whole(section, sure)).count();
        whole >= if sure { 1 } else { 2 } && 2 * whole > sections.len()
    };
    found.filter(fits).max_by_key(Vec::len).unwrap_or_default()
}

/// Whether a section says what only a register's does.
fn is_whole(section: &Section, sure: bool) -> bool {
    let has = |column| section.cells.contains_key(&column);
    let tells = has(Column::Anecdotes) || has(Column::Occurrences);
    if sure { tells || has(Column::Status) } else { tells && has(Column::Status) }
}

fn level(line: &Line) -> Option<u8> {
    if let Shape::Heading(level) = line.shape { Some(level) } else { None }
}

/// Every heading of a level with what stands below it; those that only name a field of another one are none.
fn sections(layout: &Layout<'_>, wanted: u8, own: &Own) -> Vec<Section> {
    let titles = layout.lines.iter().filter(|line| level(line) == Some(wanted.saturating_sub(1))).count();
    let (mut sections, mut category) = (Vec::new(), None);
    for (at, line) in layout.lines.iter().enumerate() {
        let Some(here) = level(line) else { continue };
        if here < wanted {
            // A single heading above all is the document's own.
            category = (here + 1 == wanted && titles > 1).then(|| line.span.clone());
        }
        if here != wanted || announced(&layout.prose.read(line.span.clone()), own).is_some() {
            continue;
        }
        let below = &layout.lines[at + 1..];
        let end = below.iter().position(|line| level(line).is_some_and(|level| level <= wanted)).unwrap_or(below.len());
        let mut cells = fields(layout, &below[..end], own);
        cells.insert(Column::Title, line.span.clone());
        let last = below[..end].last().map_or(line.span.end, |last| last.span.end);
        sections.push(Section { span: line.span.start..last, category: category.clone(), cells });
    }
    sections
}

/// A field that is being read.
struct Open {
    column: Column,
    /// Labels deeper than this are words of the field.
    depth: usize,
}

/// What stands below a heading, field by field; the first of a name counts, and items that open with a date are anecdotes
/// without being announced.
fn fields(layout: &Layout<'_>, lines: &[Line], own: &Own) -> BTreeMap<Column, Range<usize>> {
    let mut cells: BTreeMap<Column, Range<usize>> = BTreeMap::new();
    let mut open: Option<Open> = None;
    for line in lines {
        let text = &layout.text[line.span.clone()];
        let depth = match line.shape {
            Shape::Item { depth, .. } => depth,
            Shape::Heading(_) | Shape::Plain => 0,
            Shape::Continued => usize::MAX,
        };
        let labelled = match line.shape {
            Shape::Heading(_) => Some((announced(&layout.prose.read(line.span.clone()), own), line.span.end)),
            Shape::Continued => None,
            _ => LABEL.captures(text).and_then(|found| {
                let end = line.span.start + found.get(0).map_or(0, |whole| whole.end());
                announced(&found["label"], own).map(|column| (Some(column), end))
            }),
        };
        let labelled = labelled.filter(|_| open.as_ref().is_none_or(|open| depth <= open.depth));
        let dated = || {
            matches!(line.shape, Shape::Item { .. })
                && dates::leading(text.trim_start_matches(['-', '*', '+', ' '])).is_some()
        };
        let start = match labelled {
            Some((column, start)) => {
                open = column.filter(|column| !cells.contains_key(column)).map(|column| Open { column, depth });
                start
            }
            None if open.is_none() && dated() && !cells.contains_key(&Column::Anecdotes) => {
                open = Some(Open { column: Column::Anecdotes, depth });
                line.span.start
            }
            None => line.span.start,
        };
        if let Some(Open { column, .. }) = &open {
            let cell = cells.entry(*column).or_insert(start..start);
            cell.end = cell.end.max(line.span.end).max(start);
        }
    }
    cells
        .into_iter()
        .map(|(column, cell)| (column, trim(layout.text, cell)))
        .filter(|(_, cell)| !cell.is_empty())
        .collect()
}
