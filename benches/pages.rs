//! How long each page takes while others are asked for as well, at 100,000 challenges and 300,000 tickets.
//!
//! `cargo bench --bench pages` builds such a store, serves it, asks for every kind of page from four sides at once, prints
//! p50, p95 and the bytes of the heaviest page, and ends with 1 where a goal is missed. `cargo bench --bench pages -- 2000`
//! does the same with so many challenges.

use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use dragnet::clock::Clock;
use dragnet::config::Config;
use dragnet::domain::document::{Content, Reading};
use dragnet::domain::lookup::{Answer, Lookup};
use dragnet::domain::policy::Policy;
use dragnet::http::{Client, Limits};
use dragnet::store::Store;
use dragnet::sync::{self, Shop};
use dragnet::trackers::Trackers;
use dragnet::{documents, judge, references, web};
use tokio_util::sync::CancellationToken;

const CONFIG: &str = "[[tracker]]\nname = \"j\"\nkind = \"jira\"\nsite = \"https://j.example\"\nprojects = [\"OPS\"]\n\
                      [[tracker]]\nname = \"g\"\nkind = \"github\"\n";

const CHALLENGES: usize = 100_000;
/// Challenges of one document, and tickets of one challenge.
const ROWS: usize = 1_000;
const CITED: usize = 3;
/// Meetings in the minutes, and topics of each.
const MEETINGS: usize = 240;
const TOPICS: usize = 20;
/// Requests for each kind of page, from so many sides at once.
const REQUESTS: usize = 100;
const SIDES: usize = 4;

const GOAL: Duration = Duration::from_millis(100);
const BYTES: usize = 100_000;

const PAINS: [&str; 8] = [
    "Builds are slow on shared runners",
    "Tests fail at random and nobody trusts them",
    "Rights are given by hand and take days",
    "Deployments need three people",
    "The staging data is years old",
    "Configuration is spread over many services",
    "Nobody is told when a job fails",
    "Upgrades of the framework break every service",
];

const TEAMS: [&str; 8] = ["Payments", "Search", "Courses", "Discovery", "Mobile", "Enrolment", "Grading", "Operations"];

/// One of 64 teams.
fn team(number: usize) -> String {
    format!(
        "{} {}",
        TEAMS[number % 8],
        ["North", "South", "East", "West", "Core", "Data", "Web", "Tools"][number / 8 % 8]
    )
}

/// What a tracker told of a ticket: those of every other challenge are closed, in several ways, and of the others some are
/// open.
fn record(number: usize) -> String {
    let comments = r#"{"author":"ada","date":"2021-05-01T00:00:00Z","excerpt":"I looked into this; see the log below.","author_association":"MEMBER"},
        {"author":"bob","date":"2021-05-02T00:00:00Z","excerpt":"We have no plans to do this; closing.","author_association":"MEMBER"}"#;
    let second = number % 60;
    let minute = number / 60 % 60;
    let day = 1 + number / 3_600 % 28;
    let closed = ((number - 1) / CITED).is_multiple_of(2) || number % 6 < 2;
    match (closed, number.is_multiple_of(2)) {
        (true, true) => format!(
            r#"{{"id":"github:acme/rocket#{number}","state":"closed","closed_at":"2021-05-{day:02}T07:{minute:02}:{second:02}Z",
                "closed_by":"ada{}","comments":[{comments}]}}"#,
            number % 97
        ),
        (true, false) => format!(
            r#"{{"id":"jira:OPS-{number}","status":"Closed","status_category":"done","resolution":"Won't Do",
                "resolutiondate":"2021-05-{day:02}T07:{minute:02}:{second:02}.000+0000","comments":[{comments}]}}"#
        ),
        (false, true) => {
            format!(r#"{{"id":"github:acme/rocket#{number}","state":"open","title":"Make part {number} faster"}}"#)
        }
        (false, false) => {
            format!(r#"{{"id":"jira:OPS-{number}","status":"Open","status_category":"new","title":"Part {number}"}}"#)
        }
    }
}

fn key(number: usize) -> String {
    if number.is_multiple_of(2) {
        format!("https://github.com/acme/rocket/issues/{number}")
    } else {
        format!("OPS-{number}")
    }
}

fn register(from: usize, to: usize) -> String {
    let mut text = "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n".to_owned();
    for row in from..to {
        let cited: Vec<String> = (0..CITED).map(|at| key(1 + row * CITED + at)).collect();
        let pain = PAINS[row % PAINS.len()];
        let _ = writeln!(
            text,
            "| Category {} | {pain} ({row}) | * 2021-06-01 ({}): met it while part {row} was released, and lost a day. \
             * 2022-06-01 ({}): again. | {} | {} |",
            row % 40,
            team(row),
            team(row + 1),
            2 + row % 5,
            cited.join(" ")
        );
    }
    text
}

