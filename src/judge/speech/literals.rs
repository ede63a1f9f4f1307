//! Which phrases can stand in a sentence at all: each has literals of which one must be there, wherever it is found.
//!
//! Hundreds of phrases searched for as one set make an automaton that grows with every new text, and is thrown away when it
//! is full: real comments took half a millisecond each. The few that their literals leave are searched for one by one.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Hir, HirKind};

/// The literals of many patterns.
#[derive(Debug)]
pub(super) struct Literals {
    any: AhoCorasick,
    /// For each literal the patterns that may stand where it does.
    of: Vec<Vec<usize>>,
    /// Patterns that have none.
    always: Vec<usize>,
}

impl Literals {
    /// The literals of patterns, which are named by their place.
    pub(super) fn new<'a>(patterns: impl Iterator<Item = &'a str>) -> Self {
        let mut places = std::collections::BTreeMap::<Vec<u8>, Vec<usize>>::new();
        let mut always = Vec::new();
        for (at, pattern) in patterns.enumerate() {
            match required(&parsed(pattern)) {
                Some(literals) => literals.into_iter().for_each(|literal| {
                    let of = places.entry(literal).or_default();
                    if of.last() != Some(&at) {
                        of.push(at);
                    }
                }),
                None => always.push(at),
            }
        }
        let any = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(places.keys());
        Self { any: any.expect("the literals are few and short"), of: places.into_values().collect(), always }
    }

    /// The patterns that may be found in a text, in order.
    pub(super) fn may_be_in(&self, text: &str) -> Vec<usize> {
        let mut found = self.always.clone();
        found.extend(self.any.find_overlapping_iter(text).flat_map(|literal| &self.of[literal.pattern().as_usize()]));
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn parsed(pattern: &str) -> Hir {
    let parsed = ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern);
    parsed.expect("the phrases are constants, and a test builds all")
}

/// Literals of which every match has one, if there are any; the rarer, as far as their lengths tell.
fn required(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(vec![literal.0.to_vec()]),
        HirKind::Concat(parts) => parts.iter().filter_map(required).min_by(|a, b| common(a).total_cmp(&common(b))),
        HirKind::Alternation(ways) => {
            let all: Option<Vec<_>> = ways.iter().map(required).collect();
            all.map(|all| all.concat())
        }
        HirKind::Repetition(repetition) if repetition.min > 0 => required(&repetition.sub),
        HirKind::Capture(capture) => required(&capture.sub),
        _ => None,
    }
}

/// How often texts hold one of these literals, at a guess.
fn common(literals: &[Vec<u8>]) -> f64 {
    /// How many letters are as likely as the next one.
    const SPREAD: f64 = 0.25;
    literals.iter().map(|literal| SPREAD.powi(i32::try_from(literal.len()).unwrap_or(i32::MAX))).sum()
}

#[cfg(test)]
mod tests {
    use super::{Literals, parsed, required};

    #[test]
    fn every_match_has_one_of_its_literals() {
        for (pattern, expected) in [
            ("fixed", Some(&["fixed"][..])),
            ("^ (?:fix|merg)ed ", Some(&["ed "])),
            (" (?:no )?plans? ", Some(&[" plan"])),
            (" (?:[^ ,]+ ){0,2}?(?:merged|landed) ", Some(&["merged", "landed"])),
            ("(?:closed )+by", Some(&["closed "])),
            ("(?:a|[bc])?", None),
            ("[0-9]{4,}", None),
        ] {
            let found = required(&parsed(pattern));
            let found: Option<Vec<String>> = found.map(|all| {
                all.into_iter().map(|literal| String::from_utf8(literal).unwrap().trim_start().into()).collect()
            });
            let expected = expected.map(|all| all.iter().map(|literal| literal.trim_start().to_owned()).collect());
            assert_eq!(found, expected, "{pattern}");
        }
    }

    #[test]
    fn what_has_none_of_them_is_not_searched_for() {
        let literals = Literals::new(["fixed (?:in|by)", "[0-9]+", "land(?:ed|s)", "fixed"].into_iter());
        for (text, expected) in
            [("it was fixed by", &[0, 1, 3][..]), ("it was fixed", &[1, 3]), ("it landed", &[1, 2]), ("", &[1])]
        {
            assert_eq!(literals.may_be_in(text), expected, "{text}");
        }
    }
}
