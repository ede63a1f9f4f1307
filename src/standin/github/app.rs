//! A GitHub App and its installations: who may have tokens, and how long they last.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::super::server::{Answer, Request};
use super::{GitHub, shapes, start};

/// An app. Time stands still here too: a token ends after so many uses, or is said to end some time from its making.
#[derive(Debug)]
pub(super) struct App {
    id: u64,
    /// Number, account, and whether it is suspended.
    installations: Vec<(u64, String, bool)>,
    lasts: TimeDelta,
    /// How often the next token can be used; as often as one likes, when absent.
    uses: Option<usize>,
    /// Tokens and how often each can still be used.
    tokens: Vec<(String, Option<usize>)>,
}

/// Setting up.
impl GitHub {
    /// Knows this app, installed at these accounts; nobody else is let in.
    pub fn app(&self, id: u64, installations: &[(u64, &str)]) -> &Self {
        let installations = installations.iter().map(|(id, at)| (*id, (*at).to_owned(), false)).collect();
        let mut state = self.state();
        state.is_app = true;
        state.app = Some(App { id, installations, lasts: TimeDelta::hours(1), uses: None, tokens: Vec::new() });
        drop(state);
        self
    }

    /// Says of tokens from now on that they last so long.
    pub fn app_tokens_last(&self, lasts: TimeDelta) -> &Self {
        self.change(|app| app.lasts = lasts)
    }

    /// Lets the next token end after so many uses, whatever was said of it.
    pub fn app_token_ends_after(&self, uses: usize) -> &Self {
        self.change(|app| app.uses = Some(uses))
    }

    /// Takes all installations away, and their tokens with them.
    pub fn app_revoked(&self) -> &Self {
        self.change(|app| {
            app.installations.clear();
            app.tokens.clear();
        })
    }

    /// Suspends all installations, and ends their tokens.
    pub fn app_suspended(&self) -> &Self {
        self.change(|app| {
            app.installations.iter_mut().for_each(|(.., suspended)| *suspended = true);
            app.tokens.clear();
        })
    }

    fn change(&self, change: impl FnOnce(&mut App)) -> &Self {
        if let Some(app) = &mut self.state().app {
            change(app);
        }
        self
    }
}

impl App {
    /// Whether this is a token that can be used; counted if so.
    pub(super) fn accepts(&mut self, shown: &str) -> bool {
        let token = self.tokens.iter_mut().find(|(token, _)| shown == format!("Bearer {token}"));
        match token {
            Some((_, Some(0))) | None => false,
            Some((_, left)) => {
                *left = left.map(|left| left - 1);
                true
            }
        }
    }

    /// Answers one request of the app itself, below `/app`.
    pub(super) fn answer(&mut self, request: &Request, parts: &[&str], base: &str) -> Answer {
        if !request.header("authorization").is_some_and(|shown| self.signed(shown)) {
            return Answer::message(401, "A JSON web token could not be decoded");
        }
        match (request.method.as_str(), parts) {
            ("GET", ["installations"]) => {
                let all = self
                    .installations
                    .iter()
                    .map(|(id, at, suspended)| shapes::installation(self.id, *id, at, *suspended, base));
                Answer::json(200, &all.collect())
            }
            ("POST", ["installations", id, "access_tokens"]) => {
                match self.installations.iter().find(|(known, ..)| known.to_string() == *id) {
                    Some((.., true)) => Answer::message(403, "This installation has been suspended"),
                    Some(_) => self.grant(),
                    None => Answer::message(404, "Not Found"),
                }
            }
            _ => Answer::message(404, "Not Found"),
        }
    }

    fn grant(&mut self) -> Answer {
        let token = format!("ghs_{:036}", self.tokens.len());
        self.tokens.push((token.clone(), self.uses.take()));
        let body = json!({
            "token": token, "expires_at": shapes::time(start() + self.lasts), "repository_selection": "selected",
            "permissions": {"contents": "read", "issues": "read", "metadata": "read", "pull_requests": "read"},
        });
        Answer::json(201, &body).with("date", &start().format("%a, %d %b %Y %H:%M:%S GMT").to_string())
    }

    /// Whether it has the form that GitHub asks for: RS256, issued by the app, for no longer than ten minutes.
    fn signed(&self, shown: &str) -> bool {
        let Some(token) = shown.strip_prefix("Bearer ") else { return false };
        let parts: Option<Vec<Vec<u8>>> =
            token.split('.').map(|part| BASE64_URL_SAFE_NO_PAD.decode(part).ok()).collect();
        let Some([head, claims, signature]) = parts.as_deref() else { return false };
        let json = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap_or(Value::Null);
        let (head, claims) = (json(head), json(claims));
        let issuer = claims["iss"].as_u64().or_else(|| claims["iss"].as_str()?.parse().ok());
        let lasts = claims["exp"].as_i64().zip(claims["iat"].as_i64()).map(|(end, begin)| end - begin);
        head["alg"] == "RS256"
            && issuer == Some(self.id)
            && lasts.is_some_and(|lasts| (1..=600).contains(&lasts))
            && signature.len() >= 256
    }
}
