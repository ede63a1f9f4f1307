//! Where a tracker's secret comes from, and fetching it at the moment it is needed.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::error::Secret;
use super::{Config, ConfigError, Tracker, env, trust};
use crate::domain::tracker::{
    Claim, Credential, TrackerId, TrackerKind, TrackerSettings, WebhookSettings, is_loopback,
};

/// Where a tracker's secret comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The account's e-mail address; makes it HTTP basic authentication.
    pub email: Option<String>,
    /// The place of the token, or of the app's key.
    pub token: TokenPlace,
    /// The GitHub App whose key it is, if it is one's.
    pub app: Option<AppSettings>,
    /// Where the file says so, as `file:line:column`.
    pub place: String,
    /// Where the file says to whom the token goes, as `file:line:column`.
    pub goes_to: String,
}

/// A GitHub App.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppSettings {
    /// Its number.
    pub id: u64,
    /// The installation to ask with; `None` for the only one.
    pub installation: Option<u64>,
}

/// The place of a secret that the configuration names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stored {
    /// A file that holds nothing else.
    File(PathBuf),
    /// An environment variable.
    Env(String),
}

/// The place of one of a webhook's secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretPlace {
    /// The place of the secret.
    pub secret: Stored,
    /// Where the file says so, as `file:line:column`.
    pub place: String,
}

/// The place of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenPlace {
    /// As the configuration says.
    Stored(Stored),
    /// Not said: for github.com the usual variables and the `gh` command, else none.
    Usual,
}

/// What the path of a secret's file may begin with: where a service's credentials are, which systemd tells in a variable
/// (systemd.exec(5)). No other variable is written out, nor this one in anything else.
const CREDENTIALS: &str = "$CREDENTIALS_DIRECTORY";

/// Whether a path leads to the credentials of a service.
pub(super) fn is_of_service(path: &Path) -> bool {
    path.starts_with(CREDENTIALS)
}

/// The path of a secret's file, as the configuration in `folder` names it.
pub(super) fn named(folder: &Path, text: &str) -> PathBuf {
    if is_of_service(Path::new(text)) { PathBuf::from(text) } else { folder.join(text) }
}

/// What stands in such a file.
pub(super) fn read(path: &Path) -> std::io::Result<String> {
    let Ok(name) = path.strip_prefix(CREDENTIALS) else { return std::fs::read_to_string(path) };
    match env::var("CREDENTIALS_DIRECTORY") {
        Some(folder) => std::fs::read_to_string(Path::new(&folder).join(name)),
        None => Err(std::io::Error::other("CREDENTIALS_DIRECTORY is not set; systemd sets it for services alone")),
    }
}

impl Stored {
    /// The secret, or which place is empty or unreadable.
    pub(super) fn fetch(&self) -> Result<String, String> {
        match self {
            Self::File(path) => {
                let text = read(path).map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
                let secret = text.trim();
                if secret.is_empty() { Err(format!("`{}` is empty", path.display())) } else { Ok(secret.to_owned()) }
            }
            Self::Env(name) => env::var(name).ok_or_else(|| format!("the environment variable {name} is not set")),
        }
    }
}

impl Tracker {
    /// What it calls its own.
    pub(super) fn claim(&self) -> Claim {
        Claim {
            tracker: self.id.clone(),
            site: Some(self.site.clone()),
            former_sites: self.former_sites.clone(),
            projects: self.projects.clone(),
        }
    }

    fn settings(&self) -> Result<TrackerSettings, ConfigError> {
        Ok(TrackerSettings {
            id: self.id.clone(),
            name: self.name.clone(),
            site: self.site.clone(),
            api_url: self.api_url.clone(),
            flavor: self.flavor,
            credential: self.credential()?,
            evidence_repos: self.evidence_repos.clone(),
            reserve: self.reserve,
        })
    }

    pub(super) fn asked(&self) -> Asked<'_> {
        let own = self.id.kind() == TrackerKind::GitHub && trust::is_own_github(&self.api_url);
        Asked { what: "tracker", name: &self.name, api_url: &self.api_url, own }
    }

    fn credential(&self) -> Result<Credential, ConfigError> {
        self.credentials.fetch(&self.asked())
    }
}

