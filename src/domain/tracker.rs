//! A tracker's name, and which links and keys it claims.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use super::lookup::Trouble;
use super::ticket::TicketKey;
use super::time::Moment;

/// What speaks at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TrackerKind {
    /// Jira Cloud or Data Center.
    Jira,
    /// github.com or GitHub Enterprise Server.
    GitHub,
}

impl std::fmt::Display for TrackerKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Jira => "jira",
            Self::GitHub => "github",
        })
    }
}

/// A tracker as ticket ids write it: `jira` or `github` for the first of its kind, `jira@NAME` for each other.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TrackerId {
    kind: TrackerKind,
    name: Option<String>,
}

impl TrackerId {
    /// The first tracker of its kind, which needs no name.
    pub fn first(kind: TrackerKind) -> Self {
        Self { kind, name: None }
    }

    /// A further tracker of a kind. The name is what the configuration calls it.
    pub fn named(kind: TrackerKind, name: impl Into<String>) -> Self {
        Self { kind, name: Some(name.into()) }
    }

    /// What speaks at the other end.
    pub fn kind(&self) -> TrackerKind {
        self.kind
    }
}

impl std::fmt::Display for TrackerId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.name {
            None => write!(f, "{}", self.kind),
            Some(name) => write!(f, "{}@{name}", self.kind),
        }
    }
}

/// What [`TrackerId`] cannot be read from.
#[derive(Debug, thiserror::Error)]
#[error("not a tracker: `{0}` (expected `jira`, `github`, `jira@NAME` or `github@NAME`)")]
pub struct NotATracker(String);

impl std::str::FromStr for TrackerId {
    type Err = NotATracker;

    fn from_str(text: &str) -> Result<Self, NotATracker> {
        let (kind, name) = match text.split_once('@') {
            Some((kind, name)) => (kind, Some(name.to_owned())),
            None => (text, None),
        };
        let kind = match kind {
            "jira" => TrackerKind::Jira,
            "github" => TrackerKind::GitHub,
            _ => return Err(NotATracker(text.to_owned())),
        };
        match name {
            Some(name) if name.is_empty() => Err(NotATracker(text.to_owned())),
            name => Ok(Self { kind, name }),
        }
    }
}

impl TryFrom<String> for TrackerId {
    type Error = NotATracker;

    fn try_from(text: String) -> Result<Self, NotATracker> {
        text.parse()
    }
}

impl From<TrackerId> for String {
    fn from(id: TrackerId) -> Self {
        id.to_string()
    }
}

/// Which Jira it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Flavor {
    /// Jira Cloud, REST v3.
    Cloud,
    /// Jira Data Center or Server, REST v2.
    DataCenter,
}

/// How a tracker is to be reached and convinced.
#[derive(Debug, Clone)]
pub struct TrackerSettings {
    /// Its name in ids.
    pub id: TrackerId,
    /// Its name in the configuration, for messages.
    pub name: String,
    /// What its links look like.
    pub site: Url,
    /// Where to ask. For GitHub the REST root: `https://api.github.com`, `https://HOST/api/v3`.
    pub api_url: Url,
    /// Which Jira it is; `None` to find out by asking. Always `None` for GitHub.
    pub flavor: Option<Flavor>,
    /// What to show when asking.
    pub credential: Credential,
    /// GitHub repositories to search for merged work that names a Jira key: `owner/repo`, or `owner/*`.
    pub evidence_repos: Vec<String>,
    /// The part of a quota, in percent, that is left for others who use the same credential.
    pub reserve: u8,
}

/// What a tracker says to credentials beside who they belong to, as far as it says anything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Greeting {
    /// Whether nothing was shown.
    pub anonymous: bool,
    /// The scopes of a classic token of GitHub, with commas between them.
    pub scopes: Option<String>,
    /// When the token ends.
    pub expires: Option<Moment>,
    /// Requests left in this hour, and how many an hour has.
    pub quota: Option<(u64, u64)>,
    /// The tracker's clock.
    pub date: Option<Moment>,
}

/// What was left of a quota when its tracker last told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// Requests or points.
    pub left: u64,
    /// How many there are when it is whole.
    pub of: u64,
    /// When it is whole again, or some of it comes back.
    pub back_at: Moment,
}

/// What a tracker's replies told of the credential in use, as far as they told anything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Account {
    /// Its quotas by their names (`graphql`, `core`); the empty name where there is one for everything.
    pub quotas: BTreeMap<String, Quota>,
    /// When the credential ends.
    pub expires: Option<Moment>,
}

