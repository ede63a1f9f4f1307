//! Pages that lead from single challenges to what to do: patterns, trends, minutes; and how the data are.

use axum::response::Response;
use chrono::NaiveTime;

use super::query::Query;
use super::visit::Failed;
use super::{Visit, missing, page};
use crate::domain::pages::Choice;
use crate::report::{
    self,
    site::{self, Part},
};

/// Challenges on the list of what to look at first.
const FIRST: usize = 10;

/// Changes of each way that a page looks at.
const CHANGES: usize = 2_000;

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

/// `GET /changes?since=2026-11-15&part=worse`: what is other than it was when that day began; without a day, a week ago.
pub(super) async fn changes(visit: Visit, query: Query) -> Result<Response, Failed> {
    let part = query.word("part", &report::PARTS, |part| part)?;
    let since = query.read("since")?.unwrap_or_else(|| visit.week_ago());
    let changes = visit.shop.store.changes(since.and_time(NaiveTime::MIN).and_utc(), Some(CHANGES)).await?;
    Ok(page(site::changes(visit.frame(Part::Changes), since, &changes, part, query.page()?)))
}

/// `GET /minutes?intention=quest`: meetings, newest first; with `on=2024-03-06` those of a day and all that was said there,
/// from the topic on that `at` names.
pub(super) async fn minutes(visit: Visit, query: Query) -> Result<Response, Failed> {
    let intention = query.text("intention");
    if let Some(day) = query.read("on")? {
        let minutes = visit.shop.store.meetings_on(day, intention).await?;
        if minutes.leaf.all == 0 {
            return Ok(missing(&visit, Part::Minutes, "No meeting of that day is in a document in force."));
        }
        let (at, nth) = (query.text("at"), query.page()?);
        return Ok(page(site::meetings_on(visit.frame(Part::Minutes), (day, intention), &minutes, at, nth)));
    }
    let minutes = visit.shop.store.meetings(intention, MEETINGS, query.page()?).await?;
    Ok(page(site::minutes(visit.frame(Part::Minutes), intention, &minutes)))
}

/// `GET /health`: what could be read and asked, and what could not.
pub(super) async fn health(visit: Visit) -> Result<Response, Failed> {
    let health = visit.shop.store.health().await?;
    Ok(page(site::health(visit.frame(Part::Health), &health)))
}
