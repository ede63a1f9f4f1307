//! What changed from one version of a register to the next: rows that come, go, split and merge, and what is told in them.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::challenge::{Anecdote, Challenge, ChallengeId};
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

/// What stands in as many rows says nothing of where one of them came from, or went.
const MOST_HOLDERS: usize = 16;

/// One version of a document, by what stands in its rows.
struct Version<'a> {
    rows: &'a [Challenge],
    /// What the anecdotes of each row tell.
    told: Vec<BTreeSet<String>>,
    by_id: HashMap<&'a ChallengeId, usize>,
    /// The rows in which an anecdote stands, and those that cite a ticket; each in order.
    telling: HashMap<String, Vec<usize>>,
    citing: HashMap<&'a TicketId, Vec<usize>>,
}

impl<'a> Version<'a> {
    fn of(rows: &'a [Challenge]) -> Self {
        let told: Vec<BTreeSet<String>> =
            rows.iter().map(|row| row.anecdotes.iter().map(Anecdote::told).collect()).collect();
        let (mut telling, mut citing): (HashMap<String, Vec<usize>>, HashMap<_, Vec<usize>>) = Default::default();
        for (nth, (row, told)) in rows.iter().zip(&told).enumerate() {
            for one in told {
                telling.entry(one.clone()).or_default().push(nth);
            }
            for ticket in &row.tickets {
                citing.entry(ticket).or_default().push(nth);
            }
        }
        let by_id = rows.iter().enumerate().map(|(nth, row)| (&row.id, nth)).collect();
        Self { rows, told, by_id, telling, citing }
    }

    /// The rows in which any of these anecdotes stands; without any, those that cite one of the tickets. In order, and as far
    /// as that says anything.
    fn concerned(&self, told: &BTreeSet<String>, tickets: &[TicketId]) -> BTreeSet<usize> {
        let few =
            |rows: Option<&Vec<usize>>| rows.filter(|rows| rows.len() <= MOST_HOLDERS).cloned().unwrap_or_default();
        if told.is_empty() {
            tickets.iter().flat_map(|ticket| few(self.citing.get(ticket))).collect()
        } else {
            told.iter().flat_map(|one| few(self.telling.get(one))).collect()
        }
    }

    /// The anecdotes and the tickets of the row of this id, if there is one.
    fn of_id(&self, id: &ChallengeId) -> Option<(&BTreeSet<String>, BTreeSet<&TicketId>)> {
        let &nth = self.by_id.get(id)?;
        Some((&self.told[nth], self.tickets(nth)))
    }

    fn tickets(&self, nth: usize) -> BTreeSet<&TicketId> {
        self.rows[nth].tickets.iter().collect()
    }
}

/// What changed from one version of a document to the next, in the order of the next one; what left stands last.
pub fn changes(before: &[Challenge], after: &[Challenge]) -> Vec<Change> {
    let (were, are) = (Version::of(before), Version::of(after));
    let mut changes = Vec::new();
    for (nth, challenge) in after.iter().enumerate() {
        match were.by_id.get(&challenge.id) {
            Some(&was) => changes.extend(edits((&were, was), (&are, nth))),
            None => {
                let origin = origin((&are, nth), &were);
                let turn = if origin.is_some() { Turn::SplitFrom } else { Turn::Appeared };
                changes.push(Change::of(challenge, turn, origin, None));
            }
        }
    }
    for (nth, challenge) in before.iter().enumerate().filter(|(_, one)| !are.by_id.contains_key(&one.id)) {
        let heir = heir((&were, nth), &are);
        let turn = if heir.is_some() { Turn::MergedInto } else { Turn::Left };
        changes.push(Change::of(challenge, turn, heir, None));
    }
    changes
}

/// Where a new challenge's anecdotes, or without any its tickets, stood before and stand no more.
fn origin<'a>((are, new): (&Version<'_>, usize), were: &'a Version<'_>) -> Option<&'a ChallengeId> {
    let (told, cited) = (&are.told[new], are.tickets(new));
    let came_from = |&was: &usize| {
        let now = are.of_id(&were.rows[was].id);
        if told.is_empty() {
            cited.is_subset(&were.tickets(was)) && now.is_some_and(|(_, still)| cited.is_disjoint(&still))
        } else {
            told.intersection(&were.told[was]).any(|one| now.as_ref().is_none_or(|(kept, _)| !kept.contains(one)))
        }
    };
    let was = were.concerned(told, &are.rows[new].tickets).into_iter().find(came_from)?;
    Some(&were.rows[was].id)
}

