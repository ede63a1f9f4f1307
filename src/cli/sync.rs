//! `dragnet sync`: one pass.

use std::fmt::Write;
use std::path::Path;

use tokio_util::sync::CancellationToken;

use super::args::Sync;
use super::failure::{Advice, Exit};
use super::output::{Output, complain};
use super::progress::{Progress, count};
use super::waiting::Waiting;
use super::{forecast, naming, serve, wiring};
use crate::config::Config;
use crate::domain::known::KnownTracker;
use crate::domain::lookup::LookupKind;
use crate::domain::overview::Overview;
use crate::domain::ticket::TicketId;
use crate::domain::verdict::{Standing, Verdict};
use crate::plan::Reach;
use crate::sync::{self, Confirmed, Pass, Shop, Unreadable};

pub(super) async fn sync(config: Option<&Path>, arguments: &Sync, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(&["text", "json"])?;
    let config = wiring::configuration(config)?;
    if config.sources.is_empty() {
        return Err(Advice::error(
            format!("`{}` names no source", config.path.display()),
            "add a [[source]] with a name and a path",
        ));
    }
    if arguments.dry_run {
        return forecast::tell(&wiring::rehearsal(&config).await?, arguments.full, format, output).await;
    }
    let shop = wiring::shop(&config).await?;
    let stop = CancellationToken::new();
    serve::stop_on_signal(&stop)?;
    let progress = Progress::new(output);
    let tell = |step| progress.tell(step);
    if let Some(typed) = &arguments.ticket {
        let ticket = cited(typed, &shop).await?;
        let pass = sync::sync(&shop, Reach::Only(&ticket), &stop, &tell).await?;
        let (waiting, overview) = (Waiting::at(&shop).await?, shop.store.overview().await?);
        tell_troubles(&pass, &overview.trackers);
        waiting.warn();
        let verdict = shop.store.judgement(&ticket).await?.map(|judgement| judgement.verdict);
        output.data(&match format {
            "json" => format!("{:#}\n", json(&pass, &overview, &waiting)),
            _ => text_of_one(&pass, &ticket, verdict),
        })?;
        return Ok(exit(&pass, &overview));
    }
    let confirmed = confirmed(&config, &arguments.confirm)?;
    let parked = shop.store.parked().await?;
    for tracker in confirmed.iter().filter(|tracker| !parked.keys().any(|ticket| ticket.tracker() == *tracker)) {
        complain(&format!("warning: {tracker}: there is nothing to confirm"));
    }
    let reach = if arguments.full { Reach::Full } else { Reach::Everything };
    let pass = sync::confirming(&shop, reach, confirmed, &stop, &tell).await?;
    let (waiting, overview) = (Waiting::at(&shop).await?, shop.store.overview().await?);
    tell_troubles(&pass, &overview.trackers);
    waiting.warn();
    output.data(&match format {
        "json" => format!("{:#}\n", json(&pass, &overview, &waiting)),
        _ => text(&pass, &overview),
    })?;
    Ok(exit(&pass, &overview))
}

/// The ticket that was typed. It must be cited: dragnet asks for nothing else.
async fn cited(typed: &str, shop: &Shop) -> anyhow::Result<TicketId> {
    let meant = naming::certain_ticket(typed, &shop.claims)?;
    let wants = shop.store.wants().await?;
    wants.into_iter().map(|want| want.ticket).find(|ticket| *ticket == meant).ok_or_else(|| {
        let hint = "`dragnet sync` reads the documents anew and asks for everything";
        Advice::error(format!("no document that was read cites {meant}"), hint)
    })
}

/// The trackers named, by their name in the configuration or their id.
fn confirmed(config: &Config, named: &[String]) -> anyhow::Result<Confirmed> {
    let find = |name: &String| {
        let known = config.trackers.iter().find(|one| one.name == *name || one.id.to_string() == *name);
        known.map(|one| one.id.clone()).ok_or_else(|| {
            let known: Vec<String> = config.trackers.iter().map(|one| one.id.to_string()).collect();
            Advice::error(format!("no tracker `{name}` is configured"), format!("choose one of: {}", known.join(", ")))
        })
    };
    named.iter().map(find).collect()
}

/// Documents and trackers that could not be read or asked, on standard error: nothing is skipped silently.
pub(super) fn tell_troubles(pass: &Pass, trackers: &[KnownTracker]) {
    for unreadable in &pass.unreadable {
        complain(&format!("warning: {}\n  hint: {}", unreadable.trouble, unreadable.hint));
    }
    for unwritten in &pass.unwritten {
        complain(&format!("warning: {}\n  hint: {}", unwritten.trouble, unwritten.hint));
    }
    for tracker in trackers {
        if let Some(trouble) = tracker.trouble.as_ref().filter(|_| tracker.asked_at >= Some(pass.run.started_at)) {
            complain(&format!("warning: {}: {}", tracker.id, trouble.says));
        }
    }
}

