//! The listening side: connections in, bounded in number, in size and in the time that requests and answers may take.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, HeaderValue, header};
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
use super::patience::{InTime, Taken};
use super::tls::Tls;

/// How many connections are open at the same time at most; further ones wait to be accepted.
const CONNECTIONS: usize = 512;

/// File handles of one connection: its own, and those of a store that is read to answer.
const HANDLES: u64 = 4;

/// File handles for everything else: the store that is written, trackers, documents, the runtime.
const OTHER_HANDLES: u64 = 24;

/// The longest head of a request, in bytes.
const LONGEST_HEAD: usize = 64 << 10;

/// What strangers may take of us, whatever they ask for: whoever is slow gives way to others.
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// Connections at the same time; further ones wait to be accepted.
    connections: usize,
    /// How long the head of a request may take, and how long a connection may be idle before one.
    head: Duration,
    /// How long the body of a request may be waited for.
    body: Duration,
    /// How long nothing of an answer may be taken.
    stuck: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let (head, body) = (Duration::from_secs(10), Duration::from_secs(10));
        Self { connections: CONNECTIONS, head, body, stuck: Duration::from_secs(30) }
    }
}

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
    serve_with(Patience::default(), listener, router, tls, stop).await
}

async fn serve_with(
    patience: Patience,
    listener: TcpListener,
    router: Router,
    tls: watch::Receiver<Option<Tls>>,
    stop: CancellationToken,
) -> io::Result<()> {
    let permits = Arc::new(Semaphore::new(connections(patience.connections)));
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
        let stream = Taken::new(stream, patience.stuck);
        let (router, peer, watcher) = (router.clone(), Peer(peer.ip()), open.watcher());
        let tls = tls.borrow().clone();
        tokio::spawn(async move {
            match tls {
                None => converse(stream, router, peer, patience, watcher).await,
                Some(Tls(config)) => {
                    // Whoever does not manage to greet us in time is as slow as one whose request does not come.
                    let greeting = TlsAcceptor::from(config).accept(stream);
                    if let Ok(Ok(stream)) = tokio::time::timeout(patience.head, greeting).await {
                        converse(stream, router, peer, patience, watcher).await;
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
fn connections(most: usize) -> usize {
    let handles = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let enough_for = handles.saturating_sub(OTHER_HANDLES) / HANDLES;
    usize::try_from(enough_for).unwrap_or(usize::MAX).clamp(1, most)
}

/// Answers the requests of one connection until it ends, or until the one under way is answered at a stop.
async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + 'static,
    router: Router,
    peer: Peer,
    patience: Patience,
    watcher: Watcher,
) {
    let router = TowerToHyperService::new(router);
    let service = hyper::service::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(peer);
        let answer = router.call(request.map(|body| InTime::new(body, patience.body)));
        async move {
            let mut answer = answer.await?;
            careful(answer.headers_mut());
            Ok::<_, std::convert::Infallible>(answer)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    // What goes wrong with one connection is its client's concern.
    let _ = watcher.watch(connection).await;
}

/// Says of every answer what is not said of it already: it is kept nowhere, taken for nothing else, and loads nothing.
fn careful(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// `EMFILE` and `ENFILE`, `ENOBUFS` and `ENOMEM` on Linux: they pass when connections end.
fn is_short_of_sockets(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(24 | 23 | 105 | 12))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpStream};

    use axum::body::Bytes;
    use axum::extract::Request;
    use axum::routing::{get, post};
    use tokio::sync::mpsc;

    use super::*;

    /// An answer that no buffer of the system takes whole.
    const MUCH: usize = 64 << 20;

    const NEVER: Duration = Duration::from_secs(3600);

    struct Served {
        address: SocketAddr,
        /// Rung when a request has come as far as its handler.
        come: mpsc::UnboundedReceiver<()>,
        _stop: tokio_util::sync::DropGuard,
    }

    async fn served(patience: Patience) -> Served {
        let (bell, come) = mpsc::unbounded_channel();
        let bell_too = bell.clone();
        let take = async move |request: Request| {
            bell.send(()).unwrap();
            axum::body::to_bytes(request.into_body(), 1000).await.map_err(|error| error.to_string())
        };
        let give = async move || {
            bell_too.send(()).unwrap();
            Bytes::from(vec![0; MUCH])
        };
        let router = Router::new().route("/take", post(take)).route("/give", get(give)).route("/", get(async || "ok"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
        tokio::spawn(serve_with(patience, listener, router, watch::channel(None).1, stop.clone()));
        Served { address, come, _stop: stop.drop_guard() }
    }

    /// Sends this, and reads nothing yet.
    fn sent(address: SocketAddr, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        stream
    }

    /// Everything until the other side closes the line.
    async fn read(mut stream: TcpStream) -> io::Result<Vec<u8>> {
        let reading = move || {
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).map(|_| answer)
        };
        tokio::task::spawn_blocking(reading).await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn f3_whoever_is_slow_gives_way_to_others() {
        let soon = Duration::from_millis(100);
        let mut served = served(Patience { connections: 2, head: NEVER, body: soon, stuck: soon }).await;
        let half = sent(served.address, "POST /take HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhal");
        let deaf = sent(served.address, "GET /give HTTP/1.1\r\nhost: x\r\n\r\n");
        // Both are taken in, and there is no room for a third.
        for _ in 0..2 {
            served.come.recv().await.unwrap();
        }
        let third = read(sent(served.address, "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).await.unwrap();
        let third = String::from_utf8(third).unwrap();
        assert!(third.starts_with("HTTP/1.1 200") && third.ends_with("ok"), "{third}");
        for header in ["cache-control: no-store", "x-content-type-options: nosniff", "referrer-policy: no-referrer"] {
            assert!(third.contains(header), "{third}");
        }
        let told = String::from_utf8(read(half).await.unwrap()).unwrap();
        assert!(told.ends_with("the body did not come in time"), "{told}");
        // Whatever the system had room for comes, and not the rest.
        assert!(read(deaf).await.map_or(0, |answer| answer.len()) < MUCH);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_takes_what_is_given_is_given_all_of_it() {
        let mut served = served(Patience { connections: 1, head: NEVER, body: NEVER, stuck: NEVER }).await;
        let busy = sent(served.address, "GET /give HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        served.come.recv().await.unwrap();
        assert!(read(busy).await.unwrap().len() > MUCH);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_head_without_end_is_refused() {
        let served = served(Patience { connections: 1, head: NEVER, body: NEVER, stuck: NEVER }).await;
        let long = format!("GET / HTTP/1.1\r\nhost: x\r\nx-long: {}", "x".repeat(LONGEST_HEAD));
        match read(sent(served.address, &long)).await {
            Ok(told) => assert!(told.is_empty() || told.starts_with(b"HTTP/1.1 431"), "{told:?}"),
            // The line is closed while we still write.
            Err(error) => assert_eq!(error.kind(), io::ErrorKind::ConnectionReset),
        }
    }
}
