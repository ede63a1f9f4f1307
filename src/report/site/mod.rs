//! The pages of the site: one layout for all of them, and a file for each.
//!
//! A page is a template that extends `site/layout.html` and a struct with a `frame`. Nothing in a page runs, and all that
//! it loads is the one style sheet, [`STYLE`].

mod frame;
mod links;
mod notice;
mod registers;

pub use frame::{Frame, Part};
pub use notice::notice;
pub use registers::registers;

use askama::Template;

/// The style sheet of all pages.
pub const STYLE: &str = include_str!("../templates/page.css");

/// Where the style sheet is; the name changes with what is in it, so that browsers may keep it.
pub fn style_address() -> &'static str {
    frame::style_address()
}

/// A page as text.
fn rendered(page: &impl Template) -> String {
    page.render().expect("the template calls nothing that fails, and a string takes all that is written to it")
}
