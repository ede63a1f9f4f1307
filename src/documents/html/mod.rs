//! The HTML form, and Confluence's storage format, which is HTML with macros: every part with its bytes.
//!
//! Tags become blanks and every offset stays what it was, so whoever reads cells and lines afterwards needs to know
//! nothing of HTML: a block ends a line, an entity is the character that it stands for.

mod grid;
mod links;
mod macros;
mod shut;
mod tokens;
mod walk;

use std::ops::Range;

pub(super) use self::shut::shut;
use self::walk::Walk;
use super::layout::{Layout, Line, Table};
use super::prose::{Piece, Prose};
use crate::domain::document::Link;

/// What was found in a document, to be laid over its plain text.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pieces: Vec<Piece>,
    tables: Vec<Table>,
    lines: Vec<Line>,
    links: Vec<Link>,
    mute: Vec<Range<usize>>,
    /// Lists of tickets that macros show.
    pub(super) queries: Vec<Query>,
}

/// A list of tickets that a macro shows by a query instead of naming them.
#[derive(Debug)]
pub(super) struct Query {
    /// Where it stands.
    pub(super) at: usize,
    /// The query, in Jira's own language.
    pub(super) jql: String,
    /// The Jira that it goes to, where the macro names one by its host.
    pub(super) host: Option<String>,
}

/// Takes a document apart: its plain text, of the same length in bytes, and its parts. `storage`: it is Confluence's
/// storage format.
pub(super) fn take_apart(source: &str, storage: bool) -> (String, Parts) {
    let mut walk = Walk::new(source);
    for token in tokens::all(source, storage) {
        walk.token(token);
    }
    walk.finish()
}

impl Parts {
    /// The parts laid over the plain text that they were found in.
    pub(super) fn lay_over(self, text: &str) -> Layout<'_> {
        let Self { pieces, tables, lines, links, mute, .. } = self;
        Layout { text, prose: Prose::marked(text, pieces), tables, lines, links, mute }
    }
}
