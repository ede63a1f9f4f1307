//! How long the daemon takes to be ready with 100,000 tickets in its store after a clean stop, and what it takes of memory
//! while it has nothing to do.
//!
//! `make start` prints each figure beside its goal and ends with 1 where one is missed. `make start TICKETS=10000` takes a
//! smaller store.

mod served;
mod stage;

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use dragnet::standin::Jira;
use served::{Served, client, print};
use stage::{Stage, Talk};

const TALK: Talk = Talk { people: 1, comments: 1, silent: u64::MAX };
/// How often it is started.
const STARTS: usize = 9;
/// How long it is left alone before its memory is read.
const IDLE: Duration = Duration::from_secs(10);
/// The goals: milliseconds to be ready, MB while idle.
const READY: f64 = 100.0;
const MEMORY: f64 = 40.0;

#[tokio::main]
async fn main() -> ExitCode {
    let tickets = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(100_000);
    let folder = tempfile::tempdir().expect("a folder for the bench");
    let stage = Stage::of(Jira::cloud(), tickets, TALK, folder.path()).await;
    stage.jira.without_bodies();
    stage.github.without_bodies();
    let pass = Command::new(env!("CARGO_BIN_EXE_dragnet")).args(["sync", "-q"]).current_dir(folder.path()).status();
    assert!(pass.is_ok_and(|status| status.success()), "the first pass failed");
    let http = client();
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let begun = Instant::now();
        let daemon = Served::start(folder.path());
        daemon.until(&http, "/readyz", "ready").await;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        daemon.stop();
    }
    times.sort_by(f64::total_cmp);
    let daemon = Served::start(folder.path());
    daemon.until(&http, "/readyz", "ready").await;
    tokio::time::sleep(IDLE).await;
    let idle = daemon.memory();
    daemon.ask_for_a_pass();
    daemon.until(&http, "/metrics", "dragnet_pass_duration_seconds_count{reach=\"full\"} 1").await;
    tokio::time::sleep(IDLE).await;
    let after = daemon.memory();
    daemon.stop();
    print(&format!("{tickets} tickets in the store"));
    let mut missed = false;
    for (what, figure, unit, goal) in [
        ("start to ready, half of the time", times[STARTS / 2], "ms", Some(READY)),
        ("start to ready, at worst", times[STARTS - 1], "ms", None),
        ("memory while idle", idle, "MB", Some(MEMORY)),
        ("memory while idle, after a pass over everything", after, "MB", None),
    ] {
        let over = goal.is_some_and(|goal| figure > goal);
        missed |= over;
        let goal = goal.map(|goal| format!(", goal {goal} {unit}")).unwrap_or_default();
        print(&format!("{what}: {figure:.1} {unit}{goal}{}", if over { ", missed" } else { "" }));
    }
    if missed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
