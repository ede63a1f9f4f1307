//! Documents that are neither files nor in a wiki: a repository's files, and what stands at an address.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::world::World;

/// The documents in force: what is said of each, and the challenges that stand in them.
pub(crate) async fn documents(world: &World) -> Vec<String> {
    let report = world.report().await;
    let challenges = report["challenges"].as_array().unwrap();
    let told = report["sources"].as_array().unwrap().iter().map(|source| {
        let path = source["path"].as_str().unwrap();
        let titles = challenges.iter().filter(|one| one["place"]["path"] == path);
        let titles: Vec<&str> = titles.map(|one| one["title"].as_str().unwrap()).collect();
        let trouble = if source["trouble"].is_null() { "" } else { " (trouble)" };
        format!("{}: {}{trouble}", path.rsplit(['=', '/']).next().unwrap(), titles.join(", "))
    });
    told.collect()
}

/// A register in Markdown.
fn markdown(title: &str, key: &str) -> String {
    format!(
        "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n| A | {title} | x | 1 | {key} |\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_repository_are_read_at_a_branch_and_only_where_they_changed() {
    let world = World::new().await;
    world.jira.issue("ARCH-1");
    world.github.token("github-s3cret");
    let api = &world.github_stage.url;
    world.configure_sources(&format!(
        "[[source]]\nname = \"handbook\"\nrepo = \"acme/handbook\"\nbranch = \"docs\"\npath = \"pains/*.md\"\n\
         api_url = \"{api}\"\ntoken_file = \"github-token\"\n"
    ));
    let asked = |world: &World| -> Vec<(String, u16)> {
        let all = world.github_stage.requests().into_iter();
        let all = all.filter(|exchange| exchange.path.contains("/git/"));
        all.map(|exchange| (exchange.path.split('/').nth(5).unwrap().to_owned(), exchange.status)).collect()
    };
    let count = |all: &[(String, u16)], what: &str, status: u16| {
        all.iter().filter(|(path, code)| path == what && *code == status).count()
    };
    let pass = async |code: i32| {
        world.github_stage.forget();
        world.run(&["sync"]).await.ended(code);
        let all = asked(&world);
        (count(&all, "trees", 200), count(&all, "trees", 304), count(&all, "blobs", 200))
    };
    world.github.file("acme/handbook", "docs", "pains/a.md", &markdown("Slow builds", "ARCH-1"));
    world.github.file("acme/handbook", "docs", "pains/b.md", &markdown("Flaky tests", "ARCH-1"));
    world.github.file("acme/handbook", "docs", "pains/deep/c.md", &markdown("Deeper", "ARCH-1"));
    world.github.file("acme/handbook", "main", "pains/a.md", &markdown("On main", "ARCH-1"));
    assert_eq!(pass(0).await, (1, 0, 2));
    assert_eq!(documents(&world).await, ["a.md: Slow builds", "b.md: Flaky tests"]);
    let place = world.report().await["challenges"][0]["place"]["path"].as_str().unwrap().to_owned();
    assert_eq!(place, "https://github.com/acme/handbook/blob/docs/pains/a.md");
    assert_eq!(pass(0).await, (0, 1, 0));

    world.github.file("acme/handbook", "docs", "pains/b.md", &markdown("Flakier tests", "ARCH-1"));
    assert_eq!(pass(0).await, (1, 0, 1));
    world.github.file_removed("acme/handbook", "docs", "pains/a.md");
    assert_eq!(pass(0).await, (1, 0, 0));
    assert_eq!(documents(&world).await, ["b.md: Flakier tests"]);
    world.github.private("acme/handbook");
    assert_eq!(pass(3).await, (0, 0, 0));
    assert_eq!(documents(&world).await, ["b.md: Flakier tests (trouble)"]);
}

/// A site that keeps a document, and counts who comes.
#[derive(Clone, Default)]
struct Shelf {
    text: Arc<Mutex<String>>,
    asked: Arc<Mutex<Vec<String>>>,
    whole: Arc<AtomicUsize>,
}

async fn document(State(shelf): State<Shelf>, headers: HeaderMap) -> Response {
    let text = shelf.text.lock().unwrap().clone();
    let tag = format!("\"{}\"", text.len());
    let credentials = if headers.contains_key(header::AUTHORIZATION) { "with credentials" } else { "document" };
    shelf.asked.lock().unwrap().push(credentials.to_owned());
    if headers.get(header::IF_NONE_MATCH).is_some_and(|shown| shown.as_bytes() == tag.as_bytes()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    shelf.whole.fetch_add(1, Ordering::Relaxed);
    ([(header::ETAG, tag)], text).into_response()
}

/// A document that is guarded as soon as it has no text: another service asks who comes, by a script alone.
async fn guarded(State(shelf): State<Shelf>, headers: HeaderMap) -> Response {
    let text = shelf.text.lock().unwrap().clone();
    if !text.is_empty() {
        return ([(header::ETAG, "\"guarded\"")], text).into_response();
    }
    let port = headers[header::HOST].to_str().unwrap().rsplit(':').next().unwrap().to_owned();
    (StatusCode::FOUND, [(header::LOCATION, format!("http://127.0.0.3:{port}/idp/login.html"))]).into_response()
}

/// A document with a tag; with no text, another origin takes over and notes whether it was shown the tag.
async fn tagged(State(shelf): State<Shelf>, headers: HeaderMap) -> Response {
    let host = headers[header::HOST].to_str().unwrap().to_owned();
    let shown = headers.contains_key(header::IF_NONE_MATCH);
    shelf.asked.lock().unwrap().push(format!("{}: {shown}", host.split(':').next().unwrap()));
    let text = shelf.text.lock().unwrap().clone();
    let moved = text.is_empty() && host.starts_with("127.0.0.1");
    let port = host.rsplit(':').next().unwrap();
    if moved {
        return (StatusCode::FOUND, [(header::LOCATION, format!("http://127.0.0.3:{port}/tagged"))]).into_response();
    }
    ([(header::ETAG, "\"a-user-s-secret\"")], if text.is_empty() { markdown("Flaky tests", "ARCH-1") } else { text })
        .into_response()
}

impl Shelf {
    /// Serves it, and says on which port.
    async fn serve(&self) -> u16 {
        let moved = |to: &'static str| move || async move { (StatusCode::FOUND, [(header::LOCATION, to)]) };
        let router = Router::new()
            .route("/document", get(document))
            .route("/moved", get(moved("/document")))
            .route("/file", get(moved("file:///etc/passwd")))
            .route("/gopher", get(moved("gopher://127.0.0.1/")))
            .route("/circles", get(moved("/circles")))
            .route("/guarded", get(guarded))
            .route("/tagged", get(tagged))
            .route("/idp/login.html", get(|| async { axum::response::Html("<script src=\"/app.js\"></script>") }))
            .route("/login", get(|| async { axum::response::Html("<form><input type=\"password\"></form>") }))
            .route("/flood", get(|| async { "x".repeat(17 * 1024 * 1024) }))
            .route(
                "/inside",
                get(|headers: HeaderMap| async move {
                    // The same server at another address of this machine, which nobody allowed.
                    let port = headers[header::HOST].to_str().unwrap().rsplit(':').next().unwrap().to_owned();
                    (StatusCode::FOUND, [(header::LOCATION, format!("http://127.0.0.2:{port}/document"))])
                        .into_response()
                }),
            )
            .with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("0.0.0.0:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, router).await });
        port
    }
}

fn at_address(world: &World, url: &str, allow: &str) {
    world.configure_sources(&format!("[[source]]\nname = \"shared\"\nurl = \"{url}\"\n{allow}\n"));
}

const ALLOW: &str = "allow = [\"127.0.0.1/32\"]";

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_document_is_read_without_credentials_and_only_when_it_changed() {
    let (world, shelf) = (World::new().await, Shelf::default());
    world.jira.issue("ARCH-1");
    let port = shelf.serve().await;
    *shelf.text.lock().unwrap() = markdown("Slow builds", "ARCH-1");
    at_address(&world, &format!("http://127.0.0.1:{port}/moved?key=s3cret"), ALLOW);
    world.run(&["sync"]).await.ended(0);
    assert_eq!(documents(&world).await, ["moved?1d391344: Slow builds"]);
    world.run(&["sync"]).await.ended(0);
    assert_eq!(shelf.whole.load(Ordering::Relaxed), 1, "the second time it is not sent again");
    *shelf.text.lock().unwrap() = markdown("Slower builds", "ARCH-1");
    let ran = world.run(&["sync"]).await.ended(0);
    assert_eq!(documents(&world).await, ["moved?1d391344: Slower builds"]);
    assert!(!shelf.asked.lock().unwrap().contains(&"with credentials".to_owned()));
    let shown = world.run(&["config", "show"]).await;
    assert!(!(ran.out + &shown.out).contains("s3cret"), "the query may be a secret");
    for (path, says) in [
        ("login", "answered with a login page"),
        ("missing", "answered 404"),
        ("flood", "sent more than 16777216 bytes"),
        ("file", "leads to null/etc/passwd, which is not public"),
        ("gopher", "which is not public"),
        ("circles", "leads from one place to the next without end"),
        ("inside", "leads to http://127.0.0.2:"),
    ] {
        at_address(&world, &format!("http://127.0.0.1:{port}/{path}"), ALLOW);
        let ran = world.run(&["sync"]).await;
        assert!(ran.err.contains(says), "{path}: {}", ran.err);
    }
    assert_eq!(shelf.whole.load(Ordering::Relaxed), 2, "none of these led to the document");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_holds_nothing_takes_no_documents_place_until_it_is_seen_again() {
    let (world, shelf) = (World::new().await, Shelf::default());
    world.jira.issue("ARCH-1");
    let port = shelf.serve().await;
    let stands = |text: &str| text.clone_into(&mut shelf.text.lock().unwrap());
    let pass = async |code: i32, says: &str| {
        let ran = world.run(&["sync"]).await.ended(code);
        assert!(ran.err.contains(says), "{}", ran.err);
        documents(&world).await
    };
    at_address(&world, &format!("http://127.0.0.1:{port}/document"), ALLOW);
    stands(&markdown("Slow builds", "ARCH-1"));
    assert_eq!(pass(0, "").await, ["document: Slow builds"]);
    let (empty, kept) =
        ("it holds no challenge, no meeting and no ticket any more", ["document: Slow builds (trouble)"]);
    stands("<title>Welcome</title><script src=\"/app.js\"></script>");
    assert_eq!(pass(3, empty).await, kept);
    stands("<title>Welcome back</title><script src=\"/app.js\"></script>");
    assert_eq!(pass(3, empty).await, kept, "another page is not the same seen again");
    stands(&markdown("Slow builds", "ARCH-1"));
    assert_eq!(pass(0, "").await, ["document: Slow builds"]);
    stands("<title>Welcome back</title><script src=\"/app.js\"></script>");
    assert_eq!(pass(3, empty).await, kept, "in between it was as it should be");
    assert_eq!(pass(0, "").await, ["document: "]);

    // What cannot be decoded leaves the last good bytes at hand as well.
    stands(&markdown("Slow builds", "ARCH-1"));
    assert_eq!(pass(0, "").await, ["document: Slow builds"]);
    stands("\0\0");
    assert_eq!(pass(3, "cannot read `http://127.0.0.1").await, kept);
    let offline = world.run(&["check", "--offline", "--max-age", "999d"]).await;
    assert!(!offline.err.contains("cannot read"), "{}", offline.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_service_that_asks_who_comes_is_no_document() {
    let (world, shelf) = (World::new().await, Shelf::default());
    world.jira.issue("ARCH-1");
    let port = shelf.serve().await;
    at_address(&world, &format!("http://127.0.0.1:{port}/guarded"), "allow = [\"127.0.0.0/8\"]");
    *shelf.text.lock().unwrap() = markdown("Slow builds", "ARCH-1");
    world.run(&["sync"]).await.ended(0);
    shelf.text.lock().unwrap().clear();
    for _ in 0..2 {
        world.run(&["sync"]).await.ended(3).complained(&["answered with a login page"]);
        assert_eq!(documents(&world).await, ["guarded: Slow builds (trouble)"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_address_of_this_machine_or_network_is_connected_to() {
    let world = World::new().await;
    let listener = std::net::TcpListener::bind("0.0.0.0:0").unwrap();
    let sixth = std::net::TcpListener::bind(("::1", listener.local_addr().unwrap().port())).ok();
    for listener in [Some(&listener), sixth.as_ref()].into_iter().flatten() {
        listener.set_nonblocking(true).unwrap();
    }
    let port = listener.local_addr().unwrap().port();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0177.0.0.1",
        "0x7f.1",
        "127.0.0.1.",
        "0.0.0.0",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::7f00:1]",
        "[64:ff9b::7f00:1]",
        "[fd00::1]",
        "[fe80::1]",
        "10.0.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.168.0.1",
        "172.16.0.1",
        "１２７.０.０.１",
        "xn--9caa1aa.localhost",
    ] {
        at_address(&world, &format!("http://{host}:{port}/document"), "");
        let ran = world.run(&["sync"]).await;
        assert_ne!(ran.code, Some(0), "{host}");
        let refused =
            ["is not public", "no address is found", "cannot connect"].iter().any(|says| ran.err.contains(says));
        assert!(refused, "{host}: {}", ran.err);
        for listener in [Some(&listener), sixth.as_ref()].into_iter().flatten() {
            let came = listener.accept().map(|(_, from)| from);
            assert!(came.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock), "{host} was connected to");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_source_is_said_with_its_place() {
    let world = World::new().await;
    for (keys, says) in [
        ("", "does not say where its documents are"),
        ("path = \"a.md\"\nurl = \"https://example.org\"", "`url` and `path` exclude each other"),
        ("confluence = \"https://a.atlassian.net/wiki\"", "expected one of `page`, `under` and `label`"),
        ("confluence = \"https://a.atlassian.net/wiki\"\npage = 1\nunder = 2", "expected one of"),
        ("confluence = \"https://a.atlassian.net/wiki\"\nlabel = \"a\\\" or x = \\\"b\"", "expected a label"),
        ("confluence = \"https://a.atlassian.net/wiki\"\npage = 1\nemail = \"a@b.c\"", "`email` without a token"),
        ("path = \"a.md\"\npage = 1", "`page` is for a source with `confluence` only"),
        (
            "url = \"https://example.org/a\"\ntoken_env = \"X\"",
            "`token_env` is for a source with `confluence` or `repo` only",
        ),
        ("url = \"ftp://example.org/a\"", "is not an http or https address"),
        ("url = \"https://example.org/a\"\nallow = [\"10.0.0.300\"]", "is no network"),
        ("repo = \"acme\"\npath = \"a.md\"", "not a repository"),
        ("repo = \"acme/..\"\npath = \"a.md\"", "not a repository"),
        ("repo = \"acme/handbook\"", "`repo` without a `path`"),
        (
            "repo = \"http://git.acme.example/acme/handbook\"\npath = \"a.md\"\ntoken_file = \"github-token\"",
            "refusing to send a token",
        ),
        ("repo = \"acme/handbook\"\npath = \"a.md\"\ntoken_file = \"none\"", "no token for source `it`"),
    ] {
        world.configure_sources(&format!("[[source]]\nname = \"it\"\n{keys}\n"));
        let ran = world.run(&["config", "check"]).await;
        assert!(ran.code == Some(2) && ran.err.contains(says), "{keys}\n{}", ran.err);
        assert!(ran.err.contains("dragnet.toml:"), "{}", ran.err);
    }
    let two = |other: &str| {
        format!(
            "[[source]]\nname = \"a\"\nurl = \"https://example.org/a?gid=1\"\n[[source]]\nname = \"b\"\nurl = \"https://example.org/a?gid={other}\"\n"
        )
    };
    world.configure_sources(&two("1"));
    world.run(&["config", "check"]).await.ended(2).complained(&["source `a` reads the same documents"]);
    world.configure_sources(&two("2"));
    world.run(&["config", "check"]).await.ended(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn under_ci_a_source_is_asked_only_where_the_run_allows_it() {
    let (world, shelf) = (World::new().await, Shelf::default());
    let port = shelf.serve().await;
    *shelf.text.lock().unwrap() = markdown("Slow builds", "ARCH-1");
    world.jira.issue("ARCH-1");
    let here = format!("127.0.0.1:{port}");
    let ci = [("CI", "true"), ("DRAGNET_ALLOW_HOSTS", here.as_str())];
    world.write("github-token", "");
    let url = format!("http://127.0.0.1:{port}/document");
    world.write("dragnet.toml", format!("[[source]]\nname = \"shared\"\nurl = \"{url}\"\n"));
    world.run_with(&ci[..1], &["check"]).await.ended(2).complained(&["is asked only if the run allows it", &here]);
    world.run_with(&ci, &["check"]).await.ended(3).complained(&["127.0.0.1", "is not public"]);
    world.write("dragnet.toml", format!("[[source]]\nname = \"shared\"\nurl = \"{url}\"\n{ALLOW}\n"));
    world.run_with(&ci, &["check"]).await.ended(2).complained(&["a configuration may not `allow` networks"]);
    assert!(shelf.asked.lock().unwrap().is_empty());
    // On the run's own GitHub, a token may see more than whoever wrote the configuration.
    let api = world.github_stage.url.to_string();
    world.github.file("acme/handbook", "HEAD", "a.md", "x").file("acme/handbook", "main", "a.md", "x");
    world.write(
        "dragnet.toml",
        format!("[[source]]\nname = \"it\"\nrepo = \"acme/handbook\"\npath = \"a.md\"\napi_url = \"{api}\"\n"),
    );
    let run = [("CI", "true"), ("GITHUB_API_URL", api.as_str())];
    let refused = "acme/handbook, which is not the run's own repository";
    for other in [None, Some(("GITHUB_REPOSITORY", "acme/rocket"))] {
        let variables: Vec<_> = run.into_iter().chain(other).collect();
        let ran = world.run_with(&variables, &["check"]).await.ended(2);
        ran.complained(&[refused, "`--allow-host github.com/acme/handbook`"]);
    }
    assert!(world.github_stage.requests().is_empty());
    for fine in [("GITHUB_REPOSITORY", "Acme/Handbook"), ("DRAGNET_ALLOW_HOSTS", "github.com/acme/handbook")] {
        let ran = world.run_with(&[&run[..], &[fine]].concat(), &["check"]).await;
        assert!(!ran.err.contains(refused) && !world.github_stage.requests().is_empty(), "{}", ran.err);
        world.github_stage.forget();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_is_shown_to_the_origin_that_gave_it_alone() {
    let (world, shelf) = (World::new().await, Shelf::default());
    world.jira.issue("ARCH-1");
    let port = shelf.serve().await;
    at_address(&world, &format!("http://127.0.0.1:{port}/tagged"), "allow = [\"127.0.0.0/8\"]");
    *shelf.text.lock().unwrap() = markdown("Slow builds", "ARCH-1");
    world.run(&["sync"]).await.ended(0);
    shelf.text.lock().unwrap().clear();
    world.run(&["sync"]).await.ended(0);
    assert_eq!(documents(&world).await, ["tagged: Flaky tests"]);
    world.run(&["sync"]).await.ended(0);
    let asked = shelf.asked.lock().unwrap().clone();
    let first = ["127.0.0.1: false", "127.0.0.1: true", "127.0.0.3: false"];
    assert_eq!(asked[..3], first, "{asked:?}");
    assert_eq!(asked[3..], ["127.0.0.1: false", "127.0.0.3: true"], "now it is the other one's tag");
}
