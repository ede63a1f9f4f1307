//! `dragnet doctor`, the log's forms, and the dead man's switch.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dragnet::standin::Mishap;

use super::daemon::{ended, get, wait_for};
use super::world::{World, free_address, signal};

const ONCE_A_YEAR: &str = "[schedule]\nsync = \"0 3 1 1 *\"\nfull = \"0 3 1 1 *\"\n";

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_works_is_right_and_what_does_not_comes_with_a_fix() {
    let world = World::new().await;
    world.configure(ONCE_A_YEAR);
    world.write("a.md", "text");
    let unborn = world.run(&["doctor"]).await.ended(2).out;
    assert!(unborn.contains("wrong     store: cannot open store `"), "{unborn}");
    assert!(unborn.contains("fix: run `dragnet sync` first"), "{unborn}");
    world.run(&["sync"]).await;
    let well = world.run(&["doctor"]).await.ended(0).out;
    let right = ["configuration: ", "store: ", "schedule: last pass at ", "source documents: 1 file can be read"];
    for line in right.map(|line| format!("right     {line}")) {
        assert!(well.contains(&line), "no `{line}` in\n{well}");
    }
    assert!(well.contains("right     tracker jira: knows us"), "{well}");
    assert!(well.contains("right     tracker github: knows us"), "{well}");
    assert!(!well.contains("s3cret"), "{well}");

    world.jira.token("another");
    let refused = world.run(&["doctor"]).await.ended(2).out;
    assert!(refused.contains("wrong     tracker jira: "), "{refused}");
    assert!(refused.contains("fix: renew the token"), "{refused}");
    world.jira.token("jira-s3cret");
    world.github_stage.fail(Mishap::Status(503));
    let away = world.run(&["doctor", "--format", "json"]).await.ended(3).out;
    let away: serde_json::Value = serde_json::from_str(&away).unwrap();
    let github = away["checks"].as_array().unwrap().iter().find(|check| check["what"] == "tracker github").unwrap();
    assert_eq!((&github["how"], &away["schema"]), (&"unknown".into(), &1.into()), "{away}");

    std::fs::remove_file(world.path("github-token")).unwrap();
    let missing = world.run(&["doctor"]).await.ended(2).out;
    assert!(missing.contains("wrong     trackers: dragnet.toml:"), "{missing}");
    assert!(missing.contains("no token for tracker `github`: cannot read"), "{missing}");
}

/// The request lines that arrive at an address of this machine, each answered 200.
fn switch() -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, heard) = (listener.local_addr().unwrap().port(), Arc::new(Mutex::new(Vec::new())));
    let hears = Arc::clone(&heard);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, mut head) = (stream.unwrap(), Vec::new());
            stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
            let mut some = [0; 1024];
            while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                match stream.read(&mut some) {
                    Ok(length) if length > 0 => head.extend_from_slice(&some[..length]),
                    _ => break,
                }
            }
            let head = String::from_utf8(head).unwrap();
            hears.lock().unwrap().push(head.lines().next().unwrap_or_default().to_owned());
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nOK");
        }
    });
    (port, heard)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_mans_switch_is_told_after_passes_that_could_tell_everything() {
    let world = World::new().await;
    let (port, heard) = switch();
    world.configure(&format!("{ONCE_A_YEAR}[serve]\nping_url = \"http://127.0.0.1:{port}/ping/u-u-i-d\"\n"));
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1")]);
    world.jira.issue("ARCH-1");
    let address = free_address();
    let daemon = world.start(&["serve", "--listen", &address.to_string(), "--log-format", "json"]);
    let told = |times: usize| (heard.lock().unwrap().len() == times).then_some(());
    wait_for("a ping", || told(1)).await;
    assert_eq!(heard.lock().unwrap()[0], "GET /ping/u-u-i-d HTTP/1.1");
    // A pass that could not tell everything is none to be glad about.
    world.jira_stage.fail(Mishap::Status(503));
    signal(&daemon, "USR1");
    let passes = |times: &str| {
        let page = get(address, "/metrics")?;
        page.contains(&format!("dragnet_pass_duration_seconds_count{{reach=\"full\"}} {times}\n")).then_some(())
    };
    wait_for("a second pass", || passes("2")).await;
    signal(&daemon, "USR1");
    wait_for("a third pass", || passes("3")).await;
    assert_eq!(heard.lock().unwrap().len(), 1);
    signal(&daemon, "TERM");
    let (code, log) = ended(daemon).await;
    assert_eq!(code, Some(0), "{log}");
    assert!(!log.contains("u-u-i-d"), "{log}");
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().any(|line| line["message"] == "stopped"), "{log}");
    let outages = lines
        .iter()
        .filter(|line| line["level"] == "WARN" && line["message"].as_str().is_some_and(|text| text.contains("503")));
    assert_eq!(outages.count(), 1, "what is said twice is told once: {log}");
}
