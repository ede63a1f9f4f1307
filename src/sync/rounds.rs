//! The rounds of a pass: what is cited is asked for first, and what that points at in the rounds after it.

use std::collections::BTreeMap;

use tokio_util::sync::CancellationToken;

use super::heard::Heard;
use super::{Shop, Step, ask};
use crate::domain::follow::HOPS;
use crate::domain::known::Want;
use crate::domain::listing::Plan;
use crate::domain::time::Moment;
use crate::plan::{self, Reach, Terms};
use crate::store::{Lease, Writer};

/// Asks for what is due, and then for what that points at, round by round.
pub(super) async fn rounds(
    shop: &Shop,
    lease: &Lease,
    mut plan: Plan,
    heard: &mut Heard,
    stop: &CancellationToken,
    tell: &(dyn Fn(Step) + Sync),
) -> anyhow::Result<()> {
    for _ in 0..=HOPS {
        let pointed = ask(shop, lease, plan, heard, stop, tell).await?;
        if !pointed || stop.is_cancelled() {
            break;
        }
        plan = further(shop, heard).await?;
        if plan.asks.is_empty() {
            break;
        }
    }
    Ok(())
}

/// What is to be asked for now.
pub(super) async fn due(shop: &Shop, wants: &[Want], reach: Reach<'_>) -> anyhow::Result<Plan> {
    let (windows, manners) = (shop.store.windows().await?, shop.trackers.manners());
    let terms = Terms { now: shop.clock.now(), cadence: shop.policy.cadence, windows: &windows, manners: &manners };
    Ok(plan::due(wants, reach, terms))
}

/// What is to be asked for after a round: what it pointed at and was never asked for. What was asked for in earlier passes
/// is as fresh as it has to be.
pub(super) async fn further(shop: &Shop, heard: &Heard) -> anyhow::Result<Plan> {
    let mut wants = shop.store.wants().await?;
    wants.retain(|want| want.followed && want.asked_at.is_none() && heard.may_be_asked(&want.ticket));
    due(shop, &wants, Reach::Full).await
}

/// Notes from where the next pass can go on by listings of what changed.
pub(super) async fn open_windows(shop: &Shop, writer: &Writer, began: Moment) -> anyhow::Result<()> {
    let (wants, before) = (shop.store.wants().await?, shop.store.windows().await?);
    let now = shop.clock.now();
    // A clock that was set back meanwhile cannot tell how long it took.
    if now < began {
        return Ok(());
    }
    let windows = plan::windows(&wants, &before, &shop.trackers.manners(), began, now - began);
    Ok(writer.remember_told(&[], BTreeMap::new(), &windows, now).await?)
}
