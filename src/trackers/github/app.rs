//! A GitHub App: it signs for itself with its key, and asks with tokens of its installation, which last an hour.

use std::time::Duration;

use ::http::StatusCode;
use chrono::{DateTime, Utc};
use octocrab::auth::{AppAuth, EncodingKey};
use octocrab::models::AppId;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::call::{Line, Question};
use crate::domain::lookup::{Trouble, TroubleKind};
use crate::http::{Reply, Weight};

/// What the app's own requests are counted on.
const SCOPE: &str = "app";
/// How long a token of an installation lasts, where the answer does not tell: what GitHub's documentation says.
const LASTS: Duration = Duration::from_secs(3600);

/// An app and the token of its installation.
pub(super) struct App {
    /// What signs for the app itself.
    pub(super) auth: AppAuth,
    installation: Option<u64>,
    held: Mutex<Held>,
}

/// The key is none that an app signs with.
#[derive(Debug, thiserror::Error)]
#[error("the app's key is no RSA private key in PEM form")]
pub struct NoKey;

/// What is at hand for asking.
enum Held {
    Nothing,
    Token {
        secret: SecretString,
        good_until: Instant,
    },
    /// GitHub gives none, which no repetition mends.
    Refused(Trouble),
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("auth", &self.auth).finish_non_exhaustive()
    }
}

/// An installation, as far as it is read.
#[derive(Deserialize)]
struct Installation {
    id: Option<u64>,
    account: Option<Account>,
}

#[derive(Deserialize)]
struct Account {
    login: Option<String>,
    slug: Option<String>,
}

/// A token, as far as it is read.
#[derive(Deserialize)]
struct Grant {
    token: Option<String>,
    expires_at: Option<DateTime<Utc>>,
}

impl App {
    /// The app with this number; `installation` is found out by asking where it is not told.
    pub(super) fn new(app_id: u64, key: &SecretString, installation: Option<u64>) -> Result<Self, NoKey> {
        let key = EncodingKey::from_rsa_pem(key.expose_secret().as_bytes()).map_err(|_| NoKey)?;
        let auth = AppAuth { app_id: AppId(app_id), key };
        // A key may be read and be none to sign with; better found out now.
        auth.generate_bearer_token().map_err(|_| NoKey)?;
        Ok(Self { auth, installation, held: Mutex::new(Held::Nothing) })
    }

    /// A token to ask with: the one at hand, or a fresh one when that is about to end or is the one that was refused.
    /// Whoever comes while one is fetched waits for it.
    pub(super) async fn token(&self, line: &Line, refused: Option<&SecretString>) -> Result<SecretString, Trouble> {
        let mut held = self.held.lock().await;
        match &*held {
            Held::Refused(trouble) => return Err(trouble.clone()),
            Held::Token { secret, good_until } => {
                let is_refused = refused.is_some_and(|refused| refused.expose_secret() == secret.expose_secret());
                if !is_refused && *good_until > Instant::now() {
                    return Ok(secret.clone());
                }
            }
            Held::Nothing => {}
        }
        match self.fetch(line).await {
            Ok((secret, lasts)) => {
                // A tenth early, so that no request is made with a token that ends on its way.
                *held = Held::Token { secret: secret.clone(), good_until: Instant::now() + lasts.mul_f32(0.9) };
                Ok(secret)
            }
            Err(trouble) => {
                if trouble.kind == TroubleKind::Credentials {
                    *held = Held::Refused(trouble.clone());
                }
                Err(trouble)
            }
        }
    }

    async fn fetch(&self, line: &Line) -> Result<(SecretString, Duration), Trouble> {
        let id = match self.installation {
            Some(id) => id,
            None => self.only_installation(line).await?,
        };
        let path = line.below_rest(&format!("/app/installations/{id}/access_tokens"));
        let reply = line.ask(Weight::Light, SCOPE, &path, &Question::Post(&json!({})), None).await?;
        if reply.status == StatusCode::NOT_FOUND && reply.complaint().is_some() {
            let says = format!("{} answered 404: the app has no installation {id}, or has it no longer", reply.asked());
            return Err(Trouble { kind: TroubleKind::Credentials, says });
        }
        if let Some(refusal) = reply.refusal() {
            return Err(refusal);
        }
        let Grant { token, expires_at } = reply.json()?;
        let token = SecretString::from(token.ok_or_else(|| reply.misread("gave no token"))?);
        Ok((token, expires_at.and_then(|end| reply.until(end)).unwrap_or(LASTS)))
    }

    /// The installation, where the app has one only.
    async fn only_installation(&self, line: &Line) -> Result<u64, Trouble> {
        let path = line.below_rest("/app/installations?per_page=100");
        let reply = line.ask(Weight::Light, SCOPE, &path, &Question::plain(), None).await?;
        if let Some(refusal) = reply.refusal() {
            return Err(refusal);
        }
        let installations: Vec<Installation> = reply.json()?;
        match installations.as_slice() {
            [Installation { id: Some(id), .. }] => Ok(*id),
            other => Err(ambiguous(&reply, other)),
        }
    }
}

fn ambiguous(reply: &Reply, installations: &[Installation]) -> Trouble {
    if installations.is_empty() {
        let says = format!("{}: the app is installed nowhere; install it where the tickets are", reply.asked());
        return Trouble { kind: TroubleKind::Credentials, says };
    }
    let choice = |it: &Installation| {
        let account = it.account.as_ref();
        let name = account.and_then(|account| account.login.as_ref().or(account.slug.as_ref()));
        Some(format!("{} ({})", it.id?, name.map_or("no name", String::as_str)))
    };
    let choices: Vec<String> = installations.iter().filter_map(choice).take(10).collect();
    let says = format!(
        "{}: the app has {} installations; set `installation_id` to one of {}",
        reply.asked(),
        installations.len(),
        choices.join(", ")
    );
    Trouble { kind: TroubleKind::Credentials, says }
}
