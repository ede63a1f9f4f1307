//! A finding: a problem worth a person's time, as data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::challenge::ChallengeId;
use super::place::Place;
use super::reference::Role;
use super::ticket::TicketId;
use super::time::Moment;
use super::verdict::Evidence;

/// How loud a finding is. Builds go by it; reports have an order of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
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
    BrokenLink "broken-link" Error "proven not to be there: deleted, or never opened";
    MalformedReference "malformed-reference" Warning "written like a ticket, and cannot be one";
    MovedTicket "moved-ticket" Warning "known under another key, or in another repository, by now";
    HiddenTicket "hidden-ticket" Warning "the credentials in use do not show it";
    DeadLink "dead-link" Warning "another page that is linked to is gone; only `check --links` looks";
    ClosedUndone "closed-undone" Warning "a promised fix was closed, and its work not done";
    Reverted "reverted" Warning "the work of a promised fix was merged, and taken back later";
    RemedyDidNotHelp "remedy-did-not-help" Warning "the promised work was done, and the pain is still there";
    RecurredAfterClose "recurred-after-close" Warning "met again after the promised fix was closed as done";
    ClosedUnverified "closed-unverified" Info "a promised fix was closed, and nothing on record shows its work";
    NoteOutdated "note-outdated" Info "a note calls it unfinished, and what was seen since says finished";
    DecisionOutdated "decision-outdated" Warning "a person decided on a verdict, and what is known of the ticket has changed since";
    StaleTicket "stale-ticket" Warning "a promised fix that nobody touched for longer than agreed";
    UntrackedChallenge "untracked-challenge" Info "no ticket promises to end this challenge";
    OccurrenceMismatch "occurrence-mismatch" Info "the count is lower than the number of dated anecdotes";
    IncompleteAnecdote "incomplete-anecdote" Info "an anecdote that does not say when, or to whom";
    MalformedRow "malformed-row" Warning "a row of which something was not understood";
    UnreadTable "unread-table" Info "most of its rows cite tickets, and its headings make no register";
    UnreadableSource "unreadable-source" Warning "a document that cannot be read now; what it said last counts";
    UnclaimedReference "unclaimed-reference" Info "written like a ticket of a site or project that is not configured";
    UnmappedResolution "unmapped-resolution" Info "a resolution of which nobody has said what it means for the work";
    PrivateLink "private-link" Warning "something private is cited where everybody can read it";
    DroppedFollowUp "dropped-follow-up" Info "agreed on in a meeting, and never heard of again";
    ExpiredWaiver "expired-waiver" Error "a decision to accept a finding has ended";
    EndingWaiver "ending-waiver" Info "a decision to accept a finding ends within two weeks";
    UnusedWaiver "unused-waiver" Warning "a decision to accept a finding that nobody finds";
}

impl Code {
    /// Whether it is about a decision to accept findings, and not about anything found.
    pub fn is_on_waivers(self) -> bool {
        matches!(self, Self::ExpiredWaiver | Self::EndingWaiver | Self::UnusedWaiver)
    }
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
