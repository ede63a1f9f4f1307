//! What a reply says of limits, in every form that trackers use: how long to wait, how much is left, and until when.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};

use super::reply::Reply;

/// The pause where a limit is told and no end of it: the least that GitHub asks for, and no less than Jira's examples.
const UNSAID: Duration = Duration::from_secs(60);
/// No pause is kept for longer, whatever a server asks for: the quotas of the trackers are by the hour.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// What is left of a quota.
pub(super) struct Allowance {
    pub(super) limit: u64,
    pub(super) left: u64,
    /// Whether these are numbers that the server told; else it said only that little is left.
    pub(super) counted: bool,
    /// How long until it is whole again, or some of it comes back.
    pub(super) back: Duration,
    /// How much comes back then; all, where that is not said.
    fill: Option<u64>,
}

impl Allowance {
    /// How long until more than `floor` is left.
    pub(super) fn until_above(&self, floor: u64) -> Duration {
        let steps = match self.fill {
            Some(fill) => (floor + 1).saturating_sub(self.left).div_ceil(fill.max(1)),
            None => 1,
        };
        self.back.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX)).min(LONGEST)
    }
}

impl Reply {
    fn number(&self, name: &str) -> Option<u64> {
        self.header(name)?.trim().parse().ok()
    }

    /// The moment at which the server sent the reply, by its own clock.
    pub fn sent(&self) -> Option<DateTime<Utc>> {
        DateTime::parse_from_rfc2822(self.header("date")?).ok().map(|at| at.to_utc())
    }

    /// How long it is until a moment, by the server's own clock, so that nobody's clock matters.
    pub fn until(&self, moment: DateTime<Utc>) -> Option<Duration> {
        Some((moment - self.sent()?).to_std().unwrap_or(Duration::ZERO))
    }

    /// The pause that the server asks for, in seconds or as a date. What cannot be read is no pause at all.
    pub fn retry_after(&self) -> Option<Duration> {
        let text = self.header("retry-after")?.trim();
        match text.parse() {
            Ok(seconds) => Some(Duration::from_secs(seconds)),
            Err(_) => self.until(DateTime::parse_from_rfc2822(text).ok()?.to_utc()),
        }
    }

