//! Deliveries of webhooks: who may send them, what they lead to, and what they cannot do.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Child;
use std::time::{Duration, Instant};

use dragnet::clock::Clock;
use dragnet::domain::tracker::{TrackerId, TrackerKind, WebhookSettings};
use dragnet::store::Store;
use dragnet::web;
use dragnet::web::webhooks::{Bounds, Told, Webhooks};
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio_util::sync::CancellationToken;

use super::daemon::{ended, get, wait_for};
use super::world::{Ran, World, free_address, noon, signal};

/// Passes on schedule would ask too; this one leaves us alone for as long as a test takes.
const ONCE_A_YEAR: &str = "[schedule]\nsync = \"0 3 1 1 *\"\nfull = \"0 3 1 1 *\"\n";

/// `sha256=` and the signature of `body`.
fn signed(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// Posts and gives the status, and head and body of the answer.
fn post(address: SocketAddr, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut head = format!("POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    if !headers.iter().any(|(name, _)| matches!(*name, "content-length" | "transfer-encoding")) {
        head += &format!("content-length: {}\r\n", body.len());
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
    // Whoever is refused early may find the line closed while still writing.
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8(answer).unwrap();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.unwrap_or_else(|| panic!("no answer: {answer:?}")), answer)
}

/// A delivery as Jira sends it.
pub(super) fn from_jira(address: SocketAddr, id: &str, body: &Value) -> u16 {
    let body = body.to_string();
    let signature = signed("jira-hook", body.as_bytes());
    let headers = [("x-hub-signature", signature.as_str()), ("x-atlassian-webhook-identifier", id)];
    post(address, "/webhooks/jira", &headers, body.as_bytes()).0
}

pub(super) fn updated(key: &str) -> Value {
    json!({"timestamp": 1_790_000_000_000_i64, "webhookEvent": "jira:issue_updated", "issue": {"id": "1", "key": key,
           "fields": {"status": {"name": "Closed", "statusCategory": {"key": "done"}}}}})
}

/// A world whose trackers may send deliveries.
pub(super) async fn world() -> World {
    let world = World::new().await;
    world.write("github-old", "github-old\n");
    world.write("github-new", "github-new\n");
    world.write("jira-hook", "jira-hook\n");
    world.configure(&format!("webhook_secret_file = [\"github-old\", \"github-new\"]\n{ONCE_A_YEAR}"));
    let text = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    let jira = "token_file = \"jira-token\"";
    world.write("dragnet.toml", text.replace(jira, &format!("{jira}\nwebhook_secret_file = [\"jira-hook\"]")));
    world
}

/// The daemon, after its first pass.
pub(super) async fn serving(world: &World) -> (Child, SocketAddr) {
    let address = free_address();
    let daemon = world.start(&["serve", "--listen", &address.to_string()]);
    wait_for("/healthz", || get(address, "/healthz")).await;
    wait_for("the first pass", || passed(world).then_some(())).await;
    (daemon, address)
}

pub(super) fn passed(world: &World) -> bool {
    world.sql::<i64>("SELECT count(*) FROM run WHERE ended_at IS NOT NULL") > 0
}

/// Waits until all that was named is asked for.
pub(super) async fn followed(world: &World) {
    wait_for("an asking", || (world.sql::<i64>("SELECT count(*) FROM nudge") == 0).then_some(())).await;
}

/// The keys that Jira was asked for, request by request.
pub(super) fn asked(world: &World) -> Vec<Vec<String>> {
    let keys = |body: Value| {
        let keys = body["issueIdsOrKeys"].as_array().cloned().unwrap_or_default();
        keys.iter().map(|key| key.as_str().unwrap().to_owned()).collect()
    };
    let bulk = world.jira_stage.requests().into_iter().filter(|exchange| exchange.path.contains("/issue/bulkfetch"));
    bulk.map(|exchange| keys(exchange.json())).collect()
}

pub(super) async fn stopped(daemon: Child) {
    signal(&daemon, "TERM");
    let (code, log) = ended(daemon).await;
    assert_eq!(code, Some(0), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_only_what_is_signed_with_a_secret_in_force_is_taken() {
    let world = world().await;
    world.register(&[("Builds are slow", "2020-01-01: x", "acme/rocket#7")]);
    world.github.issue("acme/rocket", 7);
    let (daemon, address) = serving(&world).await;
    let asked = world.github_stage.requests().len();
    world.github.issue("acme/rocket", 7).closed_as("not_planned", noon("2021-01-01"));
    let body =
        json!({"action": "closed", "issue": {"number": 7}, "repository": {"full_name": "acme/rocket"}}).to_string();
    let right = signed("github-new", body.as_bytes());
    let sha1 = "sha1=0123456789012345678901234567890123456789";
    let upper = format!("sha256={}", right["sha256=".len()..].to_uppercase());
    let header = "x-hub-signature-256";
    for (what, name, signature, body, expected) in [
        ("none", "x-nothing", right.as_str(), body.as_str(), 401),
        ("in the header of another sender", "x-hub-signature", &right, &body, 401),
        ("sha1 only", "x-hub-signature", sha1, &body, 401),
        ("sha1 in the place of sha256", header, sha1, &body, 401),
        ("upper case", header, &upper, &body, 401),
        ("empty", header, "", &body, 401),
        ("no digits", header, "sha256=zz", &body, 401),
        ("of a body that was changed since", header, &right, &body.replace('7', "8"), 403),
        ("of another tenant", header, &signed("jira-hook", body.as_bytes()), &body, 403),
        ("by nobody we know", header, &signed("guess", body.as_bytes()), &body, 403),
        // What is not signed is not parsed either: it is forged before it is no JSON.
        ("wrong over what is no JSON", header, &right, "{", 403),
        ("right over what is no JSON", header, &signed("github-new", b"{"), "{", 400),
        ("with the new secret", header, &right, &body, 202),
        ("with the old secret, while both are in force", header, &signed("github-old", body.as_bytes()), &body, 202),
    ] {
        let before: i64 = world.sql("SELECT count(*) FROM delivery");
        let headers = [(name, signature), ("x-github-event", "issues"), ("x-github-delivery", what)];
        let (status, answer) = post(address, "/webhooks/github", &headers, body.as_bytes());
        assert_eq!(status, expected, "{what}: {answer}");
        let kept: i64 = world.sql("SELECT count(*) FROM delivery");
        assert_eq!(kept - before, i64::from(expected == 202), "{what}");
        if expected != 202 {
            assert_eq!(world.sql::<i64>("SELECT count(*) FROM nudge"), 0, "{what}");
            assert_eq!(world.github_stage.requests().len(), asked, "{what}: nobody is asked");
        }
    }
    // What was signed is asked for, and the change gets through.
    followed(&world).await;
    assert_eq!(world.verdicts().await, ["github:acme/rocket#7 undone (found)"]);
    // The same door by its tracker's name, and doors that are not there.
    let headers = [(header, right.as_str()), ("x-github-delivery", "by name")];
    assert_eq!(post(address, "/webhooks/github/github", &headers, body.as_bytes()).0, 202);
    for path in ["/webhooks/github/acme", "/webhooks/jira/github", "/webhooks/gitlab", "/webhooks"] {
        assert_eq!(post(address, path, &headers, body.as_bytes()).0, 404, "{path}");
    }
    assert!(get(address, "/webhooks/github").unwrap().starts_with("HTTP/1.1 405"));
    stopped(daemon).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f2_a_delivery_has_one_effect_however_often_it_comes_and_is_not_believed() {
    let world = world().await;
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1")]);
    world.jira.issue("ARCH-1");
    let (daemon, address) = serving(&world).await;
    world.jira_stage.forget();
    // It says that the issue is closed. The tracker says that it is not.
    for _ in 0..100 {
        assert_eq!(from_jira(address, "once", &updated("ARCH-1")), 202);
    }
    followed(&world).await;
    assert_eq!(asked(&world), [["ARCH-1"]], "asked for once");
    assert_eq!(world.verdicts().await, ["jira:ARCH-1 open (found)"]);
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM delivery"), 1);
    // Another one is another effect, in whatever order they come: the ticket is asked for as it is now.
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2021-01-01"));
    let older = json!({"webhookEvent": "jira:issue_created", "issue": {"id": "1", "key": "ARCH-1"}});
    assert_eq!(from_jira(address, "earlier, and late", &older), 202);
    followed(&world).await;
    assert_eq!(world.verdicts().await, ["jira:ARCH-1 undone (found)"]);
    // Once more after its turn is over: nothing is due.
    assert_eq!(from_jira(address, "once", &updated("ARCH-1")), 202);
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM nudge"), 0);
    stopped(daemon).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_is_one_asking_and_strangers_tickets_are_none() {
    let world = world().await;
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1 ARCH-2 ARCH-3 acme/rocket#7")]);
    for key in ["ARCH-1", "ARCH-2", "ARCH-3"] {
        world.jira.issue(key);
    }
    world.github.issue("acme/rocket", 7);
    let (daemon, address) = serving(&world).await;
    world.jira_stage.forget();
    world.github_stage.forget();
    world.jira.issue("ARCH-2").status("Closed", "done").resolution("Won't Do", noon("2021-01-01"));
    let begun = Instant::now();
    for nth in 0..60 {
        let key = ["ARCH-1", "ARCH-2", "ARCH-99", "NOPE-1"][nth % 4];
        assert_eq!(from_jira(address, &format!("delivery {nth}"), &updated(key)), 202);
    }
    followed(&world).await;
    let askings = asked(&world);
    // However slow the machine is, there are six seconds between two askings.
    let most = usize::try_from(begun.elapsed().as_secs() / 6).unwrap() + 2;
    assert!((1..=most).contains(&askings.len()), "{askings:?} within {:?}", begun.elapsed());
    assert!(askings.iter().flatten().all(|key| key == "ARCH-1" || key == "ARCH-2"), "{askings:?}");
    assert!(world.github_stage.requests().is_empty(), "nobody named a ticket of GitHub");
    assert!(world.verdicts().await.contains(&"jira:ARCH-2 undone (found)".to_owned()));
    let ignored: i64 = world.sql("SELECT count(*) FROM delivery WHERE nudged = 0");
    assert_eq!(ignored, 30);
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM run"), 1, "asking for what is named is no pass");
    stopped(daemon).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_202_is_asked_for_even_if_we_are_killed_in_between() {
    let world = world().await;
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1")]);
    world.jira.issue("ARCH-1");
    let (mut daemon, address) = serving(&world).await;
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2021-01-01"));
    assert_eq!(from_jira(address, "one", &updated("ARCH-1")), 202);
    daemon.kill().unwrap();
    daemon.wait().unwrap();
    let (daemon, _) = serving(&world).await;
    followed(&world).await;
    assert_eq!(world.verdicts().await, ["jira:ARCH-1 undone (found)"]);
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM run"), 1, "no pass was due");
    stopped(daemon).await;
}

/// Webhooks on a store, served without a daemon.
struct Served {
    webhooks: Webhooks,
    address: SocketAddr,
    stop: CancellationToken,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn served(store: Store, bounds: Bounds) -> Served {
    let door = WebhookSettings {
        tracker: TrackerId::first(TrackerKind::GitHub),
        name: "github".to_owned(),
        secrets: vec!["s3cret".to_owned().into()],
    };
    let webhooks = Webhooks::new(store, Clock::standing_at(noon("2026-06-01")), vec![door], bounds);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
    tokio::spawn(web::serve(listener, webhooks.router(), tokio::sync::watch::channel(None).1, stop.clone()));
    Served { webhooks, address, stop }
}

impl Served {
    async fn post(&self, headers: &[(&'static str, String)], body: &[u8]) -> (u16, String) {
        let (address, headers, body) = (self.address, headers.to_vec(), body.to_vec());
        let posting = move || {
            let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            post(address, "/webhooks/github", &headers, &body)
        };
        tokio::task::spawn_blocking(posting).await.unwrap()
    }

    fn told(&self, told: Told) -> u64 {
        self.webhooks.tally().get(&(TrackerId::first(TrackerKind::GitHub), told)).copied().unwrap_or(0)
    }
}

fn signature(body: &[u8]) -> (&'static str, String) {
    ("x-hub-signature-256", signed("s3cret", body))
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_what_strangers_may_send_is_bounded() {
    let bounds = Bounds { body: 64, bodies: 64, rate: 4 };
    let served = served(Store::in_memory().await.unwrap(), bounds).await;
    let long = [b' '; 65];
    let announced = [signature(&long), ("content-length", "65".to_owned())];
    assert_eq!(served.post(&announced, b"").await.0, 413, "refused before it is sent");
    let chunked = [signature(&long), ("transfer-encoding", "chunked".to_owned())];
    let mut body = b"41\r\n".to_vec();
    body.extend(long);
    body.extend(b"\r\n0\r\n\r\n");
    assert_eq!(served.post(&chunked, &body).await.0, 413, "refused when it turns out to be too long");
    // While one takes its time there is no room for another.
    let slow = [signature(b"{}"), ("content-length", "60".to_owned())];
    let (slow, crowded) = tokio::join!(served.post(&slow, b"{"), async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        served.post(&[signature(b"{}"), ("content-length", "40".to_owned())], b"{").await
    });
    assert_eq!(slow.0, 408, "{}", slow.1);
    assert!(matches!(crowded.0, 408 | 429), "{}", crowded.1);
    // More at once than the rate allows.
    let mut limited = 0;
    for _ in 0..200 {
        let (status, answer) = served.post(&[signature(b"{}")], b"{}").await;
        assert!(matches!(status, 202 | 429), "{answer}");
        if status == 429 {
            assert!(answer.contains("retry-after: "), "{answer}");
            limited += 1;
        }
    }
    assert!(limited > 0);
    assert_eq!((served.told(Told::TooLong), served.told(Told::Unsigned)), (2, 0));
    assert_eq!(served.post(&[], b"{}").await.0, 401);
    assert_eq!(served.told(Told::Unsigned), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_what_nests_too_deep_is_no_json_and_harms_nobody() {
    let served = served(Store::in_memory().await.unwrap(), Bounds::default()).await;
    let deep = "{\"issue\":".repeat(200_000).into_bytes();
    assert_eq!(served.post(&[signature(&deep)], &deep).await.0, 400);
    assert_eq!(served.post(&[signature(b"{}")], b"{}").await.0, 202);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_does_not_come_is_not_waited_for() {
    let served = served(Store::in_memory().await.unwrap(), Bounds::default()).await;
    let mut slow = TcpStream::connect(served.address).unwrap();
    slow.write_all(b"POST /webhooks/github HTTP/1.1\r\nx-a: ").unwrap();
    slow.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    let closed = tokio::task::spawn_blocking(move || slow.read_to_end(&mut Vec::new())).await.unwrap();
    closed.expect("the other side closes the line");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_cannot_be_written_is_503_and_never_202() {
    let world = World::new().await;
    Store::open(&world.path("dragnet.db")).await.unwrap();
    let store = Store::open_existing(&world.path("dragnet.db")).await.unwrap();
    let served = served(store, Bounds::default()).await;
    let body = b"{}";
    let (status, answer) = served.post(&[signature(body)], body).await;
    assert_eq!(status, 503, "{answer}");
    assert!(answer.contains("retry-after: "), "{answer}");
    assert_eq!((served.told(Told::Failed), served.told(Told::Ignored)), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_is_missing_is_said_before_anything_is_served() {
    let world = world().await;
    std::fs::remove_file(world.path("github-old")).unwrap();
    let told: Ran = world.run(&["config", "check"]).await.ended(2);
    told.complained(&["no webhook secret for tracker `github`: cannot read", "github-old", "hint: "]);
    world.run(&["serve", "--listen", "127.0.0.1:0"]).await.ended(2);
    world.write("github-old", "back");
    let right = world.run(&["config", "check"]).await.ended(0);
    assert!(right.out.contains("webhook   /webhooks/github/github (2 secrets)"), "{}", right.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_ticket_by_hand_is_asked_for_alone() {
    let world = world().await;
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1 ARCH-2 acme/rocket#7")]);
    world.jira.issue("ARCH-1");
    world.jira.issue("ARCH-2");
    world.github.issue("acme/rocket", 7);
    let unread = world.run(&["sync", "--ticket", "ARCH-1"]).await.ended(2);
    unread.complained(&["no document that was read cites jira:ARCH-1", "hint: `dragnet sync` reads"]);
    world.run(&["sync"]).await.ended(0);
    world.jira_stage.forget();
    world.github_stage.forget();
    for (key, reason) in [("ARCH-1", "Won't Do"), ("ARCH-2", "Won't Do")] {
        world.jira.issue(key).status("Closed", "done").resolution(reason, noon("2021-01-01"));
    }
    for typed in ["ARCH-1", "jira:arch-1", "https://acme.example/browse/ARCH-1"] {
        let ran = world.run(&["sync", "--ticket", typed]).await.ended(0);
        assert!(ran.out.starts_with("Asked for 1 ticket in "), "{}", ran.out);
        assert!(ran.out.contains("jira:ARCH-1 is undone. `dragnet why jira:ARCH-1` shows why."), "{}", ran.out);
    }
    assert!(asked(&world).iter().all(|keys| keys == &["ARCH-1"]), "{:?}", asked(&world));
    assert!(world.github_stage.requests().is_empty());
    let verdicts = ["jira:ARCH-1 undone (found)", "jira:ARCH-2 open (found)", "github:acme/rocket#7 open (found)"];
    assert_eq!(world.verdicts().await, verdicts);
    let wrong = world.run(&["sync", "--ticket", "not a ticket"]).await.ended(2);
    wrong.complained(&["`not a ticket` names no ticket"]);
    world.run(&["sync", "--ticket", "ARCH-9"]).await.ended(2).complained(&["cites jira:ARCH-9"]);
}
