//! Where a form lets text be put without breaking what is there.

use std::cmp::Reverse;
use std::ops::Range;
use std::sync::LazyLock;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use regex::Regex;

use super::{html, markdown};
use crate::domain::document::Form;

/// What stands in the way from a byte to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shut {
    /// Text may be put behind it: a tag, a link, an address.
    Behind,
    /// Text may be put behind it, and what is in it stands there as it is: code between words, a CDATA section.
    Code,
    /// Nothing is said of what is in it, because its words are its name: a heading.
    Heading,
    /// What is in it is no prose, and nothing is said of it: a block of code, a script.
    Silent,
}

impl Shut {
    fn lets_text_behind(self) -> bool {
        matches!(self, Self::Behind | Self::Code)
    }
}

/// A stretch of bytes that takes no text inside.
pub(super) type Stretch = (usize, usize, Shut);

/// The places of one document, found from its start to its end.
pub(super) struct Places {
    /// In order and apart.
    shut: Vec<Stretch>,
    next: usize,
    end: usize,
}

impl Places {
    pub(super) fn new(source: &str, form: Form) -> Self {
        let mut shut = stretches(source, form);
        shut.extend(words(source));
        shut.sort_by_key(|(from, to, _)| (*from, Reverse(*to)));
        let mut apart: Vec<Stretch> = Vec::with_capacity(shut.len());
        for (from, to, shut) in shut {
            match apart.last_mut() {
                // Of what stands in something else, the outer one counts; of two that cross, the one that says less.
                Some((_, end, outer)) if from < *end => {
                    if to > *end {
                        *end = to;
                        *outer = if outer.lets_text_behind() { shut } else { *outer };
                    }
                }
                _ => apart.push((from, to, shut)),
            }
        }
        Self { shut: apart, next: 0, end: source.len() }
    }

    /// The first place at `cited` or behind it; `cited` never goes back. `None` where there is none to be.
    pub(super) fn at_or_behind(&mut self, cited: usize) -> Option<usize> {
        let (mut at, mut next) = (cited, self.next);
        while let Some((from, to, shut)) = self.shut.get(next) {
            if *to <= at {
                next += 1;
                // What is jumped over now may hold the next citation, too.
                self.next = if *to <= cited { next } else { self.next };
            } else if *from >= at {
                break;
            } else if shut.lets_text_behind() {
                at = *to;
            } else {
                return None;
            }
        }
        (at <= self.end).then_some(at)
    }
}

/// The stretches whose characters stand there as they are: a mark of ours in one of them is quoted.
pub(super) fn quoted(source: &str, form: Form) -> Vec<Range<usize>> {
    let quoted = stretches(source, form).into_iter();
    quoted.filter(|(.., shut)| matches!(shut, Shut::Code | Shut::Silent)).map(|(from, to, _)| from..to).collect()
}

fn stretches(source: &str, form: Form) -> Vec<Stretch> {
    match form {
        Form::Markdown => of_markdown(source),
        _ => html::shut(source, form == Form::Storage),
    }
}

/// Addresses, and what wikis and templates put between double brackets: many readers find them in plain text.
static WORDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?:[A-Za-z][A-Za-z0-9+.-]{0,30}://|\bwww\.)[^\s<>"|`]*|\[\[[^\[\]\n]*\]\]|\{\{[^{}\n]*\}\}"#)
        .expect("a constant pattern")
});

/// What ends a sentence or closes a bracket, and belongs to no address that it follows.
const ENDS: &[char] = &['.', ',', ';', ':', '!', '?', ')', ']', '\'', '*', '_', '~'];

fn words(source: &str) -> impl Iterator<Item = Stretch> {
    WORDS.find_iter(source).map(|found| {
        let word = found.as_str();
        let length = if word.starts_with(['[', '{']) { word.len() } else { word.trim_end_matches(ENDS).len() };
        (found.start(), found.start() + length, Shut::Behind)
    })
}

fn of_markdown(source: &str) -> Vec<Stretch> {
    let events = Parser::new_ext(source, markdown::OPTIONS).into_offset_iter();
    let definitions = events.reference_definitions().iter();
    let mut shut: Vec<_> =
        definitions.map(|(_, definition)| (definition.span.start, definition.span.end, Shut::Silent)).collect();
    // The tags between the words of the present block.
    let mut tags: Vec<Range<usize>> = Vec::new();
    for (event, span) in events {
        match &event {
            Event::Start(tag) if !is_inline(tag.to_end()) => shut.extend(between_words(source, &mut tags, span.start)),
            Event::End(tag) if !is_inline(*tag) => shut.extend(between_words(source, &mut tags, span.end)),
            _ => {}
        }
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::MetadataBlock(_)) => shut.push((span.start, span.end, Shut::Silent)),
            Event::Start(Tag::Heading { .. }) => shut.push((span.start, span.end, Shut::Heading)),
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => shut.push((span.start, span.end, Shut::Behind)),
            Event::Code(_) => shut.push((span.start, span.end, Shut::Code)),
            Event::InlineHtml(written) => {
                let kind = if written.starts_with("<![CDATA[") { Shut::Code } else { Shut::Behind };
                shut.push((span.start, span.end, kind));
                tags.push(span);
            }
            Event::Start(Tag::HtmlBlock) => {
                let inside = html::shut(&source[span.clone()], false).into_iter();
                shut.extend(inside.map(|(from, to, shut)| (from + span.start, to.saturating_add(span.start), shut)));
            }
            _ => {}
        }
    }
    shut
}

fn is_inline(tag: TagEnd) -> bool {
    use TagEnd::{Emphasis, Image, Link, Strikethrough, Strong, Subscript, Superscript};
    matches!(tag, Emphasis | Image | Link | Strikethrough | Strong | Subscript | Superscript)
}

