//! Running text into what may name a ticket: addresses, `owner/repo#12`, `Issue #12 · owner/repo`, `#12`, bare keys.
//!
//! Each has a [`sign`], and from there it is looked back at no more than a fixed number of bytes: the time taken grows with
//! the text and with nothing else.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::address::is_repository;
use crate::domain::reference::{MOST_BEFORE, sign};

/// Something in running text that may name a ticket.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Token<'t> {
    /// Its bytes.
    pub(super) span: Range<usize>,
    /// What it is.
    pub(super) sort: Sort<'t>,
}

/// What a token is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sort<'t> {
    /// A web address.
    Address,
    /// A web address without its scheme.
    BareAddress,
    /// `owner/repo#12`, in short or as a wiki shows a link. The number in digits.
    Repository {
        /// The owner.
        owner: &'t str,
        /// The repository.
        repo: &'t str,
        /// The number in digits.
        number: &'t str,
    },
    /// `#12`, whosever it is.
    Number,
    /// `KEY-12`, with the number in digits.
    Key {
        /// The part before the hyphen.
        project: &'t str,
        /// The number in digits.
        number: &'t str,
    },
}

/// `#12 · owner/repo` behind `Issue`, as a wiki shows a link.
static CARD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^#[1-9][0-9]{0,29}\s{0,2}[·•]\s{0,2}[A-Za-z0-9][A-Za-z0-9_-]{0,38}/[A-Za-z0-9._-]{1,100}")
        .expect("a constant pattern")
});

/// How far back a host, an owner or a repository may reach.
const LOOK_BACK: usize = 160;

/// All tokens of a text, in order and without overlap.
pub(super) fn all(text: &str) -> impl Iterator<Item = Token<'_>> {
    let (mut from, mut end, mut free) = (0, 0, 0);
    let signs = std::iter::from_fn(move || {
        let sign = sign(text, from)?;
        let span = around(text, end, sign);
        if let Some(span) = &span {
            end = span.end;
        }
        from = end.max(sign + 1);
        Some((span, sign))
    });
    signs.filter_map(move |(span, sign)| {
        let token = read(text, span?, sign, free);
        free = token.as_ref().map_or(free, |token| token.span.end);
        token
    })
}

/// The bytes around a sign that have the form of a token, none of them before `end`.
fn around(text: &str, end: usize, sign: usize) -> Option<Range<usize>> {
    let (before, behind) = (&text[end..sign], &text[sign + 1..]);
    match text.as_bytes()[sign] {
        b'/' if behind.starts_with('/') => {
            let scheme = ["https:", "http:"].iter().find(|scheme| ends_in(before, scheme))?;
            let length = behind[1..].find(ends_address).unwrap_or(behind.len() - 1);
            (length > 0).then_some(sign - scheme.len()..sign + 2 + length)
        }
        b'/' => {
            let rest = ["browse/", "issues/", "pull/", "pulls/"].iter().find_map(|word| behind.strip_prefix(word))?;
            let name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
            let length = rest.bytes().take(100).take_while(name).count();
            (length > 0).then_some(sign..text.len() - rest.len() + length)
        }
        b'#' => {
            let word = ["Issue ", "Pull Request ", "Pull request ", "PR "].iter().find(|word| before.ends_with(**word));
            let card = word.and_then(|word| Some(sign - word.len()..sign + CARD.find(&text[sign..])?.end()));
            card.or_else(|| Some(sign..sign + 1 + digits(behind)))
        }
        _ => {
            let of_key = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
            let most = before.bytes().rev().take(MOST_BEFORE).take_while(of_key).count();
            // A project's key starts with a letter, and has two characters at least.
            let first = before.bytes().skip(before.len() - most).position(|byte| byte.is_ascii_uppercase())?;
            let start = sign - most + first;
            (sign - start > 1).then_some(start..sign + 1 + digits(behind))
        }
    }
}

/// Whether these are a text's last bytes, in any case.
fn ends_in(text: &str, last: &str) -> bool {
    let tail = text.len().checked_sub(last.len()).and_then(|start| text.get(start..));
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case(last))
}

/// Whether no address goes on with this.
fn ends_address(c: char) -> bool {
    c.is_whitespace() || "<>\"`|{}\\^\u{200b}\u{feff}“”«»".contains(c)
}

/// How many bytes a number has that starts a text: one without zeros in front.
fn digits(text: &str) -> usize {
    if text.starts_with('0') { 1 } else { text.bytes().take_while(u8::is_ascii_digit).count() }
}

