//! What Confluence sends, as far as it is read. Both flavors say the same of a page.

use serde::Deserialize;

/// A page, `PageSingle` and `PageBulk` of Cloud's version 2, `Content` of Data Center.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    pub(super) id: String,
    pub(super) status: String,
    #[serde(default)]
    pub(super) title: Option<String>,
    pub(super) version: Version,
    #[serde(default)]
    pub(super) body: Body,
    /// The pages above it, where Data Center is asked for them.
    #[serde(default)]
    pub(super) ancestors: Vec<Relative>,
    /// What Data Center says beside it, where asked.
    #[serde(default)]
    pub(super) metadata: Metadata,
}

/// What Data Center says beside a page.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Metadata {
    #[serde(default)]
    pub(super) labels: Labels,
}

/// A page's labels, as Data Center tells them.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Labels {
    pub(super) results: Vec<Label>,
}

impl Page {
    /// Whether it stands in the wiki, and neither in the trash nor in the archive.
    pub(super) fn is_current(&self) -> bool {
        self.status == "current"
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Version {
    pub(super) number: u64,
    /// When it was made: Cloud's name for it, and Data Center's.
    #[serde(default, rename = "createdAt", alias = "when")]
    pub(super) made_at: Option<String>,
    /// What whoever made it said of it.
    #[serde(default)]
    pub(super) message: Option<String>,
}

/// What a page says, in the formats that were asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Body {
    pub(super) storage: Option<Storage>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Storage {
    pub(super) value: String,
}

/// One page of a listing.
#[derive(Debug, Deserialize)]
pub(super) struct Results<T> {
    pub(super) results: Vec<T>,
    #[serde(rename = "_links", default)]
    pub(super) links: Links,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Links {
    /// The address of the next page, from the site's root.
    pub(super) next: Option<String>,
}

/// A page as its parent, or one under it, names it.
#[derive(Debug, Deserialize)]
pub(super) struct Relative {
    pub(super) id: String,
}

/// A label, global or somebody's own.
#[derive(Debug, Deserialize)]
pub(super) struct Label {
    pub(super) id: String,
    pub(super) name: String,
}
