//! The documents' part of a pass: list, read, understand, remember.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use anyhow::Context;
use sha2::{Digest, Sha256};

use super::fetching::{self, Gathered};
use super::{CODE, Shop, Step};
use crate::config::{Audience, SourceSettings};
use crate::domain::challenge::ChallengeId;
use crate::domain::document::Document;
use crate::references::Scan;
use crate::sources::SourceError;
use crate::store::Writer;
use crate::{documents, references, sources};

/// A document that could not be read, or not be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Its source's name.
    pub source: String,
    /// The document.
    pub path: String,
    /// Why.
    pub trouble: String,
    /// What to do.
    pub hint: String,
}

/// Reads every document and remembers what stands in it. One that cannot be read keeps its last good version.
pub(super) async fn read(
    shop: &Shop,
    writer: &Writer,
    tell: &(dyn Fn(Step) + Sync),
) -> anyhow::Result<Vec<Unreadable>> {
    let mut unreadable = Vec::new();
    let mut references = 0;
    let gathered = fetching::gather(shop, writer).await?;
    let mut list = list(shop, &gathered).await?;
    // A document that several sources take is the first one's.
    let mut taken = HashSet::new();
    list.retain(|document| taken.insert(document.path.clone()));
    // An id means one challenge, in whatever document it stands.
    let mut holders: HashMap<ChallengeId, &str> = HashMap::new();
    let mut held = Vec::with_capacity(list.len());
    for document in &list {
        let ids = shop.store.challenge_ids(&document.path).await?;
        holders.extend(ids.iter().map(|id| (id.clone(), document.path.as_str())));
        held.push(ids);
    }
    for (Listed { source, path, file }, held) in list.iter().zip(held) {
        let now = shop.clock.now();
        match text_of(source, file) {
            Ok(text) => {
                // The same text gives the same rows, and these the same ids as long as no other document has them.
                let elsewhere = |id: &ChallengeId| holders.get(id).is_some_and(|holder| holder != path);
                let digest = digest(shop, source, &text);
                if !held.iter().any(elsewhere)
                    && let Some(cited) = writer.confirm_document(&source.name, path, &digest, now).await?
                {
                    references += cited;
                    continue;
                }
                let (mut read, scan) = understand(shop, source, path, text).await?;
                let known = shop.store.known_challenges(path).await?;
                documents::identity::assign(&mut read.challenges, &known, elsewhere);
                holders.extend(read.challenges.iter().map(|challenge| (challenge.id.clone(), path.as_str())));
                references += scan.references.len();
                writer
                    .remember_document(&source.name, read, scan.references, scan.unclaimed, scan.problems, now)
                    .await?;
                writer.come_of(path, &digest).await?;
            }
            Err((trouble, hint)) => {
                writer.remember_unreadable(&source.name, path, &trouble, now).await?;
                unreadable.push(Unreadable { source: source.name.clone(), path: path.clone(), trouble, hint });
            }
        }
    }
    let in_force: Vec<_> = list.iter().map(|document| (document.source.name.clone(), document.path.clone())).collect();
    writer.retire_documents_except(&in_force, shop.clock.now()).await?;
    tell(Step::Read { documents: in_force.len() - unreadable.len(), references });
    Ok(unreadable)
}

/// What a document says. A large one may take a while, beside which the lease is kept and a stop is heard.
async fn understand(
    shop: &Shop,
    source: &SourceSettings,
    path: &str,
    text: String,
) -> anyhow::Result<(Document, Scan)> {
    let (claims, citing) = (shop.claims.clone(), shop.policy.citing.clone());
    let (path, reading) = (path.to_owned(), source.reading.clone());
    let public = source.audience == Audience::Public;
    let work = move || {
        let mut read = documents::read(&path, text, &reading);
        let mut scan = references::scan(&read, &claims);
        if public {
            let invitations = references::invitations(&scan);
            scan.problems.extend(invitations);
        }
        read.citations = references::besides(&read, &scan, &citing, &claims);
        // Of a large register they take as much as its rows, and all but a few have told what they hold.
        read.passages.retain(|passage| !passage.also().is_empty());
        read.passages.shrink_to_fit();
        // Rows are matched by what they cite as well.
        references::link(&mut read, &scan);
        (read.source, read.passages) = (String::new(), Vec::new());
        (read, scan)
    };
    tokio::task::spawn_blocking(work).await.context("reading broke off inside dragnet")
}

