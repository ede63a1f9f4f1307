//! A table's cells where they stand: cells merged over columns leave the others empty, cells merged over rows stand in
//! each of them.

use std::ops::Range;

use super::super::columns::MOST_COLUMNS;
use super::super::layout::{Row, RowCells, Table, trim};

/// A cell that spans more is bounded: no table has more columns that mean anything, and rows end with their table.
const WIDEST: usize = MOST_COLUMNS;
/// HTML's own bound on `rowspan`.
const TALLEST: usize = 65_534;

/// A table that is still open.
#[derive(Debug, Default)]
pub(super) struct Grid {
    rows: Vec<Drawn>,
}

#[derive(Debug)]
struct Drawn {
    span: Range<usize>,
    cells: Vec<Cell>,
}

#[derive(Debug)]
struct Cell {
    inside: Range<usize>,
    columns: usize,
    rows: usize,
}

impl Grid {
    /// A row starts at `at`.
    pub(super) fn open_row(&mut self, at: usize) {
        self.rows.push(Drawn { span: at..at, cells: Vec::new() });
    }

    /// A cell whose content starts at `at`, with its `colspan` and `rowspan` as written.
    pub(super) fn open_cell(&mut self, at: usize, colspan: Option<&str>, rowspan: Option<&str>) {
        let count = |written: Option<&str>| written.and_then(|count| count.trim().parse::<usize>().ok());
        let columns = count(colspan).unwrap_or(1).clamp(1, WIDEST);
        // Nought means to the end of the table's part.
        let rows = count(rowspan).map_or(1, |rows| if rows == 0 { TALLEST } else { rows.min(TALLEST) });
        if let Some(row) = self.rows.last_mut() {
            row.cells.push(Cell { inside: at..at, columns, rows });
        }
    }

    /// The content of the last cell ends at `at`.
    pub(super) fn close_cell(&mut self, at: usize) {
        if let Some(cell) = self.rows.last_mut().and_then(|row| row.cells.last_mut()) {
            cell.inside.end = at.max(cell.inside.start);
        }
    }

    /// The last row ends at `at`.
    pub(super) fn close_row(&mut self, at: usize) {
        if let Some(row) = self.rows.last_mut() {
            row.span.end = at.max(row.span.start);
        }
    }

    /// The table; `None` when it has no two cells side by side, for then it arranges a page and lists nothing.
    pub(super) fn close(self, plain: &str) -> Option<Table> {
        let mut carried: Vec<Option<(usize, Range<usize>)>> = Vec::new();
        let mut rows: Vec<Row> = Vec::with_capacity(self.rows.len());
        for drawn in self.rows.into_iter().filter(|row| !row.cells.is_empty()) {
            let mut cells = RowCells::new();
            let mut next = Vec::new();
            let mut from_above = |cells: &mut RowCells, next: &mut Vec<Option<(usize, Range<usize>)>>| {
                while let Some((left, inside)) = carried.get_mut(cells.len()).and_then(Option::take) {
                    next.resize(cells.len() + 1, None);
                    next[cells.len()] = (left > 1).then(|| (left - 1, inside.clone()));
                    cells.push(inside);
                }
            };
            for cell in drawn.cells {
                from_above(&mut cells, &mut next);
                if cells.len() >= WIDEST * 2 {
                    break;
                }
                let inside = trim(plain, cell.inside);
                for nth in 0..cell.columns {
                    let part = if nth == 0 { inside.clone() } else { inside.end..inside.end };
                    next.resize(cells.len() + 1, None);
                    next[cells.len()] = (cell.rows > 1).then(|| (cell.rows - 1, part.clone()));
                    cells.push(part);
                }
            }
            from_above(&mut cells, &mut next);
            carried = next;
            rows.push(Row { span: drawn.span, cells });
        }
        // A banner over all columns is no header.
        let filled = |row: &Row| row.cells.iter().filter(|cell| !cell.is_empty()).count();
        let header = rows.iter().position(|row| filled(row) > 1)?;
        let mut rows = rows.split_off(header).into_iter();
        let header = rows.next()?;
        Some(Table { header, rows: rows.collect(), collapsed: false })
    }
}

#[cfg(test)]
mod tests {
    use super::Grid;

    /// A table drawn with letters: `a2x1` is a cell `a` over two columns and one row; each row's cells as read.
    fn shown(rows: &[&str]) -> Vec<String> {
        let plain = "abcdefghijklmnopqrstuvwxyz";
        let mut grid = Grid::default();
        for row in rows {
            grid.open_row(0);
            for cell in row.split_whitespace() {
                let at = plain.find(&cell[..1]).unwrap();
                let (columns, over) = cell[1..].split_once('x').map_or((None, None), |(c, r)| (Some(c), Some(r)));
                grid.open_cell(at, columns, over);
                grid.close_cell(at + 1);
            }
            grid.close_row(1);
        }
        let Some(table) = grid.close(plain) else { return Vec::new() };
        let read = |cells: &[std::ops::Range<usize>]| {
            cells.iter().map(|cell| if cell.is_empty() { "-" } else { &plain[cell.clone()] }).collect::<String>()
        };
        std::iter::once(&table.header).chain(&table.rows).map(|row| read(&row.cells)).collect()
    }

    #[test]
    fn merged_cells_keep_the_others_in_their_columns() {
        for (rows, expected) in [
            (&["a b c", "d e f"][..], vec!["abc", "def"]),
            (&["a b c", "d1x2 e f", "g h"], vec!["abc", "def", "dgh"]),
            (&["a b c", "d e1x2 f", "g h"], vec!["abc", "def", "geh"]),
            (&["a b c", "d e f1x3", "g h", "i j"], vec!["abc", "def", "ghf", "ijf"]),
            (&["a b c", "d2x1 f"], vec!["abc", "d-f"]),
            (&["a b c", "d2x2 f", "g"], vec!["abc", "d-f", "d-g"]),
            // Beyond the table, to its end, and nonsense.
            (&["a b", "c1x9 d"], vec!["ab", "cd"]),
            (&["a b", "c1x0 d", "e", "f"], vec!["ab", "cd", "ce", "cf"]),
            (&["a b", "c-1x-2 d"], vec!["ab", "cd"]),
            // A banner above the header; nothing but one column.
            (&["a3x1", "b c d", "e f g"], vec!["bcd", "efg"]),
            (&["a", "b"], vec![]),
            (&[], vec![]),
        ] {
            assert_eq!(shown(rows), expected, "{rows:?}");
        }
    }
}
