//! When passes run: five-field cron as crontab understands it, in a time zone.
//!
//! The `cron` crate that computes the firings reads another dialect: it wants seconds first, counts Sunday as 1 and asks
//! for day-of-month *and* weekday to match. So the five fields are translated: weekday numbers become names, ranges that
//! wrap around the week become lists, and where both day fields are restricted two schedules are kept, of which either
//! may fire.

use chrono_tz::Tz;

use super::time::Moment;

/// A cron expression in a time zone.
#[derive(Debug, Clone)]
pub struct Schedule {
    text: String,
    zone: Tz,
    either: Vec<cron::Schedule>,
}

/// Why a text is no schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotASchedule {
    /// Not five fields.
    #[error("expected five fields (minute hour day-of-month month day-of-week), found {0}")]
    Fields(usize),
    /// A weekday that is none.
    #[error("`{0}` is no day of the week (0 to 7, or sun to sat)")]
    Weekday(String),
    /// Something else that cron does not read.
    #[error("not a schedule: {0}")]
    Cron(String),
    /// A day that no year has, such as 30 February.
    #[error("this never fires")]
    Never,
}

impl Schedule {
    /// Reads `text`: five fields, or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`.
    pub fn parse(text: &str, zone: Tz) -> Result<Self, NotASchedule> {
        let fields: Vec<&str> = match text.trim() {
            "@hourly" => vec!["0", "*", "*", "*", "*"],
            "@daily" | "@midnight" => vec!["0", "0", "*", "*", "*"],
            "@weekly" => vec!["0", "0", "*", "*", "0"],
            "@monthly" => vec!["0", "0", "1", "*", "*"],
            "@yearly" | "@annually" => vec!["0", "0", "1", "1", "*"],
            other => other.split_whitespace().collect(),
        };
        let [minute, hour, day, month, weekday] = fields[..] else {
            return Err(NotASchedule::Fields(fields.len()));
        };
        // As in crontab, a field that starts with `*` restricts nothing when the other day field is consulted.
        let any_day = day.starts_with('*') || weekday.starts_with('*');
        let weekday = weekdays(weekday)?;
        let read = |day: &str, weekday: &str| {
            let line = format!("0 {minute} {hour} {day} {month} {weekday}");
            line.parse::<cron::Schedule>().map_err(|error| NotASchedule::Cron(error.to_string()))
        };
        let either = if any_day { vec![read(day, &weekday)?] } else { vec![read(day, "*")?, read("*", &weekday)?] };
        let schedule = Self { text: text.trim().to_owned(), zone, either };
        // Any moment will do: a day that some year has comes round within eight years of it.
        schedule.next_after(Moment::UNIX_EPOCH).ok_or(NotASchedule::Never).map(|_| schedule)
    }

    /// The first firing after `moment`; `None` when there is none in the years that cron knows.
    pub fn next_after(&self, moment: Moment) -> Option<Moment> {
        let local = moment.with_timezone(&self.zone);
        self.either.iter().filter_map(|cron| cron.after(&local).next()).map(|at| at.to_utc()).min()
    }

    /// The zone in which its hours count.
    pub fn zone(&self) -> Tz {
        self.zone
    }
}

impl std::fmt::Display for Schedule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.text, self.zone)
    }
}

