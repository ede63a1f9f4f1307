//! The CI check: a pass, and what its findings mean for a build.

mod baseline;
mod links;
mod privacy;
mod server;
mod since;
mod spots;

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::domain::finding::{Code, Finding, Severity};
use crate::domain::known::{Known, KnownTicket};
use crate::domain::lookup::LookupKind;
use crate::domain::place::Place;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::tracker::{Credential, TrackerId};
use crate::http::Outside;
use crate::judge;
use crate::report::{Check, Checked, Report, Rows};
use crate::sync::{self, Outcome, Pass, Reach, Shop, Step};

pub use self::baseline::{Baseline, Entry};
pub use self::since::Touched;

/// What a check is to go by.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The lowest severity that fails; `None` for never.
    pub fail_on: Option<Severity>,
    /// How much may be unknown without failing.
    pub tolerance: Tolerance,
    /// How old an answer may be that a finding rests on. Zero: of this run.
    pub max_age: TimeDelta,
    /// Whose answers to go by.
    pub answers: Answers,
    /// Trackers of which only ids and verdicts may be shown.
    pub private: BTreeSet<TrackerId>,
    /// The file to which findings without a place belong.
    pub home: String,
    /// What was there before, and fails nobody.
    pub baseline: Before,
    /// Whether what was there before is left out altogether.
    pub only_new: bool,
    /// What is looked at; `None` for everything.
    pub touched: Option<Touched>,
    /// Who asks for the other pages that documents link to; `None` to leave them alone.
    pub links: Option<Outside>,
}

/// Findings that were there before.
#[derive(Debug, Clone)]
pub enum Before {
    /// Nobody says that any were.
    Nothing,
    /// These.
    These(Baseline),
    /// All that there are now.
    Everything,
}

/// Whose answers a check goes by.
#[derive(Debug, Clone)]
pub enum Answers {
    /// The trackers', asked now.
    OfTrackers,
    /// Those that are known already: in the store, and these, which go first.
    Known(BTreeMap<TicketId, KnownTicket>),
    /// Those of a running daemon.
    OfServer(Url, Credential),
    /// Nobody's: only what the documents and the configuration say by themselves.
    Nobodys,
}

/// How much may be unknown without failing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tolerance {
    /// Nothing.
    Nothing,
    /// So many tickets.
    Tickets(usize),
    /// Such a part of all tickets, from 0 to 1.
    Share(f64),
    /// Everything.
    Everything,
}

/// What a check came to. The exit codes are the contract's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conclusion {
    /// Nothing that fails.
    Fine,
    /// Findings at or above the severity that fails, resting on answers that are fresh enough.
    Findings,
    /// Credentials that never worked: nothing was checked that the configuration promises to check.
    Refused,
    /// No such finding, and something could not be told.
    CouldNotTell,
}

/// A check that was made.
#[derive(Debug)]
pub struct Made {
    /// The pass below it.
    pub outcome: Outcome,
    /// When it was made.
    pub now: Moment,
    /// What it came to.
    pub conclusion: Conclusion,
    /// The findings of now as a baseline.
    pub present: Baseline,
    /// Why the daemon could not be asked, if so.
    pub trouble: Option<String>,
    /// How much could not be told of other links, if they were asked for.
    pub untold: Option<String>,
    /// Entries of the baseline that match nothing any more.
    pub stale: Vec<Entry>,
    terms: Terms,
    /// Fingerprints of findings that were there before.
    known: BTreeSet<String>,
    /// Where else what a finding says holds, by its fingerprint.
    elsewhere: BTreeMap<String, Vec<Place>>,
    /// The words around places, by path and line.
    spots: spots::Lines,
}

