//! What every format shows, worked out once: totals, groups and their order.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::domain::challenge::{Challenge, ChallengeId};
use crate::domain::document::Owner;
use crate::domain::finding::{Code, Finding};
use crate::domain::judged::Waived;
use crate::domain::known::KnownDocument;
use crate::domain::lookup::LookupKind;
use crate::domain::minutes::{Meeting, Topic};
use crate::domain::reference::Role;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerId;
use crate::domain::verdict::Standing;
use crate::domain::waiver::{Manner, Waiver};

use super::Report;
use super::challenge::{ON_THE_CARD, Row};
use super::counts::Counts;
use super::decisions::decision_text;
use super::rows::Rows;
use super::ticket::{Citation, Ticket};
use super::{escape, words};

/// What every format shows.
pub(super) struct View<'a> {
    pub(super) report: Report<'a>,
    pub(super) counts: Counts,
    /// Every ticket cited, once.
    pub(super) tickets: BTreeMap<&'a TicketId, Ticket<'a>>,
    /// Every challenge, in the order of the documents.
    pub(super) challenges: Vec<Row<'a>>,
    /// Topics that cite tickets, in the order of the documents.
    pub(super) topics: Vec<(&'a Meeting, &'a Topic)>,
    /// Findings that no broken promise's card tells, by what they are about.
    pub(super) sections: Vec<Section<'a>>,
    /// Housekeeping: how many findings of which code.
    pub(super) chores: Vec<(Code, usize)>,
    /// What the reader must know before trusting the rest.
    pub(super) cautions: Vec<String>,
    rows: OnceCell<Rows<'a>>,
    by_id: BTreeMap<&'a ChallengeId, usize>,
}

/// Findings about one kind of thing.
pub(super) struct Section<'a> {
    pub(super) title: &'static str,
    pub(super) findings: Vec<&'a Finding>,
}

/// The sections after the broken promises, in the order in which a lead should care. Codes that stand in none are
/// housekeeping.
pub(super) const SECTIONS: &[(&str, &[Code])] = &[
    ("Came back after closing", &[Code::RecurredAfterClose]),
    ("Remedies that did not hold", &[Code::Reverted, Code::ClosedUndone, Code::RemedyDidNotHelp]),
    (
        "Links to mend",
        &[
            Code::BrokenLink,
            Code::DeadLink,
            Code::MovedTicket,
            Code::HiddenTicket,
            Code::MalformedReference,
            Code::PrivateLink,
        ],
    ),
    ("Decided, and not as it was then", &[Code::DecisionOutdated]),
    ("Open and untouched", &[Code::StaleTicket]),
    ("Closed, and nothing shows the work", &[Code::ClosedUnverified]),
    ("Notes that may be out of date", &[Code::NoteOutdated]),
    ("Documents not understood whole", &[Code::UnreadableSource, Code::MalformedRow]),
    ("Waivers", &[Code::ExpiredWaiver, Code::EndingWaiver, Code::UnusedWaiver]),
];

impl<'a> View<'a> {
    pub(super) fn new(report: &Report<'a>) -> Self {
        let report = *report;
        let tickets = tickets(&report);
        let challenges = challenges(&report);
        let topics = topics(&report);
        let mut counts = Counts { challenges: challenges.len(), tickets: tickets.len(), ..Counts::default() };
        for ticket in tickets.values() {
            counts.lookups.add(ticket.lookup());
            counts.verdicts.add(ticket.verdict());
        }
        for row in &challenges {
            counts.standings.add(row.standing);
        }
        let (sections, chores) = sections(&report, &challenges);
        let cautions = cautions(&report, &tickets, &counts);
        let by_id = challenges.iter().enumerate().map(|(at, row)| (&row.challenge.id, at)).collect();
        Self { report, counts, tickets, challenges, topics, sections, chores, cautions, rows: OnceCell::new(), by_id }
    }

