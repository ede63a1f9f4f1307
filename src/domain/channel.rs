//! Ways on which messages go out: chats, mail, webhooks, an issue; and what came of sending one.

use std::time::Duration;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::time::Moment;
use super::tracker::Credential;

/// Where a digest goes, with the secrets that this takes. They cannot be printed.
#[derive(Debug, Clone)]
pub enum Channel {
    /// An incoming webhook of Slack, or of what speaks like it.
    Slack(Hook),
    /// A webhook of Teams' workflows.
    Teams(Hook),
    /// Anybody's webhook; what it is sent is signed.
    Webhook(Hook, SecretString),
    /// Mail to each of these addresses, by this server.
    Mail(Vec<String>, Box<MailServer>),
    /// The body of an issue.
    Issue(IssuePlace),
}

/// An address that whoever knows it may send to, and so is a secret.
#[derive(Clone)]
pub struct Hook(pub Url);

impl std::fmt::Debug for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hook({}/…)", self.0.origin().ascii_serialization())
    }
}

/// An issue on GitHub.
#[derive(Debug, Clone)]
pub struct IssuePlace {
    /// Where the REST API is.
    pub api_url: Url,
    /// `owner/repo`
    pub repo: String,
    /// Its number.
    pub number: u64,
    /// Who may edit it.
    pub credential: Credential,
}

/// A server that takes mail in.
#[derive(Debug, Clone)]
pub struct MailServer {
    /// Its name, which its certificate must bear.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How what is said to it is kept secret.
    pub security: MailSecurity,
    /// The account and its password; absent where none is asked for.
    pub login: Option<(String, SecretString)>,
    /// Who the mail is from: an address, or a name with one.
    pub from: String,
}

/// How a connection to a mail server is kept secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    /// Begun in the open, and encrypted before anything is said; a server that cannot is not talked to.
    #[default]
    StartTls,
    /// Encrypted from the first byte.
    Tls,
    /// Not at all; on this machine only.
    None,
}

impl Channel {
    /// The word of the configuration.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Slack(_) => "slack",
            Self::Teams(_) => "teams",
            Self::Webhook(..) => "webhook",
            Self::Mail(..) => "mail",
            Self::Issue(_) => "github",
        }
    }
}

/// What is sent, as it is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// For chats and webhooks.
    Json(Value),
    /// A mail.
    Mail {
        /// One line.
        subject: String,
        /// For programs that show text.
        text: String,
        /// For programs that show pages.
        html: String,
        /// Where its reader says that there are to be no more.
        stop: Url,
    },
    /// The body of an issue.
    Markdown(String),
}

/// A message that waits to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// A name that the same content for the same recipient always has: whoever gets it twice can tell.
    pub key: String,
    /// The digest that it is.
    pub digest: String,
    /// A mail address; empty where the channel leads to one place only.
    pub recipient: String,
    /// What is sent.
    pub content: Content,
}

/// A letter taken out to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Parcel {
    /// Its number in the outbox.
    pub number: i64,
    /// What it holds.
    pub letter: Letter,
    /// Since when it waits.
    pub queued_at: Moment,
    /// How many tries there were, this one included.
    pub tries: u32,
}

/// Why a letter did not arrive, or may not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    /// What went wrong, without the address where that is a secret.
    pub says: String,
    /// What to do about it.
    pub then: Then,
}

/// What to do about a letter that did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Try again; not before so long, where that was asked for.
    Again(Option<Duration>),
    /// Try again, though it may have arrived.
    AgainUnsure,
    /// Nobody takes it there: tell those who run this.
    Never,
}

/// A digest's part of the outbox, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Mailbag {
    /// The digest.
    pub digest: String,
    /// Messages that wait to be sent.
    pub waiting: usize,
    /// Since when the oldest of them waits.
    pub oldest: Option<Moment>,
    /// Messages that nobody took.
    pub failed: usize,
    /// Messages that were sent.
    pub sent: usize,
    /// Tries after one of which nobody knows whether it arrived.
    pub repeats: usize,
    /// How often a message was given up.
    pub refused: usize,
    /// When something was put in last.
    pub spoke_at: Option<Moment>,
    /// What went wrong last with what is there.
    pub says: Option<String>,
}
