//! The cells of one challenge by what they hold.

use std::ops::Range;

use smallvec::SmallVec;

use super::columns::Column;

/// Cells by what they hold; those of most rows fit in here.
pub(super) type Filled = SmallVec<[(Column, Range<usize>); 6]>;

/// One cell of each kind at most, but of those kinds that come several times as many as there are, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cells(Filled);

impl Cells {
    /// The first cell of a kind.
    pub(super) fn get(&self, column: Column) -> Option<&Range<usize>> {
        self.0.iter().find(|(kind, _)| *kind == column).map(|(_, cell)| cell)
    }

    /// Whether there is a cell of a kind.
    pub(super) fn has(&self, column: Column) -> bool {
        self.get(column).is_some()
    }

    /// All of them, in the order in which they were put.
    pub(super) fn all(&self) -> impl Iterator<Item = (Column, &Range<usize>)> {
        self.0.iter().map(|(column, cell)| (*column, cell))
    }

    /// Adds a cell, unless there is one of its kind and none comes twice. Whether it was added.
    pub(super) fn put(&mut self, column: Column, cell: Range<usize>) -> bool {
        let free = has_room(&self.0, column);
        if free {
            self.0.push((column, cell));
        }
        free
    }

    /// The cell that was put last.
    pub(super) fn last_mut(&mut self) -> Option<&mut Range<usize>> {
        self.0.last_mut().map(|(_, cell)| cell)
    }

    /// Takes a kind out.
    pub(super) fn remove(&mut self, column: Column) {
        self.0.retain(|(kind, _)| *kind != column);
    }

    /// Whether nothing was put.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same cells as far as `kept` says, each as it says.
    pub(super) fn filter_map(self, kept: impl FnMut((Column, Range<usize>)) -> Option<(Column, Range<usize>)>) -> Self {
        Self(self.0.into_iter().filter_map(kept).collect())
    }
}

/// Whether one more cell of a kind may stand behind these.
fn has_room(before: &[(Column, Range<usize>)], column: Column) -> bool {
    column.comes_several_times() || before.iter().all(|(kind, _)| *kind != column)
}

impl From<Filled> for Cells {
    /// What [`Cells::put`] makes of them one by one, in the room that they have.
    fn from(mut all: Filled) -> Self {
        let mut nth = 0;
        while let Some((column, _)) = all.get(nth) {
            if has_room(&all[..nth], *column) {
                nth += 1;
            } else {
                all.remove(nth);
            }
        }
        Self(all)
    }
}
