//! One whole pass, on one page: read the documents, ask the trackers, remember, judge.

mod annotating;
mod breaker;
pub mod depth;
mod evidence;
mod fetching;
mod following;
mod health;
mod heard;
mod joining;
mod judging;
mod lease;
mod reading;
mod rounds;
mod unasked;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Context;
use tokio_util::sync::CancellationToken;

pub use self::annotating::{Annotated, Said, annotated, bared, said, said_in_public};
use self::breaker::Breaker;
use self::evidence::Looked;
pub use self::fetching::at_hand;
use self::health::{confirm, remember_health};
use self::heard::Heard;
pub use self::joining::{Patch, join};
pub use self::judging::{catch_up, rejudge};
use self::lease::{LEASE, take_lease};
use self::reading::read;
pub use self::reading::{files, read_text, text_of};
use self::rounds::{due, further, open_windows, rounds};
pub use self::unasked::unasked;
use crate::clock::Clock;
use crate::config::SourceSettings;
use crate::domain::judged::Judged;
use crate::domain::known::{Known, Run, Want};
use crate::domain::listing::Plan;
use crate::domain::lookup::{Forecast, LookupKind, TroubleKind};
use crate::domain::overview::Overview;
use crate::domain::policy::Policy;
use crate::domain::ticket::TicketId;
use crate::domain::tracker::{Claims, TrackerId, TrackerKind};
use crate::domain::waiver::Waiver;
use crate::judge;
pub use crate::plan::Reach;
use crate::sources::Remotes;
use crate::store::{Lease, Store};
use crate::trackers::{Batch, Trackers};

/// Everything that a pass works with.
#[derive(Clone)]
pub struct Shop {
    /// The documents to read.
    pub sources: Vec<SourceSettings>,
    /// What the trackers call their own.
    pub claims: Claims,
    /// What the team tolerates.
    pub policy: Policy,
    /// Findings that people accepted in the configuration; those accepted by command stand in the store.
    pub waivers: Vec<Waiver>,
    /// Where everything is remembered.
    pub store: Store,
    /// Whom to ask.
    pub trackers: Trackers,
    /// Whom to ask for documents that are no files. A source that is not among them is read as it is at hand.
    pub remotes: Arc<Remotes>,
    /// The time.
    pub clock: Clock,
    /// Whether `sources` are all that the configuration names. Only then can a waiver be called unused.
    pub whole: bool,
}

/// A fingerprint of our own code: other code may read the same text otherwise, and judge otherwise.
const CODE: &str = env!("DRAGNET_CODE");

/// Trackers whose mass change a person confirmed.
pub type Confirmed = BTreeSet<TrackerId>;

/// What a pass tells of itself while it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Another pass holds the store; waiting for it.
    Waiting {
        /// Who holds it.
        holder: String,
    },
    /// The documents were read.
    Read {
        /// How many documents.
        documents: usize,
        /// How many references stand in them.
        references: usize,
    },
    /// Tickets are about to be asked for.
    Asking {
        /// How many.
        tickets: usize,
    },
    /// Some of them were answered.
    Answered {
        /// How many more.
        tickets: usize,
    },
    /// Everything was judged.
    Judged,
}

/// What a pass did.
#[derive(Debug, Clone)]
pub struct Pass {
    /// The pass as remembered.
    pub run: Run,
    /// Documents that could not be read, with why.
    pub unreadable: Vec<Unreadable>,
    /// How many of the tickets asked for no document cites.
    pub followed: usize,
    /// How the tickets asked for were answered. The numbers add up to `run.asked`.
    pub lookups: BTreeMap<LookupKind, usize>,
    /// Requests made, by tracker.
    pub requests: BTreeMap<TrackerId, u64>,
    /// Tickets that this pass saw, or proved to be gone.
    pub proven: BTreeSet<TicketId>,
    /// Trackers that refused the credentials and never accepted them before.
    pub refused: BTreeSet<TrackerId>,
    /// Trackers that refused or lost our permissions.
    pub troubled: BTreeSet<TrackerId>,
    /// What is known after the pass and what that means, in numbers.
    pub overview: Overview,
}

