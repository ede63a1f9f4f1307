//! Whether text behind a ticket tells what became of it, where nobody wrote `Note:` in front.
//!
//! A status (`Done`, `In progress since May`), a ticket's title and a plan are none: what is not plainly a word on the
//! ticket stays what it was, text of the cell.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::dates::MONTH;

/// Words that say whether and how the work was done.
static TELLS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\b(?: done|undone|completed|incomplete|(?:is|was|not)\ complete|finish(?:ed)?|unfinished|fixed|unfixed
            |implemented|resolved|unresolved|delivered|addressed|merged|landed|reverted|rolled\ back|abandoned|dropped
            |shelved|depriori[ts]i[sz]ed|postponed|superseded|replaced\ by|duplicate\ of|in\ favou?r\ of|closed
            |re-?opened|hypothes[ie]s|theory|work-?\ ?arounds?|hacks?|stop-?\ ?gap|band-?\ ?aid|spike|proof\ of\ concept
            |only\ (?:tested|checked|tried|investigated)|pan(?:ned)?\ out|(?:not|n['’]t)\ (?:help|work|solve|fix|start|get)
            |gave\ up|never\ (?:started|happened|worked\ on) )\b",
    )
    .expect("a constant pattern")
});

/// How a word on a ticket begins when it begins in upper case, where a title would as well.
const OPENERS: [&str; 58] = [
    "this",
    "that",
    "the",
    "it",
    "these",
    "both",
    "neither",
    "none",
    "all",
    "we",
    "they",
    "nobody",
    "no",
    "nothing",
    "was",
    "were",
    "is",
    "are",
    "has",
    "had",
    "did",
    "not",
    "never",
    "still",
    "only",
    "just",
    "merely",
    "partially",
    "partly",
    "half",
    "but",
    "however",
    "although",
    "though",
    "actually",
    "apparently",
    "sadly",
    "unfortunately",
    "closed",
    "reopened",
    "superseded",
    "abandoned",
    "reverted",
    "rolled",
    "replaced",
    "duplicate",
    "incomplete",
    "unfinished",
    "later",
    "since",
    "then",
    "wasn",
    "didn",
    "hasn",
    "isn",
    "work",
    "a",
    "an",
];

/// Words of which a mere status is made, its time and the ticket that it leads to included.
const STATUS: [&str; 65] = [
    "to",
    "do",
    "todo",
    "open",
    "opened",
    "closed",
    "done",
    "fixed",
    "resolved",
    "complete",
    "completed",
    "finished",
    "implemented",
    "delivered",
    "merged",
    "released",
    "shipped",
    "deployed",
    "landed",
    "in",
    "progress",
    "review",
    "wip",
    "blocked",
    "won",
    "wont",
    "t",
    "fix",
    "none",
    "n",
    "a",
    "tbd",
    "started",
    "on",
    "hold",
    "pending",
    "backlog",
    "ready",
    "verified",
    "status",
    "jira",
    "ticket",
    "issue",
    "is",
    "be",
    "will",
    "should",
    "as",
    "by",
    "at",
    "since",
    "with",
    "via",
    "see",
    "and",
    "or",
    "the",
    "of",
    "q",
    "br",
    "yes",
    "no",
    "pr",
    "early",
    "late",
];

static NOT_STARTED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\bnot (?:yet )?started(?: yet)?\b").expect("a constant pattern"));
static BREAK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)<br\s?/?>").expect("a constant pattern"));
static FINITE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:was|were|is|isn|are|has|hasn|had|did|didn|wasn|never|says?|said)\b")
        .expect("a constant pattern")
});
static LEADS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^\W*(?:we|they|nobody|no one|the team)\b[^.;\n|]*\b(?:finish(?:ed)?|completed?|implement(?:ed)?|fix(?:ed)?|did|worked on|got to|started)\W*$",
    )
    .expect("a constant pattern")
});

/// Whether the text in front of a cell's first ticket has that ticket for its object: `We never finished OPS-1`.
pub(super) fn leads_to_ticket(before: &str) -> bool {
    LEADS.is_match(before)
}

/// Finds what `text`, which stands behind a ticket or leads to one, tells of it: its bytes with the brackets around it,
/// and without.
pub(super) fn find(text: &str, leads: bool) -> Option<(Range<usize>, Range<usize>)> {
    let mut start = 0;
    loop {
        let rest = &text[start..];
        let cut = rest.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | '[' | '<' | '"' | '“'));
        start += rest.len() - cut.len();
        if !cut.starts_with('<') {
            break;
        }
        start += BREAK.find(cut).filter(|found| found.start() == 0).map_or(1, |found| found.len());
    }
    let mut end = text.len();
    loop {
        let rest = &text[start..end];
        let cut = rest.trim_end_matches(|c: char| c.is_whitespace() || "*_~,:-–—([|/&•".contains(c));
        let last = cut.ends_with('>').then(|| BREAK.find_iter(cut).last()).flatten();
        let breaks = last.filter(|found| found.end() == cut.len());
        end = start + breaks.map_or(cut.len(), |found| found.start());
        if breaks.is_none() {
            break;
        }
    }
    let (span, says) = without_brackets(text, start..end);
    let said = &text[says.clone()];
    (!said.is_empty() && (leads || tells(said))).then_some((span, says))
}

/// Takes away a pair of brackets around everything, and a closing one that was opened before.
fn without_brackets(text: &str, span: Range<usize>) -> (Range<usize>, Range<usize>) {
    let mut says = span.clone();
    let slice = &text[span.clone()];
    let bare = slice.trim_end_matches(['.', ';', ',']);
    let (opens, closes) = (slice.starts_with(['(', '[']), bare.ends_with([')', ']']));
    let count = |brackets: [char; 2]| slice.matches(brackets).count();
    if opens && closes && count(['(', '[']) == count([')', ']']) {
        says = span.start + 1..span.start + bare.len() - 1;
    } else if closes && count([')', ']']) > count(['(', '[']) {
        says.end = span.start + bare.len() - 1;
    } else if opens && count(['(', '[']) > count([')', ']']) {
        says.start += 1;
    }
    (span, says)
}

fn tells(said: &str) -> bool {
    if !TELLS.is_match(said) {
        return false;
    }
    let plain = BREAK.replace_all(said, " ");
    let plain = NOT_STARTED.replace_all(&plain, " ");
    let words: Vec<String> = plain.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
    let Some(first) = words.first() else { return false };
    let month = |word: &str| word.get(..3).is_some_and(|start| MONTH.contains(&start));
    let of_status = |word: &&str| STATUS.contains(word) || word.starts_with(|c: char| c.is_numeric()) || month(word);
    let opens = said.trim_start().starts_with(char::is_lowercase) || OPENERS.contains(first) || FINITE.is_match(said);
    !words.iter().all(of_status) && opens
}
