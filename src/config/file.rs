//! The file as it is written: keys and spans, unchecked but for their types.

mod columns;
mod digest;
mod record;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::domain::document::{Content, Form};
use crate::domain::finding::Severity;
use crate::domain::policy::Meaning;
use crate::domain::remote::{Annotate, WikiFlavor};
use crate::domain::tracker::{Flavor, TrackerKind};

pub(super) use self::columns::Columns;
pub(super) use self::digest::{Digest, DigestKind, Mail};
pub(super) use self::record::Record;

/// `dragnet.toml`, key by key. Unknown keys are refused while it is read.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// Where what is known is kept.
    #[serde(default)]
    pub(super) store: Store,
    /// The documents to read, a block each.
    #[serde(default)]
    pub(super) source: Vec<Source>,
    /// Kinds of decision records and proposals that documents cite, a block each.
    #[serde(default)]
    pub(super) record: Vec<Record>,
    /// The trackers to ask, a block each. The first of a kind is called by its kind in ids, each other one `kind@NAME`.
    #[serde(default)]
    pub(super) tracker: Vec<Tracker>,
    /// When passes run.
    #[serde(default)]
    pub(super) schedule: Schedule,
    /// For how long what is over is kept.
    #[serde(default)]
    pub(super) retention: Retention,
    /// How the daemon is reached.
    #[serde(default)]
    pub(super) serve: Serve,
    /// What the team tolerates.
    #[serde(default)]
    pub(super) policy: Policy,
    /// How loud findings are, by their codes.
    #[serde(default)]
    #[schemars(with = "std::collections::BTreeMap<String, Severity>")]
    pub(super) severity: std::collections::BTreeMap<Spanned<String>, Severity>,
    /// Findings that people accepted, a block each.
    #[serde(default)]
    pub(super) waiver: Vec<Waiver>,
    /// Who owns which challenges, a block for each team; the first that matches counts.
    #[serde(default)]
    pub(super) owner: Vec<Owner>,
    /// What teams are told of what changed, a block for each team and each way that it goes.
    #[serde(default)]
    pub(super) digest: Vec<Digest>,
    /// The server that digests by mail go through.
    pub(super) mail: Option<Mail>,
    /// What challenges are rolled up by, a block each.
    #[serde(default)]
    pub(super) theme: Vec<Theme>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Theme {
    /// What it is called.
    #[schemars(with = "String")]
    pub(super) name: Spanned<String>,
    /// Challenges of these categories.
    #[serde(default)]
    pub(super) categories: Vec<String>,
    /// Challenges with one of these words, or sequences of words, in their title.
    #[serde(default)]
    pub(super) words: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Owner {
    /// The team.
    #[schemars(with = "String")]
    pub(super) name: Spanned<String>,
    /// What anecdotes and assignees call it, or those who belong to it.
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    /// Its challenges, by their ids.
    #[serde(default)]
    pub(super) challenges: Vec<String>,
    /// Its categories.
    #[serde(default)]
    pub(super) categories: Vec<String>,
    /// Sources of which all challenges are its own.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) sources: Vec<Spanned<String>>,
    /// Jira projects; a challenge with a remedy there is its own.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) projects: Vec<Spanned<String>>,
    /// The same for repositories: `owner/repo` or `owner/*`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) repositories: Vec<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Store {
    /// The store's file (default: `dragnet.db` beside the configuration).
    pub(super) path: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    /// Its name in messages.
    #[schemars(with = "String")]
    pub(super) name: Spanned<String>,
    /// A file or a glob: from the configuration's folder, or with `repo` from the repository's root.
    #[schemars(with = "Option<String>")]
    pub(super) path: Option<Spanned<String>>,
    /// Pages of the Confluence whose links start with this, such as `https://example.atlassian.net/wiki`.
    #[schemars(with = "Option<String>")]
    pub(super) confluence: Option<Spanned<String>>,
    /// Which: the page of this number,
    #[schemars(with = "Option<u64>")]
    pub(super) page: Option<Spanned<u64>>,
    /// the page of this number and all under it,
    #[schemars(with = "Option<u64>")]
    pub(super) under: Option<Spanned<u64>>,
    /// or all pages with this label.
    #[schemars(with = "Option<String>")]
    pub(super) label: Option<Spanned<String>>,
    /// Files of this repository on GitHub: `owner/repo`, or its address.
    #[schemars(with = "Option<String>")]
    pub(super) repo: Option<Spanned<String>>,
    /// Its branch (default: the repository's own).
    #[schemars(with = "Option<String>")]
    pub(super) branch: Option<Spanned<String>>,
    /// The document at this address, asked for without credentials.
    #[schemars(with = "Option<String>")]
    pub(super) url: Option<Spanned<String>>,
    /// Networks that `url` may lead to although they are not public, such as `10.1.0.0/16`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) allow: Vec<Spanned<String>>,
    /// Where to ask, when that differs from the wiki's or the repository's address.
    #[schemars(with = "Option<String>")]
    pub(super) api_url: Option<Spanned<String>>,
    /// Which Confluence it is (default: Cloud at `atlassian.net`, else Data Center).
    #[schemars(with = "Option<WikiFlavor>")]
    pub(super) flavor: Option<Spanned<WikiFlavor>>,
    /// The account of an API token of Confluence Cloud.
    #[schemars(with = "Option<String>")]
    pub(super) email: Option<Spanned<String>>,
    /// The file that holds the token.
    #[schemars(with = "Option<String>")]
    pub(super) token_file: Option<Spanned<String>>,
    /// The environment variable that holds the token.
    #[schemars(with = "Option<String>")]
    pub(super) token_env: Option<Spanned<String>>,
    /// What stands in it.
    #[serde(default)]
    #[schemars(with = "Content")]
    pub(super) content: Content,
    /// How it is written; found out when absent.
    #[schemars(with = "Option<Form>")]
    pub(super) form: Option<Form>,
    /// What stands above its columns beside the words that are known anyway.
    #[serde(default)]
    pub(super) columns: Columns,
    /// Who may read what is written from it.
    #[serde(default)]
    pub(super) audience: Audience,
    /// Whether passes write each ticket's status into the pages of `confluence`, or take them out again (default: neither).
    #[schemars(with = "Option<Annotate>")]
    pub(super) annotate: Option<Spanned<Annotate>>,
}

/// Who may read what is written from a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// The team and its neighbours.
    #[default]
    Internal,
    /// Anybody: private titles never appear.
    Public,
}

