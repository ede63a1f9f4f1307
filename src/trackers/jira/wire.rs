//! What Jira sends, as far as we read it: every field optional, every foreign word kept as text.

use serde::Deserialize;
use serde_json::Value;

use super::shallow;

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
    #[serde(default, deserialize_with = "shallow::list")]
    pub(super) issues: Option<Vec<Value>>,
    pub(super) issue_errors: Option<Vec<IssueError>>,
    /// Data Center only.
    pub(super) total: Option<usize>,
    /// `search/jql` only: where the next page is; absent on the last one.
    pub(super) next_page_token: Option<String>,
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
    pub(super) description: Option<Value>,
    pub(super) labels: Option<Vec<String>>,
    pub(super) issuetype: Option<Named>,
    pub(super) assignee: Option<Person>,
    pub(super) reporter: Option<Person>,
    #[serde(rename = "fixVersions")]
    pub(super) fix_versions: Option<Vec<Version>>,
    pub(super) subtasks: Option<Vec<Linked>>,
    pub(super) comment: Option<Comments>,
}

/// An account. Cloud shows a name of the person's choice, and hides it from some.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    pub(super) display_name: Option<String>,
    pub(super) name: Option<String>,
    pub(super) account_id: Option<String>,
    /// Cloud only: `atlassian`, `app`, `customer`.
    pub(super) account_type: Option<String>,
}

/// A version.
#[derive(Debug, Deserialize)]
pub(super) struct Version {
    pub(super) name: Option<String>,
    pub(super) released: Option<bool>,
}

/// The comments of an issue, or a page of them.
#[derive(Debug, Deserialize)]
pub(super) struct Comments {
    pub(super) comments: Option<Vec<Remark>>,
    pub(super) total: Option<u64>,
}

/// A comment. Cloud sends its text as a document.
#[derive(Debug, Deserialize)]
pub(super) struct Remark {
    pub(super) id: Option<String>,
    pub(super) author: Option<Person>,
    #[serde(default, deserialize_with = "shallow::value")]
    pub(super) body: Option<Value>,
    pub(super) created: Option<Value>,
}

/// `changelog/bulkfetch`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeLogs {
    pub(super) issue_change_logs: Option<Vec<ChangeLog>>,
    pub(super) next_page_token: Option<String>,
}

/// What changed about one issue.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeLog {
    pub(super) issue_id: Option<String>,
    pub(super) change_histories: Option<Vec<History>>,
}

/// One change, of one or more fields.
#[derive(Debug, Deserialize)]
pub(super) struct History {
    pub(super) author: Option<Person>,
    pub(super) created: Option<Value>,
    pub(super) items: Option<Vec<Change>>,
}

/// The change of one field.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Change {
    pub(super) field: Option<String>,
    pub(super) field_id: Option<String>,
    pub(super) from_string: Option<String>,
    pub(super) to_string: Option<String>,
}

/// A status: its name is free text of the site, its category is not.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Status {
    pub(super) name: Option<String>,
    pub(super) status_category: Option<Category>,
}

/// A status category. Its name is translated, its key is not; nor is its number, which is 3 for what is done.
#[derive(Debug, Deserialize)]
pub(super) struct Category {
    pub(super) id: Option<Value>,
    pub(super) key: Option<String>,
}

impl Category {
    /// Whether tickets in it are closed.
    pub(super) fn is_done(&self) -> bool {
        let is_key = self.key.as_ref().is_some_and(|key| key.eq_ignore_ascii_case("done"));
        is_key || self.id.as_ref().is_some_and(|id| id.as_u64() == Some(3) || id.as_str() == Some("3"))
    }
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
    pub(super) outward_issue: Option<Linked>,
    pub(super) inward_issue: Option<Linked>,
}

/// How a site names a kind of link, in words of its own.
#[derive(Debug, Deserialize)]
pub(super) struct LinkKind {
    pub(super) outward: Option<String>,
    pub(super) inward: Option<String>,
}

/// Another issue, with the little that is told of it.
#[derive(Debug, Deserialize)]
pub(super) struct Linked {
    pub(super) key: Option<String>,
    pub(super) fields: Option<LinkedFields>,
}

/// What is told of a linked issue.
#[derive(Debug, Deserialize)]
pub(super) struct LinkedFields {
    pub(super) status: Option<Status>,
    pub(super) resolution: Option<Named>,
}