    /// Where places stand that have no line to be looked up at. Most of what is told needs none of them.
    pub(super) fn rows(&self) -> &Rows<'a> {
        self.rows.get_or_init(|| Rows::of(self.report.known))
    }

    pub(super) fn now(&self) -> Moment {
        self.report.now
    }

    /// Challenges of one standing, what to look at first coming first.
    pub(super) fn standing(&self, standing: Standing) -> Vec<&Row<'a>> {
        let mut rows: Vec<&Row> = self.challenges.iter().filter(|row| row.standing == standing).collect();
        rows.sort_by_key(|row| row.priority);
        rows
    }

    /// A challenge by its name.
    pub(super) fn challenge(&self, id: &ChallengeId) -> Option<&Row<'a>> {
        self.by_id.get(id).and_then(|at| self.challenges.get(*at))
    }

    /// The challenges with these names, in this order.
    pub(super) fn in_order(&self, names: &[ChallengeId]) -> Vec<&Row<'a>> {
        names.iter().filter_map(|id| self.challenge(id)).collect()
    }

    /// `4 broken promises in 12 challenges`
    pub(super) fn headline(&self) -> String {
        let broken = match self.counts.standings.broken_promise {
            0 => "No broken promises".to_owned(),
            n => words::count(n, "broken promise"),
        };
        match self.counts.challenges {
            0 => "No challenges found".to_owned(),
            n => format!("{broken} in {}", words::count(n, "challenge")),
        }
    }

    /// The kind sentence of a report that has nothing to say.
    pub(super) fn all_quiet(&self) -> Option<String> {
        let nothing = self.counts.standings.broken_promise == 0 && self.sections.is_empty();
        if !nothing {
            return None;
        }
        if self.counts.challenges == 0 && self.counts.tickets == 0 {
            return Some(
                "No challenges and no tickets were found in the documents named, so there is nothing to say."
                    .to_owned(),
            );
        }
        let known = self.counts.lookups.unknown == 0 && self.report.complete && self.cautions.is_empty();
        Some(if known {
            "Nothing needs you: every promise is kept or still open. Enjoy the quiet.".to_owned()
        } else {
            "Nothing needs you as far as could be told; see below for what could not.".to_owned()
        })
    }

    /// What people decided, a list of sentences under each title; none that is empty.
    pub(super) fn by_people(&self) -> Vec<(&'static str, Vec<String>)> {
        let judged = self.report.judged;
        let waived = |snoozed| judged.waived.iter().filter(move |it| it.waiver.manner.is_snooze() == snoozed);
        let (accepted, snoozed) = (waived(false).map(accepted).collect(), waived(true).map(accepted).collect());
        let decided = judged.decided.values().map(decision_text).collect();
        let lists = [("Accepted", accepted), ("Put off", snoozed), ("Decided by people", decided)];
        lists.into_iter().filter(|(_, sentences): &(_, Vec<String>)| !sentences.is_empty()).collect()
    }

    /// Housekeeping as a list of counts.
    pub(super) fn chore_words(&self) -> Vec<String> {
        let flags = self.report.judged.flags();
        let stood = (flags.decided > 0).then(|| {
            let decided = words::count(flags.decided, "flag");
            format!("{decided} decided on by people, of which {} stood", flags.stood)
        });
        self.chores.iter().map(|(code, n)| words::chores(*code, *n)).chain(stood).collect()
    }
}

/// A finding that was accepted or put off: what, by whom, until when, why, and where that stands.
pub(super) fn accepted(waived: &Waived) -> String {
    let Waiver { by, until, manner, reason, from, .. } = &waived.waiver;
    let by = by.as_deref().map(|by| format!(" by {by}")).unwrap_or_default();
    let until = words::day(*until);
    let lasting = match manner {
        Manner::Accepted => format!("accepted{by} until {until}"),
        Manner::Snoozed => format!("snoozed{by} until {until}"),
        Manner::UntilChange => format!("snoozed{by} until the ticket changes, {until} at the latest"),
    };
    format!("{} ({lasting}: {reason}; {from})", waived.finding.message)
}

