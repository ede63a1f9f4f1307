//! Passes on schedule: open tickets every time, closed ones less often, everything by hand.

use std::path::PathBuf;

use dragnet::clock::Clock;
use dragnet::config::SourceSettings;
use dragnet::domain::policy::Policy;
use dragnet::domain::tracker::{Claims, Credential, TrackerId, TrackerKind, TrackerSettings};
use dragnet::http::{Client, Limits};
use dragnet::standin::{GitHub, serve};
use dragnet::store::Store;
use dragnet::sync::{Reach, Shop, sync};
use dragnet::trackers::Trackers;
use tokio_util::sync::CancellationToken;

use super::world::noon;

#[tokio::test(flavor = "multi_thread")]
async fn closed_tickets_are_asked_for_less_often_and_by_hand_always() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.md"), "acme/rocket#1, acme/rocket#2, acme/rocket#3\n").unwrap();
    let github = GitHub::new();
    github.issue("acme/rocket", 1);
    github.issue("acme/rocket", 2).closed_as("completed", noon("2026-05-30"));
    github.issue("acme/rocket", 3).closed_as("completed", noon("2025-05-30"));
    let stage = serve(github).await.unwrap();
    let settings = TrackerSettings {
        id: TrackerId::first(TrackerKind::GitHub),
        name: "github".to_owned(),
        site: "https://github.com".parse().unwrap(),
        api_url: stage.url.clone(),
        flavor: None,
        credential: Credential::Bearer("token".to_owned().into()),
        evidence_repos: Vec::new(),
        reserve: 0,
    };
    let shop = Shop {
        sources: vec![SourceSettings { folder: PathBuf::from(folder.path()), ..SourceSettings::named("a.md") }],
        claims: Claims::without_configuration(&[]),
        policy: Policy::default(),
        waivers: Vec::new(),
        remotes: std::sync::Arc::default(),
        whole: true,
        store: Store::in_memory().await.unwrap(),
        trackers: Trackers::new(&[settings], &Client::new(Limits::default()).unwrap()).unwrap(),
        clock: Clock::standing_at(noon("2026-06-01")),
    };
    let stop = CancellationToken::new();
    for (hours, asked) in [(0, 3), (1, 1), (6, 2), (7, 1), (24, 3), (25, 1)] {
        shop.clock.set(noon("2026-06-01") + chrono::TimeDelta::hours(hours));
        let outcome = sync(&shop, Reach::Due, &stop, &|_| {}).await.unwrap();
        assert_eq!((outcome.run.asked, outcome.run.complete), (asked, true), "after {hours} hours");
        assert_eq!(shop.store.overview().await.unwrap().verdicts.values().sum::<usize>(), 3);
    }
    assert_eq!(sync(&shop, Reach::Full, &stop, &|_| {}).await.unwrap().run.asked, 3);
}
