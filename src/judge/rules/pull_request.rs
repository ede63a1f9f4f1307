//! Rule: whether a cited pull request was merged.

use super::{Rule, RuleDoc, told};
use crate::domain::ticket::TicketKind;
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "pull-request",
        sees: "whether a closed pull request was merged",
        counts: "merged work is done. Closed unmerged leans towards undone, and is not safe alone: merge bots, rollups \
                 and cherry-picks land work without the flag",
        fails: "where the work was reverted later, or landed by hand",
        example: "acme/rocket#8 was merged: for done",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let Some(facts) = case.closed().filter(|facts| facts.kind == TicketKind::Pull) else { return Vec::new() };
    let key = case.id.key();
    let (side, strength, says) = match facts.merged {
        Some(true) => (Side::Done, 0.9, format!("{key} was merged")),
        Some(false) => (
            Side::Undone,
            0.5,
            format!("{key} was closed without a merge; its work may have landed another way, which we do not see"),
        ),
        None => return Vec::new(),
    };
    vec![told(case, &RULE.doc, side, strength, says)]
}

#[cfg(test)]
mod tests {
    use crate::domain::verdict::Verdict::{Done, Undone, Unverified};
    use crate::judge::testing::{pull, said_of, verdict};

    #[test]
    fn merged_is_done_and_unmerged_is_not_safe() {
        assert_eq!(verdict(&pull("acme/rocket#8", Some(true))), Done);
        assert_eq!(verdict(&pull("acme/rocket#8", Some(false))), Unverified);
        assert_eq!(verdict(&pull("acme/rocket#8", None)), Unverified);
    }

    #[test]
    fn a_register_that_says_so_too_settles_an_unmerged_one() {
        assert_eq!(said_of(&pull("acme/rocket#8", Some(false)), "This was abandoned.").verdict, Undone);
        assert_eq!(said_of(&pull("acme/rocket#8", Some(false)), "This was completed after all.").verdict, Done);
    }
}
