//! A digest as text, as the body of an issue on GitHub, and as JSON.

use std::fmt::Write;

use serde_json::Value;

use super::layout::{Entry, Layout, Owner};
use crate::domain::digest::{Acceptance, Edition, Item};
use crate::report::escape::{self, SENTENCE};
use crate::report::words;

/// As text: for a terminal, and for mail programs that show nothing else. Lines are not wrapped: whoever shows them knows
/// how wide they may be.
pub fn text(edition: &Edition) -> String {
    let layout = Layout::of(edition);
    let mut text = format!("{}\n", layout.heading);
    for section in &layout.sections {
        let _ = write!(text, "\n{}\n", section.label.to_uppercase());
        for entry in &section.entries {
            let Entry { title, link, lines, .. } = entry;
            let _ = writeln!(text, "- {title}");
            for line in lines.iter().chain(&entry.owned()) {
                let _ = writeln!(text, "  {line}");
            }
            if let Some(link) = link {
                let _ = writeln!(text, "  {link}");
            }
        }
    }
    if let Some(more) = &layout.more {
        let _ = write!(text, "\n{more}\n");
    }
    text.push('\n');
    for note in &layout.notes {
        let _ = writeln!(text, "{note}");
    }
    if let Some(link) = &layout.link {
        let _ = writeln!(text, "{link}");
    }
    text
}

/// As the body of an issue on GitHub. Nothing in it pings anybody but owners that are to be addressed, and nothing becomes a reference to another issue, which
/// would show there. It always is of the same form, so that it can be put in the place of the one before.
pub fn issue(edition: &Edition) -> String {
    let layout = Layout::of(edition);
    let mut text = format!("## {}\n", inert(&layout.heading));
    for section in &layout.sections {
        let _ = write!(text, "\n### {}\n\n", section.label);
        for entry in &section.entries {
            let Entry { title, link, lines, owners } = entry;
            let title = inert(title);
            let _ = match link {
                Some(link) => writeln!(text, "- **[{title}]({link})**"),
                None => writeln!(text, "- **{title}**"),
            };
            for line in lines {
                let _ = writeln!(text, "  - {}", inert(line));
            }
            let owners: Vec<String> = owners.iter().map(addressed).collect();
            if !owners.is_empty() {
                let _ = writeln!(text, "  - {}{}", entry.owners_are(), owners.join(", "));
            }
        }
    }
    if let Some(more) = &layout.more {
        let _ = write!(text, "\n{more}\n");
    }
    text.push('\n');
    for note in &layout.notes {
        let _ = writeln!(text, "{}", inert(note));
    }
    if let Some(link) = &layout.link {
        let _ = write!(text, "\n[Everything]({link})\n");
    }
    text
}

/// An owner: nobody else is mentioned.
fn addressed(owner: &Owner) -> String {
    owner.mention.as_ref().map_or_else(|| inert(&owner.name), |mention| format!("@{mention}"))
}

/// Text that GitHub shows as it is: no markup, no mention, no link of its own making. It makes links of addresses, of
/// `www.`, of `GH-1` and of `owner/repo#1`.
/// <https://docs.github.com/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls>
fn inert(text: &str) -> String {
    const APART: &str = "\u{200b}";
    let text = escape::markdown(text, SENTENCE).replace("://", &format!(":{APART}//"));
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((at, word)) = ["www.", "gh-"].iter().filter_map(|word| Some((find(rest, word)?, word))).min() {
        let (before, after) = rest.split_at(at + word.len() - 1);
        out.push_str(before);
        out.push_str(APART);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Where an ASCII word begins, whatever its case.
fn find(text: &str, word: &str) -> Option<usize> {
    text.as_bytes().windows(word.len()).position(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

/// As JSON, whole: all that there is to tell, and what others wrote as they wrote it.
pub fn json(edition: &Edition) -> Value {
    let item = |item: &Item| {
        let problems = item.problems.iter().map(|problem| {
            let (manner, until) = match problem.accepted {
                Acceptance::Not => (None, None),
                Acceptance::Accepted => (Some("accepted"), None),
                Acceptance::Ending(until) => (Some("accepted"), Some(until)),
                Acceptance::Snoozed => (Some("snoozed"), None),
                Acceptance::Waking(until) => (Some("snoozed"), Some(until)),
            };
            serde_json::json!({
                "code": problem.code, "ticket": problem.ticket, "first_seen": words::rfc3339(problem.since),
                "accepted": manner.is_some(), "manner": manner, "until": until,
            })
        });
        serde_json::json!({
            "what": item.what, "challenge": item.challenge, "title": item.title, "standing": item.standing,
            "stood": item.stood, "owners": item.owners, "findings": problems.collect::<Vec<_>>(),
            "turn": item.turn.as_ref().map(|(turn, _)| turn),
            "other_title": item.turn.as_ref().and_then(|(_, title)| title.as_ref()),
        })
    };
    serde_json::json!({
        "schema": 1,
        "digest": edition.digest,
        "teams": edition.scope.teams,
        "categories": edition.scope.categories,
        "since": words::rfc3339(edition.since),
        "at": words::rfc3339(edition.at),
        "passed_at": edition.passed_at.map(words::rfc3339),
        "broken_promises": edition.broken,
        "url": edition.home,
        "items": edition.items.iter().map(item).collect::<Vec<_>>(),
    })
}