/// Makes a check. An error means that nothing could be remembered; everything else is part of what it came to.
pub async fn check(
    shop: &Shop,
    terms: Terms,
    stop: &CancellationToken,
    tell: &(dyn Fn(Step) + Sync),
) -> anyhow::Result<Made> {
    let mut trouble = None;
    if !matches!(terms.answers, Answers::Nobodys) {
        // While documents are read and trackers answer.
        drop(tokio::task::spawn_blocking(judge::prepare));
    }
    let mut outcome = match &terms.answers {
        Answers::OfTrackers => {
            let reach = if terms.max_age.is_zero() { Reach::Full } else { Reach::Older(terms.max_age) };
            sync::in_full(shop, reach, stop, tell).await?
        }
        Answers::OfServer(server, credential) => of_server(shop, (server, credential), stop, &mut trouble).await?,
        Answers::Known(borrowed) => sync::unasked(shop, borrowed, stop).await?,
        Answers::Nobodys => sync::unasked(shop, &BTreeMap::new(), stop).await?,
    };
    let judged = &mut outcome.judged;
    // A meeting that goes on with something else is nothing that a build could mend.
    judged.findings.retain(|one| one.code != Code::DroppedFollowUp);
    if matches!(terms.answers, Answers::Nobodys) {
        // Whether a waiver is used shows only when tickets are known.
        judged.findings.retain(|one| one.rests_on.is_none() && one.code != Code::UnusedWaiver);
    }
    let known = &outcome.known;
    if let Some(touched) = &terms.touched {
        judged.findings.retain_mut(|finding| touched.takes(finding, known));
    }
    // Nor does an answer that is too old tell that a waiver is used no more.
    let tells = |ticket: &TicketId| could_tell(ticket, known, &outcome.pass, &terms);
    judged.findings.retain(|one| one.code != Code::UnusedWaiver || behind(one, known).into_iter().all(tells));
    let untold = look_at_links(shop, &terms, &mut outcome).await?;
    let present = Baseline::of(&outcome);
    let (known, mut stale) = before(&outcome, &terms, &present);
    if terms.links.is_none() || untold.is_some() {
        stale.retain(|entry| entry.code != Code::DeadLink);
    }
    let judged = &mut outcome.judged;
    if terms.only_new {
        judged.findings.retain(|finding| !known.contains(&finding.fingerprint));
    }
    // In the order of the documents, as compilers do; what has no place comes last.
    judged.findings.sort_by(|a, b| (a.place.is_none(), &a.place).cmp(&(b.place.is_none(), &b.place)));
    let elsewhere = judged.findings.iter().map(|one| (one.fingerprint.clone(), elsewhere(one))).collect();
    privacy::keep(&mut outcome, &terms.private, &shop.claims);
    let spots = spots::Lines::read(&sync::at_hand(shop).await?.sources, &outcome);
    let conclusion = conclude(&outcome, &terms, &known);
    let now = shop.clock.now();
    Ok(Made { outcome, now, conclusion, present, stale, trouble, untold, terms, known, elsewhere, spots })
}

/// Where else the link is written that a finding is about: whoever corrects it has to correct it everywhere.
fn elsewhere(finding: &Finding) -> Vec<Place> {
    let places: BTreeSet<Place> = since::cited(finding).collect();
    places.into_iter().filter(|place| Some(place) != finding.place.as_ref()).collect()
}

/// Adds what the other pages are found to be to what was judged; what could not be told of them, if anything.
async fn look_at_links(shop: &Shop, terms: &Terms, outcome: &mut Outcome) -> anyhow::Result<Option<String>> {
    let Some(outside) = &terms.links else { return Ok(None) };
    let looked = links::look(shop, outside, &outcome.known, terms.touched.as_ref()).await?;
    let judged = &mut outcome.judged;
    judged.findings.extend(looked.judged.findings);
    judged.waived.extend(looked.judged.waived);
    Ok(looked.trouble)
}

/// A check by what a daemon knows of the tickets that the documents cite. One that cannot be asked leaves them unknown.
async fn of_server(
    shop: &Shop,
    server: (&Url, &Credential),
    stop: &CancellationToken,
    trouble: &mut Option<String>,
) -> anyhow::Result<Outcome> {
    let cited = sync::unasked(shop, &BTreeMap::new(), stop).await?;
    match server::known_at(server, cited.known.tickets.keys().cloned().collect()).await? {
        Ok(known) => sync::unasked(shop, &known, stop).await,
        Err(why) => {
            *trouble = Some(why);
            Ok(cited)
        }
    }
}

