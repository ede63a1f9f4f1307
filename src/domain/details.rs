//! What surrounds a ticket's closing: who said what, what landed, what it is linked to. Everything is optional, because
//! trackers, archives and permissions show different parts; what is absent is never evidence of anything.

use serde::{Deserialize, Serialize};

use super::time::Moment;

/// What surrounds a ticket's closing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// The description, or the beginning of it.
    pub body: Option<String>,
    /// Who opened it.
    pub author: Option<String>,
    /// What its author is to the project, in GitHub's words (`MEMBER`, `CONTRIBUTOR`, `NONE` …).
    pub author_association: Option<String>,
    /// Who was to do it.
    pub assignee: Option<String>,
    /// Jira's issue type by name.
    pub issue_type: Option<String>,
    /// Labels by name.
    pub labels: Vec<String>,
    /// GitHub's milestone by name.
    pub milestone: Option<String>,
    /// Task-list boxes of the description.
    pub boxes: Option<Boxes>,
    /// How many comments there are in all; `comments` may hold fewer.
    pub comment_count: Option<u64>,
    /// The comments around the closing and the last ones, oldest first.
    pub comments: Vec<Comment>,
    /// Whether the tracker told only some of many comments, so that those around the closing may be missing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub comments_cut: bool,
    /// What happened to it, oldest first.
    pub events: Vec<Event>,
    /// What it mentions and what mentions it.
    pub mentions: Vec<Mention>,
    /// Jira's fix versions.
    pub fix_versions: Vec<FixVersion>,
    /// Jira's links between issues.
    pub issue_links: Vec<IssueLink>,
    /// Sub-tasks and sub-issues.
    pub subtasks: Vec<Subtask>,
    /// The closing that was looked at for these details; `None` where none was, and they are only what came along with
    /// the ticket itself.
    pub closing: Option<Closing>,
}

/// A closing as it looked when it was looked at. As long as it looks the same, there is nothing new to look at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Closing {
    /// The ticket's state, in its tracker's word.
    pub state: String,
    /// Why it was closed, as told.
    pub reason: Option<String>,
    /// When it was closed.
    pub closed_at: Option<Moment>,
    /// When anything about the ticket changed last: a comment or a revert after the closing is worth another look.
    pub updated_at: Option<Moment>,
}

impl Closing {
    /// Whether it is the same closing, whatever happened to the ticket since.
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.state, &self.reason, self.closed_at) == (&other.state, &other.reason, other.closed_at)
    }
}

impl Details {
    /// Takes over what an earlier look at the same closing told, and this answer did not look at.
    pub fn recall(&mut self, before: &Self) {
        if *self == Self::default() {
            self.clone_from(before);
            return;
        }
        if self.events.is_empty() {
            self.events.clone_from(&before.events);
        }
        let was_read_whole = self.comments_cut && !before.comments_cut;
        if self.mentions.is_empty() || was_read_whole {
            self.mentions.clone_from(&before.mentions);
        }
        if self.comments.is_empty() || was_read_whole {
            self.comments.clone_from(&before.comments);
            self.comments_cut = before.comments_cut;
        }
        self.closing.clone_from(&before.closing);
    }
}

/// Task-list boxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Boxes {
    /// `- [x]`
    pub checked: u32,
    /// `- [ ]`
    pub unchecked: u32,
}

/// One comment, or the beginning of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Comment {
    /// Who wrote it.
    pub author: Option<String>,
    /// What the writer is to the project, in GitHub's words.
    pub association: Option<String>,
    /// When; some archives do not say.
    pub at: Option<Moment>,
    /// What it says.
    pub text: String,
    /// The link to it, where the tracker told one.
    pub url: Option<String>,
    /// Whether a program wrote it.
    pub bot: bool,
    /// Whether it came after the last closing, where the times do not tell.
    pub after_close: bool,
}

/// One event of a ticket's life.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Event {
    /// `closed`, `reopened`, `merged`, `marked_as_duplicate`, `converted_to_discussion`, `status` … in the tracker's
    /// words; an open set.
    pub kind: String,
    /// Who did it.
    pub actor: Option<String>,
    /// When.
    pub at: Option<Moment>,
    /// The commit that did it.
    pub commit: Option<String>,
    /// For `closed`: the pull request that did it, as `owner/repo#12`.
    pub pull: Option<String>,
    /// For `closed`: GitHub's reason in lower case.
    pub reason: Option<String>,
    /// For `labeled`: the label. For `status`: the status left and the one entered, as `To Do → Done`.
    pub value: Option<String>,
}

/// Something that the ticket mentions, or that mentions it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Mention {
    /// `issue`, `pull`, `issue_or_pull`, `commit`.
    pub kind: String,
    /// `owner/repo#12`, `#12`, a Jira key or a commit.
    pub what: String,
    /// Where it was seen: `text`, `event`, `backref`, or `search` (it was found by the ticket's key).
    pub seen_in: String,
    /// The event that it was seen in: `cross-referenced`, `referenced`, `closing` (the tracker says that it closes the
    /// ticket), `reverts` (it says that it reverts the ticket's work: the pull request itself, or one that closed it) … For `search`: where the key stands, `title`, `branch` or `body`.
    pub event: Option<String>,
    /// Who made the mention.
    pub actor: Option<String>,
    /// When.
    pub at: Option<Moment>,
    /// Its title, where it was looked up.
    pub title: Option<String>,
    /// `open`, `closed` or `merged`, where it was looked up.
    pub state: Option<String>,
    /// When it was closed or merged, where it was looked up.
    pub closed_at: Option<Moment>,
    /// Whether the mention came after the last closing, where the times do not tell.
    pub after_close: bool,
}

/// A version that the work is said to be part of.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FixVersion {
    /// Its name.
    pub name: String,
    /// Whether it was released.
    pub released: Option<bool>,
}

/// A link to another Jira issue, read from this ticket: `duplicates`, `is duplicated by`, `relates to` …
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct IssueLink {
    /// The relation in the site's words, in the direction that holds for this ticket.
    pub relation: String,
    /// The other issue's key.
    pub key: String,
    /// The other issue's status by name.
    pub status: Option<String>,
    /// The other issue's resolution by name.
    pub resolution: Option<String>,
}

/// A part of the work with a ticket of its own.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Subtask {
    /// Its key or `owner/repo#12`.
    pub key: String,
    /// Its status by name, or `open`, `closed`.
    pub status: Option<String>,
    /// Whether its tracker counts it as closed, where told.
    pub closed: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::{Comment, Details};

    /// Each pass brings some of many comments along, which must not take the place of those that were looked for.
    #[test]
    fn what_came_along_in_part_does_not_replace_what_was_read_whole() {
        let told = |text: &str, cut| {
            let comments = vec![Comment { text: text.to_owned(), ..Comment::default() }];
            Details { comments, comments_cut: cut, labels: vec![text.to_owned()], ..Details::default() }
        };
        for (now_cut, before_cut, expected) in
            [(true, false, "before"), (true, true, "now"), (false, false, "now"), (false, true, "now")]
        {
            let mut now = told("now", now_cut);
            now.recall(&told("before", before_cut));
            assert_eq!((now.comments[0].text.as_str(), now.labels[0].as_str()), (expected, "now"));
            assert_eq!(now.comments_cut, now_cut && before_cut);
        }
    }
}
