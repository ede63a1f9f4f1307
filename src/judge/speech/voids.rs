//! What voids a phrase: a negation, a wish, a condition on it, mere talk about it, or a turn that makes it say another
//! thing.

use super::grammar::Found;
use super::things::is_of_a_thing;
use super::{Claim, among};

/// Whether what stands before or behind a phrase takes its meaning away.
pub(super) fn voided(words: &str, found: &Found) -> bool {
    let clause = words[..=found.start].rsplit(" , ").next().unwrap_or_default();
    let clause = clause.rsplit(" but ").next().unwrap_or_default();
    let before: Vec<&str> =
        clause.split(' ').filter(|word| !word.is_empty() && !ADVERBS.contains(word)).rev().take(5).collect();
    let negated = |span: usize| before.iter().take(span).any(|word| NEGATIONS.contains(word));
    let void = match found.claim.side() {
        Some(true) => {
            let worked = found.claim == Claim::Worked;
            let in_the_tracker =
                matches!(found.claim, Claim::Worked | Claim::Fixed) && bookkeeping(&words[found.start..]);
            let stopgap = worked && puts_up_with_it(&words[found.start..]);
            let crutch = found.claim == Claim::Verified && clause.contains("work");
            let granted = worked && taken_for_granted(&words[found.start..found.end]);
            (negated(4) && !granted)
                || in_the_tracker
                || stopgap
                || (crutch && clause.contains("around"))
                || supposed(&before)
                || wished(&before)
                || (worked && !granted && before.contains(&"only"))
                || (found.claim == Claim::Gone && gone_with_its_subject(clause, &words[found.start..found.end]))
                || qualified(&words[found.start..found.end], found.claim, &before)
        }
        Some(false) => {
            let behind = words[found.end..].trim_start();
            let since = [" since @", " as of @", " since the ", " with @version", " with the new "];
            let now_it_does = matches!(found.claim, Claim::NotABug | Claim::Elsewhere)
                && (clause.ends_with(" now ")
                    || behind.starts_with("now ")
                    || since.iter().any(|since| words[found.start..].contains(since)));
            negated(3)
                || of_another(&before)
                || only_in_part(&words[found.start..found.end], behind)
                || for_a_purpose(found.claim, &before)
                || now_it_does
                || only_for_now(behind)
                || only_elsewhere(&words[found.start..], found.claim)
                || no_more(&words[found.start..found.end], found.claim, behind)
                || (found.claim == Claim::Obsolete
                    && (as_asked(words) || clause.contains(" old ") || clause.contains(" legacy ")))
                || hardly_a_decision(&words[found.start..found.end])
                || good_riddance(&words[found.start..found.end], found.claim, &before)
                || goes_on(&words[found.start..found.end], behind)
                || likened(found.claim, &before, behind)
        }
        None if found.claim == Claim::Hinted => {
            let inside = &words[found.start..found.end];
            let granted = taken_for_granted(inside) || inside.starts_with(" nothing ");
            (!granted && (negated(4) || denied(inside)))
                || supposed(&before)
                || wished(&before)
                || before.iter().any(|word| TASKS.contains(word))
        }
        None => negated(3) || (found.claim == Claim::Reverted && words[found.start..found.end].contains(" not ")),
    };
    void || is_of_a_thing(words, found, &before) || (found.claim == Claim::Swept && sweeps_what_was_done(words))
}

/// `It works without any fix`, `this now seems stale`: a negation inside the phrase, or nothing that changed.
fn denied(inside: &str) -> bool {
    const STAYS: [&str; 14] = [
        "is", "was", "has", "this", "its", "us", "as", "does", "seems", "looks", "appears", "sounds", "belongs",
        "needs",
    ];
    const ENDED: &str = " deprecated abandoned archived discontinued unsupported unmaintained closed retired outdated \
        superseded replaced parked shelved rejected declined cancelled canceled postponed deferred delayed needed \
        required expected considered supposed ";
    let now = inside.trim().strip_prefix("now ").and_then(|rest| rest.rsplit(' ').next());
    let ended = inside.contains(" now ") && inside.trim().rsplit(' ').next().is_some_and(|last| among(ENDED, last));
    inside.split(' ').any(|word| NEGATIONS.contains(&word)) || now.is_some_and(|word| STAYS.contains(&word)) || ended
}