/// Fingerprints of the findings that were there before, and what of that is there no more. A part of the documents, or of
/// the answers, cannot tell the latter.
fn before(outcome: &Outcome, terms: &Terms, present: &Baseline) -> (BTreeSet<String>, Vec<Entry>) {
    let could_tell = |ticket: &TicketId| could_tell(ticket, &outcome.known, &outcome.pass, terms);
    let all = terms.touched.is_none();
    let compared = match &terms.baseline {
        Before::Nothing => return Default::default(),
        Before::Everything => present.compare(outcome, &could_tell, all),
        Before::These(baseline) => baseline.compare(outcome, &could_tell, all),
    };
    let in_part = !all || !outcome.pass.unreadable.is_empty() || matches!(terms.answers, Answers::Nobodys);
    (compared.known, if in_part { Vec::new() } else { compared.stale })
}

/// Whether what is known of a ticket counts: where it does not, a finding that is not there proves nothing.
fn could_tell(ticket: &TicketId, known: &Known, pass: &Pass, terms: &Terms) -> bool {
    match known.tickets.get(ticket) {
        Some(known) if pass.proven.contains(ticket) => known.lookup != LookupKind::Unknown,
        Some(known) => answered(known).is_some_and(|at| young(at, pass, terms)),
        None => true,
    }
}

/// The tickets on which it rests that a waiver matches nothing: its own, its challenge's, its document's, or all of them.
fn behind<'a>(finding: &'a Finding, known: &'a Known) -> Vec<&'a TicketId> {
    let documents = || known.documents.iter();
    match (&finding.ticket, &finding.challenge, &finding.place) {
        (Some(ticket), ..) => vec![ticket],
        (None, Some(id), _) => {
            let challenges = documents().flat_map(|document| &document.challenges);
            challenges.filter(|challenge| challenge.id == *id).flat_map(|challenge| &challenge.tickets).collect()
        }
        (None, None, Some(place)) => {
            let references = documents().filter(|document| document.path == *place.path);
            references.flat_map(|document| &document.references).map(|one| &one.ticket).collect()
        }
        (None, None, None) => known.tickets.keys().collect(),
    }
}

impl Made {
    /// What there is to tell of it.
    pub fn told(&self) -> Check<'_> {
        let (outcome, terms) = (&self.outcome, &self.terms);
        let findings = outcome.judged.findings.iter().map(|finding| {
            let counts = counts(finding, outcome, terms);
            let spot = self.spots.around(finding, &outcome.known);
            let known = self.known.contains(&finding.fingerprint);
            let elsewhere = self.elsewhere.get(&finding.fingerprint).map_or(&[][..], Vec::as_slice);
            Checked { finding, counts, known, fails: !known && fails(finding, outcome, terms), spot, elsewhere }
        });
        Check {
            report: Report::new(&outcome.known, &outcome.judged, self.now),
            findings: findings.collect(),
            home: terms.home.clone(),
            troubles: self.trouble.iter().chain(&self.untold).cloned().chain(troubles(outcome)).collect(),
            could_not_tell: matches!(self.conclusion, Conclusion::CouldNotTell | Conclusion::Refused),
            in_part: !told_enough(outcome, terms),
            unknown: unknown(outcome, terms).0,
            scope: terms.touched.as_ref().map(Touched::counts),
            unasked: matches!(terms.answers, Answers::Nobodys),
            rows: Rows::of(&outcome.known),
        }
    }
}

/// What the outcome of a pass means under these terms.
///
/// A finding that rests on an older answer was proven once and may not be true any more: it is shown, and fails nobody's
/// build.
fn conclude(outcome: &Outcome, terms: &Terms, known: &BTreeSet<String>) -> Conclusion {
    if !outcome.pass.refused.is_empty() {
        return Conclusion::Refused;
    }
    let mut new = outcome.judged.findings.iter().filter(|finding| !known.contains(&finding.fingerprint));
    if new.any(|finding| fails(finding, outcome, terms)) {
        return Conclusion::Findings;
    }
    if terms.tolerance == Tolerance::Everything || told_enough(outcome, terms) {
        Conclusion::Fine
    } else {
        Conclusion::CouldNotTell
    }
}

