//! `dragnet report`: what leads read.

use std::path::Path;

use super::failure::Exit;
use super::output::Output;
use super::wiring;
use crate::report::{self, Page, Report};
use crate::sync;

pub(super) async fn report(config: Option<&Path>, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(&["text", "json", "markdown", "html", "csv"])?;
    let shop = wiring::reading_room(&wiring::configuration(config)?).await?;
    let (known, judged) = sync::judge_all(&shop).await?;
    let report = Report::new(&known, &judged, shop.clock.now());
    output.data(&match format {
        "json" => report::json(&report),
        "markdown" => report::markdown(&report),
        "csv" => report::csv(&report),
        "html" => report::html(&report, Page::default()),
        _ => report::text(&report, output.style()),
    })?;
    Ok(Exit::Fine)
}
