//! Rule: what the tracker says of the ticket's state: open, closed, or not there at all.

use super::{Rule, RuleDoc, seen, told};
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;
use crate::judge::words;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "tracker-state",
        sees: "whether the tracker counts the ticket as open or closed, and whether it is proven to be gone",
        counts: "an open ticket is open whatever else is said of it; a ticket proven gone is missing. That it is \
                 closed says nothing of the work",
        fails: "where a workflow keeps finished tickets in a status that the tracker does not count as closed",
        example: "OPS-7 is in “In Review”: open",
    },
    look,
};

/// How sure a tracker's own word on its own ticket is.
pub(in crate::judge) const OWN_WORD: f64 = 0.99;

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let mut evidence = Vec::new();
    let key = case.id.key();
    if let Some(gone) = case.gone {
        let says = match (gone.proof, gone.at) {
            (Some(proof), _) => format!("{key} is gone: {proof}"),
            (None, Some(at)) => format!("{key} was proven to be gone on {}", words::day_of(at)),
            (None, None) => format!("{key} was proven to be gone"),
        };
        let source = case.facts.map(|facts| facts.url.clone());
        evidence.push(Evidence { at: gone.at, ..seen(&RULE.doc, Side::Missing, OWN_WORD, says, source) });
    }
    let Some(facts) = case.facts else { return evidence };
    if facts.closed {
        let by = facts.closed_by.as_deref().map(|who| format!(" by {who}")).unwrap_or_default();
        let says = format!("{key} was {}{by}", words::closed(facts));
        evidence.push(told(case, &RULE.doc, Side::Neither, 0.0, says));
    } else if case.gone.is_none() {
        let says = format!("{key} is open: its state is “{}”", facts.state);
        evidence.push(told(case, &RULE.doc, Side::Open, OWN_WORD, says));
    }
    evidence
}

#[cfg(test)]
mod tests {
    use crate::domain::known::KnownTicket;
    use crate::domain::lookup::LookupKind;
    use crate::domain::verdict::Verdict::{Missing, Open, Undone, Unknown, Unverified};
    use crate::judge::case::Others;
    use crate::judge::testing::{comment, details, gone, issue, jira, open, unseen, verdict};

    /// An open ticket of which much is said that closed ones have.
    fn reopened() -> KnownTicket {
        let mut ticket = open("OPS-7", "2026-05-01");
        let facts = ticket.facts.as_mut().unwrap();
        (facts.reason, facts.closed_at) = (Some("Won't Do".to_owned()), facts.created_at);
        details(&mut ticket).comments = vec![comment("ada", "", "2026-05-01", "Fixed in #12. We won't do this.")];
        ticket
    }

    /// Proven gone, while the last attempt to see it met an outage.
    fn gone_behind_an_outage() -> KnownTicket {
        let mut ticket = gone(jira("OPS-7", "Closed", Some("Done")));
        (ticket.lookup, ticket.lookup_says) = (LookupKind::Unknown, Some("answered 503".to_owned()));
        ticket
    }

    #[test]
    fn a_tracker_s_own_word_on_its_own_ticket_comes_first() {
        for (what, ticket, expected) in [
            ("open", open("OPS-7", "2026-05-01"), Open),
            ("open, whatever is said of it", reopened(), Open),
            ("closed says nothing of the work", jira("OPS-7", "Closed", None), Unverified),
            ("closed, with a reason for other rules", jira("OPS-7", "Closed", Some("Won't Do")), Undone),
            ("gone, whatever it was before", gone(jira("OPS-7", "Closed", Some("Done"))), Missing),
            ("gone, whatever was open before", gone(open("OPS-7", "2026-05-01")), Missing),
            ("gone, and an outage proves nothing else", gone_behind_an_outage(), Missing),
            ("never seen for an outage", unseen("OPS-7", LookupKind::Unknown), Unknown),
            ("hidden from us", unseen("OPS-7", LookupKind::Hidden), Unknown),
        ] {
            assert_eq!(verdict(&ticket), expected, "{what}");
        }
    }

    #[test]
    fn it_names_the_state_and_who_closed_it_and_weighs_nothing_where_it_is_closed() {
        let mut closed = issue("acme/rocket#7", Some("completed"), "2024-05-04");
        closed.facts.as_mut().unwrap().closed_by = Some("ada".to_owned());
        for (ticket, says, strength) in [
            (closed, "acme/rocket#7 was closed as completed on 4 May 2024 by ada", 0.0),
            (jira("OPS-7", "Closed", None), "OPS-7 was closed on 4 May 2021", 0.0),
            (open("OPS-7", "2026-05-01"), "OPS-7 is open: its state is “In Progress”", super::OWN_WORD),
            (gone(jira("OPS-7", "Closed", None)), "OPS-7 is gone: answered 410", super::OWN_WORD),
            (gone_behind_an_outage(), "OPS-7 was proven to be gone on 1 June 2026", super::OWN_WORD),
        ] {
            let names = crate::judge::families::Names::default();
            let case = crate::judge::case::Case::new(&ticket, &[], Others::default(), &names, 0);
            let seen = (super::RULE.look)(&case).swap_remove(0);
            assert_eq!((seen.says.as_str(), seen.strength), (says, strength));
        }
    }
}
