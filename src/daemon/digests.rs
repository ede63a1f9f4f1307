//! Digests while the daemon runs: each has its turn when its schedule says so, and what waits in the outbox is sent.
//!
//! 1. When a digest's turn was last stands in the store. A turn that was missed is made up for once, however many were.
//! 2. A turn waits for a pass that runs or is due, though not for long: it tells what that found.
//! 3. A turn that comes too early, because a clock jumped, tells what changed until then; nothing is lost or told twice by
//!    it.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::digest::{self, Taken};
use crate::domain::digest::DigestSettings;
use crate::domain::schedule::Schedule;
use crate::domain::time::Moment;
use crate::notify::Notifier;
use crate::sync::Shop;
use crate::web::vitals::Vitals;

/// How long one sleep lasts at most: the wall clock can jump, and somebody else may put something into the outbox.
const LONGEST_SLEEP: Duration = Duration::from_secs(20);

/// For so long a turn waits for passes.
const FOR_PASSES: TimeDelta = TimeDelta::hours(1);

/// The digests in force.
#[derive(Debug, Clone, Default)]
pub struct Digests {
    /// Each with its secrets.
    pub all: Vec<DigestSettings>,
    /// Where their links lead, without a slash at its end.
    pub home: Option<String>,
}

/// Whoever takes digests' turns and sends them.
pub(super) struct PostOffice {
    pub(super) digests: watch::Receiver<Digests>,
    pub(super) shop: watch::Receiver<Shop>,
    pub(super) vitals: Vitals,
    pub(super) notifier: Notifier,
    pub(super) stop: CancellationToken,
}

impl PostOffice {
    /// Until the stop; a message that is being sent then is sent to its end.
    pub(super) async fn run(mut self) {
        tokio::select! {
            () = self.stop.cancelled() => return,
            () = self.vitals.looked_through() => {}
        }
        loop {
            // Whatever goes wrong, even inside dragnet, the next look is another chance.
            let (digests, shop) = (self.digests.borrow_and_update().clone(), self.shop.borrow().clone());
            let busy = self.is_busy(shop.clock.now());
            let (notifier, stop) = (self.notifier.clone(), self.stop.clone());
            match tokio::spawn(async move { look(&digests, &shop, busy, &notifier, &stop).await }).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!("digests: {error:#}"),
                Err(error) => {
                    tracing::error!("sending digests broke off: {error}; please report this");
                    self.vitals.state().panics += 1;
                }
            }
            tokio::select! {
                () = self.stop.cancelled() => return,
                changed = self.digests.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(LONGEST_SLEEP) => {}
            }
        }
    }

    /// Whether a pass runs or is to begin.
    fn is_busy(&self, now: Moment) -> bool {
        let state = self.vitals.state();
        state.job.is_some() || state.next.is_none_or(|next| next <= now)
    }
}

async fn look(
    digests: &Digests,
    shop: &Shop,
    busy: bool,
    notifier: &Notifier,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let now = shop.clock.now();
    let mut told = shop.store.digest_turns().await?;
    if !digests.all.iter().map(|digest| &digest.name).collect::<BTreeSet<_>>().into_iter().eq(told.keys()) {
        shop.store.know_digests(digests.all.iter().map(|digest| digest.name.clone()).collect(), now).await?;
        told = shop.store.digest_turns().await?;
    }
    for digest in &digests.all {
        let last = told.get(&digest.name).copied().unwrap_or(now);
        if is_due(&digest.schedule, last, now, busy) {
            match digest::turn(shop, digest, digests.home.as_deref(), now).await? {
                Taken::Silent => tracing::info!("digest {}: nothing new", digest.name),
                Taken::Posted(posted) => tracing::info!("digest {}: {posted} to send", digest.name),
                Taken::Meanwhile => {}
            }
        }
    }
    if shop.store.next_letter_at().await?.is_some_and(|due| due <= now) {
        digest::deliver(&shop.store, &shop.clock, notifier, &digests.all, stop).await?;
    }
    Ok(())
}

/// Whether a digest's turn has come whose `last` one was then.
fn is_due(schedule: &Schedule, last: Moment, now: Moment, busy: bool) -> bool {
    // One that is said to be later than now was made under a wrong clock.
    let Some(fired) = (if last > now { Some(now) } else { schedule.next_after(last) }) else { return false };
    fired <= now && (!busy || now - fired >= FOR_PASSES)
}

#[cfg(test)]
mod tests {
    use super::is_due;
    use crate::domain::schedule::Schedule;
    use crate::domain::time::Moment;

