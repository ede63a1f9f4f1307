//! The lease on passes: one at a time, kept for as long as it is at work, and none waits for the dead.

use std::time::Duration;

use anyhow::Context;
use chrono::TimeDelta;
use tokio::time::{Instant, interval_at};
use tokio_util::sync::CancellationToken;

use super::{Shop, Step};
use crate::store::{Lease, holder};

/// How long a pass may be silent before another one takes over. It renews its lease many times within that.
const LEASE: TimeDelta = TimeDelta::seconds(60);

/// How often it does.
const RENEWAL: Duration = Duration::from_secs(10);

/// Does `work` under a lease, which is kept meanwhile, whatever is waited for, and released at the end.
pub(super) async fn under_lease<T>(
    shop: &Shop,
    lease: &Lease,
    work: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<T> {
    let done = renewing(shop, lease, RENEWAL, work).await;
    let released = shop.store.release_lease(lease).await;
    let done = done?;
    released.context("cannot release the pass")?;
    Ok(done)
}

async fn renewing<T>(
    shop: &Shop,
    lease: &Lease,
    every: Duration,
    work: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<T> {
    tokio::pin!(work);
    let mut renewal = interval_at(Instant::now() + every, every);
    loop {
        tokio::select! {
            done = &mut work => return done,
            // Whoever lost it is told so by the next thing that is to be remembered.
            _ = renewal.tick() => { shop.store.renew_lease(lease, shop.clock.now(), LEASE).await?; }
        }
    }
}

/// Takes the lease on passes, waiting for another one that is at work. A holder on this machine that is dead is not
/// waited for.
pub(super) async fn take_lease(
    shop: &Shop,
    stop: &CancellationToken,
    tell: &(dyn Fn(Step) + Sync),
) -> anyhow::Result<Lease> {
    let me = holder::this_process();
    let mut told = false;
    loop {
        let now = shop.clock.now();
        let mut taken = shop.store.take_lease(&me, now, LEASE).await?;
        if let Err(held) = &taken
            && holder::is_dead(&held.holder)
        {
            taken = shop.store.seize_lease(held, &me, now, LEASE).await?;
        }
        match taken {
            Ok(lease) => return Ok(lease),
            Err(held) if !told => {
                tell(Step::Waiting { holder: held.holder });
                told = true;
            }
            Err(_) => {}
        }
        tokio::select! {
            () = stop.cancelled() => anyhow::bail!("stopped while another pass was at work"),
            () = tokio::time::sleep(Duration::from_millis(500)) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::TimeDelta;
    use tokio_util::sync::CancellationToken;

    use super::{LEASE, renewing, take_lease, under_lease};
    use crate::clock::Clock;
    use crate::domain::policy::Policy;
    use crate::domain::tracker::Claims;
    use crate::http::{Client, Limits};
    use crate::store::Store;
    use crate::sync::Shop;
    use crate::trackers::Trackers;

    #[tokio::test]
    async fn whatever_a_pass_waits_for_its_lease_is_kept_and_then_released() {
        let began = "2026-06-01T10:00:00Z".parse().unwrap();
        let clock = Clock::standing_at(began);
        let shop = Shop {
            sources: Vec::new(),
            claims: Claims::default(),
            policy: Policy::default(),
            waivers: Vec::new(),
            store: Store::in_memory().await.unwrap(),
            trackers: Trackers::new(&[], &Client::new(Limits::default()).unwrap()).unwrap(),
            remotes: std::sync::Arc::default(),
            clock: clock.clone(),
            whole: true,
        };
        let lease = take_lease(&shop, &CancellationToken::new(), &|_| {}).await.unwrap();
        let holder = async |at| shop.store.last_lease(at).await.unwrap().1;
        let slow = async {
            for minute in 1..=5 {
                clock.set(began + TimeDelta::seconds(50 * minute));
                let end = clock.now() + LEASE - TimeDelta::seconds(1);
                while holder(end).await.is_none() {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            }
            Ok("done")
        };
        let slow = renewing(&shop, &lease, Duration::from_millis(1), slow);
        let slow = async { Ok(tokio::time::timeout(Duration::from_secs(60), slow).await?) };
        assert_eq!(under_lease(&shop, &lease, slow).await.unwrap().unwrap(), "done");
        assert_eq!(holder(clock.now()).await, None);
    }
}
