//! The sample as a whole: what the tests of every format render.

use std::collections::BTreeMap;

use crate::domain::challenge::Challenge;
use crate::domain::document::{Kind, Owner};
use crate::domain::finding::{Code, Finding};
use crate::domain::judged::{Judged, JudgedChallenge};
use crate::domain::known::{Change, Known, KnownDocument, KnownTicket};
use crate::domain::lookup::{LookupKind, Trouble, TroubleKind};
use crate::domain::reference::Within;
use crate::domain::ticket::{TicketId, TicketKind};
use crate::domain::tracker::TrackerKind;
use crate::domain::verdict::{Judgement, Side, Standing, Verdict};

use super::sample::{
    MINUTES, REGISTER, World, anecdote, at, bring_up, challenge, cite, document, evidence, finding, found, id,
    judgement, meeting, note, place, stands, topic, tracker,
};

const NOT_DONE: &str = "the work of this one was never finished";

/// Twelve challenges, fourteen tickets, four broken promises.
pub(super) fn sample() -> World {
    let documents = vec![register(), minutes()];
    let tickets: BTreeMap<TicketId, KnownTicket> =
        asked().into_iter().map(|ticket| (ticket.id.clone(), ticket)).collect();
    let judged = Judged {
        followed: BTreeMap::new(),
        tickets: verdicts(),
        decided: BTreeMap::new(),
        challenges: standings(&documents[0].challenges),
        findings: findings(&documents[0].challenges),
        ..Judged::default()
    };
    let trackers = vec![tracker(TrackerKind::Jira), tracker(TrackerKind::GitHub)];
    World { known: Known { documents, tickets, trackers, ..Known::default() }, judged, complete: true }
}

fn register() -> KnownDocument {
    let mut register = document(REGISTER, Kind::Register);
    let (jenkins, auth) = ("Jenkins and Test Infrastructure Issues", "Authentication Clean-up");
    register.challenges = vec![
        challenge(13, jenkins, "Builds fail when the network hiccups", Some(2)),
        challenge(14, jenkins, "The main branch fails at random", Some(1)),
        challenge(16, auth, "Token issuer settings differ between services", Some(2)),
        challenge(17, auth, "Token authentication is not the default in the LMS", Some(2)),
        challenge(18, auth, "Token cookies do not work on a developer's machine", Some(2)),
        challenge(19, auth, "Payment sees expired token signatures", Some(1)),
        challenge(20, auth, "Contract tests cannot sign in at the provider", None),
        challenge(21, auth, "Refreshing the token cookie fails now and then", None),
        challenge(22, "Credentials for integrations", "Keys for outside services take days", Some(2)),
        challenge(23, "Authorization", "Administrators of services are kept by hand", Some(3)),
        challenge(24, "Pipeline", "Security merges block everybody", Some(1)),
        challenge(25, "Masquerading", "Acting as another user trips the checks", Some(1)),
    ];
    for (of, ticket, within) in [
        (0, "jira:INFRA-39", Within::Anecdote),
        (1, "jira:BOM-1161", Within::Anecdote),
        (2, "jira:ARCHBOM-1202", Within::Status),
        (3, "jira:AA-664", Within::Anecdote),
        (3, "github:edx/edx-platform#26582", Within::Anecdote),
        (3, "jira:ARCHBOM-107", Within::Status),
        (4, "jira:ARCHBOM-1218", Within::Status),
        (5, "jira:ARCHBOM-1152", Within::Status),
        (7, "jira:ARCHBOM-1150", Within::Status),
        (9, "jira:SRE-84", Within::Anecdote),
    ] {
        cite(&mut register, of, ticket, within, if within == Within::Status { 209 } else { 90 });
    }
    note(&mut register, 2, NOT_DONE, 260);
    note(&mut register, 5, NOT_DONE, 260);
    note(&mut register, 7, "it tried one idea, and the idea was wrong", 260);
    for (of, date, approximate, team, text) in [
        (0, Some("2020-04-06"), false, Some("ecommerce"), "End-to-end runs timed out until Jenkins was restarted."),
        (1, Some("2020-03-03"), false, None, "Red builds were noticed by whoever rebased first."),
        (2, Some("2021-08"), true, None, "The new major version of the token library broke sign-in."),
        (3, Some("2021-02-16"), false, None, "A default class would have caught half of it."),
        (3, Some("2020-05-05"), false, Some("TNL"), "Learners met an endpoint that took sessions only."),
        (4, Some("2020-05-13"), false, Some("enterprise-titans"), "Cookies were ignored outside of an MFE."),
        (5, Some("2019-11-20"), false, Some("payment"), "Signatures expired; a workaround went in."),
        (6, None, false, None, "One way to sign in for all kinds of endpoints is missing."),
        (8, Some("2020-06-09"), false, None, "A token took a ticket and a wait."),
        (9, Some("2020-06-10"), false, None, "Permissions are handed out one by one."),
        (10, Some("2020-09-18"), false, None, "A conflict stopped the pipeline for all."),
        (11, None, false, None, "Checks take it for a stolen account."),
    ] {
        let at = place(REGISTER, register.challenges[of].place.line, 70);
        register.challenges[of].anecdotes.push(anecdote(date, approximate, team, text, at));
    }
    register
}

