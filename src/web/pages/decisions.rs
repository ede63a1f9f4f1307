//! What people decided.

use axum::response::Response;

use super::exports::trail;
use super::query::Query;
use super::visit::Failed;
use super::{Visit, page};
use crate::report::site::{self, Decisions, Part};

/// Entries of the audit trail on one page.
const STRETCH: usize = 100;

/// `GET /decisions?before=NUMBER`: waivers and their ends, verdicts of people, and the audit trail, a stretch at a time.
/// `decided` says that the reader decided something just now.
pub(super) async fn decisions(visit: Visit, query: Query) -> Result<Response, Failed> {
    let store = &visit.shop.store;
    let (trail, older) = trail(&visit, &query, STRETCH).await?;
    let told = Decisions {
        waivers: visit.waivers().await?,
        decided: store.decided().await?,
        flags: store.flags().await?,
        older,
        is_older: query.read::<i64>("before")?.is_some(),
        just_decided: query.text("decided").is_some_and(|it| !it.is_empty()),
        may_decide: visit.may_decide(),
        trail,
    };
    Ok(page(site::decisions(visit.frame(Part::Decisions), &told)))
}
