//! A register in another language: its columns are called what the configuration says.

use super::world::{World, noon};

const ENGLISH: &str = "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n\
    | Builds | Slow builds | 2024-05-01: an hour | 2 | ARCH-1 |\n| | Flaky tests | 2024-05-02: red | 1 | none |\n";
const GERMAN: &str = "| Bereich | Hindernis | Berichte (mit Datum) | Häufigkeit | Maßnahme |\n|---|---|---|---|---|\n\
    | Builds | Slow builds | 2024-05-01: an hour | 2 | ARCH-1 |\n| | Flaky tests | 2024-05-02: red | 1 | none |\n";

const SOURCE: &str = "[[source]]\nname = \"register\"\npath = \"register.md\"\n";
const COLUMNS: &str = "[source.columns]\ncategory = [\"Bereich\"]\ntitle = [\"Hindernis\"]\nanecdotes = [\"Berichte\"]\n\
    occurrences = [\"Häufigkeit\"]\nstatus = [\"Maßnahme\", \"Stand\"]\n";

#[tokio::test(flavor = "multi_thread")]
async fn the_same_register_has_the_same_challenges_once_its_headings_are_named() {
    let world = World::new().await;
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2024-02-01"));
    world.configure_sources(SOURCE);
    world.write("register.md", ENGLISH);
    world.run(&["sync"]).await.ended(0);
    let english = world.report().await;
    assert_eq!(english["challenges"].as_array().map(Vec::len), Some(2));

    world.write("register.md", GERMAN);
    world.run(&["sync"]).await.ended(0);
    assert_eq!(world.report().await["challenges"], serde_json::json!([]), "nobody knows these words");

    // The document is the same as before: what the configuration says of it is not.
    world.configure_sources(&format!("{SOURCE}{COLUMNS}"));
    world.run(&["sync"]).await.ended(0);
    let german = world.report().await;
    for (one, other) in [("english", &english), ("german", &german)] {
        assert_eq!(other["challenges"][0]["standing"], "broken-promise", "{one}");
    }
    let said = |report: &serde_json::Value| {
        let challenges = report["challenges"].as_array().unwrap().iter();
        let part = |row: &serde_json::Value, part: &str| row[part].to_string();
        let parts = ["id", "category", "title", "occurrences", "tickets", "standing"];
        challenges.map(|row| parts.map(|name| part(row, name)).join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(said(&german), said(&english));
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_that_are_given_a_source_s_file_read_it_as_the_source() {
    let world = World::new().await;
    world.jira.issue("ARCH-1");
    world.configure_sources(&format!("{SOURCE}{COLUMNS}"));
    world.write("register.md", GERMAN);
    let parsed = world.run(&["parse", "register.md"]).await.ended(0);
    let parsed: serde_json::Value = serde_json::from_str(&parsed.out).unwrap();
    assert_eq!((&parsed["kind"], &parsed["challenges"][1]["category"]), (&"register".into(), &"Builds".into()));
    let cited = world.run(&["refs", "register.md"]).await.ended(0);
    assert!(cited.out.contains("jira:ARCH-1 remedy, status"), "{}", cited.out);
    let checked = world.run(&["check", "--format", "json", "register.md"]).await.ended(0);
    let checked: serde_json::Value = serde_json::from_str(&checked.out).unwrap();
    assert_eq!(checked["counts"]["challenges"], 2);
    world.run(&["sync"]).await.ended(0);
    let shown = world.run(&["annotate", "register.md"]).await.ended(0);
    assert!(shown.out.contains("ARCH-1<!--dragnet:open-->"), "{}", shown.out);
}

const SPANISH: &str = "| Dolor | Estado | Incidencia | Cambios |\n|---|---|---|---|\n\
    | Slow builds | en curso | ARCH-1 | acme/rocket#7 |\n| Flaky tests | | | |\n";
const TICKETS: &str =
    "[source.columns]\ntitle = [\"Dolor\"]\nstatus = [\"Estado\"]\ntickets = [\"Incidencia\", \"Cambios\"]\n";

#[tokio::test(flavor = "multi_thread")]
async fn columns_of_tickets_are_called_what_the_configuration_says() {
    let world = World::new().await;
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2024-02-01"));
    world.github.issue("acme/rocket", 7);
    world.write("register.md", SPANISH);
    let standing = async || {
        world.run(&["sync"]).await.ended(0);
        world.report().await["challenges"][0]["standing"].clone()
    };
    let without = TICKETS.replace("tickets =", "category =");
    world.configure_sources(&format!("{SOURCE}{without}"));
    assert_eq!(standing().await, "no-remedy", "what other columns cite is no promise");
    world.configure_sources(&format!("{SOURCE}{TICKETS}"));
    let shown = world.run(&["config", "show"]).await.ended(0);
    assert!(shown.out.contains("\"Incidencia\""), "{}", shown.out);
    assert_eq!(standing().await, "promised");
    let refs = world.run(&["refs", "register.md"]).await.ended(0);
    for ticket in ["jira:ARCH-1", "github:acme/rocket#7"] {
        assert!(refs.out.contains(&format!("{ticket} remedy, status")), "{}", refs.out);
    }
}
