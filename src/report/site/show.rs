//! How pages show what others wrote, and what they have in common: pagers, tabs, marks.

use super::super::escape::{self, SENTENCE, TITLE};
use super::super::rows::Rows;
use super::super::ticket::Ticket;
use super::super::words;
use super::links;
use crate::domain::decision::Flags;
use crate::domain::pages::Leaf;
use crate::domain::place::Place;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::verdict::{Evidence, Standing};

/// A title as one harmless line; the template escapes it for HTML.
pub(in crate::report) fn title(text: &str) -> String {
    escape::title(text)
}

/// A sentence as one harmless line.
pub(in crate::report) fn line(text: &str) -> String {
    escape::plain(text, SENTENCE)
}

/// A name as one harmless line.
pub(in crate::report) fn name(text: &(impl ToString + ?Sized)) -> String {
    escape::plain(&text.to_string(), TITLE)
}

/// A category's name.
pub(super) fn category(name: &str) -> String {
    if name.trim().is_empty() { "no category".to_owned() } else { escape::plain(name, TITLE) }
}

/// Where something is told.
pub(in crate::report) struct Source {
    /// The way there, where there is one.
    pub(in crate::report) link: Option<String>,
    /// How it is told.
    pub(in crate::report) says: String,
}

/// Where something is told: behind an address, on a line of a document that was fetched, or at a place in a file.
pub(in crate::report) fn source(told: &(impl ToString + ?Sized)) -> Source {
    source_in(told, &Rows::default())
}

/// The same, with its row where that is known.
pub(in crate::report) fn source_in(told: &(impl ToString + ?Sized), rows: &Rows) -> Source {
    let told = told.to_string();
    let fetched = told.parse::<Place>().ok().and_then(|place| Some((escape::link(&place.path)?, place)));
    match fetched {
        Some((link, place)) => {
            let line = words::line(&place).map(|line| format!("line {line}"));
            let says: Vec<String> = std::iter::once("source".to_owned()).chain(line).chain(rows.row(&place)).collect();
            Source { link: Some(link), says: says.join(", ") }
        }
        None => match escape::link(&told) {
            Some(link) => Source { link: Some(link), says: "source".to_owned() },
            None => Source { link: None, says: name(&told) },
        },
    }
}

/// A moment for programs.
pub(in crate::report) fn exactly(at: &Moment) -> String {
    words::rfc3339(*at)
}

/// What a piece of evidence speaks for.
pub(in crate::report) fn side(evidence: &Evidence) -> &'static str {
    words::side(evidence.side)
}

/// How many of the flags that people decided on stood.
pub(super) fn flags(flags: &Flags) -> Option<String> {
    let Flags { decided, stood } = *flags;
    (decided > 0).then(|| format!("{stood} of {} decided so far stood", words::count(decided, "flag")))
}

/// The page of a ticket.
pub(super) fn to_ticket(id: &TicketId) -> String {
    links::ticket(id)
}

/// The verdict on a ticket in a list: in a word, and how sure it is where that is no matter of course.
pub(super) fn verdict(ticket: &Ticket) -> String {
    words::verdict(ticket.verdict(), ticket.confidence())
}

/// Entries of a story on one page.
pub(super) const ENTRIES: usize = 100;

/// Standings in the order in which people look for them.
pub(super) const STANDINGS: [Standing; 5] =
    [Standing::BrokenPromise, Standing::Promised, Standing::NoRemedy, Standing::Cleared, Standing::Unknown];

/// A part of a list that can be gone to.
pub(super) struct Tab {
    pub(super) address: String,
    pub(super) words: String,
    pub(super) many: usize,
    /// Whether there may be more.
    pub(super) more: bool,
    pub(super) here: bool,
}

/// The way to other pages of a list.
pub(super) struct Pager {
    pub(super) says: String,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    pub(super) last: Option<String>,
}

/// A pager of a list, if it has more than one page; `address` is that of a page by its number.
pub(super) fn pager<T>(leaf: &Leaf<T>, address: impl Fn(usize) -> String) -> Option<Pager> {
    let (page, pages) = (leaf.page, leaf.pages());
    (pages > 1).then(|| Pager {
        says: format!("Page {page} of {pages}"),
        before: (page > 1).then(|| address((page - 1).min(pages))),
        after: (page < pages).then(|| address(page + 1)),
        last: (page + 1 < pages).then(|| address(pages)),
    })
}

