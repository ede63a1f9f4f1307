//! The status cell: its notes, marked as such or told behind a ticket.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memchr3;
use regex::Regex;
use smallvec::SmallVec;

use super::layout::{starts_with, tail, trim};
use super::saying;
use crate::domain::bytes::{first_of, which};
use crate::domain::document::Link;
use crate::domain::reference::may_be_in;

/// A note in a status cell.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Remark {
    /// Its bytes, the word `Note:` or the brackets around it included.
    pub(super) span: Range<usize>,
    /// The bytes of what it says.
    pub(super) says: Range<usize>,
}

/// `Note:`, `**Note**:`, `Remark –`; and without anything behind it where it is emphasised.
const MARK: &str = r"(?x: (?i:notes?|nb|n\.b\.|remarks?)
    (?: [*_]{0,3}\s?: | [*_]{0,3}\s?[–—] | [*_]{0,3}\s-{1,3}\s | [*_]{1,3}\s ) [*_]{0,3}\s*)";

/// What a [`MARK`] starts with, in any case.
const MARKS: [&str; 4] = ["note", "nb", "n.b.", "remar"];

/// What these start with.
const FIRST_OF_MARKS: [bool; 256] = which(b"nNrR", false);

/// A [`MARK`] that a text starts with.
static NOTE: LazyLock<Regex> = LazyLock::new(|| Regex::new(&format!("^{MARK}")).expect("a constant pattern"));

/// What may be a ticket's name.
static TICKET: LazyLock<Regex> = LazyLock::new(|| {
    let address = r"<?https?://[^\s<>|()\[\]]*>?";
    // No owner and no repository has a longer name, and a search that goes on looks over what it saw again.
    let repository = "[A-Za-z0-9_-]{1,39}/[A-Za-z0-9_.-]{1,100}";
    Regex::new(&format!(r"{address}|\b[A-Z][A-Z0-9_]+-\d+\b|\b{repository}#\d+")).expect("a constant pattern")
});

/// How far back it is looked for the word before a link.
const LOOK_BACK: usize = 32;

/// A ticket in the cell, or any other link.
#[derive(Debug)]
struct Cited {
    span: Range<usize>,
    link: bool,
}

/// The notes of a cell. A note goes on to the next note, to the end, or to the next ticket that is not part of its
/// sentence: `Note: superseded by LINK` keeps the link, `Note: not done. LINK` does not. What stands behind a ticket
/// without being marked is a note if it tells what became of the ticket. `links` are those that do not lie before the cell.
pub(super) fn notes(text: &str, cell: &Range<usize>, links: &[Link]) -> Vec<Remark> {
    let slice = &text[cell.clone()];
    let cited = cited(slice, cell, links);
    let part = |at: usize| slice[..at].ends_with('-') || within(&cited, at);
    let starts: SmallVec<[_; 2]> = marked(slice).filter(|at| !part(at.start)).collect();
    let (mut notes, mut from) = (Vec::new(), 0);
    for (nth, start) in starts.iter().enumerate() {
        free(slice, from..start.start, &cited, &mut notes);
        let most = starts.get(nth + 1).map_or(slice.len(), |next| next.start);
        let ticket = end(slice, start.end, most, &cited, ends_note);
        let bracket = slice[..start.start].trim_end_matches(['*', '_']).ends_with(['(', '[']);
        let closed = bracket.then(|| closing(&slice[start.end..ticket])).flatten().map(|at| start.end + at);
        let until = closed.map_or(ticket, |at| at + 1);
        let says = trim(slice, start.end..closed.unwrap_or(ticket));
        notes.push(Remark { span: trim(slice, start.start..until), says });
        from = until;
    }
    free(slice, from..slice.len(), &cited, &mut notes);
    let shifted = |range: Range<usize>| cell.start + range.start..cell.start + range.end;
    notes.into_iter().map(|note| Remark { span: shifted(note.span), says: shifted(note.says) }).collect()
}

/// Whether all that a cell cites is its first word, or a link that it starts with: wherever a note stands in it, it stands behind
/// that. `links` are those that do not lie before the cell.
pub(super) fn cites_first(text: &str, cell: &Range<usize>, links: &[Link]) -> bool {
    let slice = &text[cell.clone()];
    let mut links = links.iter().take_while(|link| link.span.start < cell.end);
    let end = match (links.next(), links.next()) {
        (None, _) => plain(slice, 0).map(|name| name.end),
        (Some(Link { span, .. }), None) if span.start == cell.start => slice.get(..span.len()).map(str::len),
        _ => None,
    };
    end.is_some_and(|end| !slice[end..].starts_with(|c: char| !c.is_whitespace()) && !may_be_in(&slice[end..]))
}

