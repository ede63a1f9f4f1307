//! Judging, a portion at a time: what is known to read, and what was judged of it to write.

use std::path::Path;

use rusqlite::Connection;

use super::error::StoreError;
use super::judgements::Ledger;
use super::pages::ranked;
use super::portions::{Cut, Portions};
use super::worker::Pen;
use super::{decisions, documents, judgements, markers, outline, patterns, snapshots, tickets};
use crate::domain::judged::{Judged, JudgedChallenge};
use crate::domain::known::{Known, KnownDocument};
use crate::domain::portion::{Basis, Closed, Outline, Own};
use crate::domain::theme::{Raised, Returning};
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerKind;
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

    /// All that is known.
    pub fn known(&self) -> Result<Known, StoreError> {
        self.told(super::known(self.on))
    }

    /// What is known of one portion, and what of that belongs to it.
    pub fn portion(&self, portion: &Portion) -> Result<(Known, Own), StoreError> {
        self.told(self.portions.read(self.on, &portion.0))
    }

    /// What no portion shows of the whole; `matters` says which closings matter.
    pub fn outline(&self, matters: &dyn Fn(&Closed) -> bool) -> Result<Outline, StoreError> {
        self.told(outline::of(self.on, matters))
    }

    /// Whether a tracker of this kind told of a ticket that is closed.
    pub fn has_closed(&self, kind: TrackerKind) -> Result<bool, StoreError> {
        self.told(tickets::has_closed(self.on, kind))
    }

    /// The documents in force without their rows and references.
    pub fn documents(&self) -> Result<Vec<KnownDocument>, StoreError> {
        self.told(documents::covers(self.on))
    }

    /// The waivers that were given by command or written into documents.
    pub fn waivers(&self) -> Result<Vec<Waiver>, StoreError> {
        let given = self.told(decisions::waivers(self.on))?;
        Ok(given.into_iter().chain(self.told(markers::waivers(self.on))?).collect())
    }
}

/// What is written at a time, in verdicts and findings: some hundredths of a second of others' waiting.
const SHEET: usize = 1_000;

/// One judging of everything.
///
/// 1. It reads one moment of the store, and writes a sheet at a time: nobody else waits for the whole of it.
/// 2. Whatever breaks off in between, the next judging is of everything again and writes the rest.
/// 3. What changes meanwhile is not called judged.
pub struct Desk<'a> {
    /// What there is to be judged.
    pub reading: Reading<'a>,
    pen: Pen<'a>,
    ledger: Ledger,
    sheet: Vec<Judged>,
    /// The mark in the store that goes as soon as anything changes that is judged here.
    mark: String,
    now: Moment,
}

impl<'a> Desk<'a> {
    pub(super) fn of(reading: Reading<'a>, pen: Pen<'a>, mark: String, now: Moment) -> Result<Self, StoreError> {
        let ledger = reading.told(Ledger::open(reading.on))?;
        Ok(Self { reading, pen, ledger, sheet: Vec::new(), mark, now })
    }

    /// Takes in the verdicts and the findings of a portion: verdicts that changed, findings that are new. An accepted
    /// finding is still made, so that it is as old as it was when the decision ends.
    pub fn remember(&mut self, judged: Judged) -> Result<(), StoreError> {
        self.sheet.push(judged);
        let lines = |judged: &Judged| judged.tickets.len() + judged.findings.len() + judged.waived.len();
        if self.sheet.iter().map(lines).sum::<usize>() < SHEET { Ok(()) } else { self.hand_in() }
    }

    fn hand_in(&mut self) -> Result<(), StoreError> {
        let Self { pen, ledger, sheet, now, .. } = self;
        pen.write(|tx| sheet.drain(..).try_for_each(|judged| ledger.enter(tx, &judged, *now)))
    }

    /// Takes in where the challenges stand and whose they are, ends what was not made this time, takes the day's snapshot, and
    /// notes what all of it goes by, unless anything changed since this judging began. A finding that comes back later is
    /// first seen then. `returning` finds what returns among the topics of minutes.
    pub fn finish(
        mut self,
        challenges: &[JudgedChallenge],
        returning: impl FnOnce(&[Raised]) -> Vec<Returning>,
        basis: &Basis,
    ) -> Result<(), StoreError> {
        self.hand_in()?;
        let Self { pen, ledger, mark, now, .. } = self;
        pen.write(|tx| {
            ledger.close(tx, challenges, now)?;
            ranked::judged(tx)?;
            if let Some(basis) = patterns::outdated(tx)? {
                patterns::count(tx, &basis, &returning(&patterns::topics(tx)?))?;
            }
            snapshots::take(tx, now)?;
            judgements::go_by(tx, &mark, basis)
        })
    }
}
