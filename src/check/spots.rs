//! The lines that findings point at, from the documents as they are now.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::config::SourceSettings;
use crate::domain::finding::Finding;
use crate::domain::known::Known;
use crate::report::Spot;
use crate::sources;
use crate::sync::{self, Outcome};

/// Lines by path and number, each document with its file from the root of the checkout.
#[derive(Debug, Default)]
pub(super) struct Lines {
    lines: BTreeMap<(String, u32), String>,
    files: BTreeMap<String, String>,
}

impl Lines {
    /// The lines at which the findings of a pass point. What cannot be read any more has none.
    pub(super) fn read(sources: &[SourceSettings], outcome: &Outcome) -> Self {
        let mut wanted: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
        for place in outcome.judged.findings.iter().filter_map(|finding| finding.place.as_ref()) {
            wanted.entry(&place.path).or_default().insert(place.line);
        }
        let root = sources::checkout();
        let mut found = Self::default();
        for source in sources {
            for (path, file) in sync::files(source).unwrap_or_default() {
                if !wanted.contains_key(path.as_str()) {
                    continue;
                }
                if let Ok(text) = sync::text_of(source, &file) {
                    found.keep(&path, &text, &wanted);
                }
                if let Some(below) = file.ok().and_then(|file| below(&root, &file)) {
                    found.files.insert(path, below);
                }
            }
        }
        found
    }

    fn keep(&mut self, path: &str, text: &str, wanted: &BTreeMap<&str, BTreeSet<u32>>) {
        let Some(wanted) = wanted.get(path) else { return };
        for (number, line) in (1_u32..).zip(text.split('\n')) {
            if wanted.contains(&number) {
                self.lines.insert((path.to_owned(), number), line.to_owned());
            }
        }
    }

    /// The words around a finding's place.
    pub(super) fn around(&self, finding: &Finding, known: &Known) -> Option<Spot> {
        let place = finding.place.as_ref()?;
        let line = self.lines.get(&(place.path.to_string(), place.line))?;
        let document = known.documents.iter().find(|document| document.path == *place.path)?;
        let named = document.references.iter().find(|reference| reference.place == *place);
        let length = named.map_or(1, |reference| reference.text.chars().count());
        let file = self.files.get(&*place.path).map_or(&*place.path, String::as_str);
        Some(Spot::new(file, line, place.column, length))
    }
}

/// A file's path below `root`, with `/` between its parts; `None` where it is not below.
pub(super) fn below(root: &Path, file: &Path) -> Option<String> {
    let (root, file) = (root.canonicalize().ok()?, file.canonicalize().ok()?);
    let parts: Vec<String> =
        file.strip_prefix(root).ok()?.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    Some(parts.join("/"))
}
