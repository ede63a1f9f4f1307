//! `check --links`: other pages that documents link to, asked without harm to anybody.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;

use super::world::World;

/// A site of others, on loopback.
struct Site {
    home: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Site {
    async fn new() -> Self {
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&asked);
        let moved = |to: &'static str| move || async move { (StatusCode::FOUND, [(header::LOCATION, to)]) };
        let router = Router::new()
            .route("/there", get(|| async { "here" }))
            .route("/gone", get(|| async { StatusCode::GONE }))
            .route("/limit", get(|| async { (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "1")]) }))
            .route("/broken", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
            .route("/busy", get(|| async { StatusCode::SERVICE_UNAVAILABLE }))
            .route("/forbidden", get(|| async { StatusCode::FORBIDDEN }))
            .route("/login", get(moved("/there")))
            .route("/moved", get(moved("/missing")))
            .route("/circle", get(moved("/circle")))
            .route("/file", get(moved("file:///etc/passwd")))
            .route("/metadata", get(moved("http://169.254.169.254/latest/meta-data")))
            .route(
                "/inside",
                get(|headers: HeaderMap| async move {
                    // The same server by another name, which nobody allowed.
                    let host = headers[header::HOST].to_str().unwrap().replace("127.0.0.1", "localhost");
                    (StatusCode::FOUND, [(header::LOCATION, format!("http://{host}/there"))]).into_response()
                }),
            )
            .layer(axum::middleware::from_fn(move |request: axum::extract::Request, next: axum::middleware::Next| {
                let credentials = request.headers().contains_key(header::AUTHORIZATION);
                log.lock().unwrap().push(format!(
                    "{}{}",
                    request.uri().path(),
                    if credentials { " with credentials" } else { "" }
                ));
                next.run(request)
            }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let home = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { home, asked }
    }

    fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.asked.lock().unwrap());
        asked.sort();
        asked
    }
}

const ALLOWED: [&str; 4] = ["check", "--links", "--allow-host", "127.0.0.1"];

