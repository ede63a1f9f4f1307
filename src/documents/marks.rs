//! What dragnet itself wrote or was told in a document: its statuses, which are never read, and pinned ids.
//!
//! A mark is blanked out before the document is taken apart, except where a Markdown line starts with it: there it is
//! an HTML block, which is not read either, and blanks would make an indented code block of its line.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use super::statuses;
use crate::domain::document::Form;
use crate::domain::finding::Code;

/// Our own marks in a document.
#[derive(Debug)]
pub(super) struct Marks {
    /// The bytes of all marks, in order.
    pub(super) spans: Vec<Range<usize>>,
    /// The ids that the document pins, in order.
    pub(super) pins: Vec<Pin>,
    /// The waivers that the document holds, in order.
    pub(super) waivers: Vec<Ignored>,
}

/// `<!-- dragnet: ignore CODE until DAY: REASON -->`, and whatever else a person may have meant so.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ignored {
    /// Its bytes.
    pub(super) span: Range<usize>,
    /// Code, last day and reason; `None` when one of them is missing or cannot be one.
    pub(super) says: Option<(Code, NaiveDate, String)>,
}

/// A waiver as an author writes one, in whatever case.
static IGNORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^ignored? (?P<code>[a-z-]+) until:? (?P<until>\d{4}-\d{2}-\d{2}) ?: ?(?P<reason>\S.*)$")
        .expect("a constant pattern")
});

/// Words with which one begins who wants something accepted.
static WAIVES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^\s*(?:ignor|waive|accept|snooze)").expect("a constant pattern"));

fn ignored(span: Range<usize>, says: &str) -> Ignored {
    let says = says.split_whitespace().collect::<Vec<_>>().join(" ");
    let says = IGNORE.captures(&says).and_then(|found| {
        let code = found["code"].to_ascii_lowercase().parse().ok()?;
        Some((code, found["until"].parse().ok()?, found["reason"].trim().to_owned()))
    });
    Ignored { span, says }
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

/// How a mark begins, or the whole of one that ends a status.
static OPENING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)<!--\s{0,9}(?:(?P<end>/dragnet\s{0,9}-->)|dragnet:)").expect("a constant pattern")
});

/// Where a comment ends. Where another begins before that, its end was lost.
static ENDING: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"-->|<!--").expect("a constant pattern"));

/// A longer comment is none of ours, in bytes.
const LONGEST_MARK: usize = 4096;

/// What a comment says that begins before `from`, and where it ends; `None` where that was lost.
fn comment(source: &str, from: usize) -> Option<(&str, usize)> {
    let rest = &source[from..source.floor_char_boundary(from.saturating_add(LONGEST_MARK))];
    let ending = ENDING.find(rest).filter(|ending| ending.as_str() == "-->")?;
    Some((&rest[..ending.start()], from + ending.end()))
}

/// Whether a person wrote it: what we write is one word, right behind the colon.
fn is_persons(says: &str) -> bool {
    WAIVES.is_match(says) || says.trim_end().contains(char::is_whitespace)
}

static ID: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$").expect("a constant pattern"));

/// Finds our own marks.
pub(super) fn find(source: &str) -> Marks {
    let (mut spans, mut pins, mut waivers) = (Vec::<Range<usize>>::new(), Vec::new(), Vec::new());
    let mut open: Option<usize> = None;
    for found in OPENING.captures_iter(source) {
        let Some(opening) = found.get(0) else { continue };
        if found.name("end").is_some() {
            match open.take() {
                Some(start) if opening.end() - start <= LONGEST_STATUS => {
                    spans.pop();
                    spans.push(start..opening.end());
                }
                _ => spans.push(opening.range()),
            }
            continue;
        }
        let Some((says, end)) = comment(source, opening.end()) else {
            // Nobody knows how far it was to go; what it was to accept is not accepted, and that is said.
            if WAIVES.is_match(&source[opening.end()..]) {
                waivers.push(Ignored { span: opening.range(), says: None });
            }
            continue;
        };
        let whole = opening.start()..end;
        open = None;
        if let Some(id) = says.trim().strip_prefix("id=") {
            let id = id.trim().trim_matches('"');
            pins.push(Pin { at: whole.start, id: ID.is_match(id).then(|| id.to_owned()) });
        } else if is_persons(says) {
            waivers.push(ignored(whole.clone(), says));
        } else {
            open = Some(whole.start);
        }
        spans.push(whole);
    }
    spans.extend(statuses::find_lozenges(source));
    spans.sort_by_key(|span| span.start);
    // A comment of ours inside of a lozenge of ours is blanked with it.
    let mut end = 0;
    spans.retain(|span| {
        let apart = span.start >= end;
        end = end.max(span.end);
        apart
    });
    Marks { spans, pins, waivers }
}

