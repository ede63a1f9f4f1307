//! The present moment, and the next one at which a date makes a difference: who asks whether a date has passed is asked
//! again when it does.

use std::sync::{Mutex, PoisonError};

use chrono::NaiveDate;

use crate::domain::time::Moment;

/// The present moment, and what has been asked of it.
#[derive(Debug)]
pub(super) struct Dates {
    now: Moment,
    until: Mutex<Option<Moment>>,
}

impl Dates {
    /// The present moment.
    pub(super) fn of(now: Moment) -> Self {
        Self { now, until: Mutex::new(None) }
    }

    /// The present moment.
    pub(super) fn now(&self) -> Moment {
        self.now
    }

    /// Something that no date tells may make a difference at any moment.
    pub(super) fn are_in_doubt(&self) {
        self.ends(self.now);
    }

    /// Whether a moment is still to come.
    pub(super) fn are_before(&self, moment: Moment) -> bool {
        let to_come = self.now < moment;
        if to_come {
            self.ends(moment);
        }
        to_come
    }

    /// The present day in UTC. Days make a difference when they end, and that goes without saying.
    pub(super) fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    /// The first of the moments to come that were asked for.
    pub(super) fn until(&self) -> Option<Moment> {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ends(&self, at: Moment) {
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        *until = Some(until.map_or(at, |until| until.min(at)));
    }
}
