//! Bytes of documents, from where they live: files, and what is fetched from elsewhere.

mod checkout;
mod git;
mod line;
mod linked;
mod remote;
mod repository;
mod shared;
mod wiki;

use std::path::{Component, Path, PathBuf};

pub use checkout::{checkout, documents_below, inside, markdown_below, may_lead};
pub use git::{Base, GitError};
pub use remote::{RemoteError, Remotes, hint};

/// The most documents that a source may mean where they are fetched: what has more is no register.
const MOST: usize = 1000;
/// A larger document is refused, in bytes: real registers have some hundred kilobytes, and what is larger is something
/// else. Understanding one takes some sixty times its size in memory at worst (a million short rows).
pub const LARGEST: u64 = 16 * 1024 * 1024;

/// What makes a path a pattern.
const WILDCARDS: [char; 3] = ['*', '?', '['];

/// Why a document cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Nothing there.
    #[error("cannot read `{}`: no such file", path.display())]
    Missing {
        /// What was looked for.
        path: PathBuf,
    },
    /// A pattern that matches nothing.
    #[error("`{pattern}` matches no file")]
    NoMatch {
        /// The pattern.
        pattern: String,
    },
    /// A folder where a file was expected.
    #[error("cannot read `{}`: it is a directory", path.display())]
    Directory {
        /// The folder.
        path: PathBuf,
    },
    /// Neither file nor folder: a socket, a pipe, a device.
    #[error("cannot read `{}`: it is not a regular file", path.display())]
    Special {
        /// What it is called.
        path: PathBuf,
    },
    /// Larger than [`LARGEST`].
    #[error("cannot read `{}`: it has {} MB, more than the {} MB that a document may have", path.display(), size / 1_048_576, LARGEST / 1_048_576)]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size in bytes.
        size: u64,
    },
    /// Outside of the folder that documents may not lead out of.
    #[error("cannot read `{}`: it leads out of the checkout", path.display())]
    Outside {
        /// What it is called.
        path: PathBuf,
    },
    /// Matched by a pattern, and a link that leads out of the folder in which the pattern looks.
    #[error("cannot read `{}`: it is a link that leads out of `{}`", path.display(), folder.display())]
    Astray {
        /// What it is called.
        path: PathBuf,
        /// The folder.
        folder: PathBuf,
    },
    /// The system says no.
    #[error("cannot read `{}`", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl SourceError {
    /// What to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::Missing { .. } | Self::NoMatch { .. } => {
                "check the spelling; paths in a configuration start at its folder"
            }
            Self::Directory { .. } => "name the files in it with a pattern, such as `docs/*.md`",
            Self::Special { .. } => "name a regular file",
            Self::TooLarge { .. } => "split the document, or name the part of it that holds the register",
            Self::Outside { .. } => "in CI, only documents of the checkout are read",
            Self::Astray { .. } => "name the file itself as a source of its own, if it is to be read",
            Self::Io { .. } => "check that the user who runs dragnet may read it",
        }
        .to_owned()
    }
}

/// One file of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The document as the user named it: relative to the source's folder where the pattern was. It stays the same from
    /// wherever dragnet is started.
    pub name: String,
    /// Where it is.
    pub file: PathBuf,
    /// The folder in which a pattern found it, out of which no link may lead. Whoever names a file outright means that file.
    pub within: Option<PathBuf>,
}

impl Found {
    /// Refuses a file that a link leads to out of the pattern's folder, or out of `fence`.
    pub fn inside(&self, fence: Option<&Path>) -> Result<(), SourceError> {
        inside(fence, &self.file)?;
        let Some(folder) = &self.within else { return Ok(()) };
        let astray = |_| SourceError::Astray { path: self.file.clone(), folder: folder.clone() };
        inside(Some(folder), &self.file).map_err(astray)
    }
}

/// The files that `pattern` means, below `folder` where it is relative: itself, or what a glob matches, in order of
/// their names. Folders that a glob matches are left out; one named outright is an error when it is read.
pub fn files(folder: &Path, pattern: &str) -> Result<Vec<Found>, SourceError> {
    let whole = folder.join(pattern);
    if !pattern.contains(WILDCARDS) || whole.exists() {
        return Ok(vec![Found { name: pattern.to_owned(), file: whole, within: None }]);
    }
    let no_match = || SourceError::NoMatch { pattern: pattern.to_owned() };
    // Only the pattern may hold wildcards; a folder called `[old]` is just a folder.
    let fixed = glob::Pattern::escape(&folder.display().to_string());
    let joined = Path::new(&fixed).join(pattern);
    let is_plain = |part: &Component<'_>| !part.as_os_str().to_string_lossy().contains(WILDCARDS);
    let within: PathBuf = folder.components().chain(Path::new(pattern).components().take_while(is_plain)).collect();
    let mut found = Vec::new();
    for entry in glob::glob(&joined.display().to_string()).map_err(|_| no_match())? {
        let file = entry.map_err(|error| SourceError::Io { path: error.path().to_owned(), source: error.into() })?;
        if !file.is_dir() {
            let name = file.strip_prefix(folder).unwrap_or(&file).display().to_string();
            found.push(Found { name, file, within: Some(within.clone()) });
        }
    }
    if found.is_empty() { Err(no_match()) } else { Ok(found) }
}

