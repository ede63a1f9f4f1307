//! The text form: what remains of a wiki page once it is extracted. A table is a line of cells, a line of dashes, and
//! a line for each row; merged cells are gone and empty ones have moved to the end of their row.

use std::ops::Range;

use super::layout::{Layout, Line, Prose, Shape, Table, trim};

/// Takes a document in the text form apart.
pub(super) fn lay_out(text: &str) -> Layout<'_> {
    let mut lines = Vec::new();
    let mut tables = Vec::<Table>::new();
    let (mut last, mut inside): (Option<Range<usize>>, bool) = (None, false);
    let mut at = 0;
    for raw in text.split_inclusive('\n') {
        let line = trim(text, at..at + raw.len());
        at += raw.len();
        if line.is_empty() {
            (last, inside) = (None, false);
            continue;
        }
        let slice = &text[line.clone()];
        let piped = slice.contains('|');
        match (&last, tables.last_mut()) {
            (_, Some(table)) if inside && piped => table.rows.push(line.clone()),
            (Some(header), _) if is_rule(slice) && text[header.clone()].contains('|') => {
                tables.push(Table { header: header.clone(), rows: Vec::new() });
                inside = true;
            }
            _ => inside = false,
        }
        lines.push(Line { span: line.clone(), shape: Shape::Plain });
        last = Some(line);
    }
    Layout { text, collapsed: true, prose: Prose::Verbatim(text), tables, lines, links: Vec::new(), mute: Vec::new() }
}

/// Whether a line is the `|---|---|` below a table's header.
pub(super) fn is_rule(line: &str) -> bool {
    let only = |c: char| matches!(c, '|' | '-' | ':') || c.is_whitespace();
    line.contains('|') && line.chars().all(only) && {
        let mut cells = line.trim().trim_matches('|').split('|').map(str::trim);
        cells.all(|cell| cell.contains('-') && cell.trim_matches(':').chars().all(|c| c == '-'))
    }
}

#[cfg(test)]
mod tests {
    use super::{is_rule, lay_out};

    #[test]
    fn a_table_is_a_header_a_rule_and_rows() {
        let text = "Intro | with a pipe\n\nA | B |\r\n|---|---|\r\nx | 1 |\r\ny | ||\r\nafter\nz | late\n";
        let layout = lay_out(text);
        assert_eq!(layout.tables.len(), 1);
        let table = &layout.tables[0];
        assert_eq!(&text[table.header.clone()], "A | B |");
        let rows: Vec<&str> = table.rows.iter().map(|row| &text[row.clone()]).collect();
        assert_eq!(rows, ["x | 1 |", "y | ||"]);
        assert_eq!(layout.lines.len(), 7);
    }

    #[test]
    fn a_rule_is_nothing_but_dashes() {
        for line in ["|---|---|", "---|---", "| :-- | --: |", "|-|"] {
            assert!(is_rule(line), "{line}");
        }
        for line in ["---", "|||", "| a |", "|--a--|", "", "| - | :: |"] {
            assert!(!is_rule(line), "{line}");
        }
    }
}