/// Minutes of meetings, once a week; some of what was said has words of the challenges.
fn minutes(meetings: usize) -> String {
    let mut text = "# Minutes\n".to_owned();
    for week in 0..meetings {
        let _ = write!(text, "\n## {}-{:02}-{:02}\n\n", 2019 + week / 48, 1 + week / 4 % 12, 1 + week % 4 * 7);
        for at in 0..TOPICS {
            let (name, pain) = (TEAMS[at % TEAMS.len()], PAINS[(week + at) % PAINS.len()]);
            let _ = writeln!(text, "- [inform] ({name}) {pain}, part {} of it: {}", week * TOPICS + at, key(1 + week));
        }
        let _ = writeln!(text, "- [ ] Carol to ask what part {week} waits for");
    }
    text
}

/// A store on disk that knows so many challenges and all of their tickets, judged.
async fn shop(folder: &Path, challenges: usize) -> Shop {
    let config = Config::from_text(Path::new("dragnet.toml"), CONFIG).expect("a configuration of our own");
    let claims = config.claims();
    let store = Store::open(&folder.join("pages.db")).await.expect("a store in a folder of our own");
    let (writer, now) = (store.unfenced(), Clock::system().now());
    let registers = (0..challenges).step_by(ROWS).enumerate().map(|(at, from)| {
        (format!("registers/{at}.md"), Content::Register, register(from, challenges.min(from + ROWS)))
    });
    let notes = ("minutes.md".to_owned(), Content::Minutes, minutes(MEETINGS));
    for (path, content, text) in registers.chain([notes]) {
        let mut read = documents::read(&path, text, &Reading { content, ..Reading::default() });
        let scan = references::cite(&mut read, &claims);
        documents::identity::assign(&mut read.challenges, &[], |_| false);
        let remembered =
            writer.remember_document("registers", read, scan.references, scan.unclaimed, scan.problems, now);
        remembered.await.expect("a register is stored");
    }
    let mut batch = Vec::new();
    for number in 1..=challenges * CITED {
        let known = judge::record(&record(number)).expect("records of our own");
        let facts = known.facts.expect("a record tells of its ticket");
        batch.push(Answer { lookup: Lookup::Found(facts), asked: known.id });
        if batch.len() == 1_000 || number == challenges * CITED {
            writer.remember_answers(&std::mem::take(&mut batch), now).await.expect("answers are stored");
        }
    }
    let client = Client::new(Limits::default()).expect("a client that asks nobody");
    let shop = Shop {
        sources: Vec::new(),
        claims,
        policy: Policy::default(),
        waivers: Vec::new(),
        store,
        trackers: Trackers::new(&[], &client).expect("no tracker to speak of"),
        remotes: std::sync::Arc::default(),
        clock: Clock::system(),
        whole: true,
    };
    sync::rejudge(&shop).await.expect("a store of our own");
    shop
}

/// Asks for a page; how long that took, and what came.
fn get(address: SocketAddr, path: &str) -> (Duration, String) {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address).expect("a server of our own");
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").expect("a request is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer comes");
    let took = begun.elapsed();
    assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
    (took, body.expect("an answer has a head"))
}

/// The addresses behind a beginning that a page links to.
fn links(page: &str, beginning: &str) -> Vec<String> {
    let marked = format!("href=\"{beginning}");
    let found = page.split(&marked).skip(1).filter_map(|rest| rest.split('"').next());
    found.map(|rest| format!("{beginning}{}", rest.replace("&#38;", "&"))).collect()
}

