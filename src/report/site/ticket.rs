//! One ticket: what its verdict rests on, where it is cited, and its story.

use askama::Template;

use super::show::{beginning, exactly, line, name, side, source, title};
use super::{Frame, links};
use crate::domain::challenge::Challenge;
use crate::domain::pages::TicketChoice;
use crate::domain::reference::Role;
use crate::domain::ticket::TicketId;
use crate::domain::verdict::Verdict;
use crate::report::chip::Chip;
use crate::report::ticket::Citation;
use crate::report::view::View;
use crate::report::why::AboutTicket;
use crate::report::{Report, words};

/// Places that are listed.
const PLACES: usize = 50;

#[derive(Template)]
#[template(path = "site/ticket.html")]
struct Page<'v> {
    frame: Frame<'v>,
    about: &'v AboutTicket<'v>,
    citing: usize,
}

/// The page of a ticket that `citing` challenges cite; `None` where nothing is known of it.
pub fn ticket(frame: Frame, report: &Report, id: &TicketId, citing: usize) -> Option<String> {
    let view = View::new(report);
    let about = AboutTicket::new(&view, id)?;
    Some(super::rendered(&Page { frame, about: &about, citing }))
}

impl<'v> Page<'v> {
    fn judged(&self) -> Chip {
        Chip::verdict(self.about.ticket.verdict(), self.about.ticket.verdict_words())
    }

    fn state(&self) -> String {
        self.about.ticket.state(self.frame.now)
    }

    fn aside(&self) -> Option<String> {
        self.about.ticket.aside(self.frame.now)
    }

    /// Where to decide on the verdict; of an open ticket there is nothing to say.
    fn decide(&self) -> Option<String> {
        let ticket = &self.about.ticket;
        let can_be = self.frame.may_decide && ticket.verdict() != Verdict::Open;
        can_be.then(|| links::decide_on_ticket(ticket.id))
    }

    fn tracker_address(&self) -> String {
        let tracker = Some(self.about.ticket.id.tracker().clone());
        links::tickets(&TicketChoice { tracker, verdict: None }, 1)
    }

    fn address(&self, challenge: &Challenge) -> String {
        links::challenge(&challenge.id)
    }

    fn citations(&self) -> impl Iterator<Item = &Citation<'v>> {
        self.about.ticket.cited.iter().take(PLACES)
    }

    /// What of the places is not listed.
    fn cited_further(&self) -> Option<String> {
        let cited = &self.about.ticket.cited;
        let mut told: Vec<_> = cited.iter().filter_map(|one| one.challenge.map(|challenge| &challenge.id)).collect();
        told.sort_unstable();
        told.dedup();
        let further = self.citing.saturating_sub(told.len());
        let places = cited.len().saturating_sub(PLACES);
        match (further, places) {
            (0, 0) => None,
            (0, places) => Some(format!("and {}", words::count(places, "more place"))),
            (further, _) => Some(format!("and in {}", words::count(further, "more challenge"))),
        }
    }
}
