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
use crate::domain::ticket::TicketId;
use crate::report::{self, Past, Report};
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

/// How the verdicts came about on the ticket named, or on all tickets of the challenge.
async fn past(
    store: &Store,
    known: &Known,
    ticket: Option<&TicketId>,
    challenge: &ChallengeId,
) -> anyhow::Result<Past> {
    let mut past = Past::default();
    let mut tickets: Vec<&TicketId> = ticket.into_iter().collect();
    if ticket.is_none() {
        past.standings = store.standing_history(challenge).await?;
        past.register = store.register_history(challenge).await?;
        let challenges = known.documents.iter().flat_map(|document| &document.challenges);
        let named: Vec<_> = challenges.filter(|its| its.id == *challenge).collect();
        if let Some(named) = named.first() {
            past.suggested = store.similar_topics(&named.title, &named.tickets).await?;
        }
        tickets.extend(named.into_iter().flat_map(|its| &its.tickets));
    }
    for ticket in tickets {
        let verdicts = store.verdict_history(ticket).await?.into_iter();
        past.verdicts.extend(verdicts.map(|(at, verdict, confidence)| (ticket.clone(), at, verdict, confidence)));
        past.decisions.extend(store.decisions(ticket).await?);
    }
    Ok(past)
}