impl Pass {
    /// The same with all that is known after it and what that means.
    pub async fn in_full(self, shop: &Shop) -> anyhow::Result<Outcome> {
        let (known, judged) = judge_all(shop).await?;
        Ok(Outcome { pass: self, known, judged })
    }
}

/// A pass with all that is known after it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The pass.
    pub pass: Pass,
    /// All that is known after the pass.
    pub known: Known,
    /// What that means.
    pub judged: Judged,
}

/// A document that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Its source's name.
    pub source: String,
    /// The document.
    pub path: String,
    /// Why.
    pub trouble: String,
    /// What to do.
    pub hint: String,
}

/// One pass over as much as `reach` says. Trouble with a document or a tracker is part of the outcome; an error means that
/// nothing could be remembered. A pass that is stopped or killed loses nothing that it had stored, and the next one
/// completes. Of tickets alone ([`Reach::Nudged`], [`Reach::Only`]) no document is read, and it counts as no pass.
pub async fn sync(
    shop: &Shop,
    reach: Reach<'_>,
    stop: &CancellationToken,
    tell: &(dyn Fn(Step) + Sync),
) -> anyhow::Result<Pass> {
    confirming(shop, reach, Confirmed::new(), stop, tell).await
}

/// The same by hand, believing what the breaker kept back of these trackers: a person looked at it and says that it is
/// true.
pub async fn confirming(
    shop: &Shop,
    reach: Reach<'_>,
    confirmed: Confirmed,
    stop: &CancellationToken,
    tell: &(dyn Fn(Step) + Sync),
) -> anyhow::Result<Pass> {
    let lease = take_lease(shop, stop, tell).await?;
    let outcome = pass(shop, &lease, reach, confirmed, stop, tell).await;
    let released = shop.store.release_lease(&lease).await;
    let outcome = outcome?;
    released.context("cannot release the pass")?;
    Ok(outcome)
}

async fn pass(
    shop: &Shop,
    lease: &Lease,
    reach: Reach<'_>,
    confirmed: Confirmed,
    stop: &CancellationToken,
    tell: &(dyn Fn(Step) + Sync),
) -> anyhow::Result<Pass> {
    let writer = shop.store.under(lease);
    let started_at = shop.clock.now();
    let whole = matches!(reach, Reach::Full | Reach::Everything | Reach::Due | Reach::Older(_));
    let run = if whole { Some(writer.begin_run(started_at).await?) } else { None };
    let unreadable = if whole { read(shop, &writer, tell).await? } else { Vec::new() };

    let wants = shop.store.wants().await?;
    shop.trackers.recall(&shop.store.habits(started_at).await?, started_at);
    let nudges: BTreeMap<_, _> = wants.iter().filter_map(|want| Some((want.ticket.clone(), want.nudge?))).collect();
    let plan = due(shop, &wants, reach).await?;
    // What was named is never left to listings.
    let named = plan.asks.iter().filter_map(|ask| nudges.get_key_value(&ask.ticket));
    let mut settled: Vec<_> = named.map(|(ticket, nudge)| (ticket.clone(), *nudge)).collect();
    let mut heard = Heard { breaker: Breaker::new(&wants, confirmed), ..Heard::default() };
    heard.expect(&wants);
    drop((wants, nudges));
    let began = shop.clock.now();
    rounds(shop, lease, plan, &mut heard, stop, tell).await?;
    if heard.asked_itself {
        open_windows(shop, &writer, began).await?;
    }
    if stop.is_cancelled() {
        settled.retain(|(ticket, _)| heard.proven.contains(ticket));
    }
    writer.settle(settled).await?;

    let one = matches!(reach, Reach::Only(_));
    if !judging::holds(shop).await? {
        let looked = if one || stop.is_cancelled() {
            Looked { more: true, learnt: false }
        } else {
            evidence::look(shop, lease, &mut heard, stop).await?
        };
        if looked.learnt {
            rounds(shop, lease, further(shop, &heard).await?, &mut heard, stop, tell).await?;
        }
        judging::judge(shop, &writer, !looked.more).await?;
    } else if !one && !stop.is_cancelled() {
        // What holds wants no evidence any more.
        evidence::acquit(shop, &writer, &heard).await?;
    }
    tell(Step::Judged);

    let Heard { asked, followed, lookups, proven, refused, troubled, .. } = heard;
    let asked = asked.len();
    let unknown = lookups.get(&LookupKind::Unknown).copied().unwrap_or(0);
    let complete = unreadable.is_empty() && unknown == 0 && troubled.is_empty() && !stop.is_cancelled();
    let facts = Run { started_at, ended_at: Some(shop.clock.now()), complete, asked, unknown };
    if let Some(run) = run {
        writer.end_run(run, &facts).await?;
    }
    let (requests, overview) = (shop.trackers.requests(), shop.store.overview().await?);
    Ok(Pass { run: facts, unreadable, followed, lookups, requests, proven, refused, troubled, overview })
}

