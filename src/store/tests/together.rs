//! Several at work on one file, and work that is broken off.

use std::time::Duration;

use chrono::TimeDelta;
use tempfile::TempDir;

use super::{answer, closed_ticket, found, gone, id, minute, open_ticket, register};
use crate::domain::known::Known;
use crate::store::{Store, StoreError};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_may_make_the_same_store_at_once() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("dragnet.db");
    let opening: Vec<_> = (0..8)
        .map(|_| {
            let path = path.clone();
            tokio::spawn(async move { Store::open(&path).await })
        })
        .collect();
    for opened in opening {
        assert_eq!(opened.await.unwrap().unwrap().known().await.unwrap(), Known::default());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_stores_on_one_file_lose_nothing_of_each_other() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("dragnet.db");
    let stores = [Store::open(&path).await.unwrap(), Store::open(&path).await.unwrap()];
    let mut writing = Vec::new();
    for (which, store) in stores.iter().cloned().enumerate() {
        writing.push(tokio::spawn(async move {
            for n in 1..=40_usize {
                let name = format!("jira:OPS-{}", 2 * n + which);
                let ticket = found(open_ticket(&name));
                store.unfenced().remember_answers(&[answer(&name, ticket)], minute(1)).await.unwrap();
                assert_eq!(store.history(&id(&name)).await.unwrap().len(), 2);
            }
        }));
    }
    for writer in writing {
        writer.await.unwrap();
    }
    for n in 2..=81 {
        let name = id(&format!("jira:OPS-{n}"));
        assert_eq!(stores[n % 2].history(&name).await.unwrap().len(), 2, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_reach_for_the_lease_one_gets_it() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("dragnet.db");
    let mut reaching = Vec::new();
    for n in 0..6 {
        let store = Store::open(&path).await.unwrap();
        reaching.push(tokio::spawn(async move {
            store.take_lease(&format!("holder {n}"), minute(0), TimeDelta::minutes(5)).await.unwrap().is_ok()
        }));
    }
    let mut got = 0;
    for reached in reaching {
        got += usize::from(reached.await.unwrap());
    }
    assert_eq!(got, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_a_file_waits_for_no_writer() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(&folder.path().join("dragnet.db")).await.unwrap();
    let (begun, has_begun) = std::sync::mpsc::channel();
    let (end, may_end) = std::sync::mpsc::channel::<()>();
    let writer = store.clone();
    let writing = tokio::spawn(async move {
        let long = move |tx: &rusqlite::Connection| {
            tx.execute("INSERT INTO run (started_at, ended_at) VALUES ('x', 'x')", [])?;
            begun.send(()).unwrap();
            may_end.recv().unwrap();
            tx.execute("DELETE FROM run", [])
        };
        writer.worker.write("dawdle", None, long).await
    });
    tokio::task::spawn_blocking(move || has_begun.recv().unwrap()).await.unwrap();
    let known = tokio::time::timeout(Duration::from_secs(5), store.known()).await.expect("a reader waited").unwrap();
    assert_eq!(known.last_run, None, "nothing of an unfinished transaction is seen");
    end.send(()).unwrap();
    writing.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_verb_that_fails_midway_leaves_nothing() {
    let store = Store::in_memory().await.unwrap();
    let failed: Result<(), _> = store
        .worker
        .write("stumble", None, |tx| {
            tx.execute("INSERT INTO run (started_at, ended_at) VALUES ('x', 'x')", [])?;
            Err(rusqlite::Error::InvalidQuery)
        })
        .await;
    assert!(matches!(failed, Err(StoreError::Failed { doing: "stumble", .. })));
    assert_eq!(store.known().await.unwrap(), Known::default());
}

#[tokio::test]
async fn a_pass_that_stops_midway_keeps_what_it_stored_and_the_next_one_goes_on() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("dragnet.db");
    let read = register("a.md");
    let ttl = TimeDelta::minutes(5);
    {
        let store = Store::open(&path).await.unwrap();
        let lease = store.take_lease("hal", minute(0), ttl).await.unwrap().unwrap();
        let pass = store.under(&lease);
        pass.begin_run(minute(0)).await.unwrap();
        pass.remember_document("s", read.document.clone(), read.references.clone(), vec![], vec![], minute(0))
            .await
            .unwrap();
        pass.remember_answers(&[answer("jira:OPS-7", found(closed_ticket("jira:OPS-7", "Done")))], minute(1))
            .await
            .unwrap();
        // The rest of the pass does not happen: no answer for the others, no end, no release.
    }
    let store = Store::open(&path).await.unwrap();
    assert!(store.take_lease("eve", minute(2), ttl).await.unwrap().is_err());
    let lease = store.take_lease("eve", minute(5), ttl).await.unwrap().unwrap();
    assert_eq!(lease.term, 2);
    let left: Vec<_> = store.wants().await.unwrap().into_iter().filter(|want| want.asked_at.is_none()).collect();
    assert_eq!(left.len(), 2, "the ticket answered for is not asked again");
    let known = store.known().await.unwrap();
    assert_eq!(known.last_run, None);
    assert_eq!(known.tickets[&id("jira:OPS-7")].facts.as_deref(), Some(&closed_ticket("jira:OPS-7", "Done")));
    let answers: Vec<_> = left.iter().map(|want| answer(&want.ticket.to_string(), gone())).collect();
    store.under(&lease).remember_answers(&answers, minute(6)).await.unwrap();
    assert!(store.wants().await.unwrap().iter().all(|want| want.asked_at.is_some()));
}
