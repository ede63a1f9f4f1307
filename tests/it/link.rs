//! `why URL`: a verdict and its story from a link alone, without configuration or store, in four requests at most.

use dragnet::standin::{GitHub, Jira, Mishap, Running, serve};

use super::world::{Ran, World, noon};

/// A folder without a configuration.
async fn nowhere() -> World {
    let world = World::new().await;
    std::fs::remove_file(world.path("dragnet.toml")).unwrap();
    world
}

/// Runs `why` on a link, holds it to four requests, and looks that nothing is left behind.
async fn why(world: &World, stage: &Running, arguments: &[&str], code: i32) -> Ran {
    stage.forget();
    let words: Vec<&str> = ["why"].iter().chain(arguments).copied().collect();
    let ran = world.run_with(&[("TOKEN", "github-s3cret")], &words).await.ended(code);
    let requests = stage.requests().len();
    assert!((1..=4).contains(&requests), "{requests} requests");
    assert!(!world.path("dragnet.db").exists());
    ran
}

/// An issue with a story: turned down, opened again, and closed by a merged pull request.
fn slow_start(github: &GitHub) {
    github.pull("acme/rocket", 8).titled("Start faster").opened(noon("2021-05-01")).merged(noon("2021-05-03"));
    github
        .issue("acme/rocket", 7)
        .titled("Slow start")
        .opened(noon("2021-01-01"))
        .comment("grace", "Nobody will do this, closing.", noon("2021-02-01"))
        .closed_as("not_planned", noon("2021-02-01"))
        .reopened(noon("2021-04-01"))
        .closed_as("completed", noon("2021-05-03"))
        .closed_by("grace")
        .closed_by_pull("acme/rocket", 8);
}

