//! The walk through a document's tags: what is open, what a reader sees of it, and where lines and cells end.

use std::ops::Range;

use super::super::layout::{Line, Shape, trim};
use super::super::prose::Piece;
use super::Parts;
use super::grid::Grid;
use super::macros::{self, Role};
use super::tokens::{self, Tag, Token};

/// Elements open at a time; what is nested deeper is read as part of the last one. Tables have as much room again, so that none
/// is lost because of what is around it.
const DEEPEST: usize = 256;
const DEEPEST_TABLE: usize = 2 * DEEPEST;
/// The longest entity has 33 bytes.
const LONGEST_ENTITY: usize = 40;

/// What has been gathered so far, and what is open.
pub(super) struct Walk<'a> {
    pub(super) source: &'a str,
    /// The text that a reader sees, in its own bytes; the rest is blank.
    pub(super) plain: Vec<u8>,
    pub(super) parts: Parts,
    pub(super) open: Vec<Open>,
    /// The tables that are open, and those that are complete: an inner one is before the one around it.
    grids: Vec<Grid>,
    drawn: Vec<Grid>,
    line: Option<Line>,
    /// How many of the open elements hide what is in them.
    pub(super) hidden: usize,
}

/// Whether an element is of a kind.
type Is = fn(&Role) -> bool;

/// An element that is open.
pub(super) struct Open {
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) span: Range<usize>,
    /// Where a link leads, with the bytes that say so; a Jira macro's key; a macro's server.
    pub(super) target: Option<(String, Range<usize>)>,
    pub(super) server: Option<String>,
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
            "ri:user" => self.mention(tag),
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
        let of_table = matches!(role, Role::Table | Role::TablePart | Role::Row | Role::Cell);
        let most = if of_table { DEEPEST_TABLE } else { DEEPEST };
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
                let inside = self.source.get(open.span.end..span.start).unwrap_or_default();
                if open.name == "ac:task-status" && inside.trim_start().starts_with("complete") {
                    self.tick();
                }
                self.hide(&open, whole);
            }
            Role::Link => self.close_link(&open, span.start),
            Role::Macro(name) => {
                self.piece(span, Some(" "));
                let own = self.parts.queries.partition_point(|query| query.at < open.span.start);
                self.parts.queries[own..].iter_mut().for_each(|query| query.host = open.server.clone());
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

    /// The task around says that it is done.
    fn tick(&mut self) {
        if let Some(open) = self.open.iter_mut().rev().find(|open| matches!(open.role, Role::Item(_))) {
            open.role = Role::Item(Some(true));
        }
    }

    fn check_box(&mut self, tag: &Tag) {
        let is_box = tag.value("type").is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox"));
        if let Some(open) =
            self.open.iter_mut().rev().find(|open| matches!(open.role, Role::Item(_))).filter(|_| is_box)
        {
            open.role = Role::Item(Some(tag.attribute("checked").is_some()));
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
            self.parts.pieces.push(Piece { span, reads: Some(read.to_owned().into()) });
        }
    }

    /// Text that a reader sees as it stands. `folds`: its line ends are mere white space, unless it is preformatted.
    pub(super) fn shown(&mut self, span: Range<usize>, folds: bool) {
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

    fn piece(&mut self, span: Range<usize>, reads: Option<&'static str>) {
        if self.hidden == 0 && !span.is_empty() {
            self.parts.pieces.push(Piece { span, reads: reads.map(Into::into) });
        }
    }

    /// Stretches the open line over `span`, or opens one of the shape that holds here. Tables have rows instead.
    pub(super) fn cover(&mut self, span: &Range<usize>) {
        if !self.grids.is_empty() {
            return;
        }
        match &mut self.line {
            Some(line) => line.span.end = line.span.end.max(span.end),
            None => self.line = Some(Line { span: span.clone(), shape: self.shape() }),
        }
    }

    /// The shape that holds here.
    fn shape(&mut self) -> Shape {
        let depth = self.open.iter().filter(|open| open.role == Role::List).count();
        for open in self.open.iter_mut().rev() {
            match open.role {
                Role::Heading(level) => return Shape::Heading(level),
                Role::Item(task) if !std::mem::replace(&mut open.said, true) => {
                    return Shape::Item { depth, task };
                }
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

/// The bytes as text: whole characters and spaces.
fn text_of(plain: Vec<u8>) -> String {
    String::from_utf8(plain).unwrap_or_else(|broken| String::from_utf8_lossy(broken.as_bytes()).into_owned())
}
