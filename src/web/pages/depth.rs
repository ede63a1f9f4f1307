//! Pages that tell of one thing in depth, and the first page.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};

use super::query::Query;
use super::visit::Failed;
use super::{Visit, missing, page};
use crate::domain::challenge::ChallengeId;
use crate::domain::pages::SoughtKind;
use crate::domain::ticket::TicketId;
use crate::report::Report;
use crate::report::site::{self, Part};
use crate::sync::{
    self,
    depth::{self, Told},
};

/// Results of a search on one page.
const RESULTS: usize = 25;

/// Characters of a search that are looked at.
const LONGEST: usize = 200;

/// `GET /`: what needs somebody.
pub(super) async fn front(visit: Visit) -> Result<Response, Failed> {
    let front = visit.shop.store.front(visit.week_ago()).await?;
    Ok(page(site::front(visit.frame(Part::Front), &front)))
}

/// `GET /challenges/ID`
pub(super) async fn challenge(visit: Visit, Path(id): Path<String>, query: Query) -> Result<Response, Failed> {
    let (id, page) = (ChallengeId(id), query.page()?);
    let told = depth::challenge(&visit.shop, &id).await?;
    let shown = told.and_then(|told| site::challenge(visit.frame(Part::Challenges), &report(&visit, &told), &id, page));
    Ok(shown.map_or_else(
        || missing(&visit, Part::Challenges, "No document in force has this challenge; perhaps it was taken out."),
        super::page,
    ))
}

/// `GET /tickets/…`: a ticket by its id; by whatever else names it, the way to that.
pub(super) async fn ticket(visit: Visit, Path(typed): Path<String>, query: Query) -> Result<Response, Failed> {
    let Some(id) = named(&visit, &typed) else {
        return Ok(missing(&visit, Part::Tickets, "That is no ticket of a tracker in the configuration."));
    };
    let page = query.page()?;
    if id.to_string() != typed {
        return Ok(Redirect::to(&site::ticket_address(&id)).into_response());
    }
    let told = depth::ticket(&visit.shop, &id).await?;
    let shown =
        told.and_then(|told| site::ticket(visit.frame(Part::Tickets), &report(&visit, &told), &id, told.citing, page));
    Ok(shown.map_or_else(
        || missing(&visit, Part::Tickets, "Nothing is known of this ticket: no document cites it."),
        super::page,
    ))
}

/// `GET /search`: what has all of the words.
pub(super) async fn search(visit: Visit, query: Query) -> Result<Response, Failed> {
    let typed: String = query.text("q").unwrap_or_default().trim().chars().take(LONGEST).collect();
    let kind = query.word("kind", &SoughtKind::ALL, SoughtKind::word)?;
    let words: Vec<String> = typed.split_whitespace().map(str::to_owned).collect();
    let found = visit.shop.store.search(&words, kind, RESULTS, query.page()?).await?;
    let jump = match named(&visit, &typed) {
        Some(id) => visit.shop.store.ticket(&id).await?.map(|known| known.id),
        None => None,
    };
    let frame = site::Frame { search: &typed, ..visit.frame(Part::Search) };
    Ok(page(site::search(frame, &found, kind, jump.as_ref())))
}

fn report<'a>(visit: &Visit, told: &'a Told) -> Report<'a> {
    Report { past: Some(&told.past), ..Report::new(&told.known, &told.judged, visit.now) }
}

/// The ticket that was typed: an id, or what would be a reference in a document and nothing more.
fn named(visit: &Visit, typed: &str) -> Option<TicketId> {
    if typed.contains(char::is_whitespace) || typed.is_empty() {
        return None;
    }
    sync::named(typed, &visit.shop.claims)
}
