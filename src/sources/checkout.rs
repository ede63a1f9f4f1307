//! The checkout that the program runs in, and the documents that stand in it.

use std::path::{Component, Path, PathBuf};

use super::SourceError;

/// Endings of documents that are looked for where none is named.
const DOCUMENTS: &[&str] = &["md", "markdown"];

/// The root of the checkout that the program runs in: the nearest folder above that holds `.git`, else the present one.
pub fn checkout() -> PathBuf {
    let here = Path::new(".").canonicalize().unwrap_or_else(|_| PathBuf::from("."));
    let root = here.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
    root.unwrap_or(here)
}

/// Refuses a file that stands outside of `fence`, links followed, or where git keeps what is nobody's to read: the
/// credentials of a run among it. Of one that is not there the folder counts in which it would stand, so that nobody learns
/// what there is elsewhere.
pub fn inside(fence: Option<&Path>, file: &Path) -> Result<(), SourceError> {
    let Some(fence) = fence else { return Ok(()) };
    let Ok(root) = fence.canonicalize() else { return Ok(()) };
    let real = file.ancestors().find_map(|there| {
        let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
        there.canonicalize().ok()
    });
    let below = real.as_ref().and_then(|real| real.strip_prefix(root).ok());
    if below.is_some_and(|below| below.iter().all(|part| part != ".git")) {
        return Ok(());
    }
    Err(SourceError::Outside { path: file.to_owned() })
}

/// Refuses what a source calls its documents where that leads out of `fence`, before anything there is listed.
pub fn may_lead(fence: Option<&Path>, folder: &Path, pattern: &str) -> Result<(), SourceError> {
    let is_wild = |part: &Component<'_>| part.as_os_str().to_string_lossy().contains(['*', '?', '[']);
    let mut parts = Path::new(pattern).components();
    let fixed: PathBuf = parts.by_ref().take_while(|part| !is_wild(part)).collect();
    let comes_back = fence.is_some() && parts.any(|part| part == Component::ParentDir);
    if !comes_back && inside(fence, &folder.join(fixed)).is_ok() {
        return Ok(());
    }
    Err(SourceError::Outside { path: PathBuf::from(pattern) })
}

/// The Markdown below `folder`, in order of the names: without what is hidden or ignored by git, and without following
/// links.
pub fn markdown_below(folder: &Path) -> Result<Vec<String>, SourceError> {
    documents_below(folder, &|_| false)
}

/// The same, and with it the files that `also` takes.
pub fn documents_below(folder: &Path, also: &dyn Fn(&Path) -> bool) -> Result<Vec<String>, SourceError> {
    let mut found = Vec::new();
    for entry in ignore::WalkBuilder::new(folder).require_git(false).build() {
        let entry = entry.map_err(|error| SourceError::Io {
            path: folder.to_owned(),
            source: error.into_io_error().unwrap_or_else(|| std::io::Error::other("cannot be listed")),
        })?;
        let document = entry.path().extension().and_then(|ending| ending.to_str());
        let document = document.is_some_and(|ending| DOCUMENTS.iter().any(|known| known.eq_ignore_ascii_case(ending)));
        if (document || also(entry.path())) && entry.file_type().is_some_and(|kind| kind.is_file()) {
            let path = entry.path().strip_prefix("./").unwrap_or(entry.path());
            found.push(path.display().to_string());
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::markdown_below;

    #[test]
    fn markdown_is_found_where_a_person_would_look() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("docs/.hidden")).unwrap();
        std::fs::create_dir_all(at("built")).unwrap();
        for name in ["b.md", "docs/A.MD", "docs/.hidden/x.md", "built/y.md", "c.txt"] {
            std::fs::write(at(name), "").unwrap();
        }
        std::fs::write(at(".gitignore"), "built/\n").unwrap();
        std::os::unix::fs::symlink(at("c.txt"), at("link.md")).unwrap();
        let found = markdown_below(folder.path()).unwrap();
        let names: Vec<&str> = found.iter().map(|path| path.rsplit('/').next().unwrap()).collect();
        assert_eq!(names, ["b.md", "A.MD"]);
    }
}
