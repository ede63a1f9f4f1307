//! What dragnet remembers, in SQLite. Domain verbs outside; no SQL type leaves the room.
//!
//! 1. A verb is one transaction: after a kill or a power loss it has happened whole or not at all. Judging everything
//!    takes several ([`desk`]), so that nobody waits for all of it.
//! 2. What a tracker could not tell overturns nothing that it told before ([`learn`]).
//! 3. A pass writes under a lease ([`lease`]); under a term that is over it writes nothing. What people decide is no part
//!    of a pass and needs none ([`decisions`]).
//! 4. Reading waits for nobody: readers of a file have connections of their own.
//! 5. The schema is of the version that this program knows, at every write; a file of another program, or of a newer
//!    dragnet, is left as it is.

mod audit;
mod citations;
mod columns;
mod connection;
mod copies;
mod deciding;
mod decisions;
mod deliveries;
mod desk;
mod digests;
mod documents;
mod elsewhere;
mod error;
mod fetched;
mod follows;
mod history;
pub mod holder;
mod instance;
mod judgements;
mod learn;
mod lease;
mod listings;
mod looks;
mod markers;
mod minutes;
mod outbox;
mod outline;
mod overview;
mod owners;
mod pages;
mod parked;
mod past;
mod patterns;
mod portions;
mod references;
mod register;
mod retention;
mod room;
mod runs;
mod schema;
mod snapshots;
mod tickets;
mod trackers;
mod upkeep;
mod worker;
mod writer;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::TimeDelta;

pub use self::copies::Contents;
pub use self::desk::{Desk, Portion, Reading};
pub use self::digests::DigestTurn;
pub use self::error::StoreError;
pub use self::instance::Instance;
pub use self::lease::{Lease, LeaseHeld};
pub use self::outbox::Tried;
pub use self::runs::RunId;
use self::worker::Worker;
pub use self::writer::Writer;
use crate::domain::challenge::ChallengeId;
use crate::domain::delivery::{Delivery, Receipt};
use crate::domain::judged::LastJudged;
use crate::domain::known::{Change, Known, KnownChallenge, KnownTicket, KnownTracker, Run, Turn, Unlooked, Want};
use crate::domain::listing::Window;
use crate::domain::overview::Overview;
use crate::domain::portion::Basis;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::tracker::{Habits, TrackerId, Wait};

/// What dragnet remembers. Cheap to clone; all clones work on the same store.
#[derive(Clone, Debug)]
pub struct Store {
    worker: Worker,
}

/// Opening.
impl Store {
    /// Opens the store at `path`, and makes it where there is none.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { worker: Worker::open(path).await? })
    }

    /// Opens the store at `path` for reading only: it changes no byte of it and needs no leave to. A store that is
    /// missing, empty or of an older version is an error, and so is every verb that writes.
    pub async fn open_existing(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { worker: Worker::open_unchanging(path).await? })
    }

    /// A store that is forgotten with its last clone.
    pub async fn in_memory() -> Result<Self, StoreError> {
        Ok(Self { worker: Worker::in_memory().await? })
    }
}

/// The pass lease.
impl Store {
    /// Takes the lease until `now + ttl`, or says who holds it. A lease that expired or was released is taken over.
    pub async fn take_lease(
        &self,
        holder: &str,
        now: Moment,
        ttl: TimeDelta,
    ) -> Result<Result<Lease, LeaseHeld>, StoreError> {
        let holder = holder.to_owned();
        self.worker.write("take the lease", None, move |tx| lease::take(tx, &holder, now, ttl)).await
    }

    /// Takes the lease from a holder that is known to be dead, without waiting for it to expire. Whoever took it since
    /// keeps it.
    pub async fn seize_lease(
        &self,
        held: &LeaseHeld,
        holder: &str,
        now: Moment,
        ttl: TimeDelta,
    ) -> Result<Result<Lease, LeaseHeld>, StoreError> {
        let (held, holder) = (held.clone(), holder.to_owned());
        self.worker.write("take the lease", None, move |tx| lease::seize(tx, &held, &holder, now, ttl)).await
    }

