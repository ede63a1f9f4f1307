//! A disk that is full: while the daemon runs, and when a program starts.

use std::path::PathBuf;
use std::process::Command;

use super::world::{World, free_address, signal};
use super::{all_is_well, ask, below, fill, of_version, signed, wait_for};

/// A shell of our own root that puts a file system of `size` below `store`, runs `before` in it and then the program.
fn small_disk(size: &str, before: &str) -> Vec<String> {
    let script = format!("mount -t tmpfs -o size={size} tmpfs store && {before} exec \"$@\"");
    ["/usr/bin/unshare", "--user", "--map-root-user", "--mount", "/bin/sh", "-c", &script, "sh"]
        .map(str::to_owned)
        .into()
}

fn configured(world: &World) {
    std::fs::create_dir(world.path("store")).unwrap();
    world.configure(
        "webhook_secret_file = [\"hook\"]\n[store]\npath = \"store/dragnet.db\"\n[schedule]\nsync = \"0 3 1 1 *\"\nfull = \"0 3 1 1 *\"",
    );
    world.write("hook", "hook\n");
}

/// A delivery as GitHub sends it, with the signature of its body by `hook`.
fn deliver(address: std::net::SocketAddr, id: &str) -> u16 {
    let body = r#"{"action":"closed","issue":{"number":1},"repository":{"full_name":"acme/rocket"}}"#;
    let signature = signed("hook", body.as_bytes());
    let headers = format!("x-github-event: issues\r\nx-github-delivery: {id}\r\nx-hub-signature-256: {signature}\r\n");
    ask(address, "POST", "/webhooks/github", &headers, body).expect("the daemon listens").0
}

#[tokio::test(flavor = "multi_thread")]
async fn a3_a_disk_that_fills_up_is_said_reading_goes_on_and_it_heals() {
    let world = World::new().await;
    let tickets = fill(&world, 10);
    configured(&world);
    let address = free_address();
    let disk = small_disk("4m", "");
    let daemon = below(&world, &disk, &["serve", "--listen", &address.to_string()]).spawn().unwrap();
    let first =
        || ask(address, "GET", "/metrics", "", "").filter(|(_, page)| page.contains("_count{reach=\"full\"} 1"));
    wait_for("the first pass", first);
    assert_eq!(deliver(address, "before"), 202);
    wait_for("the asking", || {
        ask(address, "GET", "/metrics", "", "").filter(|(_, page)| page.contains("reach=\"named\""))
    });
    // Its files are seen through its own root.
    let store = PathBuf::from(format!("/proc/{}/root{}", daemon.id(), world.path("store").display()));
    let filler = store.join("filler");
    let _ = std::fs::write(&filler, vec![0; 8 << 20]);
    let refused = wait_for("a refusal", || Some(deliver(address, "while it is full")).filter(|status| *status != 202));
    assert_eq!(refused, 503);
    let unready = || ask(address, "GET", "/readyz?verbose", "", "").filter(|(status, _)| *status == 503);
    let (_, told) = wait_for("not being ready", unready);
    assert!(told.contains("[-] store: ") && told.contains("full"), "{told}");
    assert_eq!(ask(address, "GET", "/", "", "").unwrap().0, 200, "what is known can be read");
    std::fs::remove_file(&filler).unwrap();
    wait_for("the healing", || ask(address, "GET", "/readyz", "", "").filter(|(status, _)| *status == 200));
    assert_eq!(deliver(address, "afterwards"), 202);
    // What was kept is what is checked; the disk ends with the daemon.
    std::fs::copy(store.join("dragnet.db"), world.path("kept.db")).unwrap();
    std::fs::copy(store.join("dragnet.db-wal"), world.path("kept.db-wal")).unwrap();
    signal(&daemon, "TERM");
    let output = daemon.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    world.configure("");
    std::fs::rename(world.path("kept.db"), world.path("dragnet.db")).unwrap();
    std::fs::rename(world.path("kept.db-wal"), world.path("dragnet.db-wal")).unwrap();
    all_is_well(&world, tickets).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a4_a_disk_that_is_full_at_the_start_is_said_and_an_old_store_stays_as_it_was() {
    let world = World::new().await;
    fill(&world, 10);
    configured(&world);
    let run = |before: &str| -> (Option<i32>, String) {
        let disk = small_disk("256k", before);
        let mut command: Command = below(&world, &disk, &["sync"]);
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = run("");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("full") && said.contains("hint: "), "{said}");
    // A store of the first version that cannot be brought to this one.
    of_version(&world, "old.db", 1);
    let before = "cp old.db store/dragnet.db; dd if=/dev/zero of=store/filler bs=1k count=300 2>/dev/null;";
    let keeping = format!("{before} (\"$@\"; echo \"code $?\" >&2; cp store/dragnet.db after.db); exit 0;");
    let (_, said) = run(&keeping);
    assert!(said.contains("code 2") && said.contains("full"), "{said}");
    let read = |name| std::fs::read(world.path(name)).unwrap();
    assert!(read("after.db") == read("old.db"), "the old store was touched");
}
