//! Whom a delivery names. Nothing else of it is looked at: what is true of a ticket, its tracker is asked.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded;

use crate::domain::delivery::Named;
use crate::domain::tracker::{TrackerId, TrackerKind};

/// What a delivery to this tracker's webhook names, in order and each once; an error when it cannot be read. What names
/// nothing that we know how to look for names nobody: senders add events.
pub(super) fn names(tracker: &TrackerId, body: &[u8], is_form: bool) -> Result<Vec<Named>, serde_json::Error> {
    let json: Cow<'_, [u8]> = if is_form { payload(body) } else { Cow::Borrowed(body) };
    let mut named = match tracker.kind() {
        TrackerKind::GitHub => serde_json::from_slice::<GitHub>(&json)?.names(tracker),
        TrackerKind::Jira => serde_json::from_slice::<Jira>(&json)?.names(tracker),
    };
    named.sort();
    named.dedup();
    Ok(named)
}

/// GitHub's other content type: a form with the JSON in one field.
fn payload(body: &[u8]) -> Cow<'_, [u8]> {
    let field = form_urlencoded::parse(body).find(|(name, _)| name == "payload");
    field.map_or(Cow::Borrowed(&[]), |(_, value)| Cow::Owned(value.into_owned().into_bytes()))
}

/// Of all events about issues and pull requests, the parts that name some:
/// <https://docs.github.com/webhooks/webhook-events-and-payloads>
#[derive(Debug, Deserialize)]
struct GitHub {
    repository: Option<Repository>,
    issue: Option<Issue>,
    pull_request: Option<Issue>,
    /// `sub_issues`
    parent_issue: Option<Issue>,
    parent_issue_repo: Option<Repository>,
    sub_issue: Option<Issue>,
    sub_issue_repo: Option<Repository>,
    /// `issue_dependencies`
    blocked_issue: Option<Issue>,
    blocked_issue_repo: Option<Repository>,
    blocking_issue: Option<Issue>,
    blocking_issue_repo: Option<Repository>,
    changes: Option<Changes>,
}

