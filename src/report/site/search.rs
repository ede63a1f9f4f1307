//! What was searched for: challenges, tickets and topics that have the words.

use askama::Template;

use super::room::{Room, fitted};
use super::show::{self, Pager, Tab, name, source, to_ticket};
use super::{Frame, links};
use crate::domain::minutes::{Meeting, Topic};
use crate::domain::pages::{Found, Hit, ListedTicket, SoughtKind};
use crate::domain::theme::other_form;
use crate::domain::ticket::TicketId;
use crate::report::challenge::Row;
use crate::report::view::View;
use crate::report::{Report, words};

#[derive(Template)]
#[template(path = "site/search.html")]
struct Page<'v> {
    frame: Frame<'v>,
    found: &'v Found,
    kind: Option<SoughtKind>,
    jump: Option<&'v TicketId>,
    view: &'v View<'v>,
    /// The words as the index has them.
    sought: &'v [String],
    room: Room,
}

/// One page of what was found for the frame's search; `jump` is the ticket that was typed, if one was that is known.
pub fn search(frame: Frame, found: &Found, kind: Option<SoughtKind>, jump: Option<&TicketId>) -> String {
    let report = Report::new(&found.challenges.known, &found.challenges.judged, frame.now);
    let view = View::new(&report);
    let mut sought = show::words_of(frame.search);
    let others: Vec<_> = sought.iter().filter_map(|word| other_form(word)).map(str::to_owned).collect();
    sought.extend(others);
    fitted(|room| super::rendered(&Page { frame, found, kind, jump, view: &view, sought: &sought, room }))
}

impl Page<'_> {
    fn heading(&self) -> String {
        if self.sought.is_empty() { "Search".to_owned() } else { format!("Search: {}", name(self.frame.search)) }
    }

    fn counted(&self) -> String {
        let all = self.found.kinds.values().sum();
        match (self.sought.is_empty(), all, self.found.more) {
            (true, ..) => {
                "Challenges with their anecdotes, tickets by name and title, topics of meetings: type some words."
                    .to_owned()
            }
            (_, 0, _) => "Nothing has all of these words.".to_owned(),
            (_, all, true) => format!(
                "More than {all} have these words; one more word would help. These are the best of the first {all}."
            ),
            (_, all, false) => {
                format!("{} {} all of these words", words::count(all, "result"), if all == 1 { "has" } else { "have" })
            }
        }
    }

    fn tabs(&self) -> Vec<Tab> {
        let tab = |kind: Option<SoughtKind>, words: &str, many| Tab {
            address: links::search(self.frame.search, kind, 1),
            words: words.to_owned(),
            many,
            more: self.found.more,
            here: self.kind == kind,
        };
        let each = SoughtKind::ALL.into_iter().filter_map(|kind| {
            let many = self.found.kinds.get(&kind).copied().unwrap_or(0);
            (many > 0).then(|| tab(Some(kind), &format!("{}s", kind.word()), many))
        });
        std::iter::once(tab(None, "all", self.found.kinds.values().sum())).chain(each).collect()
    }

    fn pager(&self) -> Option<Pager> {
        show::pager(&self.found.leaf, |page| links::search(self.frame.search, self.kind, page))
    }

    fn mark(&self, text: impl AsRef<str>) -> Vec<(String, bool)> {
        show::marked(text.as_ref(), self.sought)
    }

    fn challenge_address(&self, row: &Row) -> String {
        links::challenge(&row.challenge.id)
    }

    /// Where a challenge has the words, besides its title.
    fn in_challenge(&self, row: &Row) -> Option<String> {
        let challenge = row.challenge;
        let told =
            challenge.anecdotes.iter().map(|anecdote| format!("{} {}", anecdote.teams.join(", "), anecdote.text));
        told.chain([challenge.status.text.clone()]).find_map(|text| show::around(&text, self.sought))
    }

    fn ticket_title(&self, ticket: &ListedTicket) -> String {
        let facts = ticket.known.facts.as_ref();
        let title = facts.map(|facts| format!(" {}", self.room.title(&facts.title))).unwrap_or_default();
        format!("{}{title}", name(&ticket.known.id))
    }

    fn verdict(&self, ticket: &ListedTicket) -> String {
        words::verdict(ticket.judgement.verdict, ticket.judgement.confidence)
    }

    /// Where minutes tell of a topic.
    fn topic_address(&self, meeting: &Meeting, topic: &Topic) -> String {
        links::topic(meeting.date, &topic.place)
    }

    /// Where a topic has the words, besides what it is about.
    fn in_topic(&self, topic: &Topic) -> Option<String> {
        let replies = topic.replies.iter().map(|reply| (&reply.speaker, &reply.text));
        let said = replies.chain(topic.follow_ups.iter().map(|follow_up| (&follow_up.owner, &follow_up.text)));
        let mut said = said.map(|(who, text)| match who {
            Some(who) => format!("{who}: {text}"),
            None => text.clone(),
        });
        said.find_map(|text| show::around(&text, self.sought))
    }
}
