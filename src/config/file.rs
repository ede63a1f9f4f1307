//! The file as it is written: keys and spans, unchecked but for their types.

use serde::Deserialize;
use toml::Spanned;

use crate::domain::document::{Content, Form};
use crate::domain::finding::Severity;
use crate::domain::policy::Meaning;
use crate::domain::tracker::{Flavor, TrackerKind};

/// `dragnet.toml`, key by key. Unknown keys are refused while it is read.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    pub(super) store: Store,
    #[serde(default)]
    pub(super) source: Vec<Source>,
    #[serde(default)]
    pub(super) tracker: Vec<Tracker>,
    #[serde(default)]
    pub(super) schedule: Schedule,
    #[serde(default)]
    pub(super) serve: Serve,
    #[serde(default)]
    pub(super) policy: Policy,
    #[serde(default)]
    pub(super) severity: std::collections::BTreeMap<Spanned<String>, Severity>,
    #[serde(default)]
    pub(super) waiver: Vec<Waiver>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Store {
    pub(super) path: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    pub(super) name: Spanned<String>,
    pub(super) path: Spanned<String>,
    #[serde(default)]
    pub(super) content: Content,
    pub(super) form: Option<Form>,
    #[serde(default)]
    pub(super) audience: Audience,
}

/// Who may read what is written from a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// The team and its neighbours.
    #[default]
    Internal,
    /// Anybody: private titles never appear.
    Public,
}

/// Who may read a tracker's titles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// Anybody.
    Public,
    /// The team and its neighbours.
    #[default]
    Internal,
    /// Output for CI shows ids and verdicts only.
    Private,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tracker {
    pub(super) name: Spanned<String>,
    pub(super) kind: TrackerKind,
    pub(super) site: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) former_sites: Vec<Spanned<String>>,
    pub(super) api_url: Option<Spanned<String>>,
    pub(super) flavor: Option<Spanned<Flavor>>,
    #[serde(default)]
    pub(super) projects: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) visibility: Visibility,
    pub(super) email: Option<Spanned<String>>,
    pub(super) token_file: Option<Spanned<String>>,
    pub(super) token_env: Option<Spanned<String>>,
    pub(super) app_id: Option<Spanned<u64>>,
    pub(super) app_key_file: Option<Spanned<String>>,
    pub(super) app_key_env: Option<Spanned<String>>,
    pub(super) installation_id: Option<Spanned<u64>>,
    pub(super) reserve: Option<Spanned<u8>>,
    #[serde(default)]
    pub(super) webhook_secret_file: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) webhook_secret_env: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) evidence_repos: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) resolutions: std::collections::BTreeMap<Spanned<String>, Meaning>,
    #[serde(default)]
    pub(super) statuses: std::collections::BTreeMap<Spanned<String>, Meaning>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Schedule {
    pub(super) sync: Option<Spanned<String>>,
    pub(super) full: Option<Spanned<String>>,
    pub(super) timezone: Option<Spanned<String>>,
    pub(super) jitter: Option<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Serve {
    pub(super) listen: Option<Spanned<String>>,
    pub(super) ping_url: Option<Spanned<String>>,
    pub(super) token_file: Option<Spanned<String>>,
    pub(super) token_env: Option<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Policy {
    pub(super) stale_after: Option<Spanned<String>>,
    pub(super) grace: Option<Spanned<String>>,
    pub(super) closed_every: Option<Spanned<String>>,
    pub(super) quiet_after: Option<Spanned<String>>,
    pub(super) quiet_every: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Waiver {
    pub(super) code: Spanned<String>,
    pub(super) ticket: Option<Spanned<String>>,
    pub(super) challenge: Option<Spanned<String>>,
    pub(super) by: Option<String>,
    pub(super) reason: Spanned<String>,
    pub(super) until: Spanned<toml::value::Datetime>,
}
