//! Evidence on other trackers: looked for once a closing, where a closed Jira ticket's own record shows no work.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::health::remember_health;
use super::heard::Heard;
use super::judging::PORTION;
use super::lease::LEASE;
use super::{Shop, following};
use crate::domain::follow::{Elsewhere, Quest};
use crate::domain::known::KnownTracker;
use crate::domain::lookup::{Trouble, TroubleKind};
use crate::domain::ticket::TicketId;
use crate::domain::tracker::TrackerId;
use crate::judge::{self, Judging};
use crate::store::{Lease, Reading, Writer};
use crate::trackers::{Grounds, Health};

/// The most tickets that one pass looks for evidence of; the rest comes with later passes.
pub(super) const MOST: usize = 200;
/// How many at a time, so that what was found is remembered soon.
const TOGETHER: usize = 10;

/// The closings that evidence may be looked for, each with where that was done already, by the ids of their tickets.
#[derive(Default)]
pub(super) struct Wanting(BTreeMap<TicketId, (Quest, Option<String>)>);

impl Wanting {
    /// Those to look for on these grounds, in order of their ids.
    pub(super) fn due(&self, grounds: &Grounds) -> Vec<Quest> {
        let (scope, searched) = (grounds.scope(), grounds.are_searched());
        if scope.is_empty() {
            return Vec::new();
        }
        let due =
            self.0.values().filter(|(quest, looked)| looked.as_ref() != Some(&scope) && (quest.links || searched));
        due.map(|(quest, _)| quest.clone()).collect()
    }
}

/// What evidence may be looked for.
pub(super) async fn wanting(shop: &Shop) -> anyhow::Result<Wanting> {
    if shop.trackers.grounds().scope().is_empty() {
        return Ok(Wanting::default());
    }
    let (policy, now) = (shop.policy.clone(), shop.clock.now());
    let walk = move |reading: &Reading<'_>| {
        let judging = Judging::new(&reading.outline(&judge::by_hand)?, &policy, now);
        let mut wanting = BTreeMap::new();
        for portion in reading.portions(PORTION)? {
            let (known, own) = reading.portion(&portion)?;
            for quest in judging.quests(&known, Some(&own)) {
                let before = known.ticket(&quest.ticket).and_then(|ticket| ticket.elsewhere.as_ref());
                let before = before.filter(|before| before.closing.is_same(&quest.closing));
                let scope = before.map(|before| before.scope.clone());
                wanting.insert(quest.ticket.clone(), (quest, scope));
            }
        }
        Ok(Wanting(wanting))
    };
    Ok(shop.store.browse(walk).await?)
}

/// What looking for evidence came to.
#[derive(Default)]
pub(super) struct Looked {
    /// Whether anything points at tickets that were never asked for.
    pub(super) learnt: bool,
    /// Whether there is more to be looked for by the next pass.
    pub(super) more: bool,
}

/// Looks for evidence and remembers it.
pub(super) async fn look(
    shop: &Shop,
    lease: &Lease,
    heard: &mut Heard,
    stop: &CancellationToken,
) -> anyhow::Result<Looked> {
    let writer = shop.store.under(lease);
    let wanting = wanting(shop).await?;
    if wanting.due(&shop.trackers.grounds()).is_empty() {
        acquit(shop, &writer, heard).await?;
        return Ok(Looked::default());
    }
    let (grounds, troubles) = shop.trackers.shown_grounds().await;
    // What is not shown now may be shown to the next pass.
    let more = !troubles.is_empty();
    remember_troubles(shop, &writer, &troubles, heard).await?;
    let Some(grounds) = grounds else { return Ok(Looked { learnt: false, more }) };
    for tracker in grounds.searched().filter(|tracker| !troubles.contains_key(tracker)) {
        let health = heard.fared(tracker, Health { worked: true, trouble: None });
        remember_health(shop, &writer, tracker, &health, shop.clock.now()).await?;
    }
    let (scope, mut quests) = (grounds.scope(), wanting.due(&grounds));
    let all = quests.len();
    quests.retain(|quest| heard.may_be_looked_for(&quest.key));
    quests.truncate(MOST);
    let mut looked = Looked { learnt: false, more: more || quests.len() < all };
    let mut renewal = tokio::time::interval(Duration::from_secs(10));
    while !quests.is_empty() {
        let some: Vec<Quest> = quests.drain(..quests.len().min(TOGETHER)).collect();
        let looking = shop.trackers.look_for(some, &grounds);
        tokio::pin!(looking);
        let (found, troubles) = loop {
            tokio::select! {
                () = stop.cancelled() => return Ok(Looked { more: true, ..looked }),
                _ = renewal.tick() => { shop.store.renew_lease(lease, shop.clock.now(), LEASE).await?; }
                found = &mut looking => break found,
            }
        };
        let now = shop.clock.now();
        let told = found.into_iter().map(|one| {
            let follows = following::linked(&one.quest, &one.links, &shop.claims);
            looked.learnt |= !follows.is_empty();
            let elsewhere = Elsewhere { closing: one.quest.closing, scope: scope.clone(), mentions: one.mentions };
            (one.quest.ticket, elsewhere, follows)
        });
        writer.remember_elsewhere(told.collect(), now).await?;
        remember_troubles(shop, &writer, &troubles, heard).await?;
        if !troubles.is_empty() {
            looked.more = true;
            break;
        }
    }
    Ok(looked)
}

/// Drops the trouble with trackers of which nothing is wanted any more, no ticket and no evidence: nobody would ever find
/// out that it is over.
pub(super) async fn acquit(shop: &Shop, writer: &Writer, heard: &Heard) -> anyhow::Result<()> {
    let trackers = shop.store.trackers().await?.into_iter();
    for tracker in trackers.filter(|it| it.trouble.is_some() && !heard.is_concerned_with(&it.id)) {
        writer.remember_tracker(&KnownTracker { trouble: None, ..tracker }).await?;
    }
    Ok(())
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
