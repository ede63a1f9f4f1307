//! Rule: an outsider's issue that somebody else closed at once and without a word.

use chrono::TimeDelta;

use super::{Rule, RuleDoc, told};
use crate::domain::ticket::TicketKind;
use crate::domain::tracker::TrackerKind;
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;
use crate::judge::closing::is_merge_bot;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "closed-at-once",
        sees: "an issue of somebody without any standing in the project, closed by somebody else within the hour, when it \
               is known that there is no comment and no change that names it",
        counts: "nobody fixes anything in an hour without a trace: spam, an empty report, a test. Against",
        fails: "where a maintainer fixed it on the spot with a commit that does not name it",
        example: "acme/rocket#7, opened by a stranger, was closed after six minutes without a comment: for undone",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let Some(closing) = &case.closing else { return Vec::new() };
    let (ticket, details) = (closing.ticket, &closing.ticket.details);
    let outsider = details.author_association.as_deref() == Some("NONE");
    let by_other =
        closing.by.zip(details.author.as_deref()).is_some_and(|(by, author)| by != author && !is_merge_bot(by));
    let at_once =
        ticket.created_at.zip(closing.at).is_some_and(|(opened, closed)| closed - opened < TimeDelta::hours(1));
    let silent = details.comment_count == Some(0) && details.comments.is_empty();
    let traceless = closing.landings.is_empty() && details.mentions.is_empty();
    let issue = ticket.kind == TicketKind::Issue && ticket.id.tracker().kind() == TrackerKind::GitHub;
    if !(issue && outsider && by_other && at_once && silent && traceless) {
        return Vec::new();
    }
    let says = format!("{} was closed by somebody else within the hour, without a comment or a change", case.id.key());
    vec![told(case, &RULE.doc, Side::Undone, 0.64, says)]
}

#[cfg(test)]
mod tests {
    use crate::domain::known::KnownTicket;
    use crate::domain::verdict::Verdict::{Done, Undone, Unverified};
    use crate::judge::testing::{commit, details, issue, verdict};

    fn spam() -> KnownTicket {
        let mut ticket = issue("acme/rocket#7", None, "2021-05-04");
        let facts = ticket.facts.as_mut().unwrap();
        (facts.created_at, facts.closed_by) = (facts.closed_at, Some("ada".into()));
        let details = details(&mut ticket);
        (details.author, details.author_association) = (Some("eve".into()), Some("NONE".into()));
        details.comment_count = Some(0);
        ticket
    }

    #[test]
    fn all_of_it_must_be_known() {
        assert_eq!(verdict(&spam()), Undone);
        let changes: [fn(&mut KnownTicket); 6] = [
            |ticket| details(ticket).comment_count = None,
            |ticket| details(ticket).comment_count = Some(1),
            |ticket| details(ticket).author = Some("ada".into()),
            |ticket| details(ticket).author_association = None,
            |ticket| details(ticket).author_association = Some("MEMBER".into()),
            |ticket| ticket.facts.as_mut().unwrap().created_at = None,
        ];
        for (at, change) in changes.iter().enumerate() {
            let mut ticket = spam();
            change(&mut ticket);
            assert_eq!(verdict(&ticket), Unverified, "{at}");
        }
        let mut fixed = spam();
        details(&mut fixed).mentions.push(commit("1a2b3c4d", "ada", "2021-05-04"));
        assert_eq!(verdict(&fixed), Done);
    }
}
