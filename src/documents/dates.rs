//! Dates as people write them into cells and headings: which day, month or year, and how sure.
//!
//! A quarter (`Q3 2021`) becomes its first month, approximate: its first day is then right, which is what the question
//! "was this later than that closing?" rests on, and the mark says that the month is not to be taken literally.

use std::ops::Range;
use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::{Captures, Regex};

use crate::domain::bytes::{first_of, which};
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

/// Where a date stands in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'t> {
    text: &'t str,
    /// Its first byte.
    pub(super) start: usize,
    /// The byte behind its last one.
    pub(super) end: usize,
}

impl Found<'_> {
    fn as_str(&self) -> &str {
        &self.text[self.start..self.end]
    }
}

/// [`all`] of them, of which none was read.
pub(super) fn found(text: &str) -> impl Iterator<Item = Found<'_>> {
    let mut from = 0;
    let matches = std::iter::from_fn(move || {
        let year = year(text, from)?;
        let first = earliest(text, from, year);
        let Range { start, end } = plain(text, first, year).or_else(|| Some(DATE.find_at(text, first)?.range()))?;
        from = end;
        Some(Found { text, start, end })
    });
    matches.filter(|found| stands_alone(text, &(found.start..found.end)))
}

/// The date that starts at `first` and whose year stands at `year`, where it is written in one of the plainest ways: they need no
/// pattern.
fn plain(text: &str, first: usize, year: usize) -> Option<Range<usize>> {
    let (before, rest) = (&text[first..year], &text.as_bytes()[year..]);
    if before.is_empty() {
        return is_iso(rest).then(|| year..year + ISO.len());
    }
    let blank = before.trim_end_matches(' ');
    let month = blank.strip_suffix(',').unwrap_or(blank);
    let joined = || text[..first].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let month = month.strip_prefix('~').or_else(|| (!joined()).then_some(month))?;
    let named = blank.len() < before.len() && month.len() == 3 && letters(month).is_some_and(is_month);
    // A fifth digit may make another date of them.
    let goes_on = rest.get(4).is_some_and(u8::is_ascii_digit);
    (named && !goes_on).then(|| first..year + 4)
}

/// Whether a date may stand in a text.
pub(super) fn may_be_in(text: &str) -> bool {
    year(text, 0).is_some()
}

/// The first bytes from `from` on of which one is in every date: `19` or `20` and two more digits, or two digits behind an
/// apostrophe or a slash. Most texts have none, and a pattern is slow to see that.
fn year(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(before) = first_of(&DIGITS, &bytes[at..]) {
        let start = at + before;
        let digits = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        // The last one is the end of `’`.
        if digits > 1 && start > from && matches!(bytes[start - 1], b'\'' | b'/' | 0x99) {
            return Some(start);
        }
        let digits = &bytes[start..start + digits];
        if let Some(nth) = digits.windows(4).position(|year| year.starts_with(b"19") || year.starts_with(b"20")) {
            return Some(start + nth);
        }
        at = start + digits.len();
    }
    None
}

const DIGITS: [bool; 256] = which(b"0123456789", false);

/// Where the date starts at the earliest whose [`year`] stands there, not before `from`: no date has other characters than
/// these in front of its year. Blanks and marks may stand there in any number, letters only as many as the longest words have.
fn earliest(text: &str, from: usize, year: usize) -> usize {
    let bytes = text.as_bytes()[from..year].iter().rev();
    let mut letters = 0;
    let of_date = |byte: &&u8| {
        letters += usize::from(!byte.is_ascii_whitespace() && !b"-,/".contains(byte));
        letters < LONGEST
            && (byte.is_ascii_alphanumeric() || !byte.is_ascii() || b" \t\n\r\x0b\x0c.,-/~'".contains(byte))
    };
    text.ceil_char_boundary(year - bytes.take_while(of_date).count())
}

/// What one of them says.
pub(super) fn read(found: Found<'_>) -> Option<Written> {
    iso(found).or_else(|| taken_apart(&DATE.captures(found.as_str())?, found.start..found.end))
}

/// The date that a text starts with.
pub(super) fn leading(text: &str) -> Option<Written> {
    let beginning = &text[..text.floor_char_boundary(LONGEST)];
    let dated = opens(beginning) && beginning.bytes().any(|byte| byte.is_ascii_digit());
    let first = if dated { all(beginning).next() } else { None };
    first.filter(|written| written.span.start == 0)
}

/// How the names of months begin.
pub(super) const MONTH: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Whether a text may start with a date: with a digit, a month, a weekday or a word like `circa`, of which their first letters
/// are looked at.
fn opens(text: &str) -> bool {
    const WORDS: [&[u8; 3]; 16] = [
        b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun", b"cir", b"aro", b"abo", b"app", b"rou", b"ear", b"mid",
        b"lat", b"end",
    ];
    let Some((first, rest)) = text.as_bytes().split_first() else { return false };
    first.is_ascii_digit()
        || matches!(first, b'~' | b'q' | b'Q')
        || matches!((first, rest.first()), (b'c' | b'C', Some(b'a' | b'A' | b'.')))
        || text.starts_with('≈')
        || letters(text).is_some_and(|word| is_month(word) || WORDS.contains(&&word))
}

/// The first three bytes of a text, in lower case.
fn letters(text: &str) -> Option<[u8; 3]> {
    text.as_bytes().first_chunk::<3>().map(|word| word.map(|byte| byte.to_ascii_lowercase()))
}

fn is_month(word: [u8; 3]) -> bool {
    MONTH.iter().any(|month| month.as_bytes() == word)
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

/// The way in which most are written: digits with dashes between.
const ISO: &[u8; 10] = b"2021-08-14";

/// Whether a text starts like [`ISO`].
fn is_iso(text: &[u8]) -> bool {
    let alike = |(byte, of_iso): (&u8, &u8)| if *of_iso == b'-' { byte == of_iso } else { byte.is_ascii_digit() };
    text.len() >= ISO.len() && text.iter().zip(ISO).all(alike)
}

/// What a date says that is written like [`ISO`].
fn iso(found: Found<'_>) -> Option<Written> {
    let written = found.as_str();
    let number = |digits: Range<usize>| written[digits].parse::<u32>().ok();
    if written.len() != ISO.len() || !is_iso(written.as_bytes()) {
        return None;
    }
    let (year, month, day) = (i32::try_from(number(0..4)?).ok()?, number(5..7)?, number(8..10)?);
    let date = NaiveDate::from_ymd_opt(year, month, day).map(PartialDate::day).ok_or(NO_DAY);
    Some(Written { span: found.start..found.end, date, approximate: false, exact: Exact::Day })
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
mod tests;
