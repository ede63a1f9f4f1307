//! `dragnet sync --dry-run`: what would be asked, and what that would cost.

use std::fmt::Write;

use super::failure::Exit;
use super::output::{Output, complain};
use super::progress::count;
use crate::domain::lookup::{Forecast, Quota};
use crate::sync::{Reach, Shop, rehearse};

pub(super) async fn tell(shop: &Shop, full: bool, format: &str, output: &Output) -> anyhow::Result<Exit> {
    let reach = if full { Reach::Full } else { Reach::Everything };
    let (forecasts, unreadable) = rehearse(shop, reach).await?;
    for one in &unreadable {
        complain(&format!("warning: {}\n  hint: {}", one.trouble, one.hint));
    }
    output.data(&match format {
        "json" => format!("{:#}\n", json(&forecasts)),
        _ => text(&forecasts),
    })?;
    Ok(if unreadable.is_empty() { Exit::Fine } else { Exit::CouldNotTell })
}

fn text(forecasts: &[Forecast]) -> String {
    let tickets = forecasts.iter().map(|forecast| forecast.tickets).sum();
    let mut text = format!("Would ask for {}. Nothing was asked, nothing was written.\n", count(tickets, "ticket"));
    for forecast in forecasts {
        let Forecast { tracker, tickets, listed, listings, requests, closings, further, evidence, quota, unasked } =
            forecast;
        let asked = tickets - listed;
        let tickets = count(*tickets, "ticket");
        if let Some(because) = unasked {
            let _ = writeln!(text, "{tracker}: {tickets} not asked for: {because}.");
            continue;
        }
        let _ = match (listed, asked) {
            (0, _) => write!(text, "{tracker}: {tickets} in {}", count(*requests, "request")),
            (_, 0) => write!(text, "{tracker}: {tickets} by {}", listings_of(*listings)),
            _ => write!(
                text,
                "{tracker}: {tickets}, {listed} of them by {}, the others in {}",
                listings_of(*listings),
                count(*requests, "request")
            ),
        };
        if *further > 0 {
            let (further, closings) = (count(*further, "request"), count(*closings, "closing"));
            let _ = write!(text, ", then at most {further} to look at {closings} at most");
        }
        if *evidence > 0 {
            let _ = write!(text, ", then at most {} for evidence of closed remedies", count(*evidence, "request"));
        }
        if let Some(quota) = quota {
            let _ = write!(text, "; {}", share(quota));
        }
        text.push_str(".\n");
    }
    text
}

fn listings_of(number: usize) -> String {
    format!("{} of what changed (which is asked for on top)", count(number, "listing"))
}

fn share(Quota { of, takes, allows }: &Quota) -> String {
    if takes > allows {
        return format!("at most {takes} {of}, of which an hour allows {allows}: the rest comes with later passes");
    }
    let percent = 100.0 * f64::from(u32::try_from(*takes).unwrap_or(u32::MAX))
        / f64::from(u32::try_from(*allows).unwrap_or(u32::MAX).max(1));
    format!("at most {takes} of the {allows} {of} of an hour ({percent:.1} %)")
}

fn json(forecasts: &[Forecast]) -> serde_json::Value {
    let quota = |quota: &Quota| serde_json::json!({"of": quota.of, "takes": quota.takes, "allows": quota.allows});
    let tracker = |forecast: &Forecast| {
        serde_json::json!({
            "tracker": forecast.tracker, "tickets": forecast.tickets, "listed": forecast.listed,
            "listings": forecast.listings, "requests": forecast.requests,
            "closings_at_most": forecast.closings, "further_requests_at_most": forecast.further,
            "evidence_requests_at_most": forecast.evidence,
            "hourly_quota": forecast.quota.as_ref().map(quota), "unasked": forecast.unasked,
        })
    };
    serde_json::json!({
        "schema": 1,
        "dry_run": true,
        "tickets": forecasts.iter().map(|forecast| forecast.tickets).sum::<usize>(),
        "trackers": forecasts.iter().map(tracker).collect::<Vec<_>>(),
    })
}
