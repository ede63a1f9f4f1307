//! What people decided.

use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;

use super::visit::Failed;
use super::{Visit, page};
use crate::report::site::{self, Decisions, Part};

/// Entries of the audit trail on one page.
const STRETCH: usize = 100;

/// Which part of it.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    before: Option<i64>,
    #[serde(default)]
    decided: String,
}

/// `GET /decisions`: waivers and their ends, verdicts of people, and the audit trail, a stretch at a time.
pub(super) async fn decisions(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Failed> {
    let store = &visit.shop.store;
    let waivers = visit.waivers().await?;
    let mut trail = store.audit(wanted.before, STRETCH + 1).await?;
    let more = trail.len() > STRETCH;
    trail.truncate(STRETCH);
    let told = Decisions {
        waivers,
        decided: store.decided().await?,
        flags: store.flags().await?,
        older: trail.last().filter(|_| more).map(|act| act.number),
        is_older: wanted.before.is_some(),
        just_decided: !wanted.decided.is_empty(),
        may_decide: visit.may_decide(),
        trail,
    };
    Ok(page(site::decisions(visit.frame(Part::Decisions), &told)))
}
