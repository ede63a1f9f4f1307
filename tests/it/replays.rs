//! Deliveries that come again when nobody remembers them any more.

use dragnet::domain::time::Moment;
use serde_json::{Value, json};

use super::by_hand::ByHand;
use super::daemon::{get, wait_for};
use super::webhooks::{asked, followed, from_jira, updated, world};
use super::world::{World, noon};

/// The last second of a day's first minute after noon.
fn at(day: &str) -> Moment {
    noon(day) + chrono::TimeDelta::seconds(59)
}

/// What leads read at the daemon's moment.
fn read(daemon: &ByHand) -> Value {
    let answer = get(daemon.address, "/report.json").unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    serde_json::from_str(body).unwrap()
}

fn verdicts(report: &Value) -> Vec<String> {
    let tickets = report["tickets"].as_array().unwrap().iter();
    tickets.map(|it| format!("{} {}", it["id"].as_str().unwrap(), it["verdict"].as_str().unwrap())).collect()
}

/// `code ticket` of every finding on a promise.
fn findings(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter().filter(|it| !it["ticket"].is_null());
    findings.map(|it| format!("{} {}", it["code"].as_str().unwrap(), it["ticket"].as_str().unwrap())).collect()
}

/// History, findings of any time, and passes: what a delivery must not add to.
fn written(world: &World) -> [i64; 3] {
    ["ticket_change", "finding", "run"].map(|table| world.sql(&format!("SELECT count(*) FROM {table}")))
}

#[tokio::test(flavor = "multi_thread")]
async fn f2_a_delivery_that_is_replayed_when_nobody_remembers_it_has_one_harmless_effect() {
    let world = world().await;
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1"), ("Tests flake", "2020-01-01: x", "ARCH-2")]);
    world.jira.issue("ARCH-1").updated(noon("2026-05-30"));
    world.jira.issue("ARCH-2").updated(noon("2026-05-30"));
    let daemon = ByHand::serve(&world, at("2026-06-01")).await;
    assert_eq!(daemon.pass(at("2026-06-01")).await.asked, 2);
    // In June the issue is closed without the work, and its tracker tells.
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2026-06-01"));
    assert_eq!(from_jira(daemon.address, "of June", &updated("ARCH-1")), 202);
    followed(&world).await;
    assert_eq!(findings(&read(&daemon)), ["closed-undone jira:ARCH-1"]);
    // In July it is taken up again, which another delivery tells.
    daemon.pass(at("2026-07-05")).await;
    world.jira.issue("ARCH-1").status("In Progress", "indeterminate").updated(noon("2026-07-05"));
    assert_eq!(from_jira(daemon.address, "of July", &updated("ARCH-1")), 202);
    followed(&world).await;
    // Both are asked for by the pass of the day on which the delivery of June is forgotten.
    assert_eq!(daemon.pass(at("2026-07-12")).await.asked, 2);
    let known = || world.sql::<String>("SELECT group_concat(id) FROM delivery");
    wait_for("the removal", || (known() == "of July").then_some(())).await;
    let (before, history) = (read(&daemon), written(&world));
    assert_eq!(verdicts(&before), ["jira:ARCH-1 open", "jira:ARCH-2 open"]);
    assert!(findings(&before).is_empty(), "{before}");

    world.jira_stage.forget();
    for _ in 0..100 {
        assert_eq!(from_jira(daemon.address, "of June", &updated("ARCH-1")), 202);
        assert_eq!(from_jira(daemon.address, "of July", &updated("ARCH-1")), 202);
    }
    followed(&world).await;
    assert_eq!(asked(&world), [["ARCH-1"]], "asked for once more, and not believed");
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM delivery"), 2);
    assert_eq!(written(&world), history);
    assert_eq!(read(&daemon), before, "and nobody reads anything else");
    let lookups = json!({"found": 2, "moved": 0, "gone": 0, "hidden": 0, "unknown": 0});
    assert_eq!(before["counts"]["lookups"], lookups);

    // A change since gets through all the same.
    world.jira.issue("ARCH-2").status("Closed", "done").resolution("Won't Do", noon("2026-07-12"));
    assert_eq!(from_jira(daemon.address, "fresh", &updated("ARCH-2")), 202);
    followed(&world).await;
    let after = read(&daemon);
    assert_eq!(verdicts(&after), ["jira:ARCH-1 open", "jira:ARCH-2 undone"]);
    assert_eq!(findings(&after), ["closed-undone jira:ARCH-2"]);
    daemon.stopped().await;
}
