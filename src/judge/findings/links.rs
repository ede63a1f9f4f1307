//! Findings on links: tickets that are gone, have moved, or are not shown to us. Each ticket once, however often it is
//! cited, and each rename once.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::challenge::ChallengeId;
use crate::domain::finding::Code;
use crate::domain::known::KnownTicket;
use crate::domain::lookup::LookupKind;
use crate::domain::portion::Answered;
use crate::domain::reference::{Reference, Role};
use crate::domain::ticket::{TicketId, TicketKey};
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerId;
use crate::domain::verdict::{Evidence, Side};

use super::{Draft, Scene, identity};
use crate::judge::rows::{self, Citation};
use crate::judge::words;

pub(super) fn findings(scene: &Scene<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (ticket, cited) in scene.citations {
        let Some(known) = scene.known.tickets.get(*ticket) else { continue };
        if known.proven == Some(LookupKind::Gone) {
            drafts.push(gone(known, cited));
        } else if known.lookup == LookupKind::Hidden && !scene.blind.contains(ticket.tracker()) {
            drafts.push(hidden(known, cited));
        }
    }
    drafts.extend(private(scene));
    drafts
}

/// Tickets that are for the team alone, cited where anybody may read it.
fn private(scene: &Scene<'_>) -> Vec<Draft> {
    let secrecy = &scene.policy.secrecy;
    let public = scene.known.documents.iter().filter(|document| secrecy.public.contains(&document.source));
    let public: BTreeSet<&str> = public.map(|document| document.path.as_str()).collect();
    let private = scene.citations.iter().filter(|(ticket, _)| secrecy.private.contains(ticket.tracker()));
    let drafts = private.filter_map(|(ticket, cited)| {
        let open = cited.iter().filter(|citation| public.contains(&*citation.reference.place.path));
        let open: Vec<Citation<'_>> = open.copied().collect();
        let key = ticket.key();
        let place = Some(rows::first_place(&open)?);
        Some(Draft {
            challenge: open.iter().find_map(|citation| citation.challenge).cloned(),
            ticket: Some((*ticket).clone()),
            role: Some(rows::role(&open)),
            place,
            hint: Some(format!("take {key} out, or mark the document as internal")),
            evidence: open.iter().map(|citation| citation_of(citation, None)).collect(),
            weight: many(open.len()),
            ..Draft::about(
                Code::PrivateLink,
                identity(None, Some(ticket)),
                format!("{key} is for the team alone, and this document is public"),
            )
        })
    });
    drafts.collect()
}

