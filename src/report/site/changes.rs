//! What changed since a day: what got worse first, each with the way to what tells more of it.

use askama::Template;
use chrono::NaiveDate;

use super::room::{Room, fitted};
use super::show::{self, Pager, Tab};
use super::{Frame, feed_link, links};
use crate::domain::changes::Changes;
use crate::domain::pages::Leaf;
use crate::report::since::{Line, Part, Subject, headline, parts};

/// Lines of a part where all parts are told, and on one page of it alone.
const LINES: usize = 20;
const ROWS: usize = 100;

#[derive(Template)]
#[template(path = "site/changes.html")]
struct Page<'v> {
    frame: Frame<'v>,
    since: NaiveDate,
    changes: &'v Changes,
    chosen: Option<&'v str>,
    parts: &'v [Part<'v>],
    shown: Vec<Shown<'v>>,
    pager: Option<Pager>,
    room: Room,
}

/// Some lines of a part.
struct Shown<'v> {
    part: &'v Part<'v>,
    lines: &'v [Line<'v>],
    more: usize,
}

/// What changed since a day: the beginning of each part, or one page of the one chosen.
pub fn changes(frame: Frame, since: NaiveDate, changes: &Changes, chosen: Option<&str>, page: usize) -> String {
    let parts = &parts(changes);
    fitted(|room| {
        let part = chosen.and_then(|word| parts.iter().find(|part| part.word == word));
        let leaf = part.map(|part| Leaf::of(&part.lines, ROWS, page));
        let shown = match (chosen, part, &leaf) {
            (_, Some(part), Some(leaf)) => vec![Shown { part, lines: leaf.shown, more: 0 }],
            (Some(_), ..) => Vec::new(),
            _ => parts.iter().map(|part| beginning(part, room)).collect(),
        };
        let pager = leaf.and_then(|leaf| show::pager(&leaf, |page| links::changes(since, chosen, page)));
        super::rendered(&Page { frame, since, changes, chosen, parts, shown, pager, room })
    })
}

fn beginning<'v>(part: &'v Part<'v>, room: Room) -> Shown<'v> {
    let (lines, more) = room.some(&part.lines, LINES);
    Shown { part, lines, more }
}

impl Page<'_> {
    fn headline(&self) -> String {
        headline(self.changes)
    }

    fn tabs(&self) -> Vec<Tab> {
        let all = Tab {
            address: links::changes(self.since, None, 1),
            words: "all".to_owned(),
            many: self.parts.iter().map(|part| part.lines.len()).sum(),
            more: self.changes.more(),
            here: self.chosen.is_none(),
        };
        let each = self.parts.iter().map(|part| Tab {
            address: self.of(part),
            words: part.title.to_lowercase(),
            many: part.lines.len(),
            more: part.more,
            here: self.chosen == Some(part.word),
        });
        std::iter::once(all).chain(each).collect()
    }

    /// One part alone.
    fn of(&self, part: &Part) -> String {
        links::changes(self.since, Some(part.word), 1)
    }

    /// What tells more.
    fn address(&self, line: &Line) -> Option<String> {
        line.subject.as_ref().map(|subject| match subject {
            Subject::Challenge(id) => links::challenge(id),
            Subject::Ticket(id) => links::ticket(id),
            Subject::Finding(finding) => feed_link(finding),
        })
    }
}
