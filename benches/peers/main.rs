//! The stage on which dragnet stands beside its peers: serves stand-ins full of tickets, and tells what they were asked.
//!
//! `run.py` starts it with a folder and a number of tickets. It writes register, configuration and token into the folder,
//! and into its folder `github` a register that cites the tickets on GitHub only. Its first line of JSON names the addresses
//! and the program to measure. Each line of standard input is answered by a line of JSON: `latency MS` sets how long every
//! answer takes, `asked` tells how many requests each tracker got since it was last asked. It ends with its standard input.

#[path = "../stage.rs"]
mod stage;

use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::time::Duration;

use dragnet::standin::{Jira, Running};
use serde_json::json;
use stage::{Stage, Talk, register};

/// As in a sample of 132 real tickets that were closed: 93 in 100 of the issues on GitHub had comments, four of them at the
/// mean, and more people took part than there were tickets. Ten a repository, 500 in all, are few beside that.
const TALK: Talk = Talk { people: 10, comments: 4, silent: 15 };

#[tokio::main]
async fn main() {
    // Cargo adds an argument of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [folder, tickets] = arguments.as_slice() else {
        panic!("run me by benches/peers/run.py, with a folder and a number of tickets");
    };
    let (folder, tickets) = (PathBuf::from(folder), tickets.parse().expect("a number of tickets"));
    let stage = Stage::of(Jira::cloud(), tickets, TALK, &folder).await;
    stage.github.without_bodies();
    stage.jira.without_bodies();
    cite_github_only(&stage, tickets, &folder.join("github"));
    let program = env!("CARGO_BIN_EXE_dragnet");
    say(&json!({"github": stage.github.url, "jira": stage.jira.url, "dragnet": program}));
    let served = tokio::task::spawn_blocking(move || {
        for line in std::io::stdin().lock().lines() {
            obey(&stage, &line.expect("lines of text"));
        }
    });
    served.await.expect("commands that it knows");
}

fn cite_github_only(stage: &Stage, tickets: u64, folder: &Path) {
    let config = format!(
        "[[source]]\nname = \"r\"\npath = \"register.md\"\n\
         [[tracker]]\nname = \"g\"\nkind = \"github\"\napi_url = \"{}\"\ntoken_file = \"token\"\n",
        stage.github.url
    );
    std::fs::create_dir_all(folder).expect("a folder of the comparison");
    for (name, text) in [("register.md", register(tickets, false)), ("dragnet.toml", config), ("token", "t".to_owned())]
    {
        std::fs::write(folder.join(name), text).expect("a file of the comparison");
    }
}

fn obey(stage: &Stage, command: &str) {
    let trackers = [&stage.github, &stage.jira];
    match command.split_once(' ') {
        None if command == "asked" => {
            let [github, jira] = trackers.map(asked);
            say(&json!({"github": github, "jira": jira}));
        }
        Some(("latency", milliseconds)) => {
            let latency = Duration::from_millis(milliseconds.parse().expect("a number of milliseconds"));
            for tracker in trackers {
                tracker.latency(latency);
            }
            say(&json!({}));
        }
        _ => panic!("no command: {command}"),
    }
}

fn asked(tracker: &Running) -> usize {
    let requests = tracker.requests().len();
    tracker.forget();
    requests
}

#[expect(clippy::print_stdout, reason = "what it says is what it is there for")]
fn say(answer: &serde_json::Value) {
    println!("{answer}");
}
