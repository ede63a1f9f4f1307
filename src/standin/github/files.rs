//! The files of a repository: its tree, and what stands in them, as git keeps it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::server::{Answer, Request};
use super::{GitHub, Repo};

impl GitHub {
    /// Writes a file on a branch of a repository.
    pub fn file(&self, repo: &str, branch: &str, path: &str, text: &str) -> &Self {
        self.state().repo(repo).files.insert((branch.to_owned(), path.to_owned()), text.to_owned());
        self
    }

    /// Takes a file away.
    pub fn file_removed(&self, repo: &str, branch: &str, path: &str) -> &Self {
        self.state().repo(repo).files.remove(&(branch.to_owned(), path.to_owned()));
        self
    }
}

/// The whole tree of a branch; `HEAD` is `main` here.
pub(super) fn tree(repo: &Repo, request: &Request, branch: &str, base: &str) -> Option<Answer> {
    let branch = if branch == "HEAD" { "main" } else { branch };
    let files: Vec<_> = repo.files.iter().filter(|((own, _), _)| own == branch).collect();
    if files.is_empty() {
        return None;
    }
    let home = format!("{base}/repos/{}", repo.full_name());
    let entries: Vec<Value> = files
        .iter()
        .map(|((_, path), text)| {
            let sha = hash(text);
            let url = format!("{home}/git/blobs/{sha}");
            json!({"path": path, "mode": "100644", "type": "blob", "sha": sha, "size": text.len(), "url": url})
        })
        .collect();
    let sha = hash(&json!(entries).to_string());
    let tag = format!("W/\"{sha}\"");
    if request.header("if-none-match") == Some(&tag) {
        return Some(Answer { status: 304, headers: vec![("etag".to_owned(), tag)], body: Vec::new(), cut: false });
    }
    let url = format!("{home}/git/trees/{sha}");
    let body = json!({"sha": sha, "url": url, "tree": entries, "truncated": false});
    Some(Answer::json(200, &body).with("etag", &tag))
}

/// What stands in a file, by its hash.
pub(super) fn blob(repo: &Repo, sha: &str, base: &str) -> Option<Answer> {
    let text = repo.files.values().find(|text| hash(text) == sha)?;
    let content: Vec<String> = BASE64_STANDARD
        .encode(text)
        .as_bytes()
        .chunks(60)
        .map(|line| format!("{}\n", String::from_utf8_lossy(line)))
        .collect();
    let url = format!("{base}/repos/{}/git/blobs/{sha}", repo.full_name());
    let node = format!("B_{}", &sha[..8]);
    let body = json!({"content": content.concat(), "encoding": "base64", "url": url, "sha": sha, "size": text.len(), "node_id": node});
    Some(Answer::json(200, &body))
}

/// As long as git's own.
fn hash(text: &str) -> String {
    Sha256::digest(text)[..20].iter().map(|byte| format!("{byte:02x}")).collect()
}
