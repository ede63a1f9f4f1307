//! Dates as people write them into cells and headings: which day, month or year, and how sure.
//!
//! A quarter (`Q3 2021`) becomes its first month, approximate: its first day is then right, which is what the question
//! "was this later than that closing?" rests on, and the mark says that the month is not to be taken literally.

use std::ops::Range;
use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::{Captures, Match, Regex};

use crate::domain::time::PartialDate;

/// A date written somewhere in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    /// Its bytes, words such as `circa` and the weekday included.
    pub(super) span: Range<usize>,
    /// The date, or why there is no such date.
    pub(super) date: Result<PartialDate, &'static str>,
    /// Whether the writer marked it as approximate, or wrote less than a date can say.
    pub(super) approximate: bool,
    /// How exactly it is written.
    pub(super) exact: Exact,
}

/// How exactly a date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exact {
    /// To the day, or to a span of days within a month.
    Day,
    /// To the month or the quarter.
    Month,
    /// To the year.
    Year,
}

static MONTHS: &str = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?\
                       |sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    let year = r"(?:19|20)\d\d";
    let short = r"(?:19|20)\d\d|(?u:['’])\d\d";
    let nth = "(?:st|nd|rd|th)?";
    let pattern = format!(
        r"(?ix-u)
        (?P<about> (?: ~ | (?u:≈) | \b(?:circa|around|about|approximately|approx|roughly|ca?\.|early|mid|late|end\ of) ) [\s-]* )?
        (?: \b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+ )?
        (?: (?P<iy>{year})-(?P<im>\d\d?)(?:-(?P<id>\d\d?))?
          | (?P<sy>{year})/(?P<sm>\d\d?)/(?P<sd>\d\d?)
          | \b(?P<am>{MONTHS})\.?\s+(?P<ad>\d\d?){nth}(?P<ar>\s*(?:-|(?u:–))\s*\d\d?{nth})?(?:\s*,\s*|\s+)(?P<ay>{short})
          | (?P<bd>\d\d?)(?:{nth}|\.)(?P<br>\s*(?:-|(?u:–))\s*\d\d?{nth})?\s+(?:of\s+)?(?P<bm>{MONTHS})\.?,?\s+(?P<by>{short})
          | \b(?P<cm>{MONTHS})\.?,?\s+(?P<cy>{short})
          | \bq(?P<qn>[1-4])[\s,/-]*(?P<qy>{year})
          | (?P<ry>{year})[\s-]*q(?P<rn>[1-4])
          | (?P<ea>\d\d?)/(?P<eb>\d\d?)/(?P<ey>{year}|\d\d)
          | (?P<gd>\d\d?)\.(?P<gm>\d\d?)\.(?P<gy>{year})
          | (?P<zy>{year})(?P<zm>0[1-9]|1[0-2])(?P<zd>0[1-9]|[12]\d|3[01])
          | (?P<yy>{year}) )"
    );
    Regex::new(&pattern).expect("a constant pattern")
});

/// No date is written with more bytes.
const LONGEST: usize = 96;

/// Every date in a text, in order and without overlap. What stands inside a longer word or number is none.
pub(super) fn all(text: &str) -> impl Iterator<Item = Written> {
    found(text).filter_map(read)
}

/// [`all`] of them, of which none was read.
pub(super) fn found(text: &str) -> impl Iterator<Item = Match<'_>> {
    DATE.find_iter(text).filter(|found| stands_alone(text, &found.range()))
}

/// What one of them says.
pub(super) fn read(found: Match<'_>) -> Option<Written> {
    iso(found).or_else(|| taken_apart(&DATE.captures(found.as_str())?, found.range()))
}

/// The date that a text starts with.
pub(super) fn leading(text: &str) -> Option<Written> {
    let beginning = &text[..text.floor_char_boundary(LONGEST)];
    let dated = opens(beginning) && beginning.contains(|c: char| c.is_ascii_digit());
    let first = if dated { all(beginning).next() } else { None };
    first.filter(|written| written.span.start == 0)
}

