//! Where links and Jira macros lead, and the words that show it.

use std::ops::Range;

use super::super::layout::trim;
use super::macros::Role;
use super::tokens::Tag;
use super::walk::{Open, Walk};
use crate::domain::document::Link;

impl Walk<'_> {
    /// What was hidden is no prose. A Jira macro's server and query are known from here.
    pub(super) fn hide(&mut self, open: &Open, whole: Range<usize>) {
        let said = self.source.get(open.span.end..whole.end).unwrap_or_default();
        let said = said.split('<').next().unwrap_or_default();
        let parameter = open.name == "ac:parameter";
        let of = self.open.iter_mut().rev().find(|open| matches!(&open.role, Role::Macro(name) if name == "jira"));
        if let Some(jira) = of.filter(|_| parameter) {
            let tag = &self.source[open.span.clone()];
            if tag.contains("\"server\"") {
                jira.server = host_of(said);
            } else if tag.contains("\"jqlQuery\"") {
                let at = open.span.start;
                self.parts
                    .oddities
                    .push((at, format!("a list of tickets by the query `{}` is not followed", said.trim())));
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
