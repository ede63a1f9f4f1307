//! Secrets stay where they are: whatever goes wrong, none of them is printed, logged, served or stored.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use base64::Engine;
use dragnet::standin::Mishap;

use super::daemon::{ended, get, wait_for};
use super::world::{World, free_address, signal};

/// In every secret.
const MARKER: &str = "M4RK3R";

/// What a secret looks like on its way: as it is, and in the head of a request with basic authentication.
fn guises() -> Vec<String> {
    let basic = |name: &str, secret: &str| base64::engine::general_purpose::STANDARD.encode(format!("{name}:{secret}"));
    vec![
        MARKER.to_owned(),
        basic("bot@example.com", &format!("{MARKER}-jira")),
        basic("ada", &format!("{MARKER}-password")),
        basic("bot@example.com", &format!("{MARKER}-wiki")),
    ]
}

#[track_caller]
fn keeps_still(what: &str, told: &[u8]) {
    for guise in guises() {
        let at = told.windows(guise.len()).position(|window| window == guise.as_bytes());
        assert!(
            at.is_none(),
            "{what} tells a secret: {}",
            String::from_utf8_lossy(&told[at.unwrap().saturating_sub(200)..])
        );
    }
}

/// A world in which every secret that there may be is marked.
async fn world() -> World {
    let world = World::new().await;
    for (name, secret) in [("jira-token", "jira"), ("wiki-token", "wiki"), ("hook", "hook"), ("operator", "operator")] {
        world.write(name, format!("{MARKER}-{secret}\n"));
    }
    let password = format!("{MARKER}-password");
    let user = world.run_fed(&password, &["user", "ada", "--role", "operate", "--password-stdin"]).await.ended(0);
    keeps_still("user", format!("{}{}", user.out, user.err).as_bytes());
    world.write("users", user.out);
    world.configure(&format!(
        "webhook_secret_file = [\"hook\"]\n\
         [[source]]\nname = \"shared\"\nurl = \"http://127.0.0.1:9/export?key={MARKER}-share\"\nallow = [\"127.0.0.0/8\"]\n\
         [[source]]\nname = \"wiki\"\nconfluence = \"{}wiki\"\npage = 7\nflavor = \"cloud\"\nemail = \"bot@example.com\"\n\
         token_file = \"wiki-token\"\n\
         [schedule]\nsync = \"0 3 1 1 *\"\nfull = \"0 3 1 1 *\"\n\
         [serve]\nusers_file = \"users\"\ntoken_file = \"operator\"\nping_url = \"http://127.0.0.1:9/{MARKER}-ping\"\n",
        world.jira_stage.url,
    ));
    let config = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    let config =
        config.replace("token_file = \"jira-token\"", "token_file = \"jira-token\"\nemail = \"bot@example.com\"");
    world.write("dragnet.toml", config.replace("token_file = \"github-token\"", "token_env = \"GITHUB_SECRET\""));
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1 acme/rocket#7")]);
    world.jira.issue("ARCH-1");
    world.github.issue("acme/rocket", 7);
    world
}

/// Says as much as it can about everything.
fn talkative() -> Vec<(&'static str, String)> {
    vec![("DRAGNET_LOG", "trace".to_owned()), ("GITHUB_SECRET", format!("{MARKER}-github"))]
}

#[tokio::test(flavor = "multi_thread")]
async fn h4_no_command_tells_a_secret_whatever_goes_wrong() {
    let world = world().await;
    let variables = talkative();
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let run = async |arguments: &[&str]| {
        let ran = world.run_with(&variables, arguments).await;
        keeps_still(&arguments.join(" "), format!("{}{}", ran.out, ran.err).as_bytes());
        ran
    };
    assert!(run(&["sync"]).await.err.contains("TRACE"), "nothing is said at the finest level");
    let nowhere = format!("http://127.0.0.1:9/?token={MARKER}-elsewhere");
    for mishap in [
        Mishap::Status(401),
        Mishap::Status(403),
        Mishap::Status(503),
        Mishap::LoginPage,
        Mishap::Redirect(nowhere),
        Mishap::HalfJson,
        Mishap::CutOff,
        Mishap::WrongShape,
        Mishap::RetryAfter(429, "3600".to_owned()),
    ] {
        for stage in [&world.jira_stage, &world.github_stage] {
            stage.fail(mishap.clone());
        }
        run(&["sync", "--full"]).await;
        run(&["doctor"]).await;
        for stage in [&world.jira_stage, &world.github_stage] {
            stage.heal();
        }
        world.the_wait_is_over();
    }
    for arguments in [
        &["config", "check"][..],
        &["config", "show"],
        &["config", "show", "--format", "json"],
        &["status", "--format", "json"],
        &["report", "--format", "json"],
        &["report", "--format", "html"],
        &["why", "ARCH-1"],
        &["check", "--offline", "--max-age", "1d", "--format", "sarif"],
        &["backup", "backup.db"],
        &["sync", "--dry-run"],
    ] {
        run(arguments).await;
    }
    // Secrets that are no good are told by their places.
    for (name, told) in [
        ("jira-token", format!("{MARKER}-two\n{MARKER}-lines")),
        ("users", format!("ada:operate:{MARKER}-no-hash")),
        ("hook", String::new()),
    ] {
        let before = std::fs::read_to_string(world.path(name)).unwrap();
        world.write(name, told);
        run(&["config", "check"]).await;
        run(&["doctor"]).await;
        world.write(name, before);
    }
    for file in ["dragnet.db", "dragnet.db-wal", "backup.db"] {
        if let Ok(bytes) = std::fs::read(world.path(file)) {
            keeps_still(file, &bytes);
        }
    }
}

