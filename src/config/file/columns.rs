//! What the file says of a register's columns, as it is written.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

/// Words that stand above each column, beside those that are known anyway.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct Columns {
    /// Above the categories.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(in crate::config) category: Vec<Spanned<String>>,
    /// Above what the challenges are.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(in crate::config) title: Vec<Spanned<String>>,
    /// Above what teams reported.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(in crate::config) anecdotes: Vec<Spanned<String>>,
    /// Above how often each was met.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(in crate::config) occurrences: Vec<Spanned<String>>,
    /// Above what is being done.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(in crate::config) status: Vec<Spanned<String>>,
    /// Above where it is being done: tickets and pull requests, in one column or several.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(in crate::config) tickets: Vec<Spanned<String>>,
}
