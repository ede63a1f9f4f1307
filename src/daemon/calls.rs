//! Calls from outside: signals, and a configuration file that is replaced.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::web::operations::Calls;

/// How often the file is looked at. By its content: a symbolic link that is swung round, a rename and a bind mount look
/// alike then, and no file system needs to tell us.
const LOOK: Duration = Duration::from_secs(3);

/// Listens until `stop`: SIGHUP, and a file that has other content for two looks, ask for a reload; SIGUSR1 for a pass.
///
/// # Errors
/// When signals cannot be listened for.
pub(super) fn listen(calls: &Calls, file: Option<PathBuf>, stop: &CancellationToken) -> anyhow::Result<()> {
    let mut hangup = signal(SignalKind::hangup()).context("cannot listen for signals")?;
    let mut user = signal(SignalKind::user_defined1()).context("cannot listen for signals")?;
    let (run, reload) = (calls.run.clone(), calls.reload.clone());
    let stopped = stop.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = stopped.cancelled() => return,
                _ = hangup.recv() => reload.notify_one(),
                _ = user.recv() => run.notify_one(),
            }
        }
    });
    if let Some(file) = file {
        let (reload, stopped) = (calls.reload.clone(), stop.clone());
        tokio::spawn(async move {
            let mut watched = Watched::default();
            watched.look(content(&file).await);
            while tokio::time::timeout(LOOK, stopped.cancelled()).await.is_err() {
                if watched.look(content(&file).await) {
                    reload.notify_one();
                }
            }
        });
    }
    Ok(())
}

/// A file that is away for a moment, while it is replaced, has no content.
async fn content(file: &Path) -> Option<Vec<u8>> {
    let file = file.to_owned();
    tokio::task::spawn_blocking(move || std::fs::read(file).ok()).await.ok().flatten()
}

/// What was seen of a file.
#[derive(Default)]
struct Watched {
    known: Option<Vec<u8>>,
    last: Option<Vec<u8>>,
}

impl Watched {
    /// Takes a look; true when the file is other than known and was the same at the look before: whoever is still writing
    /// it is left to finish.
    fn look(&mut self, now: Option<Vec<u8>>) -> bool {
        let Some(now) = now else { return false };
        if self.known.is_none() {
            self.known = Some(now);
            return false;
        }
        let settled = self.known.as_ref() != Some(&now) && self.last.as_ref() == Some(&now);
        if settled {
            self.known = Some(now.clone());
        }
        self.last = Some(now);
        settled
    }
}

#[cfg(test)]
mod tests {
    use super::Watched;

    #[test]
    fn a_file_counts_when_it_is_other_and_whole() {
        let mut watched = Watched::default();
        for (content, settled) in [
            (Some("a"), false),
            (Some("a"), false),
            (Some("b, half"), false),
            (Some("b, whole"), false),
            (None, false),
            (Some("b, whole"), true),
            (Some("b, whole"), false),
            (Some("a"), false),
            (Some("b, whole"), false),
            (Some("a"), false),
            (Some("a"), true),
        ] {
            assert_eq!(watched.look(content.map(|text| text.as_bytes().to_vec())), settled, "{content:?}");
        }
    }
}
