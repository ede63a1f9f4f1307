//! What the configuration says of files that are named on the command line.

use std::path::{Path, PathBuf};

use crate::config::{Config, SourceSettings};
use crate::domain::document::Reading;
use crate::sync;

/// The files that are sources of the configuration; none without one.
#[derive(Default)]
pub(super) struct Desk(Vec<(PathBuf, SourceSettings)>);

impl Desk {
    pub(super) fn new(config: &Config) -> Self {
        let mut files = Vec::new();
        for source in &config.sources {
            let of_source = sync::files(source).unwrap_or_default().into_iter();
            let real = of_source.filter_map(|(_, file)| file.ok()?.canonicalize().ok());
            files.extend(real.map(|file| (file, source.clone())));
        }
        Self(files)
    }

    /// The sources that a file belongs to, the one that counts first.
    pub(super) fn sources(&self, file: &Path) -> impl Iterator<Item = &SourceSettings> {
        let real = file.canonicalize().unwrap_or_else(|_| file.to_owned());
        self.0.iter().filter(move |(known, _)| *known == real).map(|(_, source)| source)
    }

    /// How a file is to be read.
    pub(super) fn reading(&self, file: &Path) -> Reading {
        self.sources(file).next().map(|source| source.reading.clone()).unwrap_or_default()
    }
}
