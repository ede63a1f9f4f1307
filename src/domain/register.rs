//! What changed from one version of a register to the next: rows that come, go, split and merge, and what is told in them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::challenge::{Challenge, ChallengeId};
use super::series::plain;
use super::ticket::TicketId;
use super::time::Moment;

/// What happened to a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Turn {
    /// It is in the register now.
    Appeared,
    /// It is in it no more.
    Left,
    /// It has another title; what it was is told.
    Retitled,
    /// It appeared with what stood in another one.
    SplitFrom,
    /// It left, and what stood in it stands in another one.
    MergedInto,
    /// A document of the same series has it already.
    CarriedOver,
    /// An anecdote was added.
    Anecdote,
    /// An anecdote was taken out.
    AnecdoteLeft,
    /// A note was added.
    Note,
    /// A note was taken out.
    NoteLeft,
}

/// One thing that changed about a challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The challenge.
    pub challenge: ChallengeId,
    /// Its title then.
    pub title: String,
    /// What happened.
    pub turn: Turn,
    /// The other challenge, where there is one.
    pub other: Option<ChallengeId>,
    /// The words of it: an anecdote, a note, the title before.
    pub text: Option<String>,
}

/// A change as it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenChange {
    /// What changed.
    pub change: Change,
    /// In which document.
    pub document: String,
    /// In which of its versions: a page's number, a blob's or an address's hash, or the beginning of a fingerprint.
    pub version: String,
    /// When that was read first.
    pub at: Moment,
}

impl Change {
    fn of(challenge: &Challenge, turn: Turn, other: Option<&ChallengeId>, text: Option<&str>) -> Self {
        Self {
            challenge: challenge.id.clone(),
            title: challenge.title.clone(),
            turn,
            other: other.cloned(),
            text: text.map(str::to_owned),
        }
    }
}

/// The words of an anecdote by which it is known again.
fn stories(challenge: &Challenge) -> BTreeSet<String> {
    let told = challenge.anecdotes.iter().map(|anecdote| format!("{:?} {}", anecdote.date, plain(&anecdote.text)));
    told.collect()
}

fn tickets(challenge: &Challenge) -> BTreeSet<&TicketId> {
    challenge.tickets.iter().collect()
}

/// What changed from one version of a document to the next, in the order of the next one; what left stands last.
pub fn changes(before: &[Challenge], after: &[Challenge]) -> Vec<Change> {
    let were: BTreeMap<&ChallengeId, &Challenge> = before.iter().map(|one| (&one.id, one)).collect();
    let are: BTreeMap<&ChallengeId, &Challenge> = after.iter().map(|one| (&one.id, one)).collect();
    let mut changes = Vec::new();
    for challenge in after {
        match were.get(&challenge.id) {
            Some(was) => changes.extend(edits(was, challenge, before, after)),
            None => {
                let origin = origin(challenge, before, &are);
                let turn = if origin.is_some() { Turn::SplitFrom } else { Turn::Appeared };
                changes.push(Change::of(challenge, turn, origin, None));
            }
        }
    }
    for challenge in before.iter().filter(|one| !are.contains_key(&one.id)) {
        let heir = heir(challenge, &were, after);
        let turn = if heir.is_some() { Turn::MergedInto } else { Turn::Left };
        changes.push(Change::of(challenge, turn, heir, None));
    }
    changes
}

/// Where a new challenge's anecdotes, or without any its tickets, stood before and stand no more.
fn origin<'a>(
    new: &Challenge,
    before: &'a [Challenge],
    are: &BTreeMap<&ChallengeId, &Challenge>,
) -> Option<&'a ChallengeId> {
    let (told, cited) = (stories(new), tickets(new));
    let came_from = |was: &&Challenge| {
        let now = are.get(&was.id);
        let kept = now.map(|now| stories(now)).unwrap_or_default();
        if told.is_empty() {
            let still = now.map(|now| tickets(now)).unwrap_or_default();
            !cited.is_empty() && cited.is_subset(&tickets(was)) && cited.is_disjoint(&still) && now.is_some()
        } else {
            told.iter().any(|story| stories(was).contains(story) && !kept.contains(story))
        }
    };
    before.iter().find(came_from).map(|was| &was.id)
}