/// What the bytes around a sign are; nothing before `free` belongs to it.
fn read(text: &str, span: Range<usize>, sign: usize, free: usize) -> Option<Token<'_>> {
    let written = &text[span.clone()];
    let behind = |start: usize| text[..start].chars().next_back();
    let ahead = |end: usize| {
        let mut next = text[end..].chars();
        (next.next(), next.next())
    };
    match (text.as_bytes()[sign], span.start == sign) {
        (b'/', false) => {
            let end = span.start + without_punctuation(written);
            let joined = behind(span.start).is_some_and(char::is_alphanumeric);
            return (!joined).then_some(Token { span: span.start..end, sort: Sort::Address });
        }
        (b'/', true) => {
            let start = host_start(text, free, span.start)?;
            return Some(Token { span: start..span.end, sort: Sort::BareAddress });
        }
        (b'#', false) => {
            let (number, home) = text[sign + 1..span.end].split_once(['·', '•'])?;
            let (owner, repo) = home.trim_start().split_once('/')?;
            let kept = repo.trim_end_matches(['.', '-', '_']).len();
            let end = span.end - (repo.len() - kept);
            let sort = Sort::Repository { owner, repo: &repo[..kept], number: number.trim_end() };
            let whole = kept > 0 && !behind(span.start).is_some_and(char::is_alphanumeric);
            return whole.then_some(Token { span: span.start..end, sort });
        }
        (b'#', true) => {
            let number = &written[1..];
            let Some((owner, repo)) = repository_before(text, free, span.start) else {
                return is_bare_number(text, free, &span).then_some(Token { span, sort: Sort::Number });
            };
            let start = span.start - owner.len() - repo.len() - 1;
            let cut = ahead(span.end).0.is_some_and(|c| c.is_alphanumeric() || c == '_');
            let sort = Sort::Repository { owner, repo, number };
            return (!cut).then_some(Token { span: start..span.end, sort });
        }
        _ => {}
    }
    let (project, number) = (&text[span.start..sign], &text[sign + 1..span.end]);
    let second = text[..span.start].chars().rev().nth(1);
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let joined_behind = match behind(span.start) {
        Some('_') => word(second),
        // `… done.OPS-1` lacks a space, `v1.OPS-1` is a name of its own.
        Some('.') => second.is_some_and(char::is_numeric),
        Some('-' | '@' | '&' | '=' | '%') => true,
        c => word(c),
    };
    let (next, after) = ahead(span.end);
    let joined_ahead = match next {
        Some('.') => after.is_some_and(|c| c.is_alphanumeric() && !c.is_uppercase()),
        Some('_' | '-' | '#' | '@' | '=') => word(after),
        c => word(c),
    };
    (!joined_behind && !joined_ahead).then_some(Token { span, sort: Sort::Key { project, number } })
}

/// How long an address is without what belongs to the sentence around it. Closing brackets belong to the address as
/// long as it opens as many.
fn without_punctuation(address: &str) -> usize {
    let mut end = address.len();
    if address.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '/') {
        return end;
    }
    let mut open = [('(', ')'), ('[', ']')]
        .map(|(open, close)| (close, address.matches(open).count(), address.matches(close).count()));
    while let Some(last) = address[..end].chars().next_back() {
        match open.iter_mut().find(|(close, _, _)| *close == last) {
            Some((_, opened, closed)) if *closed > *opened => *closed -= 1,
            None if ".,;:!?'*_~>…’‘)。，、；：）".contains(last) => {}
            _ => break,
        }
        end -= last.len_utf8();
    }
    end
}

/// The bytes just before `at` that `allowed` holds for: where they start.
fn run_before(text: &str, from: usize, at: usize, most: usize, allowed: impl Fn(u8) -> bool) -> usize {
    let from = from.max(at.saturating_sub(most));
    let taken = text.as_bytes()[from..at].iter().rev().take_while(|byte| allowed(**byte)).count();
    at - taken
}

/// Where the host starts that a path at `at` belongs to: letters, dots and slashes, a dot before the first slash.
fn host_start(text: &str, free: usize, at: usize) -> Option<usize> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:".contains(&byte);
    let start = run_before(text, free, at, LOOK_BACK, allowed);
    let host = text[start..at].split('/').next().unwrap_or_default();
    let labelled = host.contains('.') && host.split('.').all(|label| !label.is_empty());
    let joined = text[..start].chars().next_back().is_some_and(char::is_alphanumeric);
    (labelled && !joined).then_some(start)
}

