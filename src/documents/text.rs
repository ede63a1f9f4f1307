//! The text form: what remains of a wiki page once it is extracted. A table is a line of cells, a line of dashes, and
//! a line for each row; merged cells are gone and empty ones have moved to the end of their row.

use std::ops::Range;

use super::layout::{Layout, Line, Row, Shape, Table, cells, trim};
use super::prose::Prose;
use super::tables::is_rule;

/// Takes a document in the text form apart.
pub(super) fn lay_out(text: &str) -> Layout<'_> {
    let (mut all, mut at) = (Vec::new(), 0);
    for raw in text.split_inclusive('\n') {
        all.push(trim(text, at..at + raw.len()));
        at += raw.len();
    }
    let tables = tables(text, &all);
    let lines =
        all.into_iter().filter(|line| !line.is_empty()).map(|span| Line { span, shape: Shape::Plain }).collect();
    Layout { text, prose: Prose::Verbatim(text), tables, lines, links: Vec::new(), mute: Vec::new() }
}

fn tables(text: &str, lines: &[Range<usize>]) -> Vec<Table> {
    let mut tables = Vec::<Table>::new();
    let (mut nth, mut inside) = (0, false);
    while let Some(line) = lines.get(nth) {
        let slice = &text[line.clone()];
        let above = nth.checked_sub(1).map(|above| &lines[above]).filter(|above| text[(*above).clone()].contains('|'));
        nth += 1;
        match (tables.last_mut(), above) {
            (_, Some(header)) if !inside && is_rule(slice) => {
                let header = Row::piped(text, header.clone());
                tables.push(Table { header, rows: Vec::new(), collapsed: true });
                inside = true;
            }
            (Some(table), _) if slice.contains('|') && (inside || resumes(slice, &text[table.header.span.clone()])) => {
                inside = true;
                let last = continued(text, lines, nth - 1, &table.header.span);
                table.rows.push(Row::piped(text, line.start..lines[last].end));
                nth = last + 1;
            }
            _ => inside = false,
        }
    }
    tables
}

/// Whether a line that something else separates from the table above is still a row of it: it has every pipe of the
/// header, the last one included.
fn resumes(line: &str, header: &str) -> bool {
    let pipes = |text: &str| text.matches('|').count();
    line.ends_with('|') && header.ends_with('|') && pipes(line) == pipes(header) && pipes(header) > 2
}

/// The last line of the row that starts at line `first`. Where rows end with a pipe, one that does not goes on to the
/// next line that does, unless the two together have too many cells to be one row.
fn continued(text: &str, lines: &[Range<usize>], first: usize, header: &Range<usize>) -> usize {
    let closed = |line: &Range<usize>| text[line.clone()].ends_with('|');
    if closed(&lines[first]) || !closed(header) {
        return first;
    }
    let rest = &lines[first + 1..];
    let Some(offset) = rest.iter().position(|line| text[line.clone()].contains('|')) else { return first };
    let last = first + 1 + offset;
    let whole = lines[first].start..lines[last].end;
    let fits = closed(&lines[last]) && cells(text, &whole).len() <= cells(text, header).len();
    if fits { last } else { first }
}

#[cfg(test)]
mod tests {
    use super::lay_out;

    #[test]
    fn a_table_is_a_header_a_rule_and_rows() {
        let text = "Intro | with a pipe\n\nA | B |\r\n|---|---|\r\nx | 1 |\r\ny | ||\r\nafter\nz | late\n";
        let layout = lay_out(text);
        assert_eq!(layout.tables.len(), 1);
        let table = &layout.tables[0];
        assert_eq!(&text[table.header.span.clone()], "A | B |");
        let rows: Vec<&str> = table.rows.iter().map(|row| &text[row.span.clone()]).collect();
        assert_eq!(rows, ["x | 1 |", "y | ||"]);
        assert_eq!(layout.lines.len(), 7);
    }

    #[test]
    fn rows_may_span_lines_and_stand_apart() {
        for (rows, expected) in [
            ("x | one\ntwo\n\nthree | 2 |\ny | | |\n", vec!["x | one\ntwo\n\nthree | 2 |", "y | | |"]),
            ("x | 1 | |\nbetween\ny | 2 | |\nz | 3 |\n", vec!["x | 1 | |", "y | 2 | |", "z | 3 |"]),
            ("x | 1 | |\n\nNew Relic | Docs\n", vec!["x | 1 | |"]),
            ("x | cut\ny | whole | 2 |\n", vec!["x | cut", "y | whole | 2 |"]),
            ("x | cut\nthe end\n", vec!["x | cut"]),
        ] {
            let text = format!("A | B | C |\n|---|---|---|\n{rows}");
            let layout = lay_out(&text);
            let found: Vec<&str> = layout.tables[0].rows.iter().map(|row| &text[row.span.clone()]).collect();
            assert_eq!(found, expected, "{rows}");
        }
    }
}