/// `I assume that this is solved for you`: said where nobody answered.
fn supposed(before: &[&str]) -> bool {
    before.iter().take(3).any(|word| matches!(*word, "assume" | "assuming" | "presume"))
}

/// `It was not our fault alone`, `not only our bug`: it was, among others'.
fn only_in_part(inside: &str, behind: &str) -> bool {
    inside.contains(" not ")
        && (inside.contains(" not only ") || ["alone", "only", "entirely"].iter().any(|part| behind.starts_with(part)))
}

/// `To keep this out of the core, the adapter is a crate`: what was done had this purpose.
fn for_a_purpose(claim: Claim, before: &[&str]) -> bool {
    claim == Claim::Refused && matches!(before, ["to"] | ["to", "order", "in"] | ["to", "as", "so"])
}

/// `#79 is out of scope`: said of another ticket.
fn of_another(before: &[&str]) -> bool {
    matches!(before, ["@ref", ..] | ["is" | "was" | "are" | "were" | "has" | "will", "@ref", ..])
}

/// `out of scope for this release`: put off, and not refused.
fn only_for_now(behind: &str) -> bool {
    ["for this ", "in this ", "for the current ", "in the current "].iter().any(|lead| {
        behind.strip_prefix(lead).is_some_and(|rest| {
            let what = rest.split(' ').next().unwrap_or_default();
            ["release", "version", "milestone", "sprint", "iteration", "pr", "pull", "patch", "quarter", "one"]
                .contains(&what)
        })
    })
}

/// `I've added it to the ideas list`, `the description was updated`: done to the ticket, and not for it.
pub(super) fn bookkeeping(from: &str) -> bool {
    const VERBS: [&str; 8] = ["added", "updated", "changed", "removed", "moved", "created", "set", "put"];
    const TICKETS: [&str; 17] = [
        "label",
        "labels",
        "milestone",
        "title",
        "description",
        "list",
        "backlog",
        "tag",
        "tags",
        "wishlist",
        "board",
        "roadmap",
        "agenda",
        "tracker",
        "ticket",
        "priority",
        "status",
    ];
    let mut words = from.split(' ').skip_while(|word| word.is_empty()).take(9);
    words.by_ref().take(4).any(|word| VERBS.contains(&word)) && words.any(|word| TICKETS.contains(&word))
}

/// `I added a hack that restarts it`: for other phrases to tell.
fn puts_up_with_it(from: &str) -> bool {
    const VERBS: [&str; 5] = ["added", "introduced", "provided", "created", "implemented"];
    let adds = from.split(' ').take(5).any(|word| VERBS.contains(&word));
    adds && [" hack", " workaround", " work around", " stopgap", " band aid", " bandaid"]
        .iter()
        .any(|what| from.contains(what))
}

/// `No errors since the fix`, `only 2.x got the fix`: whatever is denied, there is one.
fn taken_for_granted(inside: &str) -> bool {
    [" since ", " after ", " with ", " following ", " due to ", " thanks to ", " got "]
        .iter()
        .any(|lead| inside.starts_with(lead))
}

/// `We have no plans to backport the fix`: there is one.
fn only_elsewhere(from: &str, claim: Claim) -> bool {
    claim == Claim::Refused && from.split(' ').take(12).any(|word| word.starts_with("backport"))
}

/// `I'm not going to wait for the backport`: of the work it says nothing.
fn hardly_a_decision(inside: &str) -> bool {
    const VERBS: [&str; 16] = [
        "wait", "block", "hold", "argue", "comment", "lie", "repeat", "help", "matter", "say", "hurt", "close",
        "cause", "guess", "complain", "mind",
    ];
    inside.contains(" not going to ") && inside.split(' ').any(|word| VERBS.contains(&word))
}

/// `The button is gone as agreed`: that it should go was the work.
fn as_asked(words: &str) -> bool {
    ["agreed", "asked", "requested", "planned", "proposed", "promised"]
        .iter()
        .any(|how| words.contains(&format!(" as {how} ")) || words.contains(&format!(" as this ticket {how} ")))
        || words.contains(" the point of ")
}

