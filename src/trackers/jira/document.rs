//! Texts of Jira: Cloud sends documents (Atlassian Document Format), Data Center wiki text. Both become plain text.

use serde_json::Value;

/// Deeper than this nobody writes, and nothing is read.
const DEPTH: usize = 60;

/// The text of a document; a text is one already.
pub(super) fn plain(document: &Value) -> String {
    let mut text = String::new();
    match document {
        Value::String(said) => text.push_str(said),
        Value::Object(_) => node(document, 0, &mut text),
        _ => {}
    }
    text.trim().to_owned()
}

fn node(node: &Value, depth: usize, text: &mut String) {
    let Some(kind) = node["type"].as_str().filter(|_| depth < DEPTH) else { return };
    let attribute = |name: &str| node["attrs"][name].as_str().unwrap_or_default();
    match kind {
        "text" => text.push_str(node["text"].as_str().unwrap_or_default()),
        "hardBreak" => text.push('\n'),
        "mention" | "emoji" | "status" => {
            let said = attribute("text");
            text.push_str(if said.is_empty() { attribute("shortName") } else { said });
        }
        "inlineCard" | "blockCard" | "embedCard" => text.push_str(attribute("url")),
        "date" => text.push_str(&day(attribute("timestamp"))),
        "rule" => line(text),
        "taskItem" | "decisionItem" => {
            line(text);
            text.push_str(match (kind, attribute("state")) {
                ("taskItem", "DONE") => "- [x] ",
                ("taskItem", _) => "- [ ] ",
                _ => "- ",
            });
            inside(node, depth, text);
            line(text);
        }
        "listItem" => {
            line(text);
            text.push_str("- ");
            inside(node, depth, text);
        }
        "tableCell" | "tableHeader" => {
            inside(node, depth, text);
            text.truncate(text.trim_end_matches('\n').len());
            text.push_str(" | ");
        }
        "paragraph" | "heading" | "codeBlock" | "blockquote" | "panel" | "tableRow" => {
            // The paragraph of an item stands behind its dash.
            if !text.ends_with("- ") && !text.ends_with("] ") && !text.ends_with(" | ") {
                line(text);
            }
            inside(node, depth, text);
            text.truncate(text.trim_end_matches(' ').len());
            line(text);
        }
        _ => inside(node, depth, text),
    }
    links(node, text);
}

fn inside(parent: &Value, depth: usize, text: &mut String) {
    for child in parent["content"].as_array().into_iter().flatten() {
        node(child, depth + 1, text);
    }
}

/// Where a text is a link to somewhere else than it says, the address follows it.
fn links(node: &Value, text: &mut String) {
    for mark in node["marks"].as_array().into_iter().flatten() {
        if let Some(there) = mark["attrs"]["href"].as_str()
            && mark["type"] == "link"
            && node["text"].as_str() != Some(there)
        {
            text.push_str(" (");
            text.push_str(there);
            text.push(')');
        }
    }
}

fn day(milliseconds: &str) -> String {
    let moment = milliseconds.parse().ok().and_then(chrono::DateTime::from_timestamp_millis);
    moment.map(|moment| moment.date_naive().to_string()).unwrap_or_default()
}

fn line(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::plain;

    fn paragraph(content: &Value) -> Value {
        json!({"type": "paragraph", "content": content})
    }

    #[test]
    fn a_document_becomes_its_text() {
        let says = |text: &str| json!({"type": "text", "text": text});
        let document = json!({"type": "doc", "version": 1, "content": [
            {"type": "heading", "attrs": {"level": 2}, "content": [says("Plan")]},
            paragraph(&json!([says("Ask "), {"type": "mention", "attrs": {"id": "1", "text": "@Ada"}}, says(" by "),
                {"type": "date", "attrs": {"timestamp": "1767225600000"}}])),
            {"type": "bulletList", "content": [
                {"type": "listItem", "content": [paragraph(&json!([says("first")]))]},
                {"type": "listItem", "content": [paragraph(&json!([says("second"), {"type": "hardBreak"}, says("line")]))]},
            ]},
            {"type": "taskList", "content": [
                {"type": "taskItem", "attrs": {"state": "DONE"}, "content": [says("write")]},
                {"type": "taskItem", "attrs": {"state": "TODO"}, "content": [says("ship")]},
            ]},
            {"type": "table", "content": [{"type": "tableRow", "content": [
                {"type": "tableCell", "content": [paragraph(&json!([says("a")]))]},
                {"type": "tableCell", "content": [paragraph(&json!([says("b")]))]},
            ]}]},
            paragraph(&json!([{"type": "text", "text": "here", "marks": [{"type": "link", "attrs": {"href": "https://x.example/1"}}]},
                says(" and "), {"type": "inlineCard", "attrs": {"url": "https://x.example/2"}}])),
            {"type": "somethingNew", "content": [paragraph(&json!([says("still read")]))]},
        ]});
        insta::assert_snapshot!(plain(&document), @r"
        Plan
        Ask @Ada by 2026-01-01
        - first
        - second
        line
        - [x] write
        - [ ] ship
        a | b |
        here (https://x.example/1) and https://x.example/2
        still read
        ");
    }

    #[test]
    fn wiki_text_stays_and_nonsense_is_empty() {
        assert_eq!(plain(&json!("h2. Plan\n* first")), "h2. Plan\n* first");
        for nothing in [Value::Null, json!(5), json!([]), json!({}), json!({"type": "doc"}), json!({"type": 7})] {
            assert_eq!(plain(&nothing), "", "{nothing}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let within = |depth| {
            (0..depth)
                .fold(json!({"type": "text", "text": "x"}), |inner, _| json!({"type": "panel", "content": [inner]}))
        };
        assert_eq!(plain(&within(50)), "x");
        assert_eq!(plain(&within(100)), "");
    }
}
