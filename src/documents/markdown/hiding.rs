//! Plain rows of tables hidden from the parser.

use std::ops::Range;
use std::vec::IntoIter;

use memchr::memchr;

use super::rows::plain;
use crate::documents::layout::Row;
use crate::domain::document::Link;

/// A document whose plain rows are hidden.
pub(super) struct Hidden {
    /// With a short row for all plain rows that follow each other.
    pub(super) shown: String,
    /// What is hidden behind each of these.
    pub(super) rows: Rows,
}

/// Hidden rows, in order.
#[derive(Default)]
pub(super) struct Rows {
    runs: IntoIter<Run>,
    rows: IntoIter<Row>,
    links: IntoIter<Link>,
    /// Where each short row ends, and how many bytes of the document were left out up to there.
    cuts: Vec<(usize, usize)>,
}

/// Hidden rows that follow each other.
pub(super) struct Run {
    /// Where they start.
    at: usize,
    /// How many there are.
    rows: usize,
    /// How many links they have in all.
    links: usize,
    /// As many cells as the longest of them has.
    pub(super) most: usize,
}

impl Rows {
    /// How many links they have in all.
    pub(super) fn links(&self) -> usize {
        self.links.len()
    }

    /// Whether any are left.
    pub(super) fn are_left(&self) -> bool {
        !self.runs.as_slice().is_empty()
    }

    /// Which bytes of the document these are of what is shown of it.
    pub(super) fn in_document(&self, shown: &Range<usize>) -> Range<usize> {
        let place = |at: usize| match self.cuts.partition_point(|(end, _)| *end <= at) {
            0 => at,
            before => at + self.cuts[before - 1].1,
        };
        place(shown.start)..place(shown.end)
    }

    /// What stands behind the short row that starts at `at` of the document, where it is the next one.
    pub(super) fn behind(&mut self, at: usize) -> Option<Run> {
        self.runs.as_slice().first().filter(|run| run.at == at)?;
        self.runs.next()
    }

    /// Puts the rows of the next run behind others.
    pub(super) fn put(&mut self, run: &Run, rows: &mut Vec<Row>) {
        if rows.is_empty() && run.rows == self.rows.len() {
            // As they are, without moving them.
            *rows = std::mem::take(&mut self.rows).collect();
        } else {
            rows.extend(self.rows.by_ref().take(run.rows));
        }
    }

    /// The links of the next run.
    pub(super) fn links_of(&mut self, run: &Run) -> impl Iterator<Item = Link> {
        self.links.by_ref().take(run.links)
    }
}

/// What the last line was.
enum Above {
    /// Nothing that a table could start behind.
    Text,
    /// A blank one, a heading, or none.
    Blank,
    /// What may be a table's header.
    Header,
    /// A line of what may be a table.
    Table,
    /// A plain row of it.
    Plain,
}

/// Hides the plain rows of what seems to be tables; `None` where there are none. Only tables at the start, behind a blank line or
/// below a heading are looked at, where no paragraph before them can go on.
pub(super) fn hide(text: &str) -> Option<Hidden> {
    let mut hiding = Hiding { text, ..Hiding::default() };
    let (mut above, mut from) = (Above::Blank, 0);
    while from < text.len() {
        let next = memchr(b'\n', &text.as_bytes()[from..]).map_or(text.len(), |offset| from + offset + 1);
        let line = &text[from..next];
        let line = line.strip_suffix('\n').unwrap_or(line);
        // Another one in front of it ends a line of its own.
        let line = line.strip_suffix('\r').unwrap_or(line);
        let only = |bytes: &[u8]| line.bytes().all(|byte| bytes.contains(&byte));
        above = match above {
            Above::Table | Above::Plain if line.starts_with('|') => {
                let goes_on = matches!(above, Above::Plain);
                if hiding.hides(from..from + line.len(), goes_on) { Above::Plain } else { Above::Table }
            }
            Above::Header if line.contains('-') && only(b"|-: ") => Above::Table,
            Above::Blank if line.starts_with('|') => Above::Header,
            _ if only(b" \t") || is_heading(line) => Above::Blank,
            _ => Above::Text,
        };
        from = next;
    }
    hiding.done()
}

/// What is shown for plain rows: no plain row is shorter.
const SHOWN: &str = "|x";

/// Rows for which there is room from the start.
const MOST_RESERVED: usize = 4096;

/// A document of which some rows are hidden already.
#[derive(Default)]
struct Hiding<'a> {
    text: &'a str,
    /// What is shown of it up to `copied`.
    shown: String,
    copied: usize,
    runs: Vec<Run>,
    rows: Vec<Row>,
    links: Vec<Link>,
    /// [`Rows::cuts`].
    cuts: Vec<(usize, usize)>,
}

impl Hiding<'_> {
    /// Hides a table's line, where that is plain; whether it did. `goes_on`: it did so with the one above.
    fn hides(&mut self, line: Range<usize>, goes_on: bool) -> bool {
        let before = self.links.len();
        let Some(row) = plain(self.text, line.clone(), &mut self.links) else { return false };
        if self.runs.is_empty() {
            // Most tables go on as they begin.
            self.rows.reserve(((self.text.len() - line.start) / line.len().max(64)).min(MOST_RESERVED));
        }
        if !goes_on {
            self.shown.push_str(&self.text[self.copied..line.start]);
            self.shown.push_str(SHOWN);
            self.cuts.push((self.shown.len(), 0));
            self.runs.push(Run { at: line.start, rows: 0, links: 0, most: 0 });
        }
        if let (Some(run), Some((shown, cut))) = (self.runs.last_mut(), self.cuts.last_mut()) {
            run.rows += 1;
            run.links += self.links.len() - before;
            run.most = run.most.max(row.cells.len());
            *cut = line.end - *shown;
        }
        self.copied = line.end;
        self.rows.push(row);
        true
    }

    /// `None` where nothing was hidden.
    fn done(mut self) -> Option<Hidden> {
        self.shown.push_str(&self.text[self.copied..]);
        let Self { shown, runs, rows, links, cuts, .. } = self;
        let rows = Rows { runs: runs.into_iter(), rows: rows.into_iter(), links: links.into_iter(), cuts };
        rows.are_left().then_some(Hidden { shown, rows })
    }
}

/// Whether a line is a heading, on which the next one never goes on.
fn is_heading(line: &str) -> bool {
    let words = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - words.len())) && words.starts_with(' ')
}
