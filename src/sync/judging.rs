//! Judging what is known: portion by portion, so that the facts of all tickets are never held at once, and only where
//! something may come of it that the last judging did not say.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use super::Shop;
use super::lease::{take_lease, under_lease};
use crate::domain::finding::Code;
use crate::domain::judged::Judged;
use crate::domain::known::Known;
use crate::domain::policy::Policy;
use crate::domain::portion::{Basis, Own};
use crate::domain::time::Moment;
use crate::domain::waiver::Waiver;
use crate::judge::{self, Judging, Rest, Untold, Waiving};
use crate::store::{Desk, StoreError, Writer};

/// Challenges in one portion, or tickets that no challenge cites.
pub(super) const PORTION: usize = 250;

/// Reading keeps no more judges busy than this.
const MOST_JUDGES: usize = 4;

/// What the last judging went by, if it says what judging now would: the same rules and the same policy, nothing known
/// changed, and no date that makes a difference has passed.
pub(super) async fn basis(shop: &Shop) -> anyhow::Result<Option<Basis>> {
    let (basis, now) = (shop.store.basis().await?, shop.clock.now());
    Ok(basis.filter(|basis| basis.terms == terms(shop) && (basis.since..basis.until).contains(&now)))
}

/// Judges what is known where the last judging holds no longer. `in_full` tells all of it, and what it means.
pub(super) async fn bring_up_to_date(
    shop: &Shop,
    writer: &Writer,
    again: Option<String>,
    in_full: bool,
) -> anyhow::Result<Option<(Known, Judged)>> {
    if in_full {
        return Ok(Some(judge_at_once(shop, writer, again).await?));
    }
    match basis(shop).await? {
        None => judge(shop, writer, again).await?,
        Some(basis) if basis.again != again => writer.look_again(again).await?,
        Some(_) => {}
    }
    Ok(None)
}

/// Judges everything that is known and remembers it. `again` is what is left to look for: [`Basis::again`].
pub(super) async fn judge(shop: &Shop, writer: &Writer, again: Option<String>) -> anyhow::Result<()> {
    let task = Task::of(shop, again);
    Ok(writer.judge(task.now, move |desk| task.at(desk)).await?)
}

/// The same at once, for those who want all of it told: all that is known, and what it means.
pub(super) async fn judge_at_once(
    shop: &Shop,
    writer: &Writer,
    again: Option<String>,
) -> anyhow::Result<(Known, Judged)> {
    let task = Task::of(shop, again);
    Ok(writer.judge(task.now, move |desk| task.at_once(desk)).await?)
}

/// Judges everything that a store knows, and remembers it. Waits for a pass that is at work.
pub async fn rejudge(shop: &Shop) -> anyhow::Result<()> {
    judged_alone(shop, &CancellationToken::new(), true).await
}

/// What all that is known means now.
pub(super) fn judge_known(shop: &Shop, known: &Known) -> Judged {
    Task::of(shop, None).tell(known).0
}

/// Judges anew what people decided on, unless a pass did so meanwhile; waits for one that is at work.
pub async fn catch_up(shop: &Shop, stop: &CancellationToken) -> anyhow::Result<()> {
    judged_alone(shop, stop, false).await
}

/// Judges outside of passes: whatever was judged last, or where that does not hold any more.
async fn judged_alone(shop: &Shop, stop: &CancellationToken, anyway: bool) -> anyhow::Result<()> {
    let lease = take_lease(shop, stop, &|_| {}).await?;
    let work = async {
        if anyway || basis(shop).await?.is_none() {
            judge(shop, &shop.store.under(&lease), Some(String::new())).await?;
        }
        Ok(())
    };
    under_lease(shop, &lease, work).await
}

/// Whether a waiver has a say here: no pass looks at other pages, so it can say nothing of what waives those.
pub(super) fn counts(waiver: &Waiver) -> bool {
    waiver.code != Code::DeadLink
}

/// What judging goes by besides what the store knows, as a fingerprint.
fn terms(shop: &Shop) -> String {
    let Shop { policy, waivers, whole, .. } = shop;
    let told = format!("{}|{policy:?}|{waivers:?}|{whole}|{}", super::CODE, shop.trackers.grounds().scope());
    format!("{:x}", Sha256::digest(told))
}

struct Task {
    policy: Policy,
    waivers: Vec<Waiver>,
    whole: bool,
    terms: String,
    again: Option<String>,
    now: Moment,
    portion: usize,
}

