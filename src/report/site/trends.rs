//! Thirteen weeks: verdicts, what was found against what was cleared, and how old broken promises are; each as a chart and a
//! table.

use std::collections::BTreeMap;

use askama::Template;
use chrono::{Datelike, Days, NaiveDate};

use super::charts::{self, Series, Tone};
use super::{Frame, links};
use crate::domain::pages::{Choice, TicketChoice};
use crate::domain::snapshot::{Ages, Counts, Scope, Snapshot};
use crate::domain::verdict::{Standing, Verdict};
use crate::report::escape::{NAME, plain};
use crate::report::words;

/// Weeks that are told, that of today among them.
const WEEKS: usize = 13;

/// Registers, categories and teams that can be chosen; what others there are is led to by their lists.
const CHOICES: usize = 40;

/// The first day of the weeks that are told on a day.
pub fn first_day(today: NaiveDate) -> NaiveDate {
    let monday = today - Days::new(today.weekday().num_days_from_monday().into());
    monday - Days::new(7 * 12)
}

#[derive(Template)]
#[template(path = "site/trends.html")]
struct Trends<'a> {
    frame: Frame<'a>,
    scope: &'a Scope,
    /// What can be chosen, and how much else there is.
    offered: Vec<&'a Scope>,
    more: usize,
    weeks: Vec<Week>,
}

/// One week.
struct Week {
    monday: NaiveDate,
    /// What stood at its end, or stands now; absent where no pass ran.
    end: Option<Counts>,
    found: usize,
    cleared: usize,
}

/// The trends of a scope, from its snapshots since [`first_day`]; `scopes` are those that can be chosen.
pub fn trends(frame: Frame, scope: &Scope, scopes: &[Scope], snapshots: &[Snapshot]) -> String {
    let weeks = weeks(frame.now.date_naive(), snapshots);
    let mut offered: Vec<&Scope> = [&Scope::All].into_iter().chain((*scope != Scope::All).then_some(scope)).collect();
    let (mut kinds, mut more): (BTreeMap<&str, usize>, usize) = Default::default();
    for other in scopes.iter().filter(|other| **other != Scope::All && *other != scope) {
        let of_its_kind = kinds.entry(other.parts().0).or_default();
        *of_its_kind += 1;
        if *of_its_kind <= CHOICES { offered.push(other) } else { more += 1 }
    }
    super::rendered(&Trends { frame, scope, offered, more, weeks })
}

fn weeks(today: NaiveDate, snapshots: &[Snapshot]) -> Vec<Week> {
    let first = first_day(today);
    let week = |nth: usize| {
        let monday = first + Days::new(7 * u64::try_from(nth).unwrap_or_default());
        let within = |snapshot: &&Snapshot| (monday..monday + Days::new(7)).contains(&snapshot.day);
        let days = || snapshots.iter().filter(within);
        Week {
            monday,
            end: days().max_by_key(|snapshot| snapshot.day).map(|snapshot| snapshot.counts.clone()),
            found: days().map(|snapshot| snapshot.counts.found).sum(),
            cleared: days().map(|snapshot| snapshot.counts.cleared).sum(),
        }
    };
    (0..WEEKS).map(week).collect()
}

/// Verdicts with their colours, in the order of the table.
const VERDICTS: [(Verdict, Tone); 6] = [
    (Verdict::Undone, Tone::Bad),
    (Verdict::Unverified, Tone::Warn),
    (Verdict::Done, Tone::Good),
    (Verdict::Open, Tone::Open),
    (Verdict::Missing, Tone::Bad),
    (Verdict::Unknown, Tone::Quiet),
];

