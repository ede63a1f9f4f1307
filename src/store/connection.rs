//! From a path to open connections: what stands there is looked at before anything is touched.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::error::StoreError;
use super::room;
use super::schema::{self, Recognised};

/// How long a write waits for another process before it gives up.
const BUSY: Duration = Duration::from_secs(10);

/// More statements than the room has, so that each is compiled once for a connection.
const STATEMENTS: usize = 64;

/// For connections that may write.
const CHANGING: OpenFlags = OpenFlags::SQLITE_OPEN_READ_WRITE;

/// For connections that cannot.
const READING: OpenFlags = OpenFlags::SQLITE_OPEN_READ_ONLY;

/// The first bytes of every SQLite database.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// Opens the store at `path` for writing and brings it to the version of this program.
pub(super) fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    if look(path)? == Found::Nothing {
        look_for_folder(path)?;
        make(path)?;
    }
    let opening = |error| StoreError::while_opening(path, error);
    let mut connection = connect(path, &absolute(path)?, CHANGING | OpenFlags::SQLITE_OPEN_CREATE)?;
    match schema::recognise(&connection).map_err(opening)? {
        Recognised::Ours | Recognised::Older(_) | Recognised::Empty => {}
        Recognised::Foreign => return Err(StoreError::Foreign { path: path.to_owned() }),
        Recognised::Newer(found) => return Err(other_version(path, found)),
    }
    if connection.is_readonly("main").map_err(opening)? {
        return Err(StoreError::ReadOnly { path: path.to_owned() });
    }
    enter_wal(&connection).map_err(opening)?;
    schema::migrate(&mut connection, schema::MIGRATIONS).map_err(opening)?;
    Ok(connection)
}

/// Makes an empty file where the store will be, unless another process is faster.
fn make(path: &Path) -> Result<(), StoreError> {
    let made = File::options().write(true).create_new(true).open(path);
    match made.and_then(|file| room::hand_over(&file, path)) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(StoreError::Open { path: path.to_owned(), cause: error.into() })
        }
        _ => Ok(()),
    }
}

/// Opens one more connection to a store that [`open_writer`] opened before, for reading only.
pub(super) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = connect(path, &absolute(path)?, CHANGING)?;
    connection.pragma_update(None, "query_only", true).map_err(|error| StoreError::while_opening(path, error))?;
    Ok(connection)
}

/// Opens the store at `path` without the means to change it, and refuses what would have to be made or migrated first.
/// Nobody else needs to have it open, and neither the file nor its folder needs to be writable.
pub(super) fn open_unchanging(path: &Path) -> Result<Connection, StoreError> {
    open_as_it_is(path, refuse_others)
}

/// The same of a store of this program's version or an older one.
pub(super) fn open_of_any_version(path: &Path) -> Result<Connection, StoreError> {
    open_as_it_is(path, |path, connection| match refuse_others(path, connection) {
        Err(StoreError::Older { .. }) => Ok(()),
        other => other,
    })
}

/// Opens what stands at `path` for reading, unless `refuse` does not want it.
fn open_as_it_is(
    path: &Path,
    refuse: impl Fn(&Path, &Connection) -> Result<(), StoreError>,
) -> Result<Connection, StoreError> {
    match look(path)? {
        Found::Nothing => return Err(StoreError::Missing { path: path.to_owned() }),
        Found::Empty => return Err(StoreError::Unfilled { path: path.to_owned() }),
        Found::Database => {}
    }
    let file = absolute(path)?;
    // A stranger's file is told from ours before SQLite puts its `-wal` and `-shm` next to it.
    if is_whole(&file) {
        refuse(path, &connect_frozen(path, &file)?)?;
    }
    let opened = connect(path, &file, READING).and_then(|connection| {
        refuse(path, &connection)?;
        Ok(connection)
    });
    match opened {
        // Where the `-wal` and `-shm` cannot be made, there is nobody who could write while we read.
        Err(StoreError::Open { .. } | StoreError::ReadOnly { .. }) if is_whole(&file) => connect_frozen(path, &file),
        other => other,
    }
}

