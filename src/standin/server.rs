//! The listening part of a stand-in: requests in, the site's answers or a mishap out, everything written down.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ::http::{HeaderMap, Response, header};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::request::Parts;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinHandle;
use tokio_util::io::ReaderStream;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::mishap::{Fault, Mishap};

/// Longest request body that is read.
const LONGEST: usize = 16 * 1024 * 1024;

/// What a stand-in answers with when nothing is wrong.
pub trait Site: Send + Sync + 'static {
    /// Answers one request.
    fn answer(&self, request: &Request) -> Answer;
}

/// A request as a site sees it.
#[derive(Debug)]
pub struct Request {
    /// `GET`, `POST` …
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// The query, decoded.
    pub query: Vec<(String, String)>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Request {
    /// The first value of a query parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A header's text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The address that the client used, without a path.
    pub(super) fn origin(&self) -> String {
        format!("http://{}", self.header("host").unwrap_or("127.0.0.1"))
    }
}

/// An answer as a site gives it.
#[derive(Debug, Clone)]
pub struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// Whether the connection breaks off in the middle of it.
    pub(super) cut: bool,
}

impl Answer {
    /// JSON.
    pub(super) fn json(status: u16, body: &Value) -> Self {
        let body = serde_json::to_vec(body).expect("a value is always JSON");
        Self { status, headers: Vec::new(), body, cut: false }.with("content-type", "application/json; charset=utf-8")
    }

    /// A web page.
    pub(super) fn page(status: u16, html: &str) -> Self {
        Self { status, headers: Vec::new(), body: html.as_bytes().to_vec(), cut: false }
            .with("content-type", "text/html; charset=utf-8")
    }

    /// A message in a form that both GitHub's and Jira's clients know.
    pub(super) fn message(status: u16, message: &str) -> Self {
        Self::json(status, &serde_json::json!({"message": message}))
    }

    /// With one more header.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// One request and its answer, as written down.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// When the request had come.
    pub came: Instant,
    /// `GET`, `POST` …
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The request's headers.
    pub headers: HeaderMap,
    /// The request's body; empty when bodies are not kept.
    pub request: Bytes,
    /// The status answered.
    pub status: u16,
    /// The body answered; empty when bodies are not kept.
    pub response: Bytes,
}

impl Exchange {
    /// A request header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The request's body as JSON; `null` when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.request).unwrap_or(Value::Null)
    }
}

/// What a running stand-in shares with its connections.
struct Shared {
    site: Box<dyn Site>,
    book: Mutex<Book>,
}

/// What may change while it runs.
#[derive(Default)]
struct Book {
    exchanges: Vec<Exchange>,
    faults: Vec<Fault>,
    latency: Duration,
    without_bodies: bool,
    under_way: usize,
    busiest: usize,
}

impl Shared {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stand-in that is being served. Dropping it ends the service.
pub struct Running {
    /// Where it listens.
    pub url: Url,
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: tokio::sync::Mutex<Listening>,
}

/// What holds the port.
enum Listening {
    /// A server, and what stops it.
    Served(CancellationToken, JoinHandle<()>),
    /// Nobody: a socket that is bound and doesn't listen, so that no other server takes the port meanwhile.
    Refused(Option<TcpSocket>),
}

/// Serves a site on a free port of the loopback address.
///
/// # Errors
/// When no port can be had.
pub async fn serve(site: impl Site) -> io::Result<Running> {
    serve_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?, site)
}

/// Serves a site on a listener.
///
/// # Errors
/// When the listener has no address.
pub fn serve_on(listener: TcpListener, site: impl Site) -> io::Result<Running> {
    let address = listener.local_addr()?;
    let url = Url::parse(&format!("http://{address}")).map_err(io::Error::other)?;
    let shared = Arc::new(Shared { site: Box::new(site), book: Mutex::default() });
    let listening = tokio::sync::Mutex::new(listen(listener, &shared));
    Ok(Running { url, address, shared, listening })
}

fn listen(listener: TcpListener, shared: &Arc<Shared>) -> Listening {
    let stop = CancellationToken::new();
    let router = Router::new().fallback(handle).with_state(Arc::clone(shared));
    let server = axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
    let task = tokio::spawn(async move {
        // The listener of a stand-in fails only with the machine that it stands on.
        let _ = server.await;
    });
    Listening::Served(stop, task)
}

