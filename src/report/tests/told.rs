//! `why`, whole.

use super::sample::{World, at, evidence, id};
use super::world::{outage, sample, small};
use crate::domain::act::{Act, Deed};
use crate::domain::challenge::{Challenge, ChallengeId};
use crate::domain::decision::Flags;
use crate::domain::details::{Comment, Event};
use crate::domain::finding::Code;
use crate::domain::past::Past;
use crate::domain::ticket::TicketId;
use crate::domain::verdict::{Side, Standing, Verdict};
use crate::report::{Report, Style, why, why_challenge, why_challenge_json, why_json};

fn style() -> Style {
    Style { color: false, width: 100 }
}

#[test]
fn why_tells_everything_behind_a_verdict_in_order_of_time() {
    let told = why(&outage().report(), &id("jira:ARCHBOM-1202"), style()).unwrap();
    insta::assert_snapshot!(told, @"
    jira:ARCHBOM-1202 “One issuer setting for all services”
    https://openedx.atlassian.net/browse/ARCHBOM-1202

    ✗ undone, proven · closed as Done on 4 May 2021, 5 years ago
      could not be asked (answered 503); what is shown was true 3 hours ago

    AS IT STANDS

      - jira:ARCHBOM-1202 is cited as a remedy in the status of “Token issuer settings differ between
        services” (docs/challenges.md:16:209)
      - the register notes: “the work of this one was never finished” (docs/challenges.md:16:260)

    IN ORDER OF TIME

      - 3 February 2020: jira:ARCHBOM-1202 was opened: “One issuer setting for all services”
      - 4 May 2021: jira:ARCHBOM-1202 was closed as Done
      - about August 2021: met: The new major version of the token library broke sign-in.
        (docs/challenges.md:16:70)
      - 3 October 2026: jira:ARCHBOM-1202 was seen to have changed: reason now “Done”
      - 7 November 2026: flagged as closed-undone: ARCHBOM-1202 was closed without the work
        (docs/challenges.md:16:120)
      - 21 November 2026: jira:ARCHBOM-1202 was seen for the last time
      - 21 November 2026: jira:ARCHBOM-1202 was asked for: could not be told (answered 503)

    EVIDENCE

      - says undone: the register's note says that the work was never finished [register-note]
        (docs/challenges.md:16:260)
      - says done: its resolution is Done, which is a claim and not yet work [jira-resolution] 4 May
        2021 (jira:ARCHBOM-1202)

    WHAT WOULD CLEAR IT

      → reopen ARCHBOM-1202, or cite the ticket that does the work
    ");
}

#[test]
fn why_tells_of_a_challenge() {
    let world = sample();
    let told = why_challenge(&world.report(), &world.known.documents[0].challenges[3].id, style()).unwrap();
    insta::assert_snapshot!(told, @"
    Token authentication is not the default in the LMS
    Authentication Clean-up · met twice, last 16 February 2021 · docs/challenges.md:17:20

    ○ promised: Its remedy is open.
      ○ jira:ARCHBOM-107 open · remedy · Backlog, untouched since 9 March 2022, 4 years ago
        https://openedx.atlassian.net/browse/ARCHBOM-107
      ✓ jira:AA-664 done, likely · cited in passing · closed as Fixed on 1 March 2021, 5 years ago
        https://openedx.atlassian.net/browse/AA-664
      ✗ github:edx/edx-platform#26582 undone, likely · cited in passing · closed without merging on 20
        February 2021, 5 years ago
        https://github.com/edx/edx-platform/issues/26582

    AS IT STANDS

      - jira:ARCHBOM-107 is cited as a remedy in the status (docs/challenges.md:17:209)
      - jira:AA-664 is cited in passing in an anecdote (docs/challenges.md:17:90)
      - github:edx/edx-platform#26582 is cited in passing in an anecdote (docs/challenges.md:17:90)

    IN ORDER OF TIME

      - 3 February 2020: jira:ARCHBOM-107 was opened: “Make token sign-in the default”
      - 3 February 2020: jira:AA-664 was opened: “Accounts activate twice”
      - 3 February 2020: github:edx/edx-platform#26582 was opened: “Default to token sign-in”
      - 5 May 2020: met by TNL: Learners met an endpoint that took sessions only.
        (docs/challenges.md:17:70)
      - 16 February 2021: met: A default class would have caught half of it. (docs/challenges.md:17:70)
      - 20 February 2021: github:edx/edx-platform#26582 was closed without merging
      - 1 March 2021: jira:AA-664 was closed as Fixed
      - 9 March 2022: jira:ARCHBOM-107 was touched last; it is Backlog
      - 7 November 2026: flagged as stale-ticket: ARCHBOM-107 has been open and untouched for 4 years
        (docs/challenges.md:17:120)
      - 7 November 2026: flagged as occurrence-mismatch: counted less often than told
        (docs/challenges.md:17:120)
      - 21 November 2026: jira:ARCHBOM-107 was asked for: found
      - 21 November 2026: jira:AA-664 was asked for: found
      - 21 November 2026: github:edx/edx-platform#26582 was asked for: found
    ");
}

#[test]
fn why_knows_tickets_that_no_document_cites_and_says_so_of_those_it_does_not() {
    let mut world = sample();
    world.known.documents.clear();
    world.judged.challenges.clear();
    world.judged.findings.clear();
    let told = why(&world.report(), &id("jira:ARCHBOM-1218"), style()).unwrap();
    assert!(told.contains("undone, likely · closed as Won't Do on 30 November 2020"), "{told}");
    assert_eq!(why(&world.report(), &id("jira:NONE-1"), style()), None);
    assert_eq!(why_json(&world.report(), &id("jira:NONE-1")), None);
    let nobody = ChallengeId("nobody".to_owned());
    assert_eq!(why_challenge(&world.report(), &nobody, style()), None);
    assert_eq!(why_challenge_json(&world.report(), &nobody), None);
}

#[test]
fn why_has_the_same_story_as_json() {
    let world = small();
    let told = why_json(&world.report(), &id("jira:ARCHBOM-1202")).unwrap();
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["ticket"]["id"], "jira:ARCHBOM-1202");
    let times: Vec<_> = told["timeline"].as_array().unwrap().iter().map(|one| (&one["what"], &one["at"])).collect();
    insta::assert_snapshot!(
        times.iter().map(|(what, at)| format!("{what} {at}")).collect::<Vec<_>>().join("\n"),
        @r#"
    "cited" null
    "note" null
    "opened" "2020-02-03T10:00:00Z"
    "closed" "2021-05-04T10:00:00Z"
    "anecdote" "2021-08"
    "change" "2026-10-03T03:00:00Z"
    "finding" "2026-11-07T03:00:00Z"
    "look-up" "2026-11-21T21:15:00Z"
    "#
    );
    assert_eq!(told["clear"][0], "reopen ARCHBOM-1202, or cite the ticket that does the work");
    let challenge = &world.known.documents[0].challenges[0].id;
    let told = why_challenge_json(&world.report(), challenge).unwrap();
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&told["challenge"]["standing"], &told["schema"]), (&"broken-promise".into(), &1.into()));
    assert_eq!(told["evidence"].as_array().unwrap().len(), 2);
}

