//! `parse` and `refs`, whole.

use super::sample::place;
use super::world::sample;
use crate::domain::document::{Document, Form, Kind};
use crate::domain::finding::{Code, Problem};
use crate::domain::reference::Unclaimed;
use crate::report::{Style, parse_json, parse_text, refs_jsonl, refs_text};

fn style() -> Style {
    Style { color: false, width: 100 }
}

/// One of the sample's documents, as reading it gave it.
fn document(at: usize) -> Document {
    let known = sample().known.documents.swap_remove(at);
    Document {
        path: known.path,
        source: String::new(),
        form: Form::Markdown,
        kind: known.kind,
        challenges: known.challenges,
        meetings: known.meetings,
        passages: Vec::new(),
        citations: Vec::new(),
        repository: None,
        unread: Vec::new(),
        problems: vec![Problem {
            code: Code::MalformedRow,
            place: place("docs/challenges.md", 26, 1),
            message: "a row with 7 cells under 5 columns".to_owned(),
            hint: Some("write `\\|` for a bar inside a cell".to_owned()),
        }],
        markers: Vec::new(),
    }
}

#[test]
fn a_register_is_told_as_understood() {
    let mut register = document(0);
    register.challenges = register.challenges[2..4].to_vec();
    insta::assert_snapshot!(parse_text(&register, style()), @r"
    docs/challenges.md reads as a register: 2 challenges in 1 category

    * Token issuer settings differ between services
      Authentication Clean-up · met twice · docs/challenges.md:16:20
      - about August 2021: The new major version of the token library broke sign-in.
      status: ARCHBOM-1202 Note: the work of this one was never finished
      note on jira:ARCHBOM-1202: the work of this one was never finished
      tickets: jira:ARCHBOM-1202

    * Token authentication is not the default in the LMS
      Authentication Clean-up · met twice · docs/challenges.md:17:20
      - 16 February 2021: A default class would have caught half of it.
      - 5 May 2020, TNL: Learners met an endpoint that took sessions only.
      status: ARCHBOM-107
      tickets: jira:AA-664, github:edx/edx-platform#26582, jira:ARCHBOM-107

    1 PROBLEM

      docs/challenges.md:26:1: malformed-row: a row with 7 cells under 5 columns
        → write `\|` for a bar inside a cell
    ");
}

#[test]
fn a_register_is_told_to_programs() {
    let mut register = document(0);
    register.challenges = register.challenges[2..3].to_vec();
    insta::assert_snapshot!(parse_json(&register), @r#"
    {
      "schema": 1,
      "path": "docs/challenges.md",
      "form": "markdown",
      "kind": "register",
      "challenges": [
        {
          "id": "token-issuer-settings-differ-between-services-0016",
          "category": "Authentication Clean-up",
          "title": "Token issuer settings differ between services",
          "place": {
            "path": "docs/challenges.md",
            "line": 16,
            "column": 20
          },
          "occurrences": 2,
          "anecdotes": [
            {
              "date": "2021-08",
              "approximate": true,
              "teams": [],
              "text": "The new major version of the token library broke sign-in.",
              "place": {
                "path": "docs/challenges.md",
                "line": 16,
                "column": 70
              },
              "tickets": []
            }
          ],
          "status": {
            "text": "ARCHBOM-1202 Note: the work of this one was never finished",
            "notes": [
              {
                "ticket": "jira:ARCHBOM-1202",
                "text": "the work of this one was never finished",
                "place": {
                  "path": "docs/challenges.md",
                  "line": 16,
                  "column": 260
                }
              }
            ]
          },
          "tickets": [
            "jira:ARCHBOM-1202"
          ]
        }
      ],
      "problems": [
        {
          "code": "malformed-row",
          "place": {
            "path": "docs/challenges.md",
            "line": 26,
            "column": 1
          },
          "message": "a row with 7 cells under 5 columns",
          "hint": "write `\\|` for a bar inside a cell"
        }
      ]
    }
    "#);
}

#[test]
fn minutes_are_told_as_understood() {
    let mut minutes = document(1);
    minutes.problems.clear();
    insta::assert_snapshot!(parse_text(&minutes, style()), @"
    docs/arch-hours.md reads as minutes: 3 meetings, 3 topics

    13 December 2023 · docs/arch-hours.md:8:1
      - [quest] Dave: Who looks after the documentation search? (1 reply,
        github:openedx/docs.openedx.org#449)

    6 December 2023 · docs/arch-hours.md:14:1 · skipped

    29 November 2023 · docs/arch-hours.md:16:1
      - [inform] Kelly: The roadmap got an entry for upgrades of the database. (1 reply,
        github:openedx/platform-roadmap#300)
      - Robert: The working group's checklist (1 reply, assumed to be a topic,
        github:openedx/wg-frontend#126, github:openedx/axim-engineering#990)
        → follow-up: file what is left of it
    ");
    minutes.meetings = vec![minutes.meetings[2].clone()];
    minutes.meetings[0].topics.remove(0);
    insta::assert_snapshot!(parse_json(&minutes), @r#"
    {
      "schema": 1,
      "path": "docs/arch-hours.md",
      "form": "markdown",
      "kind": "minutes",
      "meetings": [
        {
          "date": "2023-11-29",
          "place": {
            "path": "docs/arch-hours.md",
            "line": 16,
            "column": 1
          },
          "skipped": false,
          "topics": [
            {
              "intention": null,
              "speaker": "Robert",
              "text": "The working group's checklist",
              "place": {
                "path": "docs/arch-hours.md",
                "line": 21,
                "column": 1
              },
              "assumed": true,
              "replies": [
                {
                  "speaker": null,
                  "text": "Agreed.",
                  "place": {
                    "path": "docs/arch-hours.md",
                    "line": 22,
                    "column": 3
                  }
                }
              ],
              "follow_ups": [
                {
                  "owner": null,
                  "text": "file what is left of it",
                  "place": {
                    "path": "docs/arch-hours.md",
                    "line": 23,
                    "column": 5
                  },
                  "done": false,
                  "linked": false,
                  "tickets": []
                }
              ],
              "tickets": [
                "github:openedx/wg-frontend#126",
                "github:openedx/axim-engineering#990"
              ]
            }
          ]
        }
      ],
      "problems": []
    }
    "#);
}

#[test]
fn prose_has_neither_challenges_nor_meetings() {
    let mut prose = document(0);
    prose.kind = Kind::Prose;
    prose.challenges.clear();
    prose.problems.clear();
    let told: serde_json::Value = serde_json::from_str(&parse_json(&prose)).unwrap();
    let expected = serde_json::json!({
        "schema": 1, "path": "docs/challenges.md", "form": "markdown", "kind": "prose",
        "challenges": [], "meetings": [], "problems": [],
    });
    assert_eq!(told, expected);
}

#[test]
fn references_are_told_one_a_line() {
    let known = sample().known;
    let refs = &known.documents[0].references[..3];
    insta::assert_snapshot!(refs_jsonl(refs), @r#"
    {"schema":1,"ticket":"jira:INFRA-39","url":"https://openedx.atlassian.net/browse/INFRA-39","path":"docs/challenges.md","line":13,"column":90,"text":"INFRA-39","within":"anecdote","role":"mention"}
    {"schema":1,"ticket":"jira:BOM-1161","url":"https://openedx.atlassian.net/browse/BOM-1161","path":"docs/challenges.md","line":14,"column":90,"text":"BOM-1161","within":"anecdote","role":"mention"}
    {"schema":1,"ticket":"jira:ARCHBOM-1202","url":"https://openedx.atlassian.net/browse/ARCHBOM-1202","path":"docs/challenges.md","line":16,"column":209,"text":"ARCHBOM-1202","within":"status","role":"remedy"}
    "#);
    let unclaimed = Unclaimed {
        home: "FOO".to_owned(),
        example: "FOO-12".to_owned(),
        place: place("docs/challenges.md", 9, 4),
        count: 3,
    };
    insta::assert_snapshot!(refs_text(refs, &[unclaimed], style()), @"
    docs/challenges.md:13:90: jira:INFRA-39 mention, anecdote
    docs/challenges.md:14:90: jira:BOM-1161 mention, anecdote
    docs/challenges.md:16:209: jira:ARCHBOM-1202 remedy, status
    docs/challenges.md:9:4: FOO-12 no tracker claims FOO, named 3 times
    3 tickets in 3 places
    ");
}
