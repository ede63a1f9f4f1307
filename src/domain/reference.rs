//! A ticket named at a place, and why it is named there.

use serde::{Deserialize, Serialize};

use super::document::Owner;
use super::place::Place;
use super::ticket::TicketId;

/// The part of a document that a reference stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Within {
    /// A challenge's title.
    Title,
    /// A challenge's category.
    Category,
    /// An anecdote.
    Anecdote,
    /// A note on a remedy, in the status cell.
    Note,
    /// The status cell.
    Status,
    /// A topic of a meeting.
    Topic,
    /// A reply to a topic.
    Reply,
    /// A follow-up that a meeting agreed on.
    FollowUp,
    /// Anything else in the document.
    Text,
    /// A comment of source code.
    Code,
}

/// Why a ticket is cited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The promised fix.
    Remedy,
    /// Everything else: an incident, a root cause analysis, a "see also".
    Mention,
}

impl Within {
    /// The role that this part of a document gives to what stands in it.
    pub fn role(self) -> Role {
        match self {
            Self::Status | Self::Note | Self::FollowUp => Role::Remedy,
            _ => Role::Mention,
        }
    }

    /// The word of the contract.
    pub fn word(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Category => "category",
            Self::Anecdote => "anecdote",
            Self::Note => "note",
            Self::Status => "status",
            Self::Topic => "topic",
            Self::Reply => "reply",
            Self::FollowUp => "follow-up",
            Self::Text => "text",
            Self::Code => "code",
        }
    }
}

/// One citation of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The ticket meant.
    pub ticket: TicketId,
    /// The link that a person would open; absent for a bare key of an unknown site.
    pub url: Option<String>,
    /// Where `text` starts.
    pub place: Place,
    /// The exact slice of the source that names the ticket.
    pub text: String,
    /// The part of the document that it stands in.
    pub within: Within,
    /// Why it is cited.
    pub role: Role,
    /// Whose part that is.
    pub owner: Owner,
}

/// A link to something else than a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The address, as written.
    pub address: String,
    /// Where it stands.
    pub place: Place,
    /// Whose part that is.
    pub owner: Owner,
}

/// What looks like a ticket, and belongs to no tracker that we know: said once for each prefix or host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unclaimed {
    /// The key's project (`FOO`) or the link's host.
    pub home: String,
    /// One of its spellings, as an example.
    pub example: String,
    /// Where the example stands.
    pub place: Place,
    /// How often the home was named.
    pub count: usize,
}
