//! `dragnet waive`: a person accepts a finding, for a reason and for a time.

use std::fmt::Write;
use std::path::Path;

use chrono::NaiveDate;

use super::args::Waive;
use super::failure::{Advice, Exit};
use super::output::Output;
use super::{naming, wiring};
use crate::domain::challenge::ChallengeId;
use crate::domain::finding::{Code, Finding};
use crate::domain::judged::Judged;
use crate::domain::waiver::{LONGEST, Origin, Waiver};
use crate::sync::{self, Shop};
use crate::{judge, report};

pub(super) async fn waive(config: Option<&Path>, arguments: &Waive, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(&["text", "json"])?;
    let config = wiring::configuration(config)?;
    let shop = wiring::decision_room(&config).await?;
    if let Some(number) = &arguments.remove {
        return remove(&shop, number, output).await;
    }
    if arguments.list {
        return list(&shop, format, output).await;
    }
    let (_, judged) = sync::judge_all(&shop).await?;
    let mut waiver = meant(&shop, arguments, &judged)?;
    if !arguments.force {
        refuse_unmatched(&waiver, &judged)?;
    }
    if arguments.print {
        output.data(&lines(&waiver)?)?;
        return Ok(Exit::Fine);
    }
    let now = shop.clock.now();
    waiver.from = Origin::Store { number: shop.store.waive(&waiver, now).await?, at: now };
    output.data(&match format {
        "json" => report::waivers_json(&[&waiver]),
        _ => format!("Accepted: {}\n", report::waiver_text(&waiver)),
    })?;
    Ok(Exit::Fine)
}

/// The waiver that was asked for.
fn meant(shop: &Shop, arguments: &Waive, judged: &Judged) -> anyhow::Result<Waiver> {
    let typed = arguments.what.as_deref().unwrap_or_default();
    let ticket = arguments.ticket.as_deref().map(|typed| naming::certain_ticket(typed, &shop.claims)).transpose()?;
    let challenge = arguments.challenge.as_ref().map(|id| ChallengeId(id.clone()));
    let (code, ticket, challenge) = match typed.parse::<Code>() {
        Ok(code) => (code, ticket, challenge),
        Err(()) => {
            let found = all(judged).find(|finding| finding.fingerprint == typed);
            let Some(finding) = found else {
                return Err(Advice::error(
                    format!("`{typed}` is no finding code, and no finding has it as its fingerprint"),
                    "`dragnet rules` lists the codes, `dragnet report --format json` has the fingerprints",
                ));
            };
            (finding.code, finding.ticket.clone().or(ticket), finding.challenge.clone().or(challenge))
        }
    };
    if ticket.is_none() && challenge.is_none() {
        return Err(Advice::error(
            "a waiver is for a ticket or a challenge",
            format!(
                "name one: dragnet waive {code} --ticket ARCH-1 …; to be spared all of them: [severity] {code} = \"off\""
            ),
        ));
    }
    Ok(Waiver {
        code,
        ticket,
        challenge,
        by: Some(naming::person(arguments.by.as_deref())?),
        reason: naming::reason(arguments.reason.as_deref())?,
        until: end(arguments.until, shop.clock.now().date_naive())?,
        from: Origin::Configuration(String::new()),
    })
}

/// A decision to look away ends: not in the past, and not so late that nobody remembers it.
fn end(until: Option<NaiveDate>, today: NaiveDate) -> anyhow::Result<NaiveDate> {
    let last = today + LONGEST;
    match until {
        Some(until) if until < today => {
            Err(Advice::error(format!("{until} is over"), format!("name a day up to {last}")))
        }
        Some(until) if until > last => Err(Advice::error(
            format!("{until} is more than {} days ahead", LONGEST.num_days()),
            format!("name a day up to {last}; by then somebody should look again"),
        )),
        Some(until) => Ok(until),
        None => Err(Advice::error("a waiver needs an end", format!("name a day up to {last}: --until {last}"))),
    }
}

/// Every finding, accepted ones included.
fn all(judged: &Judged) -> impl Iterator<Item = &Finding> {
    judged.findings.iter().chain(judged.waived.iter().map(|waived| &waived.finding))
}

/// What matches nothing is a slip as often as not, and would be a finding of its own tomorrow.
fn refuse_unmatched(waiver: &Waiver, judged: &Judged) -> anyhow::Result<()> {
    if all(judged).any(|finding| judge::accepts(waiver, finding)) {
        return Ok(());
    }
    let near = |finding: &&Finding| {
        let ticket = waiver.ticket.is_some() && finding.ticket == waiver.ticket;
        let challenge = waiver.challenge.is_some() && finding.challenge == waiver.challenge;
        ticket || challenge || finding.code == waiver.code
    };
    let mut hint = String::new();
    for finding in all(judged).filter(near).take(5) {
        let about = finding.ticket.as_ref().map(ToString::to_string);
        let about = about.or_else(|| finding.challenge.as_ref().map(ToString::to_string)).unwrap_or_default();
        let _ = write!(hint, "\n    {} for {about}: {}", finding.code, finding.message);
    }
    let hint = if hint.is_empty() { "nothing is near it".to_owned() } else { format!("near it there are:{hint}") };
    Err(Advice::error(
        format!("no finding is `{}` for {}", waiver.code, waiver.about()),
        format!("{hint}\n  (--force accepts it all the same)"),
    ))
}

/// The lines that say the same in the configuration.
fn lines(waiver: &Waiver) -> anyhow::Result<String> {
    let text = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let mut lines = format!("[[waiver]]\ncode = \"{}\"\n", waiver.code);
    if let Some(ticket) = &waiver.ticket {
        writeln!(lines, "ticket = {}", text(&ticket.to_string()))?;
    }
    if let Some(challenge) = &waiver.challenge {
        writeln!(lines, "challenge = {}", text(&challenge.0))?;
    }
    if let Some(by) = &waiver.by {
        writeln!(lines, "by = {}", text(by))?;
    }
    writeln!(lines, "reason = {}\nuntil = {}", text(&waiver.reason), waiver.until)?;
    Ok(lines)
}

async fn list(shop: &Shop, format: &str, output: &Output) -> anyhow::Result<Exit> {
    let known = shop.store.known().await?;
    let waivers: Vec<&Waiver> = shop.waivers.iter().chain(&known.waivers).collect();
    output.data(&match format {
        "json" => report::waivers_json(&waivers),
        _ if waivers.is_empty() => "Nothing is accepted.\n".to_owned(),
        _ => waivers.iter().map(|waiver| format!("{}\n", report::waiver_text(waiver))).collect(),
    })?;
    Ok(Exit::Fine)
}

async fn remove(shop: &Shop, typed: &str, output: &Output) -> anyhow::Result<Exit> {
    if shop.waivers.iter().any(|waiver| waiver.from == Origin::Configuration(typed.to_owned())) {
        return Err(Advice::error(
            format!("the waiver at {typed} stands in the configuration"),
            "remove its lines there; dragnet does not edit the file",
        ));
    }
    let number: Option<i64> = typed.parse().ok();
    let removed = match number {
        Some(number) => shop.store.unwaive(number, shop.clock.now()).await?,
        None => false,
    };
    if !removed {
        return Err(Advice::error(
            format!("there is no waiver `{typed}` in the store"),
            "`dragnet waive --list` shows them with their numbers",
        ));
    }
    output.say(&format!("Waiver {typed} is taken back; what it covered is told again."));
    Ok(Exit::Fine)
}
