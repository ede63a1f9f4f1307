//! Whose challenge it is: who is responsible for it, and how that is known.

use serde::{Deserialize, Serialize};

/// How it is known whose a challenge is, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OwnedBy {
    /// The configuration says so.
    Configuration,
    /// An anecdote names the team.
    Anecdote,
    /// One of its remedies is assigned to them.
    Assignee,
    /// The file of code owners names them for the document.
    CodeOwners,
}

impl OwnedBy {
    /// How it is known, as the end of a sentence.
    pub fn says(self) -> &'static str {
        match self {
            Self::Configuration => "by the configuration",
            Self::Anecdote => "named in an anecdote",
            Self::Assignee => "assigned to a remedy",
            Self::CodeOwners => "by CODEOWNERS",
        }
    }
}

/// An owner of a challenge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Owner {
    /// The team, or the person where no team is known.
    pub name: String,
    /// How that is known.
    pub by: OwnedBy,
}

/// Who owns what, as far as that is written down.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ownership {
    /// What the configuration says; the first that matches counts.
    pub teams: Vec<Team>,
    /// The lines of the file of code owners: a pattern and who owns what it matches. The last that matches counts.
    pub code_owners: Vec<(String, Vec<String>)>,
}

/// A team of the configuration, with what is its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Team {
    /// What it is called here.
    pub name: String,
    /// What anecdotes and assignees call it, or those who belong to it.
    pub aliases: Vec<String>,
    /// Challenges, by their ids.
    pub challenges: Vec<String>,
    /// Challenges of these categories.
    pub categories: Vec<String>,
    /// Challenges in documents of these sources.
    pub sources: Vec<String>,
    /// Challenges with a remedy in one of these: a Jira project, `owner/repo` or `owner/*`.
    pub homes: Vec<String>,
}

impl Ownership {
    /// The lines of a file of code owners: comments and what owns nothing are left out, as are sections (GitLab's).
    /// <https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>
    pub fn code_owners(text: &str) -> Vec<(String, Vec<String>)> {
        let lines = text.lines().map(|line| line.split(" #").next().unwrap_or_default().trim());
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with(['#', '[', '^']));
        let line = |line: &str| {
            let mut words = line.split_whitespace().map(str::to_owned);
            (words.next().unwrap_or_default(), words.collect::<Vec<_>>())
        };
        // A pattern without owners takes away what an earlier one gave.
        lines.map(line).collect()
    }
}