/// Whether everything stands in the file itself: no process has it open, and none was killed before its log was folded
/// into the file.
fn is_whole(file: &Path) -> bool {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    fs::metadata(log).map_or(true, |log| log.len() == 0)
}

/// Refuses what is no store of this program's version.
fn refuse_others(path: &Path, connection: &Connection) -> Result<(), StoreError> {
    match schema::recognise(connection).map_err(|error| StoreError::while_opening(path, error))? {
        Recognised::Ours => Ok(()),
        Recognised::Empty => Err(StoreError::Unfilled { path: path.to_owned() }),
        Recognised::Foreign => Err(StoreError::Foreign { path: path.to_owned() }),
        Recognised::Older(found) | Recognised::Newer(found) => Err(other_version(path, found)),
    }
}

/// Opens a file that nobody writes: SQLite then needs nothing next to it. <https://www.sqlite.org/uri.html#uriimmutable>
fn connect_frozen(path: &Path, file: &Path) -> Result<Connection, StoreError> {
    let mut address = url::Url::from_file_path(file)
        .map_err(|()| StoreError::Open { path: path.to_owned(), cause: "its path is no address".into() })?;
    address.set_query(Some("immutable=1"));
    connect(path, Path::new(address.as_str()), READING | OpenFlags::SQLITE_OPEN_URI)
}

/// A store that lives as long as its connection.
pub(super) fn open_in_memory(label: &Path) -> Result<Connection, StoreError> {
    let open = || {
        let mut connection = Connection::open_in_memory()?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        connection.pragma_update(None, "foreign_keys", true)?;
        plan_once(&connection)?;
        schema::migrate(&mut connection, schema::MIGRATIONS)?;
        Ok(connection)
    };
    open().map_err(|error| StoreError::while_opening(label, error))
}

/// The store was found to be of a version that is not this program's.
pub(super) fn other_version(path: &Path, found: i64) -> StoreError {
    let (path, known) = (path.to_owned(), schema::known_version());
    if found < known { StoreError::Older { path, found, known } } else { StoreError::Newer { path, found, known } }
}

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    /// What a process leaves that was killed while it made the store.
    Empty,
    Database,
}

/// Looks at what stands at `path` without SQLite, which would take a folder, an empty name or a stranger's file for
/// something else than they are.
fn look(path: &Path) -> Result<Found, StoreError> {
    let open = |cause: std::io::Error| StoreError::Open { path: path.to_owned(), cause: cause.into() };
    let found = match fs::metadata(path) {
        Ok(found) => found,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(Found::Nothing);
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
    match head.as_slice() {
        [] => Ok(Found::Empty),
        MAGIC => Ok(Found::Database),
        _ => Err(StoreError::NotSqlite { path: path.to_owned() }),
    }
}

/// The folder in which a store would be made must be there: a mistyped path shall not grow folders.
pub(super) fn look_for_folder(path: &Path) -> Result<(), StoreError> {
    match absolute(path)?.parent() {
        Some(folder) if !folder.is_dir() => {
            let written = path.parent().filter(|written| !written.as_os_str().is_empty());
            Err(StoreError::NoFolder { path: path.to_owned(), folder: written.unwrap_or(folder).to_owned() })
        }
        _ => Ok(()),
    }
}

/// Statements are planned once, and not again for every value that is bound: tickets are written by the ten thousand, and
/// planning took longer than writing. <https://www.sqlite.org/queryplanner-ng.html#qpstab>
fn plan_once(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

/// The path from the root: SQLite gives names such as `:memory:` and the empty one meanings of their own.
fn absolute(path: &Path) -> Result<PathBuf, StoreError> {
    std::path::absolute(path).map_err(|cause| StoreError::Open { path: path.to_owned(), cause: cause.into() })
}

/// Opens `file`, which messages call `path`.
fn connect(path: &Path, file: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let open = || {
        let connection = Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(BUSY)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        connection.pragma_update(None, "foreign_keys", true)?;
        plan_once(&connection)?;
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
