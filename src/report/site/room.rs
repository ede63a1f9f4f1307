//! How much a page tells: texts are shortened, and lists cut, until it is light enough. Nothing goes silently: what is
//! shortened ends in an ellipsis, and what is cut is counted.

use crate::report::escape::{SENTENCE, TITLE, plain};

/// Bytes that a page has at most; docs/leads.md promises a few more.
const MOST: usize = 97_000;

/// How much of everything a page has room for, in parts of a hundred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room(usize);

/// What is tried, one after the other.
const ROOMS: [Room; 4] = [Room(100), Room(55), Room(30), Room(15)];

/// The page with the most room that is light enough, else that with the least.
pub(super) fn fitted(draw: impl Fn(Room) -> String) -> String {
    let [all, most, some, least] = ROOMS;
    let light = [all, most, some].into_iter().map(&draw).find(|page| page.len() <= MOST);
    light.unwrap_or_else(|| draw(least))
}

impl Room {
    /// As many as there is room for in the place of `n`, at least one.
    pub(super) fn of(&self, n: usize) -> usize {
        (n * self.0).div_ceil(100)
    }

    /// So many of `all` at most, and how many are left off.
    pub(super) fn some<'a, T>(&self, all: &'a [T], n: usize) -> (&'a [T], usize) {
        let shown = self.of(n).min(all.len());
        (&all[..shown], all.len() - shown)
    }

    /// A title as one harmless line.
    pub(super) fn title(&self, text: &str) -> String {
        let title = plain(text, self.of(TITLE));
        if title.is_empty() { "(no title)".to_owned() } else { title }
    }

    /// A sentence as one harmless line.
    pub(super) fn line(&self, text: &str) -> String {
        plain(text, self.of(SENTENCE))
    }

    /// The beginning of a text.
    pub(super) fn beginning(&self, text: &str) -> String {
        plain(text, self.of(120))
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, ROOMS, fitted};

    #[test]
    fn a_page_is_as_telling_as_it_may_be_and_light() {
        for (long, room) in [(10, 100), (MOST, 100), (MOST + 1, 55), (3 * MOST, 30), (99 * MOST, 15)] {
            let drawn = fitted(|room| "x".repeat(room.of(long)));
            assert_eq!(drawn.len(), (long * room).div_ceil(100), "{long}");
        }
        let least = ROOMS[3];
        assert_eq!((least.of(1), least.of(3), least.of(12)), (1, 1, 2));
        assert_eq!(least.some(&[1, 2, 3], 12), (&[1, 2][..], 1));
        assert_eq!(least.some::<u8>(&[], 12), (&[][..], 0));
        assert_eq!(least.title(&"word ".repeat(9)), "word word word word word…");
    }
}