impl Task {
    fn of(shop: &Shop, again: Option<String>) -> Self {
        Self {
            policy: shop.policy.clone(),
            waivers: shop.waivers.clone(),
            whole: shop.whole,
            terms: terms(shop),
            again,
            now: shop.clock.now(),
            portion: PORTION,
        }
    }

    /// Judges everything as one portion; from when on that may give something else.
    fn tell(&self, known: &Known) -> (Judged, Moment) {
        let (judged, until) = Judging::new(&judge::outline(known), &self.policy, self.now).all(known);
        let full = self.whole && known.documents.iter().all(|document| document.trouble.is_none());
        let markers = known
            .documents
            .iter()
            .flat_map(|document| document.markers.iter().map(|marker| marker.waiver_among(&document.challenges)));
        let waivers = self.waivers.iter().chain(&known.waivers).cloned().chain(markers);
        let waivers: Vec<Waiver> = waivers.filter(counts).collect();
        let untold = full.then(|| Untold::of(known));
        (judge::waive(judged, &waivers, &self.policy, self.now.date_naive(), untold.as_ref()), until)
    }

    fn at_once(self, mut desk: Desk<'_>) -> Result<(Known, Judged), StoreError> {
        let known = desk.reading.known()?;
        let (judged, until) = self.tell(&known);
        desk.remember(judged.clone())?;
        let basis = Basis { terms: self.terms, since: self.now, until, again: self.again };
        desk.finish(&judged.challenges, judge::returning, &basis)?;
        Ok((known, judged))
    }

    fn at(mut self, mut desk: Desk<'_>) -> Result<(), StoreError> {
        let documents = desk.reading.documents()?;
        let full = self.whole && documents.iter().all(|document| document.trouble.is_none());
        self.waivers.extend(desk.reading.waivers()?);
        self.waivers.retain(counts);
        let mut waiving = Waiving::new(&self.waivers, self.now.date_naive());
        let judging = Judging::new(&desk.reading.outline(&judge::by_hand)?, &self.policy, self.now);

        let mut rest = Rest::default();
        portions(&mut desk, &judging, self.portion, |desk, (mut judged, more)| {
            waiving.sift(&mut judged);
            rest.add(more);
            desk.remember(judged)
        })?;
        let (since, until) = (self.now, judging.until(&rest));
        let untold = full.then(|| rest.untold().clone());
        let mut judged = judging.rest(rest, &documents);
        waiving.sift(&mut judged);
        judged.findings.extend(waiving.complaints(&self.policy, untold.as_ref()));
        let challenges = std::mem::take(&mut judged.challenges);
        desk.remember(judged)?;
        let basis = Basis { terms: self.terms, since, until, again: self.again };
        desk.finish(&challenges, judge::returning, &basis)
    }
}

/// What judging a portion gave.
type Told = (Judged, Rest);

/// Reads portion after portion and has them judged on threads of their own meanwhile; `take` takes what came of each, in
/// order.
fn portions<'a>(
    desk: &mut Desk<'a>,
    judging: &Judging<'_>,
    size: usize,
    mut take: impl FnMut(&mut Desk<'a>, Told) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let judges = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_JUDGES);
    thread::scope(|scope| {
        // One portion waits while others are judged; what was judged is taken before the next is read.
        let (hand, portions) = mpsc::sync_channel::<(usize, Known, Own)>(1);
        let (told, judged) = mpsc::channel();
        let portions = Arc::new(Mutex::new(portions));
        for _ in 0..judges {
            let (portions, told) = (Arc::clone(&portions), told.clone());
            scope.spawn(move || {
                let next = || portions.lock().unwrap_or_else(PoisonError::into_inner).recv();
                while let Ok((at, known, own)) = next() {
                    if told.send((at, judging.tell(judging.part(&known, Some(&own))))).is_err() {
                        break;
                    }
                }
            });
        }
        // With the last judge the channels end: then one of them panicked, and that goes on when the scope ends.
        drop((portions, told));
        let (mut early, mut due) = (BTreeMap::new(), 0);
        let mut take_in_order = |desk: &mut Desk<'a>, (at, part): (usize, Told)| {
            early.insert(at, part);
            while let Some(part) = early.remove(&due) {
                take(desk, part)?;
                due += 1;
            }
            Ok(())
        };
        for (at, portion) in desk.reading.portions(size)?.iter().enumerate() {
            let (known, own) = desk.reading.portion(portion)?;
            if hand.send((at, known, own)).is_err() {
                break;
            }
            judged.try_iter().try_for_each(|part| take_in_order(desk, part))?;
        }
        drop(hand);
        judged.iter().try_for_each(|part| take_in_order(desk, part))
    })
}
