//! The minutes: meetings by date, topics by intention, and what became of follow-ups.

use askama::Template;
use chrono::NaiveDate;

use super::room::{Room, fitted};
use super::show::{self, Pager, Tab, name, source};
use super::{Frame, links};
use crate::domain::minutes::{FollowUp, Meeting, Topic};
use crate::domain::pages::{Leaf, Minutes};
use crate::domain::ticket::TicketId;
use crate::report::words;

/// Topics of one meeting that the list of meetings tells, and what is said to each; and both where a day is told in full.
const TOPICS: usize = 15;
const REPLIES: usize = 12;
const TOPICS_OF_A_DAY: usize = 40;
const REPLIES_OF_A_DAY: usize = 60;

#[derive(Template)]
#[template(path = "site/minutes.html")]
struct Page<'v> {
    frame: Frame<'v>,
    intention: Option<&'v str>,
    /// The day that is told in full.
    on: Option<NaiveDate>,
    minutes: &'v Minutes,
    shown: Vec<Shown<'v>>,
    pager: Option<Pager>,
    room: Room,
}

/// A meeting with some of its topics.
struct Shown<'v> {
    meeting: &'v Meeting,
    topics: &'v [Topic],
    more: usize,
}

/// One page of the minutes; `intention` is the one chosen.
pub fn minutes(frame: Frame, intention: Option<&str>, minutes: &Minutes) -> String {
    fitted(|room| {
        let shown = minutes.leaf.shown.iter().map(|meeting| {
            let (topics, more) = room.some(&meeting.topics, TOPICS);
            Shown { meeting, topics, more }
        });
        let pager = show::pager(&minutes.leaf, |page| links::minutes(intention, page));
        super::rendered(&Page { frame, intention, on: None, minutes, shown: shown.collect(), pager, room })
    })
}

/// One page of what was said on a day, of topics of one intention or of all: the page that has the topic `at`, if there is one.
pub fn meetings_on(
    frame: Frame,
    (day, intention): (NaiveDate, Option<&str>),
    minutes: &Minutes,
    at: Option<&str>,
    page: usize,
) -> String {
    let mut topics = minutes.leaf.shown.iter().flat_map(|meeting| &meeting.topics);
    let nth = at.and_then(|at| topics.position(|topic| links::anchor(&topic.place) == at));
    let all = minutes.leaf.shown.iter().map(|meeting| meeting.topics.len()).sum();
    let page = nth.map_or(page, |nth| nth / TOPICS_OF_A_DAY + 1);
    let leaf = Leaf { shown: (), all, page, size: TOPICS_OF_A_DAY };
    fitted(|room| {
        let shown = part_of(&minutes.leaf.shown, &leaf);
        let pager = show::pager(&leaf, |page| links::meetings(day, intention, page));
        super::rendered(&Page { frame, intention, on: Some(day), minutes, shown, pager, room })
    })
}

/// The topics of a page, in their meetings; meetings without any stand on the first.
fn part_of<'v>(meetings: &'v [Meeting], leaf: &Leaf<()>) -> Vec<Shown<'v>> {
    let from = leaf.first() - 1;
    let mut before = 0;
    let shown = meetings.iter().map(|meeting| {
        let start = before;
        before += meeting.topics.len();
        let within = |at: usize| at.clamp(start, before) - start;
        let topics = &meeting.topics[within(from)..within(from.saturating_add(leaf.size))];
        Shown { meeting, topics, more: 0 }
    });
    shown.filter(|it| !it.topics.is_empty() || (it.meeting.topics.is_empty() && leaf.page == 1)).collect()
}

impl Page<'_> {
    fn counted(&self) -> String {
        let meetings = words::count(self.minutes.leaf.all, "meeting");
        match (self.intention, self.on) {
            (Some(chosen), _) => format!("{meetings} with topics of this intention: {}", intention(chosen)),
            (None, None) => format!("{meetings}, the newest first"),
            (None, Some(_)) => meetings,
        }
    }

    fn tabs(&self) -> Vec<Tab> {
        let all = self.minutes.intentions.iter().map(|(_, many)| many).sum();
        let all = Tab {
            address: "/minutes".to_owned(),
            words: "all topics".to_owned(),
            many: all,
            more: false,
            here: self.intention.is_none(),
        };
        let each = self.minutes.intentions.iter().take(20).map(|(word, many)| Tab {
            address: links::minutes(Some(word), 1),
            words: intention(word),
            many: *many,
            more: false,
            here: self.intention == Some(word.as_str()),
        });
        std::iter::once(all).chain(each).collect()
    }

    fn day(&self, meeting: &Meeting) -> String {
        words::day(meeting.date)
    }

    fn intention(&self, topic: &Topic) -> Option<String> {
        topic.intention.as_deref().map(intention)
    }

    /// How many replies, follow-ups and tickets of a topic are told.
    fn most(&self) -> usize {
        self.room.of(if self.on.is_some() { REPLIES_OF_A_DAY } else { REPLIES })
    }

    /// All that was said on the day of a meeting.
    fn on_its_day(&self, meeting: &Meeting) -> String {
        links::meetings(meeting.date, self.intention, 1)
    }

    fn anchor(&self, topic: &Topic) -> String {
        links::anchor(&topic.place)
    }

    fn topic(&self, meeting: &Meeting, topic: &Topic) -> String {
        links::topic(meeting.date, &topic.place)
    }

    fn heading(&self) -> String {
        self.on.map_or("Minutes".to_owned(), |day| format!("Minutes of {}", words::day(day)))
    }

    fn is_dropped(&self, follow_up: &FollowUp) -> bool {
        let place = &follow_up.place;
        self.minutes.dropped.contains(&(place.path.to_string(), place.line))
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
