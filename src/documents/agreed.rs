//! What a line of minutes agrees on: `Follow-up: Bob to ask`, `TODO: …`, and `Dave will ask` of somebody known.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

/// What stands in front of what was agreed on.
static MARK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\W{0,4}(?:(?i:follow[- ]?ups?|to-?do|action(?: items?)?|next steps?)|AIs?)\W{0,2}:\W{0,3}")
        .expect("a constant pattern")
});
/// Who is to do it. What follows `will` or `to` is a verb.
static OWNER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^@?(?P<name>\p{Lu}[\p{L}\p{N}'’-]*)(?:\s+(?:to|will)\s+(?P<verb>\p{Ll}+)|\s*:\s+\S)")
        .expect("a constant pattern")
});

/// What says that it was done: a tick, or the word at either end.
static DONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W{0,3}(?:done|completed)\b|[(\[–—:-]\s*(?:done|completed)\b\W{0,3}$|[✓✔✅☑]")
        .expect("a constant pattern")
});

/// Words behind `will` and `to` that promise nothing.
const NO_DEEDS: [&str; 12] =
    ["be", "not", "never", "have", "probably", "likely", "only", "also", "the", "a", "this", "that"];
/// Words at the start that are nobody.
const NOBODY: [&str; 24] = [
    "we",
    "i",
    "it",
    "this",
    "that",
    "they",
    "you",
    "someone",
    "somebody",
    "everyone",
    "everybody",
    "nobody",
    "anyone",
    "need",
    "needs",
    "remember",
    "want",
    "try",
    "have",
    "plan",
    "how",
    "team",
    "see",
    "note",
];

/// How many bytes the mark takes that says outright that something was agreed on.
pub(super) fn mark(says: &str) -> Option<usize> {
    MARK.find(says).map(|found| found.len()).filter(|length| *length < says.len())
}

/// Whether somebody `known` promises to do something.
pub(super) fn is_promise(says: &str, known: &HashSet<String>) -> bool {
    owner(says).is_some_and(|(name, _)| known.contains(name))
        && OWNER.captures(says).is_some_and(|found| found.name("verb").is_some())
}

/// Whether what was agreed on is said to be done.
pub(super) fn is_done(says: &str) -> bool {
    DONE.is_match(says)
}

/// Who is to do it, and how many bytes that takes: `Bob to `, `Bob: `.
pub(super) fn owner(says: &str) -> Option<(&str, usize)> {
    let found = OWNER.captures(says)?;
    let name = found.name("name")?.as_str();
    let verb = found.name("verb");
    let empty = verb.is_some_and(|verb| NO_DEEDS.contains(&verb.as_str()));
    let end = verb.map_or_else(|| found.get(0).map_or(0, |whole| whole.end() - 1), |verb| verb.start());
    // The last character of the whole may be longer than a byte.
    let end = (0..=end).rev().find(|end| says.is_char_boundary(*end)).unwrap_or(0);
    (!empty && !NOBODY.contains(&name.to_lowercase().as_str())).then_some((name, end))
}

#[cfg(test)]
mod tests {
    use super::{is_done, is_promise, mark, owner};

    #[test]
    fn what_is_agreed_on_is_marked_or_promised_by_somebody_known() {
        let known = ["Dave".to_owned(), "Jeremy".to_owned()].into_iter().collect();
        for (says, expected) in [
            ("Follow-up: Bob to file OPS-2", "marked Bob|file OPS-2"),
            ("Follow up: ask", "marked -|ask"),
            ("TODO: write it down", "marked -|write it down"),
            ("todo: Bob: write it down", "marked Bob|write it down"),
            ("Action: Need to ask", "marked -|Need to ask"),
            ("**Action item:** Ann will ask", "marked Ann|ask"),
            ("AI: Bob to ask", "marked Bob|ask"),
            ("Next steps: ask", "marked -|ask"),
            ("Dave to make an issue", "promise Dave|make an issue"),
            ("Jeremy will connect them", "promise Jeremy|connect them"),
            ("Bob will connect them", "-"),
            ("Dave will be away", "-"),
            ("Dave will not ask", "-"),
            ("Dave: will ask", "-"),
            ("Dave told us", "-"),
            ("Then Dave will ask", "-"),
            ("ai: no", "-"),
            ("AI is here", "-"),
            ("Action is needed", "-"),
            ("TODO:", "-"),
            ("Follow-ups are hard: see", "-"),
            ("", "-"),
        ] {
            let split = |text: &str| {
                let (name, length) = owner(text).unwrap_or(("-", 0));
                format!("{name}|{}", &text[length..])
            };
            let found = match mark(says) {
                Some(length) => format!("marked {}", split(&says[length..])),
                None if is_promise(says, &known) => format!("promise {}", split(says)),
                None => "-".to_owned(),
            };
            assert_eq!(found, expected, "{says}");
        }
        assert_eq!(owner("Bob: é"), Some(("Bob", 5)));
    }

    #[test]
    fn what_was_done_is_said_at_either_end() {
        for (says, expected) in [
            ("ask infra (done)", true),
            ("Done: ask infra", true),
            ("ask infra — DONE", true),
            ("ask infra ✅", true),
            ("ask whether it is done", false),
            ("get the rest done", false),
            ("", false),
        ] {
            assert_eq!(is_done(says), expected, "{says}");
        }
    }
}
