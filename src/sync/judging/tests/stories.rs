//! Portions, dates and changes one by one.

use super::*;

fn closed(at: usize, reason: &str, ago: TimeDelta) -> Lookup {
    Lookup::Found(Box::new(Ticket {
        closed: true,
        state: "Closed".to_owned(),
        reason: Some(reason.to_owned()),
        closed_at: Some(now() - ago),
        closed_by: Some("ada".to_owned()),
        ..open(at, now() - ago)
    }))
}

/// What is judged in portions of one, after it was held against judging everything at once.
async fn in_portions_of_one(shop: &Shop, folder: &Path) -> Judged {
    let task = Task { portion: 1, ..Task::of(shop, None) };
    shop.store.unfenced().judge(shop.clock.now(), move |desk| task.at(desk)).await.unwrap();
    let judged = judge_known(shop, &shop.store.known().await.unwrap());
    assert_eq!(Told::in_store(folder), Told::of(&judged));
    judged
}

#[test]
fn what_took_a_remedys_place_in_a_row_of_another_portion_answers_for_it() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let told = vec![
            Some(closed(0, "Duplicate", TimeDelta::days(9))),
            Some(closed(1, "Duplicate", TimeDelta::days(9))),
            Some(closed(2, "Fixed", TimeDelta::days(9))),
        ];
        let first: Vec<Line> = vec![(vec![(0, false)], None, None, 3, true)];
        let second: Vec<Line> = vec![
            (vec![(1, false), (0, false)], Some("Superseded by OPS-2."), None, 3, true),
            (vec![(2, false), (1, false)], Some("Superseded by OPS-3."), None, 3, true),
        ];
        let shop = shop(folder.path(), &(first, second, Vec::new(), told, Vec::new(), false)).await;
        let judged = in_portions_of_one(&shop, folder.path()).await;
        assert_eq!(judged.tickets[&id(1)].verdict, Verdict::Done, "{:?}", judged.tickets[&id(1)]);
        assert_eq!(judged.tickets[&id(0)].verdict, Verdict::Done, "{:?}", judged.tickets[&id(0)]);
    });
}

#[test]
fn what_waits_is_judged_again_when_it_is_due_and_its_waiver_is_not_idle() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let told = vec![Some(closed(0, "Won't Do", TimeDelta::hours(23)))];
        let rows: Vec<Line> = vec![(vec![(0, false)], None, None, 3, true)];
        let shop = shop(folder.path(), &(rows, Vec::new(), Vec::new(), told, Vec::new(), true)).await;
        let judged = in_portions_of_one(&shop, folder.path()).await;
        let codes = |judged: &Judged| judged.findings.iter().map(|finding| finding.code).collect::<Vec<_>>();
        assert_eq!(judged.withheld.iter().map(|it| it.code).collect::<Vec<_>>(), [Code::ClosedUndone]);
        assert!(!codes(&judged).contains(&Code::UnusedWaiver), "{:?}", judged.findings);
        shop.clock.set(now() + TimeDelta::minutes(59));
        assert!(holds(&shop).await.unwrap());
        shop.clock.set(now() + TimeDelta::hours(1));
        assert!(!holds(&shop).await.unwrap());
        let judged = in_portions_of_one(&shop, folder.path()).await;
        assert_eq!((judged.withheld.len(), judged.waived.len()), (0, 1));
    });
}

#[test]
fn what_was_not_seen_since_it_may_be_stale_is_judged_again() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let rows: Vec<Line> = vec![(vec![(0, false)], None, None, 3, true)];
        let shop = shop(folder.path(), &(rows, Vec::new(), Vec::new(), Vec::new(), Vec::new(), false)).await;
        let writer = shop.store.unfenced();
        let quiet = open(0, now() - shop.policy.stale_after - TimeDelta::minutes(1));
        let answers = [Answer { asked: id(0), lookup: Lookup::Found(Box::new(quiet)) }];
        writer.remember_answers(&answers, now() - TimeDelta::minutes(2)).await.unwrap();
        let stale = |judged: &Judged| judged.findings.iter().any(|finding| finding.code == Code::StaleTicket);
        assert!(!stale(&in_portions_of_one(&shop, folder.path()).await));
        assert!(!holds(&shop).await.unwrap(), "the next answer may show that nobody touched it");
        writer.remember_answers(&answers, now()).await.unwrap();
        assert!(stale(&in_portions_of_one(&shop, folder.path()).await));
        assert!(holds(&shop).await.unwrap());
    });
}

