//! HTML and Confluence's storage format into tags and text, each with its bytes.

use std::ops::Range;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Emitter, ForwardingEmitter, Span, Token as Raw, Tokenizer};

/// A piece of the document.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// `<name …>`
    Start(Tag),
    /// `</name>`
    End(String, Range<usize>),
    /// What stands between tags, entities included.
    Text(Range<usize>),
    /// Characters as they stand, of a CDATA section.
    Verbatim(Range<usize>),
    /// A comment.
    Comment(Range<usize>),
}

/// A start tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag {
    /// Its name in lower case, the prefix of its namespace included.
    pub(super) name: String,
    /// Its attributes: name, bytes of the value, value.
    attributes: Vec<(String, Range<usize>, String)>,
    /// Whether it ends in `/>`.
    pub(super) closed: bool,
    /// Its bytes.
    pub(super) span: Range<usize>,
}

impl Tag {
    /// An attribute's value and its bytes.
    pub(super) fn attribute(&self, name: &str) -> Option<(&str, Range<usize>)> {
        let found = self.attributes.iter().find(|(own, ..)| own == name);
        found.map(|(_, span, value)| (value.as_str(), span.clone()))
    }

    /// An attribute's value.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.attribute(name).map(|(value, _)| value)
    }
}

/// The tokens of a document. `storage`: it is XML, where CDATA sections are text and no element's content is special.
pub(super) fn all(source: &str, storage: bool) -> impl Iterator<Item = Token> {
    let mut inner = DefaultEmitter::new_with_span();
    inner.naively_switch_states(!storage);
    let tokens = Tokenizer::new_with_emitter(source, Told { inner, storage });
    let tokens = tokens.filter_map(move |token| match token {
        Ok(Raw::StartTag(tag)) => Some(Token::Start(Tag {
            name: text(&tag.name),
            attributes: tag
                .attributes
                .into_iter()
                .map(|(name, value)| (text(&name), value_of(source, range(source, value.span)), text(&value.value)))
                .collect(),
            closed: tag.self_closing,
            span: range(source, tag.span),
        })),
        Ok(Raw::EndTag(tag)) => Some(Token::End(text(&tag.name), range(source, tag.span))),
        Ok(Raw::String(string)) => Some(Token::Text(range(source, string.span))),
        Ok(Raw::Comment(comment)) => Some(Token::Comment(range(source, comment.span))),
        Ok(Raw::Doctype(_) | Raw::Error(_)) => None,
        Err(never) => match never {},
    });
    tokens.flat_map(move |token| match token {
        Token::Text(span) if storage => sections(source, span),
        other => vec![other],
    })
}

/// Running text divided at its CDATA sections, whose marks the tokenizer counts to the text.
fn sections(source: &str, span: Range<usize>) -> Vec<Token> {
    const OPENS: &str = "<![CDATA[";
    const CLOSES: &str = "]]>";
    let (mut tokens, mut from) = (Vec::new(), span.start);
    while let Some(at) = source[from..span.end].find(OPENS).map(|offset| from + offset) {
        tokens.push(Token::Text(from..at));
        let start = at + OPENS.len();
        let end = source[start..span.end].find(CLOSES).map_or(span.end, |offset| start + offset);
        tokens.push(Token::Verbatim(start..end));
        from = (end + CLOSES.len()).min(span.end);
    }
    tokens.push(Token::Text(from..span.end));
    tokens.retain(|token| !matches!(token, Token::Text(span) if span.is_empty()));
    tokens
}

/// What an entity (`&amp;`, `&#8211;`) reads as; `None` when it is none.
pub(super) fn entity(written: &str) -> Option<String> {
    Some(read(written)).filter(|read| read != written)
}

/// What a text without tags reads as.
pub(super) fn read(written: &str) -> String {
    let read = Tokenizer::new(written).filter_map(|token| match token {
        Ok(Raw::String(string)) => Some(text(&string.value)),
        _ => None,
    });
    read.collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The bytes of an attribute's value: what follows the `=` and stands between the quotes, if there are any.
fn value_of(source: &str, attribute: Range<usize>) -> Range<usize> {
    let Some((name, value)) = source[attribute.clone()].split_once('=') else { return attribute.end..attribute.end };
    let start = attribute.start + name.len() + 1 + (value.len() - value.trim_start().len());
    let value = value.trim();
    let quoted = value.strip_prefix(['"', '\'']).map(|inside| inside.strip_suffix(['"', '\'']).unwrap_or(inside));
    let (start, value) = quoted.map_or((start, value), |inside| (start + 1, inside));
    start..start + value.len()
}

/// A span as bytes of `source`, moved to where characters start.
fn range(source: &str, span: Span<usize>) -> Range<usize> {
    let start = source.floor_char_boundary(span.start);
    start..source.floor_char_boundary(span.end).max(start)
}

/// Tells the tokenizer whether it reads XML.
struct Told {
    inner: DefaultEmitter<usize>,
    storage: bool,
}

impl ForwardingEmitter for Told {
    type Token = Raw<usize>;

    fn inner(&mut self) -> &mut impl Emitter<Token = Self::Token> {
        &mut self.inner
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        self.storage
    }
}

#[cfg(test)]
mod tests {
    use super::{Token, all, entity};

    /// Each token as its kind and its bytes.
    fn shown(source: &str) -> Vec<String> {
        let shown = all(source, true).map(|token| match token {
            Token::Start(tag) => format!("<{} {}", tag.name, &source[tag.span]),
            Token::End(name, span) => format!("/{name} {}", &source[span]),
            Token::Text(span) => format!("text {}", &source[span]),
            Token::Verbatim(span) => format!("verbatim {}", &source[span]),
            Token::Comment(span) => format!("comment {}", &source[span]),
        });
        shown.collect()
    }

    #[test]
    fn every_token_has_its_own_bytes() {
        assert_eq!(
            shown("<P class='x'>é &amp; <br/>b</p><!-- c --><ac:x>d</ac:x>"),
            [
                "<p <P class='x'>",
                "text é &amp; ",
                "<br <br/>",
                "text b",
                "/p </p>",
                "comment <!-- c -->",
                "<ac:x <ac:x>",
                "text d",
                "/ac:x </ac:x>"
            ]
        );
        assert_eq!(
            shown("<a>1<![CDATA[x > y &amp; <b>]]>2</a><![CDATA[open"),
            ["<a <a>", "text 1", "verbatim x > y &amp; <b>", "text 2", "/a </a>", "verbatim open"]
        );
    }

    #[test]
    fn attributes_are_read_with_the_bytes_of_their_value() {
        let source = "<a href=\"https://x.example/?a=1&amp;b=2\" DATA-X=y>";
        let Some(Token::Start(tag)) = all(source, false).next() else { panic!("no tag") };
        let (value, span) = tag.attribute("href").unwrap();
        assert_eq!((value, &source[span]), ("https://x.example/?a=1&b=2", "https://x.example/?a=1&amp;b=2"));
        assert_eq!(tag.value("data-x"), Some("y"));
        assert_eq!(tag.value("none"), None);
    }

    #[test]
    fn entities_are_read() {
        for (written, read) in [("&amp;", Some("&")), ("&nbsp;", Some("\u{a0}")), ("&#8211;", Some("–")), ("&x;", None)]
        {
            assert_eq!(entity(written).as_deref(), read, "{written}");
        }
    }
}
