//! Comma-separated values, as RFC 4180 has them. Programs that open them take cells for formulas that start like one, so such a
//! cell is opened by an apostrophe: <https://owasp.org/www-community/attacks/CSV_Injection>.

use super::escape;

/// Characters of a cell that are kept.
const LONGEST: usize = 5_000;

/// A sheet of cells in the making.
pub(super) struct Csv(String);

impl Csv {
    /// With the names of its columns.
    pub(super) fn new(columns: &[&str]) -> Self {
        let mut csv = Self(String::new());
        csv.row(columns);
        csv
    }

    /// Adds a row; each cell is one line.
    pub(super) fn row(&mut self, cells: &[impl AsRef<str>]) {
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                self.0.push(',');
            }
            let cell = escape::plain(cell.as_ref(), LONGEST);
            let guard = if is_formula(&cell) { "'" } else { "" };
            self.0.push_str(&format!("\"{guard}{}\"", cell.replace('"', "\"\"")));
        }
        self.0.push_str("\r\n");
    }

    /// All of it.
    pub(super) fn done(self) -> String {
        self.0
    }
}

/// Whether a program might take a cell for a formula; full-width signs count as their like.
fn is_formula(cell: &str) -> bool {
    let first = cell.trim_start_matches(['\'', '"', ' ']).chars().next();
    first.is_some_and(|first| "=+-@|%\t\r\n＝＋－＠".contains(first))
}

#[cfg(test)]
mod tests {
    use super::Csv;

    #[test]
    fn what_starts_like_a_formula_is_text() {
        let mut csv = Csv::new(&["a", "b"]);
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\"=1", " ＝1", "|x", "1-1", "a=b", "", "a \"b\",\nc\u{0}"]
        {
            csv.row(&[cell, "x"]);
        }
        insta::assert_snapshot!(csv.done().replace("\r\n", "\n"), @r#"
        "a","b"
        "'=1+1","x"
        "'+1","x"
        "'-1","x"
        "'@SUM(A1)","x"
        "'=1","x"
        "'""=1","x"
        "'＝1","x"
        "'|x","x"
        "1-1","x"
        "a=b","x"
        "","x"
        "a ""b"", c␀","x"
        "#);
    }
}
