//! What a line of minutes agrees on: `Follow-up: Bob to ask`, `TODO: …`, and `Dave will ask` of somebody known.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

/// What stands in front of what was agreed on.
static MARK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\W{0,4}(?:(?i:follow[- ]?ups?|to-?do|action(?: items?)?|next steps?)|AIs?)\W{0,2}:\W{0,3}")
        .expect("a constant pattern")
});
/// Who is to do it. What follows `will` or `to` is a verb.
static OWNER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?:@(?P<handle>[\p{L}\p{N}][\p{L}\p{N}_.-]*)|(?P<name>\p{Lu}[\p{L}\p{N}'’-]*))(?:\s+(?P<will>to|will)\s+(?P<verb>\p{Ll}+)|\s*:\s+\S)",
    )
    .expect("a constant pattern")
});

/// What says that it was done: a tick, or the word at either end.
static DONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W{0,3}(?:done|completed)\b|[(\[–—:-]\s*(?:done|completed)\b\W{0,3}$|[✓✔✅☑]")
        .expect("a constant pattern")
});

/// Words behind `will` and `to` that promise nothing.
const NO_DEEDS: [&str; 12] =
    ["be", "not", "never", "have", "probably", "likely", "only", "also", "the", "a", "this", "that"];
/// What people say that they are going to do: with one of these behind `to`, whoever stands before is somebody, although
/// nobody has named them elsewhere.
const DEEDS: &str = " add arrange ask book bring build check clarify clean collect configure confirm connect contact create \
                     disable discuss document draft enable file find fix follow implement investigate invite look make meet \
                     merge migrate move open organise organize ping post prepare propose publish put raise reach remove \
                     report review rotate run schedule send set share start sync take talk test track try update verify \
                     write ";
/// Words at the start that are nobody: they stand before `to` or a colon themselves.
const NOBODY: &str = " able access according add agree aim anyone anything apply ask attempt back begin bring change changes \
                      choose come commit compared connect continue convert decide deploy difficult due easy everybody \
                      everyone everything expect fail fine forward free give glad go going good great guide happy hard have \
                      hope hoping how i impossible important intend introduction it keen key keys learn like link links \
                      listen look looking manage mean migrate migration move need needs next nice nobody note nothing offer \
                      open path plan planning plans point possible prepare prior promise publish pull push question \
                      questions reach ready reason reasons refer related release remember reply report respond response \
                      return road route see seem send similar somebody someone something sorry speak start steps subject \
                      submit subscribe supposed sure switch talk team thank thanks that they thing things this ticket \
                      tickets time try trying unable up update upgrade use used want wants way ways we what when where \
                      whether which who why wish write you ";

/// Whether a word is one of a list.
fn is_one_of(words: &str, word: &str) -> bool {
    words.contains(&format!(" {} ", word.to_lowercase()))
}

/// How many bytes the mark takes that says outright that something was agreed on.
pub(super) fn mark(says: &str) -> Option<usize> {
    MARK.find(says).map(|found| found.len()).filter(|length| *length < says.len())
}

/// Whether somebody promises to do something: one who is `known` or mentioned, or anybody who is `to` do what is plainly a deed.
pub(super) fn is_promise(says: &str, known: &HashSet<String>) -> bool {
    owner(says).is_some_and(|owner| owner.promises.is_some() && owner.is_somebody(known))
}

/// Whether what was agreed on is said to be done.
pub(super) fn is_done(says: &str) -> bool {
    DONE.is_match(says)
}

/// Who is to do it: `Bob to ask`, `Bob: ask`, `@bob will ask`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Owner<'a> {
    /// The name, or the handle without its sign.
    pub(super) name: &'a str,
    /// How many bytes it takes, with what stands between it and the deed.
    pub(super) length: usize,
    /// `to` or `will`, and the verb behind; `None` before a colon.
    pub(super) promises: Option<(&'a str, &'a str)>,
    mentioned: bool,
}

impl Owner<'_> {
    /// Whether that is a person by all that can be told.
    fn is_somebody(&self, known: &HashSet<String>) -> bool {
        let plainly = self.promises.is_some_and(|(will, verb)| will == "to" && is_one_of(DEEDS, verb));
        self.mentioned || plainly || known.contains(self.name)
    }

    /// Whether the line that is `agreed` on by a mark or a box names its owner so.
    pub(super) fn owns(&self, marked: bool, boxed: bool, known: &HashSet<String>) -> bool {
        marked || boxed && self.promises.is_some() || self.is_somebody(known)
    }
}

