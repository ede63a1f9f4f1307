//! Judging the whole store again: nobody is asked, nothing is written, and what would change is shown.

use serde_json::Value;

use super::world::{World, noon};

async fn acme() -> World {
    let world = World::new().await;
    world.register(&[
        ("Builds are slow", "2020-02-01 (Payments): an hour for a typo", "ARCH-1"),
        ("Logins fail", "2020-02-01 (Payments): nobody could log in", "ARCH-2"),
    ]);
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2020-05-01"));
    world.jira.issue("ARCH-2").status("Closed", "done").resolution("Fixed", noon("2020-05-01"));
    world.run(&["sync"]).await.ended(0);
    world.jira_stage.forget();
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn the_verdicts_of_a_store_are_written_as_lines() {
    let world = acme().await;
    let ran = world.run(&["judge", "--store"]).await.ended(0);
    let verdicts: Vec<String> = ran
        .out
        .lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            assert!(line["evidence"].is_array());
            format!("{} {}", line["id"].as_str().unwrap(), line["verdict"].as_str().unwrap())
        })
        .collect();
    assert_eq!(verdicts, ["jira:ARCH-1 undone", "jira:ARCH-2 done"]);
    assert!(world.jira_stage.requests().is_empty());
    world.run(&["judge", "--store", "--format", "text"]).await.ended(2).complained(&["choose one of: json"]);
    world.run(&["judge", "--store", "-"]).await.ended(2).complained(&["cannot be used with"]);
    world.run(&["judge", "--diff", "-"]).await.ended(2).complained(&["cannot be used with"]);
    world.run(&["judge", "--diff"]).await.ended(2).complained(&["--store"]);
    world.run(&["judge"]).await.ended(2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_other_rules_would_change_is_shown_and_not_done() {
    let world = acme().await;
    let diff = world.run(&["judge", "--store", "--diff"]).await.ended(0).out;
    assert_eq!(diff, "0 of 2 verdicts and 0 of 2 standings would change.\n");

    // Rules that thought otherwise, as the store remembers them.
    let store = rusqlite::Connection::open(world.path("dragnet.db")).unwrap();
    store
        .execute_batch(
            "UPDATE verdict SET verdict = 'unverified', confidence = 0.5 WHERE ticket = 'jira:ARCH-1';
             UPDATE standing SET standing = 'unknown' WHERE challenge LIKE 'builds%';
             DELETE FROM verdict WHERE ticket = 'jira:ARCH-2';",
        )
        .unwrap();
    let diff = world.run(&["judge", "--store", "--diff"]).await.ended(0).out;
    insta::assert_snapshot!(diff, @"
    jira:ARCH-1: unverified → undone, likely: ARCH-1 was closed with the resolution “Won't Do”, a decision against the work (https://acme.example/browse/ARCH-1)
    jira:ARCH-2: never judged → done, likely: ARCH-2 was closed with the resolution “Fixed”, which says that the work was done (https://acme.example/browse/ARCH-2)
    register.md:3:11: Builds are slow: unknown → broken promise: ARCH-1 was closed as Won't Do on 1 May 2020 without the work; met once on 1 February 2020
    2 of 2 verdicts and 1 of 2 standings would change.
    ");
    let json = world.run(&["judge", "--store", "--diff", "--format", "json"]).await.ended(0).out;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["judged"], serde_json::json!({"tickets": 2, "challenges": 2}));
    let (first, second) = (&json["tickets"][0], &json["tickets"][1]);
    assert_eq!((&first["before"], &first["after"]), (&"unverified".into(), &"undone".into()));
    assert_eq!((&second["before"], &second["after"]), (&Value::Null, &"done".into()));
    assert_eq!(json["challenges"][0]["after"], "broken-promise");
    // Shown, and not done: the next one shows the same.
    assert_eq!(world.run(&["judge", "--store", "--diff"]).await.ended(0).out, diff);
    assert!(world.jira_stage.requests().is_empty());
}
