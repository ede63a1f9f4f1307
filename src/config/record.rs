//! Kinds of decision records: what cites one, and where their files are.

use std::path::Path;

use regex::Regex;
use toml::Spanned;

use super::check::{Checked, Names};
use super::error::Places;
use super::file;
use super::source::file_or_glob;
use crate::domain::citation::Records;

pub(super) fn records(records: Vec<file::Record>, folder: &Path, places: &Places<'_>) -> Checked<Vec<Records>> {
    let mut names = Names::default();
    let record = |record: file::Record| {
        names.take(&record.name, "kind of records", places)?;
        Ok(Records {
            pattern: pattern(record.pattern.as_ref(), record.name.get_ref(), places)?,
            path: file_or_glob(&record.path, places)?,
            name: record.name.into_inner(),
            folder: folder.to_owned(),
            fence: None,
        })
    };
    records.into_iter().map(record).collect()
}

fn pattern(text: Option<&Spanned<String>>, name: &str, places: &Places<'_>) -> Checked<String> {
    let Some(text) = text else { return Ok(format!(r"\b{}[- ]?(\d+)\b", regex::escape(name))) };
    let wrong = |message: &str| places.wrong_with_hint(text.span(), message.to_owned(), Some("such as 'ADR-(\\d+)'"));
    let pattern = Regex::new(text.get_ref()).map_err(|_| wrong("not a regular expression"))?;
    if pattern.captures_len() < 2 {
        return Err(wrong("expected a group around the number"));
    }
    Ok(text.get_ref().clone())
}