/// Who is to do it, by the words at the start.
pub(super) fn owner(says: &str) -> Option<Owner<'_>> {
    let found = OWNER.captures(says)?;
    let group = |name: &str| found.name(name).map(|group| group.as_str());
    let mentioned = group("handle").is_some();
    let (name, verb) = (group("handle").or(group("name"))?, found.name("verb"));
    let empty = verb.is_some_and(|verb| NO_DEEDS.contains(&verb.as_str()));
    let end = verb.map_or_else(|| found.get(0).map_or(0, |whole| whole.end() - 1), |verb| verb.start());
    // The last character of the whole may be longer than a byte.
    let length = (0..=end).rev().find(|end| says.is_char_boundary(*end)).unwrap_or(0);
    let promises = group("will").zip(verb.map(|verb| verb.as_str()));
    let nobody = empty || !mentioned && is_one_of(NOBODY, name);
    (!nobody).then_some(Owner { name, length, promises, mentioned })
}

#[cfg(test)]
mod tests {
    use super::{is_done, is_promise, mark, owner};

    #[test]
    fn what_is_agreed_on_is_marked_or_promised_by_somebody_known() {
        let known = ["Dave".to_owned(), "Jeremy".to_owned()].into_iter().collect();
        for (says, expected) in [
            ("Follow-up: Bob to file OPS-2", "marked Bob|file OPS-2"),
            ("Follow up: ask", "marked -|ask"),
            ("TODO: write it down", "marked -|write it down"),
            ("todo: Bob: write it down", "marked Bob|write it down"),
            ("Action: Need to ask", "marked -|Need to ask"),
            ("**Action item:** Ann will ask", "marked Ann|ask"),
            ("AI: Bob to ask", "marked Bob|ask"),
            ("Next steps: ask", "marked -|ask"),
            ("Dave to make an issue", "promise Dave|make an issue"),
            ("Jeremy will connect them", "promise Jeremy|connect them"),
            ("Bob will connect them", "-"),
            ("Bob to make an issue", "promise Bob|make an issue"),
            ("Bob to production", "-"),
            ("@bob will connect them", "promise bob|connect them"),
            ("@5b10ac8d82e05b22 to ask", "promise 5b10ac8d82e05b22|ask"),
            ("@bob thanks", "-"),
            ("Action: Talk to infra", "marked -|Talk to infra"),
            ("Time to move on", "-"),
            ("Hard to fix", "-"),
            ("Thanks to everyone", "-"),
            ("Access to prod is limited", "-"),
            ("Ready to share", "-"),
            ("Dave will be away", "-"),
            ("Dave will not ask", "-"),
            ("Dave: will ask", "-"),
            ("Dave told us", "-"),
            ("Then Dave will ask", "-"),
            ("ai: no", "-"),
            ("AI is here", "-"),
            ("Action is needed", "-"),
            ("TODO:", "-"),
            ("Follow-ups are hard: see", "-"),
            ("", "-"),
        ] {
            let split = |text: &str| {
                let (name, length) = owner(text).map_or(("-", 0), |owner| (owner.name, owner.length));
                format!("{name}|{}", &text[length..])
            };
            let found = match mark(says) {
                Some(length) => format!("marked {}", split(&says[length..])),
                None if is_promise(says, &known) => format!("promise {}", split(says)),
                None => "-".to_owned(),
            };
            assert_eq!(found, expected, "{says}");
        }
        assert_eq!(owner("Bob: é").map(|owner| (owner.name, owner.length)), Some(("Bob", 5)));
    }

    #[test]
    fn what_was_done_is_said_at_either_end() {
        for (says, expected) in [
            ("ask infra (done)", true),
            ("Done: ask infra", true),
            ("ask infra — DONE", true),
            ("ask infra ✅", true),
            ("ask whether it is done", false),
            ("get the rest done", false),
            ("", false),
        ] {
            assert_eq!(is_done(says), expected, "{says}");
        }
    }
}
