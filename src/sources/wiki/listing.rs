//! Which pages a source means, and which version of each is the newest, in as few requests as there are.
//!
//! Cloud: <https://developer.atlassian.com/cloud/confluence/rest/v2/>; Data Center:
//! <https://developer.atlassian.com/server/confluence/confluence-rest-api-examples/>.

use std::collections::{BTreeSet, VecDeque};

use serde::de::DeserializeOwned;
use url::Url;

use super::super::MOST;
use super::wire::{Label, Page, Relative, Results};
use super::{Confluence, Listed};
use crate::domain::lookup::{Trouble, TroubleKind};
use crate::domain::remote::{Pages, WikiFlavor};
use crate::http::Reply;

/// The most labels that a wiki may have: far more than anybody's, and an end to a listing without one.
const LABELS: usize = 100_000;
/// How many a request tells of: Cloud's most.
const AT_ONCE: usize = 250;
/// The same as a parameter, and what Data Center gives at once with its texts left out.
const LIMIT: (&str, &str) = ("limit", "250");

impl Confluence {
    /// The pages that the source means.
    pub(super) async fn list(&self) -> Result<Listed, Trouble> {
        match (&self.wiki.pages, self.wiki.flavor) {
            (Pages::One(page), _) => Ok(Listed::from([(*page, None)])),
            (Pages::Under(page), WikiFlavor::Cloud) => self.tree(*page).await,
            (Pages::Under(page), WikiFlavor::DataCenter) => {
                let number = page.to_string();
                let path = ["rest", "api", "content", &number, "descendant", "page"];
                let mut listed = self.contents(&path, &[]).await?;
                listed.insert(*page, None);
                Ok(listed)
            }
            (Pages::Labelled(label), flavor) => {
                let listed = match flavor {
                    WikiFlavor::Cloud => self.labelled(label).await?,
                    WikiFlavor::DataCenter => {
                        let cql = format!("type = page and label = \"{label}\"");
                        self.contents(&["rest", "api", "content", "search"], &[("cql", &cql)]).await?
                    }
                };
                if listed.is_empty() {
                    let says = format!("no page of {} that is shown has the label `{label}`", self.wiki.site);
                    return Err(Trouble { kind: TroubleKind::Misread, says });
                }
                Ok(listed)
            }
        }
    }

    /// A page and all under it, and then the versions of all of them.
    async fn tree(&self, root: u64) -> Result<Listed, Trouble> {
        let mut listed = Listed::from([(root, None)]);
        let mut parents = VecDeque::from([root]);
        while let Some(parent) = parents.pop_front() {
            let number = parent.to_string();
            for child in self.all::<Relative>(&["api", "v2", "pages", &number, "children"], &[]).await? {
                let child = self.number(&child.id)?;
                if listed.insert(child, None).is_none() {
                    parents.push_back(child);
                }
            }
            self.within_bounds(listed.len())?;
        }
        let pages: Vec<String> = listed.keys().map(u64::to_string).collect();
        for some in pages.chunks(AT_ONCE) {
            for page in self.all::<Page>(&["api", "v2", "pages"], &[("id", &some.join(","))]).await? {
                let number = self.number(&page.id)?;
                // Cloud tells of those in the archive too.
                if page.is_current() {
                    listed.insert(number, Some(page.version.number));
                } else {
                    listed.remove(&number);
                }
            }
        }
        Ok(listed)
    }

    /// The pages with a label, which is known there by a number.
    async fn labelled(&self, name: &str) -> Result<Listed, Trouble> {
        let labels = self.many::<Label>(&["api", "v2", "labels"], &[("prefix", "global")], LABELS).await?;
        let Some(label) = labels.into_iter().find(|label| label.name == name) else { return Ok(Listed::new()) };
        let pages = self.all::<Page>(&["api", "v2", "labels", &label.id, "pages"], &[]).await?;
        let pages = pages.into_iter().filter(Page::is_current);
        let listed = pages.map(|page| Ok((self.number(&page.id)?, Some(page.version.number))));
        listed.collect()
    }

    /// Everything that a listing of Cloud holds, of as many as a source may mean.
    pub(super) async fn all<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Vec<T>, Trouble> {
        self.many(path, query, MOST).await
    }

    /// Everything that a listing of Cloud holds, and no more than `most`. Its next page is named by an address that leaves
    /// out the gateway of scoped tokens, so only the cursor in it is used.
    async fn many<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
        most: usize,
    ) -> Result<Vec<T>, Trouble> {
        let (mut all, mut cursor, mut seen) = (Vec::new(), None::<String>, BTreeSet::new());
        loop {
            let mut query = [query, &[LIMIT]].concat();
            query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let reply = self.line.get(path, &query, None).await?;
            let mut page: Results<T> = self.answer(&reply)?.json()?;
            all.append(&mut page.results);
            if all.len() > most {
                return Err(reply.misread(&format!("lists more than {most}")));
            }
            let next = page.links.next.and_then(|next| self.wiki.api_url.join(&next).ok());
            let next =
                next.and_then(|next: Url| Some(next.query_pairs().find(|(key, _)| key == "cursor")?.1.into_owned()));
            match next {
                Some(next) if !seen.insert(next.clone()) => {
                    return Err(reply.misread("names a next page that was read already"));
                }
                Some(next) => cursor = Some(next),
                None => return Ok(all),
            }
        }
    }

    /// Everything that a listing of Data Center holds.
    async fn contents(&self, path: &[&str], query: &[(&str, &str)]) -> Result<Listed, Trouble> {
        let mut listed = Listed::new();
        let mut start = 0;
        loop {
            let from = start.to_string();
            let query = [query, &[("expand", "version"), LIMIT, ("start", &from)]].concat();
            let reply = self.line.get(path, &query, None).await?;
            let page: Results<Page> = self.answer(&reply)?.json()?;
            start += page.results.len();
            let last = page.links.next.is_none() || page.results.is_empty();
            for page in page.results.into_iter().filter(Page::is_current) {
                listed.insert(self.number(&page.id)?, Some(page.version.number));
            }
            self.within_bounds(start)?;
            if last {
                return Ok(listed);
            }
        }
    }

    fn answer<'a>(&self, reply: &'a Reply) -> Result<&'a Reply, Trouble> {
        match reply.refusal() {
            None => Ok(reply),
            Some(_) if reply.status == ::http::StatusCode::NOT_FOUND => {
                let says = format!("{} answered 404: what was asked for is not shown to this account", reply.asked());
                Err(Trouble { kind: TroubleKind::Hidden, says })
            }
            Some(trouble) => Err(trouble),
        }
    }

    fn number(&self, id: &str) -> Result<u64, Trouble> {
        let says = || format!("{} names a page `{id}`, which is no number", self.wiki.site);
        id.parse().map_err(|_| Trouble { kind: TroubleKind::Misread, says: says() })
    }

    fn within_bounds(&self, listed: usize) -> Result<(), Trouble> {
        if listed <= MOST {
            return Ok(());
        }
        let says = format!("more than {MOST} pages of {} are meant", self.wiki.site);
        Err(Trouble { kind: TroubleKind::Misread, says })
    }
}
