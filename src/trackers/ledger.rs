//! The account of one asking: which tickets still lack an answer. It alone makes batches, so counts always add up.

use std::collections::{HashMap, HashSet};

use tokio::sync::mpsc;

use super::{Batch, Health};
use crate::domain::details::Closing;
use crate::domain::listing::Window;
use crate::domain::lookup::{Answer, Lookup, LookupKind, Trouble, TroubleKind};
use crate::domain::ticket::TicketId;
use crate::domain::tracker::TrackerId;

/// The account of what one tracker was asked and answered.
pub(super) struct Ledger {
    tracker: TrackerId,
    open: HashSet<TicketId>,
    /// Answers that are good, and may be told more fully.
    held: HashMap<TicketId, Lookup>,
    /// How many look-ups proved that the tracker shows us something: found, moved or gone.
    proven: usize,
    hidden: Vec<String>,
    trouble: Option<Trouble>,
    batches: mpsc::Sender<Batch>,
}

impl Ledger {
    /// Opens the account.
    pub(super) fn open<'a>(
        tracker: TrackerId,
        tickets: impl Iterator<Item = &'a TicketId>,
        batches: mpsc::Sender<Batch>,
    ) -> Self {
        let open = tickets.cloned().collect();
        Self { tracker, open, held: HashMap::new(), proven: 0, hidden: Vec::new(), trouble: None, batches }
    }

    /// Ends when nobody listens any more.
    pub(super) async fn abandoned(&self) {
        self.batches.closed().await;
    }

    /// Remembers trouble for the tracker's health; the first is kept, it is nearest to the cause.
    pub(super) fn note(&mut self, trouble: Trouble) {
        self.trouble.get_or_insert(trouble);
    }

    /// Keeps answers that a later step will tell more fully, for the case that it does not.
    pub(super) fn hold(&mut self, answers: Vec<Answer>) {
        self.held.extend(answers.into_iter().map(|answer| (answer.asked, answer.lookup)));
    }

    /// Passes answers on, with how far listings were followed for them and at which a closer look failed. A second answer for a ticket, or one for a ticket
    /// never asked for, is dropped.
    pub(super) async fn tell(
        &mut self,
        answers: Vec<Answer>,
        windows: Vec<Window>,
        unlooked: Vec<(TicketId, Closing)>,
    ) {
        let answers: Vec<_> = answers.into_iter().filter(|answer| self.open.remove(&answer.asked)).collect();
        for answer in &answers {
            self.held.remove(&answer.asked);
            match answer.lookup.kind() {
                LookupKind::Found | LookupKind::Moved | LookupKind::Gone => self.proven += 1,
                LookupKind::Hidden => {
                    if let Lookup::Hidden { because } = &answer.lookup {
                        self.hidden.push(because.clone());
                    }
                }
                LookupKind::Unknown => {}
            }
        }
        if !answers.is_empty() || !windows.is_empty() {
            self.send(answers, windows, unlooked, None).await;
        }
    }

    /// Answers what is left with the trouble that stopped the asking, and tells how the tracker fared.
    pub(super) async fn close(mut self, halt: Option<Trouble>) {
        if let Some(trouble) = &halt {
            // What stopped everything says more than what happened on the way.
            self.trouble = Some(trouble.clone());
        }
        let why = halt.unwrap_or_else(|| Trouble {
            kind: TroubleKind::Misread,
            says: format!("asking {} ended without an answer for this ticket", self.tracker),
        });
        let held = std::mem::take(&mut self.held).into_iter();
        self.tell(held.map(|(asked, lookup)| Answer { asked, lookup }).collect(), Vec::new(), Vec::new()).await;
        let mut left: Vec<_> = self.open.drain().collect();
        left.sort();
        let answers = left.into_iter().map(|asked| Answer { asked, lookup: Lookup::Unknown(why.clone()) }).collect();
        let health = self.health();
        self.send(answers, Vec::new(), Vec::new(), Some(health)).await;
    }

    /// One hidden ticket is a hidden ticket. Several, and nothing else seen, is about permissions.
    fn health(&mut self) -> Health {
        let nothing_but_hidden = self.proven == 0 && self.hidden.len() > 1;
        let worked = self.proven > 0 || self.hidden.len() == 1;
        let trouble = self.trouble.take().or_else(|| {
            nothing_but_hidden.then(|| Trouble {
                kind: TroubleKind::Hidden,
                says: format!("every ticket is hidden: {}", self.hidden[0]),
            })
        });
        Health { worked, trouble }
    }

    async fn send(
        &self,
        answers: Vec<Answer>,
        windows: Vec<Window>,
        unlooked: Vec<(TicketId, Closing)>,
        health: Option<Health>,
    ) {
        // Nobody listening any more is no fault; whoever runs the asking notices by itself.
        let _ = self.batches.send(Batch { tracker: self.tracker.clone(), answers, windows, unlooked, health }).await;
    }
}
