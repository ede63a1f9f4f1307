//! Why a ticket is cited, from what is said of it where it stands. The part of the document gives the role; the words
//! right before and behind the ticket turn it around only where they leave no doubt, for a mention taken for a remedy is
//! a wrong flag, and a remedy taken for a mention a broken promise that nobody sees.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::bytes::AnyOf;
use crate::domain::reference::{Role, Within, may_promise};

/// How much before and behind a ticket is read.
const NEAR: usize = 160;

/// Words right before a ticket in a status cell that make it the trouble and not its cure.
static TROUBLE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:\b(?:caused|introduced|triggered|broken|provoked|discovered|noticed|reported) (?:again )?(?:by|in|with|through|since|during)|\b(?:incident|outage|rca|post-?mortem|root cause(?: analysis)?|symptoms?|regression (?:of|from)|similar to|same as|see also|related(?: to)?|cf\.?|unlike|not to be confused with|unrelated(?: to)?|duplicated? by))\s?:?$",
    )
});

/// `created X to restart …`: somebody asked for help, and the ticket ends with the incident.
static ASKED: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"\b(?:created|opened|filed|raised|submitted|used|needed|logged)(?: a| the| another)?(?: \w+){0,2}$")
});
static TO_HELP: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:,| with \w+| for \w+){0,2} ?(?:just )?to (?:restart|re-?run|reboot|unblock|retry|report|request|ask|get|obtain|roll ?back|clear|flush|purge|reset|recover|restore|kill|grant|re-?deploy|bump|scale|clean)\b",
    )
});

/// Words right before a ticket in an anecdote that promise that it ends the trouble.
static CURE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:\b(?:would|will|should|could|to|is going to|might) (?:have been |be )(?:\w+ly )?(?:fixed|solved|prevented|avoided|addressed|resolved|handled|ended|cured)(?: at least)?(?: \w+ly)? (?:by|in|with|through|via)(?: the| our)?(?: \w+)?|\b(?:proper|permanent|long[- ]term|lasting|real|actual|planned|proposed) (?:fix|solution|remedy|cure)(?: is)?(?: tracked)?(?: in| is)?|\b(?:fix|remedy|solution) (?:is )?(?:tracked|planned) (?:in|as|by|under))\s?:?$",
    )
});
static CURES: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:,? (?:which|that|and))? ?(?:will|would|should|is (?:meant|supposed|going|intended|expected|planned) to|is to|aims to|promises to|would have) (?:permanently |finally |also |have )?(?:fix|fixed|solve|solved|prevent|prevented|avoid|avoided|address|addressed|resolve|resolved|end|ended|cure|cured|remove|removed)\b",
    )
});
/// What turns a promise into none.
static DENIED: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"\b(?:not|never|n't|cannot|no longer|nothing|hardly|without|unlikely|if|unless|whether)\b")
});

/// Parts of words of which one is in whatever [`TROUBLE`] or [`ASKED`] holds for: before most tickets there is none, and nothing
/// more to read. Those of [`CURE`] and [`CURES`] are [`may_promise`]'s.
static TROUBLES: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(
        "caUse introdUced triGgered broKen proVoked discoVered notiCed rePorted inciDent oUtage rCa Mortem symPtom reGression
         siMilar saMe alSo relateD Cf unliKe conFused dUplicate Created oPened fileD raiseD suBmitted Used neeDed loGged",
    )
});

fn regex(pattern: &str) -> Regex {
    Regex::new(&format!("(?i){pattern}")).expect("a constant pattern, built by every test of this room")
}

/// The role of a ticket that stands in this part of a document, between these words.
pub(super) fn role(within: Within, before: &str, behind: &str) -> Role {
    if !matches!(within, Within::Status | Within::Anecdote) {
        return within.role();
    }
    let hinted = match within {
        Within::Status => TROUBLES.is_in(before_it(before)),
        _ => may_promise(before_it(before)) || may_promise(behind_it(behind)),
    };
    if hinted { said(within, before, behind) } else { within.role() }
}

/// What [`role`] finds where it is hinted at.
fn said(within: Within, before: &str, behind: &str) -> Role {
    let (before, behind) = (last_clause(before), first_clause(behind));
    match within {
        Within::Status if TROUBLE.is_match(&before) || ASKED.is_match(&before) && TO_HELP.is_match(&behind) => {
            Role::Mention
        }
        Within::Anecdote if promises(&before, &behind) => Role::Remedy,
        _ => within.role(),
    }
}

fn promises(before: &str, behind: &str) -> bool {
    let cured = CURE.find(before).is_some_and(|_| !DENIED.is_match(before));
    let cures = CURES.find(behind).is_some_and(|found| {
        let clause = behind[found.start()..].split(',').next().unwrap_or_default();
        // "X would have been solved by …" tells what would have solved X.
        !DENIED.is_match(clause) && !DENIED.is_match(before)
    });
    cured || cures
}

/// What is read before a ticket, from the start of a word.
fn before_it(text: &str) -> &str {
    let (far, near) = text.split_at(text.ceil_char_boundary(text.len().saturating_sub(NEAR)));
    if far.ends_with(char::is_alphanumeric) { near.trim_start_matches(char::is_alphanumeric) } else { near }
}

/// What is read behind it.
fn behind_it(text: &str) -> &str {
    &text[..text.floor_char_boundary(NEAR)]
}

/// The words of the sentence up to the ticket, without markup, addresses and line breaks.
fn last_clause(text: &str) -> String {
    let near = before_it(text);
    let plain =
        plain(near.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '[' | '(' | '<' | '*' | '_' | '`')));
    let start = plain.rfind(['.', '!', '?', ';']).map_or(0, |at| at + 1);
    plain[start..].trim().to_owned()
}