/// The story without the day of the asking.
fn told(ran: &Ran) -> String {
    let today = ran.out.lines().filter(|line| !line.contains("was asked for: "));
    today.collect::<Vec<_>>().join("\n").replace(" years ago", " y")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_github_tells_its_story_with_a_token_and_without() {
    let world = nowhere().await;
    slow_start(&world.github);
    let api = world.github_stage.url.to_string();
    let link = "https://github.com/acme/rocket/issues/7#issuecomment-1";
    let stage = &world.github_stage;
    let ran = why(&world, stage, &[link, "--api-url", &api, "--token-env", "TOKEN"], 0).await;
    assert_eq!(stage.requests().len(), 2);
    assert!(ran.err.contains("in 2 requests."), "{}", ran.err);
    insta::assert_snapshot!(told(&ran), @"
    github:acme/rocket#7 “Slow start”
    https://github.com/acme/rocket/issues/7

    ✓ done, likely · closed as completed on 3 May 2021, 5 y

    IN ORDER OF TIME

      - 1 January 2021: github:acme/rocket#7 was opened: “Slow start”
      - 1 February 2021: github:acme/rocket#7 was closed as not planned by octo-closer
      - 1 February 2021: grace wrote on github:acme/rocket#7: “Nobody will do this, closing.”
        (https://github.com/acme/rocket/issues/7#issuecomment-1)
      - 1 April 2021: github:acme/rocket#7 was opened again by octo-author
      - 3 May 2021: github:acme/rocket#7 was closed as completed by grace

    EVIDENCE

      - says done: acme/rocket#7 was closed by acme/rocket#8, which was merged [closing-event] 3 May
        2021 (github:acme/rocket#7)
      - says undone: grace (who closed it) wrote on 1 February 2021 that it will not be done: “Nobody
        will do this, closing.” [closing-words] 1 February 2021 (github:acme/rocket#7)
      - to know: acme/rocket#7 is marked as completed, which GitHub filled in for everything closed
        before reasons existed [github-reason] 3 May 2021 (github:acme/rocket#7)
      - to know: acme/rocket#7 was closed as completed on 3 May 2021 by grace [tracker-state] 3 May 2021
        (github:acme/rocket#7)
    ");

    // Without one by REST, and the same verdict.
    let ran = why(&world, stage, &[link, "--api-url", &api], 0).await;
    assert_eq!(stage.requests().len(), 2);
    assert!(stage.requests().iter().all(|request| !request.headers.contains_key("authorization")));
    insta::assert_snapshot!(told(&ran), @"
    github:acme/rocket#7 “Slow start”
    https://github.com/acme/rocket/issues/7

    ✓ done, likely · closed as completed on 3 May 2021, 5 y

    IN ORDER OF TIME

      - 1 January 2021: github:acme/rocket#7 was opened: “Slow start”
      - 1 February 2021: github:acme/rocket#7 was closed as not planned by octo-closer
      - 1 February 2021: grace wrote on github:acme/rocket#7: “Nobody will do this, closing.”
        (https://github.com/acme/rocket/issues/7#issuecomment-1006000000)
      - 1 April 2021: github:acme/rocket#7 was opened again by octo-author
      - 3 May 2021: github:acme/rocket#7 was closed as completed by grace

    EVIDENCE

      - says done: acme/rocket#7 is mentioned by acme/rocket#8, which was merged at the moment of the
        closing [landed-change] 3 May 2021 (github:acme/rocket#7)
      - says undone: grace (who closed it) wrote on 1 February 2021 that it will not be done: “Nobody
        will do this, closing.” [closing-words] 1 February 2021 (github:acme/rocket#7)
      - to know: acme/rocket#7 is marked as completed, which GitHub filled in for everything closed
        before reasons existed [github-reason] 3 May 2021 (github:acme/rocket#7)
      - to know: acme/rocket#7 was closed as completed on 3 May 2021 by grace [tracker-state] 3 May 2021
        (github:acme/rocket#7)
    ");
    let json = why(&world, stage, &[link, "--api-url", &api, "--format", "json"], 0).await.out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["ticket"]["verdict"], &json["ticket"]["lookup"]), (&"done".into(), &"found".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_timeline_is_read_at_both_ends() {
    let world = nowhere().await;
    let mut issue = world.github.issue("acme/rocket", 7).opened(noon("2020-01-01"));
    for _ in 0..250 {
        issue = issue.comment("ada", "still there?", noon("2020-02-01"));
    }
    issue.closed_as("completed", noon("2021-05-03")).closed_by_commit(&"a".repeat(40));
    let api = world.github_stage.url.to_string();
    let link = "https://github.com/acme/rocket/issues/7";
    let ran = why(&world, &world.github_stage, &[link, "--api-url", &api], 0).await;
    assert_eq!(world.github_stage.requests().len(), 3);
    assert!(ran.out.contains("✓ done"), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_a_jira_says_itself_where_to_ask() {
    let world = nowhere().await;
    for (jira, requests) in [(Jira::cloud(), 3), (Jira::data_center(), 3)] {
        jira.issue("ARCH-1")
            .titled("Faster builds")
            .status("Closed", "done")
            .resolution("Won't Do", noon("2020-05-01"))
            .moved_through(&["To Do", "Closed"], "Grace H", noon("2020-05-01"))
            .comment("Grace H", "We won't do this.", noon("2020-05-01"));
        let stage = serve(jira.clone()).await.unwrap();
        let link = stage.url.join("browse/ARCH-1").unwrap();
        let ran = why(&world, &stage, &[link.as_str()], 0).await;
        assert_eq!(stage.requests().len(), requests);
        assert!(ran.out.contains("✗ undone"), "{}", ran.out);
        assert!(ran.out.contains("1 May 2020: jira:ARCH-1 went To Do → Closed by Grace H"), "{}", ran.out);
        let comment = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
        let expected = format!("Grace H wrote on jira:ARCH-1: “We won't do this.” ({link}?focusedCommentId=1)");
        assert!(comment.contains(&expected), "{comment}");
        assert!(stage.requests().iter().all(|request| !request.headers.contains_key("authorization")));

        // Above the highest of a project that everybody sees, it was never there.
        let ran = why(&world, &stage, &[stage.url.join("browse/ARCH-9").unwrap().as_str()], 0).await;
        assert!(ran.out.contains("missing") && ran.out.contains("its highest ticket is ARCH-1"), "{}", ran.out);
        // Hidden, and away.
        jira.hidden("ARCH-1");
        let ran = why(&world, &stage, &[link.as_str()], 3).await;
        ran.complained(&["error: jira:ARCH-1 is not shown: ", "hint: it may be private"]);
        stage.fail(Mishap::Status(404));
        why(&world, &stage, &[link.as_str()], 3).await.complained(&["error: could not ask for jira:ARCH-1: "]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_told_says_so_with_its_code() {
    let world = nowhere().await;
    slow_start(&world.github);
    world.github.deleted("acme/rocket", 9);
    world.github.private("acme/secret");
    world.github.transferred("acme/rocket", 12, "acme/engine", 3);
    let api = world.github_stage.url.to_string();
    let stage = &world.github_stage;
    for token in [&["--token-env", "TOKEN"][..], &[]] {
        let ask = async |link: &str, code: i32| {
            let words: Vec<&str> = [link, "--api-url", &api].iter().chain(token).copied().collect();
            why(&world, stage, &words, code).await
        };
        let gone = ask("https://github.com/acme/rocket/issues/9", 0).await;
        assert!(gone.out.contains("∅ missing") && gone.out.contains("410"), "{}", gone.out);
        let never = ask("https://github.com/acme/rocket/issues/99", 0).await;
        assert!(never.out.contains("has no issue or pull request #99"), "{}", never.out);
        let moved = ask("https://github.com/acme/rocket/issues/12", 0).await;
        assert!(moved.out.contains("moved to github:acme/engine#3"), "{}", moved.out);
        let hidden = ask("https://github.com/acme/secret/pull/1", 3).await;
        hidden.complained(&["error: github:acme/secret#1 is not shown: ", "GITHUB_TOKEN"]);
    }
    world.github.token("another");
    let words = ["https://github.com/acme/rocket/issues/7", "--api-url", &api, "--token-env", "TOKEN"];
    why(&world, stage, &words, 2).await.complained(&["error: the credentials were refused: "]);
    world.github_stage.refuse().await;
    let words = ["why", "https://github.com/acme/rocket/issues/7", "--api-url", &api];
    let ran = world.run(&words).await.ended(3).complained(&["could not ask for github:acme/rocket#7", "refused"]);
    assert!(ran.out.contains("? unknown"), "{}", ran.out);

    // And what is no ticket at all.
    for nothing in ["https://github.com/acme/rocket", "https://example.com/", "http://127.0.0.1:9/browse/nonsense"] {
        world.run(&["why", nothing]).await.ended(2).complained(&["names no ticket", "expected a link such as"]);
    }
    world.run(&["why", "ARCH-1"]).await.ended(2).complained(&["hint: "]);
    world.run(&["why", "ARCH-1", "--api-url", &api]).await.ended(2).complained(&["--api-url is for a link"]);
    let plain =
        ["why", "https://github.com/acme/rocket/issues/7", "--api-url", "http://192.0.2.1/", "--token-env", "TOKEN"];
    world.run_with(&[("TOKEN", "s3cret")], &plain).await.ended(2).complained(&["refusing to send a token"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_that_claims_the_link_says_where_to_ask() {
    let world = World::new().await;
    slow_start(&world.github);
    let ran = world.run(&["why", "https://github.com/acme/rocket/issues/7"]).await.ended(0);
    assert!(ran.out.contains("✓ done"), "{}", ran.out);
    assert!(!world.path("dragnet.db").exists());
    // What the store knows is told from the store.
    world.write("page.md", "https://github.com/acme/rocket/issues/7\n");
    world.run(&["sync"]).await.ended(0);
    world.github_stage.refuse().await;
    let ran = world.run(&["why", "https://github.com/acme/rocket/issues/7"]).await.ended(0);
    assert!(ran.out.contains("cited in passing"), "{}", ran.out);
}
