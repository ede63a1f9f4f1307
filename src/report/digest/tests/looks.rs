//! Each way's message, whole, and what hostile titles become in it.

use crate::domain::digest::{Acceptance, Edition, Item, News, Problem};
use crate::domain::finding::Code;
use crate::domain::verdict::Standing;
use crate::report::digest::{html, issue, json, slack, subject, teams, text};

use super::{at, before, day, whole};

fn problem(code: Code, ticket: &str, accepted: Acceptance) -> Problem {
    Problem { code, ticket: Some(ticket.parse().unwrap()), since: before(), accepted }
}

fn item(what: News, title: &str, problems: Vec<Problem>) -> Item {
    let challenge = Some(title.to_lowercase().replace(' ', "-"));
    Item { what, challenge, title: Some(title.to_owned()), standing: None, problems, stood: None }
}

fn edition() -> Edition {
    let broken = Item {
        standing: Some(Standing::BrokenPromise),
        stood: Some(Standing::Promised),
        ..item(News::New, "Builds are slow", vec![problem(Code::ClosedUndone, "jira:ARCH-1", Acceptance::Not)])
    };
    let link = Item {
        challenge: None,
        title: None,
        ..item(News::New, "", vec![problem(Code::BrokenLink, "github:acme/rocket#7", Acceptance::Not)])
    };
    let cleared = vec![
        problem(Code::StaleTicket, "jira:ARCH-2", Acceptance::Not),
        problem(Code::StaleTicket, "jira:ARCH-3", Acceptance::Accepted),
    ];
    let waking = vec![problem(Code::ClosedUndone, "jira:ARCH-4", Acceptance::Ending(day("2026-12-01")))];
    Edition {
        digest: "payments".to_owned(),
        scope: whole(),
        since: at("2026-11-16T08:00:00Z"),
        at: at("2026-11-23T08:00:00Z"),
        zone: chrono_tz::Europe::Berlin,
        passed_at: Some(at("2026-11-23T07:45:00Z")),
        silent: vec![("github".to_owned(), Some(at("2026-11-22T23:30:00Z")))],
        broken: 3,
        items: vec![
            broken,
            link,
            item(News::Cleared, "Tests are flaky", cleared),
            item(News::Waking, "Certificates expire", waking),
            item(News::Added, "Docs are old", Vec::new()),
        ],
        home: Some("https://dragnet.example.org".to_owned()),
    }
}

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
fn as_text() {
    insta::assert_snapshot!(text(&edition()), @"
    payments: 2 new, 1 cleared, 1 about to wake, 1 added

    NEW
    - Builds are slow
      ARCH-1: a promised fix was closed, and its work not done
      was promised, is a broken promise now
      https://dragnet.example.org/challenges/builds-are-slow
    - acme/rocket#7
      proven not to be there: deleted, or never opened

    CLEARED
    - Tests are flaky
      ARCH-2: no longer so: a promised fix that nobody touched for longer than agreed
      ARCH-3: accepted: a promised fix that nobody touched for longer than agreed
      https://dragnet.example.org/challenges/tests-are-flaky

    ABOUT TO WAKE
    - Certificates expire
      ARCH-4: accepted until 1 December 2026: a promised fix was closed, and its work not done
      https://dragnet.example.org/challenges/certificates-expire

    NEW IN THE REGISTER
    - Docs are old
      https://dragnet.example.org/challenges/docs-are-old

    What changed since 16 November 2026. 3 broken promises stand.
    As of 23 November 2026, 08:45 (Europe/Berlin).
    github could not be asked for everything; it last answered on 23 November 2026, 00:30 (Europe/Berlin).
    https://dragnet.example.org/
    ");
    let quiet = Edition { items: Vec::new(), broken: 0, silent: Vec::new(), home: None, ..edition() };
    insta::assert_snapshot!(text(&quiet), @"
    payments: nothing new

    Nothing has changed since 16 November 2026. No promise is broken now. This is the monthly sign of life.
    As of 23 November 2026, 08:45 (Europe/Berlin).
    ");
}

#[test]
fn as_the_body_of_an_issue() {
    insta::assert_snapshot!(issue(&edition()), @r#"
    ## payments: 2 new, 1 cleared, 1 about to wake, 1 added

    ### New

    - **[Builds are slow](https://dragnet.example.org/challenges/builds-are-slow)**
      - ARCH-1: a promised fix was closed, and its work not done
      - was promised, is a broken promise now
    - **acme/rocket\#​7**
      - proven not to be there: deleted, or never opened

    ### Cleared

    - **[Tests are flaky](https://dragnet.example.org/challenges/tests-are-flaky)**
      - ARCH-2: no longer so: a promised fix that nobody touched for longer than agreed
      - ARCH-3: accepted: a promised fix that nobody touched for longer than agreed

    ### About to wake

    - **[Certificates expire](https://dragnet.example.org/challenges/certificates-expire)**
      - ARCH-4: accepted until 1 December 2026: a promised fix was closed, and its work not done

    ### New in the register

    - **[Docs are old](https://dragnet.example.org/challenges/docs-are-old)**

    What changed since 16 November 2026. 3 broken promises stand.
    As of 23 November 2026, 08:45 (Europe/Berlin).
    github could not be asked for everything; it last answered on 23 November 2026, 00:30 (Europe/Berlin).

    [Everything](https://dragnet.example.org/)
    "#);
}

#[test]
fn as_json() {
    insta::assert_snapshot!(format!("{:#}", json(&edition())), @r#"
    {
      "at": "2026-11-23T08:00:00Z",
      "broken_promises": 3,
      "categories": [],
      "digest": "payments",
      "items": [
        {
          "challenge": "builds-are-slow",
          "findings": [
            {
              "accepted": false,
              "code": "closed-undone",
              "first_seen": "2026-01-05T08:00:00Z",
              "ticket": "jira:ARCH-1",
              "until": null
            }
          ],
          "standing": "broken-promise",
          "stood": "promised",
          "title": "Builds are slow",
          "what": "new"
        },
        {
          "challenge": null,
          "findings": [
            {
              "accepted": false,
              "code": "broken-link",
              "first_seen": "2026-01-05T08:00:00Z",
              "ticket": "github:acme/rocket#7",
              "until": null
            }
          ],
          "standing": null,
          "stood": null,
          "title": null,
          "what": "new"
        },
        {
          "challenge": "tests-are-flaky",
          "findings": [
            {
              "accepted": false,
              "code": "stale-ticket",
              "first_seen": "2026-01-05T08:00:00Z",
              "ticket": "jira:ARCH-2",
              "until": null
            },
            {
              "accepted": true,
              "code": "stale-ticket",
              "first_seen": "2026-01-05T08:00:00Z",
              "ticket": "jira:ARCH-3",
              "until": null
            }
          ],
          "standing": null,
          "stood": null,
          "title": "Tests are flaky",
          "what": "cleared"
        },
        {
          "challenge": "certificates-expire",
          "findings": [
            {
              "accepted": true,
              "code": "closed-undone",
              "first_seen": "2026-01-05T08:00:00Z",
              "ticket": "jira:ARCH-4",
              "until": "2026-12-01"
            }
          ],
          "standing": null,
          "stood": null,
          "title": "Certificates expire",
          "what": "waking"
        },
        {
          "challenge": "docs-are-old",
          "findings": [],
          "standing": null,
          "stood": null,
          "title": "Docs are old",
          "what": "added"
        }
      ],
      "passed_at": "2026-11-23T07:45:00Z",
      "schema": 1,
      "since": "2026-11-16T08:00:00Z",
      "teams": [],
      "url": "https://dragnet.example.org"
    }
    "#);
}

#[test]
fn for_slack() {
    insta::assert_snapshot!(format!("{:#}", slack(&edition())), @r#"
    {
      "blocks": [
        {
          "text": {
            "emoji": false,
            "text": "payments: 2 new, 1 cleared, 1 about to wake, 1 added",
            "type": "plain_text"
          },
          "type": "header"
        },
        {
          "elements": [
            {
              "elements": [
                {
                  "style": {
                    "bold": true
                  },
                  "text": "New",
                  "type": "text"
                }
              ],
              "type": "rich_text_section"
            },
            {
              "elements": [
                {
                  "elements": [
                    {
                      "style": {
                        "bold": true
                      },
                      "text": "Builds are slow",
                      "type": "link",
                      "url": "https://dragnet.example.org/challenges/builds-are-slow"
                    },
                    {
                      "text": "\nARCH-1: a promised fix was closed, and its work not done",
                      "type": "text"
                    },
                    {
                      "text": "\nwas promised, is a broken promise now",
                      "type": "text"
                    }
                  ],
                  "type": "rich_text_section"
                },
                {
                  "elements": [
                    {
                      "style": {
                        "bold": true
                      },
                      "text": "acme/rocket#7",
                      "type": "text"
                    },
                    {
                      "text": "\nproven not to be there: deleted, or never opened",
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
                  "style": {
                    "bold": true
                  },
                  "text": "Cleared",
                  "type": "text"
                }
              ],
              "type": "rich_text_section"
            },
            {
              "elements": [
                {
                  "elements": [
                    {
                      "style": {
                        "bold": true
                      },
                      "text": "Tests are flaky",
                      "type": "link",
                      "url": "https://dragnet.example.org/challenges/tests-are-flaky"
                    },
                    {
                      "text": "\nARCH-2: no longer so: a promised fix that nobody touched for longer than agreed",
                      "type": "text"
                    },
                    {
                      "text": "\nARCH-3: accepted: a promised fix that nobody touched for longer than agreed",
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
                  "style": {
                    "bold": true
                  },
                  "text": "About to wake",
                  "type": "text"
                }
              ],
              "type": "rich_text_section"
            },
            {
              "elements": [
                {
                  "elements": [
                    {
                      "style": {
                        "bold": true
                      },
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
                  "style": {
                    "bold": true
                  },
                  "text": "New in the register",
                  "type": "text"
                }
              ],
              "type": "rich_text_section"
            },
            {
              "elements": [
                {
                  "elements": [
                    {
                      "style": {
                        "bold": true
                      },
                      "text": "Docs are old",
                      "type": "link",
                      "url": "https://dragnet.example.org/challenges/docs-are-old"
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
                  "style": {
                    "italic": true
                  },
                  "text": "What changed since 16 November 2026. 3 broken promises stand.\nAs of 23 November 2026, 08:45 (Europe/Berlin).\ngithub could not be asked for everything; it last answered on 23 November 2026, 00:30 (Europe/Berlin).",
                  "type": "text"
                },
                {
                  "text": "\n",
                  "type": "text"
                },
                {
                  "text": "Open dragnet",
                  "type": "link",
                  "url": "https://dragnet.example.org/"
                }
              ],
              "type": "rich_text_section"
            }
          ],
          "type": "rich_text"
        }
      ],
      "text": "payments: 2 new, 1 cleared, 1 about to wake, 1 added",
      "unfurl_links": false,
      "unfurl_media": false
    }
    "#);
}

#[test]
fn for_teams() {
    insta::assert_snapshot!(format!("{:#}", teams(&edition())), @r#"
    {
      "attachments": [
        {
          "content": {
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "actions": [
              {
                "title": "Open dragnet",
                "type": "Action.OpenUrl",
                "url": "https://dragnet.example.org/"
              }
            ],
            "body": [
              {
                "inlines": [
                  {
                    "size": "Large",
                    "text": "payments: 2 new, 1 cleared, 1 about to wake, 1 added",
                    "type": "TextRun",
                    "weight": "Bolder"
                  }
                ],
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "text": "New",
                    "type": "TextRun",
                    "weight": "Bolder"
                  }
                ],
                "separator": true,
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "selectAction": {
                      "type": "Action.OpenUrl",
                      "url": "https://dragnet.example.org/challenges/builds-are-slow"
                    },
                    "text": "Builds are slow",
                    "type": "TextRun",
                    "weight": "Bolder"
                  }
                ],
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "text": "ARCH-1: a promised fix was closed, and its work not done",
                    "type": "TextRun"
                  }
                ],
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "text": "was promised, is a broken promise now",
                    "type": "TextRun"
                  }
                ],
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "text": "acme/rocket#7",
                    "type": "TextRun",
                    "weight": "Bolder"
                  }
                ],
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "text": "proven not to be there: deleted, or never opened",
                    "type": "TextRun"
                  }
                ],
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "text": "Cleared",
                    "type": "TextRun",
                    "weight": "Bolder"
                  }
                ],
                "separator": true,
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "selectAction": {
                      "type": "Action.OpenUrl",
                      "url": "https://dragnet.example.org/challenges/tests-are-flaky"
                    },
                    "text": "Tests are flaky",
                    "type": "TextRun",
                    "weight": "Bolder"
                  }
                ],
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "text": "ARCH-2: no longer so: a promised fix that nobody touched for longer than agreed",
                    "type": "TextRun"
                  }
                ],
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "text": "ARCH-3: accepted: a promised fix that nobody touched for longer than agreed",
                    "type": "TextRun"
                  }
                ],
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "text": "About to wake",
                    "type": "TextRun",
                    "weight": "Bolder"
                  }
                ],
                "separator": true,
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "selectAction": {
                      "type": "Action.OpenUrl",
                      "url": "https://dragnet.example.org/challenges/certificates-expire"
                    },
                    "text": "Certificates expire",
                    "type": "TextRun",
                    "weight": "Bolder"
                  }
                ],
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "text": "ARCH-4: accepted until 1 December 2026: a promised fix was closed, and its work not done",
                    "type": "TextRun"
                  }
                ],
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "text": "New in the register",
                    "type": "TextRun",
                    "weight": "Bolder"
                  }
                ],
                "separator": true,
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "selectAction": {
                      "type": "Action.OpenUrl",
                      "url": "https://dragnet.example.org/challenges/docs-are-old"
                    },
                    "text": "Docs are old",
                    "type": "TextRun",
                    "weight": "Bolder"
                  }
                ],
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
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "isSubtle": true,
                    "size": "Small",
                    "text": "github could not be asked for everything; it last answered on 23 November 2026, 00:30 (Europe/Berlin).",
                    "type": "TextRun"
                  }
                ],
                "type": "RichTextBlock"
              }
            ],
            "fallbackText": "payments: 2 new, 1 cleared, 1 about to wake, 1 added",
            "msteams": {
              "width": "Full"
            },
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
fn as_html() {
    insta::assert_snapshot!(html(&edition(), Some("https://dragnet.example.org/unsubscribe/T")), @r#"
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>payments: 2 new, 1 cleared, 1 about to wake, 1 added</title>
    </head>
    <body style="margin:0 auto;padding:24px 16px;max-width:640px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
    <p style="margin:0;opacity:.7">dragnet, 23 November 2026</p>
    <h1 style="margin:4px 0 16px;font-size:22px;line-height:1.3">payments: 2 new, 1 cleared, 1 about to wake, 1 added</h1>
    <h2 style="margin:24px 0 8px;font-size:16px">New</h2>
    <ul style="margin:0;padding-left:20px">
    <li style="margin:0 0 10px"><strong><a href="https://dragnet.example.org/challenges/builds-are-slow">Builds are slow</a></strong><br>ARCH-1: a promised fix was closed, and its work not done<br>was promised, is a broken promise now</li>
    <li style="margin:0 0 10px"><strong>acme/rocket#7</strong><br>proven not to be there: deleted, or never opened</li>
    </ul>
    <h2 style="margin:24px 0 8px;font-size:16px">Cleared</h2>
    <ul style="margin:0;padding-left:20px">
    <li style="margin:0 0 10px"><strong><a href="https://dragnet.example.org/challenges/tests-are-flaky">Tests are flaky</a></strong><br>ARCH-2: no longer so: a promised fix that nobody touched for longer than agreed<br>ARCH-3: accepted: a promised fix that nobody touched for longer than agreed</li>
    </ul>
    <h2 style="margin:24px 0 8px;font-size:16px">About to wake</h2>
    <ul style="margin:0;padding-left:20px">
    <li style="margin:0 0 10px"><strong><a href="https://dragnet.example.org/challenges/certificates-expire">Certificates expire</a></strong><br>ARCH-4: accepted until 1 December 2026: a promised fix was closed, and its work not done</li>
    </ul>
    <h2 style="margin:24px 0 8px;font-size:16px">New in the register</h2>
    <ul style="margin:0;padding-left:20px">
    <li style="margin:0 0 10px"><strong><a href="https://dragnet.example.org/challenges/docs-are-old">Docs are old</a></strong></li>
    </ul>
    <div style="margin:24px 0 0;opacity:.8;font-size:14px">
    <p style="margin:0 0 4px">What changed since 16 November 2026. 3 broken promises stand.</p>
    <p style="margin:0 0 4px">As of 23 November 2026, 08:45 (Europe/Berlin).</p>
    <p style="margin:0 0 4px">github could not be asked for everything; it last answered on 23 November 2026, 00:30 (Europe/Berlin).</p>
    </div>
    <p style="margin:16px 0 0"><a href="https://dragnet.example.org/">Open dragnet</a></p>
    <p style="margin:24px 0 0;opacity:.8;font-size:13px"><a href="https://dragnet.example.org/unsubscribe/T">Get no more of these</a></p>
    </body>
    </html>
    "#);
}

#[test]
fn at_most_seven_things_are_told() {
    let mut many = edition();
    many.items = (0..20).map(|n| item(News::New, &format!("Pain {n}"), Vec::new())).collect();
    let told = text(&many);
    assert_eq!(told.matches("- Pain").count(), 7, "{told}");
    assert!(told.contains("\nand 13 more\n"), "{told}");
    assert!(told.starts_with("payments: 20 new\n"), "{told}");
    let of_one = (0..9).map(|n| problem(Code::ClosedUndone, &format!("jira:A-{}", n + 1), Acceptance::Not)).collect();
    many.items = vec![item(News::New, "Pain", of_one)];
    let told = text(&many);
    assert_eq!((told.matches("  A-").count(), told.matches("  and 6 more").count()), (3, 1), "{told}");
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
