//! What Jira sends, as far as we read it: every field optional, every foreign word kept as text.

use serde::Deserialize;
use serde_json::Value;

/// `serverInfo`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ServerInfo {
    pub(super) deployment_type: Option<String>,
    pub(super) version: Option<String>,
}

/// `bulkfetch`, and both searches. Issues are read one by one, so that an odd one spoils no other.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Issues {
    pub(super) issues: Option<Vec<Value>>,
    pub(super) issue_errors: Option<Vec<IssueError>>,
    /// Data Center only.
    pub(super) total: Option<usize>,
}

/// An issue that could not be fetched this time.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct IssueError {
    /// The id or key asked for; sent as text or as a number.
    pub(super) id: Option<Value>,
    pub(super) error_message: Option<String>,
}

/// An issue; its key is read beforehand, so that even an odd issue is known by it.
#[derive(Debug, Deserialize)]
pub(super) struct Issue {
    pub(super) id: Option<String>,
    pub(super) fields: Option<Fields>,
}

/// The fields that we ask for.
#[derive(Debug, Deserialize)]
pub(super) struct Fields {
    pub(super) summary: Option<String>,
    pub(super) status: Option<Status>,
    pub(super) resolution: Option<Named>,
    pub(super) resolutiondate: Option<Value>,
    /// Cloud only.
    pub(super) statuscategorychangedate: Option<Value>,
    pub(super) created: Option<Value>,
    pub(super) updated: Option<Value>,
    pub(super) issuelinks: Option<Vec<Link>>,
}

/// A status: its name is free text of the site, its category is not.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Status {
    pub(super) name: Option<String>,
    pub(super) status_category: Option<Category>,
}

/// A status category.
#[derive(Debug, Deserialize)]
pub(super) struct Category {
    pub(super) key: Option<String>,
}

/// Something with a name.
#[derive(Debug, Deserialize)]
pub(super) struct Named {
    pub(super) name: Option<String>,
}

/// A link to another issue; seen from this one, it leads outward or inward.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Link {
    #[serde(rename = "type")]
    pub(super) kind: Option<LinkKind>,
    pub(super) outward_issue: Option<Keyed>,
}

/// How a site names a kind of link, in words of its own.
#[derive(Debug, Deserialize)]
pub(super) struct LinkKind {
    pub(super) outward: Option<String>,
}

/// Something with a key.
#[derive(Debug, Deserialize)]
pub(super) struct Keyed {
    pub(super) key: Option<String>,
}
