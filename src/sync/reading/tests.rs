//! A text that was read before is not read again, unless it may be understood otherwise.

use std::path::Path;

use super::read;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::policy::Policy;
use crate::domain::tracker::Claims;
use crate::http::{Client, Limits};
use crate::store::Store;
use crate::sync::Shop;
use crate::trackers::Trackers;

const ROW: &str = "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n\
                   | c | The pump stops | 2026-05-01: met it | 1 | OPS-1 FOO-2 |\n";

async fn shop(folder: &Path, paths: &[&str]) -> Shop {
    let source = |path: &&str| format!("[[source]]\nname = \"{path}\"\npath = \"{path}\"\n");
    let config: String = paths.iter().map(source).collect();
    Shop {
        sources: Config::from_text(&folder.join("dragnet.toml"), &config).unwrap().sources,
        claims: Claims::without_configuration(&["OPS".to_owned()]),
        policy: Policy::default(),
        waivers: Vec::new(),
        store: Store::open(&folder.join("dragnet.db")).await.unwrap(),
        trackers: Trackers::new(&[], &Client::new(Limits::default()).unwrap()).unwrap(),
        remotes: std::sync::Arc::default(),
        clock: Clock::standing_at("2026-06-01T10:00:00Z".parse().unwrap()),
        whole: true,
    }
}

/// Reads what there is; the tickets cited, and the ids of the challenges, document by document.
async fn pass(shop: &Shop) -> (Vec<String>, Vec<String>) {
    read(shop, &shop.store.unfenced(), &|_| {}).await.unwrap();
    let known = shop.store.known().await.unwrap();
    let ids = known.documents.iter().flat_map(|document| &document.challenges).map(|it| it.id.to_string());
    (known.tickets.keys().map(ToString::to_string).collect(), ids.collect())
}

#[tokio::test]
async fn the_same_text_is_understood_anew_when_other_trackers_claim_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.md"), ROW).unwrap();
    let mut shop = shop(folder.path(), &["a.md"]).await;
    let (tickets, ids) = pass(&shop).await;
    assert_eq!(tickets, ["jira:OPS-1"]);
    assert_eq!(pass(&shop).await, (tickets, ids.clone()));
    shop.claims = Claims::without_configuration(&["OPS".to_owned(), "FOO".to_owned()]);
    assert_eq!(pass(&shop).await, (vec!["jira:FOO-2".to_owned(), "jira:OPS-1".to_owned()], ids.clone()));
    std::fs::write(folder.path().join("a.md"), ROW.replace("FOO-2", "FOO-3")).unwrap();
    assert_eq!(pass(&shop).await, (vec!["jira:FOO-3".to_owned(), "jira:OPS-1".to_owned()], ids));
}

#[tokio::test]
async fn no_two_documents_keep_one_id_when_one_of_them_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    for path in ["a.md", "b.md"] {
        std::fs::write(folder.path().join(path), ROW).unwrap();
    }
    let both = shop(folder.path(), &["a.md", "b.md"]).await;
    for alone in ["a.md", "b.md", "a.md"] {
        let one = shop(folder.path(), &[alone]).await;
        assert_eq!(pass(&one).await.1.len(), 1);
    }
    for _ in 0..2 {
        let (_, ids) = pass(&both).await;
        assert_ne!(ids[0], ids[1]);
    }
}
