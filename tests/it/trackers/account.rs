//! The account: every ticket asked for is answered exactly once, whatever is the matter with it.

use std::collections::BTreeMap;
use std::time::Duration;

use dragnet::domain::lookup::{LookupKind, TroubleKind};
use dragnet::domain::ticket::TicketId;
use dragnet::domain::tracker::Flavor;
use dragnet::standin::{GitHub, Jira, Mishap, serve};
use dragnet::trackers::TrackersError;
use proptest::prelude::*;

use super::{ask, ask_for, ask_of, github_at, jira_at, many, refs, token, trackers};

/// What is the matter with a ticket, and what asking must give.
const GITHUB: [(&str, LookupKind); 7] = [
    ("open", LookupKind::Found),
    ("transferred", LookupKind::Moved),
    ("deleted", LookupKind::Gone),
    ("never", LookupKind::Gone),
    ("private", LookupKind::Hidden),
    ("failing", LookupKind::Unknown),
    ("renamed", LookupKind::Moved),
];
const JIRA: [(&str, LookupKind); 6] = [
    ("open", LookupKind::Found),
    ("moved", LookupKind::Moved),
    ("above", LookupKind::Gone),
    ("hidden", LookupKind::Hidden),
    ("elsewhere", LookupKind::Hidden),
    ("busy", LookupKind::Unknown),
];

