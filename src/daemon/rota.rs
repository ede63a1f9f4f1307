//! When passes are due, whatever the clock does: pure, told the time.
//!
//! 1. A firing is followed by one pass. Firings that were missed, or came while a pass ran, are made up for by one.
//! 2. A clock that jumps ahead causes one pass and no burst; one that is set back causes none, and no pause that is longer
//!    than the schedule's own.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use chrono::TimeDelta;

use crate::domain::schedule::Schedule;
use crate::domain::time::Moment;

/// The schedules, and what is due by them.
#[derive(Debug)]
pub(super) struct Rota {
    sync: Schedule,
    full: Schedule,
    jitter: Duration,
    /// When we last looked at the clock.
    seen: Moment,
    /// `None`: never again.
    next: Option<Moment>,
    next_full: Option<Moment>,
}

impl Rota {
    /// `last` is the start of the last pass that ended. The first pass is due at once unless the schedule was kept while
    /// we were away, and asks for everything: nobody knows how many full ones were missed.
    pub(super) fn new(sync: Schedule, full: Schedule, jitter: Duration, last: Option<Moment>, now: Moment) -> Self {
        // A pass that is said to begin later than now was made under a wrong clock.
        let kept = last.filter(|last| *last <= now).map(|last| sync.next_after(last));
        let next = kept.map_or(Some(now), |due| due.map(|due| due.max(now)));
        Self { sync, full, jitter, seen: now, next, next_full: Some(now) }
    }

    /// When the next pass is due.
    pub(super) fn next(&self) -> Option<Moment> {
        self.next
    }

    /// Whether a pass is due, and whether it asks for everything.
    pub(super) fn due(&mut self, now: Moment) -> Option<bool> {
        if now < self.seen {
            // Set back: what was due in the time that comes again may be due earlier than was thought.
            self.next = earlier(self.next, self.sync.next_after(now));
            self.next_full = earlier(self.next_full, self.full.next_after(now));
        }
        self.seen = now;
        let full = self.next_full.is_some_and(|full| full <= now);
        self.next.is_some_and(|next| next <= now).then_some(full)
    }

    /// A pass begins.
    pub(super) fn began(&mut self, full: bool, now: Moment) {
        self.next = self.sync.next_after(now).map(|next| next + self.random());
        if full {
            self.next_full = self.full.next_after(now);
        }
    }

    /// Takes other schedules in the place of these.
    pub(super) fn replace(&mut self, sync: Schedule, full: Schedule, jitter: Duration, now: Moment) {
        if sync.to_string() != self.sync.to_string() || jitter != self.jitter {
            // What is due already stays due.
            let due = self.next.filter(|next| *next <= now);
            self.next = due.or_else(|| sync.next_after(now));
        }
        if full.to_string() != self.full.to_string() {
            let due = self.next_full.filter(|next| *next <= now);
            self.next_full = due.or_else(|| full.next_after(now));
        }
        (self.sync, self.full, self.jitter) = (sync, full, jitter);
    }

    fn random(&self) -> TimeDelta {
        let most = u64::try_from(self.jitter.as_millis()).unwrap_or(u64::MAX).saturating_add(1);
        let millis = RandomState::new().hash_one(()) % most;
        TimeDelta::milliseconds(i64::try_from(millis).unwrap_or_default())
    }
}

