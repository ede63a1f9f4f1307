//! Digests: which part of what is known one tells of, what that was when it was told last, and where it goes.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::channel::Channel;
use super::finding::{Code, Severity};
use super::register::Turn;
use super::schedule::Schedule;
use super::ticket::TicketId;
use super::time::Moment;
use super::verdict::Standing;

/// Which part of what is known a digest tells of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Only challenges that one of these teams met or owns; any when empty.
    pub teams: Vec<String>,
    /// Only challenges of these categories; any when empty.
    pub categories: Vec<String>,
    /// Only findings that are at least so loud.
    pub severity: Severity,
    /// Only what stands in documents of these sources; of all when absent.
    pub sources: Option<Vec<String>>,
}

impl Scope {
    /// Whether it is about everything, that which belongs to no challenge included.
    pub fn is_whole(&self) -> bool {
        self.teams.is_empty() && self.categories.is_empty()
    }

    /// Whether a challenge of these teams and this category, in a document of this source, is a part of it.
    pub fn covers(&self, teams: &[String], category: Option<&str>, source: &str) -> bool {
        let named = |wanted: &[String], name: &str| wanted.iter().any(|one| same(one, name));
        (self.teams.is_empty() || teams.iter().any(|team| named(&self.teams, team)))
            && (self.categories.is_empty() || category.is_some_and(|category| named(&self.categories, category)))
            && self.has_source(source)
    }

    /// Whether documents of this source are a part of it.
    pub fn has_source(&self, source: &str) -> bool {
        self.sources.as_ref().is_none_or(|sources| sources.iter().any(|one| one == source))
    }
}

/// Names of teams and categories are compared without case and without blanks around them.
fn same(one: &str, other: &str) -> bool {
    bare(one) == bare(other)
}

/// A name as names are compared.
pub fn bare(name: &str) -> String {
    name.trim().to_lowercase()
}

/// A digest, with the secrets that it takes to send it.
#[derive(Debug, Clone)]
pub struct DigestSettings {
    /// Its name.
    pub name: String,
    /// Of which part of everything it tells.
    pub scope: Scope,
    /// When its turn comes.
    pub schedule: Schedule,
    /// Where it goes.
    pub channel: Channel,
    /// How owners are addressed there, where they are, by their names.
    pub mentions: Mentions,
}

/// How owners are addressed on a channel: by their names, without case, what the channel knows them by.
pub type Mentions = BTreeMap<String, String>;

/// What a digest is about, at one moment: what is told of it next is the difference to what it was.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Picture {
    /// Challenges by their ids, and what belongs to none by its findings' fingerprints.
    pub subjects: BTreeMap<String, Subject>,
    /// When the last pass had ended then: what a register had before is not new in it.
    #[serde(default)]
    pub passed_at: Option<Moment>,
}

/// A challenge, or something else that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The challenge's title; absent for what is none.
    pub title: Option<String>,
    /// Where the challenge stands, once that was judged.
    pub standing: Option<Standing>,
    /// Its rank among all challenges, from 1.
    pub priority: Option<usize>,
    /// Since when it is known.
    pub since: Moment,
    /// What is wrong with it, by fingerprint.
    pub problems: BTreeMap<String, Problem>,
    /// Whose it is.
    #[serde(default)]
    pub owners: Vec<String>,
}

/// A finding, as far as a digest tells of it: no names of people, and nothing that a tracker or a note said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What sort of problem.
    pub code: Code,
    /// The ticket concerned.
    pub ticket: Option<TicketId>,
    /// Since when it is known.
    pub since: Moment,
    /// Whether somebody accepted it, or put it off.
    pub accepted: Acceptance,
}

/// Whether a finding was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Acceptance {
    /// It stands.
    Not,
    /// It is true, and lived with for now.
    Accepted,
    /// The same until this day, which is near.
    Ending(NaiveDate),
    /// It is put off for now.
    Snoozed,
    /// The same until this day, which is near.
    Waking(NaiveDate),
}

impl Picture {
    /// What of it was known at `moment` already: what nobody was told yet came after it.
    #[must_use]
    pub fn as_of(mut self, moment: Moment) -> Self {
        self.subjects.retain(|_, subject| subject.since <= moment);
        for subject in self.subjects.values_mut() {
            subject.problems.retain(|_, problem| problem.since <= moment);
        }
        self
    }
}

impl Problem {
    /// Whether it stands, and nobody accepted it.
    pub fn stands(&self) -> bool {
        self.accepted == Acceptance::Not
    }

