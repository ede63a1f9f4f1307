//! The grammar around phrases: all of them compiled once, and what voids one: a negation, a condition, a wish, mere
//! talk about it.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use super::Claim;
use super::against::AGAINST_IT;
use super::lexicon::{FOR_THE_WORK, PIECES};
use super::pointing::POINTING;

/// Built once, from constants.
pub(super) static GRAMMAR: LazyLock<Grammar> = LazyLock::new(Grammar::new);

/// All phrases.
#[derive(Debug)]
pub(super) struct Grammar {
    /// Finds which phrases there are in one go.
    any: RegexSet,
    phrases: Vec<Phrase>,
}

#[derive(Debug)]
struct Phrase {
    claim: Claim,
    strength: f64,
    pattern: Regex,
}

/// A phrase found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    /// What it claims.
    pub(super) claim: Claim,
    /// How strongly.
    pub(super) strength: f64,
    /// Where it starts in the sentence's words.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
}

impl Grammar {
    fn new() -> Self {
        let entries = FOR_THE_WORK.iter().chain(AGAINST_IT).chain(POINTING);
        let all: Vec<(Claim, f64, String)> = entries
            .flat_map(|(claim, strength, phrases)| phrases.iter().map(|phrase| (*claim, *strength, assembled(phrase))))
            .collect();
        let patterns: Vec<&str> = all.iter().map(|(_, _, pattern)| pattern.as_str()).collect();
        Self {
            any: regex::RegexSetBuilder::new(&patterns)
                .size_limit(64 << 20)
                .dfa_size_limit(32 << 20)
                .build()
                .expect("the phrases are constants, and every test of this room builds them all"),
            phrases: all
                .iter()
                .map(|(claim, strength, pattern)| Phrase {
                    claim: *claim,
                    strength: *strength,
                    pattern: Regex::new(pattern).expect("the set above was built of the same"),
                })
                .collect(),
        }
    }

    /// The phrases in a sentence's words that nothing voids.
    pub(super) fn find(&self, words: &str) -> Vec<Found> {
        let said = without_conditions(words);
        let mut found = Vec::new();
        for index in &self.any.matches(said) {
            let phrase = &self.phrases[index];
            let Some(place) = phrase.pattern.find(said) else { continue };
            let place =
                Found { claim: phrase.claim, strength: phrase.strength, start: place.start(), end: place.end() };
            // "Please reopen if it still fails" says nothing of whether it does.
            let invited = place.claim == Claim::StillThere && said.len() < words.len();
            if !invited && !voided(said, &place) {
                found.push(place);
            }
        }
        found
    }
}

/// A phrase with its pieces put in, between the borders of words.
fn assembled(phrase: &str) -> String {
    const UP_TO_THREE: &str = "(?:[^ ,]+ ){0,3}?";
    let mut whole = phrase.to_owned();
    // Pieces use no other pieces.
    for (name, piece) in PIECES {
        whole = whole.replace(&format!("{{{name}}}"), piece);
    }
    let (start, whole) = match whole.strip_prefix('<') {
        Some(rest) => ("^ ", rest.to_owned()),
        None => (" ", whole),
    };
    // A sentence's words stand between single spaces, the last one included.
    format!("{start}(?:{})(?: |$)", whole.replace('_', UP_TO_THREE))
}

/// What a sentence claims outright: a sentence that opens with a condition claims nothing, and a later condition cuts
/// off what follows up to the next comma.
fn without_conditions(words: &str) -> &str {
    const CONDITIONS: [&str; 12] = [
        " if ",
        " unless ",
        " once ",
        " whenever ",
        " until ",
        " till ",
        " in case ",
        " as soon as ",
        " assuming ",
        " provided that ",
        " when ",
        " should you ",
    ];
    let first = CONDITIONS.iter().filter_map(|condition| words.find(condition)).min();
    match first {
        // The opening words of a sentence (`but if …`) count as its opening.
        Some(at) if words[..at].split(' ').filter(|word| !word.is_empty()).count() <= 1 => "",
        Some(at) => &words[..=at],
        None => words,
    }
}

/// Whether what stands before or behind a phrase takes its meaning away.
fn voided(words: &str, found: &Found) -> bool {
    let clause = words[..=found.start].rsplit(" , ").next().unwrap_or_default();
    let clause = clause.rsplit(" but ").next().unwrap_or_default();
    let before: Vec<&str> =
        clause.split(' ').filter(|word| !word.is_empty() && !ADVERBS.contains(word)).rev().take(5).collect();
    let negated = |span: usize| before.iter().take(span).any(|word| NEGATIONS.contains(word));
    let void = match found.claim.side() {
        Some(true) => {
            negated(4)
                || supposed(&before)
                || wished(&before)
                || qualified(&words[found.start..found.end], found.claim, &before)
        }
        Some(false) => {
            let now_it_does = found.claim == Claim::NotABug && clause.ends_with(" now ");
            negated(3) || of_another(&before) || now_it_does || only_for_now(&words[found.end..])
        }
        None => negated(3) || (found.claim == Claim::Reverted && words[found.start..found.end].contains(" not ")),
    };
    void || talked_about(words, found) || (found.claim == Claim::Swept && sweeps_what_was_done(words))
}

