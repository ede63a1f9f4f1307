//! Trouble on the way, the same for every tracker: nothing is learnt from it, and it is over in seconds.

use std::time::{Duration, Instant};

use dragnet::domain::lookup::{LookupKind, TroubleKind};
use dragnet::domain::tracker::{Flavor, TrackerSettings};
use dragnet::http::{Client, Limits};
use dragnet::standin::{GitHub, Jira, Mishap, Running, serve};
use dragnet::trackers::Trackers;
use url::Url;

use super::{ask, brisk, github_at, jira_at, token, trackers};

/// Each kind of tracker with five hundred tickets that are there.
async fn each() -> Vec<(Running, TrackerSettings, Vec<String>)> {
    let (github, jira) = (GitHub::new(), Jira::cloud());
    for number in 1..=500 {
        github.issue("acme/rocket", number);
        jira.issue(&format!("ARCH-{number}"));
    }
    let (github, jira) = (serve(github).await.unwrap(), serve(jira).await.unwrap());
    let ids = |home: &str| (1..=500).map(|number| format!("{home}{number}")).collect::<Vec<_>>();
    vec![
        (github_settings(&github), ids("github:acme/rocket#"), github),
        (jira_at(&jira.url, Some(Flavor::Cloud)), ids("jira:ARCH-"), jira),
    ]
    .into_iter()
    .map(|(settings, ids, running)| (running, settings, ids))
    .collect()
}

fn github_settings(running: &Running) -> TrackerSettings {
    github_at(&running.url, token())
}

fn refs(ids: &[String]) -> Vec<&str> {
    ids.iter().map(String::as_str).collect()
}

#[tokio::test]
async fn no_bad_answer_is_ever_read_as_an_answer() {
    use TroubleKind::{Credentials, Limit, Misread, Outage};
    for (running, settings, ids) in each().await {
        for (mishap, kind, says) in [
            (Mishap::Status(500), Outage, "answered 500 Internal Server Error"),
            (Mishap::Status(502), Outage, "answered 502 Bad Gateway"),
            (Mishap::Status(503), Outage, "answered 503 Service Unavailable"),
            (Mishap::RetryAfter(503, "600".to_owned()), Outage, "answered 503 Service Unavailable"),
            (Mishap::WebPage(500), Outage, "answered 500 Internal Server Error"),
            (Mishap::CutOff, Outage, "broke off"),
            (Mishap::Status(401), Credentials, "answered 401 Unauthorized"),
            (Mishap::Status(403), Credentials, "answered 403 Forbidden"),
            (Mishap::Status(404), Misread, "answered 404 Not Found"),
            (Mishap::Status(410), Misread, "answered 410 Gone"),
            (Mishap::Status(429), Limit, "answered 429 Too Many Requests"),
            (Mishap::LoginPage, Misread, "answered with a login page (text/html) instead of JSON"),
            (Mishap::WebPage(200), Misread, "answered with a web page (text/html) instead of JSON"),
            (Mishap::HalfJson, Misread, "sent half a JSON"),
            (Mishap::EmptyBody, Misread, "answered with an empty body instead of JSON"),
            (Mishap::PlainText, Misread, "answered with `text/plain` instead of JSON"),
            (Mishap::WrongShape, Misread, "sent n"),
            (Mishap::Flood(2 * 1024 * 1024), Misread, "sent more than 1048576 bytes"),
        ] {
            running.fail(mishap.clone());
            let trackers = trackers(std::slice::from_ref(&settings));
            let told = ask(&trackers, &refs(&ids)).await;
            told.all_unknown(500, kind);
            assert!(told.says(&ids[0]).contains(says), "{mishap:?}: {}", told.says(&ids[0]));
            assert!(told.says(&ids[0]).contains(&running.url.origin().ascii_serialization()), "{}", told.says(&ids[0]));
            assert_eq!((told.troubled(), told.health().worked), (kind, false), "{mishap:?}");
            // A fresh answer still gets through, to whoever was not told to wait.
            running.heal();
            let fresh = super::trackers(std::slice::from_ref(&settings));
            let told = ask(&fresh, &refs(&ids[..2])).await;
            assert_eq!(told.kind(&ids[1]), LookupKind::Found, "{mishap:?}");
        }
    }
}

#[tokio::test]
async fn an_outage_takes_seconds_and_the_next_asking_works() {
    for (running, settings, ids) in each().await {
        let trackers = trackers(std::slice::from_ref(&settings));
        running.refuse().await;
        let began = Instant::now();
        let told = ask(&trackers, &refs(&ids)).await;
        assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
        told.all_unknown(500, TroubleKind::Outage);
        let origin = running.url.origin().ascii_serialization();
        assert_eq!(told.says(&ids[0]), format!("cannot connect to {origin} (connection refused)"));
        running.resume().await.unwrap();
        let told = ask(&trackers, &refs(&ids)).await;
        assert!(ids.iter().all(|id| told.kind(id) == LookupKind::Found));
        assert!(told.health().worked && told.health().trouble.is_none());
    }
}

#[tokio::test]
async fn a_tracker_that_takes_too_long_is_an_outage() {
    for (running, settings, ids) in each().await {
        running.fail(Mishap::Slow(Duration::from_secs(120)));
        let began = Instant::now();
        let hurried = Limits { total_timeout: Duration::from_millis(800), ..brisk() };
        let trackers = Trackers::new(&[settings], &Client::new(hurried).unwrap()).unwrap();
        let told = ask(&trackers, &refs(&ids)).await;
        // Sooner than the answer would have come.
        assert!(began.elapsed() < Duration::from_secs(120), "{:?}", began.elapsed());
        told.all_unknown(500, TroubleKind::Outage);
        assert!(told.says(&ids[0]).ends_with("did not answer within 0.8 s"), "{}", told.says(&ids[0]));
    }
}

#[tokio::test]
async fn what_passes_by_itself_is_not_even_noticed() {
    for (running, settings, ids) in each().await {
        for mishap in
            [Mishap::Status(503).times(2), Mishap::RetryAfter(503, "1".to_owned()).times(1), Mishap::CutOff.times(1)]
        {
            running.fail(mishap);
            let told = ask(&trackers(std::slice::from_ref(&settings)), &refs(&ids[..3])).await;
            assert!(ids[..3].iter().all(|id| told.kind(id) == LookupKind::Found));
            assert_eq!(told.health().trouble, None);
        }
    }
}

#[tokio::test]
async fn requests_are_counted_with_their_repetitions() {
    for (running, settings, ids) in each().await {
        let trackers = trackers(std::slice::from_ref(&settings));
        assert_eq!(trackers.requests()[&settings.id], 0);
        running.fail(Mishap::Status(503).times(2));
        ask(&trackers, &refs(&ids[..3])).await;
        assert_eq!(trackers.requests()[&settings.id], 3);
        assert_eq!(running.requests().len(), 3);
    }
}

#[tokio::test]
async fn nobody_home_is_said_plainly() {
    let nowhere = Url::parse("http://127.0.0.1:9").unwrap();
    let told = ask(&trackers(&[github_at(&nowhere, token())]), &["github:acme/rocket#1"]).await;
    assert_eq!(told.says("github:acme/rocket#1"), "cannot connect to http://127.0.0.1:9 (connection refused)");
}