/// Where a [`MARK`] stands that is no end of a longer word; a `_` in front belongs to it.
fn marked(slice: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + first_of(&FIRST_OF_MARKS, &slice.as_bytes()[from..])?;
            let start = match slice[..at].chars().next_back() {
                Some('_') if at > from => Some(at - 1),
                Some(c) if is_of_a_word(c) => None,
                _ => Some(at),
            };
            if let Some(start) = start
                && MARKS.iter().any(|mark| starts_with(&slice.as_bytes()[at..], mark))
                && let Some(length) = mark(&slice[at..])
            {
                from = at + length;
                return Some(start..from);
            }
            from = at + 1;
        }
    })
}

/// How long the [`NOTE`] is that a text starts with. Most are written as `Note: `, which needs no pattern.
fn mark(text: &str) -> Option<usize> {
    const PLAIN: &str = "note: ";
    let says = text.as_bytes().get(PLAIN.len());
    let plain = starts_with(text.as_bytes(), PLAIN) && says.is_some_and(u8::is_ascii_graphic);
    if plain { Some(PLAIN.len()) } else { Some(NOTE.find(text)?.end()) }
}

/// What patterns take for a word's.
fn is_of_a_word(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() || c == '_' } else { regex_syntax::is_word_character(c) }
}

/// Everything in the cell that is a ticket's name or a link, in order and without overlap.
fn cited(slice: &str, cell: &Range<usize>, links: &[Link]) -> SmallVec<[Cited; 4]> {
    let marked = links.iter().skip_while(|link| link.span.start < cell.start);
    let marked = marked.take_while(|link| link.span.end <= cell.end);
    let marked = marked.map(|link| link.span.start - cell.start..link.span.end - cell.start);
    let mut cited: SmallVec<[_; 4]> = marked.map(|span| Cited { span, link: true }).collect();
    let marked = cited.len();
    let (bytes, mut from, mut end) = (slice.as_bytes(), 0, 0);
    // In every name stands one of these, and no blank: no other words are looked at.
    while let Some(sign) = memchr3(b'#', b'/', b'-', &bytes[from..]).map(|offset| from + offset) {
        let start = bytes[from..sign].iter().rposition(u8::is_ascii_whitespace).map_or(from, |blank| from + blank + 1);
        // Known still where several stand between the same two blanks.
        if end <= sign {
            end = bytes[sign..].iter().position(u8::is_ascii_whitespace).map_or(slice.len(), |blank| sign + blank);
        }
        let Some(span) = named(&slice[..end], start) else {
            from = end;
            continue;
        };
        from = span.end;
        if !within(&cited[..marked], span.start) {
            cited.push(Cited { link: slice[span.clone()].contains("://"), span });
        }
    }
    cited.sort_by_key(|cited| cited.span.start);
    cited
}

/// The first [`TICKET`] that starts at `start` or behind it, up to the text's end.
fn named(text: &str, start: usize) -> Option<Range<usize>> {
    plain(text, start).or_else(|| Some(TICKET.find_at(text, start)?.range()))
}

/// The one that starts at `start`, where it is written in one of the plainest ways: they need no pattern.
fn plain(text: &str, start: usize) -> Option<Range<usize>> {
    let (before, bytes) = (&text.as_bytes()[..start], &text.as_bytes()[start..]);
    let of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let run = |from: usize, is: &dyn Fn(u8) -> bool| bytes[from..].iter().take_while(|byte| is(**byte)).count();
    // What starts a word starts a name.
    if before.last().is_some_and(|byte| !byte.is_ascii_whitespace()) {
        return None;
    }
    let first = run(0, &of_name);
    let digits = |from: usize| Some(run(from, &|byte| byte.is_ascii_digit())).filter(|digits| *digits > 0);
    // Digits of other scripts go on a number, and letters make another name of a key.
    let ends = |end: usize| bytes.get(end).is_none_or(u8::is_ascii);
    let length = match bytes.get(first)? {
        b'-' if first > 1 && bytes[0].is_ascii_uppercase() && !bytes[..first].iter().any(u8::is_ascii_lowercase) => {
            let end = first + 1 + digits(first + 1)?;
            (ends(end) && !bytes.get(end).is_some_and(|byte| of_name(*byte))).then_some(end)
        }
        b'/' if (1..=39).contains(&first) => {
            let repository = run(first + 1, &|byte| of_name(byte) || matches!(byte, b'.' | b'-'));
            let hash = first + 1 + repository;
            if !(1..=100).contains(&repository) || bytes.get(hash) != Some(&b'#') {
                return None;
            }
            let end = hash + 1 + digits(hash + 1)?;
            ends(end).then_some(end)
        }
        b':' if matches!(&bytes[..first], b"http" | b"https") && bytes[first..].starts_with(b"://") => {
            let end = first + 3 + run(first + 3, &|byte| byte.is_ascii_graphic() && !b"<>|()[]".contains(&byte));
            let ended = bytes.get(end).is_none_or(|byte| matches!(byte, b'\t'..=b'\r') || b" <>|()[]".contains(byte));
            ended.then(|| end + usize::from(bytes.get(end) == Some(&b'>')))
        }
        _ => None,
    }?;
    Some(start..start + length)
}

