//! The documents of a pass that are no files: fetched where they changed, else as they are at hand.

use super::Shop;
use super::reading::Why;
use crate::config::SourceSettings;
use crate::documents;
use crate::domain::lookup::{Trouble, TroubleKind};
use crate::domain::remote::{Fetched, Held, Piece, What};
use crate::sources;
use crate::store::Writer;

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
        if source.remote.is_none() || source.text.is_some() {
            gathered.sources.push(source.clone());
            continue;
        }
        let held = shop.store.held(&source.name).await?;
        match shop.remotes.fetch(&source.name, &held).await {
            Some(Ok(fetched)) => {
                writer.remember_fetched(&source.name, &fetched, shop.clock.now()).await?;
                gathered.keep(shop, source, fetched).await?;
            }
            Some(Err(trouble)) => gathered.lose_all(source, &held, &trouble),
            None if held.versions.is_empty() => {
                let says = format!("cannot read `{}`: it has not been fetched yet", source.path);
                let hint = "`dragnet sync` fetches it".to_owned();
                gathered.lost.push((source.clone(), source.path.clone(), (says, hint)));
            }
            None => gathered.sources.extend(copies(shop, source, |_| true).await?.into_iter().filter_map(Result::ok)),
        }
    }
    if shop.whole {
        let names: Vec<String> = shop.sources.iter().map(|source| source.name.clone()).collect();
        writer.forget_fetched_except(&names).await?;
    }
    Ok(gathered)
}

impl Gathered {
    async fn keep(&mut self, shop: &Shop, source: &SourceSettings, fetched: Fetched) -> anyhow::Result<()> {
        let read = |path: &str| {
            let piece = fetched.documents.iter().find(|piece| piece.path == path);
            piece.is_some_and(|piece| !matches!(piece.what, What::Unread(_)))
        };
        for copy in copies(shop, source, read).await? {
            match copy {
                Ok(one) => self.sources.push(one),
                Err((path, why)) => self.lost.push((source.clone(), path, why)),
            }
        }
        for Piece { path, what } in fetched.documents {
            if let What::Unread(trouble) = what {
                self.lost.push((source.clone(), path.clone(), why(&path, &trouble)));
            }
        }
        Ok(())
    }

    fn lose_all(&mut self, source: &SourceSettings, held: &Held, trouble: &Trouble) {
        let never = [source.path.clone()];
        let paths: Vec<&String> =
            if held.versions.is_empty() { never.iter().collect() } else { held.versions.keys().collect() };
        let lost = paths.into_iter().map(|path| (source.clone(), path.clone(), why(path, trouble)));
        self.lost.extend(lost);
    }
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
async fn copies(
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

/// The sources of a shop with each document that is at hand of those that are fetched as a source of its own. Asks nobody.
pub async fn at_hand(shop: &Shop) -> anyhow::Result<Vec<SourceSettings>> {
    let mut sources = Vec::new();
    for source in &shop.sources {
        if source.remote.is_none() || source.text.is_some() {
            sources.push(source.clone());
            continue;
        }
        let found: Vec<_> = copies(shop, source, |_| true).await?.into_iter().filter_map(Result::ok).collect();
        if found.is_empty() {
            sources.push(source.clone());
        }
        sources.extend(found);
    }
    Ok(sources)
}
