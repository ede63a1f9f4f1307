//! The listening side: connections in, bounded in number and in the time that a request's head may take.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// How many connections are open at the same time at most; further ones wait to be accepted.
const CONNECTIONS: usize = 512;

/// How long the head of a request may take, and how long a connection may be idle before one.
const HEAD: Duration = Duration::from_secs(10);

/// How long to wait where the system has no sockets left for us.
const NO_SOCKETS: Duration = Duration::from_millis(200);

/// Serves `router` on `listener` until `stop`, then waits for the requests that are under way. Those who ask slowly are
/// cut off; `axum::serve` would wait for them for ever.
///
/// # Errors
/// When the listener is no good any more.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) -> io::Result<()> {
    let permits = Arc::new(Semaphore::new(CONNECTIONS));
    let open = GracefulShutdown::new();
    loop {
        let permit = Arc::clone(&permits).acquire_owned().await.expect("the semaphore is never closed");
        let (stream, _) = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) if is_of_one_connection(&error) => continue,
                Err(error) if is_short_of_sockets(&error) => {
                    tracing::warn!("cannot accept a connection: {error}; trying again");
                    tokio::time::sleep(NO_SOCKETS).await;
                    continue;
                }
                Err(error) => return Err(error),
            },
        };
        // Answers are written whole; waiting for more to send with them only delays the reader.
        let _ = stream.set_nodelay(true);
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone()));
        let connection = open.watch(connection);
        tokio::spawn(async move {
            // What goes wrong with one connection is its client's concern.
            let _ = connection.await;
            drop(permit);
        });
    }
    open.shutdown().await;
    Ok(())
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// `EMFILE` and `ENFILE`, `ENOBUFS` and `ENOMEM` on Linux: they pass when connections end.
fn is_short_of_sockets(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(24 | 23 | 105 | 12))
}
