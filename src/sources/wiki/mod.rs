//! Pages of a Confluence, Cloud or Data Center: listed with their versions, read only where these changed.
//!
//! A page that is listed no more is asked for by its number: moved out or put into the trash, it is the source's no more. One
//! that still is what the source means was left out by mistake (a search's index lags), and stays in force.
//! One that is not shown (404) was deleted or hidden from us, which nobody can tell apart: what is at hand stays in force.

mod listing;
mod wire;
mod writing;

use std::collections::BTreeMap;

use ::http::StatusCode;

use self::wire::{Label, Page, Relative};
use super::line::Line;
use crate::domain::lookup::{Trouble, TroubleKind};
use crate::domain::remote::{Copy, Fetched, Held, Pages, Piece, What, Wiki, WikiFlavor};
use crate::http::Reply;

/// Pages of a Confluence.
#[derive(Debug)]
pub(super) struct Confluence {
    wiki: Wiki,
    line: Line,
}

/// How much of a page is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Want {
    /// Its version.
    Version,
    /// Its version, also where it is in the trash or the archive.
    Trace,
    /// Everything.
    Body,
}

impl Confluence {
    pub(super) fn new(wiki: &Wiki, line: Line) -> Self {
        Self { wiki: wiki.clone(), line }
    }

    pub(super) async fn fetch(&self, held: &Held) -> Result<Fetched, Trouble> {
        let listed = self.list().await?;
        let link = |page: u64| self.wiki.link(page);
        let known = held.versions.keys().filter_map(|path| self.wiki.page_of(path));
        let lost: Vec<u64> = known.filter(|page| !listed.contains_key(page)).collect();
        let mut documents = Vec::new();
        // Where one could not be asked for, the next would not be answered either.
        let mut broken = None;
        let all = listed.iter().map(|(page, version)| (*page, Some(*version)));
        for (page, listed) in all.chain(lost.into_iter().map(|page| (page, None))) {
            let at_hand = held.versions.get(&link(page)).map(String::as_str);
            let what = match (&broken, listed) {
                (Some(trouble), _) => Ok(Some(What::Unread(Trouble::clone(trouble)))),
                (None, Some(version)) => self.read(page, version, at_hand).await,
                (None, None) => self.lost(page).await,
            };
            let what = what.unwrap_or_else(|trouble| {
                if trouble.kind != TroubleKind::Hidden {
                    broken = Some(trouble.clone());
                }
                Some(What::Unread(trouble))
            });
            documents.extend(what.map(|what| Piece { path: link(page), what }));
        }
        Ok(Fetched { tag: None, documents })
    }

    /// A listed page; `None` where it was put away meanwhile.
    async fn read(&self, page: u64, listed: Option<u64>, at_hand: Option<&str>) -> Result<Option<What>, Trouble> {
        let newest = match (listed, at_hand) {
            (None, Some(_)) => {
                let newest = self.page(page, Want::Version).await?;
                if !newest.is_current() {
                    return self.put_away(page);
                }
                Some(newest.version.number)
            }
            (listed, _) => listed,
        };
        if newest.map(|number| number.to_string()).as_deref() == at_hand && at_hand.is_some() {
            return Ok(Some(What::Same));
        }
        let read = self.page(page, Want::Body).await?;
        if !read.is_current() {
            return self.put_away(page);
        }
        let version = read.version.number.to_string();
        let storage = read.body.storage.ok_or_else(|| Trouble {
            kind: TroubleKind::Misread,
            says: format!("{} was sent without its text", self.wiki.link(page)),
        })?;
        Ok(Some(What::New(Copy { version, body: storage.value.into_bytes() })))
    }

    /// A page in the archive or the trash is no document. Where the source names it and nothing else, somebody has to say
    /// what takes its place.
    fn put_away(&self, page: u64) -> Result<Option<What>, Trouble> {
        if !matches!(self.wiki.pages, Pages::One(_)) {
            return Ok(None);
        }
        let says = format!("{} was put into the archive or the trash", self.wiki.link(page));
        Err(Trouble { kind: TroubleKind::Hidden, says })
    }

    /// What became of a page that is listed no more: nothing to keep, unless that cannot be told.
    async fn lost(&self, page: u64) -> Result<Option<What>, Trouble> {
        if matches!(self.wiki.pages, Pages::One(_)) {
            return Ok(None);
        }
        let found = self.page(page, Want::Trace).await?;
        if !found.is_current() || !self.means(page, &found).await? {
            return Ok(None);
        }
        let says = format!("{} still is what the source means, but the wiki does not list it", self.wiki.link(page));
        Ok(Some(What::Unread(Trouble { kind: TroubleKind::Outage, says })))
    }

    /// Whether the source means a page, by what the page says of itself.
    async fn means(&self, page: u64, found: &Page) -> Result<bool, Trouble> {
        let number = page.to_string();
        let above = |id: &str, root: &u64| id == root.to_string();
        Ok(match (&self.wiki.pages, self.wiki.flavor) {
            // `lost` asks nothing of these.
            (Pages::One(_), _) => false,
            (Pages::Under(root), WikiFlavor::Cloud) => {
                // A page under another tells those between them, the highest first, and all of them but in a very deep tree.
                let ancestors = self.all::<Relative>(&["api", "v2", "pages", &number, "ancestors"], &[]).await?;
                ancestors.iter().any(|one| above(&one.id, root))
            }
            (Pages::Under(root), WikiFlavor::DataCenter) => found.ancestors.iter().any(|one| above(&one.id, root)),
            (Pages::Labelled(label), WikiFlavor::Cloud) => {
                let labels =
                    self.all::<Label>(&["api", "v2", "pages", &number, "labels"], &[("prefix", "global")]).await?;
                labels.iter().any(|one| one.name == *label)
            }
            (Pages::Labelled(label), WikiFlavor::DataCenter) => {
                found.metadata.labels.results.iter().any(|one| one.name == *label)
            }
        })
    }

    /// One page by its number.
    async fn page(&self, page: u64, want: Want) -> Result<Page, Trouble> {
        self.shown(page, want).await?.json()
    }

    /// The answer that tells one page.
    async fn shown(&self, page: u64, want: Want) -> Result<Reply, Trouble> {
        let number = page.to_string();
        let reply = match self.wiki.flavor {
            WikiFlavor::Cloud => {
                let query: &[(&str, &str)] = match want {
                    Want::Version => &[],
                    Want::Trace => &[("status", "current"), ("status", "archived"), ("status", "trashed")],
                    Want::Body => &[("body-format", "storage")],
                };
                self.line.get(&["api", "v2", "pages", &number], query, None).await?
            }
            WikiFlavor::DataCenter => {
                let query: &[(&str, &str)] = match want {
                    Want::Version => &[("expand", "version")],
                    Want::Trace => &[("expand", "version,ancestors,metadata.labels"), ("status", "any")],
                    Want::Body => &[("expand", "version,body.storage")],
                };
                self.line.get(&["rest", "api", "content", &number], query, None).await?
            }
        };
        if reply.status == StatusCode::NOT_FOUND {
            let says = format!("{} is not shown: it was deleted, or is hidden from this account", self.wiki.link(page));
            return Err(Trouble { kind: TroubleKind::Hidden, says });
        }
        match reply.refusal() {
            Some(trouble) => Err(trouble),
            None => Ok(reply),
        }
    }
}

/// Pages by their numbers, with their versions where a listing tells these.
type Listed = BTreeMap<u64, Option<u64>>;
