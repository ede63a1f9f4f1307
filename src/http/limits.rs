//! How long and how much: the bounds that every request keeps.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};

/// The bounds that every request keeps. They are chosen so that an outage is known in seconds.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long one request may take, from the first byte sent to the last byte read.
    pub total_timeout: Duration,
    /// How long a body may be once unpacked, in bytes.
    pub body_bytes: usize,
    /// How often a request is repeated after a failure that may pass.
    pub retries: usize,
    /// The pause before the first repetition; it doubles, and jitter is added.
    pub retry_delay: Duration,
    /// The longest pause asked for by a server that is waited for in place. What asks for more is for another pass.
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            total_timeout: Duration::from_secs(20),
            body_bytes: 24 * 1024 * 1024,
            retries: 2,
            retry_delay: Duration::from_millis(250),
            patience: Duration::from_secs(5),
        }
    }
}

impl Limits {
    /// The pauses between repetitions, as many as there may be.
    pub(super) fn pauses(&self) -> impl Iterator<Item = Duration> + use<> {
        ExponentialBuilder::default()
            .with_min_delay(self.retry_delay)
            .with_max_times(self.retries)
            .with_jitter()
            .build()
    }
}
