//! `check --server`: a running daemon answers in the place of the trackers.

use super::check::acme;
use super::daemon::{ended, get, wait_for};
use super::world::{World, free_address, signal};

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_can_be_no_daemons_is_a_mistake_of_the_call_and_no_outage() {
    let world = acme().await;
    for wrong in
        ["ftp://127.0.0.1/x", "localhost:8080", "127.0.0.1:8080", "dragnet", "/tmp/socket", "http://", "mailto:a@b", ""]
    {
        let ran = world.run(&["check", "--server", wrong]).await.ended(2);
        assert!(ran.err.contains(&format!("`{wrong}` is no address of a daemon")) || wrong.is_empty(), "{}", ran.err);
        world.run(&["health", "--url", wrong]).await.ended(2);
    }
    assert_eq!((world.jira_stage.requests().len(), world.github_stage.requests().len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_answers_with_ages_and_nobody_else_is_asked() {
    let there = acme().await;
    let address = free_address();
    let daemon = there.start(&["serve", "--listen", &address.to_string()]);
    let done = || get(address, "/report.json").filter(|report| report.contains("closed-undone"));
    wait_for("the first pass", done).await;

    let here = World::new().await;
    std::fs::copy(there.path("register.md"), here.path("register.md")).unwrap();
    std::fs::remove_file(here.path("jira-token")).unwrap();
    let server = format!("http://{address}/");
    let check = ["check", "--server", &server];
    let ran = here.run(&check).await.ended(1);
    assert!(ran.out.contains("register.md:5:61: error broken-link"), "{}", ran.out);
    assert!(ran.out.contains("register.md:3:78: warning closed-undone"), "{}", ran.out);
    here.run(&[&check[..], &["--fail-on", "never"]].concat()).await.ended(0);
    // Its answers are older than this run.
    here.run(&[&check[..], &["--max-age", "0"]].concat()).await.ended(3);
    // What it never heard of is unknown, and no finding.
    here.write("other.md", "https://github.com/acme/rocket/issues/1000\n");
    here.run(&[&check[..], &["other.md"]].concat()).await.ended(3);
    assert_eq!((here.jira_stage.requests().len(), here.github_stage.requests().len()), (0, 0));
    assert!(!here.path("dragnet.db").exists());
    // Not at this address, and then not at all: nothing can be told.
    let elsewhere = format!("http://{address}/nowhere");
    here.run(&["check", "--server", &elsewhere]).await.ended(3).complained(&["/nowhere/tickets.json", "404"]);
    signal(&daemon, "TERM");
    assert_eq!(ended(daemon).await.0, Some(0));
    let ran = here.run(&check).await.ended(3).complained(&["connection refused", "hint: `--server` is the address"]);
    assert!(ran.out.contains("4 tickets could not be asked for"), "{}", ran.out);
}
