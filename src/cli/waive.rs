//! `dragnet waive` and `dragnet snooze`: a person accepts a finding or puts it off, for a reason and for a time.

use std::fmt::Write;
use std::path::Path;

use chrono::NaiveDate;

use super::failure::{Advice, Exit};
use super::output::Output;
use super::{naming, wiring};
use crate::domain::challenge::ChallengeId;
use crate::domain::finding::{Code, Finding};
use crate::domain::judged::Judged;
use crate::domain::waiver::{self, LONGEST, Manner, NoEnd, Origin, Waiver};
use crate::sync::{self, Shop};
use crate::{judge, report};

#[derive(Debug, clap::Args)]
pub(super) struct Waive {
    /// A finding code with --ticket, --challenge or both; or one finding's fingerprint from `report --format json`
    #[arg(value_name = "CODE|FINGERPRINT", required_unless_present_any = ["list", "remove"])]
    pub(super) what: Option<String>,
    /// Only of this ticket: its id, key or link
    #[arg(long, value_name = "TICKET", requires = "what")]
    pub(super) ticket: Option<String>,
    /// Only of this challenge, by its id
    #[arg(long, value_name = "ID", requires = "what")]
    pub(super) challenge: Option<String>,
    /// Why it is accepted; with --remove, why not any more
    #[arg(long, value_name = "TEXT", required_unless_present_any = ["list", "remove"])]
    pub(super) reason: Option<String>,
    /// The last day on which it is, such as 2027-03-31; at most 180 days ahead
    #[arg(long, value_name = "DATE", required_unless_present_any = ["list", "remove"])]
    pub(super) until: Option<NaiveDate>,
    /// Who accepts it [default: your name as git or the system knows it]
    #[arg(long, value_name = "NAME")]
    pub(super) by: Option<String>,
    /// Write nothing; print the lines for the configuration
    #[arg(long, conflicts_with_all = ["list", "remove"])]
    pub(super) print: bool,
    /// Even if it matches no finding now
    #[arg(long, conflicts_with_all = ["list", "remove"])]
    pub(super) force: bool,
    /// The waivers there are, those of the configuration included
    #[arg(long, conflicts_with_all = ["what", "remove"])]
    pub(super) list: bool,
    /// Take a waiver of the store back, by its number in the list
    #[arg(long, value_name = "NUMBER", conflicts_with = "what")]
    pub(super) remove: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Snooze {
    /// A finding code with --ticket, --challenge or both; or one finding's fingerprint from `report --format json`
    #[arg(value_name = "CODE|FINGERPRINT")]
    what: String,
    /// Only of this ticket: its id, key or link
    #[arg(long, value_name = "TICKET")]
    ticket: Option<String>,
    /// Only of this challenge, by its id
    #[arg(long, value_name = "ID")]
    challenge: Option<String>,
    /// Why not now
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The last day on which it is put off, such as 2027-03-31; at most 180 days ahead
    #[arg(long, value_name = "DATE", required_unless_present = "until_change")]
    until: Option<NaiveDate>,
    /// Until the ticket changes: its state, its reason, its title, its place; 180 days at most, or until the day named
    #[arg(long)]
    until_change: bool,
    /// Who puts it off [default: your name as git or the system knows it]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Even if it matches no finding now
    #[arg(long)]
    force: bool,
}

pub(super) async fn waive(config: Option<&Path>, arguments: &Waive, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(&["text", "json"])?;
    let config = wiring::configuration(config)?;
    let shop = wiring::decision_room(&config).await?;
    if let Some(number) = &arguments.remove {
        return remove(&shop, number, arguments, output).await;
    }
    if arguments.list {
        return list(&shop, format, output).await;
    }
    let (_, judged) = sync::judge_all(&shop).await?;
    let waiver = Meant {
        what: arguments.what.as_deref().unwrap_or_default(),
        ticket: arguments.ticket.as_deref(),
        challenge: arguments.challenge.as_deref(),
        reason: arguments.reason.as_deref(),
        by: arguments.by.as_deref(),
        until: arguments.until,
        manner: Manner::Accepted,
        force: arguments.force,
    }
    .waiver(&shop, &judged)?;
    if arguments.print {
        output.data(&lines(&waiver)?)?;
        return Ok(Exit::Fine);
    }
    keep(&shop, waiver, "Accepted", format, output).await
}

pub(super) async fn snooze(config: Option<&Path>, arguments: &Snooze, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(&["text", "json"])?;
    let shop = wiring::decision_room(&wiring::configuration(config)?).await?;
    let (_, judged) = sync::judge_all(&shop).await?;
    let last = shop.clock.now().date_naive() + LONGEST;
    let waiver = Meant {
        what: &arguments.what,
        ticket: arguments.ticket.as_deref(),
        challenge: arguments.challenge.as_deref(),
        reason: Some(&arguments.reason),
        by: arguments.by.as_deref(),
        until: arguments.until.or_else(|| arguments.until_change.then_some(last)),
        manner: if arguments.until_change { Manner::UntilChange } else { Manner::Snoozed },
        force: arguments.force,
    }
    .waiver(&shop, &judged)?;
    if waiver.manner == Manner::UntilChange && waiver.ticket.is_none() {
        return Err(Advice::error(
            format!("no ticket is named that could change, only {}", waiver.about()),
            "name the ticket with --ticket, or a day with --until instead of --until-change",
        ));
    }
    keep(&shop, waiver, "Put off", format, output).await
}

/// Remembers it, and says so.
async fn keep(shop: &Shop, waiver: Waiver, what: &str, format: &str, output: &Output) -> anyhow::Result<Exit> {
    let now = shop.clock.now();
    let from = Origin::Store { number: shop.store.waive(&waiver, now).await?, at: now };
    let waiver = Waiver { from, ..waiver };
    output.data(&match format {
        "json" => report::waivers_json(&[&waiver]),
        _ => format!("{what}: {}\n", report::waiver_text(&waiver)),
    })?;
    Ok(Exit::Fine)
}

/// What was asked for, as it was typed.
struct Meant<'a> {
    what: &'a str,
    ticket: Option<&'a str>,
    challenge: Option<&'a str>,
    reason: Option<&'a str>,
    by: Option<&'a str>,
    until: Option<NaiveDate>,
    manner: Manner,
    force: bool,
}

