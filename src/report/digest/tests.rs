//! What digests tell and how that looks on each way, also when others write into it.

mod chats;
mod looks;

use chrono::NaiveDate;

use super::compose::{Desk, compose, is_due, mark_ending};
use crate::domain::challenge::ChallengeId;
use crate::domain::digest::{Acceptance, Edition, Mentions, News, Picture, Problem, Scope, Subject, Told, View};
use crate::domain::finding::{Code, Severity};
use crate::domain::register::Turn;
use crate::domain::time::Moment;
use crate::domain::verdict::Standing;
use crate::domain::waiver::{Manner, Origin, Waiver};

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Long ago, as far as any of these digests goes.
fn before() -> Moment {
    at("2026-01-05T08:00:00Z")
}

fn whole() -> Scope {
    Scope { teams: Vec::new(), categories: Vec::new(), severity: Severity::Warning, sources: None }
}

/// A subject in a line: `ID standing priority: problem problem`, where a problem is `code ticket`, with `~` before one that is
/// accepted, and with `~DAY` before one that is until then; `^` says the same of what is put off. A subject whose id starts with `=` is no challenge.
fn picture(lines: &[&str]) -> Picture {
    let mut picture = Picture::default();
    for line in lines {
        let (head, problems) = line.split_once(':').unwrap();
        let mut head = head.split_whitespace();
        let id = head.next().unwrap().to_owned();
        let standing = head.next().map(|word| serde_json::from_value(word.into()).unwrap());
        let priority = head.next().map(|rank| rank.parse().unwrap());
        let problems = problems.split(',').map(str::trim).filter(|text| !text.is_empty()).map(problem);
        let title = (!id.starts_with('=')).then(|| format!("The title of {id}"));
        let since = before();
        let subject = Subject {
            title,
            standing,
            priority,
            since,
            problems: problems.collect(),
            owners: vec!["Payments".to_owned()],
        };
        picture.subjects.insert(id, subject);
    }
    picture
}

fn problem(text: &str) -> (String, Problem) {
    let (accepted, text) = match text.strip_prefix(['~', '^']) {
        None => (Acceptance::Not, text),
        Some(rest) => {
            let is_put_off = text.starts_with('^');
            match rest.split_once(' ') {
                Some((until, rest)) if !until.is_empty() && is_put_off => (Acceptance::Waking(day(until)), rest),
                Some((until, rest)) if !until.is_empty() => (Acceptance::Ending(day(until)), rest),
                _ => (if is_put_off { Acceptance::Snoozed } else { Acceptance::Accepted }, rest.trim()),
            }
        }
    };
    let (code, ticket) = text.split_once(' ').unwrap_or((text, ""));
    let ticket = (!ticket.is_empty()).then(|| format!("jira:{ticket}").parse().unwrap());
    (text.to_owned(), Problem { code: code.parse().unwrap(), ticket, since: before(), accepted })
}

fn told(picture: Option<Picture>) -> Told {
    let last = at("2026-11-16T08:00:00Z");
    let picture = picture.map(|picture| (whole(), picture));
    Told { since: before(), at: Some(last), spoke_at: Some(last), picture }
}

fn edition(told: &Told, now: Picture) -> Edition {
    let scope = whole();
    let mentions = Mentions::default();
    let (zone, home) = (chrono_tz::Europe::Berlin, None);
    let desk = Desk { name: "payments", scope: &scope, zone, home, mentions: &mentions };
    let view = View { picture: now, passed_at: Some(at("2026-11-23T07:45:00Z")), ..View::default() };
    compose(&desk, told, &view, at("2026-11-23T08:00:00Z"))
}

/// What is told of the way from one picture to another: `what ID problem problem`.
fn news(was: &[&str], is: &[&str]) -> Vec<String> {
    let edition = edition(&told(Some(picture(was))), picture(is));
    let items = edition.items.iter().map(|item| {
        let mut text = format!("{:?} {}", item.what, item.challenge.as_deref().unwrap_or("-")).to_lowercase();
        for problem in &item.problems {
            text += &format!(" {}", problem.code);
        }
        if let (Some(stood), Some(stands)) = (item.stood, item.standing) {
            text += &format!(" ({} > {})", stood.word(), stands.word());
        }
        text
    });
    items.collect()
}

