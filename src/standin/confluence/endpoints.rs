//! The endpoints of both flavors.

use serde_json::{Value, json};

use super::super::server::{Answer, Request};
use super::{Page, State, shapes, writing};
use crate::domain::remote::WikiFlavor;

/// Answers one request.
pub(super) fn answer(state: &mut State, request: &Request) -> Answer {
    let parts: Vec<_> = request.path.split('/').filter(|part| !part.is_empty()).collect();
    match (state.flavor, request.method.as_str(), parts.as_slice()) {
        (WikiFlavor::Cloud, "GET", ["wiki", "api", "v2", "pages"]) => {
            let ids: Vec<u64> =
                request.parameter("id").unwrap_or_default().split(',').filter_map(|id| id.parse().ok()).collect();
            let pages = state.listed().filter(|(id, page)| ids.contains(id) && is_kept(page));
            listed(state, request, pages.map(|(id, page)| shapes::page(id, page, false)).collect())
        }
        (WikiFlavor::Cloud, "GET", ["wiki", "api", "v2", "pages", id]) => match wanted(state, request, id) {
            Some((id, page)) => {
                Answer::json(200, &shapes::page(id, page, request.parameter("body-format") == Some("storage")))
            }
            None => no_page(state.flavor),
        },
        (WikiFlavor::Cloud, "PUT", ["wiki", "api", "v2", "pages", id])
        | (WikiFlavor::DataCenter, "PUT", ["rest", "api", "content", id]) => writing::save(state, request, id),
        (WikiFlavor::Cloud, "GET", ["wiki", "api", "v2", "pages", id, "children"]) => match number(state, id) {
            Some(parent) => {
                let children = state.listed().filter(|(_, page)| page.parent == Some(parent) && is_kept(page));
                listed(state, request, children.map(|(id, page)| shapes::child(id, page)).collect())
            }
            None => no_page(state.flavor),
        },
        (WikiFlavor::Cloud, "GET", ["wiki", "api", "v2", "pages", id, "ancestors"]) => match number(state, id) {
            Some(id) => {
                let mut above: Vec<u64> = state.above(id).collect();
                above.reverse();
                listed(state, request, above.into_iter().map(shapes::ancestor).collect())
            }
            None => no_page(state.flavor),
        },
        (WikiFlavor::Cloud, "GET", ["wiki", "api", "v2", "pages", id, "labels"]) => {
            match number(state, id).and_then(|id| state.shows(id)) {
                Some(page) => listed(state, request, shapes::labels(page)),
                None => no_page(state.flavor),
            }
        }
        (WikiFlavor::Cloud, "GET", ["wiki", "api", "v2", "labels"]) => {
            let labels = labels(state).into_iter().enumerate();
            let told = labels.map(|(nth, name)| json!({"id": (nth + 1).to_string(), "name": name, "prefix": "global"}));
            listed(state, request, told.collect())
        }
        (WikiFlavor::Cloud, "GET", ["wiki", "api", "v2", "labels", id, "pages"]) => {
            let label = id.parse::<usize>().ok().and_then(|nth| labels(state).into_iter().nth(nth.checked_sub(1)?));
            let Some(label) = label else { return no_page(state.flavor) };
            let pages = state.current().filter(|(_, page)| page.labels.contains(&label));
            listed(state, request, pages.map(|(id, page)| shapes::page(id, page, false)).collect())
        }
        (WikiFlavor::DataCenter, "GET", ["rest", "api", "content", "search"]) => {
            let cql = request.parameter("cql").unwrap_or_default();
            let label = cql.strip_prefix("type = page and label = \"").and_then(|rest| rest.strip_suffix('"'));
            let Some(label) = label else { return wrong(&format!("Could not parse cql : {cql}")) };
            contents(state, request, |_, page| page.labels.contains(label))
        }
        (WikiFlavor::DataCenter, "GET", ["rest", "api", "content", id]) => match wanted(state, request, id) {
            Some((id, page)) => {
                let mut told = shapes::content(id, page, request.parameter("expand").unwrap_or_default());
                if told["ancestors"].is_array() {
                    let above: Vec<u64> = state.above(id).collect();
                    let above = above.iter().rev().filter_map(|id| Some(shapes::content(*id, state.shows(*id)?, "")));
                    told["ancestors"] = above.collect();
                }
                Answer::json(200, &told)
            }
            None => no_page(state.flavor),
        },
        (WikiFlavor::DataCenter, "GET", ["rest", "api", "content", id, "descendant", "page"]) => {
            match number(state, id) {
                Some(root) => contents(state, request, |id, _| state.is_under(id, root)),
                None => no_page(state.flavor),
            }
        }
        _ => no_page(state.flavor),
    }
}

