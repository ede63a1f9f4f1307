//! What is only seen across tickets, or with the team's own word: crowds, names of a site, grace.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::codes;
use crate::domain::details::FixVersion;
use crate::domain::finding::{Code, Finding};
use crate::domain::judged::Judged;
use crate::domain::known::{Change, KnownTicket};
use crate::domain::policy::{Meaning, Meanings, Policy};
use crate::domain::verdict::Verdict::{Done, Undone, Unverified};
use crate::judge::judge;
use crate::judge::testing::{Register, closed_event, comment, commit, details, id, issue, jira, moment, open};

fn closed_by(mut ticket: KnownTicket, who: &str, minutes: i64) -> KnownTicket {
    let facts = ticket.facts.as_mut().unwrap();
    facts.closed_at = Some(moment("2021-05-04") + TimeDelta::minutes(minutes));
    facts.closed_by = Some(who.to_owned());
    ticket
}

/// Ten tickets that `who` closed, one each minute, and what is said of the first.
fn swept(who: &str, apart: i64, first: impl Fn(KnownTicket) -> KnownTicket) -> (bool, crate::domain::verdict::Verdict) {
    let mut register = Register::new();
    for at in 0..10 {
        let ticket = closed_by(issue(&format!("acme/rocket#{}", at + 7), None, "2021-05-04"), who, at * apart);
        register = register.knows(if at == 0 { first(ticket) } else { ticket });
    }
    let judged = judge(&register.known, &Policy::default(), moment("2026-06-01"));
    let judgement = &judged.tickets[&id("github:acme/rocket#7")];
    (judgement.evidence.iter().any(|evidence| evidence.rule == "sweep"), judgement.verdict)
}

#[test]
fn closings_by_the_dozen_are_seen_across_tickets() {
    assert_eq!(swept("ada", 1, |ticket| ticket), (true, Unverified));
    // Over an hour and a half: somebody who works through a list.
    assert_eq!(swept("ada", 10, |ticket| ticket), (false, Unverified));
    // A program.
    assert_eq!(swept("acme-bot", 1, |ticket| ticket), (false, Unverified));
    // After a real fix.
    let fixed = |mut ticket: KnownTicket| {
        details(&mut ticket).mentions.push(commit("1a2b3c4d5e", "ada", "2021-05-03"));
        details(&mut ticket).comments.push(comment("ada", "MEMBER", "2021-05-03", "Fixed in 1a2b3c4d5e."));
        ticket
    };
    assert_eq!(swept("ada", 1, fixed), (true, Done));
    // With half a word more.
    let no_time = |mut ticket: KnownTicket| {
        details(&mut ticket).comments.push(comment("bob", "MEMBER", "2021-01-03", "We have no time for this."));
        ticket
    };
    assert_eq!(swept("ada", 1, no_time), (true, Undone));
    // A push closes all that its commits name.
    let pushed = |mut ticket: KnownTicket| {
        let mut event = closed_event("ada", "2021-05-04");
        event.commit = Some("1a2b3c4d5e".to_owned());
        details(&mut ticket).events.push(event);
        ticket
    };
    assert_eq!(swept("ada", 1, pushed), (false, Done));
}

#[test]
fn a_release_that_closes_what_was_resolved_is_no_reproach() {
    let mut register = Register::new();
    for at in 0..30 {
        let mut ticket = closed_by(jira(&format!("OPS-{}", at + 1), "Closed", Some("Fixed")), "ada", 0);
        details(&mut ticket).fix_versions = vec![FixVersion { name: "2.1".into(), released: Some(true) }];
        register = register.knows(ticket);
    }
    let judged = judge(&register.known, &Policy::default(), moment("2026-06-01"));
    assert!(judged.tickets.values().all(|judgement| judgement.verdict == Done));
}

fn erledigt(policy: &Policy) -> Judged {
    let register = Register::new()
        .challenge("login", &["jira:OPS-1", "jira:OPS-2", "jira:OPS-3"], &[], &[])
        .knows(jira("OPS-1", "Closed", Some("Erledigt")))
        .knows(jira("OPS-2", "Closed", Some("ERLEDIGT")))
        .knows(jira("OPS-3", "Abgebrochen", None));
    judge(&register.known, policy, moment("2026-06-01"))
}

fn unmapped(judged: &Judged) -> Vec<&Finding> {
    judged.findings.iter().filter(|finding| finding.code == Code::UnmappedResolution).collect()
}

#[test]
fn a_name_that_nobody_explained_is_told_once_and_never_guessed() {
    let judged = erledigt(&Policy::default());
    let verdicts: Vec<_> = judged.tickets.values().map(|judgement| judgement.verdict).collect();
    assert_eq!(verdicts, [Unverified, Unverified, Unverified]);
    let [finding] = unmapped(&judged)[..] else { panic!("{:?}", judged.findings) };
    assert_eq!(finding.message, "nobody has said what these resolutions of jira mean: “Erledigt” (OPS-1 and OPS-2)");
    assert_eq!(
        finding.hint.as_deref(),
        Some("say it below the tracker: [tracker.resolutions] \"Erledigt\" = \"done\" (or undone, duplicate, nothing)")
    );

    let own = |name: &str, meaning| BTreeMap::from([(Meanings::bare(name), meaning)]);
    for (meaning, expected) in [(Meaning::Done, Done), (Meaning::Undone, Undone), (Meaning::Nothing, Unverified)] {
        let meanings = Meanings { resolutions: own("erledigt", meaning), statuses: own("Abgebrochen", meaning) };
        let policy = Policy { meanings: [("jira".parse().unwrap(), meanings)].into(), ..Policy::default() };
        let judged = erledigt(&policy);
        assert_eq!(judged.tickets[&id("jira:OPS-1")].verdict, expected);
        assert_eq!(judged.tickets[&id("jira:OPS-3")].verdict == Undone, meaning == Meaning::Undone);
        assert!(unmapped(&judged).is_empty(), "{meaning:?}");
    }
}

