//! A finding: a problem worth a person's time, as data.

use serde::{Deserialize, Serialize};

use super::challenge::ChallengeId;
use super::place::Place;
use super::reference::Role;
use super::ticket::TicketId;
use super::time::Moment;
use super::verdict::Evidence;

/// How loud a finding is. Severity is for CI; reports are ordered by what a lead should care about first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Not said at all.
    Off,
    /// Worth knowing.
    Info,
    /// Worth a look.
    Warning,
    /// Broken.
    Error,
}

impl Severity {
    /// The word of the contract.
    pub fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Declares the finding codes once: variant, word, default severity, what it says.
macro_rules! codes {
    ($($variant:ident $word:literal $severity:ident $says:literal;)*) => {
        /// What a finding is about. The words are the contract's.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Code {
            $(#[doc = $says] #[serde(rename = $word)] $variant,)*
        }

        impl Code {
            /// All codes, in the order in which the documentation lists them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word of the contract.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// How loud it is unless the configuration says otherwise.
            pub fn default_severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// What it says, in half a sentence.
            pub fn says(self) -> &'static str {
                match self { $(Self::$variant => $says,)* }
            }
        }
    };
}

codes! {
    BrokenLink "broken-link" Error "a cited ticket is gone, or never was";
    MalformedReference "malformed-reference" Warning "looks like a ticket and is none";
    MovedTicket "moved-ticket" Warning "the ticket has another key or home now";
    HiddenTicket "hidden-ticket" Warning "not visible with the credentials in use";
    ClosedUndone "closed-undone" Warning "a remedy was closed without the work";
    Reverted "reverted" Warning "a remedy's work was merged and later reverted";
    RemedyDidNotHelp "remedy-did-not-help" Warning "the ticket's work was done, the challenge stands";
    RecurredAfterClose "recurred-after-close" Warning "a remedy was closed as done, an anecdote is later than its closing";
    ClosedUnverified "closed-unverified" Info "a remedy closed, and nothing shows the work";
    NoteOutdated "note-outdated" Info "the note says not done, the evidence since says done";
    StaleTicket "stale-ticket" Warning "a remedy open and untouched for longer than the policy allows";
    UntrackedChallenge "untracked-challenge" Info "a challenge without a remedy";
    OccurrenceMismatch "occurrence-mismatch" Info "fewer occurrences counted than anecdotes dated";
    IncompleteAnecdote "incomplete-anecdote" Info "an anecdote without date or team";
    MalformedRow "malformed-row" Warning "a row that could not be understood whole";
    UnreadableSource "unreadable-source" Warning "a source whose last good version is in force";
    UnclaimedReference "unclaimed-reference" Info "looks like a ticket of a site or project that no tracker claims";
    PrivateLink "private-link" Warning "a public document cites something private";
    DroppedFollowUp "dropped-follow-up" Info "a meeting's follow-up that no later meeting took up";
    ExpiredWaiver "expired-waiver" Error "a waiver ran out";
    UnusedWaiver "unused-waiver" Warning "a waiver that matches nothing";
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

impl std::str::FromStr for Code {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|code| code.word() == text).ok_or(())
    }
}

/// Something in a document that could not be understood whole. Nothing is guessed over; nothing is dropped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// What sort of problem.
    pub code: Code,
    /// Where.
    pub place: Place,
    /// What was seen.
    pub message: String,
    /// What to do about it, where that can be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// A problem worth a person's time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What sort of problem.
    pub code: Code,
    /// How loud.
    pub severity: Severity,
    /// The challenge concerned.
    pub challenge: Option<ChallengeId>,
    /// The ticket concerned.
    pub ticket: Option<TicketId>,
    /// Why the ticket is cited there.
    pub role: Option<Role>,
    /// Where to look.
    pub place: Option<Place>,
    /// What is wrong, in a sentence that can be read alone.
    pub message: String,
    /// What would clear it.
    pub hint: Option<String>,
    /// Why we say so.
    pub evidence: Vec<Evidence>,
    /// When it was first found; the present moment for a new one.
    pub first_seen: Option<Moment>,
    /// A name that stays the same while lines move: code, challenge and ticket, hashed.
    pub fingerprint: String,
    /// The look-up that it rests on was made at this moment; `None` when it rests on the document alone.
    #[serde(skip)]
    pub rests_on: Option<Moment>,
}