/// Whether no more is unknown of what is looked at than these terms name.
fn told_enough(outcome: &Outcome, terms: &Terms) -> bool {
    let (unknown, all) = unknown(outcome, terms);
    #[expect(clippy::cast_precision_loss, reason = "counts of tickets are small")]
    let tolerated = match terms.tolerance {
        Tolerance::Nothing | Tolerance::Everything => unknown == 0,
        Tolerance::Tickets(most) => unknown <= most,
        Tolerance::Share(most) => unknown as f64 <= most * all as f64,
    };
    let of_touched = |tracker: &&TrackerId| match &terms.touched {
        Some(touched) => touched.tickets.iter().any(|ticket| ticket.tracker() == *tracker),
        None => true,
    };
    tolerated && !outcome.pass.troubled.iter().any(|one| of_touched(&one)) && outcome.pass.unreadable.is_empty()
}

/// How many tickets nothing is known of that counts, and how many there are.
fn unknown(outcome: &Outcome, terms: &Terms) -> (usize, usize) {
    let touched = |ticket: &&KnownTicket| match &terms.touched {
        Some(touched) => touched.tickets.contains(&ticket.id),
        None => true,
    };
    let tickets = outcome.known.tickets.values().filter(touched);
    match &terms.answers {
        Answers::OfTrackers if terms.touched.is_none() && terms.max_age.is_zero() => {
            (outcome.pass.lookups.get(&LookupKind::Unknown).copied().unwrap_or(0), outcome.pass.run.asked)
        }
        Answers::OfTrackers => {
            let unknown = tickets.clone().filter(|ticket| ticket.lookup == LookupKind::Unknown);
            (unknown.count(), tickets.count())
        }
        Answers::Known(_) | Answers::OfServer(..) => {
            let old = |ticket: &&KnownTicket| !answered(ticket).is_some_and(|at| young(at, &outcome.pass, terms));
            (tickets.clone().filter(old).count(), tickets.count())
        }
        Answers::Nobodys => (0, 0),
    }
}

/// When a tracker last said anything of a ticket.
fn answered(ticket: &KnownTicket) -> Option<Moment> {
    let told = ticket.good_at.max(ticket.proven_at);
    if ticket.lookup == LookupKind::Hidden { told.max(ticket.asked_at) } else { told }
}

fn young(answered: Moment, pass: &Pass, terms: &Terms) -> bool {
    !terms.max_age.is_zero() && answered >= pass.run.started_at - terms.max_age
}

/// Whether a finding fails the build. That a source cannot be read now may be anybody's outage: then the check could not
/// tell.
fn fails(finding: &Finding, outcome: &Outcome, terms: &Terms) -> bool {
    let loud = terms.fail_on.is_some_and(|least| finding.severity >= least);
    loud && finding.code != Code::UnreadableSource && counts(finding, outcome, terms)
}

/// Whether what a finding rests on was seen in this pass, is young enough, or is the document itself.
fn counts(finding: &Finding, outcome: &Outcome, terms: &Terms) -> bool {
    let seen_now = |answered: Moment| match &finding.ticket {
        Some(ticket) => outcome.pass.proven.contains(ticket),
        // What is cited besides tickets is looked at by the pass itself.
        None => answered >= outcome.pass.run.started_at,
    };
    finding.rests_on.is_none_or(|answered| seen_now(answered) || young(answered, &outcome.pass, terms))
}

/// What could not be read or asked, a sentence each.
fn troubles(outcome: &Outcome) -> Vec<String> {
    let unreadable = outcome.pass.unreadable.iter().map(|one| one.trouble.clone());
    let asked = outcome.known.trackers.iter().filter(|tracker| tracker.asked_at >= Some(outcome.pass.run.started_at));
    let trackers = asked.filter_map(|tracker| Some(format!("{}: {}", tracker.id, tracker.trouble.as_ref()?.says)));
    unreadable.chain(trackers).collect()
}
