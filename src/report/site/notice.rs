//! A page that says why there is no other.

use askama::Template;

use super::Frame;
use crate::report::escape::{SENTENCE, plain};

#[derive(Template)]
#[template(path = "site/notice.html")]
struct Notice<'a> {
    frame: Frame<'a>,
    title: &'a str,
    says: String,
}

/// A page with a heading and a sentence, for what is not there or cannot be shown.
pub fn notice(frame: Frame, title: &str, says: &str) -> String {
    super::rendered(&Notice { frame, title, says: plain(says, SENTENCE) })
}