/// Who may read a tracker's titles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
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

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Tracker {
    /// Its name.
    #[schemars(with = "String")]
    pub(super) name: Spanned<String>,
    /// What speaks at the other end.
    #[schemars(with = "TrackerKind")]
    pub(super) kind: TrackerKind,
    /// What links to it start with; github.com's when absent.
    #[schemars(with = "Option<String>")]
    pub(super) site: Option<Spanned<String>>,
    /// What links to it started with before.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) former_sites: Vec<Spanned<String>>,
    /// Where to ask, when that differs from the site.
    #[schemars(with = "Option<String>")]
    pub(super) api_url: Option<Spanned<String>>,
    /// Which Jira it is; asked for when absent.
    #[schemars(with = "Option<Flavor>")]
    pub(super) flavor: Option<Spanned<Flavor>>,
    /// Jira projects whose bare keys belong here.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) projects: Vec<Spanned<String>>,
    /// Who may read its titles.
    #[serde(default)]
    pub(super) visibility: Visibility,
    /// The account of an API token of Jira Cloud.
    #[schemars(with = "Option<String>")]
    pub(super) email: Option<Spanned<String>>,
    /// The file that holds the token.
    #[schemars(with = "Option<String>")]
    pub(super) token_file: Option<Spanned<String>>,
    /// The environment variable that holds the token.
    #[schemars(with = "Option<String>")]
    pub(super) token_env: Option<Spanned<String>>,
    /// The day on which the token ends, which not every tracker tells.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub(super) token_expires: Option<Spanned<toml::value::Datetime>>,
    /// The number of the GitHub App to ask as.
    #[schemars(with = "Option<u64>")]
    pub(super) app_id: Option<Spanned<u64>>,
    /// The file that holds the app's private key.
    #[schemars(with = "Option<String>")]
    pub(super) app_key_file: Option<Spanned<String>>,
    /// The environment variable that holds the app's private key.
    #[schemars(with = "Option<String>")]
    pub(super) app_key_env: Option<Spanned<String>>,
    /// The app's installation, where it has several.
    #[schemars(with = "Option<u64>")]
    pub(super) installation_id: Option<Spanned<u64>>,
    /// The part of each quota, in percent, left to others who use the same credential (default: 10).
    #[schemars(with = "Option<u8>")]
    pub(super) reserve: Option<Spanned<u8>>,
    /// Files that hold the webhook's secrets; all are in force.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) webhook_secret_file: Vec<Spanned<String>>,
    /// Environment variables that hold the webhook's secrets; all are in force.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) webhook_secret_env: Vec<Spanned<String>>,
    /// Where merged pull requests that name a Jira key are searched for: `owner/repo` or `owner/*`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) evidence_repos: Vec<Spanned<String>>,
    /// What this Jira's own resolutions say of the work, by name.
    #[serde(default)]
    #[schemars(with = "std::collections::BTreeMap<String, Meaning>")]
    pub(super) resolutions: std::collections::BTreeMap<Spanned<String>, Meaning>,
    /// What this Jira's own closed statuses say of the work, by name.
    #[serde(default)]
    #[schemars(with = "std::collections::BTreeMap<String, Meaning>")]
    pub(super) statuses: std::collections::BTreeMap<Spanned<String>, Meaning>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Schedule {
    /// When passes run, as five fields of crontab (default: `*/15 * * * *`).
    #[schemars(with = "Option<String>")]
    pub(super) sync: Option<Spanned<String>>,
    /// When passes ask for everything (default: `0 3 * * sun`).
    #[schemars(with = "Option<String>")]
    pub(super) full: Option<Spanned<String>>,
    /// The time zone of both, such as `Europe/Berlin` (default: `UTC`).
    #[schemars(with = "Option<String>")]
    pub(super) timezone: Option<Spanned<String>>,
    /// How much later a pass may begin, at random, such as `30s` (default: `0s`).
    #[schemars(with = "Option<String>")]
    pub(super) jitter: Option<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Retention {
    /// Passes that ended, such as `400d`, which is the default, or `forever`.
    #[schemars(with = "Option<String>")]
    pub(super) passes: Option<Spanned<String>>,
    /// Webhook deliveries that were taken in (default: `30d`).
    #[schemars(with = "Option<String>")]
    pub(super) deliveries: Option<Spanned<String>>,
    /// Verdicts, standings and findings that are over, and documents and tickets that are cited no more (default: `forever`).
    #[schemars(with = "Option<String>")]
    pub(super) history: Option<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Serve {
    /// Address and port of the page (default: `127.0.0.1:8080`).
    #[schemars(with = "Option<String>")]
    pub(super) listen: Option<Spanned<String>>,
    /// The file of those who may come in, a line each: `dragnet user` writes them.
    #[schemars(with = "Option<String>")]
    pub(super) users_file: Option<Spanned<String>>,
    /// Networks of the proxies that are believed when they say who somebody is, such as `10.1.0.0/16`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) trusted_proxies: Vec<Spanned<String>>,
    /// The header in which they say so (default: `X-Forwarded-User`).
    #[schemars(with = "Option<String>")]
    pub(super) user_header: Option<Spanned<String>>,
    /// Whether anybody who reaches the address may read everything (default: only on loopback).
    #[serde(default)]
    pub(super) open: bool,
    /// How many requests a second one address may make (default: 1000).
    #[schemars(with = "Option<u32>")]
    pub(super) rate: Option<Spanned<u32>>,
    /// The file that holds the certificate and its chain; with it the page is served by https.
    #[schemars(with = "Option<String>")]
    pub(super) tls_cert_file: Option<Spanned<String>>,
    /// The file that holds the certificate's key.
    #[schemars(with = "Option<String>")]
    pub(super) tls_key_file: Option<Spanned<String>>,
    /// The address under which people reach the page; links in digests start with it.
    #[schemars(with = "Option<String>")]
    pub(super) public_url: Option<Spanned<String>>,
    /// A dead man's switch, told after each pass that could tell everything.
    #[schemars(with = "Option<String>")]
    pub(super) ping_url: Option<Spanned<String>>,
    /// The file that holds the token of those who may ask for a pass or a reload.
    #[schemars(with = "Option<String>")]
    pub(super) token_file: Option<Spanned<String>>,
    /// The environment variable that holds it.
    #[schemars(with = "Option<String>")]
    pub(super) token_env: Option<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Policy {
    /// How long a promised fix may stay open and untouched, such as `90d`, which is the default.
    #[schemars(with = "Option<String>")]
    pub(super) stale_after: Option<Spanned<String>>,
    /// For how long after a closing nothing is flagged on it (default: `0d`).
    #[schemars(with = "Option<String>")]
    pub(super) grace: Option<Spanned<String>>,
    /// How long passes on schedule leave closed tickets alone (default: `6h`).
    #[schemars(with = "Option<String>")]
    pub(super) closed_every: Option<Spanned<String>>,
    /// When a closed ticket is quiet (default: `30d`).
    #[schemars(with = "Option<String>")]
    pub(super) quiet_after: Option<Spanned<String>>,
    /// How long passes on schedule leave quiet tickets alone (default: `1d`).
    #[schemars(with = "Option<String>")]
    pub(super) quiet_every: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Waiver {
    /// The finding code that is accepted.
    #[schemars(with = "String")]
    pub(super) code: Spanned<String>,
    /// Only of this ticket, by its id.
    #[schemars(with = "Option<String>")]
    pub(super) ticket: Option<Spanned<String>>,
    /// Only of this challenge, by its id.
    #[schemars(with = "Option<String>")]
    pub(super) challenge: Option<Spanned<String>>,
    /// Who accepts it.
    pub(super) by: Option<String>,
    /// Why.
    #[schemars(with = "String")]
    pub(super) reason: Spanned<String>,
    /// The last day on which it is accepted.
    #[schemars(with = "String", extend("format" = "date"))]
    pub(super) until: Spanned<toml::value::Datetime>,
}
