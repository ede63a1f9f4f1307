//! Pages and webhooks under load while passes over 10,000 tickets run: latencies and errors.
//!
//! Requests are made at fixed moments whether earlier ones are answered or not, and timed from these moments: a daemon that
//! stands still for a second is told of by every request of that second. One in five is a delivery of a webhook, the others
//! take turns at the paths named.
//!
//! `make load` takes a minute at 500 requests a second and ends with 1 where an answer was an error, or one in a hundred took
//! longer than 50 ms. Then wrk makes about as many of the same requests, and tells what it saw: it asks again when it was answered,
//! so it cannot see what waits behind a daemon that stands still. `make load ROUTES="/ /metrics" RATE=100 DURATION=10`
//! chooses.

mod served;
mod stage;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::Duration;

use dragnet::standin::Jira;
use hmac::{Hmac, Mac};
use served::{Served, client, print};
use sha2::Sha256;
use stage::{Stage, Talk, on_github};
use tokio::sync::mpsc;
use tokio::time::Instant;

const TALK: Talk = Talk { people: 1, comments: 1, silent: u64::MAX };
/// What the stand-ins take over each answer: a pass lasts for seconds.
const LATENCY: Duration = Duration::from_millis(50);
/// The most that one answer in a hundred may take longer than, in ms.
const GOAL: f64 = 50.0;
/// One request in so many is a delivery.
const DELIVERIES: u64 = 5;
/// How many connections wrk has, each of which makes so much less than all the requests.
const CONNECTIONS: u64 = 100;

/// What is asked for.
struct Terms {
    rate: u64,
    seconds: u64,
    tickets: u64,
    routes: Vec<String>,
    /// Where wrk is, to be tried as well.
    wrk: Option<String>,
}

impl Terms {
    fn read() -> Self {
        let mut terms = Self { rate: 500, seconds: 60, tickets: 10_000, routes: Vec::new(), wrk: None };
        for argument in std::env::args().skip(1) {
            match argument.split_once('=') {
                Some(("rate", number)) => terms.rate = number.parse().expect("rate=NUMBER"),
                Some(("seconds", number)) => terms.seconds = number.parse().expect("seconds=NUMBER"),
                Some(("wrk", path)) => terms.wrk = Some(path.to_owned()).filter(|path| !path.is_empty()),
                Some(("tickets", number)) => terms.tickets = number.parse().expect("tickets=NUMBER"),
                _ if argument.starts_with('/') => terms.routes.push(argument),
                // What cargo adds of its own.
                _ => {}
            }
        }
        if terms.routes.is_empty() {
            terms.routes.push("/".to_owned());
        }
        terms
    }

    /// What is asked for at a turn: a path, or nothing for a delivery.
    fn route(&self, nth: u64) -> Option<&str> {
        let turn = usize::try_from(nth - nth / DELIVERIES).unwrap_or_default();
        (!nth.is_multiple_of(DELIVERIES)).then(|| self.routes[turn % self.routes.len()].as_str())
    }
}

/// How one request went: what it was, how long it took in ms, and why it is an error, if so.
type Told = (String, f64, Option<String>);

