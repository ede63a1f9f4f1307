//! How a tracker is asked: step by step, a few at a time, until all is answered, nobody listens, or it is no use.

use std::collections::VecDeque;
use std::sync::Arc;

use ::http::StatusCode;
use tokio::task::JoinSet;

use super::ledger::Ledger;
use crate::domain::details::Closing;
use crate::domain::listing::{Listing, Window};
use crate::domain::lookup::{Answer, Lookup, Trouble, TroubleKind};
use crate::domain::ticket::TicketId;
use crate::http::Reply;

/// The strain at which a tracker is given up for this pass: two batches failed in a row, or four single look-ups.
const GIVE_UP: u8 = 4;

/// Trouble, and how much it says about the tracker as a whole.
#[derive(Debug, Clone)]
pub(super) struct Setback {
    pub(super) trouble: Trouble,
    strain: u8,
    /// Whether it is about us, whatever we asked.
    ours: bool,
}

impl Setback {
    /// Trouble of the tracker as a whole: no connection, a failed batch.
    pub(super) fn whole(trouble: Trouble) -> Self {
        Self { ours: is_about_us(&trouble), trouble, strain: 2 }
    }

    /// One of several quotas is used up, or kept for other questions: asking goes on with the others.
    pub(super) fn spent(trouble: Trouble) -> Self {
        Self { trouble, strain: 0, ours: true }
    }

    /// The same trouble with a closer look, which leaves everything else as it is unless it is about us.
    pub(super) fn with_a_look(self) -> Self {
        if self.ours { self } else { Self::own(self.trouble) }
    }

    /// A closer look that was refused, though the same credentials were told of the ticket itself: only a 401 is about them.
    pub(super) fn refused_look(reply: &Reply, refusal: Trouble, anonymous: bool) -> Self {
        match refusal.kind {
            TroubleKind::Credentials if reply.status == StatusCode::UNAUTHORIZED && !anonymous => Self::whole(refusal),
            TroubleKind::Credentials => Self::own(Trouble { kind: TroubleKind::Unasked, ..refusal }),
            _ => Self::own(refusal),
        }
    }

    /// Trouble that says nothing about the tracker as a whole.
    pub(super) fn own(trouble: Trouble) -> Self {
        Self { trouble, strain: 0, ours: false }
    }
}

impl From<Trouble> for Setback {
    /// Trouble with the look-up of one ticket, which may be that ticket's own.
    fn from(trouble: Trouble) -> Self {
        Self { ours: is_about_us(&trouble), trouble, strain: 1 }
    }
}

fn is_about_us(trouble: &Trouble) -> bool {
    matches!(trouble.kind, TroubleKind::Limit | TroubleKind::Credentials)
}

/// One asking of one tracker, with what it learns on the way.
pub(super) trait Inquiry: Send + Sync + 'static {
    /// A piece of work that makes one request or a few that depend on each other.
    type Step: Send + 'static;

    /// The first steps for these tickets, and for these listings.
    fn begin(&self, tickets: Vec<TicketId>, listings: Vec<Listing>) -> Vec<Self::Step>;

    /// The last steps: what was put together on the way and is less than a full one. Asked for whenever nothing else is
    /// left to do, until there is none.
    fn finish(&self) -> Vec<Self::Step>;

    /// How many steps may run at a time.
    fn width(&self) -> usize;

    /// Takes one step. Each ticket of the step is answered, or is in one of the steps that follow from it.
    fn take(self: Arc<Self>, step: Self::Step) -> impl Future<Output = Outcome<Self::Step>> + Send;
}

/// What a step gave.
pub(super) struct Outcome<S> {
    /// Answers.
    pub(super) answers: Vec<Answer>,
    /// How far listings were followed that gave these answers.
    pub(super) windows: Vec<Window>,
    /// Answers that a later step will tell more fully. Whatever happens to that step, these are in force.
    pub(super) held: Vec<Answer>,
    /// Closings at which a look failed.
    pub(super) unlooked: Vec<(TicketId, Closing)>,
    /// Steps that follow from it.
    pub(super) next: Vec<S>,
    /// Steps that follow from it and go before all others, so that what is held is held shortly.
    pub(super) soon: Vec<S>,
    /// What was wrong.
    pub(super) setback: Option<Setback>,
}

