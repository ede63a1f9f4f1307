//! One visit of a page: the shop as it is then, and how fresh what it knows is.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use chrono::{Days, NaiveDate};
use tokio::sync::watch;

use super::query::Senseless;
use crate::domain::access::Role;
use crate::domain::pages::AsOf;
use crate::domain::time::Moment;
use crate::domain::waiver::Waiver;
use crate::report::site::{Frame, Part};
use crate::store::StoreError;
use crate::sync::Shop;
use crate::web::gate::Visitor;
use crate::web::vitals::Vitals;

/// What came within so many days is new.
const NEW: Days = Days::new(7);

/// One visit. A handler that takes it is given the shop of the moment.
pub(in crate::web) struct Visit {
    /// The shop.
    pub(in crate::web) shop: Shop,
    /// The present moment.
    pub(in crate::web) now: Moment,
    /// Who visits.
    pub(in crate::web) visitor: Visitor,
    as_of: AsOf,
}

/// Why a page cannot be shown.
pub(in crate::web) enum Failed {
    /// The address means nothing: the visitor's trouble.
    Senseless(String),
    /// The server's trouble, which the log tells.
    Broken(anyhow::Error),
}

impl From<Senseless> for Failed {
    fn from(Senseless(says): Senseless) -> Self {
        Self::Senseless(says)
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Broken(error.into())
    }
}

impl From<anyhow::Error> for Failed {
    fn from(error: anyhow::Error) -> Self {
        Self::Broken(error)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        match self {
            Self::Senseless(says) => (StatusCode::BAD_REQUEST, format!("{says}\n")).into_response(),
            Self::Broken(error) => {
                tracing::error!("cannot show a page: {error:#}");
                let says = "the page cannot be shown; the log says why\n";
                (StatusCode::INTERNAL_SERVER_ERROR, says).into_response()
            }
        }
    }
}

impl FromRequestParts<watch::Receiver<Shop>> for Visit {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, shop: &watch::Receiver<Shop>) -> Result<Self, Failed> {
        let shop = shop.borrow().clone();
        let mut as_of = shop.store.as_of().await?;
        as_of.running = parts.extensions.get::<Vitals>().and_then(Vitals::progress);
        let visitor = parts.extensions.get::<Visitor>().cloned();
        // Whoever comes by no gate may look.
        let visitor = visitor.unwrap_or(Visitor { name: None, role: Role::Read });
        Ok(Self { now: shop.clock.now(), visitor, as_of, shop })
    }
}

impl Visit {
    /// Every waiver that was not taken back: of the configuration, of the store, of documents.
    pub(in crate::web) async fn waivers(&self) -> Result<Vec<Waiver>, StoreError> {
        let mut waivers = self.shop.waivers.clone();
        waivers.extend(self.shop.store.waivers().await?);
        waivers.extend(self.shop.store.markers().await?);
        Ok(waivers)
    }

    /// The day from which on what came is new.
    pub(in crate::web) fn week_ago(&self) -> NaiveDate {
        self.now.date_naive().checked_sub_days(NEW).unwrap_or(NaiveDate::MIN)
    }

    /// Whether they may decide.
    pub(in crate::web) fn may_decide(&self) -> bool {
        self.visitor.role >= Role::Decide
    }

    /// What stands around a page of this part.
    pub(in crate::web) fn frame(&self, part: Part) -> Frame<'_> {
        Frame { part, as_of: &self.as_of, now: self.now, search: "", may_decide: self.may_decide() }
    }
}
