//! Findings on decisions: what is known of a ticket has changed since a person decided on its verdict.

use crate::domain::decision::{Decided, Decision};
use crate::domain::finding::Code;
use crate::domain::known::KnownTicket;

use super::{Draft, Scene, identity};
use crate::judge::rows;
use crate::judge::words;

pub(super) fn findings(scene: &Scene<'_>) -> Vec<Draft> {
    let outdated = scene.decided.iter().filter(|(_, decided)| !decided.news.is_empty());
    outdated
        .filter_map(|(ticket, decided)| {
            // A ticket that no document cites any more is nobody's business now.
            let cited = scene.citations.get(ticket)?;
            let remedy = cited.iter().filter(|citation| citation.reference.role == rows::role(cited));
            let challenge = remedy.clone().find_map(|citation| citation.challenge);
            Some(Draft {
                challenge: challenge.cloned(),
                ticket: Some(ticket.clone()),
                role: Some(rows::role(cited)),
                place: rows::first_place(cited),
                hint: Some(hint(decided)),
                evidence: decided.news.clone(),
                rests_on: scene.known.tickets.get(ticket).and_then(|known: &KnownTicket| known.good_at),
                ..Draft::about(Code::DecisionOutdated, identity(None, Some(ticket)), message(decided))
            })
        })
        .collect()
}

fn message(decided: &Decided) -> String {
    let Decision { ticket, by, at, verdict, .. } = &decided.decision;
    let more = match decided.news.len() {
        0 | 1 => String::new(),
        n => format!(" (and {} more)", n - 1),
    };
    format!(
        "new evidence since {by} decided on {} that {} is {}: {}{more}",
        words::day_of(*at),
        ticket.key(),
        verdict.word(),
        decided.news[0].says
    )
}

fn hint(decided: &Decided) -> String {
    let (key, rules) = (decided.decision.ticket.key(), decided.rules.verdict);
    if rules == decided.decision.verdict {
        format!("the rules say {} as well by now; decide again on {key}, or take the decision back", rules.word())
    } else {
        format!("decide again on {key}; the rules alone would say {}", rules.word())
    }
}
