//! How fast each address may ask: whoever asks too fast is told to wait, and nobody else waits for it.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use axum::http::HeaderMap;

use super::pace::Pace;
use crate::domain::access::{Access, RATE};

/// How many addresses are told apart that ask at the same time; all further ones share one pace.
const ADDRESSES: usize = 4096;

/// Where proxies say for whom they ask: each puts the address that it sees behind those of the ones before.
const FORWARDED: &str = "x-forwarded-for";

/// Everybody who asked within the last second or so.
#[derive(Debug)]
pub(super) struct Crowd {
    /// Requests a second of one address.
    rate: u32,
    paces: HashMap<IpAddr, Pace>,
    /// When those who asked for nothing lately were last looked for.
    swept: Option<Instant>,
    /// When it was last told that somebody waits.
    told: Option<Instant>,
}

impl Default for Crowd {
    fn default() -> Self {
        Self::of(RATE)
    }
}

/// How often it is told that somebody waits, however many do.
const TELL_EVERY: Duration = Duration::from_secs(60);

/// No bucket is full again in less: to look for those that are more often is in vain.
const SWEEP_EVERY: Duration = Duration::from_secs(1);

fn is_over(since: Option<Instant>, pause: Duration, now: Instant) -> bool {
    since.is_none_or(|since| now.saturating_duration_since(since) >= pause)
}

impl Crowd {
    /// Allows so many requests a second from now on.
    pub(super) fn allow(&mut self, rate: u32) {
        if rate != self.rate {
            *self = Self::of(rate);
        }
    }

    fn of(rate: u32) -> Self {
        Self { rate, paces: HashMap::new(), swept: None, told: None }
    }

    /// Whether that somebody waits is to be told.
    pub(super) fn is_news(&mut self, now: Instant) -> bool {
        let news = is_over(self.told, TELL_EVERY, now);
        if news {
            self.told = Some(now);
        }
        news
    }

    /// Lets a request of `address` through, or says how long to wait.
    pub(super) fn take(&mut self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        let mut whose = whose(address);
        if !self.paces.contains_key(&whose) && self.paces.len() >= ADDRESSES {
            if is_over(self.swept, SWEEP_EVERY, now) {
                self.swept = Some(now);
                self.paces.retain(|_, pace| !pace.is_rested(now));
            }
            if self.paces.len() >= ADDRESSES {
                // Nobody's own.
                whose = IpAddr::V4(Ipv4Addr::BROADCAST);
            }
        }
        self.paces.entry(whose).or_insert_with(|| Pace::new(self.rate, now)).take(now)
    }
}

/// Whose address it is: of IPv6 everybody has a network of 2^64.
fn whose(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        address => address,
    }
}

/// Who asks: `peer`, or for whom a proxy does that is believed: the last address that no such proxy has.
pub(super) fn forwarded(peer: IpAddr, headers: &HeaderMap, access: &Access) -> IpAddr {
    // A proxy writes behind what a stranger sent, whatever bytes those are.
    let lines: Vec<_> =
        headers.get_all(FORWARDED).iter().map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
    let mut asks = peer;
    for text in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        if !access.believes(asks) {
            break;
        }
        match address(text.trim()) {
            Some(address) => asks = address,
            None => break,
        }
    }
    asks
}

/// An address, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| text.parse().ok().map(|address: SocketAddr| address.ip()))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn f3_whoever_asks_too_fast_waits_and_nobody_else_does() {
        let (mut crowd, now) = (Crowd::default(), Instant::now());
        crowd.allow(10);
        let mut passed = |address: &str, now| (0..100).filter(|_| crowd.take(ip(address), now).is_ok()).count();
        assert_eq!((passed("192.0.2.1", now), passed("192.0.2.2", now)), (10, 10));
        let later = now + Duration::from_millis(500);
        assert_eq!(passed("192.0.2.1", later), 5);
        assert_eq!(passed("::ffff:192.0.2.1", later), 0, "the same address, as a socket for both families shows it");
        assert_eq!((passed("2001:db8:0:1::1", now), passed("2001:db8:0:1:ffff::2", now)), (10, 0), "one network");
        assert_eq!(passed("2001:db8:0:2::1", now), 10);
    }

    #[test]
    fn that_somebody_waits_is_told_once_a_minute() {
        let (mut crowd, now) = (Crowd::default(), Instant::now());
        let told = [0, 1, 59, 60, 61].map(|seconds| crowd.is_news(now + Duration::from_secs(seconds)));
        assert_eq!(told, [true, false, false, true, false]);
    }

    #[test]
    fn a_crowd_takes_bounded_room() {
        let (mut crowd, now) = (Crowd::default(), Instant::now());
        crowd.allow(1);
        let nth = |n: usize| IpAddr::from(u32::try_from(n).unwrap().to_be_bytes());
        assert!((1..=ADDRESSES).all(|n| crowd.take(nth(n), now).is_ok()));
        let further = (1..=100).filter(|n| crowd.take(nth(ADDRESSES + n), now).is_ok());
        assert_eq!(further.count(), 1, "they share one pace");
        assert!(crowd.paces.len() <= ADDRESSES + 1);
        // Whoever has not asked for a while is forgotten.
        let later = now + Duration::from_secs(2);
        assert!((1..=100).all(|n| crowd.take(nth(ADDRESSES + n), later).is_ok()));
        assert_eq!(crowd.paces.len(), 100);
    }

    #[test]
    fn f6_only_proxies_that_are_listed_say_for_whom_they_ask() {
        let access = Access { proxies: vec!["10.0.0.0/8".parse().unwrap()], ..Access::default() };
        for (peer, lines, expected) in [
            ("10.0.0.1", vec!["192.0.2.1"], "192.0.2.1"),
            ("10.0.0.1", vec!["203.0.113.9, 192.0.2.1"], "192.0.2.1"),
            ("10.0.0.1", vec!["203.0.113.9", "192.0.2.1, 10.0.0.2"], "192.0.2.1"),
            ("10.0.0.1", vec!["[2001:db8::1]:443"], "2001:db8::1"),
            ("10.0.0.1", vec!["192.0.2.1:5000"], "192.0.2.1"),
            ("10.0.0.1", vec!["[2001:db8::1]"], "2001:db8::1"),
            ("10.0.0.1", vec!["192.0.2.1, unknown"], "10.0.0.1"),
            ("10.0.0.1", vec!["é, 192.0.2.1"], "192.0.2.1"),
            ("10.0.0.1", vec![""], "10.0.0.1"),
            ("10.0.0.1", vec![], "10.0.0.1"),
            ("::ffff:10.0.0.1", vec!["192.0.2.1"], "192.0.2.1"),
            ("192.0.2.7", vec!["203.0.113.9"], "192.0.2.7"),
        ] {
            let mut headers = HeaderMap::new();
            for line in &lines {
                headers.append(FORWARDED, HeaderValue::from_bytes(line.as_bytes()).unwrap());
            }
            assert_eq!(forwarded(ip(peer), &headers, &access), ip(expected), "{peer} {lines:?}");
        }
    }
}
