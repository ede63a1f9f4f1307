//! The documents of a pass that are no files: fetched where they changed, else as they are at hand.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::Shop;
use super::health::remember_waits;
use super::reading::{Unreadable, Why};
use crate::config::SourceSettings;
use crate::domain::lookup::{Trouble, TroubleKind};
use crate::domain::remote::{Fetched, Held, Piece, What};
use crate::store::Writer;
use crate::{documents, references, sources};

/// The sources of a pass with what was fetched of them.
pub(super) struct Gathered {
    /// The sources of files as they are, and each document that was fetched as a source of its own, which holds its text.
    pub(super) sources: Vec<SourceSettings>,
    /// Documents without a text, with their sources.
    pub(super) lost: Vec<(SourceSettings, String, Why)>,
}

/// Fetches what changed. A source, or a document of it, that cannot be fetched keeps what is at hand and is told as lost.
/// Sources that this shop does not fetch are read as they are at hand.
pub(super) async fn gather(shop: &Shop, writer: &Writer) -> anyhow::Result<Gathered> {
    let mut gathered = Gathered { sources: Vec::new(), lost: Vec::new() };
    for source in &shop.sources {
        if !source.is_fetched() {
            gathered.sources.push(source.clone());
            continue;
        }
        let held = shop.store.held(&source.name).await?;
        let fetched = shop.remotes.fetch(&source.name, &held).await;
        remember_waits(shop, writer).await?;
        match fetched {
            Some(Ok(mut fetched)) => {
                let refused = vet(shop, source, &held, &mut fetched).await?;
                writer.remember_fetched(&source.name, &fetched, shop.clock.now()).await?;
                gathered.keep(shop, source, fetched, refused).await?;
            }
            Some(Err(trouble)) => gathered.lose_all(source, &held, &trouble),
            None if held.versions.is_empty() => {
                let says = format!("cannot read `{}`: it has not been fetched yet", source.path);
                let hint = "`dragnet sync` fetches it".to_owned();
                gathered.lost.push((source.clone(), source.path.clone(), (says, hint)));
            }
            None => gathered.take(source, copies(shop, source, |_| true).await?),
        }
    }
    if shop.whole {
        let names: Vec<String> = shop.sources.iter().map(|source| source.name.clone()).collect();
        writer.forget_fetched_except(&names).await?;
    }
    Ok(gathered)
}

impl Gathered {
    /// Takes in what was fetched, but for what was `refused`, which is told with why.
    async fn keep(
        &mut self,
        shop: &Shop,
        source: &SourceSettings,
        fetched: Fetched,
        mut refused: BTreeMap<String, Why>,
    ) -> anyhow::Result<()> {
        let read = |path: &str| {
            let piece = fetched.documents.iter().find(|piece| piece.path == path);
            piece.is_some_and(|piece| matches!(piece.what, What::New(_) | What::Same))
        };
        self.take(source, copies(shop, source, read).await?);
        for Piece { path, what } in fetched.documents {
            let why = match (refused.remove(&path), what) {
                (Some(why), _) => why,
                (None, What::Unread(trouble)) => why(&path, &trouble),
                (None, _) => continue,
            };
            self.lost.push((source.clone(), path, why));
        }
        Ok(())
    }

    fn take(&mut self, source: &SourceSettings, copies: Vec<Result<SourceSettings, (String, Why)>>) {
        for copy in copies {
            match copy {
                Ok(one) => self.sources.push(one),
                Err((path, why)) => self.lost.push((source.clone(), path, why)),
            }
        }
    }

    fn lose_all(&mut self, source: &SourceSettings, held: &Held, trouble: &Trouble) {
        let never = [source.path.clone()];
        let paths: Vec<&String> =
            if held.versions.is_empty() { never.iter().collect() } else { held.versions.keys().collect() };
        let lost = paths.into_iter().map(|path| (source.clone(), path.clone(), why(path, trouble)));
        self.lost.extend(lost);
    }
}

