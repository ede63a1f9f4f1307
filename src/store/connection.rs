//! From a path to open connections: what stands there is looked at before anything is touched.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::error::StoreError;
use super::schema::{self, Recognised};

/// How long a write waits for another process before it gives up.
const BUSY: Duration = Duration::from_secs(10);

/// More statements than the room has, so that each is compiled once for a connection.
const STATEMENTS: usize = 64;

/// The first bytes of every SQLite database.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// What to do where there is no store yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Absent {
    /// Make one.
    Make,
    /// Say so.
    Refuse,
}

/// Opens the store at `path` for writing and brings it to the version of this program.
pub(super) fn open_writer(path: &Path, absent: Absent) -> Result<Connection, StoreError> {
    look(path, absent)?;
    let opening = |error| StoreError::while_opening(path, error);
    let mut connection = connect(path, OpenFlags::SQLITE_OPEN_CREATE)?;
    match schema::recognise(&connection).map_err(opening)? {
        Recognised::Ours | Recognised::Empty => {}
        Recognised::Foreign => return Err(StoreError::Foreign { path: path.to_owned() }),
        Recognised::Newer(found) => return Err(newer(path, found)),
    }
    if connection.is_readonly("main").map_err(opening)? {
        return Err(StoreError::ReadOnly { path: path.to_owned() });
    }
    enter_wal(&connection).map_err(opening)?;
    schema::migrate(&mut connection, schema::MIGRATIONS).map_err(opening)?;
    Ok(connection)
}

/// Opens one more connection to a store that [`open_writer`] opened before, for reading only.
pub(super) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = connect(path, OpenFlags::empty())?;
    connection.pragma_update(None, "query_only", true).map_err(|error| StoreError::while_opening(path, error))?;
    Ok(connection)
}

/// A store that lives as long as its connection.
pub(super) fn open_in_memory(label: &Path) -> Result<Connection, StoreError> {
    let open = || {
        let mut connection = Connection::open_in_memory()?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        connection.pragma_update(None, "foreign_keys", true)?;
        schema::migrate(&mut connection, schema::MIGRATIONS)?;
        Ok(connection)
    };
    open().map_err(|error| StoreError::while_opening(label, error))
}

/// The store was found to be of a version that this program does not know.
pub(super) fn newer(path: &Path, found: i64) -> StoreError {
    StoreError::Newer { path: path.to_owned(), found, known: schema::known_version() }
}

/// Looks at what stands at `path` without SQLite, which would take a folder, an empty name or a stranger's file for
/// something else than they are.
fn look(path: &Path, absent: Absent) -> Result<(), StoreError> {
    let open = |cause: std::io::Error| StoreError::Open { path: path.to_owned(), cause: cause.into() };
    let found = match fs::metadata(path) {
        Ok(found) => found,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return match absent {
                Absent::Refuse => Err(StoreError::Missing { path: path.to_owned() }),
                Absent::Make => look_for_folder(path),
            };
        }
        Err(error) => return Err(open(error)),
    };
    if !found.is_file() {
        let what = if found.is_dir() { "a folder" } else { "a pipe or a device" };
        return Err(StoreError::NotAFile { path: path.to_owned(), what });
    }
    let mut head = Vec::new();
    let reading = File::open(path).and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut head));
    reading.map_err(open)?;
    // An empty file is what a process leaves that was killed while it made the store.
    if !head.is_empty() && head != MAGIC {
        return Err(StoreError::NotSqlite { path: path.to_owned() });
    }
    Ok(())
}

/// The folder in which a store would be made must be there: a mistyped path shall not grow folders.
fn look_for_folder(path: &Path) -> Result<(), StoreError> {
    match absolute(path)?.parent() {
        Some(folder) if !folder.is_dir() => {
            let written = path.parent().filter(|written| !written.as_os_str().is_empty());
            Err(StoreError::NoFolder { path: path.to_owned(), folder: written.unwrap_or(folder).to_owned() })
        }
        _ => Ok(()),
    }
}

/// The path from the root: SQLite gives names such as `:memory:` and the empty one meanings of their own.
fn absolute(path: &Path) -> Result<PathBuf, StoreError> {
    std::path::absolute(path).map_err(|cause| StoreError::Open { path: path.to_owned(), cause: cause.into() })
}

fn connect(path: &Path, also: OpenFlags) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | also;
    let file = absolute(path)?;
    let open = || {
        let connection = Connection::open_with_flags(&file, flags)?;
        connection.busy_timeout(BUSY)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        // Views and triggers that somebody put into the file get no say.
        connection.pragma_update(None, "trusted_schema", false)?;
        Ok(connection)
    };
    open().map_err(|error| StoreError::while_opening(path, error))
}

/// Turns write-ahead logging on, for good. SQLite does not wait here when another process does the same, so we do.
fn enter_wal(connection: &Connection) -> rusqlite::Result<()> {
    let begun = Instant::now();
    loop {
        let entered = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0));
        match entered {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) => {
                let why = format!("its file system offers no write-ahead log (journal mode `{mode}`)");
                return Err(rusqlite::Error::ToSqlConversionFailure(why.into()));
            }
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && begun.elapsed() < BUSY => {
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(error) => return Err(error),
        }
    }
}
