//! Who holds the store, in words and so that a dead holder can be told from a slow one.

use std::path::Path;

/// This process, as a lease names its holder: `pid 4242 of host (since 123456, user 1000, space pid:[4026531836])`. The
/// moment at which the kernel started the process tells it from a later one with the same number; the process-id space
/// tells containers apart that share a volume.
pub fn this_process() -> String {
    let pid = std::process::id();
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let since = started(pid).unwrap_or_default();
    format!("pid {pid} of {} (since {since}, user {}, space {})", host.trim(), user(), space())
}

/// Whether `holder` was a process of this machine that does not run any more. What cannot be told is not dead.
pub fn is_dead(holder: &str) -> bool {
    let mine = this_process();
    if space().is_empty() || home(holder).is_none() || home(holder) != home(&mine) {
        return false;
    }
    // A process table may show only one's own processes (`hidepid`, `ProtectProc=`): there, somebody else's that is
    // alive looks as one that is not.
    let sees_everybody = started(1).is_some();
    if !sees_everybody && part(holder, "user ") != part(&mine, "user ") {
        return false;
    }
    let pid = holder.split(' ').nth(1).and_then(|pid| pid.parse::<u32>().ok());
    let since = part(holder, "(since ");
    match (pid, since) {
        (Some(pid), Some(since)) if !since.is_empty() => started(pid).is_none_or(|started| started != since),
        _ => false,
    }
}

/// The machine and the process-id space of a holder.
fn home(holder: &str) -> Option<(&str, &str)> {
    let (host, _) = holder.strip_prefix("pid ")?.split_once(" of ")?.1.split_once(" (since ")?;
    Some((host, part(holder, "space ")?))
}

/// What stands behind `label` in a holder's name.
fn part<'a>(holder: &'a str, label: &str) -> Option<&'a str> {
    let (_, rest) = holder.split_once(label)?;
    rest.split([',', ')']).next()
}

/// When the kernel started a process, in its own ticks since boot: field 22 of `/proc/PID/stat` (proc(5)). The name in
/// the second field may hold anything, so counting starts behind its closing parenthesis.
fn started(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(") ")?;
    rest.split(' ').nth(19).map(str::to_owned)
}

fn user() -> String {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").map(|facts| facts.uid().to_string()).unwrap_or_default()
}

fn space() -> String {
    std::fs::read_link(Path::new("/proc/self/ns/pid")).map(|link| link.display().to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{is_dead, this_process};

    #[test]
    fn a_process_that_ended_is_dead_and_what_cannot_be_told_is_not() {
        let mine = this_process();
        let (pid, rest) = mine.strip_prefix("pid ").unwrap().split_once(' ').unwrap();
        assert!(!is_dead(&mine));
        assert!(is_dead(&format!("pid 4194999 {rest}")), "no such process");
        assert!(is_dead(&mine.replace("(since ", "(since 9")), "the number was given to another process");
        assert!(!is_dead(&mine.replace(" of ", " of another-")), "another machine");
        assert!(!is_dead(&mine.replace("pid:[", "pid:[9")), "another container");
        assert!(!is_dead("somebody") && !is_dead("") && !is_dead(&format!("pid {pid}")));
    }
}
