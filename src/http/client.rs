//! The client: one request at a time, repeated where that helps.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ::http::{Method, Response, StatusCode, header};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use reqwest::ClientBuilder;
use serde_json::Value;
use tracing::{debug, warn};
use url::Url;

use super::fault::{Fault, shown};
use super::gate::{Gate, Gates, WHOLE};
use super::limits::Limits;
use super::pass::Pass;
use super::reply::Reply;
use super::traffic::Traffic;
use crate::domain::lookup::Trouble;
use crate::domain::tracker::is_loopback;

/// The client for all that goes out. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    outside: Way,
    /// Loopback is never reached through a proxy, whatever the environment says: a proxy has another loopback.
    loopback: Way,
    limits: Limits,
    traffic: Traffic,
    gates: Gates,
}

/// A way to ask. Reading all certificate authorities of a machine takes longer than all else of a small check, so that is
/// put off until they are needed.
#[derive(Debug, Clone)]
struct Way {
    shape: fn(ClientBuilder) -> ClientBuilder,
    /// Trusts no authority, which takes next to nothing to set up.
    bare: reqwest::Client,
    /// Trusts those of the machine.
    trusting: Arc<OnceLock<reqwest::Client>>,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
#[error("cannot set up the HTTP client")]
pub struct ClientError(#[from] reqwest::Error);

/// One request to be made.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    /// `GET`, `POST` or `PUT`; whatever is asked this way must be harmless to repeat.
    pub method: Method,
    /// Where.
    pub url: Url,
    /// What is sent along.
    pub json: Option<&'a Value>,
    /// What is shown, where the URL is of its origin.
    pub pass: &'a Pass,
    /// The `ETag` of the answer at hand: the reply is 304 where it would be the same.
    pub tag: Option<&'a str>,
}

/// How much work a request makes at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// A gateway that gave up on it (502, 504) may answer the next time.
    Light,
    /// A gateway that gave up on it would do so again, and such failures cost: the caller asks for less instead.
    Heavy,
}

impl Client {
    /// Sets up the client.
    ///
    /// # Errors
    /// When the TLS library cannot be set up at all. A machine without certificate authorities gets a client whose
    /// `https` requests fail.
    pub fn new(limits: Limits) -> Result<Self, ClientError> {
        Ok(Self {
            outside: Way::new(&limits, |builder| builder)?,
            loopback: Way::new(&limits, ClientBuilder::no_proxy)?,
            limits,
            traffic: Traffic::default(),
            gates: Gates::default(),
        })
    }

    /// What it and its clones were asked for, counted.
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// What those allow whom it and its clones ask.
    pub fn gates(&self) -> &Gates {
        &self.gates
    }

    /// The plain client that reaches `home`, for libraries that bring their own requests. It follows no redirect.
    pub fn plain(&self, home: &Url) -> reqwest::Client {
        if !is_loopback(home) {
            // Also for plain http: a proxy may speak https.
            self.outside.trusting(&self.limits)
        } else if home.scheme() == "https" {
            self.loopback.trusting(&self.limits)
        } else {
            self.loopback.bare.clone()
        }
    }

    /// Makes one request, once.
    ///
    /// # Errors
    /// When there is no whole reply. A reply of any status is a reply.
    pub async fn exchange(&self, call: &Call<'_>) -> Result<Reply, Fault> {
        let mut request = self
            .plain(&call.url)
            .request(call.method.clone(), call.url.clone())
            .header(header::ACCEPT, "application/json");
        if let Some(shown) = call.pass.header_for(&call.url) {
            request = request.header(header::AUTHORIZATION, shown);
        }
        if let Some(tag) = call.tag {
            request = request.header(header::IF_NONE_MATCH, tag);
        }
        if let Some(json) = call.json {
            request = request.json(json);
        }
        match request.send().await {
            Ok(response) => self.read(&call.url, response.into()).await,
            Err(error) => Err(self.fault(&call.url, &error)),
        }
    }

    /// Reads a response whole, as far as the limits allow.
    ///
    /// # Errors
    /// When the body breaks off or grows too long.
    pub async fn read<B>(&self, url: &Url, response: Response<B>) -> Result<Reply, Fault>
    where
        B: BodyExt<Data = Bytes> + Unpin,
        B::Error: std::error::Error + 'static,
    {
        let read = read_whole(url, response, &self.limits).await;
        self.traffic.add(url, read.as_ref().ok().map(|reply| reply.status));
        read
    }

