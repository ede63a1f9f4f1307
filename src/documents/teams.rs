//! Team names at the start of an anecdote, where writers put them for that: `(Payments):`, `Payments team:`; and those
//! who came to tell (`TNL reached out …`), where the name can be no person's. Other names in prose are none.

use std::sync::LazyLock;

use regex::Regex;

/// What a text that may start with teams stands behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing, or a date and its colon.
    Start,
    /// A date, and nothing between.
    BehindDate,
    /// A date and a dash.
    BehindDash,
}

/// What divides a date from what happened then.
pub(super) static DIVIDER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[*_]{0,3}(?:[^\S\n]*[:–—]|[^\S\n]+-+|-+(?:[^\S\n]|$))[*_]{0,3}[^\S\n]*").expect("a constant pattern")
});
static TEAM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?: \s*\((?P<round>[^()]{1,60})\)
                 | \s*\[(?P<square>[^\[\]]{1,60})\]
                 | ,?\s*(?:[Tt]he\s+)?(?P<plain>[^:;.,()\[\]]{1,40}?)\ team
                 | \s*[Tt]eams?:\s*(?P<label>[^.:;()\[\]–—\n]{1,60}?)\s*(?:[.;–—\n]|\ -\ |<br|$)
                 | (?P<named>[^:;.()\[\]–—\n]{1,60}) )",
    )
    .expect("a constant pattern")
});

/// Words in the place of a name that are none.
const NO_TEAMS: [&str; 73] = [
    "again",
    "all",
    "and",
    "another",
    "apr",
    "aug",
    "background",
    "both",
    "cause",
    "closed",
    "dec",
    "details",
    "docs",
    "done",
    "each",
    "edit",
    "edited",
    "everybody",
    "everyone",
    "feb",
    "fix",
    "fixed",
    "fyi",
    "hotfix",
    "impact",
    "incident",
    "internal",
    "issue",
    "jan",
    "jul",
    "jun",
    "link",
    "links",
    "major",
    "mar",
    "may",
    "minor",
    "my",
    "note",
    "nov",
    "oct",
    "ongoing",
    "open",
    "other",
    "our",
    "ours",
    "outage",
    "postmortem",
    "pr",
    "problem",
    "prod",
    "production",
    "rca",
    "redacted",
    "resolution",
    "resolved",
    "result",
    "retro",
    "same",
    "see",
    "sep",
    "several",
    "sic",
    "staging",
    "status",
    "summary",
    "the",
    "their",
    "this",
    "todo",
    "unknown",
    "update",
    "your",
];

/// Words that a number stands behind which counts something other than teams.
const COUNTED: [&str; 24] = [
    "appendix", "build", "case", "chapter", "day", "figure", "java", "level", "node", "page", "part", "phase",
    "priority", "python", "quarter", "release", "run", "section", "sev", "severity", "sprint", "step", "version",
    "week",
];

/// Words that make a name of a number: `Team 5`.
const CALLED: [&str; 5] = ["crew", "group", "pod", "squad", "team"];

/// Teams that a text starts with, and how many bytes they take.
pub(super) fn leading(text: &str, standing: Standing) -> (Vec<String>, usize) {
    // Most dates have a colon behind them, and a captured match costs more than to see that.
    let found = if text.starts_with([':', ';', '.', ')', ']']) { None } else { TEAM.captures(text) };
    let Some(found) = found else { return (Vec::new(), 0) };
    let length = found.get(0).map_or(0, |whole| whole.len());
    let rest = &text[length..];
    let divided = DIVIDER.is_match(rest);
    let colon = rest.trim_start_matches(['*', '_']).starts_with(':');
    // Someone who goes on in the same line, and no link's text.
    let goes_on = rest.starts_with(' ') && rest.contains(char::is_alphanumeric);
    let group = |name: &str, allowed: bool| found.name(name).map(|group| group.as_str()).filter(|_| allowed);
    let names = group("square", !rest.starts_with(['(', '['])).and_then(|names| read(names, true));
    let names = names.or_else(|| group("label", true).and_then(|names| read(names, true)));
    let names = names.or_else(|| group("round", divided || goes_on).and_then(|names| read(names, divided)));
    let behind_date = standing == Standing::BehindDate;
    let names = names.or_else(|| group("plain", divided && behind_date || colon).and_then(|names| read(names, true)));
    let named = standing == Standing::BehindDash && colon;
    let names = names.or_else(|| group("named", named).and_then(|names| read(names, false)));
    names.map_or((Vec::new(), 0), |names| (names, length))
}

