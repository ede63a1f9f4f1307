//! Who comes in, how often, and what they may do: a proxy that is believed, a name with its password, the operator's token.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use argon2::{Argon2, PasswordHash, PasswordVerifier};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::crowd::{Crowd, forwarded};
use crate::domain::access::{Access, Role};

/// How long a password that was right need not be hashed again: hashing is slow on purpose.
const REMEMBERED: Duration = Duration::from_secs(300);

/// How many of them are remembered.
const PASSWORDS: usize = 1024;

/// How many passwords wait to be hashed; further ones are turned away.
const WAITING: usize = 16;

/// A hash that no password has, so that an unknown name takes as long as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhlcmU$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The address that a connection comes from. The listening side puts it into each request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// Somebody who came in. Handlers behind the gate find them in the request.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    /// Who it is; absent where that is not known, and another login could do better.
    pub(super) name: Option<String>,
    /// What they may do.
    pub(super) role: Role,
}

/// Lets people in. Cheap to clone; all clones are the same.
#[derive(Clone, Default)]
pub struct Gate(Arc<Shared>);

struct Shared {
    crowd: Mutex<Crowd>,
    access: RwLock<Arc<Access>>,
    /// Who shows it operates.
    key: RwLock<Option<SecretString>>,
    /// Digests of names with passwords that were right, and when.
    verified: Mutex<HashMap<[u8; 32], Instant>>,
    waiting: Arc<Semaphore>,
    hashing: Arc<tokio::sync::Mutex<()>>,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            crowd: Mutex::default(),
            access: RwLock::default(),
            key: RwLock::default(),
            verified: Mutex::default(),
            waiting: Arc::new(Semaphore::new(WAITING)),
            hashing: Arc::default(),
        }
    }
}

/// Why somebody is not let in.
enum Refusal {
    /// They have to say who they are.
    Unknown,
    /// What they said is wrong.
    Wrong,
    /// Too many ask at once.
    Busy,
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gate")
    }
}

impl Gate {
    /// Lets these in from now on; `key` is the operator's token.
    pub fn replace(&self, access: Access, key: Option<SecretString>) {
        self.0.crowd.lock().unwrap_or_else(PoisonError::into_inner).allow(access.rate);
        *self.0.access.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(access);
        *self.0.key.write().unwrap_or_else(PoisonError::into_inner) = key;
    }

