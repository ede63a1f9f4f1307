//! Answers without an end, read by the program itself: it takes no more memory than its limits allow, and goes on with what
//! others answer.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Child;

use dragnet::standin::Mishap;

use crate::daemon::{stopped, wait_for};
use crate::world::{World, free_address};

/// Tickets of each tracker: enough to ask for them by four requests at a time, which is the most.
const EACH: usize = 400;
/// What four answers may take, in MB: each is cut at 24.
const ANSWERS: f64 = 4.0 * 24.0;
/// What the program may take beside that, in MB: together they are the 200 that are enough for it while one tracker answers
/// so. With short answers a build for tests takes 84, most of it the program's own pages; the rest is slack.
const ITSELF: f64 = 104.0;

/// A server that never ends what it answers; its address.
fn endless() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answer = |mut asking: TcpStream| {
        let _ = asking.read(&mut [0; 4096]);
        let mut said = asking.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n\"");
        while said.is_ok() {
            said = asking.write_all(&[b' '; 64 * 1024]);
        }
    };
    std::thread::spawn(move || {
        for asking in listener.incoming().flatten() {
            std::thread::spawn(move || answer(asking));
        }
    });
    format!("http://{address}")
}

/// The most that a process ever took, in MB: `VmHWM` of `/proc/PID/status` (proc(5)).
fn peak(process: &Child) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    line.unwrap().parse::<f64>().unwrap() / 1024.0
}

/// A pass by the daemon over both trackers, one of which is `lame`: by a server at `instead`, or as its stand-in fails.
async fn passes_beside(lame: &str, world: World, instead: Option<String>) {
    let rows: Vec<(String, String)> =
        (1..=EACH).map(|n| (format!("Pain {n}"), format!("ARCH-{n} acme/rocket#{n}"))).collect();
    let rows: Vec<(&str, &str, &str)> =
        rows.iter().map(|(title, cited)| (title.as_str(), "2020-01-01: x", cited.as_str())).collect();
    world.register(&rows);
    for n in 1..=EACH {
        world.jira.issue(&format!("ARCH-{n}"));
        world.github.issue("acme/rocket", u64::try_from(n).unwrap());
    }
    let (its_own, other) = match lame {
        "jira" => (&world.jira_stage.url, "github"),
        _ => (&world.github_stage.url, "jira"),
    };
    if let Some(instead) = instead {
        let config = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
        world.write("dragnet.toml", config.replace(its_own.as_str(), &instead));
    }
    let daemon = world.start(&["serve", "--listen", &free_address().to_string()]);
    let passed = || {
        let ended = "SELECT count(*) FROM sqlite_schema WHERE name = 'run'";
        let ended = world.sql::<i64>(ended) > 0 && world.sql::<i64>("SELECT count(ended_at) FROM run") > 0;
        ended.then_some(())
    };
    wait_for("the pass", passed).await;
    let peak = peak(&daemon);
    stopped(daemon).await;
    let found = |tracker: &str| {
        world.sql::<i64>(&format!("SELECT count(*) FROM ticket WHERE id LIKE '{tracker}:%' AND lookup = 'found'"))
    };
    assert_eq!((found(lame), found(other)), (0, i64::try_from(EACH).unwrap()), "{lame} has no end");
    assert!(peak < ANSWERS + ITSELF, "{lame} has no end, and the program took {peak:.0} MB");
}

#[tokio::test(flavor = "multi_thread")]
async fn b8_an_answer_without_an_end_takes_no_more_memory_than_it_may() {
    for lame in ["github", "jira"] {
        passes_beside(lame, World::new().await, Some(endless())).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn b8_a_small_answer_that_unpacks_without_an_end_takes_no_more_memory_than_it_may() {
    for lame in ["github", "jira"] {
        let world = World::new().await;
        let stage = if lame == "jira" { &world.jira_stage } else { &world.github_stage };
        stage.fail(Mishap::Bomb(1024 * 1024 * 1024));
        passes_beside(lame, world, None).await;
    }
}
