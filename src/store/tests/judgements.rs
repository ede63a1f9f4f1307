//! Judgements: a row for each change, and since when a finding stands.

use std::collections::BTreeSet;

use super::{id, minute, place};
use crate::domain::challenge::ChallengeId;
use crate::domain::finding::{Code, Finding, Severity};
use crate::domain::judged::{Judged, JudgedChallenge};
use crate::domain::known::Run;
use crate::domain::portion::Basis;
use crate::domain::reference::Role;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::verdict::{Evidence, Judgement, Side, Standing, Verdict};
use crate::store::{Store, Writer};

fn judgement(verdict: Verdict, confidence: f64, says: &str) -> Judgement {
    let evidence = Evidence {
        rule: "state".to_owned(),
        side: Side::Undone,
        strength: 0.1 + 0.2,
        says: says.to_owned(),
        source: None,
        at: Some(minute(-7)),
    };
    Judgement { verdict, confidence, evidence: vec![evidence] }
}

fn finding(fingerprint: &str, line: u32) -> Finding {
    Finding {
        code: Code::ClosedUndone,
        severity: Severity::Warning,
        challenge: Some(ChallengeId("keys-1a2b".to_owned())),
        ticket: Some(id("jira:OPS-7")),
        role: Some(Role::Remedy),
        place: Some(place("a.md", line, 2)),
        message: format!("closed without the work, line {line}"),
        hint: None,
        evidence: Vec::new(),
        first_seen: None,
        fingerprint: fingerprint.to_owned(),
        rests_on: None,
    }
}

fn standing(name: &str, standing: Standing, priority: usize) -> JudgedChallenge {
    JudgedChallenge {
        document: 0,
        challenge: 0,
        id: ChallengeId(name.to_owned()),
        standing,
        priority,
        because: format!("rank {priority}"),
        broken_on: None,
        owners: Vec::new(),
        themes: Vec::new(),
    }
}

fn judged(ticket: Judgement) -> Judged {
    Judged { tickets: [(id("jira:OPS-7"), ticket)].into(), ..Judged::default() }
}

/// One judging of everything, as one portion.
async fn judge(writer: &Writer, judged: &Judged, now: Moment) {
    let judged = judged.clone();
    let work = move |mut desk: crate::store::Desk<'_>| {
        let challenges = judged.challenges.clone();
        desk.remember(judged)?;
        let basis = Basis { terms: String::new(), since: now, until: now, again: None };
        desk.finish(&challenges, |_| Vec::new(), &basis)
    };
    writer.judge(now, work).await.unwrap();
}

async fn verdicts(store: &Store) -> Vec<String> {
    let past = store.past_of_ticket(&id("jira:OPS-7"), BTreeSet::new()).await.unwrap();
    let line = |(_, at, verdict, confidence): (TicketId, Moment, Verdict, f64)| {
        format!("{} {} {confidence}", (at - minute(0)).num_minutes(), verdict.word())
    };
    past.verdicts.into_iter().map(line).collect()
}

async fn count(store: &Store, sql: &'static str) -> i64 {
    store.worker.read("count", move |tx| tx.query_row(sql, [], |row| row.get(0))).await.unwrap()
}

#[tokio::test]
async fn a_verdict_row_is_added_when_verdict_or_evidence_change() {
    let store = Store::in_memory().await.unwrap();
    let writer = store.unfenced();
    for (at, judgement) in [
        (1, judgement(Verdict::Open, 0.9, "in progress")),
        (2, judgement(Verdict::Open, 0.9, "in progress")),
        (3, judgement(Verdict::Open, 0.8, "in progress")),
        (4, judgement(Verdict::Open, 0.8, "in review")),
        (5, judgement(Verdict::Undone, 0.97, "in review")),
        (6, judgement(Verdict::Undone, 0.97, "in review")),
    ] {
        judge(&writer, &judged(judgement), minute(at)).await;
    }
    assert_eq!(verdicts(&store).await, ["1 open 0.8", "4 open 0.8", "5 undone 0.97"]);
    let current = "SELECT count(*) FROM verdict WHERE current = 1 AND verdict = 'undone'";
    assert_eq!(count(&store, current).await, 1);
}

#[tokio::test]
async fn a_ticket_that_is_judged_no_more_has_no_current_verdict() {
    let store = Store::in_memory().await.unwrap();
    let writer = store.unfenced();
    let verdict = judged(judgement(Verdict::Open, 0.9, "in progress"));
    judge(&writer, &verdict, minute(1)).await;
    judge(&writer, &Judged::default(), minute(2)).await;
    assert_eq!(count(&store, "SELECT count(*) FROM verdict WHERE current = 1").await, 0);
    judge(&writer, &verdict, minute(3)).await;
    assert_eq!(verdicts(&store).await, ["1 open 0.9", "3 open 0.9"]);
}