impl Trends<'_> {
    fn is_empty(&self) -> bool {
        self.weeks.iter().all(|week| week.end.is_none())
    }

    fn export(&self) -> String {
        links::trends("/trends.csv", self.scope)
    }

    fn days(&self) -> Vec<String> {
        self.weeks.iter().map(|week| week.monday.format("%-d %b").to_string()).collect()
    }

    fn day(&self, week: &Week) -> String {
        words::day(week.monday)
    }

    fn series(&self, name: &'static str, tone: Tone, of: impl Fn(&Counts) -> usize) -> Series {
        Series { name, tone, values: self.weeks.iter().map(|week| week.end.as_ref().map(&of)).collect() }
    }

    fn verdict_chart(&self) -> String {
        let of = |(verdict, tone): (Verdict, Tone)| self.series(verdict.word(), tone, move |it| count(it, verdict));
        let all = VERDICTS.map(of).into_iter();
        let told: Vec<Series> = all.filter(|one| one.values.iter().flatten().any(|n| *n > 0)).collect();
        charts::lines(&self.days(), &told)
    }

    fn flow_chart(&self) -> String {
        let of = |name, tone, n: fn(&Week) -> usize| Series {
            name,
            tone,
            values: self.weeks.iter().map(|week| week.end.as_ref().map(|_| n(week))).collect(),
        };
        let series = [of("found", Tone::Bad, |week| week.found), of("cleared", Tone::Good, |week| week.cleared)];
        charts::bars(&self.days(), &series)
    }

    fn age_chart(&self) -> String {
        let series = [
            self.series("over a year", Tone::Bad, |it| it.ages.older),
            self.series("over 90 days", Tone::Warn, |it| it.ages.year),
            self.series("over 30 days", Tone::Open, |it| it.ages.quarter),
            self.series("newer", Tone::Quiet, |it| it.ages.month),
        ];
        charts::stacks(&self.days(), &series)
    }

    fn verdicts(&self) -> [(Verdict, Tone); 6] {
        VERDICTS
    }

    fn count(&self, counts: &Counts, verdict: &Verdict) -> usize {
        count(counts, *verdict)
    }

    /// What changed since a week began.
    fn since(&self, week: &Week) -> String {
        links::changes(week.monday, None, 1)
    }

    /// The tickets of a verdict as they are now: what stands there is a list only of everything, and of today.
    fn tickets(&self, week: &Week, verdict: &Verdict) -> Option<String> {
        let choice = TicketChoice { verdict: Some(*verdict), tracker: None };
        (self.is_now(week) && *self.scope == Scope::All).then(|| links::tickets(&choice, 1))
    }

    /// The broken promises of today.
    fn broken_now(&self, week: &Week) -> Option<String> {
        let broken = Choice { standing: Some(Standing::BrokenPromise), ..Choice::default() };
        let choice = match self.scope.clone() {
            Scope::All => broken,
            Scope::Register(path) => Choice { document: Some(path), ..broken },
            Scope::Category(name) => Choice { category: Some(name), ..broken },
            Scope::Team(name) => Choice { owner: Some(name), ..broken },
        };
        self.is_now(week).then(|| links::challenges(&choice, 1))
    }

    fn is_now(&self, week: &Week) -> bool {
        self.weeks.last().is_some_and(|last| last.monday == week.monday)
    }

    fn broken(&self, counts: &Counts) -> usize {
        counts.standings.get(&Standing::BrokenPromise).copied().unwrap_or_default()
    }

    /// The latest week against the one four weeks before, in a sentence.
    fn gist(&self) -> Option<String> {
        let now = self.weeks.last()?.end.as_ref()?;
        let broken = words::count(self.broken(now), "broken promise");
        let median = now.ages.median.map(|days| format!("; half of them for {} or longer", lasting(days)));
        let before = self.weeks.iter().rev().skip(4).find_map(|week| week.end.as_ref().map(|end| (week, end)));
        let change =
            before.map(|(week, then)| format!(", {} in the week of {}", self.broken(then), words::day(week.monday)));
        Some(format!("{broken} now{}{}", change.unwrap_or_default(), median.unwrap_or_default()))
    }

    fn ages<'c>(&self, counts: &'c Counts) -> &'c Ages {
        &counts.ages
    }

    /// How a scope is told.
    fn title(&self) -> String {
        match self.scope {
            Scope::All => "everything".to_owned(),
            Scope::Register(path) => plain(path, NAME),
            Scope::Category(name) => format!("category {}", or_none(name)),
            Scope::Team(name) if name.is_empty() => "what nobody owns".to_owned(),
            Scope::Team(name) => format!("team {}", plain(name, NAME)),
        }
    }

    /// What can be chosen: the value that the address carries, how it is told, and whether it is shown.
    fn choices(&self) -> Vec<(String, String, bool)> {
        let choice = |scope: &Scope| {
            let (word, name) = scope.parts();
            let told = match scope {
                Scope::All => "everything".to_owned(),
                Scope::Team(name) if name.is_empty() => "team: nobody".to_owned(),
                Scope::Register(name) | Scope::Category(name) | Scope::Team(name) => {
                    format!("{word}: {}", or_none(name))
                }
            };
            (format!("{word}:{name}"), told, scope == self.scope)
        };
        self.offered.iter().copied().map(choice).collect()
    }
}

