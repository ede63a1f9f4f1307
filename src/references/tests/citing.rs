//! Citing: which tickets a document's parts name, and what holds of any text.

use proptest::prelude::*;

use super::{claims, document};
use crate::domain::challenge::{Anecdote, Challenge, ChallengeId, Note, Status};
use crate::domain::document::Owner;
use crate::domain::minutes::{Meeting, Topic};
use crate::domain::place::Lines;
use crate::domain::reference::Within;
use crate::references::{cite, scan};

#[test]
fn numbers_in_a_repositorys_document_are_its_own() {
    let text = "#12, (#13) GH-14 but not [#15](https://github.com/c/d/pull/15) or e/f#16, nor the #1 complaint";
    let mut document = document(&[(Within::Text, Owner::Nobody, text)]);
    for (repository, expected) in [
        ("https://github.com/a/b", "github:a/b#12 github:a/b#13 github:a/b#14 github:c/d#15 github:e/f#16"),
        ("https://forge.example/a/b", "github:c/d#15 github:e/f#16"),
    ] {
        document.repository = Some(repository.to_owned());
        let scan = scan(&document, &claims());
        let found: Vec<String> = scan.references.iter().map(|found| found.ticket.to_string()).collect();
        assert_eq!(found.join(" "), expected, "{repository}");
        assert_eq!(scan.problems.len(), usize::from(repository.contains("forge")), "{repository}");
    }
}

#[test]
fn citing_writes_tickets_where_they_are_cited() {
    let row = |anecdote, note| Owner::Challenge { challenge: 0, anecdote, note };
    let topic = Owner::Topic { meeting: 0, topic: 0 };
    let mut document = document(&[
        (Within::Title, row(None, None), "Slow, see OPS-9"),
        (Within::Anecdote, row(Some(0), None), "OPS-1 and OPS-1"),
        (Within::Status, row(None, None), "OPS-2"),
        (Within::Note, row(None, Some(0)), "Note: like OPS-3"),
        (Within::Status, row(None, None), "OPS-4"),
        (Within::Note, row(None, Some(1)), "Note: half"),
        (Within::Topic, topic, "a/b#1"),
        (Within::Reply, topic, "a/B#1, a/b#2"),
    ]);
    let places = Lines::new("p", &document.source);
    let place = |at| places.place(at);
    let note = |start: &str| {
        let at = document.source.find(start).unwrap();
        Note { ticket: None, text: String::new(), place: place(at) }
    };
    let notes = vec![note("Note: like"), note("Note: half")];
    let (text, teams, tickets) = (String::new(), Vec::new(), Vec::new());
    let anecdote = Anecdote { date: None, approximate: false, teams, text, place: place(0), tickets };
    let challenge = Challenge {
        id: ChallengeId("c".to_owned()),
        category: None,
        title: String::new(),
        place: place(0),
        occurrences: None,
        anecdotes: vec![anecdote],
        status: Status { text: String::new(), notes },
        tickets: Vec::new(),
    };
    let topic = Topic {
        intention: None,
        speaker: None,
        text: String::new(),
        place: place(0),
        assumed: false,
        replies: Vec::new(),
        follow_ups: Vec::new(),
        tickets: Vec::new(),
        links: Vec::new(),
    };
    let (date, topics) = (chrono::NaiveDate::default(), vec![topic]);
    let meeting = Meeting { date, place: place(0), skipped: false, topics };
    (document.challenges, document.meetings) = (vec![challenge], vec![meeting]);

    let first = cite(&mut document, &claims());
    let once = document.clone();
    assert_eq!(cite(&mut document, &claims()), first);
    assert_eq!(document, once, "citing twice changes nothing");

    let ids = |tickets: &[crate::domain::ticket::TicketId]| tickets.iter().map(ToString::to_string).collect::<Vec<_>>();
    let row = &document.challenges[0];
    assert_eq!(ids(&row.tickets), ["jira:OPS-9", "jira:OPS-1", "jira:OPS-2", "jira:OPS-3", "jira:OPS-4"]);
    assert_eq!(ids(&row.anecdotes[0].tickets), ["jira:OPS-1"]);
    let spoken_of: Vec<String> = row.status.notes.iter().map(|note| note.ticket.clone().unwrap().to_string()).collect();
    assert_eq!(spoken_of, ["jira:OPS-2", "jira:OPS-4"]);
    assert_eq!(ids(&document.meetings[0].topics[0].tickets), ["github:a/b#1", "github:a/b#2"]);
    let roles: Vec<&str> = first
        .references
        .iter()
        .filter(|found| found.role.eq(&crate::domain::reference::Role::Remedy))
        .map(|found| found.text.as_str())
        .collect();
    assert_eq!(roles, ["OPS-2", "OPS-3", "OPS-4"]);
}

proptest! {
    #[test]
    fn every_slice_stands_at_its_place(
        text in r"(?:OPS-1|FOO-2|a/b#3|https://github.com/a/b/pull/4|https://jira.example/browse/|Issue #5 · a/b|[ \n.,()_é`-]|\PC){0,24}",
    ) {
        let document = document(&[(Within::Text, Owner::Nobody, &text.replace("](", "] ("))]);
        let found = scan(&document, &claims());
        let mut last = None;
        for reference in found.references {
            let line = document.source.split('\n').nth(reference.place.line as usize - 1).unwrap();
            let rest: String = line.chars().skip(reference.place.column as usize - 1).collect();
            prop_assert!(rest.starts_with(&reference.text), "{} at {}", reference.text, reference.place);
            prop_assert!(last < Some(reference.place.clone()));
            last = Some(reference.place);
        }
    }
}
