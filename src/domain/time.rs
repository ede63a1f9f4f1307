//! Dates as people write them: to the day, to the month, to the year, and no more exact than that.

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A moment; always UTC. The clock edge cuts it to whole seconds.
pub type Moment = chrono::DateTime<chrono::Utc>;

/// A calendar date that may lack its day or its month. Written `2021-08-14`, `2021-08` or `2021`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate {
    year: i32,
    month: Option<u32>,
    day: Option<u32>,
}

impl PartialDate {
    /// A date known to the day.
    pub fn day(date: NaiveDate) -> Self {
        Self { year: date.year(), month: Some(date.month()), day: Some(date.day()) }
    }

    /// A date known to the month (1 to 12); `None` when there is no such month or year.
    pub fn month(year: i32, month: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, 1).map(|_| Self { year, month: Some(month), day: None })
    }

    /// A date known to the year; `None` outside the years that a calendar date can have.
    pub fn year(year: i32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, 1, 1).map(|_| Self { year, month: None, day: None })
    }

    /// Whether the day is known.
    pub fn is_to_the_day(&self) -> bool {
        self.day.is_some()
    }

    /// The first day that this date can mean.
    pub fn earliest(&self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
            .expect("every constructor checks that this day exists")
    }

    /// The last day that this date can mean.
    pub fn latest(&self) -> NaiveDate {
        let first = self.earliest();
        let span = match (self.month, self.day) {
            (_, Some(_)) => return first,
            (Some(_), None) => Months::new(1),
            (None, None) => Months::new(12),
        };
        first.checked_add_months(span).and_then(|next| next.pred_opt()).unwrap_or(NaiveDate::MAX)
    }
}

impl std::fmt::Display for PartialDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

/// A quarter of a year. Written `2021-Q3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quarter {
    year: i32,
    /// From 1 to 4.
    nth: u32,
}

impl std::fmt::Display for Quarter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-Q{}", self.year, self.nth)
    }
}

impl std::str::FromStr for Quarter {
    type Err = ();

    /// What `Display` wrote.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (year, nth) = text.split_once("-Q").ok_or(())?;
        let is_written =
            year.len() == 4 && nth.len() == 1 && (year.to_owned() + nth).bytes().all(|b| b.is_ascii_digit());
        let (year, nth) = (year.parse().map_err(|_| ())?, nth.parse().map_err(|_| ())?);
        (is_written && (1..=4).contains(&nth)).then_some(Self { year, nth }).ok_or(())
    }
}

/// What [`PartialDate`] cannot be read from.
#[derive(Debug, thiserror::Error)]
#[error("not a date: `{0}` (expected `2021-08-14`, `2021-08` or `2021`)")]
pub struct NotADate(String);

impl std::str::FromStr for PartialDate {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let wrong = || NotADate(text.to_owned());
        let mut parts = text.split('-');
        let mut number = || parts.next().map(|part| part.parse::<u32>().map_err(|_| wrong())).transpose();
        let (year, month, day) = (number()?, number()?, number()?);
        let year = year.and_then(|year| i32::try_from(year).ok()).ok_or_else(wrong)?;
        if parts.next().is_some() {
            return Err(wrong());
        }
        match (month, day) {
            (None, _) => Self::year(year),
            (Some(month), None) => Self::month(year, month),
            (Some(month), Some(day)) => NaiveDate::from_ymd_opt(year, month, day).map(Self::day),
        }
        .ok_or_else(wrong)
    }
}

impl TryFrom<String> for PartialDate {
    type Error = NotADate;

    fn try_from(text: String) -> Result<Self, NotADate> {
        text.parse()
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> Self {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::{PartialDate, Quarter};

    #[test]
    fn a_date_spans_what_it_leaves_open() {
        for (text, earliest, latest) in [
            ("2021-08-14", "2021-08-14", "2021-08-14"),
            ("2021-08", "2021-08-01", "2021-08-31"),
            ("2020-02", "2020-02-01", "2020-02-29"),
            ("2021-12", "2021-12-01", "2021-12-31"),
            ("2021", "2021-01-01", "2021-12-31"),
        ] {
            let date: PartialDate = text.parse().unwrap();
            assert_eq!((date.earliest().to_string(), date.latest().to_string()), (earliest.into(), latest.into()));
            assert_eq!(date.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "2021-13", "2021-02-30", "2021-08-14-1", "Aug 2021", "2021-", "-2021"] {
            assert!(text.parse::<PartialDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_quarter_is_read_as_it_is_written() {
        for text in ["2021-Q1", "2021-Q4"] {
            assert_eq!(text.parse::<Quarter>().unwrap().to_string(), text);
        }
        for wrong in ["2021-Q0", "2021-Q5", "2021-Q", "21-Q1", "2021Q1", "+021-Q1", "2021-Q+1", ""] {
            assert!(wrong.parse::<Quarter>().is_err(), "{wrong}");
        }
    }
}
