//! Looking after the store: whether it can be written and is whole, copies of it, room for it, and what is removed.

use std::path::{Path, PathBuf};

use super::copies::{self, Contents};
use super::error::StoreError;
use super::instance::Instance;
use super::{Store, connection, retention, room, schema, worker};
use crate::domain::retention::Past;
use crate::domain::time::Moment;

/// The chore of making a backup.
pub(super) const BACKUP: &str = "backup";

/// The chore of removing what is old.
const REMOVAL: &str = "removal";

/// Looking after it.
impl Store {
    /// Whether it can be written: writes a page that says what it said.
    ///
    /// # Errors
    /// When it cannot: a full disk, a file that somebody else keeps locked, one that may only be read.
    pub async fn probe(&self) -> Result<(), StoreError> {
        self.worker.write("write", None, schema::rewrite_version).await
    }

    /// Waits until any verb sees that nothing more may rest on the store ([`StoreError::is_the_end`]), and says why.
    pub async fn end(&self) -> StoreError {
        self.worker.end().await
    }

    /// Why nothing more may rest on it, if a verb has seen that.
    pub fn ended(&self) -> Option<StoreError> {
        self.worker.ended()
    }

    /// Reads the whole file; what is damaged is an error. It is broken off when nobody waits for it any more.
    pub async fn look_through(&self) -> Result<(), StoreError> {
        self.worker.aside("look through", |store, path| copies::look_through(store, path, "quick_check")).await
    }

    /// What the file at `path` holds, a store's or a backup's, of this program's version or an older one. Reads all of it,
    /// and changes nothing.
    pub async fn inspect(path: &Path) -> Result<Contents, StoreError> {
        let at = path.to_owned();
        worker::blocking(path, "read", move || copies::inspect(&at)).await
    }

    /// Writes the store at `path`, as it is at one moment, to `to`; passes may write meanwhile. A file that stands there
    /// is replaced only if that is asked for.
    pub async fn back_up(path: &Path, to: &Path, replace: bool) -> Result<Contents, StoreError> {
        let (at, target) = (path.to_owned(), to.to_owned());
        worker::blocking(path, "copy", move || copies::back_up(&at, &target, replace)).await
    }

    /// Remembers that a backup was made.
    pub async fn note_backup(&self, now: Moment) -> Result<(), StoreError> {
        self.worker.write("note the backup", None, move |tx| copies::note(tx, BACKUP, now)).await
    }

    /// When the last backup was made.
    pub async fn last_backup(&self) -> Result<Option<Moment>, StoreError> {
        self.worker.read("read when it was backed up", |tx| copies::noted(tx, BACKUP)).await
    }

    /// Removes what was over before this moment, a step at a time, and says how many that were.
    pub async fn forget(&self, past: Past, before: Moment) -> Result<usize, StoreError> {
        let mut all = 0;
        loop {
            let step = self.worker.write("remove what is old", None, move |tx| retention::remove(tx, past, before));
            let (removed, more) = step.await?;
            all += removed;
            if !more {
                return Ok(all);
            }
        }
    }

    /// Remembers that what is old was removed.
    pub async fn note_removal(&self, now: Moment) -> Result<(), StoreError> {
        self.worker.write("note the removal", None, move |tx| copies::note(tx, REMOVAL, now)).await
    }

    /// When that was done last.
    pub async fn last_removal(&self) -> Result<Option<Moment>, StoreError> {
        self.worker.read("read when it was cleared up", |tx| copies::noted(tx, REMOVAL)).await
    }

    /// Puts a copy of the backup `from` where the store at `path` is to be. A store that stands there is an error, unless
    /// it is to be replaced: then it is kept under the path given back. Whoever serves it must have ended.
    pub async fn restore(
        from: &Path,
        path: &Path,
        replace: bool,
        now: Moment,
    ) -> Result<(Contents, Option<PathBuf>), StoreError> {
        let (backup, at) = (from.to_owned(), path.to_owned());
        let restore = move || {
            connection::look_for_folder(&at)?;
            let _nobody_else = Instance::take(&at)?;
            copies::restore(&backup, &at, replace, now)
        };
        worker::blocking(path, "restore", restore).await
    }

    /// Bytes that are free where it stands; `None` in memory, or where the system does not tell.
    pub async fn room(&self) -> Result<Option<u64>, StoreError> {
        self.worker.look("measure", |_, path| Ok(room::free(path))).await
    }

    /// The name of the file system on which the store at `path` stands, or will, if that is one of other machines.
    pub fn far(path: &Path) -> Option<String> {
        room::far(path)
    }

    /// Its size in bytes, without what still stands in the log beside it.
    pub async fn size(&self) -> Result<u64, StoreError> {
        let size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        let bytes = self.worker.read("measure", move |tx| tx.query_row(size, [], |row| row.get::<_, i64>(0))).await?;
        Ok(bytes.unsigned_abs())
    }
}
