//! Documents that live elsewhere than in files, each source asked in its own way and no more than is needed.
//!
//! What could not be told is told as trouble, of a document or of its source, and is never taken for its absence.

use std::collections::BTreeMap;

use super::LARGEST;
use super::line::Line;
use super::linked::Forge;
use super::repository::Files;
use super::shared::Address;
use super::wiki::Confluence;
use crate::domain::citation::{Look, Sort};
use crate::domain::lookup::{Trouble, TroubleKind};
use crate::domain::remote::{Fetched, Held, Home, Original, Piece, RemoteSettings, Saved, What};
use crate::domain::tracker::{CORE, Credential, TrackerKind, TrackerSettings};
use crate::http::{AT_ONCE, Client, ClientError, Limits, Outside, PassError};

/// The quota of a wiki, which may have an origin in common with a Jira.
const WIKI: &str = "confluence";

/// Whom to ask for what is no file of this machine.
#[derive(Debug, Default)]
pub struct Remotes {
    /// The sources that are fetched, by their names.
    sources: BTreeMap<String, Remote>,
    /// Where documents may link to files.
    forges: Vec<Forge>,
}

#[derive(Debug)]
enum Remote {
    Wiki(Confluence),
    Repository(Files),
    Shared(Address),
}

/// Why documents cannot be fetched.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// A source's credential cannot be shown.
    #[error("source `{name}` cannot be asked")]
    Pass {
        /// The source.
        name: String,
        /// Why not.
        source: PassError,
    },
    /// There is no client.
    #[error(transparent)]
    Client(#[from] ClientError),
}

impl Remotes {
    /// Sets up a line to each source.
    ///
    /// # Errors
    /// When a token holds what no header can carry, or the TLS library cannot be set up.
    pub fn new(settings: &[RemoteSettings], http: &Client) -> Result<Self, RemoteError> {
        let remote = |RemoteSettings { name, home, credential }: &RemoteSettings| -> Result<Remote, RemoteError> {
            let line = |scope| {
                Line::new(home.api_url(), credential, scope, http)
                    .map_err(|source| RemoteError::Pass { name: name.clone(), source })
            };
            Ok(match home {
                Home::Wiki(wiki) => Remote::Wiki(Confluence::new(wiki, line(WIKI)?)),
                Home::Repository(repository) => Remote::Repository(Files::new(repository, line(CORE)?)),
                Home::Shared(shared) => {
                    let limits =
                        Limits { body_bytes: usize::try_from(LARGEST).unwrap_or(usize::MAX), ..Limits::default() };
                    let outside = Outside::with_networks(limits, &shared.allow, http.traffic().clone())?;
                    let gate = http.gates().gate(&shared.url, &Credential::Anonymous, 0, AT_ONCE);
                    Remote::Shared(Address::new(shared, outside, gate))
                }
            })
        };
        let sources =
            settings.iter().map(|one| Ok((one.name.clone(), remote(one)?))).collect::<Result<_, RemoteError>>()?;
        Ok(Self { sources, forges: Vec::new() })
    }

    /// The same, and who is asked for files that documents link to: each GitHub among the trackers, as whom it is asked
    /// for tickets, unless that is an app.
    ///
    /// # Errors
    /// When a token holds what no header can carry.
    pub fn with_forges(mut self, trackers: &[TrackerSettings], http: &Client) -> Result<Self, RemoteError> {
        for tracker in trackers.iter().filter(|tracker| tracker.id.kind() == TrackerKind::GitHub) {
            let line = Line::new(&tracker.api_url, &tracker.credential, CORE, http)
                .map_err(|source| RemoteError::Pass { name: tracker.name.clone(), source })?;
            self.forges.push(Forge::new(&tracker.site, line));
        }
        Ok(self)
    }

    /// Looks at pages and files that documents link to. What nobody here is asked for is left out.
    pub async fn look(&self, sort: Sort, targets: &[String]) -> Vec<(String, Result<Look, Trouble>)> {
        let mut looked = Vec::new();
        match sort {
            Sort::File => {
                for forge in &self.forges {
                    looked.extend(forge.look(targets).await);
                }
            }
            Sort::Page => {
                let wikis = || self.sources.values().filter_map(Remote::wiki);
                for target in targets {
                    if let Some(wiki) = wikis().find(|wiki| wiki.has(target)) {
                        looked.push((target.clone(), wiki.look(target).await));
                    }
                }
            }
            Sort::Record | Sort::Search | Sort::Login | Sort::Elsewhere => {}
        }
        looked
    }

    /// Every document that a source has now, with those that are another than what is at hand; `None` for a source that is
    /// not to be asked.
    ///
    /// # Errors
    /// When the source cannot tell what it has.
    pub async fn fetch(&self, source: &str, held: &Held) -> Option<Result<Fetched, Trouble>> {
        let fetched = match self.sources.get(source)? {
            Remote::Wiki(wiki) => wiki.fetch(held).await,
            Remote::Repository(files) => files.fetch(held).await,
            Remote::Shared(address) => address.fetch(held).await,
        };
        Some(fetched.map(bounded))
    }
}

/// Writing, which wikis let us.
impl Remotes {
    /// A page of a wiki as it is now; `None` for a source that is not to be asked, or is no wiki.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn open(&self, source: &str, path: &str) -> Option<Result<Original, Trouble>> {
        Some(self.wiki(source)?.open(path).await)
    }

    /// Writes what follows `original` as the next version of a page, unless somebody made one meanwhile; `None` as for
    /// [`Remotes::open`].
    ///
    /// # Errors
    /// When it cannot be written, or nobody knows whether it was.
    pub async fn save(
        &self,
        source: &str,
        path: &str,
        original: &Original,
        body: &str,
    ) -> Option<Result<Saved, Trouble>> {
        Some(self.wiki(source)?.save(path, original, body).await)
    }

    fn wiki(&self, source: &str) -> Option<&Confluence> {
        self.sources.get(source)?.wiki()
    }
}

impl Remote {
    fn wiki(&self) -> Option<&Confluence> {
        match self {
            Self::Wiki(wiki) => Some(wiki),
            Self::Repository(_) | Self::Shared(_) => None,
        }
    }
}

/// What to do about a document that could not be fetched.
pub fn hint(kind: TroubleKind) -> &'static str {
    match kind {
        TroubleKind::Outage => "it is fetched again by the next pass; can its address be reached from here?",
        TroubleKind::Limit => "it is fetched again by the next pass after that",
        TroubleKind::Credentials => "renew the token, or give it the permissions that docs/sources.md lists",
        TroubleKind::Hidden => {
            "was it deleted, moved or restricted? correct the source, or let its account see it; docs/sources.md"
        }
        TroubleKind::Misread => "correct the source's address; docs/sources.md says what is expected there",
        TroubleKind::Unasked => "docs/sources.md says what is asked, and of whom",
    }
}

/// A document of more bytes than are read.
pub(super) fn too_large(name: &str, bytes: u64) -> Trouble {
    let (has, most) = (bytes / 1_048_576, LARGEST / 1_048_576);
    let says = format!("`{name}` has {has} MB, more than the {most} MB that a document may have");
    Trouble { kind: TroubleKind::Misread, says }
}

/// Holds documents to the size that is read.
fn bounded(mut fetched: Fetched) -> Fetched {
    for Piece { path, what } in &mut fetched.documents {
        if let What::New(copy) = what
            && copy.body.len() as u64 > LARGEST
        {
            *what = What::Unread(too_large(path, copy.body.len() as u64));
        }
    }
    fetched
}
