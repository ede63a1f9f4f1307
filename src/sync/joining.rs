//! “Us too”: the patch that puts a team's own anecdote into the register, which stays the truth. Nothing is written.

use similar::TextDiff;

use super::{Shop, at_hand, files, text_of};
use crate::documents::{self, Joined};
use crate::domain::challenge::ChallengeId;
use crate::domain::place::Place;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Patch {
    /// A unified difference of the document.
    Patch(String),
    /// Its form, or what it says now, does not let it be written by us: why.
    ByHand(String),
}

/// The patch that joins a challenge; `None` where no document in force has it.
pub async fn join(shop: &Shop, id: &ChallengeId, joined: Joined) -> anyhow::Result<Option<Patch>> {
    let Some((title, place)) = shop.store.row_of(id).await? else { return Ok(None) };
    let sources = at_hand(shop).await?.sources;
    let work = move || {
        for source in &sources {
            for (name, file) in files(source)? {
                if *name != *place.path {
                    continue;
                }
                let text = match text_of(source, &file) {
                    Ok(text) => text,
                    Err((says, _)) => return Ok(Patch::ByHand(says)),
                };
                let document = documents::read(&name, text, &source.reading);
                return Ok(patch(&document, &source.reading, &title, &place, &joined));
            }
        }
        Ok(Patch::ByHand("its document is not at hand".to_owned()))
    };
    let done: anyhow::Result<Patch> = tokio::task::spawn_blocking(work).await?;
    done.map(Some)
}

fn patch(
    document: &crate::domain::document::Document,
    reading: &crate::domain::document::Reading,
    title: &str,
    place: &Place,
    joined: &Joined,
) -> Patch {
    // The document may have changed since it was read; where the row went is its title's to say, if that is one of a kind.
    let at = |line: bool| {
        let mut found = document
            .challenges
            .iter()
            .enumerate()
            .filter(|(_, challenge)| challenge.title == title && (!line || challenge.place.line == place.line));
        found.next().filter(|_| found.next().is_none()).map(|(at, _)| at)
    };
    let Some(at) = at(true).or_else(|| at(false)) else {
        return Patch::ByHand("the document does not have this row any more".to_owned());
    };
    match documents::join(document, reading, at, joined) {
        Some(text) => {
            let (from, to) = (format!("a/{}", document.path), format!("b/{}", document.path));
            let lines = TextDiff::from_lines(&document.source, &text);
            Patch::Patch(lines.unified_diff().context_radius(3).header(&from, &to).to_string())
        }
        None => Patch::ByHand("the form of the document does not let it be written by a program".to_owned()),
    }
}
