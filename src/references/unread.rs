//! What cites tickets without saying enough: tables that are no registers, and `#12` without a repository.

use std::ops::Range;

use crate::domain::document::UnreadTable;
use crate::domain::finding::{Code, Problem};
use crate::domain::place::Place;

/// The tables of which most rows cite tickets, and more than one does: many a table cites one. `cited` is where tickets
/// are cited, in order.
pub(super) fn tables(tables: &[UnreadTable], cited: &[usize]) -> Vec<Problem> {
    let cites = |row: &&Range<usize>| {
        let first = cited.partition_point(|at| *at < row.start);
        cited.get(first).is_some_and(|at| *at < row.end)
    };
    let full = tables.iter().filter(|table| {
        let rows = table.rows.iter().filter(cites).count();
        rows > 1 && 2 * rows > table.rows.len()
    });
    let problem = |table: &UnreadTable| {
        Problem {
        code: Code::UnreadTable,
        place: table.place.clone(),
        message: format!(
            "most rows of this table cite tickets, and it is not read as a register: its columns are `{}`",
            table.headings.join("`, `")
        ),
        hint: Some(
            "if it lists challenges, call the column that names them `Issue` and one that says what is done `Status`, or name \
             its own words in `columns` of its [[source]]"
                .to_owned(),
        ),
    }
    };
    full.map(problem).collect()
}

/// Numbers that nobody knows the repository of.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// The address of the repository that the document lives in, where that is known.
    pub(super) repository: Option<String>,
    first: Option<(String, Place)>,
    count: usize,
}

impl Numbers {
    /// The address of what `#12` or `GH-12` means in a repository's own document.
    pub(super) fn address(&self, written: &str) -> Option<String> {
        let number = written.trim_start_matches(|c: char| !c.is_ascii_digit());
        Some(format!("{}/issues/{number}", self.repository.as_deref()?))
    }

    /// One more, as it is written, and where it stands.
    pub(super) fn met(&mut self, written: &str, place: Place) {
        self.count += 1;
        self.first.get_or_insert_with(|| (written.to_owned(), place));
    }

    /// What is to be said of them: one thing for all.
    pub(super) fn problem(self) -> Option<Problem> {
        let (first, place) = self.first?;
        let times = if self.count == 1 { String::new() } else { format!(" ({} times)", self.count) };
        Some(Problem {
            code: Code::UnclaimedReference,
            place,
            message: format!("`{first}` names no repository{times}"),
            hint: Some(format!(
                "write `owner/repo#{}`, or link it",
                first.trim_start_matches(|c: char| !c.is_ascii_digit())
            )),
        })
    }
}
