//! Judging in portions is judging everything, and what still holds would come out the same again.

mod stories;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;

use super::{Task, basis, judge, judge_at_once};
use crate::clock::Clock;
use crate::domain::details::{Closing, Details, Mention};
use crate::domain::document::Reading;
use crate::domain::finding::{Code, Finding};
use crate::domain::follow::{Elsewhere, Follow, Why};
use crate::domain::judged::Judged;
use crate::domain::known::Known;
use crate::domain::lookup::{Answer, Lookup, Trouble, TroubleKind};
use crate::domain::policy::Policy;
use crate::domain::ticket::{Ticket, TicketId, TicketKind};
use crate::domain::time::Moment;
use crate::domain::tracker::Claims;
use crate::domain::verdict::{Standing, Verdict};
use crate::domain::waiver::{Manner, Origin, Waiver};
use crate::http::{Client, Limits};
use crate::judge::Judging;
use crate::store::Store;
use crate::sync::{self, Shop, depth, judge_known};
use crate::trackers::Trackers;
use crate::{documents, judge as rules, references};

const TICKETS: [&str; 8] = [
    "jira:OPS-1",
    "jira:OPS-2",
    "jira:OPS-3",
    "jira:OPS-4",
    "github:acme/shop#1",
    "github:acme/shop#2",
    "github:acme/shop#3",
    "github:acme/shop#4",
];

async fn holds(shop: &Shop) -> anyhow::Result<bool> {
    Ok(basis(shop).await?.is_some())
}

fn now() -> Moment {
    "2026-06-01T10:00:00Z".parse().unwrap()
}

fn id(at: usize) -> TicketId {
    TICKETS[at].parse().unwrap()
}

/// As people cite it; GitHub's names in whatever case.
fn cited(at: usize, loud: bool) -> String {
    match id(at).key().to_string().split_once('#') {
        Some((_, number)) if loud => format!("https://github.com/Acme/Shop/issues/{number}"),
        Some((_, number)) => format!("https://github.com/acme/shop/issues/{number}"),
        None => id(at).key().to_string(),
    }
}

/// What a tracker may tell of a ticket.
fn any_lookup(at: usize) -> impl Strategy<Value = Option<Lookup>> {
    let ages = prop::sample::select(vec![2_i64, 23, 25, 24 * 90 - 1, 24 * 90 + 5, 24 * 400]);
    (0..9u8, ages, prop::sample::select(vec!["ada", "bob"])).prop_map(move |(sort, hours, by)| {
        let then = now() - TimeDelta::hours(hours);
        let closed = |reason: &str| Ticket {
            closed: true,
            state: "Closed".to_owned(),
            reason: Some(reason.to_owned()),
            closed_at: Some(then),
            closed_by: Some(by.to_owned()),
            ..open(at, then)
        };
        let found = |ticket: Ticket| Lookup::Found(Box::new(ticket));
        Some(match sort {
            0 => return None,
            1 => found(open(at, then)),
            2 => found(closed(if at < 4 { "Won't Do" } else { "not_planned" })),
            3 => found(closed(if at < 4 { "Fixed" } else { "completed" })),
            4 => found(closed("Entsorgt")),
            5 => Lookup::Gone { proof: "410".to_owned() },
            6 => Lookup::Hidden { because: "404".to_owned() },
            7 => Lookup::Unknown(Trouble { kind: TroubleKind::Outage, says: "503".to_owned() }),
            _ => {
                let to = if at < 4 { format!("jira:NEW-{}", at + 1) } else { format!("github:acme/new#{}", at + 1) };
                Lookup::Moved { to: to.parse().unwrap(), ticket: Some(Box::new(closed("Duplicate"))) }
            }
        })
    })
}

fn open(at: usize, updated: Moment) -> Ticket {
    Ticket {
        id: id(at),
        native_id: None,
        url: format!("https://tracker.example/{at}"),
        kind: TicketKind::Issue,
        title: format!("Ticket {at}"),
        closed: false,
        state: "Open".to_owned(),
        status_category: None,
        reason: None,
        merged: None,
        created_at: Some(now() - TimeDelta::days(900)),
        updated_at: Some(updated),
        closed_at: None,
        closed_by: None,
        duplicate_of: None,
        details: Details::default(),
    }
}

