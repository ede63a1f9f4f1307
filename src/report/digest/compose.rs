//! What a digest tells: the difference between what it was about when it was told last, and what it is about now.
//!
//! 1. Whatever stays as it was is not told again, however often it went away and came back in between.
//! 2. What was accepted or put off meanwhile is told as cleared: it needs nobody.
//! 3. A challenge is told of once, by what matters most of all that happened to it.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;

use crate::domain::digest::{Acceptance, Edition, Item, Mentions, News, Picture, Problem, Scope, Subject, Told, View};
use crate::domain::register::Turn;
use crate::domain::series;
use crate::domain::time::Moment;
use crate::domain::verdict::Standing;
use crate::domain::waiver::{NOTICE, Origin, Waiver};

/// How far back a digest looks that was never told.
const FIRST: TimeDelta = TimeDelta::days(7);

/// After so long without a word there is a sign of life; less than four weeks by more than clocks are ever set.
const SILENCE: TimeDelta = TimeDelta::days(27);

/// What a digest is called and how it looks at things.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// Its name.
    pub name: &'a str,
    /// Of which part of everything it tells.
    pub scope: &'a Scope,
    /// Where its days begin.
    pub zone: Tz,
    /// Where the rest is to be seen.
    pub home: Option<&'a str>,
    /// How owners are addressed.
    pub mentions: &'a Mentions,
}

/// What is to be told now; whether that is worth a message, [`is_due`] says.
pub fn compose(desk: &Desk<'_>, told: &Told, view: &View, now: Moment) -> Edition {
    let since = told.at.unwrap_or(now - FIRST);
    let news = match &told.picture {
        Some((scope, before)) if scope == desk.scope => {
            // To whom everything is told nothing comes from elsewhere.
            let all = scope.is_whole() && scope.sources.is_none();
            difference(before, view, before.passed_at.filter(|_| !all))
        }
        // Another scope is another digest: what it leaves out now is not cleared, and what it adds is not all new.
        _ => difference(&view.picture.clone().as_of(since), view, None),
    };
    let stands = |subject: &&Subject| subject.standing == Some(Standing::BrokenPromise);
    Edition {
        digest: desk.name.to_owned(),
        scope: desk.scope.clone(),
        since,
        at: now,
        zone: desk.zone,
        passed_at: view.passed_at,
        silent: view.silent.clone(),
        broken: view.picture.subjects.values().filter(stands).count(),
        items: news,
        home: desk.home.map(str::to_owned),
        mentions: desk.mentions.clone(),
    }
}

/// Whether an edition is sent: with news always, without only when nobody has heard of the digest for four weeks.
pub fn is_due(edition: &Edition, told: &Told) -> bool {
    !edition.items.is_empty() || told.spoke_at.is_none_or(|spoke| edition.at - spoke >= SILENCE || spoke > edition.at)
}

/// Marks what was accepted for a time that ends soon. `today` is the day in UTC, as for waivers themselves.
pub fn mark_ending(picture: &mut Picture, waivers: &[Waiver], today: NaiveDate) {
    for (id, subject) in &mut picture.subjects {
        for problem in subject.problems.values_mut().filter(|problem| !problem.stands()) {
            // One that holds for longer covers for those that end.
            let last = waivers.iter().filter(|waiver| is_about(waiver, id, problem)).map(|waiver| waiver.until).max();
            if let Some(until) = last.filter(|until| *until >= today && *until - today < NOTICE) {
                problem.accepted = match problem.accepted {
                    Acceptance::Snoozed | Acceptance::Waking(_) => Acceptance::Waking(until),
                    _ => Acceptance::Ending(until),
                };
            }
        }
    }
}

/// Whether a waiver accepts this problem. What an author wrote for a line of a document is matched by its place, which is
/// not known here.
fn is_about(waiver: &Waiver, challenge: &str, problem: &Problem) -> bool {
    let of_a_line = matches!(waiver.from, Origin::Document { .. }) && waiver.challenge.is_none();
    waiver.code == problem.code
        && !of_a_line
        && waiver.ticket.as_ref().is_none_or(|ticket| problem.ticket.as_ref() == Some(ticket))
        && waiver.challenge.as_ref().is_none_or(|id| id.0 == challenge)
}

/// All that happened between two pictures; what matters first comes first. What is there since before `read` was in the
/// registers at the time of the earlier one, whoever's it was.
fn difference(before: &Picture, view: &View, read: Option<Moment>) -> Vec<Item> {
    let now = &view.picture;
    // What is another's by now, whoever it was told of before, is neither over nor gone.
    let own = before.subjects.keys().filter(|id| !view.others.contains(*id));
    let all: BTreeSet<&String> = own.chain(now.subjects.keys()).collect();
    let mut items: Vec<(usize, &String, Item)> = all
        .into_iter()
        .filter_map(|id| {
            let (was, is) = (before.subjects.get(id), now.subjects.get(id));
            let turn = turned((was, is), view.turns.get(id), |other| {
                now.subjects.get(other).or_else(|| before.subjects.get(other))?.title.clone()
            });
            let item = happened(id, was, is, read, turn)?;
            Some((is.or(was)?.priority.unwrap_or(usize::MAX), id, item))
        })
        .collect();
    items.sort_by(|(rank, id, item), (rank2, id2, item2)| (item.what, rank, id).cmp(&(item2.what, rank2, id2)));
    items.into_iter().map(|(_, _, item)| item).collect()
}

