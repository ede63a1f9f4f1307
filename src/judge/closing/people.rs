//! Who speaks and who closes: people by what they are to the ticket, and programs by what they do.

use crate::domain::details::Comment;
use crate::domain::ticket::Ticket;
use crate::domain::tracker::TrackerKind;

/// What the writer of a comment is to the ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::judge) enum Speaker {
    /// Closed it last.
    Closer,
    /// Was to do the work.
    Assignee,
    /// Owner, member or collaborator.
    Maintainer,
    /// Has contributed before.
    Contributor,
    /// Not told who; in trackers where mostly insiders write.
    Somebody,
    /// Opened it.
    Author,
    /// Nothing to the project.
    Passerby,
    /// A program that merges.
    MergeBot,
    /// A program that closes what nobody touches.
    StaleBot,
    /// Another program.
    Bot,
}

impl Speaker {
    /// Who wrote a comment.
    pub(super) fn of(comment: &Comment, ticket: &Ticket, closed_by: Option<&str>) -> Self {
        let author = comment.author.as_deref();
        if let Some(name) = author {
            if is_stale_bot(name) {
                return Self::StaleBot;
            }
            if is_merge_bot(name) {
                return Self::MergeBot;
            }
        }
        if comment.bot || author.is_some_and(is_bot) {
            return Self::Bot;
        }
        let is = |who: Option<&str>| author.is_some() && author == who;
        let details = &ticket.details;
        if is(closed_by) {
            return Self::Closer;
        }
        if is(details.assignee.as_deref()) {
            return Self::Assignee;
        }
        match comment.association.as_deref() {
            Some("OWNER" | "MEMBER" | "COLLABORATOR") => return Self::Maintainer,
            _ if is(details.author.as_deref()) => return Self::Author,
            Some("CONTRIBUTOR") => return Self::Contributor,
            Some(_) => return Self::Passerby,
            None => {}
        }
        match (ticket.id.tracker().kind(), author) {
            (TrackerKind::Jira, None) => Self::Somebody,
            (TrackerKind::Jira, Some(_)) => Self::Contributor,
            (TrackerKind::GitHub, _) => Self::Somebody,
        }
    }

    /// How much a sentence of theirs counts, for the work or against it.
    pub(in crate::judge) fn weight(self, for_the_work: bool) -> f64 {
        match self {
            Self::Closer | Self::StaleBot => 1.0,
            Self::Assignee => 0.97,
            Self::Maintainer => 0.96,
            Self::Somebody | Self::Contributor => 0.93,
            // Whoever asked for something knows when it was a mistake, and less well whether it was fixed.
            Self::Author => {
                if for_the_work {
                    0.85
                } else {
                    0.95
                }
            }
            Self::Passerby => 0.6,
            Self::MergeBot | Self::Bot => {
                if for_the_work {
                    0.88
                } else {
                    0.0
                }
            }
        }
    }

    /// Whether it is known of them that they decide what becomes of the ticket, or of their own request.
    pub(in crate::judge) fn decides(self, tracker: TrackerKind) -> bool {
        match self {
            Self::Closer | Self::Assignee | Self::Maintainer | Self::Author => true,
            // In a company's tracker nearly everybody is an insider.
            Self::Contributor | Self::Somebody => tracker == TrackerKind::Jira,
            Self::Passerby | Self::MergeBot | Self::StaleBot | Self::Bot => false,
        }
    }

    /// As a person would say it, behind the name.
    pub(in crate::judge) fn said(self) -> &'static str {
        match self {
            Self::Closer => " (who closed it)",
            Self::Assignee => " (who was to do it)",
            Self::Author => " (who opened it)",
            Self::Maintainer => " (a maintainer)",
            _ => "",
        }
    }
}

/// Programs that land work and close what it answers, by the names that they have everywhere.
pub(in crate::judge) fn is_merge_bot(name: &str) -> bool {
    let name = bare(name);
    const NAMES: [&str; 12] = [
        "bors",
        "homu",
        "mergify",
        "mergifyio",
        "kodiakhq",
        "bulldozer",
        "asfgit",
        "copybaraservice",
        "gitmate",
        "gerritbot",
        "dartbot",
        "submitqueue",
    ];
    NAMES.contains(&name.as_str())
        || name.starts_with("bors")
        || (name.contains("merge") && (name.contains("bot") || name.contains("queue")))
}

/// Programs that close what nobody touches.
pub(in crate::judge) fn is_stale_bot(name: &str) -> bool {
    let name = bare(name);
    ["stale", "noresponse", "autoclose", "fejtabot", "triagerobot", "inactiv"].iter().any(|sign| name.contains(sign))
}

/// Programs, by their names.
pub(in crate::judge) fn is_bot(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.ends_with("[bot]")
        || ["-bot", "_bot", "-ci", "-robot"].iter().any(|end| lower.ends_with(end))
        || matches!(lower.as_str(), "jenkins" | "hudson" | "codecov-io" | "coveralls" | "githubbot" | "hudson@apache")
}

/// Letters and digits in lower case, without the mark of GitHub's apps.
fn bare(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix("[bot]").unwrap_or(&name);
    name.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::{is_bot, is_merge_bot, is_stale_bot};

    #[test]
    fn programs_are_known_by_what_they_are_called() {
        for (name, merges, stale) in [
            ("bors[bot]", true, false),
            ("bors", true, false),
            ("acme-merge-bot", true, false),
            ("merge-queue[bot]", true, false),
            ("stale[bot]", false, true),
            ("no-response[bot]", false, true),
            ("github-actions[bot]", false, false),
            ("ada", false, false),
            ("emergent", false, false),
        ] {
            assert_eq!((is_merge_bot(name), is_stale_bot(name)), (merges, stale), "{name}");
        }
        assert!(is_bot("renovate[bot]") && is_bot("acme-ci") && !is_bot("abbott") && !is_bot("ada"));
    }
}
