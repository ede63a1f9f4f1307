//! The lease: one pass at a time, and nothing written under a term that is over.

use chrono::TimeDelta;

use super::{answer, gone, minute, register};
use crate::domain::known::{KnownTracker, Run};
use crate::domain::portion::Basis;
use crate::domain::tracker::{TrackerId, TrackerKind};
use crate::store::{Store, StoreError};

const TTL: TimeDelta = TimeDelta::minutes(5);

#[tokio::test]
async fn a_held_lease_says_who_holds_it_and_since_when() {
    let store = Store::in_memory().await.unwrap();
    let lease = store.take_lease("hal:12", minute(0), TTL).await.unwrap().unwrap();
    assert_eq!((lease.holder.as_str(), lease.term, lease.since), ("hal:12", 1, minute(0)));

    let held = store.take_lease("eve:7", minute(4), TTL).await.unwrap().unwrap_err();
    assert_eq!((held.holder.as_str(), held.since, held.expires_at), ("hal:12", minute(0), minute(5)));
    assert_eq!(held.to_string(), "`hal:12` has been at work on this store since 2026-02-03T04:00:00Z");
    assert!(
        store.take_lease("hal:12", minute(4), TTL).await.unwrap().is_err(),
        "a second pass of the holder counts too"
    );

    assert!(store.renew_lease(&lease, minute(4), TTL).await.unwrap());
    assert!(store.take_lease("eve:7", minute(8), TTL).await.unwrap().is_err(), "renewed");
    let next = store.take_lease("eve:7", minute(9), TTL).await.unwrap().unwrap();
    assert_eq!(next.term, 2);
    assert!(!store.renew_lease(&lease, minute(9), TTL).await.unwrap());
}

#[tokio::test]
async fn a_released_lease_is_free_and_its_term_is_not_used_again() {
    let store = Store::in_memory().await.unwrap();
    let first = store.take_lease("hal", minute(0), TTL).await.unwrap().unwrap();
    store.release_lease(&first).await.unwrap();
    assert!(matches!(store.under(&first).begin_run(minute(0)).await, Err(StoreError::LeaseLost { .. })));
    let second = store.take_lease("hal", minute(0), TTL).await.unwrap().unwrap();
    assert_eq!(second.term, 2);
    store.release_lease(&first).await.unwrap();
    store.under(&second).begin_run(minute(1)).await.unwrap();
}

#[tokio::test]
async fn an_expired_lease_that_nobody_took_still_writes() {
    let store = Store::in_memory().await.unwrap();
    let lease = store.take_lease("hal", minute(0), TTL).await.unwrap().unwrap();
    store.under(&lease).begin_run(minute(60)).await.unwrap();
    assert!(store.renew_lease(&lease, minute(61), TTL).await.unwrap());
}

#[tokio::test]
async fn a_lease_from_a_clock_that_ran_ahead_does_not_last_for_years() {
    let store = Store::in_memory().await.unwrap();
    let ahead = minute(0) + TimeDelta::days(700);
    store.take_lease("hal", ahead, TTL).await.unwrap().unwrap();
    let next = store.take_lease("eve", minute(0), TTL).await.unwrap().unwrap();
    assert_eq!(next.term, 2);
    assert!(store.take_lease("ann", minute(-4), TTL).await.unwrap().is_err(), "a few minutes are no wrong clock");
}

#[tokio::test]
async fn a_dead_holder_is_dispossessed_once() {
    let store = Store::in_memory().await.unwrap();
    store.take_lease("hal:12", minute(0), TTL).await.unwrap().unwrap();
    let held = store.take_lease("eve", minute(1), TTL).await.unwrap().unwrap_err();
    let seized = store.seize_lease(&held, "eve", minute(1), TTL).await.unwrap().unwrap();
    assert_eq!((seized.holder.as_str(), seized.term), ("eve", 2));
    // A second one who saw the same dead holder comes too late.
    let late = store.seize_lease(&held, "ann", minute(1), TTL).await.unwrap().unwrap_err();
    assert_eq!((late.holder.as_str(), late.term), ("eve", 2));
    store.release_lease(&seized).await.unwrap();
    assert_eq!(store.seize_lease(&held, "ann", minute(1), TTL).await.unwrap().unwrap().term, 3);
}

#[tokio::test]
async fn a_lost_term_writes_nothing_by_any_verb() {
    let store = Store::in_memory().await.unwrap();
    let old = store.take_lease("hal", minute(0), TTL).await.unwrap().unwrap();
    let run = store.under(&old).begin_run(minute(0)).await.unwrap();
    let new = store.take_lease("eve", minute(6), TTL).await.unwrap().unwrap();
    let before = store.known().await.unwrap();

    let late = store.under(&old);
    let read = register("a.md");
    let tracker = KnownTracker {
        id: TrackerId::first(TrackerKind::Jira),
        worked_at: Some(minute(7)),
        trouble: None,
        asked_at: Some(minute(7)),
    };
    let ended = Run { started_at: minute(0), ended_at: Some(minute(7)), complete: true, asked: 1, unknown: 0 };
    let basis = Basis { terms: String::new(), since: minute(7), until: minute(8), again: None };
    let refusals = [
        late.begin_run(minute(7)).await.map(|_| ()),
        late.end_run(run, &ended).await,
        late.remember_document("s", read.document, read.references, vec![], vec![], minute(7)).await,
        late.remember_unreadable("s", "b.md", "a timeout", minute(7)).await,
        late.retire_documents_except(&[], minute(7)).await,
        late.remember_answers(&[answer("jira:OPS-7", gone())], minute(7)).await,
        late.remember_tracker(&tracker).await,
        late.judge(minute(7), move |desk| desk.finish(&[], |_| Vec::new(), &basis)).await,
    ];
    for refusal in refusals {
        let error = refusal.unwrap_err();
        assert!(matches!(&error, StoreError::LeaseLost { holder, term: 1, .. } if holder == "hal"), "{error:?}");
    }
    assert_eq!(store.known().await.unwrap(), before);
    assert_eq!(store.history(&super::id("jira:OPS-7")).await.unwrap(), []);

    store.under(&new).end_run(run, &ended).await.unwrap();
    assert_eq!(store.known().await.unwrap().last_run, Some(ended));
}
