//! Where a register's tables may cite tickets, and whose part that is, without reading what their challenges are.

use std::ops::Range;

use super::Reader;
use crate::documents::cells::Cells;
use crate::documents::columns::Column;
use crate::documents::layout::Table;
use crate::documents::passages::Stretch;
use crate::documents::{anecdotes, row, status};
use crate::domain::document::Owner;
use crate::domain::reference::{Within, may_be_in};

/// What lies before the present row.
#[derive(Default)]
pub(super) struct Past {
    /// As many challenges.
    challenges: usize,
    /// As many pieces of prose.
    pieces: usize,
}

impl Reader<'_> {
    /// What [`Reader::table`] says of whose bytes are whose, wherever something may be cited.
    pub(super) fn skim(&mut self, table: &Table, columns: &[Column], past: &mut Past) {
        let mut category = None;
        // Where a row's cells are weighed it counts whether rows above have a category.
        let weighed = table.collapsed || table.rows.iter().any(|row| row.cells.len() > columns.len());
        for row in &table.rows {
            let placed = row::place(self.layout.text, row, columns, table.collapsed, category.is_some());
            let mut cells: Cells = placed.cells.into_iter().collect();
            if weighed || cells.get(Column::Category).is_some_and(|cell| self.may_cite(cell)) {
                category = self.category(&mut cells, category);
            }
            if cells.get(Column::Title).is_some_and(|title| self.layout.prose.says(title.clone(), &mut past.pieces)) {
                self.skim_row(past.challenges, &cells);
                past.challenges += 1;
            }
        }
    }

    fn skim_row(&mut self, nth: usize, cells: &Cells) {
        for (column, within) in [(Column::Category, Within::Category), (Column::Title, Within::Title)] {
            match cells.get(column) {
                Some(cell) if self.may_cite(cell) => self.own(nth, within, None, None, cell.clone()),
                Some(cell) => self.leave_out(cell),
                None => {}
            }
        }
        // Notes are numbered through all cells that have some.
        let of_status = |column| matches!(column, Column::Status | Column::Remedy);
        let status = cells.all().any(|(column, cell)| of_status(column) && self.may_cite(cell));
        let mut notes = 0;
        for (column, cell) in cells.all() {
            match column {
                Column::Anecdotes if self.may_cite(cell) => {
                    for (one, report) in anecdotes::spans(self.layout.text, cell).into_iter().enumerate() {
                        self.own(nth, Within::Anecdote, Some(one), None, report);
                    }
                }
                Column::Status | Column::Remedy if status => {
                    let remarks = status::notes(self.layout.text, cell, &self.layout.links);
                    self.own_notes(nth, notes, cell, &remarks);
                    notes += remarks.len();
                }
                Column::Other if self.may_cite(cell) => self.own_other(nth, cell),
                Column::Anecdotes | Column::Status | Column::Remedy => self.leave_out(cell),
                Column::Other if self.layout.text[cell.clone()].contains(char::is_alphabetic) => self.leave_out(cell),
                Column::Other | Column::Category | Column::Title | Column::Occurrences => {}
            }
        }
    }

    /// A cell in which nothing is cited, and which is a challenge's all the same.
    fn leave_out(&mut self, cell: &Range<usize>) {
        let stretch = Stretch { within: Within::Text, owner: Owner::Nobody, span: cell.clone() };
        self.register.stretches.push(stretch);
    }

    /// Whether anything may be cited in these bytes.
    fn may_cite(&self, cell: &Range<usize>) -> bool {
        let first = self.layout.links.partition_point(|link| link.span.end <= cell.start);
        let linked = self.layout.links.get(first).is_some_and(|link| link.span.start < cell.end);
        linked || may_be_in(&self.layout.text[cell.clone()])
    }
}
