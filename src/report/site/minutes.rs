//! The minutes: meetings by date, topics by intention, and what became of follow-ups.

use askama::Template;

use super::show::{self, Pager, Tab, line, name};
use super::{Frame, links};
use crate::domain::minutes::{FollowUp, Meeting, Topic};
use crate::domain::pages::Minutes;
use crate::domain::ticket::TicketId;
use crate::report::words;

/// Characters of a topic, and of what is said to it, that are shown; and what is said to a topic.
const REPLIES: usize = 12;

#[derive(Template)]
#[template(path = "site/minutes.html")]
struct Page<'v> {
    frame: Frame<'v>,
    intention: Option<&'v str>,
    minutes: &'v Minutes,
}

/// One page of the minutes; `intention` is the one chosen.
pub fn minutes(frame: Frame, intention: Option<&str>, minutes: &Minutes) -> String {
    super::rendered(&Page { frame, intention, minutes })
}

impl Page<'_> {
    fn counted(&self) -> String {
        let meetings = words::count(self.minutes.leaf.all, "meeting");
        match self.intention {
            Some(chosen) => format!("{meetings} with topics of this intention: {}", intention(chosen)),
            None => format!("{meetings}, the newest first"),
        }
    }

    fn tabs(&self) -> Vec<Tab> {
        let all = self.minutes.intentions.iter().map(|(_, many)| many).sum();
        let all = Tab {
            address: "/minutes".to_owned(),
            words: "all topics".to_owned(),
            many: all,
            here: self.intention.is_none(),
        };
        let each = self.minutes.intentions.iter().take(20).map(|(word, many)| Tab {
            address: links::minutes(Some(word), 1),
            words: intention(word),
            many: *many,
            here: self.intention == Some(word.as_str()),
        });
        std::iter::once(all).chain(each).collect()
    }

    fn pager(&self) -> Option<Pager> {
        show::pager(&self.minutes.leaf, |page| links::minutes(self.intention, page))
    }

    fn day(&self, meeting: &Meeting) -> String {
        words::day(meeting.date)
    }

    fn intention(&self, topic: &Topic) -> Option<String> {
        topic.intention.as_deref().map(intention)
    }

    fn said<'t>(&self, topic: &'t Topic) -> impl Iterator<Item = &'t crate::domain::minutes::Reply> {
        topic.replies.iter().take(REPLIES)
    }

    fn unsaid(&self, topic: &Topic) -> usize {
        topic.replies.len().saturating_sub(REPLIES)
    }

    fn is_dropped(&self, follow_up: &FollowUp) -> bool {
        let place = &follow_up.place;
        self.minutes.dropped.contains(&(place.path.clone(), place.line))
    }

    fn ticket(&self, id: &TicketId) -> String {
        links::ticket(id)
    }

    fn verdict(&self, id: &TicketId) -> &'static str {
        self.minutes.verdicts.get(id).map_or("unknown", |verdict| verdict.word())
    }
}

fn intention(word: &str) -> String {
    if word.is_empty() { "no intention".to_owned() } else { name(word) }
}
