//! Answers: what they overturn, what they leave alone, and what they write into the history.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{answer, closed_ticket, found, gone, hidden, id, minute, open_ticket, reference, register, unknown};
use crate::domain::details::{Details, Event};
use crate::domain::document::Owner;
use crate::domain::known::{Change, KnownTicket, KnownTracker};
use crate::domain::listing::{Home, Window};
use crate::domain::lookup::{Lookup, LookupKind, Trouble, TroubleKind};
use crate::domain::reference::Within;
use crate::domain::ticket::{Ticket, TicketId};
use crate::store::Store;

/// A store that cites one ticket.
async fn citing(ticket: &str) -> Store {
    let store = Store::in_memory().await.unwrap();
    let document = register("a.md").document;
    let cited = vec![reference("a.md", 1, ticket, Within::Status, Owner::Nobody)];
    store.unfenced().remember_document("s", document, cited, vec![], vec![], minute(0)).await.unwrap();
    store
}

async fn tell(store: &Store, ticket: &str, at: i64, lookup: Lookup) {
    store.unfenced().remember_answers(&[answer(ticket, lookup)], minute(at)).await.unwrap();
}

/// What a listing told and how far it was followed are remembered together, or neither is: a window that is kept without
/// its tickets would hide their changes for ever.
#[tokio::test]
async fn a_listing_is_remembered_with_what_it_told_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dragnet.db");
    let store = Store::open(&path).await.unwrap();
    let document = register("a.md").document;
    let cited = vec![reference("a.md", 1, "jira:OPS-7", Within::Status, Owner::Nobody)];
    store.unfenced().remember_document("s", document, cited, vec![], vec![], minute(0)).await.unwrap();
    let window = Window {
        home: Home::of(&id("jira:OPS-7")),
        credential: "ours".to_owned(),
        since: Some(minute(0)),
        tag: None,
        begun_at: minute(1),
    };
    let told = [answer("jira:OPS-7", found(closed_ticket("jira:OPS-7", "Won't Do")))];
    let side = rusqlite::Connection::open(&path).unwrap();
    for (table, kept) in [("listing", 0), ("ticket", 0), ("nothing", 1)] {
        let refuses = format!("CREATE TRIGGER refuse BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'full'); END");
        let refuses = side.execute_batch(&refuses).is_ok();
        let windows = std::slice::from_ref(&window);
        let ended = store.unfenced().remember_told(&told, BTreeMap::new(), windows, minute(2)).await;
        assert_eq!(ended.is_err(), refuses, "{table}");
        for table in ["listing", "ticket", "ticket_change"] {
            let rows: i64 = side.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
            assert_eq!(rows.min(1), kept, "{table}");
        }
        side.execute_batch("DROP TRIGGER IF EXISTS refuse").unwrap();
    }
}

async fn known(store: &Store, ticket: &str) -> KnownTicket {
    store.known().await.unwrap().tickets.remove(&id(ticket)).unwrap()
}

/// The history, a line each: minute, field, before, after.
fn lines(history: &[Change]) -> Vec<String> {
    let show = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let line = |change: &Change| {
        let at = (change.seen_at - minute(0)).num_minutes();
        format!("{at} {}: {} -> {}", change.field, show(&change.before), show(&change.after))
    };
    history.iter().map(line).collect()
}

fn moved(to: &str, ticket: Option<Ticket>) -> Lookup {
    Lookup::Moved { to: id(to), ticket: ticket.map(Box::new) }
}

const OPS: &str = "jira:OPS-7";

#[tokio::test]
async fn a_ticket_that_was_never_asked_for_is_known_as_such() {
    let store = citing(OPS).await;
    assert_eq!(known(&store, OPS).await, KnownTicket::unasked(id(OPS)));
}

/// The ticket with its closing looked at: one event, who closed it, what it duplicates.
fn looked_at(reason: &str) -> Ticket {
    let mut ticket = closed_ticket(OPS, reason);
    let event = Event { kind: "status".to_owned(), value: Some("To Do → Closed".to_owned()), ..Event::default() };
    ticket.details = Details { closing: ticket.closing(), events: vec![event], ..Details::default() };
    ticket
}

/// The same ticket as an answer brings it that did not look at the closing.
fn at_a_glance(reason: &str) -> Ticket {
    Ticket { closed_by: None, duplicate_of: None, ..closed_ticket(OPS, reason) }
}