/// The page of this number, where it is shown and its status is asked for.
fn wanted<'a>(state: &'a State, request: &Request, id: &str) -> Option<(u64, &'a Page)> {
    let id = id.parse().ok()?;
    let page = state.shows(id)?;
    let mut statuses = request.query.iter().filter(|(key, _)| key == "status").map(|(_, value)| value).peekable();
    let meant = match statuses.peek() {
        None if state.flavor == WikiFlavor::Cloud => is_kept(page),
        None => page.status == "current",
        Some(_) => statuses.any(|status| status == page.status || status == "any"),
    };
    meant.then_some((id, page))
}

/// Whether a page is told by Cloud where no status is asked for: the archive's are.
fn is_kept(page: &Page) -> bool {
    matches!(page.status, "current" | "archived")
}

fn number(state: &State, id: &str) -> Option<u64> {
    let id = id.parse().ok()?;
    state.shows(id).map(|_| id)
}

/// The names of all labels, in order.
fn labels(state: &State) -> Vec<String> {
    let all: std::collections::BTreeSet<_> = state.current().flat_map(|(_, page)| page.labels.clone()).collect();
    all.into_iter().collect()
}

/// A page of a listing of Cloud, with the address of the next one.
fn listed(state: &State, request: &Request, all: Vec<Value>) -> Answer {
    let most = request.parameter("limit").and_then(|limit| limit.parse().ok()).unwrap_or(25).min(state.at_once);
    let from: usize = request.parameter("cursor").and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
    let more = all.len() > from + most;
    let results: Vec<Value> = all.into_iter().skip(from).take(most).collect();
    let mut links = json!({"base": format!("{}/wiki", request.origin())});
    if more || state.endless {
        links["next"] =
            json!(format!("{}?limit={most}&cursor={}", request.path, if state.endless { 0 } else { from + most }));
    }
    Answer::json(200, &json!({"results": results, "_links": links}))
}

/// A page of a listing of Data Center.
fn contents(state: &State, request: &Request, means: impl Fn(u64, &Page) -> bool) -> Answer {
    let number = |name: &str, usual: usize| request.parameter(name).and_then(|n| n.parse().ok()).unwrap_or(usual);
    let (from, most) = (number("start", 0), number("limit", 25).min(state.at_once));
    let expand = request.parameter("expand").unwrap_or_default();
    let all: Vec<Value> = state
        .current()
        .filter(|(id, page)| means(*id, page))
        .map(|(id, page)| shapes::content(id, page, expand))
        .collect();
    let mut links = json!({"base": request.origin(), "context": ""});
    if all.len() > from + most {
        links["next"] = json!(format!("{}?limit={most}&start={}", request.path, from + most));
    }
    let results: Vec<Value> = all.into_iter().skip(from).take(most).collect();
    Answer::json(
        200,
        &json!({"size": results.len(), "results": results, "start": from, "limit": most, "_links": links}),
    )
}

pub(super) fn no_page(flavor: WikiFlavor) -> Answer {
    match flavor {
        WikiFlavor::Cloud => Answer::json(
            404,
            &json!({"errors": [{"status": 404, "code": "NOT_FOUND", "title": "Not Found", "detail": null}]}),
        ),
        WikiFlavor::DataCenter => Answer::json(
            404,
            &json!({"statusCode": 404, "message": "No content found with this id, or the calling user does not have permission to view the content."}),
        ),
    }
}

pub(super) fn wrong(message: &str) -> Answer {
    Answer::json(400, &json!({"statusCode": 400, "message": message}))
}
