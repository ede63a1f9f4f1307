//! Web addresses taken apart.

use std::borrow::Cow;

use smallvec::SmallVec;
use url::Url;

/// A web address taken apart. Most are written as browsers would write them, and then they need no reading.
pub(super) enum Web<'a> {
    /// Nothing about it is unusual, and it asks for nothing behind a `?`.
    Plain { scheme: &'static str, host: &'a str, path: &'a str },
    /// Whatever browsers make of it.
    Read(Url),
}

impl<'a> Web<'a> {
    pub(super) fn read(address: &'a str) -> Option<Self> {
        let read = || Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        Self::plain(address).or_else(|| read().map(Self::Read))
    }

    /// An address of which reading it changes nothing: a name in lower case, no port, nothing encoded and nothing to encode,
    /// no `.` or `..` between slashes.
    fn plain(address: &'a str) -> Option<Self> {
        let rest = address.strip_prefix("http")?;
        let (scheme, rest) = match rest.strip_prefix("s://") {
            Some(rest) => ("https", rest),
            None => ("http", rest.strip_prefix("://")?),
        };
        let (host, path) = rest.split_at(name(rest.as_bytes())?);
        let mut before = b'/';
        for (at, byte) in path.bytes().enumerate() {
            match byte {
                b'#' => return Some(Self::Plain { scheme, host, path: &path[..at] }),
                b'.' if before == b'/' => return None,
                b'/' | b'-' | b'_' | b'~' | b'.' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => before = byte,
                _ => return None,
            }
        }
        Some(Self::Plain { scheme, host, path })
    }

    pub(super) fn scheme(&self) -> &str {
        match self {
            Self::Plain { scheme, .. } => scheme,
            Self::Read(url) => url.scheme(),
        }
    }

    pub(super) fn server(&self) -> Option<Server<'_>> {
        match self {
            Self::Plain { host, .. } => Some((bare(host), None)),
            Self::Read(url) => server(url),
        }
    }

    pub(super) fn path(&self) -> &str {
        match self {
            Self::Plain { path, .. } => path,
            Self::Read(url) => url.path(),
        }
    }

    /// What stands behind the `?` under this name.
    pub(super) fn asked(&self, name: &str) -> Option<Cow<'_, str>> {
        let Self::Read(url) = self else { return None };
        url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

/// How many bytes the name of a host has that stands in front of a path, where that is a plain one: one whose last part starts
/// with a digit may all be a number, and two hyphens may be something encoded.
fn name(address: &[u8]) -> Option<usize> {
    let (mut before, mut lettered) = (b'.', false);
    for (at, byte) in address.iter().enumerate() {
        match byte {
            b'/' => return (before != b'.' && lettered).then_some(at),
            b'-' | b'.' if before == *byte => return None,
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' => {}
            _ => return None,
        }
        if before == b'.' {
            lettered = byte.is_ascii_lowercase();
        }
        before = *byte;
    }
    None
}

/// The [`Server`] of an address, as it is written.
pub(super) fn host_of(url: &Url) -> Option<Cow<'_, str>> {
    server(url).map(host)
}

/// How both are written.
pub(super) fn host((host, port): Server<'_>) -> Cow<'_, str> {
    port.map_or_else(|| host.into(), |port| format!("{host}:{port}").into())
}

/// The host, `www.` left out, and an unusual port.
pub(super) type Server<'a> = (&'a str, Option<u16>);

/// Where an address leads, without what stands behind it.
pub(super) fn server(url: &Url) -> Option<Server<'_>> {
    Some((bare(url.host_str()?), url.port()))
}

fn bare(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

/// What stands between the slashes of a path.
pub(super) fn segments(path: &str) -> SmallVec<[&str; 8]> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Url, Web, server};

    #[test]
    fn what_is_unusual_is_left_to_the_parser() {
        for (address, plain) in [
            ("https://github.com/acme/rocket/issues/7", true),
            ("http://www.jira.acme.org/browse/OPS-1#comment", true),
            ("https://x.example//a./b~_", true),
            ("HTTPS://x.example/", false),
            ("https://X.example/", false),
            ("https://x.example", false),
            ("https://x.example:8443/", false),
            ("https://me@x.example/", false),
            ("https://x.example/?a=b", false),
            ("https://x.example/a/../b", false),
            ("https://x.example/.a", false),
            ("https://x.example/%41", false),
            ("https://10.0.0.1/", false),
            ("https://10.0x1/", false),
            ("https://xn--bcher-kva.example/", false),
            ("https://é.example/", false),
            ("https://.example/", false),
            ("https://example./", false),
            ("https:///a", false),
            ("ftp://x.example/", false),
            ("", false),
        ] {
            assert_eq!(Web::plain(address).is_some(), plain, "{address}");
        }
    }

    proptest! {
        #[test]
        fn what_is_plain_is_what_the_parser_makes_of_it(
            address in r"https?://[a-z0-9.-]{1,12}[.a-z]{0,4}/([a-zA-Z0-9/._~-]{0,12}|[a-z/.%2eE]{0,6})(#.{0,5})?",
        ) {
            if let Some(plain) = Web::plain(&address) {
                let url = Url::parse(&address).unwrap();
                prop_assert_eq!(plain.scheme(), url.scheme());
                prop_assert_eq!(plain.server(), server(&url));
                prop_assert_eq!(plain.path(), url.path());
                prop_assert_eq!(url.query(), None);
            }
        }
    }
}
