//! Dated lines into meetings: their topics, what was said to them, and whose bytes are whose.
//!
//! Where the form keeps nesting, nesting tells a topic from a reply. Where it has lost it, a topic is the first line
//! after a date or a line that opens with an intention; a line by a named person is a reply, unless it stands in square
//! brackets (`[Ned] …`) in a meeting whose last topic opened with a bracketed intention: the writer opens topics so, and
//! it is taken for one, marked as assumed.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use super::agreed;
use super::dates::{self, Exact};
use super::layout::{Layout, Line, Shape};
use super::opening::{self, Opening};
use super::passages::Stretch;
use crate::domain::document::Owner;
use crate::domain::finding::{Code, Problem};
use crate::domain::minutes::{FollowUp, Meeting, Reply, Topic};
use crate::domain::place::Lines;
use crate::domain::reference::Within;

/// What a document's dated lines say.
#[derive(Debug, Default)]
pub(super) struct Minutes {
    /// The meetings, in the order of the document.
    pub(super) meetings: Vec<Meeting>,
    /// Whose bytes are whose.
    pub(super) stretches: Vec<Stretch>,
    /// What could not be understood whole.
    pub(super) problems: Vec<Problem>,
}

/// A line that names a meeting's day is no longer than this.
const LONGEST_DATE_LINE: usize = 120;

/// What may stand beside the date on its line.
static BESIDE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?i:[\W_]|mon|tue|wed|thu|fri|sat|sun|tues|thur|thurs|wednes|satur|day|meeting|minutes|notes|skipped|cancell?ed|no)*$")
        .expect("a constant pattern")
});
static SKIPPED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:(?:this |the )?(?:meeting|session|hour)\s+)?(?:(?:was|is|we)\s+)?(?:skipp(?:ed|ing)|cancell?(?:ed|ing)|postponed|not held|no (?:meeting|session)|did(?: not|n['’]t) (?:meet|happen|take place))\b")
        .expect("a constant pattern")
});
static AGREED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:action items?|actions|follow[- ]?ups?|next steps|to-?dos?)\W*$")
        .expect("a constant pattern")
});
static PRESENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:attendees|attending|participants|present|links)\W*$").expect("a constant pattern")
});
static HEADED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:agenda|topics|notes|discussion|minutes)\W*$").expect("a constant pattern")
});

/// Reads every meeting of a document. Nothing before the first date belongs to one.
pub(super) fn read(layout: &Layout<'_>, lines: &Lines<'_>) -> Minutes {
    let mut minutes = Minutes::default();
    let mut known = HashSet::new();
    let mut days: Vec<Day<'_>> = Vec::new();
    let mut open = false;
    for (at, line) in layout.lines.iter().enumerate() {
        let text = layout.prose.read(line.span.clone());
        known.extend(opening::read(&text, &HashSet::new()).speaker);
        match date_of(&text, line.shape) {
            Some(Ok(date)) => {
                days.push(Day { date, line, lines: at + 1..at + 1, skipped: skips(&text) });
                open = true;
            }
            Some(Err(why)) => minutes.problems.push(Problem {
                code: Code::MalformedRow,
                place: lines.place(line.span.start),
                message: format!("the date `{text}` {why}, so no meeting starts here"),
                hint: Some("write the day as `2021-08-14`".to_owned()),
            }),
            None => {
                if let Some(day) = days.last_mut().filter(|_| open) {
                    open = !ends_meeting(day.line.shape, line.shape);
                    day.lines.end += usize::from(open);
                }
            }
        }
    }
    for day in days {
        let reader = Reader::new(layout, lines, &known, minutes.meetings.len(), &day);
        let (meeting, mut stretches) = reader.read(&day, &layout.lines[day.lines.clone()]);
        minutes.meetings.push(meeting);
        minutes.stretches.append(&mut stretches);
    }
    minutes
}

/// A meeting's lines.
struct Day<'a> {
    date: NaiveDate,
    line: &'a Line,
    lines: Range<usize>,
    skipped: bool,
}