/// Which challenge has the anecdotes, or without any all the tickets, of one that is gone, and did not have them before.
fn heir<'a>(
    gone: &Challenge,
    were: &BTreeMap<&ChallengeId, &Challenge>,
    after: &'a [Challenge],
) -> Option<&'a ChallengeId> {
    let (told, cited) = (stories(gone), tickets(gone));
    let took_over = |now: &&Challenge| {
        let Some(was) = were.get(&now.id) else { return false };
        if told.is_empty() {
            !cited.is_empty() && cited.is_subset(&tickets(now)) && cited.is_disjoint(&tickets(was))
        } else {
            told.iter().any(|story| stories(now).contains(story) && !stories(was).contains(story))
        }
    };
    after.iter().find(took_over).map(|now| &now.id)
}

/// What changed inside of a challenge. What only went from one row to another is told of the rows.
fn edits(was: &Challenge, now: &Challenge, before: &[Challenge], after: &[Challenge]) -> Vec<Change> {
    let mut edits = Vec::new();
    if plain(&was.title) != plain(&now.title) {
        edits.push(Change::of(now, Turn::Retitled, None, Some(&was.title)));
    }
    let (had, has) = (stories(was), stories(now));
    if had != has {
        let elsewhere = |all: &[Challenge], story: &String| all.iter().any(|one| stories(one).contains(story));
        let key = |anecdote: &super::challenge::Anecdote| format!("{:?} {}", anecdote.date, plain(&anecdote.text));
        for anecdote in now.anecdotes.iter().filter(|one| !had.contains(&key(one)) && !elsewhere(before, &key(one))) {
            edits.push(Change::of(now, Turn::Anecdote, None, Some(&anecdote.text)));
        }
        for anecdote in was.anecdotes.iter().filter(|one| !has.contains(&key(one)) && !elsewhere(after, &key(one))) {
            edits.push(Change::of(now, Turn::AnecdoteLeft, None, Some(&anecdote.text)));
        }
    }
    let notes = |of: &Challenge| -> BTreeSet<String> { of.status.notes.iter().map(|note| plain(&note.text)).collect() };
    let (had, has) = (notes(was), notes(now));
    for note in now.status.notes.iter().filter(|note| !had.contains(&plain(&note.text))) {
        edits.push(Change::of(now, Turn::Note, None, Some(&note.text)));
    }
    for note in was.status.notes.iter().filter(|note| !has.contains(&plain(&note.text))) {
        edits.push(Change::of(now, Turn::NoteLeft, None, Some(&note.text)));
    }
    edits
}

/// A challenge of a sister document that a new one goes on from: of the same title, or with all of its tickets and no other.
pub fn carried_over<'a>(
    new: &Challenge,
    sisters: &'a [(ChallengeId, String, Vec<TicketId>)],
) -> Option<&'a ChallengeId> {
    let title = plain(&new.title);
    let same = |(_, other, cited): &&(ChallengeId, String, Vec<TicketId>)| {
        let cited: BTreeSet<&TicketId> = cited.iter().collect();
        plain(other) == title || !cited.is_empty() && cited == tickets(new)
    };
    sisters.iter().find(same).map(|(id, ..)| id)
}

#[cfg(test)]
mod tests {
    use super::{Change, carried_over, changes};
    use crate::domain::challenge::{Anecdote, Challenge, ChallengeId, Note, Status};
    use crate::domain::place::Place;

    fn place() -> Place {
        Place { path: "r".to_owned(), line: 1, column: 1 }
    }

