//! The Markdown form: CommonMark with GitHub's tables and task lists, every part with its bytes.

mod hiding;
mod rows;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use pulldown_cmark::{Event, LinkType, OffsetIter, Options, Parser, Tag, TagEnd};
use regex::Regex;

use self::hiding::{Hidden, Rows, Run};
pub(super) use self::rows::pieces_in;
use super::layout::{Layout, Line, Row, Shape, Table, trim};
use super::prose::{Marked, Piece, Prose};
use super::{inlays, tables};
use crate::domain::document::Link;

static BREAK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^(?i:<br\s*/?>)$").expect("a constant pattern"));
static ANCHOR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^<(?i:a)\s[^>]*?\b(?i:href)\s*=\s*["']?(?P<address>[^"'\s>]+)"#).expect("a constant pattern")
});
static ANCHOR_END: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^</(?i:a)\s*>$").expect("a constant pattern"));

/// What is understood beside CommonMark.
pub(super) const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_YAML_STYLE_METADATA_BLOCKS);

/// Of how many cells a table's rows may lack in all before the parser stops reading it (`MAX_AUTOCOMPLETED_CELLS` in its source).
/// Nearly all of a hidden row's are missing to it.
const MOST_MISSING: usize = 1 << 18;

/// Takes a Markdown document apart; and tells where its blocks of HTML are, of which nothing was read.
pub(super) fn take_apart(text: &str) -> (Layout<'_>, Vec<Range<usize>>) {
    if let Some(Hidden { shown, rows }) = hiding::hide(text) {
        // There are some around the rows: growing would copy what is large already.
        let links = Vec::with_capacity(rows.links() + rows.links() / 4 + 32);
        if let (walk, true) = (Walk { text, links, ..Walk::default() }).through(&shown, rows) {
            return walk.lay_out();
        }
    }
    parsed(text).lay_out()
}

/// What the parser makes of a document of which nothing is hidden.
fn parsed(text: &str) -> Walk<'_> {
    let (walk, _) = Walk { text, ..Walk::default() }.through(text, Rows::default());
    walk
}

/// Where each link label is defined.
fn definitions(events: &OffsetIter<'_>, hidden: &Rows) -> BTreeMap<String, Range<usize>> {
    let all = events.reference_definitions().iter();
    all.map(|(label, definition)| (label.to_lowercase(), hidden.in_document(&definition.span))).collect()
}

/// What has been gathered so far, and what is open.
#[derive(Default)]
struct Walk<'a> {
    text: &'a str,
    definitions: BTreeMap<String, Range<usize>>,
    pieces: Vec<Piece>,
    rows: Vec<Range<usize>>,
    tables: Vec<Table>,
    lines: Vec<Line>,
    links: Vec<Link>,
    mute: Vec<Range<usize>>,
    blocks: Vec<Range<usize>>,
    /// The line being gathered, and the shape that the next one will have.
    line: Option<Line>,
    shape: Option<Shape>,
    depth: usize,
    columns: usize,
    /// As many cells as the largest table has, the missing ones with them.
    most_cells: usize,
    in_table: bool,
    in_block: Option<TagEnd>,
    link: Option<OpenLink>,
    /// An `<a href>` that is open: where it starts, and its address's bytes.
    anchor: Option<(usize, Range<usize>)>,
}

struct OpenLink {
    kind: LinkType,
    target: String,
    label: String,
    /// The bytes of its text so far.
    text: Range<usize>,
    /// How many pieces there were before it.
    pieces: usize,
}

