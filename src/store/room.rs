//! The file system that a store stands on: how much room is left there, and whether it is of this machine.
//!
//! SQLite's log needs memory that all who use the store share, which no network gives:
//! <https://sqlite.org/wal.html>. One daemon alone may get by there for years, so that is told and not refused.

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

/// The name of the file system that the store stands on, or will, if its files are on other machines. What the system does
/// not tell is none.
pub(super) fn far(store: &Path) -> Option<String> {
    let folder = store.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let store = store.canonicalize().or_else(|_| folder.canonicalize()).ok()?;
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

    #[test]
    fn there_is_room_where_we_are() {
        assert!(free(Path::new(env!("CARGO_MANIFEST_DIR"))).is_some_and(|bytes| bytes > 0));
        assert_eq!(free(Path::new("/no/such/folder")), None);
    }
}
