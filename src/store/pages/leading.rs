//! What leads look at over time: snapshots, owners, patterns and minutes.

use chrono::NaiveDate;

use crate::domain::snapshot::{Scope, Snapshot};
use crate::store::{Store, StoreError, snapshots};

impl Store {
    /// The snapshots of a scope from a day on, oldest first.
    pub async fn snapshots(&self, scope: &Scope, from: NaiveDate) -> Result<Vec<Snapshot>, StoreError> {
        let scope = scope.clone();
        self.worker.read("read the snapshots", move |tx| snapshots::of(tx, &scope, from)).await
    }

    /// The registers, categories and teams that have snapshots now, in order of their names.
    pub async fn scopes(&self) -> Result<Vec<Scope>, StoreError> {
        self.worker.read("read the snapshots", snapshots::scopes).await
    }
}
