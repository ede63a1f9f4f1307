//! A ticket named at a place, and why it is named there.

use std::sync::LazyLock;

use memchr::memchr3_iter;
use serde::{Deserialize, Serialize};

use super::bytes::{AnyOf, first_of, which};
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

/// No project's key has more characters.
const LONGEST_PROJECT: usize = 64;

/// Whether a ticket may be named in a text: whether it holds a [`sign`] of one.
pub fn may_be_in(text: &str) -> bool {
    sign(text, 0).is_some()
}

/// The first byte from `from` on without whose kind no ticket is named: the `#` or `-` before a number, the `/` of an address.
/// A name starts no more than [`MOST_BEFORE`] bytes before it. Most texts hold none, which is seen many bytes at a time.
pub fn sign(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let letter = |at: &usize| bytes[*at].is_ascii_uppercase();
    let of_key = |at: &usize| letter(at) || bytes[*at].is_ascii_digit() || bytes[*at] == b'_';
    let is_sign = |at: &usize| match bytes[*at] {
        b'#' => digit(at + 1),
        b'-' => digit(at + 1) && (0..*at).rev().take(LONGEST_PROJECT).take_while(of_key).any(|at| letter(&at)),
        b'/' => matches!(bytes.get(at + 1), Some(b'/' | b'b' | b'i' | b'p')),
        _ => false,
    };
    let (mut at, rest) = (from, bytes.get(from..)?);
    if rest.len() > SHORT {
        return memchr3_iter(b'/', b'#', b'-', rest).map(|offset| from + offset).find(is_sign);
    }
    while let Some(offset) = first_of(&SIGNS, &bytes[at..]) {
        at += offset;
        if is_sign(&at) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// In texts of so many bytes it takes longer to begin with many bytes at a time than to look at each.
const SHORT: usize = 64;
const SIGNS: [bool; 256] = which(b"/#-", false);

/// Whether something in a text may promise that a ticket ends a trouble: without such words, one in an anecdote is a mention.
pub fn may_promise(text: &str) -> bool {
    static CURING: LazyLock<AnyOf> = LazyLock::new(|| {
        AnyOf::new("^fiX ^solV ^resolV ^solU ^preVent ^aVoid ^aDdress ^hanDl ^enD ^cUre ^remeD ^remoV")
    });
    CURING.is_in(text)
}

/// How many bytes before its [`sign`] a ticket's name starts at most: a project's key is the longest that stands there.
pub const MOST_BEFORE: usize = LONGEST_PROJECT;

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
