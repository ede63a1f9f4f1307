//! The endpoints of both flavors.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::super::server::{Answer, Request};
use super::jql::{self, Jql};
use super::{Issue, State, shapes};
use crate::domain::tracker::Flavor;

/// The most keys that one `bulkfetch` takes.
const BULK: usize = 100;
/// The most changes of an issue that `bulkfetch` tells beside it.
const CHANGES: usize = 40;
/// The most that one `changelog/bulkfetch` takes.
const LOGS: usize = 1000;

/// Answers one request.
pub(super) fn answer(state: &mut State, request: &Request) -> Answer {
    let base = request.origin();
    let parts: Vec<_> = request.path.split('/').filter(|part| !part.is_empty()).collect();
    // The gateway has every site below a path of its own.
    let parts = match parts.as_slice() {
        ["ex", "jira", _, site @ ..] => site,
        site => site,
    };
    if let ["browse", key] = parts {
        return page(state, key);
    }
    let ["rest", "api", version, rest @ ..] = parts else { return no_such_path() };
    let body: Value = serde_json::from_slice(&request.body).unwrap_or(Value::Null);
    match (request.method.as_str(), *version, rest, state.flavor) {
        ("GET", "2", ["serverInfo"], _) | ("GET", "3", ["serverInfo"], Flavor::Cloud) => {
            Answer::json(200, &shapes::server_info(state.flavor, &base))
        }
        ("GET", "2", ["issue", key], _) | ("GET", "3", ["issue", key], Flavor::Cloud) => match state.find(key) {
            Some(issue) => {
                let fields: Option<Vec<_>> =
                    request.parameter("fields").map(|fields| fields.split(',').map(str::to_owned).collect());
                Answer::json(200, &shapes::issue(state, issue, fields.as_deref(), &base))
            }
            None => no_such_issue(),
        },
        ("GET", "2", ["issue", key, "remotelink"], _) | ("GET", "3", ["issue", key, "remotelink"], Flavor::Cloud) => {
            match state.find(key) {
                Some(issue) => Answer::json(200, &shapes::remote_links(issue, version, &base)),
                None => no_such_issue(),
            }
        }
        ("GET", "2", ["issue", key, "comment"], _) | ("GET", "3", ["issue", key, "comment"], Flavor::Cloud) => {
            match state.find(key) {
                Some(issue) => comments(state, issue, request, version, &base),
                None => no_such_issue(),
            }
        }
        ("POST", "3", ["issue", "bulkfetch"], Flavor::Cloud) => bulkfetch(state, &body, &base),
        ("GET", "2", ["myself"], _) | ("GET", "3", ["myself"], Flavor::Cloud) => {
            Answer::json(200, &shapes::myself(state, &base))
        }
        ("POST", "3", ["changelog", "bulkfetch"], Flavor::Cloud) if request.header("authorization").is_none() => {
            Answer::message(401, "Client must be authenticated to access this resource.")
        }
        ("POST", "3", ["changelog", "bulkfetch"], Flavor::Cloud) => changelogs(state, &body, &base),
        ("POST", "3", ["search", "jql"], Flavor::Cloud) => search_jql(state, &body, &base),
        ("POST" | "GET", _, ["search"], Flavor::Cloud) => Answer::json(
            410,
            &json!({"errorMessages": ["The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"], "errors": {}}),
        ),
        ("POST", "2", ["search"], Flavor::DataCenter) => search(state, &body, &base),
        _ => no_such_path(),
    }
}

/// A page of an issue's comments, the first one first unless asked for otherwise.
fn comments(state: &State, issue: &Issue, request: &Request, version: &str, base: &str) -> Answer {
    let number = |name: &str| request.parameter(name).and_then(|text| text.parse::<usize>().ok());
    let mut all = shapes::comments(state, issue, &format!("{base}/rest/api/{version}"));
    if request.parameter("orderBy") == Some("-created") {
        all.reverse();
    }
    let (start, most) = (number("startAt").unwrap_or(0), number("maxResults").unwrap_or(100).min(state.comments));
    let page: Vec<&Value> = all.iter().skip(start).take(most).collect();
    Answer::json(200, &json!({"startAt": start, "maxResults": most, "total": all.len(), "comments": page}))
}

/// The page that a person would see, as far as a program that follows links cares.
fn page(state: &State, key: &str) -> Answer {
    match state.find(key) {
        Some(issue) => Answer::page(200, &format!("<!doctype html><title>[{}]</title>", issue.key)),
        None => Answer::page(404, "<!doctype html><title>You can't view this work item</title>"),
    }
}

