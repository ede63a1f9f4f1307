//! When passes run: five-field cron as crontab understands it, in a time zone.
//!
//! The `cron` crate that computes the firings reads another dialect: it wants seconds first, counts Sunday as 1 and asks
//! for day-of-month *and* weekday to match. So the five fields are translated: weekday numbers become names, ranges that
//! wrap around the week become lists, and where both day fields are restricted two schedules are kept, of which either
//! may fire.
//!
//! Where clocks are set, the crate would leave out what falls into the hour that is skipped and repeat what falls into the
//! one that comes twice. So it counts on a wall clock that is never set, and each of its firings is placed here, as
//! crontab has it: in the gap right after it; in the overlap once, unless minutes or hours are not fixed.

use chrono::{LocalResult, NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

use super::time::Moment;

/// A cron expression in a time zone.
#[derive(Debug, Clone)]
pub struct Schedule {
    text: String,
    zone: Tz,
    either: Vec<cron::Schedule>,
    /// Whether it fires at fixed times of the day, of which each comes once a day.
    fixed: bool,
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
    /// A field that cannot be read, with what it may hold.
    #[error("{0}")]
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
        for (field, text) in FIELDS.iter().zip([minute, hour, day, month]) {
            field.check(text).map_err(NotASchedule::Cron)?;
        }
        // As in crontab, a field that starts with `*` restricts nothing when the other day field is consulted.
        let any_day = day.starts_with('*') || weekday.starts_with('*');
        let (month, weekday) = (months(month), weekdays(weekday)?);
        let read = |day: &str, weekday: &str| {
            let line = format!("0 {minute} {hour} {day} {month} {weekday}");
            line.parse::<cron::Schedule>().map_err(|error| {
                // The crate's message goes on with a drawing of its own six fields.
                NotASchedule::Cron(error.to_string().lines().next().unwrap_or_default().to_owned())
            })
        };
        let either = if any_day { vec![read(day, &weekday)?] } else { vec![read(day, "*")?, read("*", &weekday)?] };
        let fixed = !minute.starts_with('*') && !hour.starts_with('*');
        let schedule = Self { text: text.trim().to_owned(), zone, either, fixed };
        // Any moment will do: a day that some year has comes round within eight years of it.
        schedule.next_after(Moment::UNIX_EPOCH).ok_or(NotASchedule::Never).map(|_| schedule)
    }

    /// The first firing after `moment`; `None` when there is none in the years that cron knows.
    pub fn next_after(&self, moment: Moment) -> Option<Moment> {
        let wall = moment.with_timezone(&self.zone).naive_local();
        // What the wall shows for the first time may come again.
        let from = match self.zone.from_local_datetime(&wall) {
            LocalResult::Ambiguous(first, second) => wall - (second - first),
            LocalResult::Single(_) | LocalResult::None => wall,
        };
        self.either.iter().filter_map(|cron| self.first_after(moment, cron, from)).min()
    }

    /// The first firing of `cron` after `moment`, looked for from `wall` on.
    fn first_after(&self, moment: Moment, cron: &cron::Schedule, wall: NaiveDateTime) -> Option<Moment> {
        let mut first = None;
        for wall in cron.after(&wall.and_utc()) {
            let (once, again) = self.moments(wall.naive_utc());
            let of_this = once.into_iter().chain(again).filter(|at| *at > moment).min();
            first = [first, of_this].into_iter().flatten().min();
            // In an overlap a later time of the wall may come earlier.
            if first.is_some() && again.is_none() {
                return first;
            }
        }
        first
    }

    /// When the wall shows this time: once as a rule, twice in an overlap; in a gap, when the gap ends.
    fn moments(&self, wall: NaiveDateTime) -> (Option<Moment>, Option<Moment>) {
        match self.zone.from_local_datetime(&wall) {
            LocalResult::Single(at) => (Some(at.to_utc()), None),
            LocalResult::Ambiguous(first, second) => (Some(first.to_utc()), (!self.fixed).then(|| second.to_utc())),
            LocalResult::None => {
                // The longest gap there was is a day: Samoa crossed the date line.
                let mut later =
                    (1..=25 * 60).filter_map(|minutes| wall.checked_add_signed(TimeDelta::minutes(minutes)));
                (later.find_map(|wall| Some(self.zone.from_local_datetime(&wall).earliest()?.to_utc())), None)
            }
        }
    }

    /// Its five fields, as they were written.
    pub fn text(&self) -> &str {
        &self.text
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

/// A field of numbers: its name and its bounds.
struct Field(&'static str, u32, u32);

/// The fields before the weekday. Checked here, because the crate's messages are about fields that nobody wrote.
const FIELDS: [Field; 4] =
    [Field("minute", 0, 59), Field("hour", 0, 23), Field("day-of-month", 1, 31), Field("month", 1, 12)];

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

impl Field {
    /// What is wrong with the field, if anything is.
    fn check(&self, text: &str) -> Result<(), String> {
        let Self(name, least, most) = *self;
        for item in text.split(',') {
            let (range, step) = item.split_once('/').map_or((item, None), |(range, step)| (range, Some(step)));
            if let Some(step) = step
                && !step.parse::<u32>().is_ok_and(|step| (1..=most).contains(&step))
            {
                return Err(format!("{name} step {step} is not within 1-{most}"));
            }
            match range.split_once('-') {
                _ if range == "*" => {}
                None => {
                    self.value(range)?;
                }
                Some((first, last)) if self.value(first)? > self.value(last)? => {
                    return Err(format!("{name} {range} runs backwards (expected within {least}-{most})"));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn value(&self, text: &str) -> Result<u32, String> {
        let Self(name, least, most) = *self;
        if text.is_empty() {
            return Err(format!("{name} has an empty part (expected {least}-{most})"));
        }
        let month = || MONTHS.iter().zip(1..).find(|(month, _)| month.eq_ignore_ascii_case(text)).map(|(_, at)| at);
        let value = text.parse().ok().or_else(|| month().filter(|_| name == "month"));
        value
            .filter(|value| (least..=most).contains(value))
            .ok_or_else(|| format!("{name} {text} is not within {least}-{most}"))
    }
}

/// The month field, which was checked, with numbers for names: the crate knows no steps from a name, `MAY/2`.
fn months(field: &str) -> String {
    let numbered = MONTHS.iter().zip(1..);
    numbered.fold(field.to_ascii_uppercase(), |field, (name, number)| field.replace(name, &number.to_string()))
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
    use chrono_tz::Tz;

    use super::{NotASchedule, Schedule, weekdays};
    use crate::domain::time::Moment;

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

    /// 2020 and 2026 have 53 weeks by ISO 8601, and days of January in the last of them; 2028 has 29 February.
    #[test]
    fn c4_the_ends_of_years_of_53_weeks_and_of_leap_years_are_days_like_others() {
        for (text, after, expected) in [
            ("0 9 * * mon", "2026-12-21T10:00:00Z", ["Mon 2026-12-28 09:00", "Mon 2027-01-04 09:00"]),
            ("0 3 * * sun", "2026-12-27T03:00:00Z", ["Sun 2027-01-03 03:00", "Sun 2027-01-10 03:00"]),
            ("0 3 * * sun", "2020-12-27T03:00:00Z", ["Sun 2021-01-03 03:00", "Sun 2021-01-10 03:00"]),
            ("59 23 31 12 *", "2026-12-31T23:00:00Z", ["Thu 2026-12-31 23:59", "Fri 2027-12-31 23:59"]),
            ("@yearly", "2026-12-31T23:59:59Z", ["Fri 2027-01-01 00:00", "Sat 2028-01-01 00:00"]),
            ("0 9 * * tue", "2028-02-28T10:00:00Z", ["Tue 2028-02-29 09:00", "Tue 2028-03-07 09:00"]),
        ] {
            assert_eq!(firings(text, after, 2), expected, "{text}");
        }
    }

    /// C1: what is fixed comes once each day of the calendar, in the gap right after it, in the overlap once. What is not
    /// fixed goes on through both.
    #[test]
    fn clocks_that_are_set_neither_skip_nor_repeat() {
        for (zone, text, after, expected) in [
            // The gap of Berlin: 2 to 3 o'clock, 29 March.
            ("Europe/Berlin", "30 2 * * *", "2026-03-27T12:00:00Z", "28T01:30 29T01:00 30T00:30"),
            ("Europe/Berlin", "59 1 * * *", "2026-03-27T12:00:00Z", "28T00:59 29T00:59 29T23:59"),
            ("Europe/Berlin", "0 3 * * *", "2026-03-27T12:00:00Z", "28T02:00 29T01:00 30T01:00"),
            ("Europe/Berlin", "0,30 2 * * *", "2026-03-28T12:00:00Z", "29T01:00 30T00:00 30T00:30"),
            ("Europe/Berlin", "*/20 * * * *", "2026-03-29T00:20:00Z", "29T00:40 29T01:00 29T01:20"),
            // Its overlap: 2 to 3 o'clock twice, 25 October.
            ("Europe/Berlin", "30 2 * * *", "2026-10-23T12:00:00Z", "24T00:30 25T00:30 26T01:30"),
            ("Europe/Berlin", "30 2 * * *", "2026-10-25T01:10:00Z", "26T01:30 27T01:30 28T01:30"),
            ("Europe/Berlin", "0 3 * * sun", "2026-10-23T12:00:00Z", "25T02:00 01T02:00 08T02:00"),
            ("Europe/Berlin", "*/20 * * * *", "2026-10-25T00:35:00Z", "25T00:40 25T01:00 25T01:20"),
            ("Europe/Berlin", "*/20 * * * *", "2026-10-25T01:35:00Z", "25T01:40 25T02:00 25T02:20"),
            ("Europe/Berlin", "30 * * * *", "2026-10-24T23:35:00Z", "25T00:30 25T01:30 25T02:30"),
            // Half an hour on Lord Howe Island: overlap from 1:30, 5 April; gap from 2:00, 4 October.
            ("Australia/Lord_Howe", "45 1 * * *", "2026-04-03T12:00:00Z", "03T14:45 04T14:45 05T15:15"),
            ("Australia/Lord_Howe", "15 2 * * *", "2026-10-02T12:00:00Z", "02T15:45 03T15:30 04T15:15"),
            ("Australia/Lord_Howe", "*/10 * * * *", "2026-10-03T15:15:00Z", "03T15:20 03T15:30 03T15:40"),
            // Midnight in São Paulo: gap on 4 November 2018, overlap before 17 February 2019.
            ("America/Sao_Paulo", "0 0 * * *", "2018-11-02T12:00:00Z", "03T03:00 04T03:00 05T02:00"),
            ("America/Sao_Paulo", "30 0 * * *", "2018-11-03T12:00:00Z", "04T03:00 05T02:30 06T02:30"),
            ("America/Sao_Paulo", "30 23 * * *", "2019-02-15T12:00:00Z", "16T01:30 17T01:30 18T02:30"),
            ("America/Sao_Paulo", "0 0 * * *", "2019-02-15T12:00:00Z", "16T02:00 17T03:00 18T03:00"),
            // Samoa had no 30 December 2011.
            ("Pacific/Apia", "0 9 * * *", "2011-12-29T00:00:00Z", "29T19:00 30T10:00 30T19:00"),
        ] {
            let zone: Tz = zone.parse().unwrap();
            let schedule = Schedule::parse(text, zone).unwrap();
            let mut at: Moment = after.parse().unwrap();
            let fired: Vec<String> = (0..3)
                .map(|_| {
                    at = schedule.next_after(at).unwrap();
                    at.format("%dT%H:%M").to_string()
                })
                .collect();
            assert_eq!(fired.join(" "), expected, "{text} in {zone} after {after}");
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
    }

    #[test]
    fn a_field_that_cannot_be_read_is_named_with_its_bounds_on_one_line() {
        for (text, expected) in [
            ("61 * * * *", "minute 61 is not within 0-59"),
            ("0,60 * * * *", "minute 60 is not within 0-59"),
            ("-5 * * * *", "minute has an empty part (expected 0-59)"),
            ("frog * * * *", "minute frog is not within 0-59"),
            ("*/0 * * * *", "minute step 0 is not within 1-59"),
            ("*/90 * * * *", "minute step 90 is not within 1-59"),
            ("0 24 * * *", "hour 24 is not within 0-23"),
            ("0 9-25/2 * * *", "hour 25 is not within 0-23"),
            ("0 22-4 * * *", "hour 22-4 runs backwards (expected within 0-23)"),
            ("0 0 0 * *", "day-of-month 0 is not within 1-31"),
            ("0 0 ? * mon", "day-of-month ? is not within 1-31"),
            ("0 0 1 13 *", "month 13 is not within 1-12"),
            ("0 0 1 mon *", "month mon is not within 1-12"),
        ] {
            assert_eq!(Schedule::parse(text, chrono_tz::UTC).unwrap_err().to_string(), expected, "{text}");
        }
        for text in ["0-10/5,59 */6 31 jan-Mar,12 *", "5/15 * * FEB *", "0 0 1 may/2,1 *", "*/59 */23 */31 */12 *"] {
            assert!(Schedule::parse(text, chrono_tz::UTC).is_ok(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_fixed_time_comes_once_on_each_day_of_the_calendar(
            hour in 0..24_u32, minute in 0..60_u32, zone in proptest::sample::select(vec![
                chrono_tz::Europe::Berlin, chrono_tz::Australia::Lord_Howe, chrono_tz::America::Sao_Paulo,
                chrono_tz::America::New_York, chrono_tz::Africa::Casablanca, chrono_tz::Asia::Kathmandu,
            ]),
        ) {
            let schedule = Schedule::parse(&format!("{minute} {hour} * * *"), zone).unwrap();
            let mut at: Moment = "2018-06-01T00:00:00Z".parse().unwrap();
            let mut days = Vec::new();
            for _ in 0..800 {
                at = schedule.next_after(at).unwrap();
                days.push(at.with_timezone(&zone).date_naive());
            }
            // What falls into a gap at midnight comes on its own day all the same: the gap ends on it.
            for pair in days.windows(2) {
                proptest::prop_assert_eq!(pair[0].succ_opt(), Some(pair[1]));
            }
        }

        #[test]
        fn what_passes_our_check_the_crate_reads_too(
            fields in proptest::collection::vec("([0-9]{1,2}|[*]|[a-zA-Z]{3}|[?L#-])([-/,]([0-9]{1,2}|[*]|may)){0,3}", 4)
        ) {
            let text = format!("{} *", fields.join(" "));
            let ours = super::FIELDS.iter().zip(&fields).all(|(field, text)| field.check(text).is_ok());
            match Schedule::parse(&text, chrono_tz::UTC) {
                Ok(_) | Err(NotASchedule::Never) => proptest::prop_assert!(ours, "{}", text),
                Err(error) => proptest::prop_assert!(!ours, "{}: {}", text, error),
            }
        }
    }
}