/// A row: what it promises, what is noted on it, what an anecdote mentions, on which day, and by which team.
type Line = (Vec<(usize, bool)>, Option<&'static str>, Option<usize>, u32, bool);

fn any_row() -> impl Strategy<Value = Line> {
    let notes = vec![
        "Never finished.",
        "This was completed after all.",
        "Neither was finished.",
        "Only a workaround.",
        "Superseded by OPS-1.",
        "Superseded by OPS-3.",
        "Superseded by https://github.com/acme/shop/issues/2.",
    ];
    (
        prop::collection::vec((0..8usize, any::<bool>()), 0..3),
        prop::option::of(prop::sample::select(notes)),
        prop::option::of(0..8usize),
        1..28u32,
        any::<bool>(),
    )
}

fn register(rows: &[Line]) -> String {
    let mut text = "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n".to_owned();
    for (at, (remedies, note, mention, day, team)) in rows.iter().enumerate() {
        let remedies: Vec<String> = remedies.iter().map(|(ticket, loud)| cited(*ticket, *loud)).collect();
        let mention = mention.map(|ticket| format!(" see {}", cited(ticket, false))).unwrap_or_default();
        let team = if *team { " (Payments)" } else { "" };
        let (remedies, note) = (remedies.join(" "), note.unwrap_or_default());
        text += &format!("| c | Pain {at} | 2026-05-{day:02}{team}: met it{mention} | 1 | {remedies} {note} |\n");
    }
    text
}

/// Two registers, prose and minutes; what trackers told; what points at what; and whether somebody accepts a finding.
type Case = (Vec<Line>, Vec<Line>, Vec<usize>, Vec<Option<Lookup>>, Vec<(usize, usize, Why)>, bool);

fn any_case() -> impl Strategy<Value = Case> {
    let why = prop::sample::select(vec![Why::GaveWay, Why::GaveWay, Why::Named, Why::Linked]);
    let lookups: Vec<_> = (0..8).map(|at| any_lookup(at).boxed()).collect();
    (
        prop::collection::vec(any_row(), 0..6),
        prop::collection::vec(any_row(), 0..5),
        prop::collection::vec(0..8usize, 0..4),
        lookups,
        prop::collection::vec((0..8usize, 0..8usize, why), 0..6),
        any::<bool>(),
    )
}

async fn shop(folder: &Path, case: &Case) -> Shop {
    let (first, second, prose, lookups, points, accepted) = case;
    let store = Store::open(&folder.join("dragnet.db")).await.unwrap();
    let (writer, claims) = (store.unfenced(), Claims::without_configuration(&["OPS".to_owned()]));
    let prose: Vec<String> = prose.iter().map(|ticket| cited(*ticket, false)).collect();
    let minutes = format!("# 2026-05-05\n\n* [inform] Ada: see {}\n", prose.join(" "));
    let follow_up = format!("{minutes}    * Follow-up: Bob does OPS-9, FOO-1\n");
    let texts =
        [("a.md", register(first)), ("b.md", register(second)), ("c.md", prose.join("\n")), ("d.md", follow_up)];
    let mut taken = BTreeSet::new();
    for (path, text) in texts {
        let mut read = documents::read(path, text, &Reading::default());
        let scan = references::cite(&mut read, &claims);
        documents::identity::assign(&mut read.challenges, &[], |id| taken.contains(id));
        taken.extend(read.challenges.iter().map(|challenge| challenge.id.clone()));
        let (references, unclaimed) = (scan.references, scan.unclaimed);
        writer.remember_document("s", read, references, unclaimed, scan.problems, now()).await.unwrap();
    }
    let answers = lookups.iter().enumerate().filter_map(|(at, it)| Some(Answer { asked: id(at), lookup: it.clone()? }));
    let mut follows: BTreeMap<TicketId, Vec<Follow>> = BTreeMap::new();
    for (from, to, why) in points {
        follows.entry(id(*from)).or_default().push(Follow { to: id(*to), why: *why, at: None });
    }
    writer.remember_told(&answers.collect::<Vec<_>>(), follows, &[], now()).await.unwrap();
    if *accepted {
        let waiver = Waiver {
            code: Code::ClosedUndone,
            ticket: Some(id(0)),
            challenge: None,
            by: None,
            reason: "known".to_owned(),
            until: NaiveDate::from_ymd_opt(2026, 6, 9).unwrap(),
            manner: Manner::Accepted,
            from: Origin::Configuration(String::new()),
        };
        store.waive(&waiver, now()).await.unwrap();
    }
    Shop {
        sources: Vec::new(),
        claims,
        policy: Policy { grace: TimeDelta::days(1), ..Policy::default() },
        waivers: Vec::new(),
        store,
        trackers: Trackers::new(&[], &Client::new(Limits::default()).unwrap()).unwrap(),
        remotes: std::sync::Arc::default(),
        clock: Clock::standing_at(now()),
        whole: true,
    }
}

/// A finding: its fingerprint, code and line, what it says and advises, and whether somebody accepted it.
type Found = (String, Code, Option<u32>, String, Option<String>, bool);

/// What is worth remembering of a judging, in a fixed order.
#[derive(Debug, PartialEq, Default)]
struct Told {
    verdicts: Vec<(String, Verdict, f64, String)>,
    standings: Vec<(String, Standing, String, i64)>,
    findings: Vec<Found>,
}

impl Told {
    fn of(judged: &Judged) -> Self {
        let evidence = |of| serde_json::to_string(of).unwrap();
        let verdicts =
            judged.tickets.iter().map(|(id, it)| (id.to_string(), it.verdict, it.confidence, evidence(&it.evidence)));
        let standings = judged
            .challenges
            .iter()
            .map(|it| (it.id.to_string(), it.standing, it.because.clone(), i64::try_from(it.priority).unwrap()));
        let finding = |it: &Finding, accepted| {
            let line = it.place.as_ref().map(|place| place.line);
            (it.fingerprint.clone(), it.code, line, it.message.clone(), it.hint.clone(), accepted)
        };
        let findings = judged.findings.iter().map(|it| finding(it, false));
        let accepted = judged.waived.iter().map(|it| finding(&it.finding, true));
        let findings = findings.chain(accepted).collect();
        Self { verdicts: verdicts.collect(), standings: standings.collect(), findings }.sorted()
    }

    /// What a store remembers.
    fn in_store(folder: &Path) -> Self {
        let store = rusqlite::Connection::open(folder.join("dragnet.db")).unwrap();
        fn word<T: serde::de::DeserializeOwned>(text: String) -> T {
            serde_json::from_value(text.into()).unwrap()
        }
        fn all<T>(
            store: &rusqlite::Connection,
            sql: &str,
            read: fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
        ) -> Vec<T> {
            store.prepare(sql).unwrap().query_map([], read).unwrap().map(Result::unwrap).collect()
        }
        let verdicts = "SELECT ticket, verdict, confidence, evidence FROM verdict WHERE current = 1";
        let standings = "SELECT challenge, standing, because, priority FROM standing WHERE current = 1";
        let findings = "SELECT fingerprint, code, line, message, hint, accepted FROM finding WHERE cleared_at IS NULL";
        Self {
            verdicts: all(&store, verdicts, |row| Ok((row.get(0)?, word(row.get(1)?), row.get(2)?, row.get(3)?))),
            standings: all(&store, standings, |row| Ok((row.get(0)?, word(row.get(1)?), row.get(2)?, row.get(3)?))),
            findings: all(&store, findings, |row| {
                Ok((row.get(0)?, word(row.get(1)?), row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
            }),
        }
        .sorted()
    }

    fn sorted(mut self) -> Self {
        self.verdicts.sort_by(|a, b| a.0.cmp(&b.0));
        self.standings.sort_by(|a, b| a.0.cmp(&b.0));
        self.findings.sort_by(|a, b| a.0.cmp(&b.0));
        self
    }
}

/// Runs on a runtime of its own.
fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap().block_on(work)
}

async fn whole(shop: &Shop) -> (Known, Told) {
    let known = shop.store.known().await.unwrap();
    let judged = judge_known(shop, &known);
    (known, Told::of(&judged))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn portions_of_any_size_come_to_what_the_whole_does(case in any_case(), size in 1..5usize) {
        run(async {
            let folder = tempfile::tempdir().unwrap();
            let shop = shop(folder.path(), &case).await;
            let task = Task { portion: size, ..Task::of(&shop, None) };
            shop.store.unfenced().judge(now(), move |desk| task.at(desk)).await.unwrap();
            let (known, told) = whole(&shop).await;
            prop_assert_eq!(&Told::in_store(folder.path()), &told);
            let (_, judged) = judge_at_once(&shop, &shop.store.unfenced(), None).await.unwrap();
            prop_assert_eq!(&Told::of(&judged), &told);
            prop_assert_eq!(Told::in_store(folder.path()), told);

            let outline = rules::outline(&known);
            let mut read = shop.store.browse(|reading| reading.outline(&rules::by_hand)).await.unwrap();
            read.closings.sort_by(|a, b| a.ticket.cmp(&b.ticket));
            prop_assert_eq!(read, outline);
            Ok(())
        })?;
    }

    #[test]
    fn what_holds_would_come_out_the_same(case in any_case(), seconds in 0..86_400_i64) {
        run(async {
            let folder = tempfile::tempdir().unwrap();
            let shop = shop(folder.path(), &case).await;
            judge(&shop, &shop.store.unfenced(), None).await.unwrap();
            prop_assert!(holds(&shop).await.unwrap());
            let later = now() + TimeDelta::seconds(seconds);
            shop.clock.set(later);
            // Asked for again, and as it was.
            let again = case.3.iter().enumerate().filter_map(|(at, it)| Some(Answer { asked: id(at), lookup: it.clone()? }));
            shop.store.unfenced().remember_answers(&again.collect::<Vec<_>>(), later).await.unwrap();
            if holds(&shop).await.unwrap() {
                let (_, told) = whole(&shop).await;
                prop_assert_eq!(Told::in_store(folder.path()), told);
            }
            Ok(())
        })?;
    }

    #[test]
    fn what_a_page_judges_is_what_the_whole_says(case in any_case()) {
        run(async {
            let folder = tempfile::tempdir().unwrap();
            let shop = shop(folder.path(), &case).await;
            judge(&shop, &shop.store.unfenced(), None).await.unwrap();
            let (known, whole) = sync::judge_all(&shop).await.unwrap();
            let found = |judged: &Judged| {
                let findings = judged.findings.iter().chain(judged.waived.iter().map(|waived| &waived.finding));
                // What is told once for all that is known is on its page as it is remembered: without evidence.
                let once = [Code::MovedTicket, Code::UnmappedResolution];
                let evidence = |it: &Finding| if once.contains(&it.code) { Vec::new() } else { it.evidence.clone() };
                let told = findings.map(|it| (it.fingerprint.clone(), (it.message.clone(), it.hint.clone(), evidence(it))));
                told.collect::<BTreeMap<_, _>>()
            };
            let of_the_whole = found(&whole);
            for stood in &whole.challenges {
                let told = depth::challenge(&shop, &stood.id).await.unwrap().unwrap();
                let here: Vec<_> = told.judged.challenges.iter().map(|it| (&it.id, it.standing, &it.because, it.priority)).collect();
                prop_assert_eq!(here, [(&stood.id, stood.standing, &stood.because, stood.priority)]);
                for (id, judgement) in &told.judged.tickets {
                    prop_assert_eq!((id, Some(judgement)), (id, whole.tickets.get(id)));
                }
                let here = found(&told.judged);
                for (print, told) in &here {
                    prop_assert_eq!(Some(told), of_the_whole.get(print));
                }
                let missed = whole.findings.iter().filter(|it| it.challenge.as_ref() == Some(&stood.id));
                let missed: Vec<_> = missed.filter(|it| !here.contains_key(&it.fingerprint)).map(|it| &it.message).collect();
                prop_assert_eq!(missed, Vec::<&String>::new());
            }
            for id in known.tickets.keys() {
                let told = depth::ticket(&shop, id).await.unwrap().unwrap();
                prop_assert_eq!((id, told.judged.tickets.get(id)), (id, whole.tickets.get(id)));
                for (print, told) in &found(&told.judged) {
                    prop_assert_eq!(Some(told), of_the_whole.get(print));
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn what_judging_asks_of_the_calendar_is_asked_again_in_time(case in any_case(), part in 0.0..1.0_f64) {
        run(async {
            let folder = tempfile::tempdir().unwrap();
            let shop = shop(folder.path(), &case).await;
            let known = shop.store.known().await.unwrap();
            let told = |at: Moment| {
                let judging = Judging::new(&rules::outline(&known), &shop.policy, at);
                let (judged, rest) = judging.tell(judging.part(&known, None));
                let until = judging.until(&rest);
                let more = judging.rest(rest, &known.documents);
                let findings = judged.findings.into_iter().chain(more.findings).collect();
                (Told::of(&Judged { findings, challenges: more.challenges, ..judged }), until)
            };
            let (first, until) = told(now());
            #[expect(clippy::cast_possible_truncation, reason = "a part of a day in seconds")]
            let later = now() + TimeDelta::seconds(((until - now()).as_seconds_f64() * part) as i64);
            prop_assert_eq!(told(later).0, first);
            Ok(())
        })?;
    }
}