/// Cells beyond the header's columns, and the pipes before them: the parser drops them, a reader sees them.
fn surplus(text: &str, row: &Row, columns: usize, pieces: &mut Vec<Piece>) {
    let beyond = row.cells.get(columns.saturating_sub(1)..).unwrap_or_default();
    let [last, first, ..] = beyond else { return };
    // Of the last cell that it does not drop the parser shows blanks that are no spaces, also where there is nothing else.
    let pipe = text[..first.start].rfind('|').map_or(last.end, |pipe| pipe.max(last.end));
    let from = last.end + text[last.end..pipe].trim_end_matches(' ').len();
    for pair in beyond.windows(2) {
        pieces.push(Piece { span: pair[0].end.max(from)..pair[1].end.max(from), reads: None });
    }
}

impl<'a> Walk<'a> {
    /// What the parser makes of what it is `shown` of a document, and the rows that are `hidden` from it; and whether it took
    /// what stands for them for rows, and went on behind them.
    fn through(mut self, shown: &str, mut hidden: Rows) -> (Self, bool) {
        let events = Parser::new_ext(shown, OPTIONS).into_offset_iter();
        self.definitions = definitions(&events, &hidden);
        // What is large is not moved: there are dozens of these in a row of a table.
        for event in events {
            let span = hidden.in_document(&event.1);
            match &event.0 {
                Event::Start(Tag::TableRow) => match hidden.behind(span.start) {
                    Some(run) => self.hidden_rows(&run, &mut hidden),
                    None => self.event(&event.0, &span),
                },
                _ => self.event(&event.0, &span),
            }
        }
        self.close();
        let all = !hidden.are_left() && self.most_cells <= MOST_MISSING;
        (self, all)
    }

    fn lay_out(self) -> (Layout<'a>, Vec<Range<usize>>) {
        let Self { text, mut mute, lines, mut tables, .. } = self;
        // A definition shows nothing: its address is that of the links that lead through it, and where there is none nobody's.
        mute.extend(self.definitions.into_values());
        mute.sort_by_key(|span| span.start);
        let lines = tables::in_paragraphs(text, &lines, &mut tables);
        tables.sort_by_key(|table| table.header.span.start);
        (
            Layout {
                text,
                prose: Prose::Marked(Marked { text, pieces: self.pieces, rows: self.rows }),
                tables,
                lines,
                links: self.links,
                mute,
            },
            self.blocks,
        )
    }

