//! The pages of the site: one layout for all of them, and a file for each.
//!
//! A page is a template that extends `site/layout.html` and a struct with a `frame`. Nothing in a page runs, and all that
//! it loads is the one style sheet, [`STYLE`], and its [`ICON`].

mod challenge;
mod challenges;
mod findings;
mod frame;
mod front;
mod groups;
mod links;
mod notice;
mod registers;
mod search;
mod show;
mod ticket;
mod tickets;

pub use challenge::challenge;
pub use challenges::challenges;
pub use findings::findings;
pub use frame::{Frame, Part};
pub use front::front;
pub use groups::groups;
pub use notice::notice;
pub use registers::registers;
pub use search::search;
pub use ticket::ticket;
pub use tickets::tickets;

use askama::Template;

use crate::domain::ticket::TicketId;

/// The style sheet of all pages.
pub const STYLE: &str = concat!(include_str!("../templates/page.css"), include_str!("../templates/site.css"));

/// The picture that browsers show beside a page's name.
pub const ICON: &str = include_str!("../templates/icon.svg");

/// Where the page of a ticket is.
pub fn ticket_address(id: &TicketId) -> String {
    links::ticket(id)
}

/// A page as text.
fn rendered(page: &impl Template) -> String {
    page.render().expect("the template calls nothing that fails, and a string takes all that is written to it")
}
