//! How a tracker fared: what of its answers is believed, what it taught us, and whether it ever let us in.

use std::fmt::Write as _;

use super::Shop;
use super::breaker::Sorted;
use crate::domain::known::{KnownTracker, Turn};
use crate::domain::lookup::{Answer, Lookup, Trouble, TroubleKind};
use crate::domain::time::Moment;
use crate::domain::tracker::{TrackerId, Traits, Wait};
use crate::store::Writer;
use crate::trackers::Health;

/// What becomes of the answers that the breaker kept back. Those that are not believed yet count as not told.
pub(super) async fn confirm(
    shop: &Shop,
    writer: &Writer,
    sorted: Sorted,
    tracker: &TrackerId,
    now: Moment,
) -> anyhow::Result<(Vec<Answer>, Option<Trouble>)> {
    let Sorted { believed: mut answers, confirmed, mut parked, mut trouble, steady } = sorted;
    if !confirmed.is_empty() {
        let doubt = match shop.trackers.recognise(tracker).await {
            Ok(known) if known || steady => None,
            Ok(_) => {
                let says = "it is asked without credentials, and no ticket is as it was; until one is".to_owned();
                Some((TroubleKind::Misread, says))
            }
            Err(Trouble { kind, says }) => Some((kind, format!("{says}; until it knows us"))),
        };
        if let Some((kind, until)) = doubt {
            parked.extend(confirmed);
            let says = format!(
                "{until}, {} tickets that turned at once are not believed, unless `dragnet sync --confirm {tracker}` \
                 says so",
                parked.len()
            );
            trouble = Some(Trouble { kind, says });
        } else {
            answers.extend(confirmed.into_iter().map(|(_, answer)| answer));
        }
    }
    if let Some(trouble) = &trouble {
        let turns: Vec<_> = parked.iter().map(|(turn, answer)| (answer.asked.clone(), *turn)).collect();
        writer.park(&turns, now).await?;
        let unknown = |(_, answer): (Turn, Answer)| Answer { lookup: Lookup::Unknown(trouble.clone()), ..answer };
        answers.extend(parked.into_iter().map(unknown));
    }
    Ok((answers, trouble))
}

/// Remembers how the tracker fared and how it wants to be asked; true when it refused the credentials and never accepted
/// them before.
pub(super) async fn remember_health(
    shop: &Shop,
    writer: &Writer,
    tracker: &TrackerId,
    health: &Health,
    now: Moment,
) -> anyhow::Result<bool> {
    let mut trouble = health.trouble.clone();
    let refused = trouble.as_ref().is_some_and(|trouble| trouble.kind == TroubleKind::Credentials);
    let never_worked = refused && !health.worked && !shop.store.worked_before(tracker).await?;
    if let Some(trouble) = &mut trouble
        && let Some(wait) = shop.trackers.waits(now).iter().find(|wait| wait.trouble == *trouble)
    {
        let _ = write!(trouble.says, "; it is not asked again before {}", wait.until.format("%Y-%m-%d %H:%M UTC"));
    }
    let misread = trouble.as_ref().is_some_and(|trouble| trouble.kind == TroubleKind::Misread);
    let tracker =
        KnownTracker { id: tracker.clone(), worked_at: health.worked.then_some(now), trouble, asked_at: Some(now) };
    writer.remember_tracker(&tracker).await?;
    if let Some(mut habits) = shop.trackers.habits(&tracker.id) {
        if misread {
            // It may be another than it was; the next pass finds out.
            habits.traits = Traits::default();
        }
        writer.remember_habits(&habits, now).await?;
    }
    remember_waits(shop, writer).await?;
    Ok(never_worked)
}

/// Remembers what must be waited for, as far as that is new.
pub(super) async fn remember_waits(shop: &Shop, writer: &Writer) -> anyhow::Result<()> {
    let now = shop.clock.now();
    let mut waits = shop.trackers.waits(now);
    if !waits.is_empty() {
        let known = shop.store.waits(now).await?;
        waits.retain(|wait| {
            let whose = |wait: &Wait| (wait.origin.clone(), wait.credential.clone(), wait.scope.clone(), wait.reserve);
            !known.iter().any(|known| whose(known) == whose(wait) && known.until >= wait.until)
        });
    }
    if !waits.is_empty() {
        writer.remember_waits(waits, now).await?;
    }
    Ok(())
}
