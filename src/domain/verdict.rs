//! Was the work done? Verdicts on tickets, the standing of challenges, and the evidence for both.

use serde::{Deserialize, Serialize};

use super::time::Moment;

/// Whether a ticket's work was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Not closed.
    Open,
    /// Closed, and the work was done.
    Done,
    /// Closed without the work.
    Undone,
    /// Closed, and nothing says either way.
    Unverified,
    /// Gone.
    Missing,
    /// Never seen: hidden, or could not be asked.
    Unknown,
}

impl Verdict {
    /// All, in the order of the contract.
    pub const ALL: [Self; 6] = [Self::Open, Self::Done, Self::Undone, Self::Unverified, Self::Missing, Self::Unknown];

    /// The word of the contract.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Undone => "undone",
            Self::Unverified => "unverified",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
        }
    }
}

/// What a piece of evidence speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The ticket is still open.
    Open,
    /// The work was done.
    Done,
    /// It was closed without the work.
    Undone,
    /// The ticket is gone.
    Missing,
    /// The work was done, and the challenge stands all the same.
    DidNotHelp,
    /// The pain came back after the closing.
    Recurred,
    /// It is worth knowing, and decides nothing.
    Neither,
}

/// One reason for a verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The rule that saw it, by its name.
    pub rule: String,
    /// What it speaks for.
    #[serde(rename = "for")]
    pub side: Side,
    /// How strongly, from 0 (not at all) to 1 (proof).
    pub strength: f64,
    /// What was seen, in a sentence that can be read alone.
    pub says: String,
    /// Where it can be looked up: a link, or a place in a document.
    pub source: Option<String>,
    /// When it was true or happened, where known.
    pub at: Option<Moment>,
}

/// A verdict with how sure it is and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// How sure, from 0 to 1: of the verdicts given with 0.9, nine in ten should be right.
    pub confidence: f64,
    /// Why, strongest first.
    pub evidence: Vec<Evidence>,
}

/// Where a challenge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// No ticket promises a fix.
    NoRemedy,
    /// A remedy is open.
    Promised,
    /// Its remedies are closed, and it is not solved: undone, without effect, taken back, or met again.
    BrokenPromise,
    /// Done, and quiet since.
    Cleared,
    /// Nothing can be said.
    Unknown,
}

impl Standing {
    /// All, in the order of the contract.
    pub const ALL: [Self; 5] = [Self::NoRemedy, Self::Promised, Self::BrokenPromise, Self::Cleared, Self::Unknown];

    /// The word of the contract.
    pub fn word(self) -> &'static str {
        match self {
            Self::NoRemedy => "no-remedy",
            Self::Promised => "promised",
            Self::BrokenPromise => "broken-promise",
            Self::Cleared => "cleared",
            Self::Unknown => "unknown",
        }
    }
}