/// What a pass would ask, and what that would take. Asks nobody and remembers nothing: the documents are read into a store
/// that is forgotten at the end.
pub async fn rehearse(shop: &Shop, reach: Reach<'_>) -> anyhow::Result<(Vec<Forecast>, Vec<Unreadable>)> {
    let known: BTreeMap<TicketId, Want> =
        shop.store.wants().await?.into_iter().map(|want| (want.ticket.clone(), want)).collect();
    let (sources, remotes) = (at_hand(shop).await?, Arc::default());
    let stage = Shop { store: Store::in_memory().await?, sources, remotes, ..shop.clone() };
    let unreadable = read(&stage, &stage.store.unfenced(), &|_| {}).await?;
    let cited = stage.store.wants().await?.into_iter();
    let mut wants: Vec<Want> = cited
        .map(|want| match known.get(&want.ticket) {
            Some(before) => Want { remedy: want.remedy, followed: false, ..before.clone() },
            None => want,
        })
        .collect();
    let now = shop.clock.now();
    shop.trackers.recall(&shop.store.habits(now).await?, now);
    wants.extend(known.into_values().filter(|want| want.followed));
    let mut forecasts = shop.trackers.forecast(&due(shop, &wants, reach).await?);
    let unseen = wants.iter().filter(|want| want.remedy && want.closed.is_none() && want.lookup.is_none());
    let unseen = unseen.map(|want| want.ticket.clone()).filter(|id| id.tracker().kind() == TrackerKind::Jira);
    let quests = evidence::wanting(shop).await?.due(&shop.trackers.grounds()).into_iter().map(|quest| quest.ticket);
    let evidence: Vec<TicketId> = quests.chain(unseen).take(evidence::MOST).collect();
    shop.trackers.forecast_evidence(&mut forecasts, &evidence);
    Ok((forecasts, unreadable))
}

/// All that is known, and what it means now. Asks nobody.
pub async fn judge_all(shop: &Shop) -> anyhow::Result<(Known, Judged)> {
    let known = shop.store.known().await?;
    let judged = judge_known(shop, &known);
    Ok((known, judged))
}

fn judge_known(shop: &Shop, known: &Known) -> Judged {
    let now = shop.clock.now();
    let judged = judge::judge(known, &shop.policy, now);
    let full = shop.whole && known.documents.iter().all(|document| document.trouble.is_none());
    let written = known
        .documents
        .iter()
        .flat_map(|document| document.markers.iter().map(|marker| marker.waiver_among(&document.challenges)));
    let waivers = shop.waivers.iter().chain(&known.waivers).cloned().chain(written);
    let waivers: Vec<Waiver> = waivers.filter(judging::counts).collect();
    judge::waive(judged, &waivers, &shop.policy, now.date_naive(), full)
}