/// A verdict and two waivers, each taken back, a snooze that ended, and what is another challenge's.
fn acts(ticket: &TicketId, challenges: &[Challenge]) -> Vec<Act> {
    let act = |number, deed, code, when: &str, by: Option<&str>, reason: &str| Act {
        number,
        at: at(when),
        by: by.map(str::to_owned),
        deed,
        code,
        ticket: Some(ticket.clone()),
        challenge: None,
        reason: Some(reason.to_owned()),
        before: None,
        after: None,
    };
    let (code, was, is) = (Some(Code::ClosedUndone), |it: &str| Some(it.to_owned()), |it: &str| Some(it.to_owned()));
    let challenge = challenges[2].id.clone();
    vec![
        Act {
            before: was("undone, by the rules"),
            after: is("done"),
            ..act(1, Deed::Decided, None, "2026-11-10T10:00:00Z", Some("Ada"), "it shipped")
        },
        Act {
            before: was("done, by Ada"),
            ..act(2, Deed::TookBack, None, "2026-11-11T10:00:00Z", Some("Grace"), "it was rolled back")
        },
        Act {
            challenge: Some(challenge.clone()),
            after: is("accepted until 2027-03-31"),
            ..act(3, Deed::Accepted, code, "2026-11-12T10:00:00Z", Some("Ada"), "we live with it")
        },
        Act {
            before: was("accepted until 2027-03-31"),
            challenge: Some(challenge.clone()),
            ..act(4, Deed::TookBack, code, "2026-11-13T10:00:00Z", Some("Grace"), "we do not")
        },
        Act {
            after: is("snoozed until it changes, 2027-03-31 at the latest"),
            ..act(5, Deed::Snoozed, code, "2026-11-14T10:00:00Z", Some("Ada"), "not this month")
        },
        Act {
            before: was("snoozed until it changes, 2027-03-31 at the latest"),
            ..act(6, Deed::Woke, code, "2026-11-15T10:00:00Z", None, "its status was Closed and is Open")
        },
        Act {
            ticket: None,
            challenge: Some(challenge),
            reason: None,
            after: is("accepted until 2027-01-31"),
            ..act(7, Deed::Accepted, Some(Code::OccurrenceMismatch), "2026-11-16T10:00:00Z", None, "")
        },
        // Of the same ticket in another challenge: no part of this one's story.
        Act {
            challenge: Some(challenges[3].id.clone()),
            after: is("accepted until 2027-01-31"),
            ..act(8, Deed::Accepted, code, "2026-11-17T10:00:00Z", Some("Eve"), "elsewhere")
        },
    ]
}

