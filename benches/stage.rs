//! The stage of the benchmarks: trackers full of tickets, a register that cites them all, and a configuration.
//!
//! Half of the tickets are on GitHub, in 50 repositories, and half in Jira, in 10 projects; three in five are closed, with as
//! much said of them as the benchmark wants.

use std::fmt::Write;
use std::path::Path;

use chrono::TimeDelta;
use dragnet::domain::time::Moment;
use dragnet::standin::{self, GitHub, Jira, Running};

/// When the first was closed; the others one after the other, ten minutes apart: trackers where more change within a
/// second than fit on a page cannot be listed, and are an exception.
const CLOSED_AT: &str = "2024-01-01T00:00:00Z";
/// What was said when one was closed.
const REMARK: &str = "Done in the release of last week, thanks.";

/// Repositories on GitHub.
pub(crate) const REPOSITORIES: u64 = 50;
/// Projects in Jira.
pub(crate) const PROJECTS: u64 = 10;

/// Where the n-th ticket of GitHub is: repository and number.
pub(crate) fn on_github(n: u64) -> (String, u64) {
    (format!("acme/r{}", n % REPOSITORIES), n / REPOSITORIES + 1)
}

/// The key of the n-th ticket of Jira.
pub(crate) fn in_jira(n: u64) -> String {
    format!("P{}-{}", n % PROJECTS, n / PROJECTS + 1)
}

/// Whether the n-th ticket is closed: three in five, whatever repository or project it is in.
pub(crate) fn is_closed(n: u64) -> bool {
    ((n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) & 0xFFFF) < 0x999A
}

/// What was said of tickets on GitHub that are closed. Nothing was said of those that are open.
#[derive(Clone, Copy)]
pub(crate) struct Talk {
    /// People of each repository, who open issues and comment on them by turns.
    pub(crate) people: u64,
    /// Comments on each issue that has some.
    pub(crate) comments: u64,
    /// One in so many has none.
    pub(crate) silent: u64,
}

impl Talk {
    /// The n-th of those who say something in a repository.
    fn person(self, repo: &str, n: u64) -> String {
        if self.people == 1 {
            return "grace".to_owned();
        }
        format!("{}-{}", repo.replace('/', "-"), n % self.people)
    }
}

/// Trackers that answer on loopback.
pub(crate) struct Stage {
    pub(crate) jira: Running,
    pub(crate) github: Running,
}

impl Stage {
    /// Fills both trackers with so many tickets in all, and writes register, configuration and token into `folder`.
    pub(crate) async fn of(jira: Jira, tickets: u64, talk: Talk, folder: &Path) -> Self {
        let github = GitHub::new();
        github.limits(u64::MAX, u64::MAX, u64::MAX);
        let first_closed: Moment = CLOSED_AT.parse().expect("a constant moment");
        for n in 0..tickets / 2 {
            let issue = jira.issue(&in_jira(n));
            let (repo, number) = on_github(n);
            let mut ticket = github.issue(&repo, number);
            if talk.people > 1 {
                ticket = ticket.author(&talk.person(&repo, number), "MEMBER");
            }
            if is_closed(n) {
                let closed = first_closed + TimeDelta::minutes(10 * i64::try_from(n).expect("a small number"));
                issue.status("Done", "done").resolution("Done", closed).comment("Grace H", REMARK, closed);
                ticket = ticket.closed_as("completed", closed);
                let comments = if (number + 1).is_multiple_of(talk.silent) { 0 } else { talk.comments };
                for nth in 0..comments {
                    ticket = ticket.comment(&talk.person(&repo, number + nth), REMARK, closed);
                }
            }
        }
        let jira = standin::serve(jira).await.expect("a port");
        let github = standin::serve(github).await.expect("a port");
        let config = format!(
            "[[source]]\nname = \"r\"\npath = \"register.md\"\n\
             [[tracker]]\nname = \"j\"\nkind = \"jira\"\nsite = \"https://j.example\"\napi_url = \"{}\"\n\
             token_file = \"token\"\n\
             [[tracker]]\nname = \"g\"\nkind = \"github\"\napi_url = \"{}\"\ntoken_file = \"token\"\n",
            jira.url, github.url
        );
        for (name, text) in
            [("register.md", register(tickets, true)), ("dragnet.toml", config), ("token", "t".to_owned())]
        {
            std::fs::write(folder.join(name), text).expect("a file of the bench");
        }
        Self { jira, github }
    }
}

/// A register of a stage of so many tickets, in which every challenge has a ticket on each tracker, or on GitHub only.
pub(crate) fn register(tickets: u64, in_both: bool) -> String {
    let mut text = "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n".to_owned();
    for n in 0..tickets / 2 {
        let (day, key, (repo, number)) = (n % 9 + 1, in_jira(n), on_github(n));
        let mut cited = format!("https://github.com/{repo}/issues/{number}");
        if in_both {
            cited = format!("https://j.example/browse/{key} {cited}");
        }
        let _ = writeln!(text, "| c | Pain {n} | 2023-05-0{day}: met it | 2 | {cited} |");
    }
    text
}
