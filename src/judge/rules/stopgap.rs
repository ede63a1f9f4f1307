//! Rule: work that was done and cannot have been the cure: workarounds, hacks, spikes.

use super::{Rule, RuleDoc, told, wrote};
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;
use crate::judge::closing::Speaker;
use crate::judge::speech::Claim;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "stopgap",
        sees: "comments near the closing of insiders who call the work a short-term fix, a hack or a workaround, or say \
               that it only checked something that did not hold; and the issue type *Spike*",
        counts: "somebody worked on it, and the challenge likely stands: that it did not help, which leans towards the \
                 work and never decides",
        fails: "where the real fix came later under the same ticket",
        example: "“Merged a short-term fix” on acme/rocket#7: a hint that it did not help",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let Some(closing) = &case.closing else { return Vec::new() };
    let insider = |speaker: Speaker| !matches!(speaker, Speaker::Passerby | Speaker::Bot | Speaker::StaleBot);
    let called = closing
        .heard
        .iter()
        .rev()
        .filter(|heard| !heard.after && insider(heard.speaker))
        .find_map(|heard| heard.said.iter().find(|said| said.claim == Claim::Stopgap).map(|said| (heard, said)));
    if let Some((heard, said)) = called {
        let strength = said.strength * heard.near * heard.speaker.weight(true);
        let says = wrote(heard, said, "that it is no lasting cure");
        let evidence = told(case, &RULE.doc, Side::DidNotHelp, strength, says);
        return vec![Evidence { at: heard.comment.at.or(evidence.at), ..evidence }];
    }
    let spike =
        closing.ticket.details.issue_type.as_deref().is_some_and(|name| name.trim().eq_ignore_ascii_case("spike"));
    if spike {
        let says = format!("{} is a spike: it was to find something out, not to cure it", case.id.key());
        return vec![told(case, &RULE.doc, Side::DidNotHelp, 0.3, says)];
    }
    Vec::new()
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
}
