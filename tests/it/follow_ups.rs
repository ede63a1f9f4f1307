//! Follow-ups of meetings that nobody took up again.

use super::world::World;

/// The messages of all findings of a code.
pub(crate) async fn told(world: &World, code: &str) -> Vec<String> {
    let report = world.report().await;
    let findings = report["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == code);
    findings.map(|finding| finding["message"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follow_up_that_no_later_meeting_took_up_is_told_to_leads_and_never_in_check() {
    let world = World::new().await;
    world.jira.issue("ARCH-1");
    let notes = "# Notes\n\n## 2024-03-11\n\n- [inform] (Ann) Roadmap\n  - Bob: the registry has new keys\n\n\
                 ## 2024-03-04\n\n- [quest] (Ann) Who looks after the cache?\n  - Action: Bob to rotate the keys of the registry\n  \
                 - Action: Bob to measure how often the cache is cold\n  - Action: Ann to file ARCH-1\n  - [x] Ann tells the other teams\n";
    world.write("notes.md", notes);
    world.run(&["sync"]).await.ended(0);
    assert_eq!(
        told(&world, "dropped-follow-up").await,
        [
            "“measure how often the cache is cold” was agreed on with Bob on 4 March 2024, and the meeting since did not take it up"
        ]
    );
    let report = world.report().await;
    let finding = report["findings"].as_array().unwrap().iter().find(|one| one["code"] == "dropped-follow-up").unwrap();
    assert_eq!((&finding["severity"], &finding["place"]["line"]), (&"info".into(), &12.into()));
    let check = world.run(&["check", "--fail-on", "never", "--format", "json"]).await.ended(0);
    assert!(!check.out.contains("dropped-follow-up"), "{}", check.out);

    // The same meeting in an export of the notes is the same meeting; and a sister page goes on.
    world.write("export.md", notes);
    world.write(
        "notes (2025).md",
        "# Notes\n\n## 2025-01-06\n\n- [inform] (Ann) The cache is cold at night, as Bob measured\n",
    );
    world.run(&["sync"]).await.ended(0);
    assert_eq!(told(&world, "dropped-follow-up").await, Vec::<String>::new());
    std::fs::remove_file(world.path("notes (2025).md")).unwrap();
    world.run(&["sync"]).await.ended(0);
    assert_eq!(told(&world, "dropped-follow-up").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_with_a_challenge_s_words_is_suggested_and_a_meeting_in_two_documents_counts_once() {
    let world = World::new().await;
    world.jira.issue("ARCH-1");
    world.register(&[("Slow builds wait for the cache", "2024-05-01: slow", "ARCH-1")]);
    let notes = "# Notes\n\n## 2024-03-04\n\n- [quest] (Ann) Why do builds wait for a cold cache?\n- [inform] (Bob) ARCH-1: slow builds and the cache\n\
                 - [inform] (Bob) Lunch\n\n## 2024-03-11\n\n- [inform] (Ann) Roadmap\n";
    world.write("notes.md", notes);
    world.write("export.md", notes);
    let ran = world.run(&["sync"]).await.ended(0);
    assert!(ran.out.contains("2 meetings"), "{}", ran.out);
    std::fs::remove_file(world.path("export.md")).unwrap();
    let ran = world.run(&["sync"]).await.ended(0);
    assert!(ran.out.contains("2 meetings"), "{}", ran.out);
    let id = world.report().await["challenges"][0]["id"].as_str().unwrap().to_owned();
    let why: serde_json::Value =
        serde_json::from_str(&world.run(&["why", &id, "--format", "json"]).await.ended(0).out).unwrap();
    let suggested = why["timeline"].as_array().unwrap().iter().filter(|entry| entry["what"] == "suggestion");
    let says: Vec<&str> = suggested.map(|entry| entry["says"].as_str().unwrap()).collect();
    assert_eq!(says, ["perhaps about it, by its words: “Why do builds wait for a cold cache?” (4 March 2024)"]);

    // What links to the challenge belongs to it, and is no guess any more.
    let linked = notes.replace("Why do builds", &format!("Why do [builds](register.md#{id})"));
    world.write("notes.md", linked.replace("Lunch", "[Lunch](register.md#lunch)"));
    world.run(&["sync"]).await.ended(0);
    let why: serde_json::Value =
        serde_json::from_str(&world.run(&["why", &id, "--format", "json"]).await.ended(0).out).unwrap();
    let timeline = why["timeline"].as_array().unwrap();
    assert!(timeline.iter().all(|entry| entry["what"] != "suggestion"), "{why:#}");
    let linked = timeline.iter().filter(|entry| entry["what"] == "topic" && entry["ticket"].is_null());
    let says: Vec<&str> = linked.map(|entry| entry["says"].as_str().unwrap()).collect();
    assert_eq!(says, ["brought up in a meeting, with a link to it: Why do builds wait for a cold cache?"]);
}
