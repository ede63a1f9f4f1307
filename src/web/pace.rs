//! How fast something may come.

use std::time::{Duration, Instant};

/// A bucket that fills at a steady rate: what came slowly may come in a burst once.
#[derive(Debug)]
pub(super) struct Pace {
    /// How many a second, and the most in one burst.
    rate: f64,
    left: f64,
    as_of: Instant,
}

impl Pace {
    /// Lets `rate` a second through.
    pub(super) fn new(rate: u32, now: Instant) -> Self {
        Self { rate: rate.into(), left: rate.into(), as_of: now }
    }

    /// Lets one through, or says how long to wait.
    pub(super) fn take(&mut self, now: Instant) -> Result<(), Duration> {
        self.left = self.filled(now);
        self.as_of = now;
        if self.left < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - self.left) / self.rate.max(0.001)));
        }
        self.left -= 1.0;
        Ok(())
    }

    /// Whether nothing came for so long that a new one would be the same.
    pub(super) fn is_rested(&self, now: Instant) -> bool {
        self.filled(now) >= self.rate
    }

    fn filled(&self, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(self.as_of);
        (self.left + passed.as_secs_f64() * self.rate).min(self.rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_what_is_faster_than_the_rate_waits() {
        let start = Instant::now();
        let after = |millis| start + Duration::from_millis(millis);
        let mut pace = Pace::new(10, start);
        assert!((0..10).all(|_| pace.take(start).is_ok()));
        assert_eq!(pace.take(start), Err(Duration::from_millis(100)));
        assert!(pace.take(after(101)).is_ok());
        assert!(pace.take(after(102)).is_err());
        assert_eq!(
            (0..100).filter(|_| pace.take(after(60_000)).is_ok()).count(),
            10,
            "no more than one burst is saved"
        );
        assert!(pace.take(after(59_000)).is_err(), "time that goes back fills nothing");
        assert!(!pace.is_rested(after(59_900)) && pace.is_rested(after(60_100)));
    }
}
