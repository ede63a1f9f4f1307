//! The arguments. The words are the contract's.

use std::path::PathBuf;

use clap::{ArgAction, Parser, Subcommand, ValueEnum};

use super::copies::{Backup, Restore, Verify};
use super::user::User;
use super::waive::{Snooze, Waive};
use crate::check::Tolerance;

/// Asks of every ticket that a register of engineering challenges cites: was the work done?
#[derive(Debug, Parser)]
#[command(name = "dragnet", version, max_term_width = 100, arg_required_else_help = true)]
#[command(
    after_help = "Exit codes: 0 fine, 1 findings (check) or not well (health), 2 usage, configuration, credentials or internal error, \
                        3 could not tell."
)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, clap::Args)]
pub(super) struct Common {
    /// The configuration [default: dragnet.toml here, then the user's, then /etc/dragnet/dragnet.toml]
    #[arg(long, global = true, value_name = "PATH")]
    pub(super) config: Option<PathBuf>,
    /// How to write the data: text, json; report also markdown, html, csv; digest preview also markdown, html, slack, teams;
    /// check also github, sarif, junit, gitlab, rdjson, markdown, badge, shields, several times and each with a file of its
    /// own
    #[arg(long, global = true, value_name = "FORMAT[=FILE]")]
    pub(super) format: Vec<String>,
    /// Write the data to a file instead of standard output
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(super) color: When,
    /// Say less
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(super) quiet: u8,
    /// Say more
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(super) verbose: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// The whole job on the sample that ships with the program, against trackers that it plays itself
    Demo(Demo),
    /// One pass: read the sources, ask the trackers, remember, judge
    Sync(Sync),
    /// The daemon: passes on schedule, and the page
    Serve(Serve),
    /// For CI: asks what is due and exits by what it found
    Check(Check),
    /// What leads read: broken promises first
    Report(super::report::Report),
    /// Everything behind one ticket's or challenge's verdict
    Why(Why),
    /// Accept a finding, with a reason and an end
    Waive(Waive),
    /// Put a finding off, until a day or until its ticket changes
    Snooze(Snooze),
    /// Give a verdict that stands in the place of the rules' own
    Decide(Decide),
    /// What teams are told of what changed
    #[command(subcommand)]
    Digest(super::digest::Digest),
    /// The register or minutes as understood
    Parse(Parse),
    /// The references found
    Refs(Refs),
    /// Ticket records in, verdicts out, as JSON lines; asks nobody
    Judge(Judge),
    /// The documents with each ticket's status next to it, as the store knows it; asks nobody
    Annotate(super::annotate::Annotate),
    /// Every finding code and verdict rule, what it sees and why
    Rules,
    /// What it did and does next
    Status,
    /// Copy the store to a file, whole, while passes go on
    Backup(Backup),
    /// Put a backup in the place of the store
    Restore(Restore),
    /// Is the store, or a backup, whole? Says what is in it
    Verify(Verify),
    /// Does everything that it needs work? With a fix for what does not
    Doctor,
    /// Is the daemon up? Exits 0 or 1; for container checks
    Health(Health),
    /// A line for the file of those who may see the page, with a new password
    User(User),
    /// The configuration
    #[command(subcommand)]
    Config(Config),
    /// Write a commented dragnet.toml for the documents of this folder
    Init(Init),
    /// What makes a shell complete the arguments
    Completions(Completions),
    /// The manual, for `man -l -`
    Man(Manual),
}