/// What the tags of a block that ends at `end` enclose, and none are left. The words between them are blanked out: what
/// looks like a tag there is none.
fn between_words(source: &str, tags: &mut Vec<Range<usize>>, end: usize) -> Vec<Stretch> {
    let Some(start) = tags.first().map(|tag| tag.start) else { return Vec::new() };
    let mut masked = String::with_capacity(end.saturating_sub(start));
    for tag in tags.drain(..) {
        masked.extend(std::iter::repeat_n(' ', tag.start.saturating_sub(start + masked.len())));
        masked.push_str(&source[tag]);
    }
    let found = html::shut(&masked, false).into_iter();
    // A tag that is never closed leaves the rest of its block without any.
    found
        .map(|(from, to, shut)| match to {
            usize::MAX => (start + from, end.max(start + from), Shut::Silent),
            to => (start + from, start + to, shut),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Places;
    use crate::domain::document::Form;

    /// The text with `^` where what is said of each ticket of the project OPS goes.
    fn marked(text: &str, form: Form) -> String {
        let mut places = Places::new(text, form);
        let ends = text.match_indices("OPS-").map(|(at, key)| at + key.len() + 1);
        let mut marked = text.to_owned();
        for at in ends.filter_map(|end| places.at_or_behind(end)).collect::<Vec<_>>().into_iter().rev() {
            marked.insert(at, '^');
        }
        marked
    }

    #[test]
    fn all_tickets_of_what_takes_no_text_get_theirs_behind_it() {
        for (form, expected) in [
            (Form::Markdown, "[OPS-1](http://x/browse/OPS-2)^^ OPS-3^"),
            (Form::Markdown, "[OPS-7 and OPS-8](http://x/browse/OPS-9 \"OPS-0\")^^^^."),
            (Form::Markdown, "a `git log --grep OPS-3 --grep OPS-4`^^ b"),
            (Form::Markdown, "b <a href=\"http://x/browse/OPS-2\">OPS-1</a>^^ c\n\nOPS-3^"),
            (Form::Markdown, "b <pre>OPS-1</pre> OPS-2^"),
            (Form::Markdown, "- a <pre>OPS-1\n- OPS-2^\n"),
            (Form::Html, "<a href=\"http://x/browse/OPS-2\">OPS-1</a>^^"),
            (
                Form::Storage,
                "<ac:link><ac:plain-text-link-body><![CDATA[OPS-3 and OPS-4]]></ac:plain-text-link-body></ac:link>^^",
            ),
            (
                Form::Storage,
                "<ac:structured-macro ac:name=\"status\"><ac:parameter ac:name=\"title\">OPS-5 OPS-6</ac:parameter>\
                 </ac:structured-macro>^^",
            ),
            (
                Form::Storage,
                "<ac:structured-macro ac:name=\"jira\"><ac:parameter ac:name=\"key\">OPS-5</ac:parameter><ac:parameter \
                 ac:name=\"jqlQuery\">key = OPS-6</ac:parameter></ac:structured-macro>^^",
            ),
        ] {
            assert_eq!(marked(&expected.replace('^', ""), form), expected);
        }
    }

    #[test]
    fn where_words_are_no_prose_nothing_is_said() {
        for text in [
            "<pre>OPS-1</pre>",
            "<xmp>OPS-1</xmp>",
            "<iframe>OPS-1</iframe>",
            "<h2>OPS-1 <a href=\"OPS-2\">x</a></h2>",
            "<ac:adf-attribute key=\"x\">OPS-1</ac:adf-attribute>",
            "<ac:placeholder>OPS-1</ac:placeholder>",
            "<ac:parameter ac:name=\"x\">OPS-1</ac:parameter>",
        ] {
            assert_eq!(marked(text, Form::Html), text);
            assert_eq!(marked(text, Form::Storage), text);
        }
        for text in ["# OPS-1\n", "OPS-1 `x`\n---\n", "<h1>OPS-1</h1>\n"] {
            assert_eq!(marked(text, Form::Markdown), text);
        }
    }

    #[test]
    fn an_address_and_double_brackets_stay_whole() {
        for expected in [
            "(https://x.example/browse/OPS-1/log?b=OPS-2^^), c",
            "www.x.example/OPS-1/log^.",
            "**https://x.example/browse/OPS-1^**",
            "[[OPS-1 the fix]]^ and {{OPS-2}}^",
            "see[OPS-1^]",
        ] {
            assert_eq!(marked(&expected.replace('^', ""), Form::Markdown), expected);
        }
    }

    /// Pieces of which documents are made.
    const PIECES: [&str; 26] = [
        "\n",
        "\n\n",
        " ",
        "| ",
        "|---|\n",
        "- ",
        "# ",
        "`",
        "```\n",
        "OPS-1",
        "é",
        "<a href=\"",
        "\">",
        "</a>",
        "<pre>",
        "</pre>",
        "[",
        "](x \"",
        "\")",
        "[[",
        "]]",
        "{{",
        "}}",
        "http://x/",
        "<![CDATA[",
        "<ac:link>",
    ];

    proptest! {
        #[test]
        fn no_place_is_inside_of_what_takes_no_text(
            pieces in prop::collection::vec(prop::sample::select(PIECES.as_slice()), 0..40),
            form in prop::sample::select(&[Form::Markdown, Form::Html, Form::Storage][..]),
        ) {
            let text = pieces.concat();
            let mut places = Places::new(&text, form);
            for (end, _) in text.char_indices() {
                if let Some(at) = places.at_or_behind(end) {
                    prop_assert!(at >= end && text.is_char_boundary(at));
                    prop_assert!(!places.shut.iter().any(|(from, to, _)| *from < at && at < *to), "{} in {}", at, text);
                }
            }
        }
    }
}
