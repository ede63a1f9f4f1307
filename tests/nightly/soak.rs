//! A soak: short schedules, changes with and without webhooks, digests, reloads good and bad, readers, and kills at random.
//! Nothing is lost, and memory stays flat.
//!
//! `DRAGNET_SOAK` says for how many seconds; `make soak` takes twenty minutes.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Child;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::world::{World, free_address, noon, signal};
use super::{DIGEST, all_is_well, all_was_told, ask, below, chat, fill, signed, wait_for};

/// Rows of the register; there are twice as many tickets.
const ROWS: i64 = 200;

/// Memory may grow by a fifth and so much, in MB: caches fill, heaps settle.
const SLACK: f64 = 12.0;

fn span() -> Duration {
    let seconds = std::env::var("DRAGNET_SOAK").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(60))
}

/// A daemon under strain, and what was done to it.
struct Soak<'a> {
    world: &'a World,
    address: std::net::SocketAddr,
    daemon: Child,
    seed: u64,
    turn: u64,
    /// The last title of each Jira ticket that was changed.
    titles: BTreeMap<String, String>,
    /// Deliveries that were answered 202.
    kept: BTreeSet<String>,
    /// How often each thing was done.
    done: BTreeMap<&'static str, u64>,
}

impl<'a> Soak<'a> {
    fn begin(world: &'a World) -> Self {
        let address = free_address();
        Self {
            world,
            address,
            daemon: Self::start(world, address),
            seed: 0x2545_f491_4f6c_dd1d,
            turn: 0,
            titles: BTreeMap::new(),
            kept: BTreeSet::new(),
            done: BTreeMap::new(),
        }
    }

    fn start(world: &World, address: std::net::SocketAddr) -> Child {
        let mut serve = below(world, &["/usr/bin/env"], &["serve", "--listen", &address.to_string()]);
        let log = std::fs::File::options().create(true).append(true).open(world.path("log")).unwrap();
        serve.stdout(std::process::Stdio::null()).stderr(log).spawn().unwrap()
    }

    /// A number below `most`, by xorshift: the same ones each time.
    fn random(&mut self, most: u64) -> u64 {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        self.seed % most
    }

    fn did(&mut self, what: &'static str) {
        *self.done.entry(what).or_default() += 1;
    }

    /// One of many things, whatever comes; kills only where that is allowed.
    fn take_a_turn(&mut self, kills: bool) {
        self.turn += 1;
        match self.random(40) {
            0 if kills => self.end("KILL", "killed"),
            1 if kills => self.end("TERM", "stopped"),
            2 => self.signal("USR1", "passes asked for"),
            3 => self.configure(),
            4..=20 => self.change(true),
            21..=26 => self.change(false),
            27..=31 => self.look("/"),
            32..=35 => self.look("/report.json"),
            _ => self.look("/metrics"),
        }
    }

    fn end(&mut self, name: &str, what: &'static str) {
        signal(&self.daemon, name);
        self.daemon.wait().unwrap();
        // With a configuration that is wrong it would not start.
        configured(self.world, "90d");
        self.daemon = Self::start(self.world, self.address);
        self.did(what);
    }

    fn signal(&mut self, name: &str, what: &'static str) {
        // Its handlers are set up before it serves; a signal before that would end it.
        wait_for("a daemon that listens", || ask(self.address, "GET", "/healthz", "", ""));
        signal(&self.daemon, name);
        self.did(what);
    }

    /// Another configuration, every other time a wrong one that is mended by the next.
    fn configure(&mut self) {
        let right = self.random(2) == 0;
        let age = if right { format!("{}d", 60 + self.turn % 60) } else { "soon".to_owned() };
        configured(self.world, &age);
        self.signal("HUP", if right { "reloads" } else { "bad reloads" });
    }

    /// A ticket changes; its tracker may tell so.
    fn change(&mut self, told: bool) {
        let n = 1 + self.random(ROWS.unsigned_abs());
        let (key, title, now) = (format!("ARCH-{n}"), format!("Turn {}", self.turn), chrono::Utc::now());
        let issue = self.world.jira.now(now).issue(&key).titled(&title);
        // Promises are broken and made again, so that digests have something to tell.
        match self.random(6) {
            0 => issue.status("Closed", "done").resolution("Won't Do", noon("2021-01-01")).updated(now),
            1 => issue.status("Open", "new").updated(now),
            _ => issue.updated(now),
        };
        self.titles.insert(key.clone(), title);
        self.did("changes");
        if !told {
            return;
        }
        let body = json!({"webhookEvent": "jira:issue_updated", "issue": {"id": "1", "key": key}}).to_string();
        let id = format!("delivery {}", self.turn);
        let signature = signed("hook", body.as_bytes());
        let headers = format!("x-hub-signature: {signature}\r\nx-atlassian-webhook-identifier: {id}\r\n");
        match ask(self.address, "POST", "/webhooks/jira", &headers, &body) {
            Some((202, _)) => {
                self.kept.insert(id);
                self.did("deliveries");
            }
            Some((status, answer)) => assert!(matches!(status, 429 | 503), "{answer}"),
            None => self.did("deliveries to nobody"),
        }
    }