    fn challenge(id: &str, title: &str, anecdotes: &[&str], tickets: &[&str], notes: &[&str]) -> Challenge {
        let anecdote = |text: &&str| Anecdote {
            date: None,
            approximate: false,
            teams: Vec::new(),
            text: (*text).to_owned(),
            place: place(),
            tickets: Vec::new(),
        };
        let note = |text: &&str| Note { ticket: None, text: (*text).to_owned(), place: place() };
        Challenge {
            id: ChallengeId(id.to_owned()),
            category: None,
            title: title.to_owned(),
            place: place(),
            occurrences: None,
            anecdotes: anecdotes.iter().map(anecdote).collect(),
            status: Status { text: String::new(), notes: notes.iter().map(note).collect() },
            tickets: tickets.iter().map(|id| id.parse().unwrap()).collect(),
        }
    }

    fn told(before: &[Challenge], after: &[Challenge]) -> Vec<String> {
        let told = |Change { challenge, turn, other, text, .. }: &Change| {
            let other = other.as_ref().map(|id| format!(" {id}")).unwrap_or_default();
            let text = text.as_ref().map(|text| format!(" “{text}”")).unwrap_or_default();
            format!("{challenge} {turn:?}{other}{text}")
        };
        changes(before, after).iter().map(told).collect()
    }

    #[test]
    fn rows_come_go_split_and_merge() {
        let slow = challenge("slow", "Slow builds", &["locks", "disks"], &["jira:OPS-1", "jira:OPS-2"], &[]);
        let flaky = challenge("flaky", "Flaky tests", &[], &["jira:OPS-3"], &[]);
        let both = [slow, flaky];
        assert_eq!(told(&both, &both), Vec::<String>::new());
        assert_eq!(told(&both, &[both[0].clone()]), ["flaky Left"]);
        assert_eq!(told(&[both[0].clone()], &both), ["flaky Appeared"]);
        let parts = [
            challenge("slow", "Slow builds", &["locks"], &["jira:OPS-1"], &[]),
            challenge("disks", "Slow disks", &["Disks"], &[], &[]),
        ];
        assert_eq!(told(&both[..1], &parts), ["disks SplitFrom slow"]);
        let by_ticket = [
            challenge("slow", "Slow builds", &["locks", "disks"], &["jira:OPS-1"], &[]),
            challenge("new", "Slow disks", &[], &["jira:OPS-2"], &[]),
        ];
        assert_eq!(told(&both[..1], &by_ticket), ["new SplitFrom slow"]);
        assert_eq!(
            told(&parts, &[challenge("slow", "Slow builds", &["locks", "disks"], &[], &[])]),
            ["disks MergedInto slow"]
        );
        let merged =
            challenge("slow", "Slow builds", &["locks", "disks"], &["jira:OPS-1", "jira:OPS-2", "jira:OPS-3"], &[]);
        assert_eq!(told(&both, &[merged]), ["flaky MergedInto slow"]);
    }

    #[test]
    fn what_is_told_in_a_row_comes_and_goes() {
        let before = [challenge("slow", "Slow builds", &["locks"], &[], &["Not done."])];
        let after = [challenge("slow", "Builds are slow", &["disks"], &[], &["Done."])];
        assert_eq!(
            told(&before, &after),
            [
                "slow Retitled “Slow builds”",
                "slow Anecdote “disks”",
                "slow AnecdoteLeft “locks”",
                "slow Note “Done.”",
                "slow NoteLeft “Not done.”"
            ]
        );
    }

    #[test]
    fn a_challenge_is_carried_over_by_its_title_or_its_tickets() {
        let sisters = [
            (ChallengeId("slow".to_owned()), "Slow builds".to_owned(), vec!["jira:OPS-1".parse().unwrap()]),
            (ChallengeId("flaky".to_owned()), "Flaky tests".to_owned(), Vec::new()),
        ];
        for (title, tickets, expected) in [
            ("slow builds!", &[][..], Some("slow")),
            ("Builds take long", &["jira:OPS-1"], Some("slow")),
            ("Builds take long", &["jira:OPS-1", "jira:OPS-2"], None),
            ("Other", &[], None),
        ] {
            let found = carried_over(&challenge("x", title, &[], tickets, &[]), &sisters);
            assert_eq!(found.map(|id| id.0.as_str()), expected, "{title}");
        }
    }
}
