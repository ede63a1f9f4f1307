//! Digests, from what is known to what is sent: a turn composes one and puts it into the outbox, a round empties that.

mod delivery;
mod post;

pub use self::delivery::{Round, deliver};
pub use self::post::Taken;
use self::post::letters;
use crate::domain::digest::{DigestSettings, Edition, Told, View};
use crate::domain::time::Moment;
use crate::report::digest::{Desk, compose, is_due, mark_ending};
use crate::store::DigestTurn;
use crate::sync::Shop;

/// What a digest would tell now, whether its turn has come or not. Nothing is remembered.
///
/// # Errors
/// When the store cannot be read.
pub async fn preview(shop: &Shop, desk: &Desk<'_>, now: Moment) -> anyhow::Result<Edition> {
    Ok(edition(shop, desk, now).await?.0)
}

async fn edition(shop: &Shop, desk: &Desk<'_>, now: Moment) -> anyhow::Result<(Edition, Told, View)> {
    let told = shop.store.digest_told(desk.name).await?;
    let told = told.unwrap_or(Told { since: now, at: None, spoke_at: None, picture: None });
    let (mut view, mut waivers) = shop.store.digest_view(desk.scope).await?;
    waivers.extend(shop.waivers.iter().cloned());
    mark_ending(&mut view.picture, &waivers, now.date_naive());
    Ok((compose(desk, &told, &view, now), told, view))
}

/// A digest's turn: what its readers have not been told yet is put into the outbox, if there is anything.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn turn(shop: &Shop, digest: &DigestSettings, home: Option<&str>, now: Moment) -> anyhow::Result<Taken> {
    let DigestSettings { name, scope, schedule, mentions, .. } = digest;
    let desk = Desk { name, scope, zone: schedule.zone(), home, mentions };
    let (edition, told, view) = edition(shop, &desk, now).await?;
    let letters = if is_due(&edition, &told) { letters(&shop.store, digest, &edition).await? } else { Vec::new() };
    let posted = letters.len();
    let (after, at, scope, picture) = (told.at, now, scope.clone(), view.picture);
    let turn = DigestTurn { digest: name.clone(), after, at, scope, picture, letters };
    Ok(match (shop.store.take_turn(turn).await?, posted) {
        (false, _) => Taken::Meanwhile,
        (true, 0) => Taken::Silent,
        (true, posted) => Taken::Posted(posted),
    })
}
