//! Rule: what people wrote around the closing.

use chrono::TimeDelta;

use super::github_reason::is_completed;
use super::pull_request::reports_work;
use super::{Rule, RuleDoc, told, wrote};
use crate::domain::ticket::TicketKind;
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;
use crate::judge::closing::{Closing, Heard, Speaker};
use crate::judge::speech::{Claim, Utterance, tells_of_a_deed};

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "closing-words",
        sees: "comments up to the closing, and reports of work after it: “fixed in #12”, “committed”, “verified on \
               2.1”; “won't fix”, “not a bug”, “lack of interest”, “no longer supported”, “cannot reproduce” … \
               Quotations, code, templates and what bots write are stripped, unless the writer adds nothing to what is \
               quoted but that they close, or where the answer came from; questions, conditions, wishes and mere talk \
               about labels and bots claim nothing; a negation turns them off",
        counts: "the strongest sentence on each side, by who says it (the closer, the assignee and maintainers more than \
                 the author, a passer-by least) and how near to the closing. A later sentence takes away from an earlier \
                 one on the other side; a hint that something has changed takes the edge off, a refusal in passing is a \
                 doubt, and so is one beside an act of work. Against the work words decide alone only where somebody who \
                 can decide said them near the closing, or a contributor last. In a pull request only words of landing \
                 count for the work, for “done” answers a review there; once it is merged, words against it count for \
                 little",
        fails: "irony; phrases that nobody thought of; where the closer agrees with somebody who is quoted in part",
        example: "the closer of acme/rocket#7 wrote “There are no plans to do this”: for undone",
    },
    look,
};

/// How much a report of work after the closing counts, beside one at the closing.
const LATE_REPORT: f64 = 0.85;

/// What a report of work must weigh to answer a word against it.
const ANSWERS: f64 = 0.45;

/// The most that a word against the work counts which nobody said who decides, or long before the closing: it takes
/// another sign beside it.
const UNSETTLED: f64 = 0.55;

/// The most that a word counts which refuses nothing, where the closer chose `completed`: people tell what a thing was about
/// when they are done with it, and both together leave a ticket unverified.
const BESIDE_COMPLETED: f64 = 0.8;

/// What is left of a word against the work beside a hint at a change: a doubt.
const HINTED: f64 = 0.6;

/// A claim with its place in time and its weight.
struct Word<'a> {
    at: usize,
    heard: &'a Heard<'a>,
    said: &'a Utterance,
    weight: f64,
}

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let Some(closing) = &case.closing else { return Vec::new() };
    let mut words = words(closing);
    // Adding a report of work must never help the other side: reports are weighed first and by themselves.
    let mut work: Vec<(usize, f64)> =
        words.iter().filter(|word| word.said.claim.side() == Some(true)).map(|word| (word.at, word.weight)).collect();
    if closing.ticket.kind == TicketKind::Pull {
        // In a pull request such a report is no evidence of its landing, but it answers a word against it.
        let reports = closing.heard.iter().enumerate().filter(|(_, heard)| reports_work(closing, heard));
        work.extend(reports.map(|(at, _)| (at, ANSWERS)));
    }
    for word in words.iter_mut().filter(|word| word.said.claim.side() == Some(false)) {
        let in_one_breath = work.iter().any(|(at, weight)| *at == word.at && *weight >= ANSWERS);
        let answered = work.iter().any(|(at, weight)| *at > word.at && *weight >= ANSWERS);
        word.weight *= if in_one_breath {
            0.4
        } else if hinted(closing, word) {
            HINTED
        } else {
            1.0
        };
        word.weight *= if answered { 0.6 } else { 1.0 };
        if closing.ticket.merged == Some(true) {
            word.weight *= 0.4;
        }
        if word.said.claim != Claim::Refused && is_completed(closing.ticket) && !closes_with(word) {
            word.weight = word.weight.min(BESIDE_COMPLETED);
        }
        if !settles(closing, word.heard) {
            word.weight = word.weight.min(UNSETTLED);
        }
    }
    [(true, Side::Done), (false, Side::Undone)]
        .into_iter()
        .filter_map(|(for_the_work, side)| {
            let best = words.iter().filter(|word| word.said.claim.side() == Some(for_the_work)).max_by(|a, b| {
                a.weight.total_cmp(&b.weight).then(a.at.cmp(&b.at)).then_with(|| a.said.sentence.cmp(&b.said.sentence))
            })?;
            let says = wrote(best.heard, best.said, meaning(best.said.claim));
            let evidence = told(case, &RULE.doc, side, best.weight, says);
            Some(Evidence { at: best.heard.comment.at.or(evidence.at), ..evidence })
        })
        .collect()
}

/// Whether the closer gives these words and nothing else as the reason, within the hour of the closing: no deed, no
/// report, no hint at a change stands beside them.
fn closes_with(word: &Word<'_>) -> bool {
    const AT_ONCE: TimeDelta = TimeDelta::hours(1);
    let at_once = word.heard.later.is_some_and(|later| later.abs() <= AT_ONCE);
    let alone = word.heard.said.iter().all(|said| said.claim.side() != Some(true) && said.claim != Claim::Hinted);
    word.heard.speaker == Speaker::Closer && at_once && alone && !tells_of_a_deed(&word.heard.comment.text)
}

