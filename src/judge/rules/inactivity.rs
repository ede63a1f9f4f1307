//! Rule: programs that close what nobody touches.

use super::labels::is_stale_label;
use super::{Rule, RuleDoc, told};
use crate::domain::details::Event;
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;
use crate::judge::closing::{Closing, Speaker, is_bot, is_merge_bot, is_stale_bot};
use crate::judge::speech::Claim;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "inactivity",
        sees: "that a program for stale tickets closed it; or another one, that merges nothing, where it or a label says \
               that nobody had touched the ticket",
        counts: "such a program knows nothing of the work and closes for silence: strong against, whatever reason it \
                 wrote, for some wrote *completed*; six tenths of it where an insider had said before that the work is \
                 done",
        fails: "where the work was done, nobody said so, and nobody closed the ticket until the program did",
        example: "stale[bot] closed acme/rocket#7: for undone",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let Some(closing) = &case.closing else { return Vec::new() };
    let key = case.id.key();
    let by = closing.by.unwrap_or_default();
    // Nobody touches what is done either.
    let weight = if reported(closing) { DONE_BEFORE } else { 1.0 };
    if is_stale_bot(by) {
        let says = format!("{key} was closed by {by}, a program that closes what nobody touches");
        return vec![told(case, &RULE.doc, Side::Undone, 0.88 * weight, says)];
    }
    let warned = closing.heard.iter().rev().find(|heard| {
        !heard.after
            && heard.near >= 0.9
            && heard.speaker == Speaker::StaleBot
            && heard.said.iter().any(|said| matches!(said.claim, Claim::Silence | Claim::GaveUp))
    });
    let by_program = is_bot(by) && !is_merge_bot(by);
    let silence = closing.ticket.details.comments.iter().any(|comment| {
        let program = comment.bot || comment.author.as_deref().is_some_and(is_bot);
        program
            && !closing.is_after(comment.at, comment.after_close)
            && crate::judge::speech::listen(&comment.text)
                .iter()
                .any(|said| matches!(said.claim, Claim::Silence | Claim::GaveUp | Claim::Refused | Claim::Obsolete))
    });
    let (strength, says) = match (warned, by_program && (silence || labelled_stale(closing))) {
        (_, true) => (0.86, format!("{key} was closed by {by}, a program, because nobody had touched it")),
        (Some(_), false) => (0.5, format!("{key} was called stale by a program before its closing")),
        (None, false) => return Vec::new(),
    };
    vec![told(case, &RULE.doc, Side::Undone, strength * weight, says)]
}

/// What is left of the sign where an insider had reported the work before.
const DONE_BEFORE: f64 = 0.6;

/// Whether an insider says before the closing that the work is done.
fn reported(closing: &Closing<'_>) -> bool {
    const SAID: f64 = 0.45;
    closing.heard.iter().any(|heard| {
        let reports = heard.said.iter().any(|said| said.claim.side() == Some(true) && heard.weight(said) >= SAID);
        let insider = matches!(heard.speaker, Speaker::Closer | Speaker::Assignee | Speaker::Maintainer);
        !heard.after && insider && reports
    })
}

/// Whether it had a label of those programs when it was closed: one that it still has, or that was set and not taken off.
fn labelled_stale(closing: &Closing<'_>) -> bool {
    let details = &closing.ticket.details;
    let before = |event: &&Event| !closing.is_after(event.at, false);
    let turn = |event: &&Event| {
        matches!(event.kind.as_str(), "labeled" | "unlabeled") && event.value.as_deref().is_some_and(is_stale_label)
    };
    let last = details.events.iter().filter(before).filter(turn).max_by_key(|event| event.at);
    last.map_or_else(|| details.labels.iter().any(|label| is_stale_label(label)), |event| event.kind == "labeled")
}

#[cfg(test)]
mod tests {
    use crate::domain::details::Event;
    use crate::domain::verdict::Verdict::{Done, Undone, Unverified};
    use crate::judge::testing::{comment, details, issue, moment, verdict};

    #[test]
    fn a_label_of_theirs_says_why_a_program_closed_it() {
        let event = |kind: &str, label: &str, day: &str| Event {
            kind: kind.to_owned(),
            value: Some(label.to_owned()),
            at: Some(moment(day)),
            ..Event::default()
        };
        let (set, off) = (event("labeled", "stale", "2024-01-01"), event("unlabeled", "Stale", "2024-02-01"));
        for (by, labels, events, expected) in [
            ("github-actions[bot]", &["status: stale"][..], vec![], Undone),
            ("acme-triage[bot]", &[], vec![set.clone()], Undone),
            ("github-actions[bot]", &["bug"], vec![event("labeled", "bug", "2024-01-01")], Done),
            ("github-actions[bot]", &[], vec![set.clone(), off], Done),
            ("github-actions[bot]", &[], vec![event("labeled", "stale", "2024-06-01")], Done),
            ("acme-merge-bot", &["stale"], vec![], Done),
            ("ada", &[], vec![set], Done),
        ] {
            let mut ticket = issue("acme/rocket#7", Some("completed"), "2024-03-01");
            ticket.facts.as_mut().unwrap().closed_by = Some(by.to_owned());
            details(&mut ticket).labels = labels.iter().map(|label| (*label).to_owned()).collect();
            details(&mut ticket).events = events.clone();
            assert_eq!(verdict(&ticket), expected, "{by} {labels:?} {events:?}");
        }
    }

    #[test]
    fn nobody_touches_what_is_done_either() {
        for (who, association, text, expected) in [
            ("ada", "MEMBER", "Written, see https://acme.example/hooks.", Unverified),
            ("ada", "MEMBER", "Fixed in #12.", Unverified),
            ("ada", "MEMBER", "We should really fix this.", Undone),
            ("ada", "MEMBER", "This is not fixed in #12.", Undone),
            // Others may mean another thing.
            ("eve", "NONE", "Fixed in #12.", Undone),
        ] {
            let mut ticket = issue("acme/rocket#7", Some("completed"), "2021-03-01");
            ticket.facts.as_mut().unwrap().closed_by = Some("stale[bot]".to_owned());
            details(&mut ticket).comments = vec![comment(who, association, "2021-01-01", text)];
            assert_eq!(verdict(&ticket), expected, "{who} {text}");
        }
    }

    #[test]
    fn programs_close_for_silence_whatever_they_call_it() {
        for (by, reason, title, text, expected) in [
            ("stale[bot]", Some("completed"), "Leak", "", Undone),
            ("stale[bot]", Some("not_planned"), "Leak", "", Undone),
            ("github-actions[bot]", Some("completed"), "Leak", "Closing this because of inactivity.", Undone),
            ("github-actions[bot]", Some("completed"), "Leak", "Thanks for the report!", Done),
            // A request that talks about such a program.
            ("ada", Some("completed"), "The stale bot closes tickets after inactivity", "", Done),
            ("ada", None, "Leak", "", Unverified),
        ] {
            let mut ticket = issue("acme/rocket#7", reason, "2024-03-01");
            let facts = ticket.facts.as_mut().unwrap();
            (facts.closed_by, facts.title) = (Some(by.to_owned()), title.to_owned());
            details(&mut ticket).body = Some(title.to_owned());
            details(&mut ticket).comments = vec![comment("github-actions[bot]", "NONE", "2024-03-01", text)];
            assert_eq!(verdict(&ticket), expected, "{by} {title} {text}");
        }
    }
}