#[derive(Debug, clap::Args)]
pub(super) struct Manual {
    /// That of the configuration's file, dragnet.toml(5)
    #[arg(long)]
    pub(super) configuration: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Demo {
    /// Keep the pages up afterwards, until Ctrl-C
    #[arg(long)]
    pub(super) serve: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Sync {
    /// Print what would be asked and what that would cost; ask nobody, write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Ask for every ticket itself, also where a listing of what changed would do: it notices what was deleted or moved
    #[arg(long)]
    pub(super) full: bool,
    /// Ask for one ticket only, without reading the documents again: `KEY-1`, `owner/repo#1`, its id or its link
    #[arg(long, value_name = "ID", conflicts_with_all = ["dry_run", "full"])]
    pub(super) ticket: Option<String>,
    /// Believe the mass change of this tracker that earlier passes saw and did not believe; its name or its id
    #[arg(long, value_name = "TRACKER", conflicts_with = "dry_run")]
    pub(super) confirm: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    /// Where to listen, instead of the configuration's `serve.listen`
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(super) listen: Option<std::net::SocketAddr>,
    /// How to write the log: text (with priorities where the journal reads it), or a JSON object a line
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(super) log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, clap::Args)]
pub(super) struct Health {
    /// Where it listens, instead of the configuration's `serve.listen`
    #[arg(long, value_name = "URL", value_parser = daemon)]
    pub(super) url: Option<url::Url>,
    /// Is it ready: can the store be written, is the schedule kept?
    #[arg(long)]
    pub(super) ready: bool,
}

#[derive(Debug, Clone, clap::Args)]
pub(super) struct Check {
    /// Documents to check instead of the configuration's sources: files, globs, folders, `-` for standard input
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<String>,
    /// Check the comments of source files as well, below the folders named or this one
    #[arg(long)]
    pub(super) code: bool,
    /// Ask for other public pages that are linked to as well, without credentials; one that is gone is a warning
    #[arg(long, conflicts_with_all = ["offline", "server", "no_network"])]
    pub(super) links: bool,
    /// The lowest severity that fails
    #[arg(long, value_enum, default_value = "error", value_name = "SEVERITY")]
    pub(super) fail_on: FailOn,
    /// Whether what could not be told fails (with exit code 3) [default: fail]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(super) on_unknown: Option<OnUnknown>,
    /// How many tickets may be unknown without failing: a number, or a share of all such as 5%
    #[arg(long, value_name = "N|N%", value_parser = tolerance, conflicts_with = "on_unknown")]
    pub(super) max_unknown: Option<Tolerance>,
    /// How old an answer may be that a finding rests on, such as 12h; what is known that well is not asked for. 0: of
    /// this run [default: 0, with --offline and --server 24h]
    #[arg(long, value_parser = age, value_name = "AGE")]
    pub(super) max_age: Option<chrono::TimeDelta>,
    /// Look only at challenges and references that were added or changed since this branch left REF; `auto`: what the
    /// pull or merge request of this run goes to, if it is one
    #[arg(long, value_name = "REF")]
    pub(super) diff_base: Option<String>,
    /// Findings that were there before: they are shown, and fail nobody
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Write the findings of now as a baseline
    #[arg(long, value_name = "FILE", conflicts_with = "diff_base")]
    pub(super) write_baseline: Option<PathBuf>,
    /// Leave out what the baseline holds
    #[arg(long, requires = "baseline")]
    pub(super) only_new: bool,
    /// Take from the baseline what is there no more
    #[arg(long, requires = "baseline", conflicts_with = "diff_base")]
    pub(super) prune: bool,
    /// As a pipeline wants it, where nothing else is said: on a pull or merge request only what it touches, and what could
    /// not be told lets it pass; what stands in dragnet-baseline.json, where that file is, fails nobody
    #[arg(long)]
    pub(super) pipeline: bool,
    /// Let nothing to check be fine, as where a hook hands over any file
    #[arg(long)]
    pub(super) allow_empty: bool,
    /// A host that may be asked in CI, besides GitHub's own; with --links, one that need not be public
    #[arg(long, value_name = "HOST")]
    pub(super) allow_host: Vec<String>,
    /// Ask nobody; go by what the configuration's store knows
    #[arg(long)]
    pub(super) offline: bool,
    /// Ask a running daemon for what it knows, instead of the trackers: no token, no quota
    #[arg(long, value_name = "URL", value_parser = daemon, conflicts_with_all = ["offline", "no_network"])]
    pub(super) server: Option<url::Url>,
    /// Ask nobody and go by no answer: syntax and waivers only
    #[arg(long, conflicts_with = "offline")]
    pub(super) no_network: bool,
}

/// Where a daemon is asked. What is no address of a page would look like an outage.
fn daemon(text: &str) -> Result<url::Url, String> {
    let url = url::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| format!("`{text}` is no address of a daemon (expected such as http://127.0.0.1:8080)"))
}

/// `5` or `5%`.
fn tolerance(text: &str) -> Result<Tolerance, String> {
    let wrong = || format!("`{text}` is neither a number of tickets nor a share (expected such as 3 or 5%)");
    match text.strip_suffix('%') {
        Some(share) => {
            let share: f64 = share.trim().parse().map_err(|_| wrong())?;
            if (0.0..=100.0).contains(&share) { Ok(Tolerance::Share(share / 100.0)) } else { Err(wrong()) }
        }
        None => text.parse().map(Tolerance::Tickets).map_err(|_| wrong()),
    }
}

