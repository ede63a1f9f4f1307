//! The pages of the site: one layout for all of them, and a file for each.
//!
//! A page is a template that extends `site/layout.html` and a struct with a `frame`. Nothing in a page runs, and all that
//! it loads is the one style sheet, [`STYLE`], and its [`ICON`].

mod challenge;
mod challenges;
mod changes;
mod charts;
mod deciding;
mod decisions;
mod findings;
mod frame;
mod front;
mod groups;
mod health;
mod links;
mod minutes;
mod notice;
mod patterns;
mod registers;
mod room;
mod search;
pub(super) mod show;
mod ticket;
mod tickets;
mod trends;
mod us_too;

pub use challenge::challenge;
pub use challenges::challenges;
pub use changes::changes;
pub use deciding::{Choice, Subject, Tried, decide};
pub use decisions::{Decisions, decisions};
pub use findings::findings;
pub use frame::{Frame, Part};
pub use front::front;
pub use groups::groups;
pub use health::health;
pub use minutes::{meetings_on, minutes};
pub use notice::notice;
pub use patterns::patterns;
pub use registers::registers;
pub use search::search;
pub use ticket::ticket;
pub use tickets::tickets;
pub use trends::{first_day, trends};
pub use us_too::{UsToo, us_too};

use super::rendered;
use crate::domain::finding::{Code, Finding};
use crate::domain::ticket::TicketId;

/// The style sheet of all pages.
pub const STYLE: &str = concat!(
    include_str!("../templates/page.css"),
    include_str!("../templates/site.css"),
    include_str!("../templates/site/leads.css")
);

/// The picture that browsers show beside a page's name.
pub const ICON: &str = include_str!("../templates/icon.svg");

/// Where the page of a ticket is.
pub fn ticket_address(id: &TicketId) -> String {
    links::ticket(id)
}

/// Where a page of a list of findings is: one for people, or one for programs.
pub fn findings_address(path: &str, code: Option<Code>, page: usize) -> String {
    links::findings_at(path, code, page)
}

/// Where more is told of what a finding is about.
pub(super) fn feed_link(finding: &Finding) -> String {
    let challenge = finding.challenge.as_ref().map(links::challenge);
    let ticket = finding.ticket.as_ref().map(links::ticket);
    challenge.or(ticket).unwrap_or_else(|| links::findings(Some(finding.code), 1))
}
