//! A document at an address that gives it to whoever asks, such as the export of a shared document.
//!
//! The address may lead anywhere, so it is asked behind a guard, without credentials.

use sha2::{Digest, Sha256};
use url::Url;

use crate::domain::lookup::{Trouble, TroubleKind};
use crate::domain::remote::{Copy, Fetched, Held, Home, Piece, Shared, What};
use crate::http::{Gate, Outside, Reply};

/// A document at an address.
#[derive(Debug)]
pub(super) struct Address {
    shared: Shared,
    path: String,
    outside: Outside,
    gate: Gate,
}

impl Address {
    pub(super) fn new(shared: &Shared, outside: Outside, gate: Gate) -> Self {
        Self { path: Home::Shared(shared.clone()).to_string(), shared: shared.clone(), outside, gate }
    }

    pub(super) async fn fetch(&self, held: &Held) -> Result<Fetched, Trouble> {
        let version = held.versions.get(&self.path);
        // A tag that another address gave says nothing of this one.
        let before = held.tag.as_deref().and_then(|tag| tag.split_once('\n'));
        let tag = before.filter(|(url, _)| *url == self.shared.url.as_str() && version.is_some());
        let tag = tag.and_then(|(_, tag)| tag.split_once('\n'));
        let reply = self.outside.fetch(&self.gate, &self.shared.url, tag).await?;
        if reply.status == ::http::StatusCode::NOT_MODIFIED && tag.is_some() {
            return Ok(self.fetched(held.tag.clone(), What::Same));
        }
        if let Some(trouble) = no_document(&self.shared.url, &reply) {
            return Err(trouble);
        }
        let digest = hex::encode(&Sha256::digest(&reply.body)[..16]);
        let origin = reply.url.origin().ascii_serialization();
        let tag = reply.header("etag").map(|tag| format!("{}\n{origin}\n{tag}", self.shared.url));
        let what = if version == Some(&digest) {
            What::Same
        } else {
            What::New(Copy { version: digest, body: reply.body.to_vec() })
        };
        Ok(self.fetched(tag, what))
    }

    fn fetched(&self, tag: Option<String>, what: What) -> Fetched {
        Fetched { tag, documents: vec![Piece { path: self.path.clone(), what }] }
    }
}

/// Parts of the addresses at which services ask who comes.
const LOGIN: [&str; 14] = [
    "login",
    "log-in",
    "logon",
    "signin",
    "sign-in",
    "sign_in",
    "servicelogin",
    "authorize",
    "oauth",
    "oauth2",
    "saml",
    "saml2",
    "sso",
    "adfs",
];

/// Why a reply is no document; `asked` is where it was asked for.
fn no_document(asked: &Url, reply: &Reply) -> Option<Trouble> {
    if let Some(trouble) = reply.refusal() {
        // Nobody is known there, so nothing is proven by it.
        let kind = match reply.status.as_u16() {
            404 | 410 => TroubleKind::Hidden,
            _ => trouble.kind,
        };
        return Some(Trouble { kind, says: format!("{} answered {}", reply.asked(), reply.status) });
    }
    let says = |what: &str| Some(reply.misread(what));
    if reply.body.trim_ascii().is_empty() {
        return says("answered with an empty document");
    }
    // A service that wants to know who asks answers 200 with a form. It must not take the document's place.
    let start = reply.body[..reply.body.len().min(1 << 20)].iter().map(u8::to_ascii_lowercase);
    // Quotes are free to be left out.
    let start: Vec<u8> = start.filter(|byte| !byte.is_ascii_whitespace() && !b"\"'".contains(byte)).collect();
    let holds = |words: &[u8]| start.windows(words.len()).any(|window| window == words);
    if (holds(b"<input") && holds(b"type=password")) || asks_who_comes(asked, &reply.url) {
        return says("answered with a login page: the document is not shown to everybody");
    }
    None
}

/// Whether the address that answered is one for logging in, to which another service led.
fn asks_who_comes(asked: &Url, answered: &Url) -> bool {
    let path = answered.path().to_ascii_lowercase();
    let is_login = |part: &str| LOGIN.contains(&part.split('.').next().unwrap_or(part));
    path.contains("/signin") || (asked.origin() != answered.origin() && path.split('/').any(is_login))
}

#[cfg(test)]
mod tests {
    use super::asks_who_comes;

    #[test]
    fn addresses_for_logging_in_are_known() {
        for (answered, expected) in [
            ("https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=x", true),
            ("https://accounts.google.com/ServiceLogin?continue=x", true),
            ("https://accounts.google.com/v3/signin/identifier", true),
            ("https://id.example.org/saml2/idp", true),
            ("https://id.example.org/login.jsp", true),
            ("https://docs.example.org/signin", true),
            ("https://docs.example.org/login/register.html", false),
            ("https://files.example.org/blog/authors.html", false),
        ] {
            let asked = "https://docs.example.org/register".parse().unwrap();
            assert_eq!(asks_who_comes(&asked, &answered.parse().unwrap()), expected, "{answered}");
        }
    }
}
