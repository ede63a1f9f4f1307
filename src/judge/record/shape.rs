//! The shape of a record as it stands in a file. Only what is read is decoded; `null` is the same as absent.

use serde::{Deserialize, Deserializer};

/// One ticket.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Record {
    pub(super) id: String,
    pub(super) tracker: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) title: Option<String>,
    pub(super) body_excerpt: Option<String>,
    #[serde(deserialize_with = "listed")]
    pub(super) labels: Vec<String>,
    pub(super) milestone: Option<String>,
    pub(super) issuetype: Option<String>,
    pub(super) state: Option<String>,
    pub(super) state_reason: Option<String>,
    pub(super) merged: Option<bool>,
    pub(super) merged_at: Option<String>,
    pub(super) status: Option<String>,
    pub(super) status_category: Option<String>,
    pub(super) resolution: Option<String>,
    pub(super) resolutiondate: Option<String>,
    pub(super) created_at: Option<String>,
    pub(super) closed_at: Option<String>,
    pub(super) updated_at: Option<String>,
    pub(super) author: Option<String>,
    pub(super) assignee: Option<String>,
    pub(super) closed_by: Option<String>,
    pub(super) author_association: Option<String>,
    pub(super) boxes: Option<Boxes>,
    pub(super) comment_count: Option<u64>,
    #[serde(deserialize_with = "listed")]
    pub(super) comments: Vec<Comment>,
    #[serde(deserialize_with = "listed")]
    pub(super) events: Vec<Event>,
    #[serde(deserialize_with = "listed")]
    pub(super) links: Vec<Link>,
    #[serde(deserialize_with = "listed")]
    pub(super) fix_versions: Vec<FixVersion>,
    #[serde(deserialize_with = "listed")]
    pub(super) issuelinks: Vec<IssueLink>,
    #[serde(deserialize_with = "listed")]
    pub(super) subtasks: Vec<Subtask>,
    pub(super) source_url: Option<String>,
}

/// `{checked, unchecked}`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Boxes {
    pub(super) checked: u32,
    pub(super) unchecked: u32,
}

/// One of the last comments.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Comment {
    pub(super) author: Option<String>,
    pub(super) date: Option<String>,
    pub(super) excerpt: Option<String>,
    pub(super) author_association: Option<String>,
    pub(super) bot: Option<bool>,
    pub(super) after_close: Option<bool>,
}

/// One event; `label` and `value` are the same thing, `pull` is ours.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Event {
    pub(super) event: Option<String>,
    pub(super) actor: Option<String>,
    pub(super) date: Option<String>,
    pub(super) commit: Option<String>,
    pub(super) pull: Option<String>,
    pub(super) state_reason: Option<String>,
    pub(super) label: Option<String>,
    pub(super) value: Option<String>,
}

/// What the ticket mentions, or what mentions it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Link {
    pub(super) kind: Option<String>,
    #[serde(rename = "ref")]
    pub(super) what: Option<String>,
    pub(super) from: Option<String>,
    pub(super) event: Option<String>,
    pub(super) actor: Option<String>,
    pub(super) date: Option<String>,
    pub(super) title: Option<String>,
    pub(super) state: Option<String>,
    pub(super) closed_at: Option<String>,
    pub(super) after_close: Option<bool>,
}

/// A fix version of Jira.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FixVersion {
    pub(super) name: Option<String>,
    pub(super) released: Option<bool>,
}

/// A link of Jira, in the direction that holds for the record's ticket.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct IssueLink {
    pub(super) relation: Option<String>,
    pub(super) key: Option<String>,
    pub(super) status: Option<String>,
    pub(super) target_resolution: Option<String>,
}

/// A sub-task or sub-issue.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Subtask {
    pub(super) key: Option<String>,
    pub(super) status: Option<String>,
    pub(super) closed: Option<bool>,
}

/// A list, or `null` for none.
fn listed<'de, T: Deserialize<'de>, D: Deserializer<'de>>(source: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(source)?.unwrap_or_default())
}
