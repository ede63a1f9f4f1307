//! What webhooks name while a pass runs: asked for beside it, so that nobody waits for the pass to end.
//!
//! 1. It is found in the store, for whoever takes deliveries in may be another process.
//! 2. It is asked for under the lease of the pass, and on an account of its own: the pass counts what it asked itself.
//! 3. What the pass is told of such a ticket afterwards was asked for earlier, or as late at best: it counts, and is not
//!    remembered.
//! 4. The pass judges when all was asked for. What was not asked for by then stays named, and is asked for right after it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;

use super::breaker::Breaker;
use super::heard::Heard;
use super::rounds::{due, rounds};
use super::{Confirmed, Shop};
use crate::domain::known::Want;
use crate::domain::lookup::Answer;
use crate::domain::ticket::TicketId;
use crate::plan::Reach;
use crate::store::Lease;

/// How soon after its beginning a pass looks for what was named.
const FIRST: Duration = Duration::from_secs(3);
/// How often it looks from then on. With both a ticket is asked for within ten seconds of its delivery, and ten times a
/// minute at most.
const EVERY: Duration = Duration::from_secs(6);

/// Tickets that were asked for beside a pass, shared with it.
#[derive(Debug, Clone, Default)]
pub(super) struct Beside(Arc<Mutex<BTreeSet<TicketId>>>);

impl Beside {
    fn tickets(&self) -> MutexGuard<'_, BTreeSet<TicketId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing was asked for.
    pub(super) fn is_empty(&self) -> bool {
        self.tickets().is_empty()
    }

    /// Whether a ticket was asked for.
    pub(super) fn holds(&self, ticket: &TicketId) -> bool {
        self.tickets().contains(ticket)
    }

    /// Takes out the answers for tickets that were asked for.
    pub(super) fn overtake(&self, answers: &mut Vec<Answer>) -> Vec<Answer> {
        let tickets = self.tickets();
        answers.extract_if(.., |answer| tickets.contains(&answer.asked)).collect()
    }

    /// Asks for what is named, time and again. `taken` is what the pass itself asks for, each ticket with the last delivery
    /// that named it. Ends only with what kept it from going on.
    pub(super) async fn attend(
        &self,
        shop: &Shop,
        lease: &Lease,
        mut taken: BTreeMap<TicketId, i64>,
        stop: &CancellationToken,
    ) -> anyhow::Error {
        let mut looks = interval_at(Instant::now() + FIRST, EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            if stop.is_cancelled() {
                return std::future::pending().await;
            }
            if let Err(error) = self.ask(shop, lease, &mut taken, stop).await {
                return error;
            }
        }
    }

    async fn ask(
        &self,
        shop: &Shop,
        lease: &Lease,
        taken: &mut BTreeMap<TicketId, i64>,
        stop: &CancellationToken,
    ) -> anyhow::Result<()> {
        if !shop.store.any_nudged().await? {
            return Ok(());
        }
        let wants = shop.store.wants().await?;
        let is_new = |want: &&Want| want.nudge.is_some_and(|nudge| taken.get(&want.ticket) != Some(&nudge));
        let named: Vec<Want> = wants.iter().filter(is_new).cloned().collect();
        if named.is_empty() {
            return Ok(());
        }
        let mut nudges: Vec<_> = named.iter().filter_map(|want| Some((want.ticket.clone(), want.nudge?))).collect();
        taken.extend(nudges.iter().cloned());
        self.tickets().extend(named.iter().map(|want| want.ticket.clone()));
        let mut heard = Heard { breaker: Breaker::new(&wants, Confirmed::new()), ..Heard::default() };
        heard.expect(&wants);
        let plan = due(shop, &named, Reach::Nudged).await?;
        rounds(shop, lease, plan, &mut heard, stop, &|_| {}).await?;
        // Of a ticket that could not be told of, what the pass itself is told may be all there is.
        self.tickets().retain(|ticket| !heard.asked.contains(ticket) || heard.proven.contains(ticket));
        if stop.is_cancelled() {
            nudges.retain(|(ticket, _)| heard.proven.contains(ticket));
        }
        Ok(shop.store.under(lease).settle(nudges).await?)
    }
}
