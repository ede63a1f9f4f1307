//! Lists of tickets, by verdict and tracker.

use std::collections::BTreeMap;

use askama::Template;

use super::room::{Room, fitted};
use super::show::{self, Pager, Tab, name, to_ticket};
use super::{Frame, links};
use crate::domain::pages::{Choice, Leaf, ListedTicket, TicketChoice};
use crate::domain::tracker::TrackerId;
use crate::domain::verdict::Verdict;
use crate::report::ticket::state_of;
use crate::report::words;

#[derive(Template)]
#[template(path = "site/tickets.html")]
struct Page<'v> {
    frame: Frame<'v>,
    choice: &'v TicketChoice,
    leaf: &'v Leaf<Vec<ListedTicket>>,
    counts: &'v BTreeMap<(TrackerId, Verdict), usize>,
    room: Room,
}

/// One page of the tickets of a choice; `counts` are those of all tickets.
pub fn tickets(
    frame: Frame,
    choice: &TicketChoice,
    leaf: &Leaf<Vec<ListedTicket>>,
    counts: &BTreeMap<(TrackerId, Verdict), usize>,
) -> String {
    fitted(|room| super::rendered(&Page { frame, choice, leaf, counts, room }))
}

impl Page<'_> {
    fn counted(&self) -> String {
        format!("{} cited", words::count(self.leaf.all, "ticket"))
    }

    fn many(&self, choice: &TicketChoice) -> usize {
        let is_chosen = |(tracker, verdict): &(TrackerId, Verdict)| {
            choice.tracker.as_ref().is_none_or(|it| it == tracker) && choice.verdict.is_none_or(|it| it == *verdict)
        };
        self.counts.iter().filter(|(key, _)| is_chosen(key)).map(|(_, many)| many).sum()
    }

    fn tab(&self, words: String, choice: &TicketChoice) -> Tab {
        let (many, here) = (self.many(choice), choice == self.choice);
        Tab { address: links::tickets(choice, 1), words, many, more: false, here }
    }

    fn verdicts(&self) -> Vec<Tab> {
        let tracker = &self.choice.tracker;
        let of = |verdict: Option<Verdict>| TicketChoice { verdict, tracker: tracker.clone() };
        let all = self.tab("all".to_owned(), &of(None));
        let each = Verdict::ALL.into_iter().map(|verdict| self.tab(verdict.word().to_owned(), &of(Some(verdict))));
        std::iter::once(all).chain(each.filter(|tab| tab.many > 0 || tab.here)).collect()
    }

    fn trackers(&self) -> Vec<Tab> {
        let verdict = self.choice.verdict;
        let mut trackers: Vec<&TrackerId> = self.counts.keys().map(|(tracker, _)| tracker).collect();
        trackers.dedup();
        let all = self.tab("every tracker".to_owned(), &TicketChoice { verdict, tracker: None });
        let each = trackers
            .into_iter()
            .map(|tracker| self.tab(name(tracker), &TicketChoice { verdict, tracker: Some(tracker.clone()) }));
        std::iter::once(all).chain(each).collect()
    }

    fn pager(&self) -> Option<Pager> {
        show::pager(self.leaf, |page| links::tickets(self.choice, page))
    }

    fn title(&self, ticket: &ListedTicket) -> Option<String> {
        let title = ticket.known.facts.as_ref().map(|facts| facts.title.as_str()).filter(|it| !it.trim().is_empty());
        title.map(|title| self.room.title(title))
    }

    fn verdict(&self, ticket: &ListedTicket) -> String {
        words::verdict(ticket.judgement.verdict, ticket.judgement.confidence)
    }

    fn state(&self, ticket: &ListedTicket) -> String {
        match &ticket.known.facts {
            Some(facts) => self.room.beginning(&state_of(facts, self.frame.now)),
            None => ticket.known.lookup.word().to_owned(),
        }
    }

    /// The challenges that cite it, and their list where there are any.
    fn cited(&self, ticket: &ListedTicket) -> (String, Option<String>) {
        let choice = Choice { ticket: Some(ticket.known.id.clone()), ..Choice::default() };
        match ticket.challenges {
            0 => ("no challenge".to_owned(), None),
            n => (words::count(n, "challenge"), Some(links::challenges(&choice, 1))),
        }
    }
}
