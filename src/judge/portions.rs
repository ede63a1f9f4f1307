//! Judging portion by portion: what a portion gives by itself, what only the whole can tell, and the whole as one portion.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveTime};

use super::crowds;
use super::dates::Dates;
use super::families::Tongues;
use super::findings::{self, Draft, Moved, Scene, Unmapped};
use super::owners::Owners;
use super::priority::{self, Rated};
use super::rows::{self, Citations, Row};
use super::shares;
use super::standing::{self, Fate, Stood};
use super::themes::Themes;
use super::trail::{self, Trail};
use super::waivers::Untold;
use crate::domain::finding::Finding;
use crate::domain::follow::Quest;
use crate::domain::judged::Judged;
use crate::domain::known::{Known, KnownDocument};
use crate::domain::lookup::LookupKind;
use crate::domain::policy::Policy;
use crate::domain::portion::{Answered, Closed, Habit, Outline, Own};
use crate::domain::reference::Role;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerId;
use crate::domain::verdict::{Judgement, Verdict};

/// One judging of everything, under one policy and at one moment. What is known may come in portions, in any order, on any
/// number of threads.
pub struct Judging<'a> {
    policy: &'a Policy,
    now: Moment,
    names: Tongues<'a>,
    crowds: BTreeMap<TicketId, usize>,
    blind: BTreeSet<TrackerId>,
    /// Registers that hardly ever name a team.
    nameless: BTreeMap<String, Habit>,
    owners: Owners<'a>,
    themes: Themes<'a>,
}

/// What judging a portion gave.
pub struct Part {
    /// Verdicts and decisions, without findings.
    judged: Judged,
    drafts: Vec<Draft>,
    rest: Rest,
}

/// What only the whole can tell, of some portions.
#[derive(Default)]
pub struct Rest {
    challenges: Vec<Rated>,
    moved: Vec<Moved>,
    unmapped: Vec<Unmapped>,
    untold: Untold,
    until: Option<Moment>,
}

impl Rest {
    /// Adds that of other portions.
    pub fn add(&mut self, other: Self) {
        self.challenges.extend(other.challenges);
        self.moved.extend(other.moved);
        self.unmapped.extend(other.unmapped);
        self.untold.add(other.untold);
        self.until = self.until.into_iter().chain(other.until).min();
    }

    /// What could not be told there.
    pub fn untold(&self) -> &Untold {
        &self.untold
    }
}

/// Whether a closing counts among those by the dozen.
pub fn by_hand(closed: &Closed) -> bool {
    crowds::by_hand(&closed.by, &closed.events)
}

/// What no portion shows of all that is known.
pub fn outline(known: &Known) -> Outline {
    let mut answered: BTreeMap<TrackerId, Answered> = BTreeMap::new();
    for ticket in known.tickets.values().filter(|known| known.lookup != LookupKind::Unknown) {
        if !answered.contains_key(ticket.id.tracker()) {
            answered.insert(ticket.id.tracker().clone(), Answered::default());
        }
        let Some(answered) = answered.get_mut(ticket.id.tracker()) else { continue };
        answered.all += 1;
        answered.hidden += usize::from(ticket.lookup == LookupKind::Hidden);
        answered.seen |= ticket.facts.is_some();
    }
    let habits = known.documents.iter().map(|document| (document.path.clone(), habit(document)));
    let habits = habits.filter(|(_, habit)| habit.anecdotes > 0).collect();
    Outline { habits, answered, closings: crowds::closings(known) }
}

fn habit(document: &KnownDocument) -> Habit {
    let anecdotes = || document.challenges.iter().flat_map(|challenge| &challenge.anecdotes);
    let nameless = || anecdotes().filter(|anecdote| anecdote.teams.is_empty());
    let lacking = document.challenges.iter().filter(|it| it.anecdotes.iter().any(|one| one.teams.is_empty()));
    Habit {
        anecdotes: anecdotes().count(),
        nameless: nameless().count(),
        challenges: lacking.count(),
        first: nameless().map(|anecdote| &anecdote.place).min().cloned(),
    }
}

impl<'a> Judging<'a> {
    /// Begins one.
    pub fn new(outline: &Outline, policy: &'a Policy, now: Moment) -> Self {
        let nameless = outline.habits.iter().filter(|(_, habit)| findings::is_nameless(habit));
        Self {
            policy,
            now,
            names: Tongues::new(policy),
            crowds: crowds::crowds(&outline.closings),
            blind: findings::blind_trackers(&outline.answered),
            nameless: nameless.map(|(path, habit)| (path.clone(), habit.clone())).collect(),
            owners: Owners::new(&policy.ownership),
            themes: Themes::new(&policy.themes),
        }
    }

