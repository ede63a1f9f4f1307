//! Answers that are none, answers without an end, answers from elsewhere, and the answers that tickets do have.

use std::time::Duration;

use dragnet::domain::lookup::{LookupKind, TroubleKind};
use dragnet::standin::{GitHub, Mishap, serve};

use super::super::follow_ups::told;
use super::super::whole::acme;
use super::super::world::{World, noon};
use super::Case;

#[tokio::test(flavor = "multi_thread")]
async fn b3_whatever_a_tracker_answers_nothing_known_is_overturned() {
    let world = acme().await;
    world.run(&["sync"]).await.ended(0);
    let before = world.report().await;
    let history: i64 = world.sql("SELECT count(*) FROM ticket_change");
    for mishap in [
        Mishap::Status(401),
        Mishap::Status(403),
        Mishap::Status(404),
        Mishap::Status(500),
        Mishap::Status(503),
        Mishap::RetryAfter(429, "3600".to_owned()),
        Mishap::PrimaryLimit(4_102_444_800),
        Mishap::SecondaryLimit,
        Mishap::LoginPage,
        Mishap::HalfJson,
        Mishap::EmptyBody,
        Mishap::WrongShape,
        Mishap::CutOff,
        Mishap::Redirect("http://127.0.0.1:9/elsewhere".to_owned()),
    ] {
        for stage in [&world.jira_stage, &world.github_stage] {
            stage.fail(mishap.clone());
            let ran = world.run(&["sync"]).await.ended(3);
            assert!(ran.err.contains("warning: "), "{mishap:?}: nothing was said\n{}", ran.err);
            assert!(!ran.err.contains("s3cret"), "{mishap:?}: a secret was said");
            stage.heal();
            world.the_wait_is_over();
        }
        let now = world.report().await;
        for part in ["challenges", "findings"] {
            assert_eq!(now[part], before[part], "{part} after {mishap:?}");
        }
        assert_eq!(now["counts"]["verdicts"], before["counts"]["verdicts"], "{mishap:?}");
        assert_eq!(world.sql::<i64>("SELECT count(*) FROM ticket_change"), history, "{mishap:?}");
        let lookups = now["counts"]["lookups"].as_object().unwrap();
        assert_eq!(lookups.values().map(|number| number.as_u64().unwrap()).sum::<u64>(), 4, "{mishap:?}");
    }
    // And a fresh change gets through afterwards.
    world.jira.issue("ARCH-2").status("Reopened", "indeterminate");
    world.run(&["sync"]).await.ended(0);
    assert!(world.verdicts().await.contains(&"jira:ARCH-2 open (found)".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn b3_what_is_repeated_is_repeated_a_few_times_and_then_given_up() {
    let case = Case::new().await;
    for (mishap, most) in [
        (Mishap::Status(500), 1),
        (Mishap::Status(503), 3),
        (Mishap::CutOff, 3),
        (Mishap::LoginPage, 1),
        (Mishap::EmptyBody, 1),
    ] {
        case.world.jira_stage.fail(mishap.clone());
        let outcome = case.pass().await;
        case.unharmed(&outcome);
        assert!(case.requests().0 <= most, "{mishap:?}");
        case.world.jira_stage.heal();
    }
    // Whatever fails, what was known is shown with its age.
    case.world.jira_stage.refuse().await;
    let outcome = case.pass().await;
    case.unharmed(&outcome);
    let known = &outcome.known.tickets[&"jira:ARCH-1".parse().unwrap()];
    assert_eq!((known.lookup, known.good_at), (LookupKind::Unknown, Some(noon("2026-06-01"))));
    case.world.jira_stage.resume().await.unwrap();
    case.recovers().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b7_credentials_are_shown_to_nobody_else() {
    let mut case = Case::new().await;
    let thief = serve(GitHub::new()).await.unwrap();
    // One that is asked for by REST too, where a redirect may be an answer.
    case.world.github.deleted("acme/rocket", 3);
    case.settle().await;
    for place in ["", "/repos/acme/rocket/issues/3", "/repos/acme/rocket"] {
        for stage in [&case.world.jira_stage, &case.world.github_stage] {
            let there = thief.url.join("/rest/api/3/issue/bulkfetch?page=2").unwrap();
            stage.fail(Mishap::Redirect(there.to_string()).on(place));
            let outcome = case.pass().await;
            case.unharmed(&outcome);
            if place.is_empty() {
                assert!(outcome.pass.lookups[&LookupKind::Unknown] >= 5, "{outcome:?}");
            }
            stage.heal();
        }
        // A link to the next page is not followed anywhere.
        let link = format!("<{}>; rel=\"next\"", thief.url);
        case.world.github_stage.fail(Mishap::Remark(vec![("link".to_owned(), link)]));
        case.unharmed(&case.pass().await);
        case.world.github_stage.heal();
    }
    let made = thief.requests();
    assert!(made.is_empty(), "{made:?}");
    case.recovers().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b8_answers_without_an_end_are_cut_and_the_others_go_on() {
    let mut case = Case::new().await;
    let patience = case.hurry;
    let headers = (0..20_000).map(|number| (format!("x-{number}"), "x".to_owned())).collect();
    for (mishap, kind, says) in [
        (Mishap::Trickle(Duration::from_millis(100)), TroubleKind::Outage, "did not answer within 4 s"),
        (Mishap::Flood(2 * 1024 * 1024), TroubleKind::Misread, "sent more than 1048576 bytes"),
        (Mishap::Bomb(256 * 1024 * 1024), TroubleKind::Misread, "sent more than 1048576 bytes"),
        (Mishap::Remark(headers), TroubleKind::Outage, "broke off"),
        (Mishap::Nested(400_000), TroubleKind::Misread, "JSON"),
    ] {
        for (tracker, stage) in [("github", &case.world.github_stage), ("jira", &case.world.jira_stage)] {
            // Only what never ends is not waited for; a busy machine may take its time over the others.
            case.hurry = if says.ends_with(" s") { Duration::from_secs(4) } else { patience };
            stage.fail(mishap.clone());
            let said = case.troubled_pass(tracker, kind).await;
            assert!(said.contains(says), "{said}");
            stage.heal();
        }
    }
    case.recovers().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b9_what_becomes_of_a_ticket_is_told_apart() {
    let case = Case::new().await;
    let (jira, github) = (&case.world.jira, &case.world.github);
    github.issue("acme/rocket", 1).reopened(noon("2026-05-02"));
    github.transferred("acme/rocket", 2, "acme/engine", 9);
    github.deleted("acme/rocket", 3);
    github.issue("acme/rocket", 4).closed_as("not_planned", noon("2026-05-02"));
    github.issue("acme/rocket", 50);
    github.issue("acme/rocket", 5).closed_as("duplicate", noon("2026-05-02")).duplicate_of(
        "acme/rocket",
        50,
        noon("2026-05-02"),
    );
    jira.issue("ARCH-1").status("To Do", "new");
    jira.moved("ARCH-2", "OPS-9");
    jira.hidden("ARCH-3");
    jira.issue("ARCH-4").status("Closed", "done").resolution("Won't Do", noon("2026-05-02"));
    jira.issue("ARCH-50").status("To Do", "new");
    jira.issue("ARCH-5").status("Closed", "done").resolution("Duplicate", noon("2026-05-02")).duplicates("ARCH-50");
    let outcome = case.pass().await;
    assert!(outcome.pass.run.complete);
    let told: Vec<String> = outcome
        .known
        .tickets
        .iter()
        .map(|(id, known)| {
            let verdict = outcome.judged.tickets[id].verdict;
            format!("{id} {} {}", known.lookup.word(), verdict.word())
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    jira:ARCH-1 found open
    jira:ARCH-2 moved open
    jira:ARCH-3 hidden open
    jira:ARCH-4 found undone
    jira:ARCH-5 found undone
    github:acme/rocket#1 found open
    github:acme/rocket#2 moved open
    github:acme/rocket#3 gone missing
    github:acme/rocket#4 found undone
    github:acme/rocket#5 found undone
    ");
    // A move keeps one history, under the id that documents cite.
    for (id, to) in [("github:acme/rocket#2", "github:acme/engine#9"), ("jira:ARCH-2", "jira:OPS-9")] {
        let known = &outcome.known.tickets[&id.parse().unwrap()];
        assert_eq!(known.moved_to.as_ref().map(ToString::to_string).as_deref(), Some(to));
        let fields: Vec<&str> = known.history.iter().map(|change| change.field.as_str()).collect();
        assert_eq!(fields.iter().filter(|field| **field == "moved_to").count(), 1, "{fields:?}");
        assert!(known.history.len() > 2, "{fields:?}");
    }
    // Told the same again, it is no news.
    let history: i64 = case.world.sql("SELECT count(*) FROM ticket_change");
    let again = case.pass().await;
    assert_eq!(super::verdicts(&again.judged), super::verdicts(&outcome.judged));
    assert_eq!(case.world.sql::<i64>("SELECT count(*) FROM ticket_change"), history);
}

#[tokio::test(flavor = "multi_thread")]
async fn b9_a_ticket_that_is_cited_under_its_old_key_and_its_new_one_is_asked_for_and_flagged_once() {
    for world in [World::new().await, World::with_data_center().await] {
        let rows = [("Slow builds", "2024-05-01: slow", "ARCH-1 OPS-9"), ("Flaky tests", "2024-05-02: red", "OPS-9")];
        world.register(&rows);
        world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2024-02-01"));
        world.jira.moved("ARCH-1", "OPS-9");
        world.run(&["sync"]).await.ended(0);
        world.jira_stage.forget();
        world.run(&["sync"]).await.ended(0);
        let single = |one: &dragnet::standin::Exchange| one.path.contains("/issue/ARCH-1");
        assert!(!world.jira_stage.requests().iter().any(single), "one request tells of both keys");
        let closed = told(&world, "closed-undone").await;
        assert_eq!(closed.len(), 2, "once for each challenge: {closed:?}");
        assert_eq!(told(&world, "moved-ticket").await.len(), 1, "the old key is to be corrected");
        // Each key that is cited is counted, so that what was asked adds up.
        let report = world.report().await;
        assert_eq!((&report["counts"]["tickets"], &report["counts"]["lookups"]["moved"]), (&2.into(), &1.into()));
        let standings: Vec<_> = report["challenges"].as_array().unwrap().iter().map(|one| &one["standing"]).collect();
        assert_eq!(standings, ["broken-promise", "broken-promise"]);
        // What a note says of the old key is told of it.
        world.register(&[("Slow builds", "2024-05-01: slow", "ARCH-1 Note: never done. OPS-9")]);
        world.run(&["sync"]).await.ended(0);
        assert_eq!(told(&world, "closed-undone").await.len(), 2);
    }
}