fn set_up(github: &GitHub, jira: &Jira, choices: &[(bool, usize)]) -> Vec<(String, LookupKind)> {
    github.issue("acme/rocket", 9000);
    github.repo("acme/old").repo("acme/secret");
    jira.issue("ARCH-1000");
    jira.issue("SECRET-1");
    jira.project_hidden("SECRET");
    let truth = choices.iter().enumerate().map(|(i, (on_github, choice))| {
        let n = i as u64 + 1;
        if *on_github {
            let (matter, kind) = GITHUB[choice % GITHUB.len()];
            let repo = match matter {
                "private" => "acme/secret",
                "renamed" => "acme/old",
                _ => "acme/rocket",
            };
            match matter {
                "open" | "private" | "renamed" => drop(github.issue(repo, n)),
                "transferred" => drop(github.transferred(repo, n, "acme/ship", n + 500)),
                "deleted" => drop(github.deleted(repo, n)),
                "failing" => {
                    github.issue(repo, n);
                    github.alias_error(repo, n, "INTERNAL", 9);
                }
                _ => {}
            }
            (format!("github:{repo}#{n}"), kind)
        } else {
            let (matter, kind) = JIRA[choice % JIRA.len()];
            let key = match matter {
                "above" => format!("ARCH-{}", n + 2000),
                "elsewhere" => format!("SECRET-{n}"),
                _ => format!("ARCH-{n}"),
            };
            match matter {
                "open" => drop(jira.issue(&key)),
                "moved" => drop(jira.moved(&key, &format!("BOM-{n}"))),
                "hidden" => drop(jira.hidden(&key)),
                "busy" => {
                    jira.issue(&key);
                    jira.busy(&key, 9);
                }
                _ => {}
            }
            (format!("jira:{key}"), kind)
        }
    });
    let truth = truth.collect();
    github.renamed("acme/old", "acme/new").private("acme/secret");
    truth
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn asked_is_found_and_moved_and_gone_and_hidden_and_unknown(
        choices in prop::collection::vec((any::<bool>(), 0_usize..42), 0..120)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (github, jira) = (GitHub::new(), Jira::cloud());
            let truth = set_up(&github, &jira, &choices);
            let (github, jira) = (serve(github).await.unwrap(), serve(jira).await.unwrap());
            let trackers = trackers(&[github_at(&github.url, token()), jira_at(&jira.url, None)]);
            // Cited twice, asked once.
            let ids: Vec<TicketId> = truth.iter().chain(&truth).map(|(id, _)| id.parse().unwrap()).collect();
            let told = ask_for(&trackers, ids).await;
            prop_assert_eq!(told.answers.len(), truth.len());
            for (id, kind) in &truth {
                prop_assert_eq!(told.kind(id), *kind, "{}: {:?}", id, told.lookup(id));
            }
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn five_hundred_of_each_take_ten_requests_however_often_they_are_cited() {
    let (github, jira) = (GitHub::new(), Jira::cloud());
    let mut ids: Vec<TicketId> = Vec::new();
    for number in 1..=500 {
        github.issue(&format!("acme/rocket{}", number % 7), number);
        jira.issue(&format!("ARCH-{number}"));
        for _ in 0..3 {
            ids.push(format!("github:acme/rocket{}#{number}", number % 7).parse().unwrap());
            ids.push(format!("github:ACME/Rocket{}#{number}", number % 7).parse().unwrap());
            ids.push(format!("jira:ARCH-{number}").parse().unwrap());
        }
    }
    let (github, jira) = (serve(github).await.unwrap(), serve(jira).await.unwrap());
    let trackers = trackers(&[github_at(&github.url, token()), jira_at(&jira.url, Some(Flavor::Cloud))]);
    let told = ask_for(&trackers, ids).await;
    assert_eq!(told.answers.len(), 1000);
    assert!(told.answers.iter().all(|answer| answer.lookup.kind() == LookupKind::Found));
    assert_eq!((github.requests().len(), jira.requests().len()), (5, 5));
    assert_eq!(trackers.requests().values().sum::<u64>(), 10);
}

#[tokio::test]
async fn one_trackers_trouble_stays_its_own() {
    let (github, jira) = (GitHub::new(), Jira::cloud());
    github.issue("acme/rocket", 1);
    jira.issue("ARCH-1");
    let (github, jira) = (serve(github).await.unwrap(), serve(jira).await.unwrap());
    github.fail(Mishap::Slow(Duration::from_secs(30)));
    let trackers = trackers(&[github_at(&github.url, token()), jira_at(&jira.url, None)]);
    let mut batches = trackers.ask(["github:acme/rocket#1", "jira:ARCH-1"].map(ask_of).to_vec());
    let first = batches.recv().await.unwrap();
    assert_eq!(first.tracker.to_string(), "jira");
    assert_eq!(first.answers[0].lookup.kind(), LookupKind::Found);
}

#[tokio::test]
async fn a_tracker_that_nobody_configured_is_not_asked() {
    let told = ask(&trackers(&[]), &["jira:ARCH-1", "github@other:a/b#1", "jira:ARCH-2"]).await;
    told.all_unknown(3, TroubleKind::Unasked);
    assert_eq!(told.says("jira:ARCH-1"), "no tracker `jira` is configured");
    assert_eq!(told.health, BTreeMap::new());
}

#[tokio::test]
async fn nothing_asked_is_nothing_answered() {
    let told = ask(&trackers(&[]), &[]).await;
    assert!(told.answers.is_empty() && told.health.is_empty());
}

#[tokio::test]
async fn when_nobody_listens_nothing_more_is_asked() {
    let jira = Jira::cloud();
    for number in 1..=3000 {
        jira.issue(&format!("ARCH-{number}"));
    }
    let running = serve(jira).await.unwrap();
    running.latency(Duration::from_millis(50));
    let trackers = trackers(&[jira_at(&running.url, Some(Flavor::Cloud))]);
    let mut batches = trackers.ask((1..=3000).map(|n| ask_of(&format!("jira:ARCH-{n}"))).collect::<Vec<_>>());
    batches.recv().await.unwrap();
    drop(batches);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let made = running.requests().len();
    assert!(made <= 9, "{made}");
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(running.requests().len(), made);
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_before_anything_is_asked() {
    let http = dragnet::http::Client::new(super::brisk()).unwrap();
    let refused = |settings| {
        let error = dragnet::trackers::Trackers::new(&[settings], &http).unwrap_err();
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        (matches!(error, TrackersError::Address { .. }), format!("{error}: {cause}"))
    };
    let (address, says) = refused(github_at(&"file:///tmp".parse().unwrap(), token()));
    assert!(address && says.starts_with("tracker `github`: cannot ask at `file:///tmp`"), "{says}");
    let broken = dragnet::domain::tracker::Credential::Bearer("two\nlines".to_owned().into());
    let (address, says) = refused(github_at(&"http://127.0.0.1:9".parse().unwrap(), broken));
    assert!(!address && says.ends_with("the token holds characters that no HTTP header can carry"), "{says}");
}

#[tokio::test]
async fn a_tracker_knows_us_or_says_why_not() {
    let (github, jira) = (GitHub::new(), Jira::cloud());
    let (hub, site) = (serve(github.clone()).await.unwrap(), serve(jira).await.unwrap());
    let settings = [github_at(&hub.url, token()), jira_at(&site.url, None)];
    let trackers = trackers(&settings);
    for settings in &settings {
        assert!(trackers.recognise(&settings.id).await.unwrap());
    }
    // An app's token belongs to nobody's account, and is as good.
    github.app_token();
    trackers.recognise(&settings[0].id).await.unwrap();
    for (mishap, kind) in [
        (Mishap::Status(401), TroubleKind::Credentials),
        (Mishap::Status(403), TroubleKind::Credentials),
        (Mishap::Status(500), TroubleKind::Outage),
        (Mishap::LoginPage, TroubleKind::Misread),
        (Mishap::WrongShape, TroubleKind::Misread),
    ] {
        for (running, settings) in [(&hub, &settings[0]), (&site, &settings[1])] {
            running.fail(mishap.clone());
            let said = trackers.recognise(&settings.id).await;
            assert!(said.is_err_and(|trouble| trouble.kind == kind), "{mishap:?} {}", settings.id);
            running.heal();
        }
    }
}

/// What is asked beside something else waits for its turn.
#[tokio::test]
async fn however_much_is_asked_at_once_few_requests_are_under_way() {
    let (github, mut ids) = many(900);
    let jira = Jira::cloud();
    for number in 1..=900 {
        jira.issue(&format!("ARCH-{number}"));
        ids.push(format!("jira:ARCH-{number}"));
    }
    let (hub, site) = (serve(github).await.unwrap(), serve(jira).await.unwrap());
    for running in [&hub, &site] {
        running.latency(Duration::from_millis(200));
    }
    let trackers = trackers(&[github_at(&hub.url, token()), jira_at(&site.url, Some(Flavor::Cloud))]);
    let ids = refs(&ids);
    let (one, other) = tokio::join!(ask(&trackers, &ids), ask(&trackers, &ids));
    assert_eq!((one.answers.len(), other.answers.len()), (1800, 1800));
    for running in [&hub, &site] {
        assert!((2..=4).contains(&running.busiest()), "{}", running.busiest());
    }
}
