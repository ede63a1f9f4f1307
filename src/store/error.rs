//! What can go wrong with a store, in words that say what to do next.

use std::path::{Path, PathBuf};

use rusqlite::{ErrorCode, ffi};

/// A cause whose type stays inside the room.
type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a store could not be opened, read or written. Nothing that was stored before is lost by any of these.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no store yet where one is needed.
    #[error("cannot open store `{}`: there is none yet", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// An empty file, or a database with nothing in it, where something is to be read.
    #[error("cannot read store `{}`: it is not a store yet", path.display())]
    Unfilled {
        /// The file.
        path: PathBuf,
    },
    /// An older dragnet wrote the store, and reading may not migrate it.
    #[error("cannot read store `{}`: it has schema version {found}, and this dragnet reads version {known}", path.display())]
    Older {
        /// The store.
        path: PathBuf,
        /// The version in the file.
        found: i64,
        /// The version that this program reads.
        known: i64,
    },
    /// The folder in which the store would be made is not there.
    #[error("cannot open store `{}`: there is no folder `{}`", path.display(), folder.display())]
    NoFolder {
        /// Where the store would be.
        path: PathBuf,
        /// The folder that is missing.
        folder: PathBuf,
    },
    /// The path names a folder, a pipe or a device.
    #[error("cannot open store `{}`: it is {what}, not a file", path.display())]
    NotAFile {
        /// What was named.
        path: PathBuf,
        /// What it is: `a folder`, `a pipe or a device`.
        what: &'static str,
    },
    /// The file is not an SQLite database. It was left as it is.
    #[error("cannot open store `{}`: it is not an SQLite database", path.display())]
    NotSqlite {
        /// The file.
        path: PathBuf,
    },
    /// The file is another program's SQLite database. It was left as it is.
    #[error("cannot open store `{}`: it is another program's database", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A newer dragnet has worked on the store.
    #[error(
        "cannot open store `{}`: it has schema version {found}, and this dragnet knows versions up to {known}",
        path.display()
    )]
    Newer {
        /// The store.
        path: PathBuf,
        /// The version in the file.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// The system did not let us open or make it.
    #[error("cannot open store `{}`", path.display())]
    Open {
        /// The store.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: Cause,
    },
    /// It can be read and not written.
    #[error("cannot write store `{}`: it is read-only", path.display())]
    ReadOnly {
        /// The store.
        path: PathBuf,
    },
    /// Somebody else has been writing for longer than we wait.
    #[error("cannot {doing} in store `{}`: another program keeps it locked", path.display())]
    Busy {
        /// The store.
        path: PathBuf,
        /// What was attempted.
        doing: &'static str,
    },
    /// The disk is full; the transaction was undone whole.
    #[error("cannot {doing} in store `{}`: the disk is full", path.display())]
    Full {
        /// The store.
        path: PathBuf,
        /// What was attempted.
        doing: &'static str,
    },
    /// The disk failed; the transaction was undone whole.
    #[error("cannot {doing} in store `{}`: the disk failed (SQLite's code {code})", path.display())]
    Disk {
        /// The store.
        path: PathBuf,
        /// What was attempted.
        doing: &'static str,
        /// SQLite's extended code, which tells what the system would not do: <https://sqlite.org/rescode.html>.
        code: i32,
        /// Whether what was told to be kept was not. Asking again would be answered well and prove nothing: the system
        /// forgets what it could not write.
        unkept: bool,
    },
    /// The file is not as SQLite or dragnet left it.
    #[error("cannot {doing} in store `{}`: the file is damaged", path.display())]
    Damaged {
        /// The store.
        path: PathBuf,
        /// What was attempted.
        doing: &'static str,
        /// What was found.
        #[source]
        cause: Cause,
    },
    /// The pass no longer holds the lease: another one has taken over. Nothing was written.
    #[error("cannot {doing} in store `{}`: another pass has taken over from `{holder}`, term {term}", path.display())]
    LeaseLost {
        /// The store.
        path: PathBuf,
        /// What was attempted.
        doing: &'static str,
        /// Who held the lease: us.
        holder: String,
        /// The term that is over.
        term: i64,
    },
    /// A file stands where another one would be put.
    #[error("cannot write `{}`: there is a file already", path.display())]
    InTheWay {
        /// The file.
        path: PathBuf,
    },
    /// A copy, or the lock beside a store, could not be written or read.
    #[error("cannot write `{}`", path.display())]
    Unwritten {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: Cause,
    },
    /// A daemon serves the store.
    #[error("cannot use store `{}`: it is served by {holder}", path.display())]
    Served {
        /// The store.
        path: PathBuf,
        /// By whom, as that process told; empty where it has not told yet.
        holder: String,
    },
    /// Anything else.
    #[error("cannot {doing} in store `{}`", path.display())]
    Failed {
        /// The store.
        path: PathBuf,
        /// What was attempted.
        doing: &'static str,
        /// What was seen.
        #[source]
        cause: Cause,
    },
}