/// `12 days`, `5 months`, `4 years`
fn lasting(days: u32) -> String {
    let whole = |days: u32, unit: u32, one| words::count(usize::try_from(days / unit).unwrap_or(usize::MAX), one);
    match days {
        0..60 => whole(days, 1, "day"),
        60..730 => whole(days, 30, "month"),
        _ => whole(days, 365, "year"),
    }
}

fn or_none(name: &str) -> String {
    if name.trim().is_empty() { "none".to_owned() } else { plain(name, NAME) }
}

fn count(counts: &Counts, verdict: Verdict) -> usize {
    counts.verdicts.get(&verdict).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Counts, Snapshot, first_day, weeks};

    #[test]
    fn weeks_begin_on_mondays_and_end_as_their_last_day_did() {
        let today = "2026-11-22".parse().unwrap();
        assert_eq!(first_day(today).to_string(), "2026-08-24");
        assert_eq!(first_day("2026-11-23".parse().unwrap()).to_string(), "2026-08-31");
        let day = |day: &str, found, cleared| Snapshot {
            day: day.parse().unwrap(),
            counts: Counts { found, cleared, ..Counts::default() },
        };
        let days = [day("2026-08-23", 9, 9), day("2026-08-24", 1, 0), day("2026-08-30", 2, 3), day("2026-11-22", 4, 0)];
        let told = weeks(today, &days);
        assert_eq!(told.len(), 13);
        let numbers: Vec<(usize, usize, Option<usize>)> =
            told.iter().map(|week| (week.found, week.cleared, week.end.as_ref().map(|end| end.found))).collect();
        assert_eq!((numbers[0], numbers[1], numbers[12]), ((3, 3, Some(2)), (0, 0, None), (4, 0, Some(4))));
    }

    #[test]
    fn c4_a_week_goes_on_through_new_year_also_where_it_is_the_53rd() {
        let day =
            |day: &str, found| Snapshot { day: day.parse().unwrap(), counts: Counts { found, ..Counts::default() } };
        let days = [day("2026-12-27", 1), day("2026-12-28", 2), day("2027-01-03", 4), day("2027-01-04", 8)];
        for (today, expected) in [
            ("2027-01-03", vec![("2026-12-21", 1), ("2026-12-28", 6)]),
            ("2027-01-04", vec![("2026-12-21", 1), ("2026-12-28", 6), ("2027-01-04", 8)]),
        ] {
            let told = weeks(today.parse().unwrap(), &days);
            let found: Vec<(String, usize)> =
                told.iter().filter(|week| week.found > 0).map(|week| (week.monday.to_string(), week.found)).collect();
            let found: Vec<(&str, usize)> = found.iter().map(|(monday, found)| (monday.as_str(), *found)).collect();
            assert_eq!((told.len(), found), (13, expected), "{today}");
        }
    }
}
