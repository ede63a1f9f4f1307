//! The outbox: what is put in is taken out by one at a time, in its order, and never forgotten before it was sent.

use serde_json::json;

use super::minute;
use crate::domain::channel::{Content, Letter, Parcel};
use crate::domain::digest::{Picture, Scope};
use crate::domain::finding::Severity;
use crate::domain::time::Moment;
use crate::store::{DigestTurn, Store, Tried};

fn letter(key: &str, recipient: &str) -> Letter {
    let content = Content::Json(json!({"key": key}));
    Letter { key: key.to_owned(), digest: "d".to_owned(), recipient: recipient.to_owned(), content }
}

fn issue(key: &str) -> Letter {
    Letter { content: Content::Markdown(key.to_owned()), ..letter(key, "") }
}

fn turn(after: Option<Moment>, at: Moment, letters: Vec<Letter>) -> DigestTurn {
    let scope = Scope { teams: Vec::new(), categories: Vec::new(), severity: Severity::Warning, sources: None };
    DigestTurn { digest: "d".to_owned(), after, at, scope, picture: Picture::default(), letters }
}

/// A store in whose outbox these letters are since minute 0, 1, 2 …
async fn holding(letters: Vec<Letter>) -> Store {
    let store = Store::in_memory().await.unwrap();
    let mut last = None;
    for (n, letter) in (0..).zip(letters) {
        assert!(store.take_turn(turn(last, minute(n), vec![letter])).await.unwrap());
        last = Some(minute(n));
    }
    store
}

async fn take(store: &Store, n: i64) -> Option<Parcel> {
    store.take_letter(minute(n)).await.unwrap()
}

async fn note(store: &Store, parcel: &Parcel, tried: Tried, n: i64) {
    store.note_try(parcel.number, tried, minute(n)).await.unwrap();
}

async fn repeats(store: &Store) -> (usize, usize) {
    let bags = store.mailbags().await.unwrap();
    (bags[0].sent, bags[0].repeats)
}

fn later(n: i64, unsure: bool) -> Tried {
    Tried::Later { due: minute(n), unsure, says: "no".to_owned() }
}

#[tokio::test]
async fn each_reader_gets_theirs_in_order_and_nobody_waits_for_another() {
    let store = holding(vec![letter("a1", "a"), letter("a2", "a"), letter("b1", "b")]).await;
    let first = take(&store, 5).await.unwrap();
    assert_eq!((first.letter.key.as_str(), first.tries, first.queued_at), ("a1", 1, minute(0)));
    let other = take(&store, 5).await.unwrap();
    assert_eq!(other.letter.key, "b1", "the second of a reader waits for the first");
    assert_eq!(take(&store, 5).await, None);
    note(&store, &first, later(9, false), 6).await;
    assert_eq!(take(&store, 8).await, None);
    assert_eq!(store.next_letter_at().await.unwrap(), Some(minute(1)));
    let again = take(&store, 9).await.unwrap();
    assert_eq!((again.letter.key.as_str(), again.tries), ("a1", 2));
    note(&store, &again, Tried::GivenUp { says: "gone".to_owned() }, 9).await;
    assert_eq!(take(&store, 9).await.unwrap().letter.key, "a2", "what was given up is waited for by nobody");
    let bag = store.mailbags().await.unwrap().remove(0);
    assert_eq!((bag.waiting, bag.failed, bag.sent, bag.repeats), (2, 1, 0, 0));
    assert_eq!((bag.oldest, bag.says.as_deref()), (Some(minute(1)), Some("gone")));
}

#[tokio::test]
async fn what_somebody_tried_who_is_gone_is_tried_again_and_counted() {
    let store = holding(vec![letter("a", "")]).await;
    take(&store, 1).await.unwrap();
    assert_eq!(take(&store, 5).await, None, "they may be at it still");
    let again = take(&store, 7).await.unwrap();
    assert_eq!((again.tries, repeats(&store).await), (2, (0, 1)));
    note(&store, &again, Tried::Sent, 7).await;
    assert_eq!((take(&store, 60).await, repeats(&store).await), (None, (1, 1)));
    // A mark that was made under a clock that ran ahead holds nobody up.
    let store = holding(vec![letter("a", "")]).await;
    take(&store, 1_000_000).await.unwrap();
    assert!(take(&store, 2).await.is_some());
}

