//! Pages that anybody may have linked: asked without credentials, at public addresses only, and answered in words that
//! keep an outage from passing for proof.
//!
//! Whoever writes a document chooses these addresses, and may try to reach what only this machine reaches. So the guard
//! stands where the connection is made: on the address that a name resolved to, for every redirect anew. No proxy is used,
//! for behind one nobody knows that address.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use ::http::{StatusCode, header};
use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::client::{read_whole, user_agent};
use super::fault::{Fault, causes, shown};
use super::gate::{Gate, WHOLE};
use super::limits::Limits;
use super::reply::Reply;
use super::traffic::Traffic;
use crate::domain::lookup::{Trouble, TroubleKind};

/// Redirects that are followed.
const HOPS: usize = 10;

/// A client for pages of others.
#[derive(Debug, Clone)]
pub struct Outside {
    guarded: reqwest::Client,
    /// For hosts that the run names, wherever they are.
    free: reqwest::Client,
    allowed: Arc<[String]>,
    /// Networks that count as public.
    networks: Arc<[IpNet]>,
    limits: Limits,
    traffic: Traffic,
}

/// What asking for a page gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// It is there, or at least something answers that is no proof of the contrary.
    There,
    /// 404 or 410 at this address, after redirects.
    Gone(Url, StatusCode),
    /// No such name; proof only where other names are found.
    NoSuchName,
    /// It may be asked for at another time: a limit.
    Limit,
    /// Nobody can tell: an outage, a refusal, an endless redirect.
    Unknown(String),
    /// It leads to where this run does not go: there.
    Refused(Url),
}

/// How names are resolved: to all their addresses, of whatever kind.
type Names = Arc<dyn Fn(String) -> Found + Send + Sync>;
/// The addresses of a name, when they are found.
type Found = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Why a name leads nowhere.
#[derive(Debug, thiserror::Error)]
enum Nowhere {
    #[error("it leads to an address that is not public")]
    Inside,
    #[error("there is no such name")]
    NoSuchName,
}

impl Outside {
    /// Sets up the client; hosts that are `allowed` may have any address.
    ///
    /// # Errors
    /// When the TLS library cannot be set up.
    pub fn new(limits: Limits, allowed: &[String]) -> Result<Self, super::ClientError> {
        Self::set_up(limits, allowed, &[], Traffic::default(), system_names())
    }

    /// Sets up a client to which these networks are as good as public ones, and whose fetching is counted.
    ///
    /// # Errors
    /// When the TLS library cannot be set up.
    pub fn with_networks(limits: Limits, networks: &[IpNet], traffic: Traffic) -> Result<Self, super::ClientError> {
        Self::set_up(limits, &[], networks, traffic, system_names())
    }

    fn set_up(
        limits: Limits,
        allowed: &[String],
        networks: &[IpNet],
        traffic: Traffic,
        names: Names,
    ) -> Result<Self, super::ClientError> {
        let networks: Arc<[IpNet]> = networks.into();
        let builder = || {
            reqwest::Client::builder()
                .user_agent(user_agent())
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(limits.connect_timeout)
                .timeout(limits.total_timeout)
                .no_proxy()
        };
        Ok(Self {
            guarded: builder().dns_resolver(Arc::new(Guard { networks: Arc::clone(&networks), names })).build()?,
            free: builder().build()?,
            allowed: allowed.iter().map(|host| host.to_ascii_lowercase()).collect(),
            networks,
            limits,
            traffic,
        })
    }

    /// Asks whether a page is there. Its body is not read.
    pub async fn look(&self, url: &Url) -> Seen {
        let (url, response) = match self.follow(url, None).await {
            Ok(answer) => answer,
            Err(seen) => return seen,
        };
        match response.status() {
            status @ (StatusCode::NOT_FOUND | StatusCode::GONE) => Seen::Gone(url, status),
            StatusCode::TOO_MANY_REQUESTS => Seen::Limit,
            status if status.is_success() || status.is_redirection() => Seen::There,
            status => Seen::Unknown(format!("{} answered {status}", shown(&url))),
        }
    }