    /// The turns of a digest whose daemon looks at these moments, the last turn before them being `last`.
    fn turns<'m>(schedule: &str, zone: &str, last: &str, looks: &[(&'m str, bool)]) -> Vec<&'m str> {
        let schedule = Schedule::parse(schedule, zone.parse().unwrap()).unwrap();
        let mut last: Moment = last.parse().unwrap();
        let mut taken = Vec::new();
        for (at, busy) in looks {
            let now = at.parse().unwrap();
            if is_due(&schedule, last, now, *busy) {
                last = now;
                taken.push(*at);
            }
        }
        taken
    }

    #[test]
    fn c1_a_turn_comes_at_nine_in_its_own_zone_also_where_clocks_are_set() {
        // Clocks were set back in Berlin on 25 October, and forward on 28 March.
        for (zone, last, before, at) in [
            ("Europe/Berlin", "2026-10-19T07:00:00Z", "2026-10-26T07:59:59Z", "2026-10-26T08:00:00Z"),
            ("Europe/Berlin", "2027-03-22T08:00:00Z", "2027-03-29T06:59:59Z", "2027-03-29T07:00:00Z"),
            ("America/Los_Angeles", "2026-10-26T16:00:00Z", "2026-11-02T16:59:59Z", "2026-11-02T17:00:00Z"),
            ("Asia/Kolkata", "2026-10-26T03:30:00Z", "2026-11-02T03:29:59Z", "2026-11-02T03:30:00Z"),
        ] {
            assert_eq!(turns("0 9 * * mon", zone, last, &[(before, false), (at, false)]), [at], "{zone}");
        }
        // In the gap right after it, in the overlap once.
        let looks = [("2027-03-28T00:59:00Z", false), ("2027-03-28T01:00:00Z", false), ("2027-03-28T01:30:00Z", false)];
        assert_eq!(turns("30 2 * * *", "Europe/Berlin", "2027-03-27T01:30:00Z", &looks), ["2027-03-28T01:00:00Z"]);
        let looks = [("2026-10-25T00:30:00Z", false), ("2026-10-25T01:30:00Z", false), ("2026-10-26T01:30:00Z", false)];
        let expected = ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"];
        assert_eq!(turns("30 2 * * *", "Europe/Berlin", "2026-10-24T00:30:00Z", &looks), expected);
    }

    #[test]
    fn c2_a_clock_that_jumps_loses_no_turn_and_makes_no_burst() {
        let looks = [
            ("2028-11-23T09:00:00Z", false),
            ("2028-11-23T09:00:20Z", false),
            ("2026-11-24T10:00:00Z", false),
            ("2026-11-24T10:00:20Z", false),
            ("2026-11-30T09:00:00Z", false),
        ];
        let expected = ["2028-11-23T09:00:00Z", "2026-11-24T10:00:00Z", "2026-11-30T09:00:00Z"];
        assert_eq!(turns("0 9 * * mon", "UTC", "2026-11-23T09:00:00Z", &looks), expected);
    }

    #[test]
    fn c3_three_weeks_away_are_made_up_for_by_one_turn() {
        let looks = [("2026-12-16T14:00:00Z", false), ("2026-12-16T14:00:20Z", false), ("2026-12-21T09:00:00Z", false)];
        let expected = ["2026-12-16T14:00:00Z", "2026-12-21T09:00:00Z"];
        assert_eq!(turns("0 9 * * mon", "UTC", "2026-11-23T09:00:00Z", &looks), expected);
    }

    #[test]
    fn c4_a_weekly_turn_comes_once_in_each_week_around_a_new_year_of_53_weeks() {
        // Monday 28 December 2026 begins the 53rd week, to which three days of January belong; in Auckland it is Monday before.
        for (zone, hour, days) in [
            ("Europe/Berlin", "08:00:00Z", ["2026-12-21", "2026-12-28", "2027-01-04", "2027-01-11"]),
            ("Pacific/Auckland", "20:00:00Z", ["2026-12-20", "2026-12-27", "2027-01-03", "2027-01-10"]),
        ] {
            let [last, expected @ ..] = days.map(|day| format!("{day}T{hour}"));
            let begin: Moment = last.parse().unwrap();
            let looks: Vec<String> = (1..=21 * 24)
                .map(|hours| (begin + chrono::TimeDelta::hours(hours)).format("%FT%TZ").to_string())
                .collect();
            let looks: Vec<(&str, bool)> = looks.iter().map(|at| (at.as_str(), false)).collect();
            assert_eq!(turns("0 9 * * mon", zone, &last, &looks), expected, "{zone}");
        }
    }

    #[test]
    fn a_turn_waits_for_a_pass_and_for_no_more_than_an_hour() {
        let last = "2026-11-16T09:00:00Z";
        let looks = [("2026-11-23T09:00:00Z", true), ("2026-11-23T09:20:00Z", true), ("2026-11-23T09:20:20Z", false)];
        assert_eq!(turns("0 9 * * mon", "UTC", last, &looks), ["2026-11-23T09:20:20Z"]);
        let looks = [("2026-11-23T09:00:00Z", true), ("2026-11-23T09:59:59Z", true), ("2026-11-23T10:00:00Z", true)];
        assert_eq!(turns("0 9 * * mon", "UTC", last, &looks), ["2026-11-23T10:00:00Z"]);
    }
}
