//! What GitHub sends, as far as we read it: every field optional, every foreign word kept as text.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// An answer of `/graphql`. Data and errors may come together.
#[derive(Debug, Deserialize)]
pub(super) struct GraphReply<T> {
    pub(super) data: Option<T>,
    pub(super) errors: Option<Vec<GraphError>>,
}

/// The fields of an object by their names, each still to be read: what one ticket is told as says nothing about the next.
pub(super) type Fields<'a> = HashMap<String, &'a RawValue>;

/// A field's own fields, if it is an object.
pub(super) fn fields(of: &RawValue) -> Option<Fields<'_>> {
    serde_json::from_str(of.get()).ok()
}

/// One error of a GraphQL answer. `type` is GitHub's own key beside the standard ones.
#[derive(Debug, Default, Deserialize)]
pub(super) struct GraphError {
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) message: Option<String>,
    pub(super) path: Option<Vec<Value>>,
    pub(super) extensions: Option<Extensions>,
}

/// What GitHub adds to an error about the query itself.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Extensions {
    pub(super) code: Option<String>,
}

/// `issueOrPullRequest`, the fields of both types side by side.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Node {
    #[serde(rename = "__typename")]
    pub(super) typename: Option<String>,
    pub(super) id: Option<String>,
    pub(super) number: Option<u64>,
    pub(super) title: Option<String>,
    pub(super) state: Option<String>,
    pub(super) pr_state: Option<String>,
    pub(super) state_reason: Option<String>,
    pub(super) created_at: Option<String>,
    pub(super) updated_at: Option<String>,
    pub(super) closed_at: Option<String>,
    pub(super) merged: Option<bool>,
    pub(super) merged_at: Option<String>,
    pub(super) repository: Option<NodeRepository>,
}

/// The repository that a node lives in now.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NodeRepository {
    pub(super) name_with_owner: Option<String>,
}

/// REST's issue, and as far as the fields are the same its pull request.
#[derive(Debug, Deserialize)]
pub(super) struct Issue {
    pub(super) node_id: Option<String>,
    pub(super) number: Option<u64>,
    pub(super) title: Option<String>,
    pub(super) state: Option<String>,
    pub(super) state_reason: Option<String>,
    pub(super) created_at: Option<String>,
    pub(super) updated_at: Option<String>,
    pub(super) closed_at: Option<String>,
    pub(super) closed_by: Option<User>,
    /// On issues: `…/repos/OWNER/REPO`.
    pub(super) repository_url: Option<String>,
    /// On issues that are pull requests.
    pub(super) pull_request: Option<PullLink>,
    /// On pull requests.
    pub(super) merged: Option<bool>,
    /// On pull requests.
    pub(super) merged_at: Option<String>,
    pub(super) body: Option<String>,
    pub(super) user: Option<User>,
    pub(super) author_association: Option<String>,
    pub(super) assignee: Option<User>,
    pub(super) labels: Option<Vec<Value>>,
    pub(super) milestone: Option<Milestone>,
    pub(super) comments: Option<u64>,
}

/// A milestone.
#[derive(Debug, Deserialize)]
pub(super) struct Milestone {
    pub(super) title: Option<String>,
}

/// What an issue that is a pull request says about that.
#[derive(Debug, Deserialize)]
pub(super) struct PullLink {
    pub(super) merged_at: Option<String>,
}

/// An account.
#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub(super) login: Option<String>,
}

/// REST's repository.
#[derive(Debug, Deserialize)]
pub(super) struct Repository {
    pub(super) full_name: Option<String>,
    pub(super) private: Option<bool>,
    pub(super) has_issues: Option<bool>,
}
