//! A digest for Slack and for Teams, whole, and what hostile titles become on every way.

use super::looks::{edition, item, outline, problem, short};
use crate::domain::digest::{Acceptance, Edition, Item, News};
use crate::domain::finding::Code;
use crate::report::digest::{html, issue, slack, subject, teams, text};

/// The same with others' words in it.
fn hostile() -> Edition {
    let title = "<!channel> <img src=x onerror=alert(1)> [x](https://evil.example) @acme/team acme/rocket#7 GH-7 *b* `c` \
                 <https://evil.example|y> https://github.com/acme/rocket/issues/7 www.evil.example\r\nBcc: all@example.org \
                 <at>all</at> \u{202e}\u{1b}[31m";
    let mut edition = edition();
    let problems = vec![problem(Code::ClosedUndone, "jira:ARCH-1", Acceptance::Not)];
    edition.items = vec![Item { title: Some(title.to_owned()), ..item(News::New, "hostile", problems) }];
    edition.digest = "a\r\nBcc: all@example.org <b>".to_owned();
    edition
}

#[test]
fn for_slack() {
    insta::assert_snapshot!(outline(&slack(&short()), 0), @r#"
    {
      "blocks": [
        {"text":{"emoji":false,"text":"payments: 1 new, 1 about to wake","type":"plain_text"},"type":"header"},
        {
          "elements": [
            {"elements":[{"style":{"bold":true},"text":"New","type":"text"}],"type":"rich_text_section"},
            {
              "elements": [
                {
                  "elements": [
                    {
                      "style": {"bold":true},
                      "text": "Builds are slow",
                      "type": "link",
                      "url": "https://dragnet.example.org/challenges/builds-are-slow"
                    },
                    {"text":"\nARCH-1: a promised fix was closed, and its work not done","type":"text"},
                    {"text":"\nwas promised, is a broken promise now","type":"text"},
                    {"text":"\nOwners: ","type":"text"},
                    {"type":"usergroup","usergroup_id":"S012AB"},
                    {"text":", ","type":"text"},
                    {"text":"Web <!channel> @all","type":"text"}
                  ],
                  "type": "rich_text_section"
                }
              ],
              "style": "bullet",
              "type": "rich_text_list"
            },
            {"elements":[{"style":{"bold":true},"text":"About to wake","type":"text"}],"type":"rich_text_section"},
            {
              "elements": [
                {
                  "elements": [
                    {
                      "style": {"bold":true},
                      "text": "Certificates expire",
                      "type": "link",
                      "url": "https://dragnet.example.org/challenges/certificates-expire"
                    },
                    {
                      "text": "\nARCH-4: accepted until 1 December 2026: a promised fix was closed, and its work not done",
                      "type": "text"
                    }
                  ],
                  "type": "rich_text_section"
                }
              ],
              "style": "bullet",
              "type": "rich_text_list"
            },
            {
              "elements": [
                {
                  "style": {"italic":true},
                  "text": "What changed since 16 November 2026. 3 broken promises stand.\nAs of 23 November 2026, 08:45 (Europe/Berlin).\ngithub could not be asked for everything; it last answered on 23 November 2026, 00:30 (Europe/Berlin).",
                  "type": "text"
                },
                {"text":"\n","type":"text"},
                {"text":"Open dragnet","type":"link","url":"https://dragnet.example.org/"}
              ],
              "type": "rich_text_section"
            }
          ],
          "type": "rich_text"
        }
      ],
      "text": "payments: 1 new, 1 about to wake",
      "unfurl_links": false,
      "unfurl_media": false
    }
    "#);
}

#[test]
fn for_teams() {
    let mut one = short();
    one.items.truncate(1);
    one.items[0].owners.clear();
    one.silent.clear();
    insta::assert_snapshot!(outline(&teams(&one), 0), @r#"
    {
      "attachments": [
        {
          "content": {
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "actions": [{"title":"Open dragnet","type":"Action.OpenUrl","url":"https://dragnet.example.org/"}],
            "body": [
              {
                "inlines": [{"size":"Large","text":"payments: 1 new","type":"TextRun","weight":"Bolder"}],
                "type": "RichTextBlock"
              },
              {
                "inlines": [{"text":"New","type":"TextRun","weight":"Bolder"}],
                "separator": true,
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "selectAction": {"type":"Action.OpenUrl","url":"https://dragnet.example.org/challenges/builds-are-slow"},
                    "text": "Builds are slow",
                    "type": "TextRun",
                    "weight": "Bolder"
                  }
                ],
                "type": "RichTextBlock"
              },
              {
                "inlines": [{"text":"ARCH-1: a promised fix was closed, and its work not done","type":"TextRun"}],
                "spacing": "None",
                "type": "RichTextBlock"
              },
              {
                "inlines": [{"text":"was promised, is a broken promise now","type":"TextRun"}],
                "spacing": "None",
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "isSubtle": true,
                    "size": "Small",
                    "text": "What changed since 16 November 2026. 3 broken promises stand.",
                    "type": "TextRun"
                  }
                ],
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "isSubtle": true,
                    "size": "Small",
                    "text": "As of 23 November 2026, 08:45 (Europe/Berlin).",
                    "type": "TextRun"
                  }
                ],
                "spacing": "None",
                "type": "RichTextBlock"
              }
            ],
            "fallbackText": "payments: 1 new",
            "msteams": {"width":"Full"},
            "type": "AdaptiveCard",
            "version": "1.4"
          },
          "contentType": "application/vnd.microsoft.card.adaptive",
          "contentUrl": null
        }
      ],
      "type": "message"
    }
    "#);
}

#[test]
fn h1_whatever_stands_in_a_title_is_text_everywhere() {
    let hostile = hostile();
    let subject = subject(&hostile);
    assert!(!subject.contains(['\r', '\n']), "{subject:?}");
    let slack = slack(&hostile);
    // What Slack reads as markup is the heading alone; rich text is made of plain elements.
    assert_eq!(slack["text"], "a Bcc: all@example.org &lt;b&gt;: 1 new");
    let kinds = |value: &serde_json::Value| {
        let mut kinds = Vec::new();
        walk(value, &mut |object| kinds.extend(object.get("type").and_then(|kind| kind.as_str()).map(str::to_owned)));
        kinds.sort();
        kinds.dedup();
        kinds
    };
    assert_eq!(
        kinds(&slack),
        ["header", "link", "plain_text", "rich_text", "rich_text_list", "rich_text_section", "text"]
    );
    let teams = teams(&hostile);
    assert_eq!(
        kinds(&teams),
        ["Action.OpenUrl", "AdaptiveCard", "RichTextBlock", "TextRun", "message"],
        "a TextBlock would read Markdown"
    );
    let html = html(&hostile, None);
    assert!(!html.contains("<img") && !html.contains("<!channel>") && !html.contains("<b>"), "{html}");
    let issue = issue(&hostile);
    for alive in
        ["@acme", "rocket#7", "GH-7", "://github", "://evil", "www.evil", "<img", "*b*", "`c`", "](https://evil"]
    {
        assert!(!issue.contains(alive), "{alive} in\n{issue}");
    }
    let text = text(&hostile);
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\r']), "{text:?}");
    assert_eq!(text.lines().filter(|line| line.starts_with("Bcc")).count(), 0);
}

fn walk(value: &serde_json::Value, seen: &mut impl FnMut(&serde_json::Map<String, serde_json::Value>)) {
    match value {
        serde_json::Value::Object(fields) => {
            seen(fields);
            fields.values().for_each(|value| walk(value, seen));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|value| walk(value, seen)),
        _ => {}
    }
}