/// The day that a line names, if that is all it does; or why there is no such day.
fn date_of(text: &str, shape: Shape) -> Option<Result<NaiveDate, &'static str>> {
    if text.len() > LONGEST_DATE_LINE || shape == Shape::Continued {
        return None;
    }
    let mut dates = dates::all(text).filter(|written| written.exact == Exact::Day);
    let (written, None) = (dates.next()?, dates.next()) else { return None };
    let (before, after) = (&text[..written.span.start], &text[written.span.end..]);
    let heading = matches!(shape, Shape::Heading(_)) && {
        // A heading may say more (`Platform hour, 2023-12-20`), a version with its date says something else.
        let more = |text: &str| !text.contains(|c: char| c.is_numeric() || c == '[');
        more(before) && more(after)
    };
    let bare = BESIDE.is_match(before) && (BESIDE.is_match(after) || skips(after));
    (bare || heading).then(|| written.date.map(|date| date.earliest()))
}

fn skips(text: &str) -> bool {
    SKIPPED.is_match(text)
        || text.len() <= LONGEST_DATE_LINE
            && dates::leading(text).is_some_and(|written| SKIPPED.is_match(&text[written.span.end..]))
}

/// Whether a line without a date lies outside the meeting that a line of shape `day` opened.
fn ends_meeting(day: Shape, line: Shape) -> bool {
    match (day, line) {
        (Shape::Heading(day), Shape::Heading(level)) => level <= day,
        (Shape::Item { .. }, Shape::Heading(_)) => true,
        (Shape::Item { depth: day, .. }, Shape::Item { depth, .. }) => depth <= day,
        _ => false,
    }
}

/// What a line is in its meeting.
enum Part {
    /// A topic; whether that is an assumption.
    Topic(bool),
    Reply,
    FollowUp,
    /// Nothing that the meeting said.
    Aside,
}

/// What the last heading inside a meeting announced.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    None,
    Topic,
    FollowUps,
    Aside,
}

struct Reader<'a> {
    layout: &'a Layout<'a>,
    lines: &'a Lines<'a>,
    known: &'a HashSet<String>,
    meeting: usize,
    /// The depth of list items that are topics.
    depth: usize,
    /// Whether nesting tells topics from replies.
    nested: bool,
    topics: Vec<Topic>,
    stretches: Vec<Stretch>,
    section: Section,
    /// Whether the last topic opened with an intention.
    bracketed: bool,
}

impl<'a> Reader<'a> {
    fn new(
        layout: &'a Layout<'a>,
        lines: &'a Lines<'a>,
        known: &'a HashSet<String>,
        meeting: usize,
        day: &Day<'_>,
    ) -> Self {
        let depth = if let Shape::Item { depth, .. } = day.line.shape { depth + 1 } else { 1 };
        let is_item = |line: &Line| matches!(line.shape, Shape::Item { .. });
        let nested = layout.lines[day.lines.clone()].iter().any(is_item);
        let (topics, stretches) = (Vec::new(), Vec::new());
        let section = Section::None;
        Self { layout, lines, known, meeting, depth, nested, topics, stretches, section, bracketed: false }
    }

    fn read(mut self, day: &Day<'_>, all: &[Line]) -> (Meeting, Vec<Stretch>) {
        let texts: Vec<String> = all.iter().map(|line| self.layout.prose.read(line.span.clone())).collect();
        let openings: Vec<Opening> = texts.iter().map(|text| opening::read(text, self.known)).collect();
        let skipped = day.skipped || texts.first().is_some_and(|text| SKIPPED.is_match(text));
        let skipped = skipped && openings.iter().all(|opening| opening.intention.is_none());
        let all = if skipped { &[] } else { all };
        let mut joined = false;
        for (nth, line) in all.iter().enumerate() {
            if std::mem::take(&mut joined) {
                continue;
            }
            let (opening, says) = (&openings[nth], &texts[nth][openings[nth].length..]);
            match self.part(line, opening, says, nth == 0) {
                Part::Topic(assumed) => self.topic(line, opening, says, assumed),
                Part::Reply => {
                    let alone = opening.speaker.is_some() && says.is_empty() && line.shape == Shape::Plain;
                    let next = all.get(nth + 1).filter(|_| alone && openings[nth + 1] == Opening::default());
                    joined = next.is_some();
                    let (end, says) = next.map_or((line.span.end, says), |next| (next.span.end, &texts[nth + 1]));
                    self.reply(line.span.start..end, opening.speaker.clone(), says);
                }
                Part::FollowUp => self.follow_up(line, opening, says),
                Part::Aside => {}
            }
        }
        let place = self.lines.place(day.line.span.start);
        (Meeting { date: day.date, place, skipped, topics: self.topics }, self.stretches)
    }