/// Every kind of page: its name, and the addresses to ask for in turn.
fn kinds(address: SocketAddr, challenges: usize) -> Vec<(&'static str, Vec<String>)> {
    let last = challenges.div_ceil(100);
    let numbered = |base: &str| -> Vec<String> {
        let joint = if base.contains('?') { '&' } else { '?' };
        [1, 2, last / 4 + 1, last].map(|page| format!("{base}{joint}page={page}")).to_vec()
    };
    let mut challenge = Vec::new();
    for path in numbered("/challenges") {
        challenge.extend(links(&get(address, &path).1, "/challenges/"));
    }
    let tickets = (0..50).map(|at| {
        let number = 1 + at * (challenges * CITED / 50);
        if number.is_multiple_of(2) {
            format!("/tickets/github:acme/rocket%23{number}")
        } else {
            format!("/tickets/jira:OPS-{number}")
        }
    });
    let text = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>();
    let mut filtered = numbered("/challenges?standing=broken-promise");
    filtered.extend(text(&[
        "/challenges?category=Category+7",
        "/challenges?category=Category+7&standing=promised",
        "/challenges?team=Search+South",
        "/challenges?team=Search+South&standing=broken-promise",
        "/challenges?standing=broken-promise&since=2020-01-01",
        "/challenges?since=2999-01-01",
    ]));
    vec![
        ("front", text(&["/"])),
        ("challenges", numbered("/challenges")),
        ("challenges, filtered", filtered),
        ("registers", text(&["/registers"])),
        (
            "register",
            text(&[
                "/registers/registers/0.md",
                "/registers/registers/0.md?page=7",
                "/registers/registers/0.md?standing=promised",
            ]),
        ),
        ("challenge", challenge),
        (
            "tickets",
            [numbered("/tickets"), numbered("/tickets?verdict=undone"), text(&["/tickets?tracker=github"])].concat(),
        ),
        ("ticket", tickets.collect()),
        ("findings", [numbered("/findings"), text(&["/findings?code=closed-undone"])].concat()),
        ("categories", text(&["/categories"])),
        ("teams", text(&["/teams"])),
        (
            "owners and quarters",
            [
                text(&[
                    "/owners",
                    "/challenges?owner=Search+South",
                    "/challenges?owner=",
                    "/challenges?quarter=2019-Q1",
                ]),
                text(&[
                    "/challenges?quarter=2021-Q2&standing=promised",
                    "/challenges?quarter=2021-Q2&category=Category+7",
                ]),
                numbered("/challenges?quarter=2021-Q2"),
            ]
            .concat(),
        ),
        ("patterns", text(&["/patterns"])),
        ("trends", text(&["/trends", "/trends?of=category%3ACategory+7"])),
        ("minutes", text(&["/minutes", "/minutes?on=2021-03-08"])),
        ("changes", text(&["/changes", "/changes?since=2020-01-01&part=came&page=7", "/changes?since=2999-01-01"])),
        ("decisions", text(&["/decisions"])),
        ("health", text(&["/health"])),
        ("search, rare words", text(&["/search?q=77", "/search?q=OPS-4001", "/search?q=part+4242+faster"])),
        (
            "search, common words",
            text(&["/search?q=slow", "/search?q=the", "/search?q=part&kind=ticket", "/search?q=again&page=20"]),
        ),
    ]
}

#[tokio::main]
async fn main() -> ExitCode {
    let challenges = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(CHALLENGES);
    let folder = tempfile::tempdir().expect("a folder for the bench");
    let begun = Instant::now();
    let shop = shop(folder.path(), challenges).await;
    let size = shop.store.size().await.expect("a store of our own") / 1_000_000;
    print(&format!(
        "{challenges} challenges, {} tickets, {size} MB, made in {:.1?}",
        challenges * CITED,
        begun.elapsed()
    ));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("a port has an address");
    let router = web::router(tokio::sync::watch::channel(shop).1, &web::Gate::default());
    let stop = CancellationToken::new();
    tokio::spawn(web::serve(listener, router, tokio::sync::watch::channel(None).1, stop.clone()));
    let kinds = tokio::task::spawn_blocking(move || kinds(address, challenges)).await.expect("every list is there");

    let mut fine = true;
    for (name, paths) in kinds {
        let sides = (0..SIDES).map(|side| {
            let paths = paths.clone();
            tokio::task::spawn_blocking(move || {
                let asked = (0..REQUESTS / SIDES).map(|at| get(address, &paths[(at * SIDES + side) % paths.len()]));
                asked.map(|(took, body)| (took, body.len())).collect::<Vec<_>>()
            })
        });
        let mut answers = Vec::new();
        for side in sides.collect::<Vec<_>>() {
            answers.extend(side.await.expect("every page is there"));
        }
        answers.sort_unstable();
        let heaviest = answers.iter().map(|(_, bytes)| *bytes).max().unwrap_or(0);
        let (p50, p95) = (answers[answers.len() / 2].0, answers[answers.len() * 95 / 100].0);
        fine &= p95 < GOAL && heaviest < BYTES;
        print(&format!("{name:22} p50 {p50:>8.1?}   p95 {p95:>8.1?}   {heaviest:>7} bytes"));
    }
    stop.cancel();
    print(&format!("goals: p95 below {GOAL:?} with {SIDES} readers at a time, below {BYTES} bytes"));
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[expect(clippy::print_stdout, reason = "a benchmark is there to print")]
fn print(line: &str) {
    println!("{line}");
}