/// Those who came to tell of it: what people do and programs do not.
static CAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?:[Tt]he\s+)?(?P<names>[^:;.()\[\]–—\n]{1,80}?)\s+(?:reached out|asked|pinged|complained|told us|came to us|wrote to us|requested|needed help|got stuck|(?:was|were) blocked)\b",
    )
    .expect("a constant pattern")
});

/// Teams that a text says came to tell of it: an abbreviation (`TNL`), a name with a hyphen (`enterprise-titans`), or what
/// is called a team. `Brandon` may be a person, and is left out.
pub(super) fn came(text: &str) -> Vec<String> {
    const NO_NAMES: [&str; 12] = ["ci", "cd", "api", "ui", "db", "dns", "pr", "rca", "url", "sdk", "cto", "ceo"];
    let Some(names) = CAME.captures(text).and_then(|found| found.name("names")) else { return Vec::new() };
    let parts = names.as_str().split([',', '/', '&', '+']).flat_map(|part| part.split(" and ")).map(str::trim);
    let known = parts.filter_map(|part| {
        let called = ["team", "squad"].iter().find_map(|word| part.strip_suffix(word)).map(str::trim);
        let lower = part.to_lowercase();
        let short = (2..=6).contains(&part.len()) && part.chars().all(|c| c.is_ascii_uppercase());
        let slug = part.contains('-')
            && part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        let free = !NO_NAMES.contains(&lower.as_str()) && !NO_TEAMS.contains(&lower.as_str());
        match called {
            Some(name) => read(name, true).filter(|names| names.len() == 1).map(|_| name.to_owned()),
            None => ((short || slug) && free).then(|| part.to_owned()),
        }
    });
    known.collect()
}

/// `Payments, TNL and enterprise-titans team` → three names. `None` unless each looks like a name: up to three words
/// that start in upper case, or one with a hyphen, or where they are `marked` plainly enough one in lower case, or a name
/// and a number (`Platform 2`); no ticket.
fn read(text: &str, marked: bool) -> Option<Vec<String>> {
    let text = text.trim();
    let text = ["teams", "team", "squad"].iter().find_map(|word| text.strip_suffix(word)).unwrap_or(text);
    let names = text.split([',', '/', '&', '+']).flat_map(|part| part.split(" and ")).map(str::trim);
    let names: Vec<String> = names.map(str::to_owned).collect();
    let capital = |word: &str| word.starts_with(|c: char| c.is_uppercase());
    let slug = |name: &str| {
        name.starts_with(char::is_alphabetic)
            && (name.contains('-') || marked && name.chars().count() > 2)
            && name.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let ticket = |name: &str| name.chars().last().is_some_and(|c| c.is_ascii_digit());
    let other = |name: &str| name.split_whitespace().any(|word| NO_TEAMS.contains(&word.to_lowercase().as_str()));
    let is_name = |name: &String| {
        let words: Vec<&str> = name.split_whitespace().collect();
        let named = (1..=3).contains(&words.len()) && words.iter().all(|word| capital(word)) || slug(name);
        (named && !ticket(name) || is_numbered(&words, marked)) && !other(name)
    };
    names.iter().all(is_name).then_some(names)
}

/// Whether these are the words of a name and its number.
fn is_numbered(words: &[&str], marked: bool) -> bool {
    let Some((number, name)) = words.split_last() else { return false };
    let lower: Vec<String> = name.iter().map(|word| word.to_lowercase()).collect();
    let called = lower.last().is_some_and(|word| CALLED.contains(&word.as_str()));
    (1..=2).contains(&number.len())
        && number.chars().all(|c| c.is_ascii_digit())
        && (1..=2).contains(&name.len())
        && (called || marked && name.iter().all(|word| word.starts_with(char::is_uppercase)))
        && !lower.iter().any(|word| COUNTED.contains(&word.as_str()))
}