fn minutes() -> KnownDocument {
    let mut minutes = document(MINUTES, Kind::Minutes);
    minutes.meetings = vec![
        meeting("2023-12-13", 8, vec![topic(9, "quest", "Dave", "Who looks after the documentation search?", None)]),
        meeting("2023-12-06", 14, vec![]),
        meeting(
            "2023-11-29",
            16,
            vec![
                topic(17, "inform", "Kelly", "The roadmap got an entry for upgrades of the database.", None),
                topic(21, "", "Robert", "The working group's checklist", Some("file what is left of it")),
            ],
        ),
    ];
    bring_up(&mut minutes, (0, 0), "github:openedx/docs.openedx.org#449", Within::Topic);
    bring_up(&mut minutes, (2, 0), "github:openedx/platform-roadmap#300", Within::Topic);
    bring_up(&mut minutes, (2, 1), "github:openedx/wg-frontend#126", Within::Topic);
    bring_up(&mut minutes, (2, 1), "github:openedx/axim-engineering#990", Within::FollowUp);
    minutes
}

fn asked() -> Vec<KnownTicket> {
    let (done, closed) = ("Done", "Closed");
    let mut issuer =
        found("jira:ARCHBOM-1202", "One issuer setting for all services", closed, Some(done), Some("2021-05-04"));
    issuer.history = vec![Change {
        seen_at: at("2026-10-03T03:00:00Z"),
        field: "reason".to_owned(),
        before: None,
        after: Some(done.to_owned()),
    }];
    let mut moved =
        found("jira:SRE-84", "Administrators through single sign-on", closed, Some(done), Some("2020-07-01"));
    moved.lookup = LookupKind::Moved;
    moved.proven = Some(LookupKind::Moved);
    moved.moved_to = Some(id("jira:PSRE-84"));
    let mut pull =
        found("github:edx/edx-platform#26582", "Default to token sign-in", "closed", None, Some("2021-02-20"));
    if let Some(facts) = &mut pull.facts {
        facts.kind = TicketKind::Pull;
        facts.merged = Some(false);
    }
    let gone = KnownTicket {
        lookup: LookupKind::Gone,
        lookup_says: Some("the repository is visible to us and has no such number".to_owned()),
        proven: Some(LookupKind::Gone),
        proven_at: Some(at("2026-11-21T21:15:00Z")),
        asked_at: Some(at("2026-11-21T21:15:00Z")),
        ..KnownTicket::unasked(id("github:openedx/wg-frontend#126"))
    };
    vec![
        issuer,
        moved,
        pull,
        gone,
        found("jira:ARCHBOM-107", "Make token sign-in the default", "Backlog", None, None),
        found("jira:ARCHBOM-1218", "Cookies on localhost", closed, Some("Won't Do"), Some("2020-11-30")),
        found("jira:ARCHBOM-1152", "Renew signatures before they expire", done, Some(done), Some("2020-08-17")),
        found("jira:ARCHBOM-1150", "Does a longer leeway help?", done, Some(done), Some("2020-03-12")),
        found("jira:INFRA-39", "Restart Jenkins", done, Some(done), Some("2020-04-06")),
        found("jira:BOM-1161", "What happened to the main branch", done, None, Some("2020-03-10")),
        found("jira:AA-664", "Accounts activate twice", done, Some("Fixed"), Some("2021-03-01")),
        found(
            "github:openedx/docs.openedx.org#449",
            "Search finds nothing",
            "closed",
            Some("not_planned"),
            Some("2024-01-09"),
        ),
        found("github:openedx/platform-roadmap#300", "Upgrade the database", "open", None, None),
        found("github:openedx/axim-engineering#990", "Checklist leftovers", "closed", None, Some("2024-02-02")),
    ]
}