/// Why, what there was, what there is, and what is told of that.
type Way = (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

const WAYS: &[Way] = &[
    ("nothing", &["a promised 1:"], &["a promised 1:"], &[]),
    ("a challenge came", &[], &["d no-remedy 1:"], &["added d"]),
    ("it came with something wrong", &[], &["a promised 1: stale-ticket A-1"], &["new a stale-ticket"]),
    ("it left", &["a promised 1: stale-ticket A-1"], &[], &["removed a"]),
    (
        "a promise was broken",
        &["a promised 1:"],
        &["a broken-promise 1: closed-undone A-1"],
        &["new a closed-undone (promised > broken-promise)"],
    ),
    (
        "and then another one",
        &["a broken-promise 1: closed-undone A-1"],
        &["a broken-promise 1: closed-undone A-1, reverted A-2"],
        &["worse a reverted"],
    ),
    (
        "one is over, another came",
        &["a broken-promise 1: closed-undone A-1"],
        &["a broken-promise 1: reverted A-2"],
        &["worse a reverted"],
    ),
    (
        "a new promise was made, and left lying",
        &["a broken-promise 1: closed-undone A-1"],
        &["a promised 1: stale-ticket A-2"],
        &["new a stale-ticket (broken-promise > promised)"],
    ),
    (
        "all is well",
        &["a broken-promise 1: closed-undone A-1"],
        &["a cleared 1:"],
        &["cleared a closed-undone (broken-promise > cleared)"],
    ),
    ("it was done", &["a promised 1:"], &["a cleared 1:"], &["cleared a (promised > cleared)"]),
    ("a remedy was taken out", &["a promised 1:"], &["a no-remedy 1:"], &["worse a (promised > no-remedy)"]),
    ("a remedy was added", &["a no-remedy 1:"], &["a promised 1:"], &[]),
    ("nobody can tell now", &["a promised 1:"], &["a unknown 1:"], &[]),
    ("nobody could tell", &["a unknown 1:"], &["a promised 1:"], &[]),
    (
        "somebody accepted it",
        &["a promised 1: stale-ticket A-1"],
        &["a promised 1: ~ stale-ticket A-1"],
        &["cleared a stale-ticket"],
    ),
    (
        "somebody put it off",
        &["a promised 1: stale-ticket A-1"],
        &["a promised 1: ^ stale-ticket A-1"],
        &["cleared a stale-ticket"],
    ),
    (
        "which ends soon",
        &["a promised 1: ^ stale-ticket A-1"],
        &["a promised 1: ^2026-12-01 stale-ticket A-1"],
        &["waking a stale-ticket"],
    ),
    (
        "its time ends soon",
        &["a promised 1: ~ stale-ticket A-1"],
        &["a promised 1: ~2026-12-01 stale-ticket A-1"],
        &["waking a stale-ticket"],
    ),
    (
        "which is told once",
        &["a promised 1: ~2026-12-01 stale-ticket A-1"],
        &["a promised 1: ~2026-12-01 stale-ticket A-1"],
        &[],
    ),
    (
        "it was accepted for longer",
        &["a promised 1: ~2026-12-01 stale-ticket A-1"],
        &["a promised 1: ~ stale-ticket A-1"],
        &[],
    ),
    (
        "it woke",
        &["a promised 1: ~2026-11-20 stale-ticket A-1"],
        &["a promised 1: stale-ticket A-1"],
        &["new a stale-ticket"],
    ),
    ("what was accepted is gone", &["a promised 1: ~ stale-ticket A-1"], &["a promised 1:"], &[]),
    ("of no challenge", &[], &["=1: broken-link A-9"], &["new - broken-link"]),
    ("and over", &["=1: broken-link A-9"], &[], &["cleared - broken-link"]),
    (
        "what matters comes first, then the priority",
        &["a cleared 9:", "b promised 8:", "c promised 7: stale-ticket A-3", "e promised 2:"],
        &[
            "a broken-promise 5: recurred-after-close A-1",
            "b broken-promise 2: closed-undone A-2",
            "c promised 1:",
            "d no-remedy 3:",
        ],
        &[
            "new b closed-undone (promised > broken-promise)",
            "new a recurred-after-close (cleared > broken-promise)",
            "cleared c stale-ticket",
            "added d",
            "removed e",
        ],
    ),
];

#[test]
fn only_the_difference_is_told() {
    for (why, was, is, expected) in WAYS {
        assert_eq!(news(was, is), *expected, "{why}");
    }
}

#[test]
fn what_the_register_did_with_a_challenge_is_told() {
    let was = picture(&["a promised 1:", "b promised 2:", "c promised 3:"]);
    let mut is = picture(&["a promised 1:", "b promised 2:", "d no-remedy 4:", "e no-remedy 5:"]);
    let title = |picture: &mut Picture, id: &str, title: &str| {
        picture.subjects.get_mut(id).unwrap().title = Some(title.to_owned());
    };
    title(&mut is, "a", "Another title");
    // The same words.
    title(&mut is, "b", "THE title of  `b`");
    let turn = |id: &str, turn, other: &str| (id.to_owned(), (turn, other.to_owned()));
    let turns = [
        turn("c", Turn::MergedInto, "a"),
        turn("d", Turn::SplitFrom, "c"),
        turn("e", Turn::CarriedOver, "elsewhere"),
        // Long ago.
        turn("b", Turn::SplitFrom, "a"),
    ];
    let view = View { picture: is, turns: turns.into(), ..View::default() };
    let (scope, mentions) = (whole(), Mentions::default());
    let desk = Desk { name: "payments", scope: &scope, zone: chrono_tz::UTC, home: None, mentions: &mentions };
    let edition = compose(&desk, &told(Some(was)), &view, at("2026-11-23T08:00:00Z"));
    let told: Vec<String> = edition.items.iter().map(|item| format!("{:?} {:?}", item.what, item.turn)).collect();
    assert_eq!(
        told,
        [
            "Added Some((SplitFrom, Some(\"The title of c\")))",
            "Added Some((CarriedOver, None))",
            "Renamed Some((Retitled, Some(\"The title of a\")))",
            "Removed Some((MergedInto, Some(\"Another title\")))",
        ]
    );
}

#[test]
fn a_digest_that_was_never_told_looks_back_a_week() {
    let mut now = picture(&["a broken-promise 1: closed-undone A-1", "b promised 2: stale-ticket A-2"]);
    now.subjects.get_mut("b").unwrap().problems.get_mut("stale-ticket A-2").unwrap().since = at("2026-11-17T12:00:00Z");
    let never = Told { since: at("2026-11-20T08:00:00Z"), at: None, spoke_at: None, picture: None };
    let first = edition(&never, now.clone());
    assert_eq!(first.since, at("2026-11-16T08:00:00Z"));
    assert_eq!(first.items.iter().map(|item| item.challenge.as_deref().unwrap()).collect::<Vec<_>>(), ["b"]);
    // Another scope is another digest, and counts from when it was told last.
    let mut other = told(Some(Picture::default()));
    other.picture.as_mut().unwrap().0.categories.push("Builds".to_owned());
    assert_eq!(edition(&other, now).items, first.items);
}

#[test]
fn it_is_silent_when_nothing_changed_and_gives_a_sign_of_life_once_a_month() {
    let same = picture(&["a broken-promise 1: closed-undone A-1"]);
    let due = |spoke: Option<&str>, now: Picture| {
        let told = Told { spoke_at: spoke.map(at), ..told(Some(same.clone())) };
        is_due(&edition(&told, now), &told)
    };
    for (spoke, sign) in [
        (None, true),
        (Some("2026-11-16T08:00:00Z"), false),
        (Some("2026-11-02T08:00:00Z"), false),
        // Four weeks ago, an hour less for the clocks that were set.
        (Some("2026-10-26T09:00:00Z"), true),
        // A clock that was wrong.
        (Some("2028-11-16T08:00:00Z"), true),
    ] {
        assert_eq!(due(spoke, same.clone()), sign, "{spoke:?}");
        assert!(due(spoke, Picture::default()), "news are due whenever");
    }
}

#[test]
fn what_is_accepted_for_two_weeks_more_is_about_to_wake() {
    let waiver = |ticket: Option<&str>, challenge: Option<&str>, until: &str, from: Origin| Waiver {
        code: Code::StaleTicket,
        ticket: ticket.map(|ticket| ticket.parse().unwrap()),
        challenge: challenge.map(|id| ChallengeId(id.to_owned())),
        by: Some("Ada".to_owned()),
        reason: "later".to_owned(),
        until: day(until),
        manner: Manner::Accepted,
        from,
    };
    let store = || Origin::Store { number: 1, at: before() };
    let line =
        || Origin::Document { place: crate::domain::place::Place { path: "a.md".into(), line: 3, column: 1 }, line: 3 };
    let ending = |day: &str| format!("Ending({day})");
    let ticket = Some("jira:A-1");
    let mut put_off = picture(&["a promised 1: ^ stale-ticket A-1"]);
    mark_ending(&mut put_off, &[waiver(ticket, None, "2026-12-01", store())], day("2026-11-23"));
    assert_eq!(put_off, picture(&["a promised 1: ^2026-12-01 stale-ticket A-1"]));
    for (waivers, expected) in [
        (vec![waiver(ticket, None, "2026-12-06", store())], ending("2026-12-06")),
        (vec![waiver(ticket, None, "2026-11-23", store())], ending("2026-11-23")),
        (vec![waiver(ticket, None, "2026-12-07", store())], "Accepted".to_owned()),
        (vec![waiver(None, Some("a"), "2026-12-01", store())], ending("2026-12-01")),
        (vec![waiver(None, Some("b"), "2026-12-01", store())], "Accepted".to_owned()),
        (vec![waiver(Some("jira:A-2"), None, "2026-12-01", store())], "Accepted".to_owned()),
        (vec![waiver(None, None, "2026-12-01", line())], "Accepted".to_owned()),
        (
            vec![waiver(ticket, None, "2026-12-01", store()), waiver(None, Some("a"), "2027-02-01", store())],
            "Accepted".to_owned(),
        ),
        (vec![], "Accepted".to_owned()),
    ] {
        let mut picture = picture(&["a promised 1: ~ stale-ticket A-1"]);
        mark_ending(&mut picture, &waivers, day("2026-11-23"));
        let accepted = picture.subjects["a"].problems["stale-ticket A-1"].accepted;
        assert_eq!(format!("{accepted:?}"), expected, "{waivers:?}");
    }
}

#[test]
fn what_is_another_team_s_now_is_neither_over_nor_gone() {
    let was = picture(&["a broken-promise 1: closed-undone A-1", "b promised 2:"]);
    let view = |others: &[&str]| View { others: others.iter().map(|id| (*id).to_owned()).collect(), ..View::default() };
    for (others, expected) in [(&["a", "b"][..], 0), (&["a"], 1), (&[], 2)] {
        let (scope, mentions) = (whole(), Mentions::default());
        let desk = Desk { name: "payments", scope: &scope, zone: chrono_tz::UTC, home: None, mentions: &mentions };
        let edition = compose(&desk, &told(Some(was.clone())), &view(others), at("2026-11-23T08:00:00Z"));
        assert_eq!(edition.items.len(), expected, "{others:?}");
    }
}

#[test]
fn what_comes_from_another_team_is_not_new_in_the_register() {
    let scope = Scope { teams: vec!["Payments".to_owned()], ..whole() };
    let mentions = Mentions::default();
    let desk = Desk { name: "payments", scope: &scope, zone: chrono_tz::UTC, home: None, mentions: &mentions };
    let view = View { picture: picture(&["a no-remedy 1:", "b promised 2: stale-ticket A-2"]), ..View::default() };
    // A pass that had begun, and had not ended, when it was told last, may have found them.
    for (passed, expected) in [("2026-01-05T08:00:01Z", &["b"][..]), ("2026-01-05T08:00:00Z", &["b", "a"])] {
        let mut told = told(None);
        told.picture = Some((scope.clone(), Picture { passed_at: Some(at(passed)), ..Picture::default() }));
        let edition = compose(&desk, &told, &view, at("2026-11-23T08:00:00Z"));
        let items: Vec<&str> = edition.items.iter().filter_map(|item| item.challenge.as_deref()).collect();
        assert_eq!(items, expected, "{passed}");
    }
}

#[test]
fn owners_are_named_where_there_is_something_to_do() {
    let was =
        ["a broken-promise 1: closed-undone A-1", "b promised 2:", "c promised 3: ~ stale-ticket A-3", "d cleared 4:"];
    let is = [
        "a cleared 1:",
        "b promised 2: stale-ticket A-2",
        "c promised 3: ~2026-12-01 stale-ticket A-3",
        "e promised 5:",
    ];
    for item in edition(&told(Some(picture(&was))), picture(&is)).items {
        let calls = matches!(item.what, News::New | News::Worse | News::Waking);
        assert_eq!(item.owners == ["Payments"], calls, "{item:?}");
    }
}

#[test]
fn standings_are_counted_and_not_told_again() {
    let same =
        picture(&["a broken-promise 1: closed-undone A-1", "b broken-promise 2: closed-undone A-2", "c cleared 3:"]);
    let edition = edition(&told(Some(same.clone())), same);
    assert_eq!((edition.broken, edition.items.len()), (2, 0));
    assert_eq!(Standing::BrokenPromise.word(), "broken-promise");
}
