//! Evidence on other trackers: looked for once a closing, where a closed Jira ticket's own record shows no work.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::health::remember_health;
use super::heard::Heard;
use super::lease::LEASE;
use super::{Shop, following};
use crate::domain::follow::{Elsewhere, Quest};
use crate::domain::known::Known;
use crate::domain::lookup::TroubleKind;
use crate::judge;
use crate::store::Lease;
use crate::trackers::Health;

/// The most tickets that one pass looks for evidence of; the rest comes with later passes.
pub(super) const MOST: usize = 200;
/// How many at a time, so that what was found is remembered soon.
const TOGETHER: usize = 10;

/// The tickets to look for evidence of.
pub(super) fn quests(shop: &Shop, known: &Known) -> Vec<Quest> {
    let scope = shop.trackers.evidence_scope();
    if scope.is_empty() {
        return Vec::new();
    }
    let searched = shop.trackers.searches_for_evidence();
    let mut quests = judge::quests(known, &shop.policy);
    quests.retain(|quest| {
        let before = known.ticket(&quest.ticket).and_then(|ticket| ticket.elsewhere.as_ref());
        let looked = before.is_some_and(|before| before.scope == scope && before.closing.is_same(&quest.closing));
        !looked && (quest.links || searched)
    });
    quests.truncate(MOST);
    quests
}

/// Looks for evidence and remembers it. Whether anything is known otherwise now: what verdicts may rest on, or trouble.
pub(super) async fn look(
    shop: &Shop,
    lease: &Lease,
    known: &Known,
    heard: &mut Heard,
    stop: &CancellationToken,
) -> anyhow::Result<bool> {
    let writer = shop.store.under(lease);
    let (scope, mut quests, mut learnt) = (shop.trackers.evidence_scope(), quests(shop, known), false);
    quests.retain(|quest| heard.may_be_looked_for(&quest.key));
    let mut renewal = tokio::time::interval(Duration::from_secs(10));
    while !quests.is_empty() {
        let some: Vec<Quest> = quests.drain(..quests.len().min(TOGETHER)).collect();
        let looking = shop.trackers.look_for(some);
        tokio::pin!(looking);
        let (found, troubles) = loop {
            tokio::select! {
                () = stop.cancelled() => return Ok(learnt),
                _ = renewal.tick() => { shop.store.renew_lease(lease, shop.clock.now(), LEASE).await?; }
                found = &mut looking => break found,
            }
        };
        let now = shop.clock.now();
        let told = found.into_iter().map(|one| {
            let follows = following::linked(&one.quest, &one.links, &shop.claims);
            learnt |= !follows.is_empty() || !one.mentions.is_empty();
            let elsewhere = Elsewhere { closing: one.quest.closing, scope: scope.clone(), mentions: one.mentions };
            (one.quest.ticket, elsewhere, follows)
        });
        writer.remember_elsewhere(told.collect(), now).await?;
        for (tracker, trouble) in &troubles {
            let health = heard.fared(tracker, Health { worked: false, trouble: Some(trouble.clone()) });
            remember_health(shop, &writer, tracker, &Health { worked: false, ..health }, now).await?;
        }
        if troubles.values().any(|trouble| trouble.kind == TroubleKind::Credentials) {
            heard.troubled.extend(troubles.keys().cloned());
        }
        if !troubles.is_empty() {
            learnt = true;
            break;
        }
    }
    Ok(learnt)
}
