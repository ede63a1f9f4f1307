//! Bytes of some kind, and parts of words by one of their letters, looked for in short texts: in long ones that hold few of them,
//! memchr is faster.

/// Which bytes are one of these or, where they count, a control.
pub const fn which(bytes: &[u8], controls: bool) -> [bool; 256] {
    let (mut which, mut nth) = ([false; 256], 0);
    while nth < 32 {
        which[nth] = controls;
        nth += 1;
    }
    nth = 0;
    while nth < bytes.len() {
        which[bytes[nth] as usize] = true;
        nth += 1;
    }
    which
}

/// The first byte that is one of [these](which). Eight are looked at together: mostly it is none of them.
pub fn first_of(which: &[bool; 256], bytes: &[u8]) -> Option<usize> {
    let is_one = |byte: &u8| which[usize::from(*byte)];
    let (eights, _) = bytes.as_chunks::<8>();
    let none = |eight: &&[u8; 8]| !eight.iter().fold(false, |any, byte| any | is_one(byte));
    let passed = 8 * eights.iter().take_while(none).count();
    Some(passed + bytes[passed..].iter().position(is_one)?)
}

/// Parts of words that are looked for in any case, and in longer words as well.
#[derive(Debug)]
pub struct AnyOf {
    /// Which letters are looked for.
    rare: [bool; 256],
    /// Those with each of these letters, by its byte.
    words: Vec<Vec<Part>>,
}

#[derive(Debug, Clone)]
struct Part {
    letters: String,
    /// How many of them stand before the one that is looked for.
    before: usize,
    /// Whether only words count that begin with it.
    begins: bool,
}

impl AnyOf {
    /// Words of ASCII letters with blanks between, each with one letter in upper case: the one by which it is looked for. The
    /// rarer these letters are, the less there is to look at. One with a `^` in front counts only where no ASCII letter or digit
    /// stands before it.
    ///
    /// # Panics
    ///
    /// Where a word has none.
    pub fn new(all: &str) -> Self {
        let (mut rare, mut words) = ([false; 256], vec![Vec::new(); 128]);
        for word in all.split_whitespace() {
            let (begins, letters) = word.strip_prefix('^').map_or((false, word), |letters| (true, letters));
            let before = letters.find(|c: char| c.is_ascii_uppercase()).expect("a letter in upper case");
            let letter = letters.as_bytes()[before];
            for letter in [letter, letter.to_ascii_lowercase()] {
                rare[usize::from(letter)] = true;
                words[usize::from(letter)].push(Part { letters: letters.to_owned(), before, begins });
            }
        }
        Self { rare, words }
    }

    /// Whether one of them is in a text.
    pub fn is_in(&self, text: &str) -> bool {
        let (bytes, mut at) = (text.as_bytes(), 0);
        let stands = |at: usize, part: &Part| {
            let found = |start: &usize| {
                let found = bytes.get(*start..start + part.letters.len());
                found.is_some_and(|found| found.eq_ignore_ascii_case(part.letters.as_bytes()))
            };
            let goes_on = |start: usize| bytes[..start].last().is_some_and(u8::is_ascii_alphanumeric);
            at.checked_sub(part.before).filter(found).is_some_and(|start| !(part.begins && goes_on(start)))
        };
        while let Some(offset) = first_of(&self.rare, &bytes[at..]) {
            at += offset;
            if self.words[usize::from(bytes[at])].iter().any(|part| stands(at, part)) {
                return true;
            }
            at += 1;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{AnyOf, first_of, which};

    proptest! {
        #[test]
        fn the_first_byte_is_found(text in "[a-dx\n]{0,40}") {
            let expected = text.find(['x', '\n']);
            prop_assert_eq!(first_of(&which(b"x", true), text.as_bytes()), expected);
        }

        #[test]
        fn a_word_is_found_wherever_it_stands(text in "[fixXsoUlVé ]{0,12}(FIX|sOlv|fi|solu)?[éxfi]{0,3}") {
            let lower = text.to_ascii_lowercase();
            let expected = ["fix", "solv", "solu"].iter().any(|word| lower.contains(word));
            prop_assert_eq!(AnyOf::new("fiX solV solU").is_in(&text), expected);
            let begins = |(at, _): (usize, &str)| !lower[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
            let expected = ["fix", "solv", "solu"].iter().any(|word| lower.match_indices(word).any(begins));
            prop_assert_eq!(AnyOf::new("^fiX ^solV ^solU").is_in(&text), expected);
        }
    }
}
