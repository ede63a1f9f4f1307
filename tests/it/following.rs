//! Tickets that closed ones point at: asked for round by round, and what became of them carried back.

use dragnet::standin::{GitHub, Jira};

use super::world::{World, noon};

const ROCKET: &str = "acme/rocket";

fn done(github: &GitHub, number: u64) {
    let merged = noon("2021-04-30");
    github.pull(ROCKET, number + 100).titled("The work").merged(merged);
    github.issue(ROCKET, number).closed_as("completed", merged).closed_by_pull(ROCKET, number + 100);
}

fn undone(github: &GitHub, number: u64) {
    github.issue(ROCKET, number).closed_as("not_planned", noon("2021-04-30"));
}

fn duplicate(github: &GitHub, number: u64, of: u64) {
    let at = noon("2021-05-01");
    github.issue(ROCKET, number).closed_as("duplicate", at).duplicate_of(ROCKET, of, at);
}

/// The only ticket cited, and its verdict.
async fn verdict(world: &World) -> String {
    let verdicts = world.verdicts().await;
    assert_eq!(verdicts.len(), 1, "{verdicts:?}");
    verdicts[0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_on_github_is_judged_by_what_it_duplicates() {
    type Tell = fn(&GitHub);
    let stories: [(&str, Tell, &str, &str); 7] = [
        ("done there", |github| done(github, 5), "done", "which was done"),
        ("undone there", |github| undone(github, 5), "undone", "without the work"),
        ("open there", |github| drop(github.issue(ROCKET, 5)), "undone", "which is open: the work is promised there"),
        (
            "gone there",
            |github| {
                github.issue(ROCKET, 7).comment("octo-closer", "Duplicate of #5.", noon("2021-05-01"));
                github.deleted(ROCKET, 5);
            },
            "unverified",
            "which is gone",
        ),
        (
            "two further",
            |github| {
                duplicate(github, 5, 4);
                duplicate(github, 4, 3);
                done(github, 3);
            },
            "done",
            "which was done",
        ),
        ("in a circle", |github| duplicate(github, 5, 7), "unverified", "nothing shows its work either"),
        (
            "by a comment only, in another repository",
            |github| {
                let at = noon("2021-05-01");
                github.issue(ROCKET, 7).closed(at).comment("octo-closer", "Superseded by acme/ship#2.", at);
                github.pull("acme/ship", 2).titled("The work").merged(at);
            },
            "done",
            "gave way to acme/ship#2, which was done",
        ),
    ];
    for (name, tell, expected, says) in stories {
        let world = World::new().await;
        world.register(&[("Tests flake", "2020-02-01: red", "https://github.com/acme/rocket/issues/7")]);
        if !name.starts_with("by a comment") {
            duplicate(&world.github, 7, 5);
        }
        tell(&world.github);
        world.run(&["sync"]).await.ended(0);
        let why = world.run(&["why", "github:acme/rocket#7"]).await.ended(0).out;
        assert_eq!(verdict(&world).await, format!("github:acme/rocket#7 {expected} (found)"), "{name}\n{why}");
        let flat = why.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(says), "{name}: no `{says}` in\n{why}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_on_jira_is_judged_by_what_it_duplicates() {
    let closed = |jira: &Jira, key: &str, resolution: &str| {
        jira.issue(key).status("Closed", "done").resolution(resolution, noon("2021-05-01"))
    };
    for (last, expected) in [("Fixed", "done"), ("Won't Do", "undone"), ("Duplicate", "unverified")] {
        for world in [World::new().await, World::with_data_center().await] {
            world.register(&[("Tests flake", "2020-02-01: red", "ARCH-7")]);
            closed(&world.jira, "ARCH-7", "Duplicate").link("duplicates", "ARCH-5");
            closed(&world.jira, "ARCH-5", "Duplicate").link("is superseded by", "ARCH-3");
            // Released, so that its own verdict is beyond doubt.
            closed(&world.jira, "ARCH-3", last).fix_version("1.0", last == "Fixed");
            let ran = world.run(&["sync"]).await.ended(0);
            assert!(ran.out.contains("Asked for 3 tickets (2 of them followed)"), "{}", ran.out);
            assert!(ran.out.contains("3 found"), "{}", ran.out);
            assert_eq!(verdict(&world).await, format!("jira:ARCH-7 {expected} (found)"), "{last}");
            // Only what is cited is counted and listed; what is followed is told when asked for.
            let counts = &world.report().await["counts"];
            assert_eq!((&counts["tickets"], &counts["lookups"]["found"]), (&1.into(), &1.into()));
            let why = world.run(&["why", "jira:ARCH-5"]).await.ended(0);
            assert!(why.out.contains("ARCH-3"), "{}", why.out);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_followed_is_asked_again_and_its_news_carry() {
    let world = World::new().await;
    world.register(&[("Tests flake", "2020-02-01: red", "https://github.com/acme/rocket/issues/7")]);
    duplicate(&world.github, 7, 5);
    world.github.issue(ROCKET, 5);
    world.run(&["sync"]).await.ended(0);
    assert_eq!(verdict(&world).await, "github:acme/rocket#7 undone (found)");

    // Known by now, both are asked for in one request, and nothing further.
    world.github_stage.forget();
    world.run(&["sync"]).await.ended(0);
    assert_eq!(world.github_stage.requests().len(), 1);

    done(&world.github, 5);
    world.run(&["sync"]).await.ended(0);
    assert_eq!(verdict(&world).await, "github:acme/rocket#7 done (found)");

    // Open again, it points at nothing.
    world.github.issue(ROCKET, 7).reopened(noon("2026-01-01"));
    let ran = world.run(&["sync"]).await.ended(0);
    assert!(ran.out.contains("Asked for 2 tickets (1 of them followed)"), "{}", ran.out);
    let ran = world.run(&["sync"]).await.ended(0);
    assert!(ran.out.contains("Asked for 1 ticket in"), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_are_followed_to_another_tracker() {
    // A pull request whose link was pasted into a Jira, and a GitHub issue that went on in Jira.
    for (merged, expected) in [(true, "done"), (false, "unverified")] {
        for world in [World::new().await, World::with_data_center().await] {
            world.register(&[("Tests flake", "2020-02-01: red", "ARCH-7")]);
            let at = noon("2021-05-01");
            world.jira.issue("ARCH-7").status("Closed", "done").comment(
                "Ada L",
                "Opened https://github.com/acme/rocket/pull/8 for it",
                noon("2021-04-30"),
            );
            world.jira.issue("ARCH-7").category_changed(at);
            let pull = world.github.pull(ROCKET, 8).titled("Start faster");
            if merged {
                drop(pull.merged(at));
            }
            world.run(&["sync"]).await.ended(0);
            let why = world.run(&["why", "jira:ARCH-7"]).await.ended(0).out;
            assert!(!merged || why.contains("acme/rocket#8"), "{why}");
            assert_eq!(verdict(&world).await, format!("jira:ARCH-7 {expected} (found)"), "{why}");
        }
    }
    let world = World::new().await;
    world.register(&[("Tests flake", "2020-02-01: red", "https://github.com/acme/rocket/issues/7")]);
    let at = noon("2021-05-01");
    world.github.issue(ROCKET, 7).closed_as("not_planned", at).comment(
        "octo-closer",
        "This is tracked in OPS-9 now.",
        at,
    );
    world.jira.issue("OPS-9").status("Closed", "done").resolution("Won't Do", at);
    world.run(&["sync"]).await.ended(0);
    let why = world.run(&["why", "github:acme/rocket#7"]).await.ended(0).out;
    assert!(why.contains("OPS-9, which was closed without the work"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_with_what_is_followed_is_no_evidence_and_a_long_trail_ends() {
    let world = World::new().await;
    world.register(&[("Tests flake", "2020-02-01: red", "https://github.com/acme/rocket/issues/7")]);
    let at = noon("2021-05-01");
    world.github.issue(ROCKET, 7).closed_as("duplicate", at).comment("octo-closer", "Duplicate of OPS-9", at);
    world.jira.hidden("OPS-9");
    world.run(&["sync"]).await.ended(0);
    assert_eq!(verdict(&world).await, "github:acme/rocket#7 unverified (found)");

    let world = World::new().await;
    world.register(&[("Tests flake", "2020-02-01: red", "https://github.com/acme/rocket/issues/20")]);
    for number in 11..=20 {
        duplicate(&world.github, number, number - 1);
    }
    done(&world.github, 10);
    let ran = world.run(&["sync"]).await.ended(0);
    assert!(ran.out.contains("Asked for 5 tickets (4 of them followed)"), "{}", ran.out);
    assert_eq!(verdict(&world).await, "github:acme/rocket#20 unverified (found)");
}