fn age(text: &str) -> Result<chrono::TimeDelta, String> {
    let wrong = || format!("`{text}` is no span of time (expected such as 12h or 7d)");
    let age =
        if text == "0" { std::time::Duration::ZERO } else { humantime::parse_duration(text).map_err(|_| wrong())? };
    chrono::TimeDelta::from_std(age).map_err(|_| wrong())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OnUnknown {
    Fail,
    Warn,
}

#[derive(Debug, clap::Args)]
pub(super) struct Why {
    /// A ticket (`ARCHBOM-1202`, `owner/repo#12`, its id or its link) or a challenge's id. A link works without any
    /// configuration or store: its tracker is asked, in at most four requests
    #[arg(value_name = "ID|URL")]
    pub(super) what: String,
    /// Ask the link's tracker here, instead of where its kind usually answers
    #[arg(long, value_name = "URL")]
    pub(super) api_url: Option<String>,
    /// Show it the token in this variable; without it GITHUB_TOKEN goes to github.com, and nothing anywhere else
    #[arg(long, value_name = "NAME")]
    pub(super) token_env: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Decide {
    /// The ticket: its id, key or link
    #[arg(value_name = "TICKET", required_unless_present_any = ["list", "remove"])]
    pub(super) ticket: Option<String>,
    /// Whether its work was done
    #[arg(long, value_enum, value_name = "VERDICT", required_unless_present_any = ["list", "remove"])]
    pub(super) verdict: Option<Word>,
    /// Why
    #[arg(long, value_name = "TEXT", required_unless_present_any = ["list", "remove"])]
    pub(super) reason: Option<String>,
    /// Who decides [default: your name as git or the system knows it]
    #[arg(long, value_name = "NAME")]
    pub(super) by: Option<String>,
    /// The decisions there are
    #[arg(long, conflicts_with_all = ["ticket", "remove"])]
    pub(super) list: bool,
    /// Leave this ticket to the rules again
    #[arg(long, value_name = "TICKET", conflicts_with = "ticket")]
    pub(super) remove: Option<String>,
}

/// A verdict that a person can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Word {
    /// The work was done
    Done,
    /// It was closed without the work
    Undone,
    /// Nothing says either way
    Unverified,
}

#[derive(Debug, clap::Args)]
pub(super) struct Parse {
    /// The document
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) projects: Projects,
}

#[derive(Debug, clap::Args)]
pub(super) struct Refs {
    /// The documents
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) projects: Projects,
}

#[derive(Debug, clap::Args)]
pub(super) struct Judge {
    /// The records, one JSON object a line; `-` reads standard input
    #[arg(value_name = "FILE|-", required_unless_present = "store")]
    pub(super) file: Option<PathBuf>,
    /// Judge every ticket of the store by the rules of this program instead; asks nobody, changes nothing
    #[arg(long, conflicts_with = "file")]
    pub(super) store: bool,
    /// Only what would change against the verdicts and standings remembered
    #[arg(long, requires = "store", conflicts_with = "file")]
    pub(super) diff: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Projects {
    /// Jira projects whose bare keys count, without a configuration
    #[arg(long = "project", value_name = "KEY,…", value_delimiter = ',', value_parser = project)]
    pub(super) keys: Vec<String>,
}

/// A Jira project's key, in upper case.
fn project(text: &str) -> Result<String, String> {
    let key = text.trim().to_ascii_uppercase();
    let mut letters = key.chars();
    let right = key.len() >= 2
        && letters.next().is_some_and(|first| first.is_ascii_uppercase())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if right { Ok(key) } else { Err("expected project keys such as ARCHBOM, with commas between them".to_owned()) }
}

#[derive(Debug, clap::Args)]
pub(super) struct Init {
    /// Write a pipeline as well: pull requests check what they touch, a nightly run everything
    #[arg(long, value_enum, value_name = "WHERE")]
    pub(super) ci: Option<Pipeline>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Pipeline {
    Github,
    Gitlab,
}

#[derive(Debug, clap::Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Subcommand)]
pub(super) enum Config {
    /// Is it right? Says what is wrong with line and column, else what it means
    Check,
    /// What is in force, defaults included, without secrets
    Show,
    /// The JSON Schema of the file, for editors
    Schema,
}
