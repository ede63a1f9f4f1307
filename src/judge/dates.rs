//! The present moment, and the next one at which a date makes a difference: who asks whether a date has passed is asked
//! again when it does.

use std::cell::Cell;

use chrono::NaiveDate;

use crate::domain::time::Moment;

/// The present moment, and what has been asked of it.
#[derive(Debug)]
pub(super) struct Dates {
    now: Moment,
    until: Cell<Option<Moment>>,
}

impl Dates {
    /// The present moment.
    pub(super) fn of(now: Moment) -> Self {
        Self { now, until: Cell::new(None) }
    }

    /// The present moment.
    pub(super) fn now(&self) -> Moment {
        self.now
    }

    /// Something that no date tells may make a difference at any moment.
    pub(super) fn are_in_doubt(&self) {
        self.until.set(Some(self.now));
    }

    /// Whether a moment is still to come.
    pub(super) fn are_before(&self, moment: Moment) -> bool {
        let to_come = self.now < moment;
        if to_come {
            self.until.set(Some(self.until.get().map_or(moment, |until| until.min(moment))));
        }
        to_come
    }

    /// The present day in UTC. Days make a difference when they end, and that goes without saying.
    pub(super) fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    /// The first of the moments to come that were asked for.
    pub(super) fn until(&self) -> Option<Moment> {
        self.until.get()
    }
}