/// Asks for every ticket due and remembers each batch as it comes, so that a pass cut short keeps what it heard. Whether
/// something pointed at other tickets.
async fn ask(
    shop: &Shop,
    lease: &Lease,
    plan: Plan,
    heard: &mut Heard,
    stop: &CancellationToken,
    tell: &(dyn Fn(Step) + Sync),
) -> anyhow::Result<bool> {
    let writer = shop.store.under(lease);
    let asks = || plan.asks.iter().chain(plan.listings.iter().flat_map(|listing| &listing.asks));
    heard.asked.extend(asks().map(|ask| ask.ticket.clone()));
    heard.followed += asks().filter(|ask| ask.followed).count();
    heard.asked_itself |= !plan.asks.is_empty();
    tell(Step::Asking { tickets: heard.asked.len() });
    let (mut left, mut pointed, began) = (plan.tickets(), false, shop.clock.now());
    let mut batches = shop.trackers.ask(plan);
    let mut renewal = tokio::time::interval(std::time::Duration::from_secs(10));
    loop {
        let mut batch: Batch = tokio::select! {
            () = stop.cancelled() => break,
            _ = renewal.tick() => {
                shop.store.renew_lease(lease, shop.clock.now(), LEASE).await?;
                continue;
            }
            batch = batches.recv() => match batch {
                Some(batch) => batch,
                None => break,
            },
        };
        let now = shop.clock.now();
        batch.answers = heard.breaker.sift(batch.answers);
        if let Some(health) = &mut batch.health {
            let sorted = heard.breaker.sort(&batch.tracker, &shop.store.parked().await?);
            let (answers, trouble) = confirm(shop, &writer, sorted, &batch.tracker, now).await?;
            batch.answers.extend(answers);
            // That the credentials are no good, or show nothing any more, says more.
            let own = health.trouble.as_ref().map(|trouble| trouble.kind);
            if !matches!(own, Some(TroubleKind::Credentials | TroubleKind::Hidden)) {
                health.trouble = trouble.or(health.trouble.take());
            }
            *health = heard.fared(&batch.tracker, health.clone());
        }
        let follows = following::follows(&batch.answers, &shop.claims);
        pointed |= follows.values().any(|follows| !follows.is_empty());
        writer.remember_follows(follows).await?;
        batch.windows.iter_mut().for_each(|window| window.begun_at = began);
        if !batch.unlooked.is_empty() {
            writer.remember_unlooked(batch.unlooked, now).await?;
        }
        writer.remember_listed(&batch.answers, &batch.windows, now).await?;
        for answer in &batch.answers {
            *heard.lookups.entry(answer.lookup.kind()).or_insert(0) += 1;
            if matches!(answer.lookup.kind(), LookupKind::Found | LookupKind::Moved | LookupKind::Gone) {
                heard.proven.insert(answer.asked.clone());
            }
        }
        left = left.saturating_sub(batch.answers.len());
        tell(Step::Answered { tickets: batch.answers.len() });
        // What could not be asked is counted as unknown. A lost permission leaves no such trace, and is trouble all the
        // same; a closer look that failed is told, and leaves every ticket answered.
        let trouble = batch.health.as_ref().and_then(|health| health.trouble.as_ref()).map(|trouble| trouble.kind);
        if matches!(trouble, Some(TroubleKind::Credentials | TroubleKind::Hidden)) {
            heard.troubled.insert(batch.tracker.clone());
        }
        if let Some(health) = &batch.health
            && remember_health(shop, &writer, &batch.tracker, health, now).await?
        {
            heard.refused.insert(batch.tracker.clone());
        }
    }
    // What a stop left unasked was not answered: the numbers add up all the same.
    if left > 0 {
        *heard.lookups.entry(LookupKind::Unknown).or_insert(0) += left;
    }
    Ok(pointed)
}
