//! The Markdown form: CommonMark with GitHub's tables and task lists, every part with its bytes.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use pulldown_cmark::{Event, LinkType, OffsetIter, Options, Parser, Tag, TagEnd};
use regex::Regex;

use super::layout::{Layout, Line, Piece, Prose, Row, Shape, Table, trim};
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

/// Takes a Markdown document apart; and tells where its blocks of HTML are, of which nothing was read.
pub(super) fn take_apart(text: &str) -> (Layout<'_>, Vec<Range<usize>>) {
    let events = Parser::new_ext(text, OPTIONS).into_offset_iter();
    let definitions = definitions(&events);
    let mut walk = Walk { text, definitions, ..Walk::default() };
    for (event, span) in events {
        walk.event(event, span);
    }
    walk.close();
    let mut mute = walk.mute;
    // A definition shows nothing: its address is that of the links that lead through it, and where there is none nobody's.
    mute.extend(walk.definitions.into_values());
    mute.sort_by_key(|span| span.start);
    let (lines, mut tables) = (walk.lines, walk.tables);
    let lines = tables::in_paragraphs(text, &lines, &mut tables);
    tables.sort_by_key(|table| table.header.span.start);
    (Layout { text, prose: Prose::Marked(text, walk.pieces), tables, lines, links: walk.links, mute }, walk.blocks)
}

/// Where each link label is defined.
fn definitions(events: &OffsetIter<'_>) -> BTreeMap<String, Range<usize>> {
    let all = events.reference_definitions().iter();
    all.map(|(label, definition)| (label.to_lowercase(), definition.span.clone())).collect()
}

/// What has been gathered so far, and what is open.
#[derive(Default)]
struct Walk<'a> {
    text: &'a str,
    definitions: BTreeMap<String, Range<usize>>,
    pieces: Vec<Piece>,
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

