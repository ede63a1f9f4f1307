//! A daemon inside of a test, whose clock stands until the story sets it: months pass in seconds.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use dragnet::clock::Clock;
use dragnet::daemon::{self, Orders, Post};
use dragnet::domain::access::Access;
use dragnet::domain::known::Run;
use dragnet::domain::schedule::Schedule;
use dragnet::domain::time::Moment;
use dragnet::http::{Client, Limits};
use dragnet::store::Store;
use dragnet::sync::Shop;
use dragnet::telemetry::systemd::Manager;
use dragnet::trackers::Trackers;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::world::World;

/// The daemon, with a pass due each minute of its clock.
pub(super) struct ByHand {
    pub(super) address: SocketAddr,
    store: Store,
    clock: Clock,
    stop: CancellationToken,
    daemon: JoinHandle<anyhow::Result<()>>,
}

impl ByHand {
    /// Serves what the world's configuration says, with the secrets that its files hold when a pass begins. The first pass
    /// is due at once.
    pub(super) async fn serve(world: &World, now: Moment) -> Self {
        let config = world.config();
        let clock = Clock::standing_at(now);
        let store = Store::open(&config.store).await.unwrap();
        let http = Client::new(Limits::default()).unwrap();
        let shop = Shop {
            sources: config.sources.clone(),
            claims: config.claims(),
            policy: config.policy.clone(),
            waivers: Vec::new(),
            store: store.clone(),
            trackers: Trackers::new(&[], &http).unwrap(),
            clock: clock.clone(),
            remotes: std::sync::Arc::default(),
            whole: true,
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let schedule = |text| Schedule::parse(text, chrono_tz::UTC).unwrap();
        let (sync, full) = (schedule("* * * * *"), schedule("0 3 * * sun"));
        let elsewhere = http.clone();
        let orders = move |_| {
            let trackers = Trackers::new(&config.tracker_settings()?, &http)?;
            Ok(Orders {
                shop: Shop { trackers, ..shop.clone() },
                sync: sync.clone(),
                full: full.clone(),
                jitter: Duration::ZERO,
                webhooks: config.webhook_settings()?,
                digests: daemon::Digests::default(),
                ping: None,
                retention: config.retention,
                ends: BTreeMap::new(),
                access: Access::default(),
                key: None,
                tls: None,
            })
        };
        let (manager, stop_too) = (Manager::default(), stop.clone());
        let post = Post { listener, file: None, manager, http: elsewhere, after_a_crash: false, stop: stop_too };
        let daemon = tokio::spawn(daemon::serve(post, orders));
        Self { address, store, clock, stop, daemon }
    }

    /// Sets the clock, and waits for the pass that is due then. The daemon sleeps for as long as the clock is short of the
    /// minute before it finds that it was set: name the last second of one.
    pub(super) async fn pass(&self, at: Moment) -> Run {
        self.clock.set(at);
        for _ in 0..1200 {
            let last = self.store.last_run().await.unwrap();
            match last.filter(|run| run.started_at == at && run.ended_at.is_some()) {
                Some(run) => return run,
                None => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
        panic!("waited in vain for the pass of {at}");
    }

    /// Asks the daemon to stop, which it must do well.
    pub(super) async fn stopped(self) {
        self.stop.cancel();
        self.daemon.await.unwrap().unwrap();
    }
}
