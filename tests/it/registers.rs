//! Registers as people keep them, the whole way: whose tickets are whose, and what that makes of a challenge.

use serde_json::Value;

use super::world::{World, noon};

/// Title, standing and tickets of every challenge.
async fn standings(world: &World) -> Vec<String> {
    let report = world.report().await;
    let challenge = |row: &Value| {
        let tickets: Vec<&str> = row["tickets"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        format!("{} {} {}", row["title"].as_str().unwrap(), row["standing"].as_str().unwrap(), tickets.join(" "))
    };
    report["challenges"].as_array().unwrap().iter().map(challenge).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_in_a_column_of_its_own_is_watched() {
    let world = World::new().await;
    let text = "| # | Issue | Status | Ticket | PRs | Seen by |\n|---|---|---|---|---|---|\n\
                | 1 | Builds are slow | DONE | ARCH-1 | | Ann, in OPS-7 |\n\
                | 2 | Tests flake | in progress | | acme/rocket#7 | |\n\
                | 3 | Nobody can log in | open | | | OPS-7 |\n";
    std::fs::write(world.path("register.md"), text).unwrap();
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2020-05-01"));
    world.jira.issue("OPS-7").status("Closed", "done").resolution("Won't Do", noon("2020-05-01"));
    world.github.issue("acme/rocket", 7);
    world.run(&["sync"]).await.ended(0);
    assert_eq!(
        standings(&world).await,
        [
            "Builds are slow broken-promise jira:ARCH-1 jira:OPS-7",
            "Tests flake promised github:acme/rocket#7",
            "Nobody can log in no-remedy jira:OPS-7",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_cell_shares_its_tickets_and_none_of_its_neighbours() {
    let world = World::new().await;
    let page = "<table><tr><th>Issue<th>Status<th>Ticket</tr><tr><td>Slow<td rowspan=2>planned in ARCH-1<td>ARCH-2</tr>\
                <tr><td>Lost<td>ARCH-3</tr></table>";
    std::fs::write(world.path("register.html"), page).unwrap();
    let ran = world.run(&["parse", "register.html", "--project", "ARCH"]).await.ended(0);
    let parsed: Value = serde_json::from_str(&ran.out).unwrap();
    let tickets = |nth: usize| parsed["challenges"][nth]["tickets"].clone();
    assert_eq!(tickets(0), serde_json::json!(["jira:ARCH-1", "jira:ARCH-2"]));
    assert_eq!(tickets(1), serde_json::json!(["jira:ARCH-1", "jira:ARCH-3"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_read_is_told_with_its_place() {
    let world = World::new().await;
    let text = "| Name | Language | JIRA |\n|---|---|---|\n| Streams | Go | ARCH-1 |\n| Queues | Rust | ARCH-2 |\n\n\
                | Component | Description |\n|---|---|\n| Loader | loads |\n\nSee #41 and #42.\n";
    world.write("plan.md", text);
    world.jira.issue("ARCH-1");
    world.jira.issue("ARCH-2");
    let ran = world.run(&["check", "-v", "plan.md"]).await.ended(0);
    assert!(ran.out.contains("plan.md:1:1: info unread-table"), "{}", ran.out);
    assert!(ran.out.contains("its columns are `Name`, `Language`, `JIRA`"), "{}", ran.out);
    assert!(!ran.out.contains("Component"), "{}", ran.out);
    assert!(
        ran.out.contains("plan.md:10:5: info unclaimed-reference: `#41` names no repository (2 times)"),
        "{}",
        ran.out
    );
    let ran = world.run(&["refs", "plan.md"]).await.ended(0);
    assert_eq!(ran.err, "info: plan.md:10:5: `#41` names no repository (2 times)\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_alone_is_an_issue_of_the_repository_that_its_document_lives_in() {
    let world = World::new().await;
    world.configure_sources(&format!(
        "[[source]]\nname = \"handbook\"\nrepo = \"acme/handbook\"\npath = \"pains/*.md\"\napi_url = \"{}\"\n\
         token_file = \"github-token\"\n[[source]]\nname = \"notes\"\npath = \"notes.md\"\n",
        world.github_stage.url
    ));
    let register = |status: &str| format!("| Issue | Status |\n|---|---|\n| Builds are slow | {status} |\n");
    world.github.file("acme/handbook", "main", "pains/a.md", &register("planned in #12, after GH-7"));
    world.write("notes.md", register("see #12"));
    for number in [7, 12] {
        // One of the same number elsewhere is another one.
        world.github.issue("acme/rocket", number);
        world.github.issue("acme/handbook", number).closed_as("not_planned", noon("2020-05-01"));
    }
    world.run(&["sync"]).await.ended(0);
    let verdicts = ["github:acme/handbook#7 undone (found)", "github:acme/handbook#12 undone (found)"];
    assert_eq!(world.verdicts().await, verdicts);
    assert_eq!(
        standings(&world).await,
        ["Builds are slow broken-promise github:acme/handbook#12 github:acme/handbook#7", "Builds are slow no-remedy ",]
    );
    let ran = world.run(&["check", "-v", "--fail-on", "never"]).await.ended(0);
    assert!(ran.out.contains("notes.md:3:25: info unclaimed-reference: `#12` names no repository"), "{}", ran.out);
    let place = "https://github.com/acme/handbook/blob/HEAD/pains/a.md line 3, row “Builds are slow”";
    assert!(ran.out.contains(&format!("{place}: warning closed-undone: ")), "{}", ran.out);
}