    fn part(&mut self, line: &Line, opening: &Opening, says: &str, first: bool) -> Part {
        let intends = opening.intention.is_some();
        if let Shape::Heading(_) = line.shape {
            return self.heading(says, intends || opening.speaker.is_some());
        }
        if self.section == Section::Aside {
            return Part::Aside;
        }
        if intends && line.shape != Shape::Continued {
            return Part::Topic(false);
        }
        let none = self.topics.is_empty();
        if !none && agreed::mark(says).is_some() {
            return Part::FollowUp;
        }
        let (task, depth) =
            if let Shape::Item { task, depth } = line.shape { (task, Some(depth)) } else { (None, None) };
        let agreed = task.is_some() || depth.is_some() && self.section == Section::FollowUps;
        let alone = line.shape == Shape::Plain && !self.nested && self.section != Section::Topic;
        match (none, alone) {
            (false, _) if agreed => Part::FollowUp,
            _ if self.section != Section::Topic && depth.is_some_and(|depth| depth <= self.depth) => Part::Topic(false),
            (_, true) if first => Part::Topic(false),
            (_, true) if opening.square && !says.is_empty() && self.bracketed => Part::Topic(true),
            (true, _) => Part::Aside,
            (false, _) if opening.speaker.is_none() && agreed::is_promise(says, self.known) => Part::FollowUp,
            (false, _) => Part::Reply,
        }
    }

    /// A heading inside a meeting either names a part of its agenda or a topic.
    fn heading(&mut self, says: &str, opens: bool) -> Part {
        let part = if AGREED.is_match(says) {
            Section::FollowUps
        } else if PRESENT.is_match(says) {
            Section::Aside
        } else if HEADED.is_match(says) {
            Section::None
        } else {
            Section::Topic
        };
        self.section = part;
        if part == Section::Topic { Part::Topic(!opens) } else { Part::Aside }
    }

    fn own(&mut self, within: Within, span: Range<usize>) {
        let topic = self.topics.len().saturating_sub(1);
        let owner = Owner::Topic { meeting: self.meeting, topic };
        self.stretches.push(Stretch { within, owner, span, role: None });
    }

    fn topic(&mut self, line: &Line, opening: &Opening, says: &str, assumed: bool) {
        self.bracketed = opening.intention.is_some() || assumed && self.bracketed;
        self.topics.push(Topic {
            intention: opening.intention.clone(),
            speaker: opening.speaker.clone(),
            text: says.to_owned(),
            place: self.lines.place(line.span.start),
            assumed,
            replies: Vec::new(),
            follow_ups: Vec::new(),
            tickets: Vec::new(),
            links: Vec::new(),
        });
        self.own(Within::Topic, line.span.clone());
    }

    fn reply(&mut self, span: Range<usize>, speaker: Option<String>, says: &str) {
        let place = self.lines.place(span.start);
        if let Some(topic) = self.topics.last_mut() {
            topic.replies.push(Reply { speaker, text: says.to_owned(), place });
            self.own(Within::Reply, span);
        }
    }

    fn follow_up(&mut self, line: &Line, opening: &Opening, says: &str) {
        let place = self.lines.place(line.span.start);
        let mark = agreed::mark(says);
        let says = &says[mark.unwrap_or(0)..];
        let boxed = matches!(line.shape, Shape::Item { task: Some(_), .. });
        let named = agreed::owner(says).filter(|owner| owner.owns(mark.is_some(), boxed, self.known));
        let mention = says.strip_prefix('@').and_then(|rest| rest.split_once(|c: char| c == ':' || c.is_whitespace()));
        let (owner, text) = match (named, &opening.speaker, mention) {
            (Some(named), _, _) => (Some(named.name.to_owned()), &says[named.length..]),
            (None, None, Some((handle, rest))) if !handle.is_empty() => {
                (Some(handle.to_owned()), rest.trim_start_matches([':', ' ']))
            }
            (_, speaker, _) => (speaker.clone(), says),
        };
        if let Some(topic) = self.topics.last_mut() {
            let ticked = matches!(line.shape, Shape::Item { task: Some(true), .. });
            let next = self.layout.links.partition_point(|link| link.span.start < line.span.start);
            let leads = self.layout.links.get(next).is_some_and(|link| link.span.start < line.span.end);
            topic.follow_ups.push(FollowUp {
                owner,
                done: ticked || agreed::is_done(text),
                linked: text.contains("://") || leads,
                text: text.to_owned(),
                place,
                tickets: Vec::new(),
            });
            self.own(Within::FollowUp, line.span.clone());
        }
    }
}
