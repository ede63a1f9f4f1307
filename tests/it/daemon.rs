//! The daemon as a process: it passes, serves, stops cleanly, and survives being killed.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Child;
use std::time::{Duration, Instant};

use dragnet::domain::time::Moment;
use dragnet::standin::Mishap;

use super::by_hand::ByHand;
use super::world::{World, free_address, noon, signal};

/// How long anything may take on a machine that is busy with other things; what must not be waited for takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// The answer to a GET request, head and body; `None` while nobody listens.
pub(super) fn get(address: SocketAddr, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

/// Waits until `seen` gives something; these machines are slow at times, so patience is long.
pub(super) async fn wait_for<T>(what: &str, mut seen: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(seen) = seen() {
            return seen;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

pub(super) async fn ended(child: Child) -> (Option<i32>, String) {
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// Asks the daemon to stop, which it must do well; what it said.
pub(super) async fn stopped(daemon: Child) -> String {
    signal(&daemon, "TERM");
    let (code, log) = ended(daemon).await;
    assert_eq!(code, Some(0), "{log}");
    log
}

#[tokio::test(flavor = "multi_thread")]
async fn serve_passes_at_once_shows_the_report_and_stops_on_sigterm() {
    let world = World::new().await;
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1")]);
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2021-01-01"));
    let address = free_address();
    let daemon = world.start(&["serve", "--listen", &address.to_string()]);
    let health = wait_for("/healthz", || get(address, "/healthz")).await;
    assert!(health.starts_with("HTTP/1.1 200") && health.ends_with("ok\n"), "{health}");
    let page = wait_for("the first pass", || get(address, "/").filter(|page| page.contains("1 broken promise"))).await;
    assert!(page.contains("content-security-policy: default-src 'none'"), "{page}");
    assert!(page.contains("Builds are slow"));
    let json = get(address, "/report.json").unwrap();
    let body = json.split_once("\r\n\r\n").unwrap().1;
    assert!(body.contains("closed-undone"), "{json}");
    assert!(get(address, "/nowhere").unwrap().starts_with("HTTP/1.1 404"));

    let asked = Instant::now();
    signal(&daemon, "TERM");
    let (code, log) = ended(daemon).await;
    assert_eq!(code, Some(0), "{log}");
    assert!(asked.elapsed() < PATIENCE, "{:?}\n{log}", asked.elapsed());
    assert!(log.contains("stopped"), "{log}");
    world.run(&["sync"]).await.ended(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_cuts_a_pass_that_waits_for_slow_trackers() {
    let world = World::new().await;
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1")]);
    world.jira.issue("ARCH-1");
    world.jira_stage.latency(2 * PATIENCE);
    let address = free_address();
    let daemon = world.start(&["serve", "--listen", &address.to_string()]);
    wait_for("the request", || (world.jira_stage.busiest() > 0).then_some(())).await;
    let asked = Instant::now();
    signal(&daemon, "TERM");
    let (code, log) = ended(daemon).await;
    assert_eq!(code, Some(0), "{log}");
    assert!(asked.elapsed() < PATIENCE, "{:?}\n{log}", asked.elapsed());
    // Nothing was answered, so nothing is claimed.
    assert_eq!(world.verdicts().await, ["jira:ARCH-1 unknown (unknown)"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_cuts_a_pass_that_waits_for_documents_or_for_what_they_link_to() {
    for source in
        ["path = \"notes.md\"", "repo = \"acme/handbook\"\npath = \"*.md\"\ntoken_file = \"github-token\"\napi_url ="]
    {
        let world = World::new().await;
        world.github.file("acme/handbook", "main", "a.md", "x");
        world.write("notes.md", "https://github.com/acme/handbook/blob/main/b.md\n");
        let api = if source.ends_with('=') { format!("\"{}\"", world.github_stage.url) } else { String::new() };
        world.configure_sources(&format!("[[source]]\nname = \"it\"\n{source} {api}\n"));
        world.github_stage.fail(Mishap::Slow(2 * PATIENCE).on("/git/trees/"));
        let daemon = world.start(&["serve", "--listen", &free_address().to_string()]);
        wait_for("the request", || (world.github_stage.busiest() > 0).then_some(())).await;
        let asked = Instant::now();
        signal(&daemon, "TERM");
        let (code, log) = ended(daemon).await;
        assert_eq!(code, Some(0), "{log}");
        assert!(asked.elapsed() < PATIENCE && !log.contains("cut the pass"), "{:?}\n{log}", asked.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_never_ends_holds_nobody_up_and_is_named() {
    let world = World::new().await;
    let address = free_address();
    let daemon = world.start(&["serve", "--listen", &address.to_string()]);
    wait_for("/healthz", || get(address, "/healthz")).await;
    let mut half = TcpStream::connect(address).unwrap();
    half.write_all(b"GET / HTTP/1.1\r\nhost: ").unwrap();
    // What was sent on one connection is read before what comes later on another.
    wait_for("/healthz", || get(address, "/healthz")).await;
    let asked = Instant::now();
    signal(&daemon, "TERM");
    let (code, log) = ended(daemon).await;
    assert_eq!(code, Some(0), "{log}");
    assert!(asked.elapsed() < PATIENCE, "{:?}\n{log}", asked.elapsed());
    assert!(log.contains("cut requests that were still open after 2 seconds"), "{log}");
    assert!(!log.contains("cut the pass"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn d3_a_second_signal_ends_the_daemon_at_once() {
    let world = World::new().await;
    world.write("notes.md", "Nothing yet.\n");
    let address = free_address();
    let daemon = world.start(&["serve", "--listen", &address.to_string()]);
    wait_for("/healthz", || get(address, "/healthz")).await;
    // A request that does not end keeps the stop waiting.
    let mut half = TcpStream::connect(address).unwrap();
    half.write_all(b"GET / HTTP/1.1\r\nhost: ").unwrap();
    wait_for("/healthz", || get(address, "/healthz")).await;
    // Both are there when it wakes, so that no machine is too slow to send the second in time.
    signal(&daemon, "STOP");
    signal(&daemon, "TERM");
    signal(&daemon, "INT");
    signal(&daemon, "CONT");
    let (code, log) = ended(daemon).await;
    assert_eq!(code, Some(130), "{log}");
    assert!(!log.contains("stopped"), "{log}");
    world.run(&["sync"]).await.ended(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn d3_a_start_that_is_interrupted_leaves_nothing_half_done() {
    let world = World::new().await;
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1")]);
    world.jira.issue("ARCH-1");
    for pause in 0..12 {
        let daemon = world.start(&["serve", "--listen", &free_address().to_string()]);
        tokio::time::sleep(Duration::from_millis(pause * 15)).await;
        signal(&daemon, "TERM");
        let (code, log) = ended(daemon).await;
        // Before it listens for signals, the system ends it.
        assert!(matches!(code, Some(0) | None), "{code:?}: {log}");
        assert!(!log.contains("error"), "{log}");
    }
    let address = free_address();
    let daemon = world.start(&["serve", "--listen", &address.to_string()]);
    let answered = || (world.sql::<i64>("SELECT count(*) FROM verdict WHERE verdict = 'open'") == 1).then_some(());
    wait_for("the page", || get(address, "/healthz")).await;
    wait_for("the first pass", answered).await;
    stopped(daemon).await;
    assert_eq!(world.verdicts().await, ["jira:ARCH-1 open (found)"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_rotated_counts_from_the_next_pass() {
    let world = World::new().await;
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1")]);
    world.jira.issue("ARCH-1");
    world.jira.token("jira-s3cret");
    let at = |minute: u32| format!("2026-11-21T10:{minute:02}:59Z").parse::<Moment>().unwrap();
    let daemon = ByHand::serve(&world, at(0)).await;
    let pass = async |minute| daemon.pass(at(minute)).await.unknown;
    assert_eq!(pass(0).await, 0);
    world.jira.token("renewed");
    assert_eq!(pass(1).await, 1, "the old token is refused");
    world.write("jira-token", "renewed\n");
    assert_eq!(pass(2).await, 0, "the new one is read");
    std::fs::remove_file(world.path("jira-token")).unwrap();
    assert_eq!(pass(3).await, 0, "without a file the token of before is kept");
    daemon.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn serve_refuses_the_world_and_a_port_that_is_taken() {
    let world = World::new().await;
    world
        .run(&["serve", "--listen", "0.0.0.0:8080"])
        .await
        .ended(2)
        .complained(&["whoever reaches it could read", "hint: "]);
    let wrong = world.run(&["serve", "--format", "xml"]).await.ended(2);
    wrong.complained(&["`xml` is no format of this command", "choose one of: text"]);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    world.run(&["serve", "--listen", &address]).await.ended(2).complained(&["cannot listen on", "hint: "]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pass_killed_at_any_point_loses_nothing_and_the_next_completes() {
    let world = World::new().await;
    let rows: Vec<(String, String)> = (1..=250)
        .map(|n| (format!("Pain number {n}"), format!("ARCH-{n} https://github.com/acme/rocket/issues/{n}")))
        .collect();
    let rows: Vec<(&str, &str, &str)> =
        rows.iter().map(|(title, status)| (title.as_str(), "2020-01-01: x", status.as_str())).collect();
    world.register(&rows);
    for n in 1..=250 {
        world.jira.issue(&format!("ARCH-{n}")).status("Closed", "done").resolution("Won't Do", noon("2021-01-01"));
        world.github.issue("acme/rocket", n).closed_as("not_planned", noon("2021-01-01"));
    }
    world.jira_stage.latency(Duration::from_millis(20));
    world.github_stage.latency(Duration::from_millis(20));
    let mut known = 0;
    for pause in [20, 60, 100, 150, 200, 250, 300, 350, 400] {
        let mut pass = world.start(&["sync", "-q"]);
        tokio::time::sleep(Duration::from_millis(pause)).await;
        pass.kill().unwrap();
        pass.wait().unwrap();
        if !world.path("dragnet.db").exists() {
            continue;
        }
        assert_eq!(world.sql::<String>("PRAGMA integrity_check"), "ok");
        let tables: i64 = world.sql("SELECT count(*) FROM sqlite_schema WHERE name = 'ticket'");
        let now =
            if tables == 0 { 0 } else { world.sql::<i64>("SELECT count(*) FROM ticket WHERE good_at IS NOT NULL") };
        assert!(now >= known, "{now} tickets known where there were {known}");
        known = now;
    }
    // The dead holder of the lease is not waited for: its end would be a minute away.
    let begun = Instant::now();
    world.run(&["sync"]).await.ended(0);
    assert!(begun.elapsed() < Duration::from_secs(45), "{:?}", begun.elapsed());
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM ticket WHERE closed = 1"), 500);
    // Each ticket was first seen once, whatever was killed in between.
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM ticket_change WHERE field = 'lookup'"), 500);
}