    /// Keeps the lease until `now + ttl`. False when somebody else has taken over.
    pub async fn renew_lease(&self, lease: &Lease, now: Moment, ttl: TimeDelta) -> Result<bool, StoreError> {
        let lease = lease.clone();
        self.worker.write("renew the lease", None, move |tx| lease::renew(tx, &lease, now, ttl)).await
    }

    /// Gives the lease back. Nothing happens when somebody else has taken over.
    pub async fn release_lease(&self, lease: &Lease) -> Result<(), StoreError> {
        let lease = lease.clone();
        self.worker.write("release the lease", None, move |tx| lease::release(tx, &lease)).await
    }

    /// The term of the last lease that was taken, and who holds it at `now`.
    pub async fn last_lease(&self, now: Moment) -> Result<(i64, Option<String>), StoreError> {
        self.worker.read("read the lease", move |tx| lease::last(tx, now)).await
    }

    /// The verbs that write, for as long as `lease` is in force.
    pub fn under(&self, lease: &Lease) -> Writer {
        Writer::new(self.worker.clone(), Some(lease.clone()))
    }

    /// The verbs that write, for a store that nobody else can know of: one in memory.
    pub fn unfenced(&self) -> Writer {
        Writer::new(self.worker.clone(), None)
    }
}

/// Webhook deliveries. They come at any time, so taking them in needs no lease.
impl Store {
    /// Takes deliveries in, all or none; the receipts stand in their order. Each has its effect once: the cited tickets
    /// that it names are due, and stay due until they were asked for after it.
    pub async fn take_deliveries(&self, deliveries: Vec<Delivery>, now: Moment) -> Result<Vec<Receipt>, StoreError> {
        self.worker.write("keep a delivery", None, move |tx| deliveries::take(tx, &deliveries, now)).await
    }

    /// When the last delivery of each tracker was taken in.
    pub async fn last_deliveries(&self) -> Result<BTreeMap<TrackerId, Moment>, StoreError> {
        self.worker.read("read the deliveries", deliveries::last).await
    }

    /// The closings at which a closer look failed, of tickets that are wanted still.
    pub async fn unlooked(&self) -> Result<BTreeMap<TicketId, Unlooked>, StoreError> {
        self.worker.read("read which closings wait for a closer look", looks::failed).await
    }

    /// Whether any ticket is due because a delivery named it.
    pub async fn any_nudged(&self) -> Result<bool, StoreError> {
        self.worker.read("read what is due", deliveries::any_nudged).await
    }
}

/// Everything that judging and reporting work on.
fn known(on: &rusqlite::Connection) -> rusqlite::Result<Known> {
    // No ticket is both, so that each is taken out of one reading.
    let followed = references::followed(on)?;
    let mut tickets = tickets::known(on, references::cited(on)?.into_iter().chain(followed.iter().cloned()))?;
    for (id, elsewhere) in elsewhere::all(on)? {
        if let Some(ticket) = tickets.get_mut(&id) {
            ticket.elsewhere = Some(elsewhere);
        }
    }
    let followed = followed.into_iter().filter_map(|id| tickets.remove_entry(&id)).collect();
    Ok(Known {
        documents: documents::in_force(on)?,
        tickets,
        followed,
        follows: follows::all(on)?,
        trackers: trackers::all(on)?,
        first_seen: judgements::first_seen(on)?,
        last_run: runs::last(on)?,
        decisions: decisions::decisions(on)?,
        waivers: decisions::waivers(on)?,
        register: history::last(on, history::MOST)?,
    })
}

/// Reading. Each verb sees one moment of the store.
impl Store {
    /// Everything that judging and reporting work on.
    pub async fn known(&self) -> Result<Known, StoreError> {
        self.worker.read("read what is known", known).await
    }

