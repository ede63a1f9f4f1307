//! The pages that people read: a route for each, from what the store lists to what `report` draws.

mod deciding;
mod decisions;
mod depth;
mod exports;
mod leading;
mod lists;
mod query;
mod us_too;
mod visit;

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use tokio::sync::watch;

pub(super) use self::deciding::Bell;
pub(super) use self::visit::Visit;
use crate::report::site::{self, Part};
use crate::sync::Shop;

/// What browsers may do with a page: nothing runs in it, it loads its style from here, and its forms lead here.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What a form may send, in bytes.
const LONGEST_FORM: usize = 16 * 1024;

/// All of them.
pub(super) fn router() -> Router<watch::Receiver<Shop>> {
    Router::new()
        .route("/", get(depth::front))
        .route("/changes", get(leading::changes))
        .route("/challenges", get(lists::challenges))
        .route("/challenges/{id}", get(depth::challenge))
        .route("/registers", get(lists::registers))
        .route("/registers/{*path}", get(lists::register))
        .route("/categories", get(lists::categories))
        .route("/teams", get(lists::teams))
        .route("/owners", get(lists::owners))
        .route("/tickets", get(lists::tickets))
        .route("/tickets/{*id}", get(depth::ticket))
        .route("/findings", get(lists::findings))
        .route("/search", get(depth::search))
        .route("/findings.csv", get(exports::findings_csv))
        .route("/findings.json", get(exports::findings_json))
        .route("/findings.atom", get(exports::feed))
        .route("/badge.svg", get(exports::badge))
        .route("/decisions.csv", get(exports::decisions_csv))
        .route("/decisions.json", get(exports::decisions_json))
        .route("/trends.csv", get(exports::trends_csv))
        .route("/us-too", get(us_too::form))
        .route("/us-too.patch", get(us_too::patch))
        .route("/patterns", get(leading::patterns))
        .route("/trends", get(leading::trends))
        .route("/minutes", get(leading::minutes))
        .route("/health", get(leading::health))
        .route("/decisions", get(decisions::decisions))
        .route("/style.css", get(style))
        .route("/icon.svg", get(icon))
}

/// What takes the right to decide. `bell` is rung when something was.
pub(super) fn deciding(bell: Bell) -> Router<watch::Receiver<Shop>> {
    Router::new()
        .route("/decide", get(deciding::form).post(deciding::decide))
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        .layer(Extension(bell))
}

/// A page that is complete.
pub(super) fn page(html: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    ];
    (headers, html).into_response()
}

/// A page that says what there is not.
pub(super) fn missing(visit: &Visit, part: Part, says: &str) -> Response {
    let page = page(site::notice(visit.frame(part), "There is no such page", says));
    (StatusCode::NOT_FOUND, page).into_response()
}

/// The address of the style sheet changes with it, so a browser may keep it for as long as it likes.
async fn style() -> Response {
    kept(site::STYLE, "text/css; charset=utf-8", "private, max-age=31536000, immutable")
}

async fn icon() -> Response {
    kept(site::ICON, "image/svg+xml", "private, max-age=86400")
}

fn kept(text: &'static str, kind: &'static str, caching: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, caching)], text).into_response()
}
