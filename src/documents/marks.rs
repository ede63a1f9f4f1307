//! What dragnet itself wrote or was told in a document: its statuses, which are never read, and pinned ids.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// A document's text without our own marks, and what they were.
#[derive(Debug)]
pub(super) struct Marks<'a> {
    /// The text with every byte of a mark replaced by a space, line ends apart: offsets stay what they were.
    pub(super) text: Cow<'a, str>,
    /// The bytes of all marks, in order.
    pub(super) spans: Vec<Range<usize>>,
    /// The ids that the document pins, in order.
    pub(super) pins: Vec<Pin>,
}

/// `<!-- dragnet: id=… -->`
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pin {
    /// Where it stands.
    pub(super) at: usize,
    /// The id; `None` when what stands there can be none.
    pub(super) id: Option<String>,
}

/// A written status is short; a longer gap means that its end was lost, and then only the comment itself is ours.
const LONGEST_STATUS: usize = 4096;

static MARK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"<!--\s{0,9}(?:(?P<end>/dragnet)|dragnet:(?P<says>[^>]{0,300}?))\s{0,9}-->")
        .expect("a constant pattern")
});

static ID: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$").expect("a constant pattern"));

/// Finds our own marks and blanks them out.
pub(super) fn blank(source: &str) -> Marks<'_> {
    let (mut spans, mut pins) = (Vec::<Range<usize>>::new(), Vec::new());
    let mut open: Option<usize> = None;
    for found in MARK.captures_iter(source) {
        let Some(whole) = found.get(0) else { continue };
        if found.name("end").is_some() {
            match open.take() {
                Some(start) if whole.end() - start <= LONGEST_STATUS => {
                    spans.pop();
                    spans.push(start..whole.end());
                }
                _ => spans.push(whole.range()),
            }
            continue;
        }
        let says = found.name("says").map_or("", |says| says.as_str().trim());
        if let Some(id) = says.strip_prefix("id=") {
            let id = id.trim().trim_matches('"');
            pins.push(Pin { at: whole.start(), id: ID.is_match(id).then(|| id.to_owned()) });
            open = None;
        } else {
            open = Some(whole.start());
        }
        spans.push(whole.range());
    }
    Marks { text: without(source, &spans), spans, pins }
}

fn without<'a>(source: &'a str, spans: &[Range<usize>]) -> Cow<'a, str> {
    if spans.is_empty() {
        return Cow::Borrowed(source);
    }
    let (mut text, mut from) = (String::with_capacity(source.len()), 0);
    for span in spans {
        text.push_str(&source[from..span.start]);
        text.extend(source[span.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        from = span.end;
    }
    text.push_str(&source[from..]);
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::{Pin, blank};

    #[test]
    fn our_own_words_become_blanks_and_nothing_moves() {
        for (source, left) in [
            ("plain <!-- comment -->", "plain <!-- comment -->"),
            ("a <!--dragnet:done-->✔ done<!--/dragnet--> b", "a b"),
            ("a <!--dragnet:x--> b", "a b"),
            ("a <!--/dragnet--> b", "a b"),
            ("<!--dragnet:x-->\n1<!--/dragnet-->2", "2"),
            ("<!--dragnet:x-->1<!--/dragnet-->2<!-- dragnet: id=y -->3", "2 3"),
        ] {
            let text = blank(source).text;
            assert_eq!(text.len(), source.len(), "{source}");
            assert_eq!(text.matches('\n').count(), source.matches('\n').count(), "{source}");
            assert_eq!(text.split_whitespace().collect::<Vec<_>>().join(" "), left, "{source}");
        }
    }

    #[test]
    fn a_status_without_its_end_swallows_nothing() {
        let source = format!("<!--dragnet:x-->{}<!--/dragnet-->", "y".repeat(5000));
        assert_eq!(blank(&source).text.trim(), "y".repeat(5000));
    }

    #[test]
    fn pins_are_read() {
        let pin = |source: &str| blank(source).pins.pop().unwrap();
        assert_eq!(pin("| a <!-- dragnet: id=slow-ci-1 --> |"), Pin { at: 4, id: Some("slow-ci-1".to_owned()) });
        assert_eq!(pin("<!--dragnet:id=x-->"), Pin { at: 0, id: Some("x".to_owned()) });
        assert_eq!(pin("<!-- dragnet: id=not an id -->").id, None);
    }
}
