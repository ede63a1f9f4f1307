//! An earlier state of the checkout, from git: what changed since, and what stood there then.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Why an earlier state cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no git to ask.
    #[error("cannot run git")]
    NoGit(#[source] std::io::Error),
    /// Not in a repository, or one that git refuses to read.
    #[error("cannot read this folder's repository: {0}")]
    NoRepository(String),
    /// Nothing has that name.
    #[error("git knows no commit `{reference}`{}", if *.shallow { " in this shallow clone" } else { "" })]
    Unknown {
        /// What was named.
        reference: String,
        /// Whether the history was cut off when it was cloned.
        shallow: bool,
    },
    /// Two histories that never met.
    #[error("`{reference}` and the present state have no commit in common{}", if *.shallow { ": the history of this clone is cut off" } else { "" })]
    NoCommonCommit {
        /// What was named.
        reference: String,
        /// Whether the history was cut off when it was cloned.
        shallow: bool,
    },
    /// Git fails for another reason.
    #[error("git fails: {0}")]
    Fails(String),
}

impl GitError {
    /// What to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::NoGit(_) => "install git, or leave out --diff-base",
            Self::NoRepository(_) => "run it inside of the checkout",
            Self::Unknown { shallow: true, .. } | Self::NoCommonCommit { shallow: true, .. } => {
                "clone with the whole history: `fetch-depth: 0` of actions/checkout, `GIT_DEPTH: 0` of GitLab"
            }
            Self::Unknown { .. } => "name a branch, tag or commit that was fetched, such as origin/main",
            Self::NoCommonCommit { .. } => "name the branch that this one started from",
            Self::Fails(_) => "see what git says",
        }
        .to_owned()
    }
}

/// The state of the checkout where this branch left another.
#[derive(Debug, Clone)]
pub struct Base {
    root: PathBuf,
    commit: String,
    /// Every file there was, from the root.
    files: BTreeSet<String>,
    /// Those that are another now, or gone.
    changed: BTreeSet<String>,
}

impl Base {
    /// The last commit that `reference` and the present state have in common, and what changed since in the working tree.
    pub fn find(reference: &str) -> Result<Self, GitError> {
        let here = Path::new(".");
        let top = git(here, &["rev-parse", "--show-toplevel"])?;
        let root = PathBuf::from(text(&top.map_err(GitError::NoRepository)?));
        let run = |arguments: &[&str]| git(&root, arguments);
        let shallow = run(&["rev-parse", "--is-shallow-repository"])?.is_ok_and(|out| text(&out) == "true");
        let name = format!("{reference}^{{commit}}");
        let commit = run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &name])?;
        let commit = commit.map_err(|_| GitError::Unknown { reference: reference.to_owned(), shallow })?;
        let base = run(&["merge-base", &text(&commit), "HEAD"])?;
        let base = base.map_err(|_| GitError::NoCommonCommit { reference: reference.to_owned(), shallow })?;
        let commit = text(&base);
        let files = run(&["ls-tree", "-r", "-z", "--name-only", "--full-tree", &commit])?.map_err(GitError::Fails)?;
        let changed =
            ["diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--diff-filter=MDT", &commit, "--"];
        let changed = run(&changed)?.map_err(GitError::Fails)?;
        Ok(Self { files: names(&files), changed: names(&changed), root, commit })
    }

    /// The root of the checkout.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether a file, from the root, is still what it was.
    pub fn holds(&self, file: &str) -> bool {
        self.files.contains(file) && !self.changed.contains(file)
    }

    /// The files that are another now, or gone, from the root.
    pub fn changed(&self) -> impl Iterator<Item = &str> {
        self.changed.iter().map(String::as_str)
    }

    /// What a file, from the root, held.
    pub fn bytes(&self, file: &str) -> Result<Vec<u8>, GitError> {
        git(&self.root, &["cat-file", "blob", &format!("{}:{file}", self.commit)])?.map_err(GitError::Fails)
    }
}

/// What git prints; or what it complains of.
fn git(folder: &Path, arguments: &[&str]) -> Result<Result<Vec<u8>, String>, GitError> {
    let mut command = Command::new("git");
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    let output = command.output().map_err(GitError::NoGit)?;
    if output.status.success() {
        return Ok(Ok(output.stdout));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().map(|line| line.trim_start_matches("fatal: ")).find(|line| !line.is_empty());
    Ok(Err(said.unwrap_or("it does not say why").to_owned()))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end_matches(['\n', '\r']).to_owned()
}

fn names(bytes: &[u8]) -> BTreeSet<String> {
    bytes
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect()
}
