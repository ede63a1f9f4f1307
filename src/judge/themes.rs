//! Themes of challenges, and topics that return in meetings.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

use chrono::NaiveDate;

use crate::domain::challenge::Challenge;
use crate::domain::theme::{self, Raised, Returning, Theme};

/// Meetings in which a topic has to come up to be one that returns.
const MEETINGS: usize = 3;

/// Topics that return which are told.
const MOST: usize = 40;

/// Topics of meetings of their own that it takes: what is only mentioned in passing is none.
const BROUGHT_UP: usize = 2;

/// Words that are no topic, whoever says them: those that hold sentences together, and the commonest verbs, nouns and
/// adjectives of talk about work.
static NO_TOPICS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("no_topics.txt").split_whitespace().collect());

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

/// What several meetings have in common, what most of them have first: a word that names something, two that stand together,
/// or a name with its number. What is said to a topic counts as well, once the words were a topic in some meetings.
pub fn returning(topics: &[Raised]) -> Vec<Returning> {
    let mut met: BTreeMap<String, Name> = BTreeMap::new();
    for Raised { day, text, said } in topics {
        for (at, line) in std::iter::once(text).chain(said).enumerate() {
            for (key, shown) in named(line) {
                let name = met.entry(key).or_insert_with(|| Name { shown, ..Name::default() });
                name.spoken_of.insert(*day);
                if at == 0 {
                    name.brought_up.insert(*day);
                }
            }
        }
    }
    let all: BTreeSet<NaiveDate> = topics.iter().map(|topic| topic.day).collect();
    // What nearly every meeting has says nothing of any.
    let common = (all.len() / 2).max(12);
    met.retain(|_, name| (MEETINGS..=common).contains(&name.spoken_of.len()) && name.brought_up.len() >= BROUGHT_UP);
    let pairs: Vec<(String, usize)> = met
        .iter()
        .filter(|(key, _)| key.contains(' '))
        .map(|(key, name)| (key.clone(), name.spoken_of.len()))
        .collect();
    for (pair, many) in pairs {
        for word in pair.split(' ') {
            // A word that mostly stands in the pair is told by the pair.
            if met.get(word).is_some_and(|alone| many * 3 >= alone.spoken_of.len() * 2) {
                met.remove(word);
            }
        }
    }
    let told = |name: Name| Returning { words: name.shown, days: name.spoken_of.into_iter().collect() };
    let mut returning: Vec<Returning> = met.into_values().map(told).collect();
    returning.sort_by(|a, b| b.days.len().cmp(&a.days.len()).then_with(|| b.days.last().cmp(&a.days.last())));
    returning.truncate(MOST);
    returning
}

/// What may return: how it was written first, and the days on which it was spoken of and brought up.
#[derive(Default)]
struct Name {
    shown: String,
    spoken_of: BTreeSet<NaiveDate>,
    brought_up: BTreeSet<NaiveDate>,
}

/// What a line names, single words and two that stand together: as they are compared, and as they are shown.
fn named(line: &str) -> Vec<(String, String)> {
    let words: Vec<(String, String)> = words(line).map(|shown| (singular(shown.clone()), shown)).collect();
    let mut named = Vec::new();
    for (at, (word, shown)) in words.iter().enumerate().filter(|(_, (word, _))| is_telling(word)) {
        named.push((word.clone(), shown.clone()));
        // A name and its number are one: `mysql 8`.
        let next = words.get(at + 1).filter(|(next, _)| is_telling(next) || is_number(next));
        named.extend(next.map(|(next, more)| (format!("{word} {next}"), format!("{shown} {more}"))));
    }
    named
}

/// Words as they are compared, without the sign of the plural.
fn tokens(text: &str) -> impl Iterator<Item = String> + '_ {
    words(text).map(singular)
}

/// Words in lower case; short forms are spelled out, and version 8.0 is version 8. Links are left out.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = text
        .split_whitespace()
        .filter(|word| !word.contains("://"))
        .flat_map(|word| word.split(|c: char| !c.is_alphanumeric() && !"-_.".contains(c)));
    words.map(|word| word.trim_matches(['-', '_', '.']).to_lowercase()).filter(|word| !word.is_empty()).map(spelled)
}

