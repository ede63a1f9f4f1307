//! A ticket: its name, and what a tracker told of it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::details::{Closing, Details};
use super::project::Project;
use super::time::Moment;
use super::tracker::TrackerId;

/// A ticket's own part of its id, within its tracker.
#[derive(Debug, Clone, Copy)]
pub enum TicketKey<'a> {
    /// `ARCHBOM-1202`
    Jira {
        /// The project key, upper case.
        project: &'a str,
        /// The number within the project, from 1.
        number: u64,
    },
    /// `openedx/wg-frontend#126`: an issue or a pull request, which share one number space.
    GitHub {
        /// User or organisation, as written; GitHub ignores its case.
        owner: &'a str,
        /// Repository, as written; GitHub ignores its case.
        repo: &'a str,
        /// The number within the repository, from 1.
        number: u64,
    },
}

/// Few tickets have a number of more digits; links have room for them.
const DIGITS: usize = 8;

impl TicketKey<'_> {
    /// The link that a person would open; `site` is the tracker's address without a slash at its end.
    pub fn link(self, site: &str) -> String {
        let (parts, number): (&[&str], u64) = match self {
            Self::Jira { project, number } => (&[site, "/browse/", project, "-"], number),
            Self::GitHub { owner, repo, number } => (&[site, "/", owner, "/", repo, "/issues/"], number),
        };
        let mut link = String::with_capacity(parts.iter().map(|part| part.len()).sum::<usize>() + DIGITS);
        parts.iter().for_each(|part| link.push_str(part));
        link.push_str(itoa::Buffer::new().format(number));
        link
    }
}

impl std::fmt::Display for TicketKey<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Jira { project, number } => write!(f, "{project}-{number}"),
            Self::GitHub { owner, repo, number } => write!(f, "{owner}/{repo}#{number}"),
        }
    }
}

/// A ticket, wherever it is cited: `jira:ARCHBOM-1202`, `github:openedx/wg-frontend#126`, `jira@NAME:…`.
///
/// Two ids are equal when they name the same ticket: GitHub's owners and repositories are compared without case. They sort
/// by tracker, then project or repository, then number as a number. A pass holds hundreds of thousands of ids, so what many
/// have in common they share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TicketId {
    project: Arc<Project>,
    number: u64,
}

impl TicketId {
    /// A Jira ticket. The project key is put into upper case, as Jira does.
    pub fn jira(tracker: TrackerId, project: &str, number: u64) -> Self {
        let project = if project.bytes().any(|byte| byte.is_ascii_lowercase()) {
            Project::of(tracker, &project.to_ascii_uppercase(), None)
        } else {
            Project::of(tracker, project, None)
        };
        Self { project, number }
    }

    /// A GitHub issue or pull request.
    pub fn github(tracker: TrackerId, owner: &str, repo: &str, number: u64) -> Self {
        Self { project: Project::of(tracker, owner, Some(repo)), number }
    }

    /// The tracker that knows this ticket.
    pub fn tracker(&self) -> &TrackerId {
        &self.project.tracker
    }

    /// The part after the colon.
    pub fn key(&self) -> TicketKey<'_> {
        let (owner, number) = (&*self.project.owner, self.number);
        match self.project.repo.as_deref() {
            None => TicketKey::Jira { project: owner, number },
            Some(repo) => TicketKey::GitHub { owner, repo, number },
        }
    }
}

impl std::fmt::Display for TicketId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.tracker(), self.key())
    }
}

/// What [`TicketId`] cannot be read from.
#[derive(Debug, thiserror::Error)]
#[error("not a ticket id: `{0}` (expected `jira:KEY-1` or `github:owner/repo#1`)")]
pub struct NotATicketId(String);

impl std::str::FromStr for TicketId {
    type Err = NotATicketId;

    fn from_str(text: &str) -> Result<Self, NotATicketId> {
        let wrong = || NotATicketId(text.to_owned());
        let (tracker, key) = text.split_once(':').ok_or_else(wrong)?;
        let tracker: TrackerId = tracker.parse().map_err(|_| wrong())?;
        let number = |text: &str| text.parse::<u64>().ok().filter(|n| *n > 0).ok_or_else(wrong);
        match tracker.kind() {
            super::tracker::TrackerKind::Jira => {
                let (project, digits) = key.rsplit_once('-').filter(|(p, _)| !p.is_empty()).ok_or_else(wrong)?;
                Ok(Self::jira(tracker, project, number(digits)?))
            }
            super::tracker::TrackerKind::GitHub => {
                let (home, digits) = key.rsplit_once('#').ok_or_else(wrong)?;
                let (owner, repo) = home.split_once('/').ok_or_else(wrong)?;
                if owner.is_empty() || repo.is_empty() || repo.contains('/') {
                    return Err(wrong());
                }
                Ok(Self::github(tracker, owner, repo, number(digits)?))
            }
        }
    }
}