#[derive(Debug, Deserialize)]
struct Repository {
    full_name: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Issue {
    number: Option<u64>,
    node_id: Option<String>,
}

/// Where an issue was transferred from or to.
#[derive(Debug, Deserialize)]
struct Changes {
    old_issue: Option<Issue>,
    old_repository: Option<Repository>,
    new_issue: Option<Issue>,
    new_repository: Option<Repository>,
}

impl GitHub {
    fn names(&self, tracker: &TrackerId) -> Vec<Named> {
        let mut named = Vec::new();
        let mut add = |issue: &Option<Issue>, own: &Option<Repository>| {
            let Some(issue) = issue else { return };
            named.extend(issue.node_id.clone().map(Named::Native));
            let home = own.as_ref().or(self.repository.as_ref()).and_then(|repository| repository.full_name.as_ref());
            if let (Some(number), Some(home)) = (issue.number, home) {
                named.extend(format!("{tracker}:{home}#{number}").parse().ok().map(Named::Ticket));
            }
        };
        add(&self.issue, &None);
        add(&self.pull_request, &None);
        add(&self.parent_issue, &self.parent_issue_repo);
        add(&self.sub_issue, &self.sub_issue_repo);
        add(&self.blocked_issue, &self.blocked_issue_repo);
        add(&self.blocking_issue, &self.blocking_issue_repo);
        if let Some(changes) = &self.changes {
            add(&changes.old_issue, &changes.old_repository);
            add(&changes.new_issue, &changes.new_repository);
        }
        named
    }
}

/// Of all events about issues, the parts that name some:
/// <https://developer.atlassian.com/cloud/jira/platform/webhooks/>
#[derive(Debug, Deserialize)]
struct Jira {
    issue: Option<JiraIssue>,
    changelog: Option<Changelog>,
    #[serde(rename = "issueLink")]
    issue_link: Option<IssueLink>,
}

#[derive(Debug, Deserialize)]
struct JiraIssue {
    /// A text in the cloud's examples; a number elsewhere.
    id: Option<Value>,
    key: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Changelog {
    #[serde(default)]
    items: Vec<Item>,
}

#[derive(Debug, Deserialize)]
struct Item {
    field: Option<String>,
    #[serde(rename = "fromString")]
    from: Option<String>,
}

#[derive(Debug, Deserialize)]
struct IssueLink {
    #[serde(rename = "sourceIssueId")]
    source: Option<Value>,
    #[serde(rename = "destinationIssueId")]
    destination: Option<Value>,
}

impl Jira {
    fn names(&self, tracker: &TrackerId) -> Vec<Named> {
        let (issue, link) = (self.issue.as_ref(), self.issue_link.as_ref());
        let ids = [
            issue.and_then(|issue| issue.id.as_ref()),
            link.and_then(|link| link.source.as_ref()),
            link.and_then(|link| link.destination.as_ref()),
        ];
        // An issue that moved to another project says here what it was called before.
        let moves = self.changelog.iter().flat_map(|log| &log.items);
        let former = moves.filter(|item| item.field.as_deref() == Some("Key")).filter_map(|item| item.from.as_ref());
        let keys = issue.and_then(|issue| issue.key.as_ref()).into_iter().chain(former);
        let tickets = keys.filter_map(|key| format!("{tracker}:{key}").parse().ok()).map(Named::Ticket);
        ids.into_iter().flatten().filter_map(native).chain(tickets).collect()
    }
}

fn native(id: &Value) -> Option<Named> {
    match id {
        Value::String(id) => Some(Named::Native(id.clone())),
        Value::Number(id) => Some(Named::Native(id.to_string())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn named(tracker: &str, body: &Value) -> Vec<String> {
        let tracker = tracker.parse().unwrap();
        let word = |named: Named| match named {
            Named::Ticket(ticket) => ticket.to_string(),
            Named::Native(id) => id,
        };
        names(&tracker, body.to_string().as_bytes(), false).unwrap().into_iter().map(word).collect()
    }

    #[test]
    fn github_names_issues_and_pull_requests() {
        let home = json!({"id": 1, "full_name": "acme/rocket", "private": false});
        let issue = json!({"id": 9, "number": 7, "node_id": "I_7", "state": "closed", "labels": []});
        for (body, expected) in [
            (json!({"action": "closed", "issue": issue, "repository": home}), vec!["github@ghe:acme/rocket#7", "I_7"]),
            (
                json!({"action": "edited", "issue": issue, "repository": home, "changes": {"body": {"from": "x"}}}),
                vec!["github@ghe:acme/rocket#7", "I_7"],
            ),
            (
                json!({"action": "transferred", "issue": issue, "repository": home,
                       "changes": {"new_issue": {"number": 3}, "new_repository": {"full_name": "acme/Engine"}}}),
                vec!["github@ghe:acme/Engine#3", "github@ghe:acme/rocket#7", "I_7"],
            ),
            (
                json!({"action": "created", "issue": issue, "comment": {"body": "see acme/rocket#8"}, "repository": home}),
                vec!["github@ghe:acme/rocket#7", "I_7"],
            ),
            (
                json!({"action": "closed", "number": 12, "pull_request": {"number": 12, "merged": true}, "repository": home}),
                vec!["github@ghe:acme/rocket#12"],
            ),
            (
                json!({"action": "sub_issue_added", "parent_issue": {"number": 1}, "parent_issue_repo": {"full_name": "acme/plan"},
                       "sub_issue": issue, "repository": home}),
                vec!["github@ghe:acme/plan#1", "github@ghe:acme/rocket#7", "I_7"],
            ),
            (
                json!({"action": "blocked_by_added", "blocked_issue": issue, "blocking_issue": {"number": 2},
                       "blocking_issue_repo": {"full_name": "acme/plan"}, "repository": home}),
                vec!["github@ghe:acme/plan#2", "github@ghe:acme/rocket#7", "I_7"],
            ),
            (json!({"zen": "Keep it logically awesome.", "hook_id": 1, "repository": home}), vec![]),
            (json!({"action": "opened", "issue": {"number": 0}, "repository": {"full_name": "no home"}}), vec![]),
            (json!({}), vec![]),
        ] {
            assert_eq!(named("github@ghe", &body), expected, "{body}");
        }
    }

    #[test]
    fn jira_names_issues_by_key_and_lasting_id() {
        let issue = json!({"id": "10042", "key": "ARCH-7", "self": "https://acme.example/rest/api/2/issue/10042"});
        for (body, expected) in [
            (
                json!({"timestamp": 1, "webhookEvent": "jira:issue_updated", "issue": issue}),
                vec!["jira:ARCH-7", "10042"],
            ),
            (
                json!({"webhookEvent": "comment_created", "comment": {"body": "OPS-1"}, "issue": issue}),
                vec!["jira:ARCH-7", "10042"],
            ),
            (
                json!({"webhookEvent": "jira:issue_updated", "issue": issue, "changelog": {"id": "1", "items": [
                    {"field": "Key", "fieldtype": "jira", "from": null, "fromString": "OPS-4", "toString": "ARCH-7"},
                    {"field": "project", "from": "1", "fromString": "Operations", "toString": "Architecture"}]}}),
                vec!["jira:ARCH-7", "jira:OPS-4", "10042"],
            ),
            (
                json!({"webhookEvent": "issuelink_created", "issueLink": {"id": 1, "sourceIssueId": 10042, "destinationIssueId": 10043}}),
                vec!["10042", "10043"],
            ),
            (json!({"webhookEvent": "project_created", "project": {"key": "ARCH"}}), vec![]),
        ] {
            assert_eq!(named("jira", &body), expected, "{body}");
        }
    }

    #[test]
    fn a_form_is_read_too_and_what_is_no_json_is_not() {
        let github: TrackerId = "github".parse().unwrap();
        let form = b"payload=%7B%22issue%22%3A%7B%22number%22%3A7%7D%2C%22repository%22%3A%7B%22full_name%22%3A%22a%2Fb%22%7D%7D";
        assert_eq!(names(&github, form, true).unwrap(), [Named::Ticket("github:a/b#7".parse().unwrap())]);
        assert!(names(&github, form, false).is_err());
        assert!(names(&github, b"other=1", true).is_err());
        let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
        assert!(names(&github, deep.as_bytes(), false).is_err());
        let deep_inside = format!("{{\"x\": {deep}}}");
        let _ = names(&github, deep_inside.as_bytes(), false);
    }
}
