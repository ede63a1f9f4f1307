//! Where something stands: a document, a line and a column, and the way from byte offsets to them.

use std::cell::Cell;
use std::sync::Arc;

use memchr::memchr_iter;
use serde::{Deserialize, Serialize};

/// A position in a document. Line and column count from 1; columns count Unicode scalar values, not bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The document as the user named it: a path, or a page's address. A document has thousands of places.
    pub path: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.line, self.column)
    }
}

impl std::str::FromStr for Place {
    type Err = ();

    /// What `Display` wrote. A path may hold colons.
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.rsplitn(3, ':');
        let mut number = || parts.next()?.parse().ok();
        let (column, line) = (number().ok_or(())?, number().ok_or(())?);
        Ok(Self { path: parts.next().ok_or(())?.into(), line, column })
    }
}

/// Characters are counted at every so many bytes, so that a place on a line of any length costs the same.
const STRIDE: usize = 256;

/// The line starts of one document, so that a byte offset becomes a [`Place`] in logarithmic time, however long its
/// line is.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    path: Arc<str>,
    source: &'a str,
    starts: Vec<usize>,
    /// How many characters start before byte `n * STRIDE`, for each `n`; none where every character is one byte.
    counted: Vec<usize>,
    /// As many lines start up to the last place that was asked for.
    last: Cell<usize>,
}

/// [`slice::partition_point`] for those who mostly ask for one a little behind the last one, which was `near`.
pub fn partition_point_near<T>(all: &[T], near: usize, before: impl Fn(&T) -> bool) -> usize {
    const STEPS: usize = 8;
    let steps = all[near..].iter().take(STEPS).take_while(|one| before(one)).count();
    let passed = near.checked_sub(1).is_some_and(|last| !before(&all[last]));
    if passed || steps == STEPS { all.partition_point(before) } else { near + steps }
}

impl<'a> Lines<'a> {
    /// Indexes `source`, which `path` names. `\n` and `\r\n` both end a line.
    pub fn new(path: &str, source: &'a str) -> Self {
        let path = path.into();
        let starts = std::iter::once(0).chain(memchr_iter(b'\n', source.as_bytes()).map(|at| at + 1)).collect();
        let (mut counted, mut chars, mut from) = (Vec::new(), 0, 0);
        let blocks = if source.is_ascii() { 0 } else { source.len() / STRIDE + 1 };
        for block in 0..blocks {
            let to = source.floor_char_boundary(block * STRIDE);
            chars += source[from..to].chars().count();
            counted.push(chars);
            from = to;
        }
        Self { path, source, starts, counted, last: Cell::new(0) }
    }

    /// The place of the byte offset `at`, which is moved back to a character boundary and capped at the end.
    pub fn place(&self, at: usize) -> Place {
        let at = self.source.floor_char_boundary(at);
        let line = self.line(at);
        let column = self.chars_before(at) - self.chars_before(self.starts[line]) + 1;
        Place { path: Arc::clone(&self.path), line: count(line + 1), column: count(column) }
    }

    /// The index of the line that holds the byte `at`.
    fn line(&self, at: usize) -> usize {
        self.last.set(partition_point_near(&self.starts, self.last.get(), |start| *start <= at));
        self.last.get() - 1
    }

    /// The byte offset of a place; `None` where the source has no such line or column.
    pub fn offset(&self, place: &Place) -> Option<usize> {
        let start = *self.starts.get(usize::try_from(place.line).ok()?.checked_sub(1)?)?;
        let before = usize::try_from(place.column).ok()?.checked_sub(1)?;
        let wanted = self.chars_before(start) + before;
        if self.counted.is_empty() {
            return (wanted <= self.source.len()).then_some(wanted);
        }
        // The last block that starts no later, and from there character by character.
        let block = self.counted.partition_point(|&chars| chars <= wanted).saturating_sub(1);
        let from = self.source.floor_char_boundary(block * STRIDE);
        let left = wanted.checked_sub(self.counted[block])?;
        let ends = self.source[from..].char_indices().map(|(at, _)| from + at).chain([self.source.len()]);
        ends.into_iter().nth(left)
    }

    /// How many characters start before `at`, which is on a character boundary.
    fn chars_before(&self, at: usize) -> usize {
        if self.counted.is_empty() {
            return at;
        }
        let block = at / STRIDE;
        let from = self.source.floor_char_boundary(block * STRIDE);
        self.counted[block] + self.source[from..at].chars().count()
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Lines, Place};

    /// The way without shortcuts.
    fn counted_by_hand(source: &str, at: usize) -> (u32, u32) {
        let before = &source[..at];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        (u32::try_from(line).unwrap(), u32::try_from(column).unwrap())
    }

    #[test]
    fn columns_count_characters_also_far_out_on_a_long_line() {
        let source = format!("one\r\n{}x", "é→🙂 ".repeat(3000));
        let lines = Lines::new("p", &source);
        for (at, _) in source.char_indices().chain([(source.len(), ' ')]).step_by(7) {
            let place = lines.place(at);
            assert_eq!((place.line, place.column), counted_by_hand(&source, at), "at {at}");
            assert_eq!(lines.offset(&place), Some(at), "at {at}");
        }
        assert_eq!(lines.place(usize::MAX), lines.place(source.len()));
    }

    proptest! {
        #[test]
        fn a_place_that_was_written_is_read_again(path in "[^\\n]{0,20}", line: u32, column: u32) {
            let place = Place { path: path.into(), line, column };
            prop_assert_eq!(place.to_string().parse(), Ok(place));
        }

        #[test]
        fn every_offset_has_the_place_that_counting_gives(
            source in prop_oneof!["(?s).{0,40}", "[\\na]{0,200}", "[\\r\\né]{0,100}"],
            asked in prop::collection::vec(0usize..200, 1..8),
        ) {
            // Each is looked for near the one before.
            let lines = Lines::new("p", &source);
            for at in asked {
                let at = source.floor_char_boundary(at);
                let place = lines.place(at);
                prop_assert_eq!((place.line, place.column), counted_by_hand(&source, at));
                prop_assert_eq!(lines.offset(&place), Some(at));
            }
        }
    }
}