impl Walk<'_> {
    fn event(&mut self, event: Event<'_>, span: Range<usize>) {
        if let Some(block) = self.in_block {
            return self.inside_block(&event, block);
        }
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(tag, span),
            Event::Text(shown) => {
                let here = &self.text[span.clone()];
                let same = std::ptr::eq(&raw const *here, &raw const *shown) || *shown == *here;
                let reads = (!same).then(|| shown.as_ref().into());
                self.inline(span, reads);
            }
            // Keys are often written as code; only blocks of it are somebody else's text.
            Event::Code(shown) | Event::InlineMath(shown) | Event::DisplayMath(shown) => {
                self.inline(span, Some(shown.as_ref().into()));
            }
            Event::InlineHtml(html) => {
                if html.eq_ignore_ascii_case("<br>") || BREAK.is_match(html.trim()) {
                    self.inline(span, Some("\n".into()));
                } else if html.starts_with("<!--") {
                    self.mute.push(span);
                } else {
                    self.cover(&span);
                    self.anchor(&html, span);
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
                    *task = Some(ticked);
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

    fn start(&mut self, tag: Tag<'_>, span: Range<usize>) {
        match tag {
            Tag::CodeBlock(_) => {
                self.close();
                self.mute.push(span);
                self.in_block = Some(TagEnd::CodeBlock);
            }
            Tag::HtmlBlock => {
                self.close();
                self.mute.extend(inlays::comments(self.text, &span));
                self.blocks.push(span);
                self.in_block = Some(TagEnd::HtmlBlock);
            }
            Tag::MetadataBlock(kind) => self.in_block = Some(TagEnd::MetadataBlock(kind)),
            Tag::Paragraph => {
                self.close();
                let inside = if self.depth > 0 { Shape::Continued } else { Shape::Plain };
                self.shape.get_or_insert(inside);
            }
            Tag::Heading { level, .. } => {
                self.close();
                self.shape = Some(Shape::Heading(level as u8));
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
                let header = trim(self.text, span);
                let rule = self.text[header.end..].lines().nth(1).unwrap_or_default();
                let collapsed = tables::is_extracted(&self.text[header.clone()], rule);
                let header = Row::piped(self.text, header);
                self.tables.push(Table { header, rows: Vec::new(), collapsed });
            }
            Tag::TableRow => {
                if let Some(table) = self.tables.last_mut() {
                    table.rows.push(Row::piped(self.text, trim(self.text, span)));
                }
            }
            Tag::Link { link_type, dest_url, id, .. } => {
                self.cover(&span);
                let inner = span.start + 1..span.start + 1;
                let (target, label) = (dest_url.into_string(), id.to_lowercase());
                self.link = Some(OpenLink { kind: link_type, target, label, text: inner, pieces: self.pieces.len() });
            }
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Image { .. } => self.cover(&span),
            _ => self.close(),
        }
    }

    fn end(&mut self, tag: TagEnd, span: Range<usize>) {
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

    /// Cells beyond the header's columns, and the pipes before them: the parser drops them, a reader sees them.
    fn surplus(&mut self) {
        let Some(table) = self.tables.last() else { return };
        let row = table.rows.last().unwrap_or(&table.header);
        for pair in row.cells.windows(2).skip(self.columns.saturating_sub(1)) {
            self.pieces.push(Piece { span: pair[0].end..pair[1].end.max(pair[0].end), reads: None });
        }
    }

    fn end_link(&mut self, span: Range<usize>) {
        let Some(link) = self.link.take() else { return };
        if !link.target.contains([':', '/', '#', '.', '?', '@']) {
            // `[quest](Hilary)` is an intention and a speaker that happen to look like a link.
            self.pieces.truncate(link.pieces);
            self.pieces.push(Piece { span, reads: None });
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
        self.links.push(Link { span, target_span, target: link.target });
    }

    /// `<a href="…">` and what is behind it up to `</a>` are one link, as `[…](…)` is.
    fn anchor(&mut self, html: &str, span: Range<usize>) {
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
        let Some(found) = slice.find(opening) else { return from..to };
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
    fn inline(&mut self, span: Range<usize>, reads: Option<Box<str>>) {
        self.cover(&span);
        match self.pieces.last_mut().filter(|last| last.reads.is_none() && last.span.end == span.start) {
            // The parser divides text at whatever might have been markup.
            Some(last) if reads.is_none() => last.span.end = span.end,
            _ => self.pieces.push(Piece { span, reads }),
        }
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

#[cfg(test)]
mod tests {
    use crate::documents::layout::{Layout, Shape};

    fn lay_out(text: &str) -> Layout<'_> {
        super::take_apart(text).0
    }

    /// The lines of a document: shape and reading.
    fn lines(text: &str) -> Vec<String> {
        let layout = lay_out(text);
        let shown = layout.lines.iter().map(|line| {
            let shape = match line.shape {
                Shape::Plain => "-".to_owned(),
                Shape::Heading(level) => format!("h{level}"),
                Shape::Item { depth, task } => format!("{depth}{}", if task.is_some() { "t" } else { "" }),
                Shape::Continued => "+".to_owned(),
            };
            format!("{shape} {}", layout.prose.read(line.span.clone()))
        });
        shown.collect()
    }

    #[test]
    fn lines_headings_and_items_keep_their_shape() {
        let text = "---\ntitle: x\n---\n# One *two*\n\nfirst\nsecond **bold**\n\n- a\n  - b\n    wrapped\n- [ ] do it\n\n  more\n1. c\n\n   ```\n   code\n   ```\n";
        assert_eq!(
            lines(text),
            ["h1 One two", "- first", "- second bold", "1 a", "2 b wrapped", "1t do it", "+ more", "1 c"]
        );
    }

    #[test]
    fn brackets_that_only_look_like_a_link_are_read_as_they_stand() {
        assert_eq!(lines("- [quest](Hilary) - access"), ["1 [quest](Hilary) - access"]);
        assert_eq!(lines(r"- \[inform\] (Ned) x &amp; y"), ["1 [inform] (Ned) x & y"]);
        assert_eq!(lines("- [docs](https://d.example/x) here"), ["1 docs here"]);
    }

    #[test]
    fn links_know_their_addresses_bytes() {
        for (text, target) in [
            ("[a](https://x.example/1)", "https://x.example/1"),
            ("[a]( https://x.example/1 \"title\" )", "https://x.example/1"),
            ("[a](<https://x.example/1>)", "https://x.example/1"),
            ("<https://x.example/1>", "https://x.example/1"),
            ("[a](https://x.example/(1))", "https://x.example/(1)"),
            ("[a][d]\n\n[D]: https://x.example/1 'title'\n", "https://x.example/1"),
            ("[d]\n\n[d]:\n  <https://x.example/1>\n", "https://x.example/1"),
            ("[`a](`](https://x.example/1)", "https://x.example/1"),
            ("| a |\n|---|\n| [b](https://x.example/1) |", "https://x.example/1"),
        ] {
            let layout = lay_out(text);
            assert_eq!(layout.links.len(), 1, "{text}");
            assert_eq!(layout.links[0].target, target, "{text}");
            assert_eq!(&text[layout.links[0].target_span.clone()], target, "{text}");
        }
    }

    #[test]
    fn an_anchor_is_one_link() {
        for (text, expected) in [
            (r#"x <a href="https://x.example/1?a=b&amp;c">OPS-1</a> y"#, vec!["https://x.example/1?a=b&c"]),
            ("x <A class=b HREF='https://x.example/1'>**b**</A>", vec!["https://x.example/1"]),
            ("x <a name=b>b</a>", vec![]),
            ("| a |\n|---|\n| <a href=https://x.example/1> |\n| b </a> |", vec![]),
            ("x <a href=\"https://x.example/1\">open", vec![]),
            ("x <a href=\"https://x.example/1\">[b](https://x.example/2)</a>", vec!["https://x.example/2"]),
        ] {
            let layout = lay_out(text);
            let targets: Vec<&str> = layout.links.iter().map(|link| link.target.as_str()).collect();
            assert_eq!(targets, expected, "{text}");
            for link in &layout.links {
                assert_eq!(text[link.target_span.clone()].replace("&amp;", "&"), link.target);
            }
        }
    }

    #[test]
    fn blocks_of_code_and_comments_are_mute_and_definitions_too() {
        let text = "a `code` <!-- c --> <b>d</b>\n\n<!-- block\nof two --> after\n\n    indented\n\n[x]: https://x.example\n[y]: https://y.example\n\n[x]";
        let layout = lay_out(text);
        let mute: Vec<&str> = layout.mute.iter().map(|span| text[span.clone()].trim()).collect();
        // A definition that no link leads through is seen by no reader, so it cites nothing.
        let expected =
            ["<!-- c -->", "<!-- block\nof two -->", "indented", "[x]: https://x.example", "[y]: https://y.example"];
        assert_eq!(mute, expected);
    }

    #[test]
    fn tables_keep_the_bytes_of_their_lines() {
        let text = "> | A | B |\n> |---|---|\n> | x | y | extra |\n> | z |\n";
        let layout = lay_out(text);
        let table = &layout.tables[0];
        assert_eq!(&text[table.header.span.clone()], "| A | B |");
        let rows: Vec<&str> = table.rows.iter().map(|row| &text[row.span.clone()]).collect();
        assert_eq!(rows, ["| x | y | extra |", "| z |"]);
        assert_eq!(layout.prose.read(table.rows[0].span.clone()), "xy | extra");
    }
}
