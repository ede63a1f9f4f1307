//! What surrounds a closing on GitHub: asked for once, in few queries, and never at the cost of what is known.

use dragnet::domain::lookup::{Ask, LookupKind};
use dragnet::domain::ticket::Ticket;
use dragnet::standin::{GitHub, Mishap, Running, serve};

use super::{Told, ask, ask_knowing, at, github_at, token, trackers};

async fn told(github: &GitHub, tickets: &[&str]) -> (Told, Running) {
    let running = serve(github.clone()).await.unwrap();
    let told = ask(&trackers(&[github_at(&running.url, token())]), tickets).await;
    (told, running)
}

/// Queries by name.
fn queries(running: &Running, name: &str) -> Vec<String> {
    let texts = running.requests().into_iter().filter_map(|it| it.json()["query"].as_str().map(str::to_owned));
    texts.filter(|text| text.starts_with(&format!("query {name}("))).collect()
}

fn aliases(query: &str) -> usize {
    query.matches("issueOrPullRequest(number:").count()
}

/// The next asking of tickets that were answered so.
fn again(told: &Told) -> Vec<Ask> {
    let looked_at = |ticket: &Ticket| ticket.details.closing.clone();
    told.answers
        .iter()
        .map(|answer| Ask {
            ticket: answer.asked.clone(),
            looked_at: looked_at(told.ticket(&answer.asked.to_string())).map(Into::into),
            open: false,
            settled: None,
            followed: false,
            moved_to: None,
        })
        .collect()
}