/// Whether a byte belongs to one of `cited`.
fn within(cited: &[Cited], at: usize) -> bool {
    let before = cited.partition_point(|cited| cited.span.start <= at);
    cited[..before].last().is_some_and(|cited| at < cited.span.end)
}

/// Where a note ends whose text begins at `from`: at the first ticket that `ends` it, or at `most`.
fn end(slice: &str, from: usize, most: usize, cited: &[Cited], ends: fn(&str, bool) -> bool) -> usize {
    let first = cited.partition_point(|cited| cited.span.start < from);
    let inside = cited[first..].iter().take_while(|cited| cited.span.start < most);
    let mut ending = inside.filter(|cited| ends(&slice[from..cited.span.start], cited.link));
    ending.next().map_or(most, |cited| cited.span.start)
}

/// Notes in `gap` that nobody marked: text behind a ticket that tells what became of it.
fn free(slice: &str, gap: Range<usize>, cited: &[Cited], notes: &mut Vec<Remark>) {
    let mut from = gap.start;
    for (nth, ticket) in cited.iter().enumerate() {
        if ticket.span.end > gap.end {
            break;
        }
        if ticket.span.start < from {
            continue;
        }
        let before = &slice[gap.start..ticket.span.start];
        let first = nth == 0 && !before.is_empty() && saying::leads_to_ticket(before);
        let begin = if first { gap.start } else { ticket.span.end };
        // What is told of the next ticket is not told of this one.
        let next = cited.get(nth + 1).map_or(gap.end, |next| next.span.start.min(gap.end));
        if !first && saying::find(&slice[begin..next], false).is_none() {
            continue;
        }
        let end = end(slice, begin, gap.end, cited, if first { |_, _| false } else { ends_free_note });
        if let Some((span, says)) = saying::find(&slice[begin..end], first) {
            let shifted = |range: Range<usize>| begin + range.start..begin + range.end;
            notes.push(Remark { span: shifted(span), says: shifted(says) });
            from = end;
        }
    }
}

/// Where the bracket closes that was open when `text` began.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' if depth == 0 => return Some(at),
            ')' | ']' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// In a mere list each ticket's words end where the list goes on.
fn ends_free_note(before: &str, link: bool) -> bool {
    let open = before.trim_end_matches(['~', '*', '_', '<', '[', '(', '"']).trim_end();
    open.ends_with([',', ')', ']', '/', '&', '|', '•', '-', '–', '—']) || ends_note(before, link)
}

