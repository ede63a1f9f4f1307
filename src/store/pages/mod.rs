//! What pages show, read by indexes and a page at a time: nothing here looks at the whole store.

mod fresh;

use super::{Store, StoreError};
use crate::domain::pages::{AsOf, Register};

/// Reading for pages.
impl Store {
    /// How fresh everything is.
    pub async fn as_of(&self) -> Result<AsOf, StoreError> {
        self.worker.read("read how fresh it is", fresh::as_of).await
    }

    /// The documents with challenges, in order of their paths.
    pub async fn registers(&self) -> Result<Vec<Register>, StoreError> {
        self.worker.read("read the registers", fresh::registers).await
    }
}
