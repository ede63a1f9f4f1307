//! What Confluence sends, as far as it is read. Both flavors say the same of a page.

use serde::Deserialize;

/// A page, `PageSingle` and `PageBulk` of Cloud's version 2, `Content` of Data Center.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    pub(super) id: String,
    pub(super) status: String,
    pub(super) version: Version,
    #[serde(default)]
    pub(super) body: Body,
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

/// A page as its parent names it.
#[derive(Debug, Deserialize)]
pub(super) struct Child {
    pub(super) id: String,
}

/// A label.
#[derive(Debug, Deserialize)]
pub(super) struct Label {
    pub(super) id: String,
    pub(super) name: String,
}