    fn event(&mut self, event: &Event<'_>, span: &Range<usize>) {
        if let Some(block) = self.in_block {
            return self.inside_block(event, block);
        }
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(*tag, span),
            Event::Text(shown) => {
                let here = &self.text[span.clone()];
                let same = std::ptr::eq(&raw const *here, &raw const **shown) || **shown == *here;
                self.inline(span, (!same).then(|| shown.as_ref().to_owned().into()));
            }
            // Keys are often written as code; only blocks of it are somebody else's text.
            Event::Code(shown) | Event::InlineMath(shown) | Event::DisplayMath(shown) => {
                self.inline(span, Some(shown.as_ref().to_owned().into()));
            }
            Event::InlineHtml(html) => {
                if html.eq_ignore_ascii_case("<br>") || BREAK.is_match(html.trim()) {
                    self.inline(span, Some("\n".into()));
                } else if html.starts_with("<!--") {
                    self.mute.push(span.clone());
                } else {
                    self.cover(span);
                    self.anchor(html, span);
                }
            }
            Event::Html(_) | Event::Rule | Event::FootnoteReference(_) => {}
            Event::SoftBreak | Event::HardBreak => {
                self.inline(span, Some("\n".into()));
                if self.shape == Some(Shape::Plain) && !self.in_table && self.link.is_none() {
                    self.close();
                }
            }
            Event::TaskListMarker(ticked) => {
                if let Some(Shape::Item { task, .. }) = &mut self.shape {
                    *task = Some(*ticked);
                }
            }
        }
    }

    /// Code and front matter are no prose; HTML is somebody else's to read.
    fn inside_block(&mut self, event: &Event<'_>, block: TagEnd) {
        if matches!(event, Event::End(tag) if *tag == block) {
            self.in_block = None;
        }
    }

    fn start(&mut self, tag: &Tag<'_>, span: &Range<usize>) {
        match tag {
            Tag::CodeBlock(_) => {
                self.close();
                self.mute.push(span.clone());
                self.in_block = Some(TagEnd::CodeBlock);
            }
            Tag::HtmlBlock => {
                self.close();
                self.mute.extend(inlays::comments(self.text, span));
                self.blocks.push(span.clone());
                self.in_block = Some(TagEnd::HtmlBlock);
            }
            Tag::MetadataBlock(kind) => self.in_block = Some(TagEnd::MetadataBlock(*kind)),
            Tag::Paragraph => {
                self.close();
                let inside = if self.depth > 0 { Shape::Continued } else { Shape::Plain };
                self.shape.get_or_insert(inside);
            }
            Tag::Heading { level, .. } => {
                self.close();
                self.shape = Some(Shape::Heading(*level as u8));
            }
            Tag::List(_) => {
                self.close();
                self.depth += 1;
            }
            Tag::Item => {
                self.close();
                self.shape = Some(Shape::Item { depth: self.depth, task: None });
            }
            Tag::Table(alignments) => {
                self.close();
                (self.in_table, self.columns) = (true, alignments.len());
            }
            Tag::TableHead => {
                let header = trim(self.text, span.clone());
                let rule = self.text[header.end..].lines().nth(1).unwrap_or_default();
                let collapsed = tables::is_extracted(&self.text[header.clone()], rule);
                let header = Row::piped(self.text, header);
                self.tables.push(Table { header, rows: Vec::new(), collapsed });
            }
            Tag::TableRow => {
                if let Some(table) = self.tables.last_mut() {
                    table.rows.push(Row::piped(self.text, trim(self.text, span.clone())));
                    self.most_cells = self.most_cells.max(table.rows.len() * self.columns);
                }
            }
            Tag::Link { link_type, dest_url, id, .. } => {
                self.cover(span);
                let inner = span.start + 1..span.start + 1;
                let (target, label) = (dest_url.as_ref().to_owned(), id.to_lowercase());
                self.link = Some(OpenLink { kind: *link_type, target, label, text: inner, pieces: self.pieces.len() });
            }
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Image { .. } => self.cover(span),
            _ => self.close(),
        }
    }

    fn end(&mut self, tag: TagEnd, span: &Range<usize>) {
        match tag {
            TagEnd::TableCell => self.anchor = None,
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item => {
                self.close();
                self.anchor = None;
                self.shape = None;
            }
            TagEnd::List(_) => {
                self.close();
                self.depth = self.depth.saturating_sub(1);
            }
            TagEnd::Table => self.in_table = false,
            TagEnd::TableRow | TagEnd::TableHead => self.surplus(),
            TagEnd::Link => self.end_link(span),
            _ => {}
        }
    }

    /// The rows that were hidden behind one from the parser, which goes on at its end.
    fn hidden_rows(&mut self, run: &Run, hidden: &mut Rows) {
        let Some(table) = self.tables.last_mut() else { return };
        let before = table.rows.len();
        hidden.put(run, &mut table.rows);
        self.most_cells = self.most_cells.max(table.rows.len() * self.columns);
        let rows = &table.rows[before..];
        if run.most <= self.columns {
            self.rows.extend(rows.iter().map(|row| row.span.clone()));
            self.links.extend(hidden.links_of(run));
        } else {
            let mut links = hidden.links_of(run).peekable();
            for row in rows {
                // As the parser does, which drops what is beyond the header's columns.
                let beyond = row.cells.get(self.columns).and_then(|cell| self.text[..cell.start].rfind('|'));
                let end = beyond.unwrap_or(row.span.end);
                while let Some(link) = links.next_if(|link| link.span.start < row.span.end) {
                    if link.span.start < end {
                        self.links.push(link);
                    }
                }
                self.rows.push(row.span.start..end);
                surplus(self.text, row, self.columns, &mut self.pieces);
            }
        }
        self.in_block = Some(TagEnd::TableRow);
    }

    fn surplus(&mut self) {
        if let Some(table) = self.tables.last() {
            let row = table.rows.last().unwrap_or(&table.header);
            surplus(self.text, row, self.columns, &mut self.pieces);
        }
    }

    fn end_link(&mut self, span: &Range<usize>) {
        let Some(link) = self.link.take() else { return };
        if !is_address(&link.target) {
            self.pieces.truncate(link.pieces);
            self.pieces.push(Piece { span: span.clone(), reads: None });
            return;
        }
        let target_span = match link.kind {
            LinkType::Autolink | LinkType::Email => span.start + 1..span.end.saturating_sub(1),
            LinkType::Inline => self.address(link.text.end, span.end, "]("),
            _ => match self.definitions.get(&link.label) {
                Some(definition) => self.address(definition.start, definition.end, "]:"),
                None => span.clone(),
            },
        };
        self.links.push(Link { span: span.clone(), target_span, target: link.target });
    }

    /// `<a href="…">` and what is behind it up to `</a>` are one link, as `[…](…)` is.
    fn anchor(&mut self, html: &str, span: &Range<usize>) {
        if let Some(address) = ANCHOR.captures(html).and_then(|found| found.name("address")) {
            self.anchor = Some((span.start, span.start + address.start()..span.start + address.end()));
        } else if ANCHOR_END.is_match(html)
            && let Some((start, target_span)) = self.anchor.take()
            && self.link.is_none()
            && self.links.last().is_none_or(|last| last.span.end <= start)
        {
            let target = self.text[target_span.clone()].replace("&amp;", "&");
            self.links.push(Link { span: start..span.end, target_span, target });
        }
    }

    /// The bytes of the address that follows `opening` between `from` and `to`.
    fn address(&self, from: usize, to: usize, opening: &str) -> Range<usize> {
        let Some(slice) = self.text.get(from..to) else { return from..from };
        // It mostly follows at once.
        let found = if slice.starts_with(opening) { Some(0) } else { slice.find(opening) };
        let Some(found) = found else { return from..to };
        let rest = &slice[found + opening.len()..];
        let start = to - rest.trim_start().len();
        let rest = &self.text[start..to];
        match rest.strip_prefix('<') {
            Some(inside) => start + 1..start + 1 + inside.find('>').unwrap_or(inside.len()),
            None => {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                let end = if opening == "](" && end == rest.len() { end.saturating_sub(1) } else { end };
                start..start + end
            }
        }
    }

    /// Something that a reader sees.
    fn inline(&mut self, span: &Range<usize>, reads: Option<Cow<'static, str>>) {
        self.cover(span);
        Piece::append(&mut self.pieces, span, reads);
    }

    /// Stretches the open line, and the text of the open link, over `span`.
    fn cover(&mut self, span: &Range<usize>) {
        if let Some(link) = &mut self.link {
            link.text.end = link.text.end.max(span.end);
        }
        if self.in_table {
            return;
        }
        match &mut self.line {
            Some(line) => line.span.end = line.span.end.max(span.end),
            None => {
                let shape = self.shape.unwrap_or(Shape::Continued);
                self.line = Some(Line { span: span.clone(), shape });
            }
        }
    }

    fn close(&mut self) {
        if let Some(line) = self.line.take() {
            if let Some(shape @ Shape::Item { .. }) = &mut self.shape {
                *shape = Shape::Continued;
            }
            let span = trim(self.text, line.span);
            if !span.is_empty() {
                self.lines.push(Line { span, shape: line.shape });
            }
        }
    }
}

/// Whether a target is one: `[quest](Hilary)` is an intention and a speaker that happen to look like a link.
fn is_address(target: &str) -> bool {
    target.contains([':', '/', '#', '.', '?', '@'])
}
