//! What of HTML and Confluence's storage format takes no text: tags, and elements that hold something else than prose.

use super::super::places::{Shut, Stretch};
use super::tokens::{self, Tag, Token};

/// What an element means for text that is put into it; `None`: as around it.
fn role(name: &str) -> Option<Role> {
    Some(match name {
        "a" | "button" | "time" | "ac:image" | "ac:link" | "ac:macro" | "ac:structured-macro" => {
            Role::Shut(Shut::Behind)
        }
        "ac:adf-attribute" | "ac:parameter" | "ac:placeholder" | "head" | "iframe" | "noscript" | "option" | "pre"
        | "script" | "select" | "style" | "svg" | "template" | "textarea" | "title" | "xmp" => Role::Shut(Shut::Silent),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Role::Shut(Shut::Heading),
        "ac:rich-text-body" => Role::Open,
        _ => return None,
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Shut(Shut),
    /// Text may be put into it, whatever is around it.
    Open,
}

/// How long the marks of a CDATA section are.
const CDATA: usize = "<![CDATA[".len();
const CDATA_END: usize = "]]>".len();

/// The stretches that take no text, a CDATA section in another one as well.
pub(in super::super) fn shut(source: &str, storage: bool) -> Vec<Stretch> {
    let mut found = Vec::new();
    // The elements that are open, as far as they matter.
    let mut open: Vec<(String, Role)> = Vec::new();
    let mut since: Option<(usize, Shut)> = None;
    for token in tokens::all(source, storage) {
        let span = match token {
            Token::Start(Tag { name, span, closed, .. }) => {
                if let Some(role) = role(&name).filter(|_| !(closed && storage)) {
                    open.push((name, role));
                }
                span
            }
            Token::End(name, span) => {
                if let Some(nth) = open.iter().rposition(|(own, _)| *own == name) {
                    open.truncate(nth);
                }
                span
            }
            Token::Text(_) => continue,
            Token::Verbatim(span) => {
                let span = span.start.saturating_sub(CDATA)..(span.end + CDATA_END).min(source.len());
                found.push((span.start, span.end, Shut::Code));
                span
            }
            Token::Comment(span) => span,
        };
        let shut = match open.last() {
            Some((_, Role::Shut(shut))) => Some(*shut),
            _ => None,
        };
        match (since, shut) {
            (None, Some(shut)) => since = Some((span.start, shut)),
            (Some((from, shut)), None) => {
                found.push((from, span.end, shut));
                since = None;
            }
            (None, None) => found.push((span.start, span.end, Shut::Behind)),
            (Some(_), Some(_)) => {}
        }
    }
    // What is never closed takes nothing until the end.
    found.extend(since.map(|(from, shut)| (from, usize::MAX, shut)));
    found
}
