//! GitHub asked by an app: its tokens are fetched, renewed before they end and once when refused, and shown to nobody else.

use chrono::TimeDelta;
use dragnet::domain::lookup::{LookupKind, TroubleKind};
use dragnet::domain::tracker::{Credential, TrackerSettings};
use dragnet::standin::{Exchange, GitHub, Mishap, Running, serve};
use dragnet::trackers::TrackersError;

use super::{ask, github_at, many, refs, trackers};

const KEY: &str = include_str!("app.pem");

fn app(installation: Option<u64>) -> Credential {
    Credential::App { app_id: 7, key: KEY.to_owned().into(), installation }
}

fn settings(running: &Running, installation: Option<u64>) -> [TrackerSettings; 1] {
    [github_at(&running.url, app(installation))]
}

/// Tokens that were asked for.
fn grants(running: &Running) -> usize {
    running.requests().iter().filter(|it| it.path.ends_with("/access_tokens")).count()
}

fn shown(exchange: &Exchange) -> &str {
    exchange.header("authorization").unwrap_or_default()
}

#[tokio::test]
async fn the_only_installation_is_found_and_its_token_asks() {
    let (github, ids) = many(250);
    github.app(7, &[(12, "acme")]);
    let running = serve(github).await.unwrap();
    // github.com has REST at its root, an Enterprise Server below `/api/v3`.
    for (api, prefix) in [("/", ""), ("/api/v3", "/api/v3")] {
        running.forget();
        let settings = [github_at(&running.url.join(api).unwrap(), app(None))];
        let trackers = trackers(&settings);
        let told = ask(&trackers, &refs(&ids)).await;
        assert!(ids.iter().all(|id| told.kind(id) == LookupKind::Found), "{:?}", told.health());
        let requests = running.requests();
        let paths: Vec<&str> = requests.iter().map(|it| it.path.as_str()).take(2).collect();
        let installation = format!("{prefix}/app/installations");
        assert_eq!(
            paths,
            [format!("{installation}?per_page=100"), format!("{installation}/12/access_tokens")],
            "one at a time: four queries wait for one token"
        );
        assert_eq!(requests.len(), 2 + 3);
        for exchange in &requests {
            let signs = exchange.path.contains("/app/");
            assert_eq!(shown(exchange).starts_with("Bearer ghs_"), !signs, "{}", exchange.path);
            assert_eq!(shown(exchange).matches('.').count(), if signs { 2 } else { 0 });
        }
        assert_eq!(trackers.requests()[&settings[0].id], 5);
        // An app's token is nobody's account, and is recognised all the same.
        trackers.recognise(&settings[0].id).await.unwrap();
    }
}