    /// Reads what is there, redirects followed, unless it still is what the tag of an earlier reply names: then the reply is
    /// 304. The tag is shown to nobody but the origin that gave it, which stands before it.
    ///
    /// # Errors
    /// When nothing answers, it leads to where this run does not go, the body is too long, or a limit is told, now or
    /// before. A reply of any other status is a reply.
    pub async fn fetch(&self, gate: &Gate, url: &Url, tag: Option<(&str, &str)>) -> Result<Reply, Trouble> {
        let _turn = gate.turn().await;
        gate.enter(WHOLE, self.limits.patience).await?;
        let read = self.read(url, tag).await;
        self.traffic.add(url, read.as_ref().ok().map(|reply| reply.status));
        let reply = read?;
        if reply.is_limit() {
            return Err(gate.limited(WHOLE, &reply));
        }
        if let Some(trouble) = reply.refusal().filter(|_| reply.retry_after() > Some(self.limits.patience)) {
            gate.shut(WHOLE, reply.pause(), trouble);
        }
        Ok(reply)
    }

    async fn read(&self, url: &Url, tag: Option<(&str, &str)>) -> Result<Reply, Trouble> {
        let (at, response) = self.follow(url, tag).await.map_err(|seen| trouble(url, seen))?;
        read_whole(&at, response.into(), &self.limits).await.map_err(|fault| fault.trouble)
    }

    /// The first answer that leads nowhere else, and where it came from.
    async fn follow(&self, url: &Url, tag: Option<(&str, &str)>) -> Result<(Url, reqwest::Response), Seen> {
        let mut url = url.clone();
        for _hop in 0..=HOPS {
            let Some(client) = self.client_for(&url) else { return Err(Seen::Refused(url)) };
            let mut request = client.get(url.clone()).header(header::ACCEPT, "*/*");
            if let Some((_, tag)) = tag.filter(|(origin, _)| *origin == url.origin().ascii_serialization()) {
                request = request.header(header::IF_NONE_MATCH, tag);
            }
            let response = request.send().await.map_err(|error| self.failed(&url, &error))?;
            let next = response.headers().get(header::LOCATION).and_then(|there| url.join(there.to_str().ok()?).ok());
            match next.filter(|_| response.status().is_redirection()) {
                Some(next) => url = next,
                None => return Ok((url, response)),
            }
        }
        Err(Seen::Unknown(format!("{} leads from one place to the next without end", shown(&url))))
    }

    /// The client that may ask there; `None` for what is no web address, or one that is not public.
    fn client_for(&self, url: &Url) -> Option<&reqwest::Client> {
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        let host = url.host()?;
        let (name, with_port) = (host.to_string(), format!("{host}:{}", url.port_or_known_default()?));
        if self.allowed.iter().any(|allowed| *allowed == name || *allowed == with_port) {
            return Some(&self.free);
        }
        // A name is looked at when it is resolved.
        let public = match host {
            Host::Domain(_) => true,
            Host::Ipv4(address) => may_be_asked(address.into(), &self.networks),
            Host::Ipv6(address) => may_be_asked(address.into(), &self.networks),
        };
        public.then_some(&self.guarded)
    }

    fn failed(&self, url: &Url, error: &reqwest::Error) -> Seen {
        match causes(error).find_map(|cause| cause.downcast_ref::<Nowhere>()) {
            Some(Nowhere::Inside) => Seen::Refused(url.clone()),
            Some(Nowhere::NoSuchName) => Seen::NoSuchName,
            None => Seen::Unknown(Fault::read(url, error, &self.limits).trouble.says),
        }
    }
}

