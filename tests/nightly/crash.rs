//! Killed at each write, and a disk that does not keep what it was told to.

use std::path::Path;

use super::world::{World, free_address, noon, repository};
use super::{all_is_well, below, fill, of_version};

/// strace, which does `what` to a call when it is made for the nth time.
fn strace(call: &str, what: &str) -> Vec<String> {
    assert!(Path::new("/usr/bin/strace").exists(), "needs strace: `make nightly` installs it");
    let inject = format!("inject={call}:{what}");
    ["/usr/bin/strace", "-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &inject]
        .map(str::to_owned)
        .into()
}

fn without_store(world: &World) {
    for name in ["dragnet.db", "dragnet.db-wal", "dragnet.db-shm", "dragnet.db.lock"] {
        let _ = std::fs::remove_file(world.path(name));
    }
}

/// Runs `dragnet sync` under strace; whether it came to its end.
async fn survives(world: &World, tampered: &[String]) -> bool {
    let mut command = below(world, tampered, &["sync", "-q"]);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    output.status.success()
}

/// Kills a pass at its first write, then at its second … until it is not killed any more. `before` makes the store that
/// it starts from.
async fn killed_at_each(call: &str, world: &World, tickets: i64, before: impl Fn()) -> usize {
    for nth in 1..2_000 {
        without_store(world);
        before();
        if survives(world, &strace(call, &format!("signal=KILL:when={nth}"))).await {
            return nth - 1;
        }
        if world.path("dragnet.db").metadata().is_ok_and(|file| file.len() > 0) {
            assert_eq!(world.sql::<String>("PRAGMA integrity_check"), "ok", "{call} {nth}");
        }
        world.run(&["sync", "-q"]).await.ended(0);
        assert_eq!(world.sql::<i64>("SELECT count(*) FROM ticket WHERE lookup = 'found'"), tickets, "{call} {nth}");
        let firsts: i64 = world.sql("SELECT count(*) FROM ticket_change WHERE field = 'lookup'");
        assert_eq!(firsts, tickets, "{call} {nth}");
    }
    panic!("a pass has no end of calls of {call}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a1_a_pass_killed_at_each_write_loses_nothing_and_says_nothing_twice() {
    let world = World::new().await;
    let tickets = fill(&world, 10);
    for call in ["pwrite64", "fsync"] {
        let killed = killed_at_each(call, &world, tickets, || ()).await;
        println!("killed at each of {killed} calls of {call}");
        assert!(killed > 3, "only {killed} calls of {call}: is it the right one?");
    }
    all_is_well(&world, tickets).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a10_an_upgrade_killed_at_each_write_is_whole_or_not_begun() {
    let world = World::new().await;
    let tickets = fill(&world, 5);
    let newest = std::fs::read_dir(repository("src/store/schema")).unwrap();
    let newest =
        newest.filter(|file| file.as_ref().unwrap().file_name().to_str().unwrap().starts_with('v')).count() - 1;
    let newest = i64::try_from(newest).unwrap();
    // The first one; one before each of the larger changes; the last one that is not this.
    for version in [1, 5, 11, 13, newest - 1] {
        let killed = killed_at_each("pwrite64", &world, tickets, || of_version(&world, "dragnet.db", version)).await;
        println!("killed at each of {killed} writes of an upgrade from version {version} and a pass");
        assert!(killed > 3, "only {killed} writes");
    }
    all_is_well(&world, tickets).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a5_what_the_disk_does_not_keep_is_not_taken_for_kept() {
    let world = World::new().await;
    let tickets = fill(&world, 10);
    world.run(&["sync"]).await.ended(0);
    world.jira.issue("ARCH-1").titled("Changed").updated(noon("2026-01-01"));
    let tampered = strace("fsync", "error=EIO");
    let mut command = below(&world, &tampered, &["sync", "--full"]);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("the disk failed (") && said.contains("hint: look what the system's log says"), "{said}");
    // A daemon ends: what it could not keep once it will not keep by trying again.
    world.configure("[schedule]\nsync = \"* * * * *\"\nfull = \"* * * * *\"\n");
    let address = free_address();
    let tampered = strace("fsync", "error=EIO:when=5+");
    let daemon = below(&world, &tampered, &["serve", "--listen", &address.to_string()]).spawn().unwrap();
    let output = tokio::task::spawn_blocking(move || daemon.wait_with_output().unwrap()).await.unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("the disk failed ("), "{said}");
    world.configure("");
    all_is_well(&world, tickets).await;
}
