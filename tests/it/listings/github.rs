//! GitHub's listings: free where nothing changed, and no answer where they are no good.

use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use dragnet::domain::lookup::{LookupKind, TroubleKind};
use dragnet::domain::ticket::TicketId;
use dragnet::domain::tracker::Credential;
use dragnet::standin::{Habit, Jira, Mishap};

use super::{Mishaps, Stage, found, rocket, token};

const LIST: &str = "GET /repos/acme/rocket/issues";

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_in_which_nothing_changed_is_one_request_and_then_a_free_one() {
    let stage = rocket(120).await;
    assert_eq!(found(&stage.pass().await), 120);
    assert_eq!(stage.asked(), ["POST /graphql 200", "POST /graphql 200"]);
    let history = stage.history().await;
    for status in [200, 304, 304] {
        let now = stage.later(20);
        let outcome = stage.pass().await;
        assert_eq!((found(&outcome), outcome.pass.proven.len()), (120, 120));
        assert_eq!(stage.asked(), [format!("{LIST} {status}")]);
        let known = stage.shop.store.known().await.unwrap();
        assert!(known.tickets.values().all(|ticket| ticket.good_at == Some(now) && ticket.asked_at == Some(now)));
    }
    assert_eq!(stage.history().await, history);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_is_asked_for_with_its_closing_and_nothing_else_is() {
    let stage = rocket(120).await;
    stage.pass().await;
    let now = stage.later(20);
    stage.github.issue("acme/rocket", 7).closed_as("not_planned", now - TimeDelta::minutes(1));
    stage.github.issue("acme/rocket", 500).updated(now);
    assert_eq!(found(&stage.pass().await), 120);
    assert_eq!(stage.asked(), [&format!("{LIST} 200"), "POST /graphql 200", "POST /graphql 200"]);
    assert_eq!(stage.state("github:acme/rocket#7").await, "closed");
    // It was seen a minute after it changed, and may have changed once more within that second by a clock that is off: it
    // is asked for again, unless the tag says that the whole list is the same.
    for asked in [&[&format!("{LIST} 200"), "POST /graphql 200"][..], &[&format!("{LIST} 304")]] {
        stage.later(20);
        stage.pass().await;
        assert_eq!(stage.asked(), asked);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_credential_was_shown_is_nothing_to_another() {
    let mut stage = rocket(120).await;
    stage.pass().await;
    stage.later(20);
    stage.pass().await;
    stage.show(token("another"));
    stage.later(20);
    stage.pass().await;
    assert_eq!(stage.asked(), ["POST /graphql 200", "POST /graphql 200"]);
    stage.show(token("token"));
    stage.later(20);
    stage.pass().await;
    assert!(!stage.asked().is_empty());
    assert_eq!(stage.shop.store.windows().await.unwrap().len(), 2, "one window for each credential");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_listings_never_show_is_seen_by_a_full_pass_and_within_a_day() {
    for by_itself in [false, true] {
        let stage = rocket(120).await;
        stage.pass().await;
        stage.github.deleted("acme/rocket", 7);
        stage.later(20);
        assert_eq!(found(&stage.pass().await), 120, "a listing does not show it");
        let outcome = if by_itself {
            stage.later(24 * 60);
            stage.pass().await
        } else {
            stage.full().await
        };
        assert_eq!(outcome.pass.lookups.get(&LookupKind::Gone), Some(&1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_was_left_out_of_a_pass_is_asked_for_itself() {
    let stage = rocket(121).await;
    stage.pass().await;
    let cited: Vec<String> = (1..=120).map(|n| format!("acme/rocket#{n}")).collect();
    stage.cite(&cited.join(" "));
    let now = stage.later(60);
    stage.github.issue("acme/rocket", 121).closed_as("completed", now);
    stage.pass().await;
    stage.cite(&format!("{} acme/rocket#121", cited.join(" ")));
    stage.later(60);
    stage.pass().await;
    assert_eq!(stage.state("github:acme/rocket#121").await, "closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_could_not_be_asked_for_is_not_lost() {
    let stage = rocket(120).await;
    stage.pass().await;
    let now = stage.later(20);
    stage.github.issue("acme/rocket", 7).closed_as("completed", now);
    stage.github_stage.fail(Mishap::Status(500).on("/graphql"));
    let outcome = stage.pass().await;
    assert_eq!(outcome.pass.lookups[&LookupKind::Unknown], 1);
    stage.github_stage.heal();
    stage.later(60);
    stage.github.issue("acme/rocket", 8).updated(stage.shop.clock.now());
    assert_eq!(found(&stage.pass().await), 120);
    assert_eq!(stage.state("github:acme/rocket#7").await, "closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_a_repository_is_one_request_and_tells_what_changed() {
    let mut stage = rocket(30).await;
    stage.show(Credential::Anonymous);
    assert_eq!(found(&stage.pass().await), 30);
    assert_eq!(stage.asked().len(), 30);
    let now = stage.later(20);
    stage.github.issue("acme/rocket", 7).closed_as("not_planned", now);
    assert_eq!(found(&stage.pass().await), 30);
    assert_eq!(stage.asked(), [format!("{LIST} 200")]);
    assert_eq!(stage.state("github:acme/rocket#7").await, "closed");
}

/// B6, and every way in which a listing is no listing: then tickets are asked for themselves, and nothing is lost.
#[tokio::test(flavor = "multi_thread")]
async fn b6_a_listing_that_is_no_good_is_no_answer() {
    let mishaps: Mishaps<9> = [
        ("a page repeats", |stage| drop(stage.github.lists(Habit::Repeats).issue("acme/rocket", 1))),
        ("a million pages", |stage| drop(stage.github.lists(Habit::Endless).issue("acme/rocket", 1))),
        ("an outage", |stage| stage.github_stage.fail(Mishap::Status(500).at("/repos/acme/rocket/issues"))),
        ("not found", |stage| stage.github_stage.fail(Mishap::Status(404).at("/repos/acme/rocket/issues"))),
        ("another host", |stage| {
            stage
                .github_stage
                .fail(Mishap::Redirect("https://evil.example/".to_owned()).at("/repos/acme/rocket/issues"));
        }),
        ("half a JSON", |stage| stage.github_stage.fail(Mishap::HalfJson.at("/repos/acme/rocket/issues"))),
        ("a login page", |stage| stage.github_stage.fail(Mishap::LoginPage.at("/repos/acme/rocket/issues"))),
        ("another shape", |stage| stage.github_stage.fail(Mishap::WrongShape.at("/repos/acme/rocket/issues"))),
        ("a bare 304", |stage| stage.github_stage.fail(Mishap::Status(304).at("/repos/acme/rocket/issues"))),
    ];
    for (name, happens) in mishaps {
        let stage = rocket(230).await;
        stage.pass().await;
        let now = stage.later(20);
        happens(&stage);
        stage.github.issue("acme/rocket", 7).closed_as("completed", now);
        // Three pages' worth, so that there is a second page to go wrong.
        (8..=150).for_each(|n| drop(stage.github.issue("acme/rocket", n).updated(now - TimeDelta::seconds(n as i64))));
        assert_eq!(found(&stage.pass().await), 230, "{name}");
        assert_eq!(stage.state("github:acme/rocket#7").await, "closed", "{name}");
        assert!(stage.asked().len() < 12, "{name}: {:?}", stage.asked());
        // The only thing that is known otherwise is what changed, and the next change gets through.
        let known = stage.shop.store.known().await.unwrap().tickets.into_iter();
        let turned: Vec<String> = known
            .filter(|(_, it)| it.history.iter().any(|change| change.field == "state" && change.before.is_some()))
            .map(|(id, _)| id.to_string())
            .collect();
        assert_eq!(turned, ["github:acme/rocket#7"], "{name}");
        stage.github_stage.heal();
        let now = stage.later(60);
        stage.github.lists(Habit::Honest).issue("acme/rocket", 9).closed_as("completed", now);
        assert_eq!(found(&stage.pass().await), 230, "{name}");
        assert_eq!(stage.state("github:acme/rocket#9").await, "closed", "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn b6_a_list_that_shifts_while_it_is_read_loses_nothing() {
    for links in [false, true] {
        let stage = rocket(400).await;
        stage.pass().await;
        let now = stage.later(20);
        for n in 1..=250 {
            let at = now - TimeDelta::seconds(1000 - i64::try_from(n).unwrap());
            stage.github.issue("acme/rocket", n).titled("changed").updated(at);
        }
        // After each page, some of those on it move to the end, and one further on is deleted.
        let moved = Arc::new(Mutex::new(0));
        stage.github.between_pages(move |github| {
            let mut moved = moved.lock().unwrap();
            for n in *moved + 1..=*moved + 5 {
                github.issue("acme/rocket", n).updated(now);
            }
            *moved += 5;
            github.deleted("acme/rocket", 90 + *moved);
        });
        if links {
            stage.github.lists(Habit::AlwaysMore);
        }
        stage.pass().await;
        let known = stage.shop.store.known().await.unwrap();
        let changed = |n: u64| {
            let id: TicketId = format!("github:acme/rocket#{n}").parse().unwrap();
            known.tickets[&id].facts.as_ref().unwrap().title == "changed"
        };
        let lost: Vec<u64> = (1..=250).filter(|n| !(91..=130).contains(n) && !changed(*n)).collect();
        assert_eq!(lost, [0; 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_sixty_requests_an_hour_keep_more_tickets_up_to_date() {
    let mut stage = rocket(150).await;
    stage.show(Credential::Anonymous);
    // Sixty new ones first; then one listing for those and as many new ones as are left to ask.
    for (asked, found) in [(60, 60), (60, 119), (32, 150), (1, 150)] {
        stage.github.limits(5000, 5000, 60);
        stage.later(60);
        let outcome = stage.pass().await;
        assert_eq!((stage.asked().len(), outcome.pass.lookups[&LookupKind::Found]), (asked, found));
    }
}

/// GraphQL and REST have quotas of their own: what one of them can tell is told while the other is used up.
#[tokio::test(flavor = "multi_thread")]
async fn a_quota_that_is_used_up_leaves_the_other_way_of_asking() {
    for (rest, graphql, unknown) in [(0, 5000, 0), (5000, 0, 1)] {
        let homes: Vec<String> = (1..=6).map(|n| format!("acme/rocket-{n}")).collect();
        let names = |home: &String| (1..=100).map(|n| format!("{home}#{n}")).collect::<Vec<_>>();
        let cited = homes.iter().flat_map(names).collect::<Vec<_>>().join(" ");
        let stage = Stage::new(Jira::cloud(), &cited).await;
        for home in &homes {
            (1..=100).for_each(|n| drop(stage.github.issue(home, n)));
        }
        stage.pass().await;
        let now = stage.later(20);
        homes.iter().for_each(|home| drop(stage.github.issue(home, 7).closed_as("not_planned", now)));
        stage.github.issue("acme/new", 1);
        stage.cite(&format!("{cited} acme/new#1"));
        stage.github.limits(rest, graphql, 60);
        let outcome = stage.pass().await;
        assert_eq!(outcome.pass.lookups.get(&LookupKind::Found), Some(&(601 - unknown)), "{:?}", outcome.pass.lookups);
        assert_eq!(outcome.pass.lookups.get(&LookupKind::Unknown).copied().unwrap_or(0), unknown);
        for home in &homes {
            assert_eq!(stage.state(&format!("github:{home}#7")).await, "closed");
        }
        let limited = outcome.known.trackers.iter().filter_map(|known| known.trouble.as_ref());
        assert_eq!(limited.filter(|trouble| trouble.kind == TroubleKind::Limit).count(), unknown);
    }
}
