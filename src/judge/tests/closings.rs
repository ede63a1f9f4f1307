//! What holds for any closing, whatever surrounds it.

use proptest::prelude::*;

use super::varied::sayings;
use crate::domain::details::{Boxes, Comment, Details, Event, FixVersion, IssueLink, Mention};
use crate::domain::known::KnownTicket;
use crate::domain::verdict::{Side, Verdict};
use crate::judge::combine;
use crate::judge::testing::{closed_event, comment, commit, details, issue, jira, mention, moment, pull};

const SAID: [&str; 12] = [
    "Fixed in #12.",
    "I just committed this.",
    "We won't fix this.",
    "There are no plans to do this.",
    "Duplicate of #5",
    "Closing for lack of interest",
    "Still broken for me.",
    "This was reverted in #9",
    "I cannot reproduce this.",
    "Re-opening, this is not done.",
    "Closing.",
    "The pump starts before the valve is open, and nobody knows why.",
];

fn any_comment() -> impl Strategy<Value = Comment> {
    let who =
        prop::sample::select(vec![("ada", "MEMBER"), ("eve", "NONE"), ("bob", "CONTRIBUTOR"), ("stale[bot]", "")]);
    // Days of their own: of what happened at the same moment, nobody can tell what came first.
    let lines: Vec<&str> = super::sayings::all().collect();
    let said = prop::sample::select([&SAID[..], &sayings(), &lines].concat());
    (who, 1..60_u32, said).prop_map(|((who, association), day, text)| {
        let at = moment("2021-04-10") + chrono::TimeDelta::days(i64::from(day));
        Comment { at: Some(at), ..comment(who, association, "2021-04-10", text) }
    })
}

fn any_mention() -> impl Strategy<Value = Mention> {
    let title = prop::sample::select(vec!["Fix #7", "Stop the leak", "Revert \"Stop the leak\" (#12)", "Reland #12"]);
    let what = prop::sample::select(vec!["acme/rocket#12", "acme/rocket#5", "acme/rocket#9"]);
    let kind = prop::sample::select(vec!["issue", "pull"]);
    let state = prop::sample::select(vec!["merged", "closed", "open", ""]);
    let day = prop::sample::select(vec!["2021-05-01", "2021-05-04", "2021-05-20"]);
    (kind, what, state, title, day).prop_map(|(kind, what, state, title, day)| Mention {
        closed_at: Some(moment(day)),
        ..mention(kind, what, "event", state, Some(title))
    })
}

fn any_closed() -> impl Strategy<Value = KnownTicket> {
    let ticket = prop_oneof![
        prop::option::of(prop::sample::select(vec!["Fixed", "Won't Do", "Duplicate", "Cannot Reproduce"]))
            .prop_map(|resolution| jira("OPS-7", "Closed", resolution)),
        prop::option::of(prop::sample::select(vec!["completed", "not_planned"])).prop_map(|reason| issue(
            "acme/rocket#7",
            reason,
            "2021-05-04"
        )),
        any::<bool>().prop_map(|merged| pull("acme/rocket#7", Some(merged))),
    ];
    let comments = prop::collection::vec(any_comment(), 0..5);
    let mentions = prop::collection::vec(any_mention(), 0..4);
    (ticket, comments, mentions, any::<bool>(), any::<bool>()).prop_map(
        |(mut ticket, comments, mentions, known, boxes)| {
            ticket.facts.as_mut().unwrap().closed_by = known.then(|| "ada".to_owned());
            *details(&mut ticket) = Details {
                author: Some("bob".into()),
                boxes: boxes.then_some(Boxes { checked: 1, unchecked: 2 }),
                comments,
                mentions,
                events: vec![closed_event("eve", "2021-03-01"), closed_event("ada", "2021-05-04")],
                issue_links: vec![IssueLink {
                    relation: "duplicates".into(),
                    key: "OPS-5".into(),
                    ..IssueLink::default()
                }],
                ..Details::default()
            };
            ticket
        },
    )
}

/// Ways to add evidence of work.
fn with_work(ticket: &KnownTicket, how: usize) -> KnownTicket {
    let mut more = ticket.clone();
    let is_jira = more.id.to_string().starts_with("jira");
    match how {
        0 => details(&mut more).comments.push(comment("ada", "MEMBER", "2021-05-04", "Fixed in #77, merged to main.")),
        1 => details(&mut more).mentions.push(commit("1a2b3c4d", "bors", "2021-05-04")),
        2 => details(&mut more).mentions.push(Mention {
            event: Some("closing".into()),
            closed_at: Some(moment("2021-05-04")),
            ..mention("pull", "acme/rocket#77", "event", "merged", Some("Fix #7"))
        }),
        3 => details(&mut more).events.last_mut().unwrap().commit = Some("1a2b3c4d".into()),
        4 if is_jira => {
            details(&mut more).fix_versions = vec![FixVersion { name: "2.1".into(), released: Some(true) }];
        }
        _ => details(&mut more).labels.push("fixed".into()),
    }
    more
}

