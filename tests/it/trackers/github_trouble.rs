//! GitHub in trouble: limits, refused credentials, queries that are too much, partial answers.

use dragnet::domain::lookup::{LookupKind, TroubleKind};
use dragnet::domain::tracker::Credential;
use dragnet::standin::{GitHub, Mishap, serve};

use super::{ask, ask_for, github_at, many, refs, token, trackers};

#[tokio::test]
async fn a_refused_token_stops_at_once() {
    let (github, ids) = many(950);
    github.token("another");
    let running = serve(github).await.unwrap();
    let told = ask(&trackers(&[github_at(&running.url, token())]), &refs(&ids)).await;
    told.all_unknown(950, TroubleKind::Credentials);
    assert_eq!(told.troubled(), TroubleKind::Credentials);
    assert!(!told.health().worked);
    assert!(told.says(&ids[0]).contains("401 Unauthorized (\"Bad credentials\")"), "{}", told.says(&ids[0]));
    assert!(running.requests().len() <= 4, "no more than were under way");
}

#[tokio::test]
async fn without_a_token_the_first_sixty_are_asked_in_order() {
    let (github, ids) = many(80);
    let running = serve(github).await.unwrap();
    let told = ask(&trackers(&[github_at(&running.url, Credential::Anonymous)]), &refs(&ids)).await;
    for (i, id) in ids.iter().enumerate() {
        let kind = if i < 60 { LookupKind::Found } else { LookupKind::Unknown };
        assert_eq!(told.kind(id), kind, "{id}");
    }
    assert_eq!(told.trouble(&ids[79]).kind, TroubleKind::Limit);
    assert!(told.says(&ids[79]).contains("it is lifted at 2100-01-01 00:00 UTC"), "{}", told.says(&ids[79]));
    assert!(told.health().worked);
    assert_eq!(told.troubled(), TroubleKind::Limit);
    assert_eq!(running.requests().len(), 60, "the limit is not asked for");
}

#[tokio::test]
async fn a_limit_told_with_status_200_is_a_limit() {
    let (github, ids) = many(500);
    github.limits(5000, 0, 60);
    let running = serve(github).await.unwrap();
    let told = ask(&trackers(&[github_at(&running.url, token())]), &refs(&ids)).await;
    told.all_unknown(500, TroubleKind::Limit);
    assert!(running.requests().len() <= 4);
}

#[tokio::test]
async fn a_limit_reached_half_way_keeps_what_was_answered() {
    let (github, ids) = many(1000);
    github.limits(5000, 6, 60);
    let running = serve(github).await.unwrap();
    let told = ask(&trackers(&[github_at(&running.url, token())]), &refs(&ids)).await;
    let found = ids.iter().filter(|id| told.kind(id) == LookupKind::Found).count();
    assert_eq!(found, 600);
    assert_eq!((told.answers.len(), told.troubled()), (1000, TroubleKind::Limit));
    assert!(told.health().worked);
}

#[tokio::test]
async fn a_403_is_read_for_what_it_says() {
    for (mishap, kind) in [
        (Mishap::PrimaryLimit(1_893_456_000), TroubleKind::Limit),
        (Mishap::SecondaryLimit, TroubleKind::Limit),
        (Mishap::RetryAfter(403, "3600".to_owned()), TroubleKind::Limit),
        (Mishap::Status(403), TroubleKind::Credentials),
    ] {
        let (github, ids) = many(3);
        let running = serve(github).await.unwrap();
        running.fail(mishap.clone());
        let told = ask(&trackers(&[github_at(&running.url, token())]), &refs(&ids)).await;
        told.all_unknown(3, kind);
        assert_eq!(running.requests().len(), 1, "{mishap:?}");
    }
}

#[tokio::test]
async fn a_query_too_large_is_halved_until_it_fits() {
    let (github, ids) = many(100);
    github.largest_query(60);
    let running = serve(github).await.unwrap();
    let told = ask(&trackers(&[github_at(&running.url, token())]), &refs(&ids)).await;
    assert!(ids.iter().all(|id| told.kind(id) == LookupKind::Found));
    // Sixty came with the first; what was left fitted in two halves.
    assert_eq!(running.requests().len(), 3);
}

#[tokio::test]
async fn a_query_that_never_fits_leaves_its_tickets_unknown_and_nothing_gone() {
    let (github, ids) = many(100);
    github.largest_query(0);
    let running = serve(github).await.unwrap();
    let told = ask(&trackers(&[github_at(&running.url, token())]), &refs(&ids)).await;
    told.all_unknown(100, TroubleKind::Limit);
    assert!(told.says(&ids[0]).contains("Resource limits for this query exceeded."), "{}", told.says(&ids[0]));
    assert_eq!(running.requests().len(), 7, "one, two halves, four quarters");
}

#[tokio::test]
async fn a_gateway_that_gives_up_is_asked_for_less() {
    for status in [502, 504] {
        let (github, ids) = many(100);
        let running = serve(github).await.unwrap();
        running.fail(Mishap::Status(status).times(1));
        let told = ask(&trackers(&[github_at(&running.url, token())]), &refs(&ids)).await;
        assert!(ids.iter().all(|id| told.kind(id) == LookupKind::Found));
        assert_eq!(running.requests().len(), 3);
    }
}

#[tokio::test]
async fn an_error_on_one_ticket_spoils_no_other_and_proves_nothing() {
    let (github, ids) = many(5);
    github.alias_error("acme/rocket", 2, "INTERNAL", 1).alias_error("acme/rocket", 4, "SERVICE_UNAVAILABLE", 9);
    let running = serve(github).await.unwrap();
    let told = ask(&trackers(&[github_at(&running.url, token())]), &refs(&ids)).await;
    for id in [&ids[0], &ids[1], &ids[2], &ids[4]] {
        assert_eq!(told.kind(id), LookupKind::Found, "{id}");
    }
    assert_eq!(told.trouble(&ids[3]).kind, TroubleKind::Outage);
    assert!(told.health().worked);
}

