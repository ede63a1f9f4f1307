//! `report --format json`: the names and sums that programs rely on.

use serde_json::Value;

use super::sample::{World, id};
use super::world::{outage, sample, small};
use crate::domain::verdict::{Standing, Verdict};
use crate::report::json;

fn read(world: &World) -> Value {
    serde_json::from_str(&json(&world.report())).unwrap()
}

#[test]
#[expect(clippy::too_many_lines, reason = "the shape is shown whole")]
fn the_shape_is_the_contracts() {
    insta::assert_snapshot!(json(&small().report()), @r#"
    {
      "schema": 1,
      "generated_at": "2026-11-21T21:17:00Z",
      "complete": true,
      "counts": {
        "challenges": 1,
        "tickets": 2,
        "lookups": {
          "found": 1,
          "moved": 0,
          "gone": 0,
          "hidden": 0,
          "unknown": 1
        },
        "verdicts": {
          "open": 0,
          "done": 0,
          "undone": 1,
          "unverified": 0,
          "missing": 0,
          "unknown": 1
        },
        "standings": {
          "no-remedy": 0,
          "promised": 0,
          "broken-promise": 1,
          "cleared": 0,
          "unknown": 0
        }
      },
      "flags": {
        "decided": 0,
        "stood": 0
      },
      "tickets": [
        {
          "id": "jira:ARCHBOM-1202",
          "url": "https://openedx.atlassian.net/browse/ARCHBOM-1202",
          "title": "One issuer setting for all services",
          "kind": "issue",
          "state": "Closed",
          "reason": "Done",
          "created_at": "2020-02-03T10:00:00Z",
          "updated_at": "2021-05-04T10:00:00Z",
          "closed_at": "2021-05-04T10:00:00Z",
          "lookup": "found",
          "lookup_says": null,
          "moved_to": null,
          "verdict": "undone",
          "confidence": 0.97,
          "checked_at": "2026-11-21T21:15:00Z",
          "asked_at": "2026-11-21T21:15:00Z",
          "evidence": [
            {
              "rule": "register-note",
              "for": "undone",
              "strength": 0.9,
              "says": "the register's note says that the work was never finished",
              "source": "docs/challenges.md:16:260",
              "at": null
            },
            {
              "rule": "jira-resolution",
              "for": "done",
              "strength": 0.9,
              "says": "its resolution is Done, which is a claim and not yet work",
              "source": "https://openedx.atlassian.net/browse/ARCHBOM-1202",
              "at": "2021-05-04T10:00:00Z"
            }
          ],
          "cited": [
            {
              "place": {
                "path": "docs/challenges.md",
                "line": 16,
                "column": 209
              },
              "within": "status",
              "role": "remedy",
              "challenge": "token-issuer-settings-differ-between-services-0016",
              "topic": null
            }
          ]
        },
        {
          "id": "github:openedx/docs.openedx.org#449",
          "url": "https://github.com/openedx/docs.openedx.org/issues/449",
          "title": null,
          "kind": null,
          "state": null,
          "reason": null,
          "created_at": null,
          "updated_at": null,
          "closed_at": null,
          "lookup": "unknown",
          "lookup_says": null,
          "moved_to": null,
          "verdict": "unknown",
          "confidence": 0.0,
          "checked_at": null,
          "asked_at": null,
          "evidence": [],
          "cited": [
            {
              "place": {
                "path": "docs/arch-hours.md",
                "line": 9,
                "column": 40
              },
              "within": "topic",
              "role": "mention",
              "challenge": null,
              "topic": {
                "meeting": "2023-12-13",
                "text": "Who looks after the documentation search?",
                "place": {
                  "path": "docs/arch-hours.md",
                  "line": 9,
                  "column": 1
                }
              }
            }
          ]
        }
      ],
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
          ],
          "standing": "broken-promise",
          "priority": 1,
          "because": "Its remedy was closed as done; the work was never finished, and the pain came back."
        }
      ],
      "meetings": [
        {
          "date": "2023-12-13",
          "place": {
            "path": "docs/arch-hours.md",
            "line": 8,
            "column": 1
          },
          "skipped": false,
          "topics": [
            {
              "intention": "quest",
              "speaker": "Dave",
              "text": "Who looks after the documentation search?",
              "place": {
                "path": "docs/arch-hours.md",
                "line": 9,
                "column": 1
              },
              "assumed": false,
              "replies": [
                {
                  "speaker": null,
                  "text": "Agreed.",
                  "place": {
                    "path": "docs/arch-hours.md",
                    "line": 10,
                    "column": 3
                  }
                }
              ],
              "follow_ups": [],
              "tickets": [
                "github:openedx/docs.openedx.org#449"
              ]
            }
          ]
        }
      ],
      "findings": [
        {
          "code": "closed-undone",
          "severity": "warning",
          "challenge": "token-issuer-settings-differ-between-services-0016",
          "ticket": "jira:ARCHBOM-1202",
          "role": "remedy",
          "place": {
            "path": "docs/challenges.md",
            "line": 16,
            "column": 120
          },
          "message": "ARCHBOM-1202 was closed without the work",
          "hint": "reopen ARCHBOM-1202, or cite the ticket that does the work",
          "evidence": [],
          "first_seen": "2026-11-07T03:00:00Z",
          "fingerprint": "closed-undone-16"
        }
      ],
      "waived": [],
      "register_changes": [],
      "citations": [],
      "sources": [
        {
          "name": "challenges",
          "path": "docs/challenges.md",
          "kind": "register",
          "read_at": "2026-11-21T21:14:00Z",
          "trouble": null
        },
        {
          "name": "arch-hours",
          "path": "docs/arch-hours.md",
          "kind": "minutes",
          "read_at": "2026-11-21T21:14:00Z",
          "trouble": null
        }
      ],
      "trackers": [
        {
          "id": "jira",
          "worked_at": "2026-11-21T21:15:00Z",
          "asked_at": "2026-11-21T21:15:00Z",
          "trouble": null,
          "trouble_kind": null
        }
      ]
    }
    "#);
}