/// Whose deliveries a webhook takes in, and what they are signed with. Secrets cannot be printed.
#[derive(Debug, Clone)]
pub struct WebhookSettings {
    /// The tracker's name in ids.
    pub tracker: TrackerId,
    /// Its name in the configuration.
    pub name: String,
    /// The secrets in force; several while one takes the place of another.
    pub secrets: Vec<SecretString>,
}

/// What is shown to a tracker. Secrets cannot be printed.
#[derive(Debug, Clone)]
pub enum Credential {
    /// Nothing; public tickets only.
    Anonymous,
    /// `Authorization: Bearer …`
    Bearer(SecretString),
    /// HTTP basic authentication, as Jira Cloud's API tokens want it.
    Basic {
        /// The account's e-mail address.
        user: String,
        /// The API token.
        token: SecretString,
    },
    /// A GitHub App, which gets itself tokens that last an hour.
    App {
        /// The app's number.
        app_id: u64,
        /// The private key that it signs with, in PEM form.
        key: SecretString,
        /// The installation to ask with; `None` for the only one.
        installation: Option<u64>,
    },
}

/// What a tracker taught us about how it wants to be asked; kept from pass to pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Habits {
    /// The tracker.
    pub tracker: TrackerId,
    /// Where it was asked. What was learned holds for this address only.
    pub api_url: String,
    /// What is as it is for everybody.
    pub traits: Traits,
}

/// What a tracker turned out to be, whoever asks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Traits {
    /// Which Jira it is, where that was found out by asking.
    pub flavor: Option<Flavor>,
    /// What it does not know, in its own words: `enableDuplicate`.
    pub lacks: BTreeSet<String>,
}

/// The name of GitHub's quota for REST, as its header `x-ratelimit-resource` has it.
pub const CORE: &str = "core";

/// What a server must not be asked with a credential for a while, be it for tickets or for documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// Where: scheme, host and port.
    pub origin: String,
    /// Whose wait it is: [`Credential::fingerprint`]. Another credential has limits of its own.
    pub credential: String,
    /// Which part: a quota's name (`graphql`, `core`); empty for everything.
    pub scope: String,
    /// Whose wait it is among those who ask with it: theirs who leave at least this part of the quota, in percent, to
    /// others. 0 where nobody may ask.
    pub reserve: u8,
    /// Until when.
    pub until: Moment,
    /// What it said.
    pub trouble: Trouble,
}

impl Credential {
    /// Tells one credential from another without giving it away: what was learnt with one need not hold for another.
    /// Half of a SHA-256, in hexadecimal.
    pub fn fingerprint(&self) -> String {
        let mut digest = Sha256::new();
        match self {
            Self::Anonymous => {}
            Self::Bearer(token) => digest.update(token.expose_secret()),
            Self::Basic { user, token } => digest.update(format!("{user}:{}", token.expose_secret())),
            Self::App { app_id, key, installation } => {
                digest.update(format!("{app_id}:{installation:?}:{}", key.expose_secret()));
            }
        }
        digest.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What one tracker calls its own: links to its site, and bare keys of its projects.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Whose claim it is.
    pub tracker: TrackerId,
    /// What its links look like. `None` only for Jira without a configuration: then every link of the form
    /// `https://HOST/browse/KEY-1` counts.
    pub site: Option<Url>,
    /// What its links looked like before the site was renamed.
    pub former_sites: Vec<Url>,
    /// Project keys whose bare form (`ARCHBOM-1202`) belongs here, in upper case. Empty for GitHub.
    pub projects: Vec<String>,
}

impl Claim {
    /// The link that a person would open, when the site is known.
    pub fn link(&self, key: TicketKey<'_>) -> Option<String> {
        Some(key.link(self.site.as_ref()?.as_str().trim_end_matches('/')))
    }
}

/// All claims in force; no two overlap (the configuration sees to that).
#[derive(Debug, Clone, Default)]
pub struct Claims(pub Vec<Claim>);

impl Claims {
    /// What holds without a configuration: github.com, every Jira `…/browse/KEY-1` link, and the bare keys of `projects`.
    pub fn without_configuration(projects: &[String]) -> Self {
        let github = Url::parse("https://github.com").expect("a constant address");
        Self(vec![
            Claim {
                tracker: TrackerId::first(TrackerKind::Jira),
                site: None,
                former_sites: Vec::new(),
                projects: projects.iter().map(|key| key.to_ascii_uppercase()).collect(),
            },
            Claim {
                tracker: TrackerId::first(TrackerKind::GitHub),
                site: Some(github),
                former_sites: Vec::new(),
                projects: Vec::new(),
            },
        ])
    }

    /// The claim of one tracker.
    pub fn of(&self, tracker: &TrackerId) -> Option<&Claim> {
        self.0.iter().find(|claim| claim.tracker == *tracker)
    }
}

/// Whether what is sent there stays on this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
