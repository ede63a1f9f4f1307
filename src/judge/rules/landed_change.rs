//! Rule: commits and pull requests that have to do with the ticket and landed before it was closed.

use super::{Rule, RuleDoc, landed};
use crate::domain::verdict::Evidence;
use crate::judge::case::Case;
use crate::judge::closing::Sign;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "landed-change",
        sees: "pull requests that close or mention the ticket, and commits that name it, with what became of them and \
               when",
        counts: "a merged pull request that closes the ticket, or was merged at the moment of its closing, is strong. \
                 One that was merged shortly before, or a commit of those days, leans towards the work. On Jira, where \
                 people paste links, a pull request named before the closing leans too, unless the resolution \
                 contradicts; a merged one that was found by the ticket's key in its title or branch is strong. What came long after the closing is imported history and counts nothing; what was \
                 reverted counts nothing",
        fails: "where a merged change only mentions the ticket, or did a part of it",
        example: "acme/rocket#8 “Fix #7” was merged an hour before acme/rocket#7 was closed: for done",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    landed(case, &RULE.doc, |sign| sign == Sign::Mention)
}

#[cfg(test)]
mod tests {
    use crate::domain::verdict::Verdict::{self, Done, Undone, Unverified};
    use crate::judge::testing::{commit, details, issue, jira, mention, moment, verdict};

    fn with_pull(title: &str, state: &str, seen_in: &str, merged: &str) -> Verdict {
        let mut ticket = issue("acme/rocket#7", None, "2021-05-04");
        let mut pull = mention("pull", "acme/rocket#8", seen_in, state, Some(title));
        pull.closed_at = Some(moment(merged));
        details(&mut ticket).mentions.push(pull);
        verdict(&ticket)
    }

    #[test]
    fn pull_requests_count_by_what_they_have_to_do_with_it() {
        for (title, state, seen_in, merged, expected) in [
            ("Fix #7, add a test", "merged", "event", "2021-05-03", Done),
            ("Stop the leak", "merged", "backref", "2021-05-04", Done),
            ("Stop the leak", "merged", "event", "2021-05-02", Done),
            ("Fix #7", "closed", "event", "2021-05-03", Unverified),
            ("Fix #7", "open", "event", "2021-05-03", Unverified),
            ("Fix #71", "merged", "event", "2020-05-03", Unverified),
            ("Stop the leak", "merged", "event", "2020-01-01", Unverified),
            // Named in a comment, a week before: its context, as likely as its fix.
            ("Stop the leak", "merged", "text", "2021-04-28", Unverified),
            // A keyword under a negation.
            ("This does not fix #7", "merged", "event", "2020-05-03", Unverified),
            // Long after.
            ("Stop the leak", "merged", "event", "2023-05-04", Unverified),
        ] {
            assert_eq!(with_pull(title, state, seen_in, merged), expected, "{title} {state} {seen_in} {merged}");
        }
    }

    #[test]
    fn commits_count_near_the_closing() {
        for (actor, day, expected) in [
            ("ada", "2021-05-03", Done),
            ("bors", "2021-05-04", Done),
            ("bors", "2021-04-30", Unverified),
            ("ada", "2021-04-25", Unverified),
            ("ada", "2019-01-01", Unverified),
            // Imported history names tickets again.
            ("ada", "2023-01-01", Unverified),
        ] {
            let mut ticket = issue("acme/rocket#7", None, "2021-05-04");
            details(&mut ticket).mentions.push(commit("1a2b3c4d", actor, day));
            assert_eq!(verdict(&ticket), expected, "{actor} {day}");
        }
    }

    #[test]
    fn what_was_found_by_a_jira_key_counts_by_where_the_key_stands() {
        for (place, resolution, merged, expected) in [
            ("title", None, "2021-05-03", Done),
            ("branch", None, "2020-05-03", Done),
            ("body", None, "2021-05-03", Done),
            ("title", Some("Invalid"), "2021-05-03", Unverified),
            ("title", Some("Won't Fix"), "2021-05-03", Undone),
            ("title", None, "2021-05-10", Done),
            ("title", None, "2021-08-03", Unverified),
        ] {
            let mut ticket = jira("OPS-7", "Closed", resolution);
            let mut pull = mention("pull", "acme/rocket#8", "search", "merged", Some("OPS-7: stop the leak"));
            (pull.event, pull.closed_at) = (Some(place.to_owned()), Some(moment(merged)));
            details(&mut ticket).mentions.push(pull);
            assert_eq!(verdict(&ticket), expected, "{place} {resolution:?} {merged}");
        }
    }

    #[test]
    fn links_pasted_into_jira_count_unless_the_resolution_contradicts() {
        for (resolution, expected) in [(Some("Fixed"), Done), (Some("Won't Fix"), Undone), (None, Unverified)] {
            let mut ticket = jira("OPS-7", "Closed", resolution);
            details(&mut ticket).mentions.push(mention("pull", "acme/rocket#8", "text", "", None));
            assert_eq!(verdict(&ticket), expected, "{resolution:?}");
        }
    }
}
