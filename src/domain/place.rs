//! Where something stands: a document, a line and a column, and the way from byte offsets to them.

use serde::{Deserialize, Serialize};

/// A position in a document. Line and column count from 1; columns count Unicode scalar values, not bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The document as the user named it: a path, or a page's address.
    pub path: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.line, self.column)
    }
}

/// The line starts of one document, so that a byte offset becomes a [`Place`] in logarithmic time.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    path: &'a str,
    source: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Indexes `source`, which `path` names. `\n` and `\r\n` both end a line.
    pub fn new(path: &'a str, source: &'a str) -> Self {
        let starts = std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { path, source, starts }
    }

    /// The place of the byte offset `at`, which is moved back to a character boundary and capped at the end.
    pub fn place(&self, at: usize) -> Place {
        let at = self.source.floor_char_boundary(at);
        let line = self.starts.partition_point(|&start| start <= at) - 1;
        let column = self.source[self.starts[line]..at].chars().count() + 1;
        Place { path: self.path.to_owned(), line: count(line + 1), column: count(column) }
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