/// `It is not possible to order twice any more`, `it will not happen again`: that was the work.
fn no_more(inside: &str, claim: Claim, behind: &str) -> bool {
    const SIGNS: [&str; 5] = ["any more", "anymore", "any longer", "now", "twice"];
    let could = inside.contains(" possible ") || inside.contains(" can not ");
    let ends = claim == Claim::Refused
        && inside.contains(" happen")
        && (behind.starts_with("again") || behind.contains("twice"));
    ends || (claim == Claim::Elsewhere && could && SIGNS.iter().any(|sign| behind.contains(sign)))
}

/// `The same issue in gcc`, `we can't do it ourselves`: said to compare, or to ask for help.
fn likened(claim: Claim, before: &[&str], behind: &str) -> bool {
    let compares = || before.iter().take(3).any(|word| matches!(*word, "same" | "similar"));
    claim == Claim::Elsewhere && (compares() || behind.split(' ').take(3).any(|word| word == "ourselves"))
}

/// `Let's leave it open`, `it has stopped working`: nothing ends here.
fn goes_on(inside: &str, behind: &str) -> bool {
    let left_open = inside.contains(" leave ") && behind.split(' ').take(4).any(|word| word == "open");
    let broke = inside.ends_with(" stopped working ") && !behind.starts_with("on ") && !behind.starts_with("for ");
    // `Do not merge before the release`: it is to be merged.
    // `We don't merge on GitHub`: there is another way.
    let another_way = inside.contains(" not merg")
        && ["on @url", "on github", "from github", "through ", "via ", "pull requests", "prs ", "with the button"]
            .iter()
            .any(|way| behind.starts_with(way));
    let waits = inside.contains(" not merg")
        && [" yet", " for now", " before ", " until "]
            .iter()
            .any(|sign| behind.contains(sign) || inside.contains(sign));
    // `Nothing to do for the teams`: for somebody it was done.
    let spared = inside.contains(" nothing to ") && (behind.starts_with("for the ") || behind.starts_with("on your "));
    // `For lack of further comments`, `given the absence of complaints`: of the trouble, or of what more there might be.
    let nothing_more = inside.ends_with(" of ")
        && [
            "further ",
            "any further ",
            "more ",
            "other ",
            "objections",
            "complaints",
            "any complaints",
            "reports",
            "errors",
        ]
        .iter()
        .any(|what| behind.starts_with(what));
    left_open || broke || another_way || waits || spared || nothing_more
}

/// `You don't need the workaround any more`, `you no longer have to set that`: what the work made superfluous.
fn good_riddance(inside: &str, claim: Claim, before: &[&str]) -> bool {
    const CRUTCHES: [&str; 5] = [" workaround", " work around", " hack", " flag ", " stopgap"];
    let to_users = before.first() == Some(&"you") || inside.starts_with(" you ");
    claim == Claim::Obsolete && (to_users || CRUTCHES.iter().any(|crutch| inside.contains(crutch)))
}

/// `This code path no longer exists`: what had the trouble is gone, not the trouble.
fn gone_with_its_subject(clause: &str, inside: &str) -> bool {
    const SUBJECTS: [&str; 20] = [
        "code",
        "path",
        "file",
        "class",
        "method",
        "function",
        "page",
        "screen",
        "component",
        "service",
        "api",
        "endpoint",
        "script",
        "repo",
        "repository",
        "branch",
        "plugin",
        "module",
        "package",
        "project",
    ];
    inside.contains(" exist") && clause.split(' ').any(|word| SUBJECTS.contains(&word))
}

/// A sweep over resolved tickets says nothing of the work on them.
fn sweeps_what_was_done(words: &str) -> bool {
    let done = [
        " resolved ",
        " fixed ",
        " completed ",
        " verified ",
        " done ",
        " released ",
        " shipped ",
        " implemented ",
        " delivered ",
        " merged ",
        " went out ",
    ];
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

/// Words before a hint that make it a task: `needs to be done in 2.1`.
const TASKS: &[&str] = &[
    "needs", "need", "should", "must", "would", "could", "please", "can", "hope", "will", "try", "test", "check",
    "wait", "until",
];
