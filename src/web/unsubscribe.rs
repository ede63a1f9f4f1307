//! Where readers leave a digest that comes by mail: by one click of their mail program (RFC 8058), or on a page.
//!
//! Whoever has the address may leave, without a login: it stands in their own mails only. Opening it changes nothing, for
//! programs that look for harm in mails open every link.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::clock::Clock;
use crate::report::digest::{Farewell, farewell};
use crate::store::{Store, StoreError};

/// More than any mail program sends.
const LONGEST: usize = 4096;

/// The page's path: `/unsubscribe/TOKEN`.
pub fn router(store: Store, clock: Clock) -> Router {
    Router::new()
        .route("/unsubscribe/{token}", get(ask).post(change))
        .layer(DefaultBodyLimit::max(LONGEST))
        .with_state((store, clock))
}

async fn ask(State((store, _)): State<(Store, Clock)>, Path(token): Path<String>) -> Response {
    show(&store, &token).await
}

/// `List-Unsubscribe=One-Click` is what mail programs send, and the page's own button; `Subscribe=Again` the other one.
async fn change(State((store, clock)): State<(Store, Clock)>, Path(token): Path<String>, body: Bytes) -> Response {
    let says =
        |name: &str, value: &str| url::form_urlencoded::parse(&body).any(|pair| pair == (name.into(), value.into()));
    let stays = match () {
        () if says("List-Unsubscribe", "One-Click") => false,
        () if says("Subscribe", "Again") => true,
        () => return (StatusCode::BAD_REQUEST, "expected List-Unsubscribe=One-Click\n").into_response(),
    };
    // Whoever guesses does not get as far as writing.
    let changed = match store.subscription(&token).await {
        Ok(Some((_, reads))) if reads != stays => store.subscribe(&token, stays, clock.now()).await.map(drop),
        other => other.map(drop),
    };
    match changed {
        Ok(()) => show(&store, &token).await,
        Err(error) => failed(error),
    }
}

async fn show(store: &Store, token: &str) -> Response {
    let (status, page) = match store.subscription(token).await {
        Ok(Some((digest, true))) => (StatusCode::OK, farewell(Farewell::Reads(&digest))),
        Ok(Some((digest, false))) => (StatusCode::OK, farewell(Farewell::Left(&digest))),
        Ok(None) => (StatusCode::NOT_FOUND, farewell(Farewell::Unknown)),
        Err(error) => return failed(error),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(
                "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            ),
        ),
    ];
    (status, headers, page).into_response()
}

fn failed(error: StoreError) -> Response {
    tracing::error!("cannot change who gets a digest: {:#}", anyhow::Error::from(error));
    (StatusCode::SERVICE_UNAVAILABLE, "this cannot be changed now; please try again later\n").into_response()
}
