//! Moments as trackers write them: RFC 3339, and Jira's form with an offset without a colon.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use crate::domain::time::Moment;

/// `2021-05-04T10:00:00Z`, `2021-05-04T10:00:00.123+0200`, `2021-05-04 10:00:00` (taken as UTC), `2021-05-04`.
pub(super) fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    let zoned = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .map(|at| at.with_timezone(&Utc));
    let at = zoned.ok().or_else(|| {
        let bare = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
        bare.or_else(|| text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0)).map(|at| at.and_utc())
    })?;
    // Whole seconds are what the rest of the program reckons in.
    DateTime::from_timestamp(at.timestamp(), 0)
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn both_trackers_dates_are_read() {
        for (text, expected) in [
            ("2021-05-04T10:00:00Z", Some("2021-05-04T10:00:00+00:00")),
            ("2021-05-04T10:00:00+02:00", Some("2021-05-04T08:00:00+00:00")),
            ("2021-05-04T10:00:00.999+0000", Some("2021-05-04T10:00:00+00:00")),
            ("2021-05-04T10:00:00.000-0430", Some("2021-05-04T14:30:00+00:00")),
            ("2021-05-04 10:00:00", Some("2021-05-04T10:00:00+00:00")),
            ("2021-05-04", Some("2021-05-04T00:00:00+00:00")),
            ("0009-02-03T00:00:00.000+0000", Some("0009-02-03T00:00:00+00:00")),
            ("yesterday", None),
            ("2021-13-04T10:00:00Z", None),
            ("", None),
        ] {
            assert_eq!(moment(text).map(|at| at.to_rfc3339()), expected.map(str::to_owned), "{text}");
        }
    }
}