fn shuffled(ticket: &KnownTicket) -> KnownTicket {
    let mut other = ticket.clone();
    let details = details(&mut other);
    details.comments.reverse();
    details.events.reverse();
    details.mentions.reverse();
    details.labels.reverse();
    other
}

proptest! {
    #[test]
    fn evidence_of_work_never_makes_done_less_likely(ticket in any_closed(), how in 0..6_usize) {
        let (before, after) =
            (crate::judge::ticket(&ticket, &[]), crate::judge::ticket(&with_work(&ticket, how), &[]));
        let (done, undone) = combine::confidences(&before.evidence);
        let (more, less) = combine::confidences(&after.evidence);
        prop_assert!(more >= done && less <= undone, "{how}: {before:#?}\n{after:#?}");
        prop_assert!(after.verdict != Verdict::Undone || before.verdict == Verdict::Undone);
    }

    #[test]
    fn the_order_in_which_things_are_told_does_not_matter(ticket in any_closed()) {
        prop_assert_eq!(crate::judge::ticket(&ticket, &[]), crate::judge::ticket(&shuffled(&ticket), &[]));
    }

    #[test]
    fn judging_a_closing_is_deterministic_and_its_numbers_are_shares(ticket in any_closed()) {
        let judged = crate::judge::ticket(&ticket, &[]);
        prop_assert!((0.0..=1.0).contains(&judged.confidence));
        prop_assert!(judged.evidence.iter().all(|evidence| (0.0..=1.0).contains(&evidence.strength)));
        prop_assert_eq!(&judged, &crate::judge::ticket(&ticket, &[]));
    }

    #[test]
    fn any_text_is_listened_to(text in "\\PC{0,200}") {
        let mut ticket = issue("acme/rocket#7", None, "2021-05-04");
        details(&mut ticket).comments = vec![comment("ada", "MEMBER", "2021-05-04", &text)];
        details(&mut ticket).events = vec![Event { kind: text.clone(), value: Some(text), ..Event::default() }];
        crate::judge::ticket(&ticket, &[]);
    }

    #[test]
    fn a_bare_closing_has_no_evidence_against_it(by in prop::option::of("[a-z]{1,8}")) {
        let mut ticket = issue("acme/rocket#7", None, "2021-05-04");
        ticket.facts.as_mut().unwrap().closed_by = by.filter(|by| !by.contains("stale"));
        let judged = crate::judge::ticket(&ticket, &[]);
        prop_assert!(judged.evidence.iter().all(|evidence| evidence.side != Side::Undone), "{judged:?}");
    }
}

#[test]
fn a_reopening_tells_the_same_story_on_both_trackers() {
    let moved = |value: &str| Event {
        kind: "status".to_owned(),
        at: Some(moment("2023-03-01")),
        value: Some(value.to_owned()),
        ..Event::default()
    };
    let reopened = Event { kind: "reopened".to_owned(), ..moved("") };
    let refused = comment("ada", "MEMBER", "2023-02-28", "We won't do this.");
    let on = |mut ticket: KnownTicket, event: Option<Event>| {
        ticket.facts.as_mut().unwrap().closed_at = Some(moment("2023-05-04"));
        details(&mut ticket).comments = vec![refused.clone()];
        details(&mut ticket).events.extend(event);
        crate::judge::ticket(&ticket, &[]).verdict
    };
    let github = || issue("acme/rocket#7", Some("completed"), "2023-05-04");
    let jira = || jira("OPS-7", "Done", Some("Done"));
    for (ticket, event, expected) in [
        (github(), None, Verdict::Unverified),
        (jira(), None, Verdict::Unverified),
        (github(), Some(reopened), Verdict::Done),
        (jira(), Some(moved("Done → In Progress")), Verdict::Done),
        (jira(), Some(moved("Closed → Reopened")), Verdict::Done),
        (jira(), Some(moved("Won't Do → To Do")), Verdict::Done),
        // From one end to another, and on with the work.
        (jira(), Some(moved("Resolved → Closed")), Verdict::Unverified),
        (jira(), Some(moved("Done → Freigegeben")), Verdict::Unverified),
        (jira(), Some(moved("To Do → In Progress")), Verdict::Unverified),
    ] {
        let told = format!("{event:?}");
        assert_eq!(on(ticket, event), expected, "{told}");
    }
}

#[test]
fn what_landed_before_a_reopening_counts_half() {
    let strength = |reopened: &str| {
        let mut ticket = issue("acme/rocket#7", None, "2021-05-04");
        let event = Event { kind: "reopened".to_owned(), at: Some(moment(reopened)), ..Event::default() };
        details(&mut ticket).events.push(event);
        let closes = mention("pull", "acme/rocket#8", "event", "merged", Some("Fix #7"));
        details(&mut ticket).mentions = vec![Mention { closed_at: Some(moment("2021-05-02")), ..closes }];
        crate::judge::ticket(&ticket, &[]).evidence.iter().map(|evidence| evidence.strength).fold(0.0, f64::max)
    };
    assert_eq!(strength("2021-05-03"), strength("2021-05-01") / 2.0);
}
