//! One whole pass, on one page: read the documents, ask the trackers, remember, judge.

mod annotating;
mod beside;
mod breaker;
mod cited;
mod correcting;
pub mod depth;
mod evidence;
mod fetching;
mod following;
mod health;
mod heard;
mod joining;
mod judging;
mod lease;
mod naming;
mod reading;
mod rehearsing;
mod rounds;
mod unasked;
mod writing;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

pub use self::annotating::{Annotated, Said, annotated, bared, said, said_in_public};
use self::breaker::Breaker;
pub use self::correcting::corrected;
pub use self::fetching::{AtHand, at_hand};
use self::health::{confirm, remember_health};
use self::heard::Heard;
pub use self::joining::{Patch, join};
use self::judging::judge_known;
pub use self::judging::{catch_up, rejudge};
use self::lease::{take_lease, under_lease};
pub use self::naming::named;
use self::reading::read;
pub use self::reading::{Unreadable, files, read_text, text_of};
pub use self::rehearsing::rehearse;
use self::rounds::{due, further, open_windows, rounds};
pub use self::unasked::unasked;
use self::writing::Wrote;
use crate::clock::Clock;
use crate::config::SourceSettings;
use crate::domain::judged::Judged;
use crate::domain::known::{Known, Run};
use crate::domain::listing::Plan;
use crate::domain::lookup::{LookupKind, TroubleKind};
use crate::domain::policy::Policy;
use crate::domain::ticket::TicketId;
use crate::domain::tracker::{Account, Claims, TrackerId};
use crate::domain::waiver::Waiver;
use crate::judge;
pub use crate::plan::Reach;
use crate::sources::Remotes;
use crate::store::{Lease, Store};
use crate::trackers::Trackers;

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
    /// What trackers told of their quotas and of the credentials in use.
    pub accounts: BTreeMap<TrackerId, Account>,
    /// Tickets that this pass saw, or proved to be gone.
    pub proven: BTreeSet<TicketId>,
    /// Trackers that refused the credentials and never accepted them before.
    pub refused: BTreeSet<TrackerId>,
    /// Trackers that refused or lost our permissions.
    pub troubled: BTreeSet<TrackerId>,
    /// How many pages its statuses were written into.
    pub written: usize,
    /// Pages that could not be written, with why.
    pub unwritten: Vec<Unreadable>,
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
    let order = Order { reach, confirmed, in_full: false };
    Ok(ordered(shop, order, stop, tell).await?.0)
}

/// The same with all that is known after it and what that means.
pub async fn in_full(
    shop: &Shop,
    reach: Reach<'_>,
    stop: &CancellationToken,
    tell: &(dyn Fn(Step) + Sync),
) -> anyhow::Result<Outcome> {
    let order = Order { reach, confirmed: Confirmed::new(), in_full: true };
    let (pass, told) = ordered(shop, order, stop, tell).await?;
    let (mut known, judged) = told.expect("it was ordered in full");
    known.last_run = Some(pass.run.clone());
    Ok(Outcome { pass, known, judged })
}

/// What a pass is to do.
struct Order<'a> {
    reach: Reach<'a>,
    confirmed: Confirmed,
    /// Whether all that is known and judged is wanted, and not only what is new of it for the store.
    in_full: bool,
}

/// What a pass did and, where that was ordered, all that is known after it and what it means.
type Came = (Pass, Option<(Known, Judged)>);

async fn ordered(
    shop: &Shop,
    order: Order<'_>,
    stop: &CancellationToken,
    tell: &(dyn Fn(Step) + Sync),
) -> anyhow::Result<Came> {
    let lease = take_lease(shop, stop, tell).await?;
    // Boxed, for it is as large as all that is under way in a pass, and would be copied from frame to frame.
    under_lease(shop, &lease, Box::pin(pass(shop, &lease, order, stop, tell))).await
}

