//! Jira's searches for what changed.

use chrono::TimeDelta;
use dragnet::domain::lookup::LookupKind;
use dragnet::domain::tracker::Flavor;
use dragnet::standin::{Jira, Mishap};

use super::{Mishaps, arch, found};

#[tokio::test(flavor = "multi_thread")]
async fn a_jira_in_which_nothing_changed_is_one_request() {
    for (jira, flavor) in [(Jira::cloud(), Flavor::Cloud), (Jira::data_center(), Flavor::DataCenter)] {
        let (ask, list) = match flavor {
            Flavor::Cloud => ("POST /rest/api/3/issue/bulkfetch 200", "POST /rest/api/3/search/jql 200"),
            Flavor::DataCenter => ("POST /rest/api/2/search 200", "POST /rest/api/2/search 200"),
        };
        jira.page(40);
        let stage = arch(jira, 150).await;
        assert_eq!(found(&stage.pass().await), 150);
        assert_eq!(stage.asked().last().unwrap(), ask);
        let history = stage.history().await;
        stage.later(20);
        assert_eq!(found(&stage.pass().await), 150);
        assert_eq!((stage.asked(), stage.history().await), (vec![list.to_owned()], history));

        let now = stage.later(20);
        for n in 1..=50 {
            stage.jira.issue(&format!("ARCH-{}", 2 * n)).updated(now - TimeDelta::seconds(20 * n));
        }
        stage.jira.issue("OPS-7").status("Done", "done").resolution("Won't Do", now);
        assert_eq!(found(&stage.pass().await), 150);
        // Two pages; Data Center tells the way to a closing by a search of its own.
        let searches = if flavor == Flavor::Cloud { 2 } else { 3 };
        assert_eq!(stage.asked().iter().filter(|asked| *asked == list).count(), searches, "{:?}", stage.asked());
        assert_eq!(stage.state("jira:OPS-7").await, "Done");
    }
}

/// What leaves a list while it is read pulls those behind it over the edge of a page.
#[tokio::test(flavor = "multi_thread")]
async fn b6_a_search_that_shifts_while_it_is_read_loses_nothing() {
    for jira in [Jira::cloud(), Jira::data_center()] {
        jira.page(40);
        let stage = arch(jira, 300).await;
        stage.pass().await;
        let now = stage.later(20);
        let issue = |jira: &Jira, n: i64| jira.issue(&format!("{}-{n}", if n % 2 == 0 { "ARCH" } else { "OPS" }));
        for n in 1..=70 {
            issue(&stage.jira, n).titled("changed").updated(now - TimeDelta::seconds(15 * n));
        }
        // Changed again, and not indexed anew yet: on no page for a while.
        stage
            .jira
            .lagging(TimeDelta::seconds(5))
            .between_pages(move |jira| (1..=5).for_each(|n| drop(issue(jira, n).updated(now))));
        assert_eq!(found(&stage.pass().await), 300);
        assert_eq!(stage.asked().iter().filter(|asked| asked.contains("bulkfetch")).count(), 0, "{:?}", stage.asked());
        let known = stage.shop.store.known().await.unwrap().tickets;
        let changed = known.values().filter(|ticket| ticket.facts.as_ref().unwrap().title == "changed").count();
        assert_eq!(changed, 70);
    }
}

/// Our own clock is set back an hour: by it, less time went by than did.
#[tokio::test(flavor = "multi_thread")]
async fn b10_a_clock_that_is_set_back_hides_no_change() {
    for jira in [Jira::cloud(), Jira::data_center()] {
        let stage = arch(jira, 150).await;
        stage.pass().await;
        let mut there = stage.shop.clock.now();
        for hour in ["first", "second"] {
            let (state, at) = (format!("In the {hour}"), there + TimeDelta::minutes(20));
            stage.later(60);
            there += TimeDelta::minutes(120);
            stage.jira.now(there);
            stage.jira.issue("OPS-7").status(&state, "indeterminate").updated(at);
            assert_eq!(found(&stage.pass().await), 150);
            assert_eq!(stage.state("jira:OPS-7").await, state);
            assert_eq!(stage.asked().len(), 2, "{:?}", stage.asked());
            assert!(stage.asked().iter().all(|asked| asked.contains("/search")));
        }
    }
}

/// Which old key leads to which new one is found out once.
#[tokio::test(flavor = "multi_thread")]
async fn tickets_that_moved_take_no_more_requests_than_others() {
    for jira in [Jira::cloud(), Jira::data_center()] {
        let stage = arch(jira, 40).await;
        (1..=10).for_each(|n| drop(stage.jira.moved(&format!("ARCH-{}", 2 * n), &format!("NEW-{n}")).issue("OPS-1")));
        for requests in [11, 1, 1] {
            let outcome = stage.pass().await;
            assert_eq!(outcome.pass.lookups, [(LookupKind::Found, 30), (LookupKind::Moved, 10)].into());
            assert_eq!(stage.asked().iter().filter(|asked| !asked.contains("serverInfo")).count(), requests);
            stage.later(20);
        }
        // On it goes, and back.
        stage.jira.moved("NEW-1", "NEXT-1").deleted("NEW-2");
        let outcome = stage.pass().await;
        assert_eq!(outcome.pass.lookups[&LookupKind::Moved], 9);
        let known = stage.shop.store.known().await.unwrap();
        let there = known.tickets[&"jira:ARCH-2".parse().unwrap()].moved_to.clone();
        assert_eq!(there, Some("jira:NEXT-1".parse().unwrap()));
    }
}

fn date(text: &str) -> Mishap {
    Mishap::Remark(vec![("date".to_owned(), text.to_owned())])
}

#[tokio::test(flavor = "multi_thread")]
async fn b6_a_search_that_is_no_good_is_no_answer() {
    let mishaps: Mishaps<7> = [
        ("no clock", |stage| stage.jira_stage.fail(date("today").on("/search"))),
        // Pages that do not meet: `OPS-7` is between them.
        ("another clock", |stage| stage.jira_stage.fail(date("Mon, 01 Jun 2026 12:38:00 GMT").on("/search"))),
        ("in circles", |stage| drop(stage.jira.in_circles().issue("OPS-7"))),
        ("a million pages", |stage| drop(stage.jira.page(1).issue("OPS-7"))),
        ("an outage", |stage| stage.jira_stage.fail(Mishap::Status(500).on("/search"))),
        ("half a JSON", |stage| stage.jira_stage.fail(Mishap::HalfJson.on("/search"))),
        ("another shape", |stage| stage.jira_stage.fail(Mishap::WrongShape.on("/search"))),
    ];
    for (name, happens) in mishaps {
        let stage = arch(Jira::cloud(), 150).await;
        stage.pass().await;
        let now = stage.later(20);
        let ago = |seconds| now - TimeDelta::seconds(seconds);
        stage.jira.page(20).issue("OPS-7").status("Done", "done").resolution("Won't Do", ago(19 * 60));
        (1..=20).for_each(|n| drop(stage.jira.issue(&format!("ARCH-{}", 2 * n)).updated(ago(20 * n))));
        happens(&stage);
        assert_eq!(found(&stage.pass().await), 150, "{name}");
        assert_eq!(stage.state("jira:OPS-7").await, "Done", "{name}");
    }
    // A project that is not shown any more spoils the whole search, and is told as what it is.
    let stage = arch(Jira::cloud(), 150).await;
    stage.pass().await;
    stage.later(20);
    stage.jira.project_hidden("OPS");
    let outcome = stage.pass().await;
    assert_eq!(outcome.pass.lookups[&LookupKind::Found], 75);
}
