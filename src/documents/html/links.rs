//! Where links and Jira macros lead, and the words that show it.

use std::ops::Range;

use super::super::layout::trim;
use super::super::prose::Piece;
use super::Query;
use super::macros::{self, Role};
use super::tokens::{self, Tag};
use super::walk::{Open, Walk};
use crate::domain::document::Link;

impl Walk<'_> {
    /// What was hidden is no prose. A Jira macro's server and query are known from here.
    pub(super) fn hide(&mut self, open: &Open, whole: Range<usize>) {
        let said = self.source.get(open.span.end..whole.end).unwrap_or_default();
        let said = said.split('<').next().unwrap_or_default();
        let parameter = open.name == "ac:parameter";
        let of = self.open.iter_mut().rev().find(|open| matches!(&open.role, Role::Macro(name) if macros::lists(name)));
        if let Some(jira) = of.filter(|_| parameter) {
            let tag = &self.source[open.span.clone()];
            if tag.contains("\"server\"") {
                jira.server = host_of(said);
            } else if ["\"jqlQuery\"", "\"jql\""].iter().any(|name| tag.contains(name)) && !said.trim().is_empty() {
                let (at, jql) = (open.span.start, tokens::read(said.trim()));
                self.parts.queries.push(Query { at, jql, host: None });
            }
        }
        self.parts.mute.push(whole);
    }

    /// The key that a Jira macro shows.
    pub(super) fn remember_key(&mut self, inside: Range<usize>) {
        let inside = trim(self.source, inside.start..inside.end.max(inside.start));
        let of = self.open.iter_mut().rev().find(|open| matches!(open.role, Role::Macro(_)));
        if let Some(of) = of.filter(|_| !inside.is_empty()) {
            of.target = Some((self.source[inside.clone()].to_owned(), inside));
        }
    }

    /// An address without words: it is read itself, and is its own link.
    pub(super) fn link_alone(&mut self, tag: &Tag) {
        if let Some((target, span)) = tag.attribute("ri:value") {
            self.shown(span.clone(), false);
            self.link(target.to_owned(), span.clone(), span);
        }
    }

    /// A person who is mentioned reads as a handle, for the page does not tell their name.
    pub(super) fn mention(&mut self, tag: &Tag) {
        let named = ["ri:username", "ri:account-id", "ri:userkey"].iter().find_map(|name| tag.attribute(name));
        let Some((value, span)) = named.filter(|(value, span)| value.len() == span.len() && !value.is_empty()) else {
            return;
        };
        // What stands before a colon is of many accounts.
        let own = value.rsplit(':').next().unwrap_or(value).len();
        let sign = span.end - own - 1;
        if self.hidden == 0 {
            self.plain[sign] = b'@';
            self.cover(&(sign..sign + 1));
            self.parts.pieces.push(Piece { span: sign..sign + 1, reads: Some("@".into()) });
        }
        self.shown(span.end - own..span.end, false);
    }

    /// A link is where its words are; without words a reader sees its address.
    pub(super) fn close_link(&mut self, open: &Open, end: usize) {
        let Some((target, target_span)) = &open.target else { return };
        let inside = &self.plain[open.span.end..end.max(open.span.end)];
        let seen = |byte: &u8| !byte.is_ascii_whitespace();
        let words = inside.iter().position(seen).zip(inside.iter().rposition(seen));
        let span = match words {
            Some((first, last)) => open.span.end + first..open.span.end + last + 1,
            None => {
                let before = self.parts.pieces.partition_point(|piece| piece.span.end <= open.span.start);
                self.parts.pieces.truncate(before);
                self.shown(target_span.clone(), false);
                target_span.clone()
            }
        };
        self.link(target.clone(), span, target_span.clone());
    }

    /// Links stand in order and do not overlap: of nested ones the inner was first.
    pub(super) fn link(&mut self, target: String, span: Range<usize>, target_span: Range<usize>) {
        let free = self.parts.links.last().is_none_or(|last| last.span.end <= span.start);
        if free && self.hidden == 0 && !target.is_empty() {
            self.parts.links.push(Link { span, target_span, target });
        }
    }
}

/// The host that a Jira macro's server is named after, as in `System JIRA (jira.example.org)`.
fn host_of(server: &str) -> Option<String> {
    let mut words = server.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-')));
    let host = words.find(|word| word.trim_matches('.').contains('.'))?;
    Some(host.trim_matches('.').to_ascii_lowercase())
}