fn verdicts() -> BTreeMap<TicketId, Judgement> {
    let jira = |key: &str| format!("https://openedx.atlassian.net/browse/{key}");
    let note =
        |line: u32, says: &str| evidence("register-note", Side::Undone, says, &format!("{REGISTER}:{line}:260"), None);
    let resolved =
        |key: &str, says: &str, when: &str| evidence("jira-resolution", Side::Done, says, &jira(key), Some(when));
    let issuer = [
        note(16, "the register's note says that the work was never finished"),
        resolved("ARCHBOM-1202", "its resolution is Done, which is a claim and not yet work", "2021-05-04T10:00:00Z"),
    ];
    let wont = evidence(
        "jira-resolution",
        Side::Undone,
        "it was resolved as Won't Do",
        &jira("ARCHBOM-1218"),
        Some("2020-11-30T10:00:00Z"),
    );
    let leeway = evidence(
        "register-note",
        Side::DidNotHelp,
        "the register's note says that it tried one idea, and the idea was wrong",
        &format!("{REGISTER}:21:260"),
        None,
    );
    let gone = evidence(
        "lookup",
        Side::Missing,
        "openedx/wg-frontend is visible to us and has no number 126",
        "https://github.com/openedx/wg-frontend/issues/126",
        Some("2026-11-21T21:15:00Z"),
    );
    let plain = |verdict, confidence| judgement(verdict, confidence, &[]);
    [
        ("jira:ARCHBOM-1202", judgement(Verdict::Undone, 0.97, &issuer)),
        (
            "jira:ARCHBOM-1152",
            judgement(Verdict::Undone, 0.96, &[note(19, "the register's note says that the work was never finished")]),
        ),
        ("jira:ARCHBOM-1218", judgement(Verdict::Undone, 0.9, &[wont])),
        ("jira:ARCHBOM-1150", judgement(Verdict::Done, 0.8, &[leeway])),
        ("github:openedx/wg-frontend#126", judgement(Verdict::Missing, 1.0, &[gone])),
        ("jira:ARCHBOM-107", plain(Verdict::Open, 1.0)),
        ("github:openedx/platform-roadmap#300", plain(Verdict::Open, 1.0)),
        ("jira:INFRA-39", plain(Verdict::Done, 0.8)),
        ("jira:AA-664", plain(Verdict::Done, 0.8)),
        ("jira:SRE-84", plain(Verdict::Done, 0.8)),
        ("jira:BOM-1161", plain(Verdict::Unverified, 0.5)),
        ("github:openedx/axim-engineering#990", plain(Verdict::Unverified, 0.5)),
        ("github:openedx/docs.openedx.org#449", plain(Verdict::Undone, 0.95)),
        ("github:edx/edx-platform#26582", plain(Verdict::Undone, 0.7)),
    ]
    .into_iter()
    .map(|(ticket, judgement)| (id(ticket), judgement))
    .collect()
}

fn standings(of: &[Challenge]) -> Vec<JudgedChallenge> {
    let broken = [
        (2, 1, "Its remedy was closed as done; the work was never finished, and the pain came back."),
        (5, 2, "Its remedy was closed as done; the work was never finished."),
        (4, 3, "Its remedy was closed as Won't Do, and nothing else is promised."),
        (7, 4, "Its remedy was done and did not help."),
    ];
    let mut all: Vec<_> = broken
        .into_iter()
        .map(|(at, priority, because)| stands(at, &of[at], Standing::BrokenPromise, priority, because))
        .collect();
    all.push(stands(3, &of[3], Standing::Promised, 5, "Its remedy is open."));
    for (n, at) in [0, 1, 6, 8, 9, 10, 11].into_iter().enumerate() {
        all.push(stands(at, &of[at], Standing::NoRemedy, 6 + n, "No ticket promises a fix."));
    }
    all.sort_by_key(|judged| judged.challenge);
    all
}

