//! Words that stand out on pages: each with a shape and a colour, so that neither is needed.

use super::words;
use crate::domain::finding::Severity;
use crate::domain::verdict::{Standing, Verdict};

/// A word with its shape and its colour.
pub(super) struct Chip {
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) words: String,
}

impl Chip {
    pub(super) fn trouble() -> Self {
        Self { class: "warn", mark: "!", words: "trouble".to_owned() }
    }

    pub(super) fn standing(standing: Standing) -> Self {
        let class = match standing {
            Standing::BrokenPromise => "bad",
            Standing::Promised => "open",
            Standing::NoRemedy => "quiet",
            Standing::Cleared => "good",
            Standing::Unknown => "warn",
        };
        Self { class, mark: words::standing_mark(standing), words: words::standing(standing).to_owned() }
    }

    pub(super) fn verdict(verdict: Verdict, words: String) -> Self {
        let class = match verdict {
            Verdict::Undone | Verdict::Missing => "bad",
            Verdict::Unverified | Verdict::Unknown => "warn",
            Verdict::Open => "open",
            Verdict::Done => "good",
        };
        Self { class, mark: words::verdict_mark(verdict), words }
    }

    pub(super) fn severity(severity: Severity) -> Self {
        let class = match severity {
            Severity::Error => "bad",
            Severity::Warning => "warn",
            Severity::Info | Severity::Off => "quiet",
        };
        Self { class, mark: words::severity_mark(severity), words: severity.word().to_owned() }
    }
}