#[tokio::test]
async fn a_standing_row_is_added_when_the_standing_changes_and_ranks_are_corrected_in_place() {
    let store = Store::in_memory().await.unwrap();
    let writer = store.unfenced();
    let with = |challenges: Vec<JudgedChallenge>| Judged { challenges, ..Judged::default() };
    let promised = |rank| standing("keys", Standing::Promised, rank);
    // The same id twice in one judging counts once, or the two rows would take turns for ever.
    let twice = with(vec![promised(1), standing("keys", Standing::Cleared, 2)]);
    judge(&writer, &twice, minute(1)).await;
    judge(&writer, &twice, minute(2)).await;
    judge(&writer, &with(vec![promised(5)]), minute(3)).await;
    assert_eq!(count(&store, "SELECT count(*) FROM standing").await, 1);
    assert_eq!(count(&store, "SELECT priority FROM standing").await, 5);
    judge(&writer, &with(vec![standing("keys", Standing::BrokenPromise, 1)]), minute(4)).await;
    assert_eq!(count(&store, "SELECT count(*) FROM standing").await, 2);
    let current = "SELECT count(*) FROM standing WHERE current = 1 AND standing = 'broken-promise'";
    assert_eq!(count(&store, current).await, 1);
}

#[tokio::test]
async fn a_finding_keeps_its_first_day_while_it_stands_and_starts_anew_when_it_returns() {
    let store = Store::in_memory().await.unwrap();
    let writer = store.unfenced();
    let with = |findings: Vec<Finding>| Judged { findings, ..Judged::default() };
    let first_seen = |store: Store| async move {
        let known = store.known().await.unwrap();
        known.first_seen.into_iter().map(|(name, at)| (name, (at - minute(0)).num_minutes())).collect::<Vec<_>>()
    };
    let is = |list: &[(&str, i64)]| list.iter().map(|(name, at)| ((*name).to_owned(), *at)).collect::<Vec<_>>();

    judge(&writer, &with(vec![finding("f1", 4), finding("f1", 5)]), minute(1)).await;
    judge(&writer, &with(vec![finding("f1", 9), finding("f2", 1)]), minute(2)).await;
    assert_eq!(first_seen(store.clone()).await, is(&[("f1", 1), ("f2", 2)]));
    assert_eq!(count(&store, "SELECT line FROM finding WHERE fingerprint = 'f1'").await, 9);

    judge(&writer, &with(vec![finding("f2", 1)]), minute(3)).await;
    assert_eq!(first_seen(store.clone()).await, is(&[("f2", 2)]));
    judge(&writer, &with(vec![finding("f1", 9), finding("f2", 1)]), minute(4)).await;
    assert_eq!(first_seen(store.clone()).await, is(&[("f1", 4), ("f2", 2)]));
    let past = "SELECT count(*) FROM finding WHERE fingerprint = 'f1' AND cleared_at = '2026-02-03T04:03:00Z'";
    assert_eq!(count(&store, past).await, 1);
}

#[tokio::test]
async fn the_last_run_is_the_last_that_ended() {
    let store = Store::in_memory().await.unwrap();
    assert_eq!(store.known().await.unwrap().last_run, None);
    let writer = store.unfenced();
    let run =
        |at| Run { started_at: minute(at), ended_at: Some(minute(at + 1)), complete: at == 2, asked: 7, unknown: 3 };
    for at in [0, 2] {
        let id = writer.begin_run(minute(at)).await.unwrap();
        writer.end_run(id, &run(at)).await.unwrap();
    }
    writer.begin_run(minute(9)).await.unwrap();
    assert_eq!(store.known().await.unwrap().last_run, Some(run(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn while_everything_is_judged_others_write_and_what_they_change_is_not_called_judged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dragnet.db");
    let store = Store::open(&path).await.unwrap();
    for (writes, holds) in [
        ("UPDATE lease SET holder = NULL", true),
        ("INSERT INTO nudge (ticket, delivery) VALUES ('jira:OPS-7', 1)", true),
        (
            "INSERT INTO waiver (code, challenge, decided_by, reason, until, decided_at)
          VALUES ('closed-undone', 'keys', 'ada', 'known', '2027-01-01', '2026-02-03T04:00:00Z')",
            false,
        ),
        ("UPDATE ticket SET title = 'New' WHERE id = 'jira:OPS-7'", false),
    ] {
        let answer = super::answer("jira:OPS-7", super::found(super::open_ticket("jira:OPS-7")));
        store.unfenced().remember_answers(&[answer], minute(1)).await.unwrap();
        let (beside, many) = (path.clone(), 1_500);
        let work = move |mut desk: crate::store::Desk<'_>| {
            // More than is written at a time, so that some of it is written before the others come.
            let open = judgement(Verdict::Open, 0.9, "open");
            for portion in 0..3 {
                let ticket = |n: i64| (id(&format!("jira:OPS-{}", portion * many + n + 1)), open.clone());
                desk.remember(Judged { tickets: (0..many).map(ticket).collect(), ..Judged::default() })?;
                let other = rusqlite::Connection::open(&beside).unwrap();
                // Who finds it locked is told so at once.
                other.busy_timeout(std::time::Duration::ZERO).unwrap();
                if portion == 1 {
                    other.execute_batch(writes).unwrap();
                }
                let seen: i64 =
                    other.query_row("SELECT count(*) FROM verdict WHERE current = 1", [], |row| row.get(0)).unwrap();
                assert!(seen >= portion * many, "{seen}");
            }
            let (since, until) = (minute(2), minute(9));
            desk.finish(&[], |_| Vec::new(), &Basis { terms: "t".to_owned(), since, until, again: None })
        };
        store.unfenced().judge(minute(2), work).await.unwrap();
        assert_eq!(store.basis().await.unwrap().is_some_and(|basis| basis.terms == "t"), holds, "{writes}");
        assert_eq!(count(&store, "SELECT count(*) FROM verdict WHERE current = 1").await, 3 * many);
    }
}