#[tokio::test]
async fn a_token_that_ends_on_the_way_is_renewed_once_for_all() {
    let (github, ids) = many(950);
    github.app(7, &[(12, "acme")]).app_token_ends_after(4);
    let running = serve(github).await.unwrap();
    let told = ask(&trackers(&settings(&running, Some(12))), &refs(&ids)).await;
    assert!(ids.iter().all(|id| told.kind(id) == LookupKind::Found));
    assert_eq!(told.health().trouble, None);
    assert_eq!(grants(&running), 2, "the first one and one renewal");
    let refused = running.requests().iter().filter(|it| it.status == 401).count();
    assert!((1..=4).contains(&refused), "no more than were under way: {refused}");
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends() {
    for (lasts, tokens) in [(TimeDelta::hours(1), 1), (TimeDelta::zero(), 3)] {
        let (github, ids) = many(1);
        github.app(7, &[(12, "acme")]).app_tokens_last(lasts);
        let running = serve(github).await.unwrap();
        let trackers = trackers(&settings(&running, Some(12)));
        for _ in 0..3 {
            assert_eq!(ask(&trackers, &refs(&ids)).await.kind(&ids[0]), LookupKind::Found);
        }
        assert_eq!((grants(&running), running.requests().len()), (tokens, tokens + 3));
    }
}

/// Installations, the one configured, what happens to them, and what is said.
type Shut<'a> = (&'a [(u64, &'a str)], Option<u64>, fn(&GitHub), &'a str);

#[tokio::test]
async fn an_app_without_a_way_in_is_trouble_with_credentials_that_says_what_to_do() {
    let two: &[(u64, &str)] = &[(12, "acme"), (34, "globex")];
    let cases: [Shut<'_>; 6] = [
        (two, None, |_| {}, "the app has 2 installations; set `installation_id` to one of 12 (acme), 34 (globex)"),
        (&[], None, |_| {}, "the app is installed nowhere; install it where the tickets are"),
        (two, Some(99), |_| {}, "answered 404: the app has no installation 99, or has it no longer"),
        (two, Some(12), |github| _ = github.app_revoked(), "answered 404: the app has no installation 12"),
        (two, Some(12), |github| _ = github.app_suspended(), "\"This installation has been suspended\""),
        (two, Some(12), |github| _ = github.app(8, &[(12, "acme")]), "\"A JSON web token could not be decoded\""),
    ];
    for (installations, configured, change, says) in cases {
        let (github, ids) = many(950);
        github.app(7, installations);
        change(&github);
        let running = serve(github).await.unwrap();
        let told = ask(&trackers(&settings(&running, configured)), &refs(&ids)).await;
        told.all_unknown(950, TroubleKind::Credentials);
        assert_eq!((told.troubled(), told.health().worked), (TroubleKind::Credentials, false));
        assert!(told.says(&ids[0]).contains(says), "{}", told.says(&ids[0]));
        assert_eq!(running.requests().len(), 1, "{says}: refused once is refused");
    }
    // Two of several installations work by their number.
    let (github, ids) = many(1);
    github.app(7, two);
    let running = serve(github).await.unwrap();
    assert_eq!(ask(&trackers(&settings(&running, Some(34))), &refs(&ids)).await.kind(&ids[0]), LookupKind::Found);
}

#[tokio::test]
async fn an_outage_of_the_tokens_is_an_outage() {
    for (mishap, kind) in [
        (Mishap::Status(500), TroubleKind::Outage),
        (Mishap::HalfJson, TroubleKind::Misread),
        (Mishap::WrongShape, TroubleKind::Misread),
        (Mishap::LoginPage, TroubleKind::Misread),
        (Mishap::RetryAfter(429, "600".to_owned()), TroubleKind::Limit),
    ] {
        let (github, ids) = many(3);
        github.app(7, &[(12, "acme")]);
        let running = serve(github).await.unwrap();
        running.fail(mishap.clone().on("/access_tokens"));
        let told = ask(&trackers(&settings(&running, Some(12))), &refs(&ids)).await;
        told.all_unknown(3, kind);
    }
}

#[tokio::test]
async fn neither_key_nor_token_follows_a_redirect_and_nothing_prints_them() {
    let (github, ids) = many(1);
    github.app(7, &[(12, "acme")]);
    let running = serve(github).await.unwrap();
    let thief = serve(GitHub::new()).await.unwrap();
    let there = thief.url.join("/graphql").unwrap().to_string();
    for place in ["/app/installations", "/access_tokens", "/graphql", "/repos"] {
        running.fail(Mishap::Redirect(there.clone()).on(place));
        ask(&trackers(&settings(&running, None)), &[ids[0].as_str(), "github:acme/rocket#99"]).await;
        running.heal();
    }
    assert_eq!(thief.requests().len(), 0);
    let printed = format!("{:?} {:?}", app(None), trackers(&settings(&running, None)));
    assert!(!printed.contains("PRIVATE") && !printed.contains(&KEY[120..160]), "{printed}");
}

#[test]
fn a_key_that_cannot_sign_is_refused_before_anything_is_asked() {
    let http = dragnet::http::Client::new(super::brisk()).unwrap();
    let half = &KEY[..KEY.len() / 2];
    for key in ["", "s3cret", half, "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\n"] {
        let credential = Credential::App { app_id: 7, key: key.to_owned().into(), installation: None };
        let settings = [github_at(&"https://api.github.com".parse().unwrap(), credential)];
        let error = dragnet::trackers::Trackers::new(&settings, &http).unwrap_err();
        assert!(matches!(error, TrackersError::Key { .. }), "{error}");
        assert!(error.hint().is_some());
    }
}
