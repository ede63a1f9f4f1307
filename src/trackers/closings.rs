//! Closings worth a closer look: told apart from those that were looked at already, and put together until a request
//! is full.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::LookedAt;
use super::inquiry::Outcome;
use crate::domain::lookup::{Answer, Lookup};
use crate::domain::ticket::{Ticket, TicketId};

/// So many looks that failed in a row are enough for one pass.
const HOPELESS: usize = 4;

/// How looks of one kind fare in one asking.
#[derive(Default)]
pub(super) struct Luck {
    /// Looks that failed in a row.
    failed: AtomicUsize,
}

impl Luck {
    /// Whether looking is given up for this pass.
    pub(super) fn is_out(&self) -> bool {
        self.failed.load(Ordering::Relaxed) >= HOPELESS
    }

    /// Takes in how a look went. One that told of some tickets did not fail.
    pub(super) fn went<S>(&self, outcome: &Outcome<S>) {
        let failed = outcome.unlooked.len();
        if outcome.answers.len() + outcome.held.len() > failed {
            self.failed.store(0, Ordering::Relaxed);
        } else if failed > 0 {
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The closings met in one asking.
pub(super) struct Closings {
    looked_at: LookedAt,
    /// How many fill a request.
    full: usize,
    waiting: Mutex<Vec<Answer>>,
    pub(super) luck: Luck,
}

impl Closings {
    /// With what was looked at before, and how many of them fill a request.
    pub(super) fn new(looked_at: LookedAt, full: usize) -> Self {
        Self { looked_at, full, waiting: Mutex::default(), luck: Luck::default() }
    }

    /// Answers, or where the closing is worth a look, holds the answer until it was looked at.
    pub(super) fn tell<S>(
        &self,
        outcome: &mut Outcome<S>,
        asked: TicketId,
        lookup: Lookup,
        look: impl FnOnce(Vec<Answer>) -> S,
    ) {
        if !self.is_new(&asked, &lookup) {
            outcome.answer(asked, lookup);
            return;
        }
        let answer = Answer { asked, lookup };
        outcome.held.push(answer.clone());
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push(answer);
        if waiting.len() >= self.full {
            outcome.soon.push(look(std::mem::take(&mut *waiting)));
        }
    }

    /// Those that fill no request.
    pub(super) fn rest(&self) -> Option<Vec<Answer>> {
        let rest = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        (!rest.is_empty()).then_some(rest)
    }

    /// Whether a closing was told that was not looked at yet, or looks otherwise now.
    pub(super) fn is_new(&self, asked: &TicketId, lookup: &Lookup) -> bool {
        let looked_at = self.looked_at.get(asked).and_then(Option::as_deref);
        lookup.ticket().and_then(Ticket::closing).is_some_and(|closing| Some(&closing) != looked_at)
    }
}
