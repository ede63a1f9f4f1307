//! One ticket asked for now, by its link alone: no document, no store, and no configuration unless there is one that
//! claims the link.

use std::path::Path;

use url::Url;

use super::args::Why;
use super::failure::{Advice, Exit};
use super::output::{Output, complain};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::known::{Known, KnownTicket, KnownTracker};
use crate::domain::lookup::{LookupKind, TroubleKind};
use crate::domain::policy::Policy;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::http::{Client, Limits};
use crate::judge;
use crate::report::{self, Report};
use crate::store::Store;
use crate::sync;
use crate::trackers::Trackers;

/// Asks for the ticket behind a link and tells why its verdict is what it is.
pub(super) async fn why(config: Option<&Config>, link: &Url, arguments: &Why, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(&["text", "json"])?;
    let claimed = config.filter(|_| arguments.api_url.is_none() && arguments.token_env.is_none());
    let claimed = claimed.and_then(|config| Some((config.clone(), sync::named(link.as_str(), &config.claims())?)));
    let (config, ticket) = match claimed {
        Some(claimed) => claimed,
        None => made_up(link, arguments)?,
    };
    let now = Clock::system().now();
    let (known, requests) = ask(&config, &ticket, now).await?;
    let judged = judge::judge(&known, &Policy::default(), now);
    let report = Report { complete: true, ..Report::new(&known, &judged, now) };
    let told = match format {
        "json" => report::why_json(&report, &ticket),
        _ => report::why(&report, &ticket, output.style()),
    };
    output.data(&told.unwrap_or_default())?;
    output.say(&format!("Asked {} in {}.", asked_at(&config, &ticket), super::progress::count(requests, "request")));
    Ok(end(&known, &ticket))
}

/// Where the ticket's tracker was asked.
fn asked_at(config: &Config, ticket: &TicketId) -> String {
    let tracker = config.trackers.iter().find(|tracker| tracker.id == *ticket.tracker());
    tracker.map(|tracker| tracker.api_url.to_string()).unwrap_or_default()
}

/// How it ended: an answer is fine, whatever it says; hidden and unreachable could not be told.
fn end(known: &Known, ticket: &TicketId) -> Exit {
    let Some(told) = known.tickets.get(ticket) else { return Exit::CouldNotTell };
    let trouble = known.trackers.iter().find_map(|tracker| tracker.trouble.as_ref());
    let says = told.lookup_says.as_deref().unwrap_or("no reason was told");
    match told.lookup {
        LookupKind::Found | LookupKind::Moved | LookupKind::Gone => Exit::Fine,
        LookupKind::Hidden => {
            complain(&format!(
                "error: {ticket} is not shown: {says}\n  hint: it may be private or not there; show a token that sees it (GITHUB_TOKEN, or --token-env NAME)"
            ));
            Exit::CouldNotTell
        }
        LookupKind::Unknown if trouble.is_some_and(|trouble| trouble.kind == TroubleKind::Credentials) => {
            complain(&format!(
                "error: the credentials were refused: {says}\n  hint: check the token, or ask without one"
            ));
            Exit::Wrong
        }
        LookupKind::Unknown => {
            complain(&format!("error: could not ask for {ticket}: {says}\n  hint: try again later"));
            Exit::CouldNotTell
        }
    }
}

/// A configuration that knows nothing but the tracker that the link's form speaks of: `…/browse/KEY-1` and its kin are
/// Jira's, `…/OWNER/REPO/issues/1` is GitHub's, on github.com or an Enterprise Server.
fn made_up(link: &Url, arguments: &Why) -> anyhow::Result<(Config, TicketId)> {
    let path: Vec<&str> = link.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let forge =
        matches!(path.as_slice(), [_, _, "issues" | "pull" | "pulls", number, ..] if number.parse::<u64>().is_ok());
    let kind = if forge { "github" } else { "jira" };
    let mut site = link.clone();
    site.set_query(None);
    site.set_fragment(None);
    let above = path.iter().position(|part| *part == "browse").filter(|_| !forge).unwrap_or(0);
    site.set_path(&path[..above].join("/"));
    if site.host_str() == Some("www.github.com") {
        site.set_host(Some("github.com"))?;
    }
    let text = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let mut lines = format!("[[tracker]]\nname = \"{kind}\"\nkind = \"{kind}\"\nsite = {}\n", text(site.as_str()));
    for (key, value) in [("api_url", &arguments.api_url), ("token_env", &arguments.token_env)] {
        if let Some(value) = value {
            lines += &format!("{key} = {}\n", text(value));
        }
    }
    let config = Config::from_text(Path::new("command line"), &lines)?.of_this_run();
    match sync::named(link.as_str(), &config.claims()) {
        Some(ticket) => Ok((config, ticket)),
        None => Err(Advice::error(
            format!("`{link}` names no ticket"),
            "expected a link such as https://github.com/owner/repo/issues/12 or https://example.atlassian.net/browse/KEY-12",
        )),
    }
}

/// Asks, and gives what is known then and how many requests that took. What was asked a moment ago has no history.
async fn ask(config: &Config, ticket: &TicketId, now: Moment) -> anyhow::Result<(Known, usize)> {
    let settings = config.tracker_settings_of(ticket.tracker())?;
    let trackers = Trackers::new(&settings, &Client::new(Limits::default())?)?;
    let store = Store::in_memory().await?;
    let mut known = Known::default();
    let mut batches = trackers.ask_closely(ticket.clone().into());
    while let Some(batch) = batches.recv().await {
        store.unfenced().remember_answers(&batch.answers, now).await?;
        if let Some(health) = batch.health {
            known.trackers.push(KnownTracker {
                id: batch.tracker,
                worked_at: health.worked.then_some(now),
                trouble: health.trouble,
                asked_at: Some(now),
            });
        }
    }
    let told = store.ticket(ticket).await?.unwrap_or_else(|| KnownTicket::unasked(ticket.clone()));
    known.tickets.insert(ticket.clone(), KnownTicket { history: Vec::new(), ..told });
    let requests = trackers.requests().values().sum::<u64>();
    Ok((known, usize::try_from(requests).unwrap_or(usize::MAX)))
}
