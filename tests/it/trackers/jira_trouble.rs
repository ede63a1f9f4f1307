//! Jira in trouble: refused credentials, limits, wrong addresses, answers that are none.

use dragnet::domain::lookup::{LookupKind, TroubleKind};
use dragnet::domain::tracker::Flavor;
use dragnet::standin::{Jira, Mishap, serve};

use super::{ask, jira_at, trackers};

fn many(count: u64) -> (Jira, Vec<String>) {
    let jira = Jira::cloud();
    let ids = (1..=count).map(|number| {
        jira.issue(&format!("ARCH-{number}"));
        format!("jira:ARCH-{number}")
    });
    let ids = ids.collect();
    (jira, ids)
}

fn refs(ids: &[String]) -> Vec<&str> {
    ids.iter().map(String::as_str).collect()
}

#[tokio::test]
async fn refused_credentials_stop_at_once() {
    let (jira, ids) = many(950);
    jira.account("bot@acme.example", "another");
    let running = serve(jira).await.unwrap();
    for flavor in [None, Some(Flavor::Cloud)] {
        running.forget();
        let told = ask(&trackers(&[jira_at(&running.url, flavor)]), &refs(&ids)).await;
        told.all_unknown(950, TroubleKind::Credentials);
        assert_eq!((told.troubled(), told.health().worked), (TroubleKind::Credentials, false));
        assert!(running.requests().len() <= 4);
    }
}

#[tokio::test]
async fn limits_stop_and_short_pauses_are_waited_for_once() {
    for (mishap, requests) in [
        (Mishap::RetryAfter(429, "120".to_owned()), 1),
        (Mishap::RetryAfter(429, "abc".to_owned()), 1),
        (Mishap::RetryAfter(429, "1000000000".to_owned()), 1),
        (Mishap::Status(429), 1),
        (Mishap::RetryAfter(429, "0".to_owned()), 2),
        (Mishap::RetryAfter(429, "1".to_owned()), 2),
    ] {
        let (jira, ids) = many(3);
        let running = serve(jira).await.unwrap();
        let trackers = trackers(&[jira_at(&running.url, Some(Flavor::Cloud))]);
        running.fail(mishap.clone());
        let told = ask(&trackers, &refs(&ids)).await;
        told.all_unknown(3, TroubleKind::Limit);
        assert_eq!(running.requests().len(), requests, "{mishap:?}");
        if requests == 2 {
            running.heal();
            running.fail(mishap.times(1));
            let told = ask(&trackers, &refs(&ids)).await;
            assert!(ids.iter().all(|id| told.kind(id) == LookupKind::Found));
        }
    }
}

#[tokio::test]
async fn a_missing_bulkfetch_is_about_the_address_and_not_about_the_tickets() {
    let (jira, ids) = many(3);
    let running = serve(jira).await.unwrap();
    let elsewhere = running.url.join("/wiki").unwrap();
    for flavor in [None, Some(Flavor::Cloud), Some(Flavor::DataCenter)] {
        let told = ask(&trackers(&[jira_at(&elsewhere, flavor)]), &refs(&ids)).await;
        told.all_unknown(3, TroubleKind::Misread);
        assert!(told.says(&ids[0]).ends_with("answered 404 Not Found: is `api_url` right?"), "{}", told.says(&ids[0]));
    }
    // A gateway's 404 for a single ticket says nothing about the ticket.
    running.fail(Mishap::WebPage(404).on("/issue/ARCH-9"));
    let told = ask(&trackers(&[jira_at(&running.url, Some(Flavor::Cloud))]), &["jira:ARCH-1", "jira:ARCH-9"]).await;
    assert_eq!(told.kind("jira:ARCH-1"), LookupKind::Found);
    assert_eq!(told.trouble("jira:ARCH-9").kind, TroubleKind::Misread);
    // One ticket that is refused is not a tracker that refuses.
    running.fail(Mishap::Status(403).on("/issue/ARCH-9"));
    let told = ask(&trackers(&[jira_at(&running.url, Some(Flavor::Cloud))]), &["jira:ARCH-1", "jira:ARCH-9"]).await;
    assert_eq!(told.kind("jira:ARCH-9"), LookupKind::Hidden);
    assert!(told.health().worked && told.health().trouble.is_none());
}

#[tokio::test]
async fn the_wrong_flavor_is_no_proof_of_anything() {
    let (jira, ids) = many(3);
    let running = serve(jira).await.unwrap();
    let told = ask(&trackers(&[jira_at(&running.url, Some(Flavor::DataCenter))]), &refs(&ids)).await;
    told.all_unknown(3, TroubleKind::Misread);
    assert!(told.says(&ids[0]).contains("410 Gone"), "{}", told.says(&ids[0]));
}

#[tokio::test]
async fn a_json_of_another_shape_says_nothing_about_tickets() {
    let (jira, ids) = many(3);
    let running = serve(jira).await.unwrap();
    running.fail(Mishap::WrongShape.on("/bulkfetch"));
    let told = ask(&trackers(&[jira_at(&running.url, Some(Flavor::Cloud))]), &refs(&ids)).await;
    told.all_unknown(3, TroubleKind::Misread);
    assert!(told.says(&ids[0]).ends_with("/rest/api/3/issue/bulkfetch sent no `issues`; is `api_url` right?"));
}

/// A program may nest a text deeper than serde_json reads. Of that issue all is told but the text.
#[tokio::test]
async fn one_text_that_nests_beyond_reason_keeps_no_ticket_from_being_told_of() {
    let (jira, ids) = many(150);
    jira.issue("ARCH-7").titled("Slow").described("fixed").indented(60);
    jira.issue("ARCH-8").described("see the list").indented(20);
    let running = serve(jira).await.unwrap();
    let told = ask(&trackers(&[jira_at(&running.url, Some(Flavor::Cloud))]), &refs(&ids)).await;
    for id in &ids {
        assert_eq!(told.kind(id), LookupKind::Found, "{id}");
    }
    assert_eq!(told.ticket("jira:ARCH-7").title, "Slow");
    let says = |id: &str, words: &str| told.ticket(id).details.body.as_deref().unwrap_or_default().contains(words);
    assert!(!says("jira:ARCH-7", "fixed") && says("jira:ARCH-8", "see the list"));
    assert_eq!(running.requests().len(), 2);
}

#[tokio::test]
async fn credentials_never_follow_a_redirect() {
    let (jira, ids) = many(2);
    let running = serve(jira).await.unwrap();
    let login = serve(Jira::cloud()).await.unwrap();
    running.fail(Mishap::Redirect(login.url.join("/login?to=here").unwrap().to_string()));
    let told = ask(&trackers(&[jira_at(&running.url, Some(Flavor::Cloud))]), &refs(&ids)).await;
    told.all_unknown(2, TroubleKind::Misread);
    assert!(told.says(&ids[0]).contains("redirects are not followed"), "{}", told.says(&ids[0]));
    assert!(!told.says(&ids[0]).contains("to=here"));
    assert_eq!((running.requests().len(), login.requests().len()), (1, 0));
    assert!(running.requests()[0].header("authorization").unwrap().starts_with("Basic "));
}
