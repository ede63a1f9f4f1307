//! Rule: how the last closing came about: by a commit, by a pull request, by a program that merges.

use super::{Rule, RuleDoc, landed};
use crate::domain::verdict::Evidence;
use crate::judge::case::Case;
use crate::judge::closing::Sign;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "closing-event",
        sees: "the event of the last closing: whether a commit or a pull request closed the ticket, or a program that \
               merges did",
        counts: "such a closing happens because work landed: the strongest sign that there is. A pull request that \
                 closed it counts by what became of it. What was reverted later counts nothing",
        fails: "where the commit was taken out again without a word; where imported history closes by keyword",
        example: "acme/rocket#7 was closed by the commit 1a2b3c4d5e: for done",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    landed(case, &RULE.doc, |sign| sign == Sign::Closing)
}

#[cfg(test)]
mod tests {
    use crate::domain::verdict::Verdict::{Done, Unverified};
    use crate::judge::testing::{closed_event, details, issue, mention, verdict};

    #[test]
    fn what_closed_it_tells_whether_work_landed() {
        for (commit, pull, state, expected) in [
            (Some("1a2b3c4d5e6f"), None, None, Done),
            (None, Some("acme/rocket#8"), Some("merged"), Done),
            (None, Some("acme/rocket#8"), None, Done),
            (None, Some("acme/rocket#8"), Some("open"), Unverified),
            (None, Some("acme/rocket#8"), Some("closed"), Unverified),
            (None, None, None, Unverified),
        ] {
            let mut ticket = issue("acme/rocket#7", None, "2021-05-04");
            let mut event = closed_event("ada", "2021-05-04");
            (event.commit, event.pull) = (commit.map(str::to_owned), pull.map(str::to_owned));
            details(&mut ticket).events.push(event);
            if let Some(state) = state {
                details(&mut ticket).mentions.push(mention("pull", "#8", "event", state, None));
            }
            assert_eq!(verdict(&ticket), expected, "{commit:?} {pull:?} {state:?}");
        }
    }

    #[test]
    fn a_program_that_merges_closes_because_it_merged() {
        for (who, expected) in [("bors[bot]", Done), ("ada", Unverified)] {
            let mut ticket = issue("acme/rocket#7", Some("completed"), "2019-05-04");
            ticket.facts.as_mut().unwrap().closed_by = Some(who.to_owned());
            assert_eq!(verdict(&ticket), expected, "{who}");
        }
    }

    #[test]
    fn only_the_last_closing_counts() {
        let mut ticket = issue("acme/rocket#7", None, "2021-05-04");
        let mut first = closed_event("ada", "2021-03-01");
        first.commit = Some("1a2b3c4d".to_owned());
        details(&mut ticket).events = vec![closed_event("eve", "2021-05-04"), first];
        assert_eq!(verdict(&ticket), Unverified);
    }
}
