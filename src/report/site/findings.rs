//! Lists of findings, by what they say.

use std::collections::BTreeMap;

use askama::Template;

use super::room::{Room, fitted};
use super::show::{self, Pager, Tab, exactly, name, source, to_ticket};
use super::{Frame, links};
use crate::domain::finding::Code;
use crate::domain::pages::{Leaf, ListedFinding};
use crate::report::words;

#[derive(Template)]
#[template(path = "site/findings.html")]
struct Page<'v> {
    frame: Frame<'v>,
    code: Option<Code>,
    leaf: &'v Leaf<Vec<ListedFinding>>,
    counts: &'v BTreeMap<Code, usize>,
    room: Room,
}

/// One page of the findings of a code, or of all; `counts` are those of each.
pub fn findings(
    frame: Frame,
    code: Option<Code>,
    leaf: &Leaf<Vec<ListedFinding>>,
    counts: &BTreeMap<Code, usize>,
) -> String {
    fitted(|room| super::rendered(&Page { frame, code, leaf, counts, room }))
}

impl Page<'_> {
    /// `3 findings: a promised fix was closed, and its work not done`
    fn counted(&self) -> String {
        let many = words::count(self.leaf.all, "finding");
        match self.code {
            Some(code) => format!("{many}: {}", code.says()),
            None => format!("{many} that nobody accepted, the newest first"),
        }
    }

    fn tabs(&self) -> Vec<Tab> {
        let tab = |code: Option<Code>, many| Tab {
            address: links::findings(code, 1),
            words: code.map_or("all".to_owned(), |code| code.word().replace('-', " ")),
            many,
            more: false,
            here: self.code == code,
        };
        let each = self.counts.iter().map(|(code, many)| tab(Some(*code), *many));
        std::iter::once(tab(None, self.counts.values().sum())).chain(each).collect()
    }

    fn exports(&self) -> [(String, &'static str); 3] {
        [("/findings.csv", "CSV"), ("/findings.json", "JSON"), ("/findings.atom", "a feed")]
            .map(|(path, words)| (links::findings_at(path, self.code, 1), words))
    }

    fn pager(&self) -> Option<Pager> {
        show::pager(self.leaf, |page| links::findings(self.code, page))
    }

    fn address(&self, listed: &ListedFinding) -> Option<String> {
        listed.title.as_ref()?;
        listed.finding.challenge.as_ref().map(links::challenge)
    }

    fn title(&self, listed: &ListedFinding) -> String {
        self.room.title(listed.title.as_deref().unwrap_or_default())
    }
}
