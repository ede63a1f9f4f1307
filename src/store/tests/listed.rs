//! What lists go by follows documents and judgings, whatever happens in which order.

use proptest::prelude::*;
use rusqlite::Connection;

use super::{challenge, minute, place};
use crate::domain::challenge::{Anecdote, Challenge, ChallengeId};
use crate::domain::changes::{Moved, Newest};
use crate::domain::document::{Document, Form, Kind};
use crate::domain::judged::{Judged, JudgedChallenge};
use crate::domain::owner::{OwnedBy, Owner};
use crate::domain::pages::Choice;
use crate::domain::portion::Basis;
use crate::domain::verdict::Standing;
use crate::store::{Desk, Store};

/// Something that happens to one of two documents, or to all that is known.
#[derive(Debug, Clone)]
enum Step {
    /// It says this: each challenge by its number, its category and its team.
    Said(usize, Vec<(usize, usize, usize)>),
    /// It says what it said.
    SaidAgain(usize),
    /// It is configured no more.
    Retired(usize),
    /// It cannot be read.
    Unreadable(usize),
    /// Everything is judged: each challenge by its number.
    Judged(Vec<usize>),
}

const PATHS: [&str; 2] = ["a.md", "b.md"];

fn any_step() -> impl Strategy<Value = Step> {
    let row = (0..6usize, 0..3usize, 0..4usize);
    prop_oneof![
        4 => (0..2usize, prop::collection::vec(row, 0..5)).prop_map(|(at, rows)| Step::Said(at, rows)),
        1 => (0..2usize).prop_map(Step::SaidAgain),
        1 => (0..2usize).prop_map(Step::Retired),
        1 => (0..2usize).prop_map(Step::Unreadable),
        2 => prop::collection::vec(0..5usize, 12).prop_map(Step::Judged),
    ]
}

/// A document of these rows; no challenge stands in it twice, nor in the other one.
fn document(at: usize, rows: &[(usize, usize, usize)]) -> Document {
    let mut challenges: Vec<Challenge> = Vec::new();
    for (number, category, team) in rows {
        let name = format!("{}-{number}", ["a", "b"][at]);
        if challenges.iter().any(|other| other.id.0 == name) {
            continue;
        }
        let teams = [vec![], vec!["Payments"], vec!["payments", "Search"], vec![" "]][*team].clone();
        let anecdote = |date: &str| Anecdote {
            date: date.parse().ok(),
            approximate: false,
            teams: teams.iter().map(|team| (*team).to_owned()).collect(),
            text: "met it".to_owned(),
            place: place(PATHS[at], 1, 1),
            tickets: Vec::new(),
        };
        let dates = [&["2021-08-14", "2021", "2021-09"][..], &["2021-12-31", "2022-01"], &["undated"]][*category];
        challenges.push(Challenge {
            category: [None, Some("Builds".to_owned()), Some(" Access ".to_owned())][*category].clone(),
            anecdotes: dates.iter().map(|date| anecdote(date)).collect(),
            ..challenge(PATHS[at], 3, &name, &[])
        });
    }
    Document {
        path: PATHS[at].to_owned(),
        form: Form::Markdown,
        kind: Kind::Register,
        challenges,
        meetings: Vec::new(),
        source: String::new(),
        passages: Vec::new(),
        problems: Vec::new(),
        citations: Vec::new(),
        repository: None,
        unread: Vec::new(),
        markers: Vec::new(),
    }
}

async fn take(store: &Store, step: &Step, said: &mut [Option<Document>; 2], now: i64) {
    let (writer, now) = (store.unfenced(), minute(now));
    match step {
        Step::Said(at, rows) => {
            let read = document(*at, rows);
            writer.remember_document("s", read.clone(), vec![], vec![], vec![], now).await.unwrap();
            said[*at] = Some(read);
        }
        Step::SaidAgain(at) => {
            if let Some(read) = &said[*at] {
                writer.remember_document("s", read.clone(), vec![], vec![], vec![], now).await.unwrap();
            }
        }
        Step::Retired(at) => {
            let keep = [("s".to_owned(), PATHS[1 - at].to_owned())];
            writer.retire_documents_except(&keep, now).await.unwrap();
        }
        Step::Unreadable(at) => writer.remember_unreadable("s", PATHS[*at], "gone", now).await.unwrap(),
        Step::Judged(standings) => {
            let challenges = standings.iter().enumerate().map(|(at, standing)| JudgedChallenge {
                document: 0,
                challenge: 0,
                id: ChallengeId(format!("{}-{}", ["a", "b"][at % 2], at / 2)),
                standing: Standing::ALL[*standing],
                priority: at + 1,
                because: String::new(),
                broken_on: None,
                owners: [vec![], vec!["Payments"], vec!["Ada \"A\"", "payments"]][standing % 3]
                    .iter()
                    .map(|name| Owner { name: (*name).to_owned(), by: OwnedBy::Configuration })
                    .collect(),
                themes: [vec![], vec!["Builds"]][standing % 2].iter().map(|theme| (*theme).to_owned()).collect(),
            });
            let challenges: Vec<_> = challenges.collect();
            let work = move |mut desk: Desk<'_>| {
                desk.remember(Judged::default())?;
                let basis = Basis { terms: String::new(), since: now, until: now, again: None };
                desk.finish(&challenges, |_| Vec::new(), &basis)
            };
            writer.judge(now, work).await.unwrap();
        }
    }
}

