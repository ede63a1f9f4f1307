//! How a line of minutes opens: `[inform] (Ned) …`, `(Dave): …`, `[quest](Hilary) - …`.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// What stands in front of a line's text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Opening {
    /// The intention, as written but in lower case.
    pub(super) intention: Option<String>,
    /// Who speaks.
    pub(super) speaker: Option<String>,
    /// Whether the speaker stands in square brackets, where an intention would stand.
    pub(super) square: bool,
    /// How many bytes all that takes.
    pub(super) length: usize,
}

static BRACKETS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:\[(?P<square>[^\[\]\n]+)\]|\((?P<round>[^()\n]+)\))(?P<colon>\s*:)?")
        .expect("a constant pattern")
});

/// The kinds of intention and the ways in which they are bent: `informish`, `questions`, `analysing`.
static INTENTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?:inform(?:ing|ation|ational|s)?|info|fyi|quest(?:ion)?s?|ideat(?:e|ion|ing)|ideas?|analy(?:sis|ses|[sz]e|[sz]ing)|requests?|ask|discuss(?:ion|ions|ing)?|decisions?|decide|announce(?:ment|ments)?|mus(?:e|ing|ings)|propos(?:e|al|als)|brainstorm(?:ing)?|feedback|poll|demo)(?:-?ish)?$",
    )
    .expect("a constant pattern")
});

static NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\p{Lu}[\p{L}\p{N}'’.-]*(?:(?:\s*[/&,+]\s*|\s)\p{Lu}[\p{L}\p{N}'’.-]*){0,3}$")
        .expect("a constant pattern")
});
static HANDLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?:@[\p{L}\p{N}]|\p{L})[\p{L}\p{N}_.-]*$").expect("a constant pattern"));
/// Somebody who is mentioned speaks, whoever that is.
static MENTION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^@(?P<name>[\p{L}\p{N}][\p{L}\p{N}_.-]*):(?:\s+|$)").expect("a constant pattern"));

static SEPARATOR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*(?::|[-–—]+(?:\s|$))?\s*").expect("a constant pattern"));
static PREFIX: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?P<name>\p{Lu}[^:()\[\]\n]*):(?:\s+|$)").expect("a constant pattern"));

/// Characters between brackets, at most. Lengths are counted beside the patterns: one that counts to forty is compiled forty
/// times over.
const MOST_IN_BRACKETS: usize = 60;
/// Characters of a name, at most.
const MOST_OF_A_NAME: usize = 39;

/// Words in brackets that are no people.
const NOBODY: [&str; 22] = [
    "aside",
    "note",
    "notes",
    "edit",
    "edited",
    "update",
    "updated",
    "optional",
    "link",
    "links",
    "see",
    "related",
    "tbd",
    "todo",
    "wip",
    "draft",
    "public",
    "private",
    "internal",
    "done",
    "skipped",
    "blog post",
];

/// Whether a bracketed word says what outcome its writer wants.
fn is_intention(word: &str) -> bool {
    let word = word.to_lowercase();
    word.split(['/', ',', '&', '+']).all(|part| INTENTION.is_match(part.trim()))
}

fn is_name(word: &str, colon: bool) -> bool {
    let handle = word.starts_with('@') || colon;
    let is_handle = || is_short(word.trim_start_matches('@'), MOST_OF_A_NAME) && HANDLE.is_match(word);
    !NOBODY.contains(&word.to_lowercase().as_str()) && (NAME.is_match(word) || handle && is_handle())
}

fn is_short(word: &str, most: usize) -> bool {
    word.chars().nth(most).is_none()
}

