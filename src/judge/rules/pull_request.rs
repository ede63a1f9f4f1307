//! Rule: whether a cited pull request was merged.

use super::{Rule, RuleDoc, landed, told};
use crate::domain::ticket::TicketKind;
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;
use crate::judge::closing::{Closing, Heard, Sign};
use crate::judge::speech::Claim;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "pull-request",
        sees: "whether a closed pull request was merged, and where it was not, whether anything of what surrounds its \
               closing shows that the work landed all the same: the program or the commit that closed it, commits that \
               name it, words",
        counts: "merged work is done, unless it was reverted. Closed unmerged is no safe sign alone, for merge bots, \
                 rollups and cherry-picks land work without the flag; where events or comments are known and none of \
                 them shows a landing, it counts against, and a little more where the author closed it; hardly, where \
                 somebody who can decide says at the closing that the work is there",
        fails: "where the work landed by hand and nobody wrote so",
        example: "acme/rocket#8 was merged: for done",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let Some(closing) = case.closing.as_ref().filter(|closing| closing.ticket.kind == TicketKind::Pull) else {
        return Vec::new();
    };
    match closing.ticket.merged {
        Some(true) => landed(case, &RULE.doc, |sign| sign == Sign::Merge),
        Some(false) => vec![unmerged(case, closing)],
        None => Vec::new(),
    }
}

fn unmerged(case: &Case<'_>, closing: &Closing<'_>) -> Evidence {
    let (key, details) = (case.id.key(), &closing.ticket.details);
    let told_of = !details.comments.is_empty() || !details.events.is_empty();
    let mut words = closing.heard.iter().flat_map(|heard| &heard.said);
    let landed = closing.landings.iter().any(|landing| landing.strength >= 0.5)
        || words.any(|said| matches!(said.claim, Claim::Landed | Claim::Relanded | Claim::Superseded));
    let reported = closing.heard.iter().any(|heard| reports_work(closing, heard));
    let by_author = closing.by.is_some() && closing.by == details.author.as_deref();
    let (strength, says) = match (reported, told_of && !landed, by_author) {
        (true, _, _) => (0.3, "was closed without a merge, and who decides says that the work is there"),
        (_, true, true) => (0.74, "was closed by its author without a merge, and nothing shows that its work landed"),
        (_, true, false) => {
            (0.68, "was closed without a merge, and nothing around its closing shows that its work landed")
        }
        (_, false, _) => (0.5, "was closed without a merge; its work may have landed another way"),
    };
    told(case, &RULE.doc, Side::Undone, strength, format!("{key} {says}"))
}

/// Whether whoever decides says at the closing that the work is there by another way. A mere "done" answers a review.
pub(super) fn reports_work(closing: &Closing<'_>, heard: &Heard<'_>) -> bool {
    const AT_THE_CLOSING: f64 = 0.9;
    const MERELY: usize = 3;
    heard.near >= AT_THE_CLOSING
        && !heard.after
        && heard.speaker.decides(closing.ticket.id.tracker().kind())
        && heard
            .said
            .iter()
            .any(|said| said.claim.side() == Some(true) && said.sentence.split_whitespace().count() >= MERELY)
}

#[cfg(test)]
mod tests {
    use crate::domain::verdict::Verdict::{Done, Undone, Unverified};
    use crate::judge::testing::{comment, details, pull, said_of, verdict};

    #[test]
    fn merged_is_done_and_unmerged_is_not_safe() {
        assert_eq!(verdict(&pull("acme/rocket#8", Some(true))), Done);
        assert_eq!(verdict(&pull("acme/rocket#8", Some(false))), Unverified);
        assert_eq!(verdict(&pull("acme/rocket#8", None)), Unverified);
    }

    #[test]
    fn work_lands_by_other_ways_and_people_say_so() {
        for (text, expected) in [
            ("Squashed and pushed as 1a2b3c4d, thanks!", Done),
            ("Imported via svn, r20711. Closing here because we don't merge on GitHub.", Done),
            ("Thanks, I took this with a small change to the wording.", Done),
            ("Got those in too. Closing this by hand.", Done),
            ("Already on main by way of #300.", Done),
            ("This was fixed in the meantime, on main already. I will not merge it.", Unverified),
            ("No longer needed, the manual is updated already.", Unverified),
            // Nothing landed, or a part did elsewhere.
            ("Needs a rebase.", Undone),
            ("This has been open for a year, closing.", Undone),
            ("Nothing of this was merged, closing.", Undone),
            ("Done.", Undone),
        ] {
            let mut ticket = pull("acme/rocket#8", Some(false));
            ticket.facts.as_mut().unwrap().closed_by = Some("ada".to_owned());
            details(&mut ticket).comments = vec![comment("ada", "MEMBER", "2021-05-04", text)];
            assert_eq!(verdict(&ticket), expected, "{text}");
        }
    }

    #[test]
    fn a_register_that_says_so_too_settles_an_unmerged_one() {
        assert_eq!(said_of(&pull("acme/rocket#8", Some(false)), "This was abandoned.").verdict, Undone);
        assert_eq!(said_of(&pull("acme/rocket#8", Some(false)), "This was completed after all.").verdict, Done);
    }
}
