//! Statuses written back into a document next to the tickets that it cites, and taken out again.
//!
//! 1. Everything else stays byte for byte as it was: `without(with(text)) == text` for a text without statuses.
//! 2. A status stands where its form lets text stand: never inside of a tag, a link's words or a macro's parameter.
//! 3. What is written is blanked out by [`super::marks`] before anything is read, so it is never read.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::places::{Places, quoted};
use crate::domain::document::Form;
use crate::domain::ticket::TicketId;
use crate::domain::verdict::Verdict;

/// What the title of a lozenge of ours starts with: nobody else's does.
const SIGN: char = '⚑';

/// A comment, what it says, and the comment that ends it.
static COMMENTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"<!--dragnet:(?:open|done|undone|unverified|missing)--> [^<\n]{0,300}<!--/dragnet-->")
        .expect("a constant pattern")
});

/// A lozenge of Confluence whose title starts with our sign; saving adds attributes and may order its parameters anew.
static LOZENGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"<ac:structured-macro\b[^<>]{0,300}\bac:name="status"[^<>]{0,300}>\s*"#,
        r#"(?:<ac:parameter ac:name="[a-z]+">[^<]{0,300}</ac:parameter>\s*)*?"#,
        r#"<ac:parameter ac:name="title">⚑[^<]{0,300}</ac:parameter>\s*"#,
        r#"(?:<ac:parameter ac:name="[a-z]+">[^<]{0,300}</ac:parameter>\s*)*"#,
        r"</ac:structured-macro>"
    ))
    .expect("a constant pattern")
});

/// What is written behind one citation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The bytes of the citation, in the text without statuses.
    pub cited: Range<usize>,
    /// What is said of its ticket.
    pub verdict: Verdict,
    /// Where the ticket is now, if it moved: the correction.
    pub moved_to: Option<TicketId>,
}

impl Status {
    fn words(&self) -> Option<String> {
        let words = match self.verdict {
            Verdict::Open => "open",
            Verdict::Done => "done",
            Verdict::Undone => "closed, not done",
            Verdict::Unverified => "closed, unverified",
            Verdict::Missing => "gone",
            Verdict::Unknown => return None,
        };
        let moved = self.moved_to.as_ref().map(|now| format!(", now {}", now.key())).unwrap_or_default();
        Some(format!("{words}{moved}"))
    }

    /// As it stands in a document; `None` where nothing is known to be said.
    fn written(&self, form: Form) -> Option<String> {
        let words = self.words()?;
        Some(if form == Form::Storage {
            let colour = match self.verdict {
                Verdict::Open | Verdict::Unknown => "Blue",
                Verdict::Done => "Green",
                Verdict::Undone | Verdict::Missing => "Red",
                Verdict::Unverified => "Yellow",
            };
            lozenge(colour, &format!("{SIGN} {words}"))
        } else {
            format!("<!--dragnet:{}--> ({words})<!--/dragnet-->", self.verdict.word())
        })
    }
}

/// Confluence's macro for a status.
fn lozenge(colour: &str, title: &str) -> String {
    format!(
        "<ac:structured-macro ac:name=\"status\" ac:schema-version=\"1\"><ac:parameter ac:name=\"colour\">{colour}\
         </ac:parameter><ac:parameter ac:name=\"title\">{title}</ac:parameter></ac:structured-macro>"
    )
}

/// One parameter of a macro.
static PARAMETER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"<ac:parameter ac:name="([a-z]+)">([^<]*)</ac:parameter>"#).expect("a constant pattern")
});

/// The text with each lozenge of ours as it was before a wiki saved it.
pub fn in_our_words(text: &str) -> Cow<'_, str> {
    if !text.contains(SIGN) {
        return Cow::Borrowed(text);
    }
    LOZENGE.replace_all(text, |found: &Captures<'_>| {
        let (mut colour, mut title) = (String::new(), String::new());
        for parameter in PARAMETER.captures_iter(&found[0]) {
            match &parameter[1] {
                "colour" => parameter[2].clone_into(&mut colour),
                "title" => parameter[2].clone_into(&mut title),
                _ => {}
            }
        }
        lozenge(&colour, &title)
    })
}

/// A byte of a text, and what is put there.
pub type Insertion = (usize, String);

/// Whether statuses can be written into documents of a form.
pub fn takes_statuses(form: Form) -> bool {
    matches!(form, Form::Markdown | Form::Html | Form::Storage)
}

/// The bytes of every status in a text.
pub(super) fn find_lozenges(text: &str) -> impl Iterator<Item = Range<usize>> {
    // Looking for the sign first spares documents without any the search.
    let found = text.contains(SIGN).then(|| LOZENGE.find_iter(text));
    found.into_iter().flatten().map(|found| found.range())
}

/// The text without any status; one that is quoted in code or in a CDATA section was never written there, and stays.
/// Taking one out may join what was apart, so it is done until nothing is left.
pub fn without_statuses(text: &str, form: Form) -> String {
    let mut text = text.to_owned();
    loop {
        let before = text.len();
        text = without(&LOZENGE, without(&COMMENTED, text, form), form);
        if text.len() == before {
            return text;
        }
    }
}

fn without(status: &Regex, text: String, form: Form) -> String {
    // Looking for a word of it first spares documents without any the search.
    if !text.contains("dragnet") && !text.contains(SIGN) || !status.is_match(&text) {
        return text;
    }
    let quoted = quoted(&text, form);
    let taken = status.replace_all(&text, |found: &Captures<'_>| {
        let at = found.get(0).map_or(0, |whole| whole.start());
        let stays = quoted.iter().any(|quoted| quoted.start < at && at < quoted.end);
        if stays { found[0].to_owned() } else { String::new() }
    });
    taken.into_owned()
}

/// Where the statuses go, in order, and what stands there. One whose citation lets no text stand behind it is left out.
pub fn places(text: &str, form: Form, statuses: &[Status]) -> Vec<Insertion> {
    let mut sorted: Vec<&Status> = statuses.iter().collect();
    sorted.sort_by_key(|status| status.cited.end);
    let mut places = Places::new(text, form);
    let mut all: Vec<Insertion> = sorted
        .into_iter()
        .filter_map(|status| Some((places.at_or_behind(status.cited.end)?, status.written(form)?)))
        .collect();
    all.sort_by_key(|(at, _)| *at);
    // What is said of two tickets of one link in the same words is said once.
    all.dedup();
    all
}

/// The text with these in their places, which are in order.
pub fn with_statuses(text: &str, places: &[Insertion]) -> String {
    let mut whole = String::with_capacity(text.len() + places.iter().map(|(_, says)| says.len()).sum::<usize>());
    let mut from = 0;
    for (at, says) in places {
        whole.push_str(&text[from..*at]);
        whole.push_str(says);
        from = *at;
    }
    whole + &text[from..]
}