/// One challenge whose remedy was closed on 4 May 2021, judged some hours later.
fn after(hours: i64, grace_days: i64, ticket: KnownTicket, anecdotes: &[&str]) -> (Vec<Code>, String) {
    let register = Register::new().challenge("login", &["jira:OPS-1"], anecdotes, &[]).knows(ticket);
    let policy = Policy { grace: TimeDelta::days(grace_days), ..Policy::default() };
    let judged = judge(&register.known, &policy, moment("2021-05-04") + TimeDelta::hours(hours));
    (codes(&judged).into_iter().map(|(code, _)| code).collect(), judged.challenges[0].because.clone())
}

#[test]
fn nothing_is_flagged_within_the_grace_and_that_is_told() {
    let refused = || jira("OPS-1", "Closed", Some("Won't Do"));
    assert_eq!(after(1, 0, refused(), &[]).0, [Code::ClosedUndone]);
    let (flagged, because) = after(47, 2, refused(), &[]);
    assert_eq!(flagged, []);
    assert_eq!(
        because,
        "OPS-1 was closed as Won't Do on 4 May 2021 without the work; nothing is flagged on OPS-1 before 6 May 2021"
    );
    assert_eq!(after(48, 2, refused(), &[]).0, [Code::ClosedUndone]);
    assert_eq!(after(1, 2, jira("OPS-1", "Closed", None), &[]).0, []);
    // Nobody can say how old a closing is that has no date: it is flagged.
    let mut dateless = refused();
    dateless.facts.as_mut().unwrap().closed_at = None;
    assert_eq!(after(1, 2, dateless, &[]).0, [Code::ClosedUndone]);
    // Told late, counted from then.
    let mut late = refused();
    let turned = |before: Option<&str>| Change {
        seen_at: moment("2021-05-20"),
        field: "closed".to_owned(),
        before: before.map(str::to_owned),
        after: Some("true".to_owned()),
    };
    late.history = vec![turned(Some("false"))];
    assert_eq!(after(24 * 17, 2, late.clone(), &[]).0, []);
    late.history = vec![turned(None)];
    assert_eq!(after(24 * 17, 2, late, &[]).0, [Code::ClosedUndone]);
    // Open tickets and their ages are another matter.
    assert_eq!(after(1, 2, open("OPS-1", "2020-01-01"), &[]).0, [Code::StaleTicket]);
}

#[test]
fn what_is_done_and_not_released_waits() {
    let in_version = |released: Option<bool>, resolution: Option<&str>| {
        let mut ticket = jira("OPS-1", "Closed", resolution);
        details(&mut ticket).fix_versions = vec![FixVersion { name: "2.1".into(), released }];
        ticket
    };
    let met = ["2021-05-10"];
    let month = 24 * 30;
    let (flagged, because) = after(month, 0, in_version(Some(false), Some("Fixed")), &met);
    assert_eq!(flagged, []);
    assert!(because.ends_with("; OPS-1 waits for the release of 2.1"), "{because}");
    for (released, resolution, anecdotes, hours, expected) in [
        (Some(true), Some("Fixed"), &met[..], month, &[Code::RecurredAfterClose][..]),
        (None, Some("Fixed"), &met, month, &[Code::RecurredAfterClose]),
        (Some(false), None, &[], month, &[]),
        (Some(false), Some("Won't Do"), &[], month, &[Code::ClosedUndone]),
        // Some versions are never released.
        (Some(false), Some("Fixed"), &met, month * 4, &[Code::RecurredAfterClose]),
    ] {
        let (flagged, _) = after(hours, 0, in_version(released, resolution), anecdotes);
        assert_eq!(flagged, expected, "{released:?} {resolution:?} {hours}");
    }
}

#[test]
fn the_tickets_own_words_say_that_it_was_no_cure() {
    let with = |text: &str| {
        let mut ticket = jira("OPS-1", "Closed", Some("Done"));
        details(&mut ticket).comments = vec![comment("ada", "", "2021-05-04", text)];
        ticket
    };
    for (text, note, expected) in [
        ("I added a hack that restarts the pump.", None, &[Code::RemedyDidNotHelp][..]),
        ("This just checked one hypothesis.", None, &[Code::RemedyDidNotHelp]),
        ("I added a hack that restarts the pump.", Some("This was completed after all."), &[]),
        ("Should we add a hack?", None, &[]),
        ("Done.", None, &[]),
    ] {
        let notes: Vec<(&str, &str)> = note.map(|note| ("jira:OPS-1", note)).into_iter().collect();
        let register = Register::new().challenge("login", &["jira:OPS-1"], &[], &notes).knows(with(text));
        let judged = judge(&register.known, &Policy::default(), moment("2026-06-01"));
        let flagged: Vec<Code> = codes(&judged).into_iter().map(|(code, _)| code).collect();
        assert_eq!(flagged, expected, "{text}");
    }
}
