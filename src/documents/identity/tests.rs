//! Who is known again, and by what.

use proptest::prelude::*;

use super::assign;
use crate::domain::challenge::{Anecdote, Challenge, ChallengeId, Status};
use crate::domain::known::KnownChallenge;
use crate::domain::place::Place;

fn challenge(title: &str, category: &str, tickets: &[&str]) -> Challenge {
    Challenge {
        id: ChallengeId(String::new()),
        category: Some(category.to_owned()),
        title: title.to_owned(),
        place: Place { path: "r".into(), line: 1, column: 1 },
        occurrences: None,
        anecdotes: Vec::new(),
        status: Status::default(),
        tickets: tickets.iter().map(|id| id.parse().unwrap()).collect(),
    }
}

fn known(id: &str, title: &str, tickets: &[&str]) -> KnownChallenge {
    let tickets = tickets.iter().map(|id| id.parse().unwrap()).collect();
    KnownChallenge { id: ChallengeId(id.to_owned()), title: title.to_owned(), tickets, anecdotes: Vec::new() }
}

fn ids(challenges: &[Challenge]) -> Vec<&str> {
    challenges.iter().map(|challenge| challenge.id.0.as_str()).collect()
}

#[test]
fn a_new_challenge_is_named_after_its_title() {
    let mut rows = [
        challenge("Slow: the nightly build waits for locks nobody holds", "CI", &[]),
        challenge("Slow build", "CI", &[]),
        challenge("Slow build", "Release", &[]),
        challenge("Slow build", "Release", &[]),
        challenge("→", "CI", &[]),
    ];
    assign(&mut rows, &[], |_| false);
    insta::assert_snapshot!(ids(&rows).join("\n"), @"
    slow-the-nightly-build-waits-for-locks-7132b2
    slow-build-1107b0
    slow-build-5b0a87
    slow-build-624a8a
    challenge-e3b0c4
    ");
}

#[test]
fn ids_stay_when_asked_again() {
    let mut rows = [challenge("A", "x", &[]), challenge("A", "x", &[]), challenge("B", "x", &[])];
    rows[2].id = ChallengeId("pinned".to_owned());
    assign(&mut rows, &[], |_| false);
    let before = rows.clone();
    assign(&mut rows, &[known("else", "B", &[]), known("pinned", "A", &[])], |_| false);
    assert_eq!(rows, before);
    assert_eq!(rows[2].id.0, "pinned");
}

#[test]
fn a_row_is_recognised_by_title_tickets_or_likeness() {
    let all = [
        known("k1", "Login cookie expires at random", &["jira:A-1"]),
        known("k2", "Slow nightly build", &["jira:A-2", "jira:A-3"]),
        known("k3", "Tokens take days to get", &[]),
        known("k4", "Merge conflicts are hard to see", &["jira:A-9"]),
    ];
    for (title, tickets, expected) in [
        ("login cookie expires at random", &[][..], Some("k1")),
        ("Login cookie sometimes expires at random", &[], Some("k1")),
        ("At random, login cookie expires", &[], Some("k1")),
        ("Builds at night are slow", &["jira:A-2", "jira:A-3"], Some("k2")),
        ("Nightly slowness", &["jira:A-2"], Some("k2")),
        ("Completely different words", &["jira:A-9", "jira:A-7"], None),
        ("Tokens take weeks to get", &[], Some("k3")),
        ("Dashboards lie", &[], None),
    ] {
        let mut rows = [challenge(title, "c", tickets)];
        assign(&mut rows, &all, |_| false);
        let found = all.iter().find(|known| known.id == rows[0].id).map(|known| known.id.0.as_str());
        assert_eq!(found, expected, "{title}");
    }
}

fn telling(mut challenge: Challenge, anecdotes: &[&str]) -> Challenge {
    let anecdote = |text: &&str| Anecdote {
        date: None,
        approximate: false,
        teams: Vec::new(),
        text: (*text).to_owned(),
        place: challenge.place.clone(),
        tickets: Vec::new(),
    };
    challenge.anecdotes = anecdotes.iter().map(anecdote).collect();
    challenge
}

#[test]
fn a_reworded_row_is_recognised_by_its_anecdotes() {
    let row = |title: &str, anecdotes: &[&str]| telling(challenge(title, "c", &[]), anecdotes);
    let was = |id: &str, title: &str, anecdotes: &[&str]| {
        let told = row(title, anecdotes).anecdotes.iter().filter_map(Anecdote::fingerprint).collect();
        KnownChallenge { anecdotes: told, ..known(id, title, &[]) }
    };
    let all = [
        was("locks", "Slow builds", &["Waited for locks", "again", "Disks were full"]),
        was("red", "Flaky tests", &["Red for a day", "again"]),
    ];
    for (rows, expected) in [
        (vec![row("Lock contention", &["waited for locks.", "disks were full", "New one"])], vec![Some("locks")]),
        // Part of them is enough where the titles have something in common, and is not where they have not.
        (vec![row("Builds take long", &["Waited for locks"])], vec![Some("locks")]),
        (vec![row("Zzz", &["Waited for locks"])], vec![None]),
        // What several rows tell says nothing of any.
        (vec![row("Zzz", &["again"])], vec![None]),
        // One takes the id of one.
        (
            vec![row("All of the slow builds", &["Waited for locks", "again", "Disks were full", "Red for a day"])],
            vec![Some("locks")],
        ),
        (
            vec![row("Y", &["Red for a day"]), row("X", &["Waited for locks", "Disks were full"])],
            vec![Some("red"), Some("locks")],
        ),
    ] {
        let mut rows = rows;
        assign(&mut rows, &all, |_| false);
        let found: Vec<_> = rows
            .iter()
            .map(|row| all.iter().find(|known| known.id == row.id).map(|known| known.id.0.as_str()))
            .collect();
        assert_eq!(found, expected, "{rows:?}");
    }
}

#[test]
fn each_known_challenge_is_matched_once_and_best_first() {
    let all = [known("k1", "Slow build", &["jira:A-1"]), known("k2", "Slow build", &["jira:A-2"])];
    let mut rows = [
        challenge("Slow builds", "c", &["jira:A-1"]),
        challenge("Slow build", "c", &["jira:A-2"]),
        challenge("Slow build", "c", &["jira:A-1"]),
    ];
    assign(&mut rows, &all, |_| false);
    assert_eq!(&ids(&rows)[1..], ["k2", "k1"]);
    assert!(rows[0].id.0.starts_with("slow-builds-"));
}

#[test]
fn a_new_row_with_an_old_title_does_not_take_the_reworded_rows_id() {
    let mut first = [challenge("Slow build", "c", &["jira:A-1"])];
    assign(&mut first, &[], |_| false);
    let id = first[0].id.0.clone();
    let mut rows = [challenge("Slow build", "c", &[]), challenge("Lock contention", "c", &["jira:A-1"])];
    assign(&mut rows, &[known(&id, "Lock contention", &["jira:A-1"])], |_| false);
    assert_eq!(rows[1].id.0, id);
    assert_ne!(rows[0].id.0, id);
}

proptest! {
    #[test]
    fn ids_are_unique_and_lasting(
        titles in prop::collection::vec("[ab →]{0,3}", 0..8),
        old in prop::collection::vec("[ab →]{0,3}", 0..8),
    ) {
        let all: Vec<_> = old.iter().enumerate().map(|(n, title)| known(&format!("k{n}"), title, &[])).collect();
        let mut rows: Vec<_> = titles.iter().map(|title| challenge(title, "c", &[])).collect();
        assign(&mut rows, &all, |_| false);
        let once = rows.clone();
        assign(&mut rows, &all, |_| false);
        prop_assert_eq!(&rows, &once);
        let unique: std::collections::HashSet<_> = ids(&once).into_iter().collect();
        prop_assert_eq!(unique.len(), once.len());
    }
}
