//! Who may see what is served and who may do what: users, proxies, the operator's token, other sites, TLS.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Child;
use std::time::Duration;

use base64::Engine;

use super::daemon::{get, stopped, wait_for};
use super::world::{World, free_address, repository, signal};

/// The status of an answer to a request with these lines in its head, and the answer.
fn ask(address: SocketAddr, request: &str, lines: &[&str]) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    write!(stream, "{request} HTTP/1.1\r\nhost: {address}\r\n{lines}content-length: 0\r\nconnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
}

fn basic(name: &str, password: &str) -> String {
    let told = base64::engine::general_purpose::STANDARD.encode(format!("{name}:{password}"));
    format!("authorization: Basic {told}")
}

async fn serving(world: &World, listen: &str) -> (Child, SocketAddr) {
    let address: SocketAddr = format!("127.0.0.1:{}", free_address().port()).parse().unwrap();
    let daemon = world.start(&["serve", "--listen", &format!("{listen}:{}", address.port())]);
    wait_for("the page", || get(address, "/healthz")).await;
    (daemon, address)
}

/// A new user's line and the password that was made.
async fn user(world: &World, arguments: &[&str]) -> (String, String) {
    let ran = world.run(&[&["user"], arguments].concat()).await.ended(0);
    let password = ran.err.rsplit(": ").next().unwrap_or_default().trim().to_owned();
    (ran.out, password)
}

