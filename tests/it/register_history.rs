//! What changed in registers: when a challenge, an anecdote or a note appeared, and from which version on.

use serde_json::Value;

use super::follow_ups::told;
use super::sources_wiki::{Wiki, register};
use super::world::World;

/// `turn of “title” other “text”` of everything that changed.
async fn changes(world: &World) -> Vec<String> {
    let report = world.report().await;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let told = report["register_changes"].as_array().unwrap().iter().map(|one| {
        let title = one["title"].as_str().unwrap();
        let more = [text(&one["text"]).map(|text| format!("“{text}”")), text(&one["other"])];
        let more: Vec<String> = more.into_iter().flatten().collect();
        format!("{} {title} {}", one["turn"].as_str().unwrap(), more.join(" ")).trim().to_owned()
    });
    told.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_come_go_split_and_merge_are_told_and_what_is_added_to_them() {
    let world = World::new().await;
    world.jira.issue("ARCH-1");
    let (locks, disks) = ("2024-05-01: waited for locks", "2024-05-02: waited for disks");
    world
        .register(&[("Slow builds", &format!("{locks}<br>{disks}"), "ARCH-1"), ("Flaky tests", "2024-05-03: red", "")]);
    world.run(&["sync"]).await.ended(0);
    assert_eq!(changes(&world).await, Vec::<String>::new(), "of the first version nothing has changed");
    let id = world.report().await["challenges"][0]["id"].as_str().unwrap().to_owned();

    world.register(&[("Slow builds", locks, "ARCH-1 Note: not done."), ("Disks are slow", disks, "")]);
    world.run(&["sync"]).await.ended(0);
    let expected = [
        "note Slow builds “not done.”".to_owned(),
        format!("split-from Disks are slow {id}"),
        "left Flaky tests".to_owned(),
    ];
    assert_eq!(changes(&world).await, expected);
    world.run(&["sync"]).await.ended(0);
    assert_eq!(changes(&world).await.len(), 3, "nothing is told twice");

    world.register(&[(
        "Builds are slow",
        &format!("{locks}<br>{disks}<br>2024-06-01: again"),
        "ARCH-1 Note: not done.",
    )]);
    world.run(&["sync"]).await.ended(0);
    let expected = [
        "retitled Builds are slow “Slow builds”",
        "anecdote Builds are slow “again”",
        &format!("merged-into Disks are slow {id}"),
    ];
    assert_eq!(changes(&world).await[3..], expected);
    let why = world.run(&["why", &id]).await.ended(0);
    for says in
        ["“Disks are slow” was split off from", "it was called “Slow builds” before", "an anecdote was added: “again”"]
    {
        assert!(why.out.split_whitespace().collect::<Vec<_>>().join(" ").contains(says), "no {says} in {}", why.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_reworded_is_known_by_its_anecdotes() {
    let world = World::new().await;
    let anecdotes = "2024-05-01: waited for locks<br>2024-05-02: waited for disks";
    world.register(&[("Slow builds", anecdotes, "")]);
    world.run(&["sync"]).await.ended(0);
    let id = world.report().await["challenges"][0]["id"].clone();
    world.write("baseline.json", "");
    world.run(&["check", "--fail-on", "never", "--write-baseline", "baseline.json"]).await.ended(0);
    world.register(&[("Contention in CI", &format!("{anecdotes}<br>2024-06-01: red"), "")]);
    world.run(&["sync"]).await.ended(0);
    assert_eq!(world.report().await["challenges"][0]["id"], id);
    let told = ["retitled Contention in CI “Slow builds”", "anecdote Contention in CI “red”"];
    assert_eq!(changes(&world).await, told);
    // A baseline knows it too, wherever it is asked.
    std::fs::remove_file(world.path("dragnet.db")).unwrap();
    let check = ["check", "--fail-on", "info", "--baseline", "baseline.json"];
    world.run(&check).await.ended(0);
    world.register(&[("Contention in CI", "2024-07-01: other things", "")]);
    world.run(&check).await.ended(1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_wiki_and_shared_documents_are_a_series_by_what_they_are_called() {
    let wiki = Wiki::cloud("label = \"notes\"").await;
    let minutes = |date: &str, topic: &str, follow_up: &str| {
        format!("<h2>{date}</h2><ul><li>[quest] (Ann) {topic}<ul>{follow_up}</ul></li></ul>")
    };
    let keys = "<li>Action: Bob to rotate the keys of the registry</li>";
    wiki.pages.page(7, &register("Slow builds", "ARCH-1")).titled(7, "Challenges (2024)").label(7, "notes");
    wiki.pages.page(8, &minutes("2023-12-20", "Keys", keys)).titled(8, "Notes 2023").label(8, "notes");
    wiki.pages.page(9, &minutes("2024-01-08", "Roadmap", "")).titled(9, "Elsewhere 2024").label(9, "notes");
    wiki.pass(0).await;
    assert_eq!(told(&wiki.world, "dropped-follow-up").await, Vec::<String>::new(), "no meeting was held since");
    let id = wiki.world.report().await["challenges"][0]["id"].as_str().unwrap().to_owned();
    wiki.pages.page(10, &minutes("2024-01-10", "Roadmap", "")).titled(10, "Notes 2024").label(10, "notes");
    wiki.pages.page(11, &register("Slow builds", "ARCH-1")).titled(11, "Challenges (2025+)").label(11, "notes");
    wiki.pass(0).await;
    assert_eq!(told(&wiki.world, "dropped-follow-up").await.len(), 1);
    assert_eq!(changes(&wiki.world).await, [format!("carried-over Slow builds {id}")]);
    let taken_up = minutes("2024-01-17", "The keys of the registry are rotated", "");
    wiki.pages.page(10, &taken_up);
    wiki.pass(0).await;
    assert_eq!(told(&wiki.world, "dropped-follow-up").await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_s_change_names_its_version_and_a_sister_s_row_is_carried_over() {
    let wiki = Wiki::cloud("page = 7").await;
    wiki.pages.page(7, &register("Slow builds", "ARCH-1"));
    wiki.pass(0).await;
    wiki.pages.page(7, &register("Slower builds", "ARCH-1"));
    wiki.pass(0).await;
    let report = wiki.world.report().await;
    let change = &report["register_changes"][0];
    assert_eq!((&change["turn"], &change["version"]), (&"retitled".into(), &"2".into()));

    let world = World::new().await;
    world.register(&[("Slow builds", "2024-05-01: slow", "")]);
    std::fs::rename(world.path("register.md"), world.path("register (2024).md")).unwrap();
    world.run(&["sync"]).await.ended(0);
    let id = world.report().await["challenges"][0]["id"].as_str().unwrap().to_owned();
    world.register(&[("Slow builds", "2025-02-01: slow again", ""), ("New pain", "2025-03-01: red", "")]);
    std::fs::rename(world.path("register.md"), world.path("register (2025+).md")).unwrap();
    world.run(&["sync"]).await.ended(0);
    assert_eq!(changes(&world).await, [format!("carried-over Slow builds {id}")]);
}
