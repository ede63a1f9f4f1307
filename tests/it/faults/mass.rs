//! A mass change in one pass: not believed before the next one sees the same and the tracker knows us.

use dragnet::standin::Mishap;

use super::super::world::{World, noon};

/// A register with thirty remedies, all open, and one pass over it.
pub(super) async fn thirty() -> World {
    let world = World::new().await;
    let rows: Vec<(String, String)> =
        (1..=30).map(|number| (format!("Pain number {number}"), format!("ARCH-{number}"))).collect();
    let rows: Vec<_> = rows.iter().map(|(title, key)| (title.as_str(), "2021-01-01: ouch", key.as_str())).collect();
    world.register(&rows);
    for number in 1..=30 {
        world.jira.issue(&format!("ARCH-{number}")).status("To Do", "new");
    }
    world.run(&["sync"]).await.ended(0);
    world
}

fn close(world: &World, count: u64) {
    for number in 1..=count {
        world.jira.issue(&format!("ARCH-{number}")).status("Closed", "done").resolution("Won't Do", noon("2021-05-01"));
    }
}

pub(super) async fn count(world: &World, verdict: &str) -> usize {
    world.verdicts().await.iter().filter(|line| line.contains(&format!(" {verdict} "))).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn b5_most_tickets_closed_at_once_are_believed_when_seen_twice() {
    let world = thirty().await;
    close(&world, 20);
    let ran = world.run(&["sync"]).await.ended(3);
    let ran = ran.complained(&["jira: 20 of 30 tickets turned at once (20 closed): not believed until the next pass"]);
    assert!(ran.out.contains("10 found, 20 unknown"), "{}", ran.out);
    assert_eq!((count(&world, "open").await, count(&world, "undone").await), (30, 0));
    let ran = world.run(&["sync"]).await.ended(0);
    assert!(ran.out.contains("30 found"), "{}", ran.out);
    assert_eq!((count(&world, "open").await, count(&world, "undone").await), (10, 20));
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM parked"), 0);
    let myself = world.jira_stage.requests().iter().filter(|it| it.path.ends_with("/myself")).count();
    assert_eq!(myself, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn b5_a_mass_change_that_was_none_leaves_no_trace() {
    let world = thirty().await;
    let history: i64 = world.sql("SELECT count(*) FROM ticket_change");
    close(&world, 30);
    world.run(&["sync"]).await.ended(3);
    for number in 1..=30 {
        world.jira.issue(&format!("ARCH-{number}")).status("To Do", "new");
    }
    world.run(&["sync"]).await.ended(0);
    assert_eq!(count(&world, "open").await, 30);
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM ticket_change"), history);
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM parked"), 0);
    close(&world, 1);
    world.run(&["sync"]).await.ended(0);
    assert_eq!(count(&world, "undone").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn b5_as_long_as_the_tracker_does_not_know_us_nothing_is_believed() {
    let world = thirty().await;
    close(&world, 25);
    world.jira_stage.fail(Mishap::Status(401).on("myself"));
    for _ in 0..3 {
        world.run(&["sync"]).await.ended(3);
        assert_eq!(count(&world, "open").await, 30);
    }
    world.jira_stage.heal();
    world.run(&["sync"]).await.ended(0);
    assert_eq!(count(&world, "undone").await, 25);
    close(&world, 26);
    world.run(&["sync"]).await.ended(0);
    assert_eq!(count(&world, "undone").await, 26);
}

#[tokio::test(flavor = "multi_thread")]
async fn b5_fewer_are_believed_at_once_and_a_fresh_change_gets_through() {
    let world = thirty().await;
    close(&world, 19);
    world.run(&["sync"]).await.ended(0);
    assert_eq!(count(&world, "undone").await, 19);
}

#[tokio::test(flavor = "multi_thread")]
async fn b5_sixty_percent_at_once_are_believed_on_a_persons_word_and_no_more() {
    let world = thirty().await;
    world
        .run(&["sync", "--confirm", "acme"])
        .await
        .ended(0)
        .complained(&["warning: jira: there is nothing to confirm"]);
    close(&world, 20);
    // A tracker that does not say who we are can confirm nothing by itself.
    world.jira_stage.fail(Mishap::Status(403).on("myself"));
    let ran = world.run(&["sync"]).await.ended(3);
    ran.complained(&["or `dragnet sync --confirm jira` says so"]);
    let ran = world.run(&["sync"]).await.ended(3);
    ran.complained(&["20 tickets that turned at once are not believed, unless `dragnet sync --confirm jira` says so"]);
    assert_eq!(
        (count(&world, "open").await, world.report().await["counts"]["verdicts"]["undone"].as_u64()),
        (30, Some(0))
    );
    world
        .run(&["sync", "--confirm", "nobody"])
        .await
        .ended(2)
        .complained(&["no tracker `nobody`", "hint: choose one of: jira"]);
    world.run(&["sync", "--confirm", "jira"]).await.ended(0);
    assert_eq!((count(&world, "open").await, count(&world, "undone").await), (10, 20));
    // A fresh change gets through without anybody's word.
    close(&world, 22);
    world.run(&["sync"]).await.ended(0);
    assert_eq!(count(&world, "undone").await, 22);
}

/// Who shows no credentials is known by nobody. That another ticket is as it was shows as much.
#[tokio::test(flavor = "multi_thread")]
async fn b5_strangers_believe_what_is_seen_twice_beside_a_ticket_that_is_as_it_was() {
    let world = thirty().await;
    let text = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    world.write("dragnet.toml", text.replace("token_file = \"jira-token\"\n", ""));
    close(&world, 30);
    world.run(&["sync"]).await.ended(3).complained(&["30 of 30 tickets turned at once"]);
    let doubted = "it is asked without credentials, and no ticket is as it was; until one is, 30 tickets";
    for _ in 0..2 {
        world.run(&["sync"]).await.ended(3).complained(&[doubted]);
        assert_eq!(count(&world, "open").await, 30);
    }
    world.jira.issue("ARCH-30").status("To Do", "new");
    world.run(&["sync"]).await.ended(0);
    assert_eq!((count(&world, "open").await, count(&world, "undone").await), (1, 29));
    assert!(world.jira_stage.requests().iter().all(|it| !it.path.ends_with("/myself")));
}
