//! Documents: what goes in comes out, versions replace each other whole, trouble overturns nothing.

use super::{Read, challenge, id, minute, minutes, problem, register};
use crate::domain::document::Kind;
use crate::domain::known::{KnownChallenge, KnownDocument};
use crate::domain::time::Moment;
use crate::store::Store;

async fn remember(store: &Store, source: &str, read: &Read, now: Moment) {
    let Read { document, references, unclaimed, problems } = read.clone();
    store.unfenced().remember_document(source, document, references, unclaimed, problems, now).await.unwrap();
}

/// What the store should know after reading this.
fn expected(source: &str, read: &Read, read_at: Moment) -> KnownDocument {
    let document = &read.document;
    KnownDocument {
        source: source.to_owned(),
        path: document.path.clone(),
        kind: document.kind,
        read_at: Some(read_at),
        trouble: None,
        challenges: document.challenges.clone(),
        meetings: document.meetings.clone(),
        references: read.references.clone(),
        citations: Vec::new(),
        unclaimed: read.unclaimed.clone(),
        problems: document.problems.iter().chain(&read.problems).cloned().collect(),
        markers: document.markers.clone(),
    }
}

/// The rows of one query over the whole store, as text.
async fn table(store: &Store, sql: &'static str) -> Vec<String> {
    store.worker.read("look", move |tx| tx.prepare(sql)?.query_map([], |row| row.get(0))?.collect()).await.unwrap()
}

#[tokio::test]
async fn what_goes_in_comes_out_in_order_of_paths() {
    let store = Store::in_memory().await.unwrap();
    let (notes, list) = (minutes("docs/hours.txt"), register("docs/challenges.md"));
    remember(&store, "hours", &notes, minute(0)).await;
    remember(&store, "challenges", &list, minute(1)).await;
    let known = store.known().await.unwrap();
    assert_eq!(known.documents, [expected("challenges", &list, minute(1)), expected("hours", &notes, minute(0))]);
}

#[tokio::test]
async fn problems_are_remembered_once_whether_given_with_the_document_or_beside_it() {
    let store = Store::in_memory().await.unwrap();
    let mut read = register("a.md");
    let own = read.document.problems.clone();
    read.problems = own.iter().cloned().chain([problem("a.md", 20, "another")]).collect();
    remember(&store, "s", &read, minute(0)).await;
    let known = store.known().await.unwrap();
    assert_eq!(known.documents[0].problems, [own[0].clone(), problem("a.md", 20, "another")]);
}

#[tokio::test]
async fn an_unchanged_version_is_only_marked_as_read() {
    let store = Store::in_memory().await.unwrap();
    let read = register("a.md");
    remember(&store, "s", &read, minute(0)).await;
    let rows = |store: Store| async move {
        store
            .worker
            .read("look", |tx| tx.query_row("SELECT total_changes()", [], |row| row.get::<_, i64>(0)))
            .await
            .unwrap()
    };
    let before = rows(store.clone()).await;
    remember(&store, "s", &read, minute(1)).await;
    assert_eq!(rows(store.clone()).await, before + 1, "only the document's own row");
    assert_eq!(store.known().await.unwrap().documents, [expected("s", &read, minute(1))]);
}

#[tokio::test]
async fn the_same_text_understood_differently_is_a_new_version() {
    let store = Store::in_memory().await.unwrap();
    let mut read = register("a.md");
    remember(&store, "s", &read, minute(0)).await;
    read.unclaimed.clear();
    read.references.pop();
    remember(&store, "s", &read, minute(1)).await;
    assert_eq!(store.known().await.unwrap().documents, [expected("s", &read, minute(1))]);
}

#[tokio::test]
async fn a_new_version_replaces_everything_and_keeps_since_when_a_challenge_is_known() {
    let store = Store::in_memory().await.unwrap();
    let mut read = register("a.md");
    remember(&store, "s", &read, minute(0)).await;

    read.document.challenges = vec![
        challenge("a.md", 2, "new-5e6f", &["jira:OPS-9"]),
        challenge("a.md", 4, "keys-1a2b", &["jira:OPS-7"]),
        // A page may carry the same row twice; that is the reader's finding, not the store's failure.
        challenge("a.md", 5, "keys-1a2b", &[]),
    ];
    read.references.clear();
    remember(&store, "s", &read, minute(1)).await;
    assert_eq!(store.known().await.unwrap().documents, [expected("s", &read, minute(1))]);

    let seen = "SELECT id || ' ' || substr(first_seen_at, 15, 2) || ' ' || coalesce(substr(gone_at, 15, 2), 'here')
                FROM challenge_seen ORDER BY id";
    assert_eq!(table(&store, seen).await, ["disks-3c4d 00 01", "keys-1a2b 00 here", "new-5e6f 01 here"]);

    remember(&store, "s", &register("a.md"), minute(2)).await;
    assert_eq!(table(&store, seen).await, ["disks-3c4d 00 here", "keys-1a2b 00 here", "new-5e6f 01 02"]);
}

#[tokio::test]
async fn known_challenges_are_those_of_the_last_good_version() {
    let store = Store::in_memory().await.unwrap();
    let read = register("a.md");
    remember(&store, "s", &read, minute(0)).await;
    store.unfenced().remember_unreadable("s", "a.md", "gone fishing", minute(1)).await.unwrap();
    let expected = |at: usize| {
        let challenge = &read.document.challenges[at];
        KnownChallenge { id: challenge.id.clone(), title: challenge.title.clone(), tickets: challenge.tickets.clone() }
    };
    assert_eq!(store.known_challenges("a.md").await.unwrap(), [expected(0), expected(1)]);
    assert_eq!(store.known_challenges("b.md").await.unwrap(), []);
}

