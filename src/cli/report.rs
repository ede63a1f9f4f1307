//! `dragnet report`: what leads read.

use std::path::Path;

use chrono::{NaiveDate, NaiveTime};

use super::failure::Exit;
use super::output::Output;
use super::wiring;
use crate::domain::time::Moment;
use crate::report;
use crate::sync::{self, Shop};

#[derive(Debug, clap::Args)]
pub(super) struct Report {
    /// Tell what changed since this day (UTC), and nothing else
    #[arg(long, value_name = "DATE")]
    since: Option<NaiveDate>,
}

pub(super) async fn report(config: Option<&Path>, arguments: &Report, output: &Output) -> anyhow::Result<Exit> {
    let formats: &[&str] = &["text", "json", "markdown", "html", "csv"];
    // What changed is no table.
    let format = output.format(if arguments.since.is_some() { &formats[..4] } else { formats })?;
    let shop = wiring::reading_room(&wiring::configuration(config)?).await?;
    output.data(&match arguments.since {
        Some(day) => changes(&shop, day.and_time(NaiveTime::MIN).and_utc(), format, output).await?,
        None => whole(&shop, format, output).await?,
    })?;
    Ok(Exit::Fine)
}

async fn whole(shop: &Shop, format: &str, output: &Output) -> anyhow::Result<String> {
    let (known, judged) = sync::judge_all(shop).await?;
    let report = report::Report::new(&known, &judged, shop.clock.now());
    Ok(match format {
        "json" => report::json(&report),
        "markdown" => report::markdown(&report),
        "html" => report::html(&report),
        "csv" => report::csv(&report),
        _ => report::text(&report, output.style()),
    })
}

async fn changes(shop: &Shop, since: Moment, format: &str, output: &Output) -> anyhow::Result<String> {
    let (changes, now) = (shop.store.changes(since, None).await?, shop.clock.now());
    Ok(match format {
        "json" => report::since_json(&changes, now),
        "markdown" => report::since_markdown(&changes),
        "html" => report::since_html(&changes, now),
        _ => report::since_text(&changes, output.style()),
    })
}