fn earlier(one: Option<Moment>, other: Option<Moment>) -> Option<Moment> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        text.parse().unwrap()
    }

    fn schedule(text: &str) -> Schedule {
        Schedule::parse(text, chrono_tz::UTC).unwrap()
    }

    /// A rota that has made its first pass at ten on 21 November.
    fn rota() -> Rota {
        let start = at("2026-11-21T10:00:00Z");
        let mut rota = Rota::new(schedule("*/15 * * * *"), schedule("0 3 * * sun"), Duration::ZERO, None, start);
        assert_eq!(rota.due(start), Some(true));
        rota.began(true, start);
        rota
    }

    /// What a daemon does that looks at the clock at these moments: `pass` or `full` at each.
    fn plays(rota: &mut Rota, moments: &[&str]) -> Vec<String> {
        let look = |moment: &&str| {
            let now = at(moment);
            let full = rota.due(now)?;
            rota.began(full, now);
            Some(format!("{} {moment}", if full { "full" } else { "pass" }))
        };
        moments.iter().filter_map(look).collect()
    }

    #[test]
    fn c2_a_clock_that_jumps_makes_no_burst_and_no_pause() {
        for (what, moments, expected) in [
            ("nothing due", &["2026-11-21T10:14:59Z"][..], &[][..]),
            (
                "an hour ahead",
                &["2026-11-21T11:01:00Z", "2026-11-21T11:01:30Z", "2026-11-21T11:15:00Z"],
                &["pass 2026-11-21T11:01:00Z", "pass 2026-11-21T11:15:00Z"],
            ),
            (
                "an hour back",
                &["2026-11-21T09:01:00Z", "2026-11-21T09:01:30Z", "2026-11-21T09:15:00Z", "2026-11-21T09:15:30Z"],
                &["pass 2026-11-21T09:15:00Z"],
            ),
            (
                "two years ahead, and back",
                &[
                    "2028-11-21T10:01:00Z",
                    "2028-11-21T10:01:30Z",
                    "2026-11-21T10:02:00Z",
                    "2026-11-21T10:15:00Z",
                    "2026-11-22T03:00:00Z",
                ],
                &["full 2028-11-21T10:01:00Z", "pass 2026-11-21T10:15:00Z", "full 2026-11-22T03:00:00Z"],
            ),
            (
                "back by a second over a firing",
                &["2026-11-21T10:15:00Z", "2026-11-21T10:14:59Z", "2026-11-21T10:15:00Z", "2026-11-21T10:15:01Z"],
                &["pass 2026-11-21T10:15:00Z", "pass 2026-11-21T10:15:00Z"],
            ),
        ] {
            assert_eq!(plays(&mut rota(), moments), expected, "{what}");
        }
    }

    #[test]
    fn c3_three_weeks_away_are_made_up_for_once() {
        let moments = ["2026-12-12T10:00:07Z", "2026-12-12T10:00:08Z", "2026-12-12T10:14:00Z", "2026-12-12T10:15:00Z"];
        let expected = ["full 2026-12-12T10:00:07Z", "pass 2026-12-12T10:15:00Z"];
        assert_eq!(plays(&mut rota(), &moments), expected, "suspended");
        for (last, first) in [
            (Some("2026-11-21T10:00:00Z"), "2026-12-12T10:00:00Z"),
            (Some("2026-12-12T09:58:00Z"), "2026-12-12T10:00:00Z"),
            (Some("2026-12-12T10:00:00Z"), "2026-12-12T10:15:00Z"),
            (Some("2028-12-12T10:00:00Z"), "2026-12-12T10:00:00Z"),
            (None, "2026-12-12T10:00:00Z"),
        ] {
            let now = at("2026-12-12T10:00:00Z");
            let last_at = last.map(at);
            let rota = Rota::new(schedule("*/15 * * * *"), schedule("@weekly"), Duration::ZERO, last_at, now);
            assert_eq!(rota.next(), Some(at(first)), "off, last pass at {last:?}");
        }
    }

    #[test]
    fn another_schedule_counts_from_now_and_the_same_one_changes_nothing() {
        let (mut rota, now) = (rota(), at("2026-11-21T10:05:00Z"));
        rota.replace(schedule("*/15 * * * *"), schedule("0 3 * * sun"), Duration::ZERO, now);
        assert_eq!(rota.next(), Some(at("2026-11-21T10:15:00Z")));
        rota.replace(schedule("0 12 * * *"), schedule("0 3 * * sun"), Duration::ZERO, now);
        assert_eq!(rota.next(), Some(at("2026-11-21T12:00:00Z")));
        rota.replace(schedule("* * * * *"), schedule("0 3 * * sun"), Duration::ZERO, at("2026-11-21T12:00:00Z"));
        assert_eq!(rota.next(), Some(at("2026-11-21T12:00:00Z")), "what is due stays due");
    }

    #[test]
    fn jitter_comes_after_the_firing_and_is_bounded() {
        let start = at("2026-11-21T10:00:00Z");
        let jitter = Duration::from_secs(20);
        let mut rota = Rota::new(schedule("*/15 * * * *"), schedule("@weekly"), jitter, None, start);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..200 {
            rota.began(false, start);
            let late = rota.next().unwrap() - at("2026-11-21T10:15:00Z");
            assert!((TimeDelta::zero()..=TimeDelta::seconds(20)).contains(&late), "{late}");
            seen.insert(late);
        }
        assert!(seen.len() > 10, "{seen:?}");
    }
}
