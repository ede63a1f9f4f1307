//! What a Confluence sends, in the full form of its description.

use serde_json::{Value, json};

use super::Page;

/// A page of Cloud's version 2.
pub(super) fn page(id: u64, page: &Page, with_body: bool) -> Value {
    let mut told = json!({
        "id": id.to_string(),
        "status": page.status,
        "title": page.title,
        "spaceId": "98306",
        "parentId": page.parent.map_or_else(|| "98400".to_owned(), |parent| parent.to_string()),
        "parentType": "page",
        "position": 1,
        "authorId": "5b10a2844c20165700ede21g",
        "ownerId": "5b10a2844c20165700ede21g",
        "lastOwnerId": null,
        "createdAt": at(super::start()),
        "version": {
            "createdAt": at(page.edited_at),
            "message": page.message,
            "number": page.version,
            "minorEdit": false,
            "authorId": page.author,
        },
        "_links": {
            "webui": format!("/spaces/ENG/pages/{id}/Page"),
            "editui": format!("/pages/resumedraft.action?draftId={id}"),
            "tinyui": format!("/x/{id}"),
        },
    });
    told["body"] = if with_body { body(page) } else { json!({}) };
    told
}

/// A page as its parent names it.
pub(super) fn child(id: u64, page: &Page) -> Value {
    json!({"id": id.to_string(), "status": page.status, "title": page.title, "spaceId": "98306", "childPosition": 1})
}

/// A page of Data Center, with what `expand` asks for.
pub(super) fn content(id: u64, page: &Page, expand: &str) -> Value {
    let mut told = json!({
        "id": id.to_string(),
        "type": "page",
        "status": page.status,
        "title": page.title,
        "_links": {"webui": format!("/display/ENG/{id}"), "self": format!("/rest/api/content/{id}")},
        "_expandable": {"container": "/rest/api/space/ENG"},
    });
    for part in expand.split(',') {
        match part {
            "version" => {
                told["version"] = json!({
                    "by": {"type": "known", "username": page.author, "displayName": page.author},
                    "when": at(page.edited_at),
                    "message": page.message,
                    "number": page.version,
                    "minorEdit": false,
                });
            }
            "body.storage" => told["body"] = body(page),
            "ancestors" => told["ancestors"] = json!([]),
            "metadata.labels" => {
                let labels = labels(page);
                told["metadata"] = json!({"labels": {"size": labels.len(), "results": labels, "start": 0, "limit": 200, "_links": {}}});
            }
            _ => {}
        }
    }
    told
}

/// A page above another, as Cloud's version 2 names it.
pub(super) fn ancestor(id: u64) -> Value {
    json!({"id": id.to_string(), "type": "page"})
}

/// A page's labels.
pub(super) fn labels(page: &Page) -> Vec<Value> {
    let told = page.labels.iter().enumerate();
    told.map(|(nth, name)| json!({"id": (nth + 1).to_string(), "name": name, "prefix": "global"})).collect()
}

fn body(page: &Page) -> Value {
    json!({"storage": {"representation": "storage", "value": page.body}})
}

fn at(moment: chrono::DateTime<chrono::Utc>) -> String {
    moment.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}
