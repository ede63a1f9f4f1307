//! Themes: what a register's challenges are rolled up by, beside their categories; and the patterns that they form over time.

use chrono::NaiveDate;

/// Short forms that count the letters they leave out, with what they are short for.
const SHORT: &[(&str, &str)] = &[
    ("a11y", "accessibility"),
    ("i18n", "internationalization"),
    ("k8s", "kubernetes"),
    ("l10n", "localization"),
    ("o11y", "observability"),
];

/// What a word in lower case is short for, if it is one of the short forms that are known.
pub fn long_form(word: &str) -> Option<&'static str> {
    SHORT.iter().find(|(short, _)| *short == word).map(|(_, long)| *long)
}

/// The other form of a word in lower case that has a short one, or is one.
pub fn other_form(word: &str) -> Option<&'static str> {
    long_form(word).or_else(|| SHORT.iter().find(|(_, long)| *long == word).map(|(short, _)| *short))
}

/// A theme of the configuration, with what makes a challenge part of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Theme {
    /// What it is called.
    pub name: String,
    /// Challenges of these categories.
    pub categories: Vec<String>,
    /// Challenges with one of these words, or sequences of words, in their title.
    pub words: Vec<String>,
}

/// What was brought up in a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// The day of the meeting.
    pub day: NaiveDate,
    /// The topic's own text.
    pub text: String,
    /// What was said to it, and what was agreed.
    pub said: Vec<String>,
}

/// What came back in several meetings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returning {
    /// The word, or the words, as they were written first, in lower case.
    pub words: String,
    /// The days on which it was a topic, oldest first.
    pub days: Vec<NaiveDate>,
}

/// How often something was met in some stretch of time, or by somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// What: a category, a theme, a challenge.
    pub what: String,
    /// When or by whom: a quarter such as `2021-Q3`, or a team.
    pub by: String,
    /// How often.
    pub many: usize,
}

/// What patterns are drawn from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Patterns {
    /// Dated anecdotes by category and quarter.
    pub categories: Vec<Met>,
    /// Dated anecdotes by theme and quarter.
    pub themes: Vec<Met>,
    /// Challenges of each theme by the team that met them.
    pub theme_teams: Vec<Met>,
    /// Anecdotes of the challenges that most teams met, by team.
    pub shared: Vec<Met>,
    /// Topics that return.
    pub topics: Vec<Returning>,
}
