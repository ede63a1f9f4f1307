//! An edition as letters: what each reader of its channel is sent.

use anyhow::Context;
use argon2::password_hash::rand_core::{OsRng, RngCore};
use sha2::{Digest, Sha256};
use url::Url;

use crate::domain::channel::{Channel, Content, Letter};
use crate::domain::digest::{DigestSettings, Edition};
use crate::report::digest as drawn;
use crate::store::Store;

/// What came of a digest's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// There was nothing to tell.
    Silent,
    /// So many messages were put into the outbox.
    Posted(usize),
    /// Somebody else took it at the same time.
    Meanwhile,
}

/// What is sent of an edition.
pub(super) async fn letters(store: &Store, digest: &DigestSettings, edition: &Edition) -> anyhow::Result<Vec<Letter>> {
    let letter = |recipient: &str, content: Content| {
        let key = key(edition, recipient, &content)?;
        Ok(Letter { key, digest: digest.name.clone(), recipient: recipient.to_owned(), content })
    };
    Ok(match &digest.channel {
        Channel::Slack(_) => vec![letter("", Content::Json(drawn::slack(edition)))?],
        Channel::Teams(_) => vec![letter("", Content::Json(drawn::teams(edition)))?],
        Channel::Webhook(..) => vec![letter("", Content::Json(drawn::json(edition)))?],
        Channel::Issue(_) => vec![letter("", Content::Markdown(drawn::issue(edition)))?],
        Channel::Mail(readers, _) => {
            let home = edition.home.as_deref().context("a digest by mail has no address to leave it at")?;
            let named = readers.iter().map(|reader| Ok((reader.clone(), token()?)));
            let tokens = store.subscribers(&digest.name, named.collect::<anyhow::Result<_>>()?).await?;
            let staying = readers.iter().zip(tokens).filter_map(|(reader, token)| Some((reader, token?)));
            staying
                .map(|(reader, token)| {
                    let stop = Url::parse(&format!("{home}/unsubscribe/{token}"))?;
                    let html = drawn::html(edition, Some(stop.as_str()));
                    let text = format!("{}\nGet no more of these: {stop}\n", drawn::text(edition));
                    letter(reader, Content::Mail { subject: drawn::subject(edition), text, html, stop })
                })
                .collect::<anyhow::Result<_>>()?
        }
    })
}

/// The same for the same content to the same recipient, told since the same moment.
fn key(edition: &Edition, recipient: &str, content: &Content) -> anyhow::Result<String> {
    let content = serde_json::to_string(content)?;
    let parts = [edition.digest.as_str(), recipient, &edition.since.to_rfc3339(), &content];
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_be_bytes());
        digest.update(part);
    }
    Ok(hex::encode(&digest.finalize()[..16]))
}

/// What nobody guesses.
fn token() -> anyhow::Result<String> {
    let mut bytes = [0; 16];
    OsRng.try_fill_bytes(&mut bytes).context("the system gives no random bytes")?;
    Ok(hex::encode(bytes))
}