fn spelled(word: String) -> String {
    if is_number(&word) {
        return word.trim_end_matches(".0").to_owned();
    }
    theme::long_form(&word).map_or(word, str::to_owned)
}

fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit() || c == '.')
}

fn singular(word: String) -> String {
    let stays = word.len() < 5 || ["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    if stays { word } else { word.strip_suffix('s').map_or(word.clone(), str::to_owned) }
}

/// Whether a word can name something.
fn is_telling(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 3 && !NO_TOPICS.contains(word) && !NO_TOPICS.contains(format!("{word}s").as_str())
}

#[cfg(test)]
mod tests {
    use super::{Themes, returning};
    use crate::domain::challenge::{Challenge, ChallengeId, Status};
    use crate::domain::place::Place;
    use crate::domain::theme::{Raised, Theme};

    fn challenge(category: Option<&str>, title: &str) -> Challenge {
        Challenge {
            id: ChallengeId("x".to_owned()),
            category: category.map(str::to_owned),
            title: title.to_owned(),
            place: Place { path: "a.md".into(), line: 1, column: 1 },
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

    /// What returns among lines, each with its day; a line that opens with `>` is said to the topic before it.
    fn topics(lines: &[(&str, &str)]) -> Vec<String> {
        let mut raised: Vec<Raised> = Vec::new();
        for (day, line) in lines {
            match (line.strip_prefix("> "), raised.last_mut()) {
                (Some(said), Some(last)) => last.said.push(said.to_owned()),
                _ => {
                    let (day, text) = (day.parse().unwrap(), (*line).to_owned());
                    raised.push(Raised { day, text, said: Vec::new() });
                }
            }
        }
        returning(&raised).into_iter().map(|one| format!("{} ×{}", one.words, one.days.len())).collect()
    }

    #[test]
    fn what_comes_up_in_three_meetings_returns() {
        let said = [
            ("2024-01-01", "MySQL 8: who upgrades? We should discuss https://x.example/mysql"),
            ("2024-01-01", "mysql 8 again"),
            ("2024-02-01", "The MySQL 8 upgrade, and accessibility"),
            ("2024-03-01", "Upgrades to MySQL 8"),
            ("2024-03-01", "Accessibility testing"),
            ("2024-04-01", "An update on Accessibility, please"),
        ];
        assert_eq!(topics(&said), ["accessibility ×3", "mysql 8 ×3", "upgrades ×3"]);
        assert_eq!(topics(&said[..3]), [""; 0]);
        assert_eq!(topics(&[]), [""; 0]);
    }

    #[test]
    fn a_topic_has_its_number_its_short_form_and_what_is_said_to_it() {
        let said = [
            ("2024-01-01", "Who is still on Postgres 14.0?"),
            ("2024-01-01", "> nobody that I know of"),
            ("2024-02-01", "Postgres 14 goes out of support"),
            ("2024-03-01", "Dates of the summer"),
            ("2024-03-01", "> after Postgres 14, please"),
            ("2024-01-01", "a11y of the new player"),
            ("2024-02-01", "Accessibility audits"),
            ("2024-03-01", "Whose is the player?"),
            ("2024-03-01", "> it fails A11Y, https://x.example/accessibility"),
            // Only ever mentioned.
            ("2024-01-01", "Plans"),
            ("2024-01-01", "> ask the lawyers"),
            ("2024-02-01", "Plans again"),
            ("2024-02-01", "> the lawyers agree"),
            ("2024-03-01", "Lawyers"),
        ];
        assert_eq!(topics(&said), ["accessibility ×3", "postgres 14 ×3"]);
    }

    #[test]
    fn words_of_every_talk_are_no_topics() {
        let said = "People set the best table, write anything, and maybe something doesn't seem useful";
        let days = ["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01"];
        assert_eq!(topics(&days.map(|day| (day, said))), [""; 0]);
    }
}
