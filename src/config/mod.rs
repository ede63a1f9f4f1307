//! The configuration: file and environment, checked into a type that every room may trust.

mod access;
mod check;
mod columns;
mod credentials;
mod digest;
mod env;
mod error;
mod file;
mod owners;
mod record;
mod service;
mod show;
mod source;
#[cfg(test)]
mod tests;
mod trust;
mod visitors;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{NaiveDate, NaiveTime};

use crate::domain::document::Reading;
use crate::domain::policy::{Meanings, Policy};
use crate::domain::remote::Annotate;
use crate::domain::retention::Retention;
use crate::domain::schedule::Schedule;
use crate::domain::time::Moment;
use crate::domain::tracker::{Claims, Flavor, TrackerId};
use crate::domain::waiver::Waiver;

pub use self::credentials::{Credentials, SecretPlace};
pub use self::digest::{Digest, DigestTo, Mail};
pub use self::env::{user_name, var};
pub use self::error::ConfigError;
pub use self::file::{Audience, Visibility};
pub use self::source::Remote;
pub use self::visitors::Visitors;

/// A checked configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file that it was read from.
    pub path: PathBuf,
    /// Where the store lives.
    pub store: PathBuf,
    /// The documents to read.
    pub sources: Vec<SourceSettings>,
    /// The trackers to ask, without their secrets.
    pub trackers: Vec<Tracker>,
    /// When passes run.
    pub sync: Schedule,
    /// When full passes run.
    pub full: Schedule,
    /// How much later than its schedule says a pass may begin.
    pub jitter: std::time::Duration,
    /// For how long what is over is kept.
    pub retention: Retention,
    /// Where `serve` listens.
    pub listen: std::net::SocketAddr,
    /// Whom `serve` tells after each good pass.
    pub ping: Option<url::Url>,
    /// Where the token comes from that those show who ask `serve` for something.
    pub key: Option<SecretPlace>,
    /// Who may see what is served.
    pub visitors: Visitors,
    /// What the team tolerates.
    pub policy: Policy,
    /// Findings that people accepted.
    pub waivers: Vec<Waiver>,
    /// What teams are told of what changed, without the secrets that this takes.
    pub digests: Vec<Digest>,
    /// The server that digests by mail go through.
    pub mail: Option<Mail>,
    /// The address under which people reach the page, without a slash at its end.
    pub public_url: Option<String>,
    /// Whether anybody who opens a pull request may have written it.
    foreign: bool,
    /// Hosts that a foreign configuration may ask, besides GitHub's own.
    allowed_hosts: Vec<String>,
}

/// One document, or several under one pattern.
#[derive(Debug, Clone)]
pub struct SourceSettings {
    /// Its name in messages and in the store.
    pub name: String,
    /// The folder that `path` starts at where it is relative: the configuration's own.
    pub folder: PathBuf,
    /// A file or a glob, as written.
    pub path: String,
    /// How it is to be read.
    pub reading: Reading,
    /// Who may read what is written from it.
    pub audience: Audience,
    /// The folder that its files may not lead out of; `None` for anywhere.
    pub fence: Option<PathBuf>,
    /// Its text, where that came by standard input and no file holds it; `path` is then only a name.
    pub text: Option<String>,
    /// Where its documents are fetched from, if they are no files; `path` is then only a name.
    pub remote: Option<Remote>,
    /// What passes write into its documents where they live.
    pub annotate: Option<Annotate>,
}

impl SourceSettings {
    /// Whether its documents are fetched, and their text is not at hand here.
    pub fn is_fetched(&self) -> bool {
        self.remote.is_some() && self.text.is_none()
    }

    /// A document, or several under one pattern, named outside of any configuration.
    pub fn named(path: &str) -> Self {
        Self {
            name: path.to_owned(),
            folder: PathBuf::new(),
            path: path.to_owned(),
            reading: Reading::default(),
            audience: Audience::Internal,
            fence: None,
            text: None,
            remote: None,
            annotate: None,
        }
    }
}

/// A tracker as configured; its secret is fetched only when something is to be asked.
#[derive(Debug, Clone)]
pub struct Tracker {
    /// Its name in ids.
    pub id: TrackerId,
    /// Its name in the file.
    pub name: String,
    /// What its links look like.
    pub site: url::Url,
    /// What they looked like before.
    pub former_sites: Vec<url::Url>,
    /// Where to ask.
    pub api_url: url::Url,
    /// Which Jira it is, if told.
    pub flavor: Option<Flavor>,
    /// Jira projects whose bare keys belong here.
    pub projects: Vec<String>,
    /// Who may read its titles.
    pub visibility: Visibility,
    /// Repositories to search for merged work that names a Jira key: `owner/repo`, or `owner/*`.
    pub evidence_repos: Vec<String>,
    /// What its names of resolutions and statuses mean.
    pub meanings: Meanings,
    /// Where its secret comes from.
    pub credentials: Credentials,
    /// The day on which that ends, if told.
    pub token_expires: Option<NaiveDate>,
    /// Where the secrets of its webhook come from; none, and it has no webhook.
    pub webhook: Vec<SecretPlace>,
    /// The part of a quota, in percent, that is left for others who use the same credential.
    pub reserve: u8,
}

impl Config {
    /// Reads and checks the file at `path`, which is foreign in CI.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        let config = Self::from_text(path, &text)?.of_this_run();
        config.admit_store()?;
        Ok(config)
    }

    /// Checks `text` as the content of `path`, whose folder relative paths are joined to. It is trusted.
    pub fn from_text(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let place = error::Places { path, text };
        let file: file::File = toml::from_str(text).map_err(|error| place.syntax(&error))?;
        check::check(file, &place)
    }

    /// The JSON Schema of the file.
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(file::File).to_value()
    }

    /// The configuration named, or the first one in the usual places; `None` when there is none anywhere.
    pub fn find(named: Option<&Path>) -> Result<Option<Self>, ConfigError> {
        match named {
            Some(path) => Self::load(path).map(Some),
            None => env::usual_places().iter().find(|path| path.is_file()).map(|path| Self::load(path)).transpose(),
        }
    }

    /// When the trackers' credentials end, as far as the file says so: with the beginning of the day.
    pub fn credentials_end(&self) -> BTreeMap<TrackerId, Moment> {
        let end =
            |tracker: &Tracker| Some((tracker.id.clone(), tracker.token_expires?.and_time(NaiveTime::MIN).and_utc()));
        self.trackers.iter().filter_map(end).collect()
    }

    /// What the trackers call their own.
    pub fn claims(&self) -> Claims {
        Claims(self.trackers.iter().map(Tracker::claim).collect())
    }
}
