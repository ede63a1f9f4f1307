//! Rule: a ticket that was reopened and closed again as done while we watched.

use super::{Rule, RuleDoc, github_reason, jira_resolution, pull_request, told};
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;
use crate::judge::words;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "reopening",
        sees: "in the history that dragnet keeps, that a closed ticket was open again, and is closed as done now",
        counts: "whoever reopens a ticket and closes it again as done has looked twice: for done. A note that the work \
                 was not done was then likely written about the earlier closing, and counts for less",
        fails: "where the note was written after the second closing; where the tracker's workflow reopens tickets only \
                to edit them",
        example: "OPS-7 was closed, reopened in March and closed as “Fixed” in May: for done",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let Some(facts) = case.closed().filter(|_| closed_again_as_done(case)) else { return Vec::new() };
    let says = format!("{} had been closed before, was reopened, and was {}", case.id.key(), words::closed(facts));
    vec![told(case, &RULE.doc, Side::Done, 0.6, says)]
}

/// Whether the closing in force is a later one, and its reason speaks for done.
pub(super) fn closed_again_as_done(case: &Case<'_>) -> bool {
    // Whatever loses or changes its closing date was reopened in between.
    let again = case.history.iter().any(|change| change.field == "closed_at" && change.before.is_some());
    let reason_speaks_for_done = || {
        [jira_resolution::RULE, github_reason::RULE, pull_request::RULE]
            .iter()
            .flat_map(|rule| (rule.look)(case))
            .any(|evidence| evidence.side == Side::Done)
    };
    again && case.closed().is_some() && reason_speaks_for_done()
}

#[cfg(test)]
mod tests {
    use crate::domain::known::Change;
    use crate::domain::verdict::Verdict::{Done, Undone, Unverified};
    use crate::judge::testing::{jira, moment, said_of, verdict};

    fn change(field: &str, before: Option<&str>, after: Option<&str>) -> Change {
        let (before, after) = (before.map(str::to_owned), after.map(str::to_owned));
        Change { seen_at: moment("2026-02-01"), field: field.to_owned(), before, after }
    }

    #[test]
    fn a_second_closing_as_done_outweighs_a_note_on_the_first() {
        const NOTE: &str = "This ticket was never finished.";
        let reopened = change("closed_at", Some("2026-01-01T00:00:00Z"), None);
        let closed_first = change("closed_at", None, Some("2026-01-01T00:00:00Z"));
        for (resolution, history, expected) in [
            (Some("Fixed"), vec![reopened.clone()], Done),
            (Some("Fixed"), vec![closed_first], Undone),
            (Some("Fixed"), vec![change("title", Some("a"), Some("b"))], Undone),
            (Some("Won't Do"), vec![reopened.clone()], Undone),
            (None, vec![reopened.clone()], Undone),
        ] {
            let mut ticket = jira("OPS-7", "Closed", resolution);
            ticket.history = history;
            assert_eq!(said_of(&ticket, NOTE).verdict, expected, "{resolution:?} {:?}", ticket.history);
        }
        let mut silent = jira("OPS-7", "Closed", None);
        silent.history = vec![reopened];
        assert_eq!(verdict(&silent), Unverified);
    }
}
