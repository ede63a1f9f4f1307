//! What can be wrong with a configuration, with its place and what to do next.

use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::domain::place::Lines;

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read configuration `{}`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// Something in it is wrong.
    #[error("{place}: {message}")]
    Wrong {
        /// `file:line:column`.
        place: String,
        /// What is wrong and what was expected.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
    /// A secret that it names is not there.
    #[error("{place}: no {what} for {whom}: {message}")]
    Secret {
        /// Which secret.
        what: Secret,
        /// `file:line:column` of the key that names its place.
        place: String,
        /// Whom it is for: "tracker `NAME`".
        whom: String,
        /// Which place was empty or unreadable.
        message: String,
    },
    /// The token of `serve` is not there.
    #[error("{place}: no token for `serve`: {message}")]
    Key {
        /// `file:line:column` of the key that names its place.
        place: String,
        /// Which place was empty or unreadable.
        message: String,
    },
    /// A token would travel in the open.
    #[error("{place}: {whom}: refusing to send a token to {api_url}, which is neither https nor on this machine")]
    Plain {
        /// `file:line:column` of `api_url`, or of the `site` or name that it follows from.
        place: String,
        /// Whom it is for: "tracker `NAME`".
        whom: String,
        /// Where the token would go.
        api_url: String,
    },
    /// There is none at all.
    #[error("no configuration: looked for dragnet.toml here, in the user's configuration folder and in /etc/dragnet")]
    None,
}

/// What a secret is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// Asking the tracker.
    Token,
    /// Signing as an app.
    AppKey,
    /// Knowing the tracker's deliveries.
    Webhook,
    /// Sending a digest: an address, a password, or what is signed with.
    Digest,
}

impl std::fmt::Display for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Token => "token",
            Self::AppKey => "key",
            Self::Webhook => "webhook secret",
            Self::Digest => "secret",
        })
    }
}

impl ConfigError {
    /// What to do next, where that can be said.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unreadable { .. } => Some("name an existing file with --config PATH".to_owned()),
            Self::Wrong { hint, .. } => hint.clone(),
            Self::Secret { what: Secret::Token, .. } => {
                Some("set it, or remove `token_env`/`token_file` to ask anonymously".to_owned())
            }
            Self::Secret { what: Secret::AppKey, .. } => {
                Some("put the private key there that GitHub made for the app, in PEM form".to_owned())
            }
            Self::Secret { what: Secret::Webhook, .. } => {
                Some("set it to what the tracker signs with, or take it out of the list".to_owned())
            }
            Self::Secret { what: Secret::Digest, .. } => {
                Some("set it, or take the digest out of the configuration".to_owned())
            }
            Self::Key { .. } => {
                Some("set it, or take the key out: then nobody may ask for a pass or a reload".to_owned())
            }
            Self::Plain { .. } => Some("use an https:// address in `api_url`".to_owned()),
            Self::None => {
                Some("`dragnet init` writes one for the documents here; --config PATH names another".to_owned())
            }
        }
    }
}

/// Turns byte spans of the file into places for messages.
pub(super) struct Places<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
}

impl Places<'_> {
    /// A complaint about the bytes at `span`.
    pub(super) fn wrong(&self, span: Range<usize>, message: impl Into<String>) -> ConfigError {
        self.wrong_with_hint(span, message, None)
    }

    /// A complaint with what to do about it.
    pub(super) fn wrong_with_hint(
        &self,
        span: Range<usize>,
        message: impl Into<String>,
        hint: Option<&str>,
    ) -> ConfigError {
        ConfigError::Wrong { place: self.place(span), message: message.into(), hint: hint.map(str::to_owned) }
    }

    /// `file:line:column` of the bytes at `span`.
    pub(super) fn place(&self, span: Range<usize>) -> String {
        Lines::new(&self.path.display().to_string(), self.text).place(span.start).to_string()
    }

    /// A complaint of the TOML reader: syntax, an unknown key, a wrong type.
    pub(super) fn syntax(&self, error: &toml::de::Error) -> ConfigError {
        let message = error.message().trim().replace('\n', ", ");
        self.wrong(error.span().unwrap_or(0..0), message)
    }
}
