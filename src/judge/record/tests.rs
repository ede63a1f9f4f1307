//! Records whole, in part, and broken.

use super::{NotARecord, record};
use crate::domain::ticket::TicketKind;
use crate::domain::verdict::Verdict;
use crate::judge::testing::moment;

fn verdict(line: &str) -> Verdict {
    crate::judge::ticket(&record(line).unwrap(), &[]).verdict
}

#[test]
fn a_record_of_github_is_read_whole() {
    let known = record(
        r##"{"id": "github:acme/rocket#8", "tracker": "github", "repo": "acme/rocket", "kind": "pull", "new": {"x": 1},
            "title": "Fix the nozzle", "state": "CLOSED", "merged": false, "labels": null, "author": "ada",
            "created_at": "2021-05-01T00:00:00Z", "comment_count": 1, "boxes": {"checked": 2, "unchecked": 1},
            "comments": [{"author": "eve", "date": "2021-05-04T00:00:00Z", "excerpt": "landed as abc1234"}],
            "events": [{"event": "closed", "actor": "eve", "date": "2021-05-04T00:00:00.000+0000", "commit": "abc1234"},
                       {"event": "labeled", "label": "bug", "date": "2021-05-02T00:00:00Z"}],
            "links": [{"kind": "issue", "ref": "acme/rocket#7", "from": "text", "state": "CLOSED"}]}"##,
    )
    .unwrap();
    let facts = known.facts.unwrap();
    assert_eq!((facts.kind, facts.closed, facts.merged), (TicketKind::Pull, true, Some(false)));
    assert_eq!((facts.closed_at, facts.closed_by.as_deref()), (Some(moment("2021-05-04")), Some("eve")));
    assert_eq!(facts.url, "https://github.com/acme/rocket/issues/8");
    let details = facts.details;
    assert_eq!(details.events.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>(), ["labeled", "closed"]);
    assert_eq!(details.events[0].value.as_deref(), Some("bug"));
    assert_eq!(details.mentions[0].state.as_deref(), Some("closed"));
    assert_eq!(details.boxes.map(|boxes| boxes.unchecked), Some(1));
    assert_eq!(details.comments[0].text, "landed as abc1234");
}

#[test]
fn a_record_of_jira_is_read_whole() {
    let known = record(
        r#"{"id": "jira:OPS-7", "kind": "issue", "issuetype": "Bug", "title": "t", "status": "Closed",
            "status_category": "done", "resolution": "Fixed", "resolutiondate": "2021-05-04T02:00:00.000+0200",
            "fix_versions": [{"name": "2.1", "released": true}], "subtasks": [{"key": "OPS-8", "status": "Open"}],
            "issuelinks": [{"relation": "duplicates", "key": "OPS-5", "target_resolution": "Fixed"}]}"#,
    )
    .unwrap();
    let facts = known.facts.unwrap();
    assert_eq!((facts.closed, facts.reason.as_deref(), facts.state.as_str()), (true, Some("Fixed"), "Closed"));
    assert_eq!(facts.closed_at, Some(moment("2021-05-04")));
    let details = facts.details;
    assert_eq!(details.fix_versions[0].released, Some(true));
    assert_eq!(details.issue_links[0].resolution.as_deref(), Some("Fixed"));
    assert_eq!(details.subtasks[0].status.as_deref(), Some("Open"));
}

