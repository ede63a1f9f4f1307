//! What stood at the end of a day, in numbers: what trends are drawn from.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::finding::Code;
use super::verdict::{Standing, Verdict};

/// Of what a snapshot was taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Of everything.
    All,
    /// Of one register, by its path.
    Register(String),
    /// Of one category, in whatever register; empty for challenges without one.
    Category(String),
    /// Of what one team owns; empty for what nobody owns.
    Team(String),
}

impl Scope {
    /// The word of the store and of addresses, and the name.
    pub fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::All => ("all", ""),
            Self::Register(name) => ("register", name),
            Self::Category(name) => ("category", name),
            Self::Team(name) => ("team", name),
        }
    }

    /// What [`Self::parts`] gave.
    pub fn of(word: &str, name: &str) -> Option<Self> {
        match word {
            "all" => Some(Self::All),
            "register" => Some(Self::Register(name.to_owned())),
            "category" => Some(Self::Category(name.to_owned())),
            "team" => Some(Self::Team(name.to_owned())),
            _ => None,
        }
    }
}

/// One day of one scope.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// The day, in UTC.
    pub day: NaiveDate,
    /// What stood at its end.
    pub counts: Counts,
}

/// What stood.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Challenges by standing.
    pub standings: BTreeMap<Standing, usize>,
    /// Cited tickets by verdict.
    pub verdicts: BTreeMap<Verdict, usize>,
    /// Findings that nobody accepted, by code.
    pub findings: BTreeMap<Code, usize>,
    /// Flags on promises that were found that day, and those that were cleared.
    pub found: usize,
    /// Flags on promises that were cleared that day.
    pub cleared: usize,
    /// How long promises have been broken.
    pub ages: Ages,
}

/// How old broken promises are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ages {
    /// Broken for less than thirty days.
    pub month: usize,
    /// For less than ninety.
    pub quarter: usize,
    /// For less than a year.
    pub year: usize,
    /// For longer.
    pub older: usize,
    /// The age in the middle, in days; absent where none is broken.
    pub median: Option<u32>,
}

impl Ages {
    /// Of ages in days, in any order.
    pub fn of(mut days: Vec<u32>) -> Self {
        days.sort_unstable();
        let below = |limit| days.iter().filter(|age| **age < limit).count();
        let (month, quarter, year) = (below(30), below(90), below(365));
        Self {
            month,
            quarter: quarter - month,
            year: year - quarter,
            older: days.len() - year,
            median: days.get(days.len().saturating_sub(1) / 2).copied(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ages;

    #[test]
    fn ages_fall_into_one_class_each() {
        let ages = |month, quarter, year, older, median| Ages { month, quarter, year, older, median };
        for (days, expected) in [
            (vec![], ages(0, 0, 0, 0, None)),
            (vec![0], ages(1, 0, 0, 0, Some(0))),
            (vec![400, 29, 30, 89, 90, 364, 365], ages(1, 2, 2, 2, Some(90))),
            (vec![1, 3], ages(2, 0, 0, 0, Some(1))),
        ] {
            assert_eq!(Ages::of(days.clone()), expected, "{days:?}");
        }
    }
}
