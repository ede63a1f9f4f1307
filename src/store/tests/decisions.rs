//! What people decide is kept whole, once for each subject, beside whatever a pass does.

use super::{id, minute};
use crate::domain::act::Withdrawal;
use crate::domain::challenge::ChallengeId;
use crate::domain::decision::{Basis, Decision};
use crate::domain::details::Closing;
use crate::domain::finding::Code;
use crate::domain::verdict::{Evidence, Judgement, Side, Verdict};
use crate::domain::waiver::{Manner, Origin, Waiver};
use crate::store::Store;

fn waiver(ticket: Option<&str>, challenge: Option<&str>, reason: &str) -> Waiver {
    Waiver {
        code: Code::ClosedUndone,
        ticket: ticket.map(id),
        challenge: challenge.map(|id| ChallengeId(id.to_owned())),
        by: Some("Ada".to_owned()),
        reason: reason.to_owned(),
        until: "2027-03-31".parse().unwrap(),
        manner: Manner::Accepted,
        from: Origin::Configuration(String::new()),
    }
}

fn back(at: i64) -> Withdrawal {
    Withdrawal { by: Some("Bob".to_owned()), reason: Some("it came back".to_owned()), at: minute(at) }
}

/// The audit trail, oldest first: who did what, and what was and is in force.
async fn trail(store: &Store) -> Vec<String> {
    let acts = store.audit(None, 100).await.unwrap();
    let told = acts.iter().rev().map(|act| {
        let about = act.ticket.as_ref().map(ToString::to_string).or(act.challenge.clone().map(|id| id.0));
        let words =
            [act.by.as_deref(), Some(act.deed.word()), about.as_deref(), act.before.as_deref(), act.after.as_deref()];
        words.map(|word| word.unwrap_or("-").to_owned()).join(" | ")
    });
    told.collect()
}

#[tokio::test]
async fn waivers_are_kept_and_renewed_and_taken_back() {
    let store = Store::in_memory().await.unwrap();
    let given = [
        waiver(Some("github:Acme/rocket#7"), None, "a"),
        waiver(Some("github:acme/rocket#7"), Some("keys-1a2b"), "b"),
        waiver(None, Some("keys-1a2b"), "c"),
    ];
    for (waiver, at) in given.iter().zip(1..) {
        assert_eq!(store.waive(waiver, minute(at)).await.unwrap(), at);
    }
    let stored = store.known().await.unwrap().waivers;
    let expected: Vec<Waiver> = given
        .iter()
        .zip(1..)
        .map(|(waiver, n)| Waiver { from: Origin::Store { number: n, at: minute(n) }, ..waiver.clone() })
        .collect();
    assert_eq!(stored, expected);

    // The same subject in another spelling is the same.
    assert_eq!(store.waive(&waiver(Some("github:acme/Rocket#7"), None, "d"), minute(9)).await.unwrap(), 4);
    assert!(store.unwaive(3, back(9)).await.unwrap());
    assert!(!store.unwaive(3, back(9)).await.unwrap());
    assert!(!store.unwaive(1, back(9)).await.unwrap());
    let reasons: Vec<String> = store.known().await.unwrap().waivers.into_iter().map(|one| one.reason).collect();
    assert_eq!(reasons, ["b", "d"]);
    let told = trail(&store).await;
    assert_eq!(
        told,
        [
            "Ada | accepted | github:Acme/rocket#7 | - | accepted until 2027-03-31",
            "Ada | accepted | github:acme/rocket#7 | - | accepted until 2027-03-31",
            "Ada | accepted | keys-1a2b | - | accepted until 2027-03-31",
            "Ada | accepted | github:acme/Rocket#7 | accepted until 2027-03-31 | accepted until 2027-03-31",
            "Bob | took-back | keys-1a2b | accepted until 2027-03-31 | -",
        ]
    );
    let page: Vec<i64> = store.audit(Some(4), 2).await.unwrap().iter().map(|act| act.number).collect();
    assert_eq!(page, [3, 2]);
}

#[tokio::test]
async fn one_decision_of_a_ticket_is_in_force_and_the_others_are_kept() {
    let store = Store::in_memory().await.unwrap();
    let evidence = Evidence {
        rule: "labels".to_owned(),
        side: Side::Undone,
        strength: 0.1 + 0.2,
        says: "labelled “wontfix”".to_owned(),
        source: None,
        at: Some(minute(-7)),
    };
    let decision = |verdict: Verdict, at: i64| Decision {
        ticket: id("jira:OPS-7"),
        verdict,
        by: "Ada".to_owned(),
        reason: "it shipped".to_owned(),
        at: minute(at),
        then: Basis {
            judgement: Judgement { verdict: Verdict::Undone, confidence: 0.9, evidence: vec![evidence.clone()] },
            closing: Some(Closing { state: "Closed".to_owned(), ..Closing::default() }),
        },
    };
    let (first, second) = (decision(Verdict::Done, 1), decision(Verdict::Unverified, 2));
    store.decide(&first).await.unwrap();
    assert_eq!(store.known().await.unwrap().decisions, [(id("jira:OPS-7"), first.clone())].into());
    store.decide(&second).await.unwrap();
    assert_eq!(store.known().await.unwrap().decisions, [(id("jira:OPS-7"), second.clone())].into());
    assert!(store.withdraw_decision(&id("jira:OPS-7"), back(3)).await.unwrap());
    assert!(!store.withdraw_decision(&id("jira:OPS-7"), back(4)).await.unwrap());
    assert!(store.known().await.unwrap().decisions.is_empty());
    let history = store.decisions(&id("jira:OPS-7")).await.unwrap();
    assert_eq!(history, [(first, Some(minute(2))), (second, Some(minute(3)))]);
    assert_eq!(
        trail(&store).await,
        [
            "Ada | decided | jira:OPS-7 | undone, by the rules | done",
            "Ada | decided | jira:OPS-7 | done, by Ada | unverified",
            "Bob | took-back | jira:OPS-7 | unverified, by Ada | -",
        ]
    );
}

#[tokio::test]
async fn nothing_leaves_the_audit_trail() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dragnet.db");
    let store = Store::open(&path).await.unwrap();
    store.waive(&waiver(Some("jira:OPS-7"), None, "a"), minute(1)).await.unwrap();
    let raw = rusqlite::Connection::open(&path).unwrap();
    for change in ["DELETE FROM audit", "UPDATE audit SET decided_by = 'Eve'"] {
        let error = raw.execute(change, []).unwrap_err();
        assert_eq!(error.to_string(), "the audit trail is only added to", "{change}");
    }
    assert_eq!(trail(&store).await.len(), 1);
}