/// How the names of months begin.
pub(super) const MONTH: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Whether a text may start with a date: with a digit, a month, a weekday or a word like `circa`.
fn opens(text: &str) -> bool {
    const WORDS: [&str; 18] = [
        "mon", "tue", "wed", "thu", "fri", "sat", "sun", "circa", "around", "about", "approx", "roughly", "ca", "c.",
        "early", "mid", "late", "end of",
    ];
    let starts = |word: &&str| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    text.starts_with(|c: char| c.is_ascii_digit() || "~≈qQ".contains(c)) || MONTH.iter().chain(&WORDS).any(starts)
}

fn stands_alone(text: &str, span: &Range<usize>) -> bool {
    let before = text[..span.start].chars().next_back();
    let mut after = text[span.end..].chars();
    let (next, second) = (after.next(), after.next());
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let joined_before = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '/' | '.' | '_' | '#' | '='));
    let joined_after = match next {
        Some('T') => !digit(second),
        Some('-' | '/' | '.' | ',' | ':') => digit(second),
        Some(c) => c.is_alphanumeric() || c == '_',
        None => false,
    };
    !joined_before && !joined_after
}

/// `2021-08-14` and nothing else, the way in which most are written.
fn iso(found: Match<'_>) -> Option<Written> {
    let mut parts = found.as_str().split('-');
    let mut number = |digits| {
        let part = parts.next().filter(|part| part.len() == digits)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u32>().ok())?
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    let year = i32::try_from(year).ok()?;
    let date = NaiveDate::from_ymd_opt(year, month, day).map(PartialDate::day).ok_or(NO_DAY);
    parts.next().is_none().then(|| Written { span: found.range(), date, approximate: false, exact: Exact::Day })
}

/// Why a date is none.
const NO_DAY: &str = "is no day of the calendar";

/// What one match of [`DATE`] says, all of whose groups are named by what they hold.
fn taken_apart(found: &Captures<'_>, span: Range<usize>) -> Option<Written> {
    let (mut year, mut month, mut day, mut either, mut approximate) = (0, None, None, [None; 2], false);
    for (name, group) in DATE.capture_names().zip(found.iter()) {
        let Some((name, says)) = name.zip(group.map(|group| group.as_str())) else { continue };
        let number = || says.parse::<u32>().ok();
        match name {
            "about" | "ar" | "br" => approximate = true,
            "qn" | "rn" => (month, approximate) = (number().map(|n| n * 3 - 2), true),
            "am" | "bm" | "cm" => month = Some(month_of(says)),
            "ea" => either[0] = number(),
            "eb" => either[1] = number(),
            _ if name.ends_with('y') => year = full_year(says),
            _ if name.ends_with('m') => month = number(),
            _ => day = number(),
        }
    }
    let (month, day) = match either {
        [Some(a), Some(b)] => match order_of(a, b) {
            Some((month, day)) if year > 99 => (Some(month), Some(day)),
            ordered => {
                let date = Err(match ordered {
                    None => "can be read as day and month or as month and day",
                    Some(_) => "has two digits for its year, and can be read with the year at either end",
                });
                return Some(Written { span, date, approximate, exact: Exact::Day });
            }
        },
        _ => (month, day),
    };
    let year = i32::try_from(year).unwrap_or_default();
    let (date, exact) = match (month, day) {
        (Some(month), Some(day)) => (NaiveDate::from_ymd_opt(year, month, day).map(PartialDate::day), Exact::Day),
        (Some(month), None) => (PartialDate::month(year, month), Exact::Month),
        (None, _) => (PartialDate::year(year), Exact::Year),
    };
    Some(Written { span, date: date.ok_or(NO_DAY), approximate, exact })
}

/// `2021`, and `’21` of this century.
fn full_year(written: &str) -> u32 {
    let digits = written.trim_start_matches(['\'', '’']);
    let year = digits.parse().unwrap_or(0);
    if digits.len() < written.len() { year + 2000 } else { year }
}

/// Month and day of `a/b/2021`, when only one order of them can be.
fn order_of(a: u32, b: u32) -> Option<(u32, u32)> {
    match (a > 12, b > 12) {
        (true, false) => Some((b, a)),
        (false, false) if a != b => None,
        // Where both are too large, the calendar will refuse them.
        _ => Some((a, b)),
    }
}

