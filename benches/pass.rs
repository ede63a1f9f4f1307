//! What a pass takes: requests, time, processor and memory of `dragnet sync` as a process of its own, over registers of
//! up to 100,000 tickets on stand-ins, each figure beside its goal.
//!
//! `make bench` prints the table and ends with 1 where a goal is missed. docs/measurements.md says how it is read.

mod stage;

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use dragnet::standin::{Exchange, Jira};
use stage::{REPOSITORIES, Stage, Talk};

/// One remark on each closed ticket, by the same person.
const TALK: Talk = Talk { people: 1, comments: 1, silent: u64::MAX };
/// Tickets that one light query or one request to Jira can tell of.
const BATCH: u64 = 100;
/// Closings that one heavy query, or one request for changelogs, can tell of.
const CLOSINGS: (u64, u64) = (25, 1000);
/// Requests at a time to one tracker.
const CONCURRENCY: u64 = 4;
/// What an hour allows of GitHub's points.
const POINTS: f64 = 5000.0;

#[tokio::main]
async fn main() -> ExitCode {
    let mut table = Table::begin();
    let mut peaks = Vec::new();
    for (tickets, latency) in [(1_000, 0), (10_000, 0), (10_000, 50), (100_000, 0)] {
        let latency = Duration::from_millis(latency);
        let (first, second) = measure(tickets, latency).await;
        table.first(tickets, latency, &first);
        table.second(tickets, latency, &second, &first);
        peaks.push(first.peak.max(second.peak));
    }
    table.of(100_000, Duration::ZERO, "both");
    table.line("peak memory, beside that of 10000", peaks[3] / peaks[1], " ×", Some(2.0));
    if table.missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What one pass took.
struct Pass {
    wall: Duration,
    processor: Duration,
    /// MB.
    peak: f64,
    requests: Requests,
}

/// What one pass asked.
#[derive(Default)]
struct Requests {
    /// Of GitHub, but for closer looks.
    light: u64,
    /// Of GitHub, closer looks.
    heavy: u64,
    jira: u64,
    points: u64,
    closings: u64,
}

impl Requests {
    fn all(&self) -> u64 {
        self.light + self.heavy + self.jira
    }

    /// How long they take at least, asked so many at a time.
    fn take(&self, latency: Duration) -> Duration {
        let rounds = (self.light + self.heavy).max(self.jira).div_ceil(CONCURRENCY);
        latency * u32::try_from(rounds).expect("a count of requests")
    }
}

/// A first pass, and a second one with nothing changed.
async fn measure(tickets: u64, latency: Duration) -> (Pass, Pass) {
    let folder = tempfile::tempdir().expect("a folder for the bench");
    let stage = Stage::of(Jira::cloud(), tickets, TALK, folder.path()).await;
    stage.jira.latency(latency);
    stage.github.latency(latency);
    (run(folder.path(), &stage).await, run(folder.path(), &stage).await)
}

/// Runs one pass.
async fn run(folder: &Path, stage: &Stage) -> Pass {
    let (begun, before) = (Instant::now(), processor_of_children());
    let mut pass = Command::new(env!("CARGO_BIN_EXE_dragnet"))
        .args(["sync", "-q"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut peak = 0.0_f64;
    let status = loop {
        if let Some(status) = pass.try_wait().expect("a child of ours") {
            break status;
        }
        peak = peak.max(resident_peak(pass.id()));
        tokio::time::sleep(Duration::from_millis(2)).await;
    };
    assert!(status.success(), "the pass failed: {status}");
    let (wall, processor) = (begun.elapsed(), processor_of_children() - before);
    let requests = count(&stage.github.requests(), &stage.jira.requests());
    stage.github.forget();
    stage.jira.forget();
    Pass { wall, processor, peak, requests }
}

fn count(github: &[Exchange], jira: &[Exchange]) -> Requests {
    let mut counted = Requests { jira: number(jira.len()), ..Requests::default() };
    for exchange in github {
        let query = exchange.json()["query"].as_str().unwrap_or_default().to_owned();
        if query.starts_with("query Closings") {
            counted.heavy += 1;
            counted.closings += number(query.matches("issueOrPullRequest(").count());
        } else {
            counted.light += 1;
        }
        let answer: serde_json::Value = serde_json::from_slice(&exchange.response).unwrap_or_default();
        counted.points += answer["data"]["rateLimit"]["cost"].as_u64().unwrap_or_default();
    }
    counted
}

/// The table, a figure a line.
struct Table {
    missed: usize,
    /// The first cells of the lines that follow.
    head: String,
}

impl Table {
    fn begin() -> Self {
        print("| tickets | latency | pass | figure | measured | goal |");
        print("| ---: | ---: | --- | --- | ---: | ---: |");
        Self { missed: 0, head: String::new() }
    }

    fn of(&mut self, tickets: u64, latency: Duration, pass: &str) {
        self.head = format!("| {tickets} | {} ms | {pass} |", latency.as_millis());
    }

    fn first(&mut self, tickets: u64, latency: Duration, pass: &Pass) {
        self.of(tickets, latency, "first");
        let asked = &pass.requests;
        let fewest = (tickets / 2).div_ceil(BATCH) * 2 + asked.closings.div_ceil(CLOSINGS.1);
        self.line("light and Jira requests", real(asked.light + asked.jira), "", Some((real(fewest) * 1.1).floor()));
        self.line("heavy requests", real(asked.heavy), "", Some(real(asked.closings.div_ceil(CLOSINGS.0))));
        self.line("GitHub's points", real(asked.points), "", None);
        let processing = pass.processor.as_secs_f64();
        let goal = asked.take(latency).as_secs_f64() * 1.5 + processing;
        self.line("wall time", pass.wall.as_secs_f64(), " s", (!latency.is_zero()).then_some(goal));
        self.line("processor, a ticket", processing * 1e3 / real(tickets), " ms", Some(0.2));
        self.line("peak memory", pass.peak, " MB", (tickets == 10_000).then_some(100.0));
    }

    fn second(&mut self, tickets: u64, latency: Duration, pass: &Pass, first: &Pass) {
        self.of(tickets, latency, "unchanged");
        let asked = &pass.requests;
        // One for 100 tickets or for a repository, whichever is fewer, and two for the one Jira.
        let goal = (tickets / 2).div_ceil(BATCH).min(REPOSITORIES) + 2;
        self.line("requests", real(asked.all()), "", Some(real(goal)));
        self.line("GitHub's points, of an hour's", real(asked.points) * 100.0 / POINTS, " %", Some(1.0));
        self.line("wall time", pass.wall.as_secs_f64(), " s", None);
        let part = pass.processor.as_secs_f64() / first.processor.as_secs_f64();
        self.line("processor, of the first pass's", part * 100.0, " %", Some(15.0));
        self.line("peak memory", pass.peak, " MB", (tickets == 10_000).then_some(100.0));
    }

    /// One figure beside the most that it should be.
    fn line(&mut self, what: &str, measured: f64, unit: &str, goal: Option<f64>) {
        let shown = |figure: f64| match unit {
            "" | " MB" => format!("{figure:.0}{unit}"),
            " ms" => format!("{figure:.3}{unit}"),
            _ => format!("{figure:.2}{unit}"),
        };
        let missed = goal.is_some_and(|goal| measured > goal);
        self.missed += usize::from(missed);
        let goal = goal.map(|goal| format!("≤ {}", shown(goal))).unwrap_or_default();
        let mark = if missed { ", missed" } else { "" };
        print(&format!("{} {what} | {} | {goal}{mark} |", self.head, shown(measured)));
    }
}

/// `VmHWM` of `/proc/PID/status` in MB (proc(5)).
fn resident_peak(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    line.and_then(|kilobytes| kilobytes.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// Processor time of all children that ended: `cutime` and `cstime` of `/proc/self/stat`, in hundredths of a second
/// (proc(5); the kernel shows a hundred ticks a second on every machine).
fn processor_of_children() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is a name in brackets that may hold spaces.
    let after_name = stat.rsplit_once(") ").map(|(_, rest)| rest).unwrap_or_default();
    let ticks: u64 = after_name.split(' ').skip(13).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

fn number(count: usize) -> u64 {
    u64::try_from(count).expect("a count of things in memory")
}

fn real(count: u64) -> f64 {
    f64::from(u32::try_from(count).expect("a count of a benchmark"))
}

#[expect(clippy::print_stdout, reason = "a benchmark is there to print")]
fn print(line: &str) {
    println!("{line}");
}
