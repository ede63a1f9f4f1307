//! What became of the follow-ups of meetings: whether a later meeting took them up.
//!
//! Nobody can prove that nothing was done, so this errs on the side of silence: a follow-up counts as dropped only where
//! later meetings of its series were held, no meeting since speaks of anything like it, and it names no ticket, links to
//! nothing and is not said to be done.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use crate::domain::known::KnownDocument;
use crate::domain::minutes::{FollowUp, Meeting, Topic};
use crate::domain::series;

/// Days before the newest meeting of a series from which on its follow-ups are looked at: what is older is history.
const RECENT: u64 = 365;
/// With fewer words of its own nobody can tell whether a follow-up was taken up.
const FEW: usize = 2;

/// A follow-up with where it was agreed on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Agreed<'a> {
    /// The meeting.
    pub(super) meeting: &'a Meeting,
    /// Under which topic.
    pub(super) topic: &'a Topic,
    /// The follow-up.
    pub(super) follow_up: &'a FollowUp,
}

/// What became of a follow-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Became {
    /// The notes say that it was done.
    Done,
    /// It cites a ticket, or links to something: what became of it is told there.
    Tracked,
    /// A later meeting speaks of it.
    TakenUp,
    /// So many meetings were held since, and none took it up.
    Dropped(usize),
    /// Nobody can tell: no meeting was held since, it says too little, or it is old.
    Open,
}

/// One subject of a meeting as it is compared.
struct Said {
    date: NaiveDate,
    /// The words of all that was said to it.
    all: BTreeSet<String>,
    /// Those of its first line.
    subject: BTreeSet<String>,
}

/// What became of every follow-up, in the order of the documents. A meeting that stands in two documents counts once: the
/// first of them tells its follow-ups.
pub(super) fn follow_ups(documents: &[KnownDocument]) -> Vec<(Agreed<'_>, Became)> {
    let mut said: Vec<Said> = Vec::new();
    let mut held: BTreeMap<String, BTreeSet<NaiveDate>> = BTreeMap::new();
    for document in documents {
        let of_series = held.entry(document.series()).or_default();
        for meeting in document.meetings.iter().filter(|meeting| !meeting.skipped) {
            of_series.insert(meeting.date);
            said.extend(meeting.topics.iter().map(|topic| Said::of(meeting, topic)));
        }
    }
    said.sort_by_key(|said| said.date);
    let mut told = BTreeSet::new();
    let mut all = Vec::new();
    for document in documents {
        let Some(held) = held.get(&document.series()) else { continue };
        for meeting in &document.meetings {
            for topic in &meeting.topics {
                for follow_up in &topic.follow_ups {
                    let agreed = Agreed { meeting, topic, follow_up };
                    if told.insert((meeting.date, series::plain(&follow_up.text))) {
                        all.push((agreed, became(agreed, held, &said)));
                    }
                }
            }
        }
    }
    all
}

fn became(agreed: Agreed<'_>, held: &BTreeSet<NaiveDate>, said: &[Said]) -> Became {
    let Agreed { meeting, topic, follow_up } = agreed;
    if follow_up.done {
        return Became::Done;
    }
    if follow_up.linked || !follow_up.tickets.is_empty() {
        return Became::Tracked;
    }
    let own = words(&follow_up.text);
    let since = held.range(meeting.date..).filter(|date| **date > meeting.date).count();
    let newest = held.last().copied().unwrap_or(meeting.date);
    let recent = meeting.date.checked_add_days(Days::new(RECENT)).is_none_or(|until| newest <= until);
    if since == 0 || own.len() < FEW || !recent {
        return Became::Open;
    }
    let subject = words(&topic.text);
    let later = &said[said.partition_point(|said| said.date <= meeting.date)..];
    if later.iter().any(|said| said.takes_up(&own, &subject)) { Became::TakenUp } else { Became::Dropped(since) }
}

impl Said {
    fn of(meeting: &Meeting, topic: &Topic) -> Self {
        let replies = topic.replies.iter().map(|reply| &reply.text);
        let agreed = topic.follow_ups.iter().map(|agreed| &agreed.text);
        let all = replies.chain(agreed).flat_map(|text| words(text));
        let subject = words(&topic.text);
        Self { date: meeting.date, all: all.chain(subject.iter().cloned()).collect(), subject }
    }