fn page(world: &World, links: &[String]) {
    let lines: Vec<String> = links.iter().map(|link| format!("- see {link}\n")).collect();
    world.write("page.md", format!("acme/rocket#1 it is.\n{}", lines.concat()));
    world.github.issue("acme/rocket", 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_its_own_server_calls_gone_is_dead_and_that_is_a_warning() {
    let (world, site) = (World::new().await, Site::new().await);
    let at = |path: &str| format!("{}/{path}", site.home);
    page(
        &world,
        &[
            at("there"),
            at("missing"),
            at("gone"),
            format!("[the same]({}#part)", at("missing")),
            at("login"),
            at("moved"),
        ],
    );
    world.run(&["check"]).await.ended(0);
    assert_eq!(site.asked(), [""; 0], "off by default");
    let ran = world.run(&ALLOWED).await.ended(0);
    let found: Vec<&str> = ran.out.lines().filter(|line| line.contains(" dead-link: ")).collect();
    let said =
        |line: u32, path: &str, code: u16| format!("page.md:{line}:7: warning dead-link: {} answered {code}", at(path));
    assert_eq!(found, [said(3, "missing", 404), said(4, "gone", 410), said(7, "moved", 404)], "{}", ran.out);
    assert_eq!(site.asked(), ["/gone", "/login", "/missing", "/missing", "/moved", "/there", "/there"]);
    world.run(&[&ALLOWED[..], &["--fail-on", "warning"]].concat()).await.ended(1);
    world.configure("[severity]\ndead-link = \"off\"");
    site.asked();
    world.run(&ALLOWED).await.ended(0);
    assert_eq!(site.asked(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_an_outage_and_a_refusal_are_told_and_never_findings() {
    for (path, says) in [
        ("limit", "answered 429"),
        ("broken", "answered 500"),
        ("busy", "answered 503"),
        ("forbidden", "answered 403"),
        ("circle", "from one place to the next without end"),
        ("file", "is not public"),
    ] {
        let (world, site) = (World::new().await, Site::new().await);
        page(&world, &[format!("{}/{path}", site.home), format!("{}/there", site.home)]);
        let ran = world.run(&[&ALLOWED[..], &["--fail-on", "info"]].concat()).await.ended(0);
        assert!(ran.out.contains("no findings") && ran.err.contains(says), "{path}: {}{}", ran.out, ran.err);
    }
    // A server that is down.
    let world = World::new().await;
    page(&world, &["http://127.0.0.1:1/x".to_owned()]);
    let ran = world.run(&ALLOWED).await.ended(0);
    assert!(ran.err.contains("1 of 1 other links could not be told: cannot connect"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_asks_for_a_pause_is_left_alone() {
    let (world, site) = (World::new().await, Site::new().await);
    let links: Vec<String> = (0..9).map(|n| format!("{}/limit?{n}", site.home)).collect();
    page(&world, &links);
    let ran = world.run(&ALLOWED).await.ended(0);
    assert!(ran.err.contains("9 of 9 other links could not be told"), "{}", ran.err);
    assert_eq!(site.asked(), ["/limit"]);
    let links: Vec<String> = (0..9).map(|n| format!("{}/busy?{n}", site.home)).collect();
    page(&world, &links);
    world.run(&ALLOWED).await.ended(0);
    assert_eq!(site.asked(), ["/busy", "/busy"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_not_public_is_asked() {
    let (world, site) = (World::new().await, Site::new().await);
    let port = site.home.rsplit(':').next().unwrap().to_owned();
    let hosts =
        ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0x7f000001", "2130706433", "127.1", "0.0.0.0"];
    let links: Vec<String> = hosts.iter().map(|host| format!("http://{host}:{port}/missing")).collect();
    page(&world, &links);
    let ran = world.run(&["check", "--links"]).await.ended(0);
    assert!(ran.out.contains("no findings") && ran.err.contains("is not public"), "{}{}", ran.out, ran.err);
    assert_eq!(site.asked(), [""; 0]);
    // Nor by a redirect of one who is allowed.
    for path in ["metadata", "inside"] {
        page(&world, &[format!("{}/{path}", site.home)]);
        let ran = world.run(&ALLOWED).await.ended(0);
        assert!(ran.err.contains("is not public"), "{}", ran.err);
        assert_eq!(site.asked(), [format!("/{path}")]);
    }
    // And nobody is shown a credential.
    page(&world, &[site.home.replace("http://", "http://user:s3cret@") + "/missing"]);
    let ran = world.run(&ALLOWED).await.ended(0);
    assert!(!ran.out.contains("warning dead-link: http://user"), "{}", ran.out);
    assert_eq!(site.asked(), ["/missing"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiver_covers_the_dead_links_of_its_challenge() {
    let (world, site) = (World::new().await, Site::new().await);
    let pain = |page: &str| format!("2020-01-01 (Payments): see {}/{page}", site.home);
    world.register(&[("Builds are slow", &pain("missing"), "later"), ("Tests flake", &pain("gone"), "later")]);
    let strict = [&ALLOWED[..], &["--fail-on", "warning"]].concat();
    let ran = world.run(&[&strict[..], &["--format", "json"]].concat()).await.ended(1);
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let dead = told["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == "dead-link");
    let whose: Vec<&str> = dead.map(|finding| finding["challenge"].as_str().unwrap()).collect();
    let [first, second] = whose[..] else { panic!("{whose:?}") };
    let waiver = |challenge: &str| {
        format!("[[waiver]]\ncode = \"dead-link\"\nchallenge = \"{challenge}\"\nreason = \"x\"\nuntil = 2999-01-31\n")
    };
    world.configure(&waiver(first));
    let ran = world.run(&strict).await.ended(1);
    assert_eq!(ran.out.matches("warning dead-link: ").count(), 1, "{}", ran.out);
    world.configure(&(waiver(first) + &waiver(second)));
    world.run(&strict).await.ended(0);
    // Once the page is back, the waiver is told to be idle.
    world.register(&[("Builds are slow", &pain("missing"), "later"), ("Tests flake", &pain("there"), "later")]);
    let ran = world.run(&strict).await.ended(1);
    assert!(ran.out.contains(&format!("warning unused-waiver: the waiver of `dead-link` for {second}")), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn markers_and_the_baseline_cover_dead_links() {
    let (world, site) = (World::new().await, Site::new().await);
    let dead = format!("{}/missing", site.home);
    let strict = [&ALLOWED[..], &["--fail-on", "warning"]].concat();
    page(&world, std::slice::from_ref(&dead));
    world.run(&[&ALLOWED[..], &["--write-baseline", "b.json"]].concat()).await.ended(0);
    world.run(&[&strict[..], &["--baseline", "b.json"]].concat()).await.ended(0);
    // A run that does not look at links knows nothing of them, and calls no line of the baseline stale.
    let ran = world.run(&["check", "--baseline", "b.json"]).await.ended(0);
    assert!(!ran.err.contains("match nothing"), "{}", ran.err);
    page(&world, &[format!("{dead} <!-- dragnet: ignore dead-link until 2999-01-31: it comes back -->")]);
    world.run(&strict).await.ended(0);
    // Nor does it call the marker unused.
    world.run(&["check", "--fail-on", "warning"]).await.ended(0);
    // A document that was renamed has the same dead links, and a second one is new.
    page(&world, std::slice::from_ref(&dead));
    std::fs::rename(world.path("page.md"), world.path("renamed.md")).unwrap();
    let known = [&strict[..], &["--baseline", "b.json"]].concat();
    let ran = world.run(&known).await.ended(0);
    assert!(
        ran.out.contains("renamed.md:2:7: warning dead-link: ") && ran.out.contains("(in the baseline)"),
        "{}",
        ran.out
    );
    assert!(!ran.err.contains("match nothing"), "{}", ran.err);
    world.write("other.md", format!("- see {dead}\n"));
    world.run(&known).await.ended(1);
    for name in ["other.md", "renamed.md"] {
        std::fs::remove_file(world.path(name)).unwrap();
    }
    page(&world, &["<!-- dragnet: ignore dead-link until 2999-01-31: nothing here -->".to_owned()]);
    let ran = world.run(&strict).await.ended(1);
    assert!(ran.out.contains("unused-waiver"), "{}", ran.out);
}