/// Who is asked with a credential.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// `tracker` or `source`.
    pub(super) what: &'a str,
    /// Its name in the file.
    pub(super) name: &'a str,
    /// Where to ask.
    pub(super) api_url: &'a Url,
    /// Whether it is the GitHub of this run.
    pub(super) own: bool,
}

impl std::fmt::Display for Asked<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} `{}`", self.what, self.name)
    }
}

impl Credentials {
    /// The credential with its secret, fetched now.
    pub(super) fn fetch(&self, asked: &Asked<'_>) -> Result<Credential, ConfigError> {
        let token = match &self.token {
            TokenPlace::Stored(stored) => Some(stored.fetch().map_err(|message| ConfigError::Secret {
                what: if self.app.is_some() { Secret::AppKey } else { Secret::Token },
                place: self.place.clone(),
                whom: asked.to_string(),
                message,
            })?),
            TokenPlace::Usual => usual_token(asked),
        };
        let Some(token) = token.map(SecretString::from) else { return Ok(Credential::Anonymous) };
        if asked.api_url.scheme() != "https" && !is_loopback(asked.api_url) {
            return Err(ConfigError::Plain {
                place: self.goes_to.clone(),
                whom: asked.to_string(),
                api_url: asked.api_url.to_string(),
            });
        }
        Ok(match (&self.app, &self.email) {
            (Some(app), _) => Credential::App { app_id: app.id, key: pem(&token), installation: app.installation },
            (None, Some(user)) => Credential::Basic { user: user.clone(), token },
            (None, None) => Credential::Bearer(token),
        })
    }
}

/// The token that every tool for GitHub looks for. It goes to github.com, or to the GitHub whose runner we are on,
/// and never anywhere else.
fn usual_token(asked: &Asked<'_>) -> Option<String> {
    if !asked.own {
        return None;
    }
    let of_dot_com = || if asked.api_url.host_str() == Some("api.github.com") { env::gh_auth_token() } else { None };
    env::var("GITHUB_TOKEN").or_else(|| env::var("GH_TOKEN")).or_else(of_dot_com)
}

impl Config {
    /// The trackers with their secrets, for asking.
    pub fn tracker_settings(&self) -> Result<Vec<TrackerSettings>, ConfigError> {
        self.trackers.iter().map(|tracker| self.settings_of(tracker)).collect()
    }

    /// The same of one tracker; the others' secrets are not fetched.
    pub fn tracker_settings_of(&self, id: &TrackerId) -> Result<Vec<TrackerSettings>, ConfigError> {
        self.trackers.iter().filter(|tracker| tracker.id == *id).map(|tracker| self.settings_of(tracker)).collect()
    }

    fn settings_of(&self, tracker: &Tracker) -> Result<TrackerSettings, ConfigError> {
        self.admit(&tracker.asked(), &tracker.credentials)?;
        tracker.settings()
    }
}

impl Config {
    /// The token that those show who ask `serve` for something.
    pub fn serve_token(&self) -> Result<Option<SecretString>, ConfigError> {
        let fetch = |SecretPlace { secret, place }: &SecretPlace| {
            self.fetch(secret).map_err(|message| ConfigError::Key { place: place.clone(), message })
        };
        self.key.as_ref().map(fetch).transpose()
    }

    /// The webhooks with their secrets; a tracker without any has none.
    pub fn webhook_settings(&self) -> Result<Vec<WebhookSettings>, ConfigError> {
        let with_secrets = self.trackers.iter().filter(|tracker| !tracker.webhook.is_empty());
        let settings = |tracker: &Tracker| {
            let (id, name) = (tracker.id.clone(), tracker.name.clone());
            Ok(WebhookSettings { tracker: id, name, secrets: self.webhook_secrets(tracker)? })
        };
        with_secrets.map(settings).collect()
    }

    fn webhook_secrets(&self, tracker: &Tracker) -> Result<Vec<SecretString>, ConfigError> {
        let fetch = |SecretPlace { secret, place }: &SecretPlace| {
            let (what, place, whom) = (Secret::Webhook, place.clone(), tracker.asked().to_string());
            self.fetch(secret).map_err(|message| ConfigError::Secret { what, place, whom, message })
        };
        tracker.webhook.iter().map(fetch).collect()
    }
}

/// A key as it was made: variables often carry it on one line.
fn pem(key: &SecretString) -> SecretString {
    SecretString::from(key.expose_secret().replace("\\n", "\n"))
}