/// `owner/repo` just before `at`.
fn repository_before(text: &str, free: usize, at: usize) -> Option<(&str, &str)> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let start = run_before(text, free, at, 101, allowed);
    let slash = start.checked_sub(1).filter(|slash| *slash >= free && text.as_bytes()[*slash] == b'/')?;
    let owner_at = run_before(text, free, slash, 40, allowed);
    let (owner, repo) = (&text[owner_at..slash], &text[start..at]);
    let page = [".md", ".html", ".htm", ".rst", ".txt", ".adoc", ".pdf"].iter().any(|end| repo.ends_with(end));
    let joined = text[..owner_at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || "/@:._-".contains(c));
    (is_repository(owner, repo) && !page && !joined).then_some((owner, repo))
}

/// Whether the `#12` of these bytes is a ticket's number, as far as its neighbours tell: no part of an address, a colour or
/// another name, and no rank.
fn is_bare_number(text: &str, free: usize, span: &Range<usize>) -> bool {
    let (before, behind) = (&text[..span.start], &text[span.end..]);
    let opens = match before.chars().next_back() {
        None => true,
        // `#205-#210` and `#7/#8` name two.
        Some(c) if "/-–&+".contains(c) => free > 0 && free + c.len_utf8() == span.start,
        Some(c) => c.is_whitespace() || "([{,;|<>*_~`".contains(c),
    };
    let mut next = behind.chars();
    let closes = match next.next() {
        Some('-' | '.' | ',' | '/' | ':' | '=' | '_') => !next.next().is_some_and(char::is_alphanumeric),
        Some(c) => !(c.is_alphanumeric() || matches!(c, '#' | '"' | '\'')),
        None => true,
    };
    let digits = span.len() - 1;
    opens && closes && digits < 8 && text[span.clone()] != *"#0" && !(digits == 1 && is_rank(before))
}

/// Whether what stands before a small number says that it is a rank or a heading's own: `the #1 complaint`, `### #1`.
fn is_rank(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '*', '_', '"']);
    let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let ranks =
        ["the", "our", "their", "your", "my", "his", "her", "its", "a", "is", "was", "are", "be", "number", "ranked"];
    before.ends_with('#') || ranks.iter().any(|rank| word.eq_ignore_ascii_case(rank))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The forms in one pattern. (`(?i)` alone would take `ſ` for the `s` of `https` as well.)
    static FORMS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#"(?x)
            (?i-u:https?)://[^\s<>"`|{}\\^\u{200b}\u{feff}“”«»]+
            | (?:Issue|Pull\ [Rr]equest|PR)\ \#[1-9][0-9]{0,29}\s{0,2}[·•]\s{0,2}
                [A-Za-z0-9][A-Za-z0-9_-]{0,38}/[A-Za-z0-9._-]{1,100}
            | /(?:browse|issues|pulls?)/[A-Za-z0-9_-]{1,100}
            | \#(?:[1-9][0-9]*|0)
            | [A-Z][A-Z0-9_]{1,63}-(?:[1-9][0-9]*|0)"#,
        )
        .unwrap()
    });

    const PIECES: [&str; 40] = [
        "OPS-1",
        "A",
        "B2_",
        "-",
        "12",
        "0",
        "007",
        "#",
        "/",
        "//",
        ":",
        "http:",
        "HTTPS:",
        "https://",
        "x.example",
        "browse",
        "issues/",
        "pulls",
        "pull/",
        "PR ",
        "Issue ",
        "Pull request ",
        "Pull Request ",
        "#12 · ",
        "#3•",
        "acme/rocket",
        "é",
        " ",
        "\u{a0}",
        "<",
        "|",
        "“",
        "(",
        ")",
        ".",
        "_",
        "a",
        "issue",
        "AAAAAAAAAAAAAAAAAAAA",
        "\n",
    ];

    proptest! {
        #[test]
        fn every_form_is_found_at_its_sign(
            pieces in prop::collection::vec(prop::sample::select(PIECES.as_slice()), 0..24),
        ) {
            let text = pieces.concat();
            let (mut from, mut end, mut found) = (0, 0, Vec::new());
            while let Some(sign) = sign(&text, from) {
                found.extend(around(&text, end, sign));
                end = found.last().map_or(0, |last| last.end);
                from = end.max(sign + 1);
            }
            let expected: Vec<_> = FORMS.find_iter(&text).map(|found| found.range()).collect();
            prop_assert_eq!(found, expected, "{}", text);
        }
    }
}