impl<S> Outcome<S> {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self {
            answers: Vec::new(),
            windows: Vec::new(),
            held: Vec::new(),
            unlooked: Vec::new(),
            next: Vec::new(),
            soon: Vec::new(),
            setback: None,
        }
    }

    /// Adds an answer.
    pub(super) fn answer(&mut self, asked: TicketId, lookup: Lookup) {
        self.answers.push(Answer { asked, lookup });
    }

    /// Answers all these tickets with the same trouble.
    pub(super) fn fail(&mut self, tickets: impl IntoIterator<Item = TicketId>, setback: Setback) {
        for ticket in tickets {
            self.answer(ticket, Lookup::Unknown(setback.trouble.clone()));
        }
        self.setback = Some(setback);
    }

    /// Answers with what was held, in spite of the trouble with looking closer. Unless that is about us, it is not tried in
    /// every pass.
    pub(super) fn settle_for(&mut self, held: Vec<Answer>, setback: Setback) {
        if !setback.ours {
            let closing = |answer: &Answer| Some((answer.asked.clone(), answer.lookup.ticket()?.closing()?));
            self.unlooked.extend(held.iter().filter_map(closing));
        }
        self.put_off(held, setback);
    }

    /// Answers with what was held. Looking closer was not tried, for a reason that has nothing to do with it.
    pub(super) fn put_off(&mut self, held: Vec<Answer>, setback: Setback) {
        self.answers.extend(held);
        self.setback = Some(setback);
    }
}

/// Asks for all tickets of the account, by these listings or themselves.
pub(super) async fn run<I: Inquiry>(inquiry: I, tickets: Vec<TicketId>, listings: Vec<Listing>, mut ledger: Ledger) {
    let inquiry = Arc::new(inquiry);
    let mut waiting = VecDeque::from(inquiry.begin(tickets, listings));
    // Dropping the set ends its tasks: whoever returns from here stops asking.
    let mut running = JoinSet::new();
    let (mut strain, mut halt) = (0, None);
    loop {
        while halt.is_none() && running.len() < inquiry.width() {
            if waiting.is_empty() && running.is_empty() {
                waiting.extend(inquiry.finish());
            }
            let Some(step) = waiting.pop_front() else { break };
            running.spawn(Arc::clone(&inquiry).take(step));
        }
        let outcome = tokio::select! {
            () = ledger.abandoned() => return,
            joined = running.join_next() => match joined {
                None => break,
                Some(Ok(outcome)) => outcome,
                Some(Err(error)) => {
                    let says = format!("asking broke off inside dragnet: {error}");
                    halt = Some(Trouble { kind: TroubleKind::Misread, says });
                    break;
                }
            },
        };
        waiting.extend(outcome.next);
        outcome.soon.into_iter().rev().for_each(|step| waiting.push_front(step));
        ledger.hold(outcome.held);
        ledger.tell(outcome.answers, outcome.windows, outcome.unlooked).await;
        match outcome.setback {
            None => strain = 0,
            Some(setback) => {
                strain += setback.strain;
                let trouble = setback.trouble;
                let hopeless = match trouble.kind {
                    TroubleKind::Limit | TroubleKind::Credentials | TroubleKind::Unasked => setback.strain > 0,
                    TroubleKind::Outage | TroubleKind::Misread | TroubleKind::Hidden => strain >= GIVE_UP,
                };
                ledger.note(trouble.clone());
                // What is under way when a limit is reached was let through, and its answers count.
                let drain = trouble.kind == TroubleKind::Limit;
                halt = halt.or(hopeless.then_some(trouble));
                if halt.is_some() && !drain {
                    break;
                }
            }
        }
    }
    drop(running);
    ledger.close(halt).await;
}
