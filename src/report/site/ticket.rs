//! One ticket: what its verdict rests on, where it is cited, and its story.

use askama::Template;

use super::room::{Room, fitted};
use super::show::{self, Pager, Source, exactly, name, side, source};
use super::{Frame, links};
use crate::domain::challenge::Challenge;
use crate::domain::minutes::{Meeting, Topic};
use crate::domain::pages::{Choice, Leaf, TicketChoice};
use crate::domain::reference::Role;
use crate::domain::ticket::TicketId;
use crate::domain::verdict::Verdict;
use crate::report::chip::Chip;
use crate::report::rows::Rows;
use crate::report::story::Entry;
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
    story: Leaf<&'v [Entry]>,
    room: Room,
    /// How many of the flags that people decided on stood.
    flags: Option<String>,
    rows: &'v Rows<'v>,
}

/// The page of a ticket that `citing` challenges cite, with one page of its story; `None` where nothing is known of it.
pub fn ticket(frame: Frame, report: &Report, id: &TicketId, citing: usize, page: usize) -> Option<String> {
    let view = View::new(report);
    let about = AboutTicket::new(&view, id)?;
    let about = &about;
    let flags = report.past.and_then(|past| show::flags(&past.flags));
    Some(fitted(|room| {
        let story = Leaf::of(&about.story, show::ENTRIES, page);
        super::rendered(&Page { frame, about, citing, story, room, flags: flags.clone(), rows: view.rows() })
    }))
}

impl<'v> Page<'v> {
    fn source(&self, told: &(impl ToString + ?Sized)) -> Source {
        show::source_in(told, self.rows)
    }

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

    /// Where minutes tell of a topic.
    fn meeting(&self, meeting: &Meeting, topic: &Topic) -> String {
        links::topic(meeting.date, &topic.place)
    }

    fn pager(&self) -> Option<Pager> {
        show::pager(&self.story, |page| links::story(links::ticket(self.about.ticket.id), page))
    }

    fn citations(&self) -> impl Iterator<Item = &Citation<'v>> {
        self.about.ticket.cited.iter().take(self.room.of(PLACES))
    }

    /// What of the places is not listed, and where it is.
    fn cited_further(&self) -> Option<(String, String)> {
        let cited = &self.about.ticket.cited;
        let mut told: Vec<_> = cited.iter().filter_map(|one| one.challenge.map(|challenge| &challenge.id)).collect();
        told.sort_unstable();
        told.dedup();
        let further = self.citing.saturating_sub(told.len());
        let places = cited.len().saturating_sub(self.room.of(PLACES));
        match (further, places) {
            (0, 0) => None,
            (0, places) => Some((format!("and {}", words::count(places, "more place")), "#story".to_owned())),
            (further, _) => {
                let choice = Choice { ticket: Some(self.about.ticket.id.clone()), ..Choice::default() };
                Some((format!("and in {}", words::count(further, "more challenge")), links::challenges(&choice, 1)))
            }
        }
    }
}