    /// Whether this is about a follow-up of these words, or goes on with the subject that it was agreed on under.
    fn takes_up(&self, own: &BTreeSet<String>, subject: &BTreeSet<String>) -> bool {
        let shared = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.intersection(b).count();
        let of_it = own.len() >= FEW && shared(own, &self.all) >= FEW.max(own.len().div_ceil(2));
        let goes_on = subject.len() >= FEW && shared(subject, &self.subject) >= FEW.max(subject.len().div_ceil(2));
        of_it || goes_on
    }
}

/// Words that are in every sentence.
const COMMON: [&str; 62] = [
    "the", "and", "for", "are", "was", "were", "will", "with", "that", "this", "there", "their", "them", "they",
    "then", "than", "from", "into", "onto", "over", "have", "has", "had", "not", "but", "can", "could", "should",
    "would", "may", "might", "our", "your", "his", "her", "its", "who", "what", "when", "where", "which", "why", "how",
    "about", "some", "any", "all", "also", "more", "make", "take", "get", "see", "let", "ask", "find", "out", "need",
    "needs", "want", "follow", "todo",
];

/// The words that a text is about, without their endings.
fn words(text: &str) -> BTreeSet<String> {
    let plain = series::plain(text);
    let words = plain.split(' ').filter(|word| word.chars().count() > 2 && !COMMON.contains(word));
    words.map(|word| stem(word).to_owned()).collect()
}