/// A ticket that was closed twice, commented, judged and decided on.
fn eventful() -> (World, Past) {
    let mut world = sample();
    let ticket = id("jira:ARCHBOM-1202");
    let facts = world.known.tickets.get_mut(&ticket).unwrap().facts.as_mut().unwrap();
    let event = |kind: &str, when: &str, value: Option<&str>| Event {
        kind: kind.to_owned(),
        actor: Some("grace".to_owned()),
        at: Some(at(when)),
        value: value.map(str::to_owned),
        ..Event::default()
    };
    facts.details.events = vec![
        event("closed", "2020-09-01T10:00:00Z", None),
        event("reopened", "2020-10-01T10:00:00Z", None),
        event("status", "2021-05-04T10:00:00Z", Some("In Review → Done")),
        event("closed", "2021-05-04T10:00:00Z", None),
        event("labeled", "2021-05-04T10:00:00Z", Some("auth")),
    ];
    let comment = |text: &str, when: &str| Comment {
        author: Some("ada".to_owned()),
        at: Some(at(when)),
        text: text.to_owned(),
        url: Some(format!("https://openedx.atlassian.net/browse/ARCHBOM-1202?focusedCommentId={}", text.len())),
        ..Comment::default()
    };
    facts.details.comments =
        vec![comment("Good morning.", "2021-05-02T10:00:00Z"), comment("We gave up.", "2021-05-03T10:00:00Z")];
    let judgement = world.judged.tickets.get_mut(&ticket).unwrap();
    let wrote =
        evidence("closing-words", Side::Undone, "ada wrote that it was given up", "x", Some("2021-05-03T10:00:00Z"));
    judgement.evidence.push(wrote);
    let acts = acts(&ticket, &world.known.documents[0].challenges);
    let verdict = |when: &str, verdict, sure| (ticket.clone(), at(when), verdict, sure);
    let past = Past {
        verdicts: vec![
            verdict("2026-10-03T03:00:00Z", Verdict::Unverified, 0.5),
            verdict("2026-11-07T03:00:00Z", Verdict::Undone, 0.9),
            verdict("2026-11-08T03:00:00Z", Verdict::Undone, 0.97),
        ],
        standings: vec![
            (at("2026-10-03T03:00:00Z"), Standing::Unknown),
            (at("2026-11-07T03:00:00Z"), Standing::BrokenPromise),
        ],
        register: Vec::new(),
        linked: Vec::new(),
        suggested: Vec::new(),
        acts,
        flags: Flags::default(),
    };
    (world, past)
}

