//! The verbs that write. Each is one transaction, and writes nothing once the lease is lost.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use super::desk::{Desk, Reading};
use super::documents::{self, Version};
use super::error::StoreError;
use super::lease::Lease;
use super::runs::{self, RunId};
use super::worker::{Pen, Worker};
use super::{
    citations, deliveries, elsewhere, fetched, follows, judgements, listings, looks, parked, tickets, trackers,
};
use crate::domain::citation::KnownTarget;
use crate::domain::details::Closing;
use crate::domain::document::Document;
use crate::domain::finding::Problem;
use crate::domain::follow::{Elsewhere, Follow};
use crate::domain::known::{KnownTracker, Run, Turn};
use crate::domain::listing::Window;
use crate::domain::lookup::Answer;
use crate::domain::reference::{Reference, Unclaimed};
use crate::domain::remote::Fetched;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::tracker::{Habits, Wait};

/// A store to write to, under a lease or without. Every verb fails with [`StoreError::LeaseLost`] when the lease is no
/// longer in force.
#[derive(Clone, Debug)]
pub struct Writer {
    worker: Worker,
    lease: Option<Lease>,
}

impl Writer {
    pub(super) fn new(worker: Worker, lease: Option<Lease>) -> Self {
        Self { worker, lease }
    }

    /// A pass begins.
    pub async fn begin_run(&self, now: Moment) -> Result<RunId, StoreError> {
        self.write("begin a pass", move |tx| runs::begin(tx, now)).await
    }

    /// A pass ends; `run` says when and with what.
    pub async fn end_run(&self, id: RunId, run: &Run) -> Result<(), StoreError> {
        let run = run.clone();
        self.write("end a pass", move |tx| runs::end(tx, id, &run)).await
    }

    /// Takes in what a source's documents were fetched as. Those that it has no more are forgotten; those that could not be
    /// read stay as they are at hand.
    pub async fn remember_fetched(&self, source: &str, fetched: &Fetched, now: Moment) -> Result<(), StoreError> {
        let (source, fetched) = (source.to_owned(), fetched.clone());
        self.write("remember what was fetched", move |tx| fetched::remember(tx, &source, &fetched, now)).await
    }

    /// Forgets what was fetched of every source but these.
    pub async fn forget_fetched_except(&self, keep: &[String]) -> Result<(), StoreError> {
        let keep = keep.to_vec();
        self.write("forget what was fetched", move |tx| fetched::forget_except(tx, &keep)).await
    }

    /// Notes that statuses were written into a document where it lives.
    pub async fn remember_written(&self, path: &str, now: Moment) -> Result<(), StoreError> {
        let path = path.to_owned();
        self.write("remember what was written", move |tx| fetched::note_written(tx, &path, now)).await
    }

    /// Takes in what looking at what is cited besides tickets gave.
    pub async fn remember_targets(&self, targets: Vec<KnownTarget>) -> Result<(), StoreError> {
        self.write("remember what is cited", move |tx| citations::remember(tx, &targets)).await
    }

    /// Puts this version of a document in force: all that was known of it is replaced. A version that says what the one
    /// before said only counts as read now. Since when a challenge is known goes by its id and survives.
    ///
    /// `source` is the source's name in the configuration. A document is known by its path: read from another source, it
    /// is the same document. Every place in it lies in it: line and column are kept, the path is the document's.
    /// `problems` joins the document's own; those that are among them already count once.
    pub async fn remember_document(
        &self,
        source: &str,
        document: Document,
        references: Vec<Reference>,
        unclaimed: Vec<Unclaimed>,
        problems: Vec<Problem>,
        now: Moment,
    ) -> Result<(), StoreError> {
        let version = Version::of(source, document, references, unclaimed, problems);
        self.write("remember a document", move |tx| documents::remember(tx, &version, now)).await
    }

    /// Marks a document as read if its version in force came of the same as `digest` tells ([`Self::come_of`]); gives how many
    /// references it has then.
    pub async fn confirm_document(
        &self,
        source: &str,
        path: &str,
        digest: &str,
        now: Moment,
    ) -> Result<Option<usize>, StoreError> {
        let (source, path, digest) = (source.to_owned(), path.to_owned(), digest.to_owned());
        self.write("remember a document", move |tx| documents::confirm(tx, &source, &path, &digest, now)).await
    }

    /// Notes what a document's version in force came of: its bytes, and what they were read with.
    pub async fn come_of(&self, path: &str, digest: &str) -> Result<(), StoreError> {
        let (path, digest) = (path.to_owned(), digest.to_owned());
        self.write("remember a document", move |tx| documents::come_of(tx, &path, &digest)).await
    }

    /// Notes that a document cannot be read now, and why. Its last good version stays in force; one that was never read
    /// is known from now on, empty, with its trouble.
    pub async fn remember_unreadable(
        &self,
        source: &str,
        path: &str,
        trouble: &str,
        now: Moment,
    ) -> Result<(), StoreError> {
        let (source, path, trouble) = (source.to_owned(), path.to_owned(), trouble.to_owned());
        self.write("remember a document", move |tx| documents::remember_unreadable(tx, &source, &path, &trouble, now))
            .await
    }

