//! Phrases that name or describe a thing: `the won't fix label`, `declined invitations`, `probes that got no answer`. They
//! tell what a ticket is about, and nothing of what became of it.

use super::Claim;
use super::grammar::Found;

/// Whether a phrase names or describes a thing. `before` are the words of its clause in front of it, last first.
pub(super) fn is_of_a_thing(words: &str, found: &Found, before: &[&str]) -> bool {
    let (inside, behind) = (&words[found.start..found.end], words[found.end..].trim_start());
    let against = found.claim.side() == Some(false);
    talked_about(found.claim, behind)
        || (against && (describes(inside, behind, before) || worn_out(inside, before)))
        || (found.claim == Claim::Silence && of_some_things(before))
}

/// `the won't fix label`, `a stale bot`, `“closed as completed” status`
fn talked_about(claim: Claim, behind: &str) -> bool {
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
    THINGS.contains(&behind.split(' ').next().unwrap_or_default()) && claim != Claim::Swept
}

/// `Probes that did not get an answer`: what the ticket is about.
fn of_some_things(before: &[&str]) -> bool {
    const TICKETS: [&str; 6] = ["tickets", "issues", "bugs", "prs", "requests", "reports"];
    matches!(before, ["that" | "which" | "who", things, ..] if things.ends_with('s') && !TICKETS.contains(things))
}

/// `Declined invitations are hidden`, `purged obsolete entries`: what stands before a noun and behind no verb describes it.
fn describes(inside: &str, behind: &str, before: &[&str]) -> bool {
    const WORDS: [&str; 27] = [
        "declined",
        "rejected",
        "refused",
        "denied",
        "vetoed",
        "obsolete",
        "outdated",
        "moot",
        "deprecated",
        "stale",
        "inactive",
        "dormant",
        "abandoned",
        "cancelled",
        "canceled",
        "shelved",
        "postponed",
        "deferred",
        "parked",
        "withdrawn",
        "dropped",
        "invalid",
        "incomplete",
        "discontinued",
        "retired",
        "irrelevant",
        "archived",
    ];
    // Behind these a word tells what became of its subject.
    const VERBS: [&str; 21] = [
        "is",
        "was",
        "are",
        "were",
        "be",
        "been",
        "being",
        "got",
        "gets",
        "has",
        "have",
        "had",
        "become",
        "became",
        "as",
        "seems",
        "looks",
        "considered",
        "marked",
        "closing",
        "closed",
    ];
    // What may follow where no noun does. Adverbs are known by their ending.
    const NO_NOUNS: [&str; 62] = [
        ",", "", "by", "for", "as", "since", "because", "due", "after", "and", "or", "but", "so", "in", "on", "at",
        "of", "until", "till", "from", "with", "without", "to", "into", "per", "this", "it", "that", "these", "them",
        "the", "a", "an", "my", "our", "your", "his", "her", "their", "all", "now", "then", "here", "there", "again",
        "anyway", "already", "once", "when", "if", "before", "while", "any", "anymore", "closing", "sorry", "thanks",
        "i", "we", "you", "not", "given",
    ];
    const THE_TICKET: [&str; 12] =
        ["ticket", "issue", "pr", "pull", "request", "bug", "report", "proposal", "feature", "idea", "patch", "story"];
    let mut own = inside.split(' ').filter(|word| !word.is_empty()).rev();
    // What the phrase takes along of what follows is the noun itself: `<rejected requests`.
    let (Some(last), next) = (own.next(), behind.split(' ').next().unwrap_or_default()) else { return false };
    let verb = own.clone().any(|word| VERBS.contains(&word)) || before.first().is_some_and(|word| VERBS.contains(word));
    let a_noun =
        !NO_NOUNS.contains(&next) && !THE_TICKET.contains(&next) && !next.starts_with('@') && !next.ends_with("ly");
    WORDS.contains(&last) && !verb && a_noun
}

/// `The unused feature was dropped`: that it should go was the work.
fn worn_out(inside: &str, before: &[&str]) -> bool {
    const WORN: [&str; 9] =
        ["unused", "old", "legacy", "obsolete", "deprecated", "dead", "stale", "former", "superfluous"];
    const ENDS: [&str; 12] = [
        "dropped",
        "removed",
        "deleted",
        "retired",
        "archived",
        "scrapped",
        "discontinued",
        "decommissioned",
        "deprecated",
        "abandoned",
        "withdrawn",
        "cancelled",
    ];
    before.first().is_some_and(|word| WORN.contains(word)) && inside.split(' ').any(|word| ENDS.contains(&word))
}
