//! A pass that asks nobody: the documents as they are, judged by what is known already.

use std::collections::{BTreeMap, BTreeSet};

use tokio_util::sync::CancellationToken;

use super::lease::{take_lease, under_lease};
use super::reading::read;
use super::{Outcome, Pass, Shop, judge_known};
use crate::domain::known::{KnownTicket, Run};
use crate::domain::ticket::TicketId;

/// Reads the documents and judges them by what is known of their tickets: in the store, and in `borrowed`, which goes
/// first. Asks nobody.
pub async fn unasked(
    shop: &Shop,
    borrowed: &BTreeMap<TicketId, KnownTicket>,
    stop: &CancellationToken,
) -> anyhow::Result<Outcome> {
    let lease = take_lease(shop, stop, &|_| {}).await?;
    let started_at = shop.clock.now();
    let writer = shop.store.under(&lease);
    let unreadable = under_lease(shop, &lease, read(shop, &writer, &|_| {})).await?;
    let mut known = shop.store.known().await?;
    for (id, ticket) in &mut known.tickets {
        if let Some(better) = borrowed.get(id) {
            ticket.clone_from(better);
        }
    }
    let ended_at = Some(shop.clock.now());
    let run = Run { started_at, ended_at, complete: unreadable.is_empty(), asked: 0, unknown: 0 };
    known.last_run = Some(run.clone());
    let judged = judge_known(shop, &known);
    let pass = Pass {
        run,
        unreadable,
        followed: 0,
        lookups: BTreeMap::new(),
        requests: BTreeMap::new(),
        accounts: BTreeMap::new(),
        proven: BTreeSet::new(),
        refused: BTreeSet::new(),
        troubled: BTreeSet::new(),
        written: 0,
        unwritten: Vec::new(),
    };
    Ok(Outcome { pass, known, judged })
}
