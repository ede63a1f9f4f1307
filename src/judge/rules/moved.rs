//! Rule: tickets that went on in another place: another tracker or repository, or a discussion.

use super::{Rule, RuleDoc, told};
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;
use crate::judge::closing::Fate;
use crate::judge::speech::Claim;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "moved",
        sees: "comments near the closing that say that the ticket was moved to another tracker, repository or project, \
               and GitHub's conversion into a discussion",
        counts: "what was moved was not done here; whether it was done there decides, where that is known. Where it is \
                 not, moving leans against: mostly wishes are moved",
        fails: "where a whole tracker was migrated, and the work went on in the new one",
        example: "acme/rocket#7 was moved to acme/ideas#3, which is open: for undone",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let Some(closing) = &case.closing else { return Vec::new() };
    let key = case.id.key();
    let mut evidence: Vec<Evidence> = Vec::new();
    for target in closing.targets().iter().filter(|target| target.claim == Claim::Moved) {
        let (side, strength, fate): (Side, f64, &str) = match target.fate {
            Fate::Done => (Side::Done, 0.8, "where it was done"),
            Fate::Closed => (Side::Done, 0.64, "where it is closed"),
            Fate::Undone => (Side::Undone, 0.8, "where it was closed without the work"),
            Fate::Open => (Side::Undone, 0.74, "where it is open"),
            Fate::Unverified => (Side::Neither, 0.0, "where it is closed, and nothing shows the work"),
            Fate::Loop => (Side::Neither, 0.0, "which points back to it"),
            Fate::Gone => (Side::Undone, 0.66, "which is gone"),
            Fate::Beyond | Fate::Unknown => (Side::Undone, 0.66, "and we do not see what became of it"),
        };
        let place = target.what.as_deref().unwrap_or("another place");
        let says = format!("{key} was moved to {place}, {fate}");
        evidence.push(told(case, &RULE.doc, side, strength.min(target.sure) * target.weight, says));
    }
    // One move is one witness, whatever it is called.
    evidence.sort_by(|a, b| b.strength.total_cmp(&a.strength).then_with(|| a.says.cmp(&b.says)));
    evidence.truncate(1);
    if closing.ticket.details.events.iter().any(|event| event.kind == "converted_to_discussion") {
        let says = format!("{key} was converted into a discussion, where nobody is to do anything");
        evidence.push(told(case, &RULE.doc, Side::Undone, 0.68, says));
    }
    evidence
}

#[cfg(test)]
mod tests {
    use crate::domain::details::Event;
    use crate::domain::verdict::Verdict::{Done, Undone, Unverified};
    use crate::judge::testing::{comment, details, issue, mention, verdict};

    #[test]
    fn a_move_is_judged_by_its_target() {
        for (text, state, expected) in [
            ("I moved this to acme/ideas#3.", "open", Undone),
            ("I moved this to acme/ideas#3.", "", Undone),
            ("I moved this to acme/ideas#3.", "closed", Done),
            ("Moved to our Jira", "", Undone),
            ("The button moved to the left", "", Unverified),
        ] {
            let mut ticket = issue("acme/rocket#7", None, "2021-05-04");
            details(&mut ticket).comments = vec![comment("ada", "MEMBER", "2021-05-04", text)];
            details(&mut ticket).mentions = vec![mention("issue", "acme/ideas#3", "text", state, None)];
            assert_eq!(verdict(&ticket), expected, "{text} {state}");
        }
    }

    #[test]
    fn what_became_a_discussion_was_not_done_unless_work_is_shown() {
        let mut ticket = issue("acme/rocket#7", None, "2021-05-04");
        details(&mut ticket).events.push(Event { kind: "converted_to_discussion".into(), ..Event::default() });
        assert_eq!(verdict(&ticket), Undone);
        details(&mut ticket).comments = vec![comment("ada", "MEMBER", "2021-05-04", "Fixed in #12.")];
        assert_ne!(verdict(&ticket), Undone);
    }
}
