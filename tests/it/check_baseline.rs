//! The baseline: an old repository starts from where it is, and hears of what is new.

use super::check::acme;
use super::world::{World, noon};

#[tokio::test(flavor = "multi_thread")]
async fn what_the_baseline_holds_fails_nobody_and_what_is_new_does() {
    let world = acme().await;
    let ran = world.run(&["check", "--write-baseline", "base.json"]).await.ended(0);
    assert!(ran.err.contains("wrote 4 findings to `base.json`"), "{}", ran.err);
    insta::assert_snapshot!(std::fs::read_to_string(world.path("base.json")).unwrap(), @r#"
    {
      "schema": 1,
      "challenges": [
        {"id":"builds-are-slow-30f7dc","title":"Builds are slow","tickets":["jira:ARCH-1"],"anecdotes":["a736fb95cb800c65"]},
        {"id":"logins-fail-f6a695","title":"Logins fail","tickets":["jira:ARCH-2"],"anecdotes":["6a24ecb594071018"]},
        {"id":"tests-flake-4ac77d","title":"Tests flake","tickets":["github:acme/rocket#7"],"anecdotes":["6d92f13ce4df8d9a"]}
      ],
      "findings": [
        {"code":"broken-link","challenge":"tests-flake-4ac77d","ticket":"github:acme/rocket#7","fingerprint":"42225b7e14247292"},
        {"code":"closed-undone","challenge":"builds-are-slow-30f7dc","ticket":"jira:ARCH-1","fingerprint":"892a709c0b1d53d7"},
        {"code":"incomplete-anecdote","challenge":"logins-fail-f6a695","fingerprint":"3c5a21e19b7182a8"},
        {"code":"incomplete-anecdote","challenge":"tests-flake-4ac77d","fingerprint":"9d1249a33d33269c"}
      ]
    }
    "#);
    let ran = world.run(&["check", "--baseline", "base.json"]).await.ended(0);
    insta::assert_snapshot!(ran.out, @"
    register.md:3:78: warning closed-undone: ARCH-1 was closed as Won't Do on 1 May 2020 without the work (in the baseline)
        3 | | Pains | Builds are slow | May 3, 2021 (Payments): an hour for a typo | 1 | ARCH-1 |
          |                                                                              ^^^^^^
        hint: reopen ARCH-1, or link the ticket that does the work; if it was done after all, say so in a note
    register.md:5:61: error broken-link: acme/rocket#7 does not exist any more, or never did (in the baseline)
        5 | …20-02-01: red for no reason | 1 | https://github.com/acme/rocket/issues/7 |
          |                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        hint: link the ticket that took the place of acme/rocket#7, or correct the link
    4 findings (1 error, 1 warning, 2 infos) in 3 challenges and 3 tickets; 4 of them in the baseline; -v shows 2 more
    ");
    let ran = world.run(&["check", "--baseline", "base.json", "--only-new"]).await.ended(0);
    assert_eq!(ran.out, "no findings in 3 challenges and 3 tickets\n");
    world.github.deleted("acme/rocket", 8);
    world.write("more.md", "And https://github.com/acme/rocket/issues/8.\n");
    let ran = world.run(&["check", "--baseline", "base.json", "--only-new"]).await.ended(1);
    assert!(ran.out.contains("more.md:1:5: error broken-link") && !ran.out.contains("register.md"), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_move_or_are_reworded_stay_known() {
    let world = acme().await;
    world.run(&["check", "register.md", "--write-baseline", "base.json"]).await.ended(0);
    world.write(
        "renamed.md",
        "# Pains\n\nBelow.\n\n| Issue | Status |\n|---|---|\n\
         | Our builds are much too slow | ARCH-1 |\n\
         | Tests flake | https://github.com/acme/rocket/issues/7 |\n\
         | Logins fail | https://acme.example/browse/ARCH-2 |\n",
    );
    let arguments = ["check", "renamed.md", "--fail-on", "warning", "--baseline", "base.json"];
    let ran = world.run(&arguments).await.ended(0);
    assert!(ran.out.contains("ARCH-1 was closed") && ran.out.contains("(in the baseline)"), "{}", ran.out);
    // Another ticket of the same challenge is another finding.
    world.jira.issue("ARCH-9").status("Closed", "done").resolution("Won't Do", noon("2020-05-01"));
    let text = std::fs::read_to_string(world.path("renamed.md")).unwrap();
    world.write("renamed.md", text.replace("| ARCH-1 |", "| ARCH-1 ARCH-9 |"));
    world.run(&arguments).await.ended(1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_about_no_ticket_stays_known_in_a_document_that_was_renamed() {
    let world = World::new().await;
    world.github.issue("acme/rocket", 1);
    let wrong = "https://github.com/acme/rocket/issues/0";
    world.write("a.md", format!("acme/rocket#1 and {wrong}\n"));
    let strict = ["check", "--fail-on", "warning"];
    let ran = world.run(&strict).await.ended(1);
    assert!(ran.out.contains("warning malformed-reference: "), "{}", ran.out);
    world.run(&["check", "--write-baseline", "base.json"]).await.ended(0);
    std::fs::rename(world.path("a.md"), world.path("b.md")).unwrap();
    let known = [&strict[..], &["--baseline", "base.json"]].concat();
    let ran = world.run(&known).await.ended(0);
    assert!(
        ran.out.contains("b.md:1:19: warning malformed-reference: ") && ran.out.contains("(in the baseline)"),
        "{}",
        ran.out
    );
    assert!(!ran.err.contains("match nothing"), "{}", ran.err);
    // The same once more is another one.
    world.write("c.md", format!("{wrong}\n"));
    world.run(&known).await.ended(1);
    std::fs::remove_file(world.path("c.md")).unwrap();
    world.write("b.md", "acme/rocket#1\n");
    let ran = world.run(&known).await.ended(0);
    assert!(ran.err.contains("1 line of `base.json` match nothing any more: malformed-reference ("), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn stale_lines_are_said_and_pruned_and_an_outage_makes_none() {
    let world = acme().await;
    world.run(&["check", "--write-baseline", "base.json"]).await.ended(0);
    let before = std::fs::read_to_string(world.path("base.json")).unwrap();
    let check = ["check", "register.md", "--baseline", "base.json", "--prune"];
    world.github_stage.refuse().await;
    let ran = world.run(&check).await.ended(3);
    assert_eq!(std::fs::read_to_string(world.path("base.json")).unwrap(), before, "{}", ran.err);
    let world = acme().await;
    world.write("base.json", before);
    world.github.issue("acme/rocket", 7);
    let ran = world.run(&check[..4]).await.ended(0);
    assert!(
        ran.err.contains("1 line of `base.json` match nothing any more: broken-link github:acme/rocket#7"),
        "{}",
        ran.err
    );
    world.run(&check).await.ended(0).complained(&["took 1 line from `base.json`"]);
    assert!(!std::fs::read_to_string(world.path("base.json")).unwrap().contains("broken-link"));
    assert!(!world.run(&check[..4]).await.ended(0).err.contains("match nothing"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_run_in_an_old_repository_proposes_a_baseline() {
    let world = World::new().await;
    world.github.repo("acme/rocket");
    let links: Vec<String> = (1..=30).map(|n| format!("- https://github.com/acme/rocket/issues/{n}\n")).collect();
    world.write("page.md", links.concat());
    let ran = world.run(&["check", "page.md"]).await.ended(1);
    assert_eq!(
        ran.out.lines().last().unwrap(),
        "30 findings (30 errors, 0 warnings, 0 infos) in 0 challenges and 30 tickets"
    );
    assert!(ran.err.contains("dragnet check --write-baseline dragnet-baseline.json"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_baseline_that_is_none_is_a_mistake_of_the_call() {
    let world = acme().await;
    world
        .run(&["check", "--baseline", "none.json"])
        .await
        .ended(2)
        .complained(&["cannot read the baseline `none.json`", "--write-baseline"]);
    for text in ["", "[]", "{\"schema\": 2, \"challenges\": [], \"findings\": []}"] {
        world.write("base.json", text);
        world.run(&["check", "--baseline", "base.json"]).await.ended(2).complained(&["`base.json` is no baseline: "]);
    }
    world.run(&["check", "--only-new"]).await.ended(2).complained(&["--baseline"]);
}
