//! What surrounds a closing on Jira: with the ticket itself, and the way through the statuses once.

use chrono::TimeDelta;
use dragnet::domain::lookup::{Ask, LookupKind};
use dragnet::domain::tracker::{Credential, Flavor, TrackerSettings};
use dragnet::standin::{Jira, Mishap, Running, serve};

use super::github_closing::shown;
use super::{Told, ask, ask_knowing, at, jira_at, refs, trackers};

fn both() -> [Jira; 2] {
    [Jira::cloud(), Jira::data_center()]
}

async fn told(jira: &Jira, tickets: &[&str]) -> (Told, Running) {
    let running = serve(jira.clone()).await.unwrap();
    let told = ask(&trackers(&[jira_at(&running.url, None)]), tickets).await;
    (told, running)
}

#[tokio::test]
async fn all_that_surrounds_a_closing_is_told_alike_by_both() {
    // Only Cloud tells which accounts are programs.
    for (jira, tells_bots) in both().into_iter().zip([true, false]) {
        jira.issue("ARCH-9").status("Done", "done").resolution("Done", at("2025-12-01"));
        jira.issue("ARCH-8").status("To Do", "new");
        jira.issue("ARCH-7")
            .of_type("Bug")
            .described("Takes a minute.\nSee ARCH-9.")
            .labelled("perf")
            .assigned("Grace H")
            .fix_version("1.2", true)
            .fix_version("1.3", false)
            .link("is duplicated by", "ARCH-9")
            .link("relates to", "OTHER-1")
            .subtask("ARCH-9")
            .subtask("ARCH-8")
            .comment("Ada L", "Any news?", at("2026-01-01"))
            .comment("Automation[bot]", "Closed by rule", at("2026-01-04"))
            .status("Done", "done")
            .resolution("Fixed", at("2026-01-03"))
            .moved_through(&["To Do", "In Progress", "Done"], "Grace H", at("2026-01-03"));
        let (told, _running) = told(&jira, &["jira:ARCH-7"]).await;
        let ticket = told.ticket("jira:ARCH-7");
        assert_eq!(ticket.closed_by.as_deref(), Some("Grace H"));
        assert_eq!(ticket.details.closing, ticket.closing());
        assert!(told.health().trouble.is_none());
        assert_eq!(ticket.details.comments[1].bot, tells_bots);
        let shown = shown(ticket).replace(r#","bot":true"#, "");
        insta::allow_duplicates! {
            insta::assert_snapshot!(shown, @r#"
            assignee: "Grace H"
            author: "Jane Reporter"
            body: "Takes a minute.\nSee ARCH-9."
            closing: {"closed_at":"2026-01-03T12:00:00Z","reason":"Fixed","state":"Done","updated_at":"2026-01-04T12:00:00Z"}
            comment_count: 2
            comments: {"at":"2026-01-01T12:00:00Z","author":"Ada L","text":"Any news?","url":"https://acme.atlassian.net/browse/ARCH-7?focusedCommentId=1"}
            comments: {"after_close":true,"at":"2026-01-04T12:00:00Z","author":"Automation","text":"Closed by rule","url":"https://acme.atlassian.net/browse/ARCH-7?focusedCommentId=2"}
            events: {"actor":"Grace H","at":"2026-01-03T11:00:00Z","kind":"status","value":"To Do → In Progress"}
            events: {"actor":"Grace H","at":"2026-01-03T12:00:00Z","kind":"status","value":"In Progress → Done"}
            fix_versions: {"name":"1.2","released":true}
            fix_versions: {"name":"1.3"}
            issue_links: {"key":"ARCH-9","relation":"is duplicated by","status":"Done"}
            issue_links: {"key":"OTHER-1","relation":"relates to"}
            issue_type: "Bug"
            labels: "perf"
            subtasks: {"closed":true,"key":"ARCH-9","status":"Done"}
            subtasks: {"key":"ARCH-8","status":"To Do"}
            "#);
        }
    }
}

#[tokio::test]
async fn a_thousand_ways_take_one_request_and_known_ones_none() {
    let jira = Jira::cloud();
    for number in 1..=1200 {
        let key = format!("ARCH-{number}");
        let issue = jira.issue(&key);
        if number > 100 {
            issue.status("Done", "done").resolution("Done", at("2026-01-03")).moved_through(
                &["To Do", "Done"],
                "Grace H",
                at("2026-01-03"),
            );
        }
    }
    let running = serve(jira.clone()).await.unwrap();
    let trackers = trackers(&[jira_at(&running.url, Some(Flavor::Cloud))]);
    let ids: Vec<_> = (1..=1200).map(|n| format!("jira:ARCH-{n}")).collect();
    let first = ask(&trackers, &ids.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert_eq!(first.answers.len(), 1200);
    let paths = running.requests().into_iter().filter(|it| it.path.contains("changelog")).count();
    assert_eq!((paths, running.requests().len()), (2, 14));
    let way = |told: &Told| told.ticket("jira:ARCH-700").details.events.first().and_then(|event| event.value.clone());
    assert_eq!(way(&first).as_deref(), Some("To Do → Done"));

    running.forget();
    let looked_at = |id: &str| first.ticket(id).details.closing.clone();
    let asks = ids
        .iter()
        .map(|id| Ask {
            ticket: id.parse().unwrap(),
            looked_at: looked_at(id).map(Into::into),
            open: false,
            settled: None,
            followed: false,
            moved_to: None,
        })
        .collect();
    let second = ask_knowing(&trackers, asks).await;
    assert_eq!((second.answers.len(), running.requests().len()), (1200, 12));
    // What was not asked for is not told; the store keeps it.
    assert_eq!((way(&second), second.ticket("jira:ARCH-700").details.closing.is_none()), (None, true));
}

/// Cloud refuses strangers its list of changelogs, and tells them beside each ticket.
#[tokio::test]
async fn strangers_are_told_the_way_beside_the_ticket() {
    let jira = Jira::cloud();
    for number in 1..=150 {
        jira.issue(&format!("ARCH-{number}")).status("Done", "done").moved_through(
            &["To Do", "Doing", "Done"],
            "Grace H",
            at("2026-01-03"),
        );
    }
    // One that went to and fro more often than is told.
    let mut ways = ["To Do", "Doing"].repeat(25);
    ways.push("Done");
    jira.issue("ARCH-7").moved_through(&ways, "Ada L", at("2026-01-04"));
    let running = serve(jira.clone()).await.unwrap();
    let settings = TrackerSettings { credential: Credential::Anonymous, ..jira_at(&running.url, Some(Flavor::Cloud)) };
    let ids: Vec<_> = (1..=150).map(|n| format!("jira:ARCH-{n}")).collect();
    let told = ask(&trackers(&[settings]), &ids.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert!(told.health().trouble.is_none(), "{:?}", told.health());
    for id in &ids {
        let ticket = told.ticket(id);
        let (by, moves) = if id == "jira:ARCH-7" { ("Ada L", 40) } else { ("Grace H", 2) };
        assert_eq!((ticket.closed_by.as_deref(), ticket.details.events.len()), (Some(by), moves), "{id}");
        assert_eq!(ticket.details.closing, ticket.closing());
    }
    assert!(running.requests().iter().all(|it| it.path.ends_with("/issue/bulkfetch")));
    assert_eq!(running.requests().len(), 2 + 2);
}

#[tokio::test]
async fn ways_are_read_page_by_page() {
    let jira = Jira::cloud();
    for number in 1..=30 {
        jira.issue(&format!("ARCH-{number}")).status("Done", "done").moved_through(
            &["To Do", "Doing", "To Do", "Done"],
            "Grace H",
            at("2026-01-03"),
        );
    }
    jira.histories(40);
    let ids: Vec<_> = (1..=30).map(|n| format!("jira:ARCH-{n}")).collect();
    let (told, running) = told(&jira, &ids.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert!(ids.iter().all(|id| told.ticket(id).details.events.len() == 3));
    assert_eq!(running.requests().len(), 1 + 1 + 3);
}

#[tokio::test]
async fn b6_pages_that_go_in_circles_end() {
    let jira = Jira::cloud();
    let ids = closed(&jira, 3);
    jira.in_circles();
    let (told, running) = told(&jira, &refs(&ids)).await;
    assert_eq!((told.answers.len(), looked_at(&told, &ids)), (3, 0));
    assert!(ids.iter().all(|id| told.kind(id) == LookupKind::Found));
    assert!(told.health().trouble.as_ref().unwrap().says.contains("without an end"));
    assert_eq!(running.requests().len(), 1 + 1 + 2);
}

#[tokio::test]
async fn a_way_that_cannot_be_had_leaves_what_is_known_in_force() {
    for jira in both() {
        for mishap in
            [Mishap::Status(500), Mishap::Status(403), Mishap::LoginPage, Mishap::HalfJson, Mishap::WrongShape]
        {
            jira.issue("ARCH-1").status("Done", "done").resolution("Won't Do", at("2026-01-03"));
            let running = serve(jira.clone()).await.unwrap();
            running.fail(mishap.clone().on_body("changelog"));
            running.fail(mishap.clone().on("changelog"));
            let told = ask(&trackers(&[jira_at(&running.url, None)]), &["jira:ARCH-1"]).await;
            let ticket = told.ticket("jira:ARCH-1");
            assert_eq!(told.kind("jira:ARCH-1"), LookupKind::Found);
            assert_eq!((ticket.reason.as_deref(), &ticket.details.closing), (Some("Won't Do"), &None), "{mishap:?}");
            assert!(told.health().worked && told.health().trouble.is_some(), "{mishap:?}");
        }
    }
}

/// Closed issues, all in the same way, and their ids.
fn closed(jira: &Jira, count: u64) -> Vec<String> {
    let ids = (1..=count).map(|number| {
        let issue = jira.issue(&format!("ARCH-{number}")).status("Done", "done");
        issue.resolution("Done", at("2026-01-03")).moved_through(&["To Do", "Done"], "Grace H", at("2026-01-03"));
        format!("jira:ARCH-{number}")
    });
    ids.collect()
}

fn looked_at(told: &Told, ids: &[String]) -> usize {
    ids.iter().filter(|id| told.ticket(id).details.closing.is_some()).count()
}

#[tokio::test]
async fn a_part_that_fails_leaves_the_other_parts_as_they_are() {
    let [cloud, data_center] = both();
    for (jira, credential, count, failed) in
        [(cloud, Some(Credential::Anonymous), 250, 100), (data_center, None, 170, 50)]
    {
        let ids = closed(&jira, count);
        let running = serve(jira).await.unwrap();
        running.fail(Mishap::Status(500).on_body("changelog").times(1));
        let mut settings = jira_at(&running.url, None);
        settings.credential = credential.unwrap_or(settings.credential);
        let told = ask(&trackers(&[settings]), &refs(&ids)).await;
        assert_eq!((told.answers.len(), looked_at(&told, &ids)), (ids.len(), ids.len() - failed));
        assert!(ids.iter().all(|id| told.ticket(id).reason.as_deref() == Some("Done")));
        assert!(told.health().worked && told.health().trouble.is_some());
    }
}

#[tokio::test]
async fn a_data_center_that_tells_few_at_a_time_is_asked_for_the_others() {
    let jira = Jira::data_center();
    let ids = closed(&jira, 70);
    jira.page(20);
    let (told, running) = told(&jira, &refs(&ids)).await;
    assert_eq!(looked_at(&told, &ids), 70);
    assert!(ids.iter().all(|id| told.ticket(id).closed_by.as_deref() == Some("Grace H")));
    let searches = running.requests().iter().filter(|it| it.json()["expand"][0] == "changelog").count();
    assert_eq!(searches, 3 + 1, "fifty in three pages, twenty in one");
}

/// An issue on which `before` comments were made up to its closing and `after` later ones, a minute apart.
fn discussed(jira: &Jira, key: &str, before: u32, after: u32) {
    let closed = at("2026-01-03");
    let mut issue = jira.issue(key).status("Done", "done");
    for nth in 0..before {
        let made = closed - TimeDelta::minutes(i64::from(before - nth));
        issue = issue.comment("Ada L", &format!("before {}", before - nth), made);
    }
    for nth in 1..=after {
        issue = issue.comment("Ada L", &format!("after {nth}"), closed + TimeDelta::minutes(nth.into()));
    }
    issue.resolution("Done", closed).moved_through(&["To Do", "Done"], "Grace H", closed);
}

/// What was said around a closing is what tells of it, however many comments there are. Cloud tells the last hundred of
/// them beside an issue; which ones an older server tells nobody says.
#[tokio::test]
async fn what_was_said_around_a_closing_is_read_where_it_did_not_come_along() {
    for (before, after, [on_cloud, on_data_center]) in [
        (60, 40, [0, 0]),
        (200, 3, [1, 1]),
        (30, 150, [2, 2]),
        (5, 400, [5, 1]),
        (300, 300, [4, 4]),
        (20, 5000, [10, 1]),
    ] {
        for (jira, pages) in both().into_iter().zip([on_cloud, on_data_center]) {
            discussed(&jira, "ARCH-1", before, after);
            let (told, running) = told(&jira, &["jira:ARCH-1"]).await;
            let ticket = told.ticket("jira:ARCH-1");
            let read = running.requests().iter().filter(|it| it.path.contains("/comment?")).count();
            assert_eq!(read, pages, "{before} before, {after} after");
            assert_eq!((told.health().trouble.as_ref(), &ticket.details.closing), (None, &ticket.closing()));
            assert_eq!(ticket.details.comment_count, Some(u64::from(before + after)));
            let said: Vec<&str> = ticket.details.comments.iter().map(|comment| comment.text.as_str()).collect();
            if pages == 10 {
                // Nobody reads a thousand comments for one closing.
                assert_eq!(said.last(), Some(&"after 5000"));
                continue;
            }
            let ahead = (1..=before.min(12)).rev().map(|nth| format!("before {nth}"));
            let behind = (1..=after).filter(|nth| *nth <= 5 || *nth + 5 > after).map(|nth| format!("after {nth}"));
            assert_eq!(said, ahead.chain(behind).collect::<Vec<_>>(), "{before} before, {after} after");
        }
    }
}

#[tokio::test]
async fn comments_that_cannot_be_had_leave_what_is_known_in_force() {
    for jira in both() {
        let loud: Vec<String> = (1..=9).map(|number| format!("ARCH-{number}")).collect();
        loud.iter().for_each(|key| discussed(&jira, key, 200, 3));
        jira.issue("ARCH-10").status("Done", "done").resolution("Done", at("2026-01-03"));
        let running = serve(jira.clone()).await.unwrap();
        running.fail(Mishap::Status(500).on("/comment"));
        let ids: Vec<String> = (1..=10).map(|number| format!("jira:ARCH-{number}")).collect();
        let told = ask(&trackers(&[jira_at(&running.url, None)]), &refs(&ids)).await;
        for id in &ids[..9] {
            let ticket = told.ticket(id);
            assert_eq!((ticket.reason.as_deref(), &ticket.details.closing), (Some("Done"), &None), "{id}");
        }
        assert_eq!(looked_at(&told, &ids), 1, "the one without comments");
        assert!(told.health().worked && told.health().trouble.is_some());
        let tries = running.requests().iter().filter(|it| it.path.contains("/comment?")).count();
        assert!((4..9).contains(&tries), "given up when four in a row failed: {tries}");
    }
}

/// A Jira may hold fewer on a page than it is asked for.
#[tokio::test]
async fn small_pages_of_comments_are_read_to_their_end() {
    let jira = Jira::cloud();
    discussed(&jira, "ARCH-1", 200, 3);
    jira.comments(40);
    let (told, running) = told(&jira, &["jira:ARCH-1"]).await;
    let said = &told.ticket("jira:ARCH-1").details.comments;
    assert_eq!((said.len(), said[0].text.as_str(), said[14].text.as_str()), (15, "before 12", "after 3"));
    assert_eq!(running.requests().iter().filter(|it| it.path.contains("/comment?")).count(), 3);
}
