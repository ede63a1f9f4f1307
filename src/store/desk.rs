//! Judging, a portion at a time: what is known to read, and what was judged of it to write.

use std::path::Path;

use chrono::NaiveDate;
use rusqlite::Connection;

use super::error::StoreError;
use super::judgements::Ledger;
use super::pages::ranked;
use super::portions::{Cut, Portions};
use super::{decisions, documents, judgements, markers, outline, patterns, snapshots};
use crate::domain::judged::{Judged, JudgedChallenge};
use crate::domain::known::{Known, KnownDocument};
use crate::domain::portion::{Basis, Closed, Outline, Own};
use crate::domain::theme::Returning;
use crate::domain::time::Moment;
use crate::domain::waiver::Waiver;

/// One moment of the store, portion by portion.
pub struct Reading<'a> {
    on: &'a Connection,
    path: &'a Path,
    doing: &'static str,
    portions: Portions,
}

/// A portion that can be read.
#[derive(Debug, Clone)]
pub struct Portion(Cut);

impl<'a> Reading<'a> {
    pub(super) fn of(on: &'a Connection, path: &'a Path, doing: &'static str) -> Result<Self, StoreError> {
        let portions = Portions::of(on).map_err(|error| StoreError::while_doing(path, doing, error))?;
        Ok(Self { on, path, doing, portions })
    }

    fn told<T>(&self, told: rusqlite::Result<T>) -> Result<T, StoreError> {
        told.map_err(|error| StoreError::while_doing(self.path, self.doing, error))
    }

    /// Every portion, with at most so many challenges, or tickets that no challenge cites, in each.
    pub fn portions(&self, size: usize) -> Result<Vec<Portion>, StoreError> {
        Ok(self.told(self.portions.cuts(self.on, size))?.into_iter().map(Portion).collect())
    }

    /// What is known of one portion, and what of that belongs to it.
    pub fn portion(&self, portion: &Portion) -> Result<(Known, Own), StoreError> {
        self.told(self.portions.read(self.on, &portion.0))
    }

    /// What no portion shows of the whole; `matters` says which closings matter.
    pub fn outline(&self, matters: &dyn Fn(&Closed) -> bool) -> Result<Outline, StoreError> {
        self.told(outline::of(self.on, matters))
    }

    /// The documents in force without their rows, meetings and references.
    pub fn documents(&self) -> Result<Vec<KnownDocument>, StoreError> {
        self.told(documents::covers(self.on))
    }

    /// The waivers that were given by command or written into documents.
    pub fn waivers(&self) -> Result<Vec<Waiver>, StoreError> {
        let given = self.told(decisions::waivers(self.on))?;
        Ok(given.into_iter().chain(self.told(markers::waivers(self.on))?).collect())
    }
}

/// One judging of everything, in one transaction.
pub struct Desk<'a> {
    /// What there is to be judged.
    pub reading: Reading<'a>,
    ledger: Ledger,
    now: Moment,
}

impl<'a> Desk<'a> {
    pub(super) fn of(on: &'a Connection, path: &'a Path, doing: &'static str, now: Moment) -> Result<Self, StoreError> {
        let reading = Reading::of(on, path, doing)?;
        let ledger = reading.told(Ledger::open(on))?;
        Ok(Self { reading, ledger, now })
    }

    /// Takes in the verdicts and the findings of a portion: verdicts that changed, findings that are new. An accepted
    /// finding is still made, so that it is as old as it was when the decision ends.
    pub fn remember(&mut self, judged: &Judged) -> Result<(), StoreError> {
        let entered = self.ledger.enter(self.reading.on, judged, self.now);
        self.reading.told(entered)
    }

    /// Takes in where the challenges stand and whose they are, ends what was not made this time, takes the day's snapshot, and
    /// notes what all of it goes by; nothing where the next judging has more to look at. A finding that comes back later is first seen then.
    pub fn finish(
        self,
        challenges: &[JudgedChallenge],
        returning: impl FnOnce(&[(NaiveDate, String)]) -> Vec<Returning>,
        basis: Option<&Basis>,
    ) -> Result<(), StoreError> {
        let Self { reading, ledger, now } = self;
        let closed = ledger.close(reading.on, challenges, now);
        let listed = closed.and_then(|()| ranked::judged(reading.on));
        let counted = listed.and_then(|()| match patterns::outdated(reading.on)? {
            Some(basis) => patterns::count(reading.on, &basis, &returning(&patterns::topics(reading.on)?)),
            None => Ok(()),
        });
        let taken = counted.and_then(|()| snapshots::take(reading.on, now));
        reading.told(taken.and_then(|()| judgements::go_by(reading.on, basis)))
    }
}