/// Whether a ticket that follows `before`, the note so far, is no more part of it.
fn ends_note(before: &str, link: bool) -> bool {
    const LEADING: [&str; 22] = [
        "by", "to", "in", "see", "with", "of", "as", "from", "and", "or", "at", "via", "than", "for", "under", "into",
        "on", "is", "the", "ticket", "issue", "pr",
    ];
    let before = tail(before, LOOK_BACK);
    let trimmed = before.trim_end_matches(['*', '_', '<', '[', '(']).trim_end();
    if trimmed.is_empty() || trimmed.ends_with(['.', '!', '?', ';', '>']) || before.contains('\n') {
        return !trimmed.is_empty();
    }
    let word = trimmed.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    link && !word.is_empty() && !LEADING.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::notes;

    fn said(cell: &str) -> Vec<&str> {
        notes(cell, &(0..cell.len()), &[]).into_iter().map(|note| &cell[note.says]).collect()
    }

    #[test]
    fn a_note_ends_where_the_next_ticket_begins() {
        for (cell, expected) in [
            ("https://j.example/browse/A-1 Note: not done.", vec!["not done."]),
            ("A-1 Note: not done. https://j.example/browse/A-2 Note: only a test", vec!["not done.", "only a test"]),
            ("A-1 note: not done https://j.example/browse/A-2", vec!["not done"]),
            ("OPS-1 Note: not done. OPS-2 Note: half", vec!["not done.", "half"]),
            ("OPS-1 Note: not done<br>OPS-2", vec!["not done<br>"]),
            (
                "OPS-1 Note: superseded by https://j.example/browse/A-2",
                vec!["superseded by https://j.example/browse/A-2"],
            ),
            ("OPS-1 Note: OPS-2 is the same", vec!["OPS-2 is the same"]),
            ("OPS-1 (Note: not done)", vec!["not done"]),
            ("OPS-1 **Note:** not done", vec!["not done"]),
            ("OPS-1 NB: not done", vec!["not done"]),
            ("Footnote: x", vec![]),
            ("OPS-1 Note:", vec![""]),
            ("in progress", vec![]),
            ("OPS-1 Note - not done", vec!["not done"]),
            ("OPS-1 Note – not done", vec!["not done"]),
            ("OPS-1 note — not done", vec!["not done"]),
            ("OPS-1 **Note**: not done", vec!["not done"]),
            ("OPS-1 *Note* not done", vec!["not done"]),
            ("OPS-1 _Note_: not done", vec!["not done"]),
            ("OPS-1 Remark: not done", vec!["not done"]),
            ("OPS-1 [Note: was not completed]", vec!["was not completed"]),
            ("OPS-1 (Note: not done (yet)). OPS-2", vec!["not done (yet)"]),
            ("OPS-1 release-note - x", vec![]),
        ] {
            assert_eq!(said(cell), expected, "{cell}");
        }
    }

    #[test]
    fn what_is_told_behind_a_ticket_is_a_note_too() {
        for (cell, expected) in [
            ("OPS-1 (this ticket was not actually completed)", vec!["this ticket was not actually completed"]),
            ("OPS-1 – not finished", vec!["not finished"]),
            ("OPS-1 was closed, but not actually completed", vec!["was closed, but not actually completed"]),
            ("OPS-1: This only tested a hypothesis.", vec!["This only tested a hypothesis."]),
            ("OPS-1 - superseded by OPS-2", vec!["superseded by OPS-2"]),
            ("OPS-1 Was reopened in May.", vec!["Was reopened in May."]),
            ("OPS-1 (unfinished), OPS-2 (done)", vec!["unfinished"]),
            ("OPS-1 not finished, OPS-2 only a workaround", vec!["not finished", "only a workaround"]),
            ("OPS-1 [was never done]<br>OPS-2", vec!["was never done"]),
            ("(OPS-1 was not completed)", vec!["was not completed"]),
            ("We never finished OPS-1.", vec!["We never finished OPS-1."]),
            ("https://j.example/browse/A-1 never completed. Note: half", vec!["never completed.", "half"]),
            ("OPS-1 Note: half; OPS-2 was not done", vec!["half;", "was not done"]),
            ("~~OPS-1~~ OPS-2", vec![]),
            ("OPS-1 OPS-2 (not finished)", vec!["not finished"]),
            ("OPS-1 and OPS-2 was not finished", vec!["was not finished"]),
            ("OPS-1 Done", vec![]),
            ("OPS-1 (In progress)", vec![]),
            ("OPS-1 ✅", vec![]),
            ("OPS-1: done in May 2021, OPS-2: not started yet", vec![]),
            ("Will be fixed by OPS-1", vec![]),
            ("Not fixed yet, see OPS-1", vec![]),
            ("Fixed in OPS-1, OPS-2 and OPS-3.", vec![]),
            ("OPS-1 Remove the workaround in the shop", vec![]),
            ("OPS-1 by the platform team", vec![]),
            ("not finished", vec![]),
        ] {
            assert_eq!(said(cell), expected, "{cell}");
        }
    }

    #[test]
    fn a_note_stands_behind_its_ticket() {
        let cell = "OPS-1 OPS-2 (not finished)";
        assert_eq!(notes(cell, &(0..cell.len()), &[])[0].span, 12..cell.len());
    }

    #[test]
    fn a_marked_link_ends_a_note_too() {
        let cell = "[a](b:c) Note: not done [x](y:z)";
        let (layout, _) = crate::documents::markdown::take_apart(cell);
        let found = notes(cell, &(0..cell.len()), &layout.links);
        assert_eq!(&cell[found[0].says.clone()], "not done");
        assert_eq!(&cell[found[0].span.clone()], "Note: not done");
    }

    proptest::proptest! {
        #[test]
        fn whatever_the_pattern_takes_for_a_ticket_is_named(
            text in "(OPS-1|[aA][bB]-?|https?://|x[.]y|a/b#|/|#|-|_|[.]|1|٣|é| |\u{a0}|\t|\x01|<|>|\\(|[|]|[a-zA-Z]){0,12}",
        ) {
            for (start, _) in text.char_indices() {
                let found = super::TICKET.find_at(&text, start).map(|found| found.range());
                proptest::prop_assert_eq!(super::named(&text, start), found, "{} from {}", text, start);
            }
        }

        #[test]
        fn whatever_the_pattern_finds_is_marked(text in "([Nn]ote|s|NB|n[.]b[.]|[Rr]emark|_|\\*| |:|–|-|[a-zéR.¹\u{301}\u{fe0f}]){0,16}") {
            let whole = regex::Regex::new(&format!(r"(?:\b|_){}", super::MARK)).unwrap();
            let expected: Vec<_> = whole.find_iter(&text).map(|found| found.range()).collect();
            proptest::prop_assert_eq!(super::marked(&text).collect::<Vec<_>>(), expected, "{}", text);
        }
    }
}