#[tokio::test]
async fn a_try_of_which_nobody_knows_counts_every_later_one() {
    let store = holding(vec![letter("a", "")]).await;
    for (n, unsure, counted) in [(1, false, 0), (2, true, 0), (3, false, 1), (4, false, 2)] {
        let parcel = take(&store, n).await.unwrap();
        assert_eq!(repeats(&store).await.1, counted, "{n}");
        note(&store, &parcel, later(n + 1, unsure), n).await;
    }
}

#[tokio::test]
async fn a_turn_is_taken_once_and_the_same_is_put_in_once() {
    let store = holding(vec![letter("a", "")]).await;
    assert!(!store.take_turn(turn(None, minute(1), vec![letter("b", "")])).await.unwrap(), "somebody else took it");
    assert!(store.take_turn(turn(Some(minute(0)), minute(1), vec![letter("a", "")])).await.unwrap());
    let told = store.digest_told("d").await.unwrap().unwrap();
    assert_eq!((told.at, told.spoke_at), (Some(minute(1)), Some(minute(1))));
    assert!(store.take_turn(turn(Some(minute(1)), minute(2), Vec::new())).await.unwrap());
    let told = store.digest_told("d").await.unwrap().unwrap();
    assert_eq!((told.at, told.spoke_at), (Some(minute(2)), Some(minute(1))), "it was silent");
    assert_eq!(store.mailbags().await.unwrap()[0].waiting, 1);
}

#[tokio::test]
async fn an_issue_never_goes_back_to_what_it_said_before() {
    let store = holding(vec![issue("old"), issue("new")]).await;
    let old = take(&store, 5).await.unwrap();
    note(&store, &old, Tried::GivenUp { says: "gone".to_owned() }, 5).await;
    let new = take(&store, 5).await.unwrap();
    note(&store, &new, Tried::Sent, 5).await;
    assert_eq!(store.retry_letters(None, minute(6)).await.unwrap(), 0);
    assert_eq!(take(&store, 6).await, None);
}

#[tokio::test]
async fn whoever_leaves_gets_nothing_that_waits_and_comes_back_by_the_same_token() {
    let store = holding(vec![letter("a", "a@example.org"), letter("b", "b@example.org")]).await;
    let readers = |tokens: [&str; 2]| {
        let addresses = ["a@example.org", "B@example.org"];
        addresses.iter().zip(tokens).map(|(address, token)| ((*address).to_owned(), token.to_owned())).collect()
    };
    let tokens = store.subscribers("d", readers(["t1", "t2"])).await.unwrap();
    assert_eq!(tokens, [Some("t1".to_owned()), Some("t2".to_owned())]);
    let tokens = store.subscribers("d", readers(["t3", "t4"])).await.unwrap();
    assert_eq!(tokens, [Some("t1".to_owned()), Some("t2".to_owned())], "a token lasts");
    assert!(!store.subscribe("t9", false, minute(3)).await.unwrap());
    assert!(store.subscribe("t1", false, minute(3)).await.unwrap());
    assert_eq!(store.subscription("t1").await.unwrap(), Some(("d".to_owned(), false)));
    assert_eq!(store.subscribers("d", readers(["t5", "t6"])).await.unwrap(), [None, Some("t2".to_owned())]);
    assert_eq!(take(&store, 5).await.unwrap().letter.key, "b");
    assert_eq!(take(&store, 5).await, None);
    assert!(store.subscribe("t1", true, minute(6)).await.unwrap());
    assert_eq!(store.subscription("t1").await.unwrap(), Some(("d".to_owned(), true)));
}

#[tokio::test]
async fn what_was_sent_is_remembered_for_three_months() {
    let store = holding(vec![letter("a", "")]).await;
    let parcel = take(&store, 1).await.unwrap();
    note(&store, &parcel, Tried::Sent, 1).await;
    let (day, mut last) = (24 * 60, minute(0));
    for (days, left) in [(89, 0), (92, 1)] {
        // The same again: it is put in once it is forgotten that it was sent.
        let now = minute(days * day);
        assert!(store.take_turn(turn(Some(last), now, Vec::new())).await.unwrap());
        assert!(store.take_turn(turn(Some(now), now, vec![letter("a", "")])).await.unwrap());
        assert_eq!(store.mailbags().await.unwrap()[0].waiting, left, "{days}");
        last = now;
    }
}