/// What a query gives, each row as one line, in order.
fn lines(on: &Connection, sql: &str) -> Vec<String> {
    let mut rows = on.prepare(sql).unwrap();
    let mut lines: Vec<String> = rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    lines.sort();
    lines
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn lists_have_what_is_in_force_and_counts_are_counted(steps in prop::collection::vec(any_step(), 1..12)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dragnet.db");
        runtime.block_on(async {
            let store = Store::open(&path).await.unwrap();
            let mut said = [None, None];
            for (at, step) in steps.iter().enumerate() {
                take(&store, step, &mut said, i64::try_from(at).unwrap()).await;
            }
        });
        let on = Connection::open(&path).unwrap();
        let listed = "SELECT concat_ws('|', challenge, document, position, category) FROM ranked";
        let in_force = "SELECT concat_ws('|', id, document, position, trim(coalesce(category, ''))) FROM challenge
                        JOIN document ON path = document WHERE retired_at IS NULL";
        prop_assert_eq!(lines(&on, listed), lines(&on, in_force));
        let stands = "SELECT concat_ws('|', ranked.challenge, ranked.standing, ranked.since, ranked.priority) FROM ranked";
        let stood = "SELECT concat_ws('|', ranked.challenge, coalesce(standing.standing, 'unknown'), judged_at,
                            coalesce(standing.priority, 4294967295))
                     FROM ranked LEFT JOIN standing ON standing.challenge = ranked.challenge AND current = 1";
        prop_assert_eq!(lines(&on, stands), lines(&on, stood));
        let teams = "SELECT concat_ws('|', challenge, lower(team), standing) FROM ranked_team";
        let named = "SELECT DISTINCT concat_ws('|', ranked.challenge, lower(trim(team.value)), ranked.standing) FROM ranked
                     JOIN anecdote ON anecdote.document = ranked.document AND anecdote.challenge = ranked.position,
                          json_each(teams) AS team WHERE trim(team.value) <> ''";
        prop_assert_eq!(lines(&on, teams), lines(&on, named));
        let (counts, counted) = counts(&on);
        prop_assert_eq!(counts, counted);
        for (list, of) in [("owners", "owner"), ("themes", "theme")] {
            let listed = format!("SELECT concat_ws('|', challenge, lower(value)) FROM ranked, json_each({list})");
            let told = format!("SELECT concat_ws('|', challenge, lower(name)) FROM ranked JOIN {of} USING (challenge)");
            prop_assert_eq!(lines(&on, &listed), lines(&on, &told));
        }
        let quarters = "SELECT concat_ws('|', challenge, value) FROM ranked, json_each(quarters)";
        let met = "SELECT DISTINCT concat_ws('|', ranked.challenge, substr(date, 1, 4) || '-Q' ||
                                             CASE WHEN date > '2022' THEN 1 WHEN date > '2021-10' THEN 4 ELSE 3 END)
                   FROM ranked JOIN anecdote ON anecdote.document = ranked.document AND anecdote.challenge = ranked.position
                   WHERE date LIKE '____-%'";
        prop_assert_eq!(lines(&on, quarters), lines(&on, met));
    }
}

/// The counts that are kept, and what counting gives.
fn counts(on: &Connection) -> (Vec<String>, Vec<String>) {
    let counts = "SELECT concat_ws('|', grouped, folded, standing, many) FROM ranked_count";
    let counted = "SELECT concat_ws('|', 'all', '', standing, count(*)) FROM ranked GROUP BY standing
                   UNION ALL SELECT concat_ws('|', 'document', document, standing, count(*)) FROM ranked GROUP BY document, standing
                   UNION ALL SELECT concat_ws('|', 'category', category, standing, count(*)) FROM ranked GROUP BY category, standing
                   UNION ALL SELECT concat_ws('|', 'team', lower(team), standing, count(*)) FROM ranked_team GROUP BY lower(team), standing";
    (lines(on, counts), lines(on, counted))
}

/// Under another path, as a file that was renamed is read: with the ids that it had.
async fn renamed(store: &Store, read: &Document, path: &str, now: i64) {
    let mut read = Document { path: path.to_owned(), ..read.clone() };
    for challenge in &mut read.challenges {
        challenge.place = place(path, 3, 1);
    }
    let (writer, now) = (store.unfenced(), minute(now));
    writer.remember_document("s", read, vec![], vec![], vec![], now).await.unwrap();
    writer.retire_documents_except(&[("s".to_owned(), path.to_owned())], now).await.unwrap();
}