/// 2 for what the configuration must mend, 3 for what may mend itself.
fn exit(pass: &Pass, overview: &Overview) -> Exit {
    let nothing_ever_read = overview.lost == overview.documents;
    if !pass.refused.is_empty() || nothing_ever_read {
        Exit::Wrong
    } else if pass.run.complete {
        Exit::Fine
    } else {
        Exit::CouldNotTell
    }
}

fn text_of_one(pass: &Pass, ticket: &TicketId, verdict: Option<Verdict>) -> String {
    let mut text = asked(pass);
    if let Some(verdict) = verdict {
        let _ = writeln!(text, "{ticket} is {}. `dragnet why {ticket}` shows why.", verdict.word());
    }
    text
}

fn asked(pass: &Pass) -> String {
    let requests: u64 = pass.requests.values().sum();
    let lookups: Vec<String> = pass.lookups.iter().map(|(kind, number)| format!("{number} {}", kind.word())).collect();
    format!(
        "Asked for {}{} in {}: {}.\n",
        count(pass.run.asked, "ticket"),
        if pass.followed > 0 { format!(" ({} of them followed)", pass.followed) } else { String::new() },
        count(usize::try_from(requests).unwrap_or(usize::MAX), "request"),
        if lookups.is_empty() { "none is cited".to_owned() } else { lookups.join(", ") }
    )
}

fn text(pass: &Pass, overview: &Overview) -> String {
    let mut text = String::new();
    let Overview { documents, challenges, meetings, verdicts, standings, findings, .. } = overview;
    let _ = writeln!(
        text,
        "Read {}: {}, {}.",
        count(*documents, "document"),
        count(*challenges, "challenge"),
        count(*meetings, "meeting")
    );
    text += &asked(pass);
    let with = |verdict| verdicts.iter().filter(|((_, one), _)| *one == verdict).map(|(_, number)| number).sum();
    let verdicts = tally(&Verdict::ALL, with);
    let standings = tally(&Standing::ALL, |standing| standings.get(&standing).copied().unwrap_or(0));
    let _ = writeln!(text, "Tickets: {}.", words(&verdicts, Verdict::word));
    let _ = writeln!(text, "Challenges: {}.", words(&standings, Standing::word));
    let _ = writeln!(text, "{}. `dragnet report` shows them.", count(*findings, "finding"));
    if pass.written > 0 {
        let _ = writeln!(text, "Wrote statuses into {}.", count(pass.written, "page"));
    }
    text
}

fn tally<T: Copy>(all: &[T], number: impl Fn(T) -> usize) -> Vec<(T, usize)> {
    all.iter().map(|&one| (one, number(one))).collect()
}

fn words<T: Copy>(tally: &[(T, usize)], word: impl Fn(T) -> &'static str) -> String {
    let some: Vec<String> = tally
        .iter()
        .filter(|(_, number)| *number > 0)
        .map(|(one, number)| format!("{number} {}", word(*one)))
        .collect();
    if some.is_empty() { "none".to_owned() } else { some.join(", ") }
}

fn json(pass: &Pass, overview: &Overview, waiting: &Waiting) -> serde_json::Value {
    let lookups: serde_json::Map<String, serde_json::Value> =
        [LookupKind::Found, LookupKind::Moved, LookupKind::Gone, LookupKind::Hidden, LookupKind::Unknown]
            .into_iter()
            .map(|kind| (kind.word().to_owned(), pass.lookups.get(&kind).copied().unwrap_or(0).into()))
            .collect();
    let requests: serde_json::Map<String, serde_json::Value> =
        pass.requests.iter().map(|(tracker, number)| (tracker.to_string(), (*number).into())).collect();
    let documents = |failed: &[Unreadable]| -> Vec<serde_json::Value> {
        let told = |one: &Unreadable| serde_json::json!({"source": one.source, "path": one.path, "message": one.trouble, "hint": one.hint});
        failed.iter().map(told).collect()
    };
    serde_json::json!({
        "schema": 1,
        "started_at": pass.run.started_at,
        "ended_at": pass.run.ended_at,
        "complete": pass.run.complete,
        "documents": overview.documents,
        "asked": pass.run.asked,
        "followed": pass.followed,
        "lookups": lookups,
        "requests": requests,
        "closings_not_looked_at": waiting.json(),
        "unreadable": documents(&pass.unreadable),
        "written": pass.written,
        "unwritten": documents(&pass.unwritten),
        "findings": overview.findings,
    })
}
