//! What surrounds an issue's closing, and the words to tell it with.

use chrono::TimeDelta;

use super::{Draft, Moment};

/// What surrounds an issue's closing.
#[derive(Debug, Clone, Default)]
pub(super) struct Story {
    pub(super) description: Option<String>,
    /// In how many lists the description stands, each in the one around it.
    pub(super) indented: usize,
    pub(super) labels: Vec<String>,
    pub(super) kind: Option<String>,
    pub(super) assignee: Option<String>,
    pub(super) versions: Vec<(String, bool)>,
    /// Relation in the words that hold for this issue, and the other's key.
    pub(super) links: Vec<(String, String)>,
    pub(super) subtasks: Vec<String>,
    /// Title and address of links to other sites.
    pub(super) remote_links: Vec<(String, String)>,
    pub(super) remarks: Vec<Remark>,
    pub(super) moves: Vec<Move>,
}

/// A comment.
#[derive(Debug, Clone)]
pub(super) struct Remark {
    pub(super) by: String,
    pub(super) text: String,
    pub(super) at: Moment,
}

/// A move from one status to another.
#[derive(Debug, Clone)]
pub(super) struct Move {
    pub(super) by: String,
    pub(super) at: Moment,
    pub(super) from: String,
    pub(super) to: String,
}

impl Draft {
    /// Its description; Cloud sends it as a document of paragraphs.
    pub fn described(self, text: &str) -> Self {
        self.change(|issue| issue.story.description = Some(text.to_owned()))
    }

    /// Lets its description stand in so many lists, each in the one around it; Cloud only.
    pub fn indented(self, lists: usize) -> Self {
        self.change(|issue| issue.story.indented = lists)
    }

    /// One more label.
    pub fn labelled(self, label: &str) -> Self {
        self.change(|issue| issue.story.labels.push(label.to_owned()))
    }

    /// Its type: `Bug`, `Story` …
    pub fn of_type(self, name: &str) -> Self {
        self.change(|issue| issue.story.kind = Some(name.to_owned()))
    }

    /// Who is to do it.
    pub fn assigned(self, name: &str) -> Self {
        self.change(|issue| issue.story.assignee = Some(name.to_owned()))
    }

    /// One more version that it is part of, and whether that was released.
    pub fn fix_version(self, name: &str, released: bool) -> Self {
        self.change(|issue| issue.story.versions.push((name.to_owned(), released)))
    }

    /// A link in the words that hold for this issue: `duplicates`, `is duplicated by`, `relates to` …
    pub fn link(self, relation: &str, key: &str) -> Self {
        self.change(|issue| issue.story.links.push((relation.to_owned(), key.to_owned())))
    }

    /// A link beside it to another site.
    pub fn remote_link(self, title: &str, url: &str) -> Self {
        self.change(|issue| issue.story.remote_links.push((title.to_owned(), url.to_owned())))
    }

    /// A part of it with a key of its own.
    pub fn subtask(self, key: &str) -> Self {
        self.change(|issue| issue.story.subtasks.push(key.to_owned()))
    }

    /// A comment; a name that ends with `[bot]` is an app's.
    pub fn comment(self, by: &str, text: &str, at: Moment) -> Self {
        self.change(|issue| {
            issue.story.remarks.push(Remark { by: by.to_owned(), text: text.to_owned(), at });
            issue.updated_at = issue.updated_at.max(at);
        })
    }

    /// Its way through the statuses, an hour a move, the last one at this moment. It does not change its status.
    pub fn moved_through(self, statuses: &[&str], by: &str, at: Moment) -> Self {
        let moves = statuses.windows(2).zip((0..i32::try_from(statuses.len()).unwrap_or(0) - 1).rev());
        let moves: Vec<Move> = moves
            .map(|(pair, hours)| Move {
                by: by.to_owned(),
                at: at - TimeDelta::hours(hours.into()),
                from: pair[0].to_owned(),
                to: pair[1].to_owned(),
            })
            .collect();
        self.change(|issue| issue.story.moves.extend(moves))
    }
}
