//! A digest as a message for Slack and for Microsoft Teams.
//!
//! Both get text in elements that are never read as markup: a title that holds `<!channel>` or a link in Markdown shows just
//! that.

use serde_json::{Value, json};

use super::layout::{Entry, Layout, Owner};
use crate::domain::digest::Edition;
use crate::report::escape;

/// A heading of Slack's holds so many characters. <https://docs.slack.dev/reference/block-kit/blocks/header-block>
const HEADER: usize = 149;

/// As a message for an incoming webhook of Slack.
/// <https://docs.slack.dev/reference/block-kit/blocks/rich-text-block>
pub fn slack(edition: &Edition) -> Value {
    let layout = Layout::of(edition);
    let mut rich = Vec::new();
    for section in &layout.sections {
        rich.push(json!({"type": "rich_text_section", "elements": [bold(section.label)]}));
        let entries = section.entries.iter().map(|entry| {
            let Entry { title, link, lines, owners } = entry;
            let mut elements = vec![match link {
                Some(link) => json!({"type": "link", "url": link, "text": title, "style": {"bold": true}}),
                None => bold(title),
            }];
            elements.extend(lines.iter().map(|line| json!({"type": "text", "text": format!("\n{line}")})));
            for (nth, owner) in owners.iter().enumerate() {
                let before = if nth == 0 { format!("\n{}", entry.owners_are()) } else { ", ".to_owned() };
                elements.push(json!({"type": "text", "text": before}));
                elements.push(addressed(owner));
            }
            json!({"type": "rich_text_section", "elements": elements})
        });
        rich.push(json!({"type": "rich_text_list", "style": "bullet", "elements": entries.collect::<Vec<_>>()}));
    }
    let mut last = Vec::new();
    if let Some(more) = &layout.more {
        last.push(json!({"type": "text", "text": format!("{more}\n")}));
    }
    last.push(json!({"type": "text", "text": layout.notes.join("\n"), "style": {"italic": true}}));
    if let Some(link) = &layout.link {
        last.push(json!({"type": "text", "text": "\n"}));
        last.push(json!({"type": "link", "url": link, "text": "Open dragnet"}));
    }
    rich.push(json!({"type": "rich_text_section", "elements": last}));
    let header = escape::plain(&layout.heading, HEADER);
    json!({
        // What notifications show. It is read as markup, which these three characters begin.
        "text": layout.heading.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
        "unfurl_links": false,
        "unfurl_media": false,
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": header, "emoji": false}},
            {"type": "rich_text", "elements": rich},
        ],
    })
}

/// An owner: nobody else is mentioned. Groups of users have ids that begin with S.
fn addressed(owner: &Owner) -> Value {
    match &owner.mention {
        Some(group) if group.starts_with('S') => json!({"type": "usergroup", "usergroup_id": group}),
        Some(user) => json!({"type": "user", "user_id": user}),
        None => json!({"type": "text", "text": owner.name}),
    }
}

fn bold(text: &str) -> Value {
    json!({"type": "text", "text": text, "style": {"bold": true}})
}

/// As a message for a webhook of Teams' workflows: an adaptive card. Of its elements only `TextBlock` and facts read Markdown.
/// <https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format>
pub fn teams(edition: &Edition) -> Value {
    let layout = Layout::of(edition);
    let rich = |runs: Vec<Value>| json!({"type": "RichTextBlock", "inlines": runs});
    let under = |run: Value| json!({"type": "RichTextBlock", "spacing": "None", "inlines": [run]});
    let run = |text: &str| json!({"type": "TextRun", "text": text});
    let strong = |text: &str| json!({"type": "TextRun", "text": text, "weight": "Bolder"});
    let mut body = vec![rich(vec![json!({
        "type": "TextRun", "text": layout.heading, "weight": "Bolder", "size": "Large",
    })])];
    for section in &layout.sections {
        body.push(json!({"type": "RichTextBlock", "separator": true, "inlines": [strong(section.label)]}));
        for entry in &section.entries {
            let Entry { title, link, lines, .. } = entry;
            let mut title = strong(title);
            if let (Some(link), Value::Object(title)) = (link, &mut title) {
                title.insert("selectAction".to_owned(), json!({"type": "Action.OpenUrl", "url": link}));
            }
            body.push(rich(vec![title]));
            body.extend(lines.iter().chain(&entry.owned()).map(|line| under(run(line))));
        }
    }
    body.extend(layout.more.iter().map(|more| rich(vec![run(more)])));
    for (nth, note) in layout.notes.iter().enumerate() {
        let note = json!({"type": "TextRun", "text": note, "isSubtle": true, "size": "Small"});
        body.push(if nth == 0 { rich(vec![note]) } else { under(note) });
    }
    let open = layout.link.iter().map(|link| json!({"type": "Action.OpenUrl", "title": "Open dragnet", "url": link}));
    let card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "fallbackText": layout.heading,
        "body": body,
        "actions": open.collect::<Vec<_>>(),
    });
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": null, "content": card,
        }],
    })
}
