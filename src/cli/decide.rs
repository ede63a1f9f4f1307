//! `dragnet decide`: a person gives a verdict that stands in the place of the rules' own.

use std::path::Path;

use super::args::{Decide, Word};
use super::failure::{Advice, Exit};
use super::output::Output;
use super::{naming, wiring};
use crate::domain::decision::{Basis, Decided, Decision};
use crate::domain::judged::Judged;
use crate::domain::known::Known;
use crate::domain::ticket::{Ticket, TicketId};
use crate::domain::verdict::{Judgement, Verdict};
use crate::report;
use crate::sync;

pub(super) async fn decide(config: Option<&Path>, arguments: &Decide, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(&["text", "json"])?;
    let shop = wiring::decision_room(&wiring::configuration(config)?).await?;
    let now = shop.clock.now();
    if let Some(typed) = &arguments.remove {
        let ticket = naming::certain_ticket(typed, &shop.claims)?;
        let back = naming::withdrawal(arguments.by.as_deref(), arguments.reason.as_deref(), now);
        if !shop.store.withdraw_decision(&ticket, back).await? {
            return Err(Advice::error(
                format!("nobody decided on {ticket}"),
                "`dragnet decide --list` shows what was decided",
            ));
        }
        output.say(&format!("{ticket} is left to the rules again."));
        return Ok(Exit::Fine);
    }
    let (known, judged) = sync::judge_all(&shop).await?;
    if arguments.list {
        let decided: Vec<&Decided> = judged.decided.values().collect();
        output.data(&match format {
            "json" => report::decisions_json(&decided),
            _ if decided.is_empty() => "Nobody decided on a verdict.\n".to_owned(),
            _ => decided.iter().map(|one| format!("{}\n", report::decision_text(one))).collect(),
        })?;
        return Ok(Exit::Fine);
    }
    let ticket = naming::certain_ticket(arguments.ticket.as_deref().unwrap_or_default(), &shop.claims)?;
    let decision = Decision {
        verdict: match arguments.verdict {
            Some(Word::Done) => Verdict::Done,
            Some(Word::Undone) => Verdict::Undone,
            Some(Word::Unverified) | None => Verdict::Unverified,
        },
        by: naming::person(arguments.by.as_deref())?,
        reason: naming::reason(arguments.reason.as_deref())?,
        at: now,
        then: basis(&known, &judged, &ticket)?,
        ticket,
    };
    shop.store.decide(&decision).await?;
    let rules = decision.then.judgement.clone();
    let decided = Decided { decision, rules, news: Vec::new() };
    output.data(&match format {
        "json" => report::decisions_json(&[&decided]),
        _ => format!("Decided: {}\n", report::decision_text(&decided)),
    })?;
    Ok(Exit::Fine)
}

/// What is known of the ticket now. A ticket that is open has no verdict that could be wrong.
fn basis(known: &Known, judged: &Judged, ticket: &TicketId) -> anyhow::Result<Basis> {
    let beside = judged.decided.get(ticket).map(|decided| &decided.rules);
    let Some(rules): Option<&Judgement> = beside.or_else(|| judged.tickets.get(ticket)) else {
        return Err(Advice::error(
            format!("nothing is known of {ticket}"),
            "name a ticket that a source cites; `dragnet sync` reads them",
        ));
    };
    if rules.verdict == Verdict::Open {
        return Err(Advice::error(
            format!("{ticket} is open: its tracker says so, and no rule"),
            "close it there, or wait until it is",
        ));
    }
    let facts = known.tickets.get(ticket).and_then(|known| known.facts.as_deref());
    Ok(Basis { judgement: rules.clone(), closing: facts.and_then(Ticket::closing) })
}
