//! What the file says of kinds of decision records, as it is written.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct Record {
    /// What they are called: `ADR`.
    #[schemars(with = "String")]
    pub(in crate::config) name: Spanned<String>,
    /// A regular expression that finds a citation; its first group is the number (default: the name, and digits behind `-` or a
    /// space).
    #[schemars(with = "Option<String>")]
    pub(in crate::config) pattern: Option<Spanned<String>>,
    /// A glob of their files, from the configuration's folder; the first number in a file's name is its own.
    #[schemars(with = "String")]
    pub(in crate::config) path: Spanned<String>,
}
