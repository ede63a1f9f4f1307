//! The daemon as those see it who run it: ready or not and why, metrics, reloading, passes on demand, the service manager.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixDatagram;
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::daemon::{stopped, wait_for};
use super::world::{World, free_address, noon, repository, signal};

/// One that comes on no day of a test.
const ONCE_A_YEAR: &str = "[schedule]\nsync = \"0 3 1 1 *\"\nfull = \"0 3 1 1 *\"\n";

/// The answer to a request without a body: status and body; `None` while nobody listens.
fn ask(address: SocketAddr, method: &str, path: &str, token: Option<&str>) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let token = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    let length = if method == "POST" { "content-length: 0\r\n" } else { "" };
    write!(stream, "{method} {path} HTTP/1.1\r\nhost: {address}\r\n{token}{length}connection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
}

/// The value of a metric, by its name and labels as they are written.
fn metric(address: SocketAddr, name: &str) -> Option<f64> {
    let (status, page) = ask(address, "GET", "/metrics", None)?;
    assert_eq!(status, 200, "{page}");
    page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

fn passes(address: SocketAddr) -> f64 {
    metric(address, "dragnet_pass_duration_seconds_count{reach=\"full\"}").unwrap_or(0.0)
}

async fn serving(world: &World, environment: &[(&str, &str)]) -> (Child, SocketAddr) {
    let address = free_address();
    let daemon = world.start_in(&["serve", "--listen", &address.to_string()], environment);
    wait_for("the first pass", || (passes(address) >= 1.0).then_some(())).await;
    (daemon, address)
}

#[tokio::test(flavor = "multi_thread")]
async fn d1_a_bad_configuration_changes_nothing_and_says_where() {
    let world = World::new().await;
    world.configure(ONCE_A_YEAR);
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1")]);
    world.jira.issue("ARCH-1");
    let (daemon, address) = serving(&world, &[]).await;
    let right = || metric(address, "dragnet_config_last_reload_successful");
    assert_eq!(right(), Some(1.0));
    // Whoever asks meanwhile is answered, each time.
    let done = Arc::new(AtomicBool::new(false));
    let until = Arc::clone(&done);
    let visitor = std::thread::spawn(move || {
        let mut answers = 0;
        while !until.load(Ordering::Relaxed) {
            for path in ["/healthz", "/challenges"] {
                let answer = ask(address, "GET", path, None);
                assert!(answer.as_ref().is_some_and(|(status, _)| *status == 200), "{path}: {answer:?}");
                answers += 1;
            }
        }
        answers
    });
    world.configure(&format!("{ONCE_A_YEAR}[policy]\nstale_after = \"soon\"\n"));
    signal(&daemon, "HUP");
    wait_for("the refusal", || (right() == Some(0.0)).then_some(())).await;
    let (status, told) = ask(address, "GET", "/readyz?verbose", None).unwrap();
    assert_eq!(status, 200, "the one of before is in force: {told}");
    assert!(told.contains("[!] configuration: that of before is in force: dragnet.toml:"), "{told}");
    assert!(told.contains("`soon` is no span of time"), "{told}");
    assert!(ask(address, "GET", "/challenges", None).unwrap().1.contains("Builds are slow"));
    world.configure(&format!("{ONCE_A_YEAR}[severity]\nuntracked-challenge = \"off\"\n"));
    signal(&daemon, "HUP");
    wait_for("the next one", || (right() == Some(1.0)).then_some(())).await;
    done.store(true, Ordering::Relaxed);
    assert!(visitor.join().unwrap() > 0);
    let log = stopped(daemon).await;
    assert!(log.contains("keeping the configuration of before: dragnet.toml:"), "{log}");
    assert!(log.contains("the configuration was read anew"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn d2_a_file_that_is_replaced_is_noticed_without_a_signal() {
    let world = World::new().await;
    // As Kubernetes mounts it: dragnet.toml -> data/dragnet.toml, data -> a folder for each version.
    let version = |name: &str, policy: &str| {
        world.configure(&format!("{ONCE_A_YEAR}[policy]\nstale_after = \"{policy}\"\n"));
        let text = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
        std::fs::create_dir(world.path(name)).unwrap();
        world.write(&format!("{name}/dragnet.toml"), text);
        std::fs::remove_file(world.path("dragnet.toml")).unwrap();
    };
    version("one", "90d");
    version("two", "soon");
    version("three", "30d");
    std::os::unix::fs::symlink("one", world.path("data")).unwrap();
    std::os::unix::fs::symlink("data/dragnet.toml", world.path("dragnet.toml")).unwrap();
    let (daemon, address) = serving(&world, &[]).await;
    let right = || metric(address, "dragnet_config_last_reload_successful");
    for (name, expected) in [("two", 0.0), ("three", 1.0)] {
        std::os::unix::fs::symlink(name, world.path("next")).unwrap();
        std::fs::rename(world.path("next"), world.path("data")).unwrap();
        wait_for(name, || (right() == Some(expected)).then_some(())).await;
    }
    stopped(daemon).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pass_can_be_asked_for_by_signal_and_with_the_token() {
    let world = World::new().await;
    world.write("operator", "operator-s3cret\n");
    world.configure(&format!("{ONCE_A_YEAR}[serve]\ntoken_file = \"operator\"\n"));
    let (daemon, address) = serving(&world, &[]).await;
    signal(&daemon, "USR1");
    wait_for("a pass by signal", || (passes(address) >= 2.0).then_some(())).await;
    for token in [None, Some(""), Some("operator"), Some("operator-s3cretx")] {
        let (status, told) = ask(address, "POST", "/-/run", token).unwrap();
        assert_eq!(status, 401, "{token:?}: {told}");
        assert_eq!(ask(address, "POST", "/-/reload", token).unwrap().0, 401);
    }
    assert_eq!(ask(address, "GET", "/-/run", Some("operator-s3cret")).unwrap().0, 405);
    assert_eq!(ask(address, "POST", "/-/run", Some("operator-s3cret")).unwrap().0, 202);
    wait_for("a pass by request", || (passes(address) >= 3.0).then_some(())).await;
    // Without a token nobody may ask.
    world.configure(ONCE_A_YEAR);
    assert_eq!(ask(address, "POST", "/-/reload", Some("operator-s3cret")).unwrap().0, 202);
    let shut = || (ask(address, "POST", "/-/run", Some("operator-s3cret"))?.0 == 404).then_some(());
    wait_for("the reload", shut).await;
    let log = stopped(daemon).await;
    assert!(!log.contains("s3cret"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_cannot_be_written_is_not_ready_and_heals() {
    let world = World::new().await;
    world.configure(ONCE_A_YEAR);
    let (daemon, address) = serving(&world, &[]).await;
    let (status, told) = ask(address, "GET", "/readyz", None).unwrap();
    assert_eq!((status, told.as_str()), (200, "ready\n"));
    let other = rusqlite::Connection::open(world.path("dragnet.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let unready = || ask(address, "GET", "/readyz", None).filter(|(status, _)| *status == 503);
    let (_, told) = wait_for("the refusal", unready).await;
    assert!(told.starts_with("[-] store: cannot write in store `"), "{told}");
    assert!(told.ends_with("another program keeps it locked\nnot ready\n"), "{told}");
    let health = world.run(&["health", "--url", &format!("http://{address}"), "--ready"]).await.ended(1);
    assert!(health.out.contains("not ready"), "{}", health.out);
    assert_eq!(ask(address, "GET", "/-/healthy", None).unwrap().0, 200, "it is alive all the same");
    other.execute_batch("ROLLBACK").unwrap();
    let ready = || ask(address, "GET", "/-/ready", None).filter(|(status, _)| *status == 200);
    wait_for("the healing", ready).await;
    world.run(&["health", "--url", &format!("http://{address}")]).await.ended(0);
    stopped(daemon).await;
    let gone = world.run(&["health", "--url", &format!("http://{address}")]).await.ended(1);
    gone.complained(&["hint: start `dragnet serve`"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_and_status_tell_what_a_pass_found() {
    let world = World::new().await;
    world.configure(ONCE_A_YEAR);
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1 acme/rocket#7")]);
    world.jira.issue("ARCH-1");
    world.github_stage.fail(dragnet::standin::Mishap::Status(503));
    let (daemon, address) = serving(&world, &[]).await;
    for (name, expected) in [
        ("dragnet_tickets{tracker=\"jira\",verdict=\"open\"}", 1.0),
        ("dragnet_tickets{tracker=\"github\",verdict=\"unknown\"}", 1.0),
        ("dragnet_challenges{standing=\"promised\"}", 1.0),
        ("dragnet_tracker_trouble{tracker=\"github\",kind=\"outage\"}", 1.0),
        ("dragnet_breaker_open{tracker=\"jira\"}", 0.0),
        ("dragnet_panics_total", 0.0),
        ("dragnet_pass_failures_total", 0.0),
    ] {
        assert_eq!(metric(address, name), Some(expected), "{name}");
    }
    assert!(metric(address, "dragnet_tracker_requests_total{tracker=\"jira\"}") >= Some(1.0));
    assert!(metric(address, "dragnet_db_size_bytes") >= Some(4096.0));
    stopped(daemon).await;
    let status = world.run(&["status"]).await.ended(0).out;
    assert!(status.contains(", incomplete: asked for 2 tickets, 1 could not be told\n"), "{status}");
    assert!(status.contains("next pass   2027-01-01 03:00:00 UTC, by 0 3 1 1 * (UTC)\n"), "{status}");
    assert!(status.contains("tracker     jira: 1 ticket, answered at "), "{status}");
    assert!(status.contains("tracker     github: 1 ticket, never answered; then "), "{status}");
    let json = world.run(&["status", "--format", "json"]).await.ended(0).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["schema"], &json["last_pass"]["asked"]), (&1.into(), &2.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_tell_what_was_asked_what_is_left_to_ask_and_when_a_token_ends() {
    let world = World::new().await;
    world.configure(ONCE_A_YEAR);
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1 acme/rocket#7")]);
    world.jira.issue("ARCH-1");
    world.github.issue("acme/rocket", 7);
    world.github_stage.fail(dragnet::standin::Mishap::Status(503));
    let (daemon, address) = serving(&world, &[]).await;
    let answered = |url: &url::Url, code: &str| {
        let host = url.authority();
        metric(address, &format!("dragnet_http_requests_total{{host=\"{host}\",code=\"{code}\"}}"))
    };
    assert!(answered(&world.jira_stage.url, "200") >= Some(1.0));
    assert!(answered(&world.github_stage.url, "503") >= Some(1.0));
    assert_eq!(metric(address, "dragnet_leader"), Some(1.0));
    assert!(metric(address, "dragnet_leader_term") >= Some(1.0));
    assert!(metric(address, "dragnet_db_free_bytes") >= Some(1.0));
    assert_eq!(metric(address, "dragnet_jobs{state=\"running\"}"), Some(0.0));
    let expiry = "dragnet_credential_expiry_timestamp_seconds{tracker=\"jira\"}";
    assert_eq!(metric(address, expiry), None, "nobody told");
    let config = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    let told = config.replacen("\"jira-token\"\n", "\"jira-token\"\ntoken_expires = 2099-01-01\n", 1);
    world.write("dragnet.toml", told);
    signal(&daemon, "HUP");
    wait_for("the end of the token", || metric(address, expiry).filter(|at| *at == 4_070_908_800.0)).await;
    let quota = "dragnet_quota_remaining{tracker=\"github\",quota=\"graphql\"}";
    assert_eq!(metric(address, quota), None, "an outage tells nothing");
    world.github_stage.heal();
    signal(&daemon, "USR1");
    wait_for("the quota", || metric(address, quota).filter(|left| *left > 4_000.0)).await;
    let reset = "dragnet_quota_reset_timestamp_seconds{tracker=\"github\",quota=\"graphql\"}";
    assert!(metric(address, reset) > Some(1_700_000_000.0));
    stopped(daemon).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_and_old_is_removed_and_told_and_what_a_verdict_rests_on_stays() {
    let world = World::new().await;
    world.configure(&format!("{ONCE_A_YEAR}[retention]\npasses = \"1y\"\nhistory = \"1y\"\n"));
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1")]);
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2019-01-01"));
    world.run(&["sync"]).await.ended(0);
    let verdicts = world.verdicts().await;
    world.sql_run(
        "INSERT INTO run (started_at, ended_at) VALUES ('2019-01-01T00:00:00Z', '2019-01-01T00:00:01Z');
         UPDATE run SET started_at = '2019-01-01T00:00:00Z';
         INSERT INTO ticket (id, lookup, asked_at) VALUES ('jira:OPS-9', 'found', '2019-01-01T00:00:00Z');
         UPDATE ticket_change SET seen_at = '2019-01-01T00:00:00Z'; UPDATE verdict SET judged_at = '2019-01-01T00:00:00Z';
         UPDATE ticket SET asked_at = '2019-01-01T00:00:00Z';",
    );
    let changes: i64 = world.sql("SELECT count(*) FROM ticket_change");
    let (daemon, _) = serving(&world, &[]).await;
    let gone = || (world.sql::<i64>("SELECT count(*) FROM ticket WHERE id = 'jira:OPS-9'") == 0).then_some(());
    wait_for("the removal", gone).await;
    let log = stopped(daemon).await;
    assert!(log.contains("removed what is older than `[retention]` keeps it: pass 2, ticket 1"), "{log}");
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM ticket_change"), changes);
    assert_eq!(world.verdicts().await, verdicts);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_tells_how_far_a_pass_is_that_runs() {
    let world = World::new().await;
    world.configure(ONCE_A_YEAR);
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1 acme/rocket#7")]);
    world.jira.issue("ARCH-1");
    world.github.issue("acme/rocket", 7);
    // Longer than anything is waited for.
    world.jira_stage.latency(Duration::from_secs(120));
    let address = free_address();
    let daemon = world.start(&["serve", "--listen", &address.to_string()]);
    for path in ["/", "/challenges"] {
        let told =
            || ask(address, "GET", path, None).filter(|(_, page)| page.contains("1 of 2 tickets answered, since"));
        wait_for("half of the pass", told).await;
    }
    world.jira_stage.latency(Duration::ZERO);
    stopped(daemon).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn d4_the_service_manager_is_told_and_an_idle_daemon_gives_signs_of_life() {
    let world = World::new().await;
    world.configure(ONCE_A_YEAR);
    let socket = UnixDatagram::bind(world.path("notify")).unwrap();
    socket.set_nonblocking(true).unwrap();
    let mut heard = Vec::new();
    let mut hears = |words: &str| {
        let mut datagram = [0; 256];
        while let Ok(length) = socket.recv(&mut datagram) {
            heard.push(String::from_utf8(datagram[..length].to_vec()).unwrap());
        }
        heard.iter().filter(|heard| *heard == words).count()
    };
    let path = world.path("notify").display().to_string();
    let environment = [("NOTIFY_SOCKET", path.as_str()), ("WATCHDOG_USEC", "1500000")];
    let (daemon, _) = serving(&world, &environment).await;
    wait_for("READY", || (hears("READY=1") == 1).then_some(())).await;
    let before = hears("WATCHDOG=1");
    wait_for("signs of life while idle", || (hears("WATCHDOG=1") >= before + 5).then_some(())).await;
    signal(&daemon, "HUP");
    wait_for("READY again", || (hears("RELOADING=1") == 1 && hears("READY=1") == 2).then_some(())).await;
    signal(&daemon, "STOP");
    tokio::time::sleep(Duration::from_secs(1)).await;
    let frozen = hears("WATCHDOG=1");
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(hears("WATCHDOG=1"), frozen, "whoever is frozen gives no sign");
    signal(&daemon, "CONT");
    wait_for("signs of life again", || (hears("WATCHDOG=1") > frozen).then_some(())).await;
    stopped(daemon).await;
    assert_eq!(hears("STOPPING=1"), 1);
}

#[test]
fn the_unit_is_narrow_and_says_what_the_daemon_does() {
    let unit = std::fs::read_to_string(repository("deploy/systemd/dragnet.service")).unwrap();
    for line in ["Type=notify", "WatchdogSec=60", "Restart=on-failure", "DynamicUser=yes", "ProtectSystem=strict"] {
        assert!(unit.lines().any(|one| one == line), "{line}");
    }
    assert!(!unit.lines().any(|line| line == "Type=notify-reload"), "systemd 252 takes that for `simple`");
}