fn tickets<'a>(report: &Report<'a>) -> BTreeMap<&'a TicketId, Ticket<'a>> {
    let mut cited: BTreeMap<&TicketId, Vec<Citation>> = BTreeMap::new();
    for document in &report.known.documents {
        for reference in &document.references {
            let (challenge, topic) = owner(document, reference.owner);
            cited.entry(&reference.ticket).or_default().push(Citation { reference, challenge, topic });
        }
    }
    let of = |(id, cited)| (id, Ticket::new(report, id, cited));
    cited.into_iter().map(of).collect()
}

/// Whose part of the document a reference stands in. An index that leads nowhere is nobody's.
fn owner(document: &KnownDocument, owner: Owner) -> (Option<&Challenge>, Option<(&Meeting, &Topic)>) {
    match owner {
        Owner::Challenge { challenge, .. } => (document.challenges.get(challenge), None),
        Owner::Topic { meeting, topic } => {
            let meeting = document.meetings.get(meeting);
            (None, meeting.and_then(|meeting| Some((meeting, meeting.topics.get(topic)?))))
        }
        Owner::Nobody => (None, None),
    }
}

fn challenges<'a>(report: &Report<'a>) -> Vec<Row<'a>> {
    let judged: BTreeMap<_, _> =
        report.judged.challenges.iter().map(|judged| ((judged.document, judged.challenge), judged)).collect();
    let mut flagged: BTreeMap<&ChallengeId, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.judged.findings {
        if let Some(id) = &finding.challenge {
            flagged.entry(id).or_default().push(finding);
        }
    }
    let mut rows = Vec::new();
    for (d, document) in report.known.documents.iter().enumerate() {
        for (c, challenge) in document.challenges.iter().enumerate() {
            let judged = judged.get(&(d, c));
            rows.push(Row {
                challenge,
                standing: judged.map_or(Standing::Unknown, |judged| judged.standing),
                priority: judged.map_or(0, |judged| judged.priority),
                because: judged.map_or("", |judged| &judged.because),
                broken_on: judged.and_then(|judged| judged.broken_on),
                owners: judged.map_or(&[], |judged| &judged.owners),
                findings: flagged.get(&challenge.id).cloned().unwrap_or_default(),
                tickets: Vec::new(),
            });
        }
    }
    cite(report, &mut rows);
    rows
}

/// Gives each row its tickets: remedies first, and otherwise in order of first appearance. `rows` stand in the order of the documents.
fn cite<'a>(report: &Report<'a>, rows: &mut [Row<'a>]) {
    let mut first = 0;
    for document in &report.known.documents {
        let rows = &mut rows[first..first + document.challenges.len()];
        first += document.challenges.len();
        for reference in &document.references {
            let Owner::Challenge { challenge, .. } = reference.owner else { continue };
            let Some(row) = rows.get_mut(challenge) else { continue };
            match row.tickets.iter_mut().find(|(id, _)| **id == reference.ticket) {
                Some((_, role)) if reference.role == Role::Remedy => *role = Role::Remedy,
                Some(_) => {}
                None => row.tickets.push((&reference.ticket, reference.role)),
            }
        }
        rows.iter_mut().for_each(|row| row.tickets.sort_by_key(|(_, role)| *role));
    }
}

fn topics<'a>(report: &Report<'a>) -> Vec<(&'a Meeting, &'a Topic)> {
    let meetings = report.known.documents.iter().flat_map(|document| &document.meetings);
    let topics = meetings.flat_map(|meeting| meeting.topics.iter().map(move |topic| (meeting, topic)));
    topics.filter(|(_, topic)| !topic.tickets.is_empty()).collect()
}

