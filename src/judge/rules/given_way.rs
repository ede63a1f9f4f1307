//! Rule: duplicates and superseded tickets, judged by what took their place.

use super::{Rule, RuleDoc, told};
use crate::domain::tracker::TrackerKind;
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;
use crate::judge::closing::Fate;
use crate::judge::families::Family;
use crate::judge::speech::Claim;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "given-way",
        sees: "the ticket or change that this one is said to duplicate, or that superseded it: by the tracker's own \
               links or by a comment near the closing; and what became of that one, which is asked for and judged \
               like any other, up to four tickets away",
        counts: "a duplicate decides nothing by itself, the other one does: done there is done here, open or closed \
                 without the work there is not done here. A target that is only known to be closed leans towards the \
                 work, for most are. A target of which nothing is known or that is gone, a loop back to the ticket \
                 itself, or none at all decides nothing",
        fails: "where the other one was done in part; where it cannot be asked for and only its name is known",
        example: "OPS-7 duplicates OPS-5, which is “Fixed”: for done",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let Some(closing) = &case.closing else { return Vec::new() };
    let key = case.id.key();
    let targets = closing.targets();
    // What was resolved as fixed was not closed for the other one's sake. GitHub's `completed` is a mere default.
    let jira = closing.ticket.id.tracker().kind() == TrackerKind::Jira;
    let fixed =
        jira && closing.ticket.reason.as_deref().is_some_and(|reason| case.names.resolution(reason) == Family::Done);
    let given = targets.iter().filter(|target| target.claim != Claim::Moved);
    given
        .filter_map(|target| {
            let what = target.what.as_deref()?;
            let (side, strength): (Side, f64) = match target.fate {
                Fate::Done => (Side::Done, 0.84),
                Fate::Closed => (Side::Done, 0.68),
                Fate::Undone => (Side::Undone, 0.8),
                Fate::Open => (Side::Undone, 0.76),
                Fate::Unverified | Fate::Gone | Fate::Loop | Fate::Beyond | Fate::Unknown => (Side::Neither, 0.0),
            };
            let relation = if target.claim == Claim::Duplicate { "is said to duplicate" } else { "gave way to" };
            let says = format!("{key} {relation} {what}, which {}", target.fate.told());
            let strength = if fixed && side == Side::Undone { strength * 0.5 } else { strength };
            // It is no surer here than it is there.
            Some(told(case, &RULE.doc, side, strength.min(target.sure) * target.weight, says))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::domain::details::IssueLink;
    use crate::domain::verdict::Verdict::{Done, Undone, Unverified};
    use crate::judge::testing::{comment, details, issue, jira, mention, verdict};

    #[test]
    fn jiras_links_are_followed_in_the_right_direction() {
        for (relation, key, status, resolution, expected) in [
            ("duplicates", "OPS-5", "Closed", Some("Fixed"), Done),
            ("duplicates", "OPS-5", "Closed", Some("Won't Fix"), Undone),
            ("duplicates", "OPS-5", "Closed", Some("Cannot Reproduce"), Undone),
            ("duplicates", "OPS-5", "Open", None, Undone),
            ("is superseded by", "OPS-5", "Closed", Some("Done"), Done),
            // Follows another in its turn, or a loop: not known here.
            ("duplicates", "OPS-5", "Closed", Some("Duplicate"), Unverified),
            // The other direction, and mere relations.
            ("is duplicated by", "OPS-5", "Open", None, Unverified),
            ("relates to", "OPS-5", "Closed", Some("Fixed"), Unverified),
        ] {
            let mut ticket = jira("OPS-7", "Closed", Some("Duplicate"));
            details(&mut ticket).issue_links = vec![IssueLink {
                relation: relation.into(),
                key: key.into(),
                status: Some(status.into()),
                resolution: resolution.map(str::to_owned),
            }];
            assert_eq!(verdict(&ticket), expected, "{relation} {status} {resolution:?}");
        }
    }

    #[test]
    fn comments_name_the_target_and_the_record_its_fate() {
        for (text, kind, state, expected) in [
            ("Duplicate of #5.", "issue", "open", Undone),
            ("Duplicate of #5.", "issue", "closed", Done),
            ("Duplicate of #5.", "issue", "", Unverified),
            ("Closing in favour of acme/rocket#5", "pull", "merged", Done),
            ("Superseded by #5", "pull", "closed", Undone),
            ("This is tracked in #5 now", "issue", "open", Undone),
            // A loop, another number, a denial.
            ("Duplicate of #7", "issue", "open", Unverified),
            ("Duplicate of #55", "issue", "open", Unverified),
            ("This is not a duplicate of #5", "issue", "open", Unverified),
        ] {
            let mut ticket = issue("acme/rocket#7", None, "2021-05-04");
            ticket.facts.as_mut().unwrap().closed_by = Some("ada".into());
            details(&mut ticket).comments = vec![comment("ada", "MEMBER", "2021-05-04", text)];
            details(&mut ticket).mentions = vec![mention(kind, "acme/rocket#5", "text", state, None)];
            assert_eq!(verdict(&ticket), expected, "{text} {state}");
        }
    }
}
