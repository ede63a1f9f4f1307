//! What makes lines a table in both forms, and tables that the Markdown parser takes for text.

use super::layout::{Line, Row, Shape, Table, cells};

/// Whether a line is the `|---|---|` below a table's header.
pub(super) fn is_rule(line: &str) -> bool {
    let only = |c: char| matches!(c, '|' | '-' | ':') || c.is_whitespace();
    line.contains('|') && line.chars().all(only) && {
        let mut cells = line.trim().trim_matches('|').split('|').map(str::trim);
        cells.all(|cell| cell.contains('-') && cell.trim_matches(':').chars().all(|c| c == '-'))
    }
}

/// Whether a table is left over from an extracted page: a rule with a pipe in front, a header without. Its cells have
/// lost their places, whatever the document's name says.
pub(super) fn is_extracted(header: &str, rule: &str) -> bool {
    rule.trim_start().starts_with('|') && !header.trim_start().starts_with('|')
}

/// Takes out of `lines` the tables that follow a line of text without a blank line between: GitHub shows them as
/// tables, the parser takes them for text.
pub(super) fn in_paragraphs(text: &str, lines: &[Line], tables: &mut Vec<Table>) -> Vec<Line> {
    let slice = |line: &Line| &text[line.span.clone()];
    let plain = |line: &&Line| line.shape == Shape::Plain;
    let mut kept = Vec::with_capacity(lines.len());
    let mut nth = 0;
    while let Some(line) = lines.get(nth) {
        let rule = lines.get(nth + 1).filter(plain).filter(|rule| adjacent(text, line, rule) && is_rule(slice(rule)));
        let width = |line: &Line| cells(text, &line.span).len();
        if let Some(rule) = rule.filter(|rule| plain(&line) && slice(line).contains('|') && width(line) == width(rule))
        {
            let rest =
                lines[nth + 1..].windows(2).take_while(|pair| plain(&&pair[1]) && adjacent(text, &pair[0], &pair[1]));
            let rows: Vec<_> = rest.map(|pair| Row::piped(text, pair[1].span.clone())).collect();
            let collapsed = is_extracted(slice(line), slice(rule));
            nth += 2 + rows.len();
            tables.push(Table { header: Row::piped(text, line.span.clone()), rows, collapsed });
        } else {
            kept.push(line.clone());
            nth += 1;
        }
    }
    kept
}

/// Whether one line follows the other at once.
fn adjacent(text: &str, line: &Line, next: &Line) -> bool {
    text.get(line.span.end..next.span.start).is_some_and(|between| between.matches('\n').count() == 1)
}

#[cfg(test)]
mod tests {
    use super::is_rule;
    use crate::documents::markdown::take_apart;

    #[test]
    fn a_rule_is_nothing_but_dashes() {
        for line in ["|---|---|", "---|---", "| :-- | --: |", "|-|"] {
            assert!(is_rule(line), "{line}");
        }
        for line in ["---", "|||", "| a |", "|--a--|", "", "| - | :: |"] {
            assert!(!is_rule(line), "{line}");
        }
    }

    #[test]
    fn a_table_right_below_a_line_of_text_is_a_table() {
        let text = "Some text\nA | B |\n|---|---|\nx | 1 |\n\nafter | it\n";
        let (layout, _) = take_apart(text);
        assert_eq!(layout.tables.len(), 1);
        let table = &layout.tables[0];
        assert_eq!((&text[table.header.span.clone()], table.rows.len(), table.collapsed), ("A | B |", 1, true));
        assert_eq!(&text[table.rows[0].span.clone()], "x | 1 |");
        let left: Vec<String> = layout.lines.iter().map(|line| layout.prose.read(line.span.clone())).collect();
        assert_eq!(left, ["Some text", "after | it"]);
        assert!(take_apart("a\n| A | B |\n|---|\n").0.tables.is_empty());
        let (whole, _) = take_apart("| A | B |\n|---|---|\n| x | 1 |\n");
        assert_eq!((whole.tables.len(), whole.tables[0].collapsed), (1, false));
    }
}
