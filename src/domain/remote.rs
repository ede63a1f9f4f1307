//! Documents that live elsewhere than in files: where they are, and what fetching them gave.

use std::collections::BTreeMap;

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use super::lookup::Trouble;
use super::time::Moment;
use super::tracker::Credential;

/// Where a source's documents live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Home {
    /// Pages of a Confluence.
    Wiki(Wiki),
    /// Files of a repository on GitHub.
    Repository(Repository),
    /// A document at an address, given to whoever asks.
    Shared(Shared),
}

/// Pages of a Confluence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wiki {
    /// What its links start with: `https://example.atlassian.net/wiki`.
    pub site: Url,
    /// Where to ask: what stands before `/api/v2` (Cloud) or `/rest/api` (Data Center).
    pub api_url: Url,
    /// Which Confluence it is.
    pub flavor: WikiFlavor,
    /// Which of its pages.
    pub pages: Pages,
}

/// Which Confluence it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WikiFlavor {
    /// Confluence Cloud, REST v2.
    Cloud,
    /// Confluence Data Center or Server, REST v1.
    DataCenter,
}

/// Which pages of a wiki, by their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pages {
    /// This one.
    One(u64),
    /// This one and all pages under it.
    Under(u64),
    /// All that have this label.
    Labelled(String),
}

/// What becomes of the statuses in a source's documents where they live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Annotate {
    /// Passes write them next to each cited ticket.
    Write,
    /// Passes take out what was written before.
    Remove,
}

/// Files of a repository on GitHub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// What links to it start with: `https://github.com`.
    pub site: Url,
    /// GitHub's REST root.
    pub api_url: Url,
    /// `owner/repo`.
    pub name: String,
    /// The branch; `None` for the default one.
    pub branch: Option<String>,
    /// A file or a glob, from the repository's root.
    pub path: String,
}

/// A document at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// The address.
    pub url: Url,
    /// Networks that it may lead to although they are not public.
    pub allow: Vec<IpNet>,
}

/// The link to a page of the wiki at `site`, which its title and place do not change.
pub fn page_link(site: &Url, page: u64) -> String {
    format!("{}/pages/viewpage.action?pageId={page}", site.as_str().trim_end_matches('/'))
}

impl Wiki {
    /// The link to a page, which its title and place do not change.
    pub fn link(&self, page: u64) -> String {
        page_link(&self.site, page)
    }

    /// The page that a link of ours leads to.
    pub fn page_of(&self, link: &str) -> Option<u64> {
        let page = link.rsplit_once("pageId=")?.1.parse().ok()?;
        (self.link(page) == *link).then_some(page)
    }
}

impl Repository {
    /// The branch as GitHub's addresses name it.
    pub fn branch(&self) -> &str {
        self.branch.as_deref().unwrap_or("HEAD")
    }

    /// The link to a file.
    pub fn link(&self, path: &str) -> String {
        format!("{}/{}/blob/{}/{path}", self.site.as_str().trim_end_matches('/'), self.name, self.branch())
    }
}

impl Home {
    /// Where to ask, which is whom credentials are shown to.
    pub fn api_url(&self) -> &Url {
        match self {
            Self::Wiki(wiki) => &wiki.api_url,
            Self::Repository(repository) => &repository.api_url,
            Self::Shared(shared) => &shared.url,
        }
    }
}

impl std::fmt::Display for Home {
    /// What its documents are called as long as none of them was read. The query of an address may hold a secret, but tells
    /// one sheet of a workbook from the next: it is told by its fingerprint.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Wiki(wiki) => match &wiki.pages {
                Pages::One(page) | Pages::Under(page) => f.write_str(&wiki.link(*page)),
                Pages::Labelled(label) => write!(f, "{}/label/{label}", wiki.site.as_str().trim_end_matches('/')),
            },
            Self::Repository(repository) => f.write_str(&repository.link(&repository.path)),
            Self::Shared(Shared { url, .. }) => {
                write!(f, "{}{}", url.origin().ascii_serialization(), url.path())?;
                let Some(query) = url.query() else { return Ok(()) };
                f.write_str("?")?;
                f.write_str(&hex::encode(&Sha256::digest(query)[..4]))
            }
        }
    }
}

/// How a source's documents are to be fetched.
#[derive(Debug, Clone)]
pub struct RemoteSettings {
    /// The source's name in the configuration.
    pub name: String,
    /// Where they live.
    pub home: Home,
    /// What to show when asking.
    pub credential: Credential,
}

/// What is at hand of a source from when it was fetched last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Held {
    /// What the source itself said of its state, as [`Fetched::tag`].
    pub tag: Option<String>,
    /// The version at hand of each document, by its name.
    pub versions: BTreeMap<String, String>,
    /// What was seen once in place of a document and not believed, as [`What::Doubted`].
    pub doubted: BTreeMap<String, String>,
}

/// What fetching a source gave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fetched {
    /// What tells the next time that nothing changed; only the source's own code reads it.
    pub tag: Option<String>,
    /// Every document that it has now.
    pub documents: Vec<Piece>,
}

/// One document of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its link, which names it in places.
    pub path: String,
    /// What asking for it gave.
    pub what: What,
}

/// What asking for one document gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The version at hand is the newest.
    Same,
    /// Another version.
    New(Copy),
    /// It could not be read; what is at hand stays in force.
    Unread(Trouble),
    /// What stands there holds nothing of what the version at hand holds: a form that asks for a login, or a document that was
    /// emptied. This is its fingerprint; what is at hand stays in force until the same is seen again.
    Doubted(String),
}

/// A version of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Its name: a page's number of edits, a blob's hash, an `ETag`.
    pub version: String,
    /// The document.
    pub body: Vec<u8>,
}

/// A page as it is now, read to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Its version.
    pub version: u64,
    /// When that was made, by the wiki's clock.
    pub edited_at: Moment,
    /// What the wiki's clock said when it was read, where it told.
    pub read_at: Option<Moment>,
    /// Whether dragnet made that version.
    pub ours: bool,
    /// Its title, which stays.
    pub title: String,
    /// Its text.
    pub body: String,
}

/// What became of a page that was to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It is this version now.
    As(u64),
    /// Somebody else made the next version first.
    Refused,
}