    fn look(&mut self, path: &str) {
        match ask(self.address, "GET", path, "", "") {
            Some((status, answer)) => assert_eq!(status, 200, "{path}: {answer}"),
            None => return self.did("looks at nobody"),
        }
        self.did("looks");
    }

    /// What it takes, in MB: `VmRSS` of `/proc/PID/status` (proc(5)).
    fn memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.daemon.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"));
        line.and_then(|kilobytes| kilobytes.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
    }

    /// Takes turns for so long; the memory after each thirtieth of it.
    fn run(&mut self, span: Duration, kills: bool) -> Vec<f64> {
        let (begun, mut series) = (Instant::now(), Vec::new());
        while begun.elapsed() < span {
            self.take_a_turn(kills);
            std::thread::sleep(Duration::from_millis(50));
            if begun.elapsed() >= span / 30 * (u32::try_from(series.len()).unwrap() + 1) {
                series.push(self.memory());
                self.world.jira_stage.forget();
                self.world.github_stage.forget();
            }
        }
        series
    }
}

fn configured(world: &World, stale_after: &str) {
    let schedule = "[schedule]\nsync = \"* * * * *\"\nfull = \"*/3 * * * *\"\n";
    world.configure(&format!("{schedule}{DIGEST}[policy]\nstale_after = \"{stale_after}\"\n"));
    let (path, key) = (world.path("dragnet.toml"), "token_file = \"jira-token\"");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace(key, &format!("{key}\nwebhook_secret_file = [\"hook\"]"))).unwrap();
}

fn middle(series: &[f64]) -> f64 {
    let mut sorted = series.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// Verdicts by ticket, and findings by code and ticket.
fn judged(report: &Value) -> (BTreeSet<String>, BTreeSet<String>) {
    let all = |list: &str, parts: [&str; 2]| {
        let lines =
            report[list].as_array().unwrap().iter().map(|one| parts.map(|part| one[part].to_string()).join(" "));
        lines.collect()
    };
    (all("tickets", ["id", "verdict"]), all("findings", ["code", "ticket"]))
}

#[tokio::test(flavor = "multi_thread")]
async fn a2_a_soak_loses_nothing_and_memory_stays_flat() {
    let world = World::new().await;
    let tickets = fill(&world, ROWS);
    let chat = chat(&world).await;
    world.write("hook", "hook\n");
    configured(&world, "90d");
    let span = span();
    let mut soak = Soak::begin(&world);
    tokio::task::block_in_place(|| soak.run(span / 2, true));
    // What was killed last starts anew; from here on it lives to the end.
    let series = tokio::task::block_in_place(|| soak.run(span / 2, false));
    let Soak { daemon, titles, kept, done, turn, .. } = soak;
    let shown: Vec<String> = series.iter().map(|megabytes| format!("{megabytes:.0}")).collect();
    println!("{turn} turns in {} s: {done:?}\nmemory, MB: {}", span.as_secs(), shown.join(" "));
    signal(&daemon, "TERM");
    let status = tokio::task::spawn_blocking(move || daemon.wait_with_output().unwrap().status).await.unwrap();
    let log = std::fs::read_to_string(world.path("log")).unwrap();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(!log.contains("broke off") && !log.contains("panicked"), "{log}");

    configured(&world, "90d");
    all_is_well(&world, tickets).await;
    all_was_told(&world, &chat, done.get("killed").copied().unwrap_or(0)).await;
    for (key, title) in &titles {
        let stored: String = world.sql(&format!("SELECT title FROM ticket WHERE id = 'jira:{key}'"));
        assert_eq!(stored, *title, "a change of {key} was lost");
    }
    let known: i64 = world.sql("SELECT count(*) FROM delivery");
    assert!(
        known >= i64::try_from(kept.len()).unwrap(),
        "{known} deliveries are known of {} that were kept",
        kept.len()
    );
    let twice = "SELECT count(*) FROM (SELECT 1 FROM ticket_change GROUP BY ticket, field, seen_at, new_value HAVING count(*) > 1)";
    assert_eq!(world.sql::<i64>(twice), 0, "something was told twice");
    // What a store says that went through all of it is what a new one says.
    world.run(&["sync", "--full"]).await.ended(0);
    let soaked = judged(&world.report().await);
    world.configure("[policy]\nstale_after = \"90d\"\n[store]\npath = \"new.db\"\n");
    world.run(&["sync"]).await.ended(0);
    assert_eq!(soaked, judged(&world.report().await));

    let settled = &series[series.len() / 4..];
    let (first, last) = (middle(&settled[..settled.len() / 3]), middle(&settled[settled.len() * 2 / 3..]));
    assert!(last <= first * 1.2 + SLACK, "memory grew from {first:.0} to {last:.0} MB: {series:?}");
}