    /// Reads a transport error, also that of a library that uses [`Client::plain`].
    pub fn fault(&self, url: &Url, error: &(dyn std::error::Error + 'static)) -> Fault {
        self.traffic.add(url, None);
        Fault::read(url, error, &self.limits)
    }

    /// Makes an attempt as soon as the gate lets it pass, and repeats it after failures that may pass: no connection, a
    /// timeout, 502, 503, 504. A limit is waited for once, when the pause asked for is short; a reply that is a limit is
    /// given to nobody.
    ///
    /// # Errors
    /// The limit, now or met before; the last failure without a reply.
    pub async fn persist<A, F>(&self, weight: Weight, gate: (&Gate, &str), mut attempt: A) -> Result<Reply, Trouble>
    where
        A: FnMut() -> F + Send,
        F: Future<Output = Result<Reply, Fault>> + Send,
    {
        let (gate, scope) = gate;
        let mut pauses = self.limits.pauses();
        let mut waited = false;
        loop {
            // A turn lasts until the reply was heeded: who comes next finds the gate shut where that says so.
            let turn = gate.turn().await;
            gate.enter(scope, self.limits.patience).await?;
            let pause = match attempt().await {
                Err(fault) => {
                    if fault.slow {
                        pauses.next();
                    }
                    pauses.next().filter(|_| fault.again).ok_or(fault.trouble)?
                }
                Ok(reply) if reply.is_limit() => {
                    let trouble = gate.limited(scope, &reply);
                    let again = std::mem::replace(&mut waited, true);
                    if again || reply.pause() > self.limits.patience || reply.is_by_the_hour() {
                        return Err(trouble);
                    }
                    // The gate waits.
                    continue;
                }
                Ok(reply) if passes(reply.status, weight) => match self.pause_before(gate, &reply, &mut pauses) {
                    Some(pause) => pause,
                    None => return Ok(reply),
                },
                Ok(reply) => {
                    gate.heed(scope, &reply);
                    return Ok(reply);
                }
            };
            drop(turn);
            tokio::time::sleep(pause).await;
        }
    }

    /// Our own pause or the longer one asked for; none at all when more is asked for than we wait in place.
    fn pause_before(
        &self,
        gate: &Gate,
        reply: &Reply,
        pauses: &mut impl Iterator<Item = Duration>,
    ) -> Option<Duration> {
        let asked = reply.retry_after().unwrap_or_default();
        if asked > self.limits.patience {
            if let Some(trouble) = reply.refusal() {
                gate.shut(WHOLE, reply.pause(), trouble);
            }
            return None;
        }
        pauses.next().map(|pause| pause.max(asked))
    }
}

/// Longer bodies are read in pieces of so many bytes. One that grows is copied again and again, and is there twice
/// meanwhile: several that have no end would take more than twice what the limits allow them.
const PIECE: usize = 1024 * 1024;

/// Reads a response whole, as far as the limits allow.
pub(super) async fn read_whole<B>(url: &Url, response: Response<B>, limits: &Limits) -> Result<Reply, Fault>
where
    B: BodyExt<Data = Bytes> + Unpin,
    B::Error: std::error::Error + 'static,
{
    let (head, mut body) = response.into_parts();
    let (mut pieces, mut length) = (Vec::<BytesMut>::new(), 0);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Fault::read(url, &error, limits))?;
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length > limits.body_bytes {
            return Err(Fault::too_long(url, limits));
        }
        match pieces.last_mut().filter(|last| last.len() + data.len() <= PIECE) {
            Some(last) => last.extend_from_slice(&data),
            None => pieces.push(BytesMut::from(&*data)),
        }
    }
    let body = match pieces.len() {
        1 => pieces.remove(0).freeze(),
        // Each piece is given back once it is copied: all of it is never there twice.
        _ => {
            let mut whole = BytesMut::with_capacity(length);
            pieces.into_iter().for_each(|piece| whole.extend_from_slice(&piece));
            whole.freeze()
        }
    };
    debug!(url = shown(url), status = head.status.as_u16(), bytes = length, "asked");
    Ok(Reply { url: url.clone(), status: head.status, headers: head.headers, body })
}

/// Whether a status may be another the next time.
fn passes(status: StatusCode, weight: Weight) -> bool {
    match status {
        StatusCode::SERVICE_UNAVAILABLE => true,
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => weight == Weight::Light,
        _ => false,
    }
}

impl Way {
    fn new(limits: &Limits, shape: fn(ClientBuilder) -> ClientBuilder) -> Result<Self, ClientError> {
        let bare = builder(limits, shape).tls_certs_only(std::iter::empty()).build()?;
        Ok(Self { shape, bare, trusting: Arc::default() })
    }

    fn trusting(&self, limits: &Limits) -> reqwest::Client {
        // Where the system has no certificate authorities, building fails even for plain http. Trusting nobody instead
        // keeps that working, and every https request fails with its reason.
        let build = || {
            builder(limits, self.shape).build().unwrap_or_else(|error| {
                warn!("https will not work: {error}");
                self.bare.clone()
            })
        };
        self.trusting.get_or_init(build).clone()
    }
}

fn builder(limits: &Limits, shape: fn(ClientBuilder) -> ClientBuilder) -> ClientBuilder {
    shape(reqwest::Client::builder())
        .user_agent(user_agent())
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(limits.connect_timeout)
        .timeout(limits.total_timeout)
}

/// Who we say we are: name, version, and where that comes from, when the package says so.
pub(super) fn user_agent() -> String {
    let (name, version, home) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"), env!("CARGO_PKG_REPOSITORY"));
    if home.is_empty() { format!("{name}/{version}") } else { format!("{name}/{version} (+{home})") }
}
