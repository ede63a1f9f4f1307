//! What holds for whom, and until when.

use std::time::Duration;

use ::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::{AT_ONCE, Gate, Gates, WHOLE};
use crate::domain::lookup::{Trouble, TroubleKind};
use crate::domain::time::Moment;
use crate::domain::tracker::{Credential, Quota, Wait};
use crate::http::Reply;

fn gate(gates: &Gates, reserve: u8) -> Gate {
    gates.gate(&"https://api.example.org/x".parse().unwrap(), &Credential::Anonymous, reserve, AT_ONCE)
}

fn limit(says: &str) -> Trouble {
    Trouble { kind: TroubleKind::Limit, says: says.to_owned() }
}

#[tokio::test]
async fn what_is_short_is_waited_for_and_what_is_long_is_told() {
    let (gate, patience) = (gate(&Gates::default(), 0), Duration::from_secs(60));
    gate.enter("core", patience).await.unwrap();
    gate.shut("core", Duration::from_millis(80), limit("longer"));
    gate.shut("core", Duration::from_millis(1), limit("shorter"));
    assert_eq!(gate.is_shut("graphql"), None);
    let before = std::time::Instant::now();
    gate.enter("core", patience).await.unwrap();
    assert!(before.elapsed() >= Duration::from_millis(75));
    gate.shut(WHOLE, Duration::from_secs(3600), limit("an hour"));
    for scope in ["core", "graphql", WHOLE] {
        assert_eq!(gate.enter(scope, patience).await, Err(limit("an hour")));
    }
}

#[tokio::test]
async fn a_wait_outlives_the_gate_but_not_the_credential() {
    let now: Moment = "2026-06-01T12:00:00Z".parse().unwrap();
    let until = now + chrono::TimeDelta::hours(1);
    let trouble = limit("x answered 429");
    let gates = Gates::default();
    let gate = gate(&gates, 0);
    let whose = |credential: &Credential| Wait {
        origin: "https://api.example.org".to_owned(),
        credential: credential.fingerprint(),
        scope: "core".to_owned(),
        reserve: 0,
        until,
        trouble: trouble.clone(),
    };
    let waits = [whose(&Credential::Anonymous)];
    gates.recall(&waits, now);
    let says = "not asked before 2026-06-01 13:00 UTC, as it told an earlier pass: x answered 429";
    assert_eq!(gate.is_shut("core"), Some(limit(says)));
    assert_eq!(gate.is_shut("graphql"), None);
    // What is passed on is what was told, not the telling of it.
    assert_eq!(gates.waits(now), waits);
    gates.recall(&waits, until);
    assert_eq!((gate.is_shut("core"), gates.waits(until)), (None, Vec::new()));
    let elsewhere = Wait { origin: "https://example.org".to_owned(), ..waits[0].clone() };
    gates.recall(&[whose(&Credential::Bearer("another".into())), elsewhere], now);
    assert_eq!(gate.is_shut("core"), None);

    // What is told now is told from now on, to the second after its end.
    gate.shut(WHOLE, Duration::from_secs(120), trouble);
    let told = &gates.waits(now)[0];
    assert!((119..=120).contains(&(told.until - now).num_seconds()), "{told:?}");
}

#[tokio::test]
async fn one_gate_is_shut_to_all_who_share_it_and_a_reserve_to_those_who_leave_as_much() {
    let (gates, now) = (Gates::default(), "2026-10-21T07:28:00Z".parse().unwrap());
    let [nothing, tenth, half] = [0, 10, 50].map(|reserve| gate(&gates, reserve));
    let shut = || [&nothing, &tenth, &half].map(|gate| gate.is_shut("core").is_some());
    let left = |left: &str| {
        let headers =
            [("date", "Wed, 21 Oct 2026 07:28:00 GMT"), ("x-ratelimit-limit", "60"), ("x-ratelimit-remaining", left)];
        reply(&[&headers[..], &[("x-ratelimit-reset", "1792567980")]].concat())
    };
    half.heed("core", &left("30"));
    assert_eq!(shut(), [false, false, true]);
    nothing.heed("core", &left("5"));
    assert_eq!(shut(), [false, false, true], "whoever leaves nothing goes on");
    tenth.heed("core", &left("5"));
    assert_eq!(shut(), [false, true, true]);
    let waits = gates.waits(now);
    assert_eq!(waits.iter().map(|wait| wait.reserve).collect::<Vec<_>>(), [10, 50]);
    gates.recall(&waits, now);
    assert_eq!(shut(), [false, true, true]);
    tenth.heed("core", &left("0"));
    assert_eq!(shut(), [true; 3]);
    assert_eq!(half.is_shut("graphql"), None);
    assert_eq!(
        gates.gate(&"https://example.org/x".parse().unwrap(), &Credential::Anonymous, 0, 1).is_shut("core"),
        None
    );
    assert_eq!(half.at_once(), AT_ONCE);
    gates.gate(&"https://api.example.org/".parse().unwrap(), &Credential::Anonymous, 0, 1);
    assert_eq!(half.at_once(), 1, "as few as anybody wants");
}

fn reply(headers: &[(&'static str, &str)]) -> Reply {
    let value = |text: &str| HeaderValue::from_str(text).unwrap();
    let headers: HeaderMap = headers.iter().map(|(name, text)| (HeaderName::from_static(name), value(text))).collect();
    let url = "https://api.example.org/x".parse().unwrap();
    Reply { url, status: StatusCode::OK, headers, body: "{}".into() }
}

#[tokio::test]
async fn what_is_left_and_when_a_token_ends_is_told_by_quota() {
    let date = ("date", "Wed, 21 Oct 2026 07:28:00 GMT");
    let (of, reset) = (("x-ratelimit-limit", "5000"), ("x-ratelimit-reset", "1792567980"));
    let ends = ("github-authentication-token-expiration", "2026-12-31 23:59:59 UTC");
    let gates = Gates::default();
    let (gate, now): (_, Moment) = (gate(&gates, 0), "2026-10-21T07:28:00Z".parse().unwrap());
    assert_eq!(gate.account(now), Default::default());
    gate.heed("core", &reply(&[date, of, reset, ("x-ratelimit-remaining", "4800"), ends]));
    gate.heed("core", &reply(&[date, of, reset, ("x-ratelimit-remaining", "4799")]));
    gate.limited("search", &reply(&[date, of, reset, ("x-ratelimit-remaining", "0")]));
    // What is no moment makes none.
    let fill = ("x-ratelimit-fillrate", "1");
    for never in ["18446744073709551615", "9000000000000"] {
        let interval = ("x-ratelimit-interval-seconds", never);
        gate.heed("never", &reply(&[date, of, fill, interval, ("x-ratelimit-remaining", "4999")]));
    }
    // That it is nearly used up says no number.
    gate.heed("other", &reply(&[("x-ratelimit-nearlimit", "true")]));
    // Quotas outlive what must be waited for.
    gates.recall(&[], now);
    let account = gate.account(now);
    let quota = |name: &str| account.quotas[name].clone();
    assert_eq!(account.quotas.keys().collect::<Vec<_>>(), ["core", "search"]);
    let Quota { left, of, back_at } = quota("core");
    assert_eq!((left, of), (4799, 5000));
    assert!((290..=300).contains(&(back_at - now).num_seconds()), "{back_at}");
    assert_eq!(quota("search").left, 0);
    assert_eq!(account.expires, Some("2026-12-31T23:59:59Z".parse().unwrap()));
}
