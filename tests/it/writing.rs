//! Statuses written into a wiki's pages: seldom, never over anybody's edit, and never read again.

use chrono::{DateTime, TimeDelta, Utc};
use dragnet::clock::Clock;
use dragnet::standin::Mishap;

use super::sources_wiki::{Wiki, register};
use super::world::noon;

const WRITE: &str = "page = 7\nannotate = \"write\"";
/// What the history of a page says of a version of ours.
const OURS: &str = "bot: dragnet: the status of each ticket";
const UNDONE: &str = ">⚑ closed, not done</ac:parameter></ac:structured-macro></td>";

/// Lets so many hours pass since statuses were written.
fn later(wiki: &Wiki, hours: i64) {
    let at: String = wiki.world.sql("SELECT max(at) FROM written");
    let at = at.parse::<DateTime<Utc>>().unwrap() - TimeDelta::hours(hours);
    wiki.world
        .sql_run(&format!("UPDATE written SET at = '{}'", at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)));
}

/// How many pages a pass asked to be saved.
async fn saved(wiki: &Wiki, code: i32) -> usize {
    wiki.pass(code).await;
    wiki.stage.requests().iter().filter(|exchange| exchange.method == "PUT").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_written_once_a_day_where_something_changed_and_what_was_written_is_not_read() {
    for wiki in [Wiki::cloud(WRITE).await, Wiki::data_center(WRITE).await] {
        wiki.pages.page(7, &register("Slow builds", "ARCH-1"));
        assert_eq!(saved(&wiki, 0).await, 1);
        assert_eq!(wiki.pages.history(7), ["1 ada: ".to_owned(), format!("2 {OURS}")]);
        assert!(wiki.pages.body(7).contains(UNDONE), "{}", wiki.pages.body(7));
        let before = wiki.world.report().await;

        // What saving made of it says what it should, although by other bytes, also when a day has passed.
        assert_eq!(saved(&wiki, 0).await, 0);
        later(&wiki, 25);
        assert_eq!(saved(&wiki, 0).await, 0);
        let after = wiki.world.report().await;
        for part in ["verdicts", "standings", "tickets"] {
            assert_eq!(before["counts"][part], after["counts"][part], "{part}");
        }
        assert_eq!(before["challenges"][0]["id"], after["challenges"][0]["id"]);
        assert_eq!(before["challenges"][0]["title"], after["challenges"][0]["title"]);

        wiki.world.jira.issue("ARCH-1").status("To Do", "new");
        assert_eq!(saved(&wiki, 0).await, 1);
        assert!(wiki.pages.body(7).contains(">⚑ open</ac:parameter>"));
        wiki.world.jira.issue("ARCH-1").status("Closed", "done").resolution("Done", noon("2026-02-01"));
        later(&wiki, 23);
        assert_eq!(saved(&wiki, 0).await, 0, "a day has not passed");
        later(&wiki, 2);
        assert_eq!(saved(&wiki, 0).await, 1);
        assert!(wiki.pages.body(7).contains(">⚑ done</ac:parameter>"));
        assert_eq!(wiki.pages.history(7).len(), 4);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_is_taken_out_again_where_the_configuration_says_so() {
    let wiki = Wiki::cloud(WRITE).await;
    wiki.pages.page(7, &register("Slow builds", "ARCH-1"));
    assert_eq!(saved(&wiki, 0).await, 1);
    let configuration = std::fs::read_to_string(wiki.world.path("dragnet.toml")).unwrap();
    wiki.world.write("dragnet.toml", configuration.replace("\"write\"", "\"remove\""));
    later(&wiki, 25);
    assert_eq!(saved(&wiki, 0).await, 1);
    let bare = wiki.pages.body(7).replace("ac:macro-id=\"00000000-0000-4000-8000-000000000000\" ", "");
    assert_eq!(bare, register("Slow builds", "ARCH-1"), "but for what saving does to macros, it is what it was");
    later(&wiki, 25);
    assert_eq!(saved(&wiki, 0).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_was_faster_is_never_written_over() {
    for wiki in [Wiki::cloud(WRITE).await, Wiki::data_center(WRITE).await] {
        wiki.pages.page(7, &register("Slow builds", "ARCH-1")).meanwhile(7, &register("Slower builds", "ARCH-1"));
        assert_eq!(saved(&wiki, 0).await, 2);
        assert_eq!(wiki.pages.history(7), ["1 ada: ".to_owned(), "2 ada: ".to_owned(), format!("3 {OURS}")]);
        let body = wiki.pages.body(7);
        assert!(body.contains("Slower builds") && body.contains(UNDONE), "{body}");

        later(&wiki, 25);
        wiki.pages.page(7, &register("Slow", "ARCH-3"));
        for n in 0..3 {
            wiki.pages.meanwhile(7, &register(&format!("Slow {n}"), "ARCH-3"));
        }
        let ran = wiki.world.run(&["sync"]).await.ended(0);
        ran.complained(&["cannot write statuses into `https://acme", "others changed it 3 times meanwhile"]);
        assert_eq!(wiki.pages.body(7), register("Slow 2", "ARCH-3"));
        assert_eq!(saved(&wiki, 0).await, 1, "the next pass does");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_a_person_edits_is_left_alone_for_an_hour() {
    let wiki = Wiki::cloud(WRITE).await;
    let now = Clock::system().now();
    wiki.pages.page(7, &register("Slow builds", "ARCH-1")).edited(7, now - TimeDelta::minutes(50));
    assert_eq!(saved(&wiki, 0).await, 0);
    wiki.pages.edited(7, now - TimeDelta::minutes(61));
    assert_eq!(saved(&wiki, 0).await, 1);
    // Also where the store forgot that it was dragnet who wrote, and when.
    wiki.pages.edited(7, now - TimeDelta::hours(23));
    wiki.world.jira.issue("ARCH-1").status("To Do", "new");
    wiki.world.sql_run("DELETE FROM written");
    assert_eq!(saved(&wiki, 0).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pass_writes_ten_pages_and_the_next_one_goes_on() {
    let wiki = Wiki::cloud("under = 1\nannotate = \"write\"").await;
    wiki.pages.page(1, "<p>Registers</p>");
    for page in 2..14 {
        wiki.pages.page(page, &register(&format!("Pain {page}"), "ARCH-1")).under(page, 1);
    }
    assert_eq!([saved(&wiki, 0).await, saved(&wiki, 0).await, saved(&wiki, 0).await], [10, 2, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_answer_is_lost_counts_and_one_that_is_not_allowed_is_told() {
    let wiki = Wiki::cloud(WRITE).await;
    wiki.pages.page(7, &register("Slow builds", "ARCH-1"));
    wiki.stage.fail(Mishap::CutOff.on_body("dragnet: the status").times(1));
    assert_eq!(saved(&wiki, 0).await, 2, "it is sent again, and refused");
    assert_eq!(wiki.pages.history(7).len(), 2, "it was written once");
    assert_eq!(wiki.world.sql::<i64>("SELECT count(*) FROM written"), 1);

    let wiki = Wiki::cloud(WRITE).await;
    wiki.pages.page(7, &register("Slow builds", "ARCH-1"));
    wiki.stage.fail(Mishap::LoginPage.on_body("dragnet: the status"));
    wiki.world.run(&["sync"]).await.ended(0).complained(&["cannot write statuses into `https://acme", "a login page"]);

    for wiki in [Wiki::cloud(WRITE).await, Wiki::data_center(WRITE).await] {
        wiki.pages.page(7, &register("Slow builds", "ARCH-1")).protect(7);
        let ran = wiki.world.run(&["sync"]).await.ended(0);
        ran.complained(&["cannot write statuses into `https://acme", "hint: let its account edit the page"]);
        assert_eq!(wiki.pages.history(7), ["1 ada: "]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_passes_write_and_nothing_private_into_what_is_public() {
    let wiki = Wiki::cloud(WRITE).await;
    wiki.pages.page(7, &register("Slow builds", "ARCH-1"));
    wiki.world.run(&["sync", "--dry-run"]).await;
    wiki.world.run(&["check"]).await.ended(0);
    wiki.world.run(&["check", "--offline"]).await.ended(0);
    assert_eq!(wiki.pages.history(7), ["1 ada: "]);

    let configuration = std::fs::read_to_string(wiki.world.path("dragnet.toml")).unwrap();
    let private = configuration.replace("page = 7", "page = 7\naudience = \"public\"");
    wiki.world
        .write("dragnet.toml", private.replace("flavor = \"cloud\"", "flavor = \"cloud\"\nvisibility = \"private\""));
    assert_eq!(saved(&wiki, 0).await, 0);
    wiki.world.write("dragnet.toml", configuration);
    assert_eq!(saved(&wiki, 0).await, 1);
    // Whoever opens a pull request may have written the configuration.
    let stages = [&wiki.stage, &wiki.world.jira_stage, &wiki.world.github_stage];
    let hosts = stages.map(|stage| stage.url.authority().to_owned()).join(",");
    let variables = [("CI", "true"), ("DRAGNET_ALLOW_HOSTS", hosts.as_str())];
    let ran = wiki.world.run_with(&variables, &["sync"]).await.ended(2);
    ran.complained(&["in CI, nothing is written into a wiki"]);
    wiki.world.run_with(&variables, &["check"]).await.ended(0);
}