/// The bytes of one file.
pub fn read(path: &Path) -> Result<Vec<u8>, SourceError> {
    let io = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::NotFound => SourceError::Missing { path: path.to_owned() },
        _ => SourceError::Io { path: path.to_owned(), source },
    };
    let facts = std::fs::metadata(path).map_err(io)?;
    if facts.is_dir() {
        return Err(SourceError::Directory { path: path.to_owned() });
    }
    if !facts.is_file() {
        return Err(SourceError::Special { path: path.to_owned() });
    }
    if facts.len() > LARGEST {
        return Err(SourceError::TooLarge { path: path.to_owned(), size: facts.len() });
    }
    std::fs::read(path).map_err(io)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{files, read};

    #[test]
    fn each_way_of_not_being_readable_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("a.md"), "text").unwrap();
        std::fs::File::create(at("huge.md")).unwrap().set_len(super::LARGEST + 1).unwrap();
        assert_eq!(read(&at("a.md")).unwrap(), b"text");
        for (name, expected) in [
            ("none.md", "no such file"),
            ("", "it is a directory"),
            ("huge.md", "it has 16 MB, more than the 16 MB that a document may have"),
            ("a.md/b", "cannot read `"),
        ] {
            let error = read(&at(name)).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_link_that_a_pattern_matches_leads_to_nothing_outside_of_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["docs/2024", "elsewhere", "mounted/..data"] {
            std::fs::create_dir_all(at(name)).unwrap();
        }
        for name in ["docs/a.md", "docs/2024/b.md", "elsewhere/c.md", "mounted/..data/d.md"] {
            std::fs::write(at(name), "").unwrap();
        }
        let link = |to: &str, name: &str| std::os::unix::fs::symlink(at(to), at(name)).unwrap();
        link("elsewhere/c.md", "docs/c.md");
        link("docs/2024/b.md", "docs/inside.md");
        link("mounted/..data/d.md", "mounted/d.md");
        link("docs", "linked");
        link("nowhere.md", "docs/broken.md");
        let told = |pattern: &str| -> Vec<String> {
            let told = |found: super::Found| format!("{} {}", found.name, found.inside(None).is_ok());
            files(folder.path(), pattern).unwrap().into_iter().map(told).collect()
        };
        assert_eq!(
            told("docs/*.md"),
            ["docs/a.md true", "docs/broken.md true", "docs/c.md false", "docs/inside.md true"]
        );
        assert_eq!(told("docs/c.md"), ["docs/c.md true"], "a file that is named is meant");
        assert_eq!(told("d*/c.md"), ["docs/c.md true"], "it stays in the folder in which the pattern looks");
        assert_eq!(told("mounted/*.md"), ["mounted/d.md true"]);
        assert_eq!(told("linked/*/b.md"), ["linked/2024/b.md true"]);
        let error = files(folder.path(), "docs/*.md").unwrap()[2].inside(None).unwrap_err();
        assert!(error.to_string().contains("docs/c.md`: it is a link that leads out of `"), "{error}");
    }

    #[test]
    fn a_glob_means_files_in_order() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.md", "a.md", "c.txt", "[x].md"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("d.md")).unwrap();
        let names = |pattern: &str| -> Vec<String> {
            let found = files(folder.path(), pattern).unwrap();
            assert!(found.iter().all(|found| found.file == folder.path().join(&found.name)));
            found.into_iter().map(|found| found.name).collect()
        };
        assert_eq!(names("*.md"), ["[x].md", "a.md", "b.md"]);
        assert_eq!(names("[x].md"), ["[x].md"]);
        assert_eq!(names("none.md"), ["none.md"]);
        assert_eq!(files(folder.path(), "*.rst").unwrap_err().to_string(), "`*.rst` matches no file");
        let absolute = folder.path().join("a*.md").display().to_string();
        assert_eq!(files(Path::new("elsewhere"), &absolute).unwrap()[0].file, folder.path().join("a.md"));
    }
}
