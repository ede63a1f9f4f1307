//! The lease on passes: one at a time, and none waits for the dead.

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use super::{Shop, Step};
use crate::store::{Lease, holder};

/// How long a pass may be silent before another one takes over. It renews its lease many times within that.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(60);

/// How often it does.
pub(super) const RENEWAL: std::time::Duration = std::time::Duration::from_secs(10);

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
            () = tokio::time::sleep(std::time::Duration::from_millis(500)) => {}
        }
    }
}
