//! The clock edge: the only reader of the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, Utc};

use crate::domain::time::Moment;

/// Tells the time, in whole seconds. A clock set by hand serves the demo and the tests, in which days pass in seconds.
#[derive(Debug, Clone, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands at `moment` until it is set again. Clones share their hands.
    pub fn standing_at(moment: Moment) -> Self {
        Self(Some(Arc::new(AtomicI64::new(moment.timestamp()))))
    }

    /// The present moment.
    pub fn now(&self) -> Moment {
        match &self.0 {
            Some(seconds) => DateTime::from_timestamp(seconds.load(Ordering::SeqCst), 0)
                .expect("the hands are only ever set from a moment"),
            None => system_now().trunc_subsecs(0),
        }
    }

    /// Sets a standing clock; the machine's clock is left alone.
    pub fn set(&self, moment: Moment) {
        if let Some(seconds) = &self.0 {
            seconds.store(moment.timestamp(), Ordering::SeqCst);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}
