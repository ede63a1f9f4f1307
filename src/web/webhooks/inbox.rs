//! Deliveries on their way into the store: whoever waits is told only after theirs is on disk.
//!
//! What came while the store was busy is written in one transaction, so a burst costs few of them. The queue is bounded.

use std::sync::Arc;

use tokio::sync::{Notify, mpsc, oneshot};

use crate::clock::Clock;
use crate::domain::delivery::{Delivery, Receipt};
use crate::store::Store;

/// How many deliveries wait for the store at most.
const QUEUE: usize = 256;

/// The queue's entrance.
#[derive(Debug, Clone)]
pub(super) struct Inbox {
    queue: mpsc::Sender<Entry>,
}

#[derive(Debug)]
struct Entry {
    delivery: Delivery,
    receipt: oneshot::Sender<Option<Receipt>>,
}

/// Why a delivery could not be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// Too many wait.
    Full,
    /// The store cannot be written.
    Store,
}

impl Inbox {
    /// Opens the queue. Deliveries that make tickets due ring `bell`. Must be called inside a Tokio runtime; the queue is
    /// worked on until its last entrance is dropped.
    pub(super) fn open(store: Store, clock: Clock, bell: Arc<Notify>) -> Self {
        let (queue, entries) = mpsc::channel(QUEUE);
        tokio::spawn(keep(store, clock, bell, entries));
        Self { queue }
    }

    /// Keeps a delivery.
    pub(super) async fn keep(&self, delivery: Delivery) -> Result<Receipt, Refused> {
        let (receipt, told) = oneshot::channel();
        self.queue.try_send(Entry { delivery, receipt }).map_err(|_| Refused::Full)?;
        told.await.ok().flatten().ok_or(Refused::Store)
    }
}

async fn keep(store: Store, clock: Clock, bell: Arc<Notify>, mut entries: mpsc::Receiver<Entry>) {
    let mut batch = Vec::new();
    while entries.recv_many(&mut batch, QUEUE).await > 0 {
        let (deliveries, waiting): (Vec<_>, Vec<_>) =
            batch.drain(..).map(|entry| (entry.delivery, entry.receipt)).unzip();
        let receipts = match store.take_deliveries(deliveries, clock.now()).await {
            Ok(receipts) => receipts.into_iter().map(Some).collect(),
            Err(error) => {
                let error = anyhow::Error::from(error);
                tracing::error!("cannot keep {} deliveries of webhooks: {error:#}", waiting.len());
                vec![None; waiting.len()]
            }
        };
        if receipts.iter().any(|receipt| matches!(receipt, Some(Receipt::Nudged))) {
            bell.notify_one();
        }
        for (waiting, receipt) in waiting.into_iter().zip(receipts) {
            // Whoever does not wait any more is not told.
            let _ = waiting.send(receipt);
        }
    }
}
