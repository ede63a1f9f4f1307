//! Dates, ages, counts and verdicts as people say them.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

use crate::domain::challenge::Anecdote;
use crate::domain::finding::{Code, Severity};
use crate::domain::place::Place;
use crate::domain::register::{Change, Turn};
use crate::domain::time::{Moment, PartialDate};
use crate::domain::verdict::{Side, Standing, Verdict};

/// `1 ticket`, `14 tickets`.
pub(super) fn count(n: usize, one: &str) -> String {
    counted(n, one, &format!("{one}s"))
}

/// `1 reply`, `2 replies`.
pub(super) fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// `once`, `twice`, `5 times`.
pub(super) fn times(n: usize) -> String {
    match n {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{n} times"),
    }
}

/// Whether a document is known by its address.
pub(super) fn is_fetched(path: &str) -> bool {
    path.starts_with("https://") || path.starts_with("http://")
}

/// The line of a place, where that tells anything: wikis keep a page on one line, which nobody sees.
pub(super) fn line(place: &Place) -> Option<u32> {
    (!is_fetched(&place.path) || place.line > 1).then_some(place.line)
}

/// `docs/register.md:3:48`; of a document that was fetched its address apart from the line, so that it can be opened.
pub(super) fn place(place: &Place) -> String {
    match line(place) {
        _ if !is_fetched(&place.path) => place.to_string(),
        Some(line) => format!("{} line {line}", place.path),
        None => place.path.to_string(),
    }
}

/// `4 May 2021`
pub(super) fn day(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// `21 November 2026, 21:17 UTC`
pub(super) fn minute(at: Moment) -> String {
    at.format("%-d %B %Y, %H:%M UTC").to_string()
}

/// `2026-11-21T21:17:00Z`: RFC 3339 in UTC, whole seconds.
pub(super) fn rfc3339(at: Moment) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// `4 May 2021, 5 years ago`
pub(super) fn dated(at: Moment, now: Moment) -> String {
    format!("{}, {}", day(at.date_naive()), ago(at, now))
}

/// `just now`, `3 hours ago`, `5 years ago`; `in 2 days` for what lies ahead.
pub(super) fn ago(at: Moment, now: Moment) -> String {
    let (from, to) = if at <= now { (at, now) } else { (now, at) };
    let span = span(from, to);
    match (span, at <= now) {
        (None, _) => "just now".to_owned(),
        (Some(span), true) => format!("{span} ago"),
        (Some(span), false) => format!("in {span}"),
    }
}

/// `read 3 minutes ago`, or `never read`.
pub(super) fn read(at: Option<Moment>, now: Moment) -> String {
    at.map_or_else(|| "never read".to_owned(), |at| format!("read {}", ago(at, now)))
}

/// How long it is from one moment to a later one; `None` below a minute.
fn span(from: DateTime<Utc>, to: DateTime<Utc>) -> Option<String> {
    let gone = to - from;
    let whole = |n: i64, one| Some(count(usize::try_from(n).unwrap_or(0), one));
    if gone < TimeDelta::minutes(1) {
        return None;
    }
    if gone < TimeDelta::hours(1) {
        return whole(gone.num_minutes(), "minute");
    }
    if gone < TimeDelta::days(1) {
        return whole(gone.num_hours(), "hour");
    }
    if gone < TimeDelta::days(14) {
        return whole(gone.num_days(), "day");
    }
    if gone < TimeDelta::days(60) {
        return whole(gone.num_weeks(), "week");
    }
    let months = i64::from(to.year() - from.year()) * 12 + i64::from(to.month()) - i64::from(from.month());
    let months = if to.day() < from.day() { months - 1 } else { months };
    if months < 24 { whole(months, "month") } else { whole(months / 12, "year") }
}

/// `4 May 2021`, `August 2021`, `2021`: no more exact than the date is.
pub(super) fn partial(date: PartialDate) -> String {
    let (first, last) = (date.earliest(), date.latest());
    let form = match (date.is_to_the_day(), first.month() == last.month()) {
        (true, _) => "%-d %B %Y",
        (false, true) => "%B %Y",
        (false, false) => "%Y",
    };
    first.format(form).to_string()
}

/// An anecdote's date as the writer meant it: `about August 2021`.
pub(super) fn told(anecdote: &Anecdote) -> Option<String> {
    let date = partial(anecdote.date?);
    Some(if anecdote.approximate { format!("about {date}") } else { date })
}

/// `undone, proven`; what is open or unknown is so, and needs no second word.
pub(super) fn verdict(verdict: Verdict, confidence: f64) -> String {
    match verdict {
        Verdict::Open | Verdict::Unknown => verdict.word().to_owned(),
        _ => format!("{}, {}", verdict.word(), sure(confidence)),
    }
}

/// How sure a verdict is, in a word. A verdict for either side starts at 0.6, so `unclear` is left to what has none.
pub(super) fn sure(confidence: f64) -> &'static str {
    if confidence >= 0.95 {
        "proven"
    } else if confidence >= 0.6 {
        "likely"
    } else {
        "unclear"
    }
}

/// The shape that stands beside a verdict's word, for those who see no colours.
pub(super) fn verdict_mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Open => "○",
        Verdict::Done => "✓",
        Verdict::Undone => "✗",
        Verdict::Unverified => "≈",
        Verdict::Missing => "∅",
        Verdict::Unknown => "?",
    }
}

/// The shape that stands beside a standing's words.
pub(super) fn standing_mark(standing: Standing) -> &'static str {
    match standing {
        Standing::NoRemedy => "–",
        Standing::Promised => "○",
        Standing::BrokenPromise => "✗",
        Standing::Cleared => "✓",
        Standing::Unknown => "?",
    }
}

