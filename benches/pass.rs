//! One pass of the program over registers of 1,000 and 10,000 tickets, half of them Jira's, against stand-ins: requests,
//! time, peak memory. Repeat it with `make bench`; docs/measurements.md has figures.

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use dragnet::domain::time::Moment;
use dragnet::standin::{self, GitHub, Jira};

#[tokio::main]
async fn main() {
    print_row(&["tickets", "closed", "latency", "pass", "requests", "wall", "peak memory"]);
    print_row(&["---:", "---:", "---:", "---", "---:", "---:", "---:"]);
    for (tickets, closed_in_five) in [(1_000, 0), (1_000, 3), (10_000, 3)] {
        for latency in [0, 50] {
            measure(tickets, closed_in_five, Duration::from_millis(latency)).await;
        }
    }
}

async fn measure(tickets: u64, closed_in_five: u64, latency: Duration) {
    let folder = tempfile::tempdir().expect("a folder for the bench");
    let (jira, github) = (Jira::cloud(), GitHub::new());
    fill(&jira, &github, tickets, closed_in_five);
    let (jira, github) = (standin::serve(jira).await.expect("a port"), standin::serve(github).await.expect("a port"));
    for stage in [&jira, &github] {
        stage.latency(latency);
        stage.without_bodies();
    }
    let config = format!(
        "[[source]]\nname = \"r\"\npath = \"register.md\"\n\
         [[tracker]]\nname = \"j\"\nkind = \"jira\"\nsite = \"https://j.example\"\napi_url = \"{}\"\nflavor = \"cloud\"\n\
         projects = [\"ARCH\"]\n\
         [[tracker]]\nname = \"g\"\nkind = \"github\"\napi_url = \"{}\"\ntoken_file = \"token\"\n",
        jira.url, github.url
    );
    for (name, text) in [("register.md", register(tickets)), ("dragnet.toml", config), ("token", "t".to_owned())] {
        std::fs::write(folder.path().join(name), text).expect("a file of the bench");
    }
    for pass in ["first", "unchanged"] {
        let (wall, peak) = run(folder.path()).await;
        let requests = jira.requests().len() + github.requests().len();
        jira.forget();
        github.forget();
        print_row(&[
            &tickets.to_string(),
            &format!("{} %", closed_in_five * 20),
            &format!("{} ms", latency.as_millis()),
            pass,
            &requests.to_string(),
            &format!("{:.2} s", wall.as_secs_f64()),
            &format!("{peak:.0} MB"),
        ]);
    }
}

/// Half of the tickets on each tracker, so many in five closed.
fn fill(jira: &Jira, github: &GitHub, tickets: u64, closed_in_five: u64) {
    let closed: Moment = "2024-01-01T00:00:00Z".parse().expect("a constant moment");
    for n in 1..=tickets / 2 {
        let issue = jira.issue(&format!("ARCH-{n}"));
        let ticket = github.issue(&format!("acme/r{}", n % 50), n);
        if n % 5 < closed_in_five {
            issue.status("Done", "done").resolution("Done", closed);
            ticket.closed_as("completed", closed);
        }
    }
}

fn register(tickets: u64) -> String {
    let mut text = "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n".to_owned();
    for n in 1..=tickets / 2 {
        let (day, repo) = (n % 9 + 1, n % 50);
        let cited = format!("ARCH-{n} https://github.com/acme/r{repo}/issues/{n}");
        let _ = writeln!(text, "| c | Pain {n} | 2023-05-0{day}: met it | 2 | {cited} |");
    }
    text
}

/// Runs one pass; its wall time and the peak of its resident memory in MB, as the kernel counts them.
async fn run(folder: &Path) -> (Duration, f64) {
    let begun = Instant::now();
    let mut pass = Command::new(env!("CARGO_BIN_EXE_dragnet"))
        .args(["sync", "-q"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut peak = 0.0_f64;
    loop {
        if let Some(status) = pass.try_wait().expect("a child of ours") {
            assert!(status.success(), "the pass failed: {status}");
            return (begun.elapsed(), peak);
        }
        peak = peak.max(resident_peak(pass.id()));
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// `VmHWM` of `/proc/PID/status` in MB (proc(5)).
fn resident_peak(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    line.and_then(|kilobytes| kilobytes.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

#[expect(clippy::print_stdout, reason = "a benchmark is there to print")]
fn print_row(cells: &[&str]) {
    println!("| {} |", cells.join(" | "));
}
