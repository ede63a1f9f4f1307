//! What changed since a moment, for people and for programs.

use askama::Template;
use serde::Serialize;

use super::escape::{self, SENTENCE, TITLE, markdown as md};
use super::json::{FindingOut, SCHEMA, write};
use super::sheet::{Sheet, Tone};
use super::site::show::{line, title};
use super::{Report, Style, rendered, words};
use crate::domain::challenge::ChallengeId;
use crate::domain::changes::{Changes, Moved, Turned};
use crate::domain::finding::Finding;
use crate::domain::judged::Judged;
use crate::domain::known::Known;
use crate::domain::pages::ListedFinding;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::verdict::Standing;

/// Lines of one part that are told; further ones are counted.
const LINES: usize = 100;

/// Changes of one kind: the word that addresses have for it, a title, and a line for each.
pub(super) struct Part<'c> {
    pub(super) word: &'static str,
    pub(super) title: &'static str,
    pub(super) lines: Vec<Line<'c>>,
    /// Whether there may be more than these.
    pub(super) more: bool,
}

/// What it is about, what happened, and what tells more of it.
pub(super) struct Line<'c> {
    pub(super) about: String,
    pub(super) says: String,
    pub(super) subject: Option<Subject<'c>>,
}

/// What tells more of a change.
pub(super) enum Subject<'c> {
    Challenge(&'c ChallengeId),
    Ticket(&'c TicketId),
    Finding(&'c Finding),
}

impl Part<'_> {
    fn shown(&self) -> &[Line<'_>] {
        &self.lines[..self.lines.len().min(LINES)]
    }

    fn left_off(&self) -> usize {
        self.lines.len().saturating_sub(LINES)
    }
}

/// The words of all parts.
pub const PARTS: [&str; 8] = ["worse", "better", "elsewhere", "verdicts", "came", "went", "found", "cleared"];

/// The changes as people care for them: what got worse first. Parts without any are left out.
pub(super) fn parts(changes: &Changes) -> Vec<Part<'_>> {
    let (worse, rest): (Vec<&Moved>, Vec<&Moved>) =
        changes.standings.told.iter().partition(|it| it.after == Standing::BrokenPromise);
    let (better, other): (Vec<&Moved>, Vec<&Moved>) =
        rest.into_iter().partition(|it| it.after == Standing::Cleared || it.before == Some(Standing::BrokenPromise));
    let moved = |all: Vec<_>| all.into_iter().map(of_challenge).collect();
    let gone = changes.gone.told.iter().map(|(id, at)| Line {
        about: id.0.clone(),
        says: format!("in no document since {}", day(*at)),
        subject: None,
    });
    let found = changes.found.told.iter().map(|finding| of_finding(finding, ""));
    let cleared =
        changes.cleared.told.iter().map(|(finding, at)| of_finding(finding, &format!(" (cleared {})", day(*at))));
    let titles = [
        "Broken promises",
        "Better",
        "Standing elsewhere",
        "Verdicts",
        "Challenges that came",
        "Challenges that went",
        "New findings",
        "Findings that are cleared",
    ];
    let moving = changes.standings.more;
    let lines: [(Vec<Line>, bool); 8] = [
        (moved(worse), moving),
        (moved(better), moving),
        (moved(other), moving),
        (changes.verdicts.told.iter().map(of_ticket).collect(), changes.verdicts.more),
        (moved(changes.came.told.iter().collect()), changes.came.more),
        (gone.collect(), changes.gone.more),
        (found.collect(), changes.found.more),
        (cleared.collect(), changes.cleared.more),
    ];
    let all = PARTS.into_iter().zip(titles).zip(lines);
    let all = all.map(|((word, title), (lines, more))| Part { word, title, lines, more });
    all.filter(|part| !part.lines.is_empty()).collect()
}

fn of_challenge(moved: &Moved) -> Line<'_> {
    let was = moved.before.map(|before| format!("was {}, ", words::standing(before))).unwrap_or_default();
    let because = if moved.because.is_empty() { String::new() } else { format!(": {}", moved.because) };
    Line {
        about: moved.title.clone(),
        says: format!("{was}is {} since {}{because}", words::standing(moved.after), day(moved.at)),
        subject: Some(Subject::Challenge(&moved.challenge)),
    }
}

fn of_ticket(turned: &Turned) -> Line<'_> {
    let title = turned.title.as_ref().map(|title| format!(" “{title}”")).unwrap_or_default();
    let now = words::verdict(turned.after, turned.confidence);
    Line {
        about: format!("{}{title}", turned.ticket),
        says: format!("was {}, is {now} since {}", turned.before.word(), day(turned.at)),
        subject: Some(Subject::Ticket(&turned.ticket)),
    }
}

fn of_finding<'c>(ListedFinding { finding, title }: &'c ListedFinding, more: &str) -> Line<'c> {
    let whose = title.as_ref().map(|title| format!("“{title}”: ")).unwrap_or_default();
    let says = format!("{whose}{}{more}", finding.message);
    Line { about: finding.code.word().to_owned(), says, subject: Some(Subject::Finding(finding)) }
}

fn day(at: Moment) -> String {
    words::day(at.date_naive())
}

pub(super) fn headline(changes: &Changes) -> String {
    if changes.is_empty() && !changes.more() {
        return format!("Nothing changed since {}", day(changes.since));
    }
    let broken = changes.standings.told.iter().filter(|it| it.after == Standing::BrokenPromise).count();
    let broken = if broken > 0 {
        let least = if changes.standings.more { "At least " } else { "" };
        format!("{least}{} more since", words::count(broken, "broken promise"))
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
        for Line { about, says, .. } in part.shown() {
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
        let line = |Line { about, says, .. }: &Line| format!("- **{}**: {}", md(about, TITLE), md(says, SENTENCE));
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
    parts: Vec<Part<'a>>,
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
    let gone = changes.gone.told.iter().map(|(id, at)| Gone { challenge: &id.0, at: words::rfc3339(*at) });
    let cleared = changes
        .cleared
        .told
        .iter()
        .map(|(it, at)| Cleared { finding: FindingOut::new(&it.finding, report), at: words::rfc3339(*at) });
    write(&Out {
        schema: SCHEMA,
        generated_at: words::rfc3339(now),
        since: words::rfc3339(changes.since),
        standings: &changes.standings.told,
        verdicts: &changes.verdicts.told,
        came: &changes.came.told,
        gone: gone.collect(),
        found: changes.found.told.iter().map(|it| FindingOut::new(&it.finding, report)).collect(),
        cleared: cleared.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::headline;
    use crate::domain::changes::{Changes, Newest};

    #[test]
    fn what_was_looked_at_in_part_is_not_called_unchanged() {
        fn none<T>(more: bool) -> Newest<T> {
            Newest { told: Vec::new(), more }
        }
        let changes = |more| Changes {
            since: "2026-11-15T00:00:00Z".parse().unwrap(),
            standings: none(false),
            verdicts: none(false),
            came: none(false),
            gone: none(false),
            found: none(more),
            cleared: none(false),
        };
        assert_eq!(headline(&changes(false)), "Nothing changed since 15 November 2026");
        assert_eq!(headline(&changes(true)), "Changes since 15 November 2026");
    }
}
