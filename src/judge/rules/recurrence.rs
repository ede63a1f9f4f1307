//! Rule: an anecdote that is later than the closing of the remedy. It speaks of the challenge, never of the ticket.

use chrono::NaiveDate;

use super::{RuleDoc, seen};
use crate::domain::challenge::Anecdote;
use crate::domain::ticket::Ticket;
use crate::domain::time::PartialDate;
use crate::domain::verdict::{Evidence, Side};
use crate::judge::words;

pub(super) const DOC: RuleDoc = RuleDoc {
    name: "recurrence",
    sees: "the dates of a challenge's anecdotes, and the day on which its remedy was closed",
    counts: "who meets the challenge after its remedy was closed was not helped by it. A month or a year counts only \
             when all of it is later; an approximate day counts as its whole month. A later remedy that \
             was done answers for the anecdotes before it",
    fails: "where the anecdote is written down late, or tells of another cause; where the fix was closed before it \
            reached everybody",
    example: "OPS-7 was closed as done on 4 May 2021; an anecdote is of 20 August 2021: it came back",
};

/// Nobody reads more anecdotes than this about one remedy; without a bound a long row costs its square.
pub(in crate::judge) const MOST: usize = 100;

/// An anecdote later than a closing.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::judge) struct CameBack {
    /// The first day that it can mean.
    pub(in crate::judge) earliest: NaiveDate,
    /// The evidence.
    pub(in crate::judge) evidence: Evidence,
}

/// The anecdotes later than the closing of `remedy`, except those that a later remedy answered: `answered` is the last
/// day on which another remedy of the challenge was closed as done.
pub(in crate::judge) fn after(remedy: &Ticket, anecdotes: &[Anecdote], answered: Option<NaiveDate>) -> Vec<CameBack> {
    let Some(closed_at) = remedy.closed_at.filter(|_| remedy.closed) else { return Vec::new() };
    let closed = closed_at.date_naive();
    let mut back: Vec<(NaiveDate, &Anecdote, PartialDate)> = anecdotes
        .iter()
        .filter_map(|anecdote| {
            let date = anecdote.date?;
            let (earliest, latest) = reach(date, anecdote.approximate);
            (earliest > closed && answered.is_none_or(|day| day < latest)).then_some((earliest, anecdote, date))
        })
        .collect();
    back.sort_by(|a, b| (a.0, &a.1.place).cmp(&(b.0, &b.1.place)));
    back.truncate(MOST);
    let back = back
        .into_iter()
        .map(|(earliest, anecdote, date)| CameBack { earliest, evidence: evidence(remedy, anecdote, date, closed) });
    back.collect()
}

/// The days that a date can mean. About a day means its month: nobody knows better.
fn reach(date: PartialDate, approximate: bool) -> (NaiveDate, NaiveDate) {
    use chrono::Datelike;
    let month = PartialDate::month(date.earliest().year(), date.earliest().month());
    let date = month.filter(|_| approximate && date.is_to_the_day()).unwrap_or(date);
    (date.earliest(), date.latest())
}

fn evidence(remedy: &Ticket, anecdote: &Anecdote, date: PartialDate, closed: NaiveDate) -> Evidence {
    let when = words::when(date, anecdote.approximate);
    let strength = match (anecdote.approximate, date.is_to_the_day()) {
        (false, true) => 0.85,
        (false, false) => 0.8,
        (true, _) => 0.65,
    };
    let honest = if anecdote.approximate { " (the date is approximate)" } else { "" };
    let says =
        format!("it was met again {when}{honest}, after {} was closed on {}", remedy.id.key(), words::day(closed));
    let at = (date.is_to_the_day() && !anecdote.approximate)
        .then(|| date.earliest().and_hms_opt(0, 0, 0).map(|midnight| midnight.and_utc()))
        .flatten();
    Evidence { at, ..seen(&DOC, Side::Recurred, strength, says, Some(anecdote.place.to_string())) }
}

#[cfg(test)]
mod tests {
    use super::after;
    use crate::judge::testing::{anecdote, day, jira};

    fn came_back(closed: &str, date: &str, answered: Option<&str>) -> bool {
        let mut ticket = jira("OPS-7", "Closed", Some("Done"));
        let facts = ticket.facts.as_mut().unwrap();
        facts.closed_at = Some(crate::judge::testing::moment(closed));
        !after(facts, &[anecdote(date)], answered.map(day)).is_empty()
    }

    #[test]
    fn a_date_counts_only_when_all_of_it_is_later() {
        for (closed, date, expected) in [
            ("2021-05-04", "2021-05-05", true),
            ("2021-05-04", "2021-05-04", false),
            ("2021-05-04", "2021-05-03", false),
            ("2021-05-04", "2021-06", true),
            ("2021-05-04", "2021-05", false),
            ("2021-05-31", "2021-05", false),
            ("2021-05-01", "2021-05", false),
            ("2021-04-30", "2021-05", true),
            ("2021-05-04", "2022", true),
            ("2021-05-04", "2021", false),
            ("2020-12-31", "2021", true),
            // About a day: its whole month must be later.
            ("2021-05-04", "~2021-05-20", false),
            ("2021-05-04", "~2021-06-01", true),
            ("2021-05-04", "~2021-05", false),
            ("2021-05-04", "~2021-06", true),
        ] {
            assert_eq!(came_back(closed, date, None), expected, "closed {closed}, met {date}");
        }
    }

    #[test]
    fn a_later_remedy_answers_for_what_came_before_it() {
        for (answered, expected) in
            [("2021-09-01", false), ("2021-08-31", false), ("2021-08-30", true), ("2021-01-01", true)]
        {
            assert_eq!(came_back("2021-05-04", "2021-08", Some(answered)), expected, "{answered}");
        }
    }

    #[test]
    fn an_open_or_undated_remedy_has_no_later() {
        let mut ticket = jira("OPS-7", "Closed", Some("Done")).facts.unwrap();
        ticket.closed_at = None;
        assert!(after(&ticket, &[anecdote("2030-01-01")], None).is_empty());
    }

    #[test]
    fn an_approximate_date_says_so() {
        let ticket = jira("OPS-7", "Closed", Some("Done")).facts.unwrap();
        let says = |date: &str| after(&ticket, &[anecdote(date)], None).remove(0).evidence;
        assert_eq!(
            says("~2021-08").says,
            "it was met again around August 2021 (the date is approximate), after OPS-7 was closed on 4 May 2021"
        );
        assert!(says("~2021-08").strength < says("2021-08").strength);
        assert_eq!(says("2021-08").at, None);
        assert_eq!(says("2021-08-20").at, Some(crate::judge::testing::moment("2021-08-20")));
    }
}
