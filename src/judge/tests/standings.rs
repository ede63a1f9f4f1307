//! Where challenges stand, and how they rank.

use super::{codes, judged};
use crate::domain::finding::Code;
use crate::domain::known::KnownTicket;
use crate::domain::lookup::LookupKind;
use crate::domain::verdict::Standing::{self, BrokenPromise, Cleared, NoRemedy, Promised, Unknown};
use crate::domain::verdict::Verdict::{Done, Undone};
use crate::judge::testing::{Register, gone, id, jira, open, unseen};

fn done(key: &str) -> KnownTicket {
    jira(key, "Closed", Some("Done"))
}

fn undone(key: &str) -> KnownTicket {
    jira(key, "Closed", Some("Won't Do"))
}

fn unverified(key: &str) -> KnownTicket {
    jira(key, "Closed", None)
}

fn later(mut ticket: KnownTicket, closed: &str) -> KnownTicket {
    ticket.facts.as_mut().unwrap().closed_at = Some(crate::judge::testing::moment(closed));
    ticket
}

/// The standing of one challenge whose remedies are these, closed on 4 May 2021 unless said otherwise.
fn stands(remedies: &[KnownTicket], anecdotes: &[&str], note: Option<&str>) -> Standing {
    let ids: Vec<String> = remedies.iter().map(|ticket| ticket.id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let notes: Vec<(&str, &str)> = note.map(|note| (ids[0], note)).into_iter().collect();
    let register = Register::new().challenge("login", &ids, anecdotes, &notes);
    let register = remedies.iter().fold(register, |register, ticket| register.knows(ticket.clone()));
    judged(&register).challenges[0].standing
}

#[test]
fn a_note_on_neither_speaks_of_every_remedy_before_it() {
    for (note, first, second) in [("Neither was completed.", Undone, Undone), ("This was not completed.", Done, Undone)]
    {
        let ids = ["jira:OPS-1", "jira:OPS-2"];
        let register = Register::new().challenge("login", &ids, &[], &[("jira:OPS-2", note)]);
        let judged = judged(&register.knows(done("OPS-1")).knows(done("OPS-2")));
        let verdicts = ids.map(|key| judged.tickets[&id(key)].verdict);
        assert_eq!(verdicts, [first, second], "{note}");
    }
}

#[test]
fn remedies_make_the_standing() {
    let a = "OPS-1";
    let b = "OPS-2";
    for (remedies, expected) in [
        (vec![], NoRemedy),
        (vec![open(a, "2026-05-01")], Promised),
        (vec![undone(a), open(b, "2026-05-01")], Promised),
        (vec![undone(a)], BrokenPromise),
        (vec![undone(a), done(b)], BrokenPromise),
        (vec![undone(a), unverified(b)], BrokenPromise),
        (vec![done(a)], Cleared),
        (vec![done(a), done(b)], Cleared),
        (vec![unverified(a)], Unknown),
        (vec![done(a), unverified(b)], Unknown),
        // Could not be seen: it may be open.
        (vec![unseen(a, LookupKind::Hidden)], Unknown),
        (vec![unseen(a, LookupKind::Unknown)], Unknown),
        (vec![undone(a), unseen(b, LookupKind::Hidden)], Unknown),
        (vec![done(a), unseen(b, LookupKind::Unknown)], Unknown),
        // Gone: a broken link, not a proof; unless the tracker had said enough before.
        (vec![gone(unseen(a, LookupKind::Gone))], Unknown),
        (vec![gone(done(a))], Unknown),
        (vec![gone(undone(a))], BrokenPromise),
        (vec![gone(open(a, "2026-05-01"))], Unknown),
        (vec![gone(done(a)), undone(b)], BrokenPromise),
    ] {
        let verdicts: Vec<_> = remedies.iter().map(|ticket| (ticket.id.to_string(), ticket.proven)).collect();
        assert_eq!(stands(&remedies, &[], None), expected, "{verdicts:?}");
    }
}

#[test]
fn notes_and_anecdotes_break_promises() {
    let a = "OPS-1";
    for (remedies, anecdotes, note, expected) in [
        (vec![done(a)], &[][..], Some("Never finished."), BrokenPromise),
        (vec![unverified(a)], &[], Some("It merely tested one idea, which failed."), BrokenPromise),
        (vec![done(a)], &[], Some("This was only a workaround."), BrokenPromise),
        (vec![unverified(a)], &[], Some("This was completed after all."), Cleared),
        (vec![done(a)], &[], Some("May be simpler after the move."), Cleared),
        (vec![open(a, "2026-05-01")], &[], Some("Never finished."), Promised),
        (vec![unseen(a, LookupKind::Unknown)], &[], Some("Never finished."), Unknown),
        // A spike that led nowhere, and then a fix.
        (vec![done(a), done("OPS-2")], &[], Some("It merely tested one idea, which failed."), Cleared),
        (vec![done(a)], &["2021-05-05"], None, BrokenPromise),
        (vec![unverified(a)], &["2021-05-05"], None, BrokenPromise),
        (vec![done(a)], &["2021-05-04", "2021-05", "2019", "?"], None, Cleared),
        (vec![gone(done(a))], &["2021-08"], None, BrokenPromise),
        (vec![open(a, "2026-05-01")], &["2026-05-30"], None, Promised),
        // Met between the two closings: the later one answers.
        (vec![done(a), later(done("OPS-2"), "2022-01-10")], &["2021-08"], None, Cleared),
        (vec![done(a), later(unverified("OPS-2"), "2022-01-10")], &["2021-08"], None, Unknown),
        (vec![done(a), later(done("OPS-2"), "2022-01-10")], &["2022-02"], None, BrokenPromise),
    ] {
        let keys: Vec<String> = remedies.iter().map(|ticket| ticket.id.to_string()).collect();
        assert_eq!(stands(&remedies, anecdotes, note), expected, "{keys:?} {anecdotes:?} {note:?}");
    }
}

#[test]
fn a_mention_breaks_no_promise() {
    let register = Register::new()
        .challenge("login", &["jira:OPS-1"], &["2020-01-01"], &[])
        .mention("jira:OPS-2")
        .challenge("search", &[], &["2021-06-01"], &[])
        .mention("jira:OPS-2")
        .knows(done("OPS-1"))
        .knows(undone("OPS-2"));
    let judged = judged(&register);
    assert_eq!(judged.challenges.iter().map(|c| c.standing).collect::<Vec<_>>(), [Cleared, NoRemedy]);
    assert_eq!(codes(&judged), []);
    assert_eq!(judged.tickets[&id("jira:OPS-2")].verdict, Undone);
}

#[test]
fn an_outage_changes_no_standing() {
    let mut ticket = undone("OPS-1");
    let before = stands(&[ticket.clone()], &[], None);
    for lookup in [LookupKind::Unknown, LookupKind::Hidden] {
        ticket.lookup = lookup;
        ticket.lookup_says = Some("answered 503".to_owned());
        assert_eq!(stands(&[ticket.clone()], &[], None), before);
        let register = Register::new().challenge("login", &["jira:OPS-1"], &[], &[]).knows(ticket.clone());
        assert_eq!(codes(&judged(&register)), [(Code::ClosedUndone, "jira:OPS-1".to_owned())]);
    }
}

#[test]
fn what_hurts_most_comes_first_and_says_why() {
    let register = Register::new()
        .challenge("cleared", &["jira:OPS-1"], &["2020-01-01"], &[])
        .met(9)
        .challenge("untracked", &[], &["2025-12-01"], &[])
        .met(5)
        .challenge("promised", &["jira:OPS-3"], &["2025-12-01"], &[])
        .met(5)
        .challenge("broken once", &["jira:OPS-2"], &["~2021-08"], &[])
        .challenge("broken thrice", &["jira:OPS-4"], &["2019-02-03", "2021-08"], &[("jira:OPS-4", "Never finished.")])
        .met(3)
        .challenge("untold", &[], &[], &[])
        .knows(done("OPS-1"))
        .knows(undone("OPS-2"))
        .knows(open("OPS-3", "2026-05-01"))
        .knows(done("OPS-4"));
    let mut challenges = judged(&register).challenges;
    challenges.sort_by_key(|challenge| challenge.priority);
    let lines: Vec<String> =
        challenges.iter().map(|c| format!("{} {} ({}): {}", c.priority, c.id, c.standing.word(), c.because)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
1 broken thrice (broken-promise): OPS-4 was closed as Done on 4 May 2021; the register notes that its work was not done; met 3 times, last in August 2021
2 broken once (broken-promise): OPS-2 was closed as Won't Do on 4 May 2021 without the work; met once around August 2021
3 untracked (no-remedy): no ticket promises a fix; met 5 times, last on 1 December 2025
4 promised (promised): OPS-3 is open, touched last on 1 May 2026; met 5 times, last on 1 December 2025
5 untold (no-remedy): no ticket promises a fix
6 cleared (cleared): OPS-1 was closed as Done on 4 May 2021, and it has been quiet since; met 9 times, last on 1 January 2020
"#);
}