fn first_clause(text: &str) -> String {
    let near = behind_it(text);
    let near = near.strip_prefix(')').unwrap_or(near);
    let plain = plain(near.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ']' | '>' | '*' | '_' | '`')));
    let end = plain.find(". ").or_else(|| plain.find(['!', '?', ';'])).unwrap_or(plain.len());
    plain[..end].trim().to_owned()
}

/// Links by their texts, without emphasis, in one line.
fn plain(text: &str) -> String {
    static LINK: LazyLock<Regex> = LazyLock::new(|| regex(r"\]\([^()\s]*\)"));
    static HALF_A_LINK: LazyLock<Regex> = LazyLock::new(|| regex(r"\[[^\[\]]*\]$"));
    let text = LINK.replace_all(text, " ");
    let text = HALF_A_LINK.replace(&text, "");
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '`' | '[' | ']' | '<' | '>'));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{role, said};
    use crate::domain::reference::{Role, Within};

    /// The role of the ticket `X`.
    fn role_of(within: Within, text: &str) -> Role {
        let (before, behind) = text.split_once('X').unwrap();
        role(within, before, behind)
    }

    #[test]
    fn in_a_status_cell_a_ticket_is_the_cure_unless_it_is_called_the_trouble() {
        for (text, mention) in [
            ("X", false),
            ("See X", false),
            ("Tracked in X, blocked by the move", false),
            ("Blocked by X", false),
            ("Fix: X", false),
            ("We created X to move everybody over.", false),
            ("Opened X to fix the build server", false),
            ("Opened X to request a rewrite", true),
            ("created X to restart the build server", true),
            ("Filed a ticket X to get access", true),
            ("caused by X", true),
            ("Was introduced in X; fixed by hand", true),
            ("Incident: X", true),
            ("RCA: X", true),
            ("Root cause analysis: [X](https://jira.example/browse/A-1)", true),
            ("see also [the other one](X)", true),
            ("related to X", true),
            ("cf X", true),
            // The words belong to another sentence or ticket.
            ("No incident since. X", false),
            ("Incident A-1, remedy X", false),
            ("It was caused by the proxy. X", false),
            ("postmortem says that X does it", false),
        ] {
            let expected = if mention { Role::Mention } else { Role::Remedy };
            assert_eq!(role_of(Within::Status, text), expected, "{text}");
        }
    }

    #[test]
    fn in_an_anecdote_a_ticket_is_a_mention_unless_it_is_promised_as_the_cure() {
        for (text, remedy) in [
            ("X", false),
            ("Created X to restart the build server.", false),
            ("see X", false),
            ("X (see the PR) would have been solved in part by a default.", false),
            ("X would have been solved by a default.", false),
            ("X would have needed less work with a default.", false),
            ("This was fixed by X.", false),
            ("fixed in X", false),
            ("It would not have been solved by X.", false),
            ("Unlikely that X will fix it", false),
            ("X will not fix this.", false),
            ("If X would fix this, good.", false),
            ("Nobody knows whether it will be solved by X", false),
            ("It would have been solved by X.", true),
            ("It would have been at least partially solved by moving. X", false),
            ("This will be fixed by X", true),
            ("to be addressed in [X](https://jira.example/browse/A-1)", true),
            ("A long-term fix is tracked in X.", true),
            ("Proper fix: X", true),
            ("Short term fix: X", false),
            ("X will fix this.", true),
            ("X is supposed to prevent that", true),
            ("[A](X) should end it", true),
        ] {
            let expected = if remedy { Role::Remedy } else { Role::Mention };
            assert_eq!(role_of(Within::Anecdote, text), expected, "{text}");
        }
    }

    #[test]
    fn elsewhere_the_place_alone_counts() {
        for within in [Within::Title, Within::Topic, Within::Reply, Within::Text, Within::FollowUp, Within::Note] {
            assert_eq!(role_of(within, "caused by X, which will fix this"), within.role(), "{within:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_words_can_stand_around_it(before in "(?s).{0,200}", behind in "(?s).{0,200}") {
            let _ = role(Within::Status, &before, &behind);
            let _ = role(Within::Anecdote, &before, &behind);
        }
    }

    const PIECES: [&str; 60] = [
        "caused by",
        "broken again since",
        "reported with",
        "incident",
        "root cause",
        "RCA:",
        "post-mortem",
        "postmortem",
        "symptom",
        "regression from",
        "similar to",
        "same as",
        "see also",
        "related",
        "unrelated to",
        "cf.",
        "unlike",
        "not to be confused with",
        "duplicate by",
        "created",
        "opened a",
        "needed",
        "logged another",
        "raised",
        "to restart",
        "to grant",
        "for us to clean",
        "would be fixed by",
        "will have been resolved in",
        "should be ended",
        "might be cured with",
        "could be handled by",
        "proper fix",
        "real cure is tracked in",
        "lasting solution is",
        "the remedy planned as",
        "permanent",
        "will fix",
        "which would have avoided",
        "is supposed to remove",
        "aims to solve",
        "that will end",
        "weekend",
        "**fix**",
        "un",
        "not",
        " ",
        " ",
        " ",
        "\n",
        "*",
        "_",
        "[x](y)",
        "[",
        "](z)",
        ".",
        ":",
        ",",
        "é",
        "-",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn where_nothing_hints_at_it_nothing_is_said(
            words in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..6),
            behind in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..6),
            within in prop::sample::select(&[Within::Status, Within::Anecdote][..]),
        ) {
            let (before, behind) = (words.concat(), behind.concat());
            prop_assert_eq!(role(within, &before, &behind), said(within, &before, &behind), "{}X{}", before, behind);
        }
    }
}