/// Whether somebody speaks who is known to decide, and near the closing: only then words against the work decide alone.
fn settles(closing: &Closing<'_>, heard: &Heard<'_>) -> bool {
    const NEAR: f64 = 0.85;
    // Behind a contributor's last word, with which nobody disagrees, somebody closes who does.
    let last = || closing.last_said().is_some_and(|last| std::ptr::eq(last, heard.comment));
    let settled = heard.speaker == Speaker::Contributor && last();
    heard.near >= NEAR && (settled || heard.speaker.decides(closing.ticket.id.tracker().kind()))
}

/// Whether another sentence of the same comment, or a later comment of an insider before the closing, sounds as if
/// something had changed.
fn hinted(closing: &Closing<'_>, word: &Word<'_>) -> bool {
    closing.heard.iter().enumerate().skip(word.at).filter(|(_, heard)| !heard.after).any(|(at, heard)| {
        let hints = |said: &&Utterance| said.claim == Claim::Hinted && said.sentence != word.said.sentence;
        let speaks_for_the_project = heard.speaker.weight(true) > Speaker::Author.weight(true);
        (at == word.at || speaks_for_the_project) && heard.said.iter().any(|said| hints(&said))
    })
}

/// All claims that count here.
fn words<'a>(closing: &'a Closing<'a>) -> Vec<Word<'a>> {
    let pull = closing.ticket.kind == TicketKind::Pull;
    let mut words = Vec::new();
    for (at, heard) in closing.heard.iter().enumerate() {
        for said in &heard.said {
            let side = said.claim.side();
            let elsewhere = said.claim == Claim::Swept || heard.speaker == Speaker::StaleBot;
            let chatter = pull && side == Some(true) && !matches!(said.claim, Claim::Landed | Claim::Relanded);
            if side.is_none() || elsewhere || chatter || (heard.after && side == Some(false)) {
                continue;
            }
            let weight =
                if heard.after { said.strength * heard.speaker.weight(true) * LATE_REPORT } else { heard.weight(said) };
            words.push(Word { at, heard, said, weight });
        }
    }
    words
}

