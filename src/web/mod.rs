//! The pages, what machines ask for, and what trackers send.

mod crowd;
mod exposition;
mod gate;
mod metrics;
pub mod operations;
mod pace;
mod pages;
mod patience;
mod server;
mod tls;
pub mod unsubscribe;
pub mod vitals;
pub mod webhooks;

mod tickets;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

pub use self::gate::Gate;
use self::pages::Bell;
pub use self::server::serve;
pub use self::tls::Tls;
use crate::domain::access::Role;
use crate::report::{self, Report};
use crate::sync::{self, Shop};

/// Whether anybody answers at all.
pub fn alive() -> Router {
    let alive = || async { "ok\n" };
    Router::new().route("/healthz", get(alive)).route("/-/healthy", get(alive))
}

/// Everything that is served: the pages from `/` on, the report as JSON at `/report.json`, what is known of tickets at
/// `/tickets.json`, for whom `gate` lets in. They show the shop as it is when they are asked for.
pub fn router(shop: watch::Receiver<Shop>, gate: &Gate) -> Router {
    Router::new()
        .route("/report.json", get(json))
        .route("/tickets.json", post(tickets::tickets))
        .merge(pages::router())
        .route_layer(from_fn_with_state((gate.clone(), Role::Read), gate::guard))
        .merge(
            pages::deciding(bell(shop.clone()))
                .route_layer(from_fn_with_state((gate.clone(), Role::Decide), gate::guard)),
        )
        .fallback(|| async { (StatusCode::NOT_FOUND, "there is no such page; the first one is at /\n") })
        .with_state(shop)
}

/// The same for those who do not ask too fast. What bounds itself, or must be answered whatever comes, stands beside it.
pub fn paced(router: Router, gate: &Gate) -> Router {
    router.layer(from_fn_with_state(gate.clone(), gate::hold_back))
}

/// What to ring when people decided something: what follows is judged then, one time for all that ring meanwhile. It ends
/// with the router.
fn bell(shop: watch::Receiver<Shop>) -> Bell {
    let (bell, mut rung) = mpsc::channel(1);
    tokio::spawn(async move {
        while rung.recv().await.is_some() {
            let shop = shop.borrow().clone();
            if let Err(error) = sync::catch_up(&shop, &CancellationToken::new()).await {
                tracing::error!("cannot judge what was decided; the next pass does: {error:#}");
            }
        }
    });
    bell
}

async fn json(State(shop): State<watch::Receiver<Shop>>) -> Response {
    let shop = shop.borrow().clone();
    // A store that cannot be read is the server's trouble, and the log tells why.
    match sync::judge_all(&shop).await {
        Ok((known, judged)) => {
            let json = report::json(&Report::new(&known, &judged, shop.clock.now()));
            ([(header::CONTENT_TYPE, "application/json")], json).into_response()
        }
        Err(error) => {
            tracing::error!("cannot show the report: {error:#}");
            (StatusCode::INTERNAL_SERVER_ERROR, "the report cannot be shown; the log says why\n").into_response()
        }
    }
}
