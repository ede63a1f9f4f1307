//! Findings: which, with which words, where, and in which order.

use super::{codes, judged};
use crate::domain::finding::{Code, Problem, Severity};
use crate::domain::known::KnownTicket;
use crate::domain::lookup::LookupKind;
use crate::domain::policy::Policy;
use crate::domain::reference::{Role, Unclaimed};
use crate::judge::judge;
use crate::judge::testing::{Register, gone, id, issue, jira, moment, open, place, pull, unseen};

fn moved(mut ticket: KnownTicket, to: &str) -> KnownTicket {
    ticket.proven = Some(LookupKind::Moved);
    ticket.lookup = LookupKind::Moved;
    ticket.moved_to = Some(id(to));
    ticket
}

/// A register with a bit of everything.
fn register() -> Register {
    let mut register = Register::new()
        .challenge("slow login", &["jira:OPS-1"], &["2020-03-03", "~2021-08"], &[])
        .met(3)
        .challenge("flaky builds", &["jira:OPS-2"], &["2019-11-20"], &[("jira:OPS-2", "This was never finished.")])
        .challenge("stale search", &["jira:OPS-3"], &["2021-08"], &[])
        .challenge("lost carts", &["jira:OPS-4"], &[], &[("jira:OPS-4", "It merely tested one theory, which failed.")])
        .challenge("odd mails", &["jira:OPS-5"], &["?"], &[])
        .mention("github:acme/shop#9")
        .challenge("slow deploys", &["jira:OPS-6", "github:acme/old#4"], &["2024-01-01", "2024-02-02"], &[])
        .met(1)
        .challenge("no keys", &[], &["2020-06-09"], &[])
        .mention("github:acme/old#5")
        .challenge("late reports", &["github:acme/shop#8"], &[], &[("github:acme/shop#8", "Not done.")])
        .knows(jira("OPS-1", "Closed", Some("Won't Do")))
        .knows(jira("OPS-2", "Closed", Some("Done")))
        .knows(jira("OPS-3", "Closed", Some("Fixed")))
        .knows(jira("OPS-4", "Closed", None))
        .knows(jira("OPS-5", "Closed", Some("Duplicate")))
        .knows(open("OPS-6", "2025-01-15"))
        .knows(gone(unseen("OPS-9", LookupKind::Gone)))
        .knows(moved(issue("acme/old#4", None, "2020-02-02"), "github:acme/new#4"))
        .knows(moved(issue("acme/old#5", None, "2020-02-02"), "github:acme/new#5"));
    register = register.knows(gone(KnownTicket { proven_at: Some(moment("2026-06-01")), ..pull("acme/shop#9", None) }));
    let mut reclosed = issue("acme/shop#8", Some("completed"), "2026-05-05");
    reclosed.history = vec![crate::domain::known::Change {
        seen_at: moment("2026-02-01"),
        field: "closed_at".to_owned(),
        before: Some("2026-01-01T00:00:00Z".to_owned()),
        after: None,
    }];
    register.knows(reclosed)
}