impl StoreError {
    /// The next step, where one can be named.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Missing { .. } => "run `dragnet sync` first, or name the store under `[store]` as `path`".to_owned(),
            Self::Unfilled { .. } => "run `dragnet sync`, which makes it one".to_owned(),
            Self::Older { .. } => "run `dragnet sync`, which brings it to this version".to_owned(),
            Self::NoFolder { folder, .. } => {
                format!("make the folder `{}`, or name another `path` under `[store]`", folder.display())
            }
            Self::NotAFile { .. } => "name a file as `path` under `[store]`".to_owned(),
            Self::NotSqlite { .. } | Self::Foreign { .. } => {
                "nothing in it was changed; name another `path` under `[store]`".to_owned()
            }
            Self::Newer { .. } => "use the dragnet that wrote it, or a newer one; nothing was changed".to_owned(),
            Self::Open { .. } | Self::ReadOnly { .. } => {
                "dragnet needs to read and write the file and the folder that it stands in".to_owned()
            }
            Self::Busy { .. } => "try again, or stop the other program that works on the file".to_owned(),
            Self::Full { .. } => "free some space; what was stored before is whole".to_owned(),
            Self::Disk { .. } => {
                "look what the system's log says of the disk; `dragnet verify` tells whether the store is whole".to_owned()
            }
            Self::Damaged { .. } => {
                "put a backup in its place with `dragnet restore BACKUP --force`, which keeps the damaged file; without a \
                 backup, move it away and `dragnet sync` starts anew"
                    .to_owned()
            }
            Self::LeaseLost { .. } => "nothing was written; let the other pass end, or run one dragnet only".to_owned(),
            Self::InTheWay { .. } => "name another file, or add `--force` to replace it".to_owned(),
            Self::Served { .. } => "stop that process first: one daemon works on one store".to_owned(),
            Self::Unwritten { .. } => {
                "look whether the folder is there, may be written and has room; nothing was lost".to_owned()
            }
            Self::Failed { .. } => return None,
        })
    }

    /// Whether nothing more may rest on the open store: whoever goes on could lose what was stored.
    pub fn is_the_end(&self) -> bool {
        self.end().is_some()
    }

    /// The same once more, if nothing more may rest on the open store: for those who did not ask and must know.
    pub(super) fn end(&self) -> Option<Self> {
        match self {
            Self::Damaged { path, doing, cause } => {
                Some(Self::Damaged { path: path.clone(), doing, cause: cause.to_string().into() })
            }
            Self::Disk { path, doing, code, unkept: true } => {
                Some(Self::Disk { path: path.clone(), doing, code: *code, unkept: true })
            }
            _ => None,
        }
    }

    /// What went wrong while `doing` something in the open store `path`.
    pub(super) fn while_doing(path: &Path, doing: &'static str, error: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path, doing },
            Some(ErrorCode::DiskFull) => Self::Full { path, doing },
            Some(ErrorCode::SystemIoFailure) => {
                let code = error.sqlite_error().map_or(0, |error| error.extended_code);
                let unkept = matches!(code, ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC);
                Self::Disk { path, doing, code, unkept }
            }
            Some(ErrorCode::ReadOnly) => Self::ReadOnly { path },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged { path, doing, cause: error.into() }
            }
            _ if is_unreadable(&error) => Self::Damaged { path, doing, cause: error.into() },
            _ => Self::Failed { path, doing, cause: error.into() },
        }
    }

    /// What went wrong while opening the store `path`.
    pub(super) fn while_opening(path: &Path, error: rusqlite::Error) -> Self {
        match Self::while_doing(path, "read", error) {
            Self::Failed { path, cause, .. } => Self::Open { path, cause },
            other => other,
        }
    }
}

/// Whether a row was there and its cells meant nothing: written by no dragnet of this version.
fn is_unreadable(error: &rusqlite::Error) -> bool {
    matches!(
        error,
        rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
    )
}
