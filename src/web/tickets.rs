//! What is known of tickets, for checks that ask this daemon instead of the trackers.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tokio::sync::watch;

use crate::domain::inquiry::{Known, MOST, Wanted};
use crate::domain::known::KnownTicket;
use crate::sync::Shop;

/// Answers `POST /tickets.json` with what is known of the tickets named, each with the times at which it was true. What
/// nobody here cites is left out.
pub(super) async fn tickets(State(shop): State<watch::Receiver<Shop>>, Json(wanted): Json<Wanted>) -> Response {
    if wanted.tickets.len() > MOST {
        return (StatusCode::PAYLOAD_TOO_LARGE, format!("at most {MOST} tickets at once\n")).into_response();
    }
    let store = shop.borrow().store.clone();
    match store.known().await {
        Ok(mut known) => {
            let tickets = wanted.tickets.iter().filter_map(|id| known.tickets.remove(id));
            let tickets = tickets.map(|ticket| KnownTicket { history: Vec::new(), ..ticket }).collect();
            Json(Known { schema: 1, tickets }).into_response()
        }
        Err(error) => {
            tracing::error!("cannot tell of tickets: {error:#}");
            (StatusCode::INTERNAL_SERVER_ERROR, "the store cannot be read; the log says why\n").into_response()
        }
    }
}