    fn access(&self) -> Arc<Access> {
        Arc::clone(&self.0.access.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether there is anybody who may do what `role` may.
    fn is_anybodys(&self, role: Role) -> bool {
        let key = self.0.key.read().unwrap_or_else(PoisonError::into_inner).is_some();
        key || role == Role::Read || self.access().users.iter().any(|user| user.role >= role)
    }

    async fn visitor(&self, peer: Option<Peer>, headers: &HeaderMap) -> Result<Visitor, Refusal> {
        let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        if let Some(token) = shown.and_then(|shown| parameter(shown, "Bearer")) {
            return if self.is_key(token) {
                Ok(Visitor { name: None, role: Role::Operate })
            } else {
                Err(Refusal::Wrong)
            };
        }
        let access = self.access();
        if peer.is_some_and(|Peer(peer)| access.believes(peer))
            && let Some(name) = headers.get(&access.user_header).and_then(|name| name.to_str().ok())
            && !name.is_empty()
        {
            let role = access.user(name).map_or(Role::Read, |user| user.role);
            return Ok(Visitor { name: Some(name.to_owned()), role });
        }
        if !access.guarded {
            return Ok(Visitor { name: None, role: Role::Read });
        }
        match shown.and_then(|shown| parameter(shown, "Basic")) {
            None => Err(Refusal::Unknown),
            Some(told) => self.by_password(&access, told).await,
        }
    }

    /// Digests are compared, so that the time tells nothing of the token.
    fn is_key(&self, token: &str) -> bool {
        let key = self.0.key.read().unwrap_or_else(PoisonError::into_inner);
        key.as_ref().is_some_and(|key| Sha256::digest(key.expose_secret()) == Sha256::digest(token))
    }

    async fn by_password(&self, access: &Access, told: &str) -> Result<Visitor, Refusal> {
        let decoded = base64::engine::general_purpose::STANDARD.decode(told.trim()).map_err(|_| Refusal::Wrong)?;
        let decoded = String::from_utf8(decoded).map_err(|_| Refusal::Wrong)?;
        let (name, password) = decoded.split_once(':').ok_or(Refusal::Wrong)?;
        let user = access.user(name);
        let hash = user.and_then(|user| user.hash.as_deref());
        // With the hash in it, a password that was changed is forgotten at once.
        let digest: [u8; 32] = Sha256::digest(format!("{}\0{decoded}", hash.unwrap_or_default())).into();
        let remembered =
            |verified: &HashMap<_, Instant>| verified.get(&digest).is_some_and(|at| at.elapsed() < REMEMBERED);
        if !remembered(&self.verified()) && !self.verify(hash.unwrap_or(NOBODY).to_owned(), password.to_owned()).await?
        {
            return Err(Refusal::Wrong);
        }
        let user = user.filter(|user| user.hash.is_some()).ok_or(Refusal::Wrong)?;
        let mut verified = self.verified();
        if verified.len() >= PASSWORDS {
            verified.clear();
        }
        if !remembered(&verified) {
            verified.insert(digest, Instant::now());
        }
        Ok(Visitor { name: Some(user.name.clone()), role: user.role })
    }

    /// Whether a password has this hash. One is hashed at a time: each takes a core and megabytes.
    async fn verify(&self, hash: String, password: String) -> Result<bool, Refusal> {
        let waits = Arc::clone(&self.0.waiting).try_acquire_owned().map_err(|_| Refusal::Busy)?;
        let turn = Arc::clone(&self.0.hashing).lock_owned().await;
        let verified = tokio::task::spawn_blocking(move || {
            // They last as long as the work, also where whoever asked is gone and nobody waits for what it comes to.
            let _held = (waits, turn);
            let hash = PasswordHash::new(&hash).ok()?;
            Argon2::default().verify_password(password.as_bytes(), &hash).ok()
        });
        Ok(matches!(verified.await, Ok(Some(()))))
    }

    fn verified(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], Instant>> {
        self.0.verified.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What stands behind the name of a scheme, which has no case.
fn parameter<'a>(shown: &'a str, scheme: &str) -> Option<&'a str> {
    let (name, parameter) = shown.split_once(' ')?;
    name.eq_ignore_ascii_case(scheme).then_some(parameter)
}

/// Lets those through who may do what `role` may.
pub(super) async fn guard(State((gate, role)): State<(Gate, Role)>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().copied();
    if !gate.is_anybodys(role) {
        let says =
            format!("nobody may ask for this: `serve` names no token, and no user has the role `{}`\n", role.word());
        return (StatusCode::NOT_FOUND, says).into_response();
    }
    if let Some(refusal) = from_another_site(request.method(), request.headers()) {
        return refusal;
    }
    let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"dragnet\", charset=\"UTF-8\"")];
    match gate.visitor(peer, request.headers()).await {
        Ok(visitor) if visitor.role >= role => {
            request.extensions_mut().insert(visitor);
            next.run(request).await
        }
        Ok(Visitor { name: Some(_), role: has }) => {
            let says = format!("this takes the role `{}`, and yours is `{}`\n", role.word(), has.word());
            (StatusCode::FORBIDDEN, says).into_response()
        }
        Ok(_) | Err(Refusal::Unknown) => (StatusCode::UNAUTHORIZED, challenge, "who are you?\n").into_response(),
        Err(Refusal::Wrong) => {
            (StatusCode::UNAUTHORIZED, challenge, "the name, the password or the token is wrong\n").into_response()
        }
        Err(Refusal::Busy) => {
            let later = [(header::RETRY_AFTER, "1")];
            (StatusCode::TOO_MANY_REQUESTS, later, "too many log in at once\n").into_response()
        }
    }
}

