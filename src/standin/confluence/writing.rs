//! A page that is saved: as the version that follows the one that is there, or not at all.

use serde_json::{Value, json};

use super::super::server::{Answer, Request};
use super::endpoints::{no_page, wrong};
use super::{State, shapes};
use crate::domain::remote::WikiFlavor;

/// Saves a page, as both flavors do.
pub(super) fn save(state: &mut State, request: &Request, id: &str) -> Answer {
    let flavor = state.flavor;
    let Some(id) = id.parse().ok().filter(|id| state.shows(*id).is_some()) else { return no_page(flavor) };
    let Some(page) = state.pages.get_mut(&id) else { return no_page(flavor) };
    if page.protected {
        return match flavor {
            WikiFlavor::Cloud => no_page(flavor),
            WikiFlavor::DataCenter => {
                Answer::json(403, &json!({"statusCode": 403, "message": "User not permitted to edit this content."}))
            }
        };
    }
    let json: Value = serde_json::from_slice(&request.body).unwrap_or(Value::Null);
    let body = match flavor {
        WikiFlavor::Cloud => &json["body"],
        WikiFlavor::DataCenter => &json["body"]["storage"],
    };
    let (Some("storage"), Some(text), Some(number), Some(title)) = (
        body["representation"].as_str(),
        body["value"].as_str(),
        json["version"]["number"].as_u64(),
        json["title"].as_str(),
    ) else {
        return wrong("a page needs a title, a body and a version");
    };
    if let Some(theirs) = page.meanwhile.pop_front() {
        page.save(&theirs, "ada", "");
    }
    if number != page.version + 1 {
        let says = format!(
            "Version must be incremented when updating a page. Current Version: [{}]. Provided version: [{number}]",
            page.version
        );
        return match flavor {
            WikiFlavor::Cloud => Answer::json(
                409,
                &json!({"errors": [{"status": 409, "code": "CONFLICT", "title": says, "detail": null}]}),
            ),
            WikiFlavor::DataCenter => Answer::json(409, &json!({"statusCode": 409, "message": says})),
        };
    }
    page.save(&named(text), "bot", json["version"]["message"].as_str().unwrap_or_default());
    title.clone_into(&mut page.title);
    Answer::json(
        200,
        &match flavor {
            WikiFlavor::Cloud => shapes::page(id, page, true),
            WikiFlavor::DataCenter => shapes::content(id, page, "version,body.storage"),
        },
    )
}

/// The text as saving leaves it: every macro has a number of its own.
fn named(text: &str) -> String {
    const OPENS: &str = "<ac:structured-macro ";
    let mut pieces = text.split(OPENS);
    let mut saved = pieces.next().unwrap_or_default().to_owned();
    for (nth, piece) in pieces.enumerate() {
        saved += OPENS;
        if !piece.split('>').next().unwrap_or_default().contains("ac:macro-id") {
            saved += &format!("ac:macro-id=\"00000000-0000-4000-8000-{nth:012}\" ");
        }
        saved += piece;
    }
    saved
}