/// Which challenge has the anecdotes, or without any all the tickets, of one that is gone, and did not have them before.
fn heir<'a>((were, gone): (&Version<'_>, usize), are: &'a Version<'_>) -> Option<&'a ChallengeId> {
    let (told, cited) = (&were.told[gone], were.tickets(gone));
    let took_over = |&now: &usize| {
        let Some((had, before)) = were.of_id(&are.rows[now].id) else { return false };
        if told.is_empty() {
            cited.is_subset(&are.tickets(now)) && cited.is_disjoint(&before)
        } else {
            told.intersection(&are.told[now]).any(|one| !had.contains(one))
        }
    };
    let now = are.concerned(told, &were.rows[gone].tickets).into_iter().find(took_over)?;
    Some(&are.rows[now].id)
}

/// What changed inside of a challenge. What only went from one row to another is told of the rows.
fn edits((before, was): (&Version<'_>, usize), (after, now): (&Version<'_>, usize)) -> Vec<Change> {
    let (was, now) = (&before.rows[was], &after.rows[now]);
    let mut edits = Vec::new();
    if plain(&was.title) != plain(&now.title) {
        edits.push(Change::of(now, Turn::Retitled, None, Some(&was.title)));
    }
    for anecdote in now.anecdotes.iter().filter(|one| !before.telling.contains_key(&one.told())) {
        edits.push(Change::of(now, Turn::Anecdote, None, Some(&anecdote.text)));
    }
    for anecdote in was.anecdotes.iter().filter(|one| !after.telling.contains_key(&one.told())) {
        edits.push(Change::of(now, Turn::AnecdoteLeft, None, Some(&anecdote.text)));
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

/// The challenges of the sister documents of one, by their titles and by all of their tickets.
#[derive(Debug, Default)]
pub struct Sisters {
    by_title: HashMap<String, (usize, ChallengeId)>,
    by_tickets: HashMap<BTreeSet<TicketId>, (usize, ChallengeId)>,
    many: usize,
}

impl Sisters {
    /// Adds one of these challenges.
    pub fn add(&mut self, id: ChallengeId, title: &str, tickets: Vec<TicketId>) {
        self.many += 1;
        self.by_title.entry(plain(title)).or_insert_with(|| (self.many, id.clone()));
        if !tickets.is_empty() {
            self.by_tickets.entry(tickets.into_iter().collect()).or_insert((self.many, id));
        }
    }

    /// The first one that a new challenge goes on from: of the same title, or with all of its tickets and no other.
    pub fn carried_over(&self, new: &Challenge) -> Option<&ChallengeId> {
        let by_title = self.by_title.get(&plain(&new.title));
        let by_tickets = self.by_tickets.get(&new.tickets.iter().cloned().collect());
        by_title.into_iter().chain(by_tickets).min_by_key(|(nth, _)| nth).map(|(_, id)| id)
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, Sisters, changes};
    use crate::domain::challenge::{Anecdote, Challenge, ChallengeId, Note, Status};
    use crate::domain::place::Place;

    fn place() -> Place {
        Place { path: "r".into(), line: 1, column: 1 }
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
        let mut sisters = Sisters::default();
        sisters.add(ChallengeId("slow".to_owned()), "Slow builds", vec!["jira:OPS-1".parse().unwrap()]);
        sisters.add(ChallengeId("flaky".to_owned()), "Flaky tests", Vec::new());
        for (title, tickets, expected) in [
            ("slow builds!", &[][..], Some("slow")),
            ("Builds take long", &["jira:OPS-1"], Some("slow")),
            ("Builds take long", &["jira:OPS-1", "jira:OPS-2"], None),
            ("Other", &[], None),
        ] {
            let new = challenge("x", title, &[], tickets, &[]);
            let found = sisters.carried_over(&new);
            assert_eq!(found.map(|id| id.0.as_str()), expected, "{title}");
        }
    }

    /// Everything stands in every row: quadratic work would take minutes.
    #[test]
    fn a_large_register_is_compared_row_by_row() {
        let row = |n: usize, what: &str| {
            let (mine, all) = (format!("{what} {n}"), format!("{what} everywhere"));
            challenge(&format!("c{n}"), &format!("Pain {n}"), &[&mine, &all], &["jira:OPS-1"], &[])
        };
        let rows = |from: usize, to: usize, what: &str| (from..to).map(|n| row(n, what)).collect::<Vec<_>>();
        let (before, after) = (rows(0, 20_000, "waited"), rows(0, 20_000, "hung"));
        assert_eq!(changes(&before, &after).len(), 80_000);
        assert_eq!(changes(&before, &rows(20_000, 40_000, "waited")).len(), 40_000);
    }
}