fn hold(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

impl Running {
    /// Everything asked and answered so far.
    pub fn requests(&self) -> Vec<Exchange> {
        self.shared.book().exchanges.clone()
    }

    /// Forgets what was asked so far.
    pub fn forget(&self) {
        self.shared.book().exchanges.clear();
    }

    /// Writes down requests without bodies from now on, to keep memory low.
    pub fn without_bodies(&self) {
        self.shared.book().without_bodies = true;
    }

    /// Takes this long over every answer from now on.
    pub fn latency(&self, latency: Duration) {
        self.shared.book().latency = latency;
    }

    /// The most requests that were under way at the same time.
    pub fn busiest(&self) -> usize {
        self.shared.book().busiest
    }

    /// Misbehaves from now on. Of several faults, the one that came last and strikes counts.
    pub fn fail(&self, fault: impl Into<Fault>) {
        self.shared.book().faults.push(fault.into());
    }

    /// Behaves again.
    pub fn heal(&self) {
        self.shared.book().faults.clear();
    }

    /// Stops listening: connections are refused until [`Running::resume`].
    pub async fn refuse(&self) {
        let mut listening = self.listening.lock().await;
        if let Listening::Served(stop, task) = &mut *listening {
            stop.cancel();
            if tokio::time::timeout(Duration::from_secs(2), &mut *task).await.is_err() {
                task.abort();
                let _ = task.await;
            }
            *listening = Listening::Refused(hold(self.address).ok());
        }
    }

    /// Listens again, at the same address.
    ///
    /// # Errors
    /// When somebody else took the port meanwhile.
    pub async fn resume(&self) -> io::Result<()> {
        let mut listening = self.listening.lock().await;
        if let Listening::Refused(held) = &mut *listening {
            drop(held.take());
            *listening = listen(TcpListener::bind(self.address).await?, &self.shared);
        }
        Ok(())
    }

    /// Stops for good.
    pub async fn stop(self) {
        self.refuse().await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Listening::Served(stop, _) = self.listening.get_mut() {
            stop.cancel();
        }
    }
}

async fn handle(State(shared): State<Arc<Shared>>, request: axum::extract::Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LONGEST).await else { return Response::new(Body::empty()) };
    let path = head.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let (request, came) = (read(head, body), Instant::now());
    let (fault, latency) = {
        let mut book = shared.book();
        book.under_way += 1;
        book.busiest = book.busiest.max(book.under_way);
        let fault =
            book.faults.iter_mut().rev().find_map(|fault| fault.strikes(&request).then(|| fault.mishap.clone()));
        (fault, book.latency)
    };
    let slow = match &fault {
        Some(Mishap::Slow(pause)) => *pause,
        _ => Duration::ZERO,
    };
    let trickle = match &fault {
        Some(Mishap::Trickle(pause)) => Some(*pause),
        _ => None,
    };
    if !(latency + slow).is_zero() {
        tokio::time::sleep(latency + slow).await;
    }
    let truth = || shared.site.answer(&request);
    let answer = match fault {
        Some(mishap) => mishap.apply(truth),
        None => truth(),
    };
    let body = Bytes::from(answer.body);
    {
        let mut book = shared.book();
        book.under_way -= 1;
        let kept = |bytes: &Bytes| if book.without_bodies { Bytes::new() } else { bytes.clone() };
        let exchange = Exchange {
            came,
            method: request.method,
            path,
            headers: request.headers,
            request: kept(&request.body),
            status: answer.status,
            response: kept(&body),
        };
        book.exchanges.push(exchange);
    }
    let mut response = respond(answer.status, &answer.headers, body.clone(), answer.cut);
    if let Some(pause) = trickle {
        *response.body_mut() = slowly(body, pause);
    }
    response
}

/// A body that comes byte by byte.
fn slowly(body: Bytes, pause: Duration) -> Body {
    let (mut from, to) = tokio::io::duplex(1);
    tokio::spawn(async move {
        for byte in body {
            // Whoever hung up wants no more of it.
            if from.write_all(&[byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(pause).await;
        }
    });
    Body::from_stream(ReaderStream::new(to))
}

fn read(head: Parts, body: Bytes) -> Request {
    let query = url::form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    Request { method: head.method.to_string(), path: head.uri.path().to_owned(), query, headers: head.headers, body }
}

fn respond(status: u16, headers: &[(String, String)], body: Bytes, cut: bool) -> Response<Body> {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    let body = if cut {
        // More is announced than comes. Mapping the frames hides the true length, which the server would else send.
        response = response.header(header::CONTENT_LENGTH, body.len());
        let half = body.slice(..body.len() / 2);
        Body::new(Full::new(half).map_frame(|frame| frame))
    } else {
        Body::from(body)
    };
    response.body(body).unwrap_or_default()
}
