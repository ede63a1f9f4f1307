//! Acts of work, told by whoever did them: `Removed the flag, it isn't needed any more`.
//!
//! Who did something says what it was about: that nobody needs the flag, that the new answer is as intended, that Windows
//! is not supported. Beside such an act a word like that is a doubt, unless it names the ticket or refuses it outright.

use super::asides::{can_be, is_of_its_own};
use super::voids::bookkeeping;
use super::{Claim, among, is_own_fault};

/// Words that may stand before the act: `I have now removed it`.
const LEADS: &str = " , so and now then ok okay also just finally already simply therefore hi hello thanks fyi \
    update i we have has had @user went ahead both since ";

/// Acts whose past has no ending of its own.
const IRREGULAR: &str = " rewrote rewritten wrote written built rebuilt made cut split took gave taught sent shut \
    reset undid redid tore hid ran set ";

/// What ends in `-ed` and is no work on anything: what people do to tickets, think, or suffer; and mere attributes.
const NO_WORK: &str = " closed reopened marked decided agreed discussed talked rejected declined refused denied \
    vetoed abandoned cancelled canceled postponed deferred shelved parked resolved obsoleted superseded deprecated \
    checked tested tried retried looked searched investigated verified reviewed considered asked pinged contacted \
    waited wanted needed planned hoped expected noticed realized realised learned figured missed misunderstood \
    misconfigured confused opened reported raised posted submitted logged moved transferred labelled labeled \
    triaged tagged assigned unassigned followed received used happened failed seemed stalled ended timed indeed \
    speed outdated unsupported unneeded unused unwanted unrelated related intended limited supposed required mixed \
    pleased based scheduled archived documented commented explained answered replied suggested recommended proposed \
    requested voted withdrew retracted estimated compared studied read reproduced explored evaluated analyzed \
    analysed attempted worked prioritized deprioritized descoped accepted confirmed believed guessed assumed \
    referenced linked copied mentioned quoted forked punted skipped ignored stopped started expired lacked \
    concerned interested duplicated approved listed mailed emailed called wondered nacked acked unmaintained \
    discontinued retired timeboxed routed prioritised deprioritised committed merged landed fixed outsourced \
    adopted adapted purchased licensed rented hired ";

/// Acts that are work where they have an object of their own, and an end of the work where that is the ticket.
const OF_A_THING: &[&str] =
    &["dropped", "removed", "deleted", "scrapped", "killed", "pulled", "withdrawn", "changed", "replaced"];

/// What people leave with their work undone: `changed jobs`.
const HOMES: &[&str] = &["job", "jobs", "team", "teams", "company", "companies", "roles"];

/// Acts that lead away where they go `to` something else: `switched to another vendor`.
const AWAY: &[&str] =
    &["switched", "migrated", "converted", "turned", "shifted", "referred", "pointed", "pushed", "rolled"];

/// What the ticket is called. Whoever says it speaks of the ticket.
const THE_TICKET: &[&str] =
    &["ticket", "issue", "request", "bug", "pr", "proposal", "story", "idea", "suggestion", "patch"];

/// Whether a sentence begins by telling what its writer did.
pub(super) fn tells_of_work(words: &str) -> bool {
    // `We dropped Windows`: a company's course, and as often a reason to let the ticket be.
    let by_all = words.split(' ').take_while(|word| word.is_empty() || among(LEADS, word)).any(|word| word == "we");
    let mut ahead = words.split(' ').filter(|word| !word.is_empty()).skip_while(|word| among(LEADS, word));
    let Some(act) = ahead.next() else { return false };
    let (object, next) = (ahead.next().unwrap_or_default(), ahead.next().unwrap_or_default());
    let around = act == "worked" && object == "around";
    let past = around || (act.len() > 4 && act.ends_with("ed") && !among(NO_WORK, act));
    let of_the_ticket = |word: &str| THE_TICKET.contains(&word) || matches!(word, "this" | "that");
    let ends = OF_A_THING.contains(&act)
        && (by_all
            || of_the_ticket(object)
            || (object == "the" && of_the_ticket(next))
            || HOMES.contains(&object)
            || matches!(object, "from" | "it"));
    let leaves = AWAY.contains(&act) && matches!(object, "to" | "away" | "out" | "over" | "this" | "it");
    // `Replaced by another tool`: nobody says who did it; `added in 2.1`: what has long been there.
    let done_by_others = matches!(object, "by" | "from" | "@ref") || (object == "in" && next == "@version");
    // `Changed my settings`: at home, and not for the ticket.
    let at_home = object == "my";
    (past || among(IRREGULAR, act)) && !ends && !leaves && !done_by_others && !at_home && !bookkeeping(words)
}