/// What the words say of the work.
fn meaning(claim: Claim) -> &'static str {
    match claim {
        Claim::Landed | Claim::Relanded => "that the work landed",
        Claim::FixedBy => "what did it",
        Claim::Fixed => "that it was done",
        Claim::Worked => "that something was done about it",
        Claim::Verified => "that it was verified",
        Claim::Gone => "that it does not happen any more",
        Claim::Refused => "that it will not be done",
        Claim::NotABug => "that there is nothing to do",
        Claim::Elsewhere => "that it belongs elsewhere",
        Claim::GaveUp => "that it was given up",
        Claim::Silence => "that nobody answered",
        Claim::Obsolete => "that it is obsolete",
        Claim::NotReproduced => "that nobody could reproduce it",
        Claim::Instead => "how to live without it",
        Claim::NotDone => "that it was not done",
        Claim::Mistake => "that it was opened by mistake",
        _ => "what became of it",
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::details::Comment;
    use crate::domain::known::KnownTicket;
    use crate::domain::verdict::Verdict::{self, Done, Undone, Unverified};
    use crate::judge::testing::{comment, details, issue, jira, pull, verdict};

    /// An issue closed by ada on 4 May 2021, long before the comments' words decide.
    fn closed_by_ada(comments: Vec<Comment>) -> KnownTicket {
        let mut ticket = issue("acme/rocket#7", Some("completed"), "2021-05-04");
        ticket.facts.as_mut().unwrap().closed_by = Some("ada".into());
        details(&mut ticket).comments = comments;
        ticket
    }

    fn said(who: &str, association: &str, day: &str, text: &str) -> Verdict {
        verdict(&closed_by_ada(vec![comment(who, association, day, text)]))
    }

    #[test]
    fn who_speaks_and_when_matters() {
        for (who, association, day, text, expected) in [
            ("ada", "MEMBER", "2021-05-04", "Fixed in #12.", Done),
            ("ada", "MEMBER", "2021-05-04", "There are no plans to do this.", Undone),
            ("bob", "MEMBER", "2021-05-01", "There are no plans to do this.", Undone),
            ("eve", "NONE", "2021-05-01", "There are no plans to do this.", Unverified),
            ("eve", "NONE", "2021-05-01", "Fixed in #12.", Unverified),
            ("bob", "MEMBER", "2017-05-01", "This is out of scope.", Undone),
            // A sweep, long after.
            ("bob", "MEMBER", "2023-05-01", "Closing, this is no longer supported.", Unverified),
            ("bob", "MEMBER", "2021-06-01", "Verified on 2.1.", Done),
            // A program.
            ("acme-bot", "MEMBER", "2021-05-04", "Fixed in #12.", Unverified),
        ] {
            assert_eq!(said(who, association, day, text), expected, "{who} {day} {text}");
        }
    }

    #[test]
    fn traps() {
        for (text, expected) in [
            ("This does NOT fix #12.", Unverified),
            // A quotation is somebody else's word, unless it is all that the closer closes for.
            ("> There are no plans to do this.\n\nThanks for asking! What do you need?", Unverified),
            ("> There are no plans to do this.\n\nThanks, closing.", Undone),
            ("> There are no plans to do this.\n\nThere are now: fixed in #12, closing.", Done),
            ("Fixed in #12. Feel free to reopen if it isn't fixed for you.", Done),
            ("Please add a won't fix label to the stale bot.", Unverified),
            ("Closing for now, reopen if you still see it.", Unverified),
            ("Closing for now, there are no plans to do this.", Undone),
            ("Closing.", Unverified),
        ] {
            assert_eq!(said("ada", "MEMBER", "2021-05-04", text), expected, "{text}");
        }
    }

    #[test]
    fn the_later_word_outweighs_the_earlier() {
        let refused = comment("bob", "MEMBER", "2021-05-02", "We won't do this.");
        let fixed = comment("ada", "MEMBER", "2021-05-04", "Fixed in #12 after all.");
        assert_eq!(verdict(&closed_by_ada(vec![refused.clone(), fixed.clone()])), Done);
        // The order in which they are told does not matter, their dates do.
        assert_eq!(verdict(&closed_by_ada(vec![fixed, refused])), Done);
    }

    #[test]
    fn a_contributor_s_last_word_decides() {
        let contributor = || comment("bob", "CONTRIBUTOR", "2021-03-04", "This is not a bug.");
        let asked = comment("eve", "NONE", "2021-04-04", "But the manual says otherwise?");
        assert_eq!(verdict(&closed_by_ada(vec![contributor()])), Undone);
        assert_eq!(verdict(&closed_by_ada(vec![contributor(), asked])), Unverified);
        // A mere closing adds nothing; nor does a program.
        let closing = comment("ada", "MEMBER", "2021-05-04", "Closing.");
        assert_eq!(verdict(&closed_by_ada(vec![contributor(), closing])), Undone);
        assert_eq!(said("eve", "NONE", "2021-03-04", "This is not a bug."), Unverified);
    }

    #[test]
    fn beside_completed_words_decide_where_the_closer_gives_nothing_else() {
        for (who, hour, text, expected) in [
            ("ada", 0, "This is not a bug.", Undone),
            ("ada", 0, "Closing for lack of interest.", Undone),
            ("ada", -5, "This is not a bug.", Unverified),
            ("bob", 0, "This is not a bug.", Unverified),
            // An act of work, a hint at a change, a guess.
            ("ada", 0, "This is not a bug. Reworded the hint.", Unverified),
            ("ada", 0, "This is not a bug, and 2.1 has a better message.", Unverified),
            ("ada", 0, "I guess this is not a bug.", Unverified),
        ] {
            let mut ticket = issue("acme/rocket#7", Some("completed"), "2023-05-04");
            ticket.facts.as_mut().unwrap().closed_by = Some("ada".into());
            let mut told = comment(who, "MEMBER", "2023-05-04", text);
            told.at = told.at.map(|at| at + chrono::TimeDelta::hours(hour));
            details(&mut ticket).comments = vec![told];
            assert_eq!(verdict(&ticket), expected, "{who} {hour} {text}");
        }
    }

    #[test]
    fn what_ends_may_be_what_was_asked_for() {
        for (title, expected) in [("Drop the 1.x importer", Unverified), ("The 1.x importer crashes", Undone)] {
            let mut ticket = closed_by_ada(vec![comment("ada", "MEMBER", "2021-05-04", "1.x is no longer supported.")]);
            ticket.facts.as_mut().unwrap().title = title.to_owned();
            assert_eq!(verdict(&ticket), expected, "{title}");
        }
    }

    #[test]
    fn words_meet_the_resolution() {
        for (resolution, text, expected) in [
            (Some("Cannot Reproduce"), "Verified fixed in 2.1, the patch was merged.", Unverified),
            (Some("On Hold"), "Verified fixed in 2.1.", Done),
            (Some("Done"), "We won't do this.", Unverified),
            (None, "I just committed this.", Done),
            (None, "Bulk closing what is left of 1.x, which is no longer maintained.", Undone),
        ] {
            let mut ticket = jira("OPS-7", "Closed", resolution);
            details(&mut ticket).comments = vec![comment("ada", "", "2021-05-04", text)];
            assert_eq!(verdict(&ticket), expected, "{resolution:?} {text}");
        }
    }

    #[test]
    fn in_a_pull_request_done_answers_a_review() {
        for (merged, text, expected) in [
            (Some(false), "Done.", Undone),
            (Some(false), "Merged by hand as 1a2b3c4d.", Done),
            (Some(true), "This is not needed any more, is out of scope.", Done),
        ] {
            let mut ticket = pull("acme/rocket#8", merged);
            details(&mut ticket).comments = vec![comment("ada", "MEMBER", "2021-05-04", text)];
            assert_eq!(verdict(&ticket), expected, "{merged:?} {text}");
        }
    }
}
