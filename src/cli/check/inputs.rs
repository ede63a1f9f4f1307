//! What is checked: the documents named, those of the configuration, or the Markdown that is there.

use std::io::Read;
use std::path::Path;

use anyhow::Context;

use super::super::args::Check;
use super::super::desk::Desk;
use super::super::failure::Advice;
use super::super::output::Output;
use super::super::progress::count;
use crate::config::{Config, SourceSettings};
use crate::documents;
use crate::domain::document::{Form, Reading};
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
    let also = |path: &Path| arguments.code && documents::is_code(path);
    let what = if arguments.code { "Markdown and no source file" } else { "Markdown" };
    // Which files are code is said by their names, and how a source is read by the configuration.
    let desk = config.map(Desk::new).unwrap_or_default();
    let named = |path: &str| {
        let file = Path::new(path);
        let reading = if also(file) { Reading::of(Form::Code) } else { desk.reading(file) };
        SourceSettings { reading, ..SourceSettings::named(path) }
    };
    if arguments.paths.is_empty() {
        if let Some(config) = config {
            if config.sources.is_empty() {
                return Err(nothing_to_check("the configuration names no source"));
            }
            if !arguments.code {
                return Ok(None);
            }
            let code =
                sources::documents_below(Path::new("."), &also)?.into_iter().filter(|path| also(Path::new(path)));
            let code: Vec<_> = code.map(|path| named(&path)).collect();
            return Ok(Some(config.sources.iter().cloned().chain(code).collect()));
        }
        let found = sources::documents_below(Path::new("."), &also)?;
        if found.is_empty() {
            return Err(nothing_to_check(&format!("there is no configuration, and no {what} below this folder")));
        }
        let files = count(found.len(), if arguments.code { "file" } else { "Markdown file" });
        output.say(&format!("no configuration: checking {files} of this folder"));
        return Ok(Some(found.iter().map(|path| named(path)).collect()));
    }
    let mut sources = Vec::new();
    for path in &arguments.paths {
        if path == "-" {
            let text = Some(standard_input()?);
            sources.push(SourceSettings { text, ..SourceSettings::named(STANDARD_INPUT) });
        } else if Path::new(path).is_dir() {
            let found = sources::documents_below(Path::new(path), &also)?;
            if found.is_empty() {
                return Err(nothing_to_check(&format!("there is no {what} below `{path}`")));
            }
            sources.extend(found.iter().map(|path| named(path)));
        } else if arguments.code {
            let found = sources::files(Path::new(""), path)?;
            sources.extend(found.iter().map(|found| named(&found.name)));
        } else {
            sources.push(named(path));
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
    documents::decode(&bytes)
        .map_err(|error| Advice::error(format!("cannot read standard input: {error}"), error.hint()))
}

pub(super) fn nothing_to_check(because: &str) -> anyhow::Error {
    Advice::error(
        format!("nothing to check: {because}"),
        "name documents that cite tickets; bare Jira keys count once a [[tracker]] claims their project",
    )
}
