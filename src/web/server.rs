//! The listening side: connections in, bounded in number and in the time that a request's head may take.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use rustix::process::{Resource, getrlimit};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::gate::Peer;
use super::tls::Tls;

/// How many connections are open at the same time at most; further ones wait to be accepted.
const CONNECTIONS: u64 = 512;

/// File handles of one connection: its own, and those of a store that is read to answer.
const HANDLES: u64 = 4;

/// File handles for everything else: the store that is written, trackers, documents, the runtime.
const OTHER_HANDLES: u64 = 24;

/// How long the head of a request may take, and how long a connection may be idle before one.
const HEAD: Duration = Duration::from_secs(10);

/// How long to wait where the system has no sockets left for us.
const NO_SOCKETS: Duration = Duration::from_millis(200);

/// Serves `router` on `listener` until `stop`, then waits for the requests that are under way. Those who ask slowly are
/// cut off; `axum::serve` would wait for them for ever. Where `tls` holds a certificate it is spoken, with the one of the
/// moment.
///
/// # Errors
/// When the listener is no good any more.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    tls: watch::Receiver<Option<Tls>>,
    stop: CancellationToken,
) -> io::Result<()> {
    let permits = Arc::new(Semaphore::new(connections()));
    let open = GracefulShutdown::new();
    loop {
        let permit = Arc::clone(&permits).acquire_owned().await.expect("the semaphore is never closed");
        let (stream, peer) = tokio::select! {
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
        let (router, peer, watcher) = (router.clone(), Peer(peer.ip()), open.watcher());
        let tls = tls.borrow().clone();
        tokio::spawn(async move {
            match tls {
                None => converse(stream, router, peer, watcher).await,
                Some(Tls(config)) => {
                    // Whoever does not manage to greet us in time is as slow as one whose request does not come.
                    if let Ok(Ok(stream)) = tokio::time::timeout(HEAD, TlsAcceptor::from(config).accept(stream)).await {
                        converse(stream, router, peer, watcher).await;
                    }
                }
            }
            drop(permit);
        });
    }
    open.shutdown().await;
    Ok(())
}

/// As many connections as the file handles last for that this process may have: one more could not be answered.
fn connections() -> usize {
    let handles = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let most = (handles.saturating_sub(OTHER_HANDLES) / HANDLES).clamp(1, CONNECTIONS);
    usize::try_from(most).expect("at most CONNECTIONS")
}

/// Answers the requests of one connection until it ends, or until the one under way is answered at a stop.
async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin + 'static, router: Router, peer: Peer, watcher: Watcher) {
    let router = TowerToHyperService::new(router);
    let service = hyper::service::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(peer);
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    // What goes wrong with one connection is its client's concern.
    let _ = watcher.watch(connection).await;
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// `EMFILE` and `ENFILE`, `ENOBUFS` and `ENOMEM` on Linux: they pass when connections end.
fn is_short_of_sockets(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(24 | 23 | 105 | 12))
}
