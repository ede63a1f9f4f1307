//! A folder with documents and a configuration, trackers that play on loopback, and the program itself.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

use dragnet::config::Config;
use dragnet::domain::time::Moment;
use dragnet::standin::{self, GitHub, Jira, Running};
use dragnet::sync::{Outcome, Pass, Shop, judge_all};
use serde_json::Value;

/// Everything that a story needs. The program runs as its own process, with an environment that is empty but for what
/// the story says.
pub(crate) struct World {
    folder: tempfile::TempDir,
    pub(crate) jira: Jira,
    pub(crate) github: GitHub,
    pub(crate) jira_stage: Running,
    pub(crate) github_stage: Running,
    flavor: &'static str,
}

/// How a command ended and what it said.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl World {
    /// Both trackers up, with a configuration that asks them and reads `*.md`.
    pub(crate) async fn new() -> Self {
        Self::with(Jira::cloud(), "cloud").await
    }

    /// The same with a Jira Data Center.
    pub(crate) async fn with_data_center() -> Self {
        Self::with(Jira::data_center(), "datacenter").await
    }

    async fn with(jira: Jira, flavor: &'static str) -> Self {
        let github = GitHub::new();
        let jira_stage = standin::serve(jira.clone()).await.unwrap();
        let github_stage = standin::serve(github.clone()).await.unwrap();
        let world = Self { folder: tempfile::tempdir().unwrap(), jira, github, jira_stage, github_stage, flavor };
        world.write("jira-token", "jira-s3cret\n");
        world.write("github-token", "github-s3cret\n");
        world.configure("");
        world
    }

    /// Writes the configuration anew, with `more` at its end.
    pub(crate) fn configure(&self, more: &str) {
        self.write_configuration("[[source]]\nname = \"documents\"\npath = \"*.md\"\n", more);
    }

    /// Writes the configuration anew, with these sources alone.
    pub(crate) fn configure_sources(&self, sources: &str) {
        self.write_configuration(sources, "");
    }

    fn write_configuration(&self, sources: &str, more: &str) {
        let (jira, github, flavor) = (&self.jira_stage.url, &self.github_stage.url, self.flavor);
        self.write(
            "dragnet.toml",
            format!(
                r#"
{sources}
[[tracker]]
name = "acme"
kind = "jira"
site = "https://acme.example"
api_url = "{jira}"
flavor = "{flavor}"
projects = ["ARCH", "OPS"]
token_file = "jira-token"

[[tracker]]
name = "github"
kind = "github"
api_url = "{github}"
token_file = "github-token"

{more}
"#
            ),
        );
    }

    /// The configuration as its owner has it, wherever the tests run.
    pub(crate) fn config(&self) -> Config {
        let path = self.path("dragnet.toml");
        Config::from_text(&path, &std::fs::read_to_string(&path).unwrap()).unwrap()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// A register of one row for each `(title, anecdotes, status)`.
    pub(crate) fn register(&self, rows: &[(&str, &str, &str)]) {
        let mut text = "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n".to_owned();
        for (title, anecdotes, status) in rows {
            text += &format!("| Pains | {title} | {anecdotes} | 1 | {status} |\n");
        }
        self.write("register.md", text);
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dragnet"));
        command.args(arguments).current_dir(self.folder.path()).env_clear().env("HOME", self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(&[], arguments).await
    }

    /// Runs the program to its end, with these variables in its environment.
    pub(crate) async fn run_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
        let mut command = self.command(arguments);
        command.envs(variables.iter().copied());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        Ran::of(&output)
    }

    /// Runs the program to its end with this standard input.
    pub(crate) async fn run_fed(&self, input: &str, arguments: &[&str]) -> Ran {
        self.write(".input", input);
        let mut command = self.command(arguments);
        command.stdin(std::fs::File::open(self.path(".input")).unwrap());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        Ran::of(&output)
    }

    /// Starts the program.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        self.start_in(arguments, &[])
    }

    /// Starts the program with these variables in its environment.
    pub(crate) fn start_in(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Child {
        self.command(arguments).envs(environment.iter().copied()).spawn().unwrap()
    }

    /// What `report --format json` says; the report must be there.
    pub(crate) async fn report(&self) -> Value {
        let ran = self.run(&["report", "--format", "json"]).await;
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        serde_json::from_str(&ran.out).unwrap()
    }

    /// `ID verdict (look-up)` of every ticket in the report.
    pub(crate) async fn verdicts(&self) -> Vec<String> {
        let report = self.report().await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        report["tickets"]
            .as_array()
            .unwrap()
            .iter()
            .map(|ticket| format!("{} {} ({})", text(&ticket["id"]), text(&ticket["verdict"]), text(&ticket["lookup"])))
            .collect()
    }

    /// Lets the time pass that trackers asked us to wait for.
    pub(crate) fn the_wait_is_over(&self) {
        let store = rusqlite::Connection::open(self.path("dragnet.db")).unwrap();
        store.execute("DELETE FROM wait", []).unwrap();
    }

    /// Changes the store behind the program's back.
    pub(crate) fn sql_run(&self, statements: &str) {
        rusqlite::Connection::open(self.path("dragnet.db")).unwrap().execute_batch(statements).unwrap();
    }

    /// One value that SQL gives from the store.
    pub(crate) fn sql<T: rusqlite::types::FromSql>(&self, query: &str) -> T {
        let store = rusqlite::Connection::open(self.path("dragnet.db")).unwrap();
        store.query_row(query, [], |row| row.get(0)).unwrap()
    }
}

impl Ran {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Fails unless it ended with `code`.
    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "\n--- standard output\n{}\n--- standard error\n{}", self.out, self.err);
        self
    }

    /// Fails unless the messages hold all of these.
    #[track_caller]
    pub(crate) fn complained(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.err.contains(word), "no `{word}` in\n{}", self.err);
        }
        self
    }
}

/// A pass with all that is known after it. What it remembered of the verdicts is what judging everything gives.
pub(crate) async fn in_full(pass: Pass, shop: &Shop) -> Outcome {
    let (known, judged) = judge_all(shop).await.unwrap();
    let last = shop.store.last_judged().await.unwrap();
    let verdicts = judged.tickets.iter().map(|(ticket, it)| (ticket.clone(), (it.verdict, it.confidence)));
    assert_eq!(last.verdicts, verdicts.collect());
    let standings = judged.challenges.iter().map(|challenge| (challenge.id.clone(), challenge.standing));
    assert_eq!(last.standings, standings.collect());
    assert_eq!(shop.store.overview().await.unwrap().findings, judged.findings.len());
    Outcome { pass, known, judged }
}

/// Noon of a day.
pub(crate) fn noon(day: &str) -> Moment {
    format!("{day}T12:00:00Z").parse().unwrap()
}

/// Sends a signal to a running program.
pub(crate) fn signal(child: &Child, name: &str) {
    // The shell's own `kill`: not every machine has one as a program.
    let kill = format!("kill -s {name} {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}

/// The program's folder in the repository.
pub(crate) fn repository(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A port that is free, and that nobody is given who asks for any port: those come from a range above.
pub(crate) fn free_address() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let begin = u16::try_from(std::process::id() % 100).unwrap() * 100;
    loop {
        let port = 20_000 + (begin + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000;
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)) {
            return listener.local_addr().unwrap();
        }
    }
}