/// `I assume that this is solved for you`: said where nobody answered.
fn supposed(before: &[&str]) -> bool {
    before.iter().take(2).any(|word| matches!(*word, "assume" | "assuming" | "presume"))
}

/// `#79 is out of scope`: said of another ticket.
fn of_another(before: &[&str]) -> bool {
    matches!(before, ["@ref", ..] | ["is" | "was" | "are" | "were" | "has" | "will", "@ref", ..])
}

/// `out of scope for this release`: put off, and not refused.
fn only_for_now(behind: &str) -> bool {
    let behind = behind.trim_start();
    ["for this ", "in this ", "for the current ", "in the current "].iter().any(|lead| {
        behind.strip_prefix(lead).is_some_and(|rest| {
            let what = rest.split(' ').next().unwrap_or_default();
            ["release", "version", "milestone", "sprint", "iteration", "pr", "pull", "patch", "quarter"].contains(&what)
        })
    })
}

/// A sweep over resolved tickets says nothing of the work on them.
fn sweeps_what_was_done(words: &str) -> bool {
    let done = [" resolved ", " fixed ", " completed ", " verified ", " done ", " released "];
    let denied = [" non fixed ", " not fixed ", " unresolved "];
    done.iter().any(|word| words.contains(word)) && !denied.iter().any(|word| words.contains(word))
}

/// Whether a report is a wish, a plan or a task: `needs to be fixed`, `will be merged`. The words before it, last first.
fn wished(before: &[&str]) -> bool {
    match before {
        ["be", "to", verb, ..] => !matches!(*verb, "seems" | "seem" | "appears" | "appear" | "looks" | "believed"),
        ["be", modal, ..] => WISHES.contains(modal) || *modal == "should",
        [word, ..] => WISHES.contains(word),
        [] => false,
    }
}

/// Whether the words of a phrase for the work, or the one before it, turn it around or limit it.
fn qualified(inside: &str, claim: Claim, before: &[&str]) -> bool {
    const LIMITS: [&str; 4] = ["partially", "partly", "half", "incompletely"];
    const TURNS: [&str; 9] = [
        " duplicate ",
        " dup ",
        " dupe ",
        " favor ",
        " will be ",
        " can be ",
        " would be ",
        " needs to be ",
        " by design ",
    ];
    before.first().is_some_and(|word| LIMITS.contains(word))
        || TURNS.iter().any(|turn| inside.contains(turn))
        // `no longer happens` is negated on purpose.
        || (claim != Claim::Gone && inside.split(' ').any(|word| NEGATIONS.contains(&word) || LIMITS.contains(&word)))
}

const ADVERBS: &[&str] = &["now", "also", "just", "then", "already", "really", "actually", "fully", "currently"];

const NEGATIONS: &[&str] =
    &["not", "never", "no", "without", "neither", "nor", "nothing", "hardly", "cannot", "rather", "instead", "unless"];

/// Words in front that make a report a wish, a plan or a task.
const WISHES: &[&str] = &[
    "to",
    "will",
    "would",
    "can",
    "could",
    "might",
    "may",
    "must",
    "wants",
    "want",
    "hope",
    "hopefully",
    "needs",
    "need",
    "please",
    "how",
    "gets",
    "get",
    "getting",
    "before",
    "needing",
    "ideally",
    "expect",
    "eta",
];

/// `the won't fix label`, `a stale bot`, `“closed as completed” status`: the phrase names a thing.
fn talked_about(words: &str, found: &Found) -> bool {
    const THINGS: [&str; 14] = [
        "label",
        "labels",
        "bot",
        "button",
        "status",
        "resolution",
        "tag",
        "message",
        "warning",
        "reason",
        "dialog",
        "option",
        "feature",
        "template",
    ];
    let behind = words[found.end..].trim_start().split(' ').next().unwrap_or_default();
    THINGS.contains(&behind) && found.claim != Claim::Swept
}

#[cfg(test)]
mod tests {
    use super::{AGAINST_IT, FOR_THE_WORK, GRAMMAR, PIECES, POINTING};

    #[test]
    fn every_piece_is_known_and_every_strength_a_share() {
        for (_, strength, phrases) in FOR_THE_WORK.iter().chain(AGAINST_IT).chain(POINTING) {
            assert!((0.0..=1.0).contains(strength));
            for phrase in *phrases {
                for name in phrase.split(['{', '}']).skip(1).step_by(2) {
                    let repeats = name.chars().all(|c| c.is_ascii_digit() || c == ',');
                    assert!(repeats || PIECES.iter().any(|(piece, _)| *piece == name), "{name} in {phrase}");
                }
            }
        }
        assert!(!GRAMMAR.phrases.is_empty());
    }
}