#[tokio::test]
async fn what_surrounds_a_closing_is_kept_while_it_is_the_same_closing() {
    let store = citing(OPS).await;
    let whole = looked_at("Done");
    tell(&store, OPS, 1, found(whole.clone())).await;
    assert_eq!(store.wants().await.unwrap()[0].looked_at.as_deref(), whole.closing().as_ref());

    tell(&store, OPS, 2, found(at_a_glance("Done"))).await;
    let got = known(&store, OPS).await;
    assert_eq!(got.facts.as_deref(), Some(&whole));
    assert_eq!(got.history.iter().map(|change| change.seen_at).max(), Some(minute(1)), "nothing changed");

    // A comment: the ticket is newer than the closing that was looked at, so that it is looked at again.
    let newer = Ticket { updated_at: Some(minute(3)), ..at_a_glance("Done") };
    tell(&store, OPS, 3, found(newer.clone())).await;
    let got = known(&store, OPS).await.facts.unwrap();
    assert_eq!((&got.details, got.closed_by.as_deref()), (&whole.details, Some("Ada")));
    assert_ne!(store.wants().await.unwrap()[0].looked_at.as_deref(), newer.closing().as_ref());
}

#[tokio::test]
async fn what_surrounded_an_earlier_closing_says_nothing_of_another() {
    for other in
        [at_a_glance("Won't Do"), Ticket { closed_at: Some(minute(9)), ..at_a_glance("Done") }, open_ticket(OPS)]
    {
        let store = citing(OPS).await;
        tell(&store, OPS, 1, found(looked_at("Done"))).await;
        tell(&store, OPS, 2, found(other.clone())).await;
        assert_eq!(known(&store, OPS).await.facts.as_deref(), Some(&other));
        assert_eq!(store.wants().await.unwrap()[0].looked_at, None);
    }
}

#[tokio::test]
async fn fresh_facts_around_a_closing_stand_beside_what_an_earlier_look_told() {
    let store = citing(OPS).await;
    let whole = looked_at("Done");
    tell(&store, OPS, 1, found(whole.clone())).await;
    let mut fresh = at_a_glance("Done");
    fresh.details.labels = vec!["later".to_owned()];
    tell(&store, OPS, 2, found(fresh)).await;
    let details = known(&store, OPS).await.facts.unwrap().details;
    assert_eq!(details, Details { labels: vec!["later".to_owned()], ..whole.details });
}

#[tokio::test]
async fn every_field_of_an_answer_comes_back() {
    let store = citing(OPS).await;
    let mut ticket = closed_ticket(OPS, "Won't Do");
    ticket.merged = Some(false);
    tell(&store, OPS, 1, found(ticket.clone())).await;
    let got = known(&store, OPS).await;
    assert_eq!(got.facts.as_deref(), Some(&ticket));
    assert_eq!((got.good_at, got.proven, got.proven_at), (Some(minute(1)), Some(LookupKind::Found), Some(minute(1))));
    assert_eq!((got.lookup, got.lookup_says, got.asked_at), (LookupKind::Found, None, Some(minute(1))));
}

#[tokio::test]
async fn a_history_opens_with_the_state_and_grows_with_every_change_only() {
    let store = citing(OPS).await;
    tell(&store, OPS, 1, found(open_ticket(OPS))).await;
    tell(&store, OPS, 2, found(open_ticket(OPS))).await;
    let commented = Ticket { updated_at: Some(minute(3)), ..open_ticket(OPS) };
    tell(&store, OPS, 3, found(commented.clone())).await;
    tell(&store, OPS, 4, found(closed_ticket(OPS, "Done"))).await;
    tell(&store, OPS, 5, found(closed_ticket(OPS, "Done"))).await;
    tell(&store, OPS, 6, found(Ticket { title: "Rotate all keys".to_owned(), ..closed_ticket(OPS, "Done") })).await;
    let got = known(&store, OPS).await;
    assert_eq!(
        lines(&got.history),
        [
            "1 lookup: - -> found",
            "1 state: - -> In Progress",
            "4 state: In Progress -> Closed",
            "4 status_category: indeterminate -> done",
            "4 closed: false -> true",
            "4 reason: - -> Done",
            "4 closed_at: - -> 2026-02-03T03:55:00.123Z",
            "4 closed_by: - -> Ada",
            "4 duplicate_of: - -> github:acme/rocket#9",
            "6 title: Rotate the keys -> Rotate all keys",
        ]
    );
    assert_eq!((got.good_at, got.asked_at), (Some(minute(6)), Some(minute(6))));
    assert_eq!(store.history(&id(OPS)).await.unwrap(), got.history);
}

