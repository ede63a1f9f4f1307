//! Rule: what registers note on a ticket in their own words.

use std::collections::BTreeSet;

use super::{Rule, RuleDoc, reopening, seen};
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;
use crate::judge::closing::Fate;
use crate::judge::combine;
use crate::judge::notes::{self, Claim, Said};
use crate::judge::words;

pub(in crate::judge) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "register-note",
        sees: "notes on the ticket in the status cells of registers: that the work was not done, done after all, done \
               in part, reverted, only a check or a workaround, or superseded",
        counts: "whoever keeps the register knows the work and looked at it after the closing: the strongest evidence \
                 that there is against a tracker's word. A check or a workaround was done and did not help. Of a \
                 ticket that gave way to another remedy of the same challenge that one decides. The last \
                 word of a cell takes back those before it. Notes about something else are left alone",
        fails: "where a note is older than the work; where it is worded in a way that we cannot read: then it is \
                quoted, and counts nothing",
        example: "“This was never finished” on a ticket closed as “Done”: for undone",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let again = reopening::closed_again_as_done(case);
    let mut heard: Vec<Evidence> = notes::read(case.id, case.notes).iter().map(|said| evidence(said, again)).collect();
    heard.extend(case.closed().into_iter().flat_map(|_| heirs(case)));
    combine::sort(&mut heard);
    // One note is one witness, however often it says the same.
    let mut once = BTreeSet::new();
    heard.retain(|evidence| once.insert((evidence.source.clone(), evidence.side)));
    heard
}

/// What took its place by the register's word decides, as the other one of a duplicate does.
fn heirs(case: &Case<'_>) -> Vec<Evidence> {
    let noted = notes::read(case.id, case.notes).into_iter().find(|said| said.claim == Claim::Superseded);
    let place = noted.map(|said| said.note.place.to_string());
    let heirs = case.heirs.iter().map(|heir| {
        let (side, strength): (Side, f64) = match heir.fate {
            Fate::Done => (Side::Done, 0.88),
            Fate::Closed => (Side::Done, 0.7),
            Fate::Undone => (Side::Undone, 0.85),
            Fate::Open => (Side::Undone, 0.8),
            Fate::Unverified | Fate::Gone | Fate::Loop | Fate::Beyond | Fate::Unknown => (Side::Neither, 0.0),
        };
        let says = format!("the register notes that {} took its place, which {}", heir.name, heir.fate.told());
        // It is no surer here than it is there.
        seen(&RULE.doc, side, strength.min(heir.sure), says, place.clone())
    });
    heirs.collect()
}

/// The evidence that one claim is. `again`: the ticket was closed again as done while we watched.
pub(in crate::judge) fn evidence(said: &Said<'_>, again: bool) -> Evidence {
    let (side, strength) = weight(said.claim);
    let quote = words::quoted(said.note.text);
    let (side, strength, says) = if said.taken_back {
        (Side::Neither, 0.0, format!("the register notes {quote}, and takes it back later"))
    } else if again && side == Side::Undone {
        (side, 0.5, format!("the register notes {quote}, perhaps of an earlier closing"))
    } else {
        (side, strength, format!("the register notes {quote}"))
    };
    seen(&RULE.doc, side, strength, says, Some(said.note.place.to_string()))
}

/// What a claim speaks for, and how strongly.
fn weight(claim: Claim) -> (Side, f64) {
    match claim {
        Claim::NotDone => (Side::Undone, 0.95),
        Claim::Reverted => (Side::Undone, 0.92),
        Claim::InPart => (Side::Undone, 0.9),
        Claim::Done => (Side::Done, 0.85),
        Claim::OnlyChecked => (Side::DidNotHelp, 0.85),
        Claim::Workaround | Claim::DidNotHelp => (Side::DidNotHelp, 0.8),
        Claim::Superseded | Claim::Other => (Side::Neither, 0.0),
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::verdict::Verdict::{Done, Open, Undone, Unverified};
    use crate::judge::testing::{jira, pull, said_of};

    #[test]
    fn a_note_is_weighed_against_the_tracker() {
        for (resolution, note, expected) in [
            (Some("Done"), "This ticket was not actually finished.", Undone),
            (None, "Never finished.", Undone),
            (None, "This was completed after all, in 2023.", Done),
            (None, "Done in part.", Undone),
            (Some("Done"), "Done in part.", Undone),
            (Some("Done"), "Rolled back a week later.", Undone),
            (None, "Only a workaround.", Done),
            (None, "It merely tested an idea, which did not work out.", Done),
            (Some("Won't Do"), "It merely tested an idea, which did not work out.", Undone),
            (None, "Superseded by OPS-9.", Unverified),
            (Some("Done"), "May be easier once the shop has moved out.", Done),
            (None, "May be easier once the shop has moved out.", Unverified),
        ] {
            assert_eq!(said_of(&jira("OPS-7", "Closed", resolution), note).verdict, expected, "{resolution:?} {note}");
        }
        let merged = |note: &str| said_of(&pull("acme/rocket#8", Some(true)), note).verdict;
        assert_eq!(merged("This was never finished."), Undone);
        // A part of it was merged: nobody can say from here which part was promised.
        assert_eq!(merged("Done in part."), Unverified);
    }

    #[test]
    fn a_note_speaks_to_a_closed_ticket() {
        let mut open = jira("OPS-7", "In Progress", None);
        open.facts.as_mut().unwrap().closed = false;
        let judged = said_of(&open, "This was never finished.");
        assert_eq!(judged.verdict, Open);
        assert!(judged.evidence.iter().any(|evidence| evidence.rule == "register-note"));
    }
}
