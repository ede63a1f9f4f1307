//! What leaves no more than a doubt of a phrase: it is said of a part, of a place or of a moment, goes on with something
//! else, or explains an act of work.

use super::asides::is_of_the_ticket;
use super::grammar::Found;
use super::{Claim, deeds};

/// The strength of a word that raises doubts and decides nothing.
pub(in crate::judge) const NO_MORE_THAN_A_DOUBT: f64 = 0.5;

/// Whether a phrase against the work is no more than a doubt where it stands. `parts` is for phrases that are said of the
/// parts of a system as well.
pub(super) fn doubtful(words: &str, found: &Found, parts: bool) -> bool {
    let behind = &words[found.end.saturating_sub(1)..];
    let against = found.claim.side() == Some(false);
    (parts && !is_of_the_ticket(words, found.start, found.end))
        || may_be_better_now(found.claim, words)
        || goes_on_with_another(found.claim, behind)
        || (against && deeds::follows(&words[found.start..found.end], &words[found.end..]))
        || of_the_rest(found.claim, behind)
        || of_a_moment(found.claim, words, behind)
        || of_a_place(found.claim, behind)
        || of_this_time(found.claim, behind)
        || (against && explains_what_was_done(words, found))
        || (against && leads_to_a_change(behind))
        || (against && says_how_things_are_now(&words[found.start..found.end], behind))
}

/// `The decision was to keep both, so there is an alias`: the reason for what was done.
fn leads_to_a_change(behind: &str) -> bool {
    const LEADS: [&str; 6] =
        [" , so there is a", " , so there are ", " , so the ", " , so we ", " , so it ", " , so i "];
    const ENDS: [&str; 11] =
        [" not ", " no ", " never ", " nothing ", " clos", " drop", " gave ", " give ", " rather ", " was ", " will "];
    let Some(at) = LEADS.iter().filter_map(|lead| behind.find(lead)).min() else { return false };
    !ENDS.iter().any(|sign| behind[at..].contains(sign))
}

/// `I don't think there is any bug left`, `I can't see how this could happen with the lock in place`: what is not there any
/// more, or cannot be any more.
fn says_how_things_are_now(phrase: &str, behind: &str) -> bool {
    const NOW: [&str; 7] = [" left ", " any more ", " anymore ", " again ", " in place ", " happen with ", " than "];
    let denies =
        [" think ", " believe ", " see ", " foresee ", " anticipate "].iter().any(|verb| phrase.contains(verb));
    denies && NOW.iter().any(|sign| behind.contains(sign))
}

/// `Not done on the 2.x branch`: of one place, and there may be others.
fn of_a_place(claim: Claim, behind: &str) -> bool {
    const BRANCHES: [&str; 6] = ["@version", "branch", "branches", "line", "lts", "older"];
    let mut ahead = behind.split(' ').filter(|word| !word.is_empty());
    claim == Claim::NotDone
        && ahead.next().is_some_and(|word| matches!(word, "on" | "in" | "for" | "to"))
        && ahead.take_while(|word| *word != ",").take(4).any(|word| BRANCHES.contains(&word))
}

/// `I won't do the docs in this one`: put off.
fn of_this_time(claim: Claim, behind: &str) -> bool {
    const SPANS: &str = " release version milestone sprint iteration pr pull patch quarter one ";
    let words: Vec<&str> = behind.split(' ').filter(|word| !word.is_empty()).take(7).collect();
    let this = |three: &[&str]| {
        matches!(three[0], "for" | "in") && matches!(three[1], "this" | "current") && super::among(SPANS, three[2])
    };
    matches!(claim, Claim::Refused | Claim::GaveUp) && words.windows(3).any(this)
}

/// `I left out Windows since it is no longer supported`: `it` is what the sentence speaks of, and no ticket.
fn explains_what_was_done(words: &str, found: &Found) -> bool {
    const LEADS: [&str; 4] = [" since it ", " because it ", " as it ", " since they "];
    let Some(at) = LEADS.iter().filter_map(|lead| words[..found.start + 1].rfind(lead)).max() else { return false };
    let main = &words[..at];
    found.claim == Claim::Obsolete
        && main.split(' ').filter(|word| !word.is_empty()).count() > 2
        && !main.contains("clos")
        && !is_of_the_ticket(main, 0, main.len())
}

/// `We won't change /v1, but /v2 has it`: a refusal of one thing that goes on with another. What only consoles whoever
/// asked does not count.
fn goes_on_with_another(claim: Claim, behind: &str) -> bool {
    const CONSOLES: [&str; 16] = [
        " you ",
        " your ",
        " feel ",
        " if ",
        " welcome ",
        " happy ",
        " thanks ",
        " thank ",
        " sorry ",
        " reopen ",
        " someone ",
        " anyone ",
        " pr ",
        " not ",
        " no ",
        " closing ",
    ];
    let Some((_, other)) = behind.split_once(" but ") else { return false };
    let other = format!(" {other}");
    claim.side() == Some(false) && !CONSOLES.iter().any(|sign| other.contains(sign))
}

/// `Not planning anything further`, `I'd rather not do the nice-to-haves`: there was something to go further than.
fn of_the_rest(claim: Claim, behind: &str) -> bool {
    const RESTS: [&str; 11] =
        ["further", "else", "more", "nice", "niceties", "extra", "extras", "additional", "remaining", "rest", "others"];
    const MEANS: [&str; 8] = ["time", "effort", "work", "information", "info", "details", "energy", "money"];
    let mut ahead = behind.split(' ').filter(|word| !word.is_empty()).take_while(|word| *word != ",").take(4);
    let rest = ahead.by_ref().any(|word| RESTS.contains(&word));
    matches!(claim, Claim::Refused | Claim::GaveUp | Claim::NotDone) && rest && !ahead.any(|word| MEANS.contains(&word))
}

/// `It is not merged yet`, `it will not be solved by a bigger pool`: of a moment, or of one way.
fn of_a_moment(claim: Claim, words: &str, behind: &str) -> bool {
    claim == Claim::NotDone && (words.contains(" yet ") || behind.trim_start().starts_with("by "))
}

/// `I cannot reproduce it on 2.3 any more`: said by testers as proof of a fix, and by triagers as a reason to give up.
fn may_be_better_now(claim: Claim, words: &str) -> bool {
    const NOW: [&str; 27] = [
        " any more ",
        " anymore ",
        " any longer ",
        " longer ",
        " after ",
        " since ",
        " latest ",
        " master ",
        " main ",
        " nightly ",
        " @version ",
        " with ",
        " build ",
        " new ",
        " head ",
        " newer ",
        " newest ",
        " now ",
        " today ",
        " updated ",
        " update ",
        " upgrade ",
        " upgrading ",
        " fix ",
        " fixed ",
        " patch ",
        " at first ",
    ];
    let as_told = [" information ", " steps ", " details ", " given "].iter().any(|what| words.contains(what));
    claim == Claim::NotReproduced && !as_told && NOW.iter().any(|sign| words.contains(sign))
}
