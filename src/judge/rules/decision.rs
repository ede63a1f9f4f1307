//! Rule: what a person decided on the verdict. It outweighs everything, and it hides nothing.

use super::{RuleDoc, seen};
use crate::domain::decision::{Basis, Decided, Decision};
use crate::domain::known::KnownTicket;
use crate::domain::ticket::Ticket;
use crate::domain::verdict::{Evidence, Judgement, Side, Verdict};
use crate::judge::rules::tracker_state;
use crate::judge::words;

pub(in crate::judge) const DOC: RuleDoc = RuleDoc {
    name: "decision",
    sees: "what a person said of the verdict by `dragnet decide`, and what was known then",
    counts: "the person's verdict is shown, with the rules' own beside it, whatever the rules see. When the evidence or the \
             closing is another one later, that is a finding (`decision-outdated`), and the verdict stays until somebody \
             decides again",
    fails: "where the person was wrong",
    example: "Ada decided that the work of OPS-7 was done: done, although it was closed as “Won't Do”",
};

/// A person's verdict in the place of the rules' own, and what there is to say about both.
pub(in crate::judge) fn decide(known: &KnownTicket, decision: &Decision, rules: Judgement) -> (Judgement, Decided) {
    let mut evidence = vec![word(decision)];
    evidence.extend(rules.evidence.iter().cloned());
    let judgement = Judgement { verdict: decision.verdict, confidence: tracker_state::OWN_WORD, evidence };
    let news = news(&decision.then, &rules, known.facts.as_deref());
    (judgement, Decided { decision: decision.clone(), rules, news })
}

fn word(decision: &Decision) -> Evidence {
    let Decision { verdict, by, reason, at, ticket, .. } = decision;
    let (side, what) = match verdict {
        Verdict::Done => (Side::Done, "was done"),
        Verdict::Undone => (Side::Undone, "was not done"),
        _ => (Side::Neither, "cannot be verified"),
    };
    let says = format!(
        "{by} decided on {} that the work of {} {what}: {}",
        words::day_of(*at),
        ticket.key(),
        words::quoted(reason)
    );
    Evidence { at: Some(*at), ..seen(&DOC, side, 1.0, says, None) }
}

/// What differs from what the decision rested on: evidence by its rule, side and words, and the closing by how it looks.
/// Strengths are the rules' own affair.
fn news(then: &Basis, rules: &Judgement, facts: Option<&Ticket>) -> Vec<Evidence> {
    let same = |a: &Evidence, b: &Evidence| (&a.rule, a.side, &a.says) == (&b.rule, b.side, &b.says);
    let lacks = |all: &[Evidence], one: &Evidence| !all.iter().any(|other| same(other, one));
    let before = &then.judgement.evidence;
    let mut news: Vec<Evidence> = rules.evidence.iter().filter(|one| lacks(before, one)).cloned().collect();
    let closing = facts.and_then(Ticket::closing);
    let moved = match (&then.closing, &closing) {
        (Some(then), Some(now)) => !then.is_same(now),
        (None, None) => false,
        _ => true,
    };
    if let Some(facts) = facts.filter(|_| moved) {
        let key = facts.id.key();
        let (says, at) = if facts.closed {
            (
                format!("{key} was {}, which is not the closing that was decided on", words::closed(facts)),
                facts.closed_at,
            )
        } else {
            (format!("{key} is not closed any more: {}", facts.state), facts.updated_at)
        };
        news.insert(0, Evidence { at, ..seen(&DOC, Side::Neither, 0.0, says, Some(facts.url.clone())) });
    }
    let vanished = before.iter().filter(|one| lacks(&rules.evidence, one));
    news.extend(vanished.map(|one| Evidence {
        side: Side::Neither,
        strength: 0.0,
        says: format!("no longer on record: {}", one.says),
        ..one.clone()
    }));
    news
}

#[cfg(test)]
mod tests {
    use super::{decide, news};
    use crate::domain::decision::{Basis, Decision};
    use crate::domain::known::KnownTicket;
    use crate::domain::ticket::Ticket;
    use crate::domain::verdict::{Judgement, Verdict};
    use crate::judge::testing::{comment, details, id, jira, moment, said_of};

    fn basis(ticket: &KnownTicket, judgement: Judgement) -> Basis {
        Basis { judgement, closing: ticket.facts.as_deref().and_then(Ticket::closing) }
    }

    #[test]
    fn what_changed_since_is_news_and_what_did_not_is_none() {
        let ticket = jira("OPS-7", "Closed", Some("Won't Do"));
        let rules = |ticket: &KnownTicket| crate::judge::ticket(ticket, &[]);
        let then = basis(&ticket, rules(&ticket));
        let told = |now: &KnownTicket, judgement: &Judgement| -> Vec<String> {
            news(&then, judgement, now.facts.as_deref()).into_iter().map(|one| one.says).collect()
        };
        assert_eq!(told(&ticket, &rules(&ticket)), [""; 0]);

        // Touched, and nothing else: asking again is no news.
        let mut touched = ticket.clone();
        touched.facts.as_mut().unwrap().updated_at = Some(moment("2022-01-01"));
        assert_eq!(told(&touched, &rules(&touched)), [""; 0]);

        // A note of the register.
        let noted = said_of(&ticket, "This was never finished.");
        assert!(told(&ticket, &noted).concat().contains("never finished"));

        // Another closing.
        let again = jira("OPS-7", "Closed", Some("Fixed"));
        let says = told(&again, &rules(&again));
        assert!(says[0].contains("not the closing that was decided on"), "{says:?}");
        assert!(says.last().unwrap().starts_with("no longer on record: "), "{says:?}");

        // Opened again.
        let mut open = ticket.clone();
        let facts = open.facts.as_mut().unwrap();
        (facts.closed, facts.closed_at, facts.state) = (false, None, "Reopened".to_owned());
        assert!(told(&open, &rules(&open))[0].contains("not closed any more: Reopened"));

        // What somebody wrote.
        let mut said = ticket.clone();
        details(&mut said).comments.push(comment("ada", "MEMBER", "2021-05-04", "We won't do this."));
        assert!(!told(&said, &rules(&said)).is_empty());

        // A tracker that is away: the last good answer stands, and so does the decision.
        let mut away = ticket.clone();
        away.lookup = crate::domain::lookup::LookupKind::Unknown;
        assert_eq!(told(&away, &rules(&away)), [""; 0]);
    }

    #[test]
    fn the_persons_verdict_is_shown_and_the_rules_own_kept() {
        let ticket = jira("OPS-7", "Closed", Some("Won't Do"));
        let rules = crate::judge::ticket(&ticket, &[]);
        for verdict in [Verdict::Done, Verdict::Undone, Verdict::Unverified] {
            let decision = Decision {
                ticket: id("jira:OPS-7"),
                verdict,
                by: "Ada".to_owned(),
                reason: "it is in the release".to_owned(),
                at: moment("2026-03-01"),
                then: basis(&ticket, rules.clone()),
            };
            let (shown, decided) = decide(&ticket, &decision, rules.clone());
            assert_eq!((shown.verdict, decided.rules.verdict), (verdict, Verdict::Undone));
            assert!(shown.evidence[0].says.starts_with("Ada decided on 1 March 2026 that the work of OPS-7 "));
            assert_eq!(shown.evidence[1..], rules.evidence[..]);
            assert!(decided.news.is_empty());
        }
    }
}