/// Whether what follows a phrase in its sentence goes on with an act: `the disk was full, cleaned up and rebuilt`, `it isn't
/// worth a setting, so I just made it bigger`. `inside` is the phrase, which may take a comma along.
pub(super) fn follows(inside: &str, behind: &str) -> bool {
    let apart = behind.replace(" so ", " , ").replace(" and ", " , ");
    let own = usize::from(!inside.trim_end().ends_with(','));
    apart.split(" , ").skip(own).any(|clause| tells_of_work(clause) || was_worked_on(clause))
}

/// `The last host was reinstalled`
fn was_worked_on(clause: &str) -> bool {
    const REASONS: [&str; 5] = ["since", "because", "as", "given", "if"];
    let words: Vec<&str> = clause.split(' ').filter(|word| !word.is_empty()).collect();
    let past = |act: &str| act.len() > 4 && act.ends_with("ed") && !among(NO_WORK, act) && !OF_A_THING.contains(&act);
    !words.first().is_some_and(|first| REASONS.contains(first))
        && words.windows(2).any(|two| matches!(two[0], "was" | "were" | "been") && past(two[1]))
        && !bookkeeping(clause)
}

/// Whether an act of work in the same comment explains a claim; `beside` where it stands in the same sentence.
pub(super) fn explain(claim: Claim, words: &str, phrase: &str, beside: bool) -> bool {
    const INTENT: [&str; 7] = ["intend", "intent", "design", "expected", "documented", "purpose", "desired"];
    const OUTRIGHT: [&str; 4] = [" fix", " do ", " implement", " happen"];
    const PRONOUNS: [&str; 4] = [" this ", " it ", " that ", " these "];
    if !can_be(claim) || words.split(' ').any(|word| THE_TICKET.contains(&word)) {
        return false;
    }
    let outright = || OUTRIGHT.iter().any(|verb| format!(" {phrase} ").contains(verb));
    match claim {
        Claim::Obsolete => true,
        // `Turned the panic into an error. It's still not possible to recover`: what is left is out of reach.
        Claim::Elsewhere if words.contains(" still ") => true,
        Claim::NotABug => is_own_fault(phrase) || INTENT.iter().any(|sign| phrase.contains(sign)),
        Claim::Refused if outright() && PRONOUNS.iter().any(|word| words.contains(word)) => false,
        _ => beside || is_of_its_own(words) || words.contains(" them "),
    }
}

#[cfg(test)]
mod tests {
    use super::tells_of_work;
    use crate::judge::speech::{listen, plain};

    #[test]
    fn an_act_opens_its_sentence() {
        for (text, tells) in [
            ("Removed the flag.", true),
            ("I've now split the job in two", true),
            ("Ok, renewed.", true),
            ("We rewrote the parser", true),
            ("Switched the default to TLS", true),
            // Done to the ticket, thought, or suffered.
            ("Closed as obsolete", false),
            ("Removed this from the board", false),
            ("Added it to the backlog", false),
            ("Dropped this.", false),
            ("Tested on 2.1, nothing happens", false),
            ("Switched to another vendor", false),
            ("Replaced by another tool", false),
            ("Outdated version", false),
            ("The flag was removed", false),
            ("", false),
        ] {
            assert_eq!(tells_of_work(&plain(text)), tells, "{text}");
        }
    }

    #[test]
    fn what_an_act_is_explained_by_is_a_doubt() {
        for (text, doubtful) in [
            ("Removed the switch, it isn't needed any more.", true),
            ("Deleted the two cron jobs. We don't need them any longer.", true),
            ("I disabled the alarm since nobody looks at it, and nobody wants it.", true),
            ("Rewrote the hint so that people see that it works as designed.", true),
            ("Added a check because we will not support big-endian machines.", true),
            ("It isn't worth a setting, so I just made it bigger.", true),
            ("The disk was full on the runner, cleaned up and rebuilt.", true),
            ("My mistake, I forgot to bump the version. Published 1.4.1.", true),
            // Of the ticket, outright, or no act of work.
            ("My mistake, I used the wrong flag. Changed my script, closing.", false),
            ("There are no plans for it, we replaced the mailer.", false),
            ("We have no time for it, so I closed it and moved it to the archive.", false),
            ("Removed the switch in a branch, but this ticket is obsolete.", false),
            ("Added a note. We won't fix it.", false),
            ("Moved on. It isn't needed any more.", false),
            ("It isn't needed any more.", false),
        ] {
            let strongest = listen(text).iter().map(|said| said.strength).fold(0.0, f64::max);
            assert_eq!(strongest <= 0.55, doubtful, "{text}: {strongest} {:?}", listen(text));
        }
    }
}
