//! Evidence on other trackers: looked for once a closing, where a closed Jira ticket's own record shows no work.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::health::remember_health;
use super::heard::Heard;
use super::lease::LEASE;
use super::{Shop, following};
use crate::domain::follow::{Elsewhere, Quest};
use crate::domain::known::{Known, KnownTracker};
use crate::domain::lookup::{Trouble, TroubleKind};
use crate::domain::tracker::TrackerId;
use crate::judge;
use crate::store::{Lease, Writer};
use crate::trackers::{Grounds, Health};

/// The most tickets that one pass looks for evidence of; the rest comes with later passes.
pub(super) const MOST: usize = 200;
/// How many at a time, so that what was found is remembered soon.
const TOGETHER: usize = 10;

/// The tickets to look for evidence of on these grounds.
pub(super) fn quests(shop: &Shop, known: &Known, grounds: &Grounds) -> Vec<Quest> {
    let (scope, searched) = (grounds.scope(), grounds.are_searched());
    if scope.is_empty() {
        return Vec::new();
    }
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
    if quests(shop, known, &shop.trackers.grounds()).is_empty() {
        return acquit(&writer, known, heard).await;
    }
    let (grounds, troubles) = shop.trackers.shown_grounds().await;
    let mut learnt = !troubles.is_empty();
    remember_troubles(shop, &writer, &troubles, heard).await?;
    let Some(grounds) = grounds else { return Ok(learnt) };
    for tracker in grounds.searched().filter(|tracker| !troubles.contains_key(tracker)) {
        let health = heard.fared(tracker, Health { worked: true, trouble: None });
        remember_health(shop, &writer, tracker, &health, shop.clock.now()).await?;
    }
    let (scope, mut quests) = (grounds.scope(), quests(shop, known, &grounds));
    quests.retain(|quest| heard.may_be_looked_for(&quest.key));
    let mut renewal = tokio::time::interval(Duration::from_secs(10));
    while !quests.is_empty() {
        let some: Vec<Quest> = quests.drain(..quests.len().min(TOGETHER)).collect();
        let looking = shop.trackers.look_for(some, &grounds);
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
        remember_troubles(shop, &writer, &troubles, heard).await?;
        if !troubles.is_empty() {
            learnt = true;
            break;
        }
    }
    Ok(learnt)
}

/// Drops the trouble with trackers of which nothing is wanted any more, no ticket and no evidence: nobody would ever find
/// out that it is over. Whether there was any.
async fn acquit(writer: &Writer, known: &Known, heard: &Heard) -> anyhow::Result<bool> {
    let mut any = false;
    for tracker in known.trackers.iter().filter(|it| it.trouble.is_some() && !heard.is_concerned_with(&it.id)) {
        writer.remember_tracker(&KnownTracker { trouble: None, ..tracker.clone() }).await?;
        any = true;
    }
    Ok(any)
}

/// Adds to how the trackers fared what kept us from looking.
async fn remember_troubles(
    shop: &Shop,
    writer: &Writer,
    troubles: &BTreeMap<TrackerId, Trouble>,
    heard: &mut Heard,
) -> anyhow::Result<()> {
    for (tracker, trouble) in troubles {
        let health = heard.fared(tracker, Health { worked: false, trouble: Some(trouble.clone()) });
        let health = Health { worked: false, ..health };
        remember_health(shop, writer, tracker, &health, shop.clock.now()).await?;
        if trouble.kind == TroubleKind::Credentials {
            heard.troubled.insert(tracker.clone());
        }
    }
    Ok(())
}
