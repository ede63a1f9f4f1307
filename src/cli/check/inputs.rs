//! What is checked: the documents named, those of the configuration, or the Markdown that is there.

use std::io::Read;
use std::path::Path;

use anyhow::Context;

use super::super::args::Check;
use super::super::failure::Advice;
use super::super::output::Output;
use super::super::progress::count;
use crate::config::{Config, SourceSettings};
use crate::sources;

/// What standard input is called in places.
const STANDARD_INPUT: &str = "stdin";

/// The documents named, or the Markdown of the folder where neither they nor a configuration are; `None` for the sources
/// of the configuration.
pub(super) fn sources(
    config: Option<&Config>,
    arguments: &Check,
    output: &Output,
) -> anyhow::Result<Option<Vec<SourceSettings>>> {
    if arguments.paths.is_empty() {
        if let Some(config) = config {
            return if config.sources.is_empty() {
                Err(nothing_to_check("the configuration names no source"))
            } else {
                Ok(None)
            };
        }
        let found = sources::markdown_below(Path::new("."))?;
        if found.is_empty() {
            return Err(nothing_to_check("there is no configuration, and no Markdown below this folder"));
        }
        output.say(&format!("no configuration: checking {} of this folder", count(found.len(), "Markdown file")));
        return Ok(Some(found.iter().map(|path| SourceSettings::named(path)).collect()));
    }
    let mut sources = Vec::new();
    for path in &arguments.paths {
        if path == "-" {
            let text = Some(standard_input()?);
            sources.push(SourceSettings { text, ..SourceSettings::named(STANDARD_INPUT) });
        } else if Path::new(path).is_dir() {
            let found = sources::markdown_below(Path::new(path))?;
            if found.is_empty() {
                return Err(nothing_to_check(&format!("there is no Markdown below `{path}`")));
            }
            sources.extend(found.iter().map(|path| SourceSettings::named(path)));
        } else {
            sources.push(SourceSettings::named(path));
        }
    }
    Ok(Some(sources))
}

fn standard_input() -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(sources::LARGEST + 1).read_to_end(&mut bytes).context("cannot read standard input")?;
    if bytes.len() as u64 > sources::LARGEST {
        return Err(Advice::error("cannot read standard input: it is too large", "split the document"));
    }
    crate::documents::decode(&bytes)
        .map_err(|error| Advice::error(format!("cannot read standard input: {error}"), error.hint()))
}

pub(super) fn nothing_to_check(because: &str) -> anyhow::Error {
    Advice::error(
        format!("nothing to check: {because}"),
        "name documents that cite tickets; bare Jira keys count once a [[tracker]] claims their project",
    )
}
