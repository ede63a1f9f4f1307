//! Jira's objects, in the full form of the fields that are asked for.

use serde_json::{Map, Value, json};

use super::{Issue, Moment};
use crate::domain::tracker::Flavor;

/// As Jira writes a moment: with milliseconds, and an offset without a colon.
fn time(at: Moment) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string()
}

/// `ServerInformation`
pub(super) fn server_info(flavor: Flavor, base: &str) -> Value {
    let (deployment, version, numbers) = match flavor {
        Flavor::Cloud => ("Cloud", "1001.0.0-SNAPSHOT", [1001, 0, 0]),
        Flavor::DataCenter => ("Server", "10.3.1", [10, 3, 1]),
    };
    json!({
        "baseUrl": base, "version": version, "versionNumbers": numbers, "deploymentType": deployment,
        "buildNumber": 100_300, "buildDate": "2026-01-05T00:00:00.000+0000", "serverTitle": "Jira",
        "serverTime": "2026-11-02T09:00:00.000+0000", "scmInfo": "b2a1c3",
    })
}

/// `IssueBean` with these fields, or the navigable ones.
pub(super) fn issue(issue: &Issue, fields: Option<&[String]>, base: &str, flavor: Flavor) -> Value {
    let api = format!("{base}/rest/api/{}", if flavor == Flavor::Cloud { "3" } else { "2" });
    let all = |name: &str| {
        fields.is_none_or(|fields| fields.iter().any(|field| field == name || field == "*navigable" || field == "*all"))
    };
    let mut told = Map::new();
    let mut tell = |name: &str, value: Value| {
        if all(name) {
            told.insert(name.to_owned(), value);
        }
    };
    tell("summary", json!(issue.title));
    tell("status", status(issue, &api));
    tell("resolution", json!(issue.resolution.as_ref().map(|(name, _)| resolution(name, &api))));
    tell("resolutiondate", json!(issue.resolution.as_ref().map(|(_, at)| time(*at))));
    if flavor == Flavor::Cloud {
        tell("statuscategorychangedate", json!(time(issue.category_changed_at)));
    }
    tell("created", json!(time(issue.created_at)));
    tell("updated", json!(time(issue.updated_at)));
    tell(
        "issuetype",
        json!({"self": format!("{api}/issuetype/3"), "id": "3", "name": "Task", "description": "", "iconUrl": format!("{base}/icon.png"), "subtask": false}),
    );
    let links: Vec<_> = issue.duplicates.iter().map(|key| duplicate(issue, key, &api)).collect();
    tell("issuelinks", json!(links));
    json!({
        "expand": "operations,versionedRepresentations,editmeta,changelog,renderedFields",
        "id": issue.id.to_string(), "self": format!("{api}/issue/{}", issue.id), "key": issue.key.to_string(),
        "fields": told,
    })
}

fn status(issue: &Issue, api: &str) -> Value {
    let (id, name, colour) = match issue.category.as_str() {
        "new" => (2, "To Do", "blue-gray"),
        "indeterminate" => (4, "In Progress", "yellow"),
        "done" => (3, "Done", "green"),
        _ => (1, "No Category", "medium-gray"),
    };
    json!({
        "self": format!("{api}/status/10001"), "id": "10001", "name": issue.status, "description": "",
        "iconUrl": format!("{api}/icon.png"),
        "statusCategory": {
            "self": format!("{api}/statuscategory/{id}"), "id": id, "key": issue.category, "name": name,
            "colorName": colour,
        },
    })
}

fn resolution(name: &str, api: &str) -> Value {
    json!({"self": format!("{api}/resolution/10000"), "id": "10000", "name": name, "description": ""})
}

/// A link of the type that Jira comes with; seen from the duplicate it leads outward.
fn duplicate(issue: &Issue, key: &str, api: &str) -> Value {
    let id = (issue.id + 900_000).to_string();
    json!({
        "id": id, "self": format!("{api}/issueLink/{id}"),
        "type": {
            "id": "10002", "self": format!("{api}/issueLinkType/10002"), "name": "Duplicate",
            "inward": "is duplicated by", "outward": "duplicates",
        },
        "outwardIssue": {"id": id, "key": key, "self": format!("{api}/issue/{id}"), "fields": {"summary": key}},
    })
}
