//! Words to the service manager: a datagram each, as sd_notify(3) describes. Where nobody listens nothing is said.

use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::sync::Arc;
use std::time::Duration;

/// The service manager, if there is one. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Manager {
    line: Option<Arc<(UnixDatagram, SocketAddr)>>,
    watchdog: Option<Duration>,
}

impl Manager {
    /// The manager that listens at `socket` (the variable `NOTIFY_SOCKET`; `@` in front means an abstract name) and wants a
    /// sign of life every `watchdog` (`WATCHDOG_USEC`, in microseconds).
    pub fn new(socket: Option<&str>, watchdog: Option<&str>) -> Self {
        let address = socket.and_then(|socket| match socket.strip_prefix('@') {
            Some(name) => SocketAddr::from_abstract_name(name).ok(),
            None => SocketAddr::from_pathname(socket).ok(),
        });
        let line = address.and_then(|address| Some(Arc::new((UnixDatagram::unbound().ok()?, address))));
        let watchdog = watchdog.and_then(|micros| micros.parse().ok()).map(Duration::from_micros);
        Self { watchdog: watchdog.filter(|span| !span.is_zero() && line.is_some()), line }
    }

    /// How often a sign of life is wanted.
    pub fn watchdog(&self) -> Option<Duration> {
        self.watchdog
    }

    /// Says `words`, such as `READY=1`. A manager that does not hear us is its own trouble.
    pub fn say(&self, words: &str) {
        if let Some(line) = &self.line
            && let Err(error) = line.0.send_to_addr(words.as_bytes(), &line.1)
        {
            tracing::debug!("the service manager does not hear us: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_arrive_as_they_are_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        let manager = Manager::new(path.to_str(), Some("2000000"));
        assert_eq!(manager.watchdog(), Some(Duration::from_secs(2)));
        manager.say("READY=1\nSTATUS=here");
        let mut heard = [0; 64];
        let length = socket.recv(&mut heard).unwrap();
        assert_eq!(&heard[..length], b"READY=1\nSTATUS=here");
    }

    #[test]
    fn where_nobody_listens_nothing_is_said_and_nothing_breaks() {
        for manager in [Manager::new(None, Some("1000")), Manager::new(Some("/nowhere/at/all"), Some("0"))] {
            manager.say("READY=1");
            assert_eq!(manager.watchdog(), None);
        }
    }
}
