//! A digest as mail: its subject, and a page that loads nothing.

use askama::Template;

use super::layout::{Layout, day};
use crate::domain::digest::Edition;
use crate::report::rendered;

/// One line without anything that could end a header.
pub fn subject(edition: &Edition) -> String {
    format!("[dragnet] {}", Layout::of(edition).heading)
}

/// As HTML. `stop` is where a reader says that there are to be no more of them.
pub fn html(edition: &Edition, stop: Option<&str>) -> String {
    rendered(&Letter { layout: &Layout::of(edition), day: day(edition), stop })
}

#[derive(Template)]
#[template(path = "digest.html")]
struct Letter<'l> {
    layout: &'l Layout,
    day: String,
    stop: Option<&'l str>,
}