fn no_such_issue() -> Answer {
    let message = "Issue does not exist or you do not have permission to see it.";
    Answer::json(404, &json!({"errorMessages": [message], "errors": {}}))
}

/// What Jira's servlet says of paths that it does not have.
fn no_such_path() -> Answer {
    let mut answer = Answer::page(404, "<?xml version=\"1.0\"?><status><status-code>404</status-code></status>");
    answer.headers.clear();
    answer.with("content-type", "application/xml;charset=UTF-8")
}

fn texts(list: &Value) -> Option<Vec<String>> {
    Some(list.as_array()?.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

fn expands_changes(body: &Value) -> bool {
    texts(&body["expand"]).is_some_and(|expand| expand.iter().any(|name| name == "changelog"))
}

fn wrong(messages: &[String]) -> Answer {
    Answer::json(400, &json!({"errorMessages": messages, "errors": {}}))
}

fn bulkfetch(state: &mut State, body: &Value, base: &str) -> Answer {
    let Some(keys) = texts(&body["issueIdsOrKeys"]).filter(|keys| !keys.is_empty() && keys.len() <= BULK) else {
        return wrong(&[format!("issueIdsOrKeys must hold between 1 and {BULK} entries.")]);
    };
    let fields = texts(&body["fields"]);
    let mut errors = Vec::new();
    let mut found: Vec<Issue> = Vec::new();
    for key in keys {
        if let Some(left) = state.busy.get_mut(&key.to_ascii_uppercase()).filter(|left| **left > 0) {
            *left -= 1;
            errors.push(json!({"id": key, "errorMessage": "The issue could not be retrieved. Please try again."}));
        } else {
            found.extend(state.find(&key).cloned());
        }
    }
    // In the order of ids, each once, whatever was asked.
    found.sort_by_key(|issue| issue.id);
    found.dedup_by_key(|issue| issue.id);
    let with_changes = expands_changes(body);
    let told = |issue: &Issue| {
        let mut told = shapes::issue(state, issue, fields.as_deref(), base);
        if with_changes {
            let mut histories = shapes::histories(state, issue, base);
            let total = histories.len();
            // The newest first, and no more than these.
            histories.reverse();
            histories.truncate(CHANGES);
            told["changelog"] =
                json!({"startAt": 0, "maxResults": histories.len(), "total": total, "histories": histories});
        }
        told
    };
    let issues: Vec<_> = found.iter().map(told).collect();
    Answer::json(200, &json!({"issues": issues, "issueErrors": errors}))
}

/// The changes of many issues, oldest first; what is not there or not shown is left out without a word.
fn changelogs(state: &State, body: &Value, base: &str) -> Answer {
    let Some(ids) = texts(&body["issueIdsOrKeys"]).filter(|ids| !ids.is_empty() && ids.len() <= LOGS) else {
        return wrong(&[format!("issueIdsOrKeys must hold between 1 and {LOGS} entries.")]);
    };
    let mut issues: Vec<&Issue> = ids.iter().filter_map(|id| state.find(id)).collect();
    issues.sort_by_key(|issue| issue.id);
    issues.dedup_by_key(|issue| issue.id);
    let all: Vec<(u64, Value)> = issues
        .into_iter()
        .flat_map(|issue| shapes::histories(state, issue, base).into_iter().map(|history| (issue.id, history)))
        .collect();
    let start = body["nextPageToken"].as_str().and_then(|token| token.parse().ok()).unwrap_or(0);
    let most = body["maxResults"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(1000).min(state.histories);
    let mut logs: Vec<Value> = Vec::new();
    for (id, history) in all.iter().skip(start).take(most) {
        let id = json!(id.to_string());
        match logs.last_mut().filter(|log| log["issueId"] == id) {
            Some(log) => log["changeHistories"].as_array_mut().into_iter().for_each(|list| list.push(history.clone())),
            None => logs.push(json!({"issueId": id, "changeHistories": [history]})),
        }
    }
    let mut answer = json!({"issueChangeLogs": logs});
    if state.circles {
        answer["nextPageToken"] = json!(start.to_string());
    } else if start + most < all.len() {
        answer["nextPageToken"] = json!((start + most).to_string());
    }
    Answer::json(200, &answer)
}

/// The issues that a query finds, or what is wrong with it.
fn find(state: &State, query: Option<&str>) -> Result<(Vec<Issue>, Vec<String>), Vec<String>> {
    let query = query.unwrap_or_default();
    match jql::read(query).ok_or_else(|| vec![format!("Error in the JQL Query: `{query}` is not understood here.")])? {
        Jql::Project { key, descending } => {
            if !state.shows_project(&key) {
                return Err(vec![format!("The value '{key}' does not exist for the field 'project'.")]);
            }
            let mut issues: Vec<_> =
                state.issues.values().filter(|issue| issue.key.project == key && state.shows(issue)).cloned().collect();
            issues.sort_by(|a, b| a.key.cmp(&b.key));
            if descending {
                issues.reverse();
            }
            Ok((issues, Vec::new()))
        }
        Jql::Changed { projects, minutes, until } => {
            if let Some(lost) = projects.iter().find(|project| !state.shows_project(project)) {
                return Err(vec![format!("The value '{lost}' does not exist for the field 'project'.")]);
            }
            let to = state.now() - state.lag.max(TimeDelta::minutes(until));
            let from = state.now() - TimeDelta::minutes(minutes);
            let changed = |issue: &&Issue| {
                projects.contains(&issue.key.project) && state.shows(issue) && (from..=to).contains(&issue.updated_at)
            };
            let mut issues: Vec<_> = state.issues.values().filter(changed).cloned().collect();
            issues.sort_by_key(|issue| std::cmp::Reverse((issue.updated_at, issue.id)));
            Ok((issues, Vec::new()))
        }
        Jql::Keys(keys) => {
            let mut warnings = Vec::new();
            let mut issues: Vec<Issue> = Vec::new();
            for key in keys {
                match state.find(&key) {
                    Some(issue) => issues.push(issue.clone()),
                    None => warnings.push(format!("An issue with key '{key}' does not exist for field 'key'.")),
                }
            }
            issues.sort_by(|a, b| a.key.cmp(&b.key));
            issues.dedup_by_key(|issue| issue.id);
            Ok((issues, warnings))
        }
    }
}

/// Cloud: without a total, and only ids unless fields are named.
fn search_jql(state: &State, body: &Value, base: &str) -> Answer {
    let (issues, warnings) = match find(state, body["jql"].as_str()) {
        Ok(found) => found,
        Err(messages) => return wrong(&messages),
    };
    if !warnings.is_empty() {
        return wrong(&warnings);
    }
    let most = body["maxResults"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(50).min(state.page);
    let fields = texts(&body["fields"]);
    let start = body["nextPageToken"].as_str().and_then(|token| token.parse().ok()).unwrap_or(0);
    let page: Vec<_> = issues
        .iter()
        .skip(start)
        .take(most)
        .map(|issue| match &fields {
            Some(fields) => shapes::issue(state, issue, Some(fields), base),
            None => json!({"id": issue.id.to_string()}),
        })
        .collect();
    if state.circles {
        return Answer::json(200, &json!({"issues": page, "isLast": false, "nextPageToken": start.to_string()}));
    }
    let next = start + page.len();
    if next < issues.len() {
        return Answer::json(200, &json!({"issues": page, "isLast": false, "nextPageToken": next.to_string()}));
    }
    Answer::json(200, &json!({"issues": page, "isLast": true}))
}

/// Data Center: with a total; unknown keys are an error unless only a warning is asked for.
fn search(state: &State, body: &Value, base: &str) -> Answer {
    let (issues, warnings) = match find(state, body["jql"].as_str()) {
        Ok(found) => found,
        Err(messages) => return wrong(&messages),
    };
    let lenient = matches!(&body["validateQuery"], Value::String(word) if word == "warn" || word == "none")
        || body["validateQuery"] == json!(false);
    if !warnings.is_empty() && !lenient {
        return wrong(&warnings);
    }
    let number = |name: &str| body[name].as_u64().and_then(|n| usize::try_from(n).ok());
    let (start, most) = (number("startAt").unwrap_or(0), number("maxResults").unwrap_or(50).min(state.page));
    let fields = texts(&body["fields"]);
    let with_changes = expands_changes(body);
    let told = |issue: &Issue| {
        let mut told = shapes::issue(state, issue, fields.as_deref(), base);
        if with_changes {
            let histories = shapes::histories(state, issue, base);
            told["changelog"] =
                json!({"startAt": 0, "maxResults": histories.len(), "total": histories.len(), "histories": histories});
        }
        told
    };
    let page: Vec<_> = issues.iter().skip(start).take(most).map(told).collect();
    let mut answer = json!({"startAt": start, "maxResults": most, "total": issues.len(), "issues": page});
    if !warnings.is_empty() {
        answer["warningMessages"] = json!(warnings);
    }
    Answer::json(200, &answer)
}
