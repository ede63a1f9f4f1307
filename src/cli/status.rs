//! `dragnet status`: what it did and does next, as the store and the configuration tell. Asks nobody.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use super::failure::Exit;
use super::output::Output;
use super::progress::count;
use super::waiting::Waiting;
use super::wiring;
use crate::config::{Config, Digest};
use crate::domain::channel::Mailbag;
use crate::domain::known::{KnownTracker, Run};
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerId;

/// What is told.
struct Status {
    config: Config,
    now: Moment,
    last: Option<Run>,
    trackers: Vec<KnownTracker>,
    tickets: BTreeMap<TrackerId, usize>,
    deliveries: BTreeMap<TrackerId, Moment>,
    named: usize,
    last_backup: Option<Moment>,
    waiting: Waiting,
    digests: Vec<Mailbag>,
    turns: BTreeMap<String, Moment>,
}

pub(super) async fn status(config: Option<&Path>, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(&["text", "json"])?;
    let config = wiring::configuration(config)?;
    let shop = wiring::reading_room(&config).await?;
    let (wants, mut tickets) = (shop.store.wants().await?, BTreeMap::new());
    for want in &wants {
        *tickets.entry(want.ticket.tracker().clone()).or_default() += 1;
    }
    let status = Status {
        config,
        now: shop.clock.now(),
        last: shop.store.last_run().await?,
        trackers: shop.store.trackers().await?,
        tickets,
        deliveries: shop.store.last_deliveries().await?,
        last_backup: shop.store.last_backup().await?,
        waiting: Waiting::at(&shop).await?,
        digests: shop.store.mailbags().await?,
        turns: shop.store.digest_turns().await?,
        named: wants.iter().filter(|want| want.nudge.is_some()).count(),
    };
    output.data(&match format {
        "json" => format!("{:#}\n", status.json()),
        _ => status.text(),
    })?;
    Ok(Exit::Fine)
}

impl Status {
    fn text(&self) -> String {
        let mut text = String::new();
        let _ = match &self.last {
            None => writeln!(text, "last pass   none yet"),
            Some(run) => {
                let how = if run.complete { "complete" } else { "incomplete" };
                let asked = count(run.asked, "ticket");
                writeln!(
                    text,
                    "last pass   {}, {how}: asked for {asked}, {} could not be told",
                    run.started_at, run.unknown
                )
            }
        };
        for (what, schedule) in [("next pass ", &self.config.sync), ("next full ", &self.config.full)] {
            let next = schedule.next_after(self.now).map_or_else(|| "never".to_owned(), |next| next.to_string());
            let _ = writeln!(text, "{what}  {next}, by {schedule}");
        }
        let backup = self.last_backup.map_or_else(|| "none yet".to_owned(), |at| at.to_string());
        let _ = writeln!(text, "last backup {backup}");
        for tracker in &self.trackers {
            let tickets = count(self.tickets.get(&tracker.id).copied().unwrap_or(0), "ticket");
            let _ = write!(text, "tracker     {}: {tickets}, ", tracker.id);
            let _ = match tracker.worked_at {
                Some(at) => write!(text, "answered at {at}"),
                None => write!(text, "never answered"),
            };
            let _ = match &tracker.trouble {
                Some(trouble) => writeln!(text, "; then {}", trouble.says),
                None => writeln!(text),
            };
        }
        for (tracker, says) in self.waiting.lines() {
            let _ = writeln!(text, "closings    {tracker}: {says}");
        }
        for (tracker, at) in &self.deliveries {
            let _ = writeln!(text, "webhook     {tracker}: last delivery at {at}");
        }
        if self.named > 0 {
            let _ = writeln!(text, "webhook     {} named, not asked for since", count(self.named, "ticket"));
        }
        for digest in &self.config.digests {
            let next = self.next_turn(digest).map_or_else(|| "never".to_owned(), |next| next.to_string());
            let bag = self.digests.iter().find(|bag| bag.digest == digest.name);
            let sent = bag.and_then(|bag| bag.spoke_at).map_or_else(|| "none yet".to_owned(), |at| at.to_string());
            let _ = write!(text, "digest      {}: next turn {next}, last message {sent}", digest.name);
            let left = bag.filter(|bag| bag.waiting + bag.failed > 0);
            let left = left.map(|bag| (bag.waiting, bag.failed, bag.says.as_deref().unwrap_or("not tried yet")));
            let _ = match left {
                Some((waiting, failed, says)) => writeln!(text, "; {waiting} waiting, {failed} given up: {says}"),
                None => writeln!(text),
            };
        }
        text
    }

    /// When a digest's turn comes next; now where it is late.
    fn next_turn(&self, digest: &Digest) -> Option<Moment> {
        let last = self.turns.get(&digest.name).copied().unwrap_or(self.now).min(self.now);
        digest.schedule.next_after(last).map(|next| next.max(self.now))
    }

    fn json(&self) -> serde_json::Value {
        let trackers = self.trackers.iter().map(|tracker| {
            serde_json::json!({
                "tracker": tracker.id,
                "tickets": self.tickets.get(&tracker.id).copied().unwrap_or(0),
                "worked_at": tracker.worked_at,
                "asked_at": tracker.asked_at,
                "trouble": tracker.trouble,
                "closings_not_looked_at": self.waiting.closings(&tracker.id),
                "last_delivery_at": self.deliveries.get(&tracker.id),
            })
        });
        serde_json::json!({
            "schema": 1,
            "last_pass": self.last,
            "next_pass_at": self.config.sync.next_after(self.now),
            "next_full_pass_at": self.config.full.next_after(self.now),
            "trackers": trackers.collect::<Vec<_>>(),
            "named_by_webhooks": self.named,
            "last_backup_at": self.last_backup,
            "digests": self.config.digests.iter().map(|digest| serde_json::json!({
                "digest": digest.name,
                "next_turn_at": self.next_turn(digest),
                "outbox": self.digests.iter().find(|bag| bag.digest == digest.name),
            })).collect::<Vec<_>>(),
        })
    }
}
