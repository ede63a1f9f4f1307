//! What the file says of digests, as it is written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::Audience;
use crate::domain::channel::MailSecurity;
use crate::domain::finding::Severity;

/// How a digest goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::config) enum DigestKind {
    /// An incoming webhook of Slack, or of what speaks like it.
    Slack,
    /// A webhook of Microsoft Teams' workflows.
    Teams,
    /// Anybody's webhook, signed.
    Webhook,
    /// E-mail.
    Mail,
    /// The body of one issue.
    GitHub,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct Digest {
    /// Its name, which stands in its heading.
    #[schemars(with = "String")]
    pub(in crate::config) name: Spanned<String>,
    /// How it goes out.
    #[schemars(with = "DigestKind")]
    pub(in crate::config) kind: Spanned<DigestKind>,
    /// When, as five fields of crontab (default: `0 9 * * mon`).
    #[schemars(with = "Option<String>")]
    pub(in crate::config) schedule: Option<Spanned<String>>,
    /// The time zone of that and of its dates (default: that of `[schedule]`).
    #[schemars(with = "Option<String>")]
    pub(in crate::config) timezone: Option<Spanned<String>>,
    /// Only challenges that one of these teams met.
    #[serde(default)]
    pub(in crate::config) teams: Vec<String>,
    /// Only challenges of these categories.
    #[serde(default)]
    pub(in crate::config) categories: Vec<String>,
    /// Only findings that are at least so loud (default: `warning`).
    pub(in crate::config) severity: Option<Severity>,
    /// How owners are addressed, by their names: on Slack an id of a user or of a group of users, on GitHub a login or
    /// `org/team`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub(in crate::config) mentions: BTreeMap<Spanned<String>, Spanned<String>>,
    /// Who may read it: a public one tells of public sources only.
    #[serde(default)]
    pub(in crate::config) audience: Audience,
    /// The file that holds the webhook's address.
    #[schemars(with = "Option<String>")]
    pub(in crate::config) url_file: Option<Spanned<String>>,
    /// The environment variable that holds it.
    #[schemars(with = "Option<String>")]
    pub(in crate::config) url_env: Option<Spanned<String>>,
    /// The file that holds what messages to a webhook of kind `webhook` are signed with.
    #[schemars(with = "Option<String>")]
    pub(in crate::config) secret_file: Option<Spanned<String>>,
    /// The environment variable that holds it.
    #[schemars(with = "Option<String>")]
    pub(in crate::config) secret_env: Option<Spanned<String>>,
    /// Whom a mail goes to, each by a mail of their own.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(in crate::config) to: Vec<Spanned<String>>,
    /// The issue's repository, `owner/repo`.
    #[schemars(with = "Option<String>")]
    pub(in crate::config) repo: Option<Spanned<String>>,
    /// The issue's number. Its body is replaced.
    #[schemars(with = "Option<u64>")]
    pub(in crate::config) issue: Option<Spanned<u64>>,
    /// Where GitHub's REST API is (default: `https://api.github.com`).
    #[schemars(with = "Option<String>")]
    pub(in crate::config) api_url: Option<Spanned<String>>,
    /// The file that holds a token that may edit the issue.
    #[schemars(with = "Option<String>")]
    pub(in crate::config) token_file: Option<Spanned<String>>,
    /// The environment variable that holds it.
    #[schemars(with = "Option<String>")]
    pub(in crate::config) token_env: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct Mail {
    /// The server's name.
    #[schemars(with = "String")]
    pub(in crate::config) host: Spanned<String>,
    /// Its port (default: 587, with `tls` 465, with `none` 25).
    pub(in crate::config) port: Option<u16>,
    /// How what is said to it is kept secret (default: `starttls`).
    #[schemars(with = "Option<MailSecurity>")]
    pub(in crate::config) security: Option<Spanned<MailSecurity>>,
    /// Who mails are from: an address, or a name with one, such as `dragnet <dragnet@example.org>`.
    #[schemars(with = "String")]
    pub(in crate::config) from: Spanned<String>,
    /// The account, where the server asks for one.
    #[schemars(with = "Option<String>")]
    pub(in crate::config) user: Option<Spanned<String>>,
    /// The file that holds its password.
    #[schemars(with = "Option<String>")]
    pub(in crate::config) password_file: Option<Spanned<String>>,
    /// The environment variable that holds it.
    #[schemars(with = "Option<String>")]
    pub(in crate::config) password_env: Option<Spanned<String>>,
}
