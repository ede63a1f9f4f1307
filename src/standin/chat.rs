//! Where messages arrive: an incoming webhook of Slack, one of Teams' workflows, and anybody's.
//!
//! They answer as these do, and refuse what these would not show.

use serde_json::Value;

use super::server::{Answer, Request, Site};

/// A chat with one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chat {
    /// `/services/T1/B1/s3cret`
    Slack,
    /// `/workflows/s3cret`
    Teams,
    /// `/hook/s3cret`
    Hook,
}

impl Chat {
    /// The path at which its channel is.
    pub fn path(self) -> &'static str {
        match self {
            Self::Slack => "/services/T1/B1/s3cret",
            Self::Teams => "/workflows/s3cret",
            Self::Hook => "/hook/s3cret",
        }
    }
}

impl Site for Chat {
    fn answer(&self, request: &Request) -> Answer {
        let plain = |status: u16, text: &str| Answer {
            status,
            headers: vec![("content-type".to_owned(), "text/plain; charset=utf-8".to_owned())],
            body: text.as_bytes().to_vec(),
            cut: false,
        };
        if request.method != "POST" {
            return plain(405, "");
        }
        if request.path != self.path() {
            return plain(404, "no_service");
        }
        let Ok(body) = serde_json::from_slice::<Value>(&request.body) else { return plain(400, "invalid_payload") };
        match self {
            Self::Slack if is_message(&body) => plain(200, "ok"),
            Self::Slack => plain(400, "invalid_blocks"),
            Self::Teams if is_card(&body) => plain(202, ""),
            Self::Teams => plain(400, "invalid_payload"),
            Self::Hook => plain(204, ""),
        }
    }
}

/// <https://docs.slack.dev/reference/block-kit/blocks>: at most 50 blocks, a header of at most 150 letters, rich text of
/// sections and lists with text in them that is not empty.
fn is_message(body: &Value) -> bool {
    let Some(blocks) = body["blocks"].as_array() else { return body["text"].is_string() };
    let text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    let run = |run: &Value| match run["type"].as_str() {
        Some("text") => text(&run["text"]),
        Some("user") => text(&run["user_id"]),
        Some("usergroup") => text(&run["usergroup_id"]),
        Some("link") => text(&run["url"]) && text(&run["text"]),
        _ => false,
    };
    let all = |value: &Value, right: &dyn Fn(&Value) -> bool| {
        value.as_array().is_some_and(|values| !values.is_empty() && values.iter().all(right))
    };
    let section = |part: &Value| part["type"] == "rich_text_section" && all(&part["elements"], &run);
    let list = |part: &Value| {
        part["type"] == "rich_text_list" && part["style"] == "bullet" && all(&part["elements"], &section)
    };
    let block = |block: &Value| match block["type"].as_str() {
        Some("header") => {
            let header = block["text"]["text"].as_str().unwrap_or_default();
            block["text"]["type"] == "plain_text" && (1..=150).contains(&header.chars().count())
        }
        Some("rich_text") => all(&block["elements"], &|part| section(part) || list(part)),
        _ => false,
    };
    body["text"].is_string() && blocks.len() <= 50 && blocks.iter().all(block)
}

/// <https://learn.microsoft.com/power-automate/overview-adaptive-cards>: one card, of elements that have text.
fn is_card(body: &Value) -> bool {
    let attachment = &body["attachments"][0];
    let card = &attachment["content"];
    let rich = |element: &Value| {
        let inlines = element["inlines"].as_array();
        let text = |run: &Value| run["type"] == "TextRun" && run["text"].as_str().is_some_and(|text| !text.is_empty());
        element["type"] == "RichTextBlock" && inlines.is_some_and(|runs| runs.iter().all(text))
    };
    body["type"] == "message"
        && attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
        && card["type"] == "AdaptiveCard"
        && card["version"].is_string()
        && card["body"].as_array().is_some_and(|elements| !elements.is_empty() && elements.iter().all(rich))
}
