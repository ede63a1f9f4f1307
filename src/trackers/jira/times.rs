//! Moments in all the forms that Jira uses.

use chrono::{DateTime, SubsecRound};
use serde_json::Value;

use crate::domain::time::Moment;

/// From this number on an epoch counts milliseconds; as seconds it would be the year 5138.
const MILLISECONDS: i64 = 100_000_000_000;

/// Reads `2026-08-24T11:11:52.944+0000` (no colon), RFC 3339, and epochs in seconds or milliseconds; to the second.
/// `None` for anything else: a moment that cannot be read was not told.
pub(super) fn moment(value: &Value) -> Option<Moment> {
    let moment = match value {
        Value::String(text) => {
            let text = text.trim();
            DateTime::parse_from_rfc3339(text)
                .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
                .map(|moment| moment.to_utc())
                .ok()
                .or_else(|| epoch(text.parse().ok()?))
        }
        Value::Number(number) => epoch(number.as_i64()?),
        _ => None,
    };
    moment.map(|moment| moment.trunc_subsecs(0))
}

fn epoch(number: i64) -> Option<Moment> {
    if number.abs() >= MILLISECONDS {
        DateTime::from_timestamp_millis(number)
    } else {
        DateTime::from_timestamp(number, 0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::moment;

    #[test]
    fn every_form_of_a_moment_is_read() {
        let same = "2026-08-24T11:11:52+00:00";
        for value in [
            json!("2026-08-24T11:11:52.944+0000"),
            json!("2026-08-24T13:11:52.000+0200"),
            json!("2026-08-24T11:11:52+0000"),
            json!("2026-08-24T11:11:52.944Z"),
            json!("2026-08-24T06:11:52-05:00"),
            json!(1_787_569_912),
            json!(1_787_569_912_944_i64),
            json!("1787569912944"),
        ] {
            assert_eq!(moment(&value).unwrap().to_rfc3339(), same, "{value}");
        }
    }

    #[test]
    fn what_is_no_moment_was_not_told() {
        for value in [Value::Null, json!(""), json!("yesterday"), json!("2026-08-24"), json!({}), json!(1.5)] {
            assert_eq!(moment(&value), None, "{value}");
        }
    }
}
