//! Files of repositories that documents link to: whether they are still there.
//!
//! One request for a branch's tree proves both: what stands in it is there, and what does not is gone. A repository or branch
//! that is not shown proves nothing.

use std::collections::BTreeMap;

use url::Url;

use super::line::Line;
use super::repository::Tree;
use crate::domain::citation::Look;
use crate::domain::lookup::{Trouble, TroubleKind};

/// A GitHub whose files may be linked to.
#[derive(Debug)]
pub(super) struct Forge {
    site: Url,
    line: Line,
}

/// A file or folder by its address.
struct Address {
    owner: String,
    repo: String,
    reference: String,
    path: String,
}

impl Forge {
    pub(super) fn new(site: &Url, line: Line) -> Self {
        Self { site: site.clone(), line }
    }

    /// Looks at those that are its own, a request for each branch.
    pub(super) async fn look(&self, targets: &[String]) -> Vec<(String, Result<Look, Trouble>)> {
        let mut trees: BTreeMap<(String, String, String), Vec<(String, String)>> = BTreeMap::new();
        for target in targets {
            if let Some(Address { owner, repo, reference, path }) = self.address(target) {
                trees.entry((owner, repo, reference)).or_default().push((target.clone(), path));
            }
        }
        let mut looked = Vec::new();
        for ((owner, repo, reference), files) in trees {
            let tree = self.tree(&owner, &repo, &reference).await;
            looked.extend(files.into_iter().map(|(target, path)| {
                let look = match &tree {
                    Ok(tree) if tree.holds(&path) => Ok(Look::Found { title: None, status: None }),
                    Ok(_) => Ok(Look::Gone { proof: format!("{owner}/{repo} has no `{path}` at {reference}") }),
                    Err(trouble) => Err(trouble.clone()),
                };
                (target, look)
            }));
        }
        looked
    }

    fn address(&self, target: &str) -> Option<Address> {
        let rest = target.strip_prefix(self.site.as_str().trim_end_matches('/'))?.strip_prefix('/')?;
        let decoded = |part: &str| percent_encoding::percent_decode_str(part).decode_utf8().ok().map(String::from);
        let parts: Vec<String> = rest.split('/').map(decoded).collect::<Option<_>>()?;
        let [owner, repo, _, reference, path @ ..] = parts.as_slice() else { return None };
        let path = path.join("/").trim_end_matches('/').to_owned();
        Some(Address { owner: owner.clone(), repo: repo.clone(), reference: reference.clone(), path })
    }

    async fn tree(&self, owner: &str, repo: &str, reference: &str) -> Result<Tree, Trouble> {
        let path = ["repos", owner, repo, "git", "trees", reference];
        let reply = self.line.get(&path, &[("recursive", "1")], None).await?;
        if let Some(trouble) = reply.refusal() {
            // GitHub answers 404 to whoever may not see a repository, and 409 where it is empty.
            return Err(match reply.status.as_u16() {
                status @ (404 | 409) => {
                    let asked = reply.asked();
                    let says = format!("{owner}/{repo} at {reference} is not shown: {asked} answered {status}");
                    Trouble { kind: TroubleKind::Hidden, says }
                }
                _ => trouble,
            });
        }
        let tree: Tree = reply.json()?;
        if tree.truncated { Err(reply.misread("has too many files to list them all")) } else { Ok(tree) }
    }
}
