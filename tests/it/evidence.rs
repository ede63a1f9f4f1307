//! Evidence on other trackers for closed Jira remedies whose own record shows no work.

use dragnet::standin::{GitHub, Mishap};
use serde_json::Value;

use super::world::{World, noon};

const REPOS: &str = "evidence_repos = [\"acme/rocket\", \"acme-labs/*\"]";

/// One closed remedy of which Jira tells nothing but that.
async fn both() -> [World; 2] {
    let worlds = [World::new().await, World::with_data_center().await];
    for world in &worlds {
        world.configure(REPOS);
        world.github.repo("acme/rocket").repo("acme-labs/x");
        world.register(&[("Tests flake", "2020-02-01: red", "ARCH-1")]);
        let at = noon("2021-05-01");
        world.jira.issue("ARCH-1").status("Closed", "done").category_changed(at).moved_through(
            &["In Progress", "Closed"],
            "Grace H",
            at,
        );
    }
    worlds
}

async fn verdict(world: &World) -> String {
    let verdicts = world.verdicts().await;
    assert_eq!(verdicts.len(), 1, "{verdicts:?}");
    verdicts[0].trim_start_matches("jira:ARCH-1 ").to_owned()
}

fn searches(world: &World) -> usize {
    let asked = world.github_stage.requests();
    asked.iter().filter(|it| String::from_utf8_lossy(&it.request).contains("query Evidence")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn merged_pull_requests_that_name_the_key_are_found() {
    type Tell = fn(&World);
    let stories: [(&str, Tell, &str); 9] = [
        (
            "in its title",
            |w| drop(w.github.pull("acme/rocket", 8).titled("ARCH-1: faster").merged(noon("2021-04-30"))),
            "done",
        ),
        (
            "in its branch",
            |w| drop(w.github.pull("acme-labs/x", 8).branch("arch-1-faster").merged(noon("2021-04-30"))),
            "done",
        ),
        (
            "in its text",
            |w| drop(w.github.pull("acme/rocket", 8).body("See ARCH-1.").merged(noon("2021-04-30"))),
            "done",
        ),
        (
            "another key",
            |w| drop(w.github.pull("acme/rocket", 8).titled("ARCH-12: x").merged(noon("2021-04-30"))),
            "unverified",
        ),
        (
            "not merged",
            |w| drop(w.github.pull("acme/rocket", 8).titled("ARCH-1: x").closed_unmerged(noon("2021-04-30"))),
            "unverified",
        ),
        (
            "elsewhere",
            |w| drop(w.github.pull("acme/ship", 8).titled("ARCH-1: x").merged(noon("2021-04-30"))),
            "unverified",
        ),
        (
            "long after",
            |w| drop(w.github.pull("acme/rocket", 8).titled("ARCH-1: x").merged(noon("2023-04-30"))),
            "unverified",
        ),
        (
            "only in a comment",
            |w| {
                drop(w.github.pull("acme/rocket", 8).merged(noon("2021-04-30")).comment(
                    "ada",
                    "ARCH-1?",
                    noon("2021-05-01"),
                ));
            },
            "unverified",
        ),
        (
            "and taken out again",
            |w| {
                let title = "ARCH-1: start much faster";
                w.github.pull("acme/rocket", 8).titled(title).merged(noon("2021-04-29"));
                w.github.pull("acme/rocket", 9).titled(&format!("Revert \"{title}\"")).merged(noon("2021-04-30"));
            },
            "undone",
        ),
    ];
    for (name, tell, expected) in stories {
        for world in both().await {
            tell(&world);
            world.run(&["sync"]).await.ended(0);
            let why = world.run(&["why", "jira:ARCH-1"]).await.ended(0).out;
            assert_eq!(verdict(&world).await, format!("{expected} (found)"), "{name}\n{why}");
            assert_eq!(
                why.contains("acme/rocket#8") || why.contains("acme-labs/x#8"),
                expected != "unverified",
                "{why}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_looked_for_once_a_closing() {
    for world in both().await {
        world.run(&["sync"]).await.ended(0);
        world.run(&["sync"]).await.ended(0);
        assert_eq!(searches(&world), 1);
        // A comment is no new closing; a new closing is one, and so are other repositories.
        world.jira.issue("ARCH-1").comment("Ada L", "Any news?", noon("2021-06-01"));
        world.run(&["sync"]).await.ended(0);
        assert_eq!(searches(&world), 1);
        world.configure("evidence_repos = [\"acme/rocket\"]");
        world.run(&["sync"]).await.ended(0);
        assert_eq!(searches(&world), 2);
        world.jira.issue("ARCH-1").resolution("Fixed", noon("2021-07-01"));
        world.github.pull("acme/rocket", 8).titled("ARCH-1: faster").merged(noon("2021-06-30"));
        world.run(&["sync"]).await.ended(0);
        assert_eq!((searches(&world), verdict(&world).await.as_str()), (3, "done (found)"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_fails_has_told_nothing() {
    for mishap in [Mishap::Status(500), Mishap::Status(403), Mishap::HalfJson, Mishap::WrongShape] {
        let [world, _] = both().await;
        world.github.pull("acme/rocket", 8).titled("ARCH-1: faster").merged(noon("2021-04-30"));
        world.github_stage.fail(mishap.clone());
        let ran = world.run(&["sync"]).await;
        assert!(ran.err.contains("github"), "{mishap:?}: {}", ran.err);
        assert_eq!(verdict(&world).await, "unverified (found)", "{mishap:?}");
        assert_eq!(world.sql::<i64>("SELECT count(*) FROM elsewhere"), 0, "{mishap:?}");
        let judged = || world.sql::<String>("SELECT since FROM judging");
        let since = judged();
        world.run(&["sync"]).await;
        assert_eq!(judged(), since, "{mishap:?}: nothing came, and nothing is judged anew");
        world.github_stage.heal();
        world.run(&["sync"]).await.ended(0);
        assert_eq!(verdict(&world).await, "done (found)", "{mishap:?}");
    }
}

/// A search of what is not shown finds nothing, and does not say why: it was not searched.
#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_is_not_shown_was_not_searched() {
    type Hide = fn(&GitHub) -> &GitHub;
    let hidings: [(Hide, &str); 4] = [
        (|github| github.private("acme/rocket"), "acme/rocket"),
        (|github| github.issues_withheld("acme/rocket"), "acme/rocket"),
        (|github| github.single_sign_on("acme/rocket"), "acme/rocket"),
        (|github| github.private("acme-labs/x"), "acme-labs/*"),
    ];
    for (hide, place) in hidings {
        let [world, _] = both().await;
        let home = if place == "acme/rocket" { place } else { "acme-labs/x" };
        world.github.pull(home, 8).titled("ARCH-1: faster").merged(noon("2021-04-30"));
        hide(&world.github);
        let mut judged = None;
        for _ in 0..3 {
            let ran = world.run(&["sync"]).await.ended(0);
            let since = world.sql::<String>("SELECT since FROM judging");
            assert_eq!(*judged.get_or_insert(since.clone()), since, "nothing came: nothing is judged anew");
            let says = format!("github: no evidence is looked for in {place}: not shown to these credentials");
            assert!(ran.err.contains(&says), "{}", ran.err);
            assert_eq!((searches(&world), verdict(&world).await.as_str()), (1, "unverified (found)"), "{place}");
        }
        // What is shown again is searched.
        world.github.public(home);
        let ran = world.run(&["sync"]).await.ended(0);
        assert!(!ran.err.contains("not shown"), "{}", ran.err);
        assert_eq!((searches(&world), verdict(&world).await.as_str()), (2, "done (found)"), "{place}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_tickets_that_need_it_are_looked_for() {
    for world in both().await {
        let at = noon("2021-05-01");
        world.register(&[
            ("A", "2020-02-01: red; see OPS-3", "ARCH-1"),
            ("B", "2020-02-01: red", "ARCH-2"),
            ("C", "2020-02-01: red", "ARCH-3"),
        ]);
        world.jira.issue("ARCH-2").status("Closed", "done").resolution("Won't Do", at);
        world.jira.issue("ARCH-3");
        world.jira.issue("OPS-3").status("Closed", "done");
        world.run(&["sync"]).await.ended(0);
        let keys: Vec<Value> = world
            .github_stage
            .requests()
            .iter()
            .filter_map(|it| serde_json::from_slice::<Value>(&it.request).ok())
            .filter(|query| query["query"].as_str().is_some_and(|query| query.starts_with("query Evidence")))
            .map(|query| query["variables"].clone())
            .collect();
        let words = "is:pr is:merged \"ARCH-1\" repo:acme/rocket user:acme-labs";
        assert_eq!(keys, [serde_json::json!({"q0": words})]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pull_requests_linked_beside_a_ticket_are_asked_for() {
    for (merged, expected) in [(true, "done"), (false, "unverified")] {
        for world in both().await {
            world.configure("");
            world.jira.issue("ARCH-1").remote_link("Pull 8", "https://github.com/acme/rocket/pull/8");
            world.jira.issue("ARCH-1").remote_link("Wiki", "https://wiki.example/pull/1");
            let pull = world.github.pull("acme/rocket", 8).titled("Start faster");
            if merged {
                drop(pull.merged(noon("2021-04-30")));
            }
            let ran = world.run(&["sync"]).await.ended(0);
            assert!(ran.out.contains("Asked for 2 tickets (1 of them followed)"), "{}", ran.out);
            assert_eq!(verdict(&world).await, format!("{expected} (found)"));
            let links = |world: &World| {
                world.jira_stage.requests().iter().filter(|it| it.path.ends_with("/remotelink")).count()
            };
            world.run(&["sync"]).await.ended(0);
            assert_eq!(links(&world), 1);
            // A closer look at the ticket keeps them.
            world.jira.issue("ARCH-1").comment("Ada L", "Thanks!", noon("2021-06-01"));
            world.run(&["sync"]).await.ended(0);
            assert_eq!((links(&world), verdict(&world).await), (1, format!("{expected} (found)")));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_counts_it() {
    let [world, _] = both().await;
    let ran = world.run(&["sync", "--dry-run"]).await.ended(0);
    assert!(ran.out.contains("jira: 1 ticket in 1 request, then at most 1 request to look at 1 closing at most, then at most 1 request for evidence of closed remedies."), "{}", ran.out);
    assert!(ran.out.contains("github: 0 tickets in 0 requests, then at most 2 requests for evidence"), "{}", ran.out);
    world.run(&["sync"]).await.ended(0);
    let ran = world.run(&["sync", "--dry-run"]).await.ended(0);
    assert!(!ran.out.contains("evidence"), "{}", ran.out);
}

/// Trouble with a place that nobody wants searched any more is no trouble.
#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_taken_out_again_leaves_no_warning_behind() {
    let [world, _] = both().await;
    world.github.private("acme-labs/x");
    let ran = world.run(&["sync"]).await.ended(0);
    assert!(ran.err.contains("no evidence is looked for in acme-labs/*"), "{}", ran.err);
    assert!(world.run(&["status"]).await.ended(0).out.contains("acme-labs/*"));
    world.configure("evidence_repos = [\"acme/rocket\"]");
    let ran = world.run(&["sync"]).await.ended(0);
    assert!(!ran.err.contains("acme-labs"), "{}", ran.err);
    assert_eq!(searches(&world), 1, "what was searched is searched no more");
    let status = world.run(&["status"]).await.ended(0).out;
    assert!(!status.contains("acme-labs"), "{status}");
}

/// A change that nobody reverted when it was found may be reverted any day after it.
#[tokio::test(flavor = "multi_thread")]
async fn what_takes_work_out_again_is_seen_by_full_passes() {
    type Tell = fn(&World);
    let stories: [(&str, Tell, &str); 2] = [
        (
            "found by its branch; the revert names the pull request alone",
            |w| {
                let pull = w.github.pull("acme/rocket", 8).titled("Faster");
                pull.branch("arch-1-faster").merged(noon("2021-04-30"));
            },
            "UPDATE elsewhere SET looked_at = '2021-05-02T12:00:00Z'",
        ),
        (
            "linked beside the ticket",
            |w| {
                w.configure("");
                w.jira.issue("ARCH-1").remote_link("Pull 8", "https://github.com/acme/rocket/pull/8");
                w.github.pull("acme/rocket", 8).titled("Faster").merged(noon("2021-04-30"));
            },
            "UPDATE ticket SET last_look = '2021-05-02T12:00:00Z' WHERE id LIKE 'github:%'",
        ),
    ];
    for (name, tell, long_ago) in stories {
        for world in both().await {
            tell(&world);
            world.run(&["sync"]).await.ended(0);
            assert_eq!(verdict(&world).await, "done (found)", "{name}");
            world.github.pull("acme/rocket", 8).reverted_by(9, noon("2021-06-01"));
            world.run(&["sync", "--full"]).await.ended(0);
            assert_eq!(verdict(&world).await, "done (found)", "{name}: looked at a moment ago");
            rusqlite::Connection::open(world.path("dragnet.db")).unwrap().execute_batch(long_ago).unwrap();
            world.run(&["sync"]).await.ended(0);
            assert_eq!(verdict(&world).await, "done (found)", "{name}: passes on schedule have no time for that");
            world.run(&["sync", "--full"]).await.ended(0);
            let why = world.run(&["why", "jira:ARCH-1"]).await.ended(0).out;
            assert_eq!(verdict(&world).await, "undone (found)", "{name}\n{why}");
            assert!(why.contains("acme/rocket#9 “Revert \"Faster\"” was merged"), "{name}\n{why}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_of_the_search_is_waited_for_and_leaves_what_else_is_known() {
    for mishap in [Mishap::SecondaryLimit, Mishap::PrimaryLimit(4_102_444_800)] {
        let [world, _] = both().await;
        world.github.pull("acme/rocket", 8).titled("ARCH-1: faster").merged(noon("2021-04-30"));
        world.github_stage.fail(mishap.clone().on_body("query Evidence"));
        for _ in 0..3 {
            world.run(&["sync"]).await.ended(0).complained(&["a rate limit is reached"]);
            assert_eq!(verdict(&world).await, "unverified (found)", "{mishap:?}");
        }
        assert_eq!(searches(&world), 1, "{mishap:?}: nobody searches before the limit is over");
        world.github_stage.heal();
        world.the_wait_is_over();
        world.run(&["sync"]).await.ended(0);
        assert_eq!(verdict(&world).await, "done (found)", "{mishap:?}");
    }
}
