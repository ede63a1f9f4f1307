//! Findings on promises: what became of the remedies of challenges, and of those that meetings agreed on.
//!
//! At most one of the five closings' codes for one challenge and ticket, the gravest; the other reasons become its
//! evidence. Tickets that are only mentioned get none.

use chrono::NaiveDate;

use crate::domain::challenge::{Challenge, ChallengeId};
use crate::domain::finding::Code;
use crate::domain::reference::Role;
use crate::domain::verdict::{Evidence, Side, Standing, Verdict};

use super::{Draft, Scene, identity};
use crate::judge::grace;
use crate::judge::notes::Claim;
use crate::judge::priority;
use crate::judge::rules::{decision, recurrence, register_note};
use crate::judge::shares;
use crate::judge::standing::{self, Fate};
use crate::judge::words;

/// What is to be said of remedies, and what is not told yet, with what it waits for.
pub(super) fn findings(scene: &Scene<'_>) -> (Vec<Draft>, Vec<(Draft, String)>) {
    let rows: Vec<_> = scene.rows.iter().zip(scene.fates).zip(scene.stood).collect();
    let of_rows = shares::each(&rows, |((row, fates), stood)| {
        // While another remedy is on its way, a broken one is less urgent.
        let urgency = if stood.standing == Standing::Promised { 0.5 } else { 1.0 };
        let mut found = Found::default();
        for fate in *fates {
            let weight = urgency * weight(scene, row.challenge, fate);
            on_remedy(scene, (Some(&row.challenge.id), weight), fate, &mut found);
        }
        found
    });
    let mut all = Found::default();
    for found in of_rows {
        all.told.extend(found.told);
        all.waiting.extend(found.waiting);
    }
    for fate in scene.follow_ups {
        on_remedy(scene, (None, 0.0), fate, &mut all);
    }
    (all.told, all.waiting)
}

#[derive(Default)]
struct Found {
    told: Vec<Draft>,
    waiting: Vec<(Draft, String)>,
}

/// Confidence × age × how often it was met.
fn weight(scene: &Scene<'_>, challenge: &Challenge, fate: &Fate<'_>) -> f64 {
    let today = scene.dates.today();
    let facts = fate.facts();
    let since: Option<NaiveDate> =
        fate.closed_on().or_else(|| facts.and_then(|f| f.updated_at).map(|at| at.date_naive()));
    let age = since.map_or(0.0, |since| priority::years(since, today));
    fate.judgement.confidence * (1.0 + age) * priority::pain(challenge)
}

fn on_remedy(scene: &Scene<'_>, of: (Option<&ChallengeId>, f64), fate: &Fate<'_>, found: &mut Found) {
    let mut flagged = closing(fate);
    if let Some(draft) = &flagged
        && let Some(waits) = grace::waits(fate, draft.code, scene.policy, scene.dates)
    {
        found.waiting.extend(flagged.take().map(|draft| (of_remedy(draft, of, fate), waits)));
    }
    let drafts = [flagged, outdated_note(fate), stale(scene, fate)].into_iter().flatten();
    found.told.extend(drafts.map(|draft| of_remedy(draft, of, fate)));
}

fn of_remedy(draft: Draft, (challenge, weight): (Option<&ChallengeId>, f64), fate: &Fate<'_>) -> Draft {
    Draft {
        weight,
        challenge: challenge.cloned(),
        ticket: Some(fate.ticket().clone()),
        role: Some(Role::Remedy),
        place: draft.place.or_else(|| Some(fate.cited.place.clone())),
        rests_on: fate.known.and_then(|known| known.good_at),
        identity: identity(challenge, Some(fate.ticket())),
        ..draft
    }
}

/// The gravest thing to say of a closed remedy.
fn closing(fate: &Fate<'_>) -> Option<Draft> {
    // What took its place by the register's word is flagged in its stead.
    if fate.heir.is_some() {
        return None;
    }
    let key = fate.ticket().key();
    let closed = standing::was_closed(fate);
    let (code, message, hint) = match fate.judgement.verdict {
        Verdict::Undone if fate.claims(Claim::Reverted) => (
            Code::Reverted,
            standing::without_the_work(fate),
            format!("reopen {key}, or link the ticket that brings the work back"),
        ),
        Verdict::Undone => (Code::ClosedUndone, standing::without_the_work(fate), undone_hint(fate)),
        Verdict::Done | Verdict::Unverified if !fate.no_help.is_empty() => (
            Code::RemedyDidNotHelp,
            format!("{closed}, and did not help: {}", fate.no_help[0].says),
            "link the ticket that is to solve it".to_owned(),
        ),
        Verdict::Done | Verdict::Unverified if !fate.came_back.is_empty() => (
            Code::RecurredAfterClose,
            format!("{closed}, and {}", returned(fate)),
            format!("reopen {key}, or link the ticket that deals with what came back"),
        ),
        Verdict::Unverified => (
            Code::ClosedUnverified,
            format!("{closed}, and nothing shows that the work was done"),
            format!("say in a note beside {key} whether its work was done, or give it a resolution that tells"),
        ),
        Verdict::Done | Verdict::Open | Verdict::Missing | Verdict::Unknown => return None,
    };
    let mut evidence = why(fate);
    evidence.extend(fate.came_back.iter().map(|back| back.evidence.clone()));
    Some(Draft { hint: Some(hint), evidence, ..Draft::about(code, String::new(), message) })
}

