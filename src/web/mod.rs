//! The page, what machines ask for, and what trackers send.

mod gate;
mod metrics;
pub mod operations;
mod server;
mod tls;
pub mod unsubscribe;
pub mod vitals;
pub mod webhooks;

mod tickets;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::sync::watch;

pub use self::gate::Gate;
pub use self::server::serve;
pub use self::tls::Tls;
use crate::domain::access::Role;
use crate::report::{self, Report};
use crate::sync::{self, Shop};

/// Everything that is served: the report as a page at `/`, as JSON at `/report.json`, what is known of tickets
/// at `/tickets.json`, for whom `gate` lets in; and `/healthz`. They show the shop as it is when they are asked for.
pub fn router(shop: watch::Receiver<Shop>, gate: &Gate) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/report.json", get(json))
        .route("/tickets.json", post(tickets::tickets))
        .route_layer(from_fn_with_state((gate.clone(), Role::Read), gate::guard))
        .route("/healthz", get(|| async { "ok\n" }))
        .fallback(|| async { (StatusCode::NOT_FOUND, "there is no such page; the report is at /\n") })
        .with_state(shop)
}

async fn page(State(shop): State<watch::Receiver<Shop>>) -> Response {
    let shop = shop.borrow().clone();
    let rendered =
        render(shop, |report| report::html(report, report::Page { refresh: true, json: Some("/report.json") })).await;
    rendered.map_or_else(|answer| answer, |body| answer(body, "text/html; charset=utf-8"))
}

async fn json(State(shop): State<watch::Receiver<Shop>>) -> Response {
    let shop = shop.borrow().clone();
    let rendered = render(shop, report::json).await;
    rendered.map_or_else(|answer| answer, |body| answer(body, "application/json"))
}

/// Renders what is known now. A store that cannot be read is the server's trouble, and the log tells why.
async fn render(shop: Shop, draw: impl FnOnce(&Report<'_>) -> String) -> Result<String, Response> {
    match sync::judge_all(&shop).await {
        Ok((known, judged)) => Ok(draw(&Report::new(&known, &judged, shop.clock.now()))),
        Err(error) => {
            tracing::error!("cannot show the report: {error:#}");
            Err((StatusCode::INTERNAL_SERVER_ERROR, "the report cannot be shown; the log says why\n").into_response())
        }
    }
}

/// The page runs nothing and loads nothing; the headers hold browsers to that.
fn answer(body: String, kind: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(
                "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            ),
        ),
    ];
    (headers, body).into_response()
}