#[tokio::test]
async fn an_unreadable_document_keeps_its_last_good_version_until_it_is_read_again() {
    let store = Store::in_memory().await.unwrap();
    let read = register("a.md");
    remember(&store, "s", &read, minute(0)).await;
    store.unfenced().remember_unreadable("s", "a.md", "it is a folder", minute(5)).await.unwrap();
    let mut troubled = expected("s", &read, minute(0));
    troubled.trouble = Some("it is a folder".to_owned());
    assert_eq!(store.known().await.unwrap().documents, [troubled]);

    remember(&store, "s", &read, minute(6)).await;
    assert_eq!(store.known().await.unwrap().documents, [expected("s", &read, minute(6))]);
}

#[tokio::test]
async fn a_document_that_was_never_read_is_not_skipped() {
    let store = Store::in_memory().await.unwrap();
    for at in [3, 4] {
        store.unfenced().remember_unreadable("s", "a.md", "no permission", minute(at)).await.unwrap();
    }
    let known = store.known().await.unwrap().documents;
    assert_eq!(known.len(), 1);
    assert_eq!((known[0].kind, known[0].read_at), (Kind::Prose, None));
    assert_eq!(known[0].trouble.as_deref(), Some("no permission"));
    assert!(known[0].challenges.is_empty() && known[0].references.is_empty());

    let read = register("a.md");
    remember(&store, "s", &read, minute(5)).await;
    assert_eq!(store.known().await.unwrap().documents, [expected("s", &read, minute(5))]);
}

#[tokio::test]
async fn retired_documents_are_out_of_sight_and_come_back_whole() {
    let store = Store::in_memory().await.unwrap();
    let (list, notes) = (register("a.md"), minutes("b.txt"));
    remember(&store, "list", &list, minute(0)).await;
    remember(&store, "notes", &notes, minute(0)).await;

    let keep = [("notes".to_owned(), "b.txt".to_owned())];
    store.unfenced().retire_documents_except(&keep, minute(1)).await.unwrap();
    let known = store.known().await.unwrap();
    assert_eq!(known.documents, [expected("notes", &notes, minute(0))]);
    assert_eq!(known.tickets.keys().cloned().collect::<Vec<_>>(), [id("github:acme/rocket#12")]);
    assert_eq!(store.wants().await.unwrap().len(), 1);
    assert_eq!(store.known_challenges("a.md").await.unwrap().len(), 2, "kept for the day it comes back");

    store.unfenced().remember_unreadable("list", "a.md", "a timeout", minute(2)).await.unwrap();
    let back = &store.known().await.unwrap().documents[0];
    assert_eq!(back.challenges, list.document.challenges);
    assert_eq!(back.read_at, Some(minute(0)));
}

#[tokio::test]
async fn a_document_that_another_source_brings_is_the_same_document() {
    let store = Store::in_memory().await.unwrap();
    let read = register("a.md");
    remember(&store, "old", &read, minute(0)).await;
    remember(&store, "new", &read, minute(1)).await;
    assert_eq!(store.known().await.unwrap().documents, [expected("new", &read, minute(1))]);
    store.unfenced().retire_documents_except(&[("old".to_owned(), "a.md".to_owned())], minute(2)).await.unwrap();
    assert!(store.known().await.unwrap().documents.is_empty());
}

#[tokio::test]
async fn wants_are_the_tickets_cited_once_each_with_the_stronger_role() {
    let store = Store::in_memory().await.unwrap();
    remember(&store, "list", &register("a.md"), minute(0)).await;
    remember(&store, "notes", &minutes("b.txt"), minute(0)).await;
    store.unfenced().remember_answers(&[super::answer("jira:OPS-8", super::unknown())], minute(9)).await.unwrap();
    let wants: Vec<_> = store
        .wants()
        .await
        .unwrap()
        .into_iter()
        .map(|want| {
            format!("{} {} {:?}", want.ticket, want.remedy, want.asked_at.map(|at| (at - minute(0)).num_minutes()))
        })
        .collect();
    // GitHub ignores case: both spellings are one ticket, named as the first document names it.
    assert_eq!(wants, ["jira:OPS-7 true None", "jira:OPS-8 false Some(9)", "github:Acme/Rocket#12 true None"]);
}

#[tokio::test]
async fn what_came_of_the_same_is_confirmed_until_something_else_is_in_force() {
    let store = Store::in_memory().await.unwrap();
    let (read, writer) = (register("a.md"), store.unfenced());
    let confirm = async |digest: &str, at| writer.confirm_document("t", "a.md", digest, at).await.unwrap();
    assert_eq!(confirm("one", minute(0)).await, None, "it was never read");
    remember(&store, "s", &read, minute(0)).await;
    assert_eq!(confirm("one", minute(1)).await, None, "nobody said what it came of");
    writer.come_of("a.md", "one").await.unwrap();
    writer.remember_unreadable("s", "a.md", "gone", minute(1)).await.unwrap();
    writer.retire_documents_except(&[], minute(1)).await.unwrap();
    assert_eq!(confirm("one", minute(2)).await, Some(read.references.len()));
    assert_eq!(confirm("two", minute(3)).await, None);
    assert_eq!(store.known().await.unwrap().documents, [expected("t", &read, minute(2))]);
    remember(&store, "s", &read, minute(4)).await;
    assert_eq!(confirm("one", minute(5)).await, None, "another text may say the same");
}