/// Why nothing was read, in the words of troubles.
fn trouble(url: &Url, seen: Seen) -> Trouble {
    let (kind, says) = match seen {
        Seen::Refused(at) if at == *url => (TroubleKind::Unasked, format!("{} is not public", shown(url))),
        Seen::Refused(at) => {
            (TroubleKind::Unasked, format!("{} leads to {}, which is not public", shown(url), shown(&at)))
        }
        Seen::NoSuchName => (TroubleKind::Outage, format!("no address is found for {}", shown(url))),
        Seen::Limit => (TroubleKind::Limit, format!("{} answered 429", shown(url))),
        Seen::Gone(at, status) => (TroubleKind::Hidden, format!("{} answered {status}", shown(&at))),
        Seen::Unknown(says) => (TroubleKind::Outage, says),
        Seen::There => (TroubleKind::Misread, format!("{} says nothing", shown(url))),
    };
    Trouble { kind, says }
}

/// The machine's own resolver.
fn system_names() -> Names {
    Arc::new(|name| Box::pin(async move { Ok(tokio::net::lookup_host((name.as_str(), 0)).await?.collect()) }))
}

/// Resolves names to their public addresses, and to those of these networks. What it lets through is what is connected to:
/// a name that means something else the next time is looked at the next time.
struct Guard {
    networks: Arc<[IpNet]>,
    names: Names,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (networks, found) = (Arc::clone(&self.networks), (self.names)(name.as_str().to_owned()));
        Box::pin(async move {
            let all = match found.await {
                Ok(all) => all,
                Err(error) if is_no_such_name(&error) => return Err(Nowhere::NoSuchName.into()),
                Err(error) => return Err(error.into()),
            };
            let public: Vec<SocketAddr> = all.iter().copied().filter(|one| may_be_asked(one.ip(), &networks)).collect();
            if public.is_empty() && !all.is_empty() {
                return Err(Nowhere::Inside.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether the resolver says that a name does not exist, and not merely that nobody could tell: the words of glibc, musl
/// and macOS for `EAI_NONAME`, which is all of it that reaches us.
fn is_no_such_name(error: &io::Error) -> bool {
    let says = error.to_string();
    ["Name or service not known", "Name does not resolve", "nodename nor servname provided"]
        .iter()
        .any(|words| says.contains(words))
}

fn may_be_asked(address: IpAddr, networks: &[IpNet]) -> bool {
    is_public(address) || networks.iter().any(|network| network.contains(&address))
}

/// Whether an address is one of the public internet: <https://www.iana.org/assignments/iana-ipv4-special-registry> and its
/// sister for IPv6.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    const RESERVED: &[([u8; 4], u32)] = &[
        ([0, 0, 0, 0], 8),
        ([10, 0, 0, 0], 8),
        ([100, 64, 0, 0], 10),
        ([127, 0, 0, 0], 8),
        // Azure's own: a machine's settings and certificates, from inside only.
        // <https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16>
        ([168, 63, 129, 16], 32),
        ([169, 254, 0, 0], 16),
        ([172, 16, 0, 0], 12),
        ([192, 0, 0, 0], 24),
        ([192, 0, 2, 0], 24),
        ([192, 88, 99, 0], 24),
        ([192, 168, 0, 0], 16),
        ([198, 18, 0, 0], 15),
        ([198, 51, 100, 0], 24),
        ([203, 0, 113, 0], 24),
        ([224, 0, 0, 0], 3),
    ];
    let bits = address.to_bits();
    !RESERVED.iter().any(|(net, length)| (bits ^ u32::from_be_bytes(*net)) >> (32 - length) == 0)
}

/// Only 2000::/3 is given out. What of it stands for an IPv4 address or goes through a tunnel may lead anywhere.
fn is_public_v6(address: Ipv6Addr) -> bool {
    const RESERVED: &[(u128, u32)] =
        &[(0x2001_0000 << 96, 23), (0x2001_0db8 << 96, 32), (0x2002_0000 << 96, 16), (0x3fff_0000 << 96, 20)];
    let bits = address.to_bits();
    bits >> 125 == 1 && !RESERVED.iter().any(|(net, length)| (bits ^ net) >> (128 - length) == 0)
}

#[cfg(test)]
mod tests;
