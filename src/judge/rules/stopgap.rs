//! Rule: work that was done and cannot have been the cure: workarounds, hacks, spikes.

use super::{Rule, RuleDoc, told, wrote};
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;
use crate::judge::closing::{Heard, Speaker};
use crate::judge::speech::{self, Claim};
use crate::judge::words;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "stopgap",
        sees: "comments near the closing of insiders who call the work a short-term fix, a hack or a workaround, or say \
               that it only checked something that did not hold; titles that promise no more than that; and the issue \
               type *Spike*",
        counts: "somebody worked on it, and the challenge likely stands: that it did not help, which leans towards the \
                 work and never decides. What insiders wrote last and what a title says makes the finding \
                 `remedy-did-not-help`; a later report of work answers the comment, and a spike alone is only a hint",
        fails: "where the real fix came later under the same ticket",
        example: "“Merged a short-term fix” on acme/rocket#7: a hint that it did not help",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    // Of a change that was turned down, "a mere hack" says why.
    let Some(closing) = case.closing.as_ref().filter(|closing| closing.ticket.merged != Some(false)) else {
        return Vec::new();
    };
    let insider = |speaker: Speaker| !matches!(speaker, Speaker::Passerby | Speaker::Bot | Speaker::StaleBot);
    let before: Vec<&Heard<'_>> = closing.heard.iter().filter(|heard| !heard.after && insider(heard.speaker)).collect();
    let called = before.iter().enumerate().rev().find_map(|(at, heard)| {
        heard.said.iter().find(|said| said.claim == Claim::Stopgap).map(|said| (at, *heard, said))
    });
    if let Some((at, heard, said)) = called {
        let reports = |heard: &&Heard<'_>| heard.said.iter().any(|said| said.claim.side() == Some(true));
        let answered = if before[at + 1..].iter().any(reports) { 0.5 } else { 1.0 };
        let strength = said.strength * heard.near * heard.speaker.weight(true) * answered;
        let says = wrote(heard, said, "that it is no lasting cure");
        let evidence = told(case, &RULE.doc, Side::DidNotHelp, strength, says);
        return vec![Evidence { at: heard.comment.at.or(evidence.at), ..evidence }];
    }
    let title = &closing.ticket.title;
    let promised = speech::listen(title).into_iter().any(|said| said.claim == Claim::Stopgap);
    if promised && !takes_out(title) {
        let says = format!("{} promises a stopgap in its title: {}", case.id.key(), words::quoted(title));
        return vec![told(case, &RULE.doc, Side::DidNotHelp, 0.5, says)];
    }
    let spike =
        closing.ticket.details.issue_type.as_deref().is_some_and(|name| name.trim().eq_ignore_ascii_case("spike"))
            || speech::plain(title).starts_with(" spike ");
    if spike {
        let says = format!("{} is a spike: it was to find something out, not to cure it", case.id.key());
        return vec![told(case, &RULE.doc, Side::DidNotHelp, 0.3, says)];
    }
    Vec::new()
}

/// Whether the ticket's own words are strong enough for a finding.
pub(in crate::judge) fn tells(evidence: &Evidence) -> bool {
    const TELLS: f64 = 0.5;
    evidence.rule == RULE.doc.name && evidence.strength >= TELLS
}

/// `Remove the workaround for …` is the cure.
fn takes_out(title: &str) -> bool {
    const VERBS: [&str; 14] = [
        "remove", "drop", "replace", "delete", "undo", "clean", "cleanup", "revert", "retire", "rid", "stop", "avoid",
        "without", "instead",
    ];
    speech::plain(title).split(' ').any(|word| VERBS.contains(&word.trim_end_matches('s')) || VERBS.contains(&word))
}

#[cfg(test)]
mod tests {
    use crate::domain::verdict::{Side, Verdict};
    use crate::judge::testing::{comment, details, jira};

    #[test]
    fn a_stopgap_was_worked_on_and_is_no_cure() {
        for (resolution, issue_type, text, seen, verdict) in [
            (Some("Fixed"), "Bug", "Merged a short-term fix.", true, Verdict::Done),
            (None, "Bug", "I added a hack that restarts the pump", true, Verdict::Unverified),
            (None, "Bug", "The hypothesis did not hold.", true, Verdict::Unverified),
            (Some("Done"), "Spike", "", true, Verdict::Done),
            (Some("Done"), "Task", "Is this a short-term fix?", false, Verdict::Done),
            (Some("Done"), "Task", "This is not a temporary fix.", false, Verdict::Done),
            (Some("Done"), "Task", "We only checked one particular hypothesis here.", true, Verdict::Done),
            // One thing said, and no giving up beside it.
            (Some("Done"), "Task", "Just checked a hypothesis which didn't pan out.", true, Verdict::Done),
            (Some("Done"), "Task", "Do you want a workaround?", false, Verdict::Done),
            (Some("Done"), "Task", "> added a hack\n\nThat hack is gone now.", false, Verdict::Done),
            (Some("Won't Do"), "Spike", "", true, Verdict::Undone),
        ] {
            let mut ticket = jira("OPS-7", "Closed", resolution);
            details(&mut ticket).issue_type = Some(issue_type.to_owned());
            details(&mut ticket).comments = vec![comment("ada", "", "2021-05-04", text)];
            let judged = crate::judge::ticket(&ticket, &[]);
            assert_eq!(judged.evidence.iter().any(|e| e.side == Side::DidNotHelp), seen, "{text}");
            assert_eq!(judged.verdict, verdict, "{text}");
        }
    }

    #[test]
    fn a_title_may_promise_no_more_and_may_promise_the_cure() {
        for (title, told) in [
            ("Short-term fix for the pump", Some(true)),
            ("Add a workaround for the pump", Some(true)),
            ("Workaround for the leaking pump", Some(true)),
            ("Remove the workaround for the pump", None),
            ("Replace the temporary fix", None),
            ("Spike: why does the pump leak?", Some(false)),
            ("The pump leaks", None),
        ] {
            let mut ticket = jira("OPS-7", "Closed", Some("Done"));
            ticket.facts.as_mut().unwrap().title = title.to_owned();
            let judged = crate::judge::ticket(&ticket, &[]);
            let seen = judged.evidence.iter().find(|e| e.side == Side::DidNotHelp);
            assert_eq!(seen.map(super::tells), told, "{title}");
        }
    }

    #[test]
    fn a_later_report_of_work_answers_it() {
        for (later, told) in [("", true), ("The real fix is merged to main.", false)] {
            let mut ticket = jira("OPS-7", "Closed", Some("Done"));
            details(&mut ticket).comments = vec![
                comment("ada", "", "2021-05-03", "Merged a short-term fix."),
                comment("ada", "", "2021-05-04", later),
            ];
            let judged = crate::judge::ticket(&ticket, &[]);
            assert_eq!(judged.evidence.iter().any(super::tells), told, "{later}");
        }
    }
}