#[test]
fn anything_that_judging_looks_at_makes_it_judge_again() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let rows: Vec<Line> = vec![(vec![(0, false)], None, None, 3, true)];
        let case: Case = (rows, Vec::new(), vec![1], (0..8).map(|_| None).collect(), Vec::new(), false);
        let mut shop = shop(folder.path(), &case).await;
        let writer = shop.store.unfenced();
        assert!(!holds(&shop).await.unwrap(), "nothing was judged yet");
        macro_rules! changes {
            ($what:expr, $change:expr) => {
                judge(&shop, &writer, None).await.unwrap();
                assert!(holds(&shop).await.unwrap());
                $change;
                assert!(!holds(&shop).await.unwrap(), $what);
            };
        }
        let found = |ticket: Ticket| vec![Answer { asked: id(0), lookup: Lookup::Found(Box::new(ticket)) }];
        changes!("a ticket is seen", writer.remember_answers(&found(open(0, now())), now()).await.unwrap());
        let touched = open(0, now() + TimeDelta::hours(1));
        changes!("a ticket is touched", writer.remember_answers(&found(touched.clone()), now()).await.unwrap());
        changes!("an edge comes", {
            let follow = Follow { to: id(3), why: Why::GaveWay, at: None };
            writer.remember_told(&[], [(id(0), vec![follow])].into(), &[], now()).await.unwrap();
        });
        changes!("a document cannot be read", writer.remember_unreadable("s", "a.md", "gone", now()).await.unwrap());
        changes!("a document is retired", writer.retire_documents_except(&[], now()).await.unwrap());
        changes!("the policy changes", shop.policy.stale_after = TimeDelta::days(7));
        changes!("a part is left out", shop.whole = false);
        changes!("a day ends", shop.clock.set(now() + TimeDelta::hours(14)));
        changes!("the clock is set back", shop.clock.set(now()));
        judge(&shop, &writer, None).await.unwrap();
        writer.remember_answers(&found(touched), now() + TimeDelta::hours(1)).await.unwrap();
        assert!(holds(&shop).await.unwrap(), "it is as it was");
        let again = Some("github acme/rocket".to_owned());
        judge(&shop, &writer, again.clone()).await.unwrap();
        assert_eq!(basis(&shop).await.unwrap().unwrap().again, again, "what is left to look for is no reason to judge");
    });
}

#[test]
fn evidence_that_is_looked_for_again_and_is_as_it_was_changes_nothing() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let rows: Vec<Line> = vec![(vec![(0, false)], None, None, 3, true)];
        let told = vec![Some(closed(0, "Fixed", TimeDelta::days(9)))];
        let shop = shop(folder.path(), &(rows, Vec::new(), Vec::new(), told, Vec::new(), false)).await;
        let writer = shop.store.unfenced();
        let found = |days, what: &str, link: &str| {
            let mention = Mention { kind: "pull".to_owned(), what: what.to_owned(), ..Mention::default() };
            let (looked_at, closing) = (now() + TimeDelta::days(days), Closing::default());
            let elsewhere = Elsewhere { looked_at, closing, scope: "here".to_owned(), mentions: vec![mention] };
            let linked = Follow { to: link.parse().unwrap(), why: Why::Linked, at: None };
            vec![(id(0), elsewhere, Some(vec![linked]))]
        };
        for (days, what, link, is_news) in [
            (0, "acme/shop#8", "github:acme/shop#4", true),
            (1, "acme/shop#8", "github:acme/shop#4", false),
            (2, "acme/shop#9", "github:acme/shop#4", true),
            (3, "acme/shop#9", "github:acme/shop#3", true),
            (4, "acme/shop#9", "github:acme/shop#3", false),
        ] {
            judge(&shop, &writer, None).await.unwrap();
            writer.remember_elsewhere(found(days, what, link)).await.unwrap();
            assert_eq!(!holds(&shop).await.unwrap(), is_news, "{days}: {what} and {link}");
        }
        // Links that were not looked at stay what they were.
        let mut again = found(5, "acme/shop#9", "github:acme/shop#1");
        again[0].2 = None;
        judge(&shop, &writer, None).await.unwrap();
        writer.remember_elsewhere(again).await.unwrap();
        assert!(holds(&shop).await.unwrap());
        let known = shop.store.known().await.unwrap();
        assert_eq!(known.tickets[&id(0)].elsewhere.as_ref().unwrap().looked_at, now() + TimeDelta::days(5));
        assert_eq!(known.follows[&id(0)][0].to, "github:acme/shop#3".parse().unwrap());
    });
}