#[tokio::test(flavor = "multi_thread")]
async fn f4_nobody_comes_in_without_a_login_and_each_role_may_do_its_own() {
    let world = World::new().await;
    world.configure("[serve]\nusers_file = \"users\"\n");
    let (ada, ada_password) = user(&world, &["ada"]).await;
    let (ops, ops_password) = user(&world, &["ops", "--role", "operate"]).await;
    let typed =
        world.run_fed("correct horse battery\n", &["user", "bob", "--role", "decide", "--password-stdin"]).await;
    world
        .run_fed("short", &["user", "eve", "--password-stdin"])
        .await
        .ended(2)
        .complained(&["fewer than 12", "hint: "]);
    assert!(ada.starts_with("ada:read:$argon2id$") && !ada.contains(&ada_password), "{ada}");
    world.write("users", format!("# who may come in\n{ada}{ops}{}\n", typed.ended(0).out));
    // Everywhere, for there is a login.
    let (daemon, address) = serving(&world, "0.0.0.0").await;
    for path in ["/", "/report.json", "/metrics"] {
        let (status, answer) = ask(address, &format!("GET {path}"), &[]);
        assert_eq!(status, 401, "{answer}");
        assert!(answer.contains("www-authenticate: Basic realm=\"dragnet\""), "{answer}");
        assert!(!answer.contains("dragnet_build_info") && !answer.contains("<table"), "{answer}");
        assert_eq!(ask(address, &format!("GET {path}"), &[&basic("ada", &ada_password)]).0, 200);
    }
    // What a load balancer asks for tells nothing of the register.
    assert_eq!(ask(address, "GET /healthz", &[]).0, 200);
    for wrong in [
        basic("ada", "wrong"),
        basic("ada", ""),
        basic("nobody", &ada_password),
        basic("", ""),
        "authorization: Basic !".to_owned(),
        "authorization: Bearer x".to_owned(),
        "authorization: Negotiate x".to_owned(),
    ] {
        assert_eq!(ask(address, "GET /", &[&wrong]).0, 401, "{wrong}");
    }
    assert_eq!(ask(address, "GET /", &[&basic("bob", "correct horse battery")]).0, 200);
    for (who, password, expected) in
        [("ada", ada_password.as_str(), 403), ("bob", "correct horse battery", 403), ("ops", &ops_password, 202)]
    {
        let (status, answer) = ask(address, "POST /-/run", &[&basic(who, password)]);
        assert_eq!(status, expected, "{who}: {answer}");
    }
    // Whoever is taken out of the file is out with the next pass or reload.
    world.write("users", &ops);
    assert_eq!(ask(address, "POST /-/reload", &[&basic("ops", &ops_password)]).0, 202);
    wait_for("ada to be out", || (ask(address, "GET /", &[&basic("ada", &ada_password)]).0 == 401).then_some(())).await;
    let log = stopped(daemon).await;
    assert!(!log.contains(&ops_password) && !log.contains("$argon2"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn f4_another_site_cannot_make_a_browser_ask_for_changes() {
    let world = World::new().await;
    world.configure("[serve]\nusers_file = \"users\"\n");
    let (ops, password) = user(&world, &["ops", "--role", "operate"]).await;
    world.write("users", ops);
    let (daemon, address) = serving(&world, "127.0.0.1").await;
    let login = basic("ops", &password);
    let own = format!("origin: http://{address}");
    for (lines, expected) in [
        (vec!["sec-fetch-site: cross-site"], 403),
        (vec!["sec-fetch-site: same-site"], 403),
        (vec!["origin: https://evil.example"], 403),
        (vec!["origin: null"], 403),
        (vec!["sec-fetch-site: same-origin", "origin: https://public.example"], 202),
        (vec!["sec-fetch-site: none"], 202),
        (vec![own.as_str()], 202),
        (vec![], 202),
    ] {
        let all: Vec<&str> = lines.iter().copied().chain([login.as_str()]).collect();
        assert_eq!(ask(address, "POST /-/run", &all).0, expected, "{lines:?}");
    }
    stopped(daemon).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f5_the_world_is_let_in_only_when_that_is_said() {
    let world = World::new().await;
    let listen = ["serve", "--listen", "0.0.0.0:0"];
    let words = ["refusing to listen on 0.0.0.0:0: whoever reaches it could read everything", "`open = true`"];
    world.run(&listen).await.ended(2).complained(&words);
    world.configure("[serve]\nopen = true\n");
    let (daemon, address) = serving(&world, "0.0.0.0").await;
    assert_eq!(ask(address, "GET /", &[]).0, 200);
    // Reading is open; asking for anything is not.
    assert_eq!(ask(address, "POST /-/run", &[]).0, 404);
    stopped(daemon).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f6_only_a_proxy_that_is_listed_says_who_somebody_is() {
    let world = World::new().await;
    world.write("users", "ada:operate:\n");
    world.configure("[serve]\nusers_file = \"users\"\ntrusted_proxies = [\"10.9.0.0/16\"]\n");
    let (daemon, address) = serving(&world, "127.0.0.1").await;
    for line in ["x-forwarded-user: ada", "remote-user: ada", "x-forwarded-for: 10.9.1.1"] {
        assert_eq!(ask(address, "GET /", &[line]).0, 401, "{line}");
    }
    assert_eq!(ask(address, "GET /", &[&basic("ada", "")]).0, 401, "whoever has no hash has no password");
    stopped(daemon).await;

    let proxies = "trusted_proxies = [\"127.0.0.1\", \"::1\"]\nuser_header = \"Remote-User\"\n";
    world.configure(&format!("[serve]\nusers_file = \"users\"\n{proxies}"));
    let (daemon, address) = serving(&world, "0.0.0.0").await;
    assert_eq!(ask(address, "GET /", &["x-forwarded-user: ada"]).0, 401, "another header is another's");
    assert_eq!(ask(address, "GET /", &["remote-user: somebody"]).0, 200, "whom the proxy lets in may read");
    assert_eq!(ask(address, "POST /-/run", &["remote-user: somebody"]).0, 403);
    assert_eq!(ask(address, "POST /-/run", &["remote-user: ada"]).0, 202);
    stopped(daemon).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_whoever_asks_too_fast_is_told_to_wait_and_nobody_else_waits() {
    let world = World::new().await;
    world.configure("[serve]\nrate = 1\ntrusted_proxies = [\"127.0.0.1\"]\n");
    let (daemon, address) = serving(&world, "127.0.0.1").await;
    let from = |whom: &str, path: &str| {
        ask(address, &format!("GET {path}"), &["x-forwarded-user: ada", &format!("x-forwarded-for: {whom}")])
    };
    let refused = (0..10_000).find_map(|_| {
        let (status, answer) = from("192.0.2.1", "/report.json");
        (status != 200).then_some((status, answer))
    });
    let (status, answer) = refused.expect("two requests within a second");
    assert_eq!(status, 429, "{answer}");
    assert!(answer.contains("retry-after: 1\r\n"), "{answer}");
    assert!(answer.ends_with("more than 1 requests a second come from your address\n"), "{answer}");
    // What a client claims itself stands before what the proxy saw.
    assert_eq!(from("192.0.2.1, 192.0.2.2", "/").0, 200);
    // Whoever looks whether the daemon lives does so from anywhere, and deliveries have bounds of their own.
    for path in ["/healthz", "/readyz", "/-/healthy", "/-/ready"] {
        for _ in 0..5 {
            assert_ne!(from("192.0.2.3", path).0, 429, "{path}");
        }
    }
    assert!((0..5).all(|_| ask(address, "POST /webhooks/github", &["x-forwarded-for: 192.0.2.4"]).0 == 404));
    wait_for("a second to pass", || (from("192.0.2.1", "/").0 == 200).then_some(())).await;
    // A rate that is configured anew counts after a reload.
    world.configure("[serve]\nrate = 1000000\ntrusted_proxies = [\"127.0.0.1\"]\n");
    signal(&daemon, "HUP");
    wait_for("the new rate", || (0..3).all(|_| from("192.0.2.5", "/").0 == 200).then_some(())).await;
    let log = stopped(daemon).await;
    assert!(log.contains("an address makes more than 1 requests a second (`serve.rate`)"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_shows_the_daemon_who_asks() {
    let world = World::new().await;
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1")]);
    world.jira.issue("ARCH-1");
    world.configure("[serve]\nusers_file = \"users\"\n");
    let (ci, password) = user(&world, &["ci"]).await;
    world.write("users", ci);
    let (daemon, address) = serving(&world, "127.0.0.1").await;
    wait_for("the first pass", || {
        let known: bool = std::fs::exists(world.path("dragnet.db")).unwrap()
            && rusqlite::Connection::open(world.path("dragnet.db"))
                .and_then(|store| store.query_row("SELECT count(*) FROM verdict", [], |row| row.get::<_, i64>(0)))
                .is_ok_and(|verdicts| verdicts > 0);
        known.then_some(())
    })
    .await;
    let check = ["check", "--server", &format!("http://{address}"), "--max-age", "1d"];
    let refused = world.run(&check).await.ended(3);
    refused.complained(&["answered 401; DRAGNET_SERVER_TOKEN holds `name:password`"]);
    world.run_with(&[("DRAGNET_SERVER_TOKEN", &format!("ci:{password}"))], &check).await.ended(0);
    let far = ["check", "--server", "http://dragnet.example", "--max-age", "1d"];
    let refused = world.run_with(&[("DRAGNET_SERVER_TOKEN", "ci:x")], &far).await.ended(2);
    refused.complained(&["refusing to send DRAGNET_SERVER_TOKEN"]);
    stopped(daemon).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_served_by_its_certificate_and_a_new_one_counts_after_a_reload() {
    let world = World::new().await;
    let certificate = |name: &str| {
        std::fs::copy(repository(&format!("tests/it/tls/{name}.pem")), world.path("cert.pem")).unwrap();
        std::fs::copy(repository(&format!("tests/it/tls/{name}-key.pem")), world.path("key.pem")).unwrap();
    };
    certificate("first");
    world.write("token", "operator");
    let tls = "tls_cert_file = \"cert.pem\"\ntls_key_file = \"key.pem\"\ntoken_file = \"token\"\n";
    world.configure(&format!("[serve]\n{tls}"));
    world.run(&["config", "check"]).await.ended(0);
    let address = free_address();
    let daemon = world.start(&["serve", "--listen", &address.to_string()]);
    let trusting = |name: &str| {
        let pem = std::fs::read(repository(&format!("tests/it/tls/{name}.pem"))).unwrap();
        let only = reqwest::Certificate::from_pem(&pem).unwrap();
        reqwest::Client::builder().tls_certs_only([only]).no_proxy().build().unwrap()
    };
    let (first, second) = (trusting("first"), trusting("second"));
    let page = format!("https://{address}/healthz");
    let answers =
        async |client: &reqwest::Client| client.get(&page).send().await.is_ok_and(|answer| answer.status() == 200);
    let until = async |client: &reqwest::Client| {
        for _ in 0..1200 {
            if answers(client).await {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        false
    };
    assert!(until(&first).await, "the page was never served");
    assert!(!answers(&second).await);
    // Who speaks no TLS gets no answer, and nobody else is held up.
    assert!(get(address, "/healthz").is_none_or(|answer| !answer.contains("ok")));

    let reload = async || {
        let reload = first.post(format!("https://{address}/-/reload")).bearer_auth("operator");
        reload.send().await
    };
    // A key that belongs to another certificate changes nothing.
    std::fs::copy(repository("tests/it/tls/second-key.pem"), world.path("key.pem")).unwrap();
    world.run(&["config", "check"]).await.ended(2).complained(&["cannot be used with the key in `tls_key_file`"]);
    assert_eq!(reload().await.unwrap().status(), 202);
    // The daemon reloads when it comes to it; what it refused is to be seen before the next order.
    let metrics = format!("https://{address}/metrics");
    let refused = async || {
        let page = first.get(&metrics).bearer_auth("operator").send().await.ok()?.text().await.ok()?;
        page.contains("dragnet_config_last_reload_successful 0").then_some(())
    };
    for _ in 0..1200 {
        if refused().await.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(answers(&first).await);
    certificate("second");
    let _ = reload().await;
    assert!(until(&second).await, "the new certificate was never shown");
    let log = stopped(daemon).await;
    assert!(log.contains("keeping the configuration of before"), "{log}");
}
