//! A digest as it reads in every format: a heading, at most seven entries, what there is to know beside them, a link.
//!
//! Everything that others wrote is one harmless line already; each format still sees to it that nothing in it becomes
//! markup there.

use std::collections::BTreeSet;

use chrono::Timelike;
use chrono_tz::Tz;
use url::Url;

use crate::domain::digest::{Acceptance, Edition, Item, News, Problem, bare};
use crate::domain::register::Turn;
use crate::domain::time::Moment;
use crate::domain::verdict::Standing;
use crate::report::escape::{self, NAME};
use crate::report::words;

/// So many things are told; for the rest there is a link.
const MOST: usize = 7;

/// So many problems of one thing are told.
const PROBLEMS: usize = 3;

/// A digest, laid out.
pub(super) struct Layout {
    /// `payments: 2 new, 1 cleared`
    pub(super) heading: String,
    /// What is told, by what happened.
    pub(super) sections: Vec<Section>,
    /// How many more things there are; nothing where there are none.
    pub(super) more: Option<String>,
    /// From when to when it tells, how well that is known, what stands all the same.
    pub(super) notes: Vec<String>,
    /// Where everything is to be seen.
    pub(super) link: Option<String>,
}

/// What happened, and to what.
pub(super) struct Section {
    pub(super) label: &'static str,
    pub(super) entries: Vec<Entry>,
}

/// One thing that is told.
pub(super) struct Entry {
    /// A challenge's title, or what else it is about.
    pub(super) title: String,
    pub(super) link: Option<String>,
    /// What is to be said of it.
    pub(super) lines: Vec<String>,
    /// Whose it is.
    pub(super) owners: Vec<Owner>,
}

/// Somebody whose it is.
pub(super) struct Owner {
    pub(super) name: String,
    /// What the channel knows them by, where they are to be addressed: once in a message.
    pub(super) mention: Option<String>,
}

impl Layout {
    pub(super) fn of(edition: &Edition) -> Self {
        let home = edition.home.as_deref();
        let mut sections: Vec<Section> = Vec::new();
        let mut addressed = BTreeSet::new();
        for item in edition.items.iter().take(MOST) {
            let label = label(item.what);
            if sections.last().is_none_or(|section| section.label != label) {
                sections.push(Section { label, entries: Vec::new() });
            }
            if let Some(section) = sections.last_mut() {
                let mut entry = Entry::of(item, home);
                entry.owners = item.owners.iter().map(|name| owner(name, edition, &mut addressed)).collect();
                section.entries.push(entry);
            }
        }
        let left = edition.items.len().saturating_sub(MOST);
        Self {
            heading: heading(edition),
            sections,
            more: (left > 0).then(|| format!("and {left} more")),
            notes: notes(edition),
            link: everything(edition),
        }
    }
}

/// The list of what the digest looks at, where that is one team's or one category's: a team owns what its own anecdotes tell
/// of, unless the configuration gives it to another.
fn everything(edition: &Edition) -> Option<String> {
    let mut url = Url::parse(edition.home.as_deref()?).ok()?;
    url.path_segments_mut().ok()?.pop_if_empty().push("");
    if let ([one], []) | ([], [one]) = (edition.scope.teams.as_slice(), edition.scope.categories.as_slice()) {
        let filter = if edition.scope.teams.is_empty() { "category" } else { "owner" };
        url.path_segments_mut().ok()?.pop_if_empty().push("challenges");
        url.query_pairs_mut().append_pair(filter, one);
    }
    escape::link(url.as_str())
}

impl Entry {
    fn of(item: &Item, home: Option<&str>) -> Self {
        let named = item.title.is_some();
        let told = item.problems.iter().take(PROBLEMS);
        let mut lines: Vec<String> = told.map(|one| problem(item.what, one, named)).collect();
        if item.problems.len() > PROBLEMS {
            lines.push(format!("and {} more", item.problems.len() - PROBLEMS));
        }
        lines.extend(item.turn.as_ref().and_then(|(turn, other)| turned(*turn, other.as_deref())));
        if let (Some(stood), Some(stands)) = (item.stood, item.standing) {
            lines.push(format!("was {}, is {} now", standing(stood), standing(stands)));
        }
        let title = match (&item.title, item.problems.first().and_then(|problem| problem.ticket.as_ref())) {
            (Some(title), _) => escape::title(title),
            (None, Some(ticket)) => escape::plain(&ticket.key().to_string(), NAME),
            (None, None) => "In the documents".to_owned(),
        };
        Self { title, link: link(item, home), lines, owners: Vec::new() }
    }

    /// Whose it is, in a line.
    pub(super) fn owned(&self) -> Option<String> {
        let names: Vec<&str> = self.owners.iter().map(|owner| owner.name.as_str()).collect();
        (!names.is_empty()).then(|| format!("{}{}", self.owners_are(), names.join(", ")))
    }

    /// How that line begins.
    pub(super) fn owners_are(&self) -> &'static str {
        if self.owners.len() == 1 { "Owner: " } else { "Owners: " }
    }
}