fn findings(of: &[Challenge]) -> Vec<Finding> {
    let hint = |mut finding: Finding, hint: &str| {
        finding.hint = Some(hint.to_owned());
        finding
    };
    let on = |code, at: usize, ticket: &str, message: &str| finding(code, Some(&of[at]), Some(ticket), message);
    let mut all = vec![
        hint(
            on(Code::ClosedUndone, 2, "jira:ARCHBOM-1202", "ARCHBOM-1202 was closed without the work"),
            "reopen ARCHBOM-1202, or cite the ticket that does the work",
        ),
        hint(
            on(Code::ClosedUndone, 5, "jira:ARCHBOM-1152", "ARCHBOM-1152 was closed without the work"),
            "reopen ARCHBOM-1152, or cite the ticket that does the work",
        ),
        hint(
            on(Code::ClosedUndone, 4, "jira:ARCHBOM-1218", "ARCHBOM-1218 was closed as Won't Do"),
            "cite another remedy, or accept it with a waiver",
        ),
        hint(
            on(Code::RemedyDidNotHelp, 7, "jira:ARCHBOM-1150", "ARCHBOM-1150 was done, and the challenge stands"),
            "cite what is tried next",
        ),
        hint(
            finding(
                Code::BrokenLink,
                None,
                Some("github:openedx/wg-frontend#126"),
                "openedx/wg-frontend#126 is not there",
            ),
            "correct the number, or remove the link",
        ),
        hint(on(Code::MovedTicket, 9, "jira:SRE-84", "SRE-84 is PSRE-84 now"), "write PSRE-84"),
        hint(
            on(Code::StaleTicket, 3, "jira:ARCHBOM-107", "ARCHBOM-107 has been open and untouched for 4 years"),
            "work on it, or close it and say why",
        ),
        finding(
            Code::ClosedUnverified,
            None,
            Some("github:openedx/axim-engineering#990"),
            "axim-engineering#990 was closed, and nothing shows the work",
        ),
        finding(Code::OccurrenceMismatch, Some(&of[3]), None, "counted less often than told"),
    ];
    all.extend(
        [6, 8, 11].map(|at| finding(Code::IncompleteAnecdote, Some(&of[at]), None, "an anecdote without a date")),
    );
    all.extend(
        [0, 1, 6, 8].map(|at| finding(Code::UntrackedChallenge, Some(&of[at]), None, "no ticket promises a fix")),
    );
    all
}

/// The sample while Jira is down: nothing is overturned, everything has its age.
pub(super) fn outage() -> World {
    let mut world = sample();
    world.complete = false;
    let worked = at("2026-11-21T18:00:00Z");
    for ticket in world.known.tickets.values_mut().filter(|ticket| ticket.id.tracker().kind() == TrackerKind::Jira) {
        ticket.lookup = LookupKind::Unknown;
        ticket.lookup_says = Some("answered 503".to_owned());
        ticket.good_at = Some(worked);
        ticket.proven_at = Some(worked);
    }
    world.known.trackers[0].worked_at = Some(worked);
    world.known.trackers[0].trouble =
        Some(Trouble { kind: TroubleKind::Outage, says: "https://openedx.atlassian.net: answered 503".to_owned() });
    world.known.documents[1].trouble = Some("no such file".to_owned());
    world
}

/// One challenge and one topic: small enough to be read as JSON.
pub(super) fn small() -> World {
    let mut world = sample();
    let [register, minutes] = &mut world.known.documents[..] else { panic!("the sample has two documents") };
    register.challenges = vec![register.challenges[2].clone()];
    register.references.retain(|reference| reference.ticket == id("jira:ARCHBOM-1202"));
    register.references[0].owner = Owner::Challenge { challenge: 0, anecdote: None, note: None };
    minutes.meetings = vec![minutes.meetings[0].clone()];
    minutes.references.truncate(1);
    world.known.tickets.remove(&id("github:openedx/docs.openedx.org#449"));
    world.judged.tickets.remove(&id("github:openedx/docs.openedx.org#449"));
    let judged = world.judged.challenges.swap_remove(2);
    world.judged.challenges = vec![JudgedChallenge { challenge: 0, ..judged }];
    world.judged.findings.truncate(1);
    world.known.trackers.truncate(1);
    world
}

/// One challenge whose remedy was done: nothing to say.
pub(super) fn quiet() -> World {
    let mut world = small();
    world.known.documents.truncate(1);
    world.judged.findings.clear();
    world.judged.challenges[0].standing = Standing::Cleared;
    world.judged.challenges[0].because = "Its remedy was done, and it was not met since.".to_owned();
    let done = judgement(Verdict::Done, 0.96, &[]);
    world.judged.tickets.insert(id("jira:ARCHBOM-1202"), done);
    world
}
