//! One visit of a page: the shop as it is then, and how fresh what it knows is.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use tokio::sync::watch;

use crate::domain::pages::AsOf;
use crate::domain::time::Moment;
use crate::report::site::{Frame, Part};
use crate::sync::Shop;

/// One visit. A handler that takes it is given the shop of the moment.
pub(in crate::web) struct Visit {
    /// The shop.
    pub(in crate::web) shop: Shop,
    /// The present moment.
    pub(in crate::web) now: Moment,
    as_of: AsOf,
}

/// Why a page cannot be shown: the server's trouble, which the log tells.
pub(in crate::web) struct Failed(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        tracing::error!("cannot show a page: {:#}", self.0);
        (StatusCode::INTERNAL_SERVER_ERROR, "the page cannot be shown; the log says why\n").into_response()
    }
}

impl FromRequestParts<watch::Receiver<Shop>> for Visit {
    type Rejection = Failed;

    async fn from_request_parts(_: &mut Parts, shop: &watch::Receiver<Shop>) -> Result<Self, Failed> {
        let shop = shop.borrow().clone();
        let as_of = shop.store.as_of().await?;
        Ok(Self { now: shop.clock.now(), as_of, shop })
    }
}

impl Visit {
    /// What stands around a page of this part.
    pub(in crate::web) fn frame(&self, part: Part) -> Frame<'_> {
        Frame { part, as_of: &self.as_of, now: self.now, search: "" }
    }
}
