//! What documents cite besides tickets: decision records, saved searches, pages of wikis, files of repositories, and where else
//! their links lead.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use url::Url;

use super::lookup::LookupKind;
use super::place::Place;
use super::time::Moment;

/// What is cited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// A decision record or a proposal, by its name: `ADR-12`.
    Record,
    /// A saved search of a tracker: what it finds changes.
    Search,
    /// A page of a wiki that a source reads.
    Page,
    /// A file or a folder of a repository on a GitHub that a tracker asks.
    File,
    /// Something behind a login, which nobody without an account can look at.
    Login,
    /// Anything else; `check --links` asks whether it is there.
    Elsewhere,
}

impl Sort {
    /// The word that messages and the store use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Search => "search",
            Self::Page => "page",
            Self::File => "file",
            Self::Login => "login",
            Self::Elsewhere => "elsewhere",
        }
    }

    /// Whether passes look at what is cited so.
    pub fn is_looked_at(self) -> bool {
        matches!(self, Self::Record | Self::Page | Self::File)
    }
}

/// Something cited at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// What it is.
    pub sort: Sort,
    /// Its name: of a record as it is cited, of a page, a file or a search its address (of a macro's search the query, where
    /// no Jira is known), of what is not looked at the host.
    pub target: String,
    /// Where it stands; for hosts, the first of them.
    pub place: Place,
    /// How often it is cited, for hosts; else 1.
    pub count: usize,
}

/// The address at which a Jira shows what a query finds.
pub fn search_link(site: &Url, jql: &str) -> String {
    let mut link = site.clone();
    link.set_path(&format!("{}/issues/", site.path().trim_end_matches('/')));
    link.set_query(None);
    link.query_pairs_mut().append_pair("jql", jql);
    link.into()
}

/// What is known of what is cited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownTarget {
    /// Its name, as in [`Citation::target`].
    pub target: String,
    /// What looking gave last; never `Moved`.
    pub lookup: LookupKind,
    /// What it said, where it was not plainly found.
    pub says: Option<String>,
    /// Its title, where that is told.
    pub title: Option<String>,
    /// What a record's own file says of its status.
    pub status: Option<String>,
    /// When it was looked at last.
    pub asked_at: Moment,
    /// The last look that proved something: found or gone.
    pub proven: Option<LookupKind>,
    /// When that was.
    pub proven_at: Option<Moment>,
}

/// What looking at it gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// It is there.
    Found {
        /// Its title, where that is told.
        title: Option<String>,
        /// What a record's own file says of its status.
        status: Option<String>,
    },
    /// It is proven not to be there.
    Gone {
        /// What proves it.
        proof: String,
    },
}

/// What there is to cite besides tickets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Citing {
    /// What the links of wikis start with whose pages sources read.
    pub wikis: Vec<Url>,
    /// Kinds of decision records and proposals.
    pub records: Vec<Records>,
}

/// A kind of decision records or proposals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Records {
    /// What they are called: `ADR`.
    pub name: String,
    /// A regular expression that finds a citation; its first group is the number.
    pub pattern: String,
    /// The folder that `path` starts at.
    pub folder: PathBuf,
    /// A glob of their files; the first number in a file's name is its own.
    pub path: String,
    /// The folder that no file may lead out of; `None` for anywhere.
    pub fence: Option<PathBuf>,
}