/// Fingerprint of a document's text and of all that understanding it goes by.
fn digest(shop: &Shop, source: &SourceSettings, text: &str) -> String {
    let (SourceSettings { reading, audience, .. }, claims, citing) = (source, &shop.claims, &shop.policy.citing);
    let terms = format!("{reading:?}|{audience:?}|{claims:?}|{citing:?}|{CODE}");
    format!("{:x}", Sha256::new().chain_update(terms).chain_update("|").chain_update(text).finalize())
}

/// A document of a source, and where it is; or why that cannot be told, and what to do.
struct Listed<'a> {
    source: &'a SourceSettings,
    path: String,
    file: File,
}

/// Every document of every source. Where a source's files cannot be listed (a folder that is away for a moment), those
/// known of it stay, unreadable for now: nothing that was read once is forgotten because of that.
async fn list<'a>(shop: &Shop, gathered: &'a Gathered) -> anyhow::Result<Vec<Listed<'a>>> {
    let mut list = Vec::new();
    for (source, path, why) in &gathered.lost {
        list.push(Listed { source, path: path.clone(), file: Err(why.clone()) });
    }
    for source in &gathered.sources {
        match files(source) {
            Ok(found) => list.extend(found.into_iter().map(|(path, file)| Listed { source, path, file })),
            Err(error) => {
                let why = (error.to_string(), error.hint());
                let known = shop.store.known().await?.documents;
                let of_source = known.into_iter().filter(|document| document.source == source.name);
                let mut paths: Vec<String> = of_source.map(|document| document.path).collect();
                if paths.is_empty() {
                    paths.push(source.path.clone());
                }
                list.extend(paths.into_iter().map(|path| Listed { source, path, file: Err(why.clone()) }));
            }
        }
    }
    Ok(list)
}

/// Where a document is; or why it may not be read, and what to do.
type File = Result<PathBuf, Why>;

/// Why a document has no text, and what to do.
pub(super) type Why = (String, String);

/// The documents of one source by the names that they have in places, each with its file. One that leads out of where
/// the source may lead has none; those of a folder out there are told as one: what it holds is nobody's to know.
pub fn files(source: &SourceSettings) -> Result<Vec<(String, File)>, SourceError> {
    if source.text.is_some() {
        return Ok(vec![(source.path.clone(), Ok(PathBuf::new()))]);
    }
    if source.remote.is_some() {
        // What is at hand of it stands in sources of their own: `at_hand`.
        return Ok(Vec::new());
    }
    let fence = source.fence.as_deref();
    sources::may_lead(fence, &source.folder, &source.path)?;
    let why = |error: SourceError| (error.to_string(), error.hint());
    let (mut files, mut elsewhere) = (Vec::new(), false);
    for found in sources::files(&source.folder, &source.path)? {
        let file = found.inside(fence).map(|()| found.file.clone());
        if file.is_err() && found.file.parent().is_some_and(|folder| sources::inside(fence, folder).is_err()) {
            elsewhere = true;
        } else {
            files.push((found.name, file.map_err(why)));
        }
    }
    if elsewhere {
        let outside = SourceError::Outside { path: PathBuf::from(&source.path) };
        files.push((source.path.clone(), Err(why(outside))));
    }
    Ok(files)
}

/// The text of one document of a source.
pub fn text_of(source: &SourceSettings, file: &File) -> Result<String, (String, String)> {
    match (&source.text, file) {
        (Some(text), _) => Ok(text.clone()),
        (None, Ok(file)) => read_text(file),
        (None, Err(why)) => Err(why.clone()),
    }
}

/// A document's text; the error says why there is none, and what to do.
pub fn read_text(file: &std::path::Path) -> Result<String, (String, String)> {
    let bytes = sources::read(file).map_err(|error| {
        let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
        (format!("{error}{cause}"), error.hint())
    })?;
    documents::decode(&bytes)
        .map_err(|error| (format!("cannot read `{}`: {error}", file.display()), error.hint().to_owned()))
}

#[cfg(test)]
mod tests;
