//! Stores that are only read: by whom, beside whom, and without a trace.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::TempDir;

use super::{minute, register};
use crate::store::schema::{MIGRATIONS, migrate};
use crate::store::{Store, StoreError};

/// A folder with a store of one document, whose writer is gone.
async fn filled(name: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    let store = Store::open(&path).await.unwrap();
    remember(&store, "a.md").await;
    drop(store);
    (folder, path)
}

async fn remember(store: &Store, document: &str) {
    let read = register(document);
    store.unfenced().remember_document("s", read.document, vec![], vec![], vec![], minute(0)).await.unwrap();
}

async fn documents(store: &Store) -> usize {
    store.known().await.unwrap().documents.len()
}

/// The bytes of a file and when they were written.
fn trace(path: &Path) -> (Vec<u8>, SystemTime) {
    (fs::read(path).unwrap(), fs::metadata(path).unwrap().modified().unwrap())
}

#[tokio::test]
async fn reading_changes_no_byte_and_writing_is_refused() {
    let (_folder, path) = filled("dragnet.db").await;
    let before = trace(&path);
    let store = Store::open_existing(&path).await.unwrap();
    assert_eq!(documents(&store).await, 1);
    let error = store.unfenced().begin_run(minute(1)).await.unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error:?}");
    let error = store.worker.read("cheat", |tx| tx.execute("DELETE FROM run", [])).await.unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error:?}");
    drop(store);
    assert_eq!(trace(&path), before);
}

#[tokio::test]
async fn an_older_version_is_left_for_a_writer_to_migrate() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("dragnet.db");
    let mut connection = rusqlite::Connection::open(&path).unwrap();
    migrate(&mut connection, &MIGRATIONS[..1]).unwrap();
    drop(connection);
    let before = trace(&path);
    let error = Store::open_existing(&path).await.unwrap_err();
    assert!(matches!(error, StoreError::Older { found: 1, .. }), "{error:?}");
    assert_eq!(trace(&path), before);
    drop(Store::open(&path).await.unwrap());
    assert_eq!(documents(&Store::open_existing(&path).await.unwrap()).await, 0);
}

#[tokio::test]
async fn what_a_live_writer_has_not_folded_in_yet_is_seen() {
    let (_folder, path) = filled("dragnet.db").await;
    let writer = Store::open(&path).await.unwrap();
    let reader = Store::open_existing(&path).await.unwrap();
    assert_eq!(documents(&reader).await, 1);
    remember(&writer, "b.md").await;
    let before = trace(&path);
    assert_eq!(documents(&reader).await, 2);
    assert_eq!(trace(&path), before, "the log is the writer's to fold in");
    drop(writer);
    assert_eq!(documents(&reader).await, 2);
}

#[tokio::test]
async fn what_a_killed_writer_left_in_its_log_is_seen_and_left_there() {
    let (folder, path) = filled("dragnet.db").await;
    let writer = Store::open(&path).await.unwrap();
    remember(&writer, "b.md").await;
    let other = folder.path().join("copy");
    fs::create_dir(&other).unwrap();
    for name in ["dragnet.db", "dragnet.db-wal"] {
        fs::copy(folder.path().join(name), other.join(name)).unwrap();
    }
    let (file, log) = (other.join("dragnet.db"), other.join("dragnet.db-wal"));
    let before = (trace(&file), trace(&log));
    assert_eq!(documents(&Store::open_existing(&file).await.unwrap()).await, 2);
    assert_eq!((trace(&file), trace(&log)), before);
}

#[cfg(unix)]
#[tokio::test]
async fn a_store_is_read_where_nothing_can_be_put_next_to_it() {
    // A name that leads nowhere refuses the shared index to everybody, as a read-only folder does to most. The name of
    // the store holds what an address would take for its own.
    let (folder, path) = filled("the 50% store?x#y.db").await;
    std::os::unix::fs::symlink("/nowhere/at/all", folder.path().join("the 50% store?x#y.db-shm")).unwrap();
    let before = trace(&path);
    let store = Store::open_existing(&path).await.unwrap();
    assert_eq!(documents(&store).await, 1);
    assert_eq!(trace(&path), before);
    let error = Store::open(&path).await.unwrap_err();
    assert!(matches!(error, StoreError::Open { .. }), "a writer is stopped by it: {error:?}");
}
