//! The registers as people know them.

use axum::response::Response;

use super::visit::Failed;
use super::{Visit, page};
use crate::report::site::{self, Part};

/// `GET /registers`: the documents with challenges.
pub(super) async fn registers(visit: Visit) -> Result<Response, Failed> {
    let registers = visit.shop.store.registers().await?;
    Ok(page(site::registers(visit.frame(Part::Registers), &registers)))
}
