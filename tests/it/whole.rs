//! The whole way: documents in, trackers asked, verdicts out, and the exit codes on it.

use dragnet::standin::Mishap;

use super::world::{World, noon};

/// One broken promise, one kept, one open, one mention that was turned down.
pub(crate) async fn acme() -> World {
    let world = World::new().await;
    world.register(&[
        (
            "Builds are slow",
            "May 3, 2021 (Payments): an hour for a typo; see OPS-7",
            "ARCH-1 Note: This was never finished.",
        ),
        ("Logins fail", "2020-02-01: nobody could log in", "https://acme.example/browse/ARCH-2"),
        ("Tests flake", "2020-02-01: red for no reason", "https://github.com/acme/rocket/issues/7"),
    ]);
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Done", noon("2020-05-01"));
    world.jira.issue("ARCH-2").status("Closed", "done").resolution("Fixed", noon("2020-05-01"));
    world.jira.issue("OPS-7").status("Closed", "done").resolution("Won't Do", noon("2020-05-01"));
    world.github.issue("acme/rocket", 7);
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pass_judges_what_the_documents_cite() {
    let world = acme().await;
    let ran = world.run(&["sync"]).await.ended(0);
    assert_eq!(
        ran.out,
        "Read 1 document: 3 challenges, 0 meetings.\n\
         Asked for 4 tickets in 4 requests: 4 found.\n\
         Tickets: 1 open, 1 done, 2 undone.\n\
         Challenges: 1 promised, 1 broken-promise, 1 cleared.\n\
         4 findings. `dragnet report` shows them.\n"
    );
    let report = world.report().await;
    let findings: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| format!("{} {}", finding["code"].as_str().unwrap(), finding["ticket"].as_str().unwrap_or("-")))
        .collect();
    // What was turned down and is only mentioned (OPS-7) breaks nobody's promise.
    assert!(findings.contains(&"closed-undone jira:ARCH-1".to_owned()), "{findings:?}");
    assert!(!findings.iter().any(|finding| finding.contains("OPS-7")), "{findings:?}");
    assert_eq!(report["complete"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn running_again_over_the_same_answers_adds_nothing() {
    let world = acme().await;
    world.run(&["sync"]).await.ended(0);
    let count = |table: &str| world.sql::<i64>(&format!("SELECT count(*) FROM {table}"));
    let before = ["ticket_change", "verdict", "finding"].map(count);
    world.run(&["sync"]).await.ended(0);
    assert_eq!(["ticket_change", "verdict", "finding"].map(count), before);
    world.jira.issue("ARCH-2").status("Open", "new");
    world.run(&["sync"]).await.ended(0);
    assert!(count("ticket_change") > before[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn check_ends_with_0_1_2_or_3() {
    let world = acme().await;
    // Undone is told, and fails nobody.
    world.run(&["check"]).await.ended(0);
    world.run(&["check", "--fail-on", "warning"]).await.ended(1);

    // Proven gone is broken.
    world.github.deleted("acme/rocket", 7);
    let ran = world.run(&["check"]).await.ended(1);
    assert!(ran.out.contains("register.md:5:"), "{}", ran.out);
    assert!(ran.out.contains("error broken-link"), "{}", ran.out);
    world.run(&["check", "--fail-on", "never"]).await.ended(0);

    // 1 goes before 3: what is proven in this run is broken whatever else is down.
    world.jira_stage.refuse().await;
    world.run(&["check"]).await.ended(1).complained(&["jira: ", "connection refused"]);

    // All trackers down: what was proven earlier is shown and fails nobody, unless an age is allowed.
    world.github_stage.refuse().await;
    let ran = world.run(&["check"]).await.ended(3);
    assert!(ran.out.contains("error broken-link"), "{}", ran.out);
    world.run(&["check", "--max-age", "1h"]).await.ended(1);
    world.run(&["check", "--on-unknown", "warn"]).await.ended(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_never_worked_are_a_mistake_and_a_lost_permission_is_not() {
    let world = acme().await;
    world.jira_stage.fail(Mishap::Status(401));
    world.run(&["sync"]).await.ended(2).complained(&["jira: ", "401"]);
    world.run(&["check"]).await.ended(2).complained(&["error: jira refused the credentials"]);
    world.jira_stage.heal();
    world.run(&["sync"]).await.ended(0);
    let before = world.verdicts().await;
    world.jira_stage.fail(Mishap::Status(401));
    world.run(&["sync"]).await.ended(3);
    world.run(&["check"]).await.ended(3);
    assert_eq!(verdicts_only(world.verdicts().await), verdicts_only(before));
}

fn verdicts_only(tickets: Vec<String>) -> Vec<String> {
    tickets.into_iter().map(|ticket| ticket.split(" (").next().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_is_told_with_the_age_of_what_is_shown() {
    let world = acme().await;
    world.run(&["sync"]).await.ended(0);
    world.jira_stage.refuse().await;
    world.run(&["sync"]).await.ended(3).complained(&["warning: jira: ", "connection refused"]);
    let report = world.run(&["report"]).await.ended(0).out;
    assert!(report.starts_with("1 broken promise in 3 challenges"), "{report}");
    assert!(report.contains("connection refused"), "{report}");
    assert_eq!(world.report().await["complete"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moved_ticket_keeps_its_history_and_offers_the_correction() {
    let world = acme().await;
    world.run(&["sync"]).await.ended(0);
    world.github.transferred("acme/rocket", 7, "acme/engine", 3);
    world.jira.moved("ARCH-2", "OPS-99");
    world.run(&["sync"]).await.ended(0);
    let verdicts = world.verdicts().await;
    assert!(verdicts.contains(&"github:acme/rocket#7 open (moved)".to_owned()), "{verdicts:?}");
    assert!(verdicts.contains(&"jira:ARCH-2 done (moved)".to_owned()), "{verdicts:?}");
    let why = world.run(&["why", "acme/rocket#7"]).await.ended(0).out;
    assert!(why.contains("acme/engine#3"), "{why}");
    let check = world.run(&["check", "--fail-on", "never"]).await.ended(0).out;
    assert!(check.contains("moved-ticket") && check.contains("acme/engine#3"), "{check}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_cannot_be_read_keeps_its_last_good_version() {
    let world = acme().await;
    world.run(&["sync"]).await.ended(0);
    world.write("register.md", [0x66, 0xff, 0xfe]);
    world.run(&["sync"]).await.ended(3).complained(&["cannot read", "register.md", "hint: save it as UTF-8"]);
    let report = world.report().await;
    assert_eq!(report["counts"]["challenges"], 3);
    assert!(report["sources"][0]["trouble"].as_str().unwrap().contains("UTF-8"));
    assert!(report["findings"].to_string().contains("unreadable-source"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waived_finding_is_set_aside_until_its_last_day() {
    let world = acme().await;
    let waiver = |until: &str| {
        format!(
            "[[waiver]]\ncode = \"closed-undone\"\nticket = \"jira:ARCH-1\"\nby = \"us\"\nreason = \"later\"\nuntil = {until}"
        )
    };
    world.run(&["sync"]).await.ended(0);
    world.configure(&waiver("2999-01-01"));
    world.run(&["sync"]).await.ended(0);
    let report = world.report().await;
    assert_eq!(report["waived"][0]["finding"]["ticket"], "jira:ARCH-1");
    assert_eq!(report["waived"][0]["reason"], "later");
    assert!(!report["findings"].to_string().contains("closed-undone"));
    for format in ["text", "markdown", "html"] {
        let told = world.run(&["report", "--format", format]).await.ended(0).out.replace('\n', " ");
        assert!(told.contains("by us until 1 January 2999: later"), "{told}");
    }
    // When the decision ends, the finding is as old as it was: no new one begins.
    world.configure("");
    world.run(&["sync"]).await.ended(0);
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM finding WHERE code = 'closed-undone'"), 1);
    world.configure(&waiver("2020-01-01"));
    world.run(&["check"]).await.ended(1);
    let report = world.report().await;
    assert!(report["findings"].to_string().contains("closed-undone"));
    assert!(report["findings"].to_string().contains("expired-waiver"));
}

#[tokio::test(flavor = "multi_thread")]
async fn why_tells_one_verdict_by_any_name() {
    let world = acme().await;
    world.run(&["sync"]).await.ended(0);
    let by_id = world.run(&["why", "jira:ARCH-1"]).await.ended(0).out;
    for name in ["ARCH-1", "https://acme.example/browse/ARCH-1?focusedId=9"] {
        assert_eq!(world.run(&["why", name]).await.ended(0).out, by_id);
    }
    assert!(by_id.contains("never finished"), "{by_id}");
    let challenge = world.report().await["challenges"][0]["id"].as_str().unwrap().to_owned();
    assert!(world.run(&["why", &challenge]).await.ended(0).out.contains("Builds are slow"));
    world.run(&["why", "ARCH-999"]).await.ended(2).complained(&["nothing is known of `ARCH-999`", "hint: "]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_output_of_the_report_is_there() {
    let world = acme().await;
    world.run(&["sync", "--format", "json"]).await.ended(0);
    let html = world.run(&["report", "--format", "html", "--output", "report.html"]).await.ended(0);
    assert_eq!(html.out, "");
    assert!(std::fs::read_to_string(world.path("report.html")).unwrap().starts_with("<!doctype html>"));
    assert!(world.run(&["report", "--format", "markdown"]).await.ended(0).out.contains("Builds are slow"));
    world.run(&["report", "--format", "svg"]).await.ended(2).complained(&["choose one of: text, json, markdown, html"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_named_on_the_command_line_are_checked_without_leaving_anything() {
    let world = acme().await;
    world.write("other.md", "See https://github.com/acme/rocket/issues/8 and ARCH-2.\n");
    let ran = world.run(&["check", "other.md"]).await.ended(1);
    assert!(ran.out.contains("other.md:1:5: error broken-link"), "{}", ran.out);
    assert!(!world.path("dragnet.db").exists());
    // What nobody claims is something all the same.
    world.write("others.md", "https://other.example/browse/BAR-2\n");
    assert!(world.run(&["check", "-v", "others.md"]).await.ended(0).out.contains("unclaimed-reference"));
    world.write("empty.md", "Nothing to see.\n");
    world.run(&["check", "empty.md"]).await.ended(2).complained(&["nothing to check"]);
    world.run(&["check", "none.md"]).await.ended(2).complained(&["cannot read `none.md`: no such file"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_claims_is_said_and_never_called_quiet() {
    let world = World::new().await;
    world.register(&[("Builds are slow", "2020-01-01: x", "FOO-1 https://other.example/browse/BAR-2")]);
    world.run(&["sync"]).await.ended(0);
    let report = world.run(&["report"]).await.ended(0).out;
    assert!(report.contains("No tracker claims FOO, other.example"), "{report}");
    assert!(!report.contains("Enjoy the quiet"), "{report}");
    // What is merely worth knowing is counted, and shown when asked for.
    let brief = world.run(&["check"]).await.ended(0).out;
    assert!(!brief.contains("unclaimed-reference") && brief.ends_with("; -v shows 4 more\n"), "{brief}");
    assert!(world.run(&["check", "-v"]).await.ended(0).out.contains("info unclaimed-reference"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_away_for_a_moment_forgets_nothing() {
    let world = acme().await;
    std::fs::create_dir(world.path("docs")).unwrap();
    std::fs::rename(world.path("register.md"), world.path("docs/register.md")).unwrap();
    let config = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    world.write("dragnet.toml", config.replace("\"*.md\"", "\"docs/*.md\""));
    world.run(&["sync"]).await.ended(0);
    std::fs::rename(world.path("docs"), world.path("away")).unwrap();
    world.run(&["sync"]).await.ended(3).complained(&["`docs/*.md` matches no file"]);
    let report = world.report().await;
    assert_eq!((&report["counts"]["challenges"], &report["counts"]["tickets"]), (&3.into(), &4.into()));
    assert!(report["sources"][0]["trouble"].as_str().unwrap().contains("matches no file"));
    std::fs::rename(world.path("away"), world.path("docs")).unwrap();
    world.run(&["sync"]).await.ended(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_row_in_two_documents_is_two_challenges() {
    let world = acme().await;
    std::fs::copy(world.path("register.md"), world.path("second.md")).unwrap();
    world.run(&["sync"]).await.ended(0);
    let ids = |report: &serde_json::Value| -> Vec<String> {
        report["challenges"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let first = world.report().await;
    let mut different = ids(&first);
    different.sort();
    different.dedup();
    assert_eq!(different.len(), 6);
    let undone = first["findings"].as_array().unwrap().iter().filter(|one| one["code"] == "closed-undone").count();
    assert_eq!(undone, 2);
    // And each keeps its id.
    world.run(&["sync"]).await.ended(0);
    assert_eq!(ids(&world.report().await), ids(&first));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tracker_that_suddenly_hides_everything_is_trouble_and_no_finding() {
    let world = acme().await;
    world.run(&["sync"]).await.ended(0);
    let before = world.report().await;
    for key in ["ARCH-1", "ARCH-2", "OPS-7"] {
        world.jira.hidden(key);
    }
    world.run(&["sync"]).await.ended(3).complained(&["warning: jira: every ticket is hidden"]);
    world.run(&["check"]).await.ended(3);
    let after = world.report().await;
    assert_eq!(after["counts"]["verdicts"], before["counts"]["verdicts"]);
    assert_eq!(after["findings"], before["findings"]);
    assert_eq!(after["complete"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_what_is_hidden_is_not_a_refusal() {
    let world = World::new().await;
    let config = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    world.write("dragnet.toml", config.replace("token_file = \"github-token\"", ""));
    world.github.private("acme/secret");
    world.write("page.md", "https://github.com/acme/secret/issues/1 https://github.com/acme/secret/issues/2");
    let ran = world.run(&["check", "page.md"]).await.ended(3);
    assert!(!ran.err.contains("refused the credentials"), "{}", ran.err);
    assert!(ran.err.contains("every ticket is hidden"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_rests_on_an_old_answer_says_so() {
    let world = acme().await;
    world.github.deleted("acme/rocket", 7);
    world.run(&["check"]).await.ended(1);
    world.github_stage.refuse().await;
    let ran = world.run(&["check"]).await.ended(3);
    let line = ran.out.lines().find(|line| line.contains("broken-link")).unwrap();
    assert!(line.ends_with("; does not count)"), "{line}");
    let json = world.run(&["check", "--format", "json"]).await.ended(3).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let findings = json["findings"].as_array().unwrap();
    let counts = |code: &str| findings.iter().find(|one| one["code"] == code).unwrap()["counts"].clone();
    assert_eq!((counts("broken-link"), counts("closed-undone")), (false.into(), true.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiver_for_another_page_is_no_business_of_a_check_of_this_one() {
    let world = acme().await;
    world.write("other.md", "ARCH-2 was it.\n");
    for until in ["2020-01-01", "2999-01-01"] {
        world.configure(&format!(
            "[[waiver]]\ncode = \"closed-undone\"\nticket = \"jira:ARCH-1\"\nreason = \"later\"\nuntil = {until}"
        ));
        let ran = world.run(&["check", "other.md"]).await.ended(0);
        assert!(!ran.out.contains("waiver"), "{}", ran.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_several_sources_take_is_the_first_ones_and_one() {
    let world = World::new().await;
    world.register(&[("Builds are slow", "2020-02-01 (Payments): an hour", "ARCH-1")]);
    world.jira.issue("ARCH-1");
    world.configure("[[source]]\nname = \"again\"\npath = \"register.md\"\n");
    for _ in 0..2 {
        world.run(&["sync"]).await.ended(0);
        assert_eq!(world.sql::<String>("SELECT group_concat(source) FROM document"), "documents");
        assert_eq!(world.report().await["challenges"].as_array().unwrap().len(), 1);
    }
    // What was judged holds: no source takes the document back from another.
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM judging"), 1);
}
