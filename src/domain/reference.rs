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

/// Whether a ticket may be named in a text. Most texts hold none of the characters without which there is none, which is
/// seen many at a time.
pub fn may_be_in(text: &str) -> bool {
    let bytes = text.as_bytes();
    let one_of = |byte: &u8| matches!(byte, b'/' | b'#' | b'-');
    if !bytes.chunks(64).any(|chunk| chunk.iter().fold(false, |found, byte| found | one_of(byte))) {
        return false;
    }
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let key = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    bytes.iter().enumerate().any(|(at, byte)| match byte {
        b'#' => digit(at + 1),
        b'-' => digit(at + 1) && at > 0 && key(bytes[at - 1]),
        // An address, `/browse/` and the like.
        b'/' => matches!(bytes.get(at + 1), Some(b'/' | b'b' | b'i' | b'p')),
        _ => false,
    })
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
