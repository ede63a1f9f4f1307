//! The page on which a reader leaves a digest, or comes back.

use askama::Template;

use crate::report::rendered;

/// How it is with a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Farewell<'a> {
    /// They get this digest.
    Reads(&'a str),
    /// They do not get this one any more.
    Left(&'a str),
    /// Nobody has this address.
    Unknown,
}

/// The page.
pub fn farewell(how: Farewell<'_>) -> String {
    rendered(&Leave { how })
}

#[derive(Template)]
#[template(path = "leave.html")]
struct Leave<'a> {
    how: Farewell<'a>,
}