    /// Reads what is known portion by portion, all of it as of one moment.
    pub async fn browse<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Reading<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let doing = "read what is known";
        self.worker.look(doing, move |tx, path| work(&Reading::of(tx, path, doing)?)).await
    }

    /// What is known and what was judged of it, in numbers.
    pub async fn overview(&self) -> Result<Overview, StoreError> {
        self.worker.read("count what is known", overview::of).await
    }

    /// What the last judging went by, if nothing that it looked at has changed since.
    pub async fn basis(&self) -> Result<Option<Basis>, StoreError> {
        self.worker.read("read what was judged", judgements::basis).await
    }

    /// The ids of the challenges that the last good version of a document holds.
    pub async fn challenge_ids(&self, path: &str) -> Result<Vec<ChallengeId>, StoreError> {
        let path = path.to_owned();
        self.worker.read("read the challenges", move |tx| register::ids(tx, &path)).await
    }

    /// The challenges that the last good version of a document holds, for matching those of the next one.
    pub async fn known_challenges(&self, path: &str) -> Result<Vec<KnownChallenge>, StoreError> {
        let path = path.to_owned();
        self.worker.read("read the challenges", move |tx| register::known(tx, &path)).await
    }

    /// The last pass that ended.
    pub async fn last_run(&self) -> Result<Option<Run>, StoreError> {
        self.worker.read("read the passes", runs::last).await
    }

    /// Every ticket cited by a document in force, and every one followed from these, in order of their ids.
    pub async fn wants(&self) -> Result<Vec<Want>, StoreError> {
        self.worker.read("read what is cited", references::wants).await
    }

    /// How far listings were followed, with every credential ever used.
    pub async fn windows(&self) -> Result<Vec<Window>, StoreError> {
        self.worker.read("read how far listings went", listings::all).await
    }

    /// Answers that were not believed yet, by what each would have turned its ticket into.
    pub async fn parked(&self) -> Result<BTreeMap<TicketId, Turn>, StoreError> {
        self.worker.read("read what is parked", parked::all).await
    }

    /// Every tracker ever asked, by its id.
    pub async fn trackers(&self) -> Result<Vec<KnownTracker>, StoreError> {
        self.worker.read("read the trackers", trackers::all).await
    }

    /// How each tracker wants to be asked, as far as that still holds at `now`.
    pub async fn habits(&self, now: Moment) -> Result<Vec<Habits>, StoreError> {
        self.worker.read("read the trackers", move |tx| trackers::habits(tx, now)).await
    }

    /// What nobody must be asked for at `now`.
    pub async fn waits(&self, now: Moment) -> Result<Vec<Wait>, StoreError> {
        self.worker.read("read what must be waited for", move |tx| trackers::waits(tx, now)).await
    }

    /// Whether a tracker ever answered as it should.
    pub async fn worked_before(&self, tracker: &TrackerId) -> Result<bool, StoreError> {
        let tracker = tracker.clone();
        self.worker.read("read the trackers", move |tx| trackers::worked_before(tx, &tracker)).await
    }

    /// What is known of one ticket, whether a document cites it or not; `None` where it was never asked for.
    pub async fn ticket(&self, ticket: &TicketId) -> Result<Option<KnownTicket>, StoreError> {
        let ticket = ticket.clone();
        self.worker.read("read a ticket", move |tx| tickets::told(tx, &ticket)).await
    }

    /// What was judged last.
    pub async fn last_judged(&self) -> Result<LastJudged, StoreError> {
        self.worker.read("read what was judged", judgements::last).await
    }

    /// What changed about one ticket and when that was seen, oldest first. It is kept when no document cites the ticket
    /// any more.
    pub async fn history(&self, ticket: &TicketId) -> Result<Vec<Change>, StoreError> {
        let ticket = ticket.clone();
        self.worker.read("read a ticket's history", move |tx| tickets::history(tx, &ticket)).await
    }
}
