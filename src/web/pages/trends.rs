//! Thirteen weeks of what stood.

use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;

use super::visit::Failed;
use super::{Visit, missing, page};
use crate::domain::snapshot::Scope;
use crate::report::site::{self, Part};

/// Of what.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    /// `all:`, `register:PATH`, `category:NAME` or `team:NAME`.
    #[serde(default = "everything")]
    of: String,
}

fn everything() -> String {
    "all:".to_owned()
}

/// `GET /trends?of=category:Builds`: verdicts, what came and went, and ages, by weeks.
pub(super) async fn trends(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Failed> {
    let Some(scope) = wanted.of.split_once(':').and_then(|(word, name)| Scope::of(word, name)) else {
        return Ok(missing(&visit, Part::Trends, "Trends are of everything, a register, a category or a team."));
    };
    let store = &visit.shop.store;
    let snapshots = store.snapshots(&scope, site::first_day(visit.now.date_naive())).await?;
    let scopes = store.scopes().await?;
    Ok(page(site::trends(visit.frame(Part::Trends), &scope, &scopes, &snapshots)))
}