    /// Whether it was accepted or put off for a time that ends soon.
    pub fn is_ending(&self) -> bool {
        matches!(self.accepted, Acceptance::Ending(_) | Acceptance::Waking(_))
    }
}

/// What is known of a digest's part of everything, and how well.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct View {
    /// What it is about.
    pub picture: Picture,
    /// Challenges that are in the registers, and no part of it.
    pub others: BTreeSet<String>,
    /// What became of challenges by their ids: one that was split off, merged into another or carried over, and that other.
    pub turns: BTreeMap<String, (Turn, String)>,
    /// When the last pass ended; absent before the first.
    pub passed_at: Option<Moment>,
    /// What could not be asked or read in the last pass: trackers by their ids, with since when.
    pub silent: Vec<(String, Option<Moment>)>,
}

/// What was told by a digest before.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Since when the digest is known.
    pub since: Moment,
    /// When its turn came last, whether there was anything to tell or not.
    pub at: Option<Moment>,
    /// When something was sent last.
    pub spoke_at: Option<Moment>,
    /// What it was about then, with the scope that it had.
    pub picture: Option<(Scope, Picture)>,
}

/// One digest, composed: what its readers have not been told yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Edition {
    /// The digest's name.
    pub digest: String,
    /// Of which part of everything it tells.
    pub scope: Scope,
    /// What came since this moment.
    pub since: Moment,
    /// When it was composed.
    pub at: Moment,
    /// Where days begin.
    pub zone: Tz,
    /// When the last pass ended.
    pub passed_at: Option<Moment>,
    /// Trackers that could not be asked in the last pass, each with when it last answered.
    pub silent: Vec<(String, Option<Moment>)>,
    /// How many challenges of its part are broken promises.
    pub broken: usize,
    /// What there is to tell, what matters first coming first; nothing in a mere sign of life.
    pub items: Vec<Item>,
    /// Where the rest is to be seen, without a slash at its end.
    pub home: Option<String>,
    /// How owners are addressed.
    pub mentions: Mentions,
}

/// One thing that a digest tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What happened.
    pub what: News,
    /// The challenge's id; absent for what belongs to none.
    pub challenge: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Where it stands now.
    pub standing: Option<Standing>,
    /// The problems that it is about.
    pub problems: Vec<Problem>,
    /// Where it stood before, where that is another.
    pub stood: Option<Standing>,
    /// Whose it is, where there is something to do.
    pub owners: Vec<String>,
    /// What the register did with it: its title before, or that of the challenge it came from or went into, where that is a
    /// part of the digest too.
    pub turn: Option<(Turn, Option<String>)>,
}

/// What happened to a subject since it was told of, in the order in which that is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum News {
    /// Nothing was wrong with it, and now something is.
    New,
    /// More is wrong with it than before.
    Worse,
    /// Nothing is wrong with it any more, or less.
    Cleared,
    /// The time for which somebody accepted a finding ends soon.
    Waking,
    /// The register has a new challenge.
    Added,
    /// A challenge has another title.
    Renamed,
    /// A challenge left the register.
    Removed,
}

impl News {
    /// All, in the order in which they are told.
    pub const ALL: [Self; 7] =
        [Self::New, Self::Worse, Self::Cleared, Self::Waking, Self::Added, Self::Renamed, Self::Removed];
}

#[cfg(test)]
mod tests {
    use super::Scope;
    use crate::domain::finding::Severity;

    #[test]
    fn a_scope_covers_what_its_teams_met_in_its_categories_and_sources() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let scope = |teams: &[&str], categories: &[&str], sources: Option<&[&str]>| Scope {
            teams: names(teams),
            categories: names(categories),
            severity: Severity::Warning,
            sources: sources.map(names),
        };
        for (scope, teams, category, source, covered) in [
            (scope(&[], &[], None), &[][..], None, "a", true),
            (scope(&["Payments"], &[], None), &["payments ", "Web"][..], None, "a", true),
            (scope(&["Payments"], &[], None), &["Web"], None, "a", false),
            (scope(&["Payments"], &[], None), &[], Some("Builds"), "a", false),
            (scope(&[], &["Builds"], None), &[], Some("builds"), "a", true),
            (scope(&[], &["Builds"], None), &[], None, "a", false),
            (scope(&["Web"], &["Builds"], None), &["Web"], Some("Tests"), "a", false),
            (scope(&[], &[], Some(&["a"])), &[], None, "a", true),
            (scope(&[], &[], Some(&["a"])), &[], None, "b", false),
        ] {
            assert_eq!(scope.covers(&names(teams), category, source), covered, "{scope:?} {teams:?} {category:?}");
        }
    }
}