/// Reads the beginning of a line. `known`: people whom the document names in brackets somewhere; only they are
/// recognised in front of a mere colon (`Dave: …`), where `Summary:` and `Related:` stand too.
pub(super) fn read(text: &str, known: &HashSet<String>) -> Opening {
    let mut opening = Opening::default();
    while let Some(found) = BRACKETS.captures(&text[opening.length..]) {
        let whole = found.get(0).map_or(0, |whole| whole.len());
        let colon = found.name("colon").is_some();
        let square = found.name("square").map(|word| word.as_str());
        let word = square.or_else(|| found.name("round").map(|word| word.as_str())).unwrap_or_default();
        if !is_short(word, MOST_IN_BRACKETS) {
            break;
        }
        let word = word.trim();
        if square.is_some() && opening.intention.is_none() && is_intention(word) {
            opening.intention = Some(word.to_lowercase());
        } else if opening.speaker.is_none() && is_name(word, colon) {
            opening.speaker = Some(word.trim_start_matches('@').to_owned());
            opening.square = square.is_some();
        } else {
            break;
        }
        opening.length += whole;
        if colon {
            break;
        }
    }
    if opening.length > 0 {
        opening.length += SEPARATOR.find(&text[opening.length..]).map_or(0, |found| found.len());
    }
    let rest = &text[opening.length..];
    let known = |name: &&str| known.contains(*name);
    let named = |found: &Captures<'_>| found.name("name").map(|name| name.as_str().trim().to_owned());
    let is_short =
        |found: &Captures<'_>| found.name("name").is_some_and(|name| is_short(name.as_str(), MOST_OF_A_NAME));
    let found = MENTION.captures(rest).filter(is_short).or_else(|| {
        PREFIX.captures(rest).filter(|found| is_short(found) && named(found).is_some_and(|name| known(&name.as_str())))
    });
    if opening.speaker.is_none()
        && let Some(found) = found
        && let Some(name) = named(&found)
    {
        opening.speaker = Some(name);
        opening.length += found.get(0).map_or(0, |whole| whole.len());
    }
    opening
}

#[cfg(test)]
mod tests {
    use super::read;

    /// `intention|speaker|text`
    fn shown(line: &str) -> String {
        let known = ["Dave".to_owned()].into_iter().collect();
        let opening = read(line, &known);
        let or_dash = |word: Option<String>| word.unwrap_or_else(|| "-".to_owned());
        format!("{}|{}|{}", or_dash(opening.intention), or_dash(opening.speaker), &line[opening.length..])
    }

    #[test]
    fn lines_open_with_an_intention_a_speaker_both_or_neither() {
        for (line, expected) in [
            ("[inform] (Ned) Labels", "inform|Ned|Labels"),
            ("[quest] (Dave): How?", "quest|Dave|How?"),
            ("[quest](Hilary) - api", "quest|Hilary|api"),
            ("[Question] Why?", "question|-|Why?"),
            ("[musings/questions] (Ned) Map", "musings/questions|Ned|Map"),
            ("[inform/quest] (Robert) x", "inform/quest|Robert|x"),
            ("[informish] (Andy) x", "informish|Andy|x"),
            ("[quest] (Alex D.) x", "quest|Alex D.|x"),
            ("[quest] (Jeff Witt) x", "quest|Jeff Witt|x"),
            ("[quest] x (not a name) y", "quest|-|x (not a name) y"),
            ("[Andy/Cosmonauts] Big", "-|Andy/Cosmonauts|Big"),
            ("[Ann & Bob] Big", "-|Ann & Bob|Big"),
            ("[Robert]", "-|Robert|"),
            ("(Jeremy) Done", "-|Jeremy|Done"),
            ("(flame): yes", "-|flame|yes"),
            ("(aside) and more", "-|-|(aside) and more"),
            ("(see below) x", "-|-|(see below) x"),
            ("[we talked]", "-|-|[we talked]"),
            ("[AS][Wild Guess] Are we?", "-|AS|[Wild Guess] Are we?"),
            ("[Ned] [quest] Where?", "quest|Ned|Where?"),
            ("[quest] Dave: where?", "quest|Dave|where?"),
            ("Dave: yes", "-|Dave|yes"),
            ("Diana: no", "-|-|Diana: no"),
            ("Summary: x", "-|-|Summary: x"),
            ("[inform] (@ned) x", "inform|ned|x"),
            ("[inform] (@5b10ac8d82e05b22) x", "inform|5b10ac8d82e05b22|x"),
            ("@ned: yes", "-|ned|yes"),
            ("@ned thanks", "-|-|@ned thanks"),
            ("(5b10): yes", "-|-|(5b10): yes"),
            ("[request] x", "request|-|x"),
            ("[Infinity] x", "-|Infinity|x"),
            ("[analysis]: x", "analysis|-|x"),
            ("", "-|-|"),
            ("[]()", "-|-|[]()"),
        ] {
            assert_eq!(shown(line), expected, "{line}");
        }
    }
}
