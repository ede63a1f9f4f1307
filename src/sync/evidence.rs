//! Evidence on other trackers: looked for once a closing, where a closed Jira ticket's own record shows no work.

use std::collections::BTreeMap;

use tokio_util::sync::CancellationToken;

use super::health::remember_health;
use super::heard::Heard;
use super::judging::PORTION;
use super::{Shop, following, judging};
use crate::domain::follow::{Elsewhere, Quest};
use crate::domain::known::KnownTracker;
use crate::domain::lookup::{Trouble, TroubleKind};
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::tracker::{TrackerId, TrackerKind};
use crate::judge::{self, Judging};
use crate::plan::{self, Reach};
use crate::store::{Lease, Reading, Writer};
use crate::trackers::{Grounds, Health};

/// The most tickets that one pass looks for evidence of; the rest comes with later passes.
pub(super) const MOST: usize = 200;
/// How many at a time, so that what was found is remembered soon.
const TOGETHER: usize = 10;

/// The closings that evidence may be looked for, each with where that was done already and when, by the ids of their
/// tickets.
#[derive(Default)]
pub(super) struct Wanting(BTreeMap<TicketId, (Quest, Option<(String, Moment)>)>);

impl Wanting {
    /// Those to look for on these grounds, in order of their ids: those that were not looked for there, and in a full pass
    /// those that it is worth looking for once more, since what landed may have been taken out again.
    pub(super) fn due(&self, grounds: &Grounds, reach: Reach<'_>, shop: &Shop) -> Vec<Quest> {
        let (scope, searched, now) = (grounds.scope(), grounds.are_searched(), shop.clock.now());
        if scope.is_empty() {
            return Vec::new();
        }
        let is_new = |quest: &Quest, before: Option<&(String, Moment)>| {
            let Some((_, at)) = before.filter(|(place, _)| *place == scope) else { return true };
            let worth = |closed| plan::is_worth_a_look(closed, Some(*at), shop.policy.cadence, now);
            reach == Reach::Full && quest.closing.closed_at.is_some_and(worth)
        };
        let due = self.0.values().filter(|(quest, before)| (quest.links || searched) && is_new(quest, before.as_ref()));
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
        // Tickets of others are never looked for, and to read them all takes as long as to judge them.
        if !reading.has_closed(TrackerKind::Jira)? {
            return Ok(Wanting::default());
        }
        let judging = Judging::new(&reading.outline(&judge::by_hand)?, &policy, now);
        let mut wanting = BTreeMap::new();
        for portion in reading.portions(PORTION)? {
            let (known, own) = reading.portion(&portion)?;
            for quest in judging.quests(&known, Some(&own)) {
                let before = known.ticket(&quest.ticket).and_then(|ticket| ticket.elsewhere.as_ref());
                let before = before.filter(|before| before.closing.is_same(&quest.closing));
                let before = before.map(|before| (before.scope.clone(), before.looked_at));
                wanting.insert(quest.ticket.clone(), (quest, before));
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
    /// Where it could be looked for, if some of it could not be had: [`Basis::again`](crate::domain::portion::Basis::again).
    pub(super) again: Option<String>,
}

impl Looked {
    /// Nothing, or not all: at the next occasion there is more to look for.
    fn short() -> Self {
        Self { learnt: false, again: Some(String::new()) }
    }
}

/// Looks for evidence and remembers it. Where the last judging holds and nothing was left to be looked for, there is
/// nothing new to look for either; a place that was not shown then is only asked whether it is shown now.
pub(super) async fn look(
    shop: &Shop,
    lease: &Lease,
    reach: Reach<'_>,
    heard: &mut Heard,
    stop: &CancellationToken,
) -> anyhow::Result<Looked> {
    let (writer, basis) = (shop.store.under(lease), judging::basis(shop).await?);
    if matches!(reach, Reach::Only(_)) || stop.is_cancelled() {
        return Ok(basis.map_or_else(Looked::short, |basis| Looked { learnt: false, again: basis.again }));
    }
    let before = basis.filter(|_| reach != Reach::Full).map(|basis| basis.again);
    // What holds wants no evidence any more.
    if before == Some(None) {
        acquit(shop, &writer, heard).await?;
        return Ok(Looked::default());
    }
    let before = before.flatten().filter(|scope| !scope.is_empty());
    let mut wanted = None;
    if before.is_none() {
        let wanting = wanting(shop).await?;
        if wanting.due(&shop.trackers.grounds(), reach, shop).is_empty() {
            acquit(shop, &writer, heard).await?;
            return Ok(Looked::default());
        }
        wanted = Some(wanting);
    }
    let (grounds, troubles) = shop.trackers.shown_grounds().await;
    remember_troubles(shop, &writer, &troubles, heard).await?;
    let Some(grounds) = grounds else { return Ok(Looked::short()) };
    for tracker in grounds.searched().filter(|tracker| !troubles.contains_key(tracker)) {
        let health = heard.fared(tracker, Health { worked: true, trouble: None });
        remember_health(shop, &writer, tracker, &health, shop.clock.now()).await?;
    }
    let scope = grounds.scope();
    // What is not shown now may be shown to a later pass.
    let again = (!troubles.is_empty()).then(|| scope.clone());
    if before.is_some() && before == again {
        return Ok(Looked { learnt: false, again });
    }
    let wanting = match wanted {
        Some(wanting) => wanting,
        None => wanting(shop).await?,
    };
    let quests = wanting.due(&grounds, reach, shop);
    search(shop, lease, (quests, &grounds), Looked { learnt: false, again }, heard, stop).await
}

/// Looks for these, a few at a time, and remembers what was found.
async fn search(
    shop: &Shop,
    lease: &Lease,
    (mut quests, grounds): (Vec<Quest>, &Grounds),
    mut looked: Looked,
    heard: &mut Heard,
    stop: &CancellationToken,
) -> anyhow::Result<Looked> {
    let (writer, scope, all) = (shop.store.under(lease), grounds.scope(), quests.len());
    quests.retain(|quest| heard.may_be_looked_for(&quest.key));
    quests.truncate(MOST);
    if quests.len() < all {
        looked.again = Looked::short().again;
    }
    while !quests.is_empty() {
        let some: Vec<Quest> = quests.drain(..quests.len().min(TOGETHER)).collect();
        let looking = shop.trackers.look_for(some, grounds);
        let Some((found, troubles)) = stop.run_until_cancelled(looking).await else {
            return Ok(Looked { again: Looked::short().again, ..looked });
        };
        let now = shop.clock.now();
        let told = found.into_iter().map(|one| {
            let follows = one.quest.links.then(|| following::linked(&one.quest, &one.links, &shop.claims));
            looked.learnt |= follows.as_ref().is_some_and(|follows| !follows.is_empty());
            let elsewhere =
                Elsewhere { looked_at: now, closing: one.quest.closing, scope: scope.clone(), mentions: one.mentions };
            (one.quest.ticket, elsewhere, follows)
        });
        writer.remember_elsewhere(told.collect()).await?;
        remember_troubles(shop, &writer, &troubles, heard).await?;
        if !troubles.is_empty() {
            looked.again = Looked::short().again;
            break;
        }
    }
    Ok(looked)
}

/// Drops the trouble with trackers of which nothing is wanted any more, no ticket and no evidence: nobody would ever find
/// out that it is over.
async fn acquit(shop: &Shop, writer: &Writer, heard: &Heard) -> anyhow::Result<()> {
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