/// The strongest evidence of the verdict: more than a person reads would only be carried around.
fn why(fate: &Fate<'_>) -> Vec<Evidence> {
    const MOST: usize = 25;
    fate.judgement.evidence.iter().take(MOST).cloned().collect()
}

fn undone_hint(fate: &Fate<'_>) -> String {
    let key = fate.ticket().key();
    if fate.claims(Claim::NotDone) || fate.claims(Claim::InPart) {
        format!("reopen {key}, or link the ticket that does the work; if it was done after all, correct the note")
    } else {
        format!("reopen {key}, or link the ticket that does the work; if it was done after all, say so in a note")
    }
}

/// `it was met again on 20 August 2021`, and how often.
fn returned(fate: &Fate<'_>) -> String {
    let says = &fate.came_back[0].evidence.says;
    let first = says.split(", after ").next().unwrap_or(says);
    match fate.came_back.len() {
        1 => first.to_owned(),
        recurrence::MOST.. => format!("{first}, and very often after that"),
        n => format!("{first}, and {} after that", words::times(n - 1)),
    }
}

/// The register says *not done*, and what is known since says *done*.
fn outdated_note(fate: &Fate<'_>) -> Option<Draft> {
    let contradicted = |claim: Claim| matches!(claim, Claim::NotDone | Claim::InPart | Claim::Reverted);
    let said = fate.said.iter().find(|said| contradicted(said.claim) && !said.taken_back)?;
    if fate.judgement.verdict != Verdict::Done {
        return None;
    }
    let key = fate.ticket().key();
    let message = format!("the note on {key} says {}, but it {}", words::quoted(said.note.text), since_then(fate));
    Some(Draft {
        place: Some(said.note.place.clone()),
        hint: Some(format!("remove the note, or say what of {key} is left to do")),
        evidence: why(fate),
        ..Draft::about(Code::NoteOutdated, String::new(), message)
    })
}

fn since_then(fate: &Fate<'_>) -> String {
    let shown = fate.judgement.evidence.iter().find(|evidence| evidence.side == Side::Done);
    match shown {
        Some(evidence) if evidence.rule == register_note::RULE.doc.name => "is noted as done elsewhere".to_owned(),
        Some(evidence) if evidence.rule == decision::DOC.name => "was decided to be done".to_owned(),
        _ => fate.facts().map_or_else(|| "was closed".to_owned(), |facts| format!("was {}", words::closed(facts))),
    }
}

/// An open remedy that nobody touches. Its age is taken at the last good answer, because an outage must not make it
/// older than we know it to be.
fn stale(scene: &Scene<'_>, fate: &Fate<'_>) -> Option<Draft> {
    if fate.judgement.verdict != Verdict::Open {
        return None;
    }
    let (touched, seen) = (fate.facts()?.updated_at?, fate.known?.good_at?);
    if seen - touched <= scene.policy.stale_after {
        // It is asked for again and again: as long as it cannot be stale by now, it is not. After that the next answer says.
        if !scene.dates.are_before(touched + scene.policy.stale_after) {
            scene.dates.are_in_doubt();
        }
        return None;
    }
    if seen.date_naive() < scene.dates.today() {
        // The next answer makes it longer.
        scene.dates.are_in_doubt();
    }
    let untouched = seen.date_naive() - touched.date_naive();
    let key = fate.ticket().key();
    let message = format!(
        "{key} is open, and nobody has touched it for {} (since {})",
        words::span(untouched.num_days()),
        words::day_of(touched)
    );
    Some(Draft {
        hint: Some(format!("move {key} on, or close it with a reason; the register can say what happens instead")),
        evidence: why(fate),
        ..Draft::about(Code::StaleTicket, String::new(), message)
    })
}
