//! Little memory, and a machine that lets us write nothing but the store.

use std::fmt::Write;

use super::world::{World, free_address, noon, signal};
use super::{all_is_well, ask, below, fill, wait_for};

/// In bytes, of what a process may have for itself.
const LITTLE: u64 = 200 << 20;

#[tokio::test(flavor = "multi_thread")]
async fn d5_little_memory_is_enough_and_a_document_that_is_too_large_is_told() {
    let world = World::new().await;
    let tickets = fill(&world, 200);
    let row = "| Pains | Much ado | 2020-01-01: something happened, and then something else | 1 | ARCH-1 |\n";
    let mut huge = "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n".to_owned();
    while huge.len() < 50 << 20 {
        huge.push_str(row);
    }
    world.write("huge.md", &huge);
    drop(huge);
    let little = ["/usr/bin/prlimit".to_owned(), format!("--data={LITTLE}")];
    let mut sync = below(&world, &little, &["sync"]);
    let output = tokio::task::spawn_blocking(move || sync.output().unwrap()).await.unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("huge.md") && said.contains("more than the"), "{said}");
    let known: i64 = world.sql("SELECT count(*) FROM ticket WHERE lookup = 'found'");
    assert_eq!(known, tickets, "what could be read was asked for");
    // A register of some thousand rows is read, judged and shown within the same.
    let mut many = "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n".to_owned();
    for n in 0..3_000 {
        let _ = writeln!(many, "| Pains | Pain {n} | 2020-01-01: it hurt | 1 | ARCH-{} |", n % 200 + 1);
    }
    world.write("huge.md", many);
    let address = free_address();
    let daemon = below(&world, &little, &["serve", "--listen", &address.to_string()]).spawn().unwrap();
    let passed =
        || ask(address, "GET", "/metrics", "", "").filter(|(_, page)| page.contains("_count{reach=\"full\"} 1"));
    signal_when_up(address, &daemon);
    wait_for("a pass", passed);
    assert_eq!(ask(address, "GET", "/", "", "").unwrap().0, 200);
    signal(&daemon, "TERM");
    let output = daemon.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::remove_file(world.path("huge.md")).unwrap();
    all_is_well(&world, tickets).await;
}

/// Asks for a pass once it listens: one by hand was just made, so none is due.
fn signal_when_up(address: std::net::SocketAddr, daemon: &std::process::Child) {
    wait_for("a daemon that listens", || ask(address, "GET", "/healthz", "", ""));
    signal(daemon, "USR1");
}

#[tokio::test(flavor = "multi_thread")]
async fn d6_nothing_needs_to_be_writable_but_the_store_and_nothing_to_be_said_but_the_configuration() {
    let world = World::new().await;
    let tickets = fill(&world, 10);
    world.jira.issue("ARCH-4").updated(noon("2026-01-01"));
    // A root of our own in which everything is read-only, /tmp too, but the world's own folder; no HOME, no variables at all.
    let here = world.path("").display().to_string();
    let script = format!(
        "mount --bind '{here}' '{here}' && mount -o remount,bind,ro / && cd '{here}' && ! touch /tmp/x 2>/dev/null \
         && exec /usr/bin/env -i \"$@\""
    );
    let narrow = ["/usr/bin/unshare", "--user", "--map-root-user", "--mount", "/bin/sh", "-c", &script, "sh"];
    let address = free_address();
    let daemon = below(&world, &narrow, &["serve", "--listen", &address.to_string()]).spawn().unwrap();
    let passed =
        || ask(address, "GET", "/metrics", "", "").filter(|(_, page)| page.contains("_count{reach=\"full\"} 1"));
    wait_for("a pass", passed);
    assert_eq!(ask(address, "GET", "/", "", "").unwrap().0, 200);
    assert_eq!(ask(address, "GET", "/readyz", "", "").unwrap().0, 200);
    signal(&daemon, "TERM");
    let output = daemon.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    all_is_well(&world, tickets).await;
}
