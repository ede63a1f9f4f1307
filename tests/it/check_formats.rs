//! What `check` writes, as files and on standard output, whole.

use dragnet::standin::Mishap;
use serde_json::Value;

use super::check::acme;
use super::world::noon;

#[tokio::test(flavor = "multi_thread")]
async fn text_shows_the_line_and_points_at_the_reference() {
    let world = acme().await;
    let ran = world.run(&["check"]).await.ended(1);
    insta::assert_snapshot!(ran.out, @"
    register.md:3:78: warning closed-undone: ARCH-1 was closed as Won't Do on 1 May 2020 without the work
        3 | | Pains | Builds are slow | May 3, 2021 (Payments): an hour for a typo | 1 | ARCH-1 |
          |                                                                              ^^^^^^
        hint: reopen ARCH-1, or link the ticket that does the work; if it was done after all, say so in a note
    register.md:5:61: error broken-link: acme/rocket#7 does not exist any more, or never did
        5 | …20-02-01: red for no reason | 1 | https://github.com/acme/rocket/issues/7 |
          |                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        hint: link the ticket that took the place of acme/rocket#7, or correct the link
    4 findings (1 error, 1 warning, 2 infos) in 3 challenges and 3 tickets; -v shows 2 more
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_formats_at_once_each_to_its_file() {
    let world = acme().await;
    let formats = ["text", "json=r.json", "sarif=r.sarif", "junit=r.xml", "gitlab=r.gitlab", "rdjson=r.rdjson"];
    let arguments: Vec<&str> = ["check"].into_iter().chain(formats.iter().flat_map(|one| ["--format", one])).collect();
    let ran = world.run(&arguments).await.ended(1);
    assert!(ran.out.contains("error broken-link"), "{}", ran.out);
    let written = |name: &str| std::fs::read_to_string(world.path(name)).unwrap();
    let json = |name: &str| serde_json::from_str::<Value>(&written(name)).unwrap();
    let own = json("r.json");
    assert_eq!(own["findings"].as_array().unwrap().iter().filter(|one| one["fails"] == true).count(), 1);
    let sarif = json("r.sarif");
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results[0]["ruleId"], "broken-link");
    assert_eq!(results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "register.md");
    assert_eq!(json("r.gitlab").as_array().unwrap().len(), results.len());
    assert_eq!(json("r.rdjson")["diagnostics"].as_array().unwrap().len(), results.len());
    let junit = quick_junit::Report::deserialize_from_str(&written("r.xml")).unwrap();
    assert_eq!((junit.tests, junit.failures, junit.errors), (results.len(), 1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn github_gets_annotations_and_the_summary_of_the_job() {
    let world = acme().await;
    world.write("summary.md", "# Before\n");
    let summary = world.path("summary.md").display().to_string();
    let ran = world
        .run_with(&[("GITHUB_STEP_SUMMARY", &summary)], &["check", "register.md", "--format", "github"])
        .await
        .ended(1);
    insta::assert_snapshot!(ran.out, @"
    ::error file=register.md,line=5,col=61,endColumn=100,title=dragnet%3A broken-link::acme/rocket#7 does not exist any more, or never did%0Ahint: link the ticket that took the place of acme/rocket#7, or correct the link
    ::warning file=register.md,line=3,col=78,endColumn=84,title=dragnet%3A closed-undone::ARCH-1 was closed as Won't Do on 1 May 2020 without the work%0Ahint: reopen ARCH-1, or link the ticket that does the work; if it was done after all, say so in a note
    4 findings (1 error, 1 warning, 2 infos) in 3 challenges and 3 tickets
    ");
    insta::assert_snapshot!(std::fs::read_to_string(summary).unwrap().replace('\u{200b}', ""), @r#"
    # Before
    **dragnet**: 4 findings (1 error, 1 warning, 2 infos) in 3 challenges and 3 tickets

    | | Where | What |
    | --- | --- | --- |
    | ✗ fails | `register.md:5:61` | **broken-link** acme/rocket\#7 does not exist any more, or never did<br>link the ticket that took the place of acme/rocket\#7, or correct the link |
    | ! warning | `register.md:3:78` | **closed-undone** ARCH-1 was closed as Won't Do on 1 May 2020 without the work<br>reopen ARCH-1, or link the ticket that does the work; if it was done after all, say so in a note |
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn fingerprints_stay_while_lines_move() {
    let world = acme().await;
    let fingerprints = async || -> Vec<String> {
        world.run(&["check", "--format", "sarif=r.sarif"]).await.ended(1);
        let sarif: Value = serde_json::from_str(&std::fs::read_to_string(world.path("r.sarif")).unwrap()).unwrap();
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        let mut all: Vec<String> = results.iter().map(|one| one["partialFingerprints"].to_string()).collect();
        all.sort();
        all
    };
    let before = fingerprints().await;
    let text = std::fs::read_to_string(world.path("register.md")).unwrap();
    let rows: Vec<&str> = text.lines().collect();
    let moved = [&["# A heading", "", "Some words.", ""], &rows[..2], &[rows[4], rows[2], rows[3]]].concat();
    world.write("register.md", moved.join("\n"));
    assert_eq!(fingerprints().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_start_at_the_root_of_the_checkout() {
    let world = acme().await;
    std::fs::create_dir(world.path(".git")).unwrap();
    std::fs::create_dir(world.path("below")).unwrap();
    for name in ["register.md", "jira-token", "github-token", "dragnet.toml"] {
        std::fs::rename(world.path(name), world.path("below").join(name)).unwrap();
    }
    let ran = world.run(&["check", "--config", "below/dragnet.toml", "--format", "github"]).await.ended(1);
    assert!(ran.out.starts_with("::error file=below/register.md,line=5"), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_tracker_shows_ids_and_verdicts_only() {
    let world = acme().await;
    world.jira.issue("ARCH-1").titled("Marker title").comment(
        "eve",
        "Marker comment: won't do this",
        noon("2020-05-01"),
    );
    let config = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    world.write("dragnet.toml", config.replace("kind = \"jira\"", "kind = \"jira\"\nvisibility = \"private\""));
    for format in ["text", "json", "github", "sarif", "junit", "gitlab", "rdjson", "markdown"] {
        let out = world.run(&["check", "-v", "--format", format]).await.ended(1).out;
        assert!(out.contains("ARCH-1") && !out.contains("Marker"), "{format}: {out}");
    }
    let text = world.run(&["check"]).await.ended(1).out;
    assert!(text.contains("warning closed-undone: ARCH-1: a promised fix was closed, and its work not done"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn why_a_private_tracker_cannot_be_asked_is_not_told_in_its_own_words() {
    let world = acme().await;
    let config = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    world.write("dragnet.toml", config.replace("kind = \"jira\"", "kind = \"jira\"\nvisibility = \"private\""));
    world.jira_stage.fail(Mishap::Status(500));
    let ran = world.run(&["check"]).await.ended(1);
    assert!(ran.err.contains("jira: could not be asked"), "{}", ran.err);
    assert!(!ran.err.contains("500") && !ran.out.contains("500"), "{}{}", ran.out, ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_a_private_tracker_told_shows_nowhere_else_either() {
    let world = acme().await;
    // The names of its resolutions, which a finding on the whole tracker lists.
    world.jira.issue("ARCH-2").status("Closed", "done").resolution("Marker resolution", noon("2020-05-01"));
    // A public ticket whose verdict rests on a private one.
    let at = noon("2021-05-01");
    world.jira.issue("ARCH-9").titled("Marker title").status("Marker state", "done").resolution("Won't Do", at);
    world.github.issue("acme/rocket", 7).closed_as("duplicate", at).comment("octo", "Duplicate of ARCH-9", at);
    let config = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    let shown = world.run(&["check", "-v", "--format", "json"]).await.ended(0).out;
    assert!(shown.contains("Marker resolution") && shown.contains("ARCH-9"), "{shown}");
    world.write("dragnet.toml", config.replace("kind = \"jira\"", "kind = \"jira\"\nvisibility = \"private\""));
    for format in ["text", "json", "github", "sarif", "junit", "gitlab", "rdjson", "markdown", "badge", "shields"] {
        let ran = world.run(&["check", "-v", "--format", format]).await.ended(0);
        for told in ["Marker", "Won't Do"] {
            assert!(!ran.out.contains(told) && !ran.err.contains(told), "{format}: {told}: {}{}", ran.out, ran.err);
        }
    }
}