#[test]
fn a_small_register_is_told_in_full() {
    let judged = judged(&register());
    let mut out = String::new();
    for finding in &judged.findings {
        let place = finding.place.as_ref().map(ToString::to_string).unwrap_or_default();
        out.push_str(&format!("{} {} [{place}] {}\n", finding.severity.word(), finding.code, finding.message));
        for evidence in &finding.evidence {
            out.push_str(&format!(
                "    {:?} {:.2} {}: {}\n",
                evidence.side, evidence.strength, evidence.rule, evidence.says
            ));
        }
        out.push_str(&format!("    hint: {}\n", finding.hint.as_deref().unwrap_or_default()));
    }
    insta::assert_snapshot!(out, @r#"
warning closed-undone [challenges.md:3:100] OPS-1 was closed as Won't Do on 4 May 2021 without the work
    Undone 0.90 jira-resolution: OPS-1 was closed with the resolution “Won't Do”, a decision against the work
    Recurred 0.65 recurrence: it was met again around August 2021 (the date is approximate), after OPS-1 was closed on 4 May 2021
    Neither 0.00 tracker-state: OPS-1 was closed as Won't Do on 4 May 2021
    hint: reopen OPS-1, or link the ticket that does the work; if it was done after all, say so in a note
warning closed-undone [challenges.md:4:100] OPS-2 was closed as Done on 4 May 2021; the register notes that its work was not done
    Undone 0.95 register-note: the register notes “This was never finished.”
    Done 0.70 jira-resolution: OPS-2 was closed with the resolution “Done”, which says that the work was done
    Neither 0.00 tracker-state: OPS-2 was closed as Done on 4 May 2021
    hint: reopen OPS-2, or link the ticket that does the work; if it was done after all, correct the note
warning recurred-after-close [challenges.md:8:101] acme/old#4 was closed on 2 February 2020, and it was met again on 1 January 2024, and once after that
    Recurred 0.85 recurrence: it was met again on 1 January 2024, after acme/old#4 was closed on 2 February 2020
    Recurred 0.85 recurrence: it was met again on 2 February 2024, after acme/old#4 was closed on 2 February 2020
    Neither 0.00 tracker-state: acme/old#4 was closed on 2 February 2020
    hint: reopen acme/old#4, or link the ticket that deals with what came back
warning recurred-after-close [challenges.md:5:100] OPS-3 was closed as Fixed on 4 May 2021, and it was met again in August 2021
    Recurred 0.80 recurrence: it was met again in August 2021, after OPS-3 was closed on 4 May 2021
    Done 0.70 jira-resolution: OPS-3 was closed with the resolution “Fixed”, which says that the work was done
    Neither 0.00 tracker-state: OPS-3 was closed as Fixed on 4 May 2021
    hint: reopen OPS-3, or link the ticket that deals with what came back
warning remedy-did-not-help [challenges.md:6:100] OPS-4 was closed on 4 May 2021, and did not help: the register notes “It merely tested one theory, which failed.”
    DidNotHelp 0.85 register-note: the register notes “It merely tested one theory, which failed.”
    Neither 0.00 tracker-state: OPS-4 was closed on 4 May 2021
    hint: link the ticket that is to solve it
error broken-link [challenges.md:7:60] acme/shop#9 is gone; when it was seen last, it had been closed on 4 May 2021
    Missing 0.99 tracker-state: acme/shop#9 is gone: answered 410
    Neither 0.00 citation: cited as acme/shop#9 (anecdote, mentioned)
    hint: correct the link to acme/shop#9, or remove it
warning moved-ticket [challenges.md:8:101] 2 tickets of acme/old are in acme/new now
    Neither 0.00 citation: cited as acme/old#4, which is acme/new#4 now (status, as a remedy)
    Neither 0.00 citation: cited as acme/old#5, which is acme/new#5 now (anecdote, mentioned)
    hint: write acme/new#4 instead of acme/old#4 and acme/new#5 instead of acme/old#5
warning stale-ticket [challenges.md:8:100] OPS-6 is open, and nobody has touched it for 16 months (since 15 January 2025)
    Open 0.99 tracker-state: OPS-6 is open: its state is “In Progress”
    hint: move OPS-6 on, or close it with a reason; the register can say what happens instead
info closed-unverified [challenges.md:7:100] OPS-5 was closed as Duplicate on 4 May 2021, and nothing shows that the work was done
    Neither 0.00 jira-resolution: OPS-5 was closed with the resolution “Duplicate”, which decides nothing by itself: the other ticket does
    Neither 0.00 tracker-state: OPS-5 was closed as Duplicate on 4 May 2021
    hint: say in a note beside OPS-5 whether its work was done, or give it a resolution that tells
info note-outdated [challenges.md:10:200] the note on acme/shop#8 says “Not done.”, but it was closed as completed on 5 May 2026
    Done 0.70 github-reason: acme/shop#8 was closed as completed
    Done 0.60 reopening: acme/shop#8 had been closed before, was reopened, and was closed as completed on 5 May 2026
    Undone 0.50 register-note: the register notes “Not done.”, perhaps of an earlier closing
    Neither 0.00 tracker-state: acme/shop#8 was closed as completed on 5 May 2026
    hint: remove the note, or say what of acme/shop#8 is left to do
info untracked-challenge [challenges.md:9:3] no ticket promises to fix this challenge
    hint: link the ticket that is to fix it in the status cell
info occurrence-mismatch [challenges.md:8:3] 1 occurrence counted, and 2 anecdotes dated
    hint: raise the number of occurrences to 2
info incomplete-anecdote [challenges.md:7:50] the anecdote lacks a date
    hint: say when it happened
"#);
}

#[test]
fn one_challenge_and_ticket_have_one_closing_finding() {
    for (ticket, note, anecdotes, expected) in [
        (
            jira("OPS-1", "Closed", Some("Won't Do")),
            Some("It merely tested one idea."),
            &["2022"][..],
            Code::ClosedUndone,
        ),
        (jira("OPS-1", "Closed", Some("Done")), Some("This had to be reverted."), &["2022"], Code::Reverted),
        (jira("OPS-1", "Closed", Some("Done")), Some("This was just a hack."), &["2022"], Code::RemedyDidNotHelp),
        (jira("OPS-1", "Closed", Some("Done")), None, &["2022"], Code::RecurredAfterClose),
        (jira("OPS-1", "Closed", None), None, &["2022"], Code::RecurredAfterClose),
        (jira("OPS-1", "Closed", None), None, &["2020"], Code::ClosedUnverified),
    ] {
        let notes: Vec<(&str, &str)> = note.map(|note| ("jira:OPS-1", note)).into_iter().collect();
        let register = Register::new().challenge("login", &["jira:OPS-1"], anecdotes, &notes).knows(ticket);
        let judged = judged(&register);
        assert_eq!(codes(&judged), [(expected, "jira:OPS-1".to_owned())], "{note:?} {anecdotes:?}");
        let recurred = judged.findings[0].evidence.iter().any(|evidence| evidence.rule == "recurrence");
        assert_eq!(recurred, anecdotes == ["2022"], "{note:?}: the other reasons become its evidence");
        assert_eq!(judged.findings[0].rests_on, Some(moment("2026-06-01")));
    }
}

#[test]
fn a_note_that_does_not_help_speaks_for_its_own_challenge_only() {
    let register = Register::new()
        .challenge("login", &["jira:OPS-1"], &[], &[("jira:OPS-1", "This was only a workaround.")])
        .challenge("search", &["jira:OPS-1"], &[], &[])
        .knows(jira("OPS-1", "Closed", Some("Done")));
    let judged = judged(&register);
    let challenges: Vec<_> = judged.findings.iter().filter(|f| f.code == Code::RemedyDidNotHelp).collect();
    assert_eq!(challenges.len(), 1);
    assert_eq!(challenges[0].challenge.as_ref().map(|id| id.0.as_str()), Some("login"));
}

#[test]
fn a_gone_ticket_is_said_once_wherever_it_is_cited() {
    let register = Register::new()
        .challenge("login", &["jira:OPS-1"], &[], &[])
        .challenge("search", &[], &["2020-01-01"], &[])
        .mention("jira:OPS-1")
        .mention("jira:OPS-2")
        .knows(gone(unseen("OPS-1", LookupKind::Gone)))
        .knows(gone(unseen("OPS-2", LookupKind::Gone)));
    let judged = judged(&register);
    let links: Vec<_> = judged.findings.iter().filter(|f| f.code == Code::BrokenLink).collect();
    assert_eq!(links.len(), 2);
    assert_eq!((links[0].role, links[1].role), (Some(Role::Remedy), Some(Role::Mention)));
    assert_eq!(links[0].evidence.iter().filter(|e| e.rule == "citation").count(), 2);
    assert_eq!(links[0].place.as_ref().map(|p| p.line), Some(3));
    assert!(links.iter().all(|f| f.severity == Severity::Error));
}

#[test]
fn a_tracker_that_hides_everything_is_no_finding_against_tickets() {
    let hidden = |key: &str| unseen(key, LookupKind::Hidden);
    let cite = || Register::new().challenge("login", &["jira:OPS-1", "jira:OPS-2"], &[], &[]);
    let found = |register: Register| codes(&judged(&register)).len();
    assert_eq!(found(cite().knows(hidden("OPS-1")).knows(hidden("OPS-2"))), 0);
    // One that was never asked does not speak for the tracker.
    assert_eq!(found(cite().knows(hidden("OPS-1"))), 1);
    assert_eq!(found(cite().knows(hidden("OPS-1")).knows(open("OPS-2", "2026-05-30"))), 1);
    // What was seen before and is hidden now, with everything else: a permission that was lost.
    let mut lost = open("OPS-1", "2026-05-30");
    lost.lookup = LookupKind::Hidden;
    assert_eq!(found(Register::new().challenge("login", &["jira:OPS-1"], &[], &[]).knows(lost)), 0);
}

#[test]
fn a_remedy_goes_stale_by_what_was_seen_not_by_an_outage() {
    let stale = |updated: &str, seen: &str| {
        let mut ticket = open("OPS-1", updated);
        ticket.good_at = Some(moment(seen));
        let register = Register::new().challenge("login", &["jira:OPS-1"], &[], &[]).knows(ticket);
        !codes(&judged(&register)).is_empty()
    };
    assert!(stale("2026-01-01", "2026-06-01"));
    assert!(!stale("2026-03-03", "2026-06-01"));
    // Seen last in February, when it was fresh: nobody knows what happened since.
    assert!(!stale("2026-01-01", "2026-02-01"));
}

#[test]
fn severities_are_the_teams_and_off_is_left_out() {
    let mut policy = Policy::default();
    policy.severity.insert(Code::ClosedUndone, Severity::Error);
    policy.severity.insert(Code::UntrackedChallenge, Severity::Off);
    let findings = judge(&register().known, &policy, moment("2026-06-01")).findings;
    assert!(findings.iter().filter(|f| f.code == Code::ClosedUndone).all(|f| f.severity == Severity::Error));
    assert!(findings.iter().any(|f| f.code == Code::ClosedUndone));
    assert!(findings.iter().all(|f| f.code != Code::UntrackedChallenge));
}

#[test]
fn a_finding_keeps_its_name_and_age_while_lines_move() {
    let mut register = register();
    let before = judged(&register).findings;
    register.known.first_seen.insert(before[0].fingerprint.clone(), moment("2025-02-02"));
    let document = &mut register.known.documents[0];
    for challenge in &mut document.challenges {
        challenge.place.line += 40;
    }
    for reference in &mut document.references {
        reference.place.line += 40;
    }
    let after = judged(&register).findings;
    let names = |findings: &[crate::domain::finding::Finding]| -> Vec<String> {
        findings.iter().map(|finding| finding.fingerprint.clone()).collect()
    };
    assert_eq!(names(&before), names(&after));
    assert_eq!(after[0].first_seen, Some(moment("2025-02-02")));
    assert_eq!(after[1].first_seen, Some(moment("2026-06-01")));
    assert!(names(&before).iter().all(|name| name.len() == 16));
}

#[test]
fn documents_have_findings_of_their_own() {
    let mut register = Register::new().challenge("login", &["jira:OPS-1"], &["2020-01-01"], &[]);
    register = register.knows(open("OPS-1", "2026-05-30"));
    let document = &mut register.known.documents[0];
    document.trouble = Some("cannot read `challenges.md`: no such file".to_owned());
    let problem = |line: u32| Problem {
        code: Code::MalformedRow,
        place: place(line),
        message: "a row with seven cells".to_owned(),
        hint: None,
    };
    document.problems = vec![problem(7), problem(9)];
    let unclaimed = |home: &str, count: usize| Unclaimed {
        home: home.to_owned(),
        example: format!("{home}-1"),
        place: place(4),
        count,
    };
    document.unclaimed = vec![unclaimed("FOO", 2), unclaimed("BAR", 1)];
    let mut second = document.clone();
    second.path = "other.md".to_owned();
    second.challenges.clear();
    second.references.clear();
    second.trouble = None;
    register.known.documents.push(second);
    let lines: Vec<String> =
        judged(&register).findings.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
unreadable-source: cannot read `challenges.md`: no such file; its version of 1 June 2026 is in force
malformed-row: a row with seven cells
malformed-row: a row with seven cells
malformed-row: a row with seven cells
malformed-row: a row with seven cells
unclaimed-reference: no tracker claims FOO: named 4 times, for example FOO-1
unclaimed-reference: no tracker claims BAR: named twice, for example BAR-1
"#);
    assert!(judged(&register).findings.iter().all(|finding| finding.rests_on.is_none()));
}

#[test]
fn a_register_that_names_no_teams_is_told_so_once() {
    for (rows, named, expected) in [(3, 0, 3), (4, 0, 1), (4, 3, 1), (6, 4, 2)] {
        let mut register = Register::new();
        for at in 0..rows {
            register = register.challenge(&format!("challenge {at}"), &[], &["2021-05-04"], &[]);
        }
        for challenge in &mut register.known.documents[0].challenges[named..] {
            challenge.anecdotes[0].teams.clear();
        }
        let judged = judged(&register);
        let told = judged.findings.iter().filter(|finding| finding.code == Code::IncompleteAnecdote);
        assert_eq!(told.count(), expected, "{named} of {rows} name a team");
    }
}

#[test]
fn a_follow_up_of_a_meeting_is_a_promise_too() {
    let mut register = Register::new().challenge("login", &["jira:OPS-1"], &[], &[]);
    let reference = &mut register.known.documents[0].references[0];
    reference.owner = crate::domain::document::Owner::Topic { meeting: 0, topic: 0 };
    reference.within = crate::domain::reference::Within::FollowUp;
    let register = register.knows(jira("OPS-1", "Closed", Some("Won't Do")));
    let judged = judged(&register);
    assert_eq!(codes(&judged), [(Code::ClosedUndone, "jira:OPS-1".to_owned())]);
    assert_eq!(judged.findings[0].challenge, None);
    assert_eq!(judged.challenges[0].standing, crate::domain::verdict::Standing::NoRemedy);
}
