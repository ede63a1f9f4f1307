//! Pages that lead from single challenges to what to do: patterns, trends, minutes; and how the data are.

use axum::response::Response;

use super::query::Query;
use super::visit::Failed;
use super::{Visit, missing, page};
use crate::domain::pages::Choice;
use crate::report::site::{self, Part};

/// Challenges on the list of what to look at first.
const FIRST: usize = 10;

/// Meetings on one page.
const MEETINGS: usize = 20;

/// `GET /trends?of=category:Builds`: verdicts, what came and went, and ages, by weeks. Of everything (`all:`), a
/// `register:PATH`, a `category:NAME` or, by what it owns, a `team:NAME`.
pub(super) async fn trends(visit: Visit, query: Query) -> Result<Response, Failed> {
    let Ok(scope) = query.scope() else {
        return Ok(missing(&visit, Part::Trends, "Trends are of everything, a register, a category or a team."));
    };
    let store = &visit.shop.store;
    let snapshots = store.snapshots(&scope, site::first_day(visit.now.date_naive())).await?;
    let scopes = store.scopes().await?;
    Ok(page(site::trends(visit.frame(Part::Trends), &scope, &scopes, &snapshots)))
}

/// `GET /patterns`: what to look at first, themes, categories by quarters, teams by challenges, topics that return.
pub(super) async fn patterns(visit: Visit) -> Result<Response, Failed> {
    let store = &visit.shop.store;
    let (worst, _) = store.challenges(&Choice::default(), FIRST, 1).await?;
    let (patterns, themes, titles) = store.patterns().await?;
    Ok(page(site::patterns(visit.frame(Part::Patterns), &worst, &patterns, &themes, &titles)))
}

/// `GET /minutes?intention=quest`: meetings, newest first.
pub(super) async fn minutes(visit: Visit, query: Query) -> Result<Response, Failed> {
    let intention = query.text("intention");
    let minutes = visit.shop.store.meetings(intention, MEETINGS, query.page()?).await?;
    Ok(page(site::minutes(visit.frame(Part::Minutes), intention, &minutes)))
}

/// `GET /health`: what could be read and asked, and what could not.
pub(super) async fn health(visit: Visit) -> Result<Response, Failed> {
    let health = visit.shop.store.health().await?;
    Ok(page(site::health(visit.frame(Part::Health), &health)))
}
