//! Where a tracker's secret comes from, and fetching it at the moment it is needed.

use std::path::PathBuf;

use secrecy::SecretString;

use super::{Config, ConfigError, Tracker, env, trust};
use crate::domain::tracker::{Claim, Credential, TrackerId, TrackerKind, TrackerSettings};

/// Where a tracker's secret comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The account's e-mail address; makes it HTTP basic authentication.
    pub email: Option<String>,
    /// The place of the token.
    pub token: TokenPlace,
    /// Where the file says so, as `file:line:column`.
    pub place: String,
    /// Where the file says to whom the token goes, as `file:line:column`.
    pub goes_to: String,
}

/// The place of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenPlace {
    /// A file that holds nothing else.
    File(PathBuf),
    /// An environment variable.
    Env(String),
    /// Not said: for github.com the usual variables and the `gh` command, else none.
    Usual,
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
        })
    }

    fn credential(&self) -> Result<Credential, ConfigError> {
        let missing = |message: String| ConfigError::Secret {
            place: self.credentials.place.clone(),
            tracker: self.name.clone(),
            message,
        };
        let token = match &self.credentials.token {
            TokenPlace::File(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| missing(format!("cannot read `{}`: {error}", path.display())))?;
                let token = text.trim().to_owned();
                if token.is_empty() {
                    return Err(missing(format!("`{}` is empty", path.display())));
                }
                Some(token)
            }
            TokenPlace::Env(name) => {
                Some(env::var(name).ok_or_else(|| missing(format!("the environment variable {name} is not set")))?)
            }
            TokenPlace::Usual => self.usual_token(),
        };
        let Some(token) = token.map(SecretString::from) else { return Ok(Credential::Anonymous) };
        if self.api_url.scheme() != "https" && !is_loopback(&self.api_url) {
            return Err(ConfigError::Plain {
                place: self.credentials.goes_to.clone(),
                tracker: self.name.clone(),
                api_url: self.api_url.to_string(),
            });
        }
        Ok(match &self.credentials.email {
            Some(user) => Credential::Basic { user: user.clone(), token },
            None => Credential::Bearer(token),
        })
    }

    /// The token that every tool for GitHub looks for. It goes to github.com, or to the GitHub whose runner we are on,
    /// and never anywhere else.
    fn usual_token(&self) -> Option<String> {
        if self.id.kind() != TrackerKind::GitHub || !trust::is_own_github(&self.api_url) {
            return None;
        }
        let of_dot_com = || if self.api_url.host_str() == Some("api.github.com") { env::gh_auth_token() } else { None };
        env::var("GITHUB_TOKEN").or_else(|| env::var("GH_TOKEN")).or_else(of_dot_com)
    }
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
        self.admit(tracker)?;
        tracker.settings()
    }
}

fn is_loopback(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
