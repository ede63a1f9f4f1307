//! Deliveries of webhooks: each has its effect once, on what is cited only.

use super::{answer, found, id, minute, open_ticket, register};
use crate::domain::delivery::{Delivery, Named, Receipt};
use crate::domain::lookup::Lookup;
use crate::store::Store;

/// A store whose register cites `jira:OPS-7`, `jira:OPS-8` and `github:Acme/Rocket#12`.
async fn citing() -> Store {
    let store = Store::in_memory().await.unwrap();
    let read = register("a.md");
    store.unfenced().remember_document("s", read.document, read.references, vec![], vec![], minute(0)).await.unwrap();
    store
}

fn delivery(tracker: &str, number: &str, names: &[Named]) -> Delivery {
    Delivery { tracker: tracker.parse().unwrap(), id: number.to_owned(), names: names.to_vec() }
}

fn ticket(text: &str) -> Named {
    Named::Ticket(id(text))
}

async fn take(store: &Store, delivery: Delivery) -> Receipt {
    store.take_deliveries(vec![delivery], minute(1)).await.unwrap()[0]
}

/// What is due because it was named, with the deliveries.
async fn nudged(store: &Store) -> Vec<(String, i64)> {
    let wants = store.wants().await.unwrap().into_iter();
    wants.filter_map(|want| Some((want.ticket.to_string(), want.nudge?))).collect()
}

#[tokio::test]
async fn what_is_cited_becomes_due_and_nothing_else() {
    let store = citing().await;
    for (nth, tracker, name, receipt) in [
        ("1", "jira", ticket("jira:OPS-7"), Receipt::Nudged),
        ("2", "github", ticket("github:acme/ROCKET#12"), Receipt::Nudged),
        ("3", "jira", ticket("jira:OPS-70"), Receipt::Ignored),
        ("4", "jira@other", ticket("jira@other:OPS-8"), Receipt::Ignored),
        ("5", "jira", Named::Native("10042".to_owned()), Receipt::Ignored),
    ] {
        assert_eq!(take(&store, delivery(tracker, nth, &[name])).await, receipt, "{nth}");
    }
    assert_eq!(nudged(&store).await, [("jira:OPS-7".to_owned(), 1), ("github:Acme/Rocket#12".to_owned(), 2)]);
    // A document that is out of force cites nothing.
    store.unfenced().retire_documents_except(&[], minute(2)).await.unwrap();
    assert_eq!(take(&store, delivery("jira", "6", &[ticket("jira:OPS-7")])).await, Receipt::Ignored);
    assert!(store.any_nudged().await.unwrap());
    store.unfenced().settle(Vec::new()).await.unwrap();
    assert!(!store.any_nudged().await.unwrap(), "what nothing cites any more is not due");
}

#[tokio::test]
async fn a_ticket_that_moved_is_known_by_its_new_name_and_its_lasting_id() {
    for name in [ticket("jira:ARCH-3"), Named::Native("10042".to_owned())] {
        let store = citing().await;
        let moved = Lookup::Moved { to: id("jira:ARCH-3"), ticket: Some(Box::new(open_ticket("jira:ARCH-3"))) };
        // The same number is another ticket's at another site.
        let other = answer("github:Acme/Rocket#12", found(open_ticket("github:Acme/Rocket#12")));
        store.unfenced().remember_answers(&[answer("jira:OPS-7", moved), other], minute(1)).await.unwrap();
        assert_eq!(take(&store, delivery("jira", "1", std::slice::from_ref(&name))).await, Receipt::Nudged, "{name:?}");
        assert_eq!(nudged(&store).await, [("jira:OPS-7".to_owned(), 1)]);
    }
}

#[tokio::test]
async fn a_delivery_counts_once_and_what_came_after_an_asking_stays_due() {
    let store = citing().await;
    let one = || delivery("jira", "one", &[ticket("jira:OPS-7"), ticket("jira:OPS-8")]);
    let receipts = store.take_deliveries(vec![one(), one(), one()], minute(1)).await.unwrap();
    assert_eq!(receipts, [Receipt::Nudged, Receipt::Repeated, Receipt::Repeated]);
    assert_eq!(take(&store, delivery("jira@other", "one", &[])).await, Receipt::Ignored, "ids are each sender's own");
    let before = nudged(&store).await;
    assert_eq!(take(&store, delivery("jira", "two", &[ticket("jira:OPS-7")])).await, Receipt::Nudged);
    // The asking began before the second delivery.
    let asked = before.iter().map(|(ticket, nudge)| (id(ticket), *nudge)).collect();
    store.unfenced().settle(asked).await.unwrap();
    assert_eq!(nudged(&store).await, [("jira:OPS-7".to_owned(), 3)]);
    assert_eq!(take(&store, one()).await, Receipt::Repeated);
    assert_eq!(nudged(&store).await, [("jira:OPS-7".to_owned(), 3)]);
}

#[tokio::test]
async fn the_last_hundred_thousand_are_remembered() {
    let store = Store::in_memory().await.unwrap();
    let many = (0..100_001).map(|n| delivery("jira", &n.to_string(), &[])).collect();
    store.take_deliveries(many, minute(1)).await.unwrap();
    for (number, receipt) in [("1", Receipt::Repeated), ("0", Receipt::Ignored), ("100000", Receipt::Repeated)] {
        assert_eq!(take(&store, delivery("jira", number, &[])).await, receipt, "{number}");
    }
}