/// Text in pieces, each with whether it is one of the words that were searched for.
pub(super) fn marked(text: &str, sought: &[String]) -> Vec<(String, bool)> {
    let mut pieces: Vec<(String, bool)> = Vec::new();
    for (piece, is_word) in pieces_of(text) {
        let folded = piece.to_lowercase();
        let hit = is_word && sought.iter().any(|word| folded.starts_with(word.as_str()));
        match pieces.last_mut().filter(|(_, last)| *last == hit) {
            Some((last, _)) => last.push_str(piece),
            None => pieces.push((piece.to_owned(), hit)),
        }
    }
    pieces
}

/// Words and what stands between them, in turn.
fn pieces_of(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_word = rest.chars().next()?.is_alphanumeric();
        let end = rest.find(|c: char| c.is_alphanumeric() != is_word).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some((piece, is_word))
    })
}

/// The words of what was typed, in lower case, as the index has them: runs of letters and digits.
pub(super) fn words_of(typed: &str) -> Vec<String> {
    pieces_of(typed).filter(|(_, is_word)| *is_word).map(|(word, _)| word.to_lowercase()).collect()
}

/// What of a long text is worth showing: from a little before the first word that was searched for.
pub(super) fn around(text: &str, sought: &[String]) -> Option<String> {
    const BEFORE: usize = 60;
    const LONG: usize = 220;
    let text = escape::plain(text, 20_000);
    let mut at = 0;
    let found = pieces_of(&text).find_map(|(piece, is_word)| {
        let here = at;
        at += piece.len();
        let folded = piece.to_lowercase();
        (is_word && sought.iter().any(|word| folded.starts_with(word.as_str()))).then_some(here)
    })?;
    let before = text[..found].char_indices().rev().nth(BEFORE).map_or(0, |(at, _)| at);
    let from = if before == 0 { 0 } else { text[before..found].find(' ').map_or(before, |gap| before + gap + 1) };
    let lead = if from > 0 { "… " } else { "" };
    Some(format!("{lead}{}", escape::plain(&text[from..], LONG)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_searched_for_is_marked_and_nothing_else() {
        let sought = words_of("Build \"ci-");
        assert_eq!(sought, ["build", "ci"]);
        let marked = marked("The builds in CI: circus, rebuilt", &sought);
        let hits: Vec<&str> = marked.iter().filter(|(_, hit)| *hit).map(|(text, _)| text.as_str()).collect();
        assert_eq!(hits, ["builds", "CI", "circus"]);
        let whole: String = marked.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(whole, "The builds in CI: circus, rebuilt");
    }

    #[test]
    fn a_source_leads_to_what_can_be_opened() {
        for (told, link, says) in [
            ("https://jira.example/browse/A-1", Some("https://jira.example/browse/A-1"), "source"),
            ("http://127.0.0.1:8080/browse/A-1", Some("http://127.0.0.1:8080/browse/A-1"), "source"),
            ("https://wiki.example/page?pageId=7:3:48", Some("https://wiki.example/page?pageId=7"), "source, line 3"),
            ("https://wiki.example/page?pageId=7:1:410", Some("https://wiki.example/page?pageId=7"), "source"),
            ("http://127.0.0.1:8080/page.md:3:48", Some("http://127.0.0.1:8080/page.md"), "source, line 3"),
            ("docs/register.md:3:48", None, "docs/register.md:3:48"),
            ("javascript:alert(1):3:48", None, "javascript:alert(1):3:48"),
        ] {
            let source = source(told);
            assert_eq!((source.link.as_deref(), source.says.as_str()), (link, says), "{told}");
        }
    }

    #[test]
    fn an_excerpt_starts_shortly_before_its_first_word() {
        let long = format!("{} needle {}", "hay ".repeat(100), "stack ".repeat(100));
        let excerpt = around(&long, &["needle".to_owned()]).unwrap();
        assert!(excerpt.starts_with("… hay hay") && excerpt.contains("needle stack"), "{excerpt}");
        assert!(excerpt.chars().count() < 230);
        assert_eq!(around("needle", &["needle".to_owned()]).unwrap(), "needle");
        assert_eq!(around("hay", &["needle".to_owned()]), None);
    }
}