#[test]
fn why_tells_of_events_comments_verdicts_and_decisions() {
    let (world, past) = eventful();
    let ticket = id("jira:ARCHBOM-1202");
    let report = Report { past: Some(&past), ..world.report() };
    let story = |told: String| {
        let (_, story) = told.split_once("IN ORDER OF TIME").unwrap();
        story.split_once("EVIDENCE").unwrap().0.to_owned()
    };
    insta::assert_snapshot!(story(why(&report, &ticket, style()).unwrap()), @"
    - 3 February 2020: jira:ARCHBOM-1202 was opened: “One issuer setting for all services”
    - 1 September 2020: jira:ARCHBOM-1202 was closed by grace
    - 1 October 2020: jira:ARCHBOM-1202 was opened again by grace
    - 3 May 2021: ada wrote on jira:ARCHBOM-1202: “We gave up.”
      (https://openedx.atlassian.net/browse/ARCHBOM-1202?focusedCommentId=11)
    - 4 May 2021: jira:ARCHBOM-1202 was closed as Done
    - 4 May 2021: jira:ARCHBOM-1202 went In Review → Done by grace
    - about August 2021: met: The new major version of the token library broke sign-in.
      (docs/challenges.md:16:70)
    - 3 October 2026: jira:ARCHBOM-1202 was seen to have changed: reason now “Done”
    - 3 October 2026: jira:ARCHBOM-1202 was judged for the first time: unverified, unclear
    - 7 November 2026: the verdict on jira:ARCHBOM-1202 went from unverified to undone, likely
    - 7 November 2026: flagged as closed-undone: ARCHBOM-1202 was closed without the work
      (docs/challenges.md:16:120)
    - 10 November 2026: Ada decided that jira:ARCHBOM-1202 is done: it shipped (until then undone, by
      the rules) (entry 1 of the audit trail)
    - 11 November 2026: Grace left jira:ARCHBOM-1202 to the rules again: it was rolled back (until
      then done, by Ada) (entry 2 of the audit trail)
    - 12 November 2026: Ada accepted closed-undone for jira:ARCHBOM-1202 of “Token issuer settings
      differ between services” until 31 March 2027: we live with it (entry 3 of the audit trail)
    - 13 November 2026: Grace took back the waiver of closed-undone for jira:ARCHBOM-1202 of “Token
      issuer settings differ between services”, which was accepted until 31 March 2027: we do not
      (entry 4 of the audit trail)
    - 14 November 2026: Ada put off closed-undone for jira:ARCHBOM-1202 until it changes, 31 March
      2027 at the latest: not this month (entry 5 of the audit trail)
    - 15 November 2026: closed-undone for jira:ARCHBOM-1202, which was put off, came back: its status
      was Closed and is Open (entry 6 of the audit trail)
    - 16 November 2026: somebody accepted occurrence-mismatch for “Token issuer settings differ
      between services” until 31 January 2027 (entry 7 of the audit trail)
    - 17 November 2026: Eve accepted closed-undone for jira:ARCHBOM-1202 of
      token-authentication-is-not-the-default-in-the-lms-0017 until 31 January 2027: elsewhere (entry
      8 of the audit trail)
    - 21 November 2026: jira:ARCHBOM-1202 was asked for: found
    ");
    let challenge = &world.known.documents[0].challenges[2].id;
    insta::assert_snapshot!(story(why_challenge(&report, challenge, style()).unwrap()), @"
    - 3 February 2020: jira:ARCHBOM-1202 was opened: “One issuer setting for all services”
    - 1 September 2020: jira:ARCHBOM-1202 was closed by grace
    - 1 October 2020: jira:ARCHBOM-1202 was opened again by grace
    - 3 May 2021: ada wrote on jira:ARCHBOM-1202: “We gave up.”
      (https://openedx.atlassian.net/browse/ARCHBOM-1202?focusedCommentId=11)
    - 4 May 2021: jira:ARCHBOM-1202 was closed as Done
    - 4 May 2021: jira:ARCHBOM-1202 went In Review → Done by grace
    - about August 2021: met: The new major version of the token library broke sign-in.
      (docs/challenges.md:16:70)
    - 3 October 2026: jira:ARCHBOM-1202 was seen to have changed: reason now “Done”
    - 3 October 2026: jira:ARCHBOM-1202 was judged for the first time: unverified, unclear
    - 3 October 2026: the challenge was judged for the first time: unknown (docs/challenges.md:16:20)
    - 7 November 2026: the verdict on jira:ARCHBOM-1202 went from unverified to undone, likely
    - 7 November 2026: the challenge went from unknown to broken promise (docs/challenges.md:16:20)
    - 7 November 2026: flagged as closed-undone: ARCHBOM-1202 was closed without the work
      (docs/challenges.md:16:120)
    - 10 November 2026: Ada decided that jira:ARCHBOM-1202 is done: it shipped (until then undone, by
      the rules) (entry 1 of the audit trail)
    - 11 November 2026: Grace left jira:ARCHBOM-1202 to the rules again: it was rolled back (until
      then done, by Ada) (entry 2 of the audit trail)
    - 12 November 2026: Ada accepted closed-undone for jira:ARCHBOM-1202 until 31 March 2027: we live
      with it (entry 3 of the audit trail)
    - 13 November 2026: Grace took back the waiver of closed-undone for jira:ARCHBOM-1202, which was
      accepted until 31 March 2027: we do not (entry 4 of the audit trail)
    - 14 November 2026: Ada put off closed-undone for jira:ARCHBOM-1202 until it changes, 31 March
      2027 at the latest: not this month (entry 5 of the audit trail)
    - 15 November 2026: closed-undone for jira:ARCHBOM-1202, which was put off, came back: its status
      was Closed and is Open (entry 6 of the audit trail)
    - 16 November 2026: somebody accepted occurrence-mismatch until 31 January 2027 (entry 7 of the
      audit trail)
    - 21 November 2026: jira:ARCHBOM-1202 was asked for: found
    ");
}