const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// The weekday field with names for numbers and lists for ranges: `5-1` becomes `FRI,SAT,SUN,MON`.
fn weekdays(field: &str) -> Result<String, NotASchedule> {
    let wrong = || NotASchedule::Weekday(field.to_owned());
    let day = |text: &str| match text.parse::<usize>() {
        Ok(number) if number <= 7 => Ok(number % 7),
        Ok(_) => Err(wrong()),
        Err(_) => DAYS.iter().position(|name| name.eq_ignore_ascii_case(text)).ok_or_else(wrong),
    };
    let mut chosen = [false; 7];
    for item in field.split(',') {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, step.parse::<usize>().ok().filter(|step| *step > 0).ok_or_else(wrong)?),
            None => (item, 1),
        };
        let (first, length) = match range.split_once('-') {
            _ if range == "*" => (0, 7),
            Some((first, last)) => {
                let (first, end) = (day(first)?, day(last)?);
                (first, if last == "7" && first == 0 { 7 } else { (end + 7 - first) % 7 + 1 })
            }
            None => (day(range)?, if step > 1 { 7 - day(range)? } else { 1 }),
        };
        for offset in (0..length).step_by(step) {
            chosen[(first + offset) % 7] = true;
        }
    }
    if chosen == [true; 7] {
        return Ok("*".to_owned());
    }
    let names: Vec<&str> = DAYS.into_iter().zip(chosen).filter_map(|(name, yes)| yes.then_some(name)).collect();
    Ok(names.join(","))
}

#[cfg(test)]
mod tests {
    use super::{NotASchedule, Schedule, weekdays};

    fn firings(text: &str, after: &str, count: usize) -> Vec<String> {
        let schedule = Schedule::parse(text, chrono_tz::UTC).unwrap();
        let mut at = after.parse().unwrap();
        (0..count)
            .map(|_| {
                at = schedule.next_after(at).unwrap();
                at.format("%a %F %H:%M").to_string()
            })
            .collect()
    }

    #[test]
    fn it_fires_when_crontab_would() {
        for (text, expected) in [
            ("*/15 * * * *", ["Sat 2026-11-21 10:15", "Sat 2026-11-21 10:30"]),
            ("0 7 * * 1-5", ["Mon 2026-11-23 07:00", "Tue 2026-11-24 07:00"]),
            ("0 3 * * sun", ["Sun 2026-11-22 03:00", "Sun 2026-11-29 03:00"]),
            ("0 3 * * 0", ["Sun 2026-11-22 03:00", "Sun 2026-11-29 03:00"]),
            ("0 3 * * 7", ["Sun 2026-11-22 03:00", "Sun 2026-11-29 03:00"]),
            ("0 3 * * fri-mon", ["Sun 2026-11-22 03:00", "Mon 2026-11-23 03:00"]),
            ("0 0 1,15 * mon", ["Mon 2026-11-23 00:00", "Mon 2026-11-30 00:00"]),
            ("0 0 25 * mon", ["Mon 2026-11-23 00:00", "Wed 2026-11-25 00:00"]),
            ("@daily", ["Sun 2026-11-22 00:00", "Mon 2026-11-23 00:00"]),
            ("0 12 29 2 *", ["Tue 2028-02-29 12:00", "Sun 2032-02-29 12:00"]),
        ] {
            assert_eq!(firings(text, "2026-11-21T10:00:00Z", 2), expected, "{text}");
        }
    }

    #[test]
    fn weekdays_are_named() {
        for (field, names) in [
            ("*", "*"),
            ("0-6", "*"),
            ("0-7", "*"),
            ("1-7", "*"),
            ("*/2", "SUN,TUE,THU,SAT"),
            ("5-1", "SUN,MON,FRI,SAT"),
            ("sat-7", "SUN,SAT"),
        ] {
            assert_eq!(weekdays(field).unwrap(), names, "{field}");
        }
    }

    #[test]
    fn what_is_no_schedule_is_refused() {
        let error = |text| Schedule::parse(text, chrono_tz::UTC).unwrap_err();
        assert_eq!(error("* * * *"), NotASchedule::Fields(4));
        assert_eq!(error("0 * * * * *"), NotASchedule::Fields(6));
        assert_eq!(error(""), NotASchedule::Fields(0));
        assert_eq!(error("0 0 * * 8"), NotASchedule::Weekday("8".into()));
        assert_eq!(error("0 0 * * frog"), NotASchedule::Weekday("frog".into()));
        assert_eq!(error("0 0 30 2 *"), NotASchedule::Never);
        assert!(matches!(error("99 * * * *"), NotASchedule::Cron(_)));
    }
}