    /// When the quota is whole again: GitHub says it in seconds since 1970, Jira as a date, at times without seconds.
    pub(super) fn reset(&self) -> Option<DateTime<Utc>> {
        let text = self.header("x-ratelimit-reset")?.trim();
        if let Ok(epoch) = text.parse() {
            return DateTime::from_timestamp(epoch, 0);
        }
        let short = || NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%MZ").ok().map(|at| at.and_utc());
        DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc()).or_else(short)
    }

    /// Whether the quota that it was counted on is used up. A limit without that is about us as a whole.
    pub(super) fn is_used_up(&self) -> bool {
        self.number("x-ratelimit-remaining") == Some(0)
    }

    /// Whether it is a quota's end that Jira tells, which is lifted by the hour; a burst's is over in seconds.
    pub(super) fn is_by_the_hour(&self) -> bool {
        self.header("ratelimit-reason").is_some_and(|reason| reason.contains("quota"))
    }

    /// How long to leave the server alone after this limit: as long as it says, else until the quota's end where that
    /// is used up, else a minute.
    pub(super) fn pause(&self) -> Duration {
        let reset = || self.until(self.reset().filter(|_| self.number("x-ratelimit-remaining").unwrap_or(0) == 0)?);
        let asked = self.retry_after().or_else(reset).unwrap_or(UNSAID);
        if asked > LONGEST {
            tracing::warn!("{} asks for a pause of {} s; asking again in a day", self.asked(), asked.as_secs());
        }
        asked.min(LONGEST)
    }

    /// What is left of the quota that the request was counted on, where the reply tells that and when it comes back.
    pub(super) fn allowance(&self) -> Option<Allowance> {
        // Jira says of a quota without numbers only that its last fifth has begun.
        let near = || self.header("x-ratelimit-nearlimit").filter(|near| near.eq_ignore_ascii_case("true"));
        let (limit, left, counted) = match (self.number("x-ratelimit-limit"), self.number("x-ratelimit-remaining")) {
            (Some(limit), Some(left)) => (limit, left, true),
            _ => near().map(|_| (1, 0, false))?,
        };
        // A Data Center's bucket has no end: so much comes back every few seconds.
        let interval = self.number("x-ratelimit-interval-seconds").map(Duration::from_secs);
        let (back, fill) = match interval {
            Some(interval) => (interval, Some(self.number("x-ratelimit-fillrate")?)),
            None => (self.reset().and_then(|reset| self.until(reset)).unwrap_or(UNSAID), None),
        };
        Some(Allowance { limit, left, counted, back, fill })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

    use super::super::reply::Reply;

    const DATE: (&str, &str) = ("date", "Wed, 21 Oct 2026 07:28:00 GMT");

    fn limit(headers: &[(&'static str, &str)]) -> Reply {
        let headers = headers.iter().chain([&DATE]);
        let headers: HeaderMap = headers
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
            .collect();
        let url = "https://api.example.org/x".parse().unwrap();
        Reply { url, status: StatusCode::TOO_MANY_REQUESTS, headers, body: Vec::new().into() }
    }

    #[test]
    fn a_pause_is_read_in_every_form() {
        for (value, asked, kept) in [
            ("0", Some(0), 0),
            ("120", Some(120), 120),
            ("1000000000", Some(1_000_000_000), 86_400),
            ("Wed, 21 Oct 2026 07:28:30 GMT", Some(30), 30),
            ("Wed, 21 Oct 2026 07:00:00 GMT", Some(0), 0),
            ("abc", None, 60),
            ("-1", None, 60),
            ("1.5", None, 60),
        ] {
            let reply = limit(&[("retry-after", value)]);
            assert_eq!(reply.retry_after(), asked.map(Duration::from_secs), "{value}");
            assert_eq!(reply.pause(), Duration::from_secs(kept), "{value}");
        }
    }

    #[test]
    fn without_a_pause_the_quotas_end_counts_and_else_a_minute() {
        // 1792567680 is DATE.
        for (headers, kept) in [
            (&[][..], 60),
            (&[("x-ratelimit-reset", "1792567980"), ("x-ratelimit-remaining", "0")], 300),
            (&[("x-ratelimit-reset", "1792567980"), ("x-ratelimit-remaining", "0"), ("retry-after", "7")], 7),
            (&[("x-ratelimit-reset", "1792567980"), ("x-ratelimit-remaining", "12")], 60),
            (&[("x-ratelimit-reset", "1792560000"), ("x-ratelimit-remaining", "0")], 0),
            (&[("x-ratelimit-reset", "4102444800"), ("x-ratelimit-remaining", "0")], 86_400),
            (&[("x-ratelimit-reset", "2026-10-21T08:00Z")], 32 * 60),
            (&[("x-ratelimit-reset", "2026-10-21T08:00:30Z")], 32 * 60 + 30),
            (&[("x-ratelimit-reset", "soon"), ("x-ratelimit-remaining", "0")], 60),
        ] {
            assert_eq!(limit(headers).pause(), Duration::from_secs(kept), "{headers:?}");
        }
    }

    #[test]
    fn what_is_left_is_read_with_when_it_comes_back() {
        let told = |headers: &[(&'static str, &str)], floor| {
            let allowance = limit(headers).allowance()?;
            Some((allowance.limit, allowance.left, allowance.until_above(floor).as_secs()))
        };
        let (of, left) = (("x-ratelimit-limit", "5000"), ("x-ratelimit-remaining", "480"));
        assert_eq!(told(&[of, left, ("x-ratelimit-reset", "1792567980")], 500), Some((5000, 480, 300)));
        assert_eq!(told(&[of, left], 500), Some((5000, 480, 60)));
        assert_eq!(told(&[of], 500), None);
        let near = |value| ("x-ratelimit-nearlimit", value);
        assert_eq!(told(&[near("true"), ("x-ratelimit-reset", "2026-10-21T08:00Z")], 0), Some((1, 0, 1920)));
        assert_eq!(told(&[near("false")], 0), None);
        // A Data Center: ten come back every five seconds; twenty-one are missing to one above the floor.
        let bucket = [("x-ratelimit-interval-seconds", "5"), ("x-ratelimit-fillrate", "10"), of, left];
        assert_eq!(told(&bucket, 500), Some((5000, 480, 15)));
    }

    #[test]
    fn jiras_reasons_are_told_apart() {
        for (reason, by_the_hour) in [
            ("jira-quota-tenant-based", true),
            ("jira-quota-global-based", true),
            ("jira-burst-based", false),
            ("jira-cost-based", false),
        ] {
            assert_eq!(limit(&[("ratelimit-reason", reason)]).is_by_the_hour(), by_the_hour);
        }
    }
}
