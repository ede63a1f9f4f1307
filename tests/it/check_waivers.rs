//! Waivers that authors write into a document: bound to the row or line, with a reason and an end.

use super::check::acme;
use super::world::World;

const SOON: &str = "<!-- dragnet: ignore closed-undone until 2999-01-31: the rewrite comes -->";

/// Writes what stands behind the first row's ticket.
fn note(world: &World, mark: &str) {
    let text = std::fs::read_to_string(world.path("register.md")).unwrap();
    let rows: Vec<String> = text
        .lines()
        .map(|line| line.split(" <!--").next().unwrap().trim_end_matches([' ', '|']).to_owned() + " |")
        .collect();
    let with = |(nth, row): (usize, &String)| {
        if nth == 2 { row.replace("ARCH-1 |", &format!("ARCH-1 {mark} |")) } else { row.clone() }
    };
    world.write("register.md", rows.iter().enumerate().map(with).collect::<Vec<_>>().join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_marker_in_a_row_accepts_what_is_found_of_that_row() {
    let world = acme().await;
    world.github.issue("acme/rocket", 7);
    world.configure("[severity]\nstale-ticket = \"off\"");
    world.run(&["check", "--fail-on", "warning"]).await.ended(1);
    note(&world, SOON);
    let ran =
        world.run(&["check", "--fail-on", "warning", "--format", "text", "--format", "sarif=r.sarif"]).await.ended(0);
    assert!(!ran.out.contains("closed-undone"), "{}", ran.out);
    let sarif: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(world.path("r.sarif")).unwrap()).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let suppressed: Vec<_> = results.iter().filter(|one| one["suppressions"].is_array()).collect();
    assert_eq!(suppressed.len(), 1);
    assert_eq!(suppressed[0]["suppressions"][0]["kind"], "inSource");
    assert!(suppressed[0]["suppressions"][0]["justification"].as_str().unwrap().starts_with("the rewrite comes"));
    // What is wrong in the row and of no challenge is covered too.
    let zero = SOON.replace("closed-undone", "malformed-reference");
    world.write("zero.md", format!("| Issue | Status |\n|---|---|\n| Slow | ARCH-0 {zero} |\n"));
    world.run(&["check", "zero.md", "--no-network", "--fail-on", "warning"]).await.ended(0);
    std::fs::remove_file(world.path("zero.md")).unwrap();
    // The daemon and its reports hear of it as well.
    let waived = world.report().await["waived"].clone();
    assert_eq!((waived.as_array().unwrap().len(), &waived[0]["from"]), (1, &"register.md:3:85".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_marker_that_ran_out_fails_and_one_that_matches_nothing_is_said() {
    let world = acme().await;
    world.github.issue("acme/rocket", 7);
    note(&world, &SOON.replace("2999", "2020"));
    let ran = world.run(&["check"]).await.ended(1);
    assert!(
        ran.out.contains("register.md:3:85: error expired-waiver: the waiver of `closed-undone` for builds-are-slow"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("ran out on 31 January 2020 (the rewrite comes; register.md:3:85)"), "{}", ran.out);
    note(&world, &SOON.replace("closed-undone", "stale-ticket"));
    let ran = world.run(&["check"]).await.ended(0);
    assert!(ran.out.contains("register.md:3:85: warning unused-waiver"), "{}", ran.out);
    let tomorrow = (dragnet::clock::Clock::system().now() + chrono::TimeDelta::days(1)).format("%F").to_string();
    note(&world, &SOON.replace("2999-01-31", &tomorrow));
    let ran = world.run(&["check", "-v"]).await.ended(0);
    assert!(ran.out.contains("ending-waiver"), "{}", ran.out);
    // What was meant as a waiver and is none accepts nothing, and is told without the network too.
    note(&world, "<!-- dragnet: ignore closed-undone: because -->");
    let ran = world.run(&["check", "--no-network"]).await.ended(0);
    assert!(ran.out.contains("register.md:3:85: warning malformed-row: this accepts nothing"), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_marker_in_prose_covers_its_line_or_the_next() {
    let world = acme().await;
    let mark = SOON.replace("closed-undone", "broken-link");
    let link = "https://github.com/acme/rocket/issues/7";
    for (text, code) in [
        (format!("See {link}.\n"), 1),
        (format!("See {link}. {mark}\n"), 0),
        (format!("{mark}\n\nSee {link}.\n"), 0),
        (format!("See {link}.\n\n{mark}\n"), 1),
        (format!("See {link}.\n\nAnd ARCH-2. {mark}\n"), 1),
    ] {
        world.write("page.md", &text);
        world.run(&["check", "page.md"]).await.ended(code);
    }
}

/// A waiver of the configuration.
fn configured(code: &str, about: &str) -> String {
    format!("[[waiver]]\ncode = \"{code}\"\n{about}\nreason = \"later\"\nuntil = 2999-01-01\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_makes_no_waiver_idle() {
    let strict = ["check", "--fail-on", "warning"];
    let of_ticket = configured("closed-undone", "ticket = \"jira:ARCH-1\"");
    for (waiver, mark) in [(of_ticket.as_str(), ""), ("", SOON)] {
        let world = acme().await;
        world.github.issue("acme/rocket", 7);
        let quiet = "[severity]\nstale-ticket = \"off\"\nrecurred-after-close = \"off\"\n";
        world.configure(&format!("{quiet}{waiver}"));
        note(&world, mark);
        // Nothing was ever told of the ticket: nobody knows what the waiver is good for.
        world.jira_stage.refuse().await;
        world.run(&strict).await.ended(3);
        let ran = world.run(&[&strict[..], &["--on-unknown", "warn"]].concat()).await.ended(0);
        assert!(!ran.out.contains("waiver"), "{}", ran.out);
        let nobody = ["--server", "http://127.0.0.1:9"];
        world.run(&[&strict[..], &nobody].concat()).await.ended(3);
        world.jira_stage.resume().await.unwrap();
        world.run(&strict).await.ended(0);
        // And what is known is too old to tell.
        world.jira_stage.refuse().await;
        world.run(&strict).await.ended(3);
        world.jira_stage.resume().await.unwrap();
        world.jira.issue("ARCH-1").status("Closed", "done").resolution("Fixed", super::world::noon("2020-05-01"));
        let ran = world.run(&strict).await.ended(1);
        assert!(ran.out.contains("warning unused-waiver"), "{}", ran.out);
        world.jira_stage.refuse().await;
        let ran = world.run(&strict).await.ended(3);
        assert!(!ran.out.contains("unused-waiver"), "{}", ran.out);
    }
}