#[tokio::test]
async fn all_that_surrounds_a_closing_is_told() {
    let github = GitHub::new();
    github.pull("acme/rocket", 8).titled("Start faster").opened(at("2026-01-02")).merged(at("2026-01-03"));
    github.pull("acme/ship", 4).titled("Mentions it").opened(at("2026-01-05"));
    github.issue("acme/rocket", 20).closed_as("completed", at("2026-01-01"));
    github.issue("acme/rocket", 21);
    github
        .issue("acme/rocket", 7)
        .titled("Slow start")
        .author("ada", "CONTRIBUTOR")
        .assigned("grace")
        .labelled("bug")
        .labelled("wontfix")
        .milestone("v2")
        .body("Takes a minute.\n- [x] measure\n- [ ] mend")
        .opened(at("2026-01-01"))
        .closed_as("not_planned", at("2026-01-02"))
        .reopened(at("2026-01-02"))
        .comment("ada", "Any news?", at("2026-01-02"))
        .closed_as("completed", at("2026-01-03"))
        .closed_by("grace")
        .closed_by_pull("acme/rocket", 8)
        .comment("stale[bot]", "Locked.", at("2026-01-04"))
        .mentioned_by("acme/ship", 4)
        .referenced_by("c0ffee", "Mention #7", at("2026-01-06"))
        .sub_issue("acme/rocket", 20)
        .sub_issue("acme/rocket", 21);
    let (told, running) = told(&github, &["github:acme/rocket#7"]).await;
    let ticket = told.ticket("github:acme/rocket#7");
    assert_eq!(ticket.closed_by.as_deref(), Some("grace"));
    assert_eq!(ticket.details.closing, ticket.closing());
    insta::assert_snapshot!(shown(ticket), @r#"
    assignee: "grace"
    author: "ada"
    author_association: "CONTRIBUTOR"
    body: "Takes a minute.\n- [x] measure\n- [ ] mend"
    boxes: {"checked":1,"unchecked":1}
    closing: {"closed_at":"2026-01-03T12:00:00Z","reason":"completed","state":"closed","updated_at":"2026-01-04T12:00:00Z"}
    comment_count: 2
    comments: {"association":"MEMBER","at":"2026-01-02T12:00:00Z","author":"ada","text":"Any news?","url":"https://github.com/acme/rocket/issues/7#issuecomment-1"}
    comments: {"after_close":true,"association":"MEMBER","at":"2026-01-04T12:00:00Z","author":"stale","bot":true,"text":"Locked.","url":"https://github.com/acme/rocket/issues/7#issuecomment-2"}
    events: {"actor":"octo-closer","at":"2026-01-02T12:00:00Z","kind":"closed","reason":"not_planned"}
    events: {"actor":"octo-author","at":"2026-01-02T12:00:00Z","kind":"reopened"}
    events: {"actor":"grace","at":"2026-01-03T12:00:00Z","kind":"closed","pull":"acme/rocket#8","reason":"completed"}
    labels: "bug"
    labels: "wontfix"
    mentions: {"actor":"octo-author","at":"2026-01-02T12:00:00Z","closed_at":"2026-01-03T12:00:00Z","event":"closing","kind":"pull","seen_in":"event","state":"merged","title":"Start faster","what":"acme/rocket#8"}
    mentions: {"actor":"octo-author","after_close":true,"at":"2026-01-05T12:00:00Z","event":"cross-referenced","kind":"pull","seen_in":"event","state":"open","title":"Mentions it","what":"acme/ship#4"}
    mentions: {"actor":"octo-committer","after_close":true,"at":"2026-01-06T12:00:00Z","event":"referenced","kind":"commit","seen_in":"event","title":"Mention #7","what":"c0ffee"}
    milestone: "v2"
    subtasks: {"closed":true,"key":"acme/rocket#20","status":"closed"}
    subtasks: {"key":"acme/rocket#21","status":"open"}
    "#);
    assert_eq!(running.requests().len(), 2);
}

/// The details a line each, as JSON without what is absent.
pub(super) fn shown(ticket: &Ticket) -> String {
    let mut details = serde_json::to_value(&ticket.details).unwrap();
    let mut lines = Vec::new();
    for (name, value) in details.as_object_mut().unwrap() {
        let plain = |value: &serde_json::Value| {
            let mut value = value.clone();
            if let Some(fields) = value.as_object_mut() {
                fields.retain(|_, it| !it.is_null() && *it != false);
            }
            value.to_string()
        };
        match value {
            serde_json::Value::Array(list) => lines.extend(list.iter().map(|one| format!("{name}: {}", plain(one)))),
            serde_json::Value::Null => {}
            value => lines.push(format!("{name}: {}", plain(value))),
        }
    }
    lines.join("\n")
}

#[tokio::test]
async fn a_merged_pull_request_tells_what_undid_it() {
    let github = GitHub::new();
    let pull = github.pull("acme/rocket", 8).titled("Start faster").merged(at("2026-01-03")).closed_by("grace");
    pull.reverted_by(9, at("2026-01-05"));
    github.issue("acme/rocket", 7).closed_as("completed", at("2026-01-03")).closed_by_pull("acme/rocket", 8);
    let (told, _running) = told(&github, &["github:acme/rocket#8", "github:acme/rocket#7"]).await;
    for id in ["github:acme/rocket#8", "github:acme/rocket#7"] {
        let ticket = told.ticket(id);
        let revert = ticket.details.mentions.iter().find(|it| it.event.as_deref() == Some("reverts")).expect(id);
        assert_eq!((revert.what.as_str(), revert.kind.as_str()), ("acme/rocket#9", "pull"));
        assert_eq!((revert.state.as_deref(), revert.closed_at), (Some("merged"), Some(at("2026-01-05"))));
        assert!(revert.after_close);
    }
    let pull = told.ticket("github:acme/rocket#8");
    let kinds: Vec<_> = pull.details.events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!((kinds.as_slice(), pull.closed_by.as_deref()), (&["merged", "closed"][..], Some("grace")));
    assert!(pull.details.events[0].commit.is_some());
}

#[tokio::test]
async fn the_original_of_a_duplicate_is_told_whatever_the_server_knows_of_reasons() {
    for knows in [true, false] {
        let github = GitHub::new();
        github.issue("acme/ship", 3);
        github.issue("acme/rocket", 1).closed_as("duplicate", at("2026-01-04")).duplicate_of(
            "acme/ship",
            3,
            at("2026-01-04"),
        );
        if !knows {
            github.without_enable_duplicate();
        }
        let (told, _running) = told(&github, &["github:acme/rocket#1"]).await;
        let ticket = told.ticket("github:acme/rocket#1");
        assert_eq!(ticket.reason.as_deref(), Some("duplicate"));
        assert_eq!(ticket.duplicate_of.as_ref().unwrap().to_string(), "github:acme/ship#3");
    }
}

/// The mark of a duplicate may be too long ago for the events that are asked for.
#[tokio::test]
async fn an_issue_says_what_it_duplicates_without_an_event_and_whatever_else_a_server_lacks() {
    let of = |told: &Told| told.ticket("github:acme/rocket#1").duplicate_of.as_ref().map(ToString::to_string);
    let parts = |told: &Told| told.ticket("github:acme/rocket#1").details.subtasks.len();
    let original = Some("github:acme/ship#3".to_owned());
    for (lacks, expected, queries_made) in [
        (&[][..], (original.clone(), 60), 1),
        (&["subIssues"][..], (original, 0), 2),
        (&["duplicateOf"][..], (None, 60), 2),
        (&["subIssues", "duplicateOf"][..], (None, 0), 2),
    ] {
        let github = GitHub::new();
        github.issue("acme/ship", 3);
        let mut issue =
            github.issue("acme/rocket", 1).closed_as("duplicate", at("2026-01-04")).duplicates("acme/ship", 3);
        for part in 100..160 {
            github.issue("acme/rocket", part);
            issue = issue.sub_issue("acme/rocket", part);
        }
        for lack in lacks {
            if *lack == "subIssues" {
                github.without_sub_issues()
            } else {
                github.without_duplicate_of()
            };
        }
        let (told, running) = told(&github, &["github:acme/rocket#1"]).await;
        assert_eq!((of(&told), parts(&told)), expected, "{lacks:?}");
        assert_eq!(queries(&running, "Closings").len(), queries_made, "{lacks:?}");
    }
}

#[tokio::test]
async fn an_issue_that_became_a_discussion_says_so() {
    let github = GitHub::new();
    github.issue("acme/rocket", 1).converted_to_discussion(40, at("2026-01-04"));
    let (told, _running) = told(&github, &["github:acme/rocket#1"]).await;
    let event = told.ticket("github:acme/rocket#1").details.events.last().unwrap();
    assert_eq!(event.kind, "converted_to_discussion");
    assert_eq!(event.value.as_deref(), Some("https://github.com/acme/rocket/discussions/40"));
}

#[tokio::test]
async fn a_ticket_that_moved_is_looked_at_where_it_is_now() {
    let github = GitHub::new();
    github.issue("acme/rocket", 5).closed_as("completed", at("2026-01-02")).closed_by_commit("c0ffee");
    github.transferred("acme/rocket", 5, "acme/ship", 77);
    let (told, _running) = told(&github, &["github:acme/rocket#5"]).await;
    assert_eq!(told.kind("github:acme/rocket#5"), LookupKind::Moved);
    let events = &told.ticket("github:acme/rocket#5").details.events;
    assert_eq!(events[0].commit.as_deref(), Some("c0ffee"));
}

#[tokio::test]
async fn open_tickets_take_no_closer_look_and_closed_ones_one_query_for_twenty_five() {
    let github = GitHub::new();
    for number in 1..=500 {
        let repo = format!("acme/rocket{}", number % 7);
        let issue = github.issue(&repo, number);
        if number % 5 != 0 {
            issue.closed_as("completed", at("2026-01-02"));
        }
    }
    let running = serve(github.clone()).await.unwrap();
    let trackers = trackers(&[github_at(&running.url, token())]);
    let ids: Vec<_> = (1..=500).map(|n| format!("github:acme/rocket{}#{n}", n % 7)).collect();
    let first = ask(&trackers, &ids.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert_eq!(first.answers.len(), 500);
    assert!(first.answers.iter().all(|answer| answer.lookup.kind() == LookupKind::Found));
    let heavy = queries(&running, "Closings");
    assert_eq!((queries(&running, "Tickets").len(), heavy.len()), (5, 16));
    assert!(heavy.iter().all(|query| aliases(query) <= 25));
    assert_eq!(heavy.iter().map(|query| aliases(query)).sum::<usize>(), 400);

    // Nothing changed: nothing is looked at again.
    running.forget();
    let second = ask_knowing(&trackers, again(&first)).await;
    assert_eq!((second.answers.len(), running.requests().len()), (500, 5));

    // One was commented on, one opened and closed again: these two are looked at again, in one query.
    running.forget();
    github.issue("acme/rocket1", 1).comment("ada", "It is back!", at("2026-02-01"));
    github.issue("acme/rocket2", 2).reopened(at("2026-02-01")).closed_as("not_planned", at("2026-02-02"));
    let third = ask_knowing(&trackers, again(&first)).await;
    let heavy = queries(&running, "Closings");
    assert_eq!((heavy.len(), aliases(&heavy[0]), running.requests().len()), (1, 2, 6));
    assert_eq!(third.ticket("github:acme/rocket1#1").details.comments[0].text, "It is back!");
}

fn closed(count: u64) -> (GitHub, Vec<String>) {
    let github = GitHub::new();
    let ids = (1..=count).map(|number| {
        github.issue("acme/rocket", number).closed_as("completed", at("2026-01-02")).body("Text");
        format!("github:acme/rocket#{number}")
    });
    let ids = ids.collect();
    (github, ids)
}

fn looked_at(told: &Told, ids: &[String]) -> usize {
    ids.iter().filter(|id| told.ticket(id).details.closing.is_some()).count()
}

#[tokio::test]
async fn a_look_that_fails_leaves_what_is_known_in_force() {
    for (mishap, requests) in [
        (Mishap::Status(500), 2..=2),
        (Mishap::Status(401), 2..=2),
        (Mishap::SecondaryLimit, 2..=2),
        (Mishap::LoginPage, 2..=2),
        (Mishap::HalfJson, 2..=2),
        (Mishap::WrongShape, 2..=2),
        // Halved three times, and given up when four parts in a row failed.
        (Mishap::Status(502), 9..=16),
    ] {
        let (github, ids) = closed(20);
        let running = serve(github).await.unwrap();
        running.fail(mishap.clone().on_body("query Closings"));
        let told = ask(&trackers(&[github_at(&running.url, token())]), &refs(&ids)).await;
        assert!(ids.iter().all(|id| told.kind(id) == LookupKind::Found), "{mishap:?}");
        assert!(ids.iter().all(|id| told.ticket(id).reason.as_deref() == Some("completed")), "{mishap:?}");
        assert_eq!(looked_at(&told, &ids), 0, "{mishap:?}");
        let made = running.requests().len();
        assert!(told.answers.len() == 20 && requests.contains(&made), "{mishap:?}: {made}");
        assert!(told.health().worked && told.health().trouble.is_some(), "{mishap:?}");
    }
}

fn refs(ids: &[String]) -> Vec<&str> {
    ids.iter().map(String::as_str).collect()
}

#[tokio::test]
async fn one_ticket_that_cannot_be_looked_at_spoils_no_other() {
    let (github, ids) = closed(20);
    let running = serve(github.clone()).await.unwrap();
    github.closing_error("acme/rocket", 5, "INTERNAL");
    let told = ask(&trackers(&[github_at(&running.url, token())]), &refs(&ids)).await;
    assert_eq!((told.answers.len(), looked_at(&told, &ids)), (20, 19));
    assert_eq!(told.kind(&ids[4]), LookupKind::Found);
}

#[tokio::test]
async fn what_is_withheld_inside_a_ticket_leaves_the_rest_of_it() {
    let (github, ids) = closed(3);
    github.closing_error("acme/rocket", 2, "FORBIDDEN");
    let running = serve(github).await.unwrap();
    let told = ask(&trackers(&[github_at(&running.url, token())]), &refs(&ids)).await;
    assert_eq!((looked_at(&told, &ids), running.requests().len()), (3, 2));
    assert_eq!(told.health().trouble, None);
}

#[tokio::test]
async fn a_look_too_large_is_halved_until_it_fits() {
    let (github, ids) = closed(25);
    let running = serve(github.clone()).await.unwrap();
    github.largest_query_of("Closings", 7);
    let told = ask(&trackers(&[github_at(&running.url, token())]), &refs(&ids)).await;
    assert_eq!(looked_at(&told, &ids), 25);
    // Seven of twenty-five came with the first; the eighteen left took halves of nine, and two of each one by one.
    assert_eq!(queries(&running, "Closings").len(), 7);
}

#[tokio::test]
async fn a_server_without_sub_issues_is_asked_without_them() {
    let (github, ids) = closed(2);
    github.without_sub_issues();
    let running = serve(github).await.unwrap();
    let trackers = trackers(&[github_at(&running.url, token())]);
    for queries_so_far in [2, 3] {
        let told = ask(&trackers, &refs(&ids)).await;
        assert_eq!(looked_at(&told, &ids), 2);
        // Found out once, remembered from then on.
        assert_eq!(queries(&running, "Closings").len(), queries_so_far);
    }
}

#[tokio::test]
async fn the_last_tenth_of_the_points_is_left_for_what_matters_more() {
    let (github, ids) = closed(60);
    github.limits(5000, 5000, 60).spent(4502);
    let running = serve(github).await.unwrap();
    let told = ask(&trackers(&[github_at(&running.url, token())]), &refs(&ids)).await;
    assert_eq!((told.answers.len(), looked_at(&told, &ids)), (60, 0));
    assert_eq!(running.requests().len(), 1);
    let trouble = told.health().trouble.as_ref().unwrap();
    assert!(trouble.says.contains("has 497 points left, which are kept for other questions"), "{}", trouble.says);
}
