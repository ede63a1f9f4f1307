//! Rule: work that was merged and taken out again.

use super::{Rule, RuleDoc, told};
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;
use crate::judge::speech::Claim;
use crate::judge::words;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "reverted",
        sees: "merged changes that are titled as a revert and name the ticket or a change that closed it, or whose \
               description on GitHub says which change they revert, and comments after the closing that say that it was \
               reverted; later changes that bring the work back",
        counts: "what was taken out again is not done, although the ticket stays closed: strong against, and what had \
                 landed before counts no more. A change that brought the work back restores it",
        fails: "where only a part was reverted; where a revert is undone without a word",
        example: "acme/rocket#9 “Revert \"Add a nozzle (#8)\"” was merged two days after #8: for undone",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let Some(closing) = &case.closing else { return Vec::new() };
    let key = case.id.key();
    let mut evidence: Vec<Evidence> = closing
        .reverts
        .iter()
        .map(|revert| {
            let title = words::quoted(&revert.title);
            let (side, strength, ends) = match &revert.relanded_by {
                Some(back) => (Side::Neither, 0.0, format!(", and {back} brought it back")),
                None => (Side::Undone, 0.92, String::new()),
            };
            let says = format!("{} {title} was merged, which takes out the work of {key}{ends}", revert.what);
            Evidence { at: revert.at, ..told(case, &RULE.doc, side, strength, says) }
        })
        .collect();
    // What people say of it, where no change was seen; the last word counts.
    let last =
        closing.heard.iter().rev().flat_map(|heard| heard.said.iter().map(move |said| (heard, said))).find(
            |(heard, said)| heard.after && matches!(said.claim, Claim::Reverted | Claim::Relanded | Claim::FixedBy),
        );
    if let Some((heard, said)) = last.filter(|(_, said)| said.claim == Claim::Reverted)
        && evidence.is_empty()
    {
        let strength = said.strength * heard.speaker.weight(false);
        let says = super::wrote(heard, said, "after the closing, that it was taken out again");
        evidence.push(Evidence { at: heard.comment.at, ..told(case, &RULE.doc, Side::Undone, strength, says) });
    }
    evidence
}

#[cfg(test)]
mod tests {
    use crate::domain::details::Mention;
    use crate::domain::verdict::Verdict::{Done, Undone, Unverified};
    use crate::judge::testing::{comment, details, issue, mention, moment, pull, verdict};

    fn merged(what: &str, title: &str, day: &str) -> Mention {
        Mention { closed_at: Some(moment(day)), ..mention("pull", what, "event", "merged", Some(title)) }
    }

    #[test]
    fn a_merged_pull_request_that_was_reverted_is_undone_until_it_lands_again() {
        let by_number = || merged("acme/rocket#9", "Revert \"Add a nozzle (#8)\"", "2021-05-06");
        let by_title = || merged("acme/rocket#9", "Revert \"a title that is long enough\"", "2021-05-06");
        let said =
            |title| Mention { event: Some("reverts".to_owned()), ..merged("acme/rocket#9", title, "2021-05-06") };
        for (mentions, expected) in [
            (vec![], Done),
            (vec![by_number()], Undone),
            (vec![by_title()], Undone),
            (vec![said("Undo")], Undone),
            (vec![said("Undo"), merged("acme/rocket#10", "Reland the nozzle (#8)", "2021-06-01")], Done),
            (vec![by_number(), merged("acme/rocket#10", "Reland \"Add a nozzle\"", "2021-06-01")], Done),
            (vec![by_number(), merged("acme/rocket#10", "Revert \"Revert \"Add a nozzle\"\"", "2021-06-01")], Done),
            (vec![by_number(), merged("acme/rocket#10", "Reapply #8 with a guard", "2021-06-01")], Done),
            (vec![by_number(), merged("acme/rocket#10", "Revert \"Revert nozzle\" (#9)", "2021-06-01")], Done),
            (vec![by_title(), merged("acme/rocket#10", "Re-land a title that is long enough", "2021-06-01")], Done),
            // What brings other work back.
            (vec![by_number(), merged("acme/rocket#10", "Reland the unrelated cache work", "2021-06-01")], Undone),
            (vec![by_number(), merged("acme/rocket#10", "Reapply #81", "2021-06-01")], Undone),
            (vec![by_title(), merged("acme/rocket#10", "Revert \"Revert \"Add a hatch\"\"", "2021-06-01")], Undone),
            // Another one's revert; one from before; one that was never merged.
            (vec![merged("acme/rocket#9", "Revert \"Add a hatch (#81)\"", "2021-05-06")], Done),
            (vec![merged("acme/rocket#9", "Revert #8", "2021-05-01")], Done),
            (vec![Mention { state: Some("closed".into()), ..by_number() }], Done),
        ] {
            let mut ticket = pull("acme/rocket#8", Some(true));
            ticket.facts.as_mut().unwrap().title = "a title that is long enough".to_owned();
            details(&mut ticket).mentions = mentions.clone();
            assert_eq!(verdict(&ticket), expected, "{mentions:?}");
        }
    }

    #[test]
    fn the_issue_that_a_reverted_change_closed_is_undone_too() {
        let fix = || merged("acme/rocket#8", "Fix #7", "2021-05-04");
        for (revert, expected) in [
            (merged("acme/rocket#9", "Revert \"Fix the nozzle (#8)\"", "2021-05-06"), Undone),
            (merged("acme/rocket#9", "Paint the nozzle", "2021-05-06"), Done),
        ] {
            let mut ticket = issue("acme/rocket#7", None, "2021-05-04");
            details(&mut ticket).mentions = vec![fix(), revert.clone()];
            assert_eq!(verdict(&ticket), expected, "{}", revert.title.unwrap());
        }
    }

    #[test]
    fn people_say_it_too() {
        for (text, expected) in [
            ("This was reverted because of the noise.", Undone),
            ("This was not reverted.", Unverified),
            ("Was this reverted?", Unverified),
        ] {
            let mut ticket = issue("acme/rocket#7", None, "2021-05-04");
            details(&mut ticket).comments = vec![comment("ada", "MEMBER", "2021-05-20", text)];
            assert_eq!(verdict(&ticket), expected, "{text}");
        }
    }
}