/// What the register did with a challenge that came, went or has another title now; `title` is that of another challenge.
fn turned(
    (was, is): (Option<&Subject>, Option<&Subject>),
    noted: Option<&(Turn, String)>,
    title: impl Fn(&str) -> Option<String>,
) -> Option<(Turn, Option<String>)> {
    let came_or_went = |wanted: &[Turn]| {
        let (turn, other) = noted.filter(|(turn, _)| wanted.contains(turn))?;
        Some((*turn, title(other)))
    };
    match (was, is) {
        (None, Some(_)) => came_or_went(&[Turn::SplitFrom, Turn::CarriedOver]),
        (Some(_), None) => came_or_went(&[Turn::MergedInto]),
        (Some(was), Some(is)) => {
            let (before, now) = (was.title.as_ref()?, is.title.as_ref()?);
            (series::plain(before) != series::plain(now)).then(|| (Turn::Retitled, Some(before.clone())))
        }
        (None, None) => None,
    }
}

/// What happened to one subject, if anything did.
fn happened(
    id: &str,
    was: Option<&Subject>,
    is: Option<&Subject>,
    read: Option<Moment>,
    turn: Option<(Turn, Option<String>)>,
) -> Option<Item> {
    let shown = is.or(was)?;
    let came = pick(is, |print, problem| problem.stands() && !stands_in(was, print));
    let went = pick(was, |print, problem| problem.stands() && !stands_in(is, print));
    let ending = pick(is, |print, problem| problem.is_ending() && !find(was, print).is_some_and(Problem::is_ending));
    let already = was.is_some_and(|was| was.problems.values().any(Problem::stands));
    let (stood, standing) = (was.and_then(|was| was.standing), is.and_then(|is| is.standing));
    let moved = stood.zip(standing).and_then(|(stood, standing)| Some(grade(standing)?.cmp(&grade(stood)?)));
    let cleared = standing == Some(Standing::Cleared) && moved == Some(Ordering::Less);
    let (what, problems) = match (was, is) {
        // What left the register needs nobody to look at it.
        (Some(_), None) if shown.title.is_some() => (News::Removed, Vec::new()),
        // Where it stands better than before, nothing got worse, whatever came with that.
        _ if !came.is_empty() && already && moved != Some(Ordering::Less) => (News::Worse, came),
        _ if !came.is_empty() => (News::New, came),
        _ if moved == Some(Ordering::Greater) => (News::Worse, Vec::new()),
        _ if !went.is_empty() || cleared => {
            // As it is now, where it is accepted.
            let now = went.into_iter().map(|(print, problem)| (print, find(is, print).unwrap_or(problem)));
            (News::Cleared, now.collect())
        }
        _ if !ending.is_empty() => (News::Waking, ending),
        // One that was another's is no news of the register.
        (None, Some(is)) if is.title.is_some() && read.is_none_or(|read| is.since >= read) => (News::Added, Vec::new()),
        (Some(_), Some(_)) if turn.is_some() => (News::Renamed, Vec::new()),
        _ => return None,
    };
    // What is over, and what is only told, asks nothing of anybody.
    let calls = matches!(what, News::New | News::Worse | News::Waking);
    Some(Item {
        owners: if calls { shown.owners.clone() } else { Vec::new() },
        what,
        turn,
        challenge: shown.title.is_some().then(|| id.to_owned()),
        title: shown.title.clone(),
        standing,
        problems: problems.into_iter().map(|(_, problem)| problem.clone()).collect(),
        stood: stood.filter(|stood| standing.is_some_and(|standing| standing != *stood)),
    })
}

/// The problems of a subject that are wanted, each with its fingerprint.
fn pick(of: Option<&Subject>, wanted: impl Fn(&str, &Problem) -> bool) -> Vec<(&str, &Problem)> {
    let all = of.into_iter().flat_map(|subject| &subject.problems);
    all.filter(|(print, problem)| wanted(print, problem)).map(|(print, problem)| (print.as_str(), problem)).collect()
}

fn find<'s>(of: Option<&'s Subject>, print: &str) -> Option<&'s Problem> {
    of?.problems.get(print)
}

fn stands_in(of: Option<&Subject>, print: &str) -> bool {
    find(of, print).is_some_and(Problem::stands)
}

/// How bad it is to stand there; of the unknown nobody can tell.
fn grade(standing: Standing) -> Option<u8> {
    match standing {
        Standing::Cleared => Some(0),
        Standing::Promised => Some(1),
        Standing::NoRemedy => Some(2),
        Standing::BrokenPromise => Some(3),
        Standing::Unknown => None,
    }
}
