//! What other checks of tickets and links get wrong, case by case: the rows of the table in docs/ci.md.

use dragnet::standin::Mishap;

use super::check::acme;
use super::world::{World, noon, repository};

/// A world in which nothing is broken.
async fn fine() -> World {
    let world = acme().await;
    world.github.issue("acme/rocket", 7);
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_is_no_broken_link_and_is_not_pressed() {
    let world = fine().await;
    for stage in [&world.jira_stage, &world.github_stage] {
        stage.fail(Mishap::RetryAfter(429, "120".to_owned()));
    }
    let ran = world.run(&["check"]).await.ended(3).complained(&["a rate limit is reached"]);
    assert!(!ran.out.contains("broken-link"), "{}", ran.out);
    let asked = || (world.jira_stage.requests().len(), world.github_stage.requests().len());
    let before = asked();
    assert!(before.0 <= 2 && before.1 <= 2, "{before:?}");
    // It said when to come back, and is left alone until then, by the next run too.
    world.run(&["check"]).await.ended(3);
    assert_eq!(asked(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_none_proves_neither_that_a_ticket_is_there_nor_that_it_is_gone() {
    for mishap in [Mishap::LoginPage, Mishap::WebPage(404), Mishap::Status(500), Mishap::EmptyBody, Mishap::HalfJson] {
        let world = acme().await;
        world.jira_stage.fail(mishap.clone());
        world.github_stage.fail(mishap.clone());
        let ran = world.run(&["check"]).await.ended(3);
        assert!(!ran.out.contains("broken-link"), "{mishap:?}: {}", ran.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_ticket_or_tracker_keeps_nothing_else_from_being_told() {
    let world = acme().await;
    world.github_stage.fail(Mishap::Status(500));
    let ran = world.run(&["check"]).await.ended(3);
    assert!(ran.out.contains("warning closed-undone: ARCH-1"), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jira_in_another_language_is_read_by_its_keys() {
    let world = fine().await;
    let closed = |key: &str, resolution: &str| {
        let issue = world.jira.issue(key).status("Erledigt", "done").category_called("Fertig");
        issue.resolution(resolution, noon("2020-05-01"))
    };
    closed("ARCH-1", "Won't Do");
    let ran = world.run(&["check"]).await.ended(0);
    assert!(ran.out.contains("warning closed-undone: ARCH-1"), "{}", ran.out);
    // Open in any language is open.
    world.jira.issue("ARCH-1").status("Done (nicht)", "indeterminate").category_called("Done");
    let ran = world.run(&["check"]).await.ended(0);
    assert!(!ran.out.contains("ARCH-1 was closed"), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_asked_for_once_however_often_it_is_cited() {
    let mut requests = Vec::new();
    for times in [1, 50] {
        let world = World::new().await;
        world.github.issue("acme/rocket", 1);
        world.write("page.md", "- https://github.com/acme/rocket/issues/1 acme/rocket#1\n".repeat(times));
        world.run(&["check"]).await.ended(0);
        requests.push(world.github_stage.requests().len());
    }
    assert!(requests[0] > 0 && requests[0] == requests[1], "{requests:?}");
}

#[test]
fn every_row_of_the_table_names_a_test() {
    let page = std::fs::read_to_string(repository("docs/ci.md")).unwrap();
    let (_, table) = page.split_once("## Beside todocheck and lychee").unwrap();
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    assert!(rows.len() >= 12, "{rows:#?}");
    for row in rows {
        let test = row.trim_end_matches([' ', '|']).rsplit('`').nth(1).unwrap();
        let (file, name) = test.split_once("::").unwrap_or_else(|| panic!("{row}"));
        let text = std::fs::read_to_string(repository(&format!("tests/it/{file}.rs"))).unwrap();
        assert!(text.contains(&format!("async fn {name}()")), "{test}");
    }
}
