//! The walk through a document's tags: what is open, what a reader sees of it, and where lines and cells end.

use std::ops::Range;

use super::super::layout::{Line, Piece, Shape, trim};
use super::Parts;
use super::grid::Grid;
use super::macros::{self, Role};
use super::tokens::{self, Tag, Token};
use crate::domain::document::Link;

/// Blocks open at a time, and elements of any kind. What is nested deeper is read as part of the last one.
const DEEPEST_BLOCK: usize = 256;
const DEEPEST: usize = 2 * DEEPEST_BLOCK;
/// The longest entity has 33 bytes.
const LONGEST_ENTITY: usize = 40;

/// What has been gathered so far, and what is open.
pub(super) struct Walk<'a> {
    source: &'a str,
    /// The text that a reader sees, in its own bytes; the rest is blank.
    plain: Vec<u8>,
    parts: Parts,
    open: Vec<Open>,
    /// The tables that are open, and those that are complete: an inner one is before the one around it.
    grids: Vec<Grid>,
    drawn: Vec<Grid>,
    line: Option<Line>,
    /// How many of the open elements hide what is in them.
    hidden: usize,
}

/// Whether an element is of a kind.
type Is = fn(&Role) -> bool;

/// An element that is open.
struct Open {
    name: String,
    role: Role,
    span: Range<usize>,
    /// Where a link leads, with the bytes that say so; a Jira macro's key; a macro's server.
    target: Option<(String, Range<usize>)>,
    server: Option<String>,
    /// Whether an item has had its first line.
    said: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            plain: vec![b' '; source.len()],
            parts: Parts::default(),
            open: Vec::new(),
            grids: Vec::new(),
            drawn: Vec::new(),
            line: None,
            hidden: 0,
        }
    }

    pub(super) fn token(&mut self, token: Token) {
        match token {
            Token::Start(tag) => self.start(&tag),
            Token::End(name, span) => self.end(&name, span),
            Token::Text(span) => self.text(span),
            Token::Verbatim(span) => self.shown(span, false),
            Token::Comment(span) => self.parts.mute.push(span),
        }
    }

    pub(super) fn finish(mut self) -> (String, Parts) {
        let end = self.source.len();
        while !self.open.is_empty() {
            self.close(end..end);
        }
        self.end_line();
        let (mut parts, plain) = (self.parts, text_of(self.plain));
        parts.tables = self.drawn.into_iter().filter_map(|grid| grid.close(&plain)).collect();
        parts.tables.sort_by_key(|table| table.header.span.start);
        parts.mute.sort_by_key(|span| span.start);
        (plain, parts)
    }

    fn start(&mut self, tag: &Tag) {
        self.parts.mute.push(tag.span.clone());
        let role = macros::role(tag);
        self.make_room(&role, tag.span.start);
        match tag.name.as_str() {
            "br" | "hr" => self.end_line_at(&tag.span),
            "input" => self.check_box(tag),
            "ri:url" => self.link_alone(tag),
            // Without content of its own the element reads as its attribute.
            "time" if tag.closed => {
                if let Some((_, value)) = tag.attribute("datetime") {
                    self.shown(value, false);
                }
            }
            _ => {}
        }
        let code = tag.name == "code" && self.open.last().is_some_and(|open| open.role == Role::Preformatted);
        let role = if code { Role::Hidden } else { self.parameter(role) };
        let most = if role == Role::Block { DEEPEST_BLOCK } else { DEEPEST };
        if macros::is_void(&tag.name) || role == Role::Inline || self.open.len() >= most {
            return;
        }
        self.enter(tag, &role);
        let target = tag.attribute("href").map(|(target, span)| (target.trim().to_owned(), span));
        let target = target.filter(|_| role == Role::Link);
        self.open.push(Open {
            name: tag.name.clone(),
            role,
            span: tag.span.clone(),
            target,
            server: None,
            said: false,
        });
        // Only XML closes an element in its own tag; in HTML nobody writes it and means anything else.
        if tag.closed {
            self.close(tag.span.end..tag.span.end);
        }
    }

    /// What an element does to the lines and tables around it.
    fn enter(&mut self, tag: &Tag, role: &Role) {
        match role {
            Role::Hidden => self.hidden += 1,
            Role::Table => {
                self.end_line_at(&tag.span);
                self.grids.push(Grid::default());
            }
            Role::Row => {
                if let Some(grid) = self.grids.last_mut() {
                    grid.open_row(tag.span.start);
                }
            }
            Role::Cell => {
                if let Some(grid) = self.grids.last_mut() {
                    grid.open_cell(tag.span.end, tag.value("colspan"), tag.value("rowspan"));
                }
            }
            // What a macro shows is a word of its own.
            Role::Macro(_) => self.piece(tag.span.clone(), Some(" ")),
            Role::Block | Role::Preformatted | Role::Heading(_) | Role::List | Role::Item(_) => {
                self.end_line_at(&tag.span);
            }
            Role::Inline | Role::Link | Role::TablePart | Role::Parameter(_) => {}
        }
    }

    /// Ends what the new element ends by starting: an item the item before it, a row the row before it.
    fn make_room(&mut self, role: &Role, at: usize) {
        let (ended, within): (Is, Is) = match role {
            Role::Item(_) => (|role| matches!(role, Role::Item(_)), |role| matches!(role, Role::List | Role::Cell)),
            Role::Cell => (|role| *role == Role::Cell, |role| *role == Role::Table),
            Role::Row | Role::TablePart => (|role| *role == Role::Row, |role| *role == Role::Table),
            _ => return,
        };
        let above = self.open.iter().rposition(|open| within(&open.role)).map_or(0, |nth| nth + 1);
        if let Some(nth) = self.open[above..].iter().position(|open| ended(&open.role)) {
            while self.open.len() > above + nth {
                self.close(at..at);
            }
        }
    }

    /// A parameter that is not shown hides what is in it; the server of a Jira macro is remembered for its key.
    fn parameter(&self, role: Role) -> Role {
        let Role::Parameter(name) = &role else { return role };
        let of = self.open.iter().rev().find_map(|open| match &open.role {
            Role::Macro(of) => Some(of.as_str()),
            _ => None,
        });
        if macros::is_shown(of.unwrap_or_default(), name) { role } else { Role::Hidden }
    }

    fn end(&mut self, name: &str, span: Range<usize>) {
        self.parts.mute.push(span.clone());
        let table = matches!(name, "table" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th");
        let barrier = |role: &Role| *role == Role::Table || !table && *role == Role::Cell;
        let found = self.open.iter().rev().take_while(|open| !barrier(&open.role) || open.name == name);
        let Some(up) = found.enumerate().find(|(_, open)| open.name == name).map(|(up, _)| up) else { return };
        for _ in 0..up {
            self.close(span.start..span.start);
        }
        self.close(span);
    }

    /// Ends the innermost element, whose end tag is `span`, or empty where it has none.
    fn close(&mut self, span: Range<usize>) {
        let Some(open) = self.open.pop() else { return };
        let whole = open.span.start..span.end;
        match &open.role {
            Role::Hidden => {
                self.hidden = self.hidden.saturating_sub(1);
                self.hide(&open, whole);
            }
            Role::Link => self.close_link(&open, span.start),
            Role::Macro(name) => {
                self.piece(span, Some(" "));
                if let Some((key, key_span)) = open.target.filter(|_| name == "jira") {
                    let target = open.server.map(|host| format!("https://{host}/browse/{key}"));
                    self.link(target.unwrap_or_default(), key_span.clone(), key_span);
                }
            }
            Role::Parameter(_) => self.remember_key(open.span.end..span.start),
            Role::Cell => {
                if let Some(grid) = self.grids.last_mut() {
                    grid.close_cell(span.start);
                }
            }
            Role::Row => {
                if let Some(grid) = self.grids.last_mut() {
                    grid.close_row(span.end);
                }
            }
            Role::Table => {
                self.drawn.extend(self.grids.pop());
                self.end_line_at(&span);
            }
            Role::Block | Role::Preformatted | Role::Heading(_) | Role::List | Role::Item(_) => {
                self.end_line_at(&span);
            }
            Role::Inline | Role::TablePart => {}
        }
    }

    /// What was hidden is no prose. A Jira macro's server and query are known from here.
    fn hide(&mut self, open: &Open, whole: Range<usize>) {
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
    fn remember_key(&mut self, inside: Range<usize>) {
        let inside = trim(self.source, inside.start..inside.end.max(inside.start));
        let of = self.open.iter_mut().rev().find(|open| matches!(open.role, Role::Macro(_)));
        if let Some(of) = of.filter(|_| !inside.is_empty()) {
            of.target = Some((self.source[inside.clone()].to_owned(), inside));
        }
    }

    fn check_box(&mut self, tag: &Tag) {
        let is_box = tag.value("type").is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox"));
        if let Some(open) =
            self.open.iter_mut().rev().find(|open| matches!(open.role, Role::Item(_))).filter(|_| is_box)
        {
            open.role = Role::Item(true);
        }
    }

    /// An address without words: it is read itself, and is its own link.
    fn link_alone(&mut self, tag: &Tag) {
        if let Some((target, span)) = tag.attribute("ri:value") {
            self.shown(span.clone(), false);
            self.link(target.to_owned(), span.clone(), span);
        }
    }

    /// A link is where its words are; without words a reader sees its address.
    fn close_link(&mut self, open: &Open, end: usize) {
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
    fn link(&mut self, target: String, span: Range<usize>, target_span: Range<usize>) {
        let free = self.parts.links.last().is_none_or(|last| last.span.end <= span.start);
        if free && self.hidden == 0 && !target.is_empty() {
            self.parts.links.push(Link { span, target_span, target });
        }
    }

    /// Running text: divided at its entities, so that a part of it can be read by itself.
    fn text(&mut self, span: Range<usize>) {
        let mut from = span.start;
        while let Some(at) = self.source[from..span.end].find('&').map(|offset| from + offset) {
            self.shown(from..at, true);
            let named = self.source.as_bytes()[at + 1..span.end].iter().take(LONGEST_ENTITY);
            let length = named.take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#').count();
            let end = self.source[at + 1 + length..span.end].starts_with(';').then_some(at + length + 2);
            match end.and_then(|end| Some((end, tokens::entity(&self.source[at..end])?))) {
                Some((end, read)) => {
                    self.entity(at..end, &read);
                    from = end;
                }
                None => {
                    self.shown(at..at + 1, true);
                    from = at + 1;
                }
            }
        }
        self.shown(from..span.end, true);
    }

    fn entity(&mut self, span: Range<usize>, read: &str) {
        if self.hidden == 0 {
            // A blank is a blank already.
            if read.len() <= span.len() && !read.trim().is_empty() {
                self.plain[span.start..span.start + read.len()].copy_from_slice(read.as_bytes());
            }
            self.cover(&span);
            self.parts.pieces.push(Piece { span, reads: Some(read.into()) });
        }
    }

    /// Text that a reader sees as it stands. `folds`: its line ends are mere white space, unless it is preformatted.
    fn shown(&mut self, span: Range<usize>, folds: bool) {
        if self.hidden > 0 || span.is_empty() {
            return;
        }
        let folds = folds && !self.open.iter().any(|open| open.role == Role::Preformatted);
        let mut from = span.start;
        for raw in self.source[span.clone()].split_inclusive(['\n', '\r']) {
            let part = from..from + raw.len();
            from = part.end;
            self.plain[part.clone()].copy_from_slice(raw.as_bytes());
            if folds && raw.ends_with(['\n', '\r']) {
                self.plain[part.end - 1] = b' ';
            }
            if self.line.is_some() || !raw.trim().is_empty() {
                self.cover(&part);
            }
            self.parts.pieces.push(Piece { span: part, reads: None });
            if !folds && raw.ends_with('\n') {
                self.end_line();
            }
        }
    }

    /// Ends the line where a tag stands, for whoever reads bytes and for whoever reads prose.
    fn end_line_at(&mut self, tag: &Range<usize>) {
        if self.hidden > 0 {
            return;
        }
        if let Some(last) = tag.end.checked_sub(1).filter(|last| *last >= tag.start) {
            self.plain[last] = b'\n';
            self.piece(tag.clone(), Some("\n"));
        }
        self.end_line();
    }

    fn piece(&mut self, span: Range<usize>, reads: Option<&str>) {
        if self.hidden == 0 && !span.is_empty() {
            self.parts.pieces.push(Piece { span, reads: reads.map(Into::into) });
        }
    }

    /// Stretches the open line over `span`, or opens one of the shape that holds here. Tables have rows instead.
    fn cover(&mut self, span: &Range<usize>) {
        if !self.grids.is_empty() {
            return;
        }
        match &mut self.line {
            Some(line) => line.span.end = line.span.end.max(span.end),
            None => self.line = Some(Line { span: span.clone(), shape: self.shape() }),
        }
    }

    fn shape(&mut self) -> Shape {
        let depth = self.open.iter().filter(|open| open.role == Role::List).count();
        for open in self.open.iter_mut().rev() {
            match open.role {
                Role::Heading(level) => return Shape::Heading(level),
                Role::Item(task) if !std::mem::replace(&mut open.said, true) => return Shape::Item { depth, task },
                Role::Item(_) => return Shape::Continued,
                _ => {}
            }
        }
        Shape::Plain
    }

    fn end_line(&mut self) {
        if let Some(Line { span, shape }) = self.line.take() {
            let span = trim(self.source, span);
            if !span.is_empty() {
                self.parts.lines.push(Line { span, shape });
            }
        }
    }
}

/// The host that a Jira macro's server is named after, as in `System JIRA (jira.example.org)`.
fn host_of(server: &str) -> Option<String> {
    let mut words = server.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-')));
    let host = words.find(|word| word.trim_matches('.').contains('.'))?;
    Some(host.trim_matches('.').to_ascii_lowercase())
}

/// The bytes as text: whole characters and spaces.
fn text_of(plain: Vec<u8>) -> String {
    String::from_utf8(plain).unwrap_or_else(|broken| String::from_utf8_lossy(broken.as_bytes()).into_owned())
}