async fn pass(
    shop: &Shop,
    lease: &Lease,
    order: Order<'_>,
    stop: &CancellationToken,
    tell: &(dyn Fn(Step) + Sync),
) -> anyhow::Result<Came> {
    let Order { reach, confirmed, in_full } = order;
    let writer = shop.store.under(lease);
    let started_at = shop.clock.now();
    let whole = matches!(reach, Reach::Full | Reach::Everything | Reach::Due | Reach::Older(_));
    shop.trackers.recall(&shop.store.habits(started_at).await?, &shop.store.waits(started_at).await?, started_at);
    let run = if whole { Some(writer.begin_run(started_at).await?) } else { None };
    let reading = async { if whole { read(shop, &writer, tell).await } else { Ok(Vec::new()) } };
    // What a stop leaves unread is read by the next pass.
    let unreadable = stop.run_until_cancelled(reading).await.transpose()?.unwrap_or_default();

    let wants = shop.store.wants().await?;
    let nudges: BTreeMap<_, _> = wants.iter().filter_map(|want| Some((want.ticket.clone(), want.nudge?))).collect();
    if wants.iter().any(|want| want.asked_at.is_none()) {
        // What is new will be judged, and while others answer there is time.
        drop(tokio::task::spawn_blocking(judge::prepare));
    }
    let plan = due(shop, &wants, reach).await?;
    // What was named is never left to listings.
    let named = plan.asks.iter().filter_map(|ask| nudges.get_key_value(&ask.ticket));
    let mut settled: Vec<_> = named.map(|(ticket, nudge)| (ticket.clone(), *nudge)).collect();
    // A whole pass may come late to what was named before it.
    let taken = if whole { BTreeMap::new() } else { settled.iter().cloned().collect() };
    let mut heard = Heard { breaker: Breaker::new(&wants, confirmed), ..Heard::default() };
    heard.expect(&wants);
    drop((wants, nudges));
    let (began, beside) = (shop.clock.now(), heard.beside.clone());
    let asking = async {
        rounds(shop, lease, plan, &mut heard, stop, tell).await?;
        if heard.asked_itself {
            open_windows(shop, &writer, began).await?;
        }
        if stop.is_cancelled() {
            settled.retain(|(ticket, _)| heard.proven.contains(ticket));
        }
        writer.settle(settled).await?;
        let looked = evidence::look(shop, lease, reach, &mut heard, stop).await?;
        if looked.learnt {
            rounds(shop, lease, further(shop, &heard).await?, &mut heard, stop, tell).await?;
        }
        anyhow::Ok(looked)
    };
    let looked = tokio::select! {
        looked = asking => looked?,
        error = beside.attend(shop, lease, taken, stop) => return Err(error),
    };
    if whole {
        cited::look(shop, lease, reach, stop).await?;
    }
    // What was asked for beside the pass may want evidence, too late for this one.
    let again = if beside.is_empty() { looked.again } else { Some(String::new()) };
    let told = judging::bring_up_to_date(shop, &writer, again, in_full).await?;
    tell(Step::Judged);
    let Wrote { pages: written, unwritten } =
        if whole { writing::write_statuses(shop, lease, stop).await? } else { Wrote::default() };

    let Heard { asked, followed, lookups, proven, refused, troubled, .. } = heard;
    let asked = asked.len();
    let unknown = lookups.get(&LookupKind::Unknown).copied().unwrap_or(0);
    let complete = unreadable.is_empty() && unknown == 0 && troubled.is_empty() && !stop.is_cancelled();
    // One that was stopped has not ended: it is made up for as one that was killed.
    let ended_at = (!stop.is_cancelled()).then(|| shop.clock.now());
    let facts = Run { started_at, ended_at, complete, asked, unknown };
    if let Some(run) = run {
        writer.end_run(run, &facts).await?;
    }
    let requests = shop.trackers.requests();
    let accounts = shop.trackers.accounts(shop.clock.now());
    let pass = Pass {
        run: facts,
        unreadable,
        followed,
        lookups,
        requests,
        accounts,
        proven,
        refused,
        troubled,
        written,
        unwritten,
    };
    Ok((pass, told))
}

/// All that is known, and what it means now. Asks nobody.
pub async fn judge_all(shop: &Shop) -> anyhow::Result<(Known, Judged)> {
    let known = shop.store.known().await?;
    let judged = judge_known(shop, &known);
    Ok((known, judged))
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
    while let Some(Some(mut batch)) = stop.run_until_cancelled(batches.recv()).await {
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
        let late = heard.beside.overtake(&mut batch.answers);
        batch.unlooked.retain(|(ticket, _)| !heard.beside.holds(ticket));
        let follows = following::follows(&batch.answers, &shop.claims);
        pointed |= follows.values().any(|follows| !follows.is_empty());
        batch.windows.iter_mut().for_each(|window| window.begun_at = began);
        if !batch.unlooked.is_empty() {
            writer.remember_unlooked(batch.unlooked, now).await?;
        }
        writer.remember_told(&batch.answers, follows, &batch.windows, now).await?;
        let told = batch.answers.len() + late.len();
        for answer in batch.answers.iter().chain(&late) {
            *heard.lookups.entry(answer.lookup.kind()).or_insert(0) += 1;
            if matches!(answer.lookup.kind(), LookupKind::Found | LookupKind::Moved | LookupKind::Gone) {
                heard.proven.insert(answer.asked.clone());
            }
        }
        left = left.saturating_sub(told);
        tell(Step::Answered { tickets: told });
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
