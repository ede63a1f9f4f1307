//! What holds for any record that `judge` may be given, through the same entry: read as a line of JSON, then judged.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::sayings;
use crate::domain::verdict::{Judgement, Verdict};
use crate::judge::combine;

fn judged(record: &Value) -> Judgement {
    let known = crate::judge::record(&record.to_string()).unwrap_or_else(|error| panic!("{error}: {record}"));
    crate::judge::ticket(&known, &[])
}

fn any_comment() -> impl Strategy<Value = Value> {
    let all: Vec<&str> = sayings::all().collect();
    let who = select(vec![("ada", "MEMBER"), ("bob", "CONTRIBUTOR"), ("eve", "NONE"), ("stale[bot]", "NONE")]);
    // Hours of their own: of what happened at the same moment, nobody can tell what came first.
    (who, select(all), 0..700_u32).prop_map(|((author, association), text, hour)| {
        let date = format!("2021-04-{:02}T{:02}:00:00Z", 1 + hour / 24, hour % 24);
        json!({"author": author, "author_association": association, "excerpt": text, "date": date})
    })
}

fn any_link() -> impl Strategy<Value = Value> {
    let what = select(vec!["acme/rocket#12", "acme/rocket#5", "acme/rocket#9"]);
    let title = select(vec!["Fix #7", "Stop the leak", "Revert \"Stop the leak\" (#12)", "Reland #12"]);
    let kind = select(vec!["issue", "pull"]);
    let from = select(vec!["text", "event", "backref"]);
    (kind, what, from, select(vec!["merged", "closed", "open"]), title, 20..30_u32).prop_map(
        |(kind, what, from, state, title, day)| {
            let closed = format!("2021-04-{day}T12:00:00Z");
            json!({"kind": kind, "ref": what, "from": from, "state": state, "title": title, "closed_at": closed})
        },
    )
}

/// A closed ticket on one tracker or the other, of which any part may be untold.
fn any_record() -> impl Strategy<Value = Value> {
    let base = prop_oneof![
        select(vec![Value::Null, json!("completed"), json!("not_planned"), json!("duplicate")]).prop_map(
            |reason| json!({
                "id": "github:acme/rocket#7", "state": "closed", "state_reason": reason, "closed_by": "ada",
                "events": [{"event": "closed", "actor": "ada", "date": "2021-04-30T12:00:00Z"},
                           {"event": "labeled", "label": "bug", "date": "2021-04-03T12:00:00Z"}],
            })
        ),
        any::<bool>().prop_map(|merged| json!({
            "id": "github:acme/rocket#7", "kind": "pull", "state": "closed", "merged": merged, "closed_by": "ada",
        })),
        select(vec![Value::Null, json!("Fixed"), json!("Won't Do"), json!("Duplicate"), json!("Cannot Reproduce")])
            .prop_map(|resolution| json!({
                "id": "jira:OPS-7", "status": "Closed", "status_category": "done", "resolution": resolution,
                "issuelinks": [{"relation": "duplicates", "key": "OPS-5", "status": "Open"}],
                "subtasks": [{"key": "OPS-8", "status": "Open"}, {"key": "OPS-9", "status": "Closed"}],
            })),
    ];
    let comments = prop::collection::vec(any_comment(), 0..6);
    let links = prop::collection::vec(any_link(), 0..4);
    (base, comments, links, any::<u8>()).prop_map(|(mut record, comments, links, told)| {
        let more = [
            ("comments", json!(comments)),
            ("links", json!(links)),
            ("title", json!("The valve leaks")),
            ("author", json!("eve")),
            ("closed_at", json!("2021-04-30T12:00:00Z")),
            ("boxes", json!({"checked": 1, "unchecked": 2})),
            ("labels", json!(["bug", "wontfix"])),
            ("fix_versions", json!([{"name": "2.1", "released": false}])),
        ];
        for (bit, (field, value)) in more.into_iter().enumerate() {
            if told & (1 << bit) != 0 {
                record[field] = value;
            }
        }
        record
    })
}

/// Turns every list around.
fn turned(record: &Value) -> Value {
    let mut turned = record.clone();
    for field in turned.as_object_mut().unwrap().values_mut() {
        if let Value::Array(items) = field {
            items.reverse();
        }
    }
    turned
}

/// Ways to add evidence of work.
fn with_work(record: &Value, how: usize) -> Value {
    let mut more = record.clone();
    let jira = record["id"].as_str().unwrap().starts_with("jira");
    let (field, one) = match how {
        0 => (
            "comments",
            json!({"author": "ada", "author_association": "MEMBER", "date": "2021-04-30T12:00:00Z",
                   "excerpt": "Fixed in #77, merged to main."}),
        ),
        1 => (
            "links",
            json!({"kind": "pull", "ref": "acme/rocket#77", "from": "event", "event": "closing", "state": "merged",
                   "title": "Fix #7", "closed_at": "2021-04-30T12:00:00Z"}),
        ),
        2 if jira => ("fix_versions", json!({"name": "2.2", "released": true})),
        _ => ("labels", json!("fixed")),
    };
    if !more[field].is_array() {
        more[field] = json!([]);
    }
    more[field].as_array_mut().unwrap().push(one);
    more
}

proptest! {
    #[test]
    fn any_record_is_judged_the_same_however_its_lists_are_ordered(record in any_record()) {
        let one = judged(&record);
        prop_assert_eq!(&one, &judged(&record));
        // Undated comments stand in their order; dated ones may come in any.
        prop_assert_eq!(&one, &judged(&turned(&record)), "{}", record);
        prop_assert!((0.0..=1.0).contains(&one.confidence));
    }

    #[test]
    fn work_that_a_record_tells_besides_never_speaks_against_it(record in any_record(), how in 0..4_usize) {
        let (before, after) = (judged(&record), judged(&with_work(&record, how)));
        let (done, undone) = combine::confidences(&before.evidence);
        let (more, less) = combine::confidences(&after.evidence);
        prop_assert!(more >= done && less <= undone, "{how}: {before:#?}\n{after:#?}");
        prop_assert!(after.verdict != Verdict::Undone || before.verdict == Verdict::Undone);
    }

    #[test]
    fn fields_that_nobody_knows_change_nothing(record in any_record(), name in "x_[a-z]{1,8}") {
        let mut more = record.clone();
        more[name] = json!({"any": ["thing", 1, null]});
        prop_assert_eq!(judged(&record), judged(&more));
    }

    #[test]
    fn what_is_open_is_open_whatever_is_said_of_it(mut record in any_record()) {
        if record["id"].as_str().unwrap().starts_with("jira") {
            (record["status"], record["status_category"]) = (json!("In Progress"), json!("indeterminate"));
        } else {
            (record["state"], record["merged"]) = (json!("open"), Value::Null);
        }
        prop_assert_eq!(judged(&record).verdict, Verdict::Open);
    }
}