/// The proof that a private ticket is gone needs a look at the repository and at its issues; each may fail.
#[tokio::test]
async fn where_the_proof_cannot_be_had_nothing_is_gone() {
    let github = GitHub::new();
    github.issue("acme/inside", 1);
    github.internal("acme/inside");
    let running = serve(github).await.unwrap();
    let settings = [github_at(&running.url, token())];
    let id = "github:acme/inside#2";
    for path in ["/repos/acme/inside/issues/2", "/repos/acme/inside", "/repos/acme/inside/issues"] {
        for (mishap, kind) in [(Mishap::Status(500), TroubleKind::Outage), (Mishap::Status(429), TroubleKind::Limit)] {
            running.fail(mishap.at(path));
            assert_eq!(ask(&trackers(&settings), &[id]).await.trouble(id).kind, kind, "{path}");
            running.heal();
        }
    }
    assert_eq!(ask(&trackers(&settings), &[id]).await.kind(id), LookupKind::Gone);
}

#[tokio::test]
async fn a_wrong_address_is_no_proof_of_anything() {
    let (github, ids) = many(5);
    let running = serve(github).await.unwrap();
    let elsewhere = running.url.join("/somewhere/else").unwrap();
    let told = ask(&trackers(&[github_at(&elsewhere, token())]), &refs(&ids)).await;
    told.all_unknown(5, TroubleKind::Misread);
    assert!(told.says(&ids[0]).ends_with("is `api_url` right?"), "{}", told.says(&ids[0]));
    running.fail(Mishap::WebPage(404));
    let told = ask(&trackers(&[github_at(&running.url, Credential::Anonymous)]), &refs(&ids)).await;
    told.all_unknown(5, TroubleKind::Misread);
}

#[tokio::test]
async fn the_token_never_follows_a_redirect_to_another_host() {
    let (github, _) = many(1);
    let running = serve(github).await.unwrap();
    let elsewhere = serve(GitHub::new()).await.unwrap();
    let there = elsewhere.url.join("/repos/acme/rocket/issues/1").unwrap();
    running.fail(Mishap::Redirect(there.to_string()));
    for credential in [token(), Credential::Anonymous] {
        let told = ask(&trackers(&[github_at(&running.url, credential)]), &["github:acme/rocket#1"]).await;
        told.all_unknown(1, TroubleKind::Misread);
    }
    running.heal();
    // Only the look-ups of single tickets are redirected: those that may follow one.
    running.fail(Mishap::Redirect(there.to_string()).on("/repos/"));
    let told = ask(&trackers(&[github_at(&running.url, token())]), &["github:acme/rocket#2"]).await;
    let host = elsewhere.url.origin().ascii_serialization();
    assert!(
        told.says("github:acme/rocket#2").ends_with(&format!("points to another host ({host}), which is not followed"))
    );
    assert_eq!(elsewhere.requests().len(), 0);
    assert!(running.requests().iter().any(|exchange| exchange.header("authorization") == Some("Bearer github-token")));
}

#[tokio::test]
async fn a_redirect_in_circles_ends() {
    let running = serve(GitHub::new()).await.unwrap();
    running.fail(Mishap::Redirect("/repos/acme/rocket/issues/1".to_owned()).on("/repos/"));
    let told = ask(&trackers(&[github_at(&running.url, Credential::Anonymous)]), &["github:acme/rocket#1"]).await;
    assert!(told.says("github:acme/rocket#1").ends_with("redirects in circles"));
    assert_eq!(running.requests().len(), 3);
}

#[tokio::test]
async fn requests_say_who_asks_once_and_in_which_version() {
    let (github, ids) = many(1);
    let running = serve(github).await.unwrap();
    for credential in [token(), Credential::Anonymous] {
        ask(&trackers(&[github_at(&running.url, credential)]), &refs(&ids)).await;
    }
    for exchange in running.requests() {
        let agents: Vec<_> = exchange.headers.get_all("user-agent").iter().collect();
        let [agent] = agents.as_slice() else { panic!("{agents:?}") };
        assert!(agent.to_str().unwrap().starts_with(concat!("dragnet/", env!("CARGO_PKG_VERSION"))), "{agent:?}");
        assert_eq!(exchange.header("x-github-api-version"), Some("2022-11-28"));
        assert_eq!(exchange.header("accept"), Some("application/vnd.github+json"));
    }
}

#[tokio::test]
async fn a_hundred_tickets_a_query_and_few_queries_at_a_time() {
    let (github, _) = many(1050);
    let running = serve(github).await.unwrap();
    running.latency(std::time::Duration::from_millis(20));
    let ids = (1..=1050).map(|n| format!("github:acme/rocket#{n}").parse().unwrap()).collect();
    let told = ask_for(&trackers(&[github_at(&running.url, token())]), ids).await;
    assert_eq!(told.answers.len(), 1050);
    assert!(told.answers.iter().all(|answer| answer.lookup.kind() == LookupKind::Found));
    let requests = running.requests();
    assert_eq!(requests.len(), 11);
    for exchange in requests {
        let aliases = exchange.json()["query"].as_str().unwrap().matches("issueOrPullRequest(number:").count();
        assert!(aliases <= 100, "{aliases}");
    }
    assert!((2..=4).contains(&running.busiest()), "{}", running.busiest());
}
