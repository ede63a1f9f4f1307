//! What judging again would change: verdicts and standings against those that are remembered.

use std::fmt::Write;

use serde::Serialize;

use crate::domain::challenge::{Challenge, ChallengeId};
use crate::domain::judged::{Judged, JudgedChallenge, LastJudged};
use crate::domain::known::Known;
use crate::domain::place::Place;
use crate::domain::ticket::TicketId;
use crate::domain::verdict::{Standing, Verdict};

use super::json::{SCHEMA, write};
use super::{Rows, escape, words};

/// A verdict that would change. One that only gets surer or less sure does not.
#[derive(Serialize)]
struct TicketDiff<'a> {
    id: &'a TicketId,
    /// Absent where it was never judged.
    before: Option<Verdict>,
    before_confidence: Option<f64>,
    after: Verdict,
    after_confidence: f64,
    /// The strongest reason for the verdict of now.
    because: Option<&'a str>,
    source: Option<&'a str>,
}

/// A standing that would change.
#[derive(Serialize)]
struct ChallengeDiff<'a> {
    id: &'a ChallengeId,
    title: &'a str,
    place: &'a Place,
    before: Option<Standing>,
    after: Standing,
    because: &'a str,
}

/// What would change, and how much was judged.
#[derive(Serialize)]
struct Diff<'a> {
    schema: u32,
    judged: Totals,
    tickets: Vec<TicketDiff<'a>>,
    challenges: Vec<ChallengeDiff<'a>>,
}

#[derive(Serialize)]
struct Totals {
    tickets: usize,
    challenges: usize,
}

impl<'a> Diff<'a> {
    fn new(before: &LastJudged, known: &'a Known, judged: &'a Judged) -> Self {
        let tickets = judged.tickets.iter().filter_map(|(id, now)| {
            let was = before.verdicts.get(id).copied();
            let because = now.evidence.first();
            (was.map(|(verdict, _)| verdict) != Some(now.verdict)).then(|| TicketDiff {
                id,
                before: was.map(|(verdict, _)| verdict),
                before_confidence: was.map(|(_, confidence)| confidence),
                after: now.verdict,
                after_confidence: now.confidence,
                because: because.map(|evidence| evidence.says.as_str()),
                source: because.and_then(|evidence| evidence.source.as_deref()),
            })
        });
        let challenges = judged.challenges.iter().filter_map(|now| {
            let challenge = challenge(known, now)?;
            let was = before.standings.get(&now.id).copied();
            (was != Some(now.standing)).then(|| ChallengeDiff {
                id: &now.id,
                title: &challenge.title,
                place: &challenge.place,
                before: was,
                after: now.standing,
                because: &now.because,
            })
        });
        Self {
            schema: SCHEMA,
            judged: Totals { tickets: judged.tickets.len(), challenges: judged.challenges.len() },
            tickets: tickets.collect(),
            challenges: challenges.collect(),
        }
    }
}

fn challenge<'a>(known: &'a Known, judged: &JudgedChallenge) -> Option<&'a Challenge> {
    known.documents.get(judged.document)?.challenges.get(judged.challenge)
}

/// What would change, as one JSON object.
pub fn diff_json(before: &LastJudged, known: &Known, judged: &Judged) -> String {
    write(&Diff::new(before, known, judged))
}

/// What would change, a line for each verdict and each standing, and the totals last.
pub fn diff_text(before: &LastJudged, known: &Known, judged: &Judged) -> String {
    let diff = Diff::new(before, known, judged);
    let rows = Rows::of(known);
    let mut text = String::new();
    for TicketDiff { id, before, after, after_confidence, because, source, .. } in &diff.tickets {
        let was = before.map_or("never judged", Verdict::word);
        let because = because.map(|says| format!(": {}", escape::plain(says, escape::SENTENCE))).unwrap_or_default();
        let source = source.map(|source| escape::plain(&rows.source(source), escape::SENTENCE));
        let source = source.map(|source| format!(" ({source})")).unwrap_or_default();
        let now = words::verdict(*after, *after_confidence);
        let _ = writeln!(text, "{id}: {was} → {now}{because}{source}");
    }
    for ChallengeDiff { title, place, before, after, because, .. } in &diff.challenges {
        let was = before.map_or("never judged", words::standing);
        let because = escape::plain(because, escape::SENTENCE);
        let place = words::place(place);
        let _ = writeln!(text, "{place}: {}: {was} → {}: {because}", escape::title(title), words::standing(*after));
    }
    let all = |n: usize, of: usize, one: &str| format!("{n} of {}", words::count(of, one));
    let (tickets, challenges) = (diff.tickets.len(), diff.challenges.len());
    let _ = writeln!(
        text,
        "{} and {} would change.",
        all(tickets, diff.judged.tickets, "verdict"),
        all(challenges, diff.judged.challenges, "standing")
    );
    text
}
