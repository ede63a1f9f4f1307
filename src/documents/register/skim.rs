//! Where a register's tables may cite tickets, and whose part that is, without reading what their challenges are.

use std::ops::Range;

use memchr::memchr2_iter;

use super::Reader;
use crate::documents::cells::Cells;
use crate::documents::columns::Column;
use crate::documents::layout::Table;
use crate::documents::passages::Stretch;
use crate::documents::prose::Before;
use crate::documents::{anecdotes, dates, row, status};
use crate::domain::document::{Link, Owner};
use crate::domain::place::partition_point_near;
use crate::domain::reference::{Within, may_be_in, may_promise};

/// What lies before the present row.
#[derive(Default)]
pub(super) struct Past {
    /// As many challenges.
    challenges: usize,
    /// As much of what readers see.
    seen: Before,
    /// As many links, or those before the cell that was looked at last.
    links: usize,
}

impl Reader<'_> {
    /// What [`Reader::table`] says of whose bytes are whose, wherever something may be cited.
    pub(super) fn skim(&mut self, table: &Table, columns: &[Column], past: &mut Past) {
        let mut category = None;
        // Where a row's cells are weighed it counts whether rows above have a category.
        let weighed = table.collapsed || table.rows.iter().any(|row| row.cells.len() > columns.len());
        for row in &table.rows {
            let placed = row::place(self.layout.text, row, columns, table.collapsed, category.is_some());
            let mut cells = Cells::from(placed.cells);
            if weighed || cells.get(Column::Category).is_some_and(|cell| self.may_cite(cell, past)) {
                category = self.category(&mut cells, category);
            }
            if cells.get(Column::Title).is_some_and(|title| self.layout.prose.says(title, &mut past.seen)) {
                self.skim_row(&cells, past);
                past.challenges += 1;
            }
        }
    }

    fn skim_row(&mut self, cells: &Cells, past: &mut Past) {
        let nth = past.challenges;
        for (column, within) in [(Column::Category, Within::Category), (Column::Title, Within::Title)] {
            match cells.get(column) {
                Some(cell) if self.may_cite(cell, past) => self.own(nth, within, None, None, cell.clone()),
                Some(cell) => self.leave_out(cell),
                None => {}
            }
        }
        // Notes are numbered through all cells that have some.
        let of_status = || cells.all().filter(|(column, _)| matches!(column, Column::Status | Column::Remedy));
        let several = of_status().nth(1).is_some();
        let noted = several && of_status().any(|(_, cell)| self.may_cite(cell, past));
        let mut notes = 0;
        for (column, cell) in cells.all() {
            match column {
                Column::Anecdotes if self.may_cite(cell, past) => self.skim_anecdotes(nth, cell, past),
                Column::Status | Column::Remedy if noted || self.may_cite(cell, past) => {
                    let links = self.links(cell, past);
                    if !several && status::cites_first(self.layout.text, cell, links) {
                        self.own(nth, Within::Status, None, None, cell.clone());
                        continue;
                    }
                    let remarks = status::notes(self.layout.text, cell, links);
                    self.own_notes(nth, notes, cell, &remarks);
                    notes += remarks.len();
                }
                Column::Other if self.may_cite(cell, past) => self.own_other(nth, cell),
                Column::Anecdotes | Column::Status | Column::Remedy => self.leave_out(cell),
                Column::Other if self.layout.text[cell.clone()].contains(char::is_alphabetic) => self.leave_out(cell),
                Column::Occurrences => self.leave_out_number(cell),
                Column::Other | Column::Category | Column::Title => {}
            }
        }
    }

    fn skim_anecdotes(&mut self, nth: usize, cell: &Range<usize>, past: &mut Past) {
        if are_alike(self.layout.text, cell, self.links(cell, past)) {
            let owner = Owner::Challenge { challenge: nth, anecdote: None, note: None };
            let (within, role) = (Within::Anecdote, Some(Within::Anecdote.role()));
            return self.register.stretches.push(Stretch { within, owner, span: cell.clone(), role });
        }
        for (one, report) in anecdotes::spans(self.layout.text, cell).enumerate() {
            self.own(nth, Within::Anecdote, Some(one), None, report);
        }
    }

    /// Whether anything may be cited in these bytes.
    fn may_cite(&self, cell: &Range<usize>, past: &mut Past) -> bool {
        let linked = self.links(cell, past).first().is_some_and(|link| link.span.start < cell.end);
        linked || may_be_in(&self.layout.text[cell.clone()])
    }

    /// The links that do not lie before a cell.
    fn links(&self, cell: &Range<usize>, past: &mut Past) -> &[Link] {
        let all = &self.layout.links;
        past.links = partition_point_near(all, past.links, |link| link.span.end <= cell.start);
        &all[past.links..]
    }
}

/// Whether it does not matter for what a cell cites how it is divided into anecdotes: nothing in it may promise anything, and no
/// name and none of the `links`, which are those that do not lie before it, may reach over the start of one.
fn are_alike(text: &str, cell: &Range<usize>, links: &[Link]) -> bool {
    let says = &text[cell.clone()];
    // A name may stand over a bullet, and go on behind an asterisk where a sentence may end; no date stands behind an underscore.
    let of_a_sentence = |c: char| c.is_alphanumeric() || c.is_whitespace() || matches!(c, '*' | '>');
    let reaches = |at: usize| match says.as_bytes()[at] {
        b'*' => says[..at].ends_with(|c| !of_a_sentence(c)),
        _ => says[at..].starts_with('•'),
    };
    // There are no blanks in most targets, and without one nothing starts there.
    let dated = |link: &Link| {
        text[link.target_span.clone()].contains(char::is_whitespace)
            || link.words().into_iter().any(|words| dates::may_be_in(&text[words]))
    };
    let mut of_cell = links.iter().take_while(|link| link.span.start < cell.end);
    let bullet = "•".as_bytes()[0];
    !memchr2_iter(b'*', bullet, says.as_bytes()).any(reaches) && !of_cell.any(dated) && !may_promise(says)
}
