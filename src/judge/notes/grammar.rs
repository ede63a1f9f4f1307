//! The little grammar of notes: regular expressions over normalised clauses, assembled once from vocabulary and
//! patterns.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::Claim;
use super::patterns::PATTERNS;
use super::vocabulary::PIECES;

/// Built once, from constants.
pub(super) static GRAMMAR: LazyLock<Grammar> = LazyLock::new(Grammar::new);

/// What a clause opens with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// The ticket, its work, or those who did it.
    Ticket,
    /// A pronoun, which means what was spoken of last.
    Pronoun,
    /// An imperative or a mere connection: what was spoken of stays.
    LeftOut,
    /// Anything else.
    Other,
}

/// All patterns.
#[derive(Debug)]
pub(super) struct Grammar {
    /// Where a sentence falls into clauses: at a `mark`, which falls away, or before a word that opens one.
    pub(super) boundaries: Regex,
    /// A token that names a ticket.
    pub(super) key: Regex,
    /// Speaks of all the tickets before it.
    pub(super) all: Regex,
    /// Says that the issue is still there; "the issue" may be the ticket or what hurts.
    pub(super) persists: Regex,
    subjects: [(Subject, Regex); 3],
    claims: Vec<(Option<Claim>, Regex)>,
}

const BOUNDARIES: &str = r"(?i)(?<mark>[,()\[\]{}…–—]|\s-{1,2}\s|:\s)|
    \b(?:but|however|although|though|whereas|
    and\s+(?:was|were|is|has|had|then|so|never|not|did|only|just|later))\b";

const LEFT_OUT: &str = r"^{FILL}(?:see|cf|ask|please|link|check|contact|refer|
    because|due|since|as|for|when|where|while|after|before|if|in|on|at|by|with|without|
    closed|reopened|created|opened|filed|was|were|is|are|has|had|got) |^{FILL}$";

const ALL: &str = r"^(?:neither|both|none of (?:these|them|those)|all of (?:these|them|those)|
    (?:these|those|both|all) (?:\w+ )?(?:tickets|issues|tasks|stories))\b";

const PERSISTS: &str = r"^{FILL}(?:the|this|that|our|their) (?:\w+ )?(?:issue|problem) {AUX}
    (?:not|never) (?:\w+ ){0,3}?(?:{DONE}|gone|understood|away)(?: |$)";

impl Grammar {
    fn new() -> Self {
        let mut pieces: BTreeMap<&str, String> = BTreeMap::new();
        for (name, piece) in PIECES {
            let piece = assembled(piece, &pieces);
            pieces.insert(name, piece);
        }
        let of_words = |pattern: &str| of_words(&assembled(pattern, &pieces));
        let claims = PATTERNS.iter().flat_map(|(claim, patterns)| patterns.iter().map(|pattern| (*claim, *pattern)));
        Self {
            boundaries: regex(&laid_flat(BOUNDARIES)),
            key: regex(r"^(?:[A-Za-z][A-Za-z0-9_]+-\d+|(?:[\w.-]+/[\w.-]+)?#\d+)$"),
            all: of_words(&laid_flat(ALL)),
            persists: of_words(&assembled(PERSISTS, &pieces)),
            subjects: [
                (Subject::Ticket, of_words("^{FILL}(?:{TICKET}|{WE}) ")),
                (Subject::Pronoun, of_words("^{FILL}{PRONOUN} ")),
                (Subject::LeftOut, of_words(LEFT_OUT)),
            ],
            claims: claims.map(|(claim, pattern)| (claim, of_words(pattern))).collect(),
        }
    }

    /// What the clause opens with.
    pub(super) fn subject(&self, clause: &str) -> Subject {
        // Words are recognised with the space behind them.
        let clause = format!("{clause} ");
        let found = self.subjects.iter().find(|(_, pattern)| pattern.is_match(&clause));
        found.map_or(Subject::Other, |(subject, _)| *subject)
    }

    /// What the clause claims, if its subject is the ticket.
    pub(super) fn claim(&self, clause: &str) -> Option<Claim> {
        self.claims.iter().find(|(_, pattern)| pattern.is_match(clause)).and_then(|(claim, _)| *claim)
    }
}

/// A pattern or piece with the pieces that it names put in.
fn assembled(pattern: &str, pieces: &BTreeMap<&str, String>) -> String {
    let mut whole = laid_flat(pattern);
    for (name, piece) in pieces {
        whole = whole.replace(&format!("{{{name}}}"), piece);
    }
    whole
}

/// Without the layout over several lines.
fn laid_flat(pattern: &str) -> String {
    pattern.lines().map(str::trim_start).collect()
}

/// A pattern over normalised clauses. They hold words and single spaces and nothing else, so that a word's letter is
/// what is no space: far smaller to build than all letters of Unicode, and the same in effect.
fn of_words(pattern: &str) -> Regex {
    regex(&pattern.replace(r"\w", "[^ ]").replace(r"\d", "[0-9]").replace(r"\b", r"(?-u:\b)"))
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the patterns are constants, and every test of this room builds them all")
}

#[cfg(test)]
mod tests {
    use super::{PATTERNS, PIECES, laid_flat};

    #[test]
    fn pieces_are_named_once_and_every_line_break_is_only_layout() {
        let mut names: Vec<&str> = PIECES.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PIECES.len());
        let patterns = PATTERNS.iter().flat_map(|(_, patterns)| patterns.iter().copied());
        for text in PIECES.iter().map(|(_, piece)| *piece).chain(patterns) {
            assert!(!text.contains(" \n"), "a space that counts is lost to sight: {text}");
            for word in laid_flat(text).split(['{', '}']).skip(1).step_by(2) {
                let repeats = word.chars().all(|c| c.is_ascii_digit() || c == ',');
                assert!(repeats || names.contains(&word), "{word} in {text}");
            }
        }
    }
}
