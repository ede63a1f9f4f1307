//! `dragnet why`: everything behind one verdict.

use std::path::Path;

use super::args::Why;
use super::failure::{Advice, Exit};
use super::output::Output;
use super::{naming, wiring};
use crate::domain::challenge::ChallengeId;
use crate::report::{self, Report};
use crate::sync;

pub(super) async fn why(config: Option<&Path>, arguments: &Why, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(&["text", "json"])?;
    let config = wiring::configuration(config)?;
    let shop = wiring::reading_room(&config).await?;
    let (known, judged) = sync::judge_all(&shop).await?;
    let report = Report::new(&known, &judged, shop.clock.now());
    let told = match naming::ticket(&arguments.what, &shop.claims) {
        Some(ticket) if format == "json" => report::why_json(&report, &ticket),
        Some(ticket) => report::why(&report, &ticket, output.style()),
        None if format == "json" => report::why_challenge_json(&report, &ChallengeId(arguments.what.clone())),
        None => report::why_challenge(&report, &ChallengeId(arguments.what.clone()), output.style()),
    };
    let Some(told) = told else {
        return Err(Advice::error(
            format!("nothing is known of `{}`", arguments.what),
            "name a ticket that a source cites, or a challenge's id as `dragnet report --format json` gives it",
        ));
    };
    output.data(&told)?;
    Ok(Exit::Fine)
}
