//! What changed since a moment, for people and for programs.

use askama::Template;
use serde::Serialize;

use super::escape::{self, SENTENCE, TITLE, markdown as md};
use super::json::{FindingOut, SCHEMA, write};
use super::sheet::{Sheet, Tone};
use super::site::show::{line, title};
use super::{Report, Style, rendered, words};
use crate::domain::changes::{Changes, Moved, Turned};
use crate::domain::finding::Finding;
use crate::domain::judged::Judged;
use crate::domain::known::Known;
use crate::domain::time::Moment;
use crate::domain::verdict::Standing;

/// Lines of one part that are told; further ones are counted.
const LINES: usize = 100;

/// Changes of one kind: a title, and a line for each with what it is about and what happened.
struct Part {
    title: &'static str,
    lines: Vec<(String, String)>,
}

impl Part {
    fn shown(&self) -> &[(String, String)] {
        &self.lines[..self.lines.len().min(LINES)]
    }

    fn left_off(&self) -> usize {
        self.lines.len().saturating_sub(LINES)
    }
}

/// The changes as people care for them: what got worse first.
fn parts(changes: &Changes) -> Vec<Part> {
    let (worse, rest): (Vec<&Moved>, Vec<&Moved>) =
        changes.standings.iter().partition(|it| it.after == Standing::BrokenPromise);
    let (better, other): (Vec<&Moved>, Vec<&Moved>) =
        rest.into_iter().partition(|it| it.after == Standing::Cleared || it.before == Some(Standing::BrokenPromise));
    let moved = |all: Vec<&Moved>| all.into_iter().map(of_challenge).collect();
    let gone = changes.gone.iter().map(|(id, at)| (id.0.clone(), format!("in no document since {}", day(*at))));
    let of = |finding: &Finding, more: &str| (finding.code.word().to_owned(), format!("{}{more}", finding.message));
    let found = changes.found.iter().map(|finding| of(finding, ""));
    let cleared = changes.cleared.iter().map(|(finding, at)| of(finding, &format!(" (cleared {})", day(*at))));
    let all = [
        Part { title: "Broken promises", lines: moved(worse) },
        Part { title: "Better", lines: moved(better) },
        Part { title: "Standing elsewhere", lines: moved(other) },
        Part { title: "Verdicts", lines: changes.verdicts.iter().map(of_ticket).collect() },
        Part { title: "Challenges that came", lines: moved(changes.came.iter().collect()) },
        Part { title: "Challenges that went", lines: gone.collect() },
        Part { title: "New findings", lines: found.collect() },
        Part { title: "Findings that are cleared", lines: cleared.collect() },
    ];
    all.into_iter().filter(|part| !part.lines.is_empty()).collect()
}

fn of_challenge(moved: &Moved) -> (String, String) {
    let was = moved.before.map(|before| format!("was {}, ", words::standing(before))).unwrap_or_default();
    let because = if moved.because.is_empty() { String::new() } else { format!(": {}", moved.because) };
    (moved.title.clone(), format!("{was}is {} since {}{because}", words::standing(moved.after), day(moved.at)))
}

fn of_ticket(turned: &Turned) -> (String, String) {
    let title = turned.title.as_ref().map(|title| format!(" “{title}”")).unwrap_or_default();
    let now = words::verdict(turned.after, turned.confidence);
    (format!("{}{title}", turned.ticket), format!("was {}, is {now} since {}", turned.before.word(), day(turned.at)))
}

fn day(at: Moment) -> String {
    words::day(at.date_naive())
}

fn headline(changes: &Changes) -> String {
    if changes.is_empty() {
        return format!("Nothing changed since {}", day(changes.since));
    }
    let broken = changes.standings.iter().filter(|it| it.after == Standing::BrokenPromise).count();
    let broken = if broken > 0 {
        format!("{} more since", words::count(broken, "broken promise"))
    } else {
        "Changes since".to_owned()
    };
    format!("{broken} {}", day(changes.since))
}

/// What changed, for a terminal.
pub fn since_text(changes: &Changes, style: Style) -> String {
    let mut sheet = Sheet::new(style);
    let line = sheet.ink().tone(Tone::Strong, &headline(changes));
    sheet.line("", &line);
    for part in parts(changes) {
        sheet.heading(&format!("{} ({})", part.title, part.lines.len()));
        for (about, says) in part.shown() {
            let line = sheet.ink().tone(Tone::Strong, &format!("{}: ", escape::title(about))).say(says);
            sheet.hang("  - ", &line);
        }
        if part.left_off() > 0 {
            let line = sheet.ink().say(&format!("… and {} more", part.left_off()));
            sheet.line("  ", &line);
        }
    }
    sheet.done()
}

/// The same in Markdown.
pub fn since_markdown(changes: &Changes) -> String {
    let mut page = vec![format!("# {}", md(&headline(changes), TITLE))];
    for part in parts(changes) {
        page.push(format!("## {}", part.title));
        let line = |(about, says): &(String, String)| format!("- **{}**: {}", md(about, TITLE), md(says, SENTENCE));
        page.push(part.shown().iter().map(line).collect::<Vec<_>>().join("\n"));
        if part.left_off() > 0 {
            page.push(format!("… and {} more", part.left_off()));
        }
    }
    page.join("\n\n") + "\n"
}

#[derive(Template)]
#[template(path = "since.html")]
struct Page<'a> {
    headline: String,
    changes: &'a Changes,
    parts: Vec<Part>,
    now: Moment,
}

/// The same as one self-contained HTML page.
pub fn since_html(changes: &Changes, now: Moment) -> String {
    let page = Page { headline: headline(changes), changes, parts: parts(changes), now };
    rendered(&page)
}

#[derive(Serialize)]
struct Out<'a> {
    schema: u32,
    generated_at: String,
    since: String,
    standings: &'a [Moved],
    verdicts: &'a [Turned],
    came: &'a [Moved],
    gone: Vec<Gone<'a>>,
    found: Vec<FindingOut<'a>>,
    cleared: Vec<Cleared<'a>>,
}

#[derive(Serialize)]
struct Gone<'a> {
    challenge: &'a str,
    at: String,
}

#[derive(Serialize)]
struct Cleared<'a> {
    finding: FindingOut<'a>,
    at: String,
}

/// The same as JSON.
pub fn since_json(changes: &Changes, now: Moment) -> String {
    let (known, judged) = (Known::default(), Judged::default());
    let report = &Report::new(&known, &judged, now);
    let gone = changes.gone.iter().map(|(id, at)| Gone { challenge: &id.0, at: words::rfc3339(*at) });
    let cleared = changes
        .cleared
        .iter()
        .map(|(finding, at)| Cleared { finding: FindingOut::new(finding, report), at: words::rfc3339(*at) });
    write(&Out {
        schema: SCHEMA,
        generated_at: words::rfc3339(now),
        since: words::rfc3339(changes.since),
        standings: &changes.standings,
        verdicts: &changes.verdicts,
        came: &changes.came,
        gone: gone.collect(),
        found: changes.found.iter().map(|finding| FindingOut::new(finding, report)).collect(),
        cleared: cleared.collect(),
    })
}
