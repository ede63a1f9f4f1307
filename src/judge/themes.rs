//! Themes of challenges, and topics that return in meetings.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::challenge::Challenge;
use crate::domain::theme::{Returning, Theme};

/// Meetings in which a topic has to come up to be one that returns.
const MEETINGS: usize = 3;

/// Topics that return which are told.
const MOST: usize = 40;

/// Words that are no topic, whoever says them.
const NO_TOPICS: &str = " a about after again all also an and any anyone are around as at be been before but by can could day \
    did discuss discussion do does doing done for from further get going good got had has have hello help here how i idea ideas \
    if in into is it its just know last let like link look looking made make many may meeting more most much need needs new next \
    no not note notes now of off ok on one only or other our out over please question questions quick quest re really release \
    see should show since so some someone still stuff such team teams than thanks that the their them then there these they \
    thing things think this those thought thoughts through time to today too topic topics try two update updates up us use used \
    using via want was way we week weeks well were what when where which who why will with work working would year yes you your ";

/// The themes, in the form that challenges are compared with.
#[derive(Debug)]
pub(super) struct Themes<'a>(Vec<Compared<'a>>);

#[derive(Debug)]
struct Compared<'a> {
    name: &'a str,
    /// In lower case.
    categories: Vec<String>,
    /// Words between single spaces.
    words: Vec<String>,
}

impl<'a> Themes<'a> {
    pub(super) fn new(themes: &'a [Theme]) -> Self {
        let compared = |theme: &'a Theme| Compared {
            name: &theme.name,
            categories: theme.categories.iter().map(|name| name.trim().to_lowercase()).collect(),
            words: theme.words.iter().map(|words| spaced(words)).filter(|words| !words.trim().is_empty()).collect(),
        };
        Self(themes.iter().map(compared).collect())
    }

    /// Those that a challenge is part of.
    pub(super) fn of(&self, challenge: &Challenge) -> Vec<String> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let title = spaced(&challenge.title);
        let category = challenge.category.as_deref().unwrap_or_default().trim().to_lowercase();
        let part = |theme: &&Compared<'_>| {
            theme.categories.contains(&category) || theme.words.iter().any(|words| title.contains(words))
        };
        self.0.iter().filter(part).map(|theme| theme.name.to_owned()).collect()
    }
}

fn spaced(text: &str) -> String {
    format!(" {} ", tokens(text).collect::<Vec<_>>().join(" "))
}

/// What the topics of several meetings have in common, those of most meetings first: a word that names something, or two
/// that stand together. `topics` are texts with the days of their meetings.
pub fn returning(topics: &[(NaiveDate, String)]) -> Vec<Returning> {
    let mut days: BTreeMap<String, BTreeSet<NaiveDate>> = BTreeMap::new();
    let mut all = BTreeSet::new();
    for (day, text) in topics {
        all.insert(*day);
        let words: Vec<String> = tokens(text).collect();
        for (at, word) in words.iter().enumerate() {
            if is_telling(word) {
                days.entry(word.clone()).or_default().insert(*day);
            }
            let Some(next) = words.get(at + 1) else { continue };
            // A name and its number are one: `mysql 8`.
            let pair = is_telling(word) && (is_telling(next) || next.chars().all(|c| c.is_ascii_digit()));
            if pair {
                days.entry(format!("{word} {next}")).or_default().insert(*day);
            }
        }
    }
    // What nearly every meeting has says nothing of any.
    let common = (all.len() / 2).max(12);
    days.retain(|_, days| (MEETINGS..=common).contains(&days.len()));
    let pairs: Vec<(String, usize)> =
        days.iter().filter(|(words, _)| words.contains(' ')).map(|(words, days)| (words.clone(), days.len())).collect();
    for (pair, many) in pairs {
        for word in pair.split(' ') {
            // A word that mostly stands in the pair is told by the pair.
            if days.get(word).is_some_and(|alone| many * 3 >= alone.len() * 2) {
                days.remove(word);
            }
        }
    }
    let mut returning: Vec<Returning> =
        days.into_iter().map(|(words, days)| Returning { words, days: days.into_iter().collect() }).collect();
    returning.sort_by(|a, b| b.days.len().cmp(&a.days.len()).then_with(|| b.days.last().cmp(&a.days.last())));
    returning.truncate(MOST);
    returning
}

/// Words in lower case, without the sign of the plural; links are left out.
fn tokens(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = text
        .split_whitespace()
        .filter(|word| !word.contains("://"))
        .flat_map(|word| word.split(|c: char| !c.is_alphanumeric() && !"-_.".contains(c)));
    words.map(|word| word.trim_matches(['-', '_', '.']).to_lowercase()).filter(|word| !word.is_empty()).map(singular)
}

fn singular(word: String) -> String {
    let stays = word.len() < 5 || ["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    if stays { word } else { word.strip_suffix('s').map_or(word.clone(), str::to_owned) }
}

/// Whether a word can name something.
fn is_telling(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 3 && !NO_TOPICS.contains(&format!(" {word} ")) && !NO_TOPICS.contains(&format!(" {word}s "))
}

#[cfg(test)]
mod tests {
    use super::{Themes, returning};
    use crate::domain::challenge::{Challenge, ChallengeId, Status};
    use crate::domain::place::Place;
    use crate::domain::theme::Theme;

    fn challenge(category: Option<&str>, title: &str) -> Challenge {
        Challenge {
            id: ChallengeId("x".to_owned()),
            category: category.map(str::to_owned),
            title: title.to_owned(),
            place: Place { path: "a.md".to_owned(), line: 1, column: 1 },
            occurrences: None,
            anecdotes: Vec::new(),
            status: Status::default(),
            tickets: Vec::new(),
        }
    }

    #[test]
    fn a_theme_has_its_categories_and_the_titles_with_its_words() {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
        let theme = |name: &str, categories: &[&str], words: &[&str]| Theme {
            name: name.to_owned(),
            categories: list(categories),
            words: list(words),
        };
        let themes = [theme("Speed", &["builds"], &["slow", "too long"]), theme("Trust", &[], &["flaky test", ""])];
        for (category, title, expected) in [
            (Some("Builds "), "Anything", &["Speed"][..]),
            (None, "Pages are SLOW.", &["Speed"]),
            (None, "Slowly but surely", &[]),
            (None, "It takes too  long, and flaky tests", &["Speed", "Trust"]),
            (Some("Docs"), "Nobody finds a page", &[]),
        ] {
            assert_eq!(Themes::new(&themes).of(&challenge(category, title)), expected, "{title}");
        }
    }

    #[test]
    fn what_comes_up_in_three_meetings_returns() {
        let topics = |said: &[(&str, &str)]| -> Vec<String> {
            let topics: Vec<_> = said.iter().map(|(day, text)| (day.parse().unwrap(), (*text).to_owned())).collect();
            returning(&topics).into_iter().map(|one| format!("{} ×{}", one.words, one.days.len())).collect()
        };
        let said = [
            ("2024-01-01", "MySQL 8: who upgrades? We should discuss https://x.example/mysql"),
            ("2024-01-01", "mysql 8 again"),
            ("2024-02-01", "The MySQL 8 upgrade, and accessibility"),
            ("2024-03-01", "Upgrades to MySQL 8"),
            ("2024-03-01", "Accessibility testing"),
            ("2024-04-01", "An update on Accessibility, please"),
        ];
        assert_eq!(topics(&said), ["accessibility ×3", "mysql 8 ×3", "upgrade ×3"]);
        assert_eq!(topics(&said[..3]), [""; 0]);
        assert_eq!(topics(&[]), [""; 0]);
    }
}
