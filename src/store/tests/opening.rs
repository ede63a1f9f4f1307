//! What a path may turn out to be, and what is said about it.

use std::error::Error as _;
use std::fs;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use rusqlite::Connection;
use tempfile::TempDir;

use super::{minute, register};
use crate::domain::known::Known;
use crate::store::connection::open_reader;
use crate::store::schema::{APPLICATION_ID, known_version};
use crate::store::{Store, StoreError};

/// A folder of our own, and a way to say its paths without it.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Message, cause and hint, as the command line would print them.
    fn says(&self, error: &StoreError) -> String {
        let mut text = error.to_string();
        if let Some(cause) = error.source() {
            text = format!("{text}\ncause: {cause}");
        }
        if let Some(hint) = error.hint() {
            text = format!("{text}\nhint: {hint}");
        }
        text.replace(&format!("{}/", self.0.path().display()), "")
    }

    async fn refusal(&self, name: &str) -> String {
        self.says(&Store::open(&self.path(name)).await.unwrap_err())
    }
}

fn database(path: &Path, sql: &str) {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch(sql).unwrap();
}

#[tokio::test]
async fn a_store_is_made_once_and_found_again() {
    let folder = Folder::new();
    let path = folder.path("dragnet.db");
    let error = Store::open_existing(&path).await.unwrap_err();
    assert_snapshot!(folder.says(&error), @r"
    cannot open store `dragnet.db`: there is none yet
    hint: run `dragnet sync` first, or name the store under `[store]` as `path`
    ");
    assert!(!path.exists(), "looking for a store must not make one");

    let read = register("a.md");
    let store = Store::open(&path).await.unwrap();
    store.unfenced().remember_document("s", read.document.clone(), vec![], vec![], vec![], minute(0)).await.unwrap();
    drop(store);
    let known = Store::open_existing(&path).await.unwrap().known().await.unwrap();
    assert_eq!(known.documents[0].challenges, read.document.challenges);
}

#[tokio::test]
async fn a_store_has_our_mark_and_survives_power_loss() {
    let folder = Folder::new();
    let path = folder.path("dragnet.db");
    let store = Store::open(&path).await.unwrap();
    let pragma = |name: &'static str| {
        let store = store.clone();
        async move {
            store
                .worker
                .write("look", None, move |tx| {
                    tx.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))
                })
                .await
                .unwrap()
        }
    };
    assert_eq!(pragma("application_id").await, i64::from(APPLICATION_ID).into());
    assert_eq!(pragma("user_version").await, known_version().into());
    assert_eq!(pragma("journal_mode").await, "wal".to_owned().into());
    assert_eq!(pragma("synchronous").await, 2_i64.into(), "2 is FULL");
    assert_eq!(pragma("foreign_keys").await, 1_i64.into());
}

#[tokio::test]
async fn readers_cannot_write() {
    let folder = Folder::new();
    let store = Store::open(&folder.path("dragnet.db")).await.unwrap();
    let error = store.worker.read("cheat", |tx| tx.execute("DELETE FROM run", [])).await.unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error:?}");
}