/// The answer to a request with this head.
fn ask(address: SocketAddr, request: &str, head: &str, body: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let length = body.len();
    let lines =
        format!("{request} HTTP/1.1\r\nhost: {address}\r\n{head}content-length: {length}\r\nconnection: close\r\n\r\n");
    stream.write_all(format!("{lines}{body}").as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn h4_the_daemon_tells_no_secret_and_leaves_no_core_behind() {
    let world = world().await;
    let variables = talkative();
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let address = free_address();
    let daemon = world.start_in(&["serve", "--listen", &address.to_string()], &variables);
    wait_for("the page", || get(address, "/healthz")).await;
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", daemon.id())).unwrap();
    let cores = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(cores.split_whitespace().collect::<Vec<_>>()[4..6], ["0", "0"], "{cores}");
    let command = std::fs::read(format!("/proc/{}/cmdline", daemon.id())).unwrap();
    keeps_still("the list of processes", &command);

    let basic = |secret: &str| base64::engine::general_purpose::STANDARD.encode(format!("ada:{secret}"));
    let heads = [
        format!("authorization: Basic {}\r\n", basic(&format!("{MARKER}-password"))),
        format!("authorization: Basic {}\r\n", basic(&format!("{MARKER}-wrong"))),
        format!("authorization: Bearer {MARKER}-operator\r\n"),
        format!("authorization: Bearer {MARKER}-wrong\r\n"),
        format!("x-hub-signature: sha256={MARKER}\r\nx-hub-signature-256: {MARKER}\r\ncookie: {MARKER}\r\n"),
    ];
    for request in [
        "GET /",
        "GET /metrics",
        "GET /report.json",
        "GET /readyz?verbose",
        "GET /nowhere",
        "POST /-/run",
        "POST /-/reload",
        "POST /tickets.json",
        "POST /webhooks/jira",
        "POST /webhooks/github",
    ] {
        for head in &heads {
            keeps_still(request, &ask(address, request, head, ""));
        }
    }
    signal(&daemon, "TERM");
    let (code, log) = ended(daemon).await;
    assert_eq!(code, Some(0), "{log}");
    keeps_still("the log", log.as_bytes());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_services_credentials_are_named_without_saying_where_systemd_puts_them() {
    let world = World::new().await;
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1")]);
    world.jira.issue("ARCH-1");
    world.jira.token("jira-s3cret");
    let config = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    world.write("dragnet.toml", config.replace("\"jira-token\"", "\"$CREDENTIALS_DIRECTORY/jira-token\""));
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::rename(world.path("jira-token"), elsewhere.path().join("jira-token")).unwrap();
    let folder = elsewhere.path().display().to_string();
    let told = world.run(&["sync"]).await.ended(2);
    told.complained(&["cannot read `$CREDENTIALS_DIRECTORY/jira-token`", "systemd sets it for services alone"]);
    world.run_with(&[("CREDENTIALS_DIRECTORY", &folder)], &["sync"]).await.ended(0);
    // What comes with a pull request writes no variable out, not even where a folder of the checkout has its name.
    std::fs::create_dir(world.path("$CREDENTIALS_DIRECTORY")).unwrap();
    world.write("$CREDENTIALS_DIRECTORY/jira-token", "another\n");
    let hosts = [&world.jira_stage, &world.github_stage].map(|stage| stage.url.authority().to_owned()).join(",");
    let run = [("CREDENTIALS_DIRECTORY", folder.as_str()), ("CI", "true"), ("DRAGNET_ALLOW_HOSTS", hosts.as_str())];
    let refused = world.run_with(&run, &["check"]).await.ended(2);
    refused.complained(&["`$CREDENTIALS_DIRECTORY/jira-token` may not be read"]);
}