/// Keeps versions that cannot be read, or hold nothing where the one in force holds something, from taking its place; says
/// why of each. What is seen a second time is believed: documents are emptied as well.
async fn vet(
    shop: &Shop,
    source: &SourceSettings,
    held: &Held,
    fetched: &mut Fetched,
) -> anyhow::Result<BTreeMap<String, Why>> {
    let mut refused = BTreeMap::new();
    for Piece { path, what } in &mut fetched.documents {
        let What::New(copy) = &*what else { continue };
        let text = match documents::decode(&copy.body) {
            Ok(text) => text,
            Err(error) => {
                refused.insert(path.clone(), (format!("cannot read `{path}`: {error}"), error.hint().to_owned()));
                *what = What::Unread(Trouble { kind: TroubleKind::Misread, says: error.to_string() });
                continue;
            }
        };
        if holds_something(shop, source, path, text) {
            continue;
        }
        let fingerprint = format!("{:x}", Sha256::digest(&copy.body));
        if held.doubted.get(path) == Some(&fingerprint) {
            continue;
        }
        let in_force = copies(shop, source, |other| other == path).await?.into_iter().find_map(Result::ok);
        if !in_force.and_then(|one| one.text).is_some_and(|text| holds_something(shop, source, path, text)) {
            continue;
        }
        let says = format!("cannot read `{path}`: it holds no challenge, no meeting and no ticket any more");
        let hint = "does a page that asks for a login stand there? if it was emptied, the next pass believes it";
        refused.insert(path.clone(), (says, hint.to_owned()));
        *what = What::Doubted(fingerprint);
    }
    if !refused.is_empty() {
        // Where nothing has changed since, the next pass would not be told of it.
        fetched.tag = None;
    }
    Ok(refused)
}

/// Whether anything stands in a document that dragnet is for.
fn holds_something(shop: &Shop, source: &SourceSettings, path: &str, text: String) -> bool {
    let mut read = documents::read(path, text, &source.reading);
    let scan = references::cite(&mut read, &shop.claims);
    !(read.challenges.is_empty() && read.meetings.is_empty() && scan.references.is_empty())
}

fn why(path: &str, trouble: &Trouble) -> Why {
    let hint = match trouble.kind {
        // The guard's word: nothing was asked, and nothing will be.
        TroubleKind::Unasked => "name the network that it leads to under `allow`, if it may be asked".to_owned(),
        kind => sources::hint(kind).to_owned(),
    };
    (format!("cannot read `{path}`: {}", trouble.says), hint)
}

/// The documents at hand of a source whose paths are `wanted`, each as a source that holds its text, or why it has none.
pub(super) async fn copies(
    shop: &Shop,
    source: &SourceSettings,
    wanted: impl Fn(&str) -> bool,
) -> anyhow::Result<Vec<Result<SourceSettings, (String, Why)>>> {
    let copies = shop.store.copies(&source.name).await?.into_iter().filter(|(path, _)| wanted(path));
    let read = copies.map(|(path, body)| match documents::decode(&body) {
        Ok(text) => Ok(SourceSettings { path, text: Some(text), ..source.clone() }),
        Err(error) => {
            let says = format!("cannot read `{path}`: {error}");
            Err((path, (says, error.hint().to_owned())))
        }
    });
    Ok(read.collect())
}

/// The documents that a pass would read without asking anybody.
#[derive(Debug, Default)]
pub struct AtHand {
    /// The sources of files as they are, and each document at hand of those that are fetched as a source of its own.
    pub sources: Vec<SourceSettings>,
    /// What is at hand and cannot be read: an earlier program may have kept what this one does not understand.
    pub lost: Vec<Unreadable>,
}

/// The sources of a shop with what is at hand of those that are fetched. Asks nobody.
pub async fn at_hand(shop: &Shop) -> anyhow::Result<AtHand> {
    let mut at_hand = AtHand::default();
    for source in &shop.sources {
        let copies = if source.is_fetched() { copies(shop, source, |_| true).await? } else { Vec::new() };
        if copies.is_empty() {
            at_hand.sources.push(source.clone());
        }
        for copy in copies {
            match copy {
                Ok(one) => at_hand.sources.push(one),
                Err((path, (trouble, hint))) => {
                    at_hand.lost.push(Unreadable { source: source.name.clone(), path, trouble, hint });
                }
            }
        }
    }
    Ok(at_hand)
}
