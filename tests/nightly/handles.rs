//! Forty file handles: those who come too many wait, and nobody is lost.

use super::world::{World, free_address, signal};
use super::{ask, below, fill, wait_for};

#[tokio::test(flavor = "multi_thread")]
async fn d5_forty_file_handles_are_enough_and_a_crowd_is_served_all_the_same() {
    let world = World::new().await;
    fill(&world, 50);
    let address = free_address();
    let few = ["/usr/bin/prlimit", "--nofile=40"];
    let daemon = below(&world, &few, &["serve", "--listen", &address.to_string()]).spawn().unwrap();
    let passed =
        || ask(address, "GET", "/metrics", "", "").filter(|(_, page)| page.contains("_count{reach=\"full\"} 1"));
    wait_for("the first pass", passed);
    let crowd: Vec<_> = (0..100)
        .map(|_| tokio::task::spawn_blocking(move || ask(address, "GET", "/", "", "").map(|(status, _)| status)))
        .collect();
    for visitor in crowd {
        assert_eq!(visitor.await.unwrap(), Some(200));
    }
    signal(&daemon, "TERM");
    let output = daemon.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}
