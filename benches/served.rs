//! The daemon of the benchmarks: `dragnet serve` as a process of its own.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long anything is waited for.
const PATIENCE: Duration = Duration::from_secs(300);

/// A daemon that runs.
pub(crate) struct Served {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Served {
    /// Starts it on the configuration in `folder`, where its log goes as well.
    pub(crate) fn start(folder: &Path) -> Self {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
        let address = free.expect("a port that is free");
        let log = File::options().create(true).append(true).open(folder.join("log")).expect("a file of the bench");
        let child = Command::new(env!("CARGO_BIN_EXE_dragnet"))
            .args(["serve", "--listen", &address.to_string()])
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the program starts");
        Self { child, address }
    }

    /// Asks again and again, a moment apart, until the answer to a path has this in it.
    pub(crate) async fn until(&self, http: &reqwest::Client, path: &str, has: &str) {
        let url = format!("http://{}{path}", self.address);
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Ok(answer) = http.get(&url).send().await
                && answer.status().is_success()
                && answer.text().await.is_ok_and(|text| text.contains(has))
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("{path} never said {has:?}");
    }

    /// What it takes in MB: `VmRSS` of `/proc/PID/status` (proc(5)).
    pub(crate) fn memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"));
        line.and_then(|kilobytes| kilobytes.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
    }

    /// Asks for a pass over everything.
    pub(crate) fn ask_for_a_pass(&self) {
        self.signal("USR1");
    }

    /// Stops it as a service manager does.
    pub(crate) fn stop(mut self) {
        self.signal("TERM");
        let status = self.child.wait().expect("a child of ours");
        assert!(status.success(), "the daemon did not stop as it should: {status}");
    }

    fn signal(&self, name: &str) {
        let kill = format!("kill -s {name} {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &kill]).status();
        assert!(sent.is_ok_and(|status| status.success()), "the daemon is gone");
    }
}

/// A client that reaches this machine only.
pub(crate) fn client() -> reqwest::Client {
    let client = reqwest::Client::builder().no_proxy().tls_certs_only(std::iter::empty()).timeout(PATIENCE);
    client.build().expect("a client")
}

#[expect(clippy::print_stdout, reason = "a benchmark is there to print")]
pub(crate) fn print(line: &str) {
    println!("{line}");
}
