//! `dragnet why`: everything behind one verdict.

use std::path::Path;

use url::Url;

use super::args::Why;
use super::failure::{Advice, Exit};
use super::output::Output;
use super::{asking, wiring};
use crate::config::Config;
use crate::domain::challenge::ChallengeId;
use crate::domain::known::Known;
use crate::domain::past::Past;
use crate::domain::ticket::TicketId;
use crate::report::{self, Report};
use crate::store::Store;
use crate::sync;

pub(super) async fn why(named: Option<&Path>, arguments: &Why, output: &Output) -> anyhow::Result<Exit> {
    let link = Url::parse(&arguments.what).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some(link) = link else {
        for (option, given) in [("--api-url", &arguments.api_url), ("--token-env", &arguments.token_env)] {
            if given.is_some() {
                return Err(Advice::error(
                    format!("{option} is for a link"),
                    "name the ticket by its link, or leave the option out",
                ));
            }
        }
        let told = remembered(&wiring::configuration(named)?, arguments, output).await?;
        return told.ok_or_else(|| {
            Advice::error(
                format!("nothing is known of `{}`", arguments.what),
                "name a ticket that a source cites, or its link to ask for it now, or a challenge's id as `dragnet report --format json` gives it",
            )
        });
    };
    let config = Config::find(named)?;
    if let Some(config) = config.as_ref().filter(|config| config.store.exists())
        && arguments.api_url.is_none()
        && arguments.token_env.is_none()
        && let Some(exit) = remembered(config, arguments, output).await?
    {
        return Ok(exit);
    }
    asking::why(config.as_ref(), &link, arguments, output).await
}

/// What the store remembers; `None` where it knows nothing of what was named.
async fn remembered(config: &Config, arguments: &Why, output: &Output) -> anyhow::Result<Option<Exit>> {
    let format = output.format(&["text", "json"])?;
    let shop = wiring::reading_room(config).await?;
    let (known, judged) = sync::judge_all(&shop).await?;
    let ticket = sync::named(&arguments.what, &shop.claims);
    let challenge = ChallengeId(arguments.what.clone());
    let past = past(&shop.store, &known, ticket.as_ref(), &challenge).await?;
    let report = Report { past: Some(&past), ..Report::new(&known, &judged, shop.clock.now()) };
    let told = match ticket {
        Some(ticket) if format == "json" => report::why_json(&report, &ticket),
        Some(ticket) => report::why(&report, &ticket, output.style()),
        None if format == "json" => report::why_challenge_json(&report, &challenge),
        None => report::why_challenge(&report, &challenge, output.style()),
    };
    let Some(told) = told else { return Ok(None) };
    output.data(&told)?;
    Ok(Some(Exit::Fine))
}

/// How what is said of the ticket named, or of the challenge, came about.
async fn past(
    store: &Store,
    known: &Known,
    ticket: Option<&TicketId>,
    challenge: &ChallengeId,
) -> anyhow::Result<Past> {
    let challenges = || known.documents.iter().flat_map(|document| &document.challenges);
    Ok(match (ticket, challenges().find(|its| its.id == *challenge)) {
        (Some(ticket), _) => {
            let citing = challenges().filter(|its| its.tickets.contains(ticket)).map(|its| its.id.clone());
            store.past_of_ticket(ticket, citing.collect()).await?
        }
        (None, Some(challenge)) => store.past_of_challenge(challenge).await?,
        (None, None) => Past::default(),
    })
}