    /// Judges a portion, or everything as one.
    pub fn part(&self, known: &Known, own: Option<&Own>) -> Part {
        let all = rows::rows(known);
        let is_own = |row: &Row<'_>| own.is_none_or(|own| own.challenges.contains(&(row.document, row.index)));
        let mut citations = rows::citations(known);
        citations.retain(|ticket, _| own.is_none_or(|own| own.tickets.contains(*ticket)));
        let trail = Trail::new(known, &all, &self.names, &self.crowds);
        let rows: Vec<Row<'_>> = all.into_iter().filter(is_own).collect();
        let (verdicts, followed) = trail.verdicts(&rows, &citations, own.is_none());
        let (mut judgements, mut decided) = super::decide(known, verdicts);
        let unasked = Judgement { verdict: Verdict::Unknown, confidence: 0.0, evidence: Vec::new() };
        let of = |ticket: &TicketId| judgements.get(ticket).unwrap_or(&unasked);

        let fates: Vec<Vec<Fate<'_>>> = shares::each(&rows, |row| standing::fates(row, known, of));
        let stood: Vec<Stood> = shares::each(&fates, |fates| standing::stand(fates));
        let follow_ups = follow_ups(known, &citations, of);
        let dates = Dates::of(self.now);
        let scene = Scene {
            known,
            policy: self.policy,
            dates: &dates,
            names: &self.names,
            blind: &self.blind,
            nameless: &self.nameless,
            citations: &citations,
            rows: &rows,
            fates: &fates,
            stood: &stood,
            follow_ups: &follow_ups,
            decided: &decided,
        };
        let (drafts, waits) = findings::drafts(&scene);
        let (mut withheld, mut waiting, mut delayed) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        for (finding, until) in waits {
            if let Some(challenge) = &finding.challenge {
                delayed.entry(challenge.clone()).or_insert_with(|| until.clone());
            }
            waiting.extend(finding.ticket.clone().map(|ticket| (ticket, until)));
            withheld.push(finding);
        }
        let (moved, unmapped) = (findings::moved(&scene), findings::unmapped(&scene));
        let rated: Vec<(&Row<'_>, &Stood)> = rows.iter().zip(&stood).collect();
        let challenges = shares::each(&rated, |(row, stood)| {
            let part_of = (self.owners.of(row, known), self.themes.of(row.challenge));
            priority::rate(row, stood, part_of, delayed.get(&row.challenge.id), dates.today())
        });
        if let Some(own) = own {
            judgements.retain(|ticket, _| own.tickets.contains(ticket));
            decided.retain(|ticket, _| own.tickets.contains(ticket));
        }
        Part {
            judged: Judged { tickets: judgements, followed, decided, withheld, waiting, ..Judged::default() },
            drafts,
            rest: Rest { challenges, moved, unmapped, untold: Untold::of(known), until: dates.until() },
        }
    }

    /// Closed Jira remedies of a portion whose own record shows no landed work, and whose reason leaves room for some: what
    /// other trackers show of them is worth looking for. A ticket that is followed from several portions is told by each.
    pub fn quests(&self, known: &Known, own: Option<&Own>) -> Vec<Quest> {
        let rows = rows::rows(known);
        let trail = Trail::new(known, &rows, &self.names, &self.crowds);
        trail.quests(&trail::remedies(known, own))
    }

    /// What a portion gave by itself, its findings in order, and what only the whole can tell.
    pub fn tell(&self, part: Part) -> (Judged, Rest) {
        let findings = self.findings(part.drafts, &BTreeMap::new());
        (Judged { findings, ..part.judged }, part.rest)
    }

    /// What only the whole tells: the challenges by rank, and findings on documents, renames and names. `documents` are
    /// those in force; what stands in their rows is not looked at.
    pub fn rest(&self, rest: Rest, documents: &[KnownDocument]) -> Judged {
        let drafts = self.drafts_of_the_whole(&rest, documents);
        let findings = self.findings(drafts, &BTreeMap::new());
        Judged { challenges: priority::rank(rest.challenges), findings, ..Judged::default() }
    }

    /// From when on judging the same again may give something else: at the end of the day at the latest, for waivers and
    /// ranks go by days.
    pub fn until(&self, rest: &Rest) -> Moment {
        let tomorrow = self.now.date_naive().checked_add_days(Days::new(1));
        let midnight = tomorrow.map_or(self.now, |day| day.and_time(NaiveTime::MIN).and_utc());
        rest.until.map_or(midnight, |until| until.min(midnight))
    }

    /// Everything, judged as one portion, and from when on judging it again may give something else.
    pub fn all(&self, known: &Known) -> (Judged, Moment) {
        let part = self.part(known, None);
        let until = self.until(&part.rest);
        let mut drafts = part.drafts;
        drafts.extend(self.drafts_of_the_whole(&part.rest, &known.documents));
        let findings = self.findings(drafts, &known.first_seen);
        (Judged { challenges: priority::rank(part.rest.challenges), findings, ..part.judged }, until)
    }

    fn drafts_of_the_whole(&self, rest: &Rest, documents: &[KnownDocument]) -> Vec<Draft> {
        findings::of_the_whole(documents, &self.nameless, &rest.moved, &rest.unmapped)
    }

    fn findings(&self, drafts: Vec<Draft>, first_seen: &BTreeMap<String, Moment>) -> Vec<Finding> {
        findings::findings(drafts, self.policy, self.now, first_seen)
    }
}

/// What became of the remedies that meetings agreed on and no challenge has.
fn follow_ups<'k>(
    known: &'k Known,
    citations: &Citations<'k>,
    of: impl Fn(&TicketId) -> &'k Judgement,
) -> Vec<Fate<'k>> {
    let remedies = citations.iter().filter_map(|(ticket, cited)| {
        let mut promises = cited.iter().filter(|citation| citation.reference.role == Role::Remedy);
        let promise = promises.clone().next()?;
        promises.all(|citation| citation.challenge.is_none()).then_some((*ticket, promise.reference))
    });
    remedies.map(|(ticket, cited)| Fate::alone(cited, known.tickets.get(ticket), of(ticket))).collect()
}
