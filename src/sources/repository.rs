//! Files of a repository on GitHub: one conditional request for its tree, one for each file that changed.
//!
//! <https://docs.github.com/rest/git/trees>, <https://docs.github.com/rest/git/blobs>. A tree tells every file with the hash
//! of its content, so nothing is read twice, and a tree that did not change costs nothing of the quota.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;

use super::line::Line;
use super::remote::too_large;
use super::{LARGEST, MOST};
use crate::domain::lookup::{Trouble, TroubleKind};
use crate::domain::remote::{Copy, Fetched, Held, Piece, Repository, What};
use crate::http::Reply;

/// Files of a repository.
#[derive(Debug)]
pub(super) struct Files {
    repository: Repository,
    line: Line,
}

/// Everything that stands in a repository at a branch.
#[derive(Deserialize)]
pub(super) struct Tree {
    tree: Vec<Entry>,
    /// Whether GitHub left some out.
    #[serde(default)]
    pub(super) truncated: bool,
}

impl Tree {
    /// Whether a file or a folder stands in it.
    pub(super) fn holds(&self, path: &str) -> bool {
        let below =
            |entry: &Entry| entry.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.tree.iter().any(below)
    }
}

#[derive(Deserialize)]
struct Entry {
    path: String,
    mode: String,
    sha: String,
    #[serde(default)]
    size: u64,
}

#[derive(Deserialize)]
struct Blob {
    content: String,
    encoding: String,
}

/// Modes of regular files; a link (120000) leads nobody knows where, and 160000 is another repository.
const REGULAR: [&str; 2] = ["100644", "100755"];

impl Files {
    pub(super) fn new(repository: &Repository, line: Line) -> Self {
        Self { repository: repository.clone(), line }
    }

    pub(super) async fn fetch(&self, held: &Held) -> Result<Fetched, Trouble> {
        // A tag that another question got says nothing of this one.
        let question = format!("{} {}", self.repository.link(&self.repository.path), self.repository.api_url);
        let before = held.tag.as_deref().and_then(|tag| tag.split_once('\n'));
        let tag = before.filter(|(asked, _)| *asked == question && !held.versions.is_empty()).map(|(_, tag)| tag);
        let reply = self.get(&["git", "trees", self.repository.branch()], &[("recursive", "1")], tag).await?;
        if reply.status == ::http::StatusCode::NOT_MODIFIED && tag.is_some() {
            let same = |path: &String| Piece { path: path.clone(), what: What::Same };
            return Ok(Fetched { tag: held.tag.clone(), documents: held.versions.keys().map(same).collect() });
        }
        let tree: Tree = self.answer(&reply)?.json()?;
        if tree.truncated {
            return Err(reply.misread("has too many files to list them all"));
        }
        let mut tag = reply.header("etag").map(|tag| format!("{question}\n{tag}"));
        let (mut documents, mut broken) = (Vec::new(), None);
        for entry in self.wanted(tree.tree)? {
            let path = self.repository.link(&entry.path);
            let what = match &broken {
                _ if held.versions.get(&path) == Some(&entry.sha) => What::Same,
                Some(trouble) => What::Unread(Trouble::clone(trouble)),
                None => self.read(&entry).await.map_or_else(What::Unread, What::New),
            };
            if let What::Unread(trouble) = &what {
                // A tree that has not changed would hide what is missing still.
                tag = None;
                if trouble.kind != TroubleKind::Misread {
                    broken = Some(trouble.clone());
                }
            }
            documents.push(Piece { path, what });
        }
        Ok(Fetched { tag, documents })
    }

    /// The files that the source means.
    fn wanted(&self, tree: Vec<Entry>) -> Result<Vec<Entry>, Trouble> {
        let Repository { name, path, .. } = &self.repository;
        let options = glob::MatchOptions { require_literal_separator: true, ..glob::MatchOptions::default() };
        let pattern = glob::Pattern::new(path).expect("the configuration was checked to hold a glob");
        let means = |entry: &Entry| entry.path == *path || pattern.matches_with(&entry.path, options);
        let regular = |entry: &Entry| REGULAR.contains(&entry.mode.as_str());
        let found: Vec<Entry> = tree.into_iter().filter(|entry| regular(entry) && means(entry)).collect();
        if found.is_empty() {
            let says = format!("`{path}` matches no file of {name} at {}", self.repository.branch());
            return Err(Trouble { kind: TroubleKind::Misread, says });
        }
        if found.len() > MOST {
            let says = format!("`{path}` matches more than {MOST} files of {name}");
            return Err(Trouble { kind: TroubleKind::Misread, says });
        }
        Ok(found)
    }

    async fn read(&self, entry: &Entry) -> Result<Copy, Trouble> {
        if entry.size > LARGEST {
            return Err(too_large(&entry.path, entry.size));
        }
        let reply = self.get(&["git", "blobs", &entry.sha], &[], None).await?;
        let blob: Blob = self.answer(&reply)?.json()?;
        let packed: Vec<u8> = blob.content.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let body = (blob.encoding == "base64").then(|| BASE64_STANDARD.decode(packed).ok()).flatten();
        let body = body.ok_or_else(|| reply.misread("sent a content of an unknown encoding"))?;
        Ok(Copy { version: entry.sha.clone(), body, title: None })
    }

    async fn get(&self, path: &[&str], query: &[(&str, &str)], tag: Option<&str>) -> Result<Reply, Trouble> {
        let (owner, name) = self.repository.name.split_once('/').expect("the configuration was checked to name both");
        let path: Vec<&str> = ["repos", owner, name].iter().chain(path).copied().collect();
        self.line.get(&path, query, tag).await
    }

    /// The answer, unless it is a refusal. GitHub answers 404 to whoever may not see a repository.
    fn answer<'a>(&self, reply: &'a Reply) -> Result<&'a Reply, Trouble> {
        let Some(trouble) = reply.refusal() else { return Ok(reply) };
        if reply.status == ::http::StatusCode::NOT_FOUND {
            let Repository { name, .. } = &self.repository;
            let says = format!("{name} at {} is not shown: {} answered 404", self.repository.branch(), reply.asked());
            return Err(Trouble { kind: TroubleKind::Hidden, says });
        }
        Err(trouble)
    }
}
