//! The grammar around phrases: compiled once, searched for in what a sentence claims outright.

use std::cell::RefCell;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, MatchKind};
use regex::bytes::{Regex, RegexBuilder};

use super::Claim;
use super::against::AGAINST_IT;
use super::decisions::DECIDED;
use super::doubts::{NO_MORE_THAN_A_DOUBT, doubtful};
use super::hints::HINTS;
use super::lexicon::{Entry, FOR_THE_WORK, PIECES};
use super::literals::Literals;
use super::pointing::POINTING;
use super::silence::SILENCE;
use super::voids::voided;

/// Built once, from constants.
pub(super) static GRAMMAR: LazyLock<Grammar> = LazyLock::new(Grammar::new);

thread_local! {
    /// Each thread's own copies of the phrases that it met: threads that share one wait for each other at every search.
    static OWN: RefCell<Vec<Option<Regex>>> = const { RefCell::new(Vec::new()) };
}

/// All phrases. They are searched for in bytes, which halves what it takes to build them: every class of theirs stands for
/// whole characters there as well, for it is repeated up to a space or a comma.
#[derive(Debug)]
pub(super) struct Grammar {
    /// Finds which phrases there may be.
    literals: Literals,
    phrases: Vec<Phrase>,
}

#[derive(Debug)]
struct Phrase {
    claim: Claim,
    strength: f64,
    /// Whether it is found within a condition as well.
    even_if: bool,
    /// Whether it decides something only where it is said of the ticket.
    of_the_ticket: bool,
    pattern: String,
    /// Compiled when it may first be there: to compile them all takes longer than to judge a hundred tickets.
    compiled: OnceLock<Regex>,
}

impl Phrase {
    fn compiled(&self) -> &Regex {
        self.compiled.get_or_init(|| {
            let built = RegexBuilder::new(&self.pattern).unicode(false).build();
            built.expect("the phrases are constants, and a test builds all")
        })
    }
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
        let phrases: Vec<Phrase> = entries()
            .flat_map(|(claim, strength, phrases)| phrases.iter().map(|phrase| (*claim, *strength, *phrase)))
            .map(|(claim, strength, phrase)| Phrase {
                claim,
                strength,
                even_if: phrase.starts_with('~'),
                of_the_ticket: phrase.starts_with('?'),
                pattern: assembled(phrase),
                compiled: OnceLock::new(),
            })
            .collect();
        Self { literals: Literals::new(phrases.iter().map(|phrase| phrase.pattern.as_str())), phrases }
    }

    /// The phrases in a sentence's words that nothing voids.
    pub(super) fn find(&self, words: &str) -> Vec<Found> {
        let may_be = self.literals.may_be_in(words);
        let said = if may_be.is_empty() { "" } else { without_conditions(words) };
        let mut found = Vec::new();
        for index in may_be {
            let phrase = &self.phrases[index];
            let said = if phrase.even_if { words } else { said };
            let Some((start, end)) = self.place(index, said) else { continue };
            let place = Found { claim: phrase.claim, strength: phrase.strength, start, end };
            let most = if doubtful(words, &place, phrase.of_the_ticket) { NO_MORE_THAN_A_DOUBT } else { 1.0 };
            let place = Found { strength: place.strength.min(most), ..place };
            // "Please reopen if it still fails" says nothing of whether it does.
            let invited = place.claim == Claim::StillThere && said.len() < words.len();
            if !invited && !voided(said, &place) {
                found.push(place);
            }
        }
        found
    }

    /// Where a phrase stands.
    fn place(&self, index: usize, said: &str) -> Option<(usize, usize)> {
        OWN.with_borrow_mut(|own| {
            own.resize(self.phrases.len(), None);
            let phrase = own[index].get_or_insert_with(|| self.phrases[index].compiled().clone());
            phrase.find(said.as_bytes()).map(|place| (place.start(), place.end()))
        })
    }
}

