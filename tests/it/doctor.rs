//! `dragnet doctor`, the log's forms, and the dead man's switch.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dragnet::clock::Clock;
use dragnet::domain::time::Moment;
use dragnet::standin::Mishap;

use super::daemon::{ended, get, wait_for};
use super::webhooks;
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

/// What `doctor` says of everything that is not right, each with its fix; the exit code.
async fn complaints(world: &World) -> (Option<i32>, Vec<String>) {
    let ran = world.run(&["doctor", "--format", "json"]).await;
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let wrong = told["checks"].as_array().unwrap().iter().filter(|check| check["how"] != "right");
    let lines = wrong.map(|check| {
        assert_ne!(text(&check["fix"]), "", "a complaint without a fix: {check}");
        format!("{} {}: {}", text(&check["how"]), text(&check["what"]), text(&check["says"]))
    });
    (ran.code, lines.collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_tracker_says_of_the_clock_the_quota_and_the_token_is_doubted_with_a_fix() {
    let world = World::new().await;
    world.configure(ONCE_A_YEAR);
    world.write("a.md", "text");
    world.run(&["sync"]).await.ended(0);
    let now = Clock::system().now();
    let http = |at: Moment| at.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let github = async |headers: &[(&str, &str)]| {
        let named = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        // The stand-in's time stands still, far away; what a story says of it comes first.
        let date = ("date".to_owned(), http(Clock::system().now()));
        let mut all: Vec<(String, String)> = named.collect();
        if all.iter().all(|(name, _)| name != "date") {
            all.push(date);
        }
        world.github_stage.heal();
        world.github_stage.fail(Mishap::Remark(all).on("/user"));
        complaints(&world).await
    };
    assert_eq!(github(&[]).await, (Some(0), vec![]));

    let (code, told) = github(&[("date", &http(now - chrono::TimeDelta::hours(2)))]).await;
    let [skewed] = &told[..] else { panic!("{told:?}") };
    let apart = skewed.strip_prefix("doubtful tracker github: its clock and this machine's differ by ").expect(skewed);
    let apart: i64 = apart.strip_suffix(" seconds").expect(skewed).parse().unwrap();
    assert!(code == Some(0) && apart >= 7200, "{skewed}");
    let (_, told) = github(&[("date", &http(now + chrono::TimeDelta::hours(2)))]).await;
    assert!(told.len() == 1 && told[0].contains("'s differ by "), "ahead of us is as wrong: {told:?}");

    let quota = |left: &'static str| [("x-ratelimit-limit", "5000"), ("x-ratelimit-remaining", left)];
    assert_eq!(github(&quota("500")).await.1, [""; 0], "a tenth will do");
    let (code, told) = github(&quota("499")).await;
    assert_eq!(code, Some(0));
    assert_eq!(told, ["doubtful tracker github: 499 of 5000 requests are left in this hour"]);

    let ends = |days| (now + chrono::TimeDelta::days(days)).format("%Y-%m-%d %H:%M:%S UTC").to_string();
    let expires = "github-authentication-token-expiration";
    assert_eq!(github(&[(expires, &ends(20))]).await.1, [""; 0]);
    let (_, told) = github(&[(expires, &ends(3))]).await;
    assert!(told.len() == 1 && told[0].starts_with("doubtful tracker github: the token ends at "), "{told:?}");

    let (_, told) = github(&[("x-oauth-scopes", "repo, delete_repo")]).await;
    assert_eq!(told, ["doubtful tracker github: the token may do more than read"]);

    // Jira does not say when a token ends; the configuration may.
    let config = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    let soon = format!("\"jira-token\"\ntoken_expires = {}\n", (now + chrono::TimeDelta::days(5)).date_naive());
    world.write("dragnet.toml", config.replacen("\"jira-token\"\n", &soon, 1));
    let (_, told) = github(&[]).await;
    assert!(told.len() == 1 && told[0].starts_with("doubtful tracker jira: the token ends at "), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn this_machine_s_clock_and_a_schedule_that_nobody_keeps_are_doubted() {
    let world = World::new().await;
    world.write("a.md", "text");
    world.run(&["sync"]).await.ended(0);
    world.github_stage.fail(Mishap::Remark(vec![("date".to_owned(), "no date".to_owned())]).on("/user"));
    assert_eq!(complaints(&world).await, (Some(0), vec![]));
    world.sql_run("UPDATE run SET started_at = '2020-01-01T00:00:00Z', ended_at = '2020-01-01T00:00:01Z'");
    let (code, told) = complaints(&world).await;
    assert_eq!(code, Some(0));
    assert_eq!(
        told,
        ["doubtful schedule: the last pass began at 2020-01-01 00:00:00 UTC, and */15 * * * * (UTC) fired twice since"]
    );
    world.sql_run("UPDATE run SET started_at = '2099-01-01T00:00:00Z', ended_at = '2099-01-01T00:00:01Z'");
    let (_, told) = complaints(&world).await;
    assert_eq!(
        told,
        ["doubtful clock: the last pass is said to have begun at 2099-01-01 00:00:00 UTC, which is to come"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_was_never_heard_is_doubted_and_one_without_its_secret_is_wrong() {
    let world = webhooks::world().await;
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1")]);
    world.jira.issue("ARCH-1");
    world.github_stage.fail(Mishap::Remark(vec![("date".to_owned(), "no date".to_owned())]).on("/user"));
    let (daemon, address) = webhooks::serving(&world).await;
    let silent = |kind: &str| format!("doubtful webhook {kind}: there was no delivery yet");
    assert_eq!(complaints(&world).await, (Some(0), vec![silent("jira"), silent("github")]));
    assert_eq!(webhooks::from_jira(address, "a", &webhooks::updated("ARCH-1")), 202);
    assert_eq!(complaints(&world).await, (Some(0), vec![silent("github")]));
    let well = world.run(&["doctor"]).await.ended(0).out;
    assert!(well.contains("right     webhook jira: last delivery at "), "{well}");
    webhooks::stopped(daemon).await;
    std::fs::remove_file(world.path("jira-hook")).unwrap();
    let (code, told) = complaints(&world).await;
    assert!(code == Some(2) && told[0].starts_with("wrong secrets: "), "{told:?}");
    assert!(told[0].contains("no webhook secret for tracker `acme`: cannot read"), "{told:?}");
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
