//! A pass that is only planned: what it would ask, and what that would take.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::reading::read;
use super::rounds::due;
use super::{AtHand, Shop, Unreadable, at_hand, evidence};
use crate::domain::known::Want;
use crate::domain::lookup::Forecast;
use crate::domain::ticket::TicketId;
use crate::domain::tracker::TrackerKind;
use crate::plan::Reach;
use crate::store::Store;

/// What a pass would ask, and what that would take. Asks nobody and remembers nothing: the documents are read into a store
/// that is forgotten at the end.
pub async fn rehearse(shop: &Shop, reach: Reach<'_>) -> anyhow::Result<(Vec<Forecast>, Vec<Unreadable>)> {
    let known: BTreeMap<TicketId, Want> =
        shop.store.wants().await?.into_iter().map(|want| (want.ticket.clone(), want)).collect();
    let AtHand { sources, lost } = at_hand(shop).await?;
    let stage = Shop { store: Store::in_memory().await?, sources, remotes: Arc::default(), ..shop.clone() };
    let mut unreadable = read(&stage, &stage.store.unfenced(), &|_| {}).await?;
    unreadable.extend(lost);
    let cited = stage.store.wants().await?.into_iter();
    let mut wants: Vec<Want> = cited
        .map(|want| match known.get(&want.ticket) {
            Some(before) => Want { remedy: want.remedy, followed: false, ..before.clone() },
            None => want,
        })
        .collect();
    let now = shop.clock.now();
    shop.trackers.recall(&shop.store.habits(now).await?, &shop.store.waits(now).await?, now);
    wants.extend(known.into_values().filter(|want| want.followed));
    let mut forecasts = shop.trackers.forecast(&due(shop, &wants, reach).await?);
    let unseen = wants.iter().filter(|want| want.remedy && want.closed.is_none() && want.lookup.is_none());
    let unseen = unseen.map(|want| want.ticket.clone()).filter(|id| id.tracker().kind() == TrackerKind::Jira);
    let quests =
        evidence::wanting(shop).await?.due(&shop.trackers.grounds(), reach, shop).into_iter().map(|quest| quest.ticket);
    let evidence: Vec<TicketId> = quests.chain(unseen).take(evidence::MOST).collect();
    shop.trackers.forecast_evidence(&mut forecasts, &evidence);
    Ok((forecasts, unreadable))
}