/// Every phrase that there is.
fn entries() -> impl Iterator<Item = &'static Entry> {
    [FOR_THE_WORK, DECIDED, AGAINST_IT, SILENCE, POINTING, HINTS].into_iter().flatten()
}

/// A phrase with its pieces put in, between the borders of words.
fn assembled(phrase: &str) -> String {
    const UP_TO_THREE: &str = "(?:[^ ,]+ ){0,3}?";
    let mut whole = phrase.to_owned();
    // Pieces use no other pieces.
    for (name, piece) in PIECES {
        whole = whole.replace(&format!("{{{name}}}"), piece);
    }
    let whole = whole.strip_prefix(['~', '?']).map(str::to_owned).unwrap_or(whole);
    let (start, whole) = match whole.strip_prefix('<') {
        Some(rest) => ("^ ", rest.to_owned()),
        None => (" ", whole),
    };
    // A sentence's words stand between single spaces, the last one included.
    format!("{start}(?:{})(?: |$)", whole.replace('_', UP_TO_THREE))
}

static CONDITIONS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let conditions = [
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
    AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(conditions).expect("a dozen words")
});

/// What a sentence claims outright: a sentence that opens with a condition claims nothing, and a later condition cuts
/// off what follows up to the next comma.
fn without_conditions(words: &str) -> &str {
    let first = CONDITIONS.find(words).map(|condition| condition.start());
    match first {
        // The opening words of a sentence (`but if …`) count as its opening.
        Some(at) if words[..at].split(' ').filter(|word| !word.is_empty()).count() <= 1 => "",
        Some(at) => &words[..=at],
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use crate::judge::speech::{plain, sentences};

    use super::{GRAMMAR, PIECES, entries};

    /// The literals only save time, and bytes are searched as characters would be, also around letters that take several.
    #[test]
    fn bytes_behind_literals_give_the_same_as_characters() {
        let patterns = || GRAMMAR.phrases.iter().map(|phrase| &phrase.pattern);
        let any = regex::RegexSetBuilder::new(patterns()).size_limit(64 << 20).build().unwrap();
        let mut single = std::collections::BTreeMap::new();
        let foreign = ["Voilà, größer, behoben in #12 – merged as 1a2b3c4d!", "Das naïve “não” isn’t planned — désolé"];
        let sayings = crate::judge::tests::sayings::all().chain(crate::judge::tests::varied::sayings());
        for words in sayings.chain(foreign).flat_map(sentences).map(plain) {
            let may_be = GRAMMAR.literals.may_be_in(&words);
            let there = |index: &usize| GRAMMAR.phrases[*index].compiled().is_match(words.as_bytes());
            let found: Vec<usize> = may_be.into_iter().filter(there).collect();
            assert_eq!(found, any.matches(&words).into_iter().collect::<Vec<_>>(), "{words}");
            for index in found {
                let phrase = &GRAMMAR.phrases[index];
                let unicode = single.entry(index).or_insert_with(|| regex::Regex::new(&phrase.pattern).unwrap());
                let places = |at: std::ops::Range<usize>| (at.start, at.end);
                let bytes = phrase.compiled().find(words.as_bytes()).map(|found| places(found.range()));
                assert_eq!(bytes, unicode.find(&words).map(|found| places(found.range())), "{words}");
            }
        }
    }

    #[test]
    fn every_piece_is_known_and_every_strength_a_share() {
        for (_, strength, phrases) in entries() {
            assert!((0.0..=1.0).contains(strength));
            for phrase in *phrases {
                for name in phrase.split(['{', '}']).skip(1).step_by(2) {
                    let repeats = name.chars().all(|c| c.is_ascii_digit() || c == ',');
                    assert!(repeats || PIECES.iter().any(|(piece, _)| *piece == name), "{name} in {phrase}");
                }
            }
        }
        assert!(!GRAMMAR.phrases.is_empty());
        for phrase in &GRAMMAR.phrases {
            assert!(phrase.compiled().captures_len() > 0, "each can be built by itself");
        }
    }
}
