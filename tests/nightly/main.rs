//! Faults that take long to go through, or tools that not every machine has: kills at every write, full disks, a failing
//! fsync, few file handles, a soak. `make nightly` runs them; Linux only.

mod crash;
mod disk;
mod handles;
mod kills;
mod narrow;
mod soak;
#[expect(dead_code, reason = "shared with the integration tests, which use all of it")]
#[path = "../it/world.rs"]
mod world;

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use self::world::{World, noon};

/// A register with tickets of both trackers, three in five closed; how many tickets there are.
fn fill(world: &World, rows: i64) -> i64 {
    let text: Vec<(String, String)> = (1..=rows)
        .map(|n| (format!("Pain number {n}"), format!("ARCH-{n} https://github.com/acme/rocket/issues/{n}")))
        .collect();
    let text: Vec<(&str, &str, &str)> =
        text.iter().map(|(title, status)| (title.as_str(), "2020-01-01: x", status.as_str())).collect();
    world.register(&text);
    for n in 1..=rows {
        let issue = world.jira.issue(&format!("ARCH-{n}"));
        let other = world.github.issue("acme/rocket", n.unsigned_abs());
        if n % 5 < 3 {
            issue.status("Closed", "done").resolution("Won't Do", noon("2021-01-01"));
            other.closed_as("not_planned", noon("2021-01-01"));
        }
    }
    2 * rows
}

/// The program below another one that troubles it: `wrapper` and its arguments, then dragnet and its own.
fn below<W: AsRef<OsStr>>(world: &World, wrapper: &[W], arguments: &[&str]) -> Command {
    let mut command = Command::new(&wrapper[0]);
    command.args(&wrapper[1..]).arg(env!("CARGO_BIN_EXE_dragnet")).args(arguments);
    command
        .current_dir(world.path(""))
        .env_clear()
        .env("HOME", world.path(""))
        .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A store as an earlier version left it, with a ticket that the first one knew.
fn of_version(world: &World, name: &str, version: i64) {
    let store = rusqlite::Connection::open(world.path(name)).unwrap();
    for step in 1..=version {
        let schema = std::fs::read_to_string(world::repository(&format!("src/store/schema/v{step}.sql"))).unwrap();
        store.execute_batch(&schema).unwrap();
        if step == 1 {
            store.execute_batch(FIRST_TICKET).unwrap();
        }
    }
    store.pragma_update(None, "application_id", 0x6472_676e).unwrap();
    store.pragma_update(None, "user_version", version).unwrap();
}

/// A ticket of [`fill`] in the tables of the first version.
const FIRST_TICKET: &str = "
    INSERT INTO ticket (id, lookup, asked_at, proven, proven_at, good_at, tracker_id, url, kind, title, closed, state, details)
    VALUES ('jira:ARCH-1', 'found', '2026-01-01T00:00:00Z', 'found', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z',
            'jira:ARCH-1', 'https://acme.example/browse/ARCH-1', 'issue', 'Old', 0, 'Open', '{}');
    INSERT INTO ticket_change (ticket, seq, seen_at, field, new_value)
    VALUES ('jira:ARCH-1', 1, '2026-01-01T00:00:00Z', 'lookup', 'found');";

/// What must hold after whatever happened: the store is whole, a pass by hand completes, every ticket is known as it is,
/// each was seen for the first time once, and a fresh change gets through.
async fn all_is_well(world: &World, tickets: i64) {
    world.run(&["verify"]).await.ended(0);
    world.run(&["sync"]).await.ended(0);
    let known: i64 = world.sql("SELECT count(*) FROM ticket WHERE good_at IS NOT NULL AND lookup = 'found'");
    assert_eq!(known, tickets);
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM ticket_change WHERE field = 'lookup'"), tickets);
    let now = chrono::Utc::now();
    world.jira.now(now);
    world.jira.issue("ARCH-4").status("Closed", "done").resolution("Won't Do", now).updated(now);
    world.run(&["sync"]).await.ended(0);
    assert!(
        world.sql::<bool>("SELECT closed FROM ticket WHERE id = 'jira:ARCH-4'"),
        "a fresh change did not get through"
    );
    world.jira.issue("ARCH-4").status("Open", "new").updated(chrono::Utc::now());
}

/// The signature of a body, as the headers of webhooks have it.
fn signed(secret: &str, body: &[u8]) -> String {
    use hmac::Mac;
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// The status and the whole answer to a request; `None` while nobody answers.
fn ask(address: SocketAddr, method: &str, path: &str, headers: &str, body: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let length = body.len();
    let head = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\n{headers}content-length: {length}\r\n");
    write!(stream, "{head}connection: close\r\n\r\n{body}").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some((answer.split(' ').nth(1)?.parse().ok()?, answer))
}

/// Waits until `seen` gives something.
fn wait_for<T>(what: &str, mut seen: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(seen) = seen() {
            return seen;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