#[test]
fn the_sample_counts_as_it_was_made() {
    let counts = &read(&sample())["counts"];
    let expected = serde_json::json!({
        "challenges": 12, "tickets": 14,
        "lookups": {"found": 12, "moved": 1, "gone": 1, "hidden": 0, "unknown": 0},
        "verdicts": {"open": 2, "done": 4, "undone": 5, "unverified": 2, "missing": 1, "unknown": 0},
        "standings": {"no-remedy": 7, "promised": 1, "broken-promise": 4, "cleared": 0, "unknown": 0},
    });
    assert_eq!(*counts, expected);
}

#[test]
fn every_word_of_a_verdict_and_a_standing_is_counted_under_its_name() {
    let counts = &read(&sample())["counts"];
    for verdict in Verdict::ALL {
        assert!(counts["verdicts"][verdict.word()].is_number(), "{}", verdict.word());
    }
    for standing in Standing::ALL {
        assert!(counts["standings"][standing.word()].is_number(), "{}", standing.word());
    }
}

#[test]
fn an_empty_world_has_empty_lists() {
    let told = read(&World::empty());
    for list in ["tickets", "challenges", "meetings", "findings", "waived", "sources", "trackers"] {
        assert_eq!(told[list], serde_json::json!([]), "{list}");
    }
    assert_eq!(told["counts"]["tickets"], 0);
}

#[test]
fn a_title_is_kept_whole() {
    let mut world = sample();
    let title = "long \u{1b}[31m | <b> \u{202e}".repeat(5_000);
    world.known.documents[0].challenges[0].title.clone_from(&title);
    assert_eq!(read(&world)["challenges"][0]["title"], title);
}

#[test]
fn what_was_true_before_the_outage_stays_with_its_time() {
    let told = read(&outage());
    let tickets = told["tickets"].as_array().unwrap();
    let issuer = tickets.iter().find(|ticket| ticket["id"] == "jira:ARCHBOM-1202").unwrap();
    assert_eq!((&issuer["lookup"], &issuer["verdict"]), (&"unknown".into(), &"undone".into()));
    assert_eq!(issuer["checked_at"], "2026-11-21T18:00:00Z");
    assert_eq!(issuer["asked_at"], "2026-11-21T21:15:00Z");
    assert_eq!(told["complete"], false);
    assert_eq!(told["trackers"][0]["trouble_kind"], "outage");
}

#[test]
fn a_ticket_cited_twice_stands_once() {
    let mut world = sample();
    let again = world.known.documents[0].references[2].clone();
    world.known.documents[0].references.push(again);
    let told = read(&world);
    let tickets = told["tickets"].as_array().unwrap();
    let cited: Vec<usize> = tickets
        .iter()
        .filter(|ticket| ticket["id"] == "jira:ARCHBOM-1202")
        .map(|ticket| ticket["cited"].as_array().unwrap().len())
        .collect();
    assert_eq!((tickets.len(), cited), (14, vec![2]));
}

#[test]
fn a_confidence_that_is_no_number_is_none_at_all() {
    let mut world = sample();
    for (strange, told) in [(f64::NAN, 0.0), (f64::INFINITY, 1.0), (-3.0, 0.0), (0.123_456, 0.123)] {
        let judgement = world.judged.tickets.get_mut(&id("jira:ARCHBOM-1202")).unwrap();
        judgement.confidence = strange;
        judgement.evidence[0].strength = strange;
        let read = read(&world);
        let tickets = read["tickets"].as_array().unwrap();
        let issuer = tickets.iter().find(|ticket| ticket["id"] == "jira:ARCHBOM-1202").unwrap();
        assert_eq!(issuer["confidence"], told);
    }
}
