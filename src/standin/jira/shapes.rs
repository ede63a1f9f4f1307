//! Jira's objects, in the full form of the fields that are asked for.

use serde_json::{Map, Value, json};

use super::story::{Move, Remark};
use super::{Issue, Moment, State};
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

/// The links beside an issue: a list of `RemoteIssueLink`.
pub(super) fn remote_links(issue: &Issue, version: &str, base: &str) -> Value {
    let links = issue.story.remote_links.iter().zip(10_000_u64..);
    let link = |((title, url), id): (&(String, String), u64)| {
        json!({
            "id": id, "self": format!("{base}/rest/api/{version}/issue/{}/remotelink/{id}", issue.key),
            "globalId": url, "application": {},
            "object": {"url": url, "title": title, "icon": {}, "status": {"icon": {}}},
        })
    };
    links.map(link).collect()
}

/// `IssueBean` with these fields, or the navigable ones.
pub(super) fn issue(state: &State, issue: &Issue, fields: Option<&[String]>, base: &str) -> Value {
    let flavor = state.flavor;
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
    tell("issuetype", kind(issue, &api));
    for (name, value) in surroundings(state, issue, &api) {
        tell(name, value);
    }
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
    let name = issue.category_name.as_deref().unwrap_or(name);
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

/// What surrounds the closing, field by field.
fn surroundings(state: &State, issue: &Issue, api: &str) -> Vec<(&'static str, Value)> {
    let story = &issue.story;
    let versions = story.versions.iter().enumerate().map(|(i, (name, released))| {
        json!({
            "self": format!("{api}/version/{i}"), "id": i.to_string(), "name": name, "description": "",
            "archived": false, "released": released,
        })
    });
    let mut remarks = comments(state, issue, api);
    let (total, many) = (remarks.len(), remarks.len().saturating_sub(state.comments));
    match state.flavor {
        Flavor::Cloud => drop(remarks.drain(..many)),
        Flavor::DataCenter => remarks.truncate(state.comments),
    }
    vec![
        ("description", json!(story.description.as_ref().map(|text| indented(written(state, text), story.indented)))),
        ("labels", json!(story.labels)),
        ("assignee", json!(story.assignee.as_ref().map(|name| person(state, name, api)))),
        ("reporter", person(state, "Jane Reporter", api)),
        ("fixVersions", versions.collect()),
        ("issuelinks", story.links.iter().map(|(relation, key)| link(state, issue, relation, key, api)).collect()),
        ("subtasks", story.subtasks.iter().map(|key| linked(state, key, api)).collect()),
        (
            "comment",
            json!({
                "comments": remarks, "self": format!("{api}/issue/{}/comment", issue.id), "startAt": 0,
                "maxResults": remarks.len(), "total": total,
            }),
        ),
    ]
}

fn kind(issue: &Issue, api: &str) -> Value {
    let name = issue.story.kind.as_deref().unwrap_or("Task");
    json!({
        "self": format!("{api}/issuetype/3"), "id": "3", "name": name, "description": "",
        "iconUrl": format!("{api}/icon.png"), "subtask": false,
    })
}

/// A text as each flavor sends it: Cloud as a document with a paragraph a line.
fn written(state: &State, text: &str) -> Value {
    if state.flavor == Flavor::DataCenter {
        return json!(text);
    }
    let paragraph = |line: &str| match line {
        "" => json!({"type": "paragraph", "content": []}),
        line => json!({"type": "paragraph", "content": [{"type": "text", "text": line}]}),
    };
    json!({"type": "doc", "version": 1, "content": text.lines().map(paragraph).collect::<Vec<_>>()})
}

/// A text in so many lists, one in the other. What is wiki text stays as it is.
fn indented(mut text: Value, lists: usize) -> Value {
    if let Some(content) = text.get_mut("content") {
        for _ in 0..lists {
            let item = json!({"type": "listItem", "content": content.take()});
            *content = json!([{"type": "bulletList", "content": [item]}]);
        }
    }
    text
}

/// A person as each flavor shows them.
fn person(state: &State, name: &str, api: &str) -> Value {
    let bot = name.strip_suffix("[bot]");
    let name = bot.unwrap_or(name);
    let account: String = name.to_ascii_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    match state.flavor {
        Flavor::Cloud => json!({
            "self": format!("{api}/user?accountId={account}"), "accountId": account, "displayName": name,
            "active": true, "timeZone": "Etc/UTC", "accountType": if bot.is_some() { "app" } else { "atlassian" },
        }),
        Flavor::DataCenter => json!({
            "self": format!("{api}/user?username={account}"), "name": account, "key": account, "displayName": name,
            "active": true, "timeZone": "Etc/UTC",
        }),
    }
}

/// Whoever asks.
pub(super) fn myself(state: &State, base: &str) -> Value {
    person(state, "Dragnet Reader", &format!("{base}/rest/api/2"))
}

/// All comments on an issue, the first one first.
pub(super) fn comments(state: &State, issue: &Issue, api: &str) -> Vec<Value> {
    let mut remarks: Vec<&Remark> = issue.story.remarks.iter().collect();
    remarks.sort_by_key(|remark| remark.at);
    (1_u64..).zip(remarks).map(|(id, remark)| comment(state, id, remark, api)).collect()
}

fn comment(state: &State, id: u64, remark: &Remark, api: &str) -> Value {
    let author = person(state, &remark.by, api);
    json!({
        "self": format!("{api}/comment/{id}"), "id": id.to_string(), "author": author, "updateAuthor": author,
        "body": written(state, &remark.text), "created": time(remark.at), "updated": time(remark.at),
    })
}

/// The kinds of links that Jira comes with: name, inward, outward.
const KINDS: [(&str, &str, &str); 4] = [
    ("Duplicate", "is duplicated by", "duplicates"),
    ("Relates", "relates to", "relates to"),
    ("Blocks", "is blocked by", "blocks"),
    ("Cloners", "is cloned by", "clones"),
];

/// A link; in the words of its outward end the other issue is the outward one.
fn link(state: &State, issue: &Issue, relation: &str, key: &str, api: &str) -> Value {
    let known = KINDS.iter().find(|(_, inward, outward)| relation == *inward || relation == *outward);
    let (name, inward, outward) = known.copied().unwrap_or((relation, relation, relation));
    let end = if relation == outward { "outwardIssue" } else { "inwardIssue" };
    let id = (issue.id + 900_000).to_string();
    json!({
        "id": id, "self": format!("{api}/issueLink/{id}"),
        "type": {
            "id": "10002", "self": format!("{api}/issueLinkType/10002"), "name": name, "inward": inward,
            "outward": outward,
        },
        end: linked(state, key, api),
    })
}

/// The little that is told of another issue.
fn linked(state: &State, key: &str, api: &str) -> Value {
    let Some(other) = state.find(key) else {
        return json!({"id": "1", "key": key, "self": format!("{api}/issue/1"), "fields": {"summary": key}});
    };
    json!({
        "id": other.id.to_string(), "key": other.key.to_string(), "self": format!("{api}/issue/{}", other.id),
        "fields": {"summary": other.title, "status": status(other, api), "issuetype": kind(other, api)},
    })
}

/// The changes of an issue's status, oldest first. Cloud writes these moments in another form than all others.
pub(super) fn histories(state: &State, issue: &Issue, base: &str) -> Vec<Value> {
    let api = format!("{base}/rest/api/2");
    let mut moves: Vec<_> = issue.story.moves.iter().collect();
    moves.sort_by_key(|moved| moved.at);
    let history = |(i, moved): (usize, &Move)| {
        let created = match state.flavor {
            Flavor::Cloud => moved.at.to_rfc3339(),
            Flavor::DataCenter => time(moved.at),
        };
        let mut item = json!({
            "field": "status", "fieldtype": "jira", "from": "1", "fromString": moved.from, "to": "2",
            "toString": moved.to,
        });
        if state.flavor == Flavor::Cloud {
            item["fieldId"] = json!("status");
        }
        json!({
            "id": (issue.id * 100 + i as u64).to_string(), "author": person(state, &moved.by, &api),
            "created": created, "items": [item],
        })
    };
    moves.into_iter().enumerate().map(history).collect()
}
