//! Limits in every form: waited for as told, past the end of a pass too, and spared before they are met.

use dragnet::clock::Clock;
use dragnet::domain::lookup::{LookupKind, TroubleKind};
use dragnet::standin::Mishap;

use super::super::world::World;
use super::Case;

/// A date as HTTP writes it, so many seconds from now by the stand-ins' clock.
fn http_date(seconds: i64) -> String {
    let at = Clock::system().now() + chrono::TimeDelta::seconds(seconds);
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn refusal(status: u16, headers: &[(&str, &str)]) -> Mishap {
    Mishap::Refusal(status, headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn b1_a_pause_that_takes_seconds_is_waited_for_in_place() {
    let case = Case::new().await;
    for pause in ["0", "1", &http_date(-3600), &http_date(1)] {
        case.world.github_stage.fail(Mishap::RetryAfter(429, pause.to_owned()).times(1));
        let outcome = case.pass().await;
        case.unharmed(&outcome);
        assert!(outcome.pass.run.complete, "{pause}: {outcome:?}");
        assert_eq!(case.requests(), (1, 2), "{pause}");
    }
    case.recovers().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b1_a_longer_pause_is_kept_by_later_passes_and_the_others_go_on() {
    let case = Case::new().await;
    // What is asked for, and how long nothing is asked: as told, a minute where that cannot be read, a day at most.
    for (pause, seconds) in
        [("3600", 3600), (&*http_date(7200), 7200), ("abc", 60), ("1000000000", 86_400), ("-5", 60), ("", 60)]
    {
        case.world.github_stage.fail(Mishap::RetryAfter(429, pause.to_owned()).times(1));
        let says = case.troubled_pass("github", TroubleKind::Limit).await;
        assert!(says.contains("answered 429") && says.contains("; it is not asked again before 2026-06-"), "{says}");
        assert_eq!(case.requests(), (1, 1), "{pause}: asked once, and Jira as ever");
        // A good part of it later nobody is asked yet, though GitHub would answer.
        case.later(seconds - 30);
        let says = case.troubled_pass("github", TroubleKind::Limit).await;
        assert!(says.starts_with("not asked before 2026-06-"), "{says}");
        assert_eq!(case.requests(), (1, 0), "{pause}");
        case.later(32);
        let outcome = case.pass().await;
        assert!(outcome.pass.run.complete, "{pause}: {outcome:?}");
        assert_eq!(case.requests(), (1, 1), "{pause}");
    }
    case.recovers().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b1_the_command_says_whom_it_does_not_ask_and_until_when() {
    let case = Case::new().await;
    let world = &case.world;
    world.jira_stage.fail(Mishap::RetryAfter(429, "1000000000".to_owned()));
    let ran = world.run(&["sync"]).await.ended(3);
    ran.complained(&[
        "asks for a pause of 1000000000 s; asking again in a day",
        "jira: ",
        "it is not asked again before",
    ]);
    case.forget();
    let ran = world.run(&["sync"]).await.ended(3).complained(&["warning: jira: not asked before "]);
    assert!(ran.out.contains("5 found, 5 unknown"), "{}", ran.out);
    assert_eq!(case.requests(), (0, 1));
    let rehearsed = world.run(&["sync", "--dry-run"]).await.ended(0).out;
    assert!(rehearsed.contains("jira: 5 tickets not asked for: not asked before "), "{rehearsed}");
    let report = world.run(&["report"]).await.ended(0).out;
    assert!(report.contains("not asked before "), "{report}");
    // Another token has limits of its own.
    world.jira_stage.heal();
    world.write("jira-token", "another\n");
    world.run(&["sync"]).await.ended(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn b2_each_limit_is_kept_until_its_own_end() {
    let case = Case::new().await;
    let reset = (Clock::system().now().timestamp() + 1800).to_string();
    let iso = (Clock::system().now() + chrono::TimeDelta::seconds(1800)).format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let used_up = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", &*reset)];
    for (mishap, kind, seconds) in [
        (refusal(403, &used_up), TroubleKind::Limit, 1800),
        (refusal(429, &used_up), TroubleKind::Limit, 1800),
        (Mishap::SecondaryLimit, TroubleKind::Limit, 60),
        (Mishap::Status(429), TroubleKind::Limit, 60),
        (refusal(503, &[("retry-after", "600")]), TroubleKind::Outage, 600),
    ] {
        case.world.github_stage.fail(mishap.clone());
        case.troubled_pass("github", kind).await;
        assert_eq!(case.requests().1, 1, "{mishap:?}");
        case.later(seconds - 30);
        case.troubled_pass("github", kind).await;
        assert_eq!(case.requests().1, 0, "{mishap:?}");
        case.world.github_stage.heal();
        case.later(32);
        assert!(case.pass().await.pass.run.complete, "{mishap:?}");
        case.forget();
    }
    for (reason, pause, in_place) in [
        ("jira-burst-based", ("retry-after", "1"), true),
        ("jira-quota-tenant-based", ("retry-after", "1"), false),
        ("jira-quota-global-based", ("x-ratelimit-reset", &*iso), false),
    ] {
        case.world.jira_stage.fail(
            Mishap::Refusal(
                429,
                vec![("ratelimit-reason".to_owned(), reason.to_owned()), (pause.0.to_owned(), pause.1.to_owned())],
            )
            .times(1),
        );
        if in_place {
            assert!(case.pass().await.pass.run.complete, "{reason}");
            assert_eq!(case.requests().0, 2);
        } else {
            let says = case.troubled_pass("jira", TroubleKind::Limit).await;
            assert!(says.contains(reason), "{says}");
            assert_eq!(case.requests().0, 1, "{reason}");
            case.later(1802);
        }
    }
    case.recovers().await;
}

/// GitHub's REST has a quota of its own: without it, what GraphQL does not find stays unknown and the rest is told.
#[tokio::test(flavor = "multi_thread")]
async fn b2_one_quota_that_is_used_up_leaves_the_other_as_it_is() {
    let case = Case::new().await;
    case.world.github.deleted("acme/rocket", 4).limits(0, 5000, 60);
    for (rest, graphql) in [(1, 1), (0, 1)] {
        let outcome = case.pass().await;
        case.unharmed(&outcome);
        assert_eq!(outcome.pass.lookups, [(LookupKind::Found, 9), (LookupKind::Unknown, 1)].into());
        let made = case.world.github_stage.requests();
        let asked = made.iter().filter(|it| it.path.starts_with("/graphql")).count();
        assert_eq!((made.len() - asked, asked), (rest, graphql));
        case.forget();
    }
    case.world.github.limits(5000, 5000, 60);
    case.world.the_wait_is_over();
    case.recovers().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reserve_is_left_to_others_who_use_the_same_token() {
    let case = Case::new().await;
    let stop = |headers: &[(&str, &str)]| {
        Mishap::Remark(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    };
    // 501 of 5000 are left, and the pass takes one.
    case.world.github.limits(5000, 5000, 60).spent(4499);
    let outcome = case.pass().await;
    assert!(outcome.pass.run.complete, "what was asked was answered");
    case.forget();
    let says = case.troubled_pass("github", TroubleKind::Limit).await;
    assert!(says.contains("has 500 points left, which are kept for other questions and for others"), "{says}");
    assert_eq!(case.requests(), (1, 0));
    // A smaller reserve, and there is something to be had again.
    let config = std::fs::read_to_string(case.world.path("dragnet.toml")).unwrap();
    case.world.write("dragnet.toml", config.replace("kind = \"github\"", "kind = \"github\"\nreserve = 5"));
    case.world.the_wait_is_over();
    assert!(case.pass().await.pass.run.complete);
    // Jira says that the last fifth has begun, or how much is left.
    for headers in
        [&[("x-ratelimit-nearlimit", "true")][..], &[("x-ratelimit-limit", "100"), ("x-ratelimit-remaining", "10")]]
    {
        case.world.jira_stage.fail(stop(headers).times(1));
        assert!(case.pass().await.pass.run.complete);
        case.forget();
        case.troubled_pass("jira", TroubleKind::Limit).await;
        assert_eq!(case.requests().0, 0);
        case.later(62);
    }
    // A Data Center's bucket fills within seconds: that is waited for.
    let bucket = [
        ("x-ratelimit-limit", "100"),
        ("x-ratelimit-remaining", "9"),
        ("x-ratelimit-interval-seconds", "1"),
        ("x-ratelimit-fillrate", "5"),
    ];
    case.world.jira_stage.fail(stop(&bucket));
    for _ in 0..2 {
        assert!(case.pass().await.pass.run.complete);
    }
    case.recovers().await;
}

/// Sixty an hour: what was left out is asked for first when the hour is over, and a promised fix before a mention.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_sixty_an_hour_go_to_what_was_never_told_of() {
    let case = Case::new().await;
    let world = &case.world;
    let config = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    world.write("dragnet.toml", config.replace("token_file = \"github-token\"", ""));
    let mut mentions = String::from("# Notes\n\n");
    for number in 1001..=1060 {
        world.github.issue("acme/rocket", number);
        mentions += &format!("https://github.com/acme/rocket/issues/{number}\n");
    }
    world.write("a-notes.md", mentions);
    world.github.issue("acme/rocket", 1100);
    world.write(
        "z-more.md",
        "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n\
         | Pains | A pain of today | 2021-01-01: ouch | 1 | https://github.com/acme/rocket/issues/1100 |\n",
    );
    let asked = |world: &World| -> Vec<u64> {
        let path = |path: String| path.rsplit('/').next().unwrap().parse().unwrap();
        world.github_stage.requests().into_iter().map(|it| path(it.path)).collect()
    };
    // Sixty-one that nothing was told of, and five that were told of before.
    let first = case.pass().await;
    assert_eq!(first.pass.lookups, [(LookupKind::Found, 65), (LookupKind::Unknown, 6)].into());
    let order = asked(world);
    assert_eq!((order.len(), order[0], order[1]), (60, 1100, 1001), "the promised fix first");
    case.forget();
    case.pass().await;
    assert_eq!(asked(world), Vec::<u64>::new(), "not before the hour is over");
    case.later(3602);
    world.github.limits(5000, 5000, 60);
    case.pass().await;
    let order = asked(world);
    assert_eq!((order.len(), order[0]), (60, 1060), "what was left out comes first");
    assert_eq!(order[1..6], [1, 2, 3, 4, 5], "then promised fixes, the longest unasked first");
}