#[tokio::test]
async fn an_outage_and_a_lost_permission_overturn_nothing_and_leave_no_trace() {
    for lookup in [unknown(), hidden()] {
        let store = citing(OPS).await;
        tell(&store, OPS, 1, found(closed_ticket(OPS, "Done"))).await;
        let before = known(&store, OPS).await;
        for at in 2..5 {
            tell(&store, OPS, at, lookup.clone()).await;
        }
        let during = known(&store, OPS).await;
        assert_eq!(during.lookup, lookup.kind());
        assert!(during.lookup_says.is_some());
        assert_eq!(during.asked_at, Some(minute(4)));
        let otherwise = KnownTicket {
            lookup: before.lookup,
            lookup_says: before.lookup_says.clone(),
            asked_at: before.asked_at,
            ..during
        };
        assert_eq!(otherwise, before);

        tell(&store, OPS, 5, found(closed_ticket(OPS, "Done"))).await;
        assert_eq!(known(&store, OPS).await.history, before.history);
    }
}

#[tokio::test]
async fn hidden_is_history_once_where_nothing_is_proven() {
    let store = citing(OPS).await;
    tell(&store, OPS, 1, unknown()).await;
    tell(&store, OPS, 2, hidden()).await;
    tell(&store, OPS, 3, unknown()).await;
    tell(&store, OPS, 4, hidden()).await;
    tell(&store, OPS, 5, found(open_ticket(OPS))).await;
    tell(&store, OPS, 6, hidden()).await;
    let got = known(&store, OPS).await;
    assert_eq!(
        lines(&got.history),
        ["2 lookup: - -> hidden", "5 lookup: hidden -> found", "5 state: - -> In Progress"]
    );
    assert_eq!((got.lookup, got.proven), (LookupKind::Hidden, Some(LookupKind::Found)));
}

#[tokio::test]
async fn gone_is_proven_and_found_again_is_one_history() {
    let store = citing(OPS).await;
    tell(&store, OPS, 1, found(open_ticket(OPS))).await;
    tell(&store, OPS, 2, gone()).await;
    let lost = known(&store, OPS).await;
    assert_eq!((lost.proven, lost.proven_at, lost.good_at), (Some(LookupKind::Gone), Some(minute(2)), Some(minute(1))));
    assert_eq!(lost.facts.as_deref(), Some(&open_ticket(OPS)), "the last good answer stays beside it");
    assert!(lost.lookup_says.unwrap().contains("no such number"));

    tell(&store, OPS, 3, unknown()).await;
    tell(&store, OPS, 4, found(closed_ticket(OPS, "Done"))).await;
    let back = known(&store, OPS).await;
    assert_eq!(back.proven, Some(LookupKind::Found));
    let history = lines(&back.history);
    assert_eq!(history[2..5], ["2 lookup: found -> gone", "4 lookup: gone -> found", "4 state: In Progress -> Closed"]);
}

#[tokio::test]
async fn a_ticket_that_moved_keeps_one_history_under_the_id_cited() {
    let store = citing(OPS).await;
    tell(&store, OPS, 1, found(open_ticket(OPS))).await;
    tell(&store, OPS, 2, moved("jira:INFRA-70", None)).await;
    let away = known(&store, OPS).await;
    assert_eq!((away.proven, away.good_at), (Some(LookupKind::Moved), Some(minute(1))));
    assert_eq!((away.moved_to, away.facts), (Some(id("jira:INFRA-70")), Some(Box::new(open_ticket(OPS)))));

    tell(&store, OPS, 3, moved("jira:INFRA-70", Some(closed_ticket("jira:INFRA-70", "Done")))).await;
    tell(&store, OPS, 4, hidden()).await;
    let there = known(&store, OPS).await;
    assert_eq!(there.moved_to, Some(id("jira:INFRA-70")));
    assert_eq!(there.facts.unwrap().id, id("jira:INFRA-70"));

    tell(&store, OPS, 5, found(closed_ticket(OPS, "Done"))).await;
    let back = known(&store, OPS).await;
    assert_eq!(back.moved_to, None);
    let moves: Vec<_> =
        lines(&back.history).into_iter().filter(|line| line.contains("moved") || line.contains("state")).collect();
    assert_eq!(
        moves,
        [
            "1 state: - -> In Progress",
            "2 lookup: found -> moved",
            "2 moved_to: - -> jira:INFRA-70",
            "3 state: In Progress -> Closed",
            "5 lookup: moved -> found",
            "5 moved_to: jira:INFRA-70 -> -",
        ]
    );
    assert_eq!(store.history(&id("jira:INFRA-70")).await.unwrap(), []);
}

#[tokio::test]
async fn spellings_of_one_github_ticket_share_what_is_known() {
    let store = citing("github:Acme/Rocket#12").await;
    tell(&store, "github:acme/ROCKET#12", 1, found(open_ticket("github:acme/rocket#12"))).await;
    tell(&store, "github:ACME/rocket#12", 2, gone()).await;
    let got = known(&store, "github:acme/rocket#12").await;
    assert_eq!(got.id.to_string(), "github:Acme/Rocket#12", "named as the document names it");
    assert_eq!(lines(&got.history), ["1 lookup: - -> found", "1 state: - -> In Progress", "2 lookup: found -> gone"]);
}