/// A standing for people: the contract's word without its hyphen.
pub(super) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::NoRemedy => "no remedy",
        Standing::Promised => "promised",
        Standing::BrokenPromise => "broken promise",
        Standing::Cleared => "cleared",
        Standing::Unknown => "unknown",
    }
}

/// The shape that stands beside a severity's word.
pub(super) fn severity_mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "✗",
        Severity::Warning => "!",
        Severity::Info | Severity::Off => "·",
    }
}

/// What a piece of evidence speaks for, before its sentence.
pub(super) fn side(side: Side) -> &'static str {
    match side {
        Side::Open => "says open",
        Side::Done => "says done",
        Side::Undone => "says undone",
        Side::Missing => "says gone",
        Side::DidNotHelp => "did not help",
        Side::Recurred => "came back",
        Side::Neither => "to know",
    }
}

/// A number of findings of one code, as housekeeping: `3 anecdotes without date or team`.
pub(super) fn chores(code: Code, n: usize) -> String {
    let many = |one: &str, many: &str| counted(n, one, many);
    match code {
        Code::OccurrenceMismatch => {
            many("occurrence count below its anecdotes", "occurrence counts below their anecdotes")
        }
        Code::IncompleteAnecdote => many("anecdote without date or team", "anecdotes without date or team"),
        Code::UnclaimedReference => {
            many("kind of reference that no tracker claims", "kinds of reference that no tracker claims")
        }
        Code::UnreadTable => {
            many("table of tickets that is not read as a register", "tables of tickets that are not read as registers")
        }
        Code::DroppedFollowUp => {
            many("follow-up that no later meeting took up", "follow-ups that no later meeting took up")
        }
        Code::UntrackedChallenge => many("challenge without a remedy", "challenges without a remedy"),
        other => format!("{n} × {other}"),
    }
}

/// Quoted for a POSIX shell where that is needed.
pub(super) fn shell(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@#%+=".contains(c);
    if !word.is_empty() && word.chars().all(plain) && !word.starts_with(['#', '-']) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// What changed about a challenge, in a sentence that can be read alone.
pub(super) fn change(change: &Change) -> String {
    let Change { title, turn, other, text, .. } = change;
    let other = other.as_ref().map(|id| id.0.as_str()).unwrap_or_default();
    let text = text.as_deref().unwrap_or_default();
    match turn {
        Turn::Appeared => format!("“{title}” appeared in the register"),
        Turn::Left => format!("“{title}” left the register"),
        Turn::Retitled => format!("it was called “{text}” before, and is “{title}” now"),
        Turn::SplitFrom => format!("“{title}” was split off from {other}"),
        Turn::MergedInto => format!("“{title}” was merged into {other}"),
        Turn::CarriedOver => format!("“{title}” was carried over from {other}"),
        Turn::Anecdote => format!("an anecdote was added: “{text}”"),
        Turn::AnecdoteLeft => format!("an anecdote was taken out: “{text}”"),
        Turn::Note => format!("a note was added: “{text}”"),
        Turn::NoteLeft => format!("a note was taken out: “{text}”"),
    }
}

#[cfg(test)]
mod tests {
    use super::{ago, dated, shell, sure};
    use crate::domain::time::Moment;

    fn at(text: &str) -> Moment {
        text.parse().unwrap()
    }

    #[test]
    fn ages_are_said_as_people_say_them() {
        let now = at("2026-11-21T21:17:00Z");
        for (then, says) in [
            ("2026-11-21T21:16:30Z", "just now"),
            ("2026-11-21T21:17:30Z", "just now"),
            ("2026-11-21T21:16:00Z", "1 minute ago"),
            ("2026-11-21T20:17:01Z", "59 minutes ago"),
            ("2026-11-21T18:00:00Z", "3 hours ago"),
            ("2026-11-20T21:17:00Z", "1 day ago"),
            ("2026-11-07T21:17:01Z", "13 days ago"),
            ("2026-11-07T21:17:00Z", "2 weeks ago"),
            ("2026-09-10T00:00:00Z", "2 months ago"),
            ("2025-01-22T00:00:00Z", "21 months ago"),
            ("2024-11-21T00:00:00Z", "2 years ago"),
            ("2024-11-22T00:00:00Z", "23 months ago"),
            ("2021-05-04T00:00:00Z", "5 years ago"),
            ("2026-11-24T00:00:00Z", "in 2 days"),
            ("2031-11-24T00:00:00Z", "in 5 years"),
        ] {
            assert_eq!(ago(at(then), now), says, "{then}");
        }
        assert_eq!(dated(at("2021-05-04T10:00:00Z"), now), "4 May 2021, 5 years ago");
    }

    #[test]
    fn confidence_has_three_words() {
        for (confidence, word) in [
            (1.0, "proven"),
            (0.95, "proven"),
            (0.949, "likely"),
            (0.6, "likely"),
            (0.599, "unclear"),
            (f64::NAN, "unclear"),
        ] {
            assert_eq!(sure(confidence), word, "{confidence}");
        }
    }

    #[test]
    fn a_command_to_copy_runs_nothing_else() {
        for (word, quoted) in [
            ("jira:ARCHBOM-1202", "jira:ARCHBOM-1202"),
            ("github:openedx/wg-frontend#126", "github:openedx/wg-frontend#126"),
            ("github:$(reboot)/a#1", "'github:$(reboot)/a#1'"),
            ("github:it's/a#1", r"'github:it'\''s/a#1'"),
            ("", "''"),
        ] {
            assert_eq!(shell(word), quoted);
        }
    }
}