fn sections<'a>(report: &Report<'a>, challenges: &[Row<'a>]) -> (Vec<Section<'a>>, Vec<(Code, usize)>) {
    let broken: BTreeSet<&ChallengeId> =
        challenges.iter().filter(|row| row.standing == Standing::BrokenPromise).map(|row| &row.challenge.id).collect();
    let on_a_card = |finding: &Finding| {
        let challenge = finding.challenge.as_ref();
        ON_THE_CARD.contains(&finding.code) && challenge.is_some_and(|id| broken.contains(id))
    };
    let rest: Vec<&Finding> = report.judged.findings.iter().filter(|finding| !on_a_card(finding)).collect();
    let of = |codes: &[Code]| rest.iter().copied().filter(|finding| codes.contains(&finding.code)).collect();
    let sections = SECTIONS.iter().map(|(title, codes)| Section { title, findings: of(codes) });
    let sections = sections.filter(|section| !section.findings.is_empty()).collect();
    let mut chores: BTreeMap<Code, usize> = BTreeMap::new();
    for finding in rest {
        // A challenge without a remedy is told by its standing.
        let told = SECTIONS.iter().any(|(_, codes)| codes.contains(&finding.code));
        if !told && finding.code != Code::UntrackedChallenge {
            *chores.entry(finding.code).or_default() += 1;
        }
    }
    (sections, chores.into_iter().collect())
}

fn cautions(report: &Report, tickets: &BTreeMap<&TicketId, Ticket>, counts: &Counts) -> Vec<String> {
    let mut cautions = Vec::new();
    for tracker in &report.known.trackers {
        if let Some(trouble) = &tracker.trouble {
            let since = tracker.worked_at.map_or("It never answered yet".to_owned(), |at| {
                format!("What is shown of it was true {}", words::ago(at, report.now))
            });
            let says = escape::plain(&trouble.says, escape::SENTENCE);
            let says = says.trim_end_matches(['.', '?']);
            // Both may be true of one pass: it answered, and something was amiss.
            cautions.push(if tracker.worked_at.is_some() && tracker.worked_at >= tracker.asked_at {
                format!("{} answered, but not everything: {says}.", tracker.id)
            } else {
                format!("{} could not be asked: {says}. {since}.", tracker.id)
            });
        }
    }
    for document in &report.known.documents {
        if let Some(trouble) = &document.trouble {
            let (path, trouble) =
                (escape::plain(&document.path, escape::TITLE), escape::plain(trouble, escape::SENTENCE));
            let trouble = trouble.trim_end_matches('.');
            let in_force = match document.read_at {
                Some(at) => format!(" The version read {} is in force.", words::ago(at, report.now)),
                None => String::new(),
            };
            cautions.push(format!("{path} could not be read: {trouble}.{in_force}"));
        }
    }
    for tracker in all_hidden(tickets) {
        cautions.push(format!(
            "Every ticket of {tracker} is hidden from us. That looks like a matter of credentials, not of tickets."
        ));
    }
    if counts.lookups.unknown > 0 {
        let asked = words::count(counts.tickets, "ticket");
        cautions.push(format!("{} of {asked} could not be asked for.", counts.lookups.unknown));
    }
    cautions.extend(unclaimed(report));
    if cautions.is_empty() && !report.complete {
        cautions.push("The last pass did not finish; some answers are older than others.".to_owned());
    }
    cautions
}

/// What looks like tickets of somebody whom no tracker of the configuration stands for: it was not asked for.
fn unclaimed(report: &Report) -> Option<String> {
    let homes: BTreeSet<&str> =
        report.known.documents.iter().flat_map(|document| &document.unclaimed).map(|one| one.home.as_str()).collect();
    let named: Vec<String> = homes.iter().take(5).map(|home| escape::plain(home, escape::TITLE)).collect();
    let more =
        if homes.len() > named.len() { format!(" and {} more", homes.len() - named.len()) } else { String::new() };
    let names = format!("{}{more}", named.join(", "));
    (!homes.is_empty()).then(|| format!("No tracker claims {names}: what looks like tickets there was not asked for."))
}

/// Trackers that hide each of their tickets from us, where they have more than one.
fn all_hidden<'a>(tickets: &BTreeMap<&'a TicketId, Ticket>) -> Vec<&'a TrackerId> {
    let mut by_tracker: BTreeMap<&TrackerId, (usize, usize)> = BTreeMap::new();
    for (id, ticket) in tickets {
        let (all, hidden) = by_tracker.entry(id.tracker()).or_default();
        *all += 1;
        *hidden += usize::from(ticket.lookup() == LookupKind::Hidden);
    }
    by_tracker.into_iter().filter(|(_, (all, hidden))| *all > 1 && all == hidden).map(|(tracker, _)| tracker).collect()
}