#[tokio::test]
async fn a_register_that_was_renamed_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dragnet.db");
    let store = Store::open(&path).await.unwrap();
    let mut said = [None, None];
    take(&store, &Step::Said(0, vec![(0, 0, 1), (1, 1, 2)]), &mut said, 0).await;
    take(&store, &Step::Judged(vec![1; 12]), &mut said, 1).await;
    renamed(&store, said[0].as_ref().unwrap(), "new.md", 2).await;
    take(&store, &Step::Judged(vec![1; 12]), &mut said, 3).await;
    drop(store);
    let on = Connection::open(&path).unwrap();
    let (counts, counted) = counts(&on);
    assert_eq!(counts, counted);
    assert_eq!(lines(&on, "SELECT DISTINCT document FROM ranked"), ["new.md"]);
}

#[tokio::test]
async fn what_is_out_of_force_takes_nobody_s_place_among_what_is_found() {
    let store = Store::in_memory().await.unwrap();
    let row = |number: usize| Challenge {
        title: format!("Slow builds {number}"),
        ..challenge("old.md", 3, &format!("c-{number}"), &[])
    };
    let read = Document { path: "old.md".to_owned(), challenges: (0..2_100).map(row).collect(), ..document(0, &[]) };
    let (writer, now) = (store.unfenced(), minute(0));
    writer.remember_document("s", read.clone(), vec![], vec![], vec![], now).await.unwrap();
    renamed(&store, &read, "new.md", 1).await;
    let found = store.search(&["slow".to_owned()], None, 10, 1).await.unwrap();
    assert_eq!((found.leaf.all, found.leaf.shown.len(), found.more), (2_000, 10, true));
}

#[tokio::test]
async fn lists_are_chosen_by_whole_names() {
    let store = Store::in_memory().await.unwrap();
    let mut said = [None, None];
    take(&store, &Step::Said(0, vec![(0, 0, 0), (1, 1, 0), (2, 2, 0)]), &mut said, 0).await;
    // By the numbers of where they stand: nobody's, that of Payments, that of two.
    take(&store, &Step::Judged(vec![0, 0, 1, 0, 2]), &mut said, 1).await;
    let owner = |name: &str| Choice { owner: Some(name.to_owned()), ..Choice::default() };
    let theme = |name: &str| Choice { theme: Some(name.to_owned()), ..Choice::default() };
    let quarter = |text: &str| Choice { quarter: Some(text.parse().unwrap()), ..Choice::default() };
    let standing = Some(Standing::ALL[2]);
    for (choice, expected) in [
        (owner("PAYMENTS"), &["a-1", "a-2"][..]),
        (owner("ada \"a\""), &["a-2"]),
        (owner("a"), &[]),
        (owner("pay"), &[]),
        (owner(""), &["a-0"]),
        (Choice { standing, ..owner("payments") }, &["a-2"]),
        (Choice { standing, ..owner("") }, &[]),
        (theme("Builds"), &["a-1"]),
        (theme("builds"), &[]),
        (quarter("2021-Q3"), &["a-0"]),
        (quarter("2022-Q1"), &["a-1"]),
        (Choice { since: Some("2020-01-01".parse().unwrap()), standing, ..Choice::default() }, &["a-2"]),
    ] {
        let (leaf, standings) = store.challenges(&choice, 10, 1).await.unwrap();
        let shown: Vec<&str> = leaf.shown.order.iter().map(|id| id.0.as_str()).collect();
        assert_eq!(shown, expected, "{choice:?}");
        assert_eq!(leaf.all, expected.len(), "{choice:?}");
        assert_eq!(standings, store.standings(&Choice { standing: None, ..choice.clone() }).await.unwrap());
    }
}

#[tokio::test]
async fn of_much_that_changed_the_newest_is_told_and_that_there_is_more() {
    let store = Store::in_memory().await.unwrap();
    let mut said = [None, None];
    take(&store, &Step::Said(0, vec![(0, 0, 0), (1, 1, 0)]), &mut said, 0).await;
    take(&store, &Step::Judged(vec![0; 3]), &mut said, 1).await;
    take(&store, &Step::Said(0, vec![(0, 0, 0), (1, 1, 0), (2, 2, 0), (3, 0, 0)]), &mut said, 5).await;
    // The first two stand elsewhere one after the other, and two come.
    take(&store, &Step::Judged(vec![1, 0, 0, 0, 0, 0, 0]), &mut said, 6).await;
    take(&store, &Step::Judged(vec![1, 0, 1, 0, 0, 0, 0]), &mut said, 7).await;
    let told = |changes: &Newest<Moved>| {
        let ids = changes.told.iter().map(|moved| moved.challenge.0.clone()).collect::<Vec<_>>().join(" ");
        format!("{ids}{}", if changes.more { " and more" } else { "" })
    };
    for (since, most, moved, came) in [
        (5, None, "a-0 a-1", "a-2 a-3"),
        (5, Some(4), "a-0 a-1", "a-2 a-3"),
        (5, Some(1), "a-1 and more", "a-3 and more"),
        (7, None, "a-1", ""),
        (0, None, "", "a-0 a-1 a-2 a-3"),
        (8, Some(1), "", ""),
    ] {
        let changes = store.changes(minute(since), most).await.unwrap();
        let changed = (told(&changes.standings), told(&changes.came));
        assert_eq!(changed, (moved.to_owned(), came.to_owned()), "{since} {most:?}");
    }
}
