//! `dragnet config`: is it right, what is in force, and what may stand in it?

use std::fmt::Write;
use std::path::Path;

use super::failure::Exit;
use super::output::Output;
use super::progress::count;
use super::wiring;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::schedule::Schedule;
use crate::http::{Client, Limits};
use crate::sources;
use crate::web::Tls;

pub(super) fn check(config: Option<&Path>, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(&["text", "json"])?;
    let config = wiring::configuration(config)?;
    // Secrets are fetched as a pass would: a token that is missing tonight is wrong today.
    wiring::asking(&config, &Client::new(Limits::default())?)?;
    config.webhook_settings()?;
    if !config.digests.is_empty() {
        config.digest_settings()?;
    }
    config.serve_token()?;
    config.access()?;
    config.identity()?.as_ref().map(Tls::new).transpose()?;
    output.data(&match format {
        "json" => format!("{:#}\n", json(&config)),
        _ => text(&config),
    })?;
    Ok(Exit::Fine)
}

/// What is in force. No secret is fetched for it.
pub(super) fn show(config: Option<&Path>, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(&["text", "json"])?;
    let config = wiring::configuration(config)?;
    output.data(&match format {
        "json" => format!("{:#}\n", config.in_force()),
        _ => format!("# In force, from {}.\n\n{}", config.path.display(), config.in_force_toml()),
    })?;
    Ok(Exit::Fine)
}

pub(super) fn schema(output: &Output) -> anyhow::Result<Exit> {
    output.format(&["json"])?;
    output.data(&format!("{:#}\n", Config::schema()))?;
    Ok(Exit::Fine)
}

fn firings(schedule: &Schedule) -> Vec<String> {
    let mut at = Clock::system().now();
    let mut firings = Vec::new();
    while let Some(next) = schedule.next_after(at).filter(|_| firings.len() < 3) {
        firings.push(next.with_timezone(&schedule.zone()).format("%a %F %H:%M %Z").to_string());
        at = next;
    }
    firings
}

fn text(config: &Config) -> String {
    let mut text = format!("{} is right.\n", config.path.display());
    let _ = writeln!(text, "store     {}", config.store.display());
    for source in &config.sources {
        if source.remote.is_some() {
            let _ = writeln!(text, "source    {}: {} (fetched by each pass)", source.name, source.path);
            continue;
        }
        let files = match sources::files(&source.folder, &source.path).and_then(|files| {
            let sizes = files.iter().map(|found| sources::read(&found.file).map(|bytes| bytes.len()));
            sizes.collect::<Result<Vec<_>, _>>()
        }) {
            Ok(sizes) => format!("{}, {}", count(sizes.len(), "file"), count(sizes.iter().sum(), "byte")),
            Err(error) => format!("warning: {error}"),
        };
        let _ = writeln!(text, "source    {}: {} ({files})", source.name, source.path);
    }
    for tracker in &config.trackers {
        let _ = write!(text, "tracker   {}: {} asked at {}", tracker.id, tracker.site, tracker.api_url);
        let _ = match tracker.projects.as_slice() {
            [] => writeln!(text),
            projects => writeln!(text, ", bare keys of {}", projects.join(", ")),
        };
    }
    let _ = writeln!(text, "schedule  {}: next {}", config.sync, firings(&config.sync).join(", "));
    let _ = writeln!(text, "page      http://{}/", config.listen);
    for digest in &config.digests {
        let _ = writeln!(
            text,
            "digest    {}: {}, next {}",
            digest.name,
            digest.schedule,
            firings(&digest.schedule).join(", ")
        );
    }
    for warning in warnings(config) {
        let _ = writeln!(text, "warning: {warning}");
    }
    for tracker in config.trackers.iter().filter(|tracker| !tracker.webhook.is_empty()) {
        let (kind, name) = (tracker.id.kind(), &tracker.name);
        let _ = writeln!(text, "webhook   /webhooks/{kind}/{name} ({} secrets)", tracker.webhook.len());
    }
    text
}

/// What is right, and probably not what was meant.
fn warnings(config: &Config) -> Vec<&'static str> {
    let has_no_link = !config.digests.is_empty() && config.public_url.is_none();
    has_no_link.then_some("digests have no link to the pages: add public_url under [serve]").into_iter().collect()
}

fn json(config: &Config) -> serde_json::Value {
    serde_json::json!({
        "schema": 1,
        "path": config.path.display().to_string(),
        "right": true,
        "sources": config.sources.iter().map(|source| &source.name).collect::<Vec<_>>(),
        "trackers": config.trackers.iter().map(|tracker| tracker.id.to_string()).collect::<Vec<_>>(),
        "next": firings(&config.sync),
        "warnings": warnings(config),
        "digests": config.digests.iter().map(|digest| serde_json::json!({
            "name": digest.name, "next": firings(&digest.schedule),
        })).collect::<Vec<_>>(),
    })
}