#[test]
fn what_is_open_and_what_is_closed() {
    for (line, expected) in [
        (r#"{"id": "github:a/b#1", "state": "open"}"#, Verdict::Open),
        (r#"{"id": "github:a/b#1", "state": "open", "closed_at": "2021-05-04T10:00:00Z"}"#, Verdict::Open),
        (r#"{"id": "github:a/b#1", "state": "closed"}"#, Verdict::Unverified),
        (r#"{"id": "github:a/b#1", "kind": "pull", "state": "merged"}"#, Verdict::Done),
        (r#"{"id": "github:a/b#1", "state": "closed", "state_reason": "not_planned"}"#, Verdict::Undone),
        (r#"{"id": "jira:OPS-7", "status": "In Review", "status_category": "indeterminate"}"#, Verdict::Open),
        (r#"{"id": "jira:OPS-7", "status": "Closed", "status_category": "done"}"#, Verdict::Unverified),
        (r#"{"id": "jira:OPS-7", "status": "Closed"}"#, Verdict::Unverified),
        (r#"{"id": "jira:OPS-7", "status": "Cancelled"}"#, Verdict::Undone),
        (r#"{"id": "jira:OPS-7", "status": "In Progress", "resolution": "Fixed"}"#, Verdict::Open),
        (r#"{"id": "jira:OPS-7", "resolution": "Won't Do"}"#, Verdict::Undone),
        (r#"{"id": "jira:OPS-7", "resolution": "Unresolved"}"#, Verdict::Open),
        // What only closed tickets have, where the state itself is not told.
        (r#"{"id": "github:a/b#1", "kind": "pull", "merged": true}"#, Verdict::Done),
        (r#"{"id": "github:a/b#1", "kind": "pull", "merged_at": "2021-05-04T10:00:00Z"}"#, Verdict::Done),
        (r#"{"id": "github:a/b#1", "closed_at": "2021-05-04T10:00:00Z"}"#, Verdict::Unverified),
        (r#"{"id": "github:a/b#1", "state_reason": "not_planned"}"#, Verdict::Undone),
        (r#"{"id": "github:a/b#1", "events": [{"event": "closed", "commit": "1a2b3c4d"}]}"#, Verdict::Done),
        (r#"{"id": "github:a/b#1", "events": [{"event": "closed"}, {"event": "reopened"}]}"#, Verdict::Open),
        (r#"{"id": "jira:OPS-7", "resolutiondate": "2021-05-04T10:00:00.000+0000"}"#, Verdict::Unverified),
    ] {
        assert_eq!(verdict(line), expected, "{line}");
    }
}

#[test]
fn what_tells_nothing_of_its_state_is_unknown() {
    for line in [
        r#"{"id": "github:a/b#1"}"#,
        r#"{"id": "github:a/b#1", "state": null, "merged": false, "closed_at": "some day"}"#,
        r#"{"id": "github:a/b#1", "comments": [{"excerpt": "We won't do this."}]}"#,
        r#"{"id": "github:a/b#1", "state_reason": "odd", "events": [{"event": "labeled", "label": "bug"}]}"#,
        r#"{"id": "jira:OPS-7", "status": " ", "resolution": ""}"#,
        r#"{"id": "jira:OPS-7", "fix_versions": [{"name": "2.1", "released": true}]}"#,
    ] {
        let judged = crate::judge::ticket(&record(line).unwrap(), &[]);
        assert_eq!((judged.verdict, judged.confidence), (Verdict::Unknown, 0.0), "{line}");
        assert!(judged.evidence.is_empty(), "{line}");
    }
}

#[test]
fn what_is_no_record_says_why() {
    for (line, expected) in [
        ("nonsense", "no JSON object"),
        ("[]", "no JSON object"),
        (r#"{"id": "jira:OPS-7",}"#, "trailing comma, at column 21"),
        ("{}", "its `id` is not a ticket id: `` (expected `jira:KEY-1` or `github:owner/repo#1`)"),
        (r#"{"id": "OPS-7"}"#, "its `id` is not a ticket id: `OPS-7` (expected `jira:KEY-1` or `github:owner/repo#1`)"),
        (r#"{"id": 7}"#, "invalid type: integer `7`, expected a string, at column 8"),
        (
            r#"{"id": "jira:OPS-7", "comments": "none"}"#,
            "invalid type: string \"none\", expected a sequence, at column 39",
        ),
        (r#"{"id": "jira:OPS-7", "tracker": "github"}"#, "its `id` is of jira, its `tracker` is `github`"),
    ] {
        let said = record(line).map_err(|error: NotARecord| error.to_string()).unwrap_err();
        assert_eq!(said, format!("not a ticket record: {expected}"), "{line}");
    }
}