#[tokio::main]
async fn main() -> ExitCode {
    let terms = Terms::read();
    let folder = tempfile::tempdir().expect("a folder for the bench");
    let stage = Stage::of(Jira::cloud(), terms.tickets, TALK, folder.path()).await;
    for running in [&stage.jira, &stage.github] {
        running.without_bodies();
        running.latency(LATENCY);
    }
    let config = std::fs::read_to_string(folder.path().join("dragnet.toml")).expect("the stage wrote it");
    // How fast it answers is looked for, not whom it refuses.
    let config = format!("{config}webhook_secret_file = [\"hook\"]\n[serve]\nrate = 1000000\n");
    for (name, text) in [("dragnet.toml", config), ("hook", SECRET.to_owned())] {
        std::fs::write(folder.path().join(name), text).expect("a file of the bench");
    }
    let daemon = Served::start(folder.path());
    let http = client();
    daemon.until(&http, "/healthz", "ok").await;
    // One pass follows the other, the first of them over an empty store.
    let told = put_under(&terms, &daemon, &http).await;
    let memory = daemon.memory();
    let mut met = show(&terms, &told, memory);
    if let Some(wrk) = &terms.wrk {
        met &= by_wrk(wrk, &terms, &daemon, folder.path()).await;
    }
    daemon.stop();
    if met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

const SECRET: &str = "a secret of the bench";

/// Makes all requests, each at its moment, and waits for all answers.
async fn put_under(terms: &Terms, daemon: &Served, http: &reqwest::Client) -> Vec<Told> {
    let (tell, mut told) = mpsc::unbounded_channel();
    let home = Arc::new(format!("http://{}", daemon.address));
    let begun = Instant::now();
    for nth in 0..terms.rate * terms.seconds {
        let due = begun + Duration::from_micros(nth * 1_000_000 / terms.rate);
        tokio::time::sleep_until(due).await;
        if nth % terms.rate == 0 {
            daemon.ask_for_a_pass();
        }
        let (http, home, tell) = (http.clone(), Arc::clone(&home), tell.clone());
        let (route, tickets) = (terms.route(nth).map(str::to_owned), terms.tickets);
        tokio::spawn(async move {
            let (what, request) = match route {
                Some(route) => (route.clone(), http.get(format!("{home}{route}"))),
                None => {
                    let (body, signature) = delivery(nth, tickets);
                    let post = http.post(format!("{home}{HOOK}")).header("x-github-event", "issues");
                    let post = post.header("x-github-delivery", nth.to_string());
                    ("delivery".to_owned(), post.header("x-hub-signature-256", signature).body(body))
                }
            };
            let error = match request.send().await {
                Ok(answer) if !answer.status().is_success() => Some(answer.status().to_string()),
                Ok(answer) => answer.bytes().await.err().map(|error| error.to_string()),
                Err(error) => Some(if error.is_connect() { "no connection".to_owned() } else { error.to_string() }),
            };
            // Whoever collects them is there until the last.
            let _ = tell.send((what, due.elapsed().as_secs_f64() * 1e3, error));
        });
    }
    drop(tell);
    let mut all = Vec::new();
    while let Some(one) = told.recv().await {
        all.push(one);
    }
    all
}

/// Where deliveries go.
const HOOK: &str = "/webhooks/github";

/// A delivery that names a ticket of the register, as GitHub sends it, and its signature.
fn delivery(nth: u64, tickets: u64) -> (String, String) {
    let (repo, number) = on_github(nth % (tickets / 2));
    let body = format!(r#"{{"action":"edited","issue":{{"number":{number}}},"repository":{{"full_name":"{repo}"}}}}"#);
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any length will do");
    mac.update(body.as_bytes());
    let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
    (body, signature)
}

/// The same requests by wrk, while passes go on; what it says is printed. Whether no answer was an error.
async fn by_wrk(wrk: &str, terms: &Terms, daemon: &Served, folder: &Path) -> bool {
    let all = terms.rate * terms.seconds;
    // Deliveries that came before would be nothing new.
    let lines = (all..2 * all).map(|nth| match terms.route(nth) {
        Some(route) => format!("{route}\t\t\t\n"),
        None => {
            let (body, signature) = delivery(nth, terms.tickets);
            format!("{HOOK}\t{nth}\t{signature}\t{body}\n")
        }
    });
    let requests = folder.join("requests");
    std::fs::write(&requests, lines.collect::<String>()).expect("a file of the bench");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/load.lua");
    let mut command = Command::new(wrk);
    command.args(["--threads", "1", "--latency", "--connections", &CONNECTIONS.to_string()]);
    command.args(["--duration", &format!("{}s", terms.seconds), "--script"]).arg(script);
    command.arg(format!("http://{}/", daemon.address)).arg("--").arg(requests);
    // Each connection rests so long, in ms, that all of them make so many requests a second.
    command.arg((CONNECTIONS * 1000 / terms.rate).to_string()).stdin(Stdio::null());
    let asking = tokio::task::spawn_blocking(move || command.output());
    while !asking.is_finished() {
        daemon.ask_for_a_pass();
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let output = asking.await.expect("nothing panics there").expect("wrk runs");
    let said = String::from_utf8_lossy(&output.stdout);
    print(&format!("\nthe same by wrk, {CONNECTIONS} connections:\n{}", said.trim_end()));
    output.status.success() && !said.contains("Non-2xx") && !said.contains("Socket errors")
}

/// Prints what came of it; whether all goals are met.
fn show(terms: &Terms, told: &[Told], memory: f64) -> bool {
    let Terms { rate, seconds, tickets, .. } = terms;
    print(&format!("{rate} requests a second for {seconds} s while passes over {tickets} tickets run"));
    print("| what | requests | errors | p50 | p99 | most |");
    print("| --- | ---: | ---: | ---: | ---: | ---: |");
    let mut by: BTreeMap<&str, Vec<&Told>> = BTreeMap::new();
    for one in told {
        by.entry(one.0.as_str()).or_default().push(one);
    }
    by.insert("all", told.iter().collect());
    let mut met = true;
    for (what, told) in by {
        let mut times: Vec<f64> = told.iter().map(|one| one.1).collect();
        times.sort_by(f64::total_cmp);
        let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
        let errors = told.iter().filter(|one| one.2.is_some()).count();
        let most = times.last().copied().unwrap_or_default();
        print(&format!("| {what} | {} | {errors} | {:.1} ms | {:.1} ms | {most:.1} ms |", told.len(), at(50), at(99)));
        met &= errors == 0 && at(99) <= GOAL;
    }
    let mut errors: BTreeMap<&str, usize> = BTreeMap::new();
    for error in told.iter().filter_map(|one| one.2.as_deref()) {
        *errors.entry(error).or_default() += 1;
    }
    for (error, count) in errors {
        print(&format!("{count} times: {error}"));
    }
    print(&format!(
        "the daemon's memory at the end: {memory:.0} MB; goal: no error, p99 of {GOAL} ms{}",
        if met { "" } else { ", missed" }
    ));
    met
}