#[tokio::test]
async fn a_tracker_that_worked_once_has_worked_before() {
    let store = Store::in_memory().await.unwrap();
    let tracker: crate::domain::tracker::TrackerId = "jira@old".parse().unwrap();
    let trouble = Some(Trouble { kind: TroubleKind::Credentials, says: "answered 401".to_owned() });
    let health = |worked_at: Option<i64>, trouble: Option<Trouble>, asked_at: Option<i64>| KnownTracker {
        id: tracker.clone(),
        worked_at: worked_at.map(minute),
        trouble,
        asked_at: asked_at.map(minute),
    };
    let writer = store.unfenced();
    writer.remember_tracker(&health(None, trouble.clone(), Some(1))).await.unwrap();
    assert!(!store.worked_before(&tracker).await.unwrap());
    writer.remember_tracker(&health(Some(2), None, Some(2))).await.unwrap();
    writer.remember_tracker(&health(Some(1), trouble.clone(), Some(3))).await.unwrap();
    writer.remember_tracker(&health(None, None, None)).await.unwrap();
    assert!(store.worked_before(&tracker).await.unwrap());
    assert_eq!(store.known().await.unwrap().trackers, [health(Some(2), trouble, Some(3))]);
}

fn any_ticket() -> impl Strategy<Value = Ticket> {
    (any::<bool>(), prop::option::of("Done|Won't Do|Duplicate"), "Rotate|Replace").prop_map(
        |(closed, reason, title)| {
            let base = if closed { closed_ticket(OPS, "Done") } else { open_ticket(OPS) };
            Ticket { reason, title, ..base }
        },
    )
}

fn any_lookup() -> impl Strategy<Value = Lookup> {
    prop_oneof![
        3 => any_ticket().prop_map(found),
        1 => (prop::option::of(any_ticket()), "jira:INFRA-[1-2]").prop_map(|(ticket, to)| moved(&to, ticket)),
        1 => Just(gone()),
        2 => Just(hidden()),
        2 => Just(unknown()),
    ]
}

/// The last value that the history gives a field.
fn told(history: &[Change], field: &str) -> Option<String> {
    history.iter().rev().find(|change| change.field == field).and_then(|change| change.after.clone())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_is_answered_the_history_folds_to_what_is_known(lookups in prop::collection::vec(any_lookup(), 1..12)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let store = citing(OPS).await;
            let mut before = known(&store, OPS).await;
            for (at, lookup) in (1..).zip(&lookups) {
                // Each answer twice: the second says nothing new.
                tell(&store, OPS, at, lookup.clone()).await;
                let once = known(&store, OPS).await;
                tell(&store, OPS, at, lookup.clone()).await;
                let now = known(&store, OPS).await;
                prop_assert_eq!(&now, &once);

                prop_assert_eq!(now.lookup, lookup.kind());
                prop_assert!(now.history.starts_with(&before.history), "history is only added to");
                let settles = matches!(lookup.kind(), LookupKind::Found | LookupKind::Moved | LookupKind::Gone);
                if settles {
                    prop_assert_eq!((now.proven, now.proven_at), (Some(lookup.kind()), Some(minute(at))));
                } else {
                    prop_assert_eq!(
                        (&now.facts, now.good_at, now.proven, now.proven_at, &now.moved_to),
                        (&before.facts, before.good_at, before.proven, before.proven_at, &before.moved_to)
                    );
                    if before.proven.is_some() || lookup.kind() == LookupKind::Unknown {
                        prop_assert_eq!(&now.history, &before.history);
                    }
                }

                let facts = now.facts.as_ref();
                let moment = |at: crate::domain::time::Moment| at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
                prop_assert_eq!(told(&now.history, "state"), facts.map(|facts| facts.state.clone()));
                prop_assert_eq!(told(&now.history, "reason"), facts.and_then(|facts| facts.reason.clone()));
                prop_assert_eq!(told(&now.history, "closed_at"), facts.and_then(|facts| facts.closed_at).map(moment));
                prop_assert_eq!(told(&now.history, "moved_to"), now.moved_to.as_ref().map(TicketId::to_string));
                if let Some(proven) = now.proven {
                    prop_assert_eq!(told(&now.history, "lookup"), Some(proven.word().to_owned()));
                }
                before = now;
            }
            for field in ["lookup", "state", "reason", "title", "moved_to", "closed", "closed_at"] {
                let rows: Vec<_> = before.history.iter().filter(|change| change.field == field).collect();
                for pair in rows.windows(2) {
                    prop_assert_eq!(&pair[0].after, &pair[1].before, "{} starts where it was left", field);
                }
                prop_assert!(rows.iter().all(|change| change.before != change.after));
            }
            Ok(())
        })?;
    }
}