fn month_of(name: &str) -> u32 {
    let start: String = name.chars().take(3).flat_map(char::to_lowercase).collect();
    (1..).zip(MONTH).find(|(_, name)| *name == start).map_or(0, |(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::{all, leading};

    /// `date`, `~date` when approximate, `!` when there is no such date, `-` when none is written.
    fn shown(text: &str) -> String {
        match leading(text) {
            None => "-".to_owned(),
            Some(written) => {
                let date = written.date.map_or_else(|_| "!".to_owned(), |date| date.to_string());
                format!("{}{date}", if written.approximate { "~" } else { "" })
            }
        }
    }

    #[test]
    fn dates_are_read_as_exactly_as_they_are_written() {
        for (text, expected) in [
            ("April 6, 2020: x", "2020-04-06"),
            ("Sep 18, 2020 - x", "2020-09-18"),
            ("June 10, 2020 SRE-84 -", "2020-06-10"),
            ("~Aug, 2021: x", "~2021-08"),
            ("Sept 18 2020", "2020-09-18"),
            ("Sept. 18th, 2020", "2020-09-18"),
            ("2021-08-14", "2021-08-14"),
            ("2021-8-4", "2021-08-04"),
            ("2021/08/14", "2021-08-14"),
            ("2021-08", "2021-08"),
            ("2021-08-14T10:00Z", "2021-08-14"),
            ("14 Aug 2021", "2021-08-14"),
            ("14. August 2021", "2021-08-14"),
            ("14th of August, 2021", "2021-08-14"),
            ("Aug 2021", "2021-08"),
            ("AUGUST 2021", "2021-08"),
            ("Aug. 2021", "2021-08"),
            ("Q3 2021", "~2021-07"),
            ("2021 Q1", "~2021-01"),
            ("2021-Q4", "~2021-10"),
            ("2021", "2021"),
            ("Wed, Aug 4, 2021", "2021-08-04"),
            ("Wednesday 4 August 2021", "2021-08-04"),
            ("circa 2021", "~2021"),
            ("c. 2021", "~2021"),
            ("around Aug 2021", "~2021-08"),
            ("about Aug 4, 2021", "~2021-08-04"),
            ("mid-August 2021", "~2021-08"),
            ("early 2021", "~2021"),
            ("≈ 2021-08", "~2021-08"),
            ("Aug 3-5, 2021", "~2021-08-03"),
            ("Aug 3 – 5, 2021", "~2021-08-03"),
            ("3-5 Aug 2021", "~2021-08-03"),
            ("8/14/2021", "2021-08-14"),
            ("14/8/2021", "2021-08-14"),
            ("5/5/2021", "2021-05-05"),
            ("14.8.2021", "2021-08-14"),
            ("Feb 29, 2020", "2020-02-29"),
            ("20240102: x", "2024-01-02"),
            ("2024/01/02", "2024-01-02"),
            ("02.01.2024", "2024-01-02"),
            ("Jan '24", "2024-01"),
            ("~January ’24: x", "~2024-01"),
            ("Jan 2, '24", "2024-01-02"),
            ("2 Jan ’24", "2024-01-02"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn days_that_are_none_are_refused() {
        for text in [
            "Feb 30, 2021",
            "2021-02-29",
            "20210230",
            "2021-13-01",
            "2021-13",
            "31 June 2021",
            "3/4/2021",
            "45/45/2021",
            "1/2/24",
            "14/8/21",
        ] {
            assert_eq!(shown(text), "!", "{text}");
        }
    }

    #[test]
    fn what_only_contains_digits_is_no_date() {
        for text in [
            "",
            "May we",
            "Aug 14",
            "1202",
            "2021st",
            "20211314",
            "120210814",
            "202108141",
            "Jan 24",
            "x 2021",
            "v2021",
            "2021.1",
            "2021_a",
            "3000",
        ] {
            assert_eq!(shown(text), "-", "{text}");
        }
        assert_eq!(all("CVE-2021-1234, release/2021-08, a.2021").count(), 0);
    }

    #[test]
    fn all_dates_of_a_text_are_found_with_their_bytes() {
        let text = "é since May 5, 2020 and ~June 2020; 2021-08-14.";
        let found: Vec<&str> = all(text).map(|written| &text[written.span]).collect();
        assert_eq!(found, ["May 5, 2020", "~June 2020", "2021-08-14"]);
    }
}