/// The document with every byte of a mark replaced by a space, line ends apart: offsets stay what they were.
pub(super) fn blank<'a>(source: &'a str, spans: &[Range<usize>], form: Form) -> Cow<'a, str> {
    if spans.is_empty() {
        return Cow::Borrowed(source);
    }
    let (mut text, mut from) = (String::with_capacity(source.len()), 0);
    for span in spans {
        if form == Form::Markdown && starts_a_block(source, span.start) {
            continue;
        }
        text.push_str(&source[from..span.start]);
        text.extend(source[span.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        from = span.end;
    }
    text.push_str(&source[from..]);
    Cow::Owned(text)
}

/// Whether nothing stands before `at` on its line but what may stand before a block: quotes, list marks, white space.
fn starts_a_block(source: &str, at: usize) -> bool {
    let shape = |c: char| c.is_ascii_whitespace() || c.is_ascii_digit() || ">-*+.)".contains(c);
    source[..at]
        .chars()
        .rev()
        .take_while(|c| *c != '\n')
        .take(MOST_INDENT + 1)
        .enumerate()
        .all(|(n, c)| n < MOST_INDENT && shape(c))
}

/// A block that starts further to the right is none.
const MOST_INDENT: usize = 64;

#[cfg(test)]
mod tests {
    use super::{Pin, find};
    use crate::domain::document::Form;

    fn blank(source: &str) -> String {
        super::blank(source, &find(source).spans, Form::Text).into_owned()
    }

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
            let text = blank(source);
            assert_eq!(text.len(), source.len(), "{source}");
            assert_eq!(text.matches('\n').count(), source.matches('\n').count(), "{source}");
            assert_eq!(text.split_whitespace().collect::<Vec<_>>().join(" "), left, "{source}");
        }
    }

    #[test]
    fn a_status_without_its_end_swallows_nothing() {
        let source = format!("<!--dragnet:x-->{}<!--/dragnet-->", "y".repeat(5000));
        assert_eq!(blank(&source).trim(), "y".repeat(5000));
    }

    #[test]
    fn a_markdown_line_that_starts_with_a_mark_is_left_to_markdown() {
        let blanked = |source: &str| super::blank(source, &find(source).spans, Form::Markdown) != source;
        for (source, expected) in [
            ("<!--dragnet:x--> OPS-1", false),
            ("a\n> - <!--dragnet:x--> OPS-1", false),
            ("OPS-1 <!--dragnet:x-->", true),
            ("| <!--dragnet:x--> a |", true),
        ] {
            assert_eq!(blanked(source), expected, "{source}");
        }
    }

    #[test]
    fn waivers_are_read() {
        for (says, expected) in [
            (
                "ignore closed-undone until 2027-01-31: the rewrite comes",
                Some("closed-undone 2027-01-31 the rewrite comes"),
            ),
            ("ignore  broken-link\n until 2027-01-31 :  a: b ", Some("broken-link 2027-01-31 a: b")),
            ("Ignore Broken-Link UNTIL 2027-01-31: a -> b, <c>", Some("broken-link 2027-01-31 a -> b, <c>")),
            ("ignored broken-link until 2027-01-31: a", Some("broken-link 2027-01-31 a")),
            ("ignored", None),
            ("waive broken-link until 2027-01-31: a", None),
            ("please look away", None),
            ("off", None),
            ("ignore closed-undone until 2027-01-31:", None),
            ("ignore closed-undone until 2027-02-31: x", None),
            ("ignore closed-undone: x", None),
            ("ignore everything until 2027-01-31: x", None),
        ] {
            let found = find(&format!("a <!-- dragnet: {says} --> b")).waivers.pop().unwrap();
            assert_eq!(found.span.start, 2);
            let read = found.says.map(|(code, until, reason)| format!("{code} {until} {reason}"));
            assert_eq!(read.as_deref(), expected, "{says}");
        }
        let reason = "a long story ".repeat(50);
        let long = format!("<!-- Dragnet: ignore broken-link until 2027-01-31: {reason}-->");
        let read = find(&long).waivers.pop().unwrap();
        assert_eq!((read.span.end, read.says.unwrap().2.as_str()), (long.len(), reason.trim()));
        assert_eq!(find("<!--dragnet:x--> <!--dragnet:done-->").waivers, []);
        // One whose end was lost accepts nothing, and swallows nothing.
        let lost = "<!-- dragnet: ignore broken-link until 2027-01-31: ";
        for source in [format!("{lost}a -- b"), format!("{lost}<!-- c -->"), format!("{lost}{}-->", "x".repeat(5000))] {
            let found = find(&source);
            assert_eq!((found.waivers.len(), found.waivers[0].says.is_none()), (1, true), "{source}");
            assert!(found.spans.is_empty(), "{source}");
        }
        assert_eq!(find("<!-- dragnet: whatever").waivers, []);
    }

    #[test]
    fn pins_are_read() {
        let pin = |source: &str| find(source).pins.pop().unwrap();
        assert_eq!(pin("| a <!-- dragnet: id=slow-ci-1 --> |"), Pin { at: 4, id: Some("slow-ci-1".to_owned()) });
        assert_eq!(pin("<!--dragnet:id=x-->"), Pin { at: 0, id: Some("x".to_owned()) });
        assert_eq!(pin("<!-- dragnet: id=not an id -->").id, None);
    }
}