/// What all findings on one ticket's link share.
fn on_link(code: Code, known: &KnownTicket, cited: &[Citation<'_>], message: String) -> Draft {
    let remedy = cited.iter().filter(|citation| citation.reference.role == Role::Remedy);
    let challenge = remedy.chain(cited).find_map(|citation| citation.challenge);
    Draft {
        challenge: challenge.cloned(),
        ticket: Some(known.id.clone()),
        role: Some(rows::role(cited)),
        place: rows::first_place(cited),
        evidence: cited.iter().map(|citation| citation_of(citation, None)).collect(),
        // A remedy's link matters more than a mention's, and one that many follow more than one that few do.
        weight: if rows::role(cited) == Role::Remedy { 1000.0 } else { 0.0 } + many(cited.len()),
        ..Draft::about(code, identity(None, Some(&known.id)), message)
    }
}

fn many(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// Where it is cited, as evidence that decides nothing.
fn citation_of(citation: &Citation<'_>, now: Option<&TicketId>) -> Evidence {
    let reference = citation.reference;
    let now = now.map(|now| format!(", which is {} now", now.key())).unwrap_or_default();
    Evidence {
        rule: "citation".to_owned(),
        side: Side::Neither,
        strength: 0.0,
        says: format!(
            "cited as {}{now} ({}, {})",
            reference.ticket.key(),
            reference.within.word(),
            role(reference.role)
        ),
        source: Some(reference.place.to_string()),
        at: None,
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Remedy => "as a remedy",
        Role::Mention => "mentioned",
    }
}

fn gone(known: &KnownTicket, cited: &[Citation<'_>]) -> Draft {
    let key = known.id.key();
    let message = match &known.facts {
        Some(facts) if facts.closed => {
            format!("{key} is gone; when it was seen last, it had been {}", words::closed(facts))
        }
        Some(_) => format!("{key} is gone; when it was seen last, it was open"),
        None => format!("{key} does not exist any more, or never did"),
    };
    let mut draft = on_link(Code::BrokenLink, known, cited, message);
    draft.hint = Some(match rows::role(cited) {
        Role::Remedy => format!("link the ticket that took the place of {key}, or correct the link"),
        Role::Mention => format!("correct the link to {key}, or remove it"),
    });
    draft.rests_on = known.proven_at;
    let proof = known.lookup_says.clone().filter(|_| known.lookup == LookupKind::Gone);
    draft.evidence.push(Evidence {
        rule: "tracker-state".to_owned(),
        side: Side::Missing,
        strength: 0.99,
        says: proof.map_or_else(|| format!("{key} was proven to be gone"), |proof| format!("{key} is gone: {proof}")),
        source: cited.iter().find_map(|citation| citation.reference.url.clone()),
        at: known.proven_at,
    });
    draft
}

fn hidden(known: &KnownTicket, cited: &[Citation<'_>]) -> Draft {
    let (key, home) = (known.id.key(), home(&known.id));
    let stands = match known.good_at {
        Some(at) => format!("; what was seen on {} stands", words::day_of(at)),
        None => String::new(),
    };
    let message = format!("{key} is not visible with the credentials in use{stands}");
    let mut draft = on_link(Code::HiddenTicket, known, cited, message);
    draft.hint = Some(format!("let dragnet's account see {home}, or correct the link"));
    draft.rests_on = known.asked_at;
    draft
}

/// Trackers that show nothing at all: their credentials are the problem, which is said elsewhere. A single ticket that
/// was never seen tells nothing of its tracker.
pub(in crate::judge) fn blind_trackers(answered: &BTreeMap<TrackerId, Answered>) -> BTreeSet<TrackerId> {
    let blind = |of: &Answered| of.all == of.hidden && (of.all > 1 || of.seen);
    answered.iter().filter(|(_, of)| blind(of)).map(|(tracker, _)| tracker.clone()).collect()
}

/// A ticket that is somewhere else now.
#[derive(Debug, Clone)]
pub(in crate::judge) struct Moved {
    ticket: TicketId,
    to: TicketId,
    proven_at: Option<Moment>,
    /// Where it is cited, and in which challenges.
    cited: Vec<(Reference, Option<ChallengeId>)>,
}

/// Every ticket that is somewhere else now.
pub(in crate::judge) fn moved(scene: &Scene<'_>) -> Vec<Moved> {
    let moved = scene.citations.iter().filter_map(|(ticket, cited)| {
        let known = scene.known.tickets.get(*ticket).filter(|known| known.proven == Some(LookupKind::Moved))?;
        let cited = cited.iter().map(|citation| (citation.reference.clone(), citation.challenge.cloned()));
        Some(Moved {
            ticket: known.id.clone(),
            to: known.moved_to.clone()?,
            proven_at: known.proven_at,
            cited: cited.collect(),
        })
    });
    moved.collect()
}

/// One finding for each renamed project or repository.
pub(super) fn moves(moved: &[Moved]) -> Vec<Draft> {
    let mut moves: BTreeMap<(String, String), Vec<&Moved>> = BTreeMap::new();
    for one in moved {
        moves.entry((full_home(&one.ticket), full_home(&one.to))).or_default().push(one);
    }
    let moves = moves.into_iter().map(|((from, to), mut tickets)| {
        tickets.sort_by_key(|one| &one.ticket);
        rename(&from, &to, &tickets)
    });
    moves.collect()
}

fn rename(from: &str, to: &str, tickets: &[&Moved]) -> Draft {
    let mut all: Vec<(Citation<'_>, &TicketId)> = Vec::new();
    for one in tickets {
        let cited = one.cited.iter();
        all.extend(
            cited.map(|(reference, challenge)| (Citation { reference, challenge: challenge.as_ref() }, &one.to)),
        );
    }
    all.sort_by_key(|(citation, _)| &citation.reference.place);
    let cited: Vec<Citation<'_>> = all.iter().map(|(citation, _)| *citation).collect();
    let corrections: Vec<String> =
        tickets.iter().map(|one| format!("{} instead of {}", one.to.key(), one.ticket.key())).collect();
    let (first, now) = (&tickets[0].ticket, &tickets[0].to);
    let message = if tickets.len() == 1 {
        format!("{} is {} now", first.key(), now.key())
    } else {
        format!("{} tickets of {} are in {} now", tickets.len(), home(first), home(now))
    };
    let challenges: Vec<_> = cited.iter().filter_map(|citation| citation.challenge).collect();
    let one_challenge = challenges.windows(2).all(|pair| pair[0] == pair[1]);
    Draft {
        challenge: challenges.first().filter(|_| one_challenge).copied().cloned(),
        ticket: if let [one] = tickets { Some(one.ticket.clone()) } else { None },
        role: Some(rows::role(&cited)),
        place: rows::first_place(&cited),
        hint: Some(format!("write {}", words::list(&corrections, 5))),
        evidence: all.iter().map(|(citation, now)| citation_of(citation, Some(now))).collect(),
        rests_on: tickets.iter().filter_map(|one| one.proven_at).min(),
        weight: many(cited.len()),
        ..Draft::about(Code::MovedTicket, format!("{from}|{to}"), message)
    }
}

/// The project or repository of a ticket, as people name it.
fn home(ticket: &TicketId) -> String {
    match ticket.key() {
        TicketKey::Jira { project, .. } => project.to_owned(),
        TicketKey::GitHub { owner, repo, .. } => format!("{owner}/{repo}"),
    }
}

fn full_home(ticket: &TicketId) -> String {
    format!("{}:{}", ticket.tracker(), home(ticket)).to_lowercase()
}
