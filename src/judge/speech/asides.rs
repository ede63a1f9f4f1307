//! Refusals in passing: `Support for arm64 is there. We will not provide armv7 images.`
//!
//! Who closes without the work says so first, or of the ticket. Who states something and goes on with a refusal of a thing
//! that has a name of its own tells where the work ended.

use super::Claim;

/// Words for the ticket, what it asks for, and what is left of it.
const THE_TICKET: &[&str] = &[
    "this",
    "it",
    "these",
    "those",
    "here",
    "ticket",
    "tickets",
    "issue",
    "issues",
    "bug",
    "bugs",
    "request",
    "requests",
    "pr",
    "prs",
    "feature",
    "features",
    "patch",
    "proposal",
    "idea",
    "suggestion",
    "change",
    "changes",
    "closing",
    "close",
    "closed",
    "such",
    "there",
    "so",
    "report",
    "reports",
    "task",
    "story",
    "them",
    "anything",
    "nothing",
    "any",
    "therefore",
    "hence",
    "rest",
    "remainder",
    "half",
    "another",
];

/// Words behind which `that` stands for the ticket.
const OF_THAT: &[&str] = &[
    "do",
    "doing",
    "fix",
    "fixing",
    "change",
    "implement",
    "support",
    "about",
    "for",
    "of",
    "with",
    "to",
    "like",
    "on",
    "and",
    "but",
    "want",
    "need",
    ",",
];

/// Words that make a sentence a wish, a plan, a condition, a denial or a courtesy.
const NO_STATEMENT: &[&str] = &[
    "not",
    "never",
    "no",
    "nobody",
    "none",
    "nothing",
    "without",
    "would",
    "could",
    "should",
    "might",
    "may",
    "if",
    "please",
    "thanks",
    "thank",
    "sorry",
    "closing",
    "close",
    "hi",
    "hello",
    "hey",
    "unfortunately",
    "afraid",
    "too",
    "think",
    "guess",
    "believe",
    "feel",
    "discussed",
    "understand",
    "agree",
];

/// Whether a claim may be made in passing. Of silence, sweeps and mistakes people speak without naming the ticket.
pub(super) fn can_be(claim: Claim) -> bool {
    matches!(
        claim,
        Claim::Refused | Claim::GaveUp | Claim::Obsolete | Claim::NotABug | Claim::Elsewhere | Claim::NotDone
    )
}

/// Whether a sentence has an object, and none of its words stands for the ticket; or regrets what the trouble did, or
/// tells of a cause.
pub(super) fn is_of_its_own(words: &str) -> bool {
    let words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
    let regrets =
        words.first() == Some(&"sorry") && words.iter().any(|word| matches!(*word, "trouble" | "inconvenience"));
    if regrets || words.contains(&"cause") {
        return true;
    }
    let that = words.iter().enumerate().filter(|(_, word)| **word == "that").any(|(at, _)| {
        let before = at.checked_sub(1).map(|before| words[before]);
        at + 1 == words.len() || before.is_none_or(|before| OF_THAT.contains(&before))
    });
    words.len() > 3 && !that && !words.iter().any(|word| THE_TICKET.contains(word))
}

/// The clause around a phrase, between commas.
fn clause(words: &str, start: usize, end: usize) -> &str {
    let from = words[..=start].rfind(" , ").map_or(0, |at| at + 2);
    let to = words[end - 1..].find(" , ").map_or(words.len(), |at| end - 1 + at + 1);
    &words[from..to]
}

/// Whether a refusal in a clause of a sentence has an object of its own: `we decided not to migrate the audit log, it is
/// read-only`.
pub(super) fn refuses_a_thing(words: &str, start: usize, end: usize) -> bool {
    const LEAST: usize = 6;
    let clause = clause(words, start, end);
    clause.split(' ').filter(|word| !word.is_empty()).count() >= LEAST && is_of_its_own(clause)
}

/// Whether the clause around a phrase speaks of the ticket, or its sentence of closing it. `It` and its kin before a phrase
/// stand for anything: "it does not make sense to keep both".
pub(super) fn is_of_the_ticket(words: &str, start: usize, end: usize) -> bool {
    const BY_NAME: [&str; 14] = [
        "this",
        "ticket",
        "issue",
        "bug",
        "request",
        "pr",
        "feature",
        "patch",
        "proposal",
        "idea",
        "suggestion",
        "discussion",
        "story",
        "task",
    ];
    const BY_PRONOUN: [&str; 4] = ["it", "that", "these", "them"];
    let before = words[..=start].rsplit(" , ").next().unwrap_or_default();
    let behind = words[end - 1..].split(", ").next().unwrap_or_default();
    words.contains(" closing ")
        || before
            .split(' ')
            .chain(words[start..end].split(' '))
            .chain(behind.split(' '))
            .any(|word| BY_NAME.contains(&word))
        || words[start..end].split(' ').chain(behind.split(' ').take(3)).any(|word| BY_PRONOUN.contains(&word))
}

/// Whether a sentence states a fact.
pub(super) fn states(words: &str) -> bool {
    // What follows `closing, since …` may be one.
    let words = ["since", "because", "as", "now that"]
        .iter()
        .find_map(|why| words.strip_prefix(&format!(" closing {why} ")))
        .unwrap_or(words);
    let words = || words.split(' ').filter(|word| !word.is_empty() && *word != ",");
    words().count() > 1 && !words().any(|word| NO_STATEMENT.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::{is_of_its_own, states};
    use crate::judge::speech::{listen, plain};

    #[test]
    fn a_refusal_in_passing_is_a_doubt() {
        for (text, in_passing) in [
            ("Support for arm64 is there. We will not provide armv7 images.", true),
            ("I turned the warning into an error. No plans for a config switch.", true),
            ("Closing since we run Django 4. The admin theme is out of scope.", true),
            ("The tag is out. Sorry for the trouble it caused!", true),
            // Of the ticket, first, alone, or behind no statement.
            ("I looked at the code. We will not do this.", false),
            ("We will not provide armv7 images. The market is tiny.", false),
            ("We will not provide armv7 images.", false),
            ("Thanks for asking. We will not provide armv7 images.", false),
            ("Would be nice. We will not provide armv7 images.", false),
            // Silence does not name the ticket.
            ("I asked for the log twice. No response from the reporter since.", false),
        ] {
            let strongest = listen(text).iter().map(|said| said.strength).fold(0.0, f64::max);
            assert_eq!(strongest <= 0.5, in_passing, "{text}: {strongest}");
        }
    }

    #[test]
    fn that_stands_for_the_ticket_where_no_noun_stands_before_it() {
        for (sentence, of_its_own) in [
            ("We will never do that", false),
            ("That is how floats work", false),
            ("We will not support hosts that run Windows", true),
        ] {
            assert_eq!(is_of_its_own(&plain(sentence)), of_its_own, "{sentence}");
        }
        assert!(states(&plain("Uploads are resumed")) && !states(&plain("Uploads should be resumed")));
    }
}