#[tokio::test]
async fn files_of_others_are_refused_and_left_byte_for_byte() {
    let folder = Folder::new();
    fs::write(folder.path("notes.md"), "# a register\n").unwrap();
    fs::write(folder.path("short"), "SQLite").unwrap();
    database(&folder.path("places.sqlite"), "CREATE TABLE moz_places (id INTEGER); PRAGMA user_version = 75;");
    database(&folder.path("app.db"), "PRAGMA application_id = 252006673; CREATE TABLE t (x);");
    database(&folder.path("wal.db"), "PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1);");
    let names = ["notes.md", "short", "places.sqlite", "app.db", "wal.db"];
    let bytes = |name: &&str| fs::read(folder.path(name)).unwrap();
    let before: Vec<_> = names.iter().map(bytes).collect();
    let mut said = Vec::new();
    for name in names {
        said.push(folder.refusal(name).await.lines().next().unwrap().to_owned());
        let error = Store::open_existing(&folder.path(name)).await.unwrap_err();
        assert!(matches!(error, StoreError::NotSqlite { .. } | StoreError::Foreign { .. }), "{name}: {error:?}");
    }
    assert_eq!(before, names.iter().map(bytes).collect::<Vec<_>>());
    assert_eq!(fs::read_dir(folder.0.path()).unwrap().count(), names.len(), "nothing was put next to them");
    assert_snapshot!(said.join("\n"), @r"
    cannot open store `notes.md`: it is not an SQLite database
    cannot open store `short`: it is not an SQLite database
    cannot open store `places.sqlite`: it is another program's database
    cannot open store `app.db`: it is another program's database
    cannot open store `wal.db`: it is another program's database
    ");
}

#[tokio::test]
async fn a_newer_version_is_refused_with_both_numbers() {
    let folder = Folder::new();
    let path = folder.path("dragnet.db");
    drop(Store::open(&path).await.unwrap());
    database(&path, "PRAGMA user_version = 41");
    let before = fs::read(&path).unwrap();
    let refusal = folder.refusal("dragnet.db").await.replace(&format!("up to {}", known_version()), "up to [known]");
    assert_snapshot!(refusal, @r"
    cannot open store `dragnet.db`: it has schema version 41, and this dragnet knows versions up to [known]
    hint: use the dragnet that wrote it, or a newer one; nothing was changed
    ");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_store_that_a_newer_dragnet_migrates_while_it_is_open_is_left_alone_from_then_on() {
    let folder = Folder::new();
    let path = folder.path("dragnet.db");
    let store = Store::open(&path).await.unwrap();
    assert_eq!(store.known().await.unwrap(), Known::default());
    let newer = known_version() + 1;
    database(&path, &format!("PRAGMA user_version = {newer}"));
    assert!(matches!(store.known().await, Err(StoreError::Newer { found, .. }) if found == newer));
    let begun = store.unfenced().begin_run(minute(0)).await;
    assert!(matches!(begun, Err(StoreError::Newer { found, .. }) if found == newer));
}

#[tokio::test]
async fn an_empty_file_becomes_a_store() {
    let folder = Folder::new();
    fs::write(folder.path("empty.db"), "").unwrap();
    database(&folder.path("killed-early.db"), "PRAGMA journal_mode = WAL");
    for name in ["empty.db", "killed-early.db"] {
        let before = fs::read(folder.path(name)).unwrap();
        let error = Store::open_existing(&folder.path(name)).await.unwrap_err();
        assert_eq!(
            folder.says(&error),
            format!("cannot read store `{name}`: it is not a store yet\nhint: run `dragnet sync`, which makes it one")
        );
        assert_eq!(fs::read(folder.path(name)).unwrap(), before);
        let store = Store::open(&folder.path(name)).await.unwrap();
        assert_eq!(store.known().await.unwrap(), Known::default());
    }
}

#[tokio::test]
async fn paths_that_can_hold_no_store_are_explained() {
    let folder = Folder::new();
    fs::create_dir(folder.path("sub")).unwrap();
    fs::write(folder.path("file"), "x").unwrap();
    let mut said = Vec::new();
    for name in ["sub", "nowhere/dragnet.db", "file/dragnet.db"] {
        said.push(folder.refusal(name).await);
    }
    assert_snapshot!(said.join("\n"), @r"
    cannot open store `sub`: it is a folder, not a file
    hint: name a file as `path` under `[store]`
    cannot open store `nowhere/dragnet.db`: there is no folder `nowhere`
    hint: make the folder `nowhere`, or name another `path` under `[store]`
    cannot open store `file/dragnet.db`: there is no folder `file`
    hint: make the folder `file`, or name another `path` under `[store]`
    ");
    for special in ["", "nul\0.db"] {
        assert!(matches!(Store::open(Path::new(special)).await, Err(StoreError::Open { .. })), "{special:?}");
    }
    let pipe = Store::open(Path::new("/dev/null")).await.unwrap_err();
    assert_snapshot!(pipe, @"cannot open store `/dev/null`: it is a pipe or a device, not a file");
}

#[test]
fn names_that_sqlite_reads_otherwise_are_plain_files() {
    // SQLite takes the first two for databases without a file; here they are files that are not there.
    for name in ["", ":memory:", "file:other.db?mode=memory"] {
        let opened = open_reader(Path::new(name));
        assert!(matches!(opened, Err(StoreError::Open { .. })), "{name:?}: {opened:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn opening_waits_for_another_process_that_is_making_the_store() {
    let folder = Folder::new();
    let path = folder.path("dragnet.db");
    let other = Connection::open(&path).unwrap();
    other
        .execute_batch("PRAGMA user_version = 0; BEGIN IMMEDIATE; CREATE TABLE passing (x); DROP TABLE passing;")
        .unwrap();
    let opening = tokio::spawn({
        let path = path.clone();
        async move { Store::open(&path).await }
    });
    tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    assert!(!opening.is_finished());
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(opening.await.unwrap().unwrap().known().await.unwrap(), Known::default());
}

#[tokio::test]
async fn a_damaged_store_is_called_damaged_and_not_made_anew() {
    let folder = Folder::new();
    let path = folder.path("dragnet.db");
    let store = Store::open(&path).await.unwrap();
    let read = register("a.md");
    store.unfenced().remember_document("s", read.document, vec![], vec![], vec![], minute(0)).await.unwrap();
    drop(store);
    let mut bytes = fs::read(&path).unwrap();
    bytes[100..].fill(0x5a);
    fs::write(&path, &bytes).unwrap();
    let error = Store::open(&path).await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
    assert_eq!(fs::read(&path).unwrap().len(), bytes.len());
}

#[tokio::test]
async fn a_row_that_means_nothing_is_damage_and_no_panic() {
    let folder = Folder::new();
    let path = folder.path("dragnet.db");
    let store = Store::open(&path).await.unwrap();
    let read = register("a.md");
    store.unfenced().remember_document("s", read.document, vec![], vec![], vec![], minute(0)).await.unwrap();
    for sql in [
        "UPDATE document SET kind = 'poem'",
        "UPDATE document SET kind = 'register', read_at = 'yesterday'",
        "PRAGMA foreign_keys = OFF; UPDATE document SET read_at = '2026-01-01T00:00:00Z';
         UPDATE anecdote SET challenge = 77",
    ] {
        database(&path, sql);
        let error = store.known().await.unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{sql}: {error:?}");
    }
}

#[test]
fn every_error_of_sqlite_has_its_words() {
    let path = Path::new("dragnet.db");
    let mut said = Vec::new();
    for (code, message) in [
        (rusqlite::ffi::SQLITE_BUSY, "database is locked"),
        (rusqlite::ffi::SQLITE_FULL, "database or disk is full"),
        (rusqlite::ffi::SQLITE_READONLY, "attempt to write a readonly database"),
        (rusqlite::ffi::SQLITE_CORRUPT, "database disk image is malformed"),
        (rusqlite::ffi::SQLITE_IOERR, "disk I/O error"),
    ] {
        let error = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), Some(message.to_owned()));
        said.push(StoreError::while_doing(path, "remember answers", error).to_string());
    }
    let cannot = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN), None);
    said.push(StoreError::while_opening(path, cannot).to_string());
    let older = StoreError::Older { path: path.to_owned(), found: 1, known: 2 };
    said.push(format!("{older} ({})", older.hint().unwrap()));
    assert_snapshot!(said.join("\n"), @r"
    cannot remember answers in store `dragnet.db`: another program keeps it locked
    cannot remember answers in store `dragnet.db`: the disk is full
    cannot write store `dragnet.db`: it is read-only
    cannot remember answers in store `dragnet.db`: the file is damaged
    cannot remember answers in store `dragnet.db`: the disk failed (SQLite's code 10)
    cannot open store `dragnet.db`
    cannot read store `dragnet.db`: it has schema version 1, and this dragnet reads version 2 (run `dragnet sync`, which brings it to this version)
    ");
}
