//! Runs the room's blocking work away from the async threads: one writer, a few readers.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, InterruptHandle, TransactionBehavior};
use tokio::sync::{Semaphore, watch};

use super::connection;
use super::error::StoreError;
use super::lease::{self, Lease};
use super::schema;

/// How many reads of one store run at the same time.
const READERS: usize = 4;

/// What stands in messages where a store has no path.
const IN_MEMORY: &str = "in memory";

/// The connections to one store. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Worker {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    /// Held across a whole transaction, so that writers of this process queue here rather than in SQLite's busy loop.
    /// Correctness rests on the transactions: other processes write too.
    /// Absent where the store is only read.
    writer: Option<Arc<tokio::sync::Mutex<Connection>>>,
    /// Absent in memory, where the one connection is all there is.
    readers: Option<Readers>,
    /// Why nothing more may rest on the store, once a verb has seen that.
    end: watch::Sender<Option<StoreError>>,
}

#[derive(Debug)]
struct Readers {
    open: fn(&Path) -> Result<Connection, StoreError>,
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<Connection>>,
}

impl Worker {
    /// Opens the store at `path`.
    pub(super) async fn open(path: &Path) -> Result<Self, StoreError> {
        let path = path.to_owned();
        let at = path.clone();
        let writer = blocking(&path, "open", move || connection::open_writer(&at)).await?;
        Ok(Self::of(path, Some(writer), Some(Readers::opened_by(connection::open_reader))))
    }

    /// Opens the store at `path` so that nothing can change it.
    pub(super) async fn open_unchanging(path: &Path) -> Result<Self, StoreError> {
        let path = path.to_owned();
        let at = path.clone();
        let reader = blocking(&path, "open", move || connection::open_unchanging(&at)).await?;
        drop(reader);
        Ok(Self::of(path, None, Some(Readers::opened_by(connection::open_unchanging))))
    }

    /// A store that lives as long as its last clone.
    pub(super) async fn in_memory() -> Result<Self, StoreError> {
        let path = PathBuf::from(IN_MEMORY);
        let label = path.clone();
        let writer = blocking(&path, "open", move || connection::open_in_memory(&label)).await?;
        Ok(Self::of(path, Some(writer), None))
    }

    fn of(path: PathBuf, writer: Option<Connection>, readers: Option<Readers>) -> Self {
        let writer = writer.map(|writer| Arc::new(tokio::sync::Mutex::new(writer)));
        Self { shared: Arc::new(Shared { path, writer, readers, end: watch::Sender::new(None) }) }
    }

    /// Runs a verb's work on a thread that may block, and tells those who wait for the end when it saw that.
    async fn run<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let done = blocking(&self.shared.path, doing, work).await;
        if let Some(end) = done.as_ref().err().and_then(StoreError::end) {
            self.shared.end.send_if_modified(|known| known.is_none() && known.replace(end).is_none());
        }
        done
    }

    /// Why nothing more may rest on the store, if a verb has seen that.
    pub(super) fn ended(&self) -> Option<StoreError> {
        self.shared.end.borrow().as_ref().and_then(StoreError::end)
    }

    /// Waits until a verb sees that nothing more may rest on the store.
    pub(super) async fn end(&self) -> StoreError {
        let mut told = self.shared.end.subscribe();
        let end = told.wait_for(Option::is_some).await.expect("we hold its sender");
        end.as_ref().and_then(StoreError::end).expect("that was waited for, and it stays an end")
    }

    /// Runs `work` in one write transaction. Under a lease that is no longer in force it does not run at all. Once begun
    /// it is carried through, even if the caller stops waiting.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        doing: &'static str,
        lease: Option<Lease>,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.transact(doing, lease, move |tx, path| {
            work(tx).map_err(|error| StoreError::while_doing(path, doing, error))
        })
        .await
    }

    /// The same for work that says by itself what went wrong; it is given the store's path for that.
    pub(super) async fn transact<T: Send + 'static>(
        &self,
        doing: &'static str,
        lease: Option<Lease>,
        work: impl FnOnce(&Connection, &Path) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let mut writer = self.writer()?.lock_owned().await;
        let shared = Arc::clone(&self.shared);
        let carry_through = move || carried_through(&shared.path, doing, &mut writer, lease.as_ref(), work);
        self.run(doing, carry_through).await
    }

    /// Runs `work` on one moment of the store, with a pen that writes to it meanwhile, a bit at a time: others write in
    /// between. What `first` writes is written before that moment. In memory all of it is one transaction.
    pub(super) async fn work_through<A: Send, T: Send + 'static>(
        &self,
        doing: &'static str,
        lease: Option<Lease>,
        first: impl FnOnce(&Connection) -> rusqlite::Result<A> + Send + 'static,
        work: impl FnOnce(A, &Connection, Pen<'_>, &Path) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        if self.shared.readers.is_none() {
            let all = move |tx: &Connection, path: &Path| {
                let first = first(tx).map_err(|error| StoreError::while_doing(path, doing, error))?;
                work(first, tx, Pen { doing, path, ink: Ink::Same(tx) }, path)
            };
            return self.transact(doing, lease, all).await;
        }
        let writer = self.writer()?;
        let read = move |store: &mut Connection, path: &Path| {
            let pen = Pen { doing, path, ink: Ink::Apart { writer, lease } };
            let first = pen.write(first)?;
            snapshot(path, doing, store, |tx, path| work(first, tx, pen, path))
        };
        self.with_reader(doing, read).await
    }

    /// Runs `work` on one moment of the store.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.look(doing, move |tx, path| work(tx).map_err(|error| StoreError::while_doing(path, doing, error))).await
    }

    /// The same for work that says by itself what went wrong; it is given the store's path for that.
    pub(super) async fn look<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection, &Path) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        if self.shared.readers.is_none() {
            let mut writer = self.writer()?.lock_owned().await;
            let path = self.shared.path.clone();
            return self.run(doing, move || snapshot(&path, doing, &mut writer, work)).await;
        }
        self.with_reader(doing, move |reader, path| snapshot(path, doing, reader, work)).await
    }

    /// Runs `work` on a connection of those that only read, which a store in a file has.
    async fn with_reader<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&mut Connection, &Path) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let readers = self.shared.readers.as_ref().expect("whoever asks has looked");
        let permit = Arc::clone(&readers.permits).acquire_owned().await.expect("the semaphore is never closed");
        let shared = Arc::clone(&self.shared);
        self.run(doing, move || {
            let _permit = permit;
            let readers = shared.readers.as_ref().expect("they were there when reading began");
            let mut reader = match readers.idle().pop() {
                Some(reader) => reader,
                None => (readers.open)(&shared.path)?,
            };
            let read = work(&mut reader, &shared.path)?;
            // A connection that was opened while nobody wrote is good for that moment only.
            if shared.writer.is_some() {
                readers.idle().push(reader);
            }
            Ok(read)
        })
        .await
    }

    /// Runs `work` on a connection of its own, in no transaction and for as long as it takes; until nobody waits for it any
    /// more.
    pub(super) async fn aside<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection, &Path) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let shared = Arc::clone(&self.shared);
        let Some(open) = shared.readers.as_ref().map(|readers| readers.open) else {
            let writer = self.writer()?.lock_owned().await;
            return self.run(doing, move || work(&writer, &shared.path)).await;
        };
        let leash = Leash::default();
        let end = Arc::clone(&leash.0);
        let on_leash = move || {
            let connection = open(&shared.path)?;
            *end.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection.get_interrupt_handle());
            work(&connection, &shared.path)
        };
        self.run(doing, on_leash).await
    }

    fn writer(&self) -> Result<Arc<tokio::sync::Mutex<Connection>>, StoreError> {
        self.shared.writer.clone().ok_or_else(|| StoreError::ReadOnly { path: self.shared.path.clone() })
    }
}

