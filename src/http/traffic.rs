//! What was asked of whom and how that was answered, counted for those who watch.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use ::http::StatusCode;
use url::Url;

/// Requests by host (with its port, where that is none of the usual) and status; no status where there was no whole reply.
pub type Counts = BTreeMap<(String, Option<u16>), u64>;

/// Counts requests. All clones count together.
#[derive(Debug, Clone, Default)]
pub struct Traffic(Arc<Mutex<Counts>>);

impl Traffic {
    /// What was counted so far.
    pub fn counts(&self) -> Counts {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// One more request. The hosts are those that the configuration names: whoever else is asked is not told apart here,
    /// for strangers could choose the names.
    pub(super) fn add(&self, url: &Url, status: Option<StatusCode>) {
        let host = url.host_str().unwrap_or_default();
        let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((host, status.map(|status| status.as_u16()))).or_default() += 1;
    }
}