impl Meant<'_> {
    /// The waiver that was asked for.
    fn waiver(&self, shop: &Shop, judged: &Judged) -> anyhow::Result<Waiver> {
        let ticket = self.ticket.map(|typed| naming::certain_ticket(typed, &shop.claims)).transpose()?;
        let challenge = self.challenge.map(|id| ChallengeId(id.to_owned()));
        let (code, ticket, challenge) = match self.what.parse::<Code>() {
            Ok(code) => (code, ticket, challenge),
            Err(()) => {
                let found = all(judged).find(|finding| finding.fingerprint == self.what);
                let Some(finding) = found else {
                    return Err(Advice::error(
                        format!("`{}` is no finding code, and no finding has it as its fingerprint", self.what),
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
        let waiver = Waiver {
            code,
            ticket,
            challenge,
            by: Some(naming::person(self.by)?),
            reason: naming::reason(self.reason)?,
            until: end(self.until, shop.clock.now().date_naive())?,
            manner: self.manner,
            from: Origin::Configuration(String::new()),
        };
        if !self.force {
            refuse_unmatched(&waiver, judged)?;
        }
        Ok(waiver)
    }
}

fn end(until: Option<NaiveDate>, today: NaiveDate) -> anyhow::Result<NaiveDate> {
    waiver::end(until, today).map_err(|wrong| {
        let last = today + LONGEST;
        let hint = match wrong {
            NoEnd::Unnamed => format!("name a day up to {last}: --until {last}"),
            NoEnd::Over(_) => format!("name a day up to {last}"),
            NoEnd::TooFar(_) => format!("name a day up to {last}; by then somebody should look again"),
        };
        Advice::error(wrong.to_string(), hint)
    })
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

async fn remove(shop: &Shop, typed: &str, arguments: &Waive, output: &Output) -> anyhow::Result<Exit> {
    if shop.waivers.iter().any(|waiver| waiver.from == Origin::Configuration(typed.to_owned())) {
        return Err(Advice::error(
            format!("the waiver at {typed} stands in the configuration"),
            "remove its lines there; dragnet does not edit the file",
        ));
    }
    let number: Option<i64> = typed.parse().ok();
    let back = naming::withdrawal(arguments.by.as_deref(), arguments.reason.as_deref(), shop.clock.now());
    let removed = match number {
        Some(number) => shop.store.unwaive(number, back).await?,
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