/// A word without what its grammar adds to it, roughly.
fn stem(word: &str) -> &str {
    let endings = ["ing", "ed", "es", "s", "e"].iter();
    let bare = endings.filter_map(|ending| word.strip_suffix(ending));
    bare.into_iter().find(|bare| bare.chars().count() > 3).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::{Became, follow_ups};
    use crate::domain::document::Kind;
    use crate::domain::known::KnownDocument;
    use crate::domain::minutes::{FollowUp, Meeting, Reply, Topic};
    use crate::domain::place::Place;

    fn place(path: &str, line: u32) -> Place {
        Place { path: path.into(), line, column: 1 }
    }

    fn agreed(path: &str, line: u32, text: &str) -> FollowUp {
        FollowUp {
            owner: None,
            text: text.to_owned(),
            place: place(path, line),
            done: false,
            linked: false,
            tickets: Vec::new(),
        }
    }

    fn meeting(path: &str, date: &str, topics: &[(&str, &[&str], &[&str])]) -> Meeting {
        let topic = |(nth, (text, replies, promised)): (usize, &(&str, &[&str], &[&str]))| {
            let line = u32::try_from(nth).unwrap();
            let reply = |text: &&str| Reply { speaker: None, text: (*text).to_owned(), place: place(path, line) };
            Topic {
                intention: None,
                speaker: None,
                text: (*text).to_owned(),
                place: place(path, line),
                assumed: false,
                replies: replies.iter().map(reply).collect(),
                follow_ups: promised.iter().map(|text| agreed(path, line, text)).collect(),
                tickets: Vec::new(),
                links: Vec::new(),
            }
        };
        Meeting {
            date: date.parse().unwrap(),
            place: place(path, 1),
            skipped: false,
            topics: topics.iter().enumerate().map(topic).collect(),
        }
    }

    fn document(path: &str, meetings: Vec<Meeting>) -> KnownDocument {
        KnownDocument {
            source: "minutes".to_owned(),
            path: path.to_owned(),
            title: None,
            kind: Kind::Minutes,
            read_at: Some("2024-06-01T00:00:00Z".parse().unwrap()),
            trouble: None,
            challenges: Vec::new(),
            meetings,
            references: Vec::new(),
            citations: Vec::new(),
            unclaimed: Vec::new(),
            problems: Vec::new(),
            markers: Vec::new(),
        }
    }

    /// What became of one follow-up in view of a later meeting.
    fn later(promise: &str, topic: &str, reply: &str) -> Became {
        let first = meeting("m.md", "2024-01-01", &[("Slow builds at night", &[], &[promise])]);
        let second = meeting("m.md", "2024-01-08", &[(topic, &[reply], &[])]);
        let documents = [document("m.md", vec![second, first])];
        follow_ups(&documents).remove(0).1
    }

    #[test]
    fn a_follow_up_is_dropped_only_where_no_later_meeting_speaks_of_anything_like_it() {
        for (promise, topic, reply, dropped) in [
            ("ask infra about the lock on the cache", "Roadmap", "nothing new", true),
            ("ask infra about the lock on the cache", "Cache locks", "infra lifted them", false),
            ("ask infra about the lock on the cache", "Roadmap", "infra says the cache is not locked", false),
            ("ask infra about the lock on the cache", "Builds at night are slow still", "", false),
            ("rotate the keys of the registry", "Keys", "", true),
            ("rotate the keys of the registry", "Rotating the registry's keys", "", false),
            ("write it down", "Roadmap", "", true),
            ("ask", "Roadmap", "", false),
            ("Schlüssel der Registratur tauschen", "Plan", "nichts Neues", true),
            ("Schlüssel der Registratur tauschen", "Plan", "Schlüssel getauscht, Registratur läuft", false),
        ] {
            let became = later(promise, topic, reply);
            assert_eq!(became == Became::Dropped(1), dropped, "{promise} / {topic}: {reply}: {became:?}");
        }
    }

    #[test]
    fn what_is_done_tracked_the_last_or_old_is_not_dropped() {
        let promise = "rotate the keys of the registry";
        let one = |change: &dyn Fn(&mut FollowUp)| {
            let mut first = meeting("m.md", "2024-01-01", &[("Keys", &[], &[promise])]);
            change(&mut first.topics[0].follow_ups[0]);
            let documents = [document("m.md", vec![first, meeting("m.md", "2024-01-08", &[("Roadmap", &[], &[])])])];
            follow_ups(&documents).remove(0).1
        };
        assert_eq!(one(&|_| {}), Became::Dropped(1));
        assert_eq!(one(&|agreed| agreed.done = true), Became::Done);
        assert_eq!(one(&|agreed| agreed.linked = true), Became::Tracked);
        assert_eq!(one(&|agreed| agreed.tickets.push("jira:OPS-1".parse().unwrap())), Became::Tracked);
        let became = |meetings: Vec<Meeting>| follow_ups(&[document("m.md", meetings)]).remove(0).1;
        let first = || meeting("m.md", "2024-01-01", &[("Keys", &[], &[promise])]);
        assert_eq!(became(vec![first()]), Became::Open);
        let mut skipped = meeting("m.md", "2024-01-08", &[]);
        skipped.skipped = true;
        assert_eq!(became(vec![first(), skipped]), Became::Open);
        let now = meeting("m.md", "2025-06-01", &[("Roadmap", &[], &[])]);
        assert_eq!(became(vec![first(), now]), Became::Open, "what is older than a year is history");
    }

    #[test]
    fn sister_pages_are_one_series_and_a_meeting_in_two_documents_is_one() {
        let first = |path: &str| meeting(path, "2023-12-20", &[("Keys", &[], &["rotate the keys of the registry"])]);
        let next = |path: &str| meeting(path, "2024-01-08", &[("Roadmap", &[], &[])]);
        let became = |documents: &[KnownDocument]| -> Vec<Became> {
            follow_ups(documents).into_iter().map(|(_, became)| became).collect()
        };
        let sisters = [
            document("notes (2023).md", vec![first("notes (2023).md")]),
            document("notes (2024+).md", vec![next("notes (2024+).md")]),
        ];
        assert_eq!(became(&sisters), [Became::Dropped(1)]);
        let others = [document("infra.md", vec![first("infra.md")]), document("design.md", vec![next("design.md")])];
        assert_eq!(became(&others), [Became::Open], "another group's meeting is not expected to take it up");
        let both = [
            document("export.md", vec![first("export.md"), next("export.md")]),
            document("wiki.md", vec![first("wiki.md"), next("wiki.md")]),
        ];
        assert_eq!(became(&both), [Became::Dropped(1)], "told once");
    }
}