/// Lets those through who do not ask too fast; the others are told to wait, and nobody else waits for them.
pub(super) async fn hold_back(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Peer(peer)| *peer);
    let access = gate.access();
    let asks = forwarded(peer, request.headers(), &access);
    let turn = {
        let (mut crowd, now) = (gate.0.crowd.lock().unwrap_or_else(PoisonError::into_inner), Instant::now());
        crowd.take(asks, now).map_err(|wait| (wait, crowd.is_news(now)))
    };
    let Err((wait, is_news)) = turn else { return next.run(request).await };
    let rate = access.rate;
    if is_news {
        tracing::warn!("an address makes more than {rate} requests a second (`serve.rate`): some are told to wait");
    }
    let seconds = wait.as_secs() + 1;
    let says = format!("more than {rate} requests a second come from your address\n");
    (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, seconds.to_string())], says).into_response()
}

/// Refuses a change that a browser sends because another site told it to: it would show the password that it remembers.
/// <https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site>
fn from_another_site(method: &Method, headers: &HeaderMap) -> Option<Response> {
    if method.is_safe() {
        return None;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let ours = match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text("host")
        }
        // No browser: those say where a change comes from.
        (None, None) => true,
    };
    (!ours).then(|| (StatusCode::FORBIDDEN, "another site may not ask for changes\n").into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::User;

    #[tokio::test]
    async fn a_password_that_was_right_is_hashed_again_after_minutes_and_not_before() {
        // What `dragnet user` makes, with less work: `correct horse`.
        let salt = argon2::password_hash::SaltString::from_b64("c2FsdHNhbHRzYWx0").unwrap();
        let light = Argon2::new(
            argon2::Algorithm::Argon2id,
            argon2::Version::V0x13,
            argon2::Params::new(8, 1, 1, None).unwrap(),
        );
        let hash = argon2::PasswordHasher::hash_password(&light, b"correct horse", &salt).unwrap().to_string();
        let gate = Gate::default();
        let ada = |hash: &str| User { name: "ada".to_owned(), role: Role::Read, hash: Some(hash.to_owned()) };
        gate.replace(Access { guarded: true, users: vec![ada(&hash)], ..Access::default() }, None);
        let shown = |password: &str| {
            let told = base64::engine::general_purpose::STANDARD.encode(format!("ada:{password}"));
            HeaderMap::from_iter([(header::AUTHORIZATION, format!("Basic {told}").parse().unwrap())])
        };
        let comes_in = async |password: &str| gate.visitor(None, &shown(password)).await.is_ok();
        assert!(comes_in("correct horse").await && !comes_in("wrong horse").await);
        // While somebody else's turn lasts nothing can be hashed.
        let turn = gate.0.hashing.lock().await;
        assert!(comes_in("correct horse").await, "nothing had to be hashed");
        assert_eq!(gate.verified().len(), 1, "what was wrong is not remembered");
        let headers = shown("wrong horse");
        let waits = tokio::time::timeout(Duration::from_millis(10), gate.visitor(None, &headers)).await;
        assert!(waits.is_err(), "what was wrong has to be hashed");
        // Whoever goes away before it is their turn leaves their place to others.
        for _ in 0..2 * WAITING {
            let gone = tokio::time::timeout(Duration::from_millis(1), gate.visitor(None, &headers)).await;
            assert!(gone.is_err(), "nobody is turned away");
        }
        if let Some(long_ago) = Instant::now().checked_sub(REMEMBERED) {
            gate.verified().values_mut().for_each(|at| *at = long_ago);
            let headers = shown("correct horse");
            let waits = tokio::time::timeout(Duration::from_millis(10), gate.visitor(None, &headers)).await;
            assert!(waits.is_err(), "minutes later it has to be hashed anew");
        }
        drop(turn);
        // Another line for her is another password.
        gate.replace(Access { guarded: true, users: vec![ada(NOBODY)], ..Access::default() }, None);
        assert!(!comes_in("correct horse").await);
    }
}
