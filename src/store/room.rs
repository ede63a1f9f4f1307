//! The place that a store stands in: how much room is left there, whether it is on this machine, and whose it is.
//!
//! SQLite's log needs memory that all who use the store share, which no network gives:
//! <https://sqlite.org/wal.html>. One daemon alone may get by there for years, so that is told and not refused.

use std::fs::File;
use std::io;
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::{Path, PathBuf};

/// File systems whose files are on other machines, by the names that Linux gives them (filesystems(5)).
const FAR: [&str; 17] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "afs",
    "ceph",
    "coda",
    "lustre",
    "beegfs",
    "gfs2",
    "ocfs2",
    "fuse.sshfs",
    "fuse.glusterfs",
    "fuse.rclone",
    "fuse.s3fs",
];

/// Bytes that are free for us where the store stands; `None` where the system does not tell.
pub(super) fn free(store: &Path) -> Option<u64> {
    let facts = rustix::fs::statvfs(store).ok()?;
    facts.f_bavail.checked_mul(facts.f_frsize)
}

/// The folder that a file stands in.
pub(super) fn folder(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Gives what root made beside a store to whom the folder belongs to: what an administrator does must not lock the daemon
/// out. To be called with a file that is new, for another one may be a link that somebody else laid there.
pub(super) fn hand_over(made: &File, path: &Path) -> io::Result<()> {
    let folder = folder(path).metadata()?;
    if !rustix::process::geteuid().is_root() || folder.uid() == 0 {
        return Ok(());
    }
    fchown(made, Some(folder.uid()), Some(folder.gid()))
}

/// The name of the file system that the store stands on, or will, if its files are on other machines. What the system does
/// not tell is none.
pub(super) fn far(store: &Path) -> Option<String> {
    let store = store.canonicalize().or_else(|_| folder(store).canonicalize()).ok()?;
    far_by(&std::fs::read_to_string("/proc/self/mountinfo").ok()?, &store)
}

/// The same by the mounts that the system tells of, in the form of proc_pid_mountinfo(5).
fn far_by(mounts: &str, store: &Path) -> Option<String> {
    let mounts = mounts.lines().filter_map(|line| {
        let (place, file_system) = line.split_once(" - ")?;
        let point = PathBuf::from(unescaped(place.split(' ').nth(4)?));
        Some((point, file_system.split(' ').next()?))
    });
    let holding = mounts.filter(|(point, _)| store.starts_with(point));
    // What was mounted last covers what stood there before.
    let (_, kind) = holding.max_by_key(|(point, _)| point.components().count())?;
    FAR.contains(&kind).then(|| kind.to_owned())
}

/// A path of that file, in which blanks, tabs, line ends and backslashes stand as three octal digits.
fn unescaped(text: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .iter()
        .fold(text.to_owned(), |text, (octal, plain)| text.replace(octal, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a8_a_file_system_of_other_machines_is_told_from_our_own() {
        let mounts = "\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:26 / /srv rw - nfs4 files.example:/srv rw,vers=4.2
31 30 8:17 / /srv/fast rw - xfs /dev/sdb1 rw
32 22 0:31 / /mnt/team\\040share rw - cifs //files/team rw
33 22 0:40 / /home/ada/far rw shared:4 - fuse.sshfs ada@far: rw
34 22 0:41 / /data rw - ext4 /dev/sdc1 rw
35 34 0:42 / /data rw - 9p host rw
no mount at all
";
        for (store, expected) in [
            ("/var/lib/dragnet/dragnet.db", None),
            ("/srv/dragnet.db", Some("nfs4")),
            ("/srv/fast/dragnet.db", None),
            ("/srv/faster/dragnet.db", Some("nfs4")),
            ("/srvs/dragnet.db", None),
            ("/mnt/team share/dragnet.db", Some("cifs")),
            ("/home/ada/far/deep/dragnet.db", Some("fuse.sshfs")),
            ("/data/dragnet.db", Some("9p")),
        ] {
            assert_eq!(far_by(mounts, Path::new(store)).as_deref(), expected, "{store}");
        }
        assert_eq!(far_by("", Path::new("/var/dragnet.db")), None);
    }

    #[tokio::test]
    async fn what_root_makes_in_somebodys_folder_is_theirs() {
        let folder = tempfile::tempdir().unwrap();
        let (own, them) = (rustix::process::geteuid().as_raw(), 65534);
        // Nobody else may give a folder away, and whoever is not root makes files of their own.
        let expected = if own == 0 { them } else { own };
        if own == 0 {
            std::os::unix::fs::chown(folder.path(), Some(them), Some(them)).unwrap();
        }
        let path = folder.path().join("dragnet.db");
        let store = crate::store::Store::open(&path).await.unwrap();
        store.probe().await.unwrap();
        drop(crate::store::Instance::take(&path).unwrap());
        drop(store);
        let backup = folder.path().join("backup.db");
        crate::store::Store::back_up(&path, &backup, false).await.unwrap();
        std::fs::remove_file(&path).unwrap();
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        crate::store::Store::restore(&backup, &path, false, now).await.unwrap();
        for file in ["dragnet.db", "dragnet.db.lock"] {
            assert_eq!(folder.path().join(file).metadata().unwrap().uid(), expected, "{file}");
        }
    }

    #[test]
    fn there_is_room_where_we_are() {
        assert!(free(Path::new(env!("CARGO_MANIFEST_DIR"))).is_some_and(|bytes| bytes > 0));
        assert_eq!(free(Path::new("/no/such/folder")), None);
    }
}