impl TryFrom<String> for TicketId {
    type Error = NotATicketId;

    fn try_from(text: String) -> Result<Self, NotATicketId> {
        text.parse()
    }
}

impl From<TicketId> for String {
    fn from(id: TicketId) -> Self {
        id.to_string()
    }
}

/// Issue or pull request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TicketKind {
    /// An issue of either tracker.
    #[default]
    Issue,
    /// A pull request.
    Pull,
}

/// What a tracker told of a ticket, in its own words where words matter. An absent field was not told: it is never
/// evidence of anything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// The id under which the tracker knows it now.
    pub id: TicketId,
    /// The tracker's own lasting id (Jira's number, GitHub's node id), which survives moves.
    #[serde(default)]
    pub native_id: Option<String>,
    /// The link that a person would open.
    pub url: String,
    /// Issue or pull request.
    #[serde(default)]
    pub kind: TicketKind,
    /// Its title.
    pub title: String,
    /// Whether the tracker counts it as closed: GitHub `closed` or `merged`, Jira status category `done`.
    pub closed: bool,
    /// The tracker's word for its state: `open`, `closed`, `merged`, or the name of the Jira status.
    pub state: String,
    /// Jira's status category by key (`new`, `indeterminate`, `done`; an open set), never by translated name.
    #[serde(default)]
    pub status_category: Option<String>,
    /// Why it was closed, as told: GitHub's `state_reason` in lower case, the name of the Jira resolution.
    #[serde(default)]
    pub reason: Option<String>,
    /// Pull requests: whether the work was merged.
    #[serde(default)]
    pub merged: Option<bool>,
    /// When it was opened.
    #[serde(default)]
    pub created_at: Option<Moment>,
    /// When anything about it changed last.
    #[serde(default)]
    pub updated_at: Option<Moment>,
    /// When it was closed last.
    #[serde(default)]
    pub closed_at: Option<Moment>,
    /// Who closed it last, as the tracker names them.
    #[serde(default)]
    pub closed_by: Option<String>,
    /// The ticket that this one is said to duplicate.
    #[serde(default)]
    pub duplicate_of: Option<TicketId>,
    /// What surrounds its closing.
    #[serde(default)]
    pub details: Details,
}

impl Ticket {
    /// What its closing looks like; `None` while it is open.
    pub fn closing(&self) -> Option<Closing> {
        self.closed.then(|| Closing {
            state: self.state.clone(),
            reason: self.reason.clone(),
            closed_at: self.closed_at,
            updated_at: self.updated_at,
        })
    }

    /// Takes over from an earlier answer what surrounds the closing, where this answer did not look at it and it is
    /// still the same closing.
    pub fn recall(&mut self, before: &Self) {
        let (None, Some(looked_at)) = (&self.details.closing, &before.details.closing) else { return };
        if !self.closing().is_some_and(|closing| closing.is_same(looked_at)) {
            return;
        }
        self.details.recall(&before.details);
        if self.closed_at.is_none() {
            self.closed_at = before.closed_at;
        }
        if self.closed_by.is_none() {
            self.closed_by.clone_from(&before.closed_by);
        }
        if self.duplicate_of.is_none() {
            self.duplicate_of.clone_from(&before.duplicate_of);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TicketId;

    #[test]
    fn an_id_reads_back_as_it_is_written() {
        for text in ["jira:ARCHBOM-1202", "github:openedx/docs.openedx.org#449", "jira@old:A1-7", "github@ghe:O/r#1"] {
            let id: TicketId = text.parse().unwrap();
            assert_eq!(id.to_string(), text);
        }
        for text in
            ["ARCHBOM-1", "jira:ARCHBOM", "jira:-1", "jira:A-0", "github:a#1", "github:a/b/c#1", "svn:A-1", "jira@:A-1"]
        {
            assert!(text.parse::<TicketId>().is_err(), "{text}");
        }
    }

    #[test]
    fn github_ignores_case_and_numbers_sort_as_numbers() {
        let id = |text: &str| text.parse::<TicketId>().unwrap();
        assert_eq!(id("github:OpenEdX/Docs#1"), id("github:openedx/docs#1"));
        assert!(id("jira:A-9") < id("jira:A-10"));
    }
}
