//! What to look at first among all challenges, and why: the register exists to prioritise investment.
//!
//! Broken promises come first, cleared challenges last. Within each of these groups the score decides: how much it
//! hurts (occurrences, or anecdotes where there are more), raised by up to half again when it was met lately, by a tenth
//! for each further team that it happened to, up to half again, and doubled when the breach is five years old, and weighed by the standing: a challenge that nobody promised to fix
//! goes before one whose fix is on its way. A date that is not known neither raises nor lowers.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::domain::challenge::{Anecdote, Challenge};
use crate::domain::judged::JudgedChallenge;
use crate::domain::owner::Owner;
use crate::domain::place::Place;
use crate::domain::verdict::Standing;

use super::rows::Row;
use super::standing::Stood;
use super::words;

/// A challenge with what its rank depends on.
#[derive(Debug, Clone)]
pub(super) struct Rated {
    judged: JudgedChallenge,
    score: f64,
    last: Option<NaiveDate>,
    place: Place,
}

/// Rates one; `until` says what is waited for before something is told of it.
pub(super) fn rate(
    row: &Row<'_>,
    stood: &Stood,
    (owners, themes): (Vec<Owner>, Vec<String>),
    until: Option<&String>,
    today: NaiveDate,
) -> Rated {
    let because = match until {
        Some(until) => format!("{}; {until}", because(row, stood)),
        None => because(row, stood),
    };
    let id = row.challenge.id.clone();
    let standing = stood.standing;
    Rated {
        judged: JudgedChallenge {
            document: row.document,
            challenge: row.index,
            id,
            standing,
            priority: 0,
            because,
            broken_on: stood.since,
            owners,
            themes,
        },
        score: score(row.challenge, stood, today),
        last: last_met(row.challenge).map(latest),
        place: row.challenge.place.clone(),
    }
}

/// Gives each its place among all, from 1: what to look at first. Their order stays.
pub(super) fn rank(rated: Vec<Rated>) -> Vec<JudgedChallenge> {
    let mut order: Vec<usize> = (0..rated.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&rated[a], &rated[b]);
        group(a.judged.standing)
            .cmp(&group(b.judged.standing))
            .then_with(|| b.score.total_cmp(&a.score))
            .then_with(|| b.last.cmp(&a.last))
            .then_with(|| a.place.cmp(&b.place))
            .then_with(|| a.judged.id.cmp(&b.judged.id))
    });
    let mut judged: Vec<JudgedChallenge> = rated.into_iter().map(|rated| rated.judged).collect();
    for (rank, at) in order.into_iter().enumerate() {
        judged[at].priority = rank + 1;
    }
    judged
}

fn group(standing: Standing) -> u8 {
    match standing {
        Standing::BrokenPromise => 0,
        Standing::NoRemedy | Standing::Unknown | Standing::Promised => 1,
        Standing::Cleared => 2,
    }
}

fn score(challenge: &Challenge, stood: &Stood, today: NaiveDate) -> f64 {
    let weight = match stood.standing {
        Standing::BrokenPromise => 2.0 * stood.confidence,
        Standing::NoRemedy => 2.0,
        Standing::Unknown => 1.5,
        Standing::Promised | Standing::Cleared => 1.0,
    };
    let lately = last_met(challenge).map_or(0.25, |anecdote| 0.5 / (1.0 + years(latest(anecdote), today)));
    let age = stood.since.map_or(0.0, |since| years(since, today).min(5.0) / 5.0);
    let spread = 0.1 * f64::from(u32::try_from(teams(challenge).saturating_sub(1).min(5)).unwrap_or(5));
    weight * pain(challenge) * (1.0 + lately) * (1.0 + spread) * (1.0 + age)
}

/// How often it was met: as the register counts, or by its anecdotes where there are more; at least once.
pub(super) fn pain(challenge: &Challenge) -> f64 {
    f64::from(u32::try_from(met(challenge).max(1)).unwrap_or(u32::MAX))
}

fn met(challenge: &Challenge) -> usize {
    let counted = challenge.occurrences.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    counted.max(challenge.anecdotes.len())
}

/// How many teams it happened to, as far as they are named.
fn teams(challenge: &Challenge) -> usize {
    let named = challenge.anecdotes.iter().flat_map(|anecdote| &anecdote.teams);
    named.map(|name| name.to_lowercase()).collect::<BTreeSet<_>>().len()
}

/// The time between two days in years; 0 when it runs backwards.
pub(super) fn years(from: NaiveDate, to: NaiveDate) -> f64 {
    let days = i32::try_from((to - from).num_days()).unwrap_or(i32::MAX).max(0);
    f64::from(days) / 365.25
}

fn last_met(challenge: &Challenge) -> Option<&Anecdote> {
    challenge.anecdotes.iter().filter(|anecdote| anecdote.date.is_some()).max_by_key(|anecdote| latest(anecdote))
}

fn latest(anecdote: &Anecdote) -> NaiveDate {
    anecdote.date.map_or(NaiveDate::MIN, |date| date.latest())
}

/// `OPS-7 was closed as Won't Do on 4 May 2021 without the work; met 3 times, last in August 2021`
fn because(row: &Row<'_>, stood: &Stood) -> String {
    let mut because = stood.why.clone();
    let met = met(row.challenge);
    if met > 0 {
        because.push_str(&format!("; met {}", words::times(met)));
        let teams = teams(row.challenge);
        if teams > 1 {
            because.push_str(&format!(" by {teams} teams"));
        }
        if let Some((anecdote, date)) = last_met(row.challenge).and_then(|a| Some((a, a.date?))) {
            let last = if met > 1 { ", last" } else { "" };
            because.push_str(&format!("{last} {}", words::when(date, anecdote.approximate)));
        }
    }
    because
}