impl Readers {
    fn opened_by(open: fn(&Path) -> Result<Connection, StoreError>) -> Self {
        Self { open, permits: Arc::new(Semaphore::new(READERS)), idle: Mutex::new(Vec::new()) }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Breaks off what a connection does once this is dropped: a process that ends waits for no more of it.
#[derive(Default)]
struct Leash(Arc<Mutex<Option<InterruptHandle>>>);

impl Drop for Leash {
    fn drop(&mut self) {
        if let Some(handle) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            handle.interrupt();
        }
    }
}

/// Writes to a store while one moment of it is being read.
pub(super) struct Pen<'a> {
    doing: &'static str,
    path: &'a Path,
    ink: Ink<'a>,
}

enum Ink<'a> {
    /// In the transaction that reads, where there is one connection.
    Same(&'a Connection),
    /// On the connection that writes, in a transaction for each writing.
    Apart { writer: Arc<tokio::sync::Mutex<Connection>>, lease: Option<Lease> },
}

impl Pen<'_> {
    /// Runs `work` in a write transaction. Under a lease that is no longer in force it does not run at all.
    pub(super) fn write<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let told = |error| StoreError::while_doing(self.path, self.doing, error);
        match &self.ink {
            Ink::Same(transaction) => work(transaction).map_err(told),
            Ink::Apart { writer, lease } => {
                let mut writer = writer.blocking_lock();
                carried_through(self.path, self.doing, &mut writer, lease.as_ref(), |tx, _| work(tx).map_err(told))
            }
        }
    }
}

/// What `work` did in one write transaction, which is committed where that went well.
fn carried_through<T>(
    path: &Path,
    doing: &'static str,
    connection: &mut Connection,
    lease: Option<&Lease>,
    work: impl FnOnce(&Connection, &Path) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let failed = |error| StoreError::while_doing(path, doing, error);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    check_version(path, doing, &transaction)?;
    if let Some(Lease { holder, term, .. }) = lost(&transaction, lease).map_err(failed)? {
        return Err(StoreError::LeaseLost { path: path.to_owned(), doing, holder: holder.clone(), term: *term });
    }
    let done = work(&transaction, path)?;
    transaction.commit().map_err(failed)?;
    Ok(done)
}

fn snapshot<T>(
    path: &Path,
    doing: &'static str,
    connection: &mut Connection,
    work: impl FnOnce(&Connection, &Path) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let failed = |error| StoreError::while_doing(path, doing, error);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred).map_err(failed)?;
    check_version(path, doing, &transaction)?;
    work(&transaction, path)
}

/// A newer dragnet may have migrated the file since it was opened.
fn check_version(path: &Path, doing: &'static str, on: &Connection) -> Result<(), StoreError> {
    let version = schema::version(on).map_err(|error| StoreError::while_doing(path, doing, error))?;
    if version == schema::known_version() { Ok(()) } else { Err(connection::other_version(path, version)) }
}

/// The lease, if it was given and is in force no longer.
fn lost<'a>(transaction: &Connection, lease: Option<&'a Lease>) -> rusqlite::Result<Option<&'a Lease>> {
    match lease {
        Some(lease) if !lease::is_in_force(transaction, lease)? => Ok(Some(lease)),
        _ => Ok(None),
    }
}

/// Runs `work` on a thread that may block. A panic in it goes on in the caller.
pub(super) async fn blocking<T: Send + 'static>(
    path: &Path,
    doing: &'static str,
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(stopped) => match stopped.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(stopped) => Err(StoreError::Failed { path: path.to_owned(), doing, cause: stopped.into() }),
        },
    }
}