/// An owner, addressed where they were not before.
fn owner(name: &str, edition: &Edition, addressed: &mut BTreeSet<String>) -> Owner {
    let mention = edition.mentions.get(&bare(name)).filter(|mention| addressed.insert((*mention).clone()));
    Owner { name: escape::plain(name, NAME), mention: mention.cloned() }
}

/// The challenge's own page.
fn link(item: &Item, home: Option<&str>) -> Option<String> {
    let mut url = Url::parse(home?).ok()?;
    url.path_segments_mut().ok()?.pop_if_empty().push("challenges").push(item.challenge.as_deref()?);
    escape::link(url.as_str())
}

/// The heading: what there is, in numbers.
fn heading(edition: &Edition) -> String {
    let name = escape::plain(&edition.digest, NAME);
    let numbers = News::ALL.into_iter().filter_map(|what| {
        let number = edition.items.iter().filter(|item| item.what == what).count();
        (number > 0).then(|| format!("{number} {}", tally(what)))
    });
    let numbers: Vec<String> = numbers.collect();
    if numbers.is_empty() { format!("{name}: nothing new") } else { format!("{name}: {}", numbers.join(", ")) }
}

fn label(what: News) -> &'static str {
    match what {
        News::New => "New",
        News::Worse => "Worse",
        News::Cleared => "Cleared",
        News::Waking => "About to wake",
        News::Added => "New in the register",
        News::Renamed => "Renamed in the register",
        News::Removed => "Gone from the register",
    }
}

fn tally(what: News) -> &'static str {
    match what {
        News::New => "new",
        News::Worse => "worse",
        News::Cleared => "cleared",
        News::Waking => "about to wake",
        News::Added => "added",
        News::Renamed => "renamed",
        News::Removed => "removed",
    }
}

/// A problem in a line, `named` by its ticket's key where it is not the heading. Nothing that a tracker, a note or a person
/// said is quoted.
fn problem(what: News, problem: &Problem, named: bool) -> String {
    let says = problem.code.says();
    let ticket = problem.ticket.as_ref().filter(|_| named);
    let ticket =
        ticket.map(|ticket| format!("{}: ", escape::plain(&ticket.key().to_string(), NAME))).unwrap_or_default();
    match (what, problem.accepted) {
        (News::Cleared, Acceptance::Not) => format!("{ticket}no longer so: {says}"),
        (_, Acceptance::Not) => format!("{ticket}{says}"),
        (_, Acceptance::Accepted) => format!("{ticket}accepted: {says}"),
        (_, Acceptance::Ending(until)) => format!("{ticket}accepted until {}: {says}", words::day(until)),
        (_, Acceptance::Snoozed) => format!("{ticket}put off: {says}"),
        (_, Acceptance::Waking(until)) => format!("{ticket}put off until {}: {says}", words::day(until)),
    }
}

/// What the register did with a challenge, in a line. The title of one that is no part of the digest is not told.
fn turned(turn: Turn, other: Option<&str>) -> Option<String> {
    let other = other.map_or_else(|| "another challenge".to_owned(), |title| format!("“{}”", escape::title(title)));
    Some(match turn {
        Turn::Retitled => format!("was called {other} before"),
        Turn::SplitFrom => format!("split off from {other}"),
        Turn::MergedInto => format!("merged into {other}"),
        Turn::CarriedOver => format!("carried over from {other}"),
        _ => return None,
    })
}

/// `a broken promise`, as the end of a sentence.
fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::BrokenPromise => "a broken promise",
        Standing::NoRemedy => "without a remedy",
        other => words::standing(other),
    }
}

fn notes(edition: &Edition) -> Vec<String> {
    let day = |at: Moment| words::day(at.with_timezone(&edition.zone).date_naive());
    let mut notes = Vec::new();
    let since = day(edition.since);
    let stand = match edition.broken {
        0 => "No promise is broken now.".to_owned(),
        1 => "1 broken promise stands.".to_owned(),
        n => format!("{n} broken promises stand."),
    };
    notes.push(if edition.items.is_empty() {
        format!("Nothing has changed since {since}. {stand} This is the monthly sign of life.")
    } else {
        format!("What changed since {since}. {stand}")
    });
    notes.push(match edition.passed_at {
        Some(at) => format!("As of {}.", minute(at, edition.zone)),
        None => "There was no pass yet.".to_owned(),
    });
    for (tracker, answered) in &edition.silent {
        let tracker = escape::plain(tracker, NAME);
        notes.push(match answered {
            Some(at) => {
                format!(
                    "{tracker} could not be asked for everything; it last answered on {}.",
                    minute(*at, edition.zone)
                )
            }
            None => format!("{tracker} could not be asked yet."),
        });
    }
    notes
}

/// `21 November 2026, 08:14 (Europe/Berlin)`
fn minute(at: Moment, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    format!("{}, {:02}:{:02} ({})", words::day(local.date_naive()), local.hour(), local.minute(), zone.name())
}

/// Where an issue or a mail stands in time: its day, for subjects and footers.
pub(super) fn day(edition: &Edition) -> String {
    words::day(edition.at.with_timezone(&edition.zone).date_naive())
}
