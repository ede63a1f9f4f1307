//! One daemon for one store: a lock on a file beside it, which the system gives back when its holder ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::error::StoreError;
use super::{holder, room};

/// The right to serve a store. Other processes may read it, and make passes by hand.
#[derive(Debug)]
pub struct Instance {
    /// Locked as long as it is open.
    file: File,
    /// Whether whoever served it before ended without giving it back.
    after_a_crash: bool,
}

impl Instance {
    /// Takes the right to serve the store at `path`, or says who has it. The lock's file stays behind: one that is taken
    /// away could be locked twice.
    pub fn take(path: &Path) -> Result<Self, StoreError> {
        let beside = lock_of(path);
        let failed = |cause: std::io::Error| StoreError::Unwritten { path: beside.clone(), cause: cause.into() };
        let mut opening = OpenOptions::new();
        opening.read(true).write(true);
        let opened = match opening.clone().create_new(true).open(&beside) {
            Ok(file) => room::hand_over(&file, &beside).map(|()| file),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => opening.open(&beside),
            Err(error) => Err(error),
        };
        let mut file = opened.map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Who it is helps to find the process; that there is one is certain.
                let _ = file.take(1024).read_to_string(&mut holder);
                return Err(StoreError::Served { path: path.to_owned(), holder: holder.trim().to_owned() });
            }
            Err(TryLockError::Error(cause)) => return Err(failed(cause)),
        }
        let after_a_crash = file.metadata().map_err(failed)?.len() > 0;
        file.set_len(0).and_then(|()| file.rewind()).map_err(failed)?;
        writeln!(file, "{}", holder::this_process()).map_err(failed)?;
        Ok(Self { file, after_a_crash })
    }

    /// Whether whoever served the store before was killed, or lost its power: nobody knows what became of the file.
    pub fn follows_a_crash(&self) -> bool {
        self.after_a_crash
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // What is left of it names nobody who works here any more; the lock goes with the file's handle.
        let _ = self.file.set_len(0);
    }
}

/// The lock's file: `dragnet.db.lock` beside `dragnet.db`.
fn lock_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}