    /// Takes every document out of force that is not among `keep` (the source's name, the document's path). What was
    /// known of it stays, and counts again when it comes back.
    pub async fn retire_documents_except(&self, keep: &[(String, String)], now: Moment) -> Result<(), StoreError> {
        let keep: HashSet<_> = keep.iter().cloned().collect();
        self.write("retire documents", move |tx| documents::retire_except(tx, &keep, now)).await
    }

    /// Takes answers in: the last look-up always, what was proven and the last good answer where they prove something,
    /// and a row of history for everything that changed. Answers that say what was known already add no history.
    pub async fn remember_answers(&self, answers: &[Answer], at: Moment) -> Result<(), StoreError> {
        self.remember_told(answers, BTreeMap::new(), &[], at).await
    }

    /// The same, together with what the closed tickets among them point at, in the place of what they pointed at before, and
    /// with how far listings were followed that brought them.
    pub async fn remember_told(
        &self,
        answers: &[Answer],
        follows: BTreeMap<TicketId, Vec<Follow>>,
        windows: &[Window],
        at: Moment,
    ) -> Result<(), StoreError> {
        let (answers, windows) = (answers.to_vec(), windows.to_vec());
        self.write("remember answers", move |tx| {
            follows::replace(tx, &follows)?;
            parked::release(tx, &answers)?;
            tickets::remember(tx, &answers, at)?;
            looks::settle(tx, &answers)?;
            listings::remember(tx, &windows)
        })
        .await
    }

    /// Notes that a closer look at these closings failed.
    pub async fn remember_unlooked(&self, failed: Vec<(TicketId, Closing)>, at: Moment) -> Result<(), StoreError> {
        self.write("remember what could not be looked at", move |tx| looks::remember(tx, &failed, at)).await
    }

    /// Takes in what other trackers show of closed tickets' work, and what links beside these lead to, where these were
    /// looked at.
    pub async fn remember_elsewhere(
        &self,
        found: Vec<(TicketId, Elsewhere, Option<Vec<Follow>>)>,
    ) -> Result<(), StoreError> {
        self.write("remember what other trackers show", move |tx| elsewhere::remember(tx, &found)).await
    }

    /// Notes what answers would have turned their tickets into that are not believed yet. An answer that is believed
    /// ends that.
    pub async fn park(&self, turns: &[(TicketId, Turn)], at: Moment) -> Result<(), StoreError> {
        let turns = turns.to_vec();
        self.write("park answers", move |tx| parked::park(tx, &turns, at)).await
    }

    /// Notes that these tickets were asked for after the deliveries told beside them ([`Want::nudge`]).
    ///
    /// [`Want::nudge`]: crate::domain::known::Want::nudge
    pub async fn settle(&self, asked: Vec<(TicketId, i64)>) -> Result<(), StoreError> {
        self.write("follow deliveries", move |tx| deliveries::settle(tx, &asked)).await
    }

    /// Adds what was seen of a tracker to what is known of it; times never go back.
    pub async fn remember_tracker(&self, tracker: &KnownTracker) -> Result<(), StoreError> {
        let tracker = tracker.clone();
        self.write("remember a tracker", move |tx| trackers::remember(tx, &tracker)).await
    }

    /// Puts how a tracker wants to be asked in the place of what was known of that. The tracker itself is remembered
    /// before.
    pub async fn remember_habits(&self, habits: &Habits, now: Moment) -> Result<(), StoreError> {
        let habits = habits.clone();
        self.write("remember a tracker", move |tx| trackers::remember_habits(tx, &habits, now)).await
    }

    /// Adds to what must be waited for. A longer wait that is known stays.
    pub async fn remember_waits(&self, waits: Vec<Wait>, now: Moment) -> Result<(), StoreError> {
        self.write("remember what must be waited for", move |tx| trackers::remember_waits(tx, &waits, now)).await
    }

    /// Notes what evidence is left to look for; nothing has to be judged for that.
    pub async fn look_again(&self, again: Option<String>) -> Result<(), StoreError> {
        self.write("remember what is left to look for", move |tx| judgements::look_again(tx, again.as_deref())).await
    }

    /// Judges *everything* known: `work` reads one moment of it portion by portion and says what it makes of each.
    pub async fn judge<T: Send + 'static>(
        &self,
        now: Moment,
        work: impl FnOnce(Desk<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let doing = "judge what is known";
        let work = move |mark, tx: &rusqlite::Connection, pen: Pen<'_>, path: &Path| {
            work(Desk::of(Reading::of(tx, path, doing)?, pen, mark, now)?)
        };
        self.worker.work_through(doing, self.lease.clone(), move |tx| judgements::begin(tx, now), work).await
    }

    async fn write<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.worker.write(doing, self.lease.clone(), work).await
    }
}
