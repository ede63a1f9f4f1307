//! What GitHub sends of a closing, as far as we read it: every field optional, every foreign word kept as text.

use serde::Deserialize;

/// The ticket, the fields of issues and pull requests side by side.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(in super::super) struct Told {
    pub(super) body: Option<String>,
    pub(super) author: Option<Actor>,
    pub(super) author_association: Option<String>,
    pub(super) milestone: Option<Titled>,
    pub(super) labels: Nodes<Named>,
    pub(super) assignees: Nodes<Actor>,
    pub(super) duplicate_of: Option<Target>,
    pub(super) sub_issues: Nodes<Target>,
    #[serde(alias = "prEvents")]
    pub(super) events: Nodes<Item>,
    #[serde(alias = "prMentions")]
    pub(super) mentions: Nodes<Item>,
    pub(super) closers: Nodes<Target>,
    pub(super) comments: Nodes<Remark>,
    /// Comments around the closing; some may be among `comments` as well.
    #[serde(alias = "prAround")]
    pub(super) around: Nodes<Remark>,
    pub(super) merged_by: Option<Actor>,
    pub(super) merged_at: Option<String>,
    pub(super) merge_commit: Option<Commit>,
}

/// A page of a connection. GitHub puts null in the place of what these credentials do not show.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", from = "Option<Page<T>>")]
pub(super) struct Nodes<T> {
    pub(super) total: Option<u64>,
    pub(super) nodes: Vec<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page<T> {
    total_count: Option<u64>,
    nodes: Option<Vec<Option<T>>>,
}

impl<T> From<Option<Page<T>>> for Nodes<T> {
    fn from(page: Option<Page<T>>) -> Self {
        let Some(page) = page else { return Self::default() };
        Self { total: page.total_count, nodes: page.nodes.into_iter().flatten().flatten().collect() }
    }
}

impl<T> Default for Nodes<T> {
    fn default() -> Self {
        Self { total: None, nodes: Vec::new() }
    }
}

/// An account; bots have a type of their own.
#[derive(Debug, Deserialize)]
pub(super) struct Actor {
    #[serde(rename = "__typename")]
    pub(super) typename: Option<String>,
    pub(super) login: Option<String>,
}

/// A milestone.
#[derive(Debug, Deserialize)]
pub(super) struct Titled {
    pub(super) title: Option<String>,
}

/// A label.
#[derive(Debug, Deserialize)]
pub(super) struct Named {
    pub(super) name: Option<String>,
}

/// A comment.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Remark {
    pub(super) author: Option<Actor>,
    pub(super) author_association: Option<String>,
    pub(super) created_at: Option<String>,
    pub(super) body: Option<String>,
    pub(super) url: Option<String>,
}

/// An event or a mention of the timeline, all their fields side by side.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Item {
    #[serde(rename = "__typename")]
    pub(super) typename: String,
    pub(super) actor: Option<Actor>,
    pub(super) created_at: Option<String>,
    pub(super) state_reason: Option<String>,
    pub(super) closer: Option<Target>,
    pub(super) canonical: Option<Target>,
    pub(super) discussion: Option<Linked>,
    pub(super) commit: Option<Commit>,
    pub(super) will_close_target: bool,
    pub(super) source: Option<Target>,
}

/// An issue, a pull request or a commit that something points to.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(in super::super) struct Target {
    #[serde(rename = "__typename")]
    pub(super) typename: Option<String>,
    pub(super) oid: Option<String>,
    pub(super) number: Option<u64>,
    pub(super) title: Option<String>,
    #[serde(alias = "issueState")]
    pub(super) state: Option<String>,
    pub(super) body: Option<String>,
    pub(super) closed_at: Option<String>,
    pub(super) merged_at: Option<String>,
    pub(super) repository: Option<Home>,
    /// On pull requests that closed the ticket, and on those that were searched for.
    pub(super) mentions: Nodes<Item>,
}

/// A repository.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Home {
    pub(super) name_with_owner: Option<String>,
}

/// A discussion.
#[derive(Debug, Deserialize)]
pub(super) struct Linked {
    pub(super) url: Option<String>,
}

/// A commit.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Commit {
    pub(super) oid: Option<String>,
    pub(super) message_headline: Option<String>,
}
