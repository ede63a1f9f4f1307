//! The small words of messages: dates, counts, lists, quotations, and how a ticket was closed.

use chrono::{Datelike, NaiveDate};

use crate::domain::ticket::{Ticket, TicketKind};
use crate::domain::time::{Moment, PartialDate};
use crate::domain::tracker::TrackerKind;

use super::families::{self, Family};

/// `4 May 2021`
pub(super) fn day(date: NaiveDate) -> String {
    // Said of every closing, and not read from a pattern each time.
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    format!("{} {} {}", date.day(), MONTHS[date.month0() as usize], date.year())
}

/// `4 May 2021`, in UTC.
pub(super) fn day_of(at: Moment) -> String {
    day(at.date_naive())
}

/// `14 August 2021`, `August 2021` or `2021`: no more exact than it was written.
pub(super) fn date(date: PartialDate) -> String {
    if date.is_to_the_day() {
        day(date.earliest())
    } else if is_a_month(date) {
        date.earliest().format("%B %Y").to_string()
    } else {
        date.earliest().format("%Y").to_string()
    }
}

/// `on 14 August 2021`, `in August 2021`, `around August 2021`.
pub(super) fn when(of: PartialDate, approximate: bool) -> String {
    let preposition = match (approximate, of.is_to_the_day()) {
        (true, _) => "around",
        (false, true) => "on",
        (false, false) => "in",
    };
    format!("{preposition} {}", date(of))
}

fn is_a_month(date: PartialDate) -> bool {
    (date.latest() - date.earliest()).num_days() < 31
}

/// `once`, `twice`, `3 times`
pub(super) fn times(n: usize) -> String {
    match n {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{n} times"),
    }
}

/// `1 anecdote`, `2 anecdotes`
pub(super) fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// `12 days`, `7 months`, `3 years`: as long as a person would say it.
pub(super) fn span(days: i64) -> String {
    let (n, unit) = match days {
        ..=59 => (days, "day"),
        60..=729 => (days / 30, "month"),
        _ => (days / 365, "year"),
    };
    if n == 1 { format!("1 {unit}") } else { format!("{n} {unit}s") }
}

/// `A`, `A and B`, `A, B and C`, `A, B and 7 more`.
pub(super) fn list(items: &[String], most: usize) -> String {
    let (shown, rest) = if items.len() > most { items.split_at(most) } else { (items, &[][..]) };
    match (shown, rest.len()) {
        (shown, more @ 1..) => format!("{} and {more} more", shown.join(", ")),
        ([], 0) => String::new(),
        ([one], 0) => one.clone(),
        ([init @ .., last], 0) => format!("{} and {last}", init.join(", ")),
    }
}

/// The text in quotation marks, cut where it gets long.
pub(super) fn quoted(text: &str) -> String {
    const MOST: usize = 120;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= MOST {
        return format!("“{text}”");
    }
    let cut: String = text.chars().take(MOST).collect();
    // A cut inside a word reads badly; a text without spaces is cut all the same.
    let cut = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("“{cut} …”")
}

/// The first letters of a text, at most `most`.
pub(super) fn cut(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(at, _)| &text[..at])
}

/// `closed as Won't Do on 4 May 2021`, `merged on 4 May 2021`, `closed`: the participle only.
pub(super) fn closed(ticket: &Ticket) -> String {
    let on = ticket.closed_at.map(|at| format!(" on {}", day_of(at))).unwrap_or_default();
    if ticket.kind == TicketKind::Pull {
        return match ticket.merged {
            Some(true) => format!("merged{on}"),
            Some(false) => format!("closed unmerged{on}"),
            None => format!("closed{on}"),
        };
    }
    match reason(ticket) {
        Some(reason) => format!("closed as {reason}{on}"),
        None => format!("closed{on}"),
    }
}

/// The tracker's reason as a person would say it. Jira's status speaks where there is no resolution and its name tells.
fn reason(ticket: &Ticket) -> Option<String> {
    let told = ticket.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    match ticket.id.tracker().kind() {
        TrackerKind::GitHub => told.map(|reason| reason.replace('_', " ")),
        TrackerKind::Jira => told.map(str::to_owned).or_else(|| {
            let tells = matches!(families::of(&ticket.state), Family::Refused | Family::Doubtful | Family::TwoFaced);
            tells.then(|| ticket.state.trim().to_owned())
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{count, list, quoted, span, times, when};

    #[test]
    fn dates_are_said_as_exactly_as_they_were_written() {
        for (date, approximate, said) in [
            ("2021-08-04", false, "on 4 August 2021"),
            ("2021-08", false, "in August 2021"),
            ("2021", false, "in 2021"),
            ("2021-08", true, "around August 2021"),
            ("2020-02", true, "around February 2020"),
        ] {
            assert_eq!(when(date.parse().unwrap(), approximate), said);
        }
    }

    #[test]
    fn counts_and_lists_read_as_prose() {
        assert_eq!([times(1), times(2), times(3)], ["once", "twice", "3 times"]);
        assert_eq!([count(1, "anecdote"), count(0, "anecdote")], ["1 anecdote", "0 anecdotes"]);
        assert_eq!([span(1), span(59), span(61), span(800)], ["1 day", "59 days", "2 months", "2 years"]);
        let abc: Vec<String> = ["A", "B", "C"].map(str::to_owned).into();
        assert_eq!(
            [list(&abc[..1], 5), list(&abc[..2], 5), list(&abc, 3), list(&abc, 2)],
            ["A", "A and B", "A, B and C", "A, B and 1 more"]
        );
    }

    #[test]
    fn a_long_quotation_is_cut_between_words() {
        assert_eq!(quoted(" two\n words "), "“two words”");
        let long = quoted(&"word ".repeat(60));
        assert!(long.ends_with("word …”") && long.chars().count() < 126, "{long}");
        assert!(quoted(&"ä".repeat(300)).chars().count() < 126);
    }
}
